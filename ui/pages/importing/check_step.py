"""核对: every row with what becomes of it and why; nothing has been written yet."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.children.roster.compare import compare_row
from app.children.roster.model import Decision, ImportPlan, PlannedRow, RowResult
from ui import theme
from ui.context import Context
from ui.pages.importing.listing import listing_panel
from ui.pages.importing.pane import LATER, RESOLUTION_OF, asks_about
from ui.pages.importing.row_pane import RowPane
from ui.pages.importing.rows_table import ALL, KINDS, count_of, of_kind, planned_columns
from ui.pages.importing.session import Planned, Session, key_of
from ui.widgets import (
    Button,
    DataTable,
    EmptyState,
    FilterBar,
    FooterBar,
    Kind,
    Link,
    Rule,
    Segments,
    Sheet,
    column,
    holder,
    row,
)


class CheckStep(Sheet):
    """Emits `changed` when something was decided or put right, and the verbs of its foot."""

    changed = Signal()
    another_pressed = Signal()
    export_pressed = Signal()
    back_pressed = Signal()
    write_pressed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        m = theme.metrics()
        self._context = context
        self._session: Session | None = None
        self._planned: Planned | None = None
        self._narrow = False
        self._compare = context.jobs.latest(self)
        self.kinds = Segments(KINDS)
        self.kinds.changed.connect(self._fill)
        self._skipped = Link("", self._list_skipped)
        self._notes = Link("", self._list_notes)
        self.table = DataTable(planned_columns(()), key=key_of, two_lines=True, tint_current=True)
        self.table.current_changed.connect(self._show_row)
        self.table.opened.connect(self._open_row)
        self._nothing = EmptyState("", "没有这样的行。")
        self._nothing.hide()
        self.pane = RowPane()
        self.pane.setFixedWidth(m.side)
        self.pane.decided.connect(self._decided)
        self.pane.undecided.connect(self._undecided)
        self.pane.fixed.connect(self._fixed)
        self.pane.answered.connect(self._answered)
        self.pane.candidate_chosen.connect(self._compare_with)
        self.pane.previous.connect(partial(self.step, -1))
        self.pane.next.connect(partial(self.step, 1))
        self.pane.closed.connect(self._close_pane)
        self.bar = FilterBar(self.kinds, None, self._skipped, self._notes)
        self._left = holder(column(self.bar, self.table, self._nothing))
        self.export = Button("导出待处理", self.export_pressed.emit, icon="arrow_export_ltr")
        self.write = Button("写入", self.write_pressed.emit, kind=Kind.FILLED)
        self._another = Button("换一个文件", self.another_pressed.emit)
        self._previous = Button("上一步", self.back_pressed.emit)
        self.foot = FooterBar(self._previous, self._another, self.export, self.write, icon="info")
        self._line = Rule(upright=True)
        self._body = row(self._left, self._line, self.pane)
        self._body.setStretch(0, 1)
        self.box.addLayout(self._body, 1)
        self.box.addWidget(self.foot)

    # ---- a plan

    def show_plan(self, planned: Planned, session: Session) -> None:
        """Show what the import would do; the row that was looked at stays current."""
        fresh = self._planned is None
        self._planned, self._session = planned, session
        plan = planned.plan
        for key, words in KINDS:
            self.kinds.set_words(key, f"{words} {count_of(plan, key)}")
        if fresh:
            self.table.set_columns(planned_columns([m.sheet.name for m in session.chosen]))
            parked = plan.count(RowResult.PARKED)
            self.kinds.set_current(RowResult.PARKED.value if parked else ALL)
        self._skipped.setText(f"看跳过的 {len(plan.skipped)} 行")
        self._skipped.setVisible(bool(plan.skipped))
        notes = self._note_lines(plan)
        self._notes.setText(f"看说明 {len(notes)} 条")
        self._notes.setVisible(bool(notes))
        self._skipped.updateGeometry()
        self._notes.updateGeometry()
        self._fill()
        self._say(plan)

    def forget(self) -> None:
        """Another file or other columns: the next plan is looked at from its beginning."""
        self._planned = None

    def set_busy(self, busy: bool) -> None:
        """While a new plan is made nothing can be written."""
        self.write.setEnabled(not busy and self._can_write())
        self.export.setEnabled(not busy)

    def _can_write(self) -> bool:
        plan = self._planned.plan if self._planned else None
        return (
            plan is not None
            and not self._context.read_only
            and bool(plan.writes or plan.checked or plan.count(RowResult.LEFT_OUT))
        )

    def _fill(self, *_: object) -> None:
        if self._planned is None:
            return
        working = self.pane.has_typing or self.table.hasFocus()
        place = self.table.current_place()
        rows = of_kind(self._planned.plan, self.kinds.current)
        before = self.table.current_row()
        self.table.set_rows(rows)
        keys = [key_of(shown) for shown in rows]
        if rows and before is not None and key_of(before) not in keys and place > 0:
            # The row was decided and has left this list: go on with the one that took its place.
            self.table.set_current(keys[min(place, len(keys) - 1)])
        self.table.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        current = self.table.current_row()
        if current is None:
            self.pane.clear()
            if working:
                self.kinds.setFocus()
        else:
            self._show_row(current)

    def _say(self, plan: ImportPlan) -> None:
        new, updated = plan.count(RowResult.NEW), plan.count(RowResult.UPDATED)
        parked = plan.count(RowResult.PARKED)
        parts = [f"将新增 {new} 名、更新 {updated} 名" if new or updated else "没有要新增、更新的"]
        if plan.checked:
            parts.append(f"{plan.checked} 名记成已核实")
        if parked:
            parts.append(f"{parked} 行待处理留在清单里")
        if left_out := plan.count(RowResult.LEFT_OUT):
            parts.append(f"{left_out} 行不导入")
        if plan.new_classes:
            parts.append(f"新建 {len(plan.new_classes)} 个班")
        parts += _class_words(plan)
        if not self._narrow:
            parts += _compared_words(plan)
        lead = "写入前先备份，可以一步撤销。" if self._narrow else "写入前先备份，整次导入可以一步撤销。"
        detail = "；".join(parts) + "。"
        if self._narrow:
            self.foot.set_words("还没有写入任何内容。", lead)
        else:
            self.foot.set_words(f"还没有写入任何内容。{lead}", detail)
        going = new + updated
        rest = (
            f"记下 {plan.checked} 名已核实"
            if plan.checked
            else "存下待处理的"
            if parked
            else "记下不导入的"
            if left_out
            else "没有要写的"
        )
        self.write.set_text(f"写入 {going} 行" if going else rest)
        self.export.set_text(f"导出待处理 {parked} 行")
        self.export.setVisible(bool(parked))
        self._another.setVisible(not self._narrow)
        self.set_busy(False)

    # ---- one row

    def _show_row(self, planned: PlannedRow) -> None:
        if self._planned is None or self._session is None:
            return
        rows, place = self.table.rows, self.table.current_place()
        kind = dict(KINDS)[self.kinds.current]
        kind = "" if kind == "全部" else kind
        typing = self.pane.has_typing
        self.pane.show_row(
            planned, self._planned.mapping(planned.sheet), self._session.decisions.get(key_of(planned))
        )
        if typing and not self.pane.has_typing:
            # The cell is right now and its field gone: the keyboard must not end up on 写入.
            self.table.setFocus()
        self.pane.set_place(place, len(rows), f"第 {place + 1} 行{kind}，共 {len(rows)} 行")
        if planned.result is RowResult.PARKED and asks_about(planned.code):
            self._compare_with(self.pane.decide.child_uuid)

    def _compare_with(self, uuid: str) -> None:
        planned = self.table.current_row()
        if planned is None or not uuid or not planned.raw:
            return
        self._compare.run(
            compare_row, self._context.store, planned.raw, uuid, on_done=self.pane.show_comparison
        )

    def step(self, by: int) -> None:
        """Ctrl+PgUp / Ctrl+PgDn: the row before or after."""
        rows, place = self.table.rows, self.table.current_place() + by
        if 0 <= place < len(rows):
            self.table.set_current(key_of(rows[place]))

    def _decided(self, verb: str, child_uuid: str) -> None:
        planned = self.table.current_row()
        if planned is None or self._session is None:
            return
        if verb == LATER:
            self._session.decisions.pop(key_of(planned), None)
            self.step(1)
            self.table.setFocus()
            return
        self._session.decisions[key_of(planned)] = Decision(RESOLUTION_OF[verb], child_uuid or None)
        self.changed.emit()
        self.table.setFocus()

    def _undecided(self) -> None:
        planned = self.table.current_row()
        if planned is not None and self._session is not None:
            self._session.decisions.pop(key_of(planned), None)
            self.changed.emit()

    def _fixed(self, row_number: int, column_number: int, text: str) -> None:
        planned = self.table.current_row()
        if planned is not None and self._session is not None:
            self._session.fixes[planned.sheet, row_number, column_number] = text
            self.changed.emit()

    def _answered(self, row_number: int, column_number: int, text: str) -> None:
        """The links that were chosen from go with the question: the keyboard goes back to the rows."""
        self._fixed(row_number, column_number, text)
        self.table.setFocus()

    # ---- what else is to be known

    def _note_lines(self, plan: ImportPlan) -> list[tuple[str, str]]:
        lines = [("读表", note) for note in plan.notes]
        if plan.new_classes:
            lines.append(("新建的班", "、".join(plan.new_classes)))
        if plan.compared_with:
            absent = f"不在表里的 {len(plan.missing)} 名" if plan.missing else "都在表里"
            lines.append(("对照的班", f"只和{plan.compared_with}在册的对照，{absent}"))
        lines += plan.strays
        lines += [("台账改过", f"{row.name}，{row.kept}") for row in plan.rows if row.kept]
        lines += [
            ("不在表里", f"{child.name}，{child.class_name or '没有编班'}：不会动") for child in plan.missing
        ]
        return lines

    def _list_skipped(self) -> None:
        if self._planned is not None:
            skipped = self._planned.plan.skipped
            lines = [(f"{one.sheet} 第 {one.row} 行", f"{one.why}　{one.text}".strip()) for one in skipped]
            head = f"跳过的 {len(skipped)} 行"
            panel = listing_panel(self, head, "这些行不是儿童，没有读。", lines)
            self._context.dialogs.open_panel(panel, _closed)

    def _list_notes(self) -> None:
        if self._planned is not None:
            lines = self._note_lines(self._planned.plan)
            panel = listing_panel(self, "这次导入的说明", "", lines)
            self._context.dialogs.open_panel(panel, _closed)

    # ---- narrow, keys

    def set_narrow(self, narrow: bool) -> None:
        """In a narrow window the pane takes the table's place when a row is opened."""
        self._narrow = narrow
        self.pane.set_narrow(narrow)
        if narrow:
            self.pane.setMinimumWidth(0)
            self.pane.setMaximumWidth(_ANY_WIDTH)
        else:
            self.pane.setFixedWidth(theme.metrics().side)
        self._body.setStretch(2, int(narrow))
        self._line.setVisible(not narrow)
        self._left.show()
        self.foot.show()
        self.pane.setVisible(not narrow)
        if self._planned is not None:
            self._say(self._planned.plan)

    def _open_row(self, _row: PlannedRow) -> None:
        if self._narrow:
            self._left.hide()
            self.foot.hide()
            self.pane.show()
        self.pane.setFocus()

    def _close_pane(self) -> None:
        self._left.show()
        self.foot.show()
        self.pane.setVisible(not self._narrow)
        self.table.setFocus()

    def left_pane(self) -> bool:
        """Esc in a narrow window: back to the table first; False when the table is there already."""
        if not self._narrow or self._left.isVisible():
            return False
        self._close_pane()
        return True

    def focus_first(self) -> None:
        """Where the keyboard begins."""
        (self.table if self.table.rows else self.kinds).setFocus()

    def side_stops(self) -> tuple[QWidget, ...]:
        """Table, pane, foot."""
        return (self.table, self.pane, self.write)


_ANY_WIDTH = 16_777_215


def _class_words(plan: ImportPlan) -> list[str]:
    """How many new children go in with the class of the row above, and how many with none at all."""
    carried = sum(row.class_carried for row in plan.rows)
    without = sum(row.result is RowResult.NEW and not row.class_name for row in plan.rows)
    said = [f"{carried} 名的班级照上一行"] if carried else []
    return [*said, f"{without} 名先不编班"] if without else said


def _compared_words(plan: ImportPlan) -> list[str]:
    """With whom the rows were compared, who is not among them, and who stands there without belonging there."""
    said = []
    if plan.missing:
        said.append(f"{plan.missing_words}，不会动")
    elif plan.compared_with:
        said.append(f"{plan.compared_with}在册的都在表里")
    if plan.strays:
        said.append(f"{len(plan.strays)} 名现在不在{plan.compared_with}，请看说明")
    kept = sum(bool(row.kept) for row in plan.rows)
    if kept:
        said.append(f"{kept} 名印表以后台账改过，没有动")
    return said


def _closed(_key: str) -> None:
    """A list was looked at; there is nothing to choose."""
