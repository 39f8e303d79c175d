"""Reading the ledger on the storage thread: all rows, or only those an action touched."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.children.finding import children_of
from app.children.ledger import LedgerRow, ledger_rows
from app.children.ledger_reading import in_ledger_order, read_ledger
from app.children.queries import load_facts
from app.pairing.names import supporter_names
from app.school.calendar import SchoolCalendar
from app.school.queries import classes, school_calendar, school_profile, school_shape
from app.school.rules import ClassFacts, SchoolShape
from app.storage.store import Store

MOST_REREAD = 200
"""Children read one by one; when more were touched, everything is read."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The ledger as of a day: every child the file knows, in the order of the ledger.

    `answers` are the touched rows that this reading has taken in; None when everything was read.
    """

    day: date
    rows: list[LedgerRow]
    calendar: SchoolCalendar
    classes: Sequence[ClassFacts]
    shape: SchoolShape
    school: str
    answers: frozenset[str] | None = None


def load_ledger(store: Store, day: date) -> Loaded:
    """Return all rows as of `day`."""
    profile = school_profile(store)
    return Loaded(
        day=day,
        rows=read_ledger(store, day, supporter_names(store, day)),
        calendar=school_calendar(store),
        classes=classes(store, day),
        shape=school_shape(store),
        school=profile.name if profile else "",
    )


def reload_touched(store: Store, before: Loaded, touched: Collection[str]) -> Loaded:
    """Return the ledger with the children anew to whom the touched rows belong; gone ones are left out."""
    uuids = children_of(store, touched)
    if len(uuids) > MOST_REREAD:
        return load_ledger(store, before.day)
    names = supporter_names(store, before.day)
    anew = ledger_rows(load_facts(store, before.day, uuids=uuids), names)
    kept = [_with_supporters(row, names) for row in before.rows if row.uuid not in uuids]
    rows = sorted((*kept, *anew), key=in_ledger_order)
    return replace(before, rows=rows, answers=frozenset(touched))


def _with_supporters(row: LedgerRow, names: Mapping[str, tuple[str, ...]]) -> LedgerRow:
    """The same row with who looks after the child now: a supporter who left or was renamed touches no child."""
    found = names.get(row.uuid, ())
    return row if row.supporters == found else replace(row, supporters=found)
