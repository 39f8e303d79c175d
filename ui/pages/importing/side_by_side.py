"""A table and beside it the pane of its current row; in a narrow window one stands in the other's place."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.theme import Tone, Type
from ui.widgets import (
    Button,
    DataTable,
    Kind,
    Pager,
    Rule,
    Scroll,
    Text,
    column,
    empty_out,
    holder,
    row,
)
from ui.widgets.cell import row_uuid

_ANY_WIDTH = 16_777_215


class SideBySide(QWidget):
    """`above` and the table at the left; at the right `body`, filled by `begin_row`, and `decide` below it.

    `table.opened` goes into the pane. Emits `closed` when a narrow window is back at its table.
    """

    closed = Signal()

    def __init__(
        self,
        above: QWidget,
        table: DataTable,
        decide: QWidget | None = None,
        *,
        key: Callable[[Any], Hashable] = row_uuid,
    ) -> None:
        super().__init__()
        self._key = key
        self._narrow = False
        self._first: Callable[[], QWidget | None] | None = None
        self.table = table
        self._where = Text("", Type.SMALL, Tone.INK2)
        self._pager = Pager("上一行（Ctrl+PgUp）", "下一行（Ctrl+PgDn）")
        self._pager.previous.connect(self._previous)
        self._pager.next.connect(self._next)
        self._back = Button("回到表", self.close_pane, icon="chevron_left", kind=Kind.BARE, small=True)
        self._back.hide()
        self.body = Scroll()
        m = theme.metrics()
        top = row(self._back, self._where, None, self._pager, margins=(m.s16, m.s8, m.s8, m.s4))
        parts: list[QWidget] = [self.body] if decide is None else [self.body, Rule(), decide]
        self.pane = holder(column(top, *parts))
        self.pane.setFixedWidth(m.side)
        self.left = holder(column(above, table))
        self._line = Rule(upright=True)
        self._box = row(self.left, self._line, self.pane)
        self._box.setStretch(0, 1)
        self.setLayout(self._box)
        table.opened.connect(self._open_row)

    def enter_pane_at(self, first: Callable[[], QWidget | None]) -> None:
        """Where the keyboard goes when a row is opened."""
        self._first = first

    # ---- one row

    def begin_row(self, head: str, *sentences: str, noun: str = "行") -> None:
        """Empty the pane and write its head: what the row is, and what is to be said of it."""
        m = theme.metrics()
        empty_out(self.body.box)
        self.body.verticalScrollBar().setValue(0)
        self.say_place(noun)
        lines = [Text(words, Type.SMALL, Tone.INK2, wrap=True) for words in sentences if words]
        self.body.box.addLayout(
            column(Text(head, Type.SECTION, wrap=True), *lines, gap=m.s4, margins=(m.s16, 0, m.s16, m.s12))
        )

    def clear(self) -> None:
        """No row."""
        empty_out(self.body.box)
        self._where.setText("")
        self._pager.hide()

    def say_place(self, noun: str) -> None:
        """第 2 行待处理，共 6 行."""
        count, place = len(self.table.rows), self.table.current_place()
        self._pager.setVisible(bool(count))
        self._where.setText(f"第 {place + 1} {noun}，共 {count} 行")
        self._pager.set_words("", first=place <= 0, last=place >= count - 1)

    def part(self, words: str) -> None:
        """A head over what follows in the pane."""
        m = theme.metrics()
        self.body.box.addWidget(Rule())
        self.body.box.addLayout(row(Text(words, bold=True), margins=(m.s16, m.s8, m.s16, m.s4)))

    def line(self, widget: QWidget) -> None:
        """A row of a form in the pane."""
        m = theme.metrics()
        self.body.box.addLayout(row(widget, margins=(m.s16, m.s2, m.s16, m.s4)))

    def cells(self, cells: Sequence[tuple[str, str]]) -> None:
        """表里写的: every filled cell under its own header."""
        m = theme.metrics()
        self.part("表里写的")
        for header, text in cells:
            label = Text(header, Type.SMALL, Tone.INK2, wrap=True)
            label.setFixedWidth(m.value_at + m.s16)
            words = Text(text, wrap=True)
            line = row(label, words, gap=m.s8, margins=(m.s16, m.s2, m.s16, m.s2))
            line.setStretchFactor(words, 1)
            self.body.box.addLayout(line)

    # ---- keys

    def step(self, by: int) -> None:
        """Ctrl+PgUp / Ctrl+PgDn: the row before or after."""
        rows, place = self.table.rows, self.table.current_place() + by
        if 0 <= place < len(rows):
            self.table.set_current(self._key(rows[place]))

    def _previous(self) -> None:
        self.step(-1)

    def _next(self) -> None:
        self.step(1)

    # ---- narrow

    def set_narrow(self, narrow: bool) -> None:
        """In a narrow window the pane takes the table's place when a row is opened."""
        self._narrow = narrow
        self._back.setVisible(narrow)
        if narrow:
            self.pane.setMinimumWidth(0)
            self.pane.setMaximumWidth(_ANY_WIDTH)
        else:
            self.pane.setFixedWidth(theme.metrics().side)
        self._box.setStretch(2, int(narrow))
        self._line.setVisible(not narrow)
        self.left.show()
        self.pane.setVisible(not narrow)

    def _open_row(self, _row: object) -> None:
        if self._narrow:
            self.left.hide()
            self.pane.show()
        first = self._first() if self._first is not None else None
        (first or self.body).setFocus()

    def close_pane(self) -> None:
        """Back to the table."""
        self.left.show()
        self.pane.setVisible(not self._narrow)
        self.table.setFocus()
        self.closed.emit()

    def left_pane(self) -> bool:
        """Esc in a narrow window: back to the table first; False when the table is there already."""
        if not self._narrow or self.left.isVisible():
            return False
        self.close_pane()
        return True
