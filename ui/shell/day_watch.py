"""Notices that the date has changed under a page: a computer that is left on passes midnight with it open."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from ui.context import Context

_LOOK_EVERY = 20_000
"""Milliseconds between looks at the date."""


class DayWatch(QObject):
    """`passed(before, today)` once for every new date."""

    passed = Signal(object, object)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.today = context.clock.today()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(_LOOK_EVERY)

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def look(self) -> None:
        """Look at the date now."""
        before, self.today = self.today, self._context.clock.today()
        if before != self.today:
            self.passed.emit(before, self.today)
