"""Pairs of children who are on the ledger no more: ended together, each on the day its child left."""

from app.children.codes import RegistrationEnd
from app.core.changes import Changes
from app.pairing.codes import PairingEnd
from app.pairing.facts import PairFacts
from app.pairing.pair_reading import pairs
from app.pairing.queries import is_stale
from app.pairing.roll import read_roll
from app.pairing.service_pairs import changes_with, end_pair, stored_pair
from app.storage.action import Action
from app.storage.service import service
from app.storage.store import Store


@service
def end_stale(store: Store, *, by: str | None = None) -> Changes:
    """End every pair of children who are on the ledger no more, on the day they left it; one action.

    A pair that began on that day or later contradicts the leaving and stays, for somebody to look at.
    """
    today = store.clock.today()
    stale = [one for one in pairs(store, today) if is_stale(one)]
    left = _leavings(store)
    roll = {child.uuid: child for child in read_roll(store, today).values()}
    with store.action(f"解除已离校儿童的结对，{len(stale)} 对", kind="pairing.end_stale", by=by) as action:
        ended = [
            one.child_uuid
            for one in stale
            if roll[one.child_uuid].id in left
            and _end_left(store, action, one, left[roll[one.child_uuid].id])
        ]
        action.words = f"解除已离校儿童的结对，{len(ended)} 对"
        return changes_with(action, ended)


def _leavings(store: Store) -> dict[int, tuple[str, PairingEnd]]:
    """Return per child whose registers have all ended the day and the reason."""
    found: dict[int, tuple[str, PairingEnd]] = {}
    for child_id, end, reason in store.rows(
        "SELECT child_id, valid_to, end_reason FROM registration r WHERE deleted_at IS NULL AND valid_to IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM registration o WHERE o.child_id = r.child_id AND o.valid_to IS NULL"
        " AND o.deleted_at IS NULL AND o.kind = 'left_behind') AND kind = 'left_behind' ORDER BY valid_to"
    ):
        graduated = reason == RegistrationEnd.GRADUATED.value
        found[child_id] = (end, PairingEnd.CHILD_GRADUATED if graduated else PairingEnd.CHILD_LEFT)
    return found


def _end_left(store: Store, action: Action, one: PairFacts, left: tuple[str, PairingEnd]) -> bool:
    """End one pair of a child who left; False when the pair began on or after that day."""
    day, reason = left
    if one.valid_from is not None and one.valid_from >= day:
        return False
    end_pair(action, stored_pair(store, one.uuid), day, reason, None)
    return True
