"""The passphrase of a copy: typed twice when it is made, once when it is checked."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.storage.container import passphrase_advice
from ui import theme
from ui.theme import Tone, Type
from ui.widgets import CheckBox, Finding, FormRow, Kind, QuietField, State, Text, Verb
from ui.widgets.layout import column, row
from ui.widgets.secret import SHOW_WORDS, AskPassphrase

CHECK = "check"

_STRENGTH = (
    "加密牢不牢，全看口令。口令不存在任何地方，忘了谁也打不开；"
    "请用电话告诉对方，不要写在优盘上，也不要和优盘放在一起。"
)


class PassphraseFields(QWidget):
    """Two fields that must agree, advice about a weak one, and what rests on it. `typed` at every key."""

    typed = Signal()

    def __init__(self) -> None:
        super().__init__()
        m = theme.metrics()
        self.first = QuietField(quiet=False, hint="一句别人想不到的话", tidy=str)
        self.second = QuietField(quiet=False, hint="再输一遍同样的", tidy=str, check=self._compare)
        self._shown = CheckBox(SHOW_WORDS)
        self._shown.toggled.connect(self._show_or_hide)
        self._advice = Text("", Type.SMALL, Tone.OCHRE, wrap=True)
        for field in (self.first, self.second):
            field.setFixedWidth(m.side_small)
            field.textChanged.connect(self._look)
        self.setLayout(
            column(
                FormRow("口令", self.first),
                FormRow("再输一遍", self.second),
                row(m.value_at, self._shown, None),
                self._advice,
                Text(_STRENGTH, Type.SMALL, Tone.INK2, wrap=True),
                gap=m.s4,
            )
        )
        self._show_or_hide(shown=False)
        self._look()

    @property
    def passphrase(self) -> str:
        """The passphrase, "" while the two fields do not agree."""
        text = self.first.text()
        return text if text.strip() and text == self.second.text() else ""

    @property
    def missing(self) -> str:
        """What keeps a copy from beginning, "" for nothing."""
        if not self.first.text().strip():
            return "先定一个口令，输两遍。"
        if not self.second.text():
            return "再输一遍同样的口令。"
        return "" if self.passphrase else "两遍口令不一样。"

    def forget(self) -> None:
        """Empty both fields: what was typed is not kept a moment longer than needed."""
        for field in (self.first, self.second):
            field.set_value(None)
            field.clear()

    def _compare(self, text: str) -> Finding | None:
        return None if text == self.first.text() else Finding(State.INVALID, "和上面一遍不一样。")

    def _show_or_hide(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        for field in (self.first, self.second):
            field.setEchoMode(mode)

    def _look(self, _text: str = "") -> None:
        text = self.first.text()
        self._advice.setText((passphrase_advice(text) if text else None) or "")
        self._advice.setVisible(bool(self._advice.text()))
        self.typed.emit()


class PassphrasePanel(AskPassphrase):
    """Asks for the passphrase of an encrypted copy that is to be checked."""

    def __init__(self, parent: QWidget | None) -> None:
        verbs = [Verb("stay", "先不核对"), Verb(CHECK, "核对这一份", Kind.FILLED)]
        super().__init__(parent, "这份拷贝加了密", verbs, "没有口令就打不开，也核对不了。")
