"""待处理清单: the rows earlier imports left waiting; put right here and decided one by one."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.children.roster.compare import ComparedField, compare_row
from app.children.roster.model import Candidate, ParkedCode, PlannedRow, Resolution
from app.children.roster.parked import WaitingRow, preview_parked, resolve_parked
from app.core.errors import ShouwangError, UserError
from app.storage.drafts import Draft
from app.storage.store import Store
from ui import theme
from ui.context import Context
from ui.drafts import About, Form, Keeping, RowDrafts
from ui.drafts.note import DraftNote
from ui.pages.importing.pane import (
    ADDED,
    LATER,
    RESOLUTION_OF,
    SAME,
    Comparison,
    Decide,
    verbs_of,
)
from ui.theme import Tone, Type
from ui.widgets import (
    Button,
    Cell,
    Column,
    DataTable,
    EmptyState,
    FilterBar,
    FormRow,
    Kind,
    Pager,
    QuietField,
    Rule,
    Scroll,
    Sheet,
    Text,
    column,
    empty_out,
    holder,
    row,
)

_WORDS_OF = {
    ParkedCode.NO_NAME: "没有写姓名",
    ParkedCode.DUPLICATE_NUMBER: "号码重复",
    ParkedCode.MAYBE_SAME_PERSON: "可能是同一人",
    ParkedCode.MAYBE_GONE: "可能已不在校",
}
_FIELDS = ("child.name", "child.id_number", "child.student_registry_no", "class.name")
_LABELS = {
    "child.name": "姓名",
    "child.id_number": "身份证号",
    "child.student_registry_no": "学籍号",
    "class.name": "班级",
}


def _text_of(waiting: WaitingRow, target: str) -> str:
    return next((text for _, found, text in waiting.cells if found == target), "")


def _name_of(waiting: WaitingRow) -> Cell:
    name = _text_of(waiting, "child.name")
    return Cell(
        name or "（没有写）",
        Tone.INK if name else Tone.OCHRE,
        bold=True,
        second=_text_of(waiting, "class.name") or _text_of(waiting, "class.grade"),
    )


def _why(waiting: WaitingRow) -> Cell:
    return Cell(waiting.reason, second=f"{waiting.sheet} 第 {waiting.row} 行，{waiting.file_name}")


def _number(waiting: WaitingRow) -> Cell:
    number = _text_of(waiting, "child.id_number")
    return Cell(number or "（空）", Tone.INK if number else Tone.INK3)


def _kind(waiting: WaitingRow) -> Cell:
    return Cell(_WORDS_OF[waiting.code], Tone.OCHRE, tag=True)


def _columns() -> list[Column]:
    return [
        Column("name", "姓名", _name_of, "买买提·阿卜杜热西提"),
        Column("number", "身份证号", _number, "500000201606150008"),
        Column("kind", "为什么等着", _kind, "可能是同一人　"),
        Column("why", "原因，从哪里来", _why, "台账里没有这个证件号，另有 12 处"),
    ]


def look_closer(store: Store, uuid: str, child_uuid: str) -> tuple[PlannedRow, tuple[ComparedField, ...]]:
    """Return how the row stands now, and both sides of the child it may be (the first one when none is named)."""
    planned = preview_parked(store, uuid, resolution=Resolution.DROPPED)
    chosen = child_uuid or next((child.uuid for child in planned.candidates), "")
    return planned, compare_row(store, planned.raw, chosen) if chosen else ()


class ParkedStep(Sheet):
    """Its rows come from `show_rows`; every decision is written at once and can be undone."""

    ledger_pressed = Signal()
    import_pressed = Signal()
    counted = Signal(int)

    def __init__(self, context: Context) -> None:
        super().__init__()
        m = theme.metrics()
        self._context = context
        self._narrow = False
        self._latest = context.jobs.latest(self)
        self._waiting: WaitingRow | None = None
        self.fields: dict[str, QuietField] = {}
        self._kept = RowDrafts(context, self._filled, self)
        self._comparison: Comparison | None = None
        self.table = DataTable(_columns(), two_lines=True, tint_current=True)
        self.table.current_changed.connect(self._show_row)
        self.table.opened.connect(self._open_row)
        self._count = Text("", bold=True)
        self.bar = FilterBar(self._count, None, Text("每定一行就写入一行，可以撤销。", Type.SMALL, Tone.INK2))
        self._left = holder(column(self.bar, self.table))
        self._where = Text("", Type.SMALL, Tone.INK2)
        self._pager = Pager("上一行（Ctrl+PgUp）", "下一行（Ctrl+PgDn）")
        self._pager.previous.connect(partial(self.step, -1))
        self._pager.next.connect(partial(self.step, 1))
        self._back = Button("回到表", self._close_pane, icon="chevron_left", kind=Kind.BARE, small=True)
        self._back.hide()
        self._body = Scroll()
        self._drop = Button("这一行不导入", self._drop_row, kind=Kind.DANGER)
        self.decide = Decide(self._drop)
        self.decide.decided.connect(self._decided)
        self.decide.candidate_chosen.connect(self._look)
        top = row(self._back, self._where, None, self._pager, margins=(m.s16, m.s8, m.s8, m.s4))
        self.pane = holder(column(top, self._body, Rule(), self.decide))
        self.pane.setFixedWidth(m.side)
        self._empty = EmptyState(
            "没有待处理的行",
            "导入时放着的行都处理完了。",
            link="去台账",
            on_link=self.ledger_pressed.emit,
        )
        self._empty.hide()
        self._line = Rule(upright=True)
        self._parts = row(self._left, self._line, self.pane)
        self._parts.setStretch(0, 1)
        self._all = holder(self._parts)
        self.box.addWidget(self._all, 1)
        self.box.addWidget(self._empty, 1)

    # ---- the list

    def show_rows(self, rows: list[WaitingRow]) -> None:
        """Show these; the row that took the place of a decided one is next."""
        place = self.table.current_place()
        before = self.table.current_row()
        self.table.set_rows(rows)
        keys = [waiting.uuid for waiting in rows]
        if rows and before is not None and before.uuid not in keys and place > 0:
            self.table.set_current(keys[min(place, len(keys) - 1)])
        self._count.setText(f"待处理 {len(rows)} 行")
        self._all.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        current = self.table.current_row()
        if current is not None and current == self._waiting:
            # Something else was changed: what is being typed here stays.
            self._say_place()
            self._look(self.decide.child_uuid)
        elif current is not None:
            self._show_row(current)
        self._context.drafts.reopen({Form.WAITING_ROW: self._again})
        self.counted.emit(len(rows))

    def _again(self, draft: Draft) -> None:
        """接着写: at the row about which something was left."""
        if self._waiting is not None and self._waiting.uuid == draft.record:
            self._show_row(self._waiting)
        elif any(one.uuid == draft.record for one in self.table.rows):
            self.table.set_current(draft.record)
        else:
            self._context.navigation.toast("这一行已经处理完了，草稿还留着")

    def _filled(self) -> None:
        self.fields["child.name"].setFocus()

    def step(self, by: int) -> None:
        """Ctrl+PgUp / Ctrl+PgDn."""
        rows, place = self.table.rows, self.table.current_place() + by
        if 0 <= place < len(rows):
            self.table.set_current(rows[place].uuid)

    # ---- one row

    def _show_row(self, waiting: WaitingRow) -> None:
        m = theme.metrics()
        self._kept.put_by()
        self._waiting = waiting
        self._comparison = None
        self.fields = {}
        empty_out(self._body.box)
        self._say_place()
        box = self._body.box
        name = _text_of(waiting, "child.name")
        same = waiting.code is ParkedCode.MAYBE_SAME_PERSON
        gone = waiting.code is ParkedCode.MAYBE_GONE
        head = f"是同一个{name}吗？" if same else f"{name}还在校吗？" if gone else name or "没有写姓名的一行"
        box.addLayout(
            column(
                Text(head, Type.SECTION, wrap=True),
                Text(waiting.reason, Type.SMALL, Tone.INK2, wrap=True),
                Text(f"数据日期 {waiting.data_date}", Type.SMALL, Tone.INK2),
                gap=m.s4,
                margins=(m.s16, 0, m.s16, m.s12),
            )
        )
        if same or (gone and waiting.child_uuid):
            self._comparison = Comparison()
            box.addWidget(self._comparison)
        self._add_fields(waiting, name)
        self._add_cells(waiting)
        box.addStretch(1)
        self._offer(waiting.code, ())
        self._look("")

    def _say_place(self) -> None:
        rows, place = self.table.rows, self.table.current_place()
        self._where.setText(f"第 {place + 1} 行待处理，共 {len(rows)} 行")
        self._pager.set_words("", first=place <= 0, last=place >= len(rows) - 1)

    def _add_fields(self, waiting: WaitingRow, name: str) -> None:
        m = theme.metrics()
        self._part("补上或改正")
        note = DraftNote()
        self._body.box.addLayout(row(note, margins=(m.s16, 0, m.s16, m.s4)))
        for target in _FIELDS:
            field = QuietField(quiet=False, hint="照原件填写")
            field.set_value(_text_of(waiting, target))
            self.fields[target] = field
            self._body.box.addLayout(row(FormRow(_LABELS[target], field), margins=(m.s16, m.s2, m.s16, m.s4)))
        about = About(
            Form.WAITING_ROW, waiting.uuid, f"待处理：{name or '没有写姓名的一行'}", where={"parked": "yes"}
        )
        self._kept.show(about, self.fields, note)

    def _add_cells(self, waiting: WaitingRow) -> None:
        m = theme.metrics()
        self._part("表里写的")
        for header, _, text in waiting.cells:
            label = Text(header, Type.SMALL, Tone.INK2, wrap=True)
            label.setFixedWidth(m.value_at + m.s16)
            words = Text(text, wrap=True)
            line = row(label, words, gap=m.s8, margins=(m.s16, m.s2, m.s16, m.s2))
            line.setStretchFactor(words, 1)
            self._body.box.addLayout(line)

    def _part(self, words: str) -> None:
        m = theme.metrics()
        self._body.box.addWidget(Rule())
        self._body.box.addLayout(row(Text(words, bold=True), margins=(m.s16, m.s8, m.s16, m.s4)))

    def _look(self, child_uuid: str) -> None:
        if self._waiting is None:
            return
        self._latest.run(
            look_closer,
            self._context.store,
            self._waiting.uuid,
            child_uuid,
            on_done=self._looked,
            on_error=self._not_looked,
        )

    def _looked(self, answer: tuple[PlannedRow, tuple[ComparedField, ...]]) -> None:
        planned, fields = answer
        if self._comparison is not None:
            self._comparison.show_fields(fields)
        self._offer(planned.code, planned.candidates)

    def _not_looked(self, error: BaseException) -> None:
        if not (isinstance(error, UserError) and error.key == "import.parked_gone"):
            self._context.errors.show(error)

    def _offer(self, code: ParkedCode | None, found: tuple[Candidate, ...]) -> None:
        same, in_bin = code is ParkedCode.MAYBE_SAME_PERSON, any(child.in_bin for child in found)
        note = "回收站里的儿童，请先取回再定。" if in_bin else ""
        verbs = {ADDED: "不是，加为新的一名" if same else "加为新的一名", LATER: "先放着，以后再定"}
        if code is ParkedCode.MAYBE_GONE:
            verbs = verbs_of(code, found)
            note = "不在校了，就按「这一行不导入」；台账里有这名儿童的，再到档案里办退出。"
        elif found and not in_bin:
            verbs = {SAME: "是同一人，更新台账", **verbs}
        self.decide.offer(found, note=note, verbs=verbs)

    # ---- decisions

    def _fixes(self) -> dict[str, str]:
        if self._waiting is None:
            return {}
        return {
            target: field.text().strip()
            for target, field in self.fields.items()
            if field.text().strip() != _text_of(self._waiting, target)
        }

    def _decided(self, verb: str, child_uuid: str) -> None:
        if self._waiting is None:
            return
        if verb == LATER:
            self.step(1)
            self.table.setFocus()
            return
        self._resolve(RESOLUTION_OF[verb], child_uuid or None)

    def _drop_row(self) -> None:
        self._resolve(Resolution.DROPPED, None)

    def _resolve(self, resolution: Resolution, child_uuid: str | None) -> None:
        if self._waiting is None:
            return
        self._enable(on=False)
        self._context.write(
            resolve_parked,
            self._waiting.uuid,
            resolution=resolution,
            child_uuid=child_uuid,
            fixes=self._fixes() or None,
            toast=True,
            on_done=partial(self._resolved, self._kept.keeping),
            on_error=self._not_resolved,
        )

    def _resolved(self, sent: Keeping | None, _changes: object) -> None:
        self._kept.done(sent)
        self._enable(on=True)
        self.table.setFocus()

    def _not_resolved(self, error: BaseException) -> None:
        self._enable(on=True)
        if isinstance(error, ShouwangError) and error.key == "import.parked_needs":
            first = "child.name" if not self.fields["child.name"].text().strip() else "child.id_number"
            self.fields[first].setFocus()
        self._context.errors.show(error)

    def _enable(self, *, on: bool) -> None:
        for button in (*self.decide.buttons.values(), self._drop):
            button.setEnabled(on)

    # ---- narrow, keys

    def set_narrow(self, narrow: bool) -> None:
        """In a narrow window the pane takes the table's place when a row is opened."""
        self._narrow = narrow
        self._back.setVisible(narrow)
        if narrow:
            self.pane.setMinimumWidth(0)
            self.pane.setMaximumWidth(_ANY_WIDTH)
        else:
            self.pane.setFixedWidth(theme.metrics().side)
        self._parts.setStretch(2, int(narrow))
        self._line.setVisible(not narrow)
        self.decide.set_narrow(narrow)
        self._left.show()
        self.pane.setVisible(not narrow)

    def _open_row(self, _row: WaitingRow) -> None:
        if self._narrow:
            self._left.hide()
            self.pane.show()
        first = self.fields.get("child.name")
        target: QWidget = self.decide.buttons[ADDED] if first is None else first
        target.setFocus()

    def _close_pane(self) -> None:
        self._left.show()
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
        self.table.setFocus()


_ANY_WIDTH = 16_777_215
