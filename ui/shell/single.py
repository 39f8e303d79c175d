"""One window per ledger: a second start raises the first one, through a named pipe on this computer."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_WAIT = 500
"""Milliseconds for the first window to answer."""
_ANY_PROCESS = -1
"""ASFW_ANY of the Windows API."""


def pipe_name(database: Path) -> str:
    """A name that says nothing: made of the hash of the file's own path, however it was spelled."""
    own = os.path.normcase(os.path.realpath(database))
    # A folder's name may hold bytes that are no text.
    return "shouwang-" + hashlib.sha256(os.fsencode(own)).hexdigest()[:24]


def raise_other(database: Path) -> bool:
    """Ask the window that has this ledger open to come to the front; False when nobody answers."""
    _let_it_come()
    socket = QLocalSocket()
    socket.connectToServer(pipe_name(database))
    answered = socket.waitForConnected(_WAIT)
    socket.abort()
    return answered


def _let_it_come() -> None:
    """Windows lets only the program started last bring a window to the front; it may hand that on to any other."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(_ANY_PROCESS)


class RaiseOnAsk(QObject):
    """Listens while a ledger is open; `asked` when another start wants this window."""

    asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._connected)

    def listen(self, database: Path) -> None:
        """Called by the one that holds the ledger's lock: a pipe left by a crash is taken over."""
        name = pipe_name(database)
        QLocalServer.removeServer(name)
        self._server.listen(name)

    def stop(self) -> None:
        self._server.close()

    def _connected(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.disconnectFromServer()
            self.asked.emit()
