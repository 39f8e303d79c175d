"""What should be looked at again before it is saved: questions, never a block."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal

from app.diary.guards import Question
from ui import theme
from ui.theme import Tone, Type
from ui.widgets import Ground, Link, Text, column, empty_out, holder, row

SHOWN, SHOWN_NARROW = 2, 1
"""So many questions are spelled out; more are counted, and all are asked when it is saved."""


class Questions(Ground):
    """Takes no room while there is nothing to ask. `go_asked(field)` leads to the place."""

    go_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__("ochre")
        m = theme.metrics()
        self._lines = column(gap=m.s2, margins=(m.s16, m.s4, m.s16, m.s4))
        self.setLayout(self._lines)
        self._shown: tuple[Question, ...] = ()
        self._most = SHOWN
        self.hide()

    def set_narrow(self, narrow: bool) -> None:
        """Leave the form its room in a small window."""
        self._most = SHOWN_NARROW if narrow else SHOWN
        shown, self._shown = self._shown, ()
        self.show_questions(shown)

    def show_questions(self, questions: Sequence[Question]) -> None:
        """Say these."""
        found = tuple(questions)
        if found == self._shown:
            return
        self._shown = found
        empty_out(self._lines)
        for place, question in enumerate(found[: self._most]):
            more = len(found) - self._most
            tail = f"（还有 {more} 处）" if more > 0 and place == self._most - 1 else ""
            words = Text(question.words + tail, Type.SMALL, Tone.OCHRE, wrap=True)
            line = row(words, gap=theme.metrics().s8)
            line.setStretch(0, 1)
            if question.field:
                line.addWidget(Link("去看看", partial(self.go_asked.emit, question.field), kind=Type.SMALL))
            self._lines.addWidget(holder(line))
        self.setVisible(bool(found))
