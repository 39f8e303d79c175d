"""Keeps the ledger read: all of it at first, later only the children an action touched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject, Signal

from app.core.changes import Changes
from ui.context import Context
from ui.pages.children.loading import Loaded, load_ledger, load_more, reload_touched


class LedgerReader(QObject):
    """`read()` as of `day` (None is today); `arrived(Loaded)` when it is there, whole.

    Of a long ledger that is not shown yet, `begun(Loaded)` comes first, with what can be read at once.
    """

    begun = Signal(object)
    arrived = Signal(object)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._reading = context.jobs.latest(self)
        self._touched: set[str] = set()
        self._all = True
        self._all_since = False
        self.day: date | None = None
        self.loaded: Loaded | None = None
        """The ledger that is shown, once it is whole."""
        self._waiting: Callable[[], object] | None = None

    def touch(self, changes: Changes) -> None:
        """Note what an action wrote; classes and calendar concern every row."""
        if "school" in changes.areas:
            self._all = self._all_since = True
        self._touched |= changes.uuids

    @property
    def is_reading(self) -> bool:
        """True while not everything is there that is to be shown."""
        return self.loaded is None

    def waits(self, act: Callable[[], object]) -> bool:
        """True while not everything is there; `do_what_waits` then does what was asked for last."""
        self._waiting = act if self.is_reading else None
        return self.is_reading

    def do_what_waits(self, *, in_front: bool) -> None:
        """Do what was asked for before everything was there, if it is now; nothing any more once she has gone elsewhere."""
        if not in_front:
            self._waiting = None
        elif self._waiting is not None and not self.is_reading:
            act, self._waiting = self._waiting, None
            act()

    def read(self) -> None:
        """Read what is not up to date."""
        day = self.day or self._context.clock.today()
        before, store = self.loaded, self._context.store
        if self._all or before is None or before.day != day or not self._touched:
            self._all, self._all_since = True, False  # until it is there: it comes in parts
            self._touched.clear()
            self._reading.run(load_ledger, store, day, on_done=self._begin)
        else:
            self._reading.run(reload_touched, store, before, frozenset(self._touched), on_done=self._renew)

    def _renew(self, loaded: Loaded) -> None:
        if loaded.answers is None:  # so many were touched that everything is read anew, in parts
            self._all, self._all_since = True, False
            self._touched.clear()
        self._begin(loaded)

    def _begin(self, loaded: Loaded) -> None:
        shown = self.loaded is not None and self.loaded.day == loaded.day
        begins = not loaded.is_whole and not shown
        if begins:
            self.loaded = None
        self._go_on(loaded)
        if begins:
            self.begun.emit(
                loaded
            )  # last: whoever hears it may ask for something else, which is then on its way

    def _go_on(self, loaded: Loaded) -> None:
        if loaded.is_whole:
            self._take(loaded)
        else:
            self._reading.run(load_more, self._context.store, loaded, on_done=self._go_on)

    def _take(self, loaded: Loaded) -> None:
        self.loaded = loaded
        if loaded.answers is None:
            self._all = self._all_since
        else:
            self._touched -= loaded.answers
        self.arrived.emit(loaded)
