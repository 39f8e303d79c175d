"""What every section of the settings is: a column of rows that loads itself and saves each value on leaving it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import theme
from ui.context import Context
from ui.theme import Tone, Type
from ui.widgets import Text


class Section(QWidget):
    """One section. `load()` asks the store and shows the answer; build the rows into `self.box`."""

    def __init__(self, context: Context, title: str, sentence: str) -> None:
        super().__init__()
        m = theme.metrics()
        self.context = context
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(m.s24, m.s16, m.s24, m.s24)
        self.box.setSpacing(m.s4)
        self.box.addWidget(Text(title, Type.SECTION))
        self.box.addWidget(Text(sentence, Type.SMALL, Tone.INK2, wrap=True))
        self.box.addSpacing(m.s8)

    def load(self) -> None:
        """Ask the store for what the section shows."""
