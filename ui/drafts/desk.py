"""Writes down what is being typed: within two seconds of a key, in a thread of its own, and at once when it must be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from app.core.clock import Clock
from app.core.errors import EnvironmentFault
from app.storage.drafts import Draft, DraftBox

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

Key = tuple[str, str, str]

WRITES_AFTER = 1000
"""Milliseconds from the first key that is not written yet."""
TRIES_AGAIN_AFTER = 10_000
"""Milliseconds after a writing that failed, should no key be pressed before."""
PATIENCE = 3.0
"""Seconds that are waited for the disk when everything must be on it now."""


def new_copy() -> str:
    """A name for one opening of a form: what an earlier one left undecided is never written over."""
    return uuid4().hex[:8]


class Unsaved(Protocol):
    """A form that is open."""

    @property
    def is_open(self) -> bool:
        """False once its window is gone."""

    @property
    def key(self) -> Key:
        """What its draft is known by."""

    def draft(self) -> Draft | None:
        """What is typed and not saved, without moment and writer; None when there is nothing."""


class Drafts(QObject):
    """Every open form of a sitting. Without a `box` (a ledger that is only looked at) nothing is kept.

    `troubled(fault or None)` when a draft could not be written, and when it could again.
    """

    troubled = Signal(object)
    left_changed = Signal()
    _written = Signal(object, object)

    def __init__(
        self,
        box: DraftBox | None = None,
        *,
        clock: Clock | None = None,
        who: Callable[[], str | None] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.box = box
        self._clock = clock
        self._who = who
        self._forms: list[Unsaved] = []
        self._kept: dict[Key, Draft] = {}
        self._left: dict[Key, Draft] = {}
        self._wanted: Draft | None = None
        self._reopened: Draft | None = None
        self._on_disk: set[Key] = set()
        self._last: dict[Key, Future[object]] = {}
        self._thread: ThreadPoolExecutor | None = None
        self._is_troubled = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(WRITES_AFTER)
        self._pause.timeout.connect(self.write)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(TRIES_AGAIN_AFTER)
        self._again.timeout.connect(self.write)
        self._written.connect(self._take_result, Qt.ConnectionType.QueuedConnection)
        app = QGuiApplication.instance()
        if box is not None and isinstance(app, QGuiApplication):
            app.applicationStateChanged.connect(self._application_changed)
            app.commitDataRequest.connect(self._session_ends)

    # ---- forms

    def open(self, form: Unsaved) -> None:
        """A form is there from now on."""
        self._forms.append(form)

    def touched(self) -> None:
        """A key was pressed in a form."""
        if self.box is not None and not self._pause.isActive():
            self._pause.start()

    def closed(self, form: Unsaved) -> None:
        """A form was saved or given up: its draft goes."""
        if form in self._forms:
            self._forms.remove(form)
        self.drop(form.key)

    def leave(self, form: Unsaved) -> None:
        """A form is gone, its words are not saved: they are offered like those of last time."""
        draft = form.draft()
        if form in self._forms:
            self._forms.remove(form)
        if draft is not None and self.box is not None:
            signed = self._signed(draft)
            self._on_disk.add(draft.key)
            self._submit(draft.key, self.box.keep, signed)
            self._offer_later(signed)

    def _offer_later(self, draft: Draft) -> None:
        self._kept.pop(draft.key, None)
        self._left[draft.key] = draft
        self.left_changed.emit()

    # ---- writing

    def write(self) -> None:
        """Write down what has changed since the last time."""
        self._pause.stop()
        if self.box is None:
            return
        self._let_go_of_the_vanished()
        for form in self._forms:
            draft = form.draft()
            if draft is None:
                if form.key in self._kept:
                    self.drop(form.key)
            elif draft != self._kept.get(form.key):
                self._kept[form.key] = draft
                self._on_disk.add(form.key)
                self._submit(draft.key, self.box.keep, self._signed(draft))

    def _let_go_of_the_vanished(self) -> None:
        """A window that went without an answer leaves what was typed kept, to be offered."""
        for form in [form for form in self._forms if not form.is_open]:
            self._forms.remove(form)
            if form.key in self._kept:
                self._offer_later(self._signed(self._kept[form.key]))

    def flush(self) -> bool:
        """Put everything on the disk now; True when something is unsaved and the disk has all of it."""
        self.write()
        unsaved = any(form.draft() is not None for form in self._forms)
        from concurrent.futures import wait

        late = wait(self._last.values(), timeout=PATIENCE).not_done
        failed = any(one.done() and one.exception() is not None for one in self._last.values())
        return unsaved and self.box is not None and not late and not failed

    def drop(self, key: Key) -> None:
        """Take a draft away."""
        self._kept.pop(key, None)
        is_left = self._left.pop(key, None) is not None
        if is_left:
            self.left_changed.emit()
        if self.box is not None and (is_left or key in self._on_disk):
            self._on_disk.discard(key)
            self._submit(key, self.box.remove, key)

    def shut(self) -> None:
        """The ledger is put away: everything goes to the disk, nothing is watched any more."""
        self.flush()
        self._forms.clear()
        self._again.stop()
        if self._thread is not None:
            self._thread.shutdown(wait=False)
            self._thread = None
        app = QGuiApplication.instance()
        if self.box is not None and isinstance(app, QGuiApplication):
            app.applicationStateChanged.disconnect(self._application_changed)
            app.commitDataRequest.disconnect(self._session_ends)
        self.box = None

    # ---- what was left last time

    @property
    def left(self) -> tuple[Draft, ...]:
        """Drafts of earlier that nobody has decided on, the latest first."""
        return tuple(self._left.values())

    def set_left(self, drafts: tuple[Draft, ...]) -> None:
        """What the folders held at the start."""
        self._left |= {draft.key: draft for draft in drafts}
        self.left_changed.emit()

    def left_for(self, form: str, record: str) -> Draft | None:
        """The undecided draft of a form that is being opened."""
        return next((one for one in self._left.values() if (one.form, one.record) == (form, record)), None)

    def resume(self, draft: Draft) -> None:
        """It is filled in again: from now on the open form carries its key."""
        self._let_go_of_the_vanished()
        self._on_disk.add(draft.key)
        if self._left.pop(draft.key, None) is not None:
            self.left_changed.emit()

    def want(self, draft: Draft) -> None:
        """Ask the page that has the form to open it with this draft."""
        self._wanted, self._reopened = draft, None

    def wants(self, form: str) -> bool:
        """Tell whether a draft of this form waits to be opened."""
        return self._wanted is not None and self._wanted.form == form

    def take_wanted(self, *forms: str, record: str | None = None) -> Draft | None:
        """The draft a page is to open, once; `record` when the page shows only one."""
        draft = self._wanted
        if draft is None or not any(draft.form.startswith(form) for form in forms):
            return None
        if record is not None and draft.where.get("uuid") != record:
            return None
        self._wanted = None
        return draft

    def reopen(self, openers: Mapping[str, Callable[[Draft], object]], record: str | None = None) -> bool:
        """接着写 on a page of short dialogs: open the one that is wanted the way it is always opened, by its form.

        The dialog itself takes the draft (`EntryPanel.keep_draft`), also when it has to read something before. `record`
        as in `take_wanted`. False when none of these is wanted.
        """
        wanted = self._wanted
        if wanted is None or wanted.form not in openers:
            return False
        draft = self.take_wanted(wanted.form, record=record)
        if draft is None:
            return False
        self.open_again(draft, openers[draft.form])
        return True

    def open_again(self, draft: Draft, opener: Callable[[Draft], object]) -> None:
        """Open the dialog of this draft the way it is always opened; it fills itself in."""
        self._reopened = draft
        opener(draft)

    def take_reopened(self, form: str, record: str) -> Draft | None:
        """The draft for which this form is being opened again, once."""
        draft = self._reopened
        if draft is None or (draft.form, draft.record) != (form, record):
            return None
        self._reopened = None
        return draft

    # ---- inside

    def _signed(self, draft: Draft) -> Draft:
        at = self._clock.now().isoformat(timespec="seconds") if self._clock is not None else ""
        return replace(draft, at=at, who=self._who() if self._who is not None else None)

    def _submit(self, key: Key, work: Callable[..., object], *args: object) -> None:
        if self._thread is None:
            from concurrent.futures import ThreadPoolExecutor

            self._thread = ThreadPoolExecutor(1, thread_name_prefix="drafts")
        # One thread works them off in order: with the last one of a form all before it are done.
        future = self._last[key] = self._thread.submit(work, *args)
        future.add_done_callback(lambda done: self._written.emit(key, done))

    def _take_result(self, key: Key, future: Future[object]) -> None:
        if self._last.get(key) is future:
            del self._last[key]
        error = future.exception()
        if error is not None:
            self._kept.pop(key, None)  # not on the disk: to be written again
            self._again.start()
        if isinstance(error, EnvironmentFault):
            self._is_troubled = True
            self.troubled.emit(error)
        elif error is not None:
            raise error
        elif self._is_troubled:
            self._is_troubled = False
            self.troubled.emit(None)

    def _application_changed(self, state: Qt.ApplicationState) -> None:
        if state != Qt.ApplicationState.ApplicationActive:
            self.write()

    def _session_ends(self, _manager: object) -> None:
        self.flush()
