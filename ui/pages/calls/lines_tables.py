"""The tables of 线路与时段: hours by weekday, closures, the school's day, turns and 代班."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from msgspec.structs import replace

from app.calls.lines import ClosureFacts
from app.school.duty import SwapFacts, TurnFacts
from app.school.lessons import WEEKDAYS, LessonFacts
from ui.pages.calls.lines_loading import HoursRow
from ui.theme import Tone
from ui.widgets import Cell, Column
from ui.widgets.cell import columns_said, longest

_RUN = 3
"""So many days one after the other are told as 周一至周三."""


def _lines() -> list[Column]:
    """Lines with their hours, one row per span of the day; Enter changes the hours."""
    return [
        Column("line", "线路", _line, "陈素兰的手机  电话，教师手机", frozen=True),
        Column("days", "星期", _open_days, "周一至周五"),
        Column("span", "几点", _span, "12:20–13:00"),
        Column("minutes", "每人", _minutes, "120 分钟", number=True),
        Column("week", "每周", _a_week, "100 个时段", number=True),
        Column("hours", "", partial(_link, "开放时间…"), "开放时间…", link=True),
        Column("change", "", partial(_link, "修改…"), "修改…", link=True),
        Column("end", "", partial(_link, "不再用…"), "不再用…", link=True),
    ]


def _closures() -> list[Column]:
    """When which line cannot be used."""
    return [
        Column("line", "线路", _closed_line, "陈素兰的手机", frozen=True),
        Column("days", "哪几天", _closed_days, "2026-11-20 至 2026-11-27"),
        Column("span", "几点", _closed_span, "16:20–17:00"),
        Column("reason", "原因", _closed_reason, "机房检修，换网线和显示器"),
        Column("change", "", partial(_link_of, "修改…"), "修改…", link=True),
        Column("end", "", partial(_link_of, "取消停用…"), "取消停用…", link=True),
    ]


def _lessons() -> list[Column]:
    """The school's day, and out of which of it no child is called."""
    return [
        Column("span", "几点", _lesson_span, "16:20–17:30"),
        Column("name", "名称", _lesson_name, "下午第一节课后服务", frozen=True),
        Column("class", "班级", _lesson_class, "六（2）班"),
        Column("day", "星期", _lesson_day, "每天"),
        Column("kept", "排号时", _lesson_kept, "可以叫学生"),
        Column("change", "", partial(_link_of, "修改…"), "修改…", link=True),
        Column("end", "", partial(_link_of, "不再有…"), "不再有…", link=True),
    ]


def _turns() -> list[Column]:
    """Who is on duty when."""
    return [
        Column("day", "星期", _turn_day, "周三（单周）", frozen=True),
        Column("who", "值班教师", _turn_who, "欧阳慕容雨桐  已离校"),
        Column("span", "几点", _turn_span, "16:20–17:30"),
        Column("leader", "带班领导", _turn_leader, "欧阳慕容", essential=False),
        Column("since", "从哪天起", _turn_since, "2026-09-01", essential=False),
        Column("change", "", partial(_link_of, "修改…"), "修改…", link=True),
        Column("end", "", partial(_link_of, "不再值…"), "不再值…", link=True),
    ]


def _swaps() -> list[Column]:
    """Who stood, or stands, in for whom."""
    return [
        Column("day", "日期", _swap_day, "2026-11-20  周三", frozen=True),
        Column("who", "谁来值", _swap_who, "欧阳慕容雨桐"),
        Column("instead", "代谁", _swap_instead, "另加一位"),
        Column("span", "几点", _swap_span, "16:20–17:30"),
        Column("reason", "原因", _swap_reason, "县里培训，下午回来"),
        Column("change", "", partial(_link_of, "修改…"), "修改…", link=True),
        Column("end", "", partial(_link_of, "取消代班…"), "取消代班…", link=True),
    ]


_COLUMNS: Mapping[str, Callable[[], list[Column]]] = {
    "lines": _lines,
    "closures": _closures,
    "lessons": _lessons,
    "turns": _turns,
    "swaps": _swaps,
}
LISTS = tuple(_COLUMNS)
"""The lists of the page by key, in order."""


def columns_for(key: str, rows: Sequence[Any]) -> list[Column]:
    """The columns of a list, as wide as what stands in these rows: names and reasons are never cut.

    A lesser column in which no row says anything (周六 and 周日, where no line is open) is left out.
    """
    wanted = columns_said(_COLUMNS[key](), rows)
    return [replace(column, sample=_longest(column, rows)) for column in wanted]


def _longest(column: Column, rows: Sequence[Any]) -> str:
    said = [column.cell(row) for row in rows]
    words = [f"{cell.text}  {cell.aside}".strip() for cell in said if isinstance(cell, Cell)]
    return longest((column.sample, *words))


