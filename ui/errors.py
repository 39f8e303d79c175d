"""The one router of errors: every failure ends here and is said in words once.

UserError and EnvironmentFault carry their own three parts. Anything else is a bug of the program: the
person gets a calm box, the log gets the place of the fault without any text that could hold a name.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal

from app.core.errors import Cancelled, EnvironmentFault, ShouwangError
from ui.dialogs import Dialogs

log = logging.getLogger("shouwang.window")

HEAD_USER = "这一步没有做"
HEAD_FAULT = "没有做成"
HEAD_BUG = "程序出了一个没料到的错"


def places_of(error: BaseException) -> str:
    """Type and places of an error, without its message: messages can hold what was typed."""
    lines = [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return f"{type(error).__name__} at " + " < ".join(reversed(lines))


class ErrorRouter(QObject):
    """`router.show(error)` from anywhere; `install()` also routes what escapes from slots and threads."""

    _arrived = Signal(object)
    shown = Signal(object)

    def __init__(self, dialogs: Dialogs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dialogs = dialogs
        self._open_for: set[str] = set()
        self._arrived.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Route uncaught exceptions of slots, of Qt overrides and of Python threads here."""
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread

    def show(self, error: BaseException) -> None:
        """Say it; may be called from any thread. What was cancelled is not said."""
        if isinstance(error, Cancelled):
            return
        self._arrived.emit(error)

    def catching(self, then: Callable[[], object] | None = None) -> Callable[[BaseException], None]:
        """An `on_error` that first runs `then` (enable the button again) and then says the error."""

        def caught(error: BaseException) -> None:
            if then is not None:
                then()
            self.show(error)

        return caught

    def _show(self, error: BaseException) -> None:
        key = error.key if isinstance(error, ShouwangError) else type(error).__name__
        if isinstance(error, ShouwangError):
            log.warning("told: %s %s", error.key, error.code or "")
            head = HEAD_FAULT if isinstance(error, EnvironmentFault) else HEAD_USER
            what = f"{error.what}（代码 {error.code}）" if error.code else error.what
            parts = (what, error.safe, error.todo)
        else:
            log.error("bug: %s", places_of(error))
            head = HEAD_BUG
            parts = (
                f"刚才这一步没有做完（代码 {key}）。",
                "已经显示「已保存」的内容都在。",
                "可以接着用。若再出现，请记下刚才做了什么，连同「设置」里的日志交给帮忙的人。",
            )
        if key in self._open_for:
            return
        self._open_for.add(key)
        self.shown.emit(error)
        self._dialogs.fault(head, parts, lambda: self._open_for.discard(key))

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self.show(error)

    def _uncaught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.show(args.exc_value)
