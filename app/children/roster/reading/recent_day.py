"""A day somebody has just written down: often without the year, never in the future."""

import re
from datetime import date, timedelta

from msgspec import Struct

from app.children.roster.reading.dates import CHINESE_NUMBER, numeral, read_date
from app.children.roster.reading.text import cell_text
from app.children.roster.sheet import CellValue

_NO_YEAR = re.compile(r"([0-9]{1,2})(?:[.\-/—–~、,．·]|月)([0-9]{1,2})[日号]?[.。]?")
_IN_CHINESE = re.compile(f"({CHINESE_NUMBER})月({CHINESE_NUMBER})[日号]?")
_TENTHS = re.compile(r"([0-9]{1,2})\.([1-9])")
_FOUR_DIGITS = re.compile(r"([0-9]{2})([0-9]{2})")
_SOON = timedelta(days=45)
"""A day without a year that comes within these days is rather a slip of the coming one than meant a year ago."""
_LEAP_CYCLE = 8
"""Years within which every day of the calendar, 29 February too, comes at least once."""


class RecentDay(Struct, frozen=True):
    """``day`` is None when it cannot be told; ``reason`` then says why. ``year_added``: none was written."""

    day: date | None = None
    year_added: bool = False
    reason: str = ""


def read_recent_day(value: CellValue, today: date, *, base_1904: bool = False) -> RecentDay:
    """Read a day; one without a year is the latest such day that is not after ``today``."""
    text = "".join(cell_text(value).split())
    tenths = _TENTHS.fullmatch(text) if isinstance(value, float) else None
    # A cell of numbers shows 11.10 as 11.1; where there is no such later day, as 2.40, it is the earlier one.
    if tenths is not None and _latest(int(tenths[1]), int(tenths[2]) * 10, today) is not None:
        month, tenth = tenths.groups()
        return RecentDay(reason=f"可能是 {month} 月 {tenth} 日，也可能是 {month} 月 {tenth}0 日")
    found = read_date(value, latest_year=today.year, of_child=True, base_1904=base_1904).value
    if found is not None and len(found) == len("2026-11-18"):
        day = date.fromisoformat(found)
        if day > today:
            return RecentDay(reason=f"晚于这份表的日期 {today.isoformat()}")
        return RecentDay(day)
    month_and_day = _month_and_day(text)
    latest = None if month_and_day is None else _latest(*month_and_day, today)
    if latest is None:
        return RecentDay(reason="看不出是哪一天")
    if today + _SOON >= _a_year_on(latest) > today:
        return RecentDay(reason=f"没有写年份，而今年的这一天还没到（这份表是 {today.isoformat()} 的）")
    return RecentDay(latest, year_added=True)


def _a_year_on(day: date) -> date:
    return date(day.year + 1, day.month, min(day.day, 28) if day.month == 2 else day.day)


def _month_and_day(text: str) -> tuple[int, int] | None:
    written = _NO_YEAR.fullmatch(text) or _FOUR_DIGITS.fullmatch(text)
    if written is not None:
        return int(written[1]), int(written[2])
    chinese = _IN_CHINESE.fullmatch(text)
    if chinese is None:
        return None
    month, day = numeral(chinese[1]), numeral(chinese[2])
    return (int(month), int(day)) if month and day else None


def _latest(month: int, day: int, today: date) -> date | None:
    for year in range(today.year, today.year - _LEAP_CYCLE - 1, -1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    return None
