"""Who looks after whom, written on a real file: pairs begin, move, end; checks, limits and the school's rule."""

from datetime import date

import pytest
from msgspec.structs import replace

from app.children.codes import RegistrationEnd
from app.children.service import change_field
from app.children.service_status import leave
from app.dossier.service_bin import move_to_bin
from app.pairing.codes import CheckResult, Identity, PairingEnd, PairingKind, Wish
from app.pairing.facts import CheckState
from app.pairing.queries import (
    is_stale,
    loads,
    overview,
    pairs,
    pairs_of_child,
    pairs_of_supporter,
    supporter,
    supporters,
    unpaired,
)
from app.pairing.school_rules import limit_words, pairing_rules, set_pairing_rule
from app.pairing.service_pairs import accept, end_pairing, move, pair, remove_pair
from app.pairing.service_stale import end_stale
from app.pairing.service_supporters import (
    add_supporter,
    change_supporter,
    record_check,
    remove_check,
    set_supporter_limit,
    supporter_left,
)
from app.pairing.suggest import read_situation, suggest
from app.school.service import change_staff
from app.storage.history import undo
from app.tasks.pairing_list import pair_list
from tests.app.pairing.conftest import refused

DAY = date(2026, 11, 21)
TEACHER = PairingKind.SUPPORT_TEACHER
WHY = "教师刚到，查询在办"


def over_limit(store, key, kind, on):
    """What is said beside one more pair of the kind with somebody."""
    return limit_words(supporter(store, key, on), kind, pairing_rules(store, on)[kind])


@pytest.fixture
def couple(store, who):
    """Pair 谭晓东 with 李国平 and return the pair."""
    pair(
        store, child_uuid=who.children["谭晓东"], kind=TEACHER, key=who.staff["李国平"], since="2026-09-10",
        unchecked_reason=WHY, focus="学习",
    )  # fmt: skip
    return pairs(store, DAY)[0]


def test_without_a_check_a_reason_is_asked_for_and_kept(store, who):
    """A teacher without a 从业查询 needs a reason, with a valid one none; with an entry found nobody may be paired."""
    child, key = who.children["谭晓东"], who.staff["李国平"]
    with refused("pairing.unchecked"):
        pair(store, child_uuid=child, kind=TEACHER, key=key, since="2026-09-10")
    assert pairs(store, DAY) == ()
    record_check(store, key=key, checked_on="2026-09-02", office="县公安局")
    pair(store, child_uuid=child, kind=TEACHER, key=key, since="2026-09-10", unchecked_reason=WHY)
    assert pairs(store, DAY)[0].unchecked_reason is None
    one = supporter(store, key, DAY)
    assert (one.check, one.check_until) == (CheckState.VALID, "2027-09-02")
    assert supporter(store, key, date(2027, 9, 2)).check is CheckState.EXPIRED
    record_check(store, key=key, checked_on="2026-11-01", result=CheckResult.FOUND)
    with refused("pairing.record_found"):
        pair(
            store,
            child_uuid=who.children["向阳"],
            kind=TEACHER,
            key=key,
            since="2026-11-10",
            unchecked_reason=WHY,
        )
    assert overview(store, DAY).summary.unchecked == 1
    newest = store.one("SELECT uuid FROM background_check ORDER BY checked_on DESC LIMIT 1")[0]
    remove_check(store, check_uuid=newest)
    assert supporter(store, key, DAY).check is CheckState.VALID
    with refused("pairing.check_future"):
        record_check(store, key=key, checked_on="2026-12-01")


def test_the_same_pair_twice_is_one(store, couple):
    """A second press says that it is so already and writes nothing."""
    with refused("pairing.exists"):
        pair(
            store,
            child_uuid=couple.child_uuid,
            kind=TEACHER,
            key=couple.key,
            since="2026-10-01",
            unchecked_reason=WHY,
        )
    assert len(pairs(store, DAY)) == 1
    assert couple.supporter == "李国平"
    assert loads(store, DAY) == {couple.key: {TEACHER: 1}}


