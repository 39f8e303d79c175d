"""What stands around the table on a roster sheet: the day it says to be of, and what the signs beside names mean.

Title, head and foot of a sheet, its own name and the file's are looked through; the children's rows are not. What is
found is proposed to the person with where it stood, never taken silently (decisions.md §1.7).
"""

import calendar
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from operator import attrgetter

from msgspec import Struct

from app.children.roster.header import Header
from app.children.roster.model import SheetMapping
from app.children.roster.printed import KEY
from app.children.roster.reading.dates import CHINESE_NUMBER, numeral
from app.children.roster.reading.text import cell_text
from app.children.roster.rows import SheetRows
from app.children.roster.sheet import RosterFile, RosterSheet

_POINT = r"\s*[年.．。\-—/]\s*"
_DAY = re.compile(
    rf"(?<![0-9])(20[0-9]{{2}}){_POINT}(1[0-2]|0?[1-9])(?![0-9])"
    r"(?:\s*[月.．\-—/]\s*(3[01]|[12][0-9]|0?[1-9])(?![0-9]|\s*月)\s*[日号]?|\s*月份?)?"
)
_EIGHT = re.compile(r"(?<![0-9])(20[0-9]{2})(1[0-2]|0[1-9])(3[01]|[12][0-9]|0[1-9])(?![0-9])")
_CHINESE = re.compile(
    rf"(二[〇零○][〇零○一二三四五六七八九]{{2}})年({CHINESE_NUMBER})月(?:份|({CHINESE_NUMBER})[日号]?)?"
)
_LABEL = re.compile("填报|填表|制表|统计|上报|报送|截止|截至|更新|核实|摸底|日期|时间")
# A line about a law, a deadline or a birthday gives no day of the data.
_OTHER_DAYS = re.compile("号）|号\\)|〔|文件|通知|出生|以前出生|以后出生|上报前|前报|之前|交到|入学")
# 联系电话 20261231: what stands right behind these is a number, whatever it looks like.
_A_NUMBER = re.compile(
    "(?:电话|手机|号码|编号|证号|学籍号|代码|账号|邮编|QQ|微信)号?\\s*[:：]?\\s*$", re.IGNORECASE
)
_RANGE = re.compile(r"^\s*(?:至|到|起|以来|[—–~～\-]{1,2}\s*(?:20[0-9]{2}|[0-9]{1,2}\s*月))")
_LONG_AGO = timedelta(days=400)
"""A title older than this is more often one that nobody changed than the day of the sheet."""
_MEANS = re.compile("表示|代表|为|是|指|带|注|说明|[:：]")
_LONGEST_LEGEND = 60


class StatedDay(Struct, frozen=True):
    """A day that a sheet gives itself.

    ``written`` is how, ``where`` in which place (「花名册」的标题). Of a month without its day ``day`` is the last one,
    and ``is_month``. ``is_labelled``: 填报日期 or the like stands before it.
    """

    day: date
    written: str
    where: str
    is_month: bool = False
    is_labelled: bool = False

    @property
    def begins(self) -> date:
        """Return the first day that may be meant."""
        return self.day.replace(day=1) if self.is_month else self.day


class ProposedDay(Struct, frozen=True):
    """The data date to propose, and in words where it comes from; "" when the file says nothing of a day."""

    day: date
    said: str = ""


def propose_day(roster: RosterFile, chosen: Sequence[SheetMapping], today: date) -> ProposedDay:
    """Return the data date that the ticked sheets speak for: the latest they give, ``today`` when there is none.

    A day still to come and one long ago are not taken, which is said. Our own sheets are of the day they come back.
    """
    stated = stated_day_of(roster, chosen)
    if stated is None:
        return ProposedDay(today)
    said = f"{stated.where}写着「{stated.written}」"
    if stated.begins > today:
        return ProposedDay(today, f"{said}，还没有到，先用今天。")
    day = min(stated.day, today)
    if today - day > _LONG_AGO:
        return ProposedDay(today, f"{said}，过去一年多了，先用今天；真是那时的情况，请改成那一天。")
    if not stated.is_month:
        return ProposedDay(day, f"{said}，照它写的；不对请改。")
    by = "今天" if day == today else "月底"
    return ProposedDay(day, f"{said}，没有写哪一日，按{by}算；不对请改。")


