"""Brothers and sisters on one telephone: what each of them felt, and chose to have written down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.calls.codes import Mood
from ui import theme
from ui.pages.calls.turns import Said
from ui.widgets import FormRow, QuietArea, QuietChoice, column, empty_out, holder, row

MOODS = [("", "不写"), *((mood.value, mood.label) for mood in Mood)]
_NO_MOOD = [("", "情绪"), *MOODS[1:]]


def mood_of(choice: QuietChoice) -> Mood | None:
    """The chosen mood; Qt hands codes back as text."""
    return Mood(str(choice.value)) if choice.value else None


class ChildrenWords(QWidget):
    """A line for each child of the call: its name, how it was, its words. `touched` after every change of hers."""

    touched = Signal()

    def __init__(self, label_width: int) -> None:
        super().__init__()
        self._label_width = label_width
        self.moods: list[QuietChoice] = []
        self.texts: list[QuietArea] = []
        self._box = column(gap=theme.metrics().s8)
        self.setLayout(self._box)
        self.hide()

    def offer(self, names: Sequence[str]) -> None:
        """A line for each of these children; one alone has its own fields in the form."""
        empty_out(self._box)
        self.moods, self.texts = [], []
        for name in names if len(names) > 1 else ():
            self._add(name)
        self.setVisible(bool(self.moods))

    def _add(self, name: str) -> None:
        m = theme.metrics()
        mood = QuietChoice(_NO_MOOD, quiet=False, unknown=False)
        mood.setFixedWidth(m.value_at + m.s8)
        words = QuietArea(one_line=True, quiet=False, hint="愿意记下的话")
        words.setMinimumWidth(2 * m.s32)
        words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        line = row(mood, words, gap=m.s8)
        line.setStretchFactor(words, 1)
        form_row = FormRow(name, holder(line), label_width=self._label_width)
        mood.setAccessibleName(f"{name}的情绪")
        words.setAccessibleName(f"{name}说")
        mood.currentIndexChanged.connect(self.touched)
        words.textChanged.connect(self.touched)
        self.moods.append(mood)
        self.texts.append(words)
        self._box.addWidget(form_row)

    def stops(self) -> Iterator[QWidget]:
        """The fields in the order they are walked."""
        for mood, words in zip(self.moods, self.texts, strict=True):
            yield mood
            yield words

    def named(self) -> Iterator[tuple[str, QWidget]]:
        """Every field by the name it has in a draft."""
        for place, (mood, words) in enumerate(zip(self.moods, self.texts, strict=True)):
            yield f"mood{place}", mood
            yield f"said{place}", words

    def show_said(self, said: Sequence[Said]) -> None:
        """What is on file of each, in their order."""
        for mood, words, one in zip(self.moods, self.texts, said, strict=False):
            mood.set_value(one.mood.value if one.mood else "")
            words.set_value(one.said or None)

    def said(self) -> tuple[Said, ...]:
        """What stands in the lines."""
        return tuple(
            Said(mood_of(mood), words.toPlainText().strip())
            for mood, words in zip(self.moods, self.texts, strict=True)
        )
