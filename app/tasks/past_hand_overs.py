"""The hand-overs that were done: what went to whom, read back from the history, for a sheet that is printed again."""

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from msgspec import Struct

from app.children.categories import categories_on
from app.core.messages import refuse
from app.pairing.facts import ADULT_KINDS
from app.pairing.pair_reading import pairs
from app.pairing.people import supporter
from app.pairing.roll import OnRoll, read_roll
from app.paper.printing import PrintResult
from app.school.event_rules import event_name
from app.storage.store import Store
from app.tasks.case_papers import school_name, stamp_of

KIND = "pairing.hand_over"
_PLANS = ("help_plan", "individual_plan")
_GIVEN = ("pairing", "promise", "trigger_event", *_PLANS)
_PEOPLE = ("staff", "supporter")
STALE = "已离校，不再结对"


class PastHandOver(Struct, frozen=True, kw_only=True):
    """One hand-over that was not undone. ``on`` is the day it holds from, ``to`` who took over, ``leaves`` why."""

    action_uuid: str
    on: str
    children: int
    to: tuple[str, ...]
    leaves: bool


class _Change(Struct, frozen=True):
    """A row that the hand-over wrote; ``before`` is empty for one that it made."""

    table: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


class _Done(Struct, frozen=True):
    """One hand-over with what was one supporter's before it, by child in the ledger's order, and the pairs it made."""

    action_uuid: str
    at: str
    leaves: bool
    of_child: Mapping[int, tuple[_Change, ...]]

    @property
    def on(self) -> str:
        """Return the day it holds from: on which pairs ended, or those began that follow them."""
        pairs = [one for own in self.of_child.values() for one in own if one.table == "pairing"]
        ended = [str(one.after["valid_to"]) for one in pairs if one.before and one.after["valid_to"]]
        begun = [str(one.after["valid_from"]) for one in pairs if not one.before]
        return min(ended or begun or [self.at[:10]])


def past_hand_overs(store: Store, key: str) -> tuple[PastHandOver, ...]:
    """Return what a supporter has handed over, the last first; ``key`` as of ``supporters``."""
    names = _names(store)
    return tuple(
        PastHandOver(
            action_uuid=done.action_uuid,
            on=done.on,
            children=len(done.of_child),
            to=tuple(dict.fromkeys(name for name in (_to(done, id, names) for id in done.of_child) if name)),
            leaves=done.leaves,
        )
        for done in reversed(_read(store, key))
    )


def make_past_hand_over_sheet(store: Store, key: str, action_uuid: str, out: Path | BinaryIO) -> PrintResult:
    """Write the sheet of a hand-over that was done, as it was then. UserError ``hand_over.no_such`` after an undo."""
    from app.paper.handover_sheet import HandOverRow, HandOverSheet, render_hand_over

    done = next((one for one in _read(store, key) if one.action_uuid == action_uuid), None)
    if done is None:
        raise refuse("hand_over.no_such")
    on = done.on if len(done.on) == len("2026-09-01") else done.at[:10]
    roll = read_roll(store, date.fromisoformat(on))
    names = _names(store)
    # Who had the child already took it over without anything being written.
    others = {
        pair.child_uuid: pair.supporter
        for pair in pairs(store, date.fromisoformat(on), ADULT_KINDS)
        if pair.covers
    }
    giver = supporter(store, key, date.fromisoformat(on))
    rows = []
    receivers: dict[str, None] = {}
    for child_id, changes in done.of_child.items():
        child = roll[child_id]
        to = _to(done, child_id, names) or others.get(child.uuid, "")
        if to:
            receivers[to] = None
        rows.append(
            HandOverRow(
                child=f"{child.name}\n{child.class_name}" if child.class_name else child.name,
                to=to or STALE,
                open_things="\n".join([*_open_things(store, changes), *_last(store, child, giver.uuid, on)]),
                care="\n".join(_care(store, child, changes, date.fromisoformat(on))),
            )
        )
    sheet = HandOverSheet(
        school=school_name(store),
        giver=giver.name,
        post=giver.words,
        on=done.on,
        why="离开学校或不再帮扶" if done.leaves else "调整结对",
        rows=rows,
        receivers=list(receivers),
    )
    return render_hand_over(sheet, out, stamp=stamp_of(store, on))