def test_ended_and_begun_again_both_stay_on_record(store, couple):
    """History is kept for ever: ended with its reason, begun again later, never overlapping."""
    with refused("fact.end_before_start"):
        end_pairing(store, pair_uuid=couple.uuid, on="2026-09-01", reason=PairingEnd.ASKED)
    end_pairing(store, pair_uuid=couple.uuid, on="2026-10-20", reason=PairingEnd.ASKED, note="家长要求")
    whys = {one.name: one.why for one in unpaired(store, DAY)}
    assert (whys["谭晓东"], whys["向阳"]) == ("原来的结对 2026-10-20 已解除", "登记以来一直没有")
    again = {"child_uuid": couple.child_uuid, "kind": TEACHER, "key": couple.key, "unchecked_reason": WHY}
    with refused("fact.overlaps"):
        pair(store, since="2026-10-01", **again)
    pair(store, since="2026-11-01", **again)
    told = pairs_of_child(store, couple.child_uuid, DAY)
    assert [(one.valid_from, one.valid_to, one.end_reason) for one in told] == [
        ("2026-11-01", None, None),
        ("2026-09-10", "2026-10-20", PairingEnd.ASKED),
    ]
    assert len(pairs_of_supporter(store, couple.key, DAY)) == 2
    assert [one.valid_from for one in pairs(store, date(2026, 9, 20))] == ["2026-09-10"]


def test_moving_keeps_the_old_pair_and_is_one_undo(store, who, couple):
    """Dragged onto somebody else: the old pair ends, the new one begins, one undo brings both back."""
    changes = move(
        store, pair_uuid=couple.uuid, to_key=who.staff["王秀芬"], on="2026-11-20", unchecked_reason=WHY
    )
    assert changes.words == "谭晓东：帮扶教师换成王秀芬"
    now, before = pairs_of_child(store, couple.child_uuid, DAY)
    assert (now.supporter, now.focus) == ("王秀芬", "学习")
    assert (before.valid_to, before.end_reason) == ("2026-11-20", PairingEnd.HANDED_OVER)
    undo(store, changes.action_uuid, by=None)
    assert [(one.supporter, one.valid_to) for one in pairs_of_child(store, couple.child_uuid, DAY)] == [
        ("李国平", None)
    ]
    with refused("hand_over.to_self"):
        move(store, pair_uuid=couple.uuid, to_key=who.staff["李国平"], on="2026-11-20", unchecked_reason=WHY)
    remove_pair(store, pair_uuid=couple.uuid)
    with refused("pairing.no_such_pair"):
        remove_pair(store, pair_uuid=couple.uuid)


def test_two_of_a_kind_are_pointed_out(store, who, couple):
    """多帮一 is possible, and said."""
    pair(
        store,
        child_uuid=couple.child_uuid,
        kind=TEACHER,
        key=who.staff["王秀芬"],
        since="2026-10-01",
        unchecked_reason=WHY,
    )
    told = pair_list(store, DAY).words
    assert told.startswith("2 对，1 名儿童（一名儿童由几位一起带，每位各算一对）；"), told
    found = overview(store, DAY).several
    assert [(one.child, [two.supporter for two in one.pairs]) for one in found] == [
        ("谭晓东", ["李国平", "王秀芬"])
    ]


def test_a_pupil_helps_another(store, who):
    """学习帮手 is a pupil, never oneself, needs no check and replaces no grown-up."""
    helped = {"child_uuid": who.children["向阳"], "kind": PairingKind.STUDY_BUDDY, "since": "2026-09-10"}
    with refused("pairing.buddy_self"):
        pair(store, buddy_uuid=who.children["向阳"], **helped)
    pair(store, buddy_uuid=who.children["张伟"], **helped)
    assert [(one.name, one.children) for one in overview(store, DAY).buddies] == [("张伟", 1)]
    assert overview(store, DAY).summary.paired == 0
    with refused("pairing.no_suggestion"):
        read_situation(store, DAY, PairingKind.STUDY_BUDDY)
    leave(store, child_uuid=who.children["张伟"], reason=RegistrationEnd.TRANSFERRED_OUT, on="2026-11-01")
    with refused("pairing.buddy_gone"):
        pair(store, **{**helped, "child_uuid": who.children["石头"]}, buddy_uuid=who.children["张伟"])


