"""One first day at a time: before there is a ledger, nothing else keeps two programs of one user apart."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.errors import EnvironmentFault
from app.core.paths import make_private
from app.storage.lock import InstanceLock
from ui.shell.single import RaiseOnAsk, raise_other

PLACE = "first-day"
"""Beside the settings, which the first day is about to write."""
ASKED_EVERY = 250
"""Milliseconds between two tries to reach the window of the other program."""
ASKED_QUIETLY, ASKED_AT_MOST = 12, 240
"""So many tries before a window says that it is waited, and in all: a minute."""


class FirstAlone(QObject):
    """Held by the program that shows the first screen, from `begin` to `end`; `asked` when another start wants its window.

    The lock dies with its program, as that of a ledger does.
    """

    asked = Signal()

    def __init__(self, settings: Path | None, parent: QObject) -> None:
        super().__init__(parent)
        self._place = settings.with_name(PLACE) if settings is not None else None
        self._lock: InstanceLock | None = None
        self._raise = RaiseOnAsk(self)
        self._raise.asked.connect(self.asked)
        self._turn = 0

    def begin(
        self, alone: Callable[[], object], *, raised: Callable[[], object], waits: Callable[[], object]
    ) -> None:
        """`alone()` once no other program shows a first screen; `raised()` when one came to the front instead.

        It may not hear yet: who presses an icon twice starts both at once. So it is asked again and again; `waits()` after
        a while. One that answers nothing for a minute hangs and keeps nobody from her first day.
        """
        self._turn += 1
        self._try(alone, raised, waits, self._turn, 0)

    def end(self) -> None:
        """The first day is over, or given up; also a wait for another's."""
        self._turn += 1
        self._raise.stop()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _try(
        self,
        alone: Callable[[], object],
        raised: Callable[[], object],
        waits: Callable[[], object],
        turn: int,
        tried: int,
    ) -> None:
        if turn != self._turn:
            return
        if self._place is None or self._take(self._place) or tried == ASKED_AT_MOST:
            alone()
        elif raise_other(self._place):
            # Not at once: where no loop runs yet, nothing could be left.
            QTimer.singleShot(0, self, raised)
        else:
            if tried == ASKED_QUIETLY:
                waits()
            again = partial(self._try, alone, raised, waits, turn, tried + 1)
            QTimer.singleShot(ASKED_EVERY, self, again)

    def _take(self, place: Path) -> bool:
        """False when another program has it. A home that takes no files has room for no first day: it is said there."""
        if self._lock is not None:
            return True
        lock = InstanceLock(place)
        try:
            make_private(place.parent)
            lock.acquire()
        except OSError:
            return True
        except EnvironmentFault as error:
            return error.key != "storage.in_use"
        self._lock = lock
        self._raise.listen(place)
        return True
