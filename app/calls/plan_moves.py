"""Moving a planned call by hand: what stands against it, said before it is dropped; and then the move itself."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from app.calls.codes import Origin
from app.calls.people import CallContact, Callee, callees
from app.calls.plan_facts import Conflict, PlannedCall
from app.calls.plan_queries import planned_calls, planned_of_occasion
from app.calls.planner_jobs import shared_contacts
from app.calls.service_plan import AREAS, person_id, planned_call, put
from app.calls.slots import Slot, slots
from app.calls.tables import PlannedCallRow
from app.children.periods import key_of
from app.children.tables import Child
from app.core.changes import Changes
from app.core.messages import refuse
from app.storage.base import new_uuid
from app.storage.service import service
from app.storage.store import Store

Where = tuple[date, str, str]
"""A slot as a screen names it: day, line, start."""


class _Moving(Struct, frozen=True):
    """Who is to be put somewhere: the children, and the calls they stand with now (none when they are put there first)."""

    people: tuple[Callee, ...]
    rows: tuple[PlannedCall, ...] = ()

    @property
    def contacts(self) -> tuple[CallContact, ...]:
        """Return whom all of them can call, in order."""
        return shared_contacts(self.people)


def conflicts(
    store: Store,
    *,
    line_uuid: str,
    day: date,
    starts: str,
    planned_uuid: str | None = None,
    child_uuids: Iterable[str] = (),
) -> tuple[Conflict, ...]:
    """Return what stands against a planned call, or children who have none, in a slot; () = nothing does."""
    found = conflicts_within(store, planned_uuid=planned_uuid, child_uuids=child_uuids, first=day, last=day)
    return found.get((day, line_uuid, starts), (Conflict("calls.no_such_slot", "没有这个时段", hard=True),))


def conflicts_within(
    store: Store,
    *,
    first: date,
    last: date,
    planned_uuid: str | None = None,
    child_uuids: Iterable[str] = (),
) -> Mapping[Where, tuple[Conflict, ...]]:
    """Return for every slot of [first, last] what stands against putting a call there, read once for all of them.

    An occupied slot is no hard conflict while the two can change places: ``Conflict.swap`` names the other call.
    """
    moving = _moving(store, planned_uuid, child_uuids)
    theirs = planned_calls(store, first, last)
    called = _called(store, [row.uuid for row in (*theirs, *moving.rows)])
    now = store.clock.now().isoformat(timespec="minutes")
    mine = {row.uuid for row in moving.rows}
    others = [row for row in theirs if row.uuid not in mine]
    return {
        (slot.day, slot.line_uuid, slot.starts): tuple(_against(moving, slot, others, called, now))
        for slot in slots(store, first, last)
    }


@service
def move_call(
    store: Store,
    *,
    planned_uuid: str,
    line_uuid: str,
    day: date,
    starts: str,
    despite: bool = False,
    by: str | None = None,
) -> Changes:
    """Put a planned call, with the brothers and sisters in it, into another slot; planning again leaves it there.

    UserError with the key of a hard conflict (``calls.slot_taken``, ``calls.slot_closed``, ``calls.slot_past`` …), and
    ``calls.move_conflict`` for any other unless ``despite`` it.
    """
    moving = _moving(store, planned_uuid, ())
    slot = _slot(store, line_uuid, day, starts)
    row = moving.rows[0]
    if (row.line_uuid, row.day, row.starts) == (line_uuid, day, starts):
        return Changes("", "没有改动")
    _refuse(
        conflicts(store, line_uuid=line_uuid, day=day, starts=starts, planned_uuid=planned_uuid),
        despite=despite,
    )
    words = f"{_names(moving)}：亲情电话从 {row.day:%m-%d} {row.starts} 移到 {day:%m-%d} {starts}"
    with store.action(words, kind="call.move", by=by) as action:
        for one in moving.rows:
            action.soft_delete(PlannedCallRow, one.uuid)
        put(action, moving.rows, _values(store, moving, slot))
        return action.changes(AREAS)


@service
def swap_calls(
    store: Store, *, planned_uuid: str, other_uuid: str, despite: bool = False, by: str | None = None
) -> Changes:
    """Let two planned calls change places; planning again leaves both. Refusals as in ``move_call``."""
    one, other = _moving(store, planned_uuid, ()), _moving(store, other_uuid, ())
    if one.rows[0].occasion == other.rows[0].occasion:
        return Changes("", "没有改动")
    aims = []
    for moving, goal in ((one, other), (other, one)):
        row = goal.rows[0]
        slot = _slot(store, row.line_uuid, row.day, row.starts)
        known = conflicts(
            store,
            line_uuid=row.line_uuid,
            day=row.day,
            starts=row.starts,
            planned_uuid=moving.rows[0].uuid,
        )
        _refuse([one for one in known if not one.swap], despite=despite)
        aims.append((moving, slot))
    words = f"{_names(one)}和{_names(other)}：亲情电话对换时段"
    with store.action(words, kind="call.swap", by=by) as action:
        for row in (*one.rows, *other.rows):
            action.soft_delete(PlannedCallRow, row.uuid)
        for moving, slot in aims:
            put(action, moving.rows, _values(store, moving, slot))
        return action.changes(AREAS)


@service
def plan_by_hand(
    store: Store,
    *,
    child_uuids: Sequence[str],
    line_uuid: str,
    day: date,
    starts: str,
    person_uuid: str | None = None,
    despite: bool = False,
    by: str | None = None,
) -> Changes:
    """Put a child, or brothers and sisters, into a free slot. Refusals as in ``move_call``."""
    moving = _moving(store, None, child_uuids)
    slot = _slot(store, line_uuid, day, starts)
    known = conflicts(store, line_uuid=line_uuid, day=day, starts=starts, child_uuids=child_uuids)
    taken = next((one for one in known if one.swap), None)
    if taken is not None:
        raise refuse("calls.slot_taken")
    _refuse(known, despite=despite)
    words = f"{_names(moving)}：排亲情电话，{day:%m-%d} {starts}"
    with store.action(words, kind="call.hand", by=by) as action:
        values = _values(store, moving, slot) | {"occasion": new_uuid()}
        if person_uuid:
            values["person_id"] = person_id(store, person_uuid)
        for place, one in enumerate(moving.people):
            action.insert(
                PlannedCallRow, child_id=key_of(store, Child, one.child_uuid), place=place, **values
            )
        return action.changes(AREAS)


# ---- inside ---------------------------------------------------------------------------------------------------------


def _moving(store: Store, planned_uuid: str | None, child_uuids: Iterable[str]) -> _Moving:
    rows: tuple[PlannedCall, ...] = ()
    wanted = tuple(child_uuids)
    if planned_uuid is not None:
        rows = planned_of_occasion(store, planned_call(store, planned_uuid))
        wanted = tuple(row.child_uuid for row in rows)
    found = {one.child_uuid: one for one in callees(store, store.clock.today(), uuids=wanted)}
    if not wanted or not found.keys() >= set(wanted):
        raise refuse("calls.child_gone")
    return _Moving(tuple(found[uuid] for uuid in wanted), rows)


def _names(moving: _Moving) -> str:
    return "、".join(one.child for one in moving.people)


def _slot(store: Store, line_uuid: str, day: date, starts: str) -> Slot:
    for slot in slots(store, day, day):
        if slot.line_uuid == line_uuid and slot.starts == starts:
            return slot
    raise refuse("calls.no_such_slot")


def _called(store: Store, uuids: Sequence[str]) -> set[str]:
    """Return which planned calls have been made, or tried."""
    if not uuids:
        return set()
    marks = ", ".join("?" * len(uuids))
    rows = store.rows(
        "SELECT d.uuid FROM affection_call a JOIN planned_call d ON d.id = a.planned_call_id"  # noqa: S608  # question marks only
        f" WHERE a.deleted_at IS NULL AND d.uuid IN ({marks})",
        tuple(uuids),
    )
    return {row[0] for row in rows}


def _against(
    moving: _Moving, slot: Slot, others: Sequence[PlannedCall], called: set[str], now: str
) -> Iterable[Conflict]:
    """Yield what stands against a slot, the hard things first."""
    if any(row.uuid in called for row in moving.rows):
        yield Conflict("calls.call_done", "这个已经打过了", hard=True)
    if slot.closed:
        yield Conflict("calls.slot_closed", slot.closed[:12], hard=True)
    if f"{slot.day.isoformat()}T{slot.starts}" <= now:
        yield Conflict("calls.slot_past", "时间已经过了", hard=True)
    meanwhile = [
        row for row in others if row.day == slot.day and row.starts < slot.ends and slot.starts < row.ends
    ]
    there = [row for row in meanwhile if row.line_uuid == slot.line_uuid]
    if there:
        row = there[0]
        same = (row.starts, row.ends) == (slot.starts, slot.ends)
        free = not moving.rows or row.uuid in called or row.minute <= now or not same
        words = f"已有 {row.child}" if free else f"和 {row.child} 对换"
        yield Conflict("calls.slot_taken", words, hard=free, swap="" if free else row.uuid)
    mine = {one.child_uuid for one in moving.people}
    if any(row.child_uuid in mine for row in meanwhile):
        yield Conflict("calls.child_twice", "同时另有电话", hard=True)
    yield from _unsuited(moving, slot)


def _unsuited(moving: _Moving, slot: Slot) -> Iterable[Conflict]:
    """Yield what speaks against a slot and can be overruled by who knows better."""
    for one in moving.people:
        why = one.why_not(slot.day)
        if why:
            yield Conflict("calls.child_away", f"孩子{why}" if why == "缺席" else why)
            break
    lesson = next((name for one in moving.people if (name := slot.lesson_of(one.class_id))), "")
    if lesson:
        yield Conflict("calls.in_lesson", f"上{lesson}"[:12])
    contacts = moving.contacts
    if not contacts:
        yield Conflict("calls.no_contact", "没有能打的号码")
    elif not any(one.reachable(slot.day, slot.starts, slot.ends) for one in contacts):
        yield Conflict("calls.not_reachable", f"{contacts[0].relation or '家人'}这时接不到")


def _refuse(found: Iterable[Conflict], *, despite: bool) -> None:
    for one in found:
        if one.hard or one.swap:
            raise refuse(one.key)
        if not despite:
            raise refuse("calls.move_conflict", why=one.words)


def _values(store: Store, moving: _Moving, slot: Slot) -> dict[str, object]:
    """Return the columns of calls that come into a slot by hand."""
    contacts = moving.contacts
    best = next((one for one in contacts if one.reachable(slot.day, slot.starts, slot.ends)), None)
    kept = moving.rows[0].person_uuid if moving.rows else ""
    person = best.person_uuid if best else kept or (contacts[0].person_uuid if contacts else "")
    return {
        "call_line_id": slot.line_id,
        "day": slot.day.isoformat(),
        "starts": slot.starts,
        "ends": slot.ends,
        "medium": slot.medium.value,
        "person_id": person_id(store, person),
        "origin": Origin.HAND.value,
        "printed_on": None,
    }
