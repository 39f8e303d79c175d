"""A dialog that asks for something: it stays open, with the reason, until what was entered is stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.core.errors import ShouwangError
from ui import theme
from ui.theme import Tone, Type
from ui.widgets import FormRow, Kind, Panel, QuietArea, QuietField, State, Text, Verb, column

STAY = "stay"
SAVE = "save"


class EntryPanel(Panel):
    """`asked(key)` is called for every verb but the safe one; `finish()` closes, `object_to(reason)` keeps it open.

    Rows go into `self.form` with `add(row)`; Ctrl+Enter is the saving verb.
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
    ) -> None:
        verbs = [Verb(STAY, "先不动"), *more, Verb(SAVE, verb, Kind.FILLED)]
        super().__init__(parent, head, verbs, width=width, focus_content=True)
        m = theme.metrics()
        self._asked = asked
        self._reason = Text("", Type.SMALL, Tone.RED, wrap=True)
        self._reason.hide()
        self.form = column(gap=m.s4)
        self.box.addLayout(self.form)
        self.box.addWidget(self._reason)
        self.buttons[SAVE].setToolTip("Ctrl+Enter")
        self._fit_later = QTimer(self)
        self._fit_later.setSingleShot(True)
        self._fit_later.timeout.connect(self.fit)

    def add(self, row: QWidget) -> None:
        """One more row of the form."""
        self.form.addWidget(row)
        if isinstance(row, FormRow) and isinstance(row.field, QuietField):
            row.field.finding_changed.connect(self._changed_height)

    def say(self, words: str) -> None:
        """A grey line between the rows: what the dialog does, what it leaves alone."""
        self.form.addWidget(Text(words, Type.SMALL, Tone.INK2, wrap=True))

    @override
    def answer(self, key: str) -> None:
        if key == STAY:
            super().answer(key)
            return
        if not self._may_store():
            return
        self.object_to("")
        self._asked(key)

    def finish(self) -> None:
        """What was entered is stored: close."""
        super().answer(SAVE)

    def object_to(self, reason: str) -> None:
        """Why it is not stored; an empty reason takes the line away."""
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))
        self._changed_height()

    def refused(self, error: BaseException) -> None:
        """Say the words of a refusal; what was entered stays."""
        if isinstance(error, ShouwangError):
            self.object_to(refusal_words(error))
        else:
            raise error

    def fit(self) -> None:
        """As high as its rows are now."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.setFixedHeight(max(layout.totalHeightForWidth(self.width()), layout.minimumSize().height()))

    def _changed_height(self, _finding: object = None) -> None:
        if self.isVisible():
            self._fit_later.start(0)

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
        return True

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.answer(SAVE)
        else:
            super().keyPressEvent(event)


def refusal_words(error: ShouwangError) -> str:
    """What happened and what to do, in one line."""
    return f"{error.what}{error.todo}"
