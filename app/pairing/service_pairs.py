"""Writing who looks after whom: pairs are opened, moved and ended with their reasons; history is kept for ever."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from app.children.affected import name_of_child
from app.children.identity import tidy_date, tidy_text
from app.children.periods import OpenPeriod, end_period, key_of, open_now, open_period
from app.children.tables import Child
from app.core.changes import Changes
from app.core.dates import latest
from app.core.messages import refuse
from app.pairing.codes import PairingEnd, PairingKind
from app.pairing.facts import CheckState, SupporterFacts
from app.pairing.pair_reading import pairs
from app.pairing.people import supporter, supporters
from app.pairing.rules import Proposal
from app.pairing.service_supporters import date_of_period, day_of_act, ensure_supporter
from app.pairing.tables import PairingRow
from app.storage.action import Action
from app.storage.service import service
from app.storage.store import Store

AREAS = frozenset({"pairing", "todo", "children"})


class StoredPair(Struct, frozen=True):
    """A pair as the file holds it, for who ends or moves it."""

    uuid: str
    child_id: int
    child_uuid: str
    kind: PairingKind
    supporter_uuid: str
    valid_from: str | None
    valid_to: str | None


@service
def pair(
    store: Store,
    *,
    child_uuid: str,
    kind: PairingKind,
    key: str | None = None,
    buddy_uuid: str | None = None,
    since: str,
    focus: str | None = None,
    agreed_on: str | None = None,
    kept_at: str | None = None,
    unchecked_reason: str | None = None,
    by: str | None = None,
) -> Changes:
    """结一对: from ``since`` on ``key`` looks after the child, or, as 学习帮手, the pupil ``buddy_uuid`` helps it.

    UserError ``pairing.unchecked`` without a valid 从业查询 unless ``unchecked_reason`` says why it cannot wait (it is
    kept with the pair), ``pairing.record_found``, ``pairing.supporter_gone``, ``pairing.child_gone``,
    ``pairing.exists`` when it is so already, ``fact.overlaps`` before an earlier pair of the two ended,
    ``pairing.before_birth``.
    The school's numbers are not refused by hand.
    """
    name = name_of_child(store, child_uuid)
    words = f"{name}：结对（{kind.label}）"
    with store.action(words, kind="pairing.open", by=by) as action:
        more = {
            "focus": tidy_text(focus),
            "agreed_on": tidy_date(agreed_on, whole=True),
            "kept_at": tidy_text(kept_at),
        }
        if kind is PairingKind.STUDY_BUDDY:
            helper = open_buddy(store, action, child_uuid, buddy_uuid or "", since, more)
        else:
            helper = open_pair(store, action, child_uuid, kind, key or "", since, unchecked_reason, more)
        action.words = f"{name}：{helper}任{kind.label}"
        return changes_with(action, [child_uuid])


@service
def change_pair(
    store: Store,
    *,
    pair_uuid: str,
    focus: str | None = None,
    agreed_on: str | None = None,
    kept_at: str | None = None,
    by: str | None = None,
) -> Changes:
    """Write what matters most for a pair, and when the paper was signed and where it lies; all three as given."""
    row = stored_pair(store, pair_uuid)
    words = f"{name_of_child(store, row.child_uuid)}：修改结对的资料"
    with store.action(words, kind="pairing.change", by=by) as action:
        values = {"focus": tidy_text(focus), "kept_at": tidy_text(kept_at)}
        action.update(PairingRow, pair_uuid, **values, agreed_on=tidy_date(agreed_on, whole=True))
        return changes_with(action, [row.child_uuid])


@service
def end_pairing(
    store: Store,
    *,
    pair_uuid: str,
    on: str,
    reason: PairingEnd,
    note: str | None = None,
    by: str | None = None,
) -> Changes:
    """解除: ``on`` is the first day on which the pair no longer holds.

    UserError ``fact.end_before_start``; ``pairing.ended`` for one that is over already: its end stands in the history.
    """
    row = stored_pair(store, pair_uuid)
    _refuse_over(store, row)
    day = date_of_period(store, on)
    words = f"{name_of_child(store, row.child_uuid)}：解除{row.kind.label}结对，{reason.label}"
    with store.action(words, kind="pairing.end", by=by) as action:
        end_pair(action, row, day, reason, note)
        return changes_with(action, [row.child_uuid])


@service
def remove_pair(store: Store, *, pair_uuid: str, by: str | None = None) -> Changes:
    """Take back a pair that was never so: written down by mistake. What was so is ended, not removed."""
    row = stored_pair(store, pair_uuid)
    words = f"{name_of_child(store, row.child_uuid)}：删去登记错的{row.kind.label}结对"
    with store.action(words, kind="pairing.remove", by=by) as action:
        action.soft_delete(PairingRow, pair_uuid)
        return changes_with(action, [row.child_uuid])


@service
def move(
    store: Store,
    *,
    pair_uuid: str,
    to_key: str,
    on: str,
    reason: PairingEnd = PairingEnd.HANDED_OVER,
    note: str | None = None,
    unchecked_reason: str | None = None,
    by: str | None = None,
) -> Changes:
    """Give a child to another supporter from ``on`` on: the pair ends with its reason and one of the kind begins.

    Refusals as in ``pair``, and ``date.no_day``: it is one day on which one ends and the other begins. A pair that
    began on that very day is corrected instead of ended.
    """
    on = day_of_act(store, on)
    row = stored_pair(store, pair_uuid)
    _refuse_over(store, row)
    name = name_of_child(store, row.child_uuid)
    with store.action(f"{name}：换{row.kind.label}", kind="pairing.move", by=by) as action:
        helper = supporter(store, to_key, store.clock.today())
        move_pair(store, action, row, helper, on, reason, note, unchecked_reason)
        action.words = f"{name}：{row.kind.label}换成{helper.name}"
        return changes_with(action, [row.child_uuid])


@service
def accept(
    store: Store,
    *,
    proposals: Sequence[Proposal],
    since: str,
    unchecked_reason: str | None = None,
    by: str | None = None,
) -> Changes:
    """Write the ticked lines of a suggestion as one action with one undo.

    UserError ``pairing.nothing`` without any, ``pairing.changed_since`` when a child has been paired or a pair
    been ended since the suggestion was made, ``date.no_day``; refusals as in ``pair``. Nothing is written then.
    """
    if not proposals:
        raise refuse("pairing.nothing")
    since = day_of_act(store, since)
    today = store.clock.today()
    covered: dict[tuple[str, PairingKind], set[str]] = {}
    for known in pairs(store, today):
        if known.covers and known.open:
            covered.setdefault((known.child_uuid, known.kind), set()).add(known.uuid)
    words = f"接受结对建议，{len(proposals)} 对"
    with store.action(words, kind="pairing.accept", by=by) as action:
        people = {
            key: one for one in supporters(store, today, gone=True) for key in (one.key, one.staff_uuid)
        }
        for one in proposals:
            if covered.get((one.child_uuid, one.kind), set()) - {one.replaces}:
                raise refuse("pairing.changed_since", child=one.child)
            helper = people.get(one.key)
            if helper is None:
                raise refuse("pairing.no_such_supporter")
            if one.replaces:
                _replace(store, action, one, since, people, unchecked_reason)
            else:
                open_with(store, action, one.child_uuid, one.kind, helper, since, unchecked_reason, {})
        return changes_with(action, [one.child_uuid for one in proposals])


# ---- inside an action ----------------------------------------------------------------------------------------------


def open_pair(
    store: Store,
    action: Action,
    child_uuid: str,
    kind: PairingKind,
    key: str,
    since: str,
    unchecked_reason: str | None,
    more: dict[str, str | None],
) -> str:
    """Open one pair and return the supporter's name; refusals as in ``pair``."""
    if not key:
        raise refuse("pairing.nobody")
    helper = supporter(store, key, store.clock.today())
    return open_with(store, action, child_uuid, kind, helper, since, unchecked_reason, more)


