"""When grown-ups can be reached, what children wish, when they are away: the dated facts that calls are planned around."""

import json
from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from app.calls.codes import CallMedium
from app.core.dates import in_force
from app.school.calendar import monday_of
from app.school.lessons import WEEKDAYS
from app.storage.store import Store


class Window(Struct, frozen=True, kw_only=True):
    """When a grown-up can be reached: on one ``weekday`` (1 = Monday … 7) or on every one (None), HH:MM, half-open.

    ``alternate_on`` = only every ``every_weeks``-th week, counted from the week of that day (shifts by turns).
    """

    uuid: str
    starts: str
    ends: str
    weekday: int | None = None
    alternate_on: date | None = None
    every_weeks: int = 2
    valid_from: str | None = None
    valid_to: str | None = None

    def in_force(self, day: date) -> bool:
        """Tell whether the fact itself holds on a day, whatever its weekday."""
        return in_force(self.valid_from, self.valid_to, day) is not False

    def comes_on(self, day: date) -> bool:
        """Tell whether the window comes round on a day."""
        if self.weekday is not None and self.weekday != day.isoweekday():
            return False
        if self.alternate_on is None:
            return True
        return (monday_of(day) - monday_of(self.alternate_on)).days // 7 % self.every_weeks == 0

    @property
    def words(self) -> str:
        """Return 周六 18:00–20:00，隔周（11-16 那周起）; 每 3 周一次 where it comes round more seldom."""
        day = "每天" if self.weekday is None else WEEKDAYS[self.weekday - 1]
        often = "隔周" if self.every_weeks == 2 else f"每 {self.every_weeks} 周一次"
        turn = f"，{often}（{self.alternate_on:%m-%d} 那周起）" if self.alternate_on else ""
        return f"{day} {self.starts}–{self.ends}{turn}"


class CallWishFacts(Struct, frozen=True, kw_only=True):
    """What the child itself wishes. ``wants`` False = it does not want to call now; nobody plans against that."""

    uuid: str = ""
    wants: bool = True
    person_uuid: str = ""
    medium: CallMedium | None = None
    note: str = ""
    valid_from: str | None = None


class Absent(Struct, frozen=True):
    """A child away from school from ``first`` on; ``back`` is the first day it is there again, None = not known."""

    first: date
    back: date | None = None


def windows(store: Store, people: Iterable[int] | None = None) -> Mapping[int, tuple[Window, ...]]:
    """Return person → when they can be reached: every window that ever was, by weekday and start."""
    only, params = among("person_id", people)
    found: dict[int, list[Window]] = {}
    for person, uuid, weekday, starts, ends, alternate, every, start, end in store.rows(
        "SELECT person_id, uuid, weekday, starts, ends, alternate_on, every_weeks, valid_from, valid_to"  # noqa: S608
        f" FROM reachable_time WHERE deleted_at IS NULL{only} ORDER BY coalesce(weekday, 0), starts, id",
        params,
    ):
        found.setdefault(person, []).append(
            Window(
                uuid=uuid,
                starts=starts,
                ends=ends,
                weekday=weekday,
                alternate_on=None if alternate is None else date.fromisoformat(alternate),
                every_weeks=every,
                valid_from=start,
                valid_to=end,
            )
        )
    return {person: tuple(held) for person, held in found.items()}


def wishes(store: Store, on: date, children: Iterable[int] | None = None) -> Mapping[int, CallWishFacts]:
    """Return child → what it wishes on a day; children who were not asked are left out."""
    only, params = among("w.child_id", children)
    rows = store.rows(
        "SELECT w.child_id, w.uuid, w.wants, p.uuid, w.medium, w.note, w.valid_from, w.valid_to FROM call_wish w"  # noqa: S608
        f" LEFT JOIN person p ON p.id = w.person_id AND p.deleted_at IS NULL WHERE w.deleted_at IS NULL{only}"
        " ORDER BY coalesce(w.valid_from, ''), w.id",
        params,
    )
    return {
        child: CallWishFacts(
            uuid=uuid,
            wants=wants == 1,
            person_uuid=person or "",
            medium=CallMedium.of(medium),
            note=note or "",
            valid_from=start,
        )
        for child, uuid, wants, person, medium, note, start, end in rows
        if in_force(start, end, on) is not False
    }


def absences(store: Store, children: Iterable[int] | None = None) -> dict[int, tuple[Absent, ...]]:
    """Return child → when it was away from school, the first time first."""
    found: dict[int, list[Absent]] = {}
    only, params = among("child_id", children)
    for child, first, back in store.rows(
        "SELECT child_id, happened_on, coalesce(returned_on, closed_on) FROM absence"  # noqa: S608  # our own names
        f" WHERE deleted_at IS NULL{only} ORDER BY happened_on",
        params,
    ):
        spell = Absent(date.fromisoformat(first), None if back is None else date.fromisoformat(back))
        found.setdefault(child, []).append(spell)
    return {child: tuple(spells) for child, spells in found.items()}


def among(column: str, values: Iterable[int] | Iterable[str] | None) -> tuple[str, tuple[str, ...]]:
    """Return the condition that a column is one of the values, and its parameter; none for None."""
    if values is None:
        return "", ()
    return f" AND {column} IN (SELECT value FROM json_each(?))", (json.dumps(list(values)),)  # noqa: S608
