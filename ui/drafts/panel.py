"""A dialog that asks for something: it stays open, with the reason, until what was entered is stored; it keeps a draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Protocol, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.core.clock import Clock
from app.core.errors import Cancelled, ShouwangError
from app.storage.drafts import Draft
from ui import theme
from ui.dialogs import Dialogs
from ui.drafts.desk import Drafts
from ui.drafts.keeping import About, Keeping
from ui.drafts.note import DraftNote, ask_to_give_up
from ui.drafts.objection import Objection, quoted_field
from ui.theme import Tone, Type
from ui.widgets import Kind, Panel, QuietArea, QuietField, State, Text, Verb, column

STAY = "stay"
SAVE = "save"


class Sitting(Protocol):
    """What a form that is kept needs of the context of its page."""

    @property
    def drafts(self) -> Drafts: ...

    @property
    def dialogs(self) -> Dialogs: ...

    @property
    def clock(self) -> Clock: ...


class EntryPanel(Panel):
    """`asked(key)` is called for every verb but the safe one; `finish()` closes, `object_to(reason, at)` keeps it open.

    Rows go into `self.form` with `add(row)`; Ctrl+Enter is the saving verb. With `keep_draft` what is typed is kept
    until `finish()`, or until she gives it up.
    """

    def __init__(
        self,
        parent: QWidget | None,
        head: str,
        asked: Callable[[str], object],
        *,
        verb: str,
        more: Sequence[Verb] = (),
        width: int | None = None,
        safe: str = "先不动",
        key: str = SAVE,
    ) -> None:
        verbs = [Verb(STAY, safe), *more, Verb(key, verb, Kind.FILLED)]
        super().__init__(parent, head, verbs, width=width, focus_content=True)
        m = theme.metrics()
        self._asked = asked
        self._saving_key = key
        self._sent = False
        self._dialogs: Dialogs | None = None
        self.keeping: Keeping | None = None
        self._reason = Objection(self)
        self.draft_note = DraftNote()
        self.form = column(gap=m.s4)
        self.box.addWidget(self.draft_note)
        self.box.addLayout(self.form)
        self.box.addWidget(self._reason)
        self.buttons[key].setToolTip("Ctrl+Enter")

    def add(self, row: QWidget) -> None:
        """One more row of the form."""
        self.form.addWidget(row)

    def say(self, words: str) -> None:
        """A grey line between the rows: what the dialog does, what it leaves alone."""
        self.form.addWidget(Text(words, Type.SMALL, Tone.INK2, wrap=True))

    # ---- how it stands

    @override
    def showEvent(self, event: QShowEvent) -> None:
        self.form.setSpacing(theme.metrics().s8)
        super().showEvent(event)

    @override
    def fit(self) -> None:
        """The rows of a long form move together where the window is low (911 × 432 at 150 %)."""
        super().fit()
        m = theme.metrics()
        behind = self.parentWidget()
        room = behind.window().height() if behind is not None else 0
        if self.form.spacing() > m.s4 and self.height() > room - m.s32:
            self.form.setSpacing(m.s4)
            super().fit()

    # ---- drafts

    def keep_draft(self, sitting: Sitting, about: About, fields: Mapping[str, QWidget]) -> None:
        """Keep what is typed into these fields from now on; call it when they show what they begin with.

        The draft for which it was opened again is filled in (`Drafts.reopen`). Any other of the same form that was left
        undecided is offered above the rows, never put in unasked.
        """
        drafts, self._dialogs = sitting.drafts, sitting.dialogs
        again = drafts.take_reopened(about.form, about.record)
        left = drafts.left_for(about.form, about.record)
        self.keeping = Keeping(drafts, about, fields, self)
        if again is not None:
            self.resume(again)
        elif left is not None:
            self.draft_note.offer(left, sitting.clock.today(), partial(self.resume, left))

    def resume(self, draft: Draft) -> None:
        """Fill in what was kept, unsaved, and say what is different now."""
        if self.keeping is not None:
            self.draft_note.say_filled(self.keeping.fill(draft))

    # ---- answers

    @override
    def answer(self, key: str) -> None:
        if self._sent:
            return  # its answer is on the way to the ledger: neither twice nor given up
        if key == STAY:
            ask_to_give_up(self._dialogs, self.keeping, partial(self._let_go, STAY))
            return
        if not self._may_store():
            return
        self.say_why("")
        self._sent = True
        self._asked(key)

    def wait_on(self) -> None:
        """What was asked for needs another word first, and she did not give it: the form is hers again."""
        self._sent = False

    def finish(self) -> None:
        """What was entered is stored: close."""
        self._let_go(self._saving_key)

    def object_to(self, reason: str, at: QWidget) -> None:
        """Why it is not stored, until the field that it is about is changed; the keyboard is in it."""
        self._sent = False
        self._reason.say(reason, at)
        at.setFocus(Qt.FocusReason.OtherFocusReason)

    def say_why(self, words: str, *, lasting: bool = False) -> None:
        """The red line under the rows, until something is changed; a `lasting` one holds whatever is changed."""
        self._reason.say(words, lasting=lasting)

    def refused(self, error: BaseException) -> None:
        """Say the words of a refusal; what was entered stays, in the fields and in its draft."""
        self._sent = False
        if self.keeping is not None:
            self.keeping.keep_now()
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, ShouwangError):
            raise error
        field = quoted_field(self, error.what)
        if field is None:
            self.say_why(refusal_words(error))
        else:
            self.object_to(refusal_words(error), field)

    def _let_go(self, key: str) -> None:
        if self.keeping is not None:
            self.keeping.done()
        super().answer(key)

    def _may_store(self) -> bool:
        """Tidy what stands in the fields; a date that is none holds the dialog."""
        fields = cast("list[QuietField]", self.findChildren(QuietField))
        for field in fields:
            field.leave()
            if field.finding is not None and field.finding.state is State.INVALID:
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                return False
            field.keep_as_is()
        areas = cast("list[QuietArea]", self.findChildren(QuietArea))
        for area in areas:
            area.leave()
            if area.finding is not None and area.finding.state is State.INVALID:
                area.setFocus(Qt.FocusReason.OtherFocusReason)
                return False
        return True

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.buttons[self._saving_key].isEnabled():
                self.answer(self._saving_key)
        else:
            super().keyPressEvent(event)


def refusal_words(error: ShouwangError) -> str:
    """What happened and what to do, in one line."""
    return f"{error.what}{error.todo}"
