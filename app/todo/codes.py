"""The codes of what is due, each with the Chinese word that screens and papers show."""

from app.core.code import Code


class Audience(Code):
    """Who owes it."""

    CHILD = "child", "每名儿童"
    SUPPORTER = "supporter", "每位教师"
    SCHOOL = "school", "全校"


class Scope(Code):
    """Which children a rule is about."""

    ALL = "all", "在册的全部儿童"
    PRIORITY = "priority", "重点帮扶儿童"


class Per(Code):
    """In which span of time."""

    WEEK = "week", "每周"
    FORTNIGHT = "fortnight", "每两周"
    MONTH = "month", "每月"
    TERM = "term", "每学期"
    YEAR = "year", "每学年"
