"""核对 of past records or call results: every row with what becomes of it and why; nothing has been written yet."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from app.diary.importing.model import RowResult
from ui.context import Context
from ui.pages.importing.intake import Plan, Planned, TableKind
from ui.pages.importing.listing import listing_panel
from ui.pages.importing.side_by_side import SideBySide
from ui.theme import Tone
from ui.widgets import (
    Button,
    Cell,
    Column,
    DataTable,
    EmptyState,
    FilterBar,
    FooterBar,
    Kind,
    Link,
    Segments,
    Sheet,
)
from ui.widgets.two_lines import paint_two_lines

ALL = "all"
_KINDS = (
    (ALL, "全部"),
    *((one.value, one.label) for one in (RowResult.PARKED, RowResult.NEW, RowResult.KNOWN)),
)
TONE_OF = {
    RowResult.PARKED: Tone.OCHRE,
    RowResult.WAITING: Tone.OCHRE,
    RowResult.NEW: Tone.GREEN,
    RowResult.KNOWN: Tone.INK2,
}
_WAITS = (RowResult.PARKED, RowResult.WAITING)


def key_of(planned: Planned) -> tuple[str, int, str]:
    """A planned row by its sheet and its number in Excel; a call of brothers and sisters is a row for each."""
    return planned.sheet, planned.row, planned.written_name


def _where(planned: Planned) -> Cell:
    return Cell(f"第 {planned.row} 行", Tone.INK2, second=planned.sheet)


def _name(planned: Planned) -> Cell:
    written = planned.child_name or planned.written_name
    return Cell(written or "（没有写）", Tone.INK if written else Tone.OCHRE, bold=True)


def _what(intake: TableKind, planned: Planned) -> Cell:
    words, day = intake.what(planned)
    return Cell(words, second=day) if words else Cell(day, Tone.INK2)


def _result(planned: Planned) -> Cell:
    return Cell(planned.result.label, TONE_OF[planned.result], tag=True)


def why_words(intake: TableKind, planned: Planned) -> str:
    """Why a row waits, else what it says."""
    if planned.result in _WAITS:
        return planned.reason
    if planned.result is RowResult.KNOWN:
        return f"{intake.place}里已经有同样的一条，不再写"
    return " ".join(intake.says(planned).split())


def _why(intake: TableKind, planned: Planned) -> Cell:
    return Cell(why_words(intake, planned))


def _paint_why(intake: TableKind, painter: QPainter, room: QRect, planned: Planned) -> None:
    tone = Tone.INK if planned.result is not RowResult.KNOWN else Tone.INK2
    paint_two_lines(painter, room, why_words(intake, planned), tone)


def _columns(intake: TableKind) -> list[Column]:
    return [
        Column("where", "表、行", _where, "五年级谈心记录", tip=lambda r: f"{r.sheet} 第 {r.row} 行"),
        Column("name", "姓名", _name, "买买提·阿卜杜热西提"),
        Column("what", intake.what_head, partial(_what, intake), "2026-09-01"),
        Column("result", "结果", _result, "待处理　"),
        Column(
            "why",
            "原因，或写了什么",
            partial(_why, intake),
            "台账里没有这名儿童，号码是别人的",
            paint=partial(_paint_why, intake),
            tip=partial(why_words, intake),
        ),
    ]


class RecordsCheck(Sheet):
    """Emits the verbs of its foot."""

    another_pressed = Signal()
    export_pressed = Signal()
    write_pressed = Signal()

    def __init__(self, context: Context, intake: TableKind) -> None:
        super().__init__()
        self._context = context
        self._intake = intake
        self._plan: Plan | None = None
        self._narrow = False
        self.kinds = Segments(_KINDS)
        self.kinds.changed.connect(self._fill)
        self._told = Link("", self._list_told)
        self.table = DataTable(_columns(intake), key=key_of, two_lines=True, tint_current=True)
        self.table.current_changed.connect(self._show_row)
        self._nothing = EmptyState("", "没有这样的行。")
        self._nothing.hide()
        self.side = SideBySide(FilterBar(self.kinds, None, self._told), self.table, key=key_of)
        self.side.left.layout().addWidget(self._nothing)
        self.side.closed.connect(self._show_foot)
        self.table.opened.connect(self._hide_foot)
        self._another = Button("换一个文件", self.another_pressed.emit)
        self.export = Button("导出待处理", self.export_pressed.emit, icon="arrow_export_ltr")
        self.write = Button("写入", self.write_pressed.emit, kind=Kind.FILLED)
        self.foot = FooterBar(self._another, self.export, self.write, icon="info")
        self.box.addWidget(self.side, 1)
        self.box.addWidget(self.foot)

    # ---- a plan

    def show_plan(self, plan: Plan) -> None:
        """Show what the import would do; waiting rows first, if there are any."""
        fresh = self._plan is None
        self._plan = plan
        for key, words in _KINDS:
            self.kinds.set_words(key, f"{words} {len(_of_kind(plan, key))}")
        if fresh:
            self.kinds.set_current(RowResult.PARKED.value if plan.waiting() else ALL)
        self._told.setText(f"看说明 {len(plan.told)} 条")
        self._told.setVisible(bool(plan.told))
        self._told.updateGeometry()
        self._fill()
        self._say(plan)

    def forget(self) -> None:
        """Another file: the next plan is looked at from its beginning."""
        self._plan = None
        self.table.set_rows([])

    def _fill(self, *_: object) -> None:
        if self._plan is None:
            return
        rows = _of_kind(self._plan, self.kinds.current)
        self.table.set_rows(rows)
        self.table.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        current = self.table.current_row()
        if current is None:
            self.side.clear()
        else:
            self._show_row(current)

    def _say(self, plan: Plan) -> None:
        new, known = plan.count(RowResult.NEW), plan.count(RowResult.KNOWN)
        parked, waiting = len(plan.parked()), len(plan.waiting())
        parts = [f"将写入 {new} 条" if new else "没有要新写的"]
        if known:
            parts.append(f"{known} 条{self._intake.place}里已有，不重写")
        if parked:
            parts.append(f"{parked} 行待处理留在清单里")
        if waiting > parked:
            parts.append(f"{waiting - parked} 行早就在待处理清单里")
        lead = "写入前先备份，可以一步撤销。" if self._narrow else "写入前先备份，整次导入可以一步撤销。"
        detail = "；".join(parts) + "。"
        if self._narrow:
            self.foot.set_words("还没有写入任何内容。", lead)
        else:
            self.foot.set_words(f"还没有写入任何内容。{lead}", detail)
        self.write.set_text(f"写入 {new} 条" if new else "存下待处理的" if parked else "没有要写的")
        self.write.setEnabled(bool(new or parked) and not self._context.read_only)
        self.export.set_text(f"导出待处理 {waiting} 行")
        self.export.setVisible(bool(waiting))
        self._another.setVisible(not self._narrow)

    # ---- one row

    def _show_row(self, planned: Planned) -> None:
        written = planned.child_name or planned.written_name
        self.side.begin_row(
            written or "没有写姓名的一行",
            " ".join(part for part in self._intake.what(planned) if part),
            planned.reason if planned.result in _WAITS else "",
            self._intake.row_hint if planned.result in _WAITS else "",
            "晚记的，写入后会标「补录」和天数。" if planned.result is RowResult.NEW else "",
            f"{self._intake.place}里已经有同样的一条，不再写。" if planned.result is RowResult.KNOWN else "",
        )
        self.side.cells(planned.cells)
        self.side.body.box.addStretch(1)

    def step(self, by: int) -> None:
        """Ctrl+PgUp / Ctrl+PgDn."""
        self.side.step(by)

    def _list_told(self) -> None:
        if self._plan is not None:
            lines = [("读表", words) for words in self._plan.told]
            self._context.dialogs.open_panel(listing_panel(self, "这次导入的说明", "", lines), _closed)

    # ---- narrow, keys

    def set_narrow(self, narrow: bool) -> None:
        """The foot gives way to the pane of an opened row."""
        self._narrow = narrow
        self.side.set_narrow(narrow)
        self.foot.show()
        if self._plan is not None:
            self._say(self._plan)

    def _hide_foot(self, _row: object) -> None:
        self.foot.setVisible(not self._narrow)

    def _show_foot(self) -> None:
        self.foot.show()

    def focus_first(self) -> None:
        """Where the keyboard begins."""
        (self.table if self.table.rows else self.kinds).setFocus()

    def side_stops(self) -> tuple[QWidget, ...]:
        """Table, pane, foot."""
        return (self.table, self.side.body, self.write)


def _of_kind(plan: Plan, kind: str) -> list[Planned]:
    """The rows of one segment; those that wait since before stand among the waiting ones."""
    if kind == ALL:
        return list(plan.rows)
    if kind == RowResult.PARKED.value:
        return list(plan.waiting())
    return [row for row in plan.rows if row.result == kind]


def _closed(_key: str) -> None:
    """A list was looked at; there is nothing to choose."""
