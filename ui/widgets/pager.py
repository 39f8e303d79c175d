"""‹ 第 6 名，共 71 名 ›"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.theme import Tone, Type
from ui.widgets.button import Button, Kind
from ui.widgets.layout import row
from ui.widgets.text import Text


class Pager(QWidget):
    """Words between two arrows; `previous` and `next` tell. `set_words(words, first=…, last=…)`."""

    previous = Signal()
    next = Signal()

    def __init__(self, before: str = "上一名（Ctrl+PgUp）", after: str = "下一名（Ctrl+PgDn）") -> None:
        super().__init__()
        self._back = Button("", self.previous.emit, icon="chevron_left", kind=Kind.BARE, tool_tip=before)
        self._words = Text("", Type.SMALL, Tone.INK2)
        self._on = Button("", self.next.emit, icon="chevron_right", kind=Kind.BARE, tool_tip=after)
        self.setLayout(row(self._back, self._words, self._on, gap=theme.metrics().s4))

    def set_words(self, words: str, *, first: bool = False, last: bool = False) -> None:
        self._words.setText(words)
        self._back.setEnabled(not first)
        self._on.setEnabled(not last)
