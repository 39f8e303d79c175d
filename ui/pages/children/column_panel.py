"""选择列: which columns the ledger shows."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from ui import theme
from ui.pages.children.columns import ALL_COLUMNS, ALWAYS, USUAL
from ui.theme import Tone, Type
from ui.widgets import CheckBox, Kind, Link, Panel, Text, Verb
from ui.widgets.layout import row

_ACROSS = 4


class ColumnPanel(Panel):
    """A tick per column; `chosen_keys` after 就用这些, () when they are the usual ones."""

    def __init__(self, parent: QWidget | None, shown: Iterable[str]) -> None:
        m = theme.metrics()
        verbs = [Verb("stay", "先不动"), Verb("use", "就用这些列", Kind.FILLED)]
        super().__init__(parent, "台账显示哪些列？", verbs, width=m.form_most, focus_content=True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(m.s16)
        grid.setVerticalSpacing(0)
        self.boxes: dict[str, CheckBox] = {}
        present = set(shown)
        rows = -(-len(ALL_COLUMNS) // _ACROSS)
        for place, column in enumerate(ALL_COLUMNS):
            box = CheckBox(column.head, checked=column.key in present or column.key == ALWAYS)
            box.setEnabled(column.key != ALWAYS)
            self.boxes[column.key] = box
            grid.addWidget(box, place % rows, place // rows, Qt.AlignmentFlag.AlignLeft)
        self.box.addLayout(grid)
        self.box.addSpacing(m.s8)
        self.usual = Link("恢复平常的列", self._usual, kind=Type.SMALL)
        self.box.addLayout(row(-m.s4, self.usual, None))
        self.box.addWidget(Text("姓名总是显示。宽不下的列在表里往右翻。", Type.SMALL, Tone.INK2))

    @property
    def chosen_keys(self) -> tuple[str, ...]:
        """The ticked columns in the order of the list; () for the usual ones."""
        keys = tuple(key for key, box in self.boxes.items() if box.isChecked())
        return () if keys == USUAL else keys

    def _usual(self) -> None:
        for key, box in self.boxes.items():
            box.setChecked(key in USUAL)
