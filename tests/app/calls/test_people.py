"""Who is called for whom: the order in which they are asked, when, and what the child wishes."""

from datetime import date, timedelta

from msgspec.structs import replace

from app.calls.codes import CallMedium
from app.calls.people import NO_NUMBER, NUMBERS_BAD, CallRule, callees
from app.calls.service_people import WindowDraft, clear_wish, set_windows, set_wish
from app.children.codes import RegistrationEnd
from app.children.service_status import leave
from app.diary.service_absences import AbsenceDraft, save_absence
from app.dossier.change_history import change_history
from app.dossier.service_bin import move_to_bin
from app.storage.history import undo
from tests.app.calls.conftest import refused

DAY = date(2026, 11, 21)
MONDAY = date(2026, 11, 23)


def of(store, name, **more):
    return next(one for one in callees(store, DAY, **more) if one.child == name)


def test_every_child_on_the_ledger_is_there_with_its_family(store, who):
    found = callees(store, DAY)
    assert sorted(one.child for one in found) == sorted(who.children)
    east, orchid = of(store, "谭晓东"), of(store, "谭小兰")
    assert east.siblings == {orchid.child_uuid}
    assert orchid.siblings == {east.child_uuid}
    assert of(store, "罗诗涵").siblings == frozenset()
    assert {one.registered_since for one in found} == {"2026-09-01"}


def test_who_understands_only_dialect_is_asked_after_the_others(store):
    contacts = of(store, "谭晓东").contacts
    assert [(one.name, one.order, one.later) for one in contacts] == [
        ("田秀莲", 1, ""),
        ("向妹", 2, "只听得懂方言"),
    ]
    assert contacts[0].who == "母亲 田秀莲"
    assert (contacts[0].away, contacts[0].place) == (True, "广东省东莞市")


def test_who_cannot_be_dialled_says_why_and_no_number_is_ever_told(store):
    assert [one.why_not for one in of(store, "向阳").contacts] == [NO_NUMBER]
    assert [one.why_not for one in of(store, "张伟").contacts] == [NUMBERS_BAD]
    assert of(store, "冉小燕").contacts == ()
    assert "136000" not in repr(callees(store, DAY))


def test_what_the_child_wishes_goes_first(store, who):
    child = who.children["谭晓东"]
    set_wish(store, child_uuid=child, person_uuid=who.people["向妹"], note="想听奶奶说话", since=DAY)
    assert [one.name for one in of(store, "谭晓东").contacts] == ["向妹", "田秀莲"]
    assert [one.name for one in of(store, "谭小兰").contacts] == ["田秀莲", "向妹"], (
        "its sister wished nothing"
    )
    done = set_wish(
        store, child_uuid=child, wants=False, medium=CallMedium.VIDEO, note="不想打", since=MONDAY
    )
    later = next(one for one in callees(store, MONDAY) if one.child == "谭晓东")
    assert (later.wish.medium, later.why_not(MONDAY)) == (CallMedium.VIDEO, "孩子现在不想打")
    assert of(store, "谭晓东").why_not(DAY) == ""
    undo(store, done.action_uuid, by=None)
    assert next(one for one in callees(store, MONDAY) if one.child == "谭晓东").wish.note == "想听奶奶说话"
    clear_wish(store, child_uuid=child, since=MONDAY)
    assert next(one for one in callees(store, MONDAY) if one.child == "谭晓东").wish.uuid == ""
    with refused("dated.later_known"):
        set_wish(store, child_uuid=child, since=date(2026, 11, 1))


def test_shifts_by_turns_are_reachable_every_second_week(store, who):
    mother = who.people["田秀莲"]
    assert of(store, "谭晓东").contacts[0].reachable(MONDAY, "03:00", "03:10"), "nobody wrote when"
    drafts = [
        WindowDraft(starts="12:00", ends="13:00", alternate_on=MONDAY),
        WindowDraft(starts="18:00", ends="20:00", weekday=6),
    ]
    done = set_windows(store, person_uuid=mother, windows=drafts, since=DAY)
    assert done.areas == {"children", "calls"}
    assert who.children["谭小兰"] in done.uuids
    contact = of(store, "谭小兰").contacts[0]
    told = [
        contact.reachable(day, "12:20", "12:30")
        for day in (MONDAY, date(2026, 11, 30), date(2026, 12, 7), date(2026, 11, 16))
    ]
    assert told == [True, False, True, True], "before the day it was written for, nobody knew of hours"
    assert contact.reachable(MONDAY, "12:50", "13:00")
    assert not contact.reachable(MONDAY, "12:55", "13:05"), "the whole slot must fit"
    assert contact.reachable(date(2026, 11, 28), "18:00", "18:10")
    assert contact.hours == "每天 12:00–13:00，隔周（11-23 那周起）；周六 18:00–20:00"
    set_windows(store, person_uuid=mother, windows=(), since=MONDAY)
    assert of(store, "谭小兰").contacts[0].reachable(MONDAY, "03:00", "03:10")


