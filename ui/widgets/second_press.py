"""The second press of a double click on a panel's button: it belongs to the panel, not to what lies behind it."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, QTimer
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QDialog, QPushButton
from typing_extensions import override

_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
_NEAR = 16
"""Pixels that a hand moves between the two presses, at most."""


class SecondPress(QObject):
    """Watches the verbs of an open panel. Where the panel closes under the pointer, presses at the same place are kept from
    what was behind it for as long as they would be one double click; the keyboard is not held up.
    """

    def __init__(self, panel: QDialog) -> None:
        super().__init__(QCoreApplication.instance())
        self._at: QPointF | None = None
        self._held = self._is_closed = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(QGuiApplication.styleHints().mouseDoubleClickInterval())
        self._pause.timeout.connect(self._let_go)
        for button in cast("list[QPushButton]", panel.findChildren(QPushButton)):
            button.installEventFilter(self)
        panel.finished.connect(self._closed)
        panel.destroyed.connect(self._gone)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QMouseEvent):
            return False
        if not self._is_closed:
            if event.type() in _PRESSES:
                self._at = event.globalPosition()
                self._pause.start()
            return False
        return self._swallows(event)

    def _swallows(self, event: QMouseEvent) -> bool:
        """Tell whether it is the second press, or the release that belongs to it."""
        if event.type() == QEvent.Type.MouseButtonRelease and self._held:
            self._held = False
            if not self._pause.isActive():
                self._let_go()
            return True
        if event.type() not in _PRESSES or self._at is None:
            return False
        if (event.globalPosition() - self._at).manhattanLength() > _NEAR:
            return False
        self._held = True
        return True

    def _closed(self, _result: int) -> None:
        self._is_closed = True
        app = QCoreApplication.instance()
        if self._pause.isActive() and app is not None:
            app.installEventFilter(self)
        else:
            self.deleteLater()

    def _gone(self, _panel: QObject) -> None:
        if not self._is_closed:  # taken away with its window, never answered
            self.deleteLater()

    def _let_go(self) -> None:
        """It can be no double click any more."""
        app = QCoreApplication.instance()
        if not self._is_closed or self._held:
            return  # the panel is still open, or the button of the mouse still down
        if app is not None:
            app.removeEventFilter(self)
        self.deleteLater()
