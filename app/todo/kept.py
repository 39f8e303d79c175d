"""What stays in memory of a ledger between two reads: after a save only the children it touched are looked at again.

What was touched is read from the change history, which nothing can get around. Whatever is not known to be about
single children (a rule, the calendar, a class, a grown-up, an import of hundreds) makes everything be read anew.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from app.storage.purging import PURGE_KIND
from app.storage.store import Store

T = TypeVar("T")
MOST = 500
"""More changed rows than these are read anew as a whole."""
_MOST_PARTS = 16  # six things of a day, seldom of two days

# Whose rows make something due for the child they name, or for nobody else.
_OF_CHILD = frozenset(
    {
        "child",
        "registration",
        "enrolment",
        "care",
        "category_flag",
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


@dataclass(slots=True)
class _Part:
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
    rows = store.rows(
        "SELECT table_name, json_extract(before_json, '$.child_id'), json_extract(after_json, '$.child_id'),"
        " json_extract(coalesce(after_json, before_json), '$.id') FROM change WHERE seq > ? LIMIT ?",
        (seq, MOST + 1),
    )
    if len(rows) > MOST:
        return None
    touched: set[int] = set()
    for table, before, after, own in rows:
        if table in _OF_CHILD:
            touched.update(
                key for key in ((own,) if table == "child" else (before, after)) if key is not None
            )
        elif table not in _OF_NOBODY:
            return None
    return frozenset(touched)
