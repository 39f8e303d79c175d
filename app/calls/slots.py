"""Cutting the opening hours of a stretch of days into slots, each with its teacher on duty and what is closed.

Pure over facts: what a slot is follows from lines, closures, the school calendar, the timetable and the duty roster.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from app.calls.codes import CallMedium
from app.calls.lines import ClosureFacts, LineFacts, LinePeriods, OpeningFacts, line_periods
from app.core.times import spans_meet
from app.school.calendar import SchoolCalendar
from app.school.codes import DayKind
from app.school.duty import OnDuty, Roster, roster
from app.school.lessons import EVERY_CLASS, WEEKDAYS, Lessons, lessons_within
from app.school.queries import school_calendar
from app.storage.store import Store

HOLIDAYS = "放假"
"""Why a slot between the terms is closed."""
_SCHOOL_WEEK = (1, 2, 3, 4, 5)


class Slot(Struct, frozen=True, kw_only=True, order=True):
    """Room for one call: brothers and sisters may share it. Half-open [starts, ends), HH:MM.

    ``duty`` is who sees to it: the teacher on duty, or whose mobile the line is; "" = nobody is written down. Where two
    are on duty and there are two lines, each has one; where there are fewer lines, ``duty`` names all who see to this
    one and ``duty_uuid`` is the first. ``instead_of`` is whom they stand in for. ``closed`` says why it cannot be used,
    "" = it can. ``lessons`` are classes (id, 0 = a child without class) that are not called out of a lesson then, with its name.
    """

    day: date
    starts: str
    line_id: int
    ends: str
    line_uuid: str
    line: str
    medium: CallMedium
    duty_uuid: str = ""
    duty: str = ""
    instead_of: str = ""
    leader: str = ""
    closed: str = ""
    lessons: tuple[tuple[int, str], ...] = ()

    def lesson_of(self, class_id: int | None) -> str:
        """Return the lesson out of which a child of this class is not called, "" when it may come."""
        wanted = EVERY_CLASS if class_id is None else class_id
        return next((name for key, name in self.lessons if key == wanted), "")


class SlotFacts(Struct, frozen=True):
    """All that slots follow from."""

    lines: LinePeriods
    calendar: SchoolCalendar
    lessons: Lessons
    roster: Roster


def slots(store: Store, first: date, last: date) -> tuple[Slot, ...]:
    """Return every slot of [first, last], closed ones with their reason, by day, start and line."""
    return make_slots(slot_facts(store, first), first, last)


def slot_facts(store: Store, on: date) -> SlotFacts:
    """Read what slots follow from; the classes are those of ``on``."""
    return SlotFacts(line_periods(store), school_calendar(store), lessons_within(store, on), roster(store))


def make_slots(facts: SlotFacts, first: date, last: date) -> tuple[Slot, ...]:
    """Return every slot of [first, last] as ``facts`` make them."""
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return tuple(sorted(slot for day in days for slot in _of_day(facts, day)))


def _of_day(facts: SlotFacts, day: date) -> Iterator[Slot]:
    """Yield the slots of a day. Lines that are one telephone do not ring twice: the later one is closed meanwhile."""
    busy: dict[str, list[Slot]] = {}
    telephones = {line.uuid: {line.staff_uuid, line.number} - {""} for line in facts.lines.on(day)}
    for slot in _of_lines(facts, day):
        other = next(
            (
                one
                for telephone in telephones[slot.line_uuid]
                for one in busy.get(telephone, ())
                if one.line_uuid != slot.line_uuid
                and spans_meet(one.starts, one.ends, slot.starts, slot.ends)
            ),
            None,
        )
        if slot.closed or other is None:
            for telephone in telephones[slot.line_uuid] if not slot.closed else ():
                busy.setdefault(telephone, []).append(slot)
            yield slot
        else:
            yield replace(slot, closed=f"和{other.line}是同一部电话")


def _of_lines(facts: SlotFacts, day: date) -> Iterator[Slot]:
    closed = closed_day(facts.calendar, day)
    hours = [(line, timetable_of(facts.calendar, line, day)) for line in facts.lines.on(day) if line.planned]
    shared = [
        line.uuid
        for line, weekday in hours
        if not line.staff_uuid and any(one.weekday == weekday for one in line.openings)
    ]
    for line, weekday in hours:
        closures = [
            one
            for one in facts.lines.closures
            if one.first <= day <= one.last and one.line_uuid in ("", line.uuid)
        ]
        for opening in line.openings:
            if opening.weekday == weekday:
                yield from _of_opening(facts, day, weekday, line, opening, shared, closures, closed)


def _of_opening(
    facts: SlotFacts,
    day: date,
    weekday: int,
    line: LineFacts,
    opening: OpeningFacts,
    shared: Sequence[str],
    closures: list[ClosureFacts],
    closed: str,
) -> Iterator[Slot]:
    for starts, ends in opening.times:
        here = facts.roster.on(day, starts, ends, weekday=weekday)
        duty = _duty(here, line, shared)
        yield Slot(
            day=day,
            starts=starts,
            line_id=line.id,
            ends=ends,
            line_uuid=line.uuid,
            line=line.name,
            medium=line.medium,
            duty_uuid=duty.staff_uuid,
            duty=duty.staff,
            instead_of=duty.instead_of,
            leader=duty.leader,
            closed=closed or _closed(closures, starts, ends),
            lessons=facts.lessons.kept(day, weekday, starts, ends),
        )


def _duty(here: Sequence[OnDuty], line: LineFacts, shared: Sequence[str]) -> OnDuty:
    """Return who sees to a line: those on duty are dealt out over the ``shared`` lines open that day, in order."""
    if line.staff_uuid:
        return OnDuty(line.staff_uuid, line.staff)
    if not here:
        return OnDuty("", "")
    place = shared.index(line.uuid)
    dealt = here[place :: len(shared)] or (here[place % len(here)],)
    if len(dealt) == 1:
        return dealt[0]
    names = (f"{one.staff}（代班）" if one.instead_of else one.staff for one in dealt)
    return OnDuty(dealt[0].staff_uuid, "、".join(names), "", dealt[0].leader)


def _closed(closures: list[ClosureFacts], starts: str, ends: str) -> str:
    for one in closures:
        if one.starts is None or one.ends is None or spans_meet(one.starts, one.ends, starts, ends):
            return one.reason
    return ""


def closed_day(calendar: SchoolCalendar, day: date) -> str:
    """Return why nobody calls on a day: the holiday's name, 放假 between the terms; "" on every other day."""
    entered = calendar.days.get(day)
    if entered is not None and entered.kind is DayKind.HOLIDAY:
        return entered.name
    return HOLIDAYS if calendar.term_of(day) is None else ""