def open_with(
    store: Store,
    action: Action,
    child_uuid: str,
    kind: PairingKind,
    helper: SupporterFacts,
    since: str,
    unchecked_reason: str | None,
    more: dict[str, str | None],
) -> str:
    """Open one pair with a supporter already read, and return their name."""
    day = date_of_period(store, since)
    child_id = _live_child(store, child_uuid)
    # Who has left looks after nobody from now on, however far back the pair is said to have begun.
    if helper.left_on is not None and (helper.left_on <= day or not helper.present):
        raise refuse("pairing.supporter_gone", supporter=helper.name, on=helper.left_on)
    _open(
        store,
        action,
        {
            "child_id": child_id,
            "kind": kind.value,
            "supporter_id": ensure_supporter(store, action, helper.key),
            "buddy_id": None,
            "unchecked_reason": reason_without_check(helper, unchecked_reason),
            **more,
        },
        day,
        helper.name,
    )
    return helper.name


def open_buddy(
    store: Store, action: Action, child_uuid: str, buddy_uuid: str, since: str, more: dict[str, str | None]
) -> str:
    """Let a pupil help another one, and return the helper's name."""
    if not buddy_uuid:
        raise refuse("pairing.nobody")
    if buddy_uuid == child_uuid:
        raise refuse("pairing.buddy_self")
    day = date_of_period(store, since)
    child_id = _live_child(store, child_uuid)
    buddy_id = key_of(store, Child, buddy_uuid)
    name = name_of_child(store, buddy_uuid)
    at_school = store.one(
        "SELECT 1 FROM enrolment WHERE child_id = ? AND valid_to IS NULL AND deleted_at IS NULL"
        " UNION ALL SELECT 1 FROM registration WHERE child_id = ? AND valid_to IS NULL AND deleted_at IS NULL",
        (buddy_id, buddy_id),
    )
    if at_school is None:
        raise refuse("pairing.buddy_gone", buddy=name)
    values = {
        "child_id": child_id,
        "kind": PairingKind.STUDY_BUDDY.value,
        "supporter_id": None,
        "buddy_id": buddy_id,
    }
    _open(store, action, {**values, **more}, day, name)
    return name


