"""Reading the plan: which call stands in which slot."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from app.calls.codes import CallMedium, CancelReason, Origin
from app.calls.plan_facts import PlannedCall
from app.children.codes import Relation
from app.pairing.roll import read_roll
from app.storage.store import Store

_COLUMNS = (
    "SELECT d.id, d.uuid, d.child_id, c.uuid, c.name, d.call_line_id, l.uuid, l.name, d.day, d.starts, d.ends,"
    " d.occasion, d.medium, d.origin, d.place, p.uuid, p.name, (SELECT coalesce(k.label, '#' || k.relation) FROM kinship k"
    " WHERE k.child_id = d.child_id AND k.person_id = d.person_id AND k.deleted_at IS NULL ORDER BY k.id LIMIT 1),"
    " d.fixed, d.printed_on, d.moved_from, d.cancelled_on, d.cancelled_reason, d.note FROM planned_call d"
    " JOIN child c ON c.id = d.child_id JOIN call_line l ON l.id = d.call_line_id"
    " LEFT JOIN person p ON p.id = d.person_id WHERE d.deleted_at IS NULL AND c.deleted_at IS NULL"
)
_ORDER = " ORDER BY d.day, d.starts, d.call_line_id, d.place, d.id"


def planned_calls(
    store: Store, first: date, last: date, *, cancelled: bool = False
) -> tuple[PlannedCall, ...]:
    """Return the planned calls of [first, last] by day, start, line and place; ``cancelled`` = those too.

    Children in the recycle bin are left out; the class is the one of today.
    """
    more = "" if cancelled else " AND d.cancelled_on IS NULL"
    rows = store.rows(
        f"{_COLUMNS}{more} AND d.day >= ? AND d.day <= ?{_ORDER}", (first.isoformat(), last.isoformat())
    )
    return _calls(store, rows)


def planned_by_uuid(store: Store, uuids: Iterable[str]) -> tuple[PlannedCall, ...]:
    """Return planned calls in force by their uuids, in the order of the plan; unknown ones are left out."""
    wanted = sorted(set(uuids))
    marks = ", ".join("?" * len(wanted))
    return _calls(
        store,
        store.rows(f"{_COLUMNS} AND d.cancelled_on IS NULL AND d.uuid IN ({marks}){_ORDER}", tuple(wanted)),
    )


def planned_of_occasion(store: Store, row: PlannedCall) -> tuple[PlannedCall, ...]:
    """Return the planned calls in force that are one call with ``row``: of a child, or of brothers and sisters.

    One call is one occasion in one slot: in files of earlier versions somebody who had moved away from a fixed call of a
    brother or sister may still be of one occasion with it.
    """
    same = (
        " AND d.cancelled_on IS NULL AND d.occasion = ? AND d.day = ? AND d.starts = ? AND d.call_line_id = ?"
    )
    found = store.rows(
        f"{_COLUMNS}{same}{_ORDER}", (row.occasion, row.day.isoformat(), row.starts, row.line_id)
    )
    return _calls(store, found)


def _calls(store: Store, rows: Iterable[tuple[Any, ...]]) -> tuple[PlannedCall, ...]:
    found = tuple(rows)
    if not found:
        return ()
    classes = {child.id: child.class_name for child in read_roll(store, store.clock.today()).values()}
    return tuple(_call(row, classes.get(row[2], "")) for row in found)


def _call(row: tuple[Any, ...], class_name: str) -> PlannedCall:
    (
        id,
        uuid,
        child_id,
        child_uuid,
        child,
        line_id,
        line_uuid,
        line,
        day,
        starts,
        ends,
        occasion,
        medium,
        origin,
    ) = row[:14]
    place, person_uuid, person, relation, fixed, printed, moved, cancelled, reason, note = row[14:]
    words = Relation(relation[1:]).label if relation and relation.startswith("#") else relation or ""
    return PlannedCall(
        id=id,
        uuid=uuid,
        child_id=child_id,
        child_uuid=child_uuid,
        child=child,
        line_id=line_id,
        line_uuid=line_uuid,
        line=line,
        day=date.fromisoformat(day),
        starts=starts,
        ends=ends,
        occasion=occasion,
        medium=CallMedium(medium),
        origin=Origin(origin),
        place=place,
        class_name=class_name,
        person_uuid=person_uuid or "",
        contact=f"{words} {person or ''}".strip() if person_uuid else "",
        fixed=fixed == 1,
        printed_on=_day(printed),
        moved_from=moved or "",
        cancelled_on=_day(cancelled),
        cancelled_reason=CancelReason(reason) if reason else None,
        note=note or "",
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