# ---- cells


def _line(row: HoursRow) -> Cell:
    if row.place:
        return Cell("")
    line = row.line
    kind = "" if line.kind.label in line.name else line.kind.label
    whose = line.staff if line.staff not in line.name else ""
    where = line.place if line.place not in line.name else ""
    return Cell(line.name, bold=True, aside="，".join(filter(None, (line.medium.label, kind, whose, where))))


def _span(row: HoursRow) -> Cell:
    if not row.line.planned:
        return Cell("不排号", Tone.INK2)
    one = row.one
    return Cell("没写时间", Tone.OCHRE) if one is None else Cell(f"{one.starts}–{one.ends}")


def _minutes(row: HoursRow) -> Cell:
    one = row.one
    return Cell("" if one is None else f"{one.slot_minutes} 分钟")


def _open_days(row: HoursRow) -> Cell:
    """周一至周五, 周一、三、五."""
    days = sorted(row.openings)
    if not days:
        return Cell("")
    first, last = WEEKDAYS[days[0] - 1], WEEKDAYS[days[-1] - 1]
    if len(days) >= _RUN and days[-1] - days[0] == len(days) - 1:
        return Cell(f"{first}至{last}")
    return Cell("、".join((first, *(WEEKDAYS[day - 1].removeprefix("周") for day in days[1:]))))


def _a_week(row: HoursRow) -> Cell:
    count = sum(len(one.times) for one in row.openings.values())
    return Cell(f"{count} 个时段" if count and row.line.planned else "", Tone.INK2)


def _link(words: str, row: HoursRow) -> Cell:
    """The links of a line stand on its first row; one that has no slots has no hours to set."""
    hours = words.startswith("开放")
    return Cell("" if row.place or (hours and not row.line.planned) else words, link=True)


def _link_of(words: str, _row: object) -> Cell:
    return Cell(words, link=True)


def _part(starts: str | None, ends: str | None) -> Cell:
    return Cell("整天" if starts is None else f"{starts}–{ends}", Tone.INK2 if starts is None else Tone.INK)


def _closed_line(row: ClosureFacts) -> Cell:
    return Cell(row.line or "全部线路", bold=True)


def _closed_days(row: ClosureFacts) -> Cell:
    first, last = row.first.isoformat(), row.last.isoformat()
    return Cell(first if first == last else f"{first} 至 {last}")


def _closed_span(row: ClosureFacts) -> Cell:
    return _part(row.starts, row.ends)


def _closed_reason(row: ClosureFacts) -> Cell:
    return Cell(row.reason)


def _lesson_span(row: LessonFacts) -> Cell:
    return Cell(f"{row.starts}–{row.ends}")


def _lesson_name(row: LessonFacts) -> Cell:
    return Cell(row.name, bold=True)


def _lesson_class(row: LessonFacts) -> Cell:
    return Cell(row.class_name, Tone.INK2 if not row.class_id else Tone.INK)


def _lesson_day(row: LessonFacts) -> Cell:
    return Cell("每天" if row.weekday is None else WEEKDAYS[row.weekday - 1])


def _lesson_kept(row: LessonFacts) -> Cell:
    return Cell("不叫学生", bold=True) if row.kept_free else Cell("可以叫学生", Tone.INK2)


def _turn_day(row: TurnFacts) -> Cell:
    weeks = "" if row.weeks.value == "every" else f"（{row.weeks.label}）"
    return Cell(f"{WEEKDAYS[row.weekday - 1]}{weeks}")


def _turn_who(row: TurnFacts) -> Cell:
    gone = bool(row.left_on)
    return Cell(row.staff, bold=True, aside="已离校" if gone else "", aside_tone=Tone.OCHRE)


def _turn_span(row: TurnFacts) -> Cell:
    return _part(row.starts, row.ends)


def _turn_leader(row: TurnFacts) -> Cell:
    return Cell(row.leader, Tone.INK2)


def _turn_since(row: TurnFacts) -> Cell:
    return Cell(row.valid_from or "一直", Tone.INK2)


def _swap_day(row: SwapFacts) -> Cell:
    return Cell(row.day.isoformat(), aside=WEEKDAYS[row.day.weekday()])


def _swap_who(row: SwapFacts) -> Cell:
    return Cell(row.staff, bold=True)


def _swap_instead(row: SwapFacts) -> Cell:
    return Cell(row.instead) if row.instead else Cell("另加一位", Tone.INK2)


def _swap_span(row: SwapFacts) -> Cell:
    return _part(row.starts, row.ends)


def _swap_reason(row: SwapFacts) -> Cell:
    return Cell(row.reason, Tone.INK2)