def test_a_child_that_left_is_in_no_load_and_its_pair_is_ended_in_one_step(store, couple):
    """The pair of a child that went is shown as such, and ends on the day it went."""
    leave(store, child_uuid=couple.child_uuid, reason=RegistrationEnd.TRANSFERRED_OUT, on="2026-11-02")
    assert [one.child for one in overview(store, DAY).pairs if is_stale(one)] == ["谭晓东"]
    assert loads(store, DAY) == {}
    with refused("pairing.child_gone"):
        pair(store, child_uuid=couple.child_uuid, kind=PairingKind.MENTOR, key=couple.key, since="2026-11-10",
             unchecked_reason=WHY)  # fmt: skip
    end_stale(store)
    ended = pairs_of_child(store, couple.child_uuid, DAY)[0]
    assert (ended.valid_to, ended.end_reason) == ("2026-11-02", PairingEnd.CHILD_LEFT)
    assert not end_stale(store)


def test_what_lies_in_the_bin_is_in_no_list(store, couple):
    """A child in the recycle bin has no pair on the page and is nobody's load."""
    move_to_bin(store, uuids=[couple.child_uuid])
    assert pairs(store, DAY) == ()
    assert loads(store, DAY) == {}
    assert "谭晓东" not in {one.name for one in unpaired(store, DAY)}


def test_a_teacher_who_left_leaves_the_child_unpaired_until_it_is_handed_over(store, who, couple):
    """An open pair with somebody gone is no pair: the child is listed, the suggestion replaces it, history tells why."""
    change_staff(store, uuid=who.staff["李国平"], left_on="2026-11-10")
    alone = next(one for one in unpaired(store, DAY) if one.name == "谭晓东")
    assert (alone.gone, alone.why) == ("李国平", "李国平已离开，还没有交接")
    with refused("pairing.supporter_gone"):  # nor from a day on which they were still there
        pair(
            store, child_uuid=who.children["向阳"], kind=TEACHER, key=who.staff["李国平"], since="2026-11-02",
            unchecked_reason=WHY,
        )  # fmt: skip
    with refused("pairing.supporter_gone"):
        pair(
            store,
            child_uuid=who.children["向阳"],
            kind=TEACHER,
            key=couple.key,
            since="2026-11-20",
            unchecked_reason=WHY,
        )
    made = suggest(read_situation(store, DAY, TEACHER))
    line = next(one for one in made.proposals if one.child == "谭晓东")
    assert line.replaces == couple.uuid
    accept(store, proposals=[line], since="2026-11-21", unchecked_reason=WHY)
    now, before = pairs_of_child(store, couple.child_uuid, DAY)
    assert now.supporter != "李国平"
    assert before.end_reason is PairingEnd.SUPPORTER_LEFT


def test_a_suggestion_is_accepted_in_part_and_undone_at_once(store, who):
    """Some of the lines: one action, one undo; a draft older than the file is refused whole."""
    made = suggest(read_situation(store, DAY, TEACHER))
    assert len(made.proposals) == 8
    siblings = {line.supporter for line in made.proposals if line.child.startswith("谭")}
    assert len(siblings) == 1
    ticked = made.proposals[:5]
    with refused("pairing.unchecked"):
        accept(store, proposals=ticked, since="2026-11-21")
    changes = accept(store, proposals=ticked, since="2026-11-21", unchecked_reason=WHY)
    assert len(pairs(store, DAY)) == 5
    with refused("pairing.changed_since"):
        accept(store, proposals=made.proposals, since="2026-11-21", unchecked_reason=WHY)
    assert len(pairs(store, DAY)) == 5
    again = suggest(read_situation(store, DAY, TEACHER))
    assert {line.child for line in again.proposals} == {line.child for line in made.proposals[5:]}
    undo(store, changes.action_uuid, by=None)
    assert pairs(store, DAY) == ()
    assert overview(store, DAY).summary.unpaired == 8
    with refused("pairing.nothing"):
        accept(store, proposals=[], since="2026-11-21")


