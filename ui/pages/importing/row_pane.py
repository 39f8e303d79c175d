"""The pane beside the table: why a row waits, or what it will write; doubtful cells can be put right here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.children.roster.cells import ShownCell, can_fix, name_place, place_of, row_cells
from app.children.roster.compare import ComparedField
from app.children.roster.draft import Mark
from app.children.roster.model import (
    Decision,
    FieldChange,
    ParkedCode,
    PlannedRow,
    Resolution,
    RowResult,
    SheetMapping,
)
from app.children.roster.reading.text import cell_text
from app.children.roster.sheet import address
from app.children.roster.since_print import BOTH_CHANGED
from ui import theme
from ui.pages.importing.pane import DROP, LATER, Comparison, Decide, asks_about, verbs_of
from ui.pages.importing.rows_table import TONE_OF, own_detail
from ui.pages.importing.session import RowKey, key_of
from ui.theme import Tone, Type
from ui.widgets import (
    Button,
    FormRow,
    Kind,
    Link,
    Pager,
    QuietField,
    Rule,
    Scroll,
    Tag,
    Text,
    column,
    empty_out,
    holder,
    row,
)
from ui.widgets.slices import Slices

_STAYS = "放着的行不会丢，写入后仍在「待处理」清单里。"
_DECIDED = {
    Resolution.SAME_PERSON: "已定：是同一人，更新台账。",
    Resolution.ADDED: "已定：加为新的一名。",
    Resolution.DROPPED: "已定：这一行不导入。",
}


def _checked_words(planned: PlannedRow) -> str:
    """When and by whom the facts were checked; a day without its year beside what was written."""
    day, who = planned.checked or ("", "")
    written = f"（写的是 {planned.check_written}，没有写年份）" if planned.check_written else ""
    return f"核实：{day}{written}{'，' if who else ''}{who}"


class RowPane(QWidget):
    """`show_row(…)` shows one planned row; `show_comparison(fields)` brings the other side when it was read.

    Emits `decided(verb, child_uuid)`, `undecided()`, `fixed(row, column, text)` of what was typed, `answered(row, column,
    text)` of a side that was chosen, `candidate_chosen(uuid)`, and
    `previous` / `next` of its pager, `closed` in a narrow window.
    """

    decided = Signal(str, str)
    undecided = Signal()
    fixed = Signal(int, int, str)
    answered = Signal(int, int, str)
    candidate_chosen = Signal(str)
    previous = Signal()
    next = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        m = theme.metrics()
        self._where = Text("", Type.SMALL, Tone.INK2)
        self._pager = Pager("上一行（Ctrl+PgUp）", "下一行（Ctrl+PgDn）")
        self._pager.previous.connect(self.previous)
        self._pager.next.connect(self.next)
        self._back = Button("回到表", self.closed.emit, icon="chevron_left", kind=Kind.BARE, small=True)
        self._back.hide()
        self.fields: dict[tuple[int, int], QuietField] = {}
        self._shown: RowKey | None = None
        self._body = Scroll()
        self._slices = Slices(self)
        self._comparison: Comparison | None = None
        self.drop = Button("这一行不导入", partial(self.decided.emit, DROP, ""))
        self.decide = Decide(self.drop)
        self.decide.decided.connect(self.decided)
        self.decide.candidate_chosen.connect(self.candidate_chosen)
        self._rule = Rule()
        top = row(self._back, self._where, None, self._pager, margins=(m.s16, m.s8, m.s8, m.s4))
        self.setLayout(column(top, self._body, self._rule, self.decide))
        self.clear()

    @property
    def shown_comparison(self) -> Comparison | None:
        """The two sides, when the row shown has them."""
        return self._comparison

    def set_narrow(self, narrow: bool) -> None:
        """In a narrow window the pane stands in the table's place and leads back to it."""
        self._back.setVisible(narrow)
        self.decide.set_narrow(narrow)

    def clear(self) -> None:
        """Nothing to show."""
        self._empty()
        self._where.setText("")
        self._pager.hide()
        self._show_decide(False)

    def set_place(self, place: int, count: int, words: str) -> None:
        """第 2 行待处理，共 6 行."""
        self._pager.show()
        self._where.setText(words)
        self._pager.set_words("", first=place <= 0, last=place >= count - 1)

    def show_comparison(self, fields: Sequence[ComparedField]) -> None:
        """The other side has been read."""
        if self._comparison is not None:
            self._comparison.show_fields(fields)

    # ---- one row

    def show_row(self, planned: PlannedRow, mapping: SheetMapping, decision: Decision | None) -> None:
        """Show what is known about a row; what is being typed about the very same row stays."""
        kept = self._being_typed() if self._shown == key_of(planned) else None
        self._empty()
        self._shown = key_of(planned)
        m = theme.metrics()
        box = self._body.box
        parked = planned.result is RowResult.PARKED
        box.addLayout(self._head(planned))
        if decision is not None:
            line = row(
                Text(_DECIDED[decision.resolution], Type.SMALL, Tone.GREEN, wrap=True),
                Link("改主意", self.undecided.emit, kind=Type.SMALL),
                None,
                gap=m.s8,
                margins=(m.s16, 0, m.s16, m.s8),
            )
            box.addLayout(line)
        if parked:
            self._show_parked(planned, mapping)
        else:
            self._show_written(planned, mapping)
            self._show_decide(False)
        box.addStretch(1)
        if kept is not None and kept[0] in self.fields:
            field = self.fields[kept[0]]
            field.setText(kept[1])
            field.setFocus()

    def _being_typed(self) -> tuple[tuple[int, int], str] | None:
        typed = ((place, field.text()) for place, field in self.fields.items() if field.hasFocus())
        return next(typed, None)

    @property
    def has_typing(self) -> bool:
        """True while the keyboard is in one of its fields."""
        return self._being_typed() is not None

    def _head(self, planned: PlannedRow) -> QLayout:
        m = theme.metrics()
        asked = ""
        if planned.code is ParkedCode.MAYBE_GONE:
            asked = f"{planned.name}还在校吗？"
        elif planned.code is ParkedCode.MAYBE_SAME_PERSON and planned.candidates:
            asked = f"是同一个{planned.name}吗？"
        head = Text(asked or planned.name or "没有写姓名的一行", Type.SECTION, wrap=True)
        top = row(head, Tag(planned.result.label, TONE_OF[planned.result]), gap=m.s8)
        top.setStretchFactor(head, 1)
        words = column(top, gap=m.s4, margins=(m.s16, 0, m.s16, m.s12))
        # What would be changed stands below, value by value.
        for text in () if planned.changes else (planned.reason, own_detail(planned)):
            if text:
                words.addWidget(Text(text, Type.SMALL, Tone.INK2, wrap=True))
        if planned.kept:
            words.addWidget(Text(planned.kept, Type.SMALL, Tone.INK2, wrap=True))
        if planned.checked is not None:
            words.addWidget(Text(_checked_words(planned), Type.SMALL, Tone.INK2, wrap=True))
        return words

    def _show_parked(self, planned: PlannedRow, mapping: SheetMapping) -> None:
        place = self._place_to_fix(planned, mapping)
        if asks_about(planned.code):
            if planned.candidates:
                self._comparison = Comparison()
                self._body.box.addWidget(self._comparison)
            else:
                self._show_cells(planned, mapping)
            self._offer(planned)
            return
        if place is not None:
            words = "补上姓名" if planned.code is ParkedCode.NO_NAME else "原件上的号码"
            self._add_fix(mapping, place, words, cell_text(mapping.sheet.cell(*place)))
        self._show_cells(planned, mapping)
        self._show_decide(False)

    def _offer(self, planned: PlannedRow) -> None:
        in_bin = any(child.in_bin for child in planned.candidates)
        self.drop.setVisible(planned.code is ParkedCode.MAYBE_GONE)
        if in_bin:
            self.decide.offer(
                planned.candidates,
                note="先到「备份」的回收站取回这名儿童，再核对一遍。" + _STAYS,
                verbs={LATER: ""},
            )
        else:
            verbs = verbs_of(planned.code, planned.candidates)
            self.decide.offer(planned.candidates, note=_STAYS, verbs=verbs)
        self._show_decide(True)

    @staticmethod
    def _place_to_fix(planned: PlannedRow, mapping: SheetMapping) -> tuple[int, int] | None:
        if planned.code is ParkedCode.NO_NAME:
            return name_place(mapping, planned.row)
        return place_of(planned.address)

    def _show_written(self, planned: PlannedRow, mapping: SheetMapping) -> None:
        for mark in planned.marks:
            self._show_mark(mark, mapping)
        if planned.changes:
            self._head_of_part("将改成")
            for change in planned.changes:
                self._body.box.addWidget(self._change(change))
        self._show_cells(planned, mapping)

    def _show_mark(self, mark: Mark, mapping: SheetMapping) -> None:
        m = theme.metrics()
        where = " ".join(part for part in (mark.address, mark.column) if part)
        words = f"{where}：{mark.reason}" if where else mark.reason
        note = Text(words, Type.SMALL, Tone.OCHRE, wrap=True)
        self._body.box.addLayout(row(note, margins=(m.s16, m.s4, m.s16, m.s2)))
        place = place_of(mark.address)
        if place is not None and can_fix(mapping.sheet, *place):
            # What is left of a destroyed number is no beginning of the right one.
            text = "" if mark.code == "id_destroyed" else cell_text(mapping.sheet.cell(*place))
            if mark.code == BOTH_CHANGED:
                self._offer_sides(place, text)
            self._add_fix(mapping, place, "改成", text)

    def _offer_sides(self, place: tuple[int, int], on_sheet: str) -> None:
        """Both have changed it: a blank cell leaves the ledger as it is, the sheet's own text answered is written."""
        m = theme.metrics()
        ledger = Link("台账的对，不改", partial(self.answered.emit, *place, ""), kind=Type.SMALL)
        sheet = Link("表上的对，照表改", partial(self.answered.emit, *place, on_sheet), kind=Type.SMALL)
        self._body.box.addLayout(row(ledger, sheet, None, gap=m.s8, margins=(m.s12, 0, m.s16, m.s4)))

    def _add_fix(self, mapping: SheetMapping, place: tuple[int, int], label: str, text: str) -> None:
        """A field for one cell of the row; what is typed goes over the cell, the file stays as it is."""
        if place in self.fields or not can_fix(mapping.sheet, *place):
            return
        m = theme.metrics()
        field = QuietField(quiet=False, hint="照原件填写")
        field.set_value(text)
        field.saved.connect(partial(self._fix_saved, place))
        field.setToolTip(f"只改这次导入读到的 {address(*place)}，原来的文件不动。")
        self.fields[place] = field
        line = FormRow(label, field, label_width=m.value_at + m.s16 + m.s16)
        self._body.box.addLayout(row(line, margins=(m.s16, 0, m.s16, m.s8)))

    def _fix_saved(self, place: tuple[int, int], text: str, _as_is: bool) -> None:
        self.fixed.emit(*place, text)

    def _change(self, change: FieldChange) -> QWidget:
        m = theme.metrics()
        label = Text(change.label, Type.SMALL, Tone.INK2, wrap=True)
        label.setFixedWidth(m.value_at + m.s16)
        said = column(Text(f"{change.before or '（空）'} → {change.after}", wrap=True))
        if change.since:
            said.addWidget(Text(f"自 {change.since} 起", Type.SMALL, Tone.INK2))
        box = row(label, said, gap=m.s8, margins=(m.s16, m.s4, m.s16, m.s4))
        box.setStretchFactor(said, 1)
        return holder(box)

    def _show_cells(self, planned: PlannedRow, mapping: SheetMapping) -> None:
        self._head_of_part("表里写的")
        box = column()
        self._body.box.addLayout(box)
        self._slices.begin(self._each_cell(row_cells(mapping, planned.row), box))

    def _each_cell(self, cells: Sequence[ShownCell], box: QVBoxLayout) -> Iterator[None]:
        """What the file says is only read, below all that asks for something: forty columns come a few at a time."""
        m = theme.metrics()
        for cell in cells:
            yield
            label = Text(cell.header, Type.SMALL, Tone.INK2, wrap=True)
            label.setFixedWidth(m.value_at + m.s16)
            tone = Tone.INK if cell.imported else Tone.INK3
            words = Text(cell.text if cell.imported else f"{cell.text}（不读）", tone=tone, wrap=True)
            line = row(label, words, gap=m.s8, margins=(m.s16, m.s2, m.s16, m.s2))
            line.setStretchFactor(words, 1)
            box.addLayout(line)

    def _head_of_part(self, words: str) -> None:
        m = theme.metrics()
        self._body.box.addWidget(Rule())
        self._body.box.addLayout(row(Text(words, bold=True), margins=(m.s16, m.s8, m.s16, m.s4)))

    # ---- small

    def _empty(self) -> None:
        self._comparison, self._shown = None, None
        self.fields = {}
        self._slices.begin(iter(()))
        empty_out(self._body.box)
        self._body.verticalScrollBar().setValue(0)

    def _show_decide(self, on: bool) -> None:
        self._rule.setVisible(on)
        self.decide.setVisible(on)

    @override
    def setFocus(self) -> None:  # type: ignore[override]
        if self.decide.isVisible():
            # The safe one: a second Enter decides nothing.
            self.decide.buttons[LATER].setFocus()
        elif self.fields:
            next(iter(self.fields.values())).setFocus()
