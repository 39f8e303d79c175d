"""A passphrase that is asked for once: hidden, shown when she wants to see it, opened with Enter."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override

from ui import theme
from ui.theme import Tone, Type
from ui.widgets.check import CheckBox
from ui.widgets.dialog import Panel, Verb
from ui.widgets.field import QuietField
from ui.widgets.form import FormRow
from ui.widgets.layout import column, row
from ui.widgets.text import Text

# A hidden field is given no input method by the system, so that nothing but letters and signs can be typed there.
SHOW_WORDS = "显示口令（输入汉字要先打勾）"


class SecretField(QuietField):
    """Hidden, nothing of it is tidied while it is typed. With `enters` it says `entered` at Enter, else it goes on."""

    entered = Signal()

    def __init__(self, hint: str, *, enters: bool = False) -> None:
        super().__init__(quiet=False, hint=hint, tidy=str)
        self._enters = enters
        self.show_plainly(shown=False)

    def show_plainly(self, shown: bool) -> None:
        """Show what is typed, or dots."""
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._enters and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class SecretRow(QWidget):
    """`field` beside its label, and below it the box that shows what is typed."""

    def __init__(
        self, label: str, hint: str, label_width: int | None = None, *, enters: bool = False
    ) -> None:
        super().__init__()
        m = theme.metrics()
        wide = label_width or m.value_at
        self.field = SecretField(hint, enters=enters)
        self.field.setFixedWidth(m.dialog - 2 * m.s24 - wide)  # what a panel leaves beside its label
        self.shown = CheckBox(SHOW_WORDS)
        self.shown.toggled.connect(self.field.show_plainly)
        self.setLayout(
            column(FormRow(label, self.field, label_width=wide), row(wide, self.shown, None), gap=m.s4)
        )


class AskPassphrase(Panel):
    """Asks for the passphrase of an encrypted copy; `verbs` are the safe one and the one that Enter means.

    `wrong` says what was amiss with the one before, in red.
    """

    def __init__(
        self, parent: QWidget | None, head: str, verbs: Sequence[Verb], words: str, *, wrong: str = ""
    ) -> None:
        super().__init__(parent, head, verbs, focus_content=True)
        self._secret = SecretRow("口令", "拷的时候定的口令", enters=True)
        self.field = self._secret.field
        self.shown = self._secret.shown
        self.field.entered.connect(partial(self._enter, verbs[-1].key))
        self.box.addWidget(self._secret)
        if wrong:
            self.box.addWidget(Text(wrong, Type.SMALL, Tone.RED, wrap=True))
        self.box.addWidget(Text(words, Type.SMALL, Tone.INK2, wrap=True))

    def _enter(self, key: str) -> None:
        if self.field.text().strip():
            self.answer(key)
