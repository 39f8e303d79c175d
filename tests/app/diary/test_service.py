"""Saving, changing and removing records: one record however often it is saved, closed only by what is live."""

import peewee
import pytest
from msgspec.structs import replace

from app.children.service import change_field
from app.core.errors import UserError
from app.diary.codes import Activity, Medium, Topic
from app.diary.drafts import PromiseDraft, RecordDraft, draft_uuid
from app.diary.open_items import open_events, open_follow_ups, open_promises, promises
from app.diary.queries import RecordFilters, record, records
from app.diary.service import change_record, remove_lines, remove_record, save_record, save_records
from app.diary.service_events import close_event, reopen_event, report_event, withdraw_event
from app.diary.service_promises import add_promise, give_up_promise, keep_promise, reopen_promise
from app.diary.tables import Promise
from app.dossier.service_bin import move_to_bin, restore_from_bin, restore_records
from app.pairing.codes import Guidance
from app.pairing.service_supporters import ensure_supporter
from app.storage.history import undo

ALL = RecordFilters()


def refused(key):
    return pytest.raises(UserError, check=lambda error: error.key == key)


def contents(store):
    return [line.text for line in records(store, ALL)]


def test_a_record_comes_back_as_it_was_typed(store, who):
    draft = RecordDraft(
        uuid=draft_uuid(),
        children=(who.rain,),
        kind=Activity.HOME_VISIT,
        happened_on="2026-11-20",
        started="9:05",
        ended="10:00",
        minutes=55,
        medium=Medium.DOOR,
        topic=Topic.OTHER,
        place="白水沟村三组",
        supporter_uuid=who.wang,
        person_uuid=who.mother,
        present="村主任",
        guidances=frozenset({Guidance.MIND, Guidance.CONDUCT}),
        background="情绪不好",
        content=" 母亲刚返乡，\n打算过了年再走 ",
        reaction="愿意配合",
        plan="下周再谈",
        family="父亲在东莞",
        economy="打工",
        attitude="重视",
        surroundings="有书桌",
        at_school="安静",
        at_home="帮做饭",
        needs="数学",
        problems="想妈妈",
        follow_up_on="2026-11-27",
        contacted=True,
        promises=(PromiseDraft(content="带一双手套", due_on="2026-12-01"),),
    )
    changes = save_record(store, draft=draft, by="陈素兰")
    assert changes.areas == {"diary", "todo"}
    assert {draft.uuid, who.rain} <= changes.uuids
    assert changes.words == "张小雨：记了一次家访（2026-11-20）"
    found = record(store, draft.uuid)
    (made,) = found.promises
    supporter = found.line.supporter_uuid
    expected = replace(
        draft,
        started="09:05",
        content="母亲刚返乡，\n打算过了年再走",
        supporter_uuid=supporter,
        promises=(PromiseDraft(content="带一双手套", due_on="2026-12-01", uuid=made.uuid),),
    )
    assert found.draft == expected
    assert (found.person_name, found.line.supporter_name, found.line.class_name) == (
        "刘桂香",
        "王丽华",
        "三（1）班",
    )
    assert (found.line.entered_on, found.line.late_words) == ("2026-11-21", "")
    assert "母亲刚返乡， 打算过了年再走" in found.line.text
    assert (made.is_open, made.promised_on, made.supporter_name) == (True, "2026-11-20", "王丽华")


def test_a_double_click_is_one_record_and_a_second_save_with_other_words_changes_it(store, write):
    draft = write(content="第一次写的", promises=(PromiseDraft(content="带书", uuid=draft_uuid()),))
    before = store.commit_no
    assert not save_record(store, draft=draft)
    assert store.commit_no == before
    assert save_record(store, draft=replace(draft, content="后来改的"))
    assert contents(store) == ["后来改的"]
    assert len(open_promises(store)) == 1


