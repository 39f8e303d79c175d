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

MOST = 6
"""Characters of a name in a chip where there is least room: 三（12）班 has as many."""


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
    """`asked(chosen)` when another grid is wanted; `show_chosen` says which one is shown.

    `who_changed()` when she says who did all of it; `done_by` is the key of that person, "" = each child's own.
    """

    asked = Signal(Chosen)
    who_changed = Signal()

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
        self.done_by = self.done_words = ""
        self.people: tuple[tuple[str, str], ...] = ()
        self.who = FilterChip("谁做的", self._offer_people, neutral="各自的帮扶人")
        self.who.cleared.connect(self._name_who)
        self.usual = QuietChoice([], quiet=False, unknown=False)
        self.usual.setAccessibleName("没写哪天的算")
        self.usual.setToolTip("没写哪天的算这一天")
        self._said = Text("没写哪天的算", Type.SMALL, Tone.INK2)
        self._week, self._narrow = "", False
        self.setLayout(
            column(FilterBar(self.pager, self.kind, self.group, self.who, None, self._said, self.usual))
        )
        self.show_chosen(self.chosen, self._choices, "")

    @property
    def usual_day(self) -> str:
        """The day of rows that name none, ISO."""
        return str(self.usual.value)

    def show_chosen(self, chosen: Chosen, choices: Choices, week: str) -> None:
        """Say which grid is shown."""
        if chosen.group != self.chosen.group:
            self.show_who("", "")  # of other children it may have been somebody else
        other_week = chosen.monday != self.chosen.monday or not self.usual.count()
        self.chosen, self._choices = chosen, choices
        self._week = week
        self._say_week()
        self.kind.set_value(chosen.kind)
        group = chosen.group
        self._say_group(group)
        if other_week:
            self._offer_days(chosen.monday)

    def set_narrow(self, *, narrow: bool) -> None:
        """Leave out what is plain without it, and the ends of long names."""
        self._narrow = narrow
        self._said.setHidden(narrow)
        self._say_week()
        self._say_group(self.chosen.group)
        self.show_who(self.done_by, self.done_words)

    def _fitting(self, words: str) -> str:
        """A name as a chip shows it: 买买提·阿… in the smallest window."""
        return f"{words[: MOST - 1]}…" if self._narrow and len(words) > MOST else words

    def _say_group(self, group: Group | None) -> None:
        words = "" if group is None or group == Group() else group.words
        self.group.set_choice(self._fitting(words))
        self.group.setToolTip(words)

    def _say_week(self) -> None:
        monday = self.chosen.monday
        days = f"{monday:%m-%d} 至 {monday + timedelta(days=DAYS - 1):%m-%d}"
        self.pager.set_words(days if self._narrow else f"{self._week}　{days}", first=False, last=False)

    def show_people(self, people: tuple[tuple[str, str], ...]) -> None:
        """Who may have done it: key and name."""
        self.people = people

    def show_who(self, key: str, words: str) -> None:
        """Say who did all of it; "" = each child's own."""
        self.done_by, self.done_words = key, words
        self.who.set_choice(self._fitting(words))
        self.who.setToolTip(words)

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
        self._say_group(now)
        self.asked.emit(replace(self.chosen, group=group))

    def _offer_people(self, menu: Menu) -> None:
        menu.add("各自的帮扶人，没有的算班主任或登记的人", self._name_who, ticked=not self.done_by)
        menu.line()
        for key, words in self.people:
            menu.add(words, partial(self._name_who, key, words), ticked=key == self.done_by)

    def _name_who(self, key: str = "", words: str = "") -> None:
        self.show_who(key, words)
        self.who_changed.emit()
