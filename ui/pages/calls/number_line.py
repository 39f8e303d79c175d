"""Whom to dial, and the number: masked until it is asked for."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from app.calls.log_facts import Dial
from ui import theme
from ui.theme import Tone, Type
from ui.widgets import Link, QuietChoice, Text, row

NO_NUMBER = "没有号码"


def who_words(dial: Dial) -> str:
    """母亲 刘芳; the one word where both are the same."""
    return f"{dial.relation} {dial.who}".strip() if dial.relation != dial.who else dial.who


class NumberLine(QWidget):
    """打给 母亲 刘芳, and below the number, in full for who asks for it."""

    reveal_asked = Signal(str)

    def __init__(self, party: QuietChoice) -> None:
        super().__init__()
        m = theme.metrics()
        self._party = party
        self._narrow = False
        self.mark = Text()
        self.mark.setPixmap(theme.pixmap("call", Tone.INK2))
        self.words = Text("", elide=True)
        self.number = Text("", tone=Tone.INK2, selectable=True)
        self.show_number = Link("显示号码", self._ask, icon="eye", kind=Type.SMALL)
        self.show_number.setToolTip("看完整号码会记进移交记录")
        self.told = Text("会记下来", Type.SMALL, Tone.INK3)
        upper = row(self.mark, m.s8, self.words, party)
        for part in (self.words, party):
            upper.setStretchFactor(part, 1)
        lower = row(self.number, m.s8, self.show_number, m.s4, self.told, None)
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(m.s2)
        self._box.addLayout(upper)
        self._box.addLayout(lower)
        self._dial: Dial | None = None

    def arrange(self, *, narrow: bool) -> None:
        """The number behind the name, or below it."""
        ways = QBoxLayout.Direction
        self._box.setDirection(ways.LeftToRight if narrow else ways.TopToBottom)
        self._box.setSpacing(theme.metrics().s8 if narrow else theme.metrics().s2)
        self._narrow = narrow

    def show_dial(self, dial: Dial | None, number: str = "") -> None:
        """Whom to dial; `number` when she asked to see it."""
        self._dial = dial
        can = dial is not None and bool(dial.masked)
        self.words.setVisible(self._party.isHidden())
        self.words.setText(f"打给 {who_words(dial)}" if dial is not None else "没有可以打的联系人")
        self.number.setText(
            number or (dial.masked if dial is not None else "") or (NO_NUMBER if dial else "")
        )
        self.number.set_tone(Tone.INK if number else (Tone.INK2 if can else Tone.OCHRE))
        self.show_number.setVisible(can and not number)
        self.told.setVisible(can and not number and not self._narrow)

    def _ask(self) -> None:
        if self._dial is not None and self._dial.phone_uuid:
            self.reveal_asked.emit(self._dial.phone_uuid)
