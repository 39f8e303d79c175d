"""The lists of a plan that is looked at: who comes when, who cannot, what was moved, what comes later or falls away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from app.calls.plan_facts import Dropped, Later, LineState, PlanLine, Unserved
from app.calls.seen import NO_CLASS
from ui.pages.calls.week import day_words
from ui.theme import Tone
from ui.widgets import Cell, Column, DataTable

_NAME = "买买提·阿卜杜热西提"
_MOST_CLASSES = 3
_STATES = {
    LineState.NEW: Cell("新排", Tone.ACCENT),
    LineState.MOVED: Cell("挪动", Tone.OCHRE),
    LineState.KEPT: Cell("不动", Tone.INK2),
    LineState.PINNED: Cell("固定", Tone.INK2),
}


class AfterOrGone(Struct, frozen=True):
    """Who comes after the period, and what falls away: one list."""

    key: str
    child: str
    class_name: str
    words: str


def _names(line: PlanLine) -> str:
    return "、".join(child.name for child in line.children)


def _classes(line: PlanLine) -> str:
    """Return 一（2）、二（2）、六（1）班, then 不在班 when one of them is in none.

    Of more classes than are in the column's width the first and how many.
    """
    names = list(dict.fromkeys(child.class_name for child in line.children if child.class_name))
    if len(names) > _MOST_CLASSES:
        return f"{names[0]}等 {len(names)} 个班"
    if not names:
        return NO_CLASS
    outside = [NO_CLASS] if any(not child.class_name for child in line.children) else []
    return "、".join([*(name.removesuffix("班") for name in names[:-1]), *names[-1:], *outside])


def _when(line: PlanLine) -> str:
    return f"{day_words(line.day)}  {line.starts}"


def _contact(line: PlanLine) -> Cell:
    if not line.contact:
        return Cell("没有可以打的联系人", Tone.OCHRE)
    return Cell(line.contact, aside=line.contact_note)


def _state(line: PlanLine) -> Cell:
    return _STATES[line.state]


def _from(line: PlanLine) -> str:
    moment, _, clock = line.moved_from.partition("T")
    return f"{day_words(date.fromisoformat(moment))}  {clock}" if clock else ""


def line_columns() -> list[Column]:
    """Who comes when."""
    return [
        Column("when", "时间", _when, sample="周三  11-18  12:20", frozen=True),
        Column("name", "姓名", lambda r: Cell(_names(r), bold=True), sample=f"{_NAME}、欧阳慕容雨桐"),
        Column("class", "班级", _classes, sample="一（1）、二（1）、三（1）班"),
        Column("line", "线路", lambda r: r.line, sample="活动室座机"),
        Column("who", "打给", _contact, sample="父亲 赵兴旺  母亲 冉春花那时接不到"),
        Column("duty", "值班", lambda r: r.duty, sample="欧阳晓燕", essential=False),
        Column("state", "和现在比", _state, sample="和现在比"),
    ]


def moved_columns() -> list[Column]:
    """What is elsewhere than before, and why."""
    return [
        Column(
            "name", "姓名", lambda r: Cell(_names(r), bold=True), sample=f"{_NAME}、欧阳慕容雨桐", frozen=True
        ),
        Column("from", "原来", _from, sample="周三  11-18  12:20"),
        Column("when", "挪到", _when, sample="周三  11-18  12:20"),
        Column("line", "线路", lambda r: r.line, sample="活动室座机"),
        Column("why", "为什么", lambda r: r.why, sample="周三 12:20 线路不通，机房检修"),
    ]


def unserved_columns() -> list[Column]:
    """Who cannot come, and why."""
    return [
        Column("name", "姓名", lambda r: Cell(r.child, bold=True), sample=_NAME, frozen=True),
        Column("class", "班级", lambda r: r.class_name or NO_CLASS, sample="三（2）班"),
        Column("by", "最晚", lambda r: f"{r.by:%m-%d}", sample="11-30"),
        Column("wait", "已等", lambda r: f"{r.wait_days} 天", sample="118 天", number=True),
        Column(
            "why",
            "为什么排不上",
            lambda r: Cell(r.why, Tone.OCHRE),
            sample="母亲只有周日 18:00 以后能接，那时线路不开",
        ),
    ]


def later_columns() -> list[Column]:
    """Who comes after the period, or whose call falls away."""
    return [
        Column("name", "姓名", lambda r: Cell(r.child, bold=True), sample=_NAME, frozen=True),
        Column("class", "班级", lambda r: r.class_name or NO_CLASS, sample="三（2）班"),
        Column("words", "怎么样", lambda r: r.words, sample="12-02 轮到，最晚 12-31，还在规定以内"),
    ]


def later_rows(later: Sequence[Later], dropped: Sequence[Dropped]) -> list[AfterOrGone]:
    """Who is called after the period, then whose planned call falls away."""
    rows = [
        AfterOrGone(
            one.child_uuid,
            one.child,
            one.class_name,
            f"{one.day:%m-%d} 轮到，最晚 {one.by:%m-%d}，还在规定以内",
        )
        for one in later
    ]
    rows += [
        AfterOrGone(one.row_uuid, one.child, "", f"{one.minute[5:10]} {one.minute[11:]} 的取消：{one.why}")
        for one in dropped
    ]
    return rows


def _occasion(row: PlanLine) -> str:
    return row.occasion


def _child(row: Unserved) -> str:
    return row.child_uuid


def _key(row: AfterOrGone) -> str:
    return row.key


def planned_table() -> DataTable:
    """Who comes."""
    return DataTable(line_columns(), key=_occasion)


def unserved_table() -> DataTable:
    """Who cannot."""
    return DataTable(unserved_columns(), key=_child)


def moved_table() -> DataTable:
    """What was moved."""
    return DataTable(moved_columns(), key=_occasion)


def later_table() -> DataTable:
    """What comes later or falls away."""
    return DataTable(later_columns(), key=_key)