def test_shifts_in_three_weeks_come_round_every_third(store, who):
    mother = who.people["田秀莲"]
    draft = WindowDraft(starts="12:00", ends="13:00", alternate_on=MONDAY, every_weeks=3)
    set_windows(store, person_uuid=mother, windows=[draft], since=DAY)
    contact = of(store, "谭小兰").contacts[0]
    mondays = [MONDAY + timedelta(weeks=number) for number in range(7)]
    told = [contact.reachable(day, "12:20", "12:30") for day in mondays]
    assert told == [True, False, False, True, False, False, True]
    assert contact.hours == "每天 12:00–13:00，每 3 周一次（11-23 那周起）"
    with refused("calls.weeks"):
        set_windows(store, person_uuid=mother, windows=[replace(draft, every_weeks=1)], since=DAY)


def test_the_history_tells_a_weekday_by_its_name(store, who):
    drafts = [
        WindowDraft(starts="18:00", ends="20:00", weekday=3),
        WindowDraft(starts="12:00", ends="13:00", alternate_on=MONDAY, every_weeks=3),
    ]
    set_windows(store, person_uuid=who.people["田秀莲"], windows=drafts, since=DAY)
    told = {
        line.after for line in change_history(store, who.children["谭晓东"]) if line.table == "reachable_time"
    }
    assert any("周三" in words and "几周轮一次" not in words for words in told)
    assert any("几周轮一次 3" in words for words in told)
    assert not any("星期" in words for words in told)


def test_hours_of_one_person_that_meet_are_refused(store, who):
    two = [WindowDraft(starts="12:00", ends="13:00"), WindowDraft(starts="12:30", ends="14:00")]
    with refused("calls.windows_meet"):
        set_windows(store, person_uuid=who.people["田秀莲"], windows=two, since=DAY)
    with refused("calls.span"):
        set_windows(
            store,
            person_uuid=who.people["田秀莲"],
            windows=[WindowDraft(starts="9:00", ends="8:00")],
            since=DAY,
        )
    with refused("row.unknown"):
        set_windows(store, person_uuid="nobody", windows=(), since=DAY)


def test_a_child_that_is_absent_or_leaves_is_not_called_then(store, who):
    save_absence(
        store,
        draft=AbsenceDraft(
            child_uuid=who.children["罗诗涵"], happened_on="2026-11-18", returned_on="2026-11-20"
        ),
    )
    save_absence(store, draft=AbsenceDraft(child_uuid=who.children["向阳"], happened_on="2026-11-19"))
    assert [of(store, "罗诗涵").why_not(date(2026, 11, day)) for day in (17, 18, 20)] == ["", "缺席", ""]
    assert of(store, "向阳").why_not(MONDAY) == "缺席"
    leave(
        store,
        child_uuid=who.children["张伟"],
        reason=RegistrationEnd.JOINED_PARENTS,
        on=MONDAY.isoformat(),
    )
    assert (of(store, "张伟").why_not(DAY), of(store, "张伟").why_not(MONDAY)) == ("", "已离校")


def test_the_bin_and_other_children_stay_out_and_rules_are_handed_in(store, who):
    rule = CallRule("call", 1, "month", "每月亲情电话一次")
    wanted = who.children["罗诗涵"]
    assert [one.rules for one in callees(store, DAY, {wanted: (rule,)}, uuids=[wanted])] == [(rule,)]
    move_to_bin(store, uuids=[who.children["谭小兰"]])
    assert "谭小兰" not in [one.child for one in callees(store, DAY)]
    assert of(store, "谭晓东").siblings == frozenset()
