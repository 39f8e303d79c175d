"""The table of planned rows: where, who, number, what becomes of it and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from app.children.roster.model import ImportPlan, PlannedRow, RowResult
from ui.theme import Tone
from ui.widgets import Cell, Column

ALL, MARKED = "all", "marked"
KINDS: tuple[tuple[str, str], ...] = (
    (ALL, "全部"),
    (RowResult.PARKED.value, RowResult.PARKED.label),
    (RowResult.NEW.value, RowResult.NEW.label),
    (RowResult.UPDATED.value, RowResult.UPDATED.label),
    (RowResult.UNCHANGED.value, RowResult.UNCHANGED.label),
    (MARKED, "有标记"),
)
TONE_OF = {
    RowResult.PARKED: Tone.OCHRE,
    RowResult.NEW: Tone.GREEN,
    RowResult.UPDATED: Tone.ACCENT_DARK,
    RowResult.UNCHANGED: Tone.INK2,
    RowResult.LEFT_OUT: Tone.INK2,
}
_SHEET_MOST = 10
_FIRST_PART = re.compile(r"[：；（，。]")
_NUMBER_DOUBTS = frozenset({"id_number"})


def of_kind(plan: ImportPlan, kind: str) -> list[PlannedRow]:
    """The rows of one segment."""
    if kind == ALL:
        return list(plan.rows)
    if kind == MARKED:
        return [row for row in plan.rows if row.marks]
    return [row for row in plan.rows if row.result == kind]


def count_of(plan: ImportPlan, kind: str) -> int:
    """How many rows a segment has."""
    return len(of_kind(plan, kind))


def planned_columns(sheets: Sequence[str]) -> list[Column]:
    """The columns; the sheet's name is said only when there are several."""
    several = len(sheets) > 1
    longest = max((_short(name) for name in sheets), key=len, default="")
    return [
        Column("where", "表、格", _where(several=True), longest, tip=_place)
        if several
        else Column("where", "格", _where(several=False), "AB1234"),
        Column("name", "姓名", _name, "买买提·阿卜杜热西提"),
        Column("number", "身份证号", _number, "500000201606150008"),
        Column("result", "结果", _result, "待处理　"),
        Column("why", "原因，或将改成什么", _why, "台账里没有这个证件号，另有 12 处", tip=_whole),
    ]


def _short(name: str) -> str:
    return name if len(name) <= _SHEET_MOST else f"{name[: _SHEET_MOST - 1]}…"


def _where(*, several: bool) -> Callable[[PlannedRow], Cell]:
    def cell(row: PlannedRow) -> Cell:
        if several:
            return Cell(_short(row.sheet), Tone.INK2, second=row.address)
        return Cell(row.address, Tone.INK2)

    return cell


def _place(row: PlannedRow) -> str:
    return f"{row.sheet} 第 {row.row} 行"


def _name(row: PlannedRow) -> Cell:
    return Cell(
        row.name or "（没有写）", Tone.INK if row.name else Tone.OCHRE, bold=True, second=row.class_name
    )


def _number(row: PlannedRow) -> Cell:
    if not row.id_number:
        return Cell("（空）", Tone.INK3)
    doubtful = any(mark.field in _NUMBER_DOUBTS for mark in row.marks)
    return Cell(row.id_number, Tone.RED if doubtful else Tone.INK)


def _result(row: PlannedRow) -> Cell:
    return Cell(row.result.label, TONE_OF[row.result], tag=True)


def _why(row: PlannedRow) -> Cell:
    kept = "印表后台账改过" if row.kept else ""
    return Cell(row.reason, second="；".join(part for part in (own_detail(row), _marked(row), kept) if part))


def own_detail(row: PlannedRow) -> str:
    """What is said about the row besides its marks."""
    if not row.marks:
        return row.detail
    return row.detail.removesuffix(row.marks[0].reason).removesuffix("；")


def _marked(row: PlannedRow) -> str:
    """The beginning of the first mark's reason; the pane says all of it."""
    if not row.marks or row.result is RowResult.PARKED:
        return ""
    more = f"，另有 {len(row.marks) - 1} 处标记" if len(row.marks) > 1 else ""
    return _FIRST_PART.split(row.marks[0].reason, maxsplit=1)[0] + more


def _whole(row: PlannedRow) -> str:
    parts = (row.reason, own_detail(row), *(mark.reason for mark in row.marks), row.kept)
    return "；".join(part for part in parts if part)
