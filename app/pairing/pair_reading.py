"""Reading the pairs of a day, and the whole history of one child or one supporter."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from app.core.dates import in_force, latest
from app.pairing.codes import Identity, PairingEnd, PairingKind
from app.pairing.facts import PairFacts
from app.pairing.roll import OnRoll, read_roll
from app.storage.store import Store

_SELECT = (
    "SELECT p.uuid, p.kind, p.child_id, p.buddy_id, s.uuid, coalesce(t.name, s.name), s.identity, p.valid_from, p.valid_to,"
    " p.focus, p.agreed_on, p.kept_at, p.unchecked_reason, p.end_reason, p.end_note,"
    " CASE WHEN s.staff_id IS NULL THEN s.left_on ELSE t.left_on END"
    " FROM pairing p LEFT JOIN supporter s ON s.id = p.supporter_id LEFT JOIN staff t ON t.id = s.staff_id"
    " WHERE p.deleted_at IS NULL"
)
_KIND_OF = {kind.value: kind for kind in PairingKind}
_IDENTITY_OF = {one.value: one for one in Identity}
_PLACE_OF = {kind: place for place, kind in enumerate(PairingKind)}
_RANKS = " ".join(f"WHEN '{kind.value}' THEN {place}" for kind, place in _PLACE_OF.items())
BY_KIND = f"CASE q.kind {_RANKS} END"
"""SQL: puts the pairs ``q`` of a child in the order in which they answer for it: a teacher before a proxy parent."""


@lru_cache(maxsize=4096)
def _holds(start: str | None, end: str | None, on: date) -> bool:
    """Tell whether a period holds on a day, or may: many pairs begin on one day."""
    return in_force(start, end, on) is not False


def pairs(store: Store, on: date, kinds: Collection[PairingKind] | None = None) -> tuple[PairFacts, ...]:
    """Return the pairs in force on a day, by class, child and kind; of some ``kinds`` only when they are given."""
    return pairs_on(store, on, read_roll(store, on), kinds)


def pairs_on(
    store: Store, on: date, roll: Mapping[int, OnRoll], kinds: Collection[PairingKind] | None = None
) -> tuple[PairFacts, ...]:
    """Return the pairs in force on the day of ``roll``."""
    day = on.isoformat()
    rows = store.rows(
        f"{_SELECT} AND (p.valid_from IS NULL OR p.valid_from <= ?1)"
        " AND (p.valid_to IS NULL OR p.valid_to > ?1 OR length(p.valid_to) < 10)",
        (day,),
    )
    found = _made([row for row in rows if _holds(row[7], row[8], on)], roll, on)
    wanted = None if kinds is None else frozenset(kinds)
    return tuple(
        sorted(
            (pair for pair in found if wanted is None or pair.kind in wanted),
            key=lambda pair: (
                pair.class_sort,
                pair.child,
                pair.child_uuid,
                _PLACE_OF[pair.kind],
                pair.supporter,
            ),
        )
    )


def ended_between(store: Store, first: date, last: date) -> tuple[PairFacts, ...]:
    """Return the pairs that ended on a day from ``first`` to ``last``, in the order in which they ended.

    One that ended in a month or a year without a day is among them when that is over for certain.
    """
    rows = store.rows(
        f"{_SELECT} AND p.valid_to BETWEEN ? AND ? ORDER BY p.valid_to, p.id",
        (f"{first.year:04}", last.isoformat()),
    )
    ended = [row for row in rows if first <= latest(row[8]) <= last]
    return tuple(_made(ended, read_roll(store, last), last))


def pairs_of_child(store: Store, child_uuid: str, on: date) -> tuple[PairFacts, ...]:
    """Return everybody who looks after a child or ever did: open pairs first, then the newest."""
    return _history(store, on, "p.child_id = (SELECT id FROM child WHERE uuid = ?)", child_uuid)


def pairs_of_supporter(store: Store, key: str, on: date) -> tuple[PairFacts, ...]:
    """Return every child a supporter looks after or ever did: open pairs first, then the newest."""
    return _history(store, on, "(s.uuid = ?1 OR t.uuid = ?1)", key)


def pairs_of_buddy(store: Store, child_uuid: str, on: date) -> tuple[PairFacts, ...]:
    """Return every child whom a pupil helps or ever did: open pairs first, then the newest."""
    return _history(store, on, "p.buddy_id = (SELECT id FROM child WHERE uuid = ?)", child_uuid)


def _history(store: Store, on: date, where: str, uuid: str) -> tuple[PairFacts, ...]:
    found = _made(store.rows(f"{_SELECT} AND {where}", (uuid,)), read_roll(store, on), on)
    newest = sorted(found, key=lambda pair: (pair.valid_from or "", pair.child), reverse=True)
    return tuple(sorted(newest, key=lambda pair: not pair.open))


def _made(rows: list[tuple[Any, ...]], roll: Mapping[int, OnRoll], on: date) -> list[PairFacts]:
    """Return the pairs of children, and buddies, that are in no recycle bin."""
    found: list[PairFacts] = []
    for row in rows:
        uuid, kind, child_id, buddy_id, key, name, identity, start, end, *words, left_on = row
        child, buddy = roll.get(child_id), roll.get(buddy_id)
        if child is None or (buddy_id is not None and buddy is None):
            continue
        focus, agreed_on, kept_at, unchecked_reason, end_reason, end_note = words
        found.append(
            PairFacts(
                uuid=uuid,
                kind=_KIND_OF[kind],
                child_uuid=child.uuid,
                child=child.name,
                child_sex=child.sex,
                class_name=child.class_name,
                class_sort=child.class_sort,
                key=key or "",
                supporter=buddy.name if buddy else name,
                identity=_IDENTITY_OF.get(identity),
                buddy_uuid=buddy.uuid if buddy else "",
                buddy_class=buddy.class_name if buddy else "",
                valid_from=start,
                valid_to=end,
                focus=focus,
                agreed_on=agreed_on,
                kept_at=kept_at,
                unchecked_reason=unchecked_reason,
                end_reason=PairingEnd.of(end_reason),
                end_note=end_note,
                on_ledger=child.on_ledger,
                supporter_present=buddy.at_school if buddy else _holds(None, left_on, on),
            )
        )
    return found
