from tests.app.pairing.conftest import *
from tests.app.pairing.test_service_pairs import *


def test_undo_first(store, who):
    a = pair(
        store,
        child_uuid=who.children["谭晓东"],
        kind=TEACHER,
        key=who.staff["李国平"],
        since="2026-09-10",
        unchecked_reason=WHY,
    )
    pair(
        store,
        child_uuid=who.children["向阳"],
        kind=TEACHER,
        key=who.staff["李国平"],
        since="2026-09-10",
        unchecked_reason=WHY,
    )
    r = undo(store, a.action_uuid, by=None)
    print(r)
    print(pairs(store, DAY))
    assert [o.child for o in pairs(store, DAY)] == ["向阳"]
    undo(store, r.changes.action_uuid, by=None)
    assert len(pairs(store, DAY)) == 2


def test_outside(store, who):
    a = add_supporter(store, name="刘桂英", identity=Identity.OTHER)
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
        undo(store, a.action_uuid, by=None)
