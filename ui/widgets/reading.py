"""Words that may be longer than their place, to be read with the keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLayout, QWidget
from typing_extensions import override

from ui import theme
from ui.widgets import paint
from ui.widgets.surface import Scroll


class Reading(Scroll):
    """A scrolling part: focused, it is moved by ↑↓ and the page keys, with a ring. `name` is what it is read as."""

    def __init__(
        self,
        name: str,
        *parts: QWidget | QLayout | int | None,
        margins: tuple[int, int, int, int] = (0, 0, 0, 0),
    ) -> None:
        super().__init__(*parts, margins=margins)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)

    @override
    def paintEvent(self, arg__1: QPaintEvent) -> None:
        super().paintEvent(arg__1)
        if self.hasFocus():
            with QPainter(self.viewport()) as painter:
                paint.draw_ring(painter, self.viewport().rect())


def within_room(words: QWidget, name: str, *, width: int, room: int) -> QWidget:
    """Return `words` as they are where they are at most `room` high in this width, else in a `Reading` of that height.

    For the lines of a panel: on a low screen they scroll, and its verbs stay in sight.
    """
    layout = words.layout()
    if layout is None or layout.totalHeightForWidth(width) <= room:
        return words
    reading = Reading(name, words, None, margins=(0, 0, theme.metrics().s12, 0))
    reading.setFixedHeight(room)
    return reading
