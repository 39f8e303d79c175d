"""What a page is handed. Pages know nothing else: no window, no other page, no global."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import shiboken6
from msgspec import Struct, field
from PySide6.QtCore import QObject, Signal

from app.core.changes import Changes
from app.core.clock import Clock
from ui.bus import ChangeBus
from ui.dialogs import Dialogs
from ui.drafts import Drafts
from ui.errors import ErrorRouter
from ui.jobs import Job, Jobs, OnDone, OnError
from ui.preferences import Preferences
from ui.widgets.dialog import Verb

if TYPE_CHECKING:
    from app.storage.history import UndoResult
    from app.storage.store import Store
    from app.tasks.checkup import CheckupReport


class Navigation(Protocol):
    """How a page leads elsewhere and says small things; the shell implements it."""

    def open_page(self, name: str, **params: Any) -> None:
        """Show a page by its registered name; `params` reach its `open_with`."""

    def open_child(self, uuid: str, *, among: tuple[str, ...] = ()) -> None:
        """Show a child's file; `among` are the uuids that previous/next walks."""

    def back(self) -> None:
        """Where the person came from."""

    def go_on(self) -> None:
        """The page that held her (`may_leave`) lets her go: where she wanted to, else where she came from."""

    def toast(self, words: str, on_undo: Callable[[], object] | None = None) -> None:
        """Say what was saved at the foot of the page, with 撤销 when it can be taken back."""

    def toast_file(self, words: str, path: Path) -> None:
        """Say that a file was written (已导出：…) and in which folder, with a way to open the folder."""

    def said_saved(self) -> None:
        """Renew 已保存 in the status line; only ever after a commit."""

    def refresh_status(self) -> None:
        """Look again at backup, data place and term."""


class Program(Protocol):
    """What only the whole program can do: it closes the ledger, does it, and opens again."""

    def open_ledger(self, path: Path, *, read_only: bool = False) -> None:
        """Put this ledger away and open another file, only to look at it when `read_only`."""

    def restore(self, backup: Path, branch: Path | None = None) -> None:
        """Put this ledger away, restore a backup over it, open it again; asks for a passphrase if needed.

        With `branch` the saves of that journal, which was set aside, are added.
        """

    def use_repaired(self, report: CheckupReport, accept: frozenset[str] = frozenset()) -> None:
        """Put this ledger away, put the mended copy of a checkup in its place with these offers, open it again."""

    def open_demo(self) -> None:
        """Put this ledger away and open the demo school."""

    def open_usual(self) -> None:
        """Put what is open away (the demo school, a copy) and open the usual ledger; the first screen where there is none."""


class Entering(QObject):
    """Who is entering now: one name out of the staff, chosen in the status line."""

    changed = Signal(str)

    def __init__(self, name: str = "", names: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._name = name
        self.names = names

    @property
    def name(self) -> str:
        """The name, empty when nobody was chosen."""
        return self._name

    @property
    def by(self) -> str | None:
        """The name for a service's `by=`."""
        return self._name or None

    def choose(self, name: str) -> None:
        if name != self._name:
            self._name = name
            self.changed.emit(name)


class Context(Struct):
    """Everything a page may use.

    `read` and `write` are the two ways to the store: both run on the storage thread. `write` calls
    `fn(store, …, by=who)`, announces the Changes on the bus, renews 已保存 and, if asked, toasts with 撤销.
    """

    store: Store
    jobs: Jobs
    bus: ChangeBus
    clock: Clock
    errors: ErrorRouter
    dialogs: Dialogs
    entering: Entering
    navigation: Navigation
    settings: Preferences
    program: Program
    backup_folder: Path
    read_only: bool = False
    drafts: Drafts = field(default_factory=Drafts)
    """Where forms keep what is typed and not saved yet."""
    done: list[str] = field(default_factory=list)
    """Actions of this sitting that Ctrl+Z can still take back, the last one last."""

    def read(
        self,
        fn: Callable[..., Any],
        *args: Any,
        on_done: OnDone,
        on_error: OnError | None = None,
        owner: QObject | None = None,
        **kwargs: Any,
    ) -> Job:
        """`fn(store, *args, **kwargs)` on the storage thread; the answer goes to `on_done`."""
        return self.jobs.run(fn, self.store, *args, on_done=on_done, on_error=on_error, owner=owner, **kwargs)

    def write(
        self,
        fn: Callable[..., Any],
        *args: Any,
        on_done: OnDone | None = None,
        on_error: OnError | None = None,
        toast: str | bool = False,
        **kwargs: Any,
    ) -> Job:
        """One action: `fn(store, *args, by=who, **kwargs)` on the storage thread.

        The answer is a Changes, or has `.changes`. With `toast=True` its words are toasted with 撤销, with
        a text that text is. `on_done(answer)` comes after the bus was told, unless its page is gone; the
        bus is told even then. Single fields renew only 已保存: no toast.
        """
        delivery = _Delivery(self, on_done, toast)
        kwargs.setdefault("by", self.entering.by)
        return self.jobs.run(
            fn, self.store, *args, on_done=delivery.take, on_error=on_error or self.errors.show, **kwargs
        )

    def undo(self, action_uuid: str, *, on_error: OnError | None = None) -> Job:
        """Take back one action; rows that could not be taken back are said."""
        from app.storage.history import undo

        if action_uuid in self.done:
            self.done.remove(action_uuid)
        delivery = _Undone(self)
        return self.jobs.run(
            undo,
            self.store,
            action_uuid,
            by=self.entering.by,
            on_done=delivery.take,
            on_error=on_error or self.errors.show,
        )

    def undo_last(self) -> bool:
        """Ctrl+Z: take back the last action of this sitting; False when there is none."""
        if not self.done:
            return False
        self.undo(self.done[-1])
        return True


class _Delivery:
    """What happens with the answer of a write."""

    def __init__(self, context: Context, on_done: OnDone | None, toast: str | bool) -> None:
        self._context = context
        self._on_done = on_done
        self._toast = toast

    def take(self, answer: Any) -> None:
        changes = answer if isinstance(answer, Changes) else getattr(answer, "changes", None)
        context = self._context
        if isinstance(changes, Changes) and changes:
            if not changes.areas or not changes.areas <= _STAYS:
                context.done.append(changes.action_uuid)
            context.navigation.said_saved()
            context.bus.tell(changes)
            if self._toast:
                words = self._toast if isinstance(self._toast, str) else changes.words
                context.navigation.toast(words, partial(context.undo, changes.action_uuid))
        owner = getattr(self._on_done, "__self__", None)
        gone = isinstance(owner, QObject) and not shiboken6.isValid(owner)
        if self._on_done is not None and not gone:
            self._on_done(answer)


class _Undone:
    """What happens after an undo."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def take(self, result: UndoResult) -> None:
        context = self._context
        if result.changes:
            context.navigation.said_saved()
            context.bus.tell(result.changes)
            context.navigation.toast(result.changes.words)
        if result.kept:
            reasons = tuple(dict.fromkeys(row.reason for row in result.kept))
            context.dialogs.ask(
                f"撤销了没有动过的，还有 {len(result.kept)} 行留着",
                reasons[:_REASONS_SHOWN],
                [Verb("ok", "知道了")],
                _nothing_more,
            )


_REASONS_SHOWN = 6
_STAYS = frozenset({"handover", "drill"})
"""What left the program, and a drill that was held, cannot be called back: Ctrl+Z takes back the action before it."""


def _nothing_more(_key: str) -> None:
    """After being told there is nothing to choose."""
