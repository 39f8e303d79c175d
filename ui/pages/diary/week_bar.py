"""Which week, what, whose children: the bar above the grid. It asks for another grid; the segment decides."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.diary.codes import Activity
from ui.pages.diary.list_filters import Choices
from ui.pages.diary.week_rows import DAYS, KINDS, day_name
from ui.theme import Tone, Type
from ui.widgets import FilterBar, FilterChip, Menu, Pager, QuietChoice, Text, column


class Group(Struct, frozen=True):
    """Whose children: of a class, of a supporter, or of the whole school."""

    class_uuid: str = ""
    supporter_uuid: str = ""
    words: str = "全校"


class Chosen(Struct, frozen=True):
    """Which grid. Without a group it is the first class: a grid of the whole school is only shown when it is asked for."""

    monday: date
    kind: Activity = Activity.TALK
    group: Group | None = None

    @property
    def words(self) -> str:
        """一（1）班谈心."""
        return f"{self.group.words if self.group else ''}{self.kind.label}"


class WeekBar(QWidget):
    """`asked(chosen)` when another grid is wanted; `show_chosen` says which one is shown."""

    asked = Signal(Chosen)

    def __init__(self, monday: date, today: date) -> None:
        super().__init__()
        self._today = today
        self._choices = Choices((), (), ())
        self.chosen = Chosen(monday)
        self.pager = Pager()
        self.pager.previous.connect(partial(self._step, -DAYS))
        self.pager.next.connect(partial(self._step, DAYS))
        self.kind = QuietChoice([(kind, kind.label) for kind in KINDS], quiet=False, unknown=False)
        self.kind.setAccessibleName("登记什么")
        self.kind.saved.connect(self._kind_chosen)
        self.group = FilterChip("谁的", self._groups)
        self.group.cleared.connect(partial(self._choose, Group()))
        self.usual = QuietChoice([], quiet=False, unknown=False)
        self.usual.setAccessibleName("没写哪天的算")
        said = Text("没写哪天的算", Type.SMALL, Tone.INK2)
        self.setLayout(column(FilterBar(self.pager, self.kind, self.group, None, said, self.usual)))
        self.show_chosen(self.chosen, self._choices, "")

    @property
    def usual_day(self) -> str:
        """The day of rows that name none, ISO."""
        return str(self.usual.value)

    def show_chosen(self, chosen: Chosen, choices: Choices, week: str) -> None:
        """Say which grid is shown."""
        other_week = chosen.monday != self.chosen.monday or not self.usual.count()
        self.chosen, self._choices = chosen, choices
        last = chosen.monday + timedelta(days=DAYS - 1)
        words = f"{week}　{chosen.monday:%m-%d} 至 {last:%m-%d}"
        self.pager.set_words(words, first=False, last=False)
        self.kind.set_value(chosen.kind)
        group = chosen.group
        self.group.set_choice("" if group is None or group == Group() else group.words)
        if other_week:
            self._offer_days(chosen.monday)

    def _offer_days(self, monday: date) -> None:
        """Rows without a day are of today when it is in the week, else of its Friday."""
        days = [monday + timedelta(days=n) for n in range(DAYS)]
        self.usual.set_options([(day.isoformat(), day_name(day)) for day in days])
        self.usual.set_value((self._today if self._today in days else days[4]).isoformat())

    def _step(self, days: int) -> None:
        self.asked.emit(replace(self.chosen, monday=self.chosen.monday + timedelta(days=days)))

    def _kind_chosen(self, kind: object) -> None:
        wanted = Activity(str(kind))
        if wanted is not self.chosen.kind:
            self.kind.set_value(self.chosen.kind)  # until the other grid is there
            self.asked.emit(replace(self.chosen, kind=wanted))

    def _groups(self, menu: Menu) -> None:
        now = self.chosen.group
        classes = [Group(class_uuid=uuid, words=words) for uuid, words in self._choices.classes]
        people = [Group(supporter_uuid=uuid, words=words) for uuid, words in self._choices.supporters]
        for head, groups in (("按班级", classes), ("按帮扶人", people)):
            menu.head(head)
            for group in groups:
                menu.add(group.words, partial(self._choose, group), ticked=group == now)
        menu.line()
        menu.add("全校", partial(self._choose, Group()), ticked=now == Group())

    def _choose(self, group: Group) -> None:
        now = self.chosen.group
        self.group.set_choice("" if now is None or now == Group() else now.words)
        self.asked.emit(replace(self.chosen, group=group))
