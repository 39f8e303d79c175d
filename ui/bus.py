"""Tells every page what an action changed, and that a new day has begun."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.core.changes import Changes


class ChangeBus(QObject):
    """`bus.tell(changes)` after a write; `bus.changed` carries the Changes to whoever shows data."""

    changed = Signal(object)
    day_passed = Signal()
    """The date has changed while the window was open (`ui.shell.day_watch`)."""

    def tell(self, changes: Changes) -> None:
        """Announce a finished action; one that wrote nothing is not announced."""
        if changes:
            self.changed.emit(changes)
