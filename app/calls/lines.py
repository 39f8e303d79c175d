"""The lines on which children talk with their parents: what they are, when they are open, when they are closed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from app.calls.codes import CallMedium, LineKind
from app.core.dates import in_force
from app.core.times import minute_of, time_at
from app.school.lessons import WEEKDAYS
from app.storage.store import Store


class OpeningFacts(Struct, frozen=True, kw_only=True):
    """A line is open on a weekday (1 = Monday … 7) from ``starts`` to ``ends``, cut into slots of ``slot_minutes``."""

    uuid: str
    weekday: int
    starts: str
    ends: str
    slot_minutes: int
    valid_from: str | None = None
    valid_to: str | None = None

    @property
    def times(self) -> tuple[tuple[str, str], ...]:
        """Return start and end of every slot; what is left over at the end is no slot."""
        first, last = minute_of(self.starts), minute_of(self.ends)
        begins = range(first, last - self.slot_minutes + 1, self.slot_minutes)
        return tuple((time_at(at), time_at(at + self.slot_minutes)) for at in begins)

    @property
    def words(self) -> str:
        """Return 周三 12:20–13:00，每人 10 分钟."""
        return f"{WEEKDAYS[self.weekday - 1]} {self.starts}–{self.ends}，每人 {self.slot_minutes} 分钟"


class LineFacts(Struct, frozen=True, kw_only=True):
    """One line. ``planned`` False = it has no slots: called when it suits, and logged.

    ``staff`` is whose mobile it is. ``openings`` are those of the day asked for, by weekday and start.
    """

    id: int
    uuid: str
    name: str
    kind: LineKind
    medium: CallMedium
    planned: bool = True
    staff_uuid: str = ""
    staff: str = ""
    number: str = ""
    place: str = ""
    note: str = ""
    openings: tuple[OpeningFacts, ...] = ()
    valid_from: str | None = None
    valid_to: str | None = None

    @property
    def slots_a_week(self) -> int:
        """Return how many children can call in a whole week."""
        return sum(len(one.times) for one in self.openings) if self.planned else 0


class ClosureFacts(Struct, frozen=True, kw_only=True):
    """A line (``line_uuid`` "" = every line) cannot be used from ``first`` to ``last``, on each day in the span given."""

    uuid: str
    line_uuid: str
    line: str
    first: date
    last: date
    reason: str
    starts: str | None = None
    ends: str | None = None


class LinePeriods(Struct, frozen=True):
    """Every line with every opening it ever had, and every closure: to be asked about any day."""

    lines: tuple[LineFacts, ...]
    closures: tuple[ClosureFacts, ...]

    def on(self, day: date) -> tuple[LineFacts, ...]:
        """Return the lines of a day, with the openings in force."""
        return tuple(_as_of(one, day) for one in self.lines if _holds(one, day))


def lines(store: Store, on: date) -> tuple[LineFacts, ...]:
    """Return the lines in use on a day: those with slots first, then by kind and name."""
    return line_periods(store).on(on)


def line_periods(store: Store) -> LinePeriods:
    """Return all lines, openings and closures, past and to come."""
    openings: dict[int, list[OpeningFacts]] = {}
    for line, *row in store.rows(
        "SELECT call_line_id, uuid, weekday, starts, ends, slot_minutes, valid_from, valid_to FROM call_opening"
        " WHERE deleted_at IS NULL ORDER BY weekday, starts, id"
    ):
        openings.setdefault(line, []).append(_opening(row))
    rows = store.rows(
        "SELECT l.id, l.uuid, l.name, l.kind, l.medium, l.planned, s.uuid, s.name, l.number, l.place, l.note,"
        " l.valid_from, l.valid_to FROM call_line l LEFT JOIN staff s ON s.id = l.staff_id"
        " WHERE l.deleted_at IS NULL ORDER BY l.planned DESC, l.id"
    )
    return LinePeriods(
        tuple(_line(row, openings.get(row[0], ())) for row in rows), closures(store, date.min, date.max)
    )


def closures(store: Store, first: date, last: date) -> tuple[ClosureFacts, ...]:
    """Return the closures that touch [first, last], by first day."""
    rows = store.rows(
        "SELECT c.uuid, l.uuid, l.name, c.first_on, c.last_on, c.reason, c.starts, c.ends FROM call_closure c"
        " LEFT JOIN call_line l ON l.id = c.call_line_id WHERE c.deleted_at IS NULL"
        " AND (c.call_line_id IS NULL OR l.deleted_at IS NULL) AND c.first_on <= ? AND c.last_on >= ?"
        " ORDER BY c.first_on, c.id",
        (last.isoformat(), first.isoformat()),
    )
    return tuple(
        ClosureFacts(
            uuid=uuid,
            line_uuid=line_uuid or "",
            line=line or "",
            first=date.fromisoformat(first_on),
            last=date.fromisoformat(last_on),
            reason=reason,
            starts=starts,
            ends=ends,
        )
        for uuid, line_uuid, line, first_on, last_on, reason, starts, ends in rows
    )


def _opening(row: Iterable[Any]) -> OpeningFacts:
    uuid, weekday, starts, ends, minutes, start, end = row
    return OpeningFacts(
        uuid=uuid,
        weekday=weekday,
        starts=starts,
        ends=ends,
        slot_minutes=minutes,
        valid_from=start,
        valid_to=end,
    )


def _line(row: tuple[Any, ...], openings: Iterable[OpeningFacts]) -> LineFacts:
    id, uuid, name, kind, medium, planned, staff_uuid, staff, number, place, note, start, end = row
    return LineFacts(
        id=id,
        uuid=uuid,
        name=name,
        kind=LineKind(kind),
        medium=CallMedium(medium),
        planned=planned == 1,
        staff_uuid=staff_uuid or "",
        staff=staff or "",
        number=number or "",
        place=place or "",
        note=note or "",
        openings=tuple(openings),
        valid_from=start,
        valid_to=end,
    )


def _holds(one: LineFacts | OpeningFacts, day: date) -> bool:
    return in_force(one.valid_from, one.valid_to, day) is not False


def _as_of(line: LineFacts, day: date) -> LineFacts:
    found = tuple(one for one in line.openings if _holds(one, day))
    if found == line.openings:
        return line
    return replace(line, openings=found)
