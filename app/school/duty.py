"""Who is on duty (值班) when: turns by weekday, in every school week or in those of odd or even number, and 代班."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from msgspec import Struct, field

from app.core.dates import in_force
from app.core.times import covers, spans_meet
from app.school.calendar import SchoolCalendar
from app.school.queries import school_calendar
from app.storage.store import Store


class Weeks(StrEnum):
    """In which school weeks a turn comes round."""

    EVERY = "every"
    ODD = "odd"
    EVEN = "even"

    @property
    def label(self) -> str:
        """Return the word shown."""
        return _WORDS[self]

    def holds(self, number: int | None) -> bool:
        """Tell whether a school week of this number is one of them; None = a week outside the terms."""
        return self is Weeks.EVERY or (number is not None and (number % 2 == 1) is (self is Weeks.ODD))


_WORDS = {Weeks.EVERY: "每周", Weeks.ODD: "单周", Weeks.EVEN: "双周"}


class TurnFacts(Struct, frozen=True, kw_only=True):
    """One turn: ``weekday`` 1 = Monday … 7; ``starts`` and ``ends`` None = the whole day. ``leader`` is the 带班领导."""

    uuid: str
    staff_uuid: str
    staff: str
    weekday: int
    weeks: Weeks = Weeks.EVERY
    starts: str | None = None
    ends: str | None = None
    leader_uuid: str = ""
    leader: str = ""
    left_on: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None


class SwapFacts(Struct, frozen=True, kw_only=True):
    """One day on which ``staff`` is on duty instead of ``instead``, "" = beside whoever else is (代班, 加班)."""

    uuid: str
    day: date
    staff_uuid: str
    staff: str
    instead_uuid: str = ""
    instead: str = ""
    starts: str | None = None
    ends: str | None = None
    reason: str = ""


class OnDuty(Struct, frozen=True):
    """Somebody on duty. ``instead_of`` is the name of whom they stand in for, "" = it is their own turn."""

    staff_uuid: str
    staff: str
    instead_of: str = ""
    leader: str = ""


class Roster(Struct, frozen=True):
    """The duty roster: every turn and every swap, to be asked about any day."""

    turns: tuple[TurnFacts, ...] = ()
    swaps: Mapping[date, tuple[SwapFacts, ...]] | None = None
    calendar: SchoolCalendar = field(default_factory=SchoolCalendar)

    def on(self, day: date, starts: str, ends: str, *, weekday: int | None = None) -> tuple[OnDuty, ...]:
        """Return who is on duty in a span of a day: by turn, those who stand in for somebody at that place; then others.

        ``weekday`` is the one whose roster the day has, None = its own (a 调休 day may have another's). Who had left
        the school by then is not on duty.
        """
        swaps = [
            one
            for one in (self.swaps or {}).get(day, ())
            if one.starts is None or one.ends is None or spans_meet(one.starts, one.ends, starts, ends)
        ]
        stands_in = {one.instead_uuid: one for one in swaps if one.instead_uuid}
        of_day = self._turns(day, weekday or day.isoweekday())
        found: list[OnDuty] = []
        for turn in of_day:
            if not covers(turn.starts, turn.ends, starts, ends):
                continue
            swap = stands_in.get(turn.staff_uuid)
            if swap is not None:
                found.append(OnDuty(swap.staff_uuid, swap.staff, turn.staff, turn.leader))
            elif turn.left_on is None or in_force(None, turn.left_on, day) is not False:
                found.append(OnDuty(turn.staff_uuid, turn.staff, "", turn.leader))
        # Who stands in for somebody who has no turn that day is on duty all the same; else in that turn's hours only.
        with_turn = {turn.staff_uuid for turn in of_day}
        found += [
            OnDuty(one.staff_uuid, one.staff, one.instead)
            for one in swaps
            if one.instead_uuid not in with_turn
        ]
        return tuple({one.staff_uuid: one for one in reversed(found)}.values())[::-1]

    def _turns(self, day: date, weekday: int) -> list[TurnFacts]:
        week = self.calendar.week_of(day)
        return [
            turn
            for turn in self.turns
            if turn.weekday == weekday
            and turn.weeks.holds(week.number if week else None)
            and in_force(turn.valid_from, turn.valid_to, day) is not False
        ]


def roster(store: Store) -> Roster:
    """Return the duty roster as it was, is and will be."""
    found: dict[date, list[SwapFacts]] = {}
    for swap in _swaps(store):
        found.setdefault(swap.day, []).append(swap)
    swaps = {day: tuple(listed) for day, listed in found.items()}
    return Roster(turn_periods(store), swaps, school_calendar(store))


def turns(store: Store, on: date) -> tuple[TurnFacts, ...]:
    """Return the turns in force on a day, by weekday and start."""
    return tuple(
        one for one in turn_periods(store) if in_force(one.valid_from, one.valid_to, on) is not False
    )


def turn_periods(store: Store) -> tuple[TurnFacts, ...]:
    """Return every turn that ever was, by weekday, start and name."""
    rows = store.rows(
        "SELECT t.uuid, s.uuid, s.name, t.weekday, t.weeks, t.starts, t.ends, l.uuid, l.name, s.left_on, t.valid_from,"
        " t.valid_to FROM duty_turn t JOIN staff s ON s.id = t.staff_id LEFT JOIN staff l ON l.id = t.leader_id"
        " WHERE t.deleted_at IS NULL ORDER BY t.weekday, coalesce(t.starts, ''), t.weeks = 'even', s.name, t.id"
    )
    return tuple(
        TurnFacts(
            uuid=uuid,
            staff_uuid=staff_uuid,
            staff=name,
            weekday=weekday,
            weeks=Weeks(weeks),
            starts=starts,
            ends=ends,
            leader_uuid=leader_uuid or "",
            leader=leader or "",
            left_on=left_on,
            valid_from=start,
            valid_to=end,
        )
        for uuid, staff_uuid, name, weekday, weeks, starts, ends, leader_uuid, leader, left_on, start, end in rows
    )


def swaps(store: Store, first: date, last: date) -> tuple[SwapFacts, ...]:
    """Return the 代班 of [first, last], by day."""
    return tuple(one for one in _swaps(store) if first <= one.day <= last)


def _swaps(store: Store) -> list[SwapFacts]:
    rows = store.rows(
        "SELECT d.uuid, d.day, s.uuid, s.name, i.uuid, i.name, d.starts, d.ends, d.reason FROM duty_day d"
        " JOIN staff s ON s.id = d.staff_id LEFT JOIN staff i ON i.id = d.instead_of_id"
        " WHERE d.deleted_at IS NULL ORDER BY d.day, coalesce(d.starts, ''), d.id"
    )
    return [
        SwapFacts(
            uuid=uuid,
            day=date.fromisoformat(day),
            staff_uuid=staff_uuid,
            staff=name,
            instead_uuid=instead_uuid or "",
            instead=instead or "",
            starts=starts,
            ends=ends,
            reason=reason or "",
        )
        for uuid, day, staff_uuid, name, instead_uuid, instead, starts, ends, reason in rows
    ]
