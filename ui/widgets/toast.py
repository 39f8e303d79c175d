"""The undo toast: the one dark surface, at the foot of the list, ten seconds."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui import theme
from ui.theme import Tone
from ui.widgets import paint
from ui.widgets.layout import row
from ui.widgets.text import Link, Text

LASTS = 10_000
"""Milliseconds."""


class Toast(QWidget):
    """Says what was saved and offers 撤销, or another `verb` (打开文件夹). Laid over `host`; waits while hovered or focused.

    Only what can be taken back, or looked at, was certainly done, and has the tick; other words (why something cannot
    be) have none.
    `lift()` is the height of a bar at the foot of the host that must stay free.
    """

    gone = Signal()

    def __init__(
        self,
        host: QWidget,
        words: str,
        *,
        on_undo: Callable[[], object] | None = None,
        verb: str = "撤销",
        key: str = "Ctrl+Z",
        lasts: int = LASTS,
        lift: Callable[[], int] | None = None,
    ) -> None:
        super().__init__(host)
        self._lift = lift
        m = theme.metrics()
        mark = Text()
        mark.setPixmap(theme.pixmap("info" if on_undo is None else "checkmark", Tone.PAPER))
        parts: list[QWidget | int | None] = [mark, m.s8, Text(words, tone=Tone.PAPER), m.s32, None]
        self._undo = on_undo
        if on_undo is not None:
            self.link = Link(verb, self._press, tone=Tone.TOAST_LINK, bold=True)
            self.link.installEventFilter(self)
            parts += [self.link, m.s4, Text(key, tone=Tone.TOAST_LINK, bold=True)] if key else [self.link]
        self.setLayout(row(*parts, margins=(m.s16, 0, m.s16, 0)))
        self.setFixedHeight(m.toast)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(lasts)
        self._timer.timeout.connect(self.leave)
        host.installEventFilter(self)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    def leave(self) -> None:
        """Go away."""
        self._timer.stop()
        self.hide()
        self.gone.emit()
        self.deleteLater()

    def _press(self) -> None:
        self.leave()
        if self._undo is not None:
            self._undo()

    def _place(self) -> None:
        host = self.parentWidget()
        if host is None:
            return
        m = theme.metrics()
        width = min(self.sizeHint().width(), host.width() - 2 * m.s16)
        self.resize(width, m.toast)
        lift = self._lift() if self._lift is not None else 0
        self.move((host.width() - width) // 2, host.height() - m.toast - m.s12 - lift)

    def _pause(self) -> None:
        self._timer.stop()

    def _go_on(self) -> None:
        if not self.underMouse() and not (self._undo is not None and self.link.hasFocus()):
            self._timer.start()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.parentWidget():
            self._place()
        elif event.type() == QEvent.Type.FocusIn:
            self._pause()
        elif event.type() == QEvent.Type.FocusOut:
            self._timer.start()
        return super().eventFilter(watched, event)

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self._pause()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._go_on()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint.draw_box(painter, self.rect(), ground=Tone.TOAST, border=None)
