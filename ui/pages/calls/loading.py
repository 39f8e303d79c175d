"""What the pages of affection calls read, each in one go on the storage thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from app.calls.codes import CallMedium, Outcome
from app.calls.lines import lines
from app.calls.log import log_of_day, log_of_period
from app.calls.log_drafts import LogDraft
from app.calls.log_facts import CallEntry, Dial, TodayCall
from app.calls.log_guards import questions_about
from app.calls.log_today import call_for_child, dials_of, todays_list
from app.calls.people import callees, callees_with_facts
from app.calls.plan_queries import planned_calls
from app.calls.slots import slots
from app.children.facts import ChildFacts
from app.children.queries import load_facts
from app.school.calendar import monday_of
from app.school.queries import classes, school_calendar
from app.storage.store import Store
from ui.pages.calls.board_model import Board
from ui.pages.calls.turns import Turn, single, turns_of
from ui.pages.calls.week import DAYS, WeekParts, counts, make_board

_LOOKS_AHEAD = 56
"""Days: the winter holidays are shorter."""
_LOOKS_BACK = 21
"""Days within which a session that was not written down is offered."""


class Telephone(Struct, frozen=True):
    """A line as the form offers it."""

    uuid: str
    name: str
    medium: CallMedium
    planned: bool


class WeekFacts(Struct, frozen=True):
    """A week as it is shown."""

    monday: date
    words: str
    board: Board
    telephones: tuple[Telephone, ...]
    planned: int
    through: int

    @property
    def is_bare(self) -> bool:
        """No line, no plan, no call: nothing to lay out."""
        return not self.board.rows


class DayFacts(Struct, frozen=True):
    """The calls of a day: those that are due then, and those that were made at no planned time."""

    day: date
    turns: tuple[Turn, ...]
    next_day: date | None = None
    next_count: int = 0
    """The next day that has planned calls, with how many children, for a day that has none."""


def usual_monday(store: Store, today: date) -> date:
    """Return the week she opens with: this one, or after its last day of calls the next one that has slots."""
    monday = monday_of(today)
    sunday = monday + timedelta(days=DAYS - 1)
    if planned_calls(store, today, sunday):
        return monday
    later = (
        slot.day for slot in slots(store, today, today + timedelta(days=_LOOKS_AHEAD)) if not slot.closed
    )
    return monday_of(next(later, today))


def plan_span(store: Store, today: date, monday: date | None) -> tuple[date, date]:
    """Return what is planned when nothing else is said: to the end of the week that has slots, or as far as it is planned.

    ``monday`` is the week that was looked at; the days gone by of it are left out.
    """
    begin = max(monday or today, today)
    ahead = slots(store, begin, begin + timedelta(days=_LOOKS_AHEAD))
    first = next((slot.day for slot in ahead if not slot.closed), begin)
    last = monday_of(first) + timedelta(days=DAYS - 1)
    planned = planned_calls(store, first, first + timedelta(days=_LOOKS_AHEAD))
    return first, max((call.day for call in planned), default=last) if planned and planned[
        -1
    ].day > last else last


def read_week(store: Store, monday: date | None, today: date) -> WeekFacts:
    """Read a week, Monday to Sunday; None = the one she opens with."""
    monday = usual_monday(store, today) if monday is None else monday
    sunday = monday + timedelta(days=DAYS - 1)
    day = min(max(today, monday), sunday)
    found = lines(store, day)
    parts = WeekParts(
        monday,
        today,
        found,
        slots(store, monday, sunday),
        planned_calls(store, monday, sunday),
        log_of_period(store, monday.isoformat(), sunday.isoformat()),
    )
    week = school_calendar(store).week_of(monday)
    planned, through = counts(parts)
    return WeekFacts(
        monday,
        f"第 {week.number} 周" if week is not None else "假期",
        make_board(parts),
        _telephones(store, day),
        planned,
        through,
    )


def _telephones(store: Store, day: date) -> tuple[Telephone, ...]:
    return tuple(Telephone(one.uuid, one.name, one.medium, one.planned) for one in lines(store, day))


def read_day(store: Store, day: date) -> DayFacts:
    """Read the list of a day in dial order; calls that nobody planned stand behind."""
    calls = todays_list(store, day)
    listed = {call.child_uuid for call in calls}
    loose: dict[str, list[CallEntry]] = {}
    for entry in log_of_day(store, day.isoformat()):
        if entry.child_uuid not in listed:
            loose.setdefault(entry.child_uuid, []).append(entry)
    made = _calls_for(store, day, loose)
    turns = (*turns_of(day.isoformat(), calls), *(single(call, day.isoformat()) for call in made.values()))
    if turns:
        return DayFacts(day, turns)
    ahead = planned_calls(store, day + timedelta(days=1), day + timedelta(days=_LOOKS_AHEAD))
    if not ahead:
        return DayFacts(day, ())
    return DayFacts(day, (), ahead[0].day, sum(call.day == ahead[0].day for call in ahead))


def read_turn(store: Store, child_uuid: str, day: date) -> Turn | None:
    """Read the call of one child on a day: the planned one, with its brothers and sisters, or one that nobody planned."""
    facts = read_day(store, day)
    found = next(
        (turn for turn in facts.turns if any(call.child_uuid == child_uuid for call in turn.calls)), None
    )
    if found is not None:
        return found
    call = call_for_child(store, child_uuid=child_uuid, day=day)
    return single(call, day.isoformat()) if call is not None else None


def read_callees(store: Store, day: date) -> list[tuple[str, str, str]]:
    """Read every child that can be called: uuid, name, class."""
    return [(one.child_uuid, one.child, one.class_name) for one in callees(store, day)]


def _calls_for(store: Store, day: date, entries: Mapping[str, list[CallEntry]]) -> dict[str, TodayCall]:
    """Calls of these children that nobody planned, by class and name."""
    if not entries:
        return {}
    uuids = tuple(entries)
    contacts = {one.child_uuid: one.contacts for one in callees(store, day, uuids=uuids)}
    return {
        child.uuid: _unplanned(child, dials_of(child, contacts.get(child.uuid, ())), entries[child.uuid])
        for child in load_facts(store, day, uuids=uuids)
    }


def _unplanned(child: ChildFacts, dials: tuple[Dial, ...], tried: list[CallEntry]) -> TodayCall:
    last = tried[-1] if tried else None
    reached = {one.draft.person_uuid for one in tried}
    through = any(one.outcome is Outcome.CONNECTED for one in tried)
    left = next((one for one in dials if one.usable and one.person_uuid not in reached), None)
    return TodayCall(
        planned_uuid=None,
        child_uuid=child.uuid,
        child_name=child.name,
        class_name=child.school_class.name if child.school_class else "",
        line_uuid=last.draft.line_uuid if last else None,
        line_name=last.line_name if last else "",
        starts=last.started if last else None,
        ends=None,
        medium=last.medium if last else CallMedium.PHONE,
        occasion=last.draft.occasion if last else None,
        place=0,
        dials=dials,
        next=None if through else left,
        entries=tuple(tried),
    )


# ---- a whole session ------------------------------------------------------------------------------------------------

PLANNED, ALL = "planned", "all"
"""Which list: those that are planned on the day, or everybody; else the uuid of a class."""


class SessionFacts(Struct, frozen=True):
    """A day's list to be filled in, one child per line."""

    day: date
    list_key: str
    calls: tuple[TodayCall, ...]
    telephones: tuple[Telephone, ...]
    classes: tuple[tuple[str, str], ...]
    duty_words: str
    open_day: date | None = None
    open_count: int = 0
    """The last day with planned calls that nobody wrote down, where this one has none."""

    @property
    def list_words(self) -> str:
        """What the chip says; "" for the planned ones."""
        if self.list_key == ALL:
            return "全部在册"
        return next((words for uuid, words in self.classes if uuid == self.list_key), "")


