"""The system asks the program to end: a log-out, a shutdown or `kill` on Linux, Ctrl+C where it was started by hand.

Without this a signal ends the process in the middle of everything: no backup of the day, nothing of the last two seconds'
typing. Windows has no such signals: there Qt tells of the end of a session (`commitDataRequest`, `ui.drafts`).
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier

ASKING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGINT") if os.name == "posix")
"""The signals by which a system or a person asks a program to end."""


class Stopping(QObject):
    """Calls `stop` once, on the window's thread, when one of the signals comes; the same one again ends the process at once.

    Another one does not: the end of a session brings SIGTERM and SIGHUP within the same moment (systemd, SendSIGHUP). A
    signal that whoever started the program had ignored (nohup) stays so. `end()` gives the signals back.
    """

    def __init__(self, stop: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stop = stop
        self._has_begun = False
        self._notifier: QSocketNotifier | None = None
        self._before: dict[int, Any] = {}
        self._hears = self._tells = self._woke_before = -1
        heard = [one for one in ASKING if signal.getsignal(one) is not signal.SIG_IGN]
        # On Windows, where there are none, a pipe can neither be read without waiting nor wake Qt.
        if sys.platform == "win32" or not heard:
            return
        # Python runs its handlers only between two steps of its own, so not while Qt waits: a byte in a pipe wakes Qt.
        self._hears, self._tells = os.pipe()
        for end in (self._hears, self._tells):
            os.set_blocking(end, False)
        self._before = {one: signal.signal(one, _heard) for one in heard}
        self._woke_before = signal.set_wakeup_fd(self._tells, warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._hears, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._came)

    def _came(self) -> None:
        # Every signal that Python handles tells here, others of a library too.
        came = set(os.read(self._hears, 64)) & set(self._before)
        for one in came:
            signal.signal(one, signal.SIG_DFL)
        if came and not self._has_begun:
            self._has_begun = True
            self._stop()

    def end(self) -> None:
        """Hear nothing any more."""
        if self._notifier is None:
            return
        self._notifier.setEnabled(False)
        self._notifier = None
        signal.set_wakeup_fd(self._woke_before)
        for one, handler in self._before.items():
            signal.signal(one, handler)
        os.close(self._hears)
        os.close(self._tells)


def _heard(_number: int, _frame: object) -> None:
    """Nothing here: the byte in the pipe says it."""
