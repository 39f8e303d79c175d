"""Words that may be longer than their place, to be read with the keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLayout, QWidget
from typing_extensions import override

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
            paint.draw_ring(QPainter(self.viewport()), self.viewport().rect())