def test_one_visit_to_two_brothers_is_one_occasion_however_often_it_is_saved(store, who, write):
    draft = write(children=(who.rain, who.thunder), kind=Activity.HOME_VISIT, content="姐弟都在家")
    assert not save_record(store, draft=draft)
    lines = records(store, ALL)
    assert {line.child_uuid for line in lines} == {who.rain, who.thunder}
    assert {line.occasion for line in lines} == {draft.uuid}
    assert record(store, draft.uuid).others == tuple(
        (line.uuid, line.child_name) for line in lines if line.uuid != draft.uuid
    )


@pytest.mark.parametrize(
    ("known", "key"),
    [
        ({"children": ()}, "diary.nobody"),
        ({"happened_on": "2026-11"}, "diary.day"),
        ({"happened_on": "2026-02-30"}, "diary.day"),
        ({"happened_on": ""}, "diary.day"),
        ({"started": "25:00"}, "diary.time"),
        ({"started": "10:00", "ended": "9:00"}, "diary.times"),
        ({"minutes": 1441}, "diary.minutes"),
        ({"follow_up_on": "2026-11-19"}, "diary.follow_up"),
        ({"promises": (PromiseDraft(content="  "),)}, "promise.blank"),
        ({"promises": (PromiseDraft(content="书", due_on="明天"),)}, "diary.day"),
        ({"promises": (PromiseDraft(content="书", due_on="2026-11-19"),)}, "promise.due_early"),
        ({"person_uuid": "nobody"}, "diary.person"),
        ({"supporter_uuid": "nobody"}, "pairing.no_such_supporter"),
        ({"follows_uuid": "nothing"}, "diary.follows_other"),
        ({"kept": ("nothing",)}, "promise.unknown"),
        ({"closes": ("nothing",)}, "event.unknown"),
        ({"content": None}, "diary.blank"),
        ({"content": " \u3000"}, "diary.blank"),
        ({"content": None, "place": "办公室", "minutes": 20, "present": "班主任"}, "diary.blank"),
    ],
)
def test_what_cannot_be_written_is_refused_and_leaves_nothing(store, write, known, key):
    before = store.commit_no
    with refused(key):
        write(**known)
    assert (store.commit_no, records(store, ALL)) == (before, ())


@pytest.mark.parametrize("born", ["2017-05-04", "2017-06", "2018"])
def test_nothing_is_recorded_before_a_child_was_born(store, who, write, born):
    change_field(store, uuid=who.thunder, field="birth_date", value=born)
    with refused("diary.before_birth"):
        write(children=(who.rain, who.thunder), happened_on="2017-05-03")
    assert records(store, ALL) == ()


@pytest.mark.parametrize("born", ["2017-05-03", "2017-05", "2017", None])
def test_a_day_that_may_be_after_the_birth_is_taken(store, who, write, born):
    change_field(store, uuid=who.rain, field="birth_date", value=born)
    write(happened_on="2017-05-03")
    assert len(records(store, ALL)) == 1


def test_what_says_something_without_a_text_is_a_record(store, who, write):
    """Tags, an answer, a promise; that a letter went out is all a letter says."""
    write(content=None, guidances=frozenset({Guidance.LIFE}))
    write(content=None, kind=Activity.CONTACT, contacted=False)
    write(content=None, promises=(PromiseDraft(content="带一本书"),))
    write(content=None, kind=Activity.LETTER)
    assert len(records(store, ALL)) == 4


def test_several_records_are_one_action_and_one_bad_one_keeps_all_out(store, who):
    drafts = [
        RecordDraft(
            uuid=draft_uuid(),
            children=(uuid,),
            kind=Activity.TUTORING,
            happened_on="2026-11-20",
            content="口算二十题",
        )
        for uuid in (who.rain, who.thunder, who.chen)
    ]
    with refused("diary.day"):
        save_records(store, drafts=[*drafts[:2], replace(drafts[2], happened_on="")])
    assert records(store, ALL) == ()
    changes = save_records(store, drafts=drafts)
    assert changes.words == "记了 3 条作业辅导"
    assert len(records(store, ALL)) == 3
    undo(store, changes.action_uuid, by=None)
    assert records(store, ALL) == ()


