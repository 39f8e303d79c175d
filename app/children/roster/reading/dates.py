"""Dates in all the forms rosters hold; what may mean two days is not decided here without a witness."""

import re
from datetime import date, datetime, timedelta

from msgspec import Struct

from app.children.roster.reading.text import cell_text, says_nothing
from app.children.roster.sheet import CellValue
from app.core.dates import is_partial_date

_NUMERALS = {
    **{numeral: str(value) for value, numeral in enumerate("〇一二三四五六七八九")},
    "零": "0",
    "○": "0",
}
_LUNAR = re.compile("农历|阴历|旧历|老历|初[一二三四五六七八九十]|正月|腊月|冬月|闰")
_PARTS = re.compile(
    r"(?P<year>[0-9]{4}|[0-9]{2})(?:[.\-/—–~、,]|年)(?P<month>[0-9]{1,2})"
    r"(?:(?:[.\-/—–~、,]|月)(?P<day>[0-9]{1,2})[日号]?|月)?[.。]?"
)
_YEAR = re.compile(r"((?:19|20)[0-9]{2})年?")
_OCTOBER_OR_JANUARY = re.compile(r"((?:19|20)[0-9]{2})\.1")
_POINTS = str.maketrans("．。·•", "....")
_BETWEEN_NUMBERS = re.compile(r"(?<=[0-9]) +(?=[0-9]{1,2}(?:[ ]|$))")
_TAIL = re.compile("(?:出生|生)$")
_TIME_OF_DAY = re.compile(r"[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?$")
CHINESE_NUMBER = "[一二三四五六七八九十]{1,3}"
_CHINESE_DAY = re.compile(
    f"([〇零○一二三四五六七八九]{{4}})年(?:({CHINESE_NUMBER})月)?(?:({CHINESE_NUMBER})[日号])?"
)
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 60_000
_BASE_1900, _BASE_1904 = date(1899, 12, 30), date(1904, 1, 1)


class DateCell(Struct, frozen=True):
    """What a date cell says: ``value`` in its own precision, or a doubt with ``code`` and ``reason``.

    ``maybe`` are the dates it may mean when it cannot be told; ``first_of_month`` tells that a spreadsheet may have
    made a whole day out of a month.
    """

    value: str | None = None
    code: str | None = None
    reason: str = ""
    raw: str = ""
    maybe: tuple[str, ...] = ()
    first_of_month: bool = False


NO_DATE = DateCell()


def read_date(value: CellValue, *, latest_year: int, of_child: bool, base_1904: bool = False) -> DateCell:
    """Read a date cell. ``latest_year`` bounds two-digit years; a child's are of this century."""
    if isinstance(value, datetime | date):
        day = value.date() if isinstance(value, datetime) else value
        return DateCell(day.isoformat(), raw=day.isoformat(), first_of_month=day.day == 1)
    if isinstance(value, bool):
        return DateCell(code="date_unreadable", reason="看不出是哪一天", raw=cell_text(value))
    text = cell_text(value)
    if says_nothing(text) or text == "0":
        return NO_DATE
    if _LUNAR.search(text):
        reason = "写的是农历，没有换算；请照户口本填公历"
        return DateCell(code="date_lunar", reason=reason, raw=text)
    written = _BETWEEN_NUMBERS.sub(".", _TIME_OF_DAY.sub("", text.translate(_POINTS)))
    written = _TAIL.sub("", "".join(written.split()))
    unsure = _OCTOBER_OR_JANUARY.fullmatch(written)
    if unsure:
        year = unsure[1]
        reason = f"{written} 看不准：可能是 1 月，也可能是 10 月（Excel 会丢掉末尾的 0）"
        return DateCell(year, "date_ambiguous", reason, text, (f"{year}-01", f"{year}-10"))
    found = _read_digits(written, base_1904=base_1904) or _read_parts(
        written, latest_year=latest_year, of_child=of_child
    )
    if found is None:
        return DateCell(code="date_unreadable", reason="看不出是哪一天", raw=text)
    return DateCell(found.value, found.code, found.reason, text, found.maybe)


def agrees(one: str, other: str) -> bool:
    """Tell whether two partial dates may be the same day."""
    length = min(len(one), len(other))
    return one[:length] == other[:length]


def _read_digits(text: str, *, base_1904: bool) -> DateCell | None:
    """Read 20140503, 201405, 140503, 2014 and the day number of a spreadsheet."""
    if not text.isascii() or not text.isdigit():
        return None
    if len(text) == 8:
        return _valid(f"{text[:4]}-{text[4:6]}-{text[6:]}")
    if len(text) == 5 and _FIRST_SERIAL <= int(text) <= _LAST_SERIAL:
        day = (_BASE_1904 if base_1904 else _BASE_1900) + timedelta(days=int(text))
        return DateCell(day.isoformat())
    if len(text) == 6:
        as_month = _valid(f"{text[:4]}-{text[4:]}") if text[:2] in ("19", "20") else None
        as_day = _valid(f"20{text[:2]}-{text[2:4]}-{text[4:]}")
        if as_month and as_day:
            maybe = (as_month.value or "", as_day.value or "")
            reason = f"{text} 看不准：可能是 {maybe[0]}，也可能是 {maybe[1]}"
            return DateCell(None, "date_ambiguous", reason, maybe=maybe)
        return as_month or as_day
    return _valid(text) if len(text) == 4 else None


def _read_parts(text: str, *, latest_year: int, of_child: bool) -> DateCell | None:
    chinese = _CHINESE_DAY.fullmatch(text)
    if chinese:
        year = "".join(_NUMERALS[numeral] for numeral in chinese[1])
        return _joined(year, numeral(chinese[2]), numeral(chinese[3]))
    year_only = _YEAR.fullmatch(text)
    if year_only:
        return DateCell(year_only[1])
    parts = _PARTS.fullmatch(text)
    if parts is None:
        return None
    year = parts["year"]
    if len(year) == 2:
        century = 20 if of_child or 2000 + int(year) <= latest_year - 18 else 19
        if of_child and 2000 + int(year) > latest_year:
            century = 19
        year = f"{century}{year}"
    return _joined(year, parts["month"], parts["day"])


def _joined(year: str, month: str | None, day: str | None) -> DateCell | None:
    text = year
    if month:
        text += f"-{int(month):02d}"
        if day:
            text += f"-{int(day):02d}"
    return _valid(text)


def _valid(text: str) -> DateCell | None:
    return DateCell(text) if is_partial_date(text) and "1900" <= text[:4] <= "2200" else None


def numeral(text: str | None) -> str | None:
    """Return the value of 三, 十, 十二, 二十 or 三十一 in digits."""
    if not text:
        return None
    if "十" not in text:
        return _NUMERALS[text] if len(text) == 1 else None
    tens, _, ones = text.partition("十")
    return str((int(_NUMERALS[tens]) if tens else 1) * 10 + (int(_NUMERALS[ones]) if ones else 0))
