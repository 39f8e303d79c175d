"""Everything that is due on a day, each with its rule and its fact. Deleted rows and children that left make nothing due."""

import json
from bisect import insort
from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import chain

from msgspec import Struct

from app.children.day_reader import no_collecting
from app.storage.entry_day import entry_day
from app.storage.store import Store
from app.todo.cadences import cadences
from app.todo.care_due import ChildRules, cadence_items, priority_children, unwilling_children
from app.todo.duty_due import (
    absence_items,
    check_items,
    hand_over_items,
    meeting_items,
    quota_items,
    supporters_of,
)
from app.todo.facts_due import birthday_items, homecoming_items, new_carer_items, unpaired_items
from app.todo.kept import kept
from app.todo.on_paper import with_forms
from app.todo.open_due import event_items, follow_up_items, form_items, promise_items
from app.todo.present import present_last_days, present_roll, present_spans
from app.todo.roll import Roll
from app.todo.rules import Due, DueKind, State

# What the rows of supporters and of the school make due, and the absences: looked for every time.
_KINDS_OF_GROWN_UPS = frozenset(
    {
        DueKind.QUOTA,
        DueKind.SCHOOL_DUTY,
        DueKind.CHECK_RENEWAL,
        DueKind.SUPPORTER_LEFT,
        DueKind.ABSENCE,
    }
)
_ORDER = {kind: place for place, kind in enumerate(DueKind)}


class DueList(Struct, frozen=True):
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
        found: DueList = kept(store, ("due", day), partial(_anew, store, day), partial(_renewed, store))
    return found


def _anew(store: Store, day: date) -> DueList:
    roll = present_roll(store, day)
    by_cadence = _by_cadence(store, roll)
    others: dict[date, list[Due]] = {}
    for item in sorted((*_of_children(store, roll), *_of_grown_ups(store, roll)), key=_place):
        others.setdefault(item.due, []).append(item)
    # What the cadences ask for stands first on a day, and in order already.
    days = sorted({*by_cadence, *others})
    items = chain.from_iterable((*by_cadence.get(due, ()), *others.get(due, ())) for due in days)
    return DueList(day, tuple(with_forms(items)))


def _renewed(store: Store, known: DueList, touched: frozenset[int]) -> DueList:
    """Work out anew what is due for the children that were touched; the others owe what they owed."""
    roll = present_roll(store, known.as_of)
    among = "SELECT uuid FROM child WHERE id IN (SELECT value FROM json_each(?))"
    uuids = {row[0] for row in store.rows(among, (json.dumps(sorted(touched)),))}
    items = [
        item for item in known.items if item.child_uuid not in uuids and item.kind not in _KINDS_OF_GROWN_UPS
    ]
    part = roll.part(touched)
    by_cadence = chain.from_iterable(_by_cadence(store, part).values())
    of_children = with_forms((*by_cadence, *_of_children(store, part)))
    for item in (*of_children, *_of_grown_ups(store, roll)):
        insort(items, item, key=_place)
    return DueList(known.as_of, tuple(items))


def _by_cadence(store: Store, roll: Roll) -> dict[date, list[Due]]:
    """Return what the rules of how often make due for the children of ``roll``, by due day."""
    day = roll.day
    return cadence_items(
        roll,
        ChildRules.of(cadences(store, day)),
        present_last_days(store, day),
        present_spans(store, day),
        priority_children(store, day),
        unwilling_children(store, day),
    )


def _of_children(store: Store, roll: Roll) -> Iterator[Due]:
    """Yield what else the rows of each child of ``roll`` make due, and nobody else's (``kept`` knows those tables)."""
    school = present_spans(store, roll.day)
    yield from event_items(store, roll, school)
    yield from promise_items(store, roll, school)
    yield from follow_up_items(store, roll)
    yield from unpaired_items(store, roll, school)
    yield from new_carer_items(store, roll, school)
    yield from birthday_items(roll)
    yield from homecoming_items(store, roll)
    yield from form_items(store, roll)


def _of_grown_ups(store: Store, roll: Roll) -> Iterator[Due]:
    """Yield what supporters and the school owe, and the next step for who is absent: read every time."""
    rules = cadences(store, roll.day)
    school = present_spans(store, roll.day)
    people = supporters_of(roll)
    yield from quota_items(store, people, rules, school, roll.day)
    yield from meeting_items(store, roll, rules, school)
    yield from check_items(store, people, roll.day)
    yield from hand_over_items(roll, people)
    yield from absence_items(store, roll)


def _place(item: Due) -> tuple[date, int, str, str, str, str, str, str]:
    names = (item.class_words, item.child_name, item.supporter)
    return (
        item.due,
        _ORDER[item.kind],
        *names,
        item.child_uuid,
        item.supporter_uuid,
        item.subject_uuid,
    )
