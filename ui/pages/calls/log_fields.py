"""The fields of one call: how it ended (keys 1–8), with whom, how long, the mood, the child's words, a promise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QSizePolicy, QWidget
from typing_extensions import override

from app.calls.codes import Mood, Outcome
from ui import theme
from ui.pages.calls.children_words import MOODS, ChildrenWords, mood_of
from ui.pages.calls.week import day_words
from ui.theme import Tone, Type
from ui.widgets import (
    Button,
    Finding,
    FormRow,
    QuietArea,
    QuietChoice,
    QuietField,
    State,
    Text,
    column,
    holder,
    paint,
    row,
)
from ui.widgets.time_field import TimeField

_LONGEST_CALL = 240
"""Minutes the ledger takes."""
_NAMES = ("party", "line", "started", "minutes", "mood", "said", "promise", "again", "again_at")
_DAYS_AHEAD = 15
"""A parent says tomorrow, or next week."""
_ACROSS = 4


def check_minutes(text: str) -> Finding | None:
    """INVALID when it is no number of minutes."""
    if text.isascii() and text.isdigit() and int(text) <= _LONGEST_CALL:
        return None
    return Finding(State.INVALID, f"写几分钟，0 到 {_LONGEST_CALL}。")


class OutcomeButton(Button):
    """One result, with its digit; pressed down while it is the chosen one."""

    def __init__(self, outcome: Outcome, digit: int) -> None:
        super().__init__(f"{digit} {outcome.label}")
        self.outcome = outcome
        self.setCheckable(True)
        self.setAccessibleName(outcome.label)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.toggled.connect(self.set_active)

    @override
    def _text_font(self) -> QFont:
        return theme.font(Type.SMALL)

    @override
    def sizeHint(self) -> QSize:
        m = theme.metrics()
        return QSize(paint.text_width(self.text(), self._text_font()) + 2 * m.s4, m.chip)

    @override
    def _paint_words(self, painter: QPainter, ink: Tone) -> None:
        m = theme.metrics()
        room = self.rect().adjusted(m.s4, 0, -m.s4, 0)
        paint.draw_text(
            painter, room, self.text(), self._text_font(), ink, align=paint.CENTRE, where="result"
        )


class OutcomeKeys(QWidget):
    """`chosen(outcome)` when she picks one, with the mouse or with its digit."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        m = theme.metrics()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(m.icon_gap)
        self._group = QButtonGroup(self)
        self.buttons = {
            outcome: OutcomeButton(outcome, digit) for digit, outcome in enumerate(Outcome, start=1)
        }
        for button in self.buttons.values():
            self._group.addButton(button)
            button.clicked.connect(partial(self._pressed, button.outcome))
        for place, button in enumerate(self.buttons.values()):
            self._grid.addWidget(button, place // _ACROSS, place % _ACROSS)

    @property
    def outcome(self) -> Outcome | None:
        """What is chosen."""
        return next((one for one, button in self.buttons.items() if button.isChecked()), None)

    def set_outcome(self, outcome: Outcome | None) -> None:
        """Show a result, or none."""
        self._group.setExclusive(False)
        for one, button in self.buttons.items():
            button.setChecked(one is outcome)
        self._group.setExclusive(True)

    def pick(self, outcome: Outcome) -> None:
        """She chose this one."""
        self.buttons[outcome].setChecked(True)
        self.chosen.emit(outcome)

    def _pressed(self, outcome: Outcome, _checked: bool = False) -> None:
        self.chosen.emit(outcome)

    def stop(self) -> QWidget:
        """Where the keyboard goes in: the chosen one, else the first."""
        return next((b for b in self.buttons.values() if b.isChecked()), next(iter(self.buttons.values())))


class CallFields(QWidget):
    """`entered` for Enter in any of them, `touched` after every change of hers."""

    entered = Signal()
    touched = Signal()
    party_chosen = Signal(object)
    entered_field = Signal(QWidget)
    """The keyboard is in a field: it is to be in sight."""

    def __init__(self) -> None:
        super().__init__()
        m = theme.metrics()
        self.results = OutcomeKeys()
        self.party = QuietChoice([], quiet=False, unknown=False)
        self.line = QuietChoice([], quiet=False, unknown=False)
        self.started = TimeField(hint="几点")
        self.minutes = QuietField(check=check_minutes, quiet=False, hint="")
        self.minutes.setFixedWidth(2 * m.s32)
        self.mood = QuietChoice(MOODS, quiet=False, unknown=False)
        self.said = QuietArea(one_line=True, quiet=False, hint="孩子愿意记下的话")
        self.promise = QuietField(quiet=False, hint="答应孩子的事")
        self.again = QuietChoice([], quiet=False, unknown=False)
        self.again_at = TimeField(hint="几点")
        for words, field in (
            ("打给", self.party),
            ("用哪部电话", self.line),
            ("几点打的", self.started),
            ("时长", self.minutes),
            ("情绪", self.mood),
            ("孩子说", self.said),
            ("答应", self.promise),
            ("改到", self.again),
            ("改到几点", self.again_at),
        ):
            field.setAccessibleName(words)
        for choice in (self.party, self.line):
            choice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        width = m.value_at - m.s24
        minutes = row(self.minutes, Text("分钟", tone=Tone.INK2), gap=m.s8)
        self._mood_words = Text("情绪", tone=Tone.INK2)
        pair = row(minutes, self._mood_words, self.mood, gap=m.s8)
        pair.setStretchFactor(self.mood, 1)
        inner = holder(pair)
        with_line = row(self.line, self.started, gap=m.s8)
        with_line.setStretchFactor(self.line, 1)
        on = holder(with_line)
        with_hour = row(self.again, self.again_at, gap=m.s8)
        with_hour.setStretchFactor(self.again, 1)
        later = holder(with_hour)
        self._rows = {
            "line": FormRow("用", on, label_width=width),
            "minutes": FormRow("时长", inner, label_width=width),
            "said": FormRow("孩子说", self.said, label_width=width),
            "promise": FormRow("答应", self.promise, label_width=width),
            "again": FormRow("改到", later, label_width=width),
        }
        self.each = ChildrenWords(width)
        ordered = ("line", "minutes", "said", "promise", "again")
        parts = [self.results, *(self._rows[name] for name in ordered)]
        parts.insert(ordered.index("promise") + 1, self.each)
        self.setLayout(column(*parts, gap=m.s8))
        self.each.touched.connect(self._touch)
        self.results.chosen.connect(self._outcome_chosen)
        self.party.saved.connect(self.party_chosen)
        self._watch()
        self.show_for(None)

    def _watch(self) -> None:
        for field in (self.started, self.minutes, self.said, self.promise, self.again_at):
            field.textChanged.connect(self._touch)
        for choice in (self.party, self.line, self.mood, self.again):
            choice.currentIndexChanged.connect(self._touch)
        stops: list[QWidget] = [*self.results.buttons.values(), *self.writable()]
        for stop in stops:
            stop.installEventFilter(self)

    def writable(self) -> tuple[QWidget, ...]:
        """The fields behind the results, in the order they are walked."""
        return (
            self.party,
            self.line,
            self.started,
            self.minutes,
            self.mood,
            self.said,
            self.promise,
            self.again,
            self.again_at,
        )

    def named(self) -> Iterator[tuple[str, QWidget]]:
        """Every field by the name it has in a draft."""
        for outcome, button in self.results.buttons.items():
            yield f"outcome.{outcome.value}", button
        for name in _NAMES:
            yield name, getattr(self, name)
        yield from self.each.named()

    def offer_children(self, names: Sequence[str]) -> None:
        """The children of the call: one alone has mood and words in the form, several have a line each."""
        self.each.offer(names)
        stops = [self.minutes, *self.each.stops(), self.promise]
        for before, after in pairwise(stops if len(stops) > 2 else ()):
            QWidget.setTabOrder(before, after)
        for stop in self.each.stops():
            stop.installEventFilter(self)
        for widget in (self.mood, self._mood_words):
            widget.setVisible(not self.each.moods)

    def offer_parties(self, parties: Sequence[tuple[str, str]]) -> None:
        """Whom she can call for this child (the choice stands beside the number); one needs no choice."""
        self.party.set_options(list(parties))
        if parties and self.party.value is None:
            self.party.setCurrentIndex(0)
        self.party.setVisible(len(parties) > 1)

    def offer_lines(self, lines: Sequence[tuple[str, str]], usual: str = "") -> None:
        """The telephones to choose from for a call that was not planned; a planned one has its own."""
        self.line.set_options([("", "没登记的电话"), *lines])
        self.line.set_value(usual)
        self._rows["line"].setVisible(bool(lines))

    def offer_days(self, day: date) -> None:
        """The days to which a parent can put it off, this one first."""
        days = [day + timedelta(days=place) for place in range(_DAYS_AHEAD)]
        self.again.set_options([("", "没说哪天"), *((one.isoformat(), day_words(one)) for one in days)])
        self.again.set_value("")

    def clear(self) -> None:
        """Nothing is entered."""
        self.results.set_outcome(None)
        for field in (self.started, self.minutes, self.promise, self.again_at):
            field.set_value(None)
            field.restore()  # also the one that is being typed in
        self.said.set_value(None)
        self.said.restore()
        self.mood.set_value("")
        self.show_for(None)

    def show_for(self, outcome: Outcome | None) -> None:
        """What there is to write after this result: of a call that did not get through neither minutes nor words."""
        through = outcome is None or outcome is Outcome.CONNECTED
        for name in ("minutes", "promise"):
            self._rows[name].setVisible(through)
        self._rows["said"].setVisible(through and not self.each.moods)
        self.each.setVisible(through and bool(self.each.moods))
        self._rows["again"].setVisible(outcome is Outcome.RESCHEDULED)

    def invalid(self) -> QWidget | None:
        """The first field whose text cannot be stored."""
        typed: tuple[QuietField | QuietArea, ...] = (
            self.started, self.minutes, self.promise, self.again_at, self.said, *self.each.texts,
        )  # fmt: skip
        for field in typed:
            field.leave()
            if field.finding is not None and field.finding.state is State.INVALID:
                return field
        return None

    @property
    def chosen_mood(self) -> Mood | None:
        """The mood of the one child."""
        return mood_of(self.mood)

    def _outcome_chosen(self, outcome: Outcome) -> None:
        self.show_for(outcome)
        self.touched.emit()
        if outcome is Outcome.CONNECTED:
            self.minutes.setFocus(Qt.FocusReason.OtherFocusReason)
        elif outcome is Outcome.RESCHEDULED:
            self.again.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.results.buttons[outcome].setFocus(Qt.FocusReason.OtherFocusReason)

    def _touch(self, _value: object = None) -> None:
        self.touched.emit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self.entered_field.emit(watched)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = event.modifiers() in (
                Qt.KeyboardModifier.NoModifier,
                Qt.KeyboardModifier.KeypadModifier,
            )
            if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.entered.emit()
                return True
        return super().eventFilter(watched, event)
