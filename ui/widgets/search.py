"""The search field."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget
from typing_extensions import override

from ui import theme
from ui.theme import Tone
from ui.widgets import paint
from ui.widgets.field import is_undo_key


class SearchField(QLineEdit):
    """Filters while typing: `changed(text)`. Esc empties, a second Esc leaves (`left`).

    Enter and ↓ hand the focus on (`entered`). `wait` milliseconds after the last key can be asked for
    when every keystroke would start a job.
    """

    changed = Signal(str)
    entered = Signal()
    left = Signal()

    def __init__(self, hint: str, *, wait: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "search")
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setFixedWidth(theme.metrics().search)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(wait)
        self._pause.timeout.connect(self._tell)
        self._last = ""
        self._clear = QToolButton(self)
        self._clear.setIcon(theme.icon("dismiss"))
        self._clear.setToolTip("清空（Esc）")
        self._clear.setAccessibleName("清空")
        self._clear.setAutoRaise(True)
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._clear.setCursor(Qt.CursorShape.ArrowCursor)
        self._clear.setProperty("look", "mark")
        self._clear.clicked.connect(self.clear)
        self._clear.hide()
        self.textChanged.connect(self._typed)

    def _typed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self.setTextMargins(0, 0, theme.metrics().s24 if text else 0, 0)
        if self._pause.interval():
            self._pause.start()
        else:
            self._tell()

    def _tell(self) -> None:
        if self.text() != self._last:
            self._last = self.text()
            self.changed.emit(self._last)

    @override
    def event(self, event: QEvent) -> bool:
        if not self.text() and is_undo_key(event):
            event.ignore()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.clearFocus()
                self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self._pause.stop()
            self._tell()
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = self.height() - theme.metrics().s8
        self._clear.setGeometry(self.width() - side - theme.metrics().s4, theme.metrics().s4, side, side)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        m = theme.metrics()
        with QPainter(self) as painter:
            spot = QRect(m.s8, 0, m.icon_small, self.height())
            paint.draw_icon(painter, "search", spot, Tone.ACCENT if self.hasFocus() else Tone.INK2)
