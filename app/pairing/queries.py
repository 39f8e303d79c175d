"""Reading who has nobody, where several of a kind look after one child, and the head line of the page."""

from collections.abc import Iterable, Mapping
from datetime import date

from app.pairing.codes import PairingKind
from app.pairing.facts import (
    ADULT_KINDS,
    Buddy,
    PairFacts,
    PairingOverview,
    PairingSummary,
    SeveralOfAKind,
    UnpairedChild,
)
from app.pairing.pair_reading import pairs, pairs_of_buddy, pairs_of_child, pairs_of_supporter, pairs_on
from app.pairing.people import checks_of, loads, supporter, supporters, supporters_of
from app.pairing.roll import OnRoll, read_roll
from app.storage.store import Store

__all__ = [
    "PairingOverview",
    "PairingSummary",
    "checks_of",
    "loads",
    "overview",
    "pairs",
    "pairs_of_buddy",
    "pairs_of_child",
    "pairs_of_supporter",
    "supporter",
    "supporters",
    "unpaired",
]


def unpaired(store: Store, on: date, kind: PairingKind | None = None) -> tuple[UnpairedChild, ...]:
    """Return the children on the ledger whom nobody looks after, by class, then pinyin, each with why.

    ``kind`` asks for one kind; None = nobody in any of the adult kinds. A pair with somebody who has left is none.
    """
    roll = read_roll(store, on)
    return unpaired_of(store, on, roll, pairs_on(store, on, roll), kind)


def unpaired_of(
    store: Store, on: date, roll: Mapping[int, OnRoll], known: Iterable[PairFacts], kind: PairingKind | None
) -> tuple[UnpairedChild, ...]:
    """Return who of ``roll`` has nobody among the pairs ``known`` of the day."""
    kinds = frozenset(ADULT_KINDS if kind is None else (kind,))
    of_kind = [pair for pair in known if pair.kind in kinds]
    covered = {pair.child_uuid for pair in of_kind if pair.covers}
    left_alone = {pair.child_uuid: pair for pair in of_kind if not pair.covers}
    ended = _last_ends(store, on, kinds)
    waiting = [child for child in roll.values() if child.on_ledger and child.uuid not in covered]
    return tuple(
        _unpaired(child, left_alone.get(child.uuid), ended.get(child.id), on)
        for child in sorted(waiting, key=lambda child: child.order)
    )


def _several(known: Iterable[PairFacts]) -> tuple[SeveralOfAKind, ...]:
    groups: dict[tuple[str, PairingKind], list[PairFacts]] = {}
    for pair in known:
        if pair.on_ledger:
            groups.setdefault((pair.child_uuid, pair.kind), []).append(pair)
    return tuple(
        SeveralOfAKind(uuid, group[0].child, group[0].class_name, kind, tuple(group))
        for (uuid, kind), group in groups.items()
        if len(group) > 1
    )


def is_stale(pair: PairFacts) -> bool:
    """Tell whether a pair goes on in the file although its child is on the ledger no more."""
    return pair.open and not pair.on_ledger


def _buddies(known: Iterable[PairFacts]) -> tuple[Buddy, ...]:
    helped: dict[str, list[PairFacts]] = {}
    for pair in known:
        if pair.on_ledger and pair.buddy_uuid:
            helped.setdefault(pair.buddy_uuid, []).append(pair)
    found = [
        Buddy(uuid, group[0].supporter, group[0].buddy_class, len(group)) for uuid, group in helped.items()
    ]
    return tuple(sorted(found, key=lambda buddy: (buddy.class_name, buddy.name)))


def overview(store: Store, on: date, kind: PairingKind | None = None) -> PairingOverview:
    """Return everything the page shows, read once; ``kind`` as in ``unpaired``. Those who left are supporters too."""
    roll = read_roll(store, on)
    known = pairs_on(store, on, roll)
    people = supporters_of(store, on, known)
    alone = unpaired_of(store, on, roll, known, kind)
    several = _several(known)
    nobody = alone if kind is None else unpaired_of(store, on, roll, known, None)
    children = sum(child.on_ledger for child in roll.values())
    return PairingOverview(
        summary=PairingSummary(
            children=children,
            paired=children - len(nobody),
            several=len(several),
            stale=sum(is_stale(pair) for pair in known),
            unchecked=sum(one.unchecked_pairs for one in people),
        ),
        pairs=known,
        supporters=people,
        unpaired=alone,
        several=several,
        buddies=_buddies(known),
    )


def _last_ends(store: Store, on: date, kinds: Iterable[PairingKind]) -> Mapping[int, str]:
    """Return per child the day on which the last pair of ``kinds`` ended."""
    wanted = sorted(kind.value for kind in kinds)
    marks = ", ".join("?" * len(wanted))
    rows = store.rows(
        f"SELECT child_id, max(valid_to) FROM pairing WHERE deleted_at IS NULL AND kind IN ({marks})"  # noqa: S608
        " AND valid_to IS NOT NULL AND valid_to <= ? GROUP BY child_id",
        (*wanted, on.isoformat()),
    )
    return dict(rows)


def _unpaired(child: OnRoll, gone: PairFacts | None, ended: str | None, on: date) -> UnpairedChild:
    since = ended or child.registered_since
    why = f"原来的结对 {ended} 已解除" if ended else "登记以来一直没有"
    if gone is not None:
        why = f"{gone.supporter}已离开，还没有交接"
    elif since is None:
        why = "一直没有，登记日期不详"
    whole = since is not None and len(since) == 10
    return UnpairedChild(
        uuid=child.uuid,
        name=child.name,
        sex=child.sex,
        class_name=child.class_name,
        class_sort=child.class_sort,
        since=since,
        days=(on - date.fromisoformat(since)).days if whole and since else None,
        why=why,
        gone=gone.supporter if gone else "",
        pair_uuid=gone.uuid if gone else "",
    )
