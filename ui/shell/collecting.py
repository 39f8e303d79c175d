"""Python's tidying up of memory, on the window's thread and at moments of our choosing.

Left to itself it runs on whatever thread has just made one object too many: then it may destroy parts of the window
from the storage thread, and a full round over a school's ledger stops every thread for a tenth of a second while
somebody types.
"""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QObject, QTimer

LOOK_EVERY = 1_000
"""Milliseconds between two looks."""
FULL_EVERY = 120.0
"""Seconds that lie between two full rounds at least."""
_YOUNG, _MIDDLE, _OLD = 0, 1, 2


class Collecting(QObject):
    """`begin()` takes the tidying up over, `end()` gives it back to Python."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._last_full = time.monotonic()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY)
        self._timer.timeout.connect(self.look)

    def begin(self) -> None:
        """From now on nothing is collected but here. What was imported so far stays for good and is never looked at."""
        gc.disable()
        gc.freeze()
        self._timer.start()

    def end(self) -> None:
        """Give it back."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def look(self) -> None:
        """Collect as much as Python itself would have by now; all generations only once in a while."""
        counts, limits = gc.get_count(), gc.get_threshold()
        if counts[_OLD] > limits[_OLD] and time.monotonic() - self._last_full > FULL_EVERY:
            gc.collect(_OLD)
            self._last_full = time.monotonic()
        elif counts[_MIDDLE] > limits[_MIDDLE]:
            gc.collect(_MIDDLE)
        elif counts[_YOUNG] > limits[_YOUNG]:
            gc.collect(_YOUNG)
