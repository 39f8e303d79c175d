"""The names beside a child in a list: the same pairs as everywhere else, read without the rest."""

from datetime import date

from app.dossier.service_bin import move_to_bin
from app.pairing.codes import PairingEnd, PairingKind
from app.pairing.facts import ADULT_KINDS
from app.pairing.names import supporter_names
from app.pairing.queries import pairs
from app.pairing.service_pairs import end_pairing, pair
from app.school.service import change_staff

DAY = date(2026, 11, 21)
WHY = "教师刚到，查询在办"


def as_pairs_say(store, day):
    """The same answer out of the pairs, the long way."""
    names: dict[str, list[str]] = {}
    for one in pairs(store, day, kinds=ADULT_KINDS):
        if one.covers:
            names.setdefault(one.child_uuid, []).append(one.supporter)
    return {child: tuple(dict.fromkeys(found)) for child, found in names.items()}


def test_the_names_are_those_of_the_pairs_on_every_day(store, who):
    def give(child, teacher, kind=PairingKind.SUPPORT_TEACHER, since="2026-09-10"):
        child, key = who.children[child], who.staff[teacher]
        pair(store, child_uuid=child, kind=kind, key=key, since=since, unchecked_reason=WHY)

    give("谭晓东", "王秀芬")
    give("谭晓东", "王秀芬", PairingKind.MENTOR)
    give("谭晓东", "李国平", PairingKind.MENTOR)
    give("谭小兰", "周晓燕")
    give("罗诗涵", "龙美华")
    give("向阳", "黄明远", since="2026-12-01")
    give("张伟", "吴海涛")
    child, buddy = who.children["冉小燕"], who.children["石头"]
    pair(store, child_uuid=child, kind=PairingKind.STUDY_BUDDY, buddy_uuid=buddy, since="2026-09-10")
    ended = next(one for one in pairs(store, DAY) if one.child == "谭小兰")
    end_pairing(store, pair_uuid=ended.uuid, on="2026-11-01", reason=PairingEnd.ASKED)
    change_staff(store, uuid=who.staff["龙美华"], left_on="2026-11-10")
    move_to_bin(store, uuids=(who.children["张伟"],))

    names = supporter_names(store, DAY)
    assert set(names) == {who.children["谭晓东"]}
    assert sorted(names[who.children["谭晓东"]]) == ["李国平", "王秀芬"]
    for day in (date(2026, 9, 1), date(2026, 10, 31), date(2026, 11, 1), DAY, date(2026, 12, 2)):
        assert supporter_names(store, day) == as_pairs_say(store, day)


def test_a_pair_that_ended_in_a_month_without_a_day_is_read_as_everywhere(store, who):
    """Whether it holds is not known on a day of that month: then the child is not called alone."""
    child, key = who.children["谭晓东"], who.staff["王秀芬"]
    pair(store, child_uuid=child, kind=PairingKind.MENTOR, key=key, since="2026-09-10", unchecked_reason=WHY)
    (one,) = pairs(store, DAY)
    with store.action("原来就只知道月份", kind="test") as action:
        action.note_written([one.uuid])
        store.db.execute_sql("UPDATE pairing SET valid_to = '2026-11' WHERE uuid = ?", (one.uuid,))
    for day in (date(2026, 10, 31), DAY, date(2026, 12, 1)):
        assert supporter_names(store, day) == as_pairs_say(store, day)
    assert supporter_names(store, DAY) == {child: ("王秀芬",)}
    assert supporter_names(store, date(2026, 12, 1)) == {}
