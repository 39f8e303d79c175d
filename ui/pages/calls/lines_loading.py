"""What the page 线路与时段 shows, read at one time, and the rows of its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from msgspec import Struct

from app.calls.lines import ClosureFacts, LineFacts, OpeningFacts, closures, lines
from app.calls.queries import line_warnings
from app.school.duty import SwapFacts, TurnFacts, swaps, turns
from app.school.lessons import LessonFacts, lessons
from app.school.queries import classes, staff
from app.storage.store import Store
from ui.widgets.pick import Pick, unique_picks

_BACK = timedelta(days=28)
_AHEAD = timedelta(days=366)


class Everything(Struct, frozen=True):
    """All that the page shows on a day."""

    day: date
    lines: tuple[LineFacts, ...]
    closures: tuple[ClosureFacts, ...]
    lessons: tuple[LessonFacts, ...]
    turns: tuple[TurnFacts, ...]
    swaps: tuple[SwapFacts, ...]
    warnings: tuple[str, ...]
    teachers: tuple[Pick, ...]
    classes: tuple[tuple[str, str], ...]

    @property
    def slots_a_week(self) -> int:
        """How many children can call in a whole week."""
        return sum(line.slots_a_week for line in self.lines)


class HoursRow(Struct, frozen=True):
    """One row of the table of lines: a span that a line is open at the same time on some weekdays.

    ``openings`` by weekday; none = the line has no hours. The first row of a line shows its name.
    """

    line: LineFacts
    place: int
    openings: Mapping[int, OpeningFacts]

    @property
    def uuid(self) -> str:
        """What the table calls the row."""
        return f"{self.line.uuid}/{self.place}"

    @property
    def one(self) -> OpeningFacts | None:
        """Any of its openings: they say the same but for the weekday."""
        return next(iter(self.openings.values()), None)


def load_everything(store: Store, day: date) -> Everything:
    """Read lines, closures, timetable and roster as they are on a day; closures and 代班 of the last weeks and to come."""
    teachers = [
        (one.uuid, one.name, one.duty or one.subject or "") for one in staff(store, day) if one.present
    ]
    return Everything(
        day=day,
        lines=lines(store, day),
        closures=closures(store, day - _BACK, day + _AHEAD),
        lessons=lessons(store, day),
        turns=turns(store, day),
        swaps=swaps(store, day - _BACK, day + _AHEAD),
        warnings=line_warnings(store, day),
        teachers=tuple(unique_picks(teachers)),
        classes=tuple((cls.uuid, cls.name) for cls in classes(store, day)),
    )


def hours_rows(known: tuple[LineFacts, ...]) -> list[HoursRow]:
    """The rows of the table of lines, in order."""
    return [row for line in known for row in _rows_of(line)]


def _rows_of(line: LineFacts) -> Iterator[HoursRow]:
    groups: dict[tuple[str, str, int], dict[int, OpeningFacts]] = {}
    for one in line.openings:
        groups.setdefault((one.starts, one.ends, one.slot_minutes), {})[one.weekday] = one
    if not groups:
        yield HoursRow(line, 0, {})
    for place, (_, openings) in enumerate(sorted(groups.items())):
        yield HoursRow(line, place, openings)
