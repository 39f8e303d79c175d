"""The list of a day: who is to be called, in the order in which it is dialled, whom to try now."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from app.calls.codes import CallMedium, Outcome
from app.calls.log import log_of_day
from app.calls.log_facts import CallEntry, Dial, TodayCall
from app.calls.people import CallContact, callees
from app.children.contacts import contact_chain
from app.children.facts import ChildFacts
from app.children.person_facts import PersonFacts
from app.children.queries import load_facts
from app.core.text import mask_phone
from app.storage.store import Store

_PLANNED = (
    "SELECT d.uuid, c.uuid, l.uuid, l.name, d.starts, d.ends, d.medium, d.occasion, d.place, p.uuid"
    " FROM planned_call d JOIN child c ON c.id = d.child_id JOIN call_line l ON l.id = d.call_line_id"
    " LEFT JOIN person p ON p.id = d.person_id WHERE d.deleted_at IS NULL AND d.cancelled_on IS NULL"
    " AND c.deleted_at IS NULL AND d.day = ? ORDER BY d.starts, l.id, d.place, d.id"
)
# Put off by a parent to this day, and nothing is planned for it.
_ASKED_AGAIN = (
    "SELECT NULL, c.uuid, l.uuid, l.name, substr(a.rescheduled_to, 12, 5), NULL, a.medium, a.occasion, 0, p.uuid"
    " FROM affection_call a JOIN child c ON c.id = a.child_id LEFT JOIN call_line l ON l.id = a.call_line_id"
    " LEFT JOIN person p ON p.id = a.person_id WHERE a.deleted_at IS NULL AND c.deleted_at IS NULL"
    " AND a.rescheduled_to >= ?1 AND a.rescheduled_to < ?1 || 'U' AND NOT EXISTS (SELECT 1 FROM affection_call n"
    " WHERE n.child_id = a.child_id AND n.deleted_at IS NULL AND n.outcome = 'connected'"
    " AND n.happened_on >= a.happened_on AND n.happened_on < ?1) ORDER BY a.rescheduled_to, a.id"
)


def todays_list(store: Store, day: date) -> tuple[TodayCall, ...]:
    """Return who is to be called on a day, in dial order, with what came of it so far.

    The planned calls first by their hour and line; a call that a parent put off to this day stands at its hour too. A
    child is on it once for each planned call; who was called without a plan is in ``log_of_day`` only.
    """
    text = day.isoformat()
    planned = store.rows(_PLANNED, (text,))
    known = {row[1] for row in planned}
    again: dict[str, tuple[Any, ...]] = {}
    for row in store.rows(_ASKED_AGAIN, (text,)):
        if row[1] not in known:
            again[row[1]] = row
    rows = sorted([*planned, *again.values()], key=lambda row: row[4])
    if not rows:
        return ()
    uuids = {row[1] for row in rows}
    facts = {child.uuid: child for child in load_facts(store, day, uuids=uuids)}
    contacts = {one.child_uuid: one.contacts for one in callees(store, day, uuids=uuids)}
    entries: dict[str, list[CallEntry]] = {}
    for entry in log_of_day(store, text):
        entries.setdefault(entry.child_uuid, []).append(entry)
    shared = _calls_of_each(rows)
    return tuple(
        _today(
            row,
            facts[row[1]],
            dials_of(facts[row[1]], contacts.get(row[1], ()), first=row[9]),
            _entries_of(row, entries.get(row[1], ()), shared),
        )
        for row in rows
        if row[1] in facts
    )


def next_contact(store: Store, *, child_uuid: str, day: date) -> Dial | None:
    """Return whom to try next for a child that day; None when one got through or nobody is left with a number."""
    entries = [one for one in log_of_day(store, day.isoformat()) if one.child_uuid == child_uuid]
    return _next(dials(store, child_uuid=child_uuid, day=day), entries)


def call_for_child(store: Store, *, child_uuid: str, day: date) -> TodayCall | None:
    """Return what the list of a day says, or would say, about a child; None for one that is not on file.

    Without a plan: a call by telephone at no hour, on no line, with the people in their order.
    """
    planned = [one for one in todays_list(store, day) if one.child_uuid == child_uuid]
    if planned:
        return next((one for one in planned if not one.done), planned[-1])
    facts = load_facts(store, day, uuids=(child_uuid,))
    if not facts:
        return None
    found = callees(store, day, uuids=(child_uuid,))
    entries = tuple(one for one in log_of_day(store, day.isoformat()) if one.child_uuid == child_uuid)
    row = (None, child_uuid, None, None, None, None, CallMedium.PHONE.value, None, 0)
    return _today(row, facts[0], dials_of(facts[0], found[0].contacts if found else ()), entries)


def dials(store: Store, *, child_uuid: str, day: date) -> tuple[Dial, ...]:
    """Return who can be dialled for a child, in order, planned or not; () for a child that is not on file."""
    facts = load_facts(store, day, uuids=(child_uuid,))
    if not facts:
        return ()
    found = callees(store, day, uuids=(child_uuid,))
    return dials_of(facts[0], found[0].contacts if found else ())


def dials_of(
    facts: ChildFacts, contacts: Sequence[CallContact], *, first: str | None = None
) -> tuple[Dial, ...]:
    """Return who can be dialled for a child, in order. Pure.

    ``contacts`` are those of ``people.callees``, in the order in which they are asked (a child that is not on the ledger
    has none there: then the chain of its file holds). ``first`` (a grown-up's uuid) stands before them; numbers that
    were found stopped or wrong, and people without one, come last.
    """
    people = {person.uuid: person for person in _people(facts)}
    asked = [(people[one.person_uuid], one) for one in contacts if one.person_uuid in people]
    found = [_dial(person, contact) for person, contact in asked] or [
        _dial(contact.person, None)
        for contact in contact_chain(facts)
        if contact.person is not None and not contact.person.gone
    ]
    return tuple(
        sorted(found, key=lambda dial: (not dial.usable, not dial.masked, dial.person_uuid != first))
    )


# ---- inside ---------------------------------------------------------------------------------------------------------


def _people(facts: ChildFacts) -> Iterator[PersonFacts]:
    yield from facts.relatives
    yield from (contact.person for contact in facts.contacts if contact.person is not None)
    if facts.care is not None and facts.care.person is not None:
        yield facts.care.person


def _dial(person: PersonFacts, contact: CallContact | None) -> Dial:
    phone = person.best_phone
    return Dial(
        person_uuid=person.uuid,
        phone_uuid=phone.uuid if phone else None,
        who=person.name or "",
        relation=contact.relation if contact else person.relation_words,
        masked=mask_phone(phone.number) if phone else "",
        usable=phone is not None and phone.usable,
        dialect_only=bool(person.dialect_only),
        language_note=(contact.language_note or None) if contact else None,
        reachable=(contact.hours or None) if contact else None,
    )


def _next(known: Iterable[Dial], entries: Iterable[CallEntry]) -> Dial | None:
    """Return the first one with a usable number who was not tried yet, unless the day's call is done."""
    tried = set()
    for entry in entries:
        if entry.outcome in (Outcome.CONNECTED, Outcome.RESCHEDULED, Outcome.CHILD_ABSENT):
            return None
        if entry.outcome is not Outcome.LINE_DOWN:
            tried.add(entry.draft.person_uuid)
    return next((dial for dial in known if dial.usable and dial.person_uuid not in tried), None)


def _calls_of_each(rows: Iterable[tuple[Any, ...]]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        found[row[1]] = found.get(row[1], 0) + 1
    return found


def _entries_of(
    row: tuple[Any, ...], entries: Iterable[CallEntry], shared: Mapping[str, int]
) -> tuple[CallEntry, ...]:
    """Return the attempts that belong to one line of the list; an attempt without a plan belongs to a child's only one."""
    only = shared[row[1]] == 1
    return tuple(
        entry
        for entry in entries
        if entry.draft.planned_uuid == row[0] or (only and not entry.draft.planned_uuid)
    )


def _today(
    row: tuple[Any, ...], facts: ChildFacts, dials: tuple[Dial, ...], entries: tuple[CallEntry, ...]
) -> TodayCall:
    return TodayCall(
        planned_uuid=row[0],
        child_uuid=row[1],
        child_name=facts.name,
        class_name=facts.school_class.name if facts.school_class else "",
        line_uuid=row[2],
        line_name=row[3] or "",
        starts=row[4],
        ends=row[5],
        medium=CallMedium(row[6]),
        occasion=row[7],
        place=row[8],
        dials=dials,
        next=_next(dials, entries),
        entries=entries,
    )
