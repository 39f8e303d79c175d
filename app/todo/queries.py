"""Everything that is due on a day, each with its rule and its fact. Deleted rows and children that left make nothing due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.children.day_reader import no_collecting
from app.school.queries import school_calendar
from app.storage.entry_day import entry_day
from app.storage.store import Store
from app.todo.cadences import cadences
from app.todo.care_due import ChildRules, cadence_items, priority_children
from app.todo.duty_due import absence_items, check_items, hand_over_items, meeting_items, quota_items
from app.todo.facts_due import birthday_items, homecoming_items, new_carer_items, unpaired_items
from app.todo.open_due import event_items, follow_up_items, form_items, promise_items
from app.todo.roll import read_roll
from app.todo.rules import Due, DueKind, State
from app.todo.spans import SchoolSpans

_ORDER = {kind: place for place, kind in enumerate(DueKind)}


@dataclass(frozen=True, slots=True)
class DueList:
    """What is due on ``as_of``, oldest first."""

    as_of: date
    items: tuple[Due, ...]

    def of(self, state: State) -> tuple[Due, ...]:
        """Return the items of one state."""
        return tuple(item for item in self.items if item.state is state)


def due_day(store: Store) -> date:
    """Return the day by which is asked what is due: a clock set back does not turn anything green."""
    return max(store.clock.today(), date.fromisoformat(entry_day(store)))


def due_items(store: Store, as_of: date | None = None) -> DueList:
    """Return what is due on ``as_of`` (None = ``due_day``) as known today: overdue, this week and next week.

    A record counts from the day it happened on, whenever it was written down. An item goes when what it asks for is
    recorded and never by being ticked.
    """
    day = as_of or due_day(store)
    with no_collecting():  # thousands of small rows that all stay: nothing to be tidied up in between
        return DueList(day, tuple(sorted(_items(store, day), key=_place)))


def _items(store: Store, day: date) -> Iterator[Due]:
    rules = cadences(store, day)
    of_children = ChildRules.of(rules)
    roll = read_roll(store, day, columns=of_children.columns())
    school = SchoolSpans(school_calendar(store), day)
    yield from cadence_items(roll, of_children, priority_children(store, day), school)
    yield from event_items(store, roll, school)
    yield from promise_items(store, roll, school)
    yield from follow_up_items(store, roll)
    yield from unpaired_items(store, roll, school)
    yield from new_carer_items(store, roll, school)
    yield from birthday_items(roll)
    yield from homecoming_items(store, roll)
    yield from quota_items(store, roll, rules, school)
    yield from meeting_items(store, roll, rules, school)
    yield from check_items(store, roll)
    yield from hand_over_items(roll)
    yield from form_items(store, roll)
    yield from absence_items(store, roll)


def _place(item: Due) -> tuple[date, int, str, str, str]:
    return (item.due, _ORDER[item.kind], item.class_words, item.child_name, item.supporter)
