"""办交接: everything that lies with one supporter goes on in one action, and comes back with one undo."""

from datetime import date

from app.children.codes import RegistrationEnd
from app.children.service_status import leave
from app.diary.open_items import open_events, open_promises
from app.diary.service_events import report_event
from app.diary.service_promises import add_promise
from app.pairing.codes import PairingEnd, PairingKind
from app.pairing.pair_reading import pairs, pairs_of_child
from app.pairing.people import supporter
from app.pairing.plans import help_plan
from app.pairing.service_pairs import pair
from app.pairing.service_plans import HelpPlanDraft, save_plan
from app.school.queries import school_calendar
from app.storage.history import undo
from app.tasks.pairing_hand_over import hand_over, hand_over_preview
from tests.app.pairing.conftest import refused
from tests.app.pairing.test_service_pairs import DAY, TEACHER, WHY


def rows(store):
    tables = ("pairing", "promise", "trigger_event", "help_plan", "staff")
    return {table: store.rows(f"SELECT * FROM {table} ORDER BY id") for table in tables}


def test_everything_open_goes_to_two_successors_in_one_step(store, who):
    """Pairs, a promise, an event, a plan: to whom each child was given; the leaver is gone, one undo brings all back."""
    leaver, children = who.staff["李国平"], who.children
    for name in ("谭晓东", "向阳", "张伟"):
        pair(
            store,
            child_uuid=children[name],
            kind=TEACHER,
            key=leaver,
            since="2026-09-10",
            unchecked_reason=WHY,
        )
    key = supporter(store, leaver, DAY).key
    add_promise(store, child_uuid=children["谭晓东"], content="带一双手套", supporter_uuid=key)
    report_event(
        store, child_uuid=children["向阳"], rule_code="unwell", happened_on="2026-11-18", supporter_uuid=key
    )
    term = school_calendar(store).term_in_force(DAY).uuid
    save_plan(store, draft=HelpPlanDraft(child_uuid=children["谭晓东"], term_uuid=term, key=key))
    leave(store, child_uuid=children["张伟"], reason=RegistrationEnd.TRANSFERRED_OUT, on="2026-11-02")
    over = hand_over_preview(store, key=leaver, on=DAY)
    told = {line.child: (len(line.promises), len(line.events), line.plans, line.stale) for line in over.lines}
    assert told == {"谭晓东": (1, 0, 1, False), "向阳": (0, 1, 0, False), "张伟": (0, 0, 0, True)}
    assert {line.child for line in over.to_place} == {"谭晓东", "向阳"}
    with refused("hand_over.unplaced"):
        hand_over(store, key=leaver, on="2026-11-21", successors={children["谭晓东"]: who.staff["王秀芬"]},
                  unchecked_reason=WHY)  # fmt: skip
    with refused("hand_over.to_self"):
        hand_over(store, key=leaver, on="2026-11-21",
                  successors={children["谭晓东"]: leaver, children["向阳"]: key}, unchecked_reason=WHY)  # fmt: skip
    before = rows(store)
    to = {children["谭晓东"]: who.staff["王秀芬"], children["向阳"]: who.staff["周晓燕"]}
    with refused("pairing.unchecked"):
        hand_over(store, key=leaver, on="2026-11-21", successors=to)
    assert rows(store) == before
    changes = hand_over(store, key=leaver, on="2026-11-21", successors=to, unchecked_reason=WHY)
    assert {(one.child, one.supporter) for one in pairs(store, DAY)} == {
        ("谭晓东", "王秀芬"),
        ("向阳", "周晓燕"),
    }
    assert open_promises(store)[0].supporter_name == "王秀芬"
    assert open_events(store)[0].supporter_name == "周晓燕"
    assert help_plan(store, children["谭晓东"], term).supporter == "王秀芬"
    assert supporter(store, leaver, date(2026, 11, 21)).present is False
    ended = pairs_of_child(store, children["张伟"], DAY)[0]
    assert ended.end_reason is PairingEnd.CHILD_LEFT
    assert pairs_of_child(store, children["向阳"], DAY)[1].end_reason is PairingEnd.SUPPORTER_LEFT
    undo(store, changes.action_uuid, by=None)
    assert rows(store) == before


def test_who_already_looks_after_the_child_is_not_paired_twice(store, who):
    """Two of a kind, one hands over to the other: one pair is left. Nothing to hand over is said."""
    child = who.children["谭晓东"]
    for name in ("李国平", "王秀芬"):
        pair(
            store,
            child_uuid=child,
            kind=TEACHER,
            key=who.staff[name],
            since="2026-09-10",
            unchecked_reason=WHY,
        )
    hand_over(
        store, key=who.staff["李国平"], on="2026-11-20", successors={child: who.staff["王秀芬"]}, leaves=False,
        unchecked_reason=WHY,
    )  # fmt: skip
    assert [(one.supporter, one.kind) for one in pairs(store, DAY)] == [
        ("王秀芬", PairingKind.SUPPORT_TEACHER)
    ]
    assert supporter(store, who.staff["李国平"], DAY).present
    with refused("hand_over.no_pairs"):
        hand_over(store, key=who.staff["吴海涛"], on="2026-11-20", successors={}, leaves=False)


def test_pairs_that_are_still_to_begin_are_handed_over_too(store, who):
    """A pair from next month on goes to the successor from that day on; one that has left with its child is taken back."""
    children, leaver = who.children, who.staff["李国平"]
    for name, since in (("谭晓东", "2026-12-01"), ("向阳", "2026-11-21"), ("张伟", "2026-12-01")):
        pair(store, child_uuid=children[name], kind=TEACHER, key=leaver, since=since, unchecked_reason=WHY)
    leave(store, child_uuid=children["张伟"], reason=RegistrationEnd.TRANSFERRED_OUT, on="2026-11-20")
    before = rows(store)
    to = dict.fromkeys((children["谭晓东"], children["向阳"]), who.staff["王秀芬"])
    changes = hand_over(store, key=leaver, on="2026-11-21", successors=to, unchecked_reason=WHY)
    assert {(one.child, one.supporter, one.valid_from) for one in pairs(store, date(2026, 12, 1))} == {
        ("谭晓东", "王秀芬", "2026-12-01"),
        ("向阳", "王秀芬", "2026-11-21"),
    }
    undo(store, changes.action_uuid, by=None)
    assert rows(store) == before


def test_a_successor_who_has_the_child_already_leaves_no_pair_of_the_leaver(store, who):
    """Both pairs begin on the day of the hand-over itself: the leaver's is taken back, nothing is refused."""
    child = who.children["谭晓东"]
    for name in ("李国平", "王秀芬"):
        pair(
            store,
            child_uuid=child,
            kind=TEACHER,
            key=who.staff[name],
            since="2026-11-21",
            unchecked_reason=WHY,
        )
    hand_over(store, key=who.staff["李国平"], on="2026-11-21", successors={child: who.staff["王秀芬"]},
              unchecked_reason=WHY)  # fmt: skip
    assert [one.supporter for one in pairs(store, DAY)] == ["王秀芬"]
