"""办交接: everything that lies with one supporter goes on in one action, and comes back with one undo."""

import subprocess
from datetime import date

from app.children.codes import RegistrationEnd
from app.children.service_status import leave
from app.diary.open_items import open_events, open_promises
from app.diary.service_events import report_event
from app.diary.service_promises import add_promise, keep_promise
from app.pairing.codes import Identity, PairingEnd, PairingKind
from app.pairing.pair_reading import pairs, pairs_of_child
from app.pairing.people import supporter
from app.pairing.plans import help_plan
from app.pairing.rules import Proposal
from app.pairing.service_pairs import accept, move, pair
from app.pairing.service_plans import HelpPlanDraft, save_plan
from app.pairing.service_supporters import add_supporter, record_check, supporter_left
from app.school.queries import school_calendar
from app.storage.history import undo
from app.tasks.pairing_hand_over import hand_over, hand_over_preview
from app.tasks.past_hand_overs import make_past_hand_over_sheet, past_hand_overs
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


def text_of(reader, path):
    out = subprocess.run([reader("pdftotext"), "-raw", path, "-"], capture_output=True, check=True).stdout
    return "".join(out.decode().split())


def test_the_sheet_is_printed_again_long_after(store, who, tmp_path, reader):
    """As it was then, although a promise was kept and the successor handed on since; an undone one has no sheet."""
    leaver, children = who.staff["李国平"], who.children
    for name in ("谭晓东", "向阳"):
        pair(store, child_uuid=children[name], kind=TEACHER, key=leaver, since="2026-09-10", focus="心理",
             unchecked_reason=WHY)  # fmt: skip
    key = supporter(store, leaver, DAY).key
    add_promise(store, child_uuid=children["谭晓东"], content="带一双手套", supporter_uuid=key)
    report_event(
        store, child_uuid=children["向阳"], rule_code="unwell", happened_on="2026-11-18", supporter_uuid=key
    )
    to = {children["谭晓东"]: who.staff["王秀芬"], children["向阳"]: who.staff["周晓燕"]}
    first = hand_over(store, key=leaver, on="2026-11-20", successors=to, unchecked_reason=WHY)
    keep_promise(store, uuid=open_promises(store)[0].uuid, on="2026-11-21")
    again = {children["谭晓东"]: who.staff["周晓燕"]}
    second = hand_over(
        store, key=who.staff["王秀芬"], on="2026-11-21", successors=again, leaves=False, unchecked_reason=WHY
    )
    (past,) = past_hand_overs(store, leaver)
    assert (past.on, past.children, set(past.to), past.leaves) == (
        "2026-11-20",
        2,
        {"王秀芬", "周晓燕"},
        True,
    )
    make_past_hand_over_sheet(store, leaver, past.action_uuid, tmp_path / "一.pdf")
    text = text_of(reader, tmp_path / "一.pdf")
    for words in ("李国平", "2026-11-20", "移交的儿童（2名）", "承诺：带一双手套", "必访：身体不佳，2026-11-18",
                  "接手人（王秀芬）：", "接手人（周晓燕）：", "重点：心理", "离开学校"):  # fmt: skip
        assert words in text
    (later,) = past_hand_overs(store, who.staff["王秀芬"])
    assert (later.action_uuid, later.to, later.leaves) == (second.action_uuid, ("周晓燕",), False)
    undo(store, second.action_uuid, by=None)
    assert past_hand_overs(store, who.staff["王秀芬"]) == ()
    with refused("hand_over.no_such"):
        make_past_hand_over_sheet(store, who.staff["王秀芬"], second.action_uuid, tmp_path / "x.pdf")
    assert past_hand_overs(store, who.staff["吴海涛"]) == ()
    assert past.action_uuid == first.action_uuid


def test_who_already_looks_after_the_child_is_not_paired_twice(store, who, tmp_path, reader):
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
    make_past_hand_over_sheet(
        store,
        who.staff["李国平"],
        past_hand_overs(store, who.staff["李国平"])[0].action_uuid,
        tmp_path / "x.pdf",
    )
    assert "接手人（王秀芬）：" in text_of(reader, tmp_path / "x.pdf"), (
        "who had the child anyway signs as well"
    )
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


def test_a_hand_over_is_on_a_day(store, who):
    """A month says of no day with whom the child is; a pair that begins in a month still to come goes along as it is."""
    leaver, child, to = who.staff["李国平"], who.children["谭晓东"], who.staff["王秀芬"]
    made = pair(store, child_uuid=child, kind=TEACHER, key=leaver, since="2026-12", unchecked_reason=WHY)
    given = {"key": leaver, "successors": {child: to}, "unchecked_reason": WHY}
    for on in ("2026-11", "2026"):
        with refused("date.no_day"):
            hand_over(store, on=on, **given)
    for on in ("", "下周一", "2026-11-31"):
        with refused("date.bad"):
            hand_over(store, on=on, **given)
    (old,) = (one for one in pairs_of_child(store, child, DAY) if one.uuid in made.uuids)
    with refused("date.no_day"):
        move(store, pair_uuid=old.uuid, to_key=to, on="2026-12", unchecked_reason=WHY)
    hand_over(store, on="2026-11-21", **given)
    (new,) = pairs_of_child(store, child, DAY)
    assert (new.supporter, new.valid_from) == ("王秀芬", "2026-12")


def test_a_slip_of_the_year_does_not_wipe_out_that_she_had_the_child(store, who):
    leaver, child, to = who.staff["李国平"], who.children["谭晓东"], who.staff["王秀芬"]
    pair(store, child_uuid=child, kind=TEACHER, key=leaver, since="2026-09-10", unchecked_reason=WHY)
    before = rows(store)
    for on in ("2020-11-21", "2026-09-09"):
        with refused("hand_over.before_pair"):
            hand_over(store, key=leaver, on=on, successors={child: to}, unchecked_reason=WHY)
    assert rows(store) == before
    hand_over(store, key=leaver, on="2026-09-10", successors={child: to}, unchecked_reason=WHY)
    assert [one.supporter for one in pairs(store, DAY)] == ["王秀芬"]


def test_who_leaves_and_what_is_accepted_has_a_day(store, who):
    with refused("date.no_day"):
        supporter_left(store, key=outsider(store), on="2026-11")
    proposal = Proposal(
        child_uuid=who.children["谭晓东"],
        child="谭晓东",
        class_name="",
        kind=TEACHER,
        key=who.staff["李国平"],
        supporter="李国平",
    )
    with refused("date.no_day"):
        accept(store, proposals=[proposal], since="2026-11", unchecked_reason=WHY)
    with refused("date.no_day"):
        record_check(store, key=who.staff["李国平"], checked_on="2026-11")


def outsider(store):
    add_supporter(store, name="田支书", identity=Identity.VILLAGE_CADRE)
    return store.one("SELECT uuid FROM supporter WHERE name = '田支书'")[0]