def named_weekday(calendar: SchoolCalendar, day: date) -> int | None:
    """Return the weekday that a day worked instead says it makes up for (补周三), None when it says none."""
    entered = calendar.days.get(day)
    if entered is None or entered.kind is not DayKind.SCHOOL_DAY:
        return None
    return next((place + 1 for place, word in enumerate(WEEKDAYS[:5]) if word in entered.name), None)


def unnamed_school_day(calendar: SchoolCalendar, day: date) -> bool:
    """Tell whether there is school on a Saturday or Sunday that does not say which weekday it makes up for."""
    at_weekend = day.isoweekday() not in _SCHOOL_WEEK
    return at_weekend and calendar.is_school_day(day) and named_weekday(calendar, day) is None


def timetable_of(calendar: SchoolCalendar, line: LineFacts, day: date) -> int:
    """Return the weekday whose hours a day has: its own, but on a 调休 school day that of the weekday it makes up for.

    Which one that is stands in the day's name (补周三); where it does not, a line that is open at the same times on all
    five school days is open then too, and any other has no hours.
    """
    own = day.isoweekday()
    named = named_weekday(calendar, day)
    if named is not None:
        return named
    if not unnamed_school_day(calendar, day):
        return own
    hours = {
        tuple((one.starts, one.ends, one.slot_minutes) for one in line.openings if one.weekday == weekday)
        for weekday in _SCHOOL_WEEK
    }
    return _SCHOOL_WEEK[0] if len(hours) == 1 and own not in {one.weekday for one in line.openings} else own