def move_pair(
    store: Store,
    action: Action,
    row: StoredPair,
    helper: SupporterFacts,
    on: str,
    reason: PairingEnd,
    note: str | None,
    unchecked_reason: str | None,
) -> None:
    """End one pair and open another of its kind with ``helper``; the focus goes along."""
    day = date_of_period(store, on)
    if helper.uuid and helper.uuid == row.supporter_uuid:
        raise refuse("hand_over.to_self", child=name_of_child(store, row.child_uuid))
    focus = store.one("SELECT focus FROM pairing WHERE uuid = ?", (row.uuid,))
    if row.valid_from == day:
        action.soft_delete(PairingRow, row.uuid)
    else:
        end_pair(action, row, day, reason, note)
    more = {"focus": focus[0] if focus else None}
    open_with(store, action, row.child_uuid, row.kind, helper, day, unchecked_reason, more)


def end_pair(action: Action, row: StoredPair, day: str, reason: PairingEnd, note: str | None) -> None:
    """Let a pair end inside an action; nothing happens when it has ended already that day."""
    if row.valid_to == day:
        return
    period = OpenPeriod(row.uuid, row.valid_from, {})
    end_period(action, PairingRow, period, day, end_reason=reason.value, end_note=tidy_text(note))


def close_pair(action: Action, row: StoredPair, day: str, reason: PairingEnd, note: str | None) -> None:
    """Let a pair end inside an action; one that has not begun by ``day`` is taken back instead."""
    if row.valid_from is not None and row.valid_from >= day:
        action.soft_delete(PairingRow, row.uuid)
    else:
        end_pair(action, row, day, reason, note)