def test_changing_a_record_keeps_the_day_of_entry_whatever_the_clock_says(store, write, clock):
    draft = write(happened_on="2026-11-01", content="补记")
    line = record(store, draft.uuid).line
    assert (line.late_days, line.late_words) == (20, "补录（20 天）")
    clock.advance(days=-30)
    change_record(store, uuid=draft.uuid, draft=replace(draft, content="改了字"))
    again = write(happened_on="2026-10-20", content="时钟倒退以后写的")
    assert record(store, draft.uuid).line.late_days == 20
    assert record(store, again.uuid).line.entered_on == "2026-11-21"
    with pytest.raises((peewee.DatabaseError, UserError)), store.action("改", kind="test"):
        store.db.execute_sql("UPDATE care_record SET entered_on = happened_on")


def test_a_record_belongs_to_its_child_and_one_in_the_bin_is_not_written_over(store, who, write):
    draft = write(content="一")
    with refused("diary.other_child"):
        save_record(store, draft=replace(draft, children=(who.chen,)))
    with refused("diary.other_child"):
        change_record(store, uuid=draft.uuid, draft=replace(draft, children=(who.chen,)))
    remove_record(store, uuid=draft.uuid)
    for save in (
        lambda: save_record(store, draft=draft),
        lambda: change_record(store, uuid=draft.uuid, draft=draft),
    ):
        with refused("diary.unknown"):
            save()


# ---- promises -------------------------------------------------------------------------------------------------------


def test_a_promise_stands_until_a_record_keeps_it_and_again_when_that_record_goes(store, write):
    made = write(
        happened_on="2026-11-10", promises=(PromiseDraft(content="带一双手套", due_on="2026-11-20"),)
    )
    (promise,) = open_promises(store)
    keeping = write(kept=(promise.uuid,), content="手套带来了")
    assert open_promises(store) == ()
    assert record(store, keeping.uuid).kept[0].kept_on == "2026-11-20"
    with refused("promise.not_open"):
        write(kept=(promise.uuid,))
    changes = remove_record(store, uuid=keeping.uuid)
    assert [one.uuid for one in open_promises(store)] == [promise.uuid]
    restore_records(store, action_uuid=changes.action_uuid)
    assert open_promises(store) == ()
    change_record(store, uuid=keeping.uuid, draft=replace(record(store, keeping.uuid).draft, kept=()))
    assert [one.uuid for one in open_promises(store)] == [promise.uuid]
    change_record(store, uuid=made.uuid, draft=replace(record(store, made.uuid).draft, promises=()))
    assert promises(store) == ()


def test_a_promise_taken_out_of_the_form_and_put_back_is_the_same_one(store, write):
    draft = write(promises=(PromiseDraft(content="带书"), PromiseDraft(content="修桌子")))
    first, _ = open_promises(store)
    save_record(store, draft=replace(draft, promises=draft.promises[1:]))
    assert [one.content for one in open_promises(store)] == ["修桌子"]
    save_record(
        store,
        draft=replace(draft, promises=(replace(draft.promises[0], content="带两本书"), draft.promises[1])),
    )
    assert [(one.uuid == first.uuid, one.content) for one in open_promises(store)] == [
        (True, "带两本书"),
        (False, "修桌子"),
    ]


def test_a_promise_is_of_the_day_and_the_person_that_its_record_is_corrected_to(store, who, write):
    """Who has handed it over does not get it back with that."""
    draft = write(promises=(PromiseDraft(content="带书"), PromiseDraft(content="修桌子")))
    first, second = open_promises(store)
    (successor,) = store.one("SELECT uuid FROM staff WHERE name = '周晓云'")
    with store.action("交接", kind="test") as action:
        action.update(Promise, second.uuid, supporter_id=ensure_supporter(store, action, successor))
    right = replace(draft, happened_on="2026-11-06", supporter_uuid=who.li)
    change_record(store, uuid=draft.uuid, draft=right)
    told = {one.uuid: (one.promised_on, one.supporter_name) for one in open_promises(store)}
    assert told == {first.uuid: ("2026-11-06", "李国庆"), second.uuid: ("2026-11-06", "周晓云")}


