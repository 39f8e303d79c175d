"""The computer goes to sleep: what is typed goes to the disk first, although it is never older than two seconds there.

Only Windows tells a window of it, all that have no parent, also one that is never shown: so no message of the window
she works in takes this way round. Qt tells of the end of a session by itself (`commitDataRequest`, `ui.drafts`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from ctypes import wintypes

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QWidget
from typing_extensions import override

WM_POWERBROADCAST = 0x0218
PBT_APMSUSPEND = 0x0004
_OF_WINDOWS = QByteArray(b"windows_generic_MSG")


class SleepWatch(QWidget):
    """A window that is never shown and hears that the computer is about to sleep; then it calls `keep`."""

    def __init__(self, keep: Callable[[], object]) -> None:
        super().__init__()
        self._keep = keep
        if sys.platform == "win32":
            self.winId()  # without a handle Windows does not know it

    @override
    def nativeEvent(self, eventType: QByteArray | bytes | bytearray | memoryview, message: int) -> object:
        if QByteArray(eventType) == _OF_WINDOWS:
            told = wintypes.MSG.from_address(int(message))
            if told.message == WM_POWERBROADCAST and told.wParam == PBT_APMSUSPEND:
                self._keep()
        return False, 0  # Qt goes on with it as if nobody had looked