def read_session(store: Store, day: date, list_key: str) -> SessionFacts:
    """Read a day's list; of a class or of everybody also those for whom nothing is planned.

    Where no telephone has slots and nothing was planned, the list of the day is everybody.
    """
    calls = todays_list(store, day)
    telephones = _telephones(store, day)
    if list_key == PLANNED and not calls and not any(one.planned for one in telephones):
        list_key = ALL
    offered = tuple((one.uuid, one.name) for one in classes(store, day))
    if list_key != PLANNED:
        words = next((words for uuid, words in offered if uuid == list_key), "")
        known = callees_with_facts(store, day)
        wanted = [(one, facts) for one, facts in known if list_key == ALL or one.class_name == words]
        planned = {call.child_uuid: call for call in calls}
        logged: dict[str, list[CallEntry]] = {}
        for entry in log_of_day(store, day.isoformat()):
            logged.setdefault(entry.child_uuid, []).append(entry)
        calls = tuple(
            planned.get(one.child_uuid)
            or _unplanned(facts, dials_of(facts, one.contacts), logged.get(one.child_uuid, []))
            for one, facts in wanted
        )
    duty = dict.fromkeys(slot.duty for slot in slots(store, day, day) if slot.duty)
    return SessionFacts(
        day,
        list_key,
        calls,
        telephones,
        offered,
        f"值班 {'、'.join(duty)}" if duty else "",
        *(_left_open(store, day) if not calls else (None, 0)),
    )


def _left_open(store: Store, day: date) -> tuple[date | None, int]:
    since = day - timedelta(days=_LOOKS_BACK)
    written = {
        (entry.happened_on, entry.child_uuid)
        for entry in log_of_period(store, since.isoformat(), day.isoformat())
    }
    left = [
        call.day
        for call in planned_calls(store, since, day)
        if (call.day.isoformat(), call.child_uuid) not in written
    ]
    return (max(left), left.count(max(left))) if left else (None, 0)


def ask_about(store: Store, drafts: Sequence[LogDraft]) -> list[str]:
    """What should be looked at again before calls are saved, with whose it is."""
    return [f"{name}：{question.words}" for name, question in questions_about(store, drafts)]
