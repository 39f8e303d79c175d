"""Where the keyboard is can always be seen: it rests on nothing that shows no ring, and is scrolled into sight."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget


class FocusKeeper(QObject):
    """Watches the whole program, dialogs too.

    Qt gives the keyboard to a part that takes none when the page in front of a stack changes, and does not scroll to a
    field that is entered from outside its scroll area.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._moved)

    def _moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is None or new.isWindow():
            return
        if new.focusPolicy() == Qt.FocusPolicy.NoFocus:
            # Whoever gave it the keyboard is not done yet, and may give it on.
            QTimer.singleShot(0, self, self._move_on)
        elif QApplication.mouseButtons() == Qt.MouseButton.NoButton:
            bring_into_sight(new)

    def _move_on(self) -> None:
        here = QApplication.focusWidget()
        if here is not None and not here.isWindow() and here.focusPolicy() == Qt.FocusPolicy.NoFocus:
            here.focusNextChild()


def bring_into_sight(widget: QWidget) -> None:
    """Scroll every scroll area around `widget` so far that it is seen; nothing moves where it is seen already."""
    around = widget.parentWidget()
    while around is not None and shiboken6.isValid(around):
        if isinstance(around, QScrollArea) and around.widget() is not None:
            fits = widget.height() <= around.viewport().height()
            # What is longer than its scroll area looks after the line it is on by itself.
            if fits or widget.visibleRegion().isEmpty():
                around.ensureWidgetVisible(widget)
        around = around.parentWidget()
