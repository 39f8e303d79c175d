"""办交接: everything open that lies with one supporter goes to one or several successors, in one action with one undo."""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct, field

from app.children.affected import name_of_child
from app.children.categories import categories_on
from app.core.changes import Changes
from app.core.messages import refuse
from app.diary.facts import EventFacts, PromiseFacts
from app.diary.open_items import open_events, open_promises
from app.diary.tables import Promise, TriggerEvent
from app.pairing.codes import PairingEnd
from app.pairing.facts import ADULT_KINDS, PairFacts, SupporterFacts
from app.pairing.pair_reading import pairs, pairs_of_supporter
from app.pairing.people import supporters
from app.pairing.roll import OnRoll, read_roll
from app.pairing.service_pairs import close_pair, move_pair, stored_pair
from app.pairing.service_supporters import day_of_act, ensure_supporter
from app.pairing.tables import HelpPlan, IndividualPlan, Supporter
from app.school.tables import Staff
from app.storage.action import Action
from app.storage.base import Row
from app.storage.store import Store
from app.todo.queries import due_items
from app.todo.roll import owes
from app.todo.rules import Due

AREAS = frozenset({"pairing", "todo", "diary", "children", "school"})


class HandOverLine(Struct, frozen=True, kw_only=True):
    """One child and what of it lies with the supporter who hands over.

    ``flags`` are the categories that ask for care, ``due`` what falls due next, ``plans`` how many help plans without
    an assessment name the supporter. ``stale`` = the child has left: its pair only ends. ``now`` is who else looks
    after it already.
    """

    child_uuid: str
    child: str
    class_name: str
    pairs: tuple[PairFacts, ...] = ()
    promises: tuple[PromiseFacts, ...] = ()
    events: tuple[EventFacts, ...] = ()
    plans: int = 0
    flags: tuple[str, ...] = ()
    due: tuple[Due, ...] = ()
    last_on: str | None = None
    now: tuple[str, ...] = ()
    stale: bool = False


class HandOver(Struct, frozen=True):
    """What there is to hand over, child by child in the ledger's order."""

    supporter: SupporterFacts
    on: date
    lines: tuple[HandOverLine, ...]

    @property
    def to_place(self) -> tuple[HandOverLine, ...]:
        """Return the children for whom a successor must be named."""
        return tuple(line for line in self.lines if not line.stale)


class _Open(Struct):
    """Rows of one child that name the supporter."""

    pairs: list[PairFacts] = field(default_factory=list)
    promises: list[PromiseFacts] = field(default_factory=list)
    events: list[EventFacts] = field(default_factory=list)
    plans: list[tuple[type[Row], str]] = field(default_factory=list)
    due: list[Due] = field(default_factory=list)


def hand_over_preview(store: Store, *, key: str, on: date) -> HandOver:
    """Return what lies with a supporter on a day. UserError ``pairing.no_such_supporter``."""
    one = _leaver(store, key, on)
    return HandOver(one, on, _lines(store, one, on, _found(store, one, on)))