def stored_pair(store: Store, pair_uuid: str) -> StoredPair:
    """Return a live pair by its uuid; UserError ``pairing.no_such_pair``."""
    row = store.one(
        "SELECT p.uuid, p.child_id, c.uuid, p.kind, s.uuid, p.valid_from, p.valid_to FROM pairing p"
        " JOIN child c ON c.id = p.child_id AND c.deleted_at IS NULL LEFT JOIN supporter s ON s.id = p.supporter_id"
        " WHERE p.uuid = ? AND p.deleted_at IS NULL",
        (pair_uuid,),
    )
    if row is None:
        raise refuse("pairing.no_such_pair")
    uuid, child_id, child_uuid, kind, supporter_uuid, start, end = row
    return StoredPair(uuid, child_id, child_uuid, PairingKind(kind), supporter_uuid or "", start, end)


def reason_without_check(helper: SupporterFacts, reason: str | None) -> str | None:
    """Return the reason to be kept with a pair: none with a valid 从业查询, else one must be given (未保法 62)."""
    if helper.check is CheckState.VALID:
        return None
    if helper.check is CheckState.FOUND:
        raise refuse("pairing.record_found", supporter=helper.name)
    told = tidy_text(reason)
    if told is None:
        raise refuse("pairing.unchecked", supporter=helper.name, state=helper.check.words)
    return told


def changes_with(action: Action, children: Iterable[str]) -> Changes:
    """Return the changes of an action, with the children whose files look different now."""
    changes = action.changes(AREAS)
    if not changes:
        return changes
    return Changes(changes.action_uuid, changes.words, changes.areas, changes.uuids | frozenset(children))


def _refuse_over(store: Store, row: StoredPair) -> None:
    """Refuse to end again what is over for certain: who looked after the child until when is not written over."""
    if row.valid_to is not None and latest(row.valid_to) <= store.clock.today():
        raise refuse("pairing.ended", child=name_of_child(store, row.child_uuid), on=row.valid_to)


def _open(store: Store, action: Action, values: dict[str, object], day: str, helper: str) -> None:
    kind = PairingKind(str(values["kind"]))
    born = store.one("SELECT uuid, birth_date FROM child WHERE id = ?", (values["child_id"],))
    # As far as both are known: a year says nothing against a month of it.
    if born is not None and born[1] and day < born[1][: len(day)]:
        raise refuse("pairing.before_birth", child=name_of_child(store, born[0]), born=born[1])
    current = open_now(store, PairingRow, values)
    if current is not None:
        child = store.one("SELECT uuid FROM child WHERE id = ?", (values["child_id"],))
        name = name_of_child(store, child[0]) if child else ""
        since = current.valid_from or "以前"
        raise refuse("pairing.exists", child=name, supporter=helper, since=since, kind=kind.label)
    open_period(store, action, PairingRow, values=values, since=day)


def _replace(
    store: Store,
    action: Action,
    one: Proposal,
    since: str,
    people: Mapping[str, SupporterFacts],
    unchecked_reason: str | None,
) -> None:
    """Write one line that moves a child; the pair it replaces must still be open."""
    row = stored_pair(store, one.replaces)
    if row.valid_to is not None:
        raise refuse("pairing.changed_since", child=one.child)
    reason = PairingEnd.HANDED_OVER if people[row.supporter_uuid].present else PairingEnd.SUPPORTER_LEFT
    move_pair(store, action, row, people[one.key], since, reason, None, unchecked_reason)


def _live_child(store: Store, child_uuid: str) -> int:
    child_id = key_of(store, Child, child_uuid)
    registered = store.one(
        "SELECT 1 FROM registration WHERE child_id = ? AND valid_to IS NULL AND deleted_at IS NULL",
        (child_id,),
    )
    if registered is None:
        raise refuse("pairing.child_gone", child=name_of_child(store, child_uuid))
    return child_id
