"""The codes of the school tables, each with its Chinese label."""

from collections.abc import Mapping
from enum import StrEnum


class SchoolKind(StrEnum):
    """Which stages of compulsory schooling the school has."""

    PRIMARY = "primary"
    JUNIOR = "junior"
    NINE_YEAR = "nine-year"


class Stage(StrEnum):
    """The stage a class belongs to."""

    PRIMARY = "primary"
    JUNIOR = "junior"


class DayKind(StrEnum):
    """What a day is when it is not what its weekday says."""

    HOLIDAY = "holiday"
    SCHOOL_DAY = "school_day"


class ClosedReason(StrEnum):
    """Why a class is no longer there."""

    GRADUATED = "graduated"
    MERGED = "merged"
    SPLIT = "split"
    MISTAKEN = "mistaken"


class RuleCode(StrEnum):
    """The 口径 by which an office wants left-behind children counted (domain.md §1.1)."""

    MZ2016 = "mz2016"
    XUEJI = "xueji"
    EDU_STAT = "edu_stat"
    LOCAL = "local"


class ParentsOut(StrEnum):
    """How many parents must be away for a 口径."""

    BOTH = "both"
    ONE = "one"


class HandoverKind(StrEnum):
    """How data left the program."""

    EXPORT = "export"
    PRINT = "print"
    PDF = "pdf"
    STICK = "stick"
    REVEAL = "reveal"


class Profile(StrEnum):
    """Whether numbers left the program masked or in full."""

    MASKED = "masked"
    FULL = "full"


SCHOOL_KINDS: Mapping[SchoolKind, str] = {
    SchoolKind.PRIMARY: "小学",
    SchoolKind.JUNIOR: "初中",
    SchoolKind.NINE_YEAR: "九年一贯制学校",
}
STAGES: Mapping[Stage, str] = {Stage.PRIMARY: "小学", Stage.JUNIOR: "初中"}
DAY_KINDS: Mapping[DayKind, str] = {DayKind.HOLIDAY: "放假", DayKind.SCHOOL_DAY: "调休上课"}
CLOSED_REASONS: Mapping[ClosedReason, str] = {
    ClosedReason.GRADUATED: "毕业",
    ClosedReason.MERGED: "并入别班",
    ClosedReason.SPLIT: "已分班",
    ClosedReason.MISTAKEN: "登记有误",
}
RULES: Mapping[RuleCode, str] = {
    RuleCode.MZ2016: "民政（国发〔2016〕13号）",
    RuleCode.XUEJI: "学籍系统",
    RuleCode.EDU_STAT: "教育事业统计",
    RuleCode.LOCAL: "本地口径",
}
PARENTS_OUT: Mapping[ParentsOut, str] = {ParentsOut.BOTH: "父母双方外出", ParentsOut.ONE: "父母至少一方外出"}
HANDOVER_KINDS: Mapping[HandoverKind, str] = {
    HandoverKind.EXPORT: "导出",
    HandoverKind.PRINT: "打印",
    HandoverKind.PDF: "存为 PDF",
    HandoverKind.STICK: "拷到优盘",
    HandoverKind.REVEAL: "查看完整号码",
}
PROFILES: Mapping[Profile, str] = {Profile.MASKED: "脱敏", Profile.FULL: "完整"}