def stated_day_of(roster: RosterFile, chosen: Sequence[SheetMapping]) -> StatedDay | None:
    """Return the latest day that the ticked sheets give themselves, else the file's name; None without any.

    A sheet of ours says when it was printed: it speaks of the day on which it comes back.
    """
    if any(choice.target == KEY for mapping in chosen for choice in mapping.choices):
        return None
    sheets = [stated_day(mapping.sheet, mapping.header, mapping.found) for mapping in chosen]
    found = [one for one in sheets if one is not None] or list(_in_line(roster.name, "文件名"))[:1]
    return max(found, key=attrgetter("day"), default=None)


def stated_day(sheet: RosterSheet, header: Header | None, found: SheetRows | None) -> StatedDay | None:
    """Return the day a sheet gives itself: one labelled as such, else a whole one, else a month; None without any."""
    said: list[StatedDay] = []
    for line, where in _lines(sheet, header, found):
        said += _in_line(line, f"「{sheet.name}」的{where}")
    said += _in_line(sheet.name, "表名")
    said.sort(key=lambda one: (not one.is_labelled, one.is_month))
    return said[0] if said else None


def sign_legends(sheet: RosterSheet, header: Header, found: SheetRows, signs: str) -> dict[str, str]:
    """Return sign → the line above or below the table that explains it: 注：带*的是单亲家庭."""
    legends: dict[str, str] = {}
    for line, _ in _lines(sheet, header, found):
        if len(line) <= _LONGEST_LEGEND and _MEANS.search(line):
            for sign in signs:
                if sign in line:
                    legends.setdefault(sign, line)
    return legends


def _lines(sheet: RosterSheet, header: Header | None, found: SheetRows | None) -> Iterator[tuple[str, str]]:
    """Yield the lines above and below the table with the word for their place."""
    first = header.first_row if header else sheet.first_row
    beside = (
        {skipped.row: "表尾" for skipped in found.skipped if skipped.why in ("表尾", "标题")} if found else {}
    )
    for number, row in sheet.numbered():
        where = ("标题" if number == sheet.first_row else "表头") if number < first else beside.get(number)
        if where is None:
            continue
        texts = [_cell(value) for value in row if value != ""]
        line = " ".join(dict.fromkeys(text for text in texts if text))
        if line:
            yield line, where


def _cell(value: object) -> str:
    if isinstance(value, datetime | date):
        return f"{value.year}年{value.month}月{value.day}日"
    return " ".join(cell_text(value).split()) if isinstance(value, str | int | float) else ""


def _in_line(line: str, where: str) -> Iterator[StatedDay]:
    if _OTHER_DAYS.search(line):
        return
    for found in (*_DAY.finditer(line), *_EIGHT.finditer(line), *_CHINESE.finditer(line)):
        if _RANGE.match(line[found.end() :]) or _RANGE.match(line[: found.start()][-2:]):
            return  # from one day to another: a term, not the day of the data
        if _A_NUMBER.search(line[max(0, found.start() - 10) : found.start()]):
            continue
        if "年" in found[0] and "月" not in found[0] and found[3] is None:
            continue  # 2026年12小学: no month
        year, month, day = _numbers(found)
        last = calendar.monthrange(year, month)[1]
        if day is not None and day > last:
            continue
        labelled = _LABEL.search(line[max(0, found.start() - 12) : found.start()]) is not None
        yield StatedDay(
            date(year, month, day or last),
            found[0].strip(),
            where,
            is_month=day is None,
            is_labelled=labelled,
        )


def _numbers(found: re.Match[str]) -> tuple[int, int, int | None]:
    year, month, day = found.groups()
    if found.re is not _CHINESE:
        return int(year), int(month), int(day) if day else None
    digits = "".join(numeral(one) or "0" for one in year)
    return int(digits), int(numeral(month) or 1), int(numeral(day) or 0) or None
