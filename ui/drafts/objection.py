"""Why what was entered is not stored: a red line that goes once she has changed what it was said of."""

from __future__ import annotations

from functools import partial
from typing import cast

from PySide6.QtCore import QMetaObject, QObject, SignalInstance
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QTextEdit, QWidget

from ui.theme import Tone, Type
from ui.widgets import Text

_TELLING = len("7:30")
"""A shorter text may stand in the words by chance."""


class Objection(Text):
    """`say(words, of)`: `of` is the field that is wrong, None where the words are about all of `form`.

    A change elsewhere leaves it standing. With `lasting` only the next words, or none, take it away.
    """

    def __init__(self, form: QWidget) -> None:
        super().__init__("", Type.SMALL, Tone.RED, wrap=True)
        self._form = form
        self._watched: list[QMetaObject.Connection] = []
        self.hide()

    def say(self, words: str, of: QWidget | None = None, *, lasting: bool = False) -> None:
        """Say why, until it is mended; "" says nothing."""
        for connection in self._watched:
            QObject.disconnect(connection)
        self._watched.clear()
        self.setText(words)
        self.setVisible(bool(words))
        if words and not lasting:
            mended = partial(self._mended, words)
            self._watched = [changed.connect(mended) for changed in _changes(of or self._form)]

    def _mended(self, words: str, *_: object) -> None:
        if self.text() == words:
            self.say("")


def quoted_field(form: QWidget, words: str) -> QLineEdit | None:
    """The field of `form` whose text a refusal quotes (a day that has not come): that is where it has to be mended.

    One that is hidden (of another kind of record) cannot be: nobody could change it there.
    """
    fields = cast("list[QLineEdit]", form.findChildren(QLineEdit))
    shown = ((one, one.text().strip()) for one in fields if one.isVisibleTo(form))
    return next((one for one, text in shown if len(text) >= _TELLING and text in words), None)


def _changes(of: QWidget) -> list[SignalInstance]:
    """Return the signals by which a field, or those inside it, tell that something else stands there."""
    fields = [of, *of.findChildren(QWidget)]
    return [
        *(field.textChanged for field in fields if isinstance(field, QLineEdit | QTextEdit)),
        *(field.currentIndexChanged for field in fields if isinstance(field, QComboBox)),
        *(field.toggled for field in fields if isinstance(field, QAbstractButton) and field.isCheckable()),
    ]