# ---- inside ---------------------------------------------------------------------------------------------------------


def _read(store: Store, key: str) -> list[_Done]:
    row = store.one(
        "SELECT s.id FROM supporter s LEFT JOIN staff f ON f.id = s.staff_id WHERE s.uuid = ?1 OR f.uuid = ?1",
        (key,),
    )
    if row is None:
        return []
    found: dict[tuple[str, str], dict[int, list[_Change]]] = {}
    leaving: set[str] = set()
    for uuid, at, table, before, after in store.rows(
        "SELECT a.uuid, a.at, c.table_name, c.before_json, c.after_json FROM action a JOIN change c ON c.action_id = a.id"
        " WHERE a.kind = ? AND a.commit_no IS NOT NULL AND a.undone_by_id IS NULL ORDER BY c.seq",
        (KIND,),
    ):
        one = _Change(table, json.loads(before) if before else {}, json.loads(after))
        if table in _PEOPLE and one.before and one.before.get("left_on") != one.after.get("left_on"):
            leaving.add(uuid)
        # Theirs before it; or a pair made by it for whoever follows them.
        if table in _GIVEN and one.before.get("supporter_id") == row[0]:
            found.setdefault((uuid, at), {}).setdefault(one.after["child_id"], []).append(one)
        elif table == "pairing" and not one.before and (uuid, at) in found:
            found[uuid, at].setdefault(one.after["child_id"], []).append(one)
    order = {child.id: child.order for child in read_roll(store, store.clock.today()).values()}
    return [
        _Done(
            uuid, at, uuid in leaving, {id: tuple(own[id]) for id in sorted(given, key=lambda id: order[id])}
        )
        for (uuid, at), own in found.items()
        if (given := _given(own, order))
    ]


def _given(own: Mapping[int, list[_Change]], there: Collection[int]) -> list[int]:
    """Return the children of whom something was the supporter's before, those in the recycle bin left out."""
    return [id for id, changes in own.items() if id in there and any(one.before for one in changes)]


def _to(done: _Done, child_id: int, names: Mapping[int, str]) -> str:
    """Return who took over a child; "" when nothing was written: it had left, or they looked after it anyway."""
    changes = done.of_child[child_id]
    taken = [one.after["supporter_id"] for one in changes if not one.before or one.table != "pairing"]
    return next((names[id] for id in taken if id in names), "")


def _names(store: Store) -> dict[int, str]:
    return dict(
        store.rows(
            "SELECT s.id, coalesce(f.name, s.name) FROM supporter s LEFT JOIN staff f ON f.id = s.staff_id"
        )
    )


def _open_things(store: Store, changes: tuple[_Change, ...]) -> Iterator[str]:
    for one in changes:
        if one.table == "promise":
            due = one.before["due_on"]
            yield f"承诺：{one.before['content']}{f'（{due} 前）' if due else ''}"
        elif one.table == "trigger_event":
            yield f"必访：{event_name(store, one.before['rule_code'])}，{one.before['happened_on']}"
    if any(one.table in _PLANS for one in changes):
        yield "帮扶计划还没有评定"


def _last(store: Store, child: OnRoll, supporter_uuid: str, on: str) -> Iterator[str]:
    row = store.one(
        "SELECT max(r.happened_on) FROM care_record r JOIN supporter s ON s.id = r.supporter_id"
        " WHERE r.child_id = ? AND s.uuid = ? AND r.deleted_at IS NULL AND r.happened_on <= ?",
        (child.id, supporter_uuid, on),
    )
    if row is not None and row[0] is not None:
        yield f"最近一次记录 {row[0]}"


def _care(store: Store, child: OnRoll, changes: tuple[_Change, ...], day: date) -> Iterator[str]:
    flags = categories_on(store, child.id, day)
    if flags:
        yield "、".join(flags)
    for words in sorted({str(one.before["focus"]) for one in changes if one.before.get("focus")}):
        yield f"重点：{words}"