def test_existing_pairs_move_only_when_asked(store, who, couple):
    """A suggestion leaves the pair alone; with the pair named it may move, and stays where that costs nothing."""
    assert all(line.child != "谭晓东" for line in suggest(read_situation(store, DAY, TEACHER)).proposals)
    asked = read_situation(store, DAY, TEACHER, move_existing=[couple.uuid])
    assert next(one for one in asked.waiting if one.uuid == couple.child_uuid).now == couple.key


def test_limits_and_the_rule_are_dated(store, who):
    """Excused from a day on, the rule by day, contradictions refused; the shipped rule shows as such."""
    key = who.staff["吴海涛"]
    assert all(one.shipped for one in pairing_rules(store, DAY).values())
    set_supporter_limit(store, key=key, most=0, reason="病假", since=date(2026, 10, 1))
    assert supporter(store, key, DAY).own_limit == 0
    assert supporter(store, key, date(2026, 9, 20)).own_limit is None
    assert over_limit(store, key, TEACHER, DAY) == "吴海涛不参加结对（病假）。"
    made = suggest(read_situation(store, DAY, TEACHER))
    assert all(line.supporter != "吴海涛" for line in made.proposals)
    set_supporter_limit(store, key=key, most=None, since=date(2026, 11, 1))
    assert supporter(store, key, DAY).own_limit is None
    set_supporter_limit(store, key=key, most=2, since=date(2026, 11, 5))
    with refused("dated.later_known"):
        set_supporter_limit(store, key=key, most=3, since=date(2026, 11, 1))
    rule = pairing_rules(store, DAY)[TEACHER]
    with refused("pairing.rule_numbers"):
        set_pairing_rule(store, rule=replace(rule, least=3, most=2), since=DAY)
    set_pairing_rule(store, rule=replace(rule, most=2, siblings=Wish.WISH), since=date(2026, 10, 1))
    assert (
        pairing_rules(store, DAY)[TEACHER].words
        == "每人最多 2 名；尽量是班主任；兄弟姐妹尽量由同一人带；女生尽量由女性带"
    )
    assert pairing_rules(store, date(2026, 9, 20))[TEACHER].most == 5
    for name in ("向阳", "石头"):
        assert over_limit(store, who.staff["王秀芬"], TEACHER, DAY) == ""
        pair(store, child_uuid=who.children[name], kind=TEACHER, key=who.staff["王秀芬"], since="2026-11-02",
             unchecked_reason=WHY)  # fmt: skip
    assert over_limit(store, who.staff["王秀芬"], TEACHER, DAY) == "王秀芬已带 2 名，规则是每人最多 2 名。"
    assert pairing_rules(store, DAY)[PairingKind.PROXY_PARENT].shipped is False


def test_people_from_outside(store, who):
    """Written down once, changed, and gone only when nobody is left with them."""
    add_supporter(
        store,
        name="刘桂英",
        identity=Identity.WOMENS_FEDERATION,
        organisation="白水沟村",
        phone="138 0000 0000",
    )
    with refused("pairing.supporter_known"):
        add_supporter(
            store,
            name="刘桂英",
            identity=Identity.WOMENS_FEDERATION,
            organisation="白水沟村",
            phone="13800000000",
        )
    key = next(one.key for one in supporters(store, DAY) if one.name == "刘桂英")
    assert supporter(store, key, DAY).words == "白水沟村 妇联"
    change_supporter(store, key=key, duty="妇联主任")
    assert supporter(store, key, DAY).words == "白水沟村 妇联主任"
    pair(store, child_uuid=who.children["向阳"], kind=PairingKind.PROXY_PARENT, key=key, since="2026-09-10",
         unchecked_reason=WHY)  # fmt: skip
    with refused("pairing.still_pairs"):
        supporter_left(store, key=key, on="2026-11-20")
    end_pairing(store, pair_uuid=pairs(store, DAY)[0].uuid, on="2026-11-15", reason=PairingEnd.OTHER)
    supporter_left(store, key=key, on="2026-11-20")
    assert all(one.name != "刘桂英" for one in supporters(store, DAY))
    assert supporters(store, DAY, gone=True)[-1].name == "刘桂英"
    with refused("pairing.staff_in_settings"):
        supporter_left(store, key=who.staff["李国平"], on="2026-11-20")