def test_a_record_is_not_corrected_to_a_day_after_its_promise_was_kept(store, write):
    """The record that kept it could not be saved again: kept before it was promised."""
    draft = write(happened_on="2026-11-06", promises=(PromiseDraft(content="带书"),))
    (promise,) = open_promises(store)
    keeping = write(happened_on="2026-11-13", kept=(promise.uuid,))
    late = replace(draft, happened_on="2026-11-18")
    with refused("promise.kept_early"):
        change_record(store, uuid=draft.uuid, draft=late)
    change_record(store, uuid=draft.uuid, draft=replace(draft, happened_on="2026-11-12"))
    change_record(store, uuid=keeping.uuid, draft=replace(keeping, content="书带来了"))
    change_record(store, uuid=keeping.uuid, draft=replace(keeping, kept=()))
    change_record(store, uuid=draft.uuid, draft=late)
    assert [one.promised_on for one in open_promises(store)] == ["2026-11-18"]


def test_a_draft_copied_from_a_record_brings_promises_of_its_own(store, write):
    draft = write(promises=(PromiseDraft(content="带书"),))
    copied = replace(draft, uuid=draft_uuid(), happened_on="2026-11-21")
    save_record(store, draft=copied)
    assert not save_record(store, draft=copied)
    assert len(open_promises(store)) == len({one.uuid for one in open_promises(store)}) == 2


def test_a_promise_outside_a_record_is_kept_given_up_or_opened_again(store, who, write):
    add_promise(store, child_uuid=who.chen, content="问奖学金", due_on="2026-11-30", supporter_uuid=who.li)
    (promise,) = open_promises(store, supporter_uuid=who.li)
    assert open_promises(store, child_uuid=who.rain) == ()
    with refused("promise.kept_early"):
        keep_promise(store, uuid=promise.uuid, on="2026-11-20")
    with refused("promise.other_child"):
        keep_promise(store, uuid=promise.uuid, on="2026-11-21", record_uuid=write().uuid)
    with refused("promise.note"):
        give_up_promise(store, uuid=promise.uuid, note=" ")
    give_up_promise(store, uuid=promise.uuid, note="政策没有了")
    with refused("promise.not_open"):
        keep_promise(store, uuid=promise.uuid, on="2026-11-21")
    reopen_promise(store, uuid=promise.uuid)
    keep_promise(store, uuid=promise.uuid, on="2026-11-21")
    assert open_promises(store) == ()


# ---- events ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def event(store, who):
    """Return an open event: 张小雨 was in low spirits on the 18th."""
    report_event(
        store, child_uuid=who.rain, rule_code="low_spirits", happened_on="2026-11-18", note="上课哭了"
    )
    return open_events(store)[0]


def test_an_event_is_closed_by_its_linked_visit_only(store, who, write, event):
    assert (event.name, event.activity, event.days) == ("情绪不好", Activity.HOME_VISIT, 5)
    write(kind=Activity.HOME_VISIT, content="没有关联的家访")
    assert open_events(store) == (event,)
    with refused("event.needs"):
        write(kind=Activity.TALK, closes=(event.uuid,))
    with refused("event.record_early"):
        write(kind=Activity.HOME_VISIT, happened_on="2026-11-17", closes=(event.uuid,))
    with refused("event.other_child"):
        write(kind=Activity.HOME_VISIT, children=(who.chen,), closes=(event.uuid,))
    visit = write(kind=Activity.HOME_VISIT, closes=(event.uuid,))
    assert open_events(store) == ()
    assert record(store, visit.uuid).events[0].uuid == event.uuid
    with refused("event.closed"):
        write(kind=Activity.HOME_VISIT, closes=(event.uuid,))
    with refused("event.closed"):
        withdraw_event(store, uuid=event.uuid, note="弄错了")
    assert any("重新到期" in line for line in remove_lines(store, visit.uuid))
    remove_record(store, uuid=visit.uuid)
    assert [one.uuid for one in open_events(store)] == [event.uuid]
    other = write(kind=Activity.HOME_VISIT)
    close_event(store, uuid=event.uuid, record_uuid=other.uuid)
    assert open_events(store) == ()
    reopen_event(store, uuid=event.uuid)
    assert len(open_events(store)) == 1


