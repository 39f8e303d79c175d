"""Keeps the ledger read: all of it at first, later only the children an action touched."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QObject, Signal

from app.core.changes import Changes
from ui.context import Context
from ui.pages.children.loading import Loaded, load_ledger, reload_touched


class LedgerReader(QObject):
    """`read()` as of `day` (None is today); `arrived(Loaded)` when it is there."""

    arrived = Signal(object)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._reading = context.jobs.latest(self)
        self._touched: set[str] = set()
        self._all = True
        self.day: date | None = None
        self.loaded: Loaded | None = None

    def touch(self, changes: Changes) -> None:
        """Note what an action wrote; classes and calendar concern every row."""
        self._all = self._all or "school" in changes.areas
        self._touched |= changes.uuids

    def read(self) -> None:
        """Read what is not up to date."""
        day = self.day or self._context.clock.today()
        before, store = self.loaded, self._context.store
        if self._all or before is None or before.day != day or not self._touched:
            self._reading.run(load_ledger, store, day, on_done=self._take)
        else:
            self._reading.run(reload_touched, store, before, frozenset(self._touched), on_done=self._take)

    def _take(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self._all = False
        self._touched -= self._touched if loaded.answers is None else loaded.answers
        self.arrived.emit(loaded)
