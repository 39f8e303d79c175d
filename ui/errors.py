"""The one router of errors: every failure ends here and is said in words once.

UserError and EnvironmentFault carry their own three parts. Anything else is a bug of the program: the
person gets a calm box, the log gets the place of the fault without any text that could hold a name.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Mapping
from functools import partial
from types import TracebackType
from weakref import WeakSet

from PySide6.QtCore import QObject, Qt, Signal

from app.core.errors import Cancelled, EnvironmentFault, ShouwangError, UserError
from app.core.log import places_of
from app.core.told import as_told
from ui.dialogs import Dialogs
from ui.widgets.button import Kind
from ui.widgets.dialog import Verb

log = logging.getLogger("shouwang.window")

HEAD_USER = "这一步没有做"
HEAD_FAULT = "没有做成"
HEAD_BUG = "程序出了一个没料到的错"
SAVES = frozenset(
    {
        "storage.full",
        "storage.io_write",
        "storage.io_unsure",
        "storage.locked",
        "storage.corrupt",
        "storage.changed_elsewhere",
    }
)
"""The faults by which a save does not take place."""
AGAIN = "再试一次"
READ = "read"
"""The verb that only closes the box."""

Acts = Mapping[str, Callable[[], object]]
"""What can be done about an error, by the words on the button."""


def _said(error: BaseException, *, drafts: bool) -> tuple[str, tuple[str, str, str]]:
    """The head and the three parts; that what was typed is kept is said only when it is."""
    kept = "没有存上的文字已为您存了草稿。" if drafts else ""
    if isinstance(error, ShouwangError):
        head = HEAD_FAULT if isinstance(error, EnvironmentFault) else HEAD_USER
        what = f"{error.what}（代码 {error.code}）" if error.code else error.what
        return head, (what, f"{error.safe}{kept}", error.todo)
    return HEAD_BUG, (
        f"刚才这一步没有做完（代码 {type(error).__name__}）。",
        f"已经显示「已保存」的内容都在。{kept}",
        "可以接着用。若再出现，请按 F1，点「支持文件…」存一份，连同刚才做了什么交给帮您装程序的人。",
    )


class ErrorRouter(QObject):
    """`router.show(error)` from anywhere; `install()` also routes what escapes from slots and threads.

    `acts(error)` are the buttons that work just now: of those a fault names, only these are offered.
    `keep_drafts()` puts on the disk what is half typed and tells whether there was any and all of it is kept.
    """

    _arrived = Signal(object)
    shown = Signal(object)

    acts: Callable[[ShouwangError], Acts] | None = None
    keep_drafts: Callable[[], bool] | None = None

    def __init__(self, dialogs: Dialogs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dialogs = dialogs
        self._open_for: dict[str, list[BaseException]] = {}
        self._said: WeakSet[ShouwangError] = WeakSet()
        self._arrived.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Route uncaught exceptions of slots, of Qt overrides and of Python threads here."""
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread

    def show(self, error: BaseException) -> None:
        """Say it; may be called from any thread. What was cancelled is not said."""
        if isinstance(error, Cancelled):
            return
        self._arrived.emit(as_told(error))

    def make_sure(self, error: BaseException) -> None:
        """Say a save that the machine did not take, unless whoever asked for it has said it here already.

        A panel that only writes the reason beside its fields has no button for bringing the data elsewhere.
        """
        if isinstance(error, ShouwangError) and error.key in SAVES and error not in self._said:
            self.show(error)

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
        else:
            log.error("bug: %s", places_of(error))
        if isinstance(error, ShouwangError):
            self._said.add(error)
        is_kept = self._kept_drafts(error)
        if key in self._open_for:
            if error not in self._open_for[key]:
                self._open_for[key].append(error)
            return
        self._open_for[key] = [error]
        self.shown.emit(error)
        acts = self._acts(error)
        ways = sorted(acts, key=lambda words: words == AGAIN)
        verbs = [Verb(words, words, Kind.FILLED if words == AGAIN else Kind.PLAIN) for words in ways]
        head, parts = _said(error, drafts=is_kept)
        self._dialogs.fault(head, parts, [Verb(READ, "知道了"), *verbs], partial(self._answered, key))

    def _answered(self, key: str, verb: str) -> None:
        """Do what the button says: trying again for everything that failed alike, anything else once."""
        errors = self._open_for.pop(key)
        for error in errors if verb == AGAIN else errors[:1]:
            act = self._acts(error).get(verb)
            if act is not None:
                act()

    def _acts(self, error: BaseException) -> Acts:
        if self.acts is None or not isinstance(error, ShouwangError):
            return {}
        able = self.acts(error)
        return {words: able[words] for words in error.buttons if words in able}

    def _kept_drafts(self, error: BaseException) -> bool:
        """Keep what is half typed when a write failed or the program erred; a mere refusal leaves it in its form."""
        if self.keep_drafts is None or isinstance(error, UserError):
            return False
        try:
            return self.keep_drafts()
        except Exception as second:  # noqa: BLE001 - the box about the first must come in any case
            # Without the traceback's own text: it could hold a name.
            log.error("drafts not kept: %s", places_of(second))  # noqa: TRY400
            return False

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self.show(error)

    def _uncaught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.show(args.exc_value)