def test_withdrawing_an_event_takes_its_visit_back_with_the_reason(store, write, event):
    with refused("event.note"):
        withdraw_event(store, uuid=event.uuid, note="")
    changes = withdraw_event(store, uuid=event.uuid, note="是别的孩子")
    assert open_events(store) == ()
    with refused("event.withdrawn"):
        write(kind=Activity.HOME_VISIT, closes=(event.uuid,))
    undo(store, changes.action_uuid, by=None)
    assert open_events(store) == (event,)


def test_an_event_saved_twice_is_one_and_one_without_a_rule_is_refused(store, who):
    uuid = draft_uuid()
    facts = {"child_uuid": who.rain, "happened_on": "2026-11-18", "uuid": uuid}
    report_event(store, rule_code="quarrel", **facts)
    assert not report_event(store, rule_code="quarrel", **facts)
    assert len(open_events(store)) == 1
    with refused("event.no_rule"):
        report_event(store, child_uuid=who.rain, rule_code="nothing", happened_on="2026-11-18")


def test_no_event_is_of_a_day_to_come_or_before_the_birth_and_no_promise_is_kept_tomorrow(store, who):
    """A slip of the year: its visit was in no list until then, and the promise was asked for and could not be closed."""
    change_field(store, uuid=who.rain, field="birth_date", value="2017-05-04")
    for day, key in (
        ("2027-11-18", "case.future"),
        ("2016-11-18", "diary.before_birth"),
        ("11月", "diary.day"),
    ):
        with refused(key):
            report_event(store, child_uuid=who.rain, rule_code="quarrel", happened_on=day)
    add_promise(store, child_uuid=who.rain, content="借一本书")
    (promise,) = open_promises(store)
    with refused("case.future"):
        keep_promise(store, uuid=promise.uuid, on="2027-11-21")
    assert (open_events(store), open_promises(store)) == ((), (promise,))


def test_an_event_that_was_answered_or_taken_back_is_not_reported_over(store, who, write, event):
    """What a record has answered stays as it was answered; saying it again under its uuid is refused in words."""
    again = {"child_uuid": who.rain, "rule_code": "quarrel", "uuid": event.uuid}
    visit = write(kind=Activity.HOME_VISIT, closes=(event.uuid,))
    with refused("event.closed"):
        report_event(store, happened_on="2026-11-19", note="另一件事", **again)
    assert record(store, visit.uuid).events[0].name == "情绪不好"
    remove_record(store, uuid=visit.uuid)
    withdraw_event(store, uuid=event.uuid, note="是别的孩子")
    with refused("event.withdrawn"):
        report_event(store, happened_on="2026-11-19", **again)
    assert open_events(store) == ()


# ---- follow-ups, bin ------------------------------------------------------------------------------------------------


def test_a_follow_up_stands_until_a_live_record_follows(store, who, write):
    first = write(happened_on="2026-11-10", follow_up_on="2026-11-17")
    assert [line.uuid for line in open_follow_ups(store, until="2026-11-17")] == [first.uuid]
    assert open_follow_ups(store, until="2026-11-16") == open_follow_ups(store, child_uuid=who.chen) == ()
    with refused("diary.follows_other"):
        write(children=(who.chen,), follows_uuid=first.uuid)
    second = write(follows_uuid=first.uuid)
    assert open_follow_ups(store) == ()
    assert record(store, first.uuid).followed_by == second.uuid
    remove_record(store, uuid=second.uuid)
    assert len(open_follow_ups(store)) == 1


def test_a_child_takes_its_diary_to_the_bin_and_brings_it_back(store, who, write, event):
    write(content="谈心", promises=(PromiseDraft(content="带书"),), follow_up_on="2026-11-27")
    move_to_bin(store, uuids=(who.rain,))
    assert records(store, ALL) == open_promises(store) == open_events(store) == open_follow_ups(store) == ()
    restore_from_bin(store, uuids=(who.rain,))
    assert contents(store) == ["谈心"]
    assert (len(open_promises(store)), len(open_events(store)), len(open_follow_ups(store))) == (1, 1, 1)