def hand_over(
    store: Store,
    *,
    key: str,
    on: str,
    successors: Mapping[str, str],
    leaves: bool = True,
    note: str | None = None,
    unchecked_reason: str | None = None,
    by: str | None = None,
) -> Changes:
    """Hand everything open of one supporter over from ``on`` on; one action, one undo.

    ``successors`` name who takes over: child uuid (or the uuid of one of its pairs) → key. Pairs end with their reason
    and begin anew with the successor; open promises and events, and help plans that are not assessed yet, go to the
    same. What is due next follows the new pair. ``leaves`` also writes that the supporter is gone from ``on`` on.
    UserError ``hand_over.unplaced`` when a child has no successor, ``hand_over.no_pairs`` when there is nothing to do,
    ``hand_over.before_pair`` before one of the pairs began, ``date.no_day`` for a month, refusals as in
    ``service_pairs.pair``; nothing is written then.
    """
    day = day_of_act(store, on)
    today = store.clock.today()
    one = _leaver(store, key, today)
    found = _found(store, one, today)
    roll = {child.uuid: child for child in read_roll(store, today).values()}
    if not found and not leaves:
        raise refuse("hand_over.no_pairs", supporter=one.name)
    people = {name: who for who in supporters(store, today, gone=True) for name in (who.key, who.staff_uuid)}
    to = {uuid: people.get(_named(uuid, rows, successors)) for uuid, rows in found.items()}
    _refuse_before_pairs(one, found, day, today.isoformat())
    missing = sum(who is None and roll[uuid].on_ledger for uuid, who in to.items())
    if missing:
        raise refuse("hand_over.unplaced", count=missing)
    words = f"{one.name}{'离开，' if leaves else ''}交接 {len(found)} 名儿童"
    with store.action(words, kind="pairing.hand_over", by=by) as action:
        for uuid, rows in found.items():
            _give(store, action, roll[uuid], rows, to[uuid], one, day, leaves, note, unchecked_reason)
        if leaves:
            _leave(action, one, day)
        changes = action.changes(AREAS)
    return (
        Changes(changes.action_uuid, changes.words, changes.areas, changes.uuids | frozenset(found))
        if changes
        else changes
    )


def _refuse_before_pairs(one: SupporterFacts, found: Mapping[str, _Open], day: str, today: str) -> None:
    """Refuse a day on which a pair that is there had not begun: it would be as if the supporter never had the child.

    A pair that is still to begin goes along as it is.
    """
    for rows in found.values():
        for pair in rows.pairs:
            if day < (pair.valid_from or "") <= today:
                raise refuse(
                    "hand_over.before_pair", supporter=one.name, since=pair.valid_from, child=pair.child
                )


def _leaver(store: Store, key: str, on: date) -> SupporterFacts:
    for one in supporters(store, on, gone=True):
        if key and key in {one.key, one.staff_uuid}:
            return one
    raise refuse("pairing.no_such_supporter")


def _found(store: Store, one: SupporterFacts, on: date) -> dict[str, _Open]:
    """Return what is open with the supporter, by child, in the ledger's order."""
    found: dict[str, _Open] = {}
    if not one.uuid:
        return found
    # The whole history, not the pairs of the day: those agreed on for later days do not stay with who has gone.
    for pair in pairs_of_supporter(store, one.uuid, on):
        if pair.open:
            found.setdefault(pair.child_uuid, _Open()).pairs.append(pair)
    for promise in open_promises(store, supporter_uuid=one.uuid):
        found.setdefault(promise.child_uuid, _Open()).promises.append(promise)
    for event in open_events(store, supporter_uuid=one.uuid):
        found.setdefault(event.child_uuid, _Open()).events.append(event)
    plans: tuple[type[Row], ...] = (HelpPlan, IndividualPlan)
    for model in plans:
        for child_uuid, uuid in store.rows(
            f"SELECT c.uuid, h.uuid FROM {model._meta.table_name} h"  # noqa: S608  # our own names
            " JOIN child c ON c.id = h.child_id AND c.deleted_at IS NULL JOIN supporter s ON s.id = h.supporter_id"
            " WHERE h.deleted_at IS NULL AND h.assessed_on IS NULL AND s.uuid = ?",
            (one.uuid,),
        ):
            found.setdefault(child_uuid, _Open()).plans.append((model, uuid))
    roll = {child.uuid: child for child in read_roll(store, on).values()}
    return dict(sorted(found.items(), key=lambda item: roll[item[0]].order))


