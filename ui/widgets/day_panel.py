"""Which day the ledger is looked at on: the days she is asked for, and any other."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec import Struct
from PySide6.QtWidgets import QWidget

from app.core.clock import Clock
from app.school.calendar import SchoolCalendar
from ui.widgets.button import Kind
from ui.widgets.dialog import Panel, Verb
from ui.widgets.field import Finding, State
from ui.widgets.form import FormRow
from ui.widgets.near_day import NearDay
from ui.wording import day_words


class DayChoice(Struct, frozen=True):
    """A day worth offering, and why."""

    day: date
    words: str


def day_choices(calendar: SchoolCalendar, today: date) -> list[DayChoice]:
    """Return the days offices ask for: the term's first day, the end of the last one, 30 September, a month's end."""
    term = calendar.term_in_force(today)
    before = calendar.term_in_force(term.starts_on - timedelta(days=1))
    census = date(today.year, 9, 30)
    if census >= today:
        census = date(today.year - 1, 9, 30)
    found = [
        DayChoice(term.starts_on, "本学期开学"),
        DayChoice(census, "统计日"),
        DayChoice(today.replace(day=1) - timedelta(days=1), "上月末"),
        DayChoice(before.ends_on, "上学期结束"),
    ]
    days: dict[date, DayChoice] = {}
    for choice in found:
        if choice.day < today:
            days.setdefault(choice.day, choice)
    return sorted(days.values(), key=lambda choice: choice.day, reverse=True)


def choice_words(choice: DayChoice, today: date) -> str:
    """Return 9月30日（统计日）."""
    return f"{day_words(choice.day, today)}（{choice.words}）"


class DayPanel(Panel):
    """Asks for a day in the past; `day` after 看这一天."""

    def __init__(self, parent: QWidget | None, clock: Clock) -> None:
        verbs = [Verb("stay", "还看现在的"), Verb("look", "看这一天", Kind.FILLED)]
        super().__init__(parent, "看哪一天的台账？", verbs, focus_content=True)
        self._clock = clock
        self.day: date | None = None
        self.field = NearDay(clock.today, ahead=False, hint="9-30", check=self._check)
        self.box.addWidget(FormRow("日期", self.field))
        self.buttons["look"].setEnabled(False)
        self.field.textChanged.connect(self._looked_at)

    def _check(self, text: str) -> Finding | None:
        late = text > self._clock.today().isoformat()
        return Finding(State.INVALID, "这一天还没有到。") if late else None

    def _looked_at(self, _text: str) -> None:
        """While typing: what stands in the field is a day or not yet."""
        day = self.field.day
        self.day = day if day is not None and day <= self._clock.today() else None
        self.buttons["look"].setEnabled(self.day is not None)