def test_a_child_that_found_somebody_meanwhile_is_not_paired_again_by_an_old_draft(store, who, couple):
    """Its supporter has left and the draft replaces the pair; since then it was paired by hand: the draft is refused."""
    change_staff(store, uuid=who.staff["李国平"], left_on="2026-11-15")
    made = [line for line in suggest(read_situation(store, DAY, TEACHER)).proposals if line.replaces]
    assert [line.child for line in made] == ["谭晓东"]
    other = next(name for name in ("周晓燕", "龙美华") if name != made[0].supporter)
    pair(
        store,
        child_uuid=couple.child_uuid,
        kind=TEACHER,
        key=who.staff[other],
        since="2026-11-20",
        unchecked_reason=WHY,
    )
    with refused("pairing.changed_since"):
        accept(store, proposals=made, since="2026-11-21", unchecked_reason=WHY)


def test_a_child_with_two_of_a_kind_stays_as_it_is_when_all_may_be_moved(store, who, couple):
    """多帮一 is somebody's decision: a draft moves neither of the two, and so pairs nobody with whom they have."""
    pair(
        store,
        child_uuid=couple.child_uuid,
        kind=TEACHER,
        key=who.staff["王秀芬"],
        since="2026-09-10",
        unchecked_reason=WHY,
    )
    both = [one.uuid for one in pairs(store, DAY)]
    for name in ("向阳", "张伟"):  # her load is higher: a draft would rather give the child to the other one
        pair(
            store,
            child_uuid=who.children[name],
            kind=TEACHER,
            key=who.staff["王秀芬"],
            since="2026-09-10",
            unchecked_reason=WHY,
        )
    made = suggest(read_situation(store, DAY, TEACHER, move_existing=both)).proposals
    assert couple.child_uuid not in {line.child_uuid for line in made}
    accept(store, proposals=made, since="2026-11-21", unchecked_reason=WHY)


def test_what_is_over_is_not_ended_or_moved_again(store, who):
    """Who looked after the child until when stands in the history; an end that is still to come may be put off."""
    child, key, to = who.children["谭晓东"], who.staff["李国平"], who.staff["王秀芬"]
    pair(store, child_uuid=child, kind=TEACHER, key=key, since="2026-09-10", unchecked_reason=WHY)
    (one,) = pairs(store, DAY)
    end_pairing(store, pair_uuid=one.uuid, on="2026-12-01", reason=PairingEnd.TERM_OVER)
    end_pairing(store, pair_uuid=one.uuid, on="2026-11-20", reason=PairingEnd.ASKED)
    with refused("pairing.ended"):
        end_pairing(store, pair_uuid=one.uuid, on="2026-11-01", reason=PairingEnd.UNSUITED)
    with refused("pairing.ended"):
        move(store, pair_uuid=one.uuid, to_key=to, on="2026-11-21", unchecked_reason=WHY)
    (kept,) = pairs_of_child(store, child, DAY)
    assert (kept.valid_to, kept.end_reason) == ("2026-11-20", PairingEnd.ASKED)


def test_nobody_is_looked_after_before_birth(store, who):
    """A slip of the year: 1926 for 2026. A year says nothing against a month of it."""
    child = who.children["谭晓东"]
    change_field(store, uuid=child, field="birth_date", value="2017-05")
    given = {"child_uuid": child, "kind": TEACHER, "key": who.staff["李国平"], "unchecked_reason": WHY}
    for since in ("1926-09-10", "2017-04-30", "2016"):
        with refused("pairing.before_birth"):
            pair(store, since=since, **given)
    pair(store, since="2017", **given)
