"""Python's tidying up of memory, on the window's thread and at moments of our choosing.

Left to itself it runs on whatever thread has just made one object too many: then it may destroy parts of the window
from the storage thread, and a full round over a school's ledger stops every thread for a tenth of a second while
somebody types. What makes rounds long is data: the rows of a ledger, an import, a book. They hold no circles and go
by themselves when nobody refers to them; so what came in a great heap is laid aside unlooked at (`gc.freeze`), and
looked through together with everything else only when the keyboard and the mouse have rested for a while.
"""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication, QWindow
from shiboken6 import isValid
from typing_extensions import override

LOOK_EVERY = 1_000
"""Milliseconds between two looks."""
HEAP = 10_000
"""More objects than these since the last look are not looked through while she works: that takes some milliseconds."""
FULL_EVERY = 600.0
"""Seconds that lie between two full rounds at least."""
REST = 120.0
"""Seconds without a key or a movement of the mouse after which a full round is in nobody's way: with the ledger of a
large school in memory it takes most of a second."""
_YOUNG, _MIDDLE, _OLD = 0, 1, 2
_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.KeyRelease,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.InputMethod,
    }
)


class Collecting(QObject):
    """`begin()` takes the tidying up over, `end()` gives it back to Python."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._last_full = self._touched = time.monotonic()
        self._window: QWindow | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY)
        self._timer.timeout.connect(self.look)

    def begin(self) -> None:
        """From now on nothing is collected but here. What was imported so far is laid aside."""
        gc.disable()
        gc.freeze()
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._in_front)
        self._timer.start()

    def end(self) -> None:
        """Give it back."""
        self._timer.stop()
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.disconnect(self._in_front)
        self._in_front(None)
        gc.unfreeze()
        gc.enable()

    def look(self) -> None:
        """Collect what little has come since the last look; everything only once in a while, when she rests."""
        counts, limits = gc.get_count(), gc.get_threshold()
        now = time.monotonic()
        if now - self._last_full > FULL_EVERY and (self._window is None or now - self._touched > REST):
            gc.unfreeze()
            gc.collect(_OLD)
            gc.freeze()
            self._last_full = now
        elif counts[_YOUNG] > HEAP:
            gc.freeze()
        elif counts[_MIDDLE] > limits[_MIDDLE]:
            gc.collect(_MIDDLE)
        elif counts[_YOUNG] > limits[_YOUNG]:
            gc.collect(_YOUNG)

    def _in_front(self, window: QWindow | None) -> None:
        """Another window of ours has the keyboard, or none: then she is at something else."""
        if self._window is not None and isValid(self._window):
            self._window.removeEventFilter(self)
        self._window = window
        self._touched = time.monotonic()
        if window is not None:
            window.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES:
            self._touched = time.monotonic()
        return False
