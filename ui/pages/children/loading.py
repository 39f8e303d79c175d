"""Reading the ledger on the storage thread: all rows, or only those an action touched."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from app.children.finding import children_of
from app.children.ledger import LedgerRow, ledger_rows
from app.children.ledger_reading import (
    in_ledger_order,
    list_ledger,
    read_on,
    with_known,
    with_situations,
)
from app.children.outlines import PART
from app.children.queries import load_facts
from app.pairing.names import supporter_names
from app.school.calendar import SchoolCalendar
from app.school.queries import classes, school_calendar, school_profile, school_shape
from app.school.rules import ClassFacts, SchoolShape
from app.storage.store import Store
from app.tasks.today import situations_at_hand

MOST_REREAD = 200
"""Children read one by one; when more were touched, everything is read."""
IN_SIGHT = 40
"""Lines of a long ledger that are whole as soon as it is shown: more than any window has room for."""


class Loaded(Struct, frozen=True):
    """The ledger as of a day: every child the file knows, in the order of the ledger.

    `is_whole` tells whether every row has its situation. `answers` are the touched rows that this reading has taken in;
    None when everything was read.
    """

    day: date
    rows: list[LedgerRow]
    calendar: SchoolCalendar
    classes: Sequence[ClassFacts]
    shape: SchoolShape
    school: str
    is_whole: bool = True
    answers: frozenset[str] | None = None


def load_ledger(store: Store, day: date) -> Loaded:
    """Return all rows as of `day`; of a long ledger only those in sight are whole, `load_more` brings the rest.

    What the first page has looked at already is not read again.
    """
    profile = school_profile(store)
    listed = list_ledger(store, day, supporter_names(store, day))
    rows = with_known(listed, situations_at_hand(store, day))
    unread = [row for row in rows if not row.is_whole]
    if len(unread) <= PART:
        rows = read_on(store, day, rows)
    else:
        rows = with_situations(store, day, rows, [row.uuid for row in unread if row.registered][:IN_SIGHT])
    return Loaded(
        day=day,
        rows=rows,
        calendar=school_calendar(store),
        classes=classes(store, day),
        shape=school_shape(store),
        school=profile.name if profile else "",
        is_whole=_are_whole(rows),
    )


def load_more(store: Store, before: Loaded) -> Loaded:
    """Return the ledger with the situations of some more children: a part, so that others read in between."""
    rows = read_on(store, before.day, before.rows)
    return replace(before, rows=rows, is_whole=_are_whole(rows))


def _are_whole(rows: Sequence[LedgerRow]) -> bool:
    return all(row.is_whole for row in rows)


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
