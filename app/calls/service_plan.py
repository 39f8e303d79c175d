"""Writing the plan: a whole one that was looked at first, or what befalls one call. One action each, with one undo."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from app.calls.codes import CancelReason, Origin
from app.calls.people import callees
from app.calls.plan_facts import CallPlan, LineState, PlanLine, PlannedCall
from app.calls.plan_queries import planned_by_uuid, planned_of_occasion
from app.calls.slots import slots
from app.calls.tables import PlannedCallRow
from app.children.periods import key_of
from app.children.tables import Child, Person
from app.core.changes import Changes
from app.core.messages import refuse
from app.core.text import clean
from app.storage.action import Action
from app.storage.base import new_uuid
from app.storage.entry_day import entry_day
from app.storage.service import service
from app.storage.store import Store

AREAS = frozenset({"calls", "todo"})
GIVEN_AWAY = "从回收站取回时，这个时段已经排了别人"


@service
def write_plan(store: Store, *, plan: CallPlan, by: str | None = None) -> Changes:
    """Write a plan as it was shown: new calls, moved ones, those that fall away; all of it or nothing.

    UserError ``calls.plan_nothing`` when it changes nothing, ``calls.plan_changed`` when a slot, a child of it or a
    planned call is not as the plan found it, ``calls.clock_back`` while the clock is behind the last save.
    """
    if not plan.changes_anything:
        raise refuse("calls.plan_nothing")
    refuse_clock_back(store)
    lines = [line for line in plan.lines if line.rewrites]
    rows = _rows_as_found(store, plan, lines)
    _check_slots(store, lines)
    _check_children(store, plan, lines)
    words = f"排亲情电话（{plan.first:%m-%d} 至 {plan.last:%m-%d}）：{plan.words}"
    with store.action(words, kind="call.plan", by=by) as action:
        for one in plan.dropped:
            _cancel(store, action, one.row_uuid, one.reason, one.why)
        # Calls may change places: all of them leave their slots before the first one comes into a new one.
        for line in lines:
            for child in line.children:
                if child.row_uuid:
                    action.soft_delete(PlannedCallRow, child.row_uuid)
        for line in lines:
            _write_line(store, action, line, rows)
        return action.changes(AREAS)


@service
def cancel_call(
    store: Store,
    *,
    planned_uuid: str,
    reason: CancelReason,
    note: str | None = None,
    only_child: bool = False,
    by: str | None = None,
) -> Changes:
    """Cancel a planned call and say why: of all brothers and sisters in it, or of the one child only.

    UserError ``calls.no_such_call`` when it is not planned any more.
    """
    row = planned_call(store, planned_uuid)
    rows = (row,) if only_child else planned_of_occasion(store, row)
    names = "、".join(one.child for one in rows)
    words = f"{names}：取消 {row.day:%m-%d} {row.starts} 的亲情电话，{reason.label}"
    with store.action(words, kind="call.cancel", by=by) as action:
        for one in rows:
            _cancel(store, action, one.uuid, reason, note or None)
        return action.changes(AREAS)


@service
def fix_calls(store: Store, *, planned_uuids: Iterable[str], fixed: bool, by: str | None = None) -> Changes:
    """Let planned calls stay where they are when the plan is made again, or be planned again with the others."""
    rows = _several(store, planned_uuids)
    words = f"{_named(rows)}：{'不再变动' if fixed else '可以重新排'}（{rows[0].day:%m-%d} {rows[0].starts}）"
    with store.action(words, kind="call.fix", by=by) as action:
        for row in rows:
            # Put there by hand or printed counts as fixed too: letting it go lets all of it go.
            values: dict[str, object] = {"fixed": 1} if fixed else {"fixed": 0, "printed_on": None}
            action.update(
                PlannedCallRow, row.uuid, **values, **({} if fixed else {"origin": Origin.PLANNER.value})
            )
        return action.changes(AREAS)


@service
def mark_printed(store: Store, *, planned_uuids: Iterable[str], by: str | None = None) -> Changes:
    """Note that planned calls stand on a printed list of today: planning again leaves them."""
    rows = _several(store, planned_uuids)
    today = entry_day(store)
    with store.action(f"打印了通话安排，{len(rows)} 个电话", kind="call.printed", by=by) as action:
        for row in rows:
            action.update(PlannedCallRow, row.uuid, printed_on=today)
        return action.changes(AREAS)


def planned_call(store: Store, uuid: str) -> PlannedCall:
    """Return a planned call in force. UserError ``calls.no_such_call`` when there is none."""
    found = planned_by_uuid(store, (uuid,))
    if not found:
        raise refuse("calls.no_such_call")
    return found[0]


def refuse_clock_back(store: Store) -> None:
    """Raise UserError ``calls.clock_back`` while the clock is behind the last save: nobody knows what is to come."""
    today, last = store.clock.today().isoformat(), entry_day(store)
    if last > today:
        raise refuse("calls.clock_back", today=today, last=last)


def put(action: Action, rows: Sequence[PlannedCall], values: Mapping[str, object]) -> None:
    """Put calls that were taken out of their slots into another one; each keeps the minute at which it stood."""
    for place, row in enumerate(rows):
        moved = {"moved_from": row.minute} if row.minute != f"{values['day']}T{values['starts']}" else {}
        action.update(PlannedCallRow, row.uuid, deleted_at=None, place=place, **moved, **values)


def bring_back(store: Store, action: Action, row: int | str) -> None:
    """Take a planned call (its id, or uuid) out of the recycle bin.

    It comes back where it stood. Where somebody else has the slot by now, or the child calls elsewhere at that time, it
    comes back cancelled: nothing is lost, and the child can be planned again.
    """
    key = "uuid" if isinstance(row, str) else "id"
    mine = store.rows(
        "SELECT uuid, child_id, call_line_id, day, starts, ends, occasion, place, cancelled_on FROM planned_call"  # noqa: S608
        f" WHERE {key} = ?",
        (row,),
    )
    uuid, child, line, day, starts, ends, occasion, place, cancelled = mine[0]
    meanwhile = store.rows(
        "SELECT child_id, call_line_id, occasion, starts, ends, place FROM planned_call WHERE deleted_at IS NULL"
        " AND cancelled_on IS NULL AND day = ? AND starts < ? AND ? < ends AND uuid <> ?",
        (day, ends, starts, uuid),
    )
    there = [one for one in meanwhile if one[1] == line]
    taken = any(one[0] == child for one in meanwhile)
    taken = taken or any((one[2], one[3], one[4]) != (occasion, starts, ends) for one in there)
    if taken and cancelled is None:
        reason = CancelReason.OTHER
        action.update(PlannedCallRow, uuid, deleted_at=None, **_cancelled(store, reason, GIVEN_AWAY))
        return
    places = {one[5] for one in there}
    free = next(number for number in (place, *range(len(places) + 1)) if number not in places)
    action.update(PlannedCallRow, uuid, deleted_at=None, place=place if cancelled is not None else free)


def person_id(store: Store, person_uuid: str) -> int | None:
    """Return the key of a grown-up, None for ""."""
    return key_of(store, Person, person_uuid) if person_uuid else None


# ---- inside ---------------------------------------------------------------------------------------------------------


def _several(store: Store, uuids: Iterable[str]) -> tuple[PlannedCall, ...]:
    rows = planned_by_uuid(store, uuids)
    if not rows:
        raise refuse("calls.no_such_call")
    return rows


def _named(rows: Sequence[PlannedCall]) -> str:
    names = list(dict.fromkeys(row.child for row in rows))
    return "、".join(names) if len(names) <= 3 else f"{names[0]}等 {len(names)} 名"


def _cancel(store: Store, action: Action, uuid: str, reason: CancelReason, note: str | None) -> None:
    action.update(PlannedCallRow, uuid, **_cancelled(store, reason, note))


def _cancelled(store: Store, reason: CancelReason, note: str | None) -> dict[str, object]:
    return {
        "cancelled_on": entry_day(store),
        "cancelled_reason": reason.value,
        "note": clean(note) if note else None,
    }


def _rows_as_found(store: Store, plan: CallPlan, lines: Sequence[PlanLine]) -> dict[str, PlannedCall]:
    """Return the planned calls that will be written, by uuid; every one must still stand as the plan found it."""
    wanted = {child.row_uuid for line in lines for child in line.children if child.row_uuid}
    wanted |= {one.row_uuid for one in plan.dropped}
    known = {row.uuid: row for row in plan.facts.planned if row.uuid in wanted}
    found = {row.uuid: row for row in planned_by_uuid(store, wanted)} if wanted else {}
    for uuid in wanted:
        if uuid not in found or _stand(found[uuid]) != _stand(known[uuid]):
            raise refuse("calls.plan_changed")
    return found


def _stand(row: PlannedCall) -> tuple[object, ...]:
    return (row.line_uuid, row.day, row.starts, row.ends, row.occasion, row.pinned, row.person_uuid)


def _check_slots(store: Store, lines: Sequence[PlanLine]) -> None:
    if not lines:
        return
    now = store.clock.now().isoformat(timespec="minutes")
    first, last = min(line.day for line in lines), max(line.day for line in lines)
    opened = {
        (slot.line_uuid, slot.day, slot.starts, slot.ends)
        for slot in slots(store, first, last)
        if not slot.closed
    }
    for line in lines:
        if (line.line_uuid, line.day, line.starts, line.ends) not in opened:
            raise refuse("calls.plan_changed")
        if line.state is not LineState.KEPT and f"{line.day.isoformat()}T{line.starts}" <= now:
            raise refuse("calls.plan_changed")


def _check_children(store: Store, plan: CallPlan, lines: Sequence[PlanLine]) -> None:
    """Compare the children who are written with what the plan knew of them."""
    involved = {child.uuid for line in lines for child in line.children}
    if not involved:
        return
    known = {one.child_uuid: replace(one, rules=()) for one in plan.facts.callees}
    found = {one.child_uuid: one for one in callees(store, _planned_on(plan))}
    for uuid in involved:
        if found.get(uuid) != known.get(uuid):
            raise refuse("calls.plan_changed")


def _planned_on(plan: CallPlan) -> date:
    return plan.facts.now.date()


def _write_line(store: Store, action: Action, line: PlanLine, rows: Mapping[str, PlannedCall]) -> None:
    values: dict[str, object] = {
        "call_line_id": line.line_id,
        "day": line.day.isoformat(),
        "starts": line.starts,
        "ends": line.ends,
        "occasion": line.occasion or new_uuid(),
        "medium": line.medium.value,
        "person_id": person_id(store, line.person_uuid),
    }
    if line.state is not LineState.KEPT:
        values |= {"origin": Origin.PLANNER.value, "fixed": 0, "printed_on": None}
    for place, child in enumerate(line.children):
        if child.row_uuid:
            row = rows[child.row_uuid]
            moved = row.minute != f"{line.day.isoformat()}T{line.starts}" or row.line_uuid != line.line_uuid
            more = {"moved_from": row.minute} if moved else {}
            action.update(PlannedCallRow, child.row_uuid, deleted_at=None, place=place, **more, **values)
        else:
            new = {"origin": Origin.PLANNER.value} | values
            action.insert(PlannedCallRow, child_id=key_of(store, Child, child.uuid), place=place, **new)
