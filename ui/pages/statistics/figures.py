"""What the page shows, as plain lines: words, a count, its share, and who stands behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from msgspec import Struct

from app.children.codes import ParentsCode
from app.core.code import Code
from app.school.codes import RuleCode
from app.statistics.call_count import CallCount
from app.statistics.members import Overview
from app.statistics.rules import PupilsSource, RuleCount, share

C = TypeVar("C", bound=Code)

RULE_WORDS: Mapping[RuleCode, str] = {
    RuleCode.XUEJI: "学籍系统",
    RuleCode.MZ2016: "国发〔2016〕13号",
    RuleCode.EDU_STAT: "教育事业统计",
    RuleCode.LOCAL: "本地口径",
}
_ANSWERS = {
    "yes": "是",
    "no": "不是",
    "pending": "待确认",
    "2": "2 双亲留守",
    "1": "1 单亲留守",
    "0": "0 非留守",
}
_SOURCES = {
    PupilsSource.HEAD_COUNTS: "按本学期各班人数",
    PupilsSource.KNOWN: "还没有登记各班人数，按已知在班学生",
    PupilsSource.MIXED: "部分班级没有登记人数，按已知在班学生补",
}


class Figure(Struct, frozen=True):
    """One line. ``part`` of the whole fills its bar; None = no bar. ``uuids`` are opened when it is pressed."""

    words: str
    number: int
    part: float | None = None
    aside: str = ""
    uuids: tuple[str, ...] = ()


class Group(Struct, frozen=True):
    """A head with its lines; ``note`` says what the lines add up to."""

    title: str
    note: str
    figures: tuple[Figure, ...]


class ClassRow(Struct, frozen=True):
    """One class in the table; the last row holds the sums."""

    uuid: str
    name: str
    sort: int
    pupils: int
    total: int
    share: str
    boys: int
    girls: int
    both: int
    one: int
    none: int
    unknown: int
    uuids: tuple[str, ...] = ()
    is_sum: bool = False


def groups(found: Overview) -> list[Group]:
    """Return every group of the side column, in order."""
    figures, members = found.statistics, found.members
    whole = figures.children.total
    return [
        Group(
            "总数",
            _SOURCES[figures.pupils_source],
            (
                Figure("在校学生", figures.pupils.total),
                Figure(
                    "在册留守儿童",
                    whole,
                    aside=f"占 {share(whole, figures.pupils.total)}",
                    uuids=members.everybody,
                ),
            ),
        ),
        Group("父母外出", f"合计 {whole} 名，不论外出多久", _split(figures.parents, members.parents, whole)),
        Group("实际监护", f"合计 {whole} 名", _split(figures.care, members.care, whole)),
        Group("类别", "一名儿童可以属于几类，不相加", _held(found, whole)),
        *(_call_group(figures.calls, whole) if figures.calls is not None else ()),
        *(_rule_group(code, rule) for code, rule in figures.rules.items()),
    ]


def _call_group(calls: CallCount, whole: int) -> tuple[Group, ...]:
    """The calls of the term, as soon as one was made."""
    if not calls.attempts:
        return ()
    minutes = f"，共 {calls.minutes} 分钟" if calls.minutes else ""
    figures = (
        ("本学期接通过", calls.reached),
        ("本学期还没有接通", calls.not_reached),
        ("本月接通过", calls.month),
        ("本周接通过", calls.week),
    )
    return (
        Group(
            "亲情电话",
            f"本学期打了 {calls.attempts} 次，接通 {calls.connected} 次{minutes}；接通才算",
            tuple(
                Figure(
                    words, len(uuids), len(uuids) / whole if whole else 0.0, share(len(uuids), whole), uuids
                )
                for words, uuids in figures
            ),
        ),
    )


def class_rows(found: Overview) -> list[ClassRow]:
    """Return the classes in the school's order, and the sums below."""
    rows = [
        ClassRow(
            uuid=row.key or "-",
            name=row.name,
            sort=place,
            pupils=row.pupils.total,
            total=row.children.total,
            share=share(row.children.total, row.pupils.total),
            boys=row.children.boys,
            girls=row.children.girls,
            both=row.parents[ParentsCode.BOTH],
            one=row.parents[ParentsCode.ONE],
            none=row.parents[ParentsCode.NONE],
            unknown=row.parents[ParentsCode.NOT_COLLECTED],
            uuids=found.members.by_class.get(row.key, ()),
        )
        for place, row in enumerate(found.statistics.by_class)
    ]
    return [*rows, _sum_of(rows, found)]


def _sum_of(rows: Sequence[ClassRow], found: Overview) -> ClassRow:
    total, pupils = sum(row.total for row in rows), sum(row.pupils for row in rows)
    return ClassRow(
        uuid="sum",
        name="合计",
        sort=len(rows),
        pupils=pupils,
        total=total,
        share=share(total, pupils),
        boys=sum(row.boys for row in rows),
        girls=sum(row.girls for row in rows),
        both=sum(row.both for row in rows),
        one=sum(row.one for row in rows),
        none=sum(row.none for row in rows),
        unknown=sum(row.unknown for row in rows),
        uuids=found.members.everybody,
        is_sum=True,
    )


def _split(counts: Mapping[C, int], members: Mapping[C, tuple[str, ...]], whole: int) -> tuple[Figure, ...]:
    return tuple(
        Figure(
            code.label,
            number,
            number / whole if whole else 0.0,
            share(number, whole),
            members[code],
        )
        for code, number in counts.items()
    )


def _held(found: Overview, whole: int) -> tuple[Figure, ...]:
    return tuple(
        Figure(
            category.label, number, number / whole if whole else 0.0, "", found.members.categories[category]
        )
        for category, number in found.statistics.categories.items()
        if number
    )


def _rule_group(code: RuleCode, found: RuleCount) -> Group:
    answers = [Figure(_ANSWERS[answer], number) for answer, number in found.counts.items()]
    lists = [
        Figure("在册，按此不算", len(found.registered_not_derived), uuids=found.registered_not_derived),
        Figure("不在册，按此应算", len(found.derived_not_registered), uuids=found.derived_not_registered),
    ]
    note = f"其中 {found.to_confirm} 名按默认计，请确认" if found.to_confirm else "在册儿童按此口径"
    return Group(f"口径：{RULE_WORDS[code]}", note, (*answers, *(line for line in lists if line.number)))