def _lines(
    store: Store, one: SupporterFacts, on: date, found: Mapping[str, _Open]
) -> tuple[HandOverLine, ...]:
    due: dict[str, list[Due]] = {}
    for item in due_items(store).items if found else ():
        if item.child_uuid in found and _lies_with(item, one, found[item.child_uuid].pairs):
            due.setdefault(item.child_uuid, []).append(item)
    roll = {child.uuid: child for child in read_roll(store, on).values()}
    flags = {uuid: categories_on(store, roll[uuid].id, on) for uuid in found}
    others: dict[str, list[str]] = {}
    for pair in pairs(store, on, ADULT_KINDS):
        if pair.key != one.uuid and pair.covers:
            others.setdefault(pair.child_uuid, []).append(pair.supporter)
    return tuple(
        HandOverLine(
            child_uuid=uuid,
            child=roll[uuid].name,
            class_name=roll[uuid].class_name,
            pairs=tuple(rows.pairs),
            promises=tuple(rows.promises),
            events=tuple(rows.events),
            plans=len(rows.plans),
            flags=flags.get(uuid, ()),
            due=tuple(due.get(uuid, ())),
            last_on=_last(store, roll[uuid].id, one.uuid),
            now=tuple(others.get(uuid, ())),
            stale=not roll[uuid].on_ledger,
        )
        for uuid, rows in found.items()
    )


def _lies_with(item: Due, one: SupporterFacts, own: Sequence[PairFacts]) -> bool:
    """Tell whether an item goes along: it names who hands over, or nobody since they have left beside an open pair."""
    if item.supporter_uuid:
        return item.supporter_uuid == one.uuid
    return not one.present and any(not item.activity or owes(pair.kind, item.activity) for pair in own)


def _last(store: Store, child_id: int, supporter_uuid: str) -> str | None:
    row = store.one(
        "SELECT max(r.happened_on) FROM care_record r JOIN supporter s ON s.id = r.supporter_id"
        " WHERE r.child_id = ? AND s.uuid = ? AND r.deleted_at IS NULL",
        (child_id, supporter_uuid),
    )
    return None if row is None else row[0]


def _named(uuid: str, rows: _Open, successors: Mapping[str, str]) -> str:
    for name in (uuid, *(pair.uuid for pair in rows.pairs)):
        if name in successors:
            return successors[name]
    return ""


def _give(
    store: Store,
    action: Action,
    child: OnRoll,
    rows: _Open,
    to: SupporterFacts | None,
    one: SupporterFacts,
    day: str,
    leaves: bool,
    note: str | None,
    unchecked_reason: str | None,
) -> None:
    """Give one child, with all that is open, to its successor; a child that has left only loses its pair."""
    if not child.on_ledger or to is None:
        for pair in rows.pairs:
            close_pair(action, stored_pair(store, pair.uuid), day, PairingEnd.CHILD_LEFT, note)
        return
    if to.key == one.key:
        raise refuse("hand_over.to_self", child=name_of_child(store, child.uuid))
    reason = PairingEnd.SUPPORTER_LEFT if leaves else PairingEnd.HANDED_OVER
    for pair in rows.pairs:
        row = stored_pair(store, pair.uuid)
        if _has_already(store, child, pair, to):
            close_pair(action, row, day, reason, note)
        else:
            begins = max(day, row.valid_from or "")
            move_pair(store, action, row, to, begins, reason, note, unchecked_reason)
    owner = ensure_supporter(store, action, to.key)
    for promise in rows.promises:
        action.update(Promise, promise.uuid, supporter=owner)
    for event in rows.events:
        action.update(TriggerEvent, event.uuid, supporter=owner)
    for model, uuid in rows.plans:
        action.update(model, uuid, supporter=owner)


def _has_already(store: Store, child: OnRoll, pair: PairFacts, to: SupporterFacts) -> bool:
    """Tell whether the successor looks after the child in that kind anyway (多帮一)."""
    row = store.one(
        "SELECT 1 FROM pairing p JOIN supporter s ON s.id = p.supporter_id WHERE p.child_id = ? AND p.kind = ?"
        " AND s.uuid = ? AND p.valid_to IS NULL AND p.deleted_at IS NULL",
        (child.id, pair.kind.value, to.uuid),
    )
    return row is not None


def _leave(action: Action, one: SupporterFacts, day: str) -> None:
    if one.staff_uuid:
        action.update(Staff, one.staff_uuid, left_on=day)
    else:
        action.update(Supporter, one.uuid, left_on=day)
