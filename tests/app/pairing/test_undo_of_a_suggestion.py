"""Taking back the step that made a teacher a supporter, when a later step used that row meanwhile."""

from app.pairing.codes import Identity, PairingKind
from app.pairing.queries import pairs, supporters
from app.pairing.service_pairs import pair
from app.pairing.service_supporters import add_supporter
from app.storage.history import undo
from tests.app.pairing.test_service_pairs import DAY, TEACHER, WHY, refused


def test_the_first_step_is_taken_back_and_the_later_pair_stays(store, who):
    key = who.staff["李国平"]
    first, _ = (
        pair(
            store,
            child_uuid=who.children[name],
            kind=TEACHER,
            key=key,
            since="2026-09-10",
            unchecked_reason=WHY,
        )
        for name in ("谭晓东", "向阳")
    )
    result = undo(store, first.action_uuid, by=None)
    assert [one.child for one in pairs(store, DAY)] == ["向阳"]
    assert result.kept == ()
    undo(store, result.changes.action_uuid, by=None)
    assert len(pairs(store, DAY)) == 2


def test_somebody_from_outside_who_has_a_child_meanwhile_is_not_taken_away(store, who):
    added = add_supporter(store, name="刘桂英", identity=Identity.OTHER)
    key = next(one.key for one in supporters(store, DAY) if one.name == "刘桂英")
    pair(
        store,
        child_uuid=who.children["向阳"],
        kind=PairingKind.PROXY_PARENT,
        key=key,
        since="2026-09-10",
        unchecked_reason=WHY,
    )
    with refused("undo.used_since"):
        undo(store, added.action_uuid, by=None)
