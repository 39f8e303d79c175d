"""What stays in memory of a ledger between two reads: after a save only the children it touched are looked at again.

What was touched is read from the change history, which nothing can get around. Whatever is not known to be about
single children (a rule, the calendar, a class, an import of hundreds) makes everything be read anew.
"""

import json
from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from msgspec import Struct

from app.storage.purging import PURGE_KIND
from app.storage.store import Store

T = TypeVar("T")
MOST = 500
"""More changed rows than these are read anew as a whole."""
_MOST_PARTS = 16  # seven things of a day, seldom of two days

# Whose rows make something due for the child they name, or for nobody else.
_OF_CHILD = frozenset(
    {
        "child",
        "registration",
        "enrolment",
        "schooling",
        "boarding",
        "health",
        "disability",
        "household",
        "household_fact",
        "residence",
        "care",
        "care_paper",
        "contact_order",
        "category_flag",
        "unsupported_ground",
        "reported_status",
        "doubt",
        "kinship",
        "pairing",
        "care_record",
        "affection_call",
        "call_wish",
        "promise",
        "trigger_event",
        "paper_form",
        "counselling",
    }
)
# Whose rows are about a grown-up, and matter to the children around it.
_OF_PERSON = frozenset({"person", "life_status", "capacity", "away", "marriage", "phone"})
_AROUND = " UNION ".join(
    f"SELECT child_id FROM {table} WHERE person_id IN (SELECT value FROM json_each(?1))"  # noqa: S608  # our own names
    for table in ("kinship", "care", "contact_order", "care_paper", "unsupported_ground")
)
# Whose rows are read every time, or make nothing due.
_OF_NOBODY = frozenset(
    {
        "absence",
        "return_persuasion",
        "background_check",
        "meeting",
        "attendance",
        "attachment",
        "help_plan",
        "help_measure",
        "help_stage",
        "help_check",
        "individual_plan",
        "incident",
        "incident_report",
        "phrase",
        "call_opening",
        "call_closure",
        "planned_call",
        "call_import",
        "call_parked",
        "reachable_time",
        "survey_check",
        "handover",
    }
)


class _Part(Struct):
    """One thing that is kept: as of a save, and of a place in the history."""

    commit_no: int
    seq: int
    value: Any


_KEPT: WeakKeyDictionary[Store, dict[Hashable, _Part]] = WeakKeyDictionary()


def kept(
    store: Store,
    key: Hashable,
    anew: Callable[[], T],
    renewed: Callable[[T, frozenset[int]], T] | None = None,
) -> T:
    """Return what ``anew`` reads: from memory while nothing was saved.

    ``renewed`` makes of the last value and the keys of the children touched since what ``anew`` would read now; without
    it a save makes everything be read anew. Inside an action nothing is kept: what is not saved yet may be taken back.
    ``key`` names what is read, with everything beside the file that it depends on (the day).
    """
    if store.db.writing:
        return anew()
    parts = _KEPT.setdefault(store, {})
    commit_no = store.commit_no
    known = parts.pop(key, None)
    if known is None or known.commit_no != commit_no:
        seq = _last_seq(store)  # before the look: what another process saves meanwhile is looked at next time
        known = _Part(commit_no, seq, _looked(store, known, anew, renewed))
    parts[key] = known
    for oldest in list(parts)[:-_MOST_PARTS]:
        del parts[oldest]
    found: T = known.value
    return found


def remembered(store: Store, key: Hashable) -> Any:
    """Return what ``kept`` has in memory under ``key``; None when there is nothing, or something was saved since."""
    known = None if store.db.writing else _KEPT.get(store, {}).get(key)
    return known.value if known is not None and known.commit_no == store.commit_no else None


def _looked(
    store: Store, known: _Part | None, anew: Callable[[], T], renewed: Callable[[T, frozenset[int]], T] | None
) -> T:
    touched = (
        None if known is None or renewed is None else touched_children(store, known.commit_no, known.seq)
    )
    return anew() if known is None or renewed is None or touched is None else renewed(known.value, touched)


def _last_seq(store: Store) -> int:
    row = store.one("SELECT max(seq) FROM change")
    return int(row[0] or 0) if row else 0


def touched_children(store: Store, commit_no: int, seq: int) -> frozenset[int] | None:
    """Return the keys of the children that saves after ``commit_no``, ``seq`` were about; None = perhaps of all.

    A permanent deletion takes its own traces out of the history: after it everything is read anew.
    """
    if store.one("SELECT 1 FROM action WHERE commit_no > ? AND kind = ? LIMIT 1", (commit_no, PURGE_KIND)):
        return None
    rows = store.rows(_CHANGED, (seq, MOST + 1))
    if len(rows) > MOST:
        return None
    children: set[int | None] = set()
    people: set[int | None] = set()
    for table, child, child_now, person, person_now, own in rows:
        if table in _OF_CHILD:
            children.update((own,) if table == "child" else (child, child_now))
        elif table in _OF_PERSON:
            people.update((own,) if table == "person" else (person, person_now))
        elif table not in _OF_NOBODY:
            return None
    if people:
        children.update(row[0] for row in store.rows(_AROUND, (json.dumps(list(people)),)))
    return frozenset(key for key in children if key is not None)


_CHANGED = (
    "SELECT table_name, json_extract(before_json, '$.child_id'), json_extract(after_json, '$.child_id'),"
    " json_extract(before_json, '$.person_id'), json_extract(after_json, '$.person_id'),"
    " json_extract(coalesce(after_json, before_json), '$.id') FROM change WHERE seq > ? LIMIT ?"
)
