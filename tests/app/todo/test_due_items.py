"""What is due over a real ledger: each item with rule and fact, gone when what it asks for is recorded."""

from datetime import date, timedelta

import pytest

from app.children.codes import CareKind, Sex
from app.children.drafts import ChildDraft
from app.children.service import add_child
from app.children.service_care import set_care
from app.children.service_status import suspend
from app.children.tables import Registration
from app.diary.tables import Absence, CareRecord, Promise, TriggerEvent
from app.dossier.service_bin import move_to_bin
from app.pairing.roll import read_roll as pairing_roll
from app.pairing.tables import BackgroundCheck, PairingRow, Supporter
from app.school.queries import school_calendar
from app.school.service import add_staff
from app.school.tables import ClassTeacher, Staff
from app.storage.history import undo
from app.tasks.pairing_hand_over import hand_over, hand_over_preview
from app.tasks.todo import as_plain, everything_due
from app.todo.codes import Audience, Per, Scope
from app.todo.preview import preview_cadence
from app.todo.progress import child_progress
from app.todo.queries import due_day, due_items
from app.todo.roll import read_roll
from app.todo.rules import DueKind, State
from app.todo.service import set_cadence
from app.todo.settling import begun_with
from app.todo.tables import CadenceRule, PaperForm
from tests.app.todo.conftest import CLASS, child_id, every_week, record, supporter_id, write


def items(store, kind, name=None, day=None, activity=None):
    found = due_items(store, None if day is None else date.fromisoformat(day)).items
    return [
        item
        for item in found
        if item.kind is kind
        and (name is None or item.child_name == name)
        and (activity is None or item.activity == activity)
    ]


def talk(store, name="覃龑", day=None):
    found = items(store, DueKind.CADENCE, name, day, "talk")
    return found[0] if found else None


def test_a_missed_week_is_overdue_with_rule_fact_and_who_answers(store):
    record(store, "覃龑", "2026-11-05")
    found = talk(store)
    assert (found.state, found.due, found.days_over) == (State.OVERDUE, date(2026, 11, 15), 3)
    assert found.why == "每周谈心一次：上次 11月5日，已隔 13 天"
    assert (found.supporter, found.class_words) == ("李国平", "三（1）班")


def test_done_last_week_is_due_this_week_and_done_this_week_next_week(store):
    record(store, "覃龑", "2026-11-12")
    assert (talk(store).state, talk(store).due) == (State.THIS_WEEK, date(2026, 11, 22))
    record(store, "覃龑", "2026-11-16")
    assert (talk(store).state, talk(store).due) == (State.NEXT_WEEK, date(2026, 11, 29))


def test_a_record_in_the_bin_makes_it_due_again(store):
    done = record(store, "覃龑", "2026-11-16")
    with store.action("移到回收站", kind="bin") as action:
        action.soft_delete(CareRecord, done.uuid)
    assert talk(store).state is State.OVERDUE


def test_a_late_entry_counts_for_the_day_it_happened(store):
    record(store, "覃龑", "2026-11-12")
    assert talk(store, day="2026-11-25").due == date(2026, 11, 22)
    assert talk(store, day="2026-11-11").state is State.OVERDUE, (
        "nothing that comes later is known of that day"
    )


def test_a_new_child_is_first_asked_for_in_its_first_full_week(store):
    # Registered on Wednesday 4 November: the week of the 9th is the first.
    assert talk(store, "单永强", "2026-11-05").due == date(2026, 11, 15)
    assert "登记在册" in talk(store, "单永强").fact
    record(store, "单永强", "2026-11-06")
    assert talk(store, "单永强").due == date(2026, 11, 15), (
        "what was done before its first week is no more than early"
    )


def test_holidays_turn_nothing_red(store):
    every_week(store, "覃龑", "2027-01-21")
    assert talk(store, day="2027-02-10") is None
    assert talk(store, day="2027-02-28").due == date(2027, 2, 28)


def test_children_that_left_and_children_in_the_bin_make_nothing_due(store):
    uuid = talk(store).child_uuid
    changes = move_to_bin(store, uuids=[uuid])
    assert not [item for item in due_items(store).items if item.child_uuid == uuid]
    undo(store, changes.action_uuid, by=None)
    assert talk(store) is not None
    with store.action("退出", kind="leave") as action:
        row = store.one("SELECT uuid FROM registration WHERE child_id = ?", (child_id(store, "覃龑"),))
        action.update(Registration, row[0], valid_to="2026-11-10", end_reason="transferred_out")
    assert not [item for item in due_items(store).items if item.child_uuid == uuid]
    assert talk(store, day="2026-11-09") is not None


def test_a_clock_set_back_turns_nothing_green(store, clock):
    record(store, "覃龑", "2026-11-05")
    clock.advance(days=-30)
    assert due_day(store) == date(2026, 11, 18)
    assert talk(store).state is State.OVERDUE


def test_the_schools_own_rules_replace_the_shipped_ones(store):
    write(store, CadenceRule, activity="home_visit", audience="child", times=1, per="month")
    assert talk(store) is None
    assert items(store, DueKind.CADENCE, "覃龑", activity="home_visit")[0].due == date(2026, 9, 30)


@pytest.mark.parametrize(("times", "due"), [(0, None), (2, date(2026, 11, 15))])
def test_a_childs_own_rule_goes_before_the_one_for_all(store, times, due):
    for name in ("2026-11-10", "2026-11-03"):
        record(store, "覃龑", name)
    write(store, CadenceRule, activity="talk", audience="child", times=1, per="week")
    own = {"activity": "talk", "audience": "child", "child": child_id(store, "覃龑"), "per": "week"}
    write(store, CadenceRule, times=times, **own)
    found = talk(store)
    assert (None if found is None else found.due) == due
    assert talk(store, "龙婷").rule == "每周谈心一次"


def test_an_event_asks_for_a_visit_until_a_live_record_closes_it(store):
    event = write(
        store,
        TriggerEvent,
        child=child_id(store, "龙婷"),
        rule_code="low_spirits",
        happened_on="2026-11-12",
        entered_on="2026-11-12",
    )
    (found,) = items(store, DueKind.EVENT)
    assert (found.due, found.state, found.activity) == (date(2026, 11, 17), State.OVERDUE, "home_visit")
    assert found.why == "五必访，5 天内家访：11月12日「情绪不好」"
    visit = record(store, "龙婷", "2026-11-17", "home_visit")
    assert items(store, DueKind.EVENT), "a visit that is not linked closes nothing"
    with store.action("关联", kind="link") as action:
        action.update(TriggerEvent, event.uuid, closed_by=visit)
    assert not items(store, DueKind.EVENT)
    assert items(store, DueKind.EVENT, day="2026-11-16")
    with store.action("移到回收站", kind="bin") as action:
        action.soft_delete(CareRecord, visit.uuid)
    assert items(store, DueKind.EVENT)


def test_a_withdrawn_event_asks_for_nothing(store):
    write(
        store,
        TriggerEvent,
        child=child_id(store, "龙婷"),
        rule_code="unwell",
        happened_on="2026-11-12",
        entered_on="2026-11-12",
        withdrawn_on="2026-11-13",
        withdrawn_note="看错了",
    )
    assert not items(store, DueKind.EVENT)


def test_promises_and_follow_ups_stay_until_kept(store):
    first = record(store, "覃龑", "2026-11-05", follow_up_on="2026-11-16", plan="看看棉鞋买了没有")
    kept = {"child": child_id(store, "覃龑"), "care_record": first, "promised_on": "2026-11-05"}
    promise = write(store, Promise, content="下次带一双棉手套", due_on="2026-11-20", **kept)
    (found,) = items(store, DueKind.PROMISE)
    assert found.why == "承诺：「下次带一双棉手套」，11月5日谈心时答应"
    assert found.state is State.THIS_WEEK
    (follow,) = items(store, DueKind.FOLLOW_UP)
    assert (follow.state, follow.subject_uuid) == (State.OVERDUE, first.uuid)
    second = record(store, "覃龑", "2026-11-18", follows=first)
    assert not items(store, DueKind.FOLLOW_UP)
    with store.action("兑现", kind="keep") as action:
        action.update(Promise, promise.uuid, kept_on="2026-11-18", kept_record=second)
    assert not items(store, DueKind.PROMISE)
    with store.action("移到回收站", kind="bin") as action:
        action.soft_delete(CareRecord, second.uuid)
    assert items(store, DueKind.PROMISE)
    assert items(store, DueKind.FOLLOW_UP)


@pytest.mark.parametrize("leaves", [True, False])
def test_what_was_agreed_to_follow_up_goes_on_with_the_successor(store, leaves):
    """A record stays whose it is; who has handed the child over, or left, does not answer for it any more."""
    record(store, "覃龑", "2026-11-05", follow_up_on="2026-11-19", plan="看看棉鞋买了没有")
    given = {"child": child_id(store, "覃龑"), "supporter": supporter_id(store), "printed_on": "2026-11-16"}
    record(
        store, "覃龑", "2026-11-12", "home_visit"
    )  # nothing asks for a visit: the paper is due back by itself
    write(store, PaperForm, activity="home_visit", code="ABCD2345", batch="b", **given)
    kinds = (DueKind.FOLLOW_UP, DueKind.PAPER_FORM)
    assert [items(store, kind)[0].supporter for kind in kinds] == ["李国平"] * 2
    (leaver,) = store.rows("SELECT uuid FROM supporter")[0]
    add_staff(store, name="周晓燕")
    (to,) = store.rows("SELECT uuid FROM staff WHERE name = '周晓燕'")[0]
    children = [
        row[0] for row in store.rows("SELECT c.uuid FROM pairing p JOIN child c ON c.id = p.child_id")
    ]
    told = {
        line.child: [item.kind for item in line.due]
        for line in hand_over_preview(store, key=leaver, on=store.clock.today()).lines
    }
    assert DueKind.FOLLOW_UP in told["覃龑"]
    hand_over(
        store,
        key=leaver,
        on="2026-11-18",
        successors=dict.fromkeys(children, to),
        leaves=leaves,
        unchecked_reason="新来",
    )
    assert [items(store, kind)[0].supporter for kind in kinds] == ["周晓燕"] * 2
    assert not [item for item in due_items(store).items if item.supporter == "李国平"]


def test_an_event_of_somebody_who_left_without_a_hand_over_is_the_class_teachers(store):
    """Who has left and looks after nobody is asked for nothing: the child's own people are."""
    other = write(store, Supporter, name="外来帮手", identity="volunteer")
    child = child_id(store, "单永强")
    write(store, TriggerEvent, child=child, rule_code="unwell", happened_on="2026-11-12", entered_on="2026-11-12",
          supporter=other)  # fmt: skip
    assert items(store, DueKind.EVENT)[0].supporter == "外来帮手"
    with store.action("离开", kind="test") as action:
        action.update(Supporter, other.uuid, left_on="2026-11-18")
    assert items(store, DueKind.EVENT)[0].supporter == ""


def test_who_left_with_an_open_pair_is_named_no_more_and_the_sheet_of_the_hand_over_still_tells_it(store):
    """Due, promise, follow-up, event and paper name the present supporter, else the head teacher; one list for all."""
    record(store, "覃龑", "2026-11-05", follow_up_on="2026-11-19", plan="看看棉鞋")
    own = {"child": child_id(store, "覃龑"), "supporter": supporter_id(store)}
    write(store, Promise, content="带一双手套", promised_on="2026-11-05", due_on="2026-11-19", **own)
    write(store, TriggerEvent, rule_code="unwell", happened_on="2026-11-12", entered_on="2026-11-12", **own)
    write(store, PaperForm, activity="tutoring", code="ABCD2345", batch="b", printed_on="2026-11-16", **own)
    leaver = items(store, DueKind.PROMISE)[0].supporter_uuid
    (staff,) = store.one("SELECT id FROM staff")
    head = write(store, Staff, name="周晓燕")
    cls = store.one("SELECT id FROM school_class LIMIT 1")[0]
    write(store, ClassTeacher, school_class=cls, staff=head, valid_from="2026-09-01")
    before = hand_over_preview(store, key=leaver, on=store.clock.today())
    with store.action("离开", kind="test") as action:
        action.update(Staff, staff, left_on="2026-11-16")
    of_child = [item for item in due_items(store).items if item.child_name == "覃龑"]
    assert {item.kind for item in of_child} >= {
        DueKind.PROMISE,
        DueKind.FOLLOW_UP,
        DueKind.EVENT,
        DueKind.CADENCE,
    }
    assert {(item.supporter, item.supporter_uuid) for item in of_child} == {("周晓燕", "")}
    told = [as_plain(item) for item in everything_due(store).items]
    assert {one["responsible"] for one in told if one["name"] == "覃龑"} == {"周晓燕"}
    (left,) = items(store, DueKind.SUPPORTER_LEFT)
    assert left.supporter == "李国平"
    after = hand_over_preview(store, key=leaver, on=store.clock.today())
    told = [[(item.kind, item.fact) for item in line.due] for line in after.lines]
    assert told == [[(item.kind, item.fact) for item in line.due] for line in before.lines]
    assert all(told)
    other = write(store, Supporter, staff=head, identity="staff")
    write(
        store,
        PairingRow,
        child=own["child"],
        kind="support_teacher",
        supporter=other,
        valid_from="2026-11-16",
    )
    of_child = [item for item in due_items(store).items if item.child_name == "覃龑"]
    assert {(item.supporter, item.supporter_uuid) for item in of_child} == {("周晓燕", other.uuid)}
    lines = {line.child: line for line in hand_over_preview(store, key=leaver, on=store.clock.today()).lines}
    assert not lines["覃龑"].due, "somebody looks after the child already"


def test_a_head_teacher_who_has_left_is_asked_for_nothing(store):
    """The child has nobody but its class's head teacher, and then nobody at all."""
    staff, cls = (store.one(f"SELECT id FROM {table} LIMIT 1")[0] for table in ("staff", "school_class"))
    write(store, ClassTeacher, school_class=cls, staff=staff, valid_from="2026-09-01")
    assert talk(store, "单永强").supporter == "李国平"
    with store.action("离开", kind="test") as action:
        action.update(Staff, staff, left_on="2026-11-18")
    assert talk(store, "单永强").supporter == ""


def test_a_child_nobody_looks_after_is_named_after_ten_days(store):
    (found,) = items(store, DueKind.UNPAIRED)
    assert (found.child_name, found.due, found.fact) == ("单永强", date(2026, 11, 14), "11月4日登记在册")


def test_a_new_carer_is_visited_within_a_week(store):
    uuid = talk(store).child_uuid
    set_care(store, child_uuid=uuid, kind=CareKind.GRANDPARENTS, since="2026-03-02")
    assert not items(store, DueKind.CARER_CHANGED), "the first carer on file is no change"
    set_care(store, child_uuid=uuid, kind=CareKind.RELATIVES, since="2026-11-14")
    (found,) = items(store, DueKind.CARER_CHANGED)
    assert (found.due, found.activity) == (date(2026, 11, 21), "home_visit")
    record(store, "覃龑", "2026-11-18", "home_visit")
    assert not items(store, DueKind.CARER_CHANGED)


def test_birthdays_come_and_go_by_themselves(store):
    assert [item.state for item in items(store, DueKind.BIRTHDAY)] == [State.NEXT_WEEK] * 3
    assert items(store, DueKind.BIRTHDAY)[0].fact == "11月24日满 9 周岁"
    assert not items(store, DueKind.BIRTHDAY, day="2026-11-25")


def test_checks_run_out_and_who_left_hands_over(store):
    assert items(store, DueKind.CHECK_RENEWAL)[0].fact == "还没有查询过"
    write(store, BackgroundCheck, supporter=supporter_id(store), checked_on="2025-11-25", result="clear")
    (found,) = items(store, DueKind.CHECK_RENEWAL)
    assert (found.due, found.state) == (date(2026, 11, 25), State.NEXT_WEEK)
    with store.action("离开", kind="left") as action:
        action.update(Supporter, supporter_id(store), left_on="2026-11-16")
    assert not items(store, DueKind.CHECK_RENEWAL)
    (left,) = items(store, DueKind.SUPPORTER_LEFT)
    assert (left.fact, left.state) == ("还有 2 名儿童没有交接", State.OVERDUE)


def test_a_teachers_month_and_the_schools_meetings(store):
    write(store, CadenceRule, activity="home_visit", audience="supporter", times=5, per="month")
    write(store, CadenceRule, activity="meeting:parents", audience="school", times=2, per="term")
    record(store, "覃龑", "2026-11-12", "home_visit")
    (found,) = items(store, DueKind.QUOTA, day="2026-11-25")
    assert (found.supporter, found.fact) == ("李国平", "已有 1 次，还差 4 次")
    assert not items(store, DueKind.SCHOOL_DUTY)
    assert items(store, DueKind.SCHOOL_DUTY, day="2027-01-20")[0].fact == "还没有开过家长会"


@pytest.fixture
def form(store):
    """Return the talk form of 龙婷 that was printed in the week before."""
    return write(
        store,
        PaperForm,
        child=child_id(store, "龙婷"),
        code="ABCD2345",
        activity="talk",
        printed_on="2026-11-09",
        batch="b",
    )


def test_a_printed_form_and_the_talk_it_was_printed_for_are_one_thing_to_do(store, form):
    """The line of the talk says that its paper is out; by itself the paper is due when nothing asks for the talk."""
    assert talk(store, "龙婷").form == "ABCD2345"
    assert talk(store, "覃龑").form == ""
    assert not items(store, DueKind.PAPER_FORM)
    done = record(store, "龙婷", "2026-11-17")
    (found,) = items(store, DueKind.PAPER_FORM)
    assert (found.due, found.state, found.form) == (date(2026, 11, 15), State.OVERDUE, "ABCD2345")
    assert found.fact == "11月9日印的谈心单 ABCD 2345 还没有交回"
    assert (talk(store, "龙婷").state, talk(store, "龙婷").form) == (State.NEXT_WEEK, "")
    with store.action("交回", kind="form") as action:
        action.update(PaperForm, form.uuid, care_record=done)
    assert not items(store, DueKind.PAPER_FORM)
    with store.action("移到回收站", kind="bin") as action:
        action.soft_delete(CareRecord, done.uuid)
    assert talk(store, "龙婷").form == "ABCD2345"
    with store.action("作废", kind="form") as action:
        action.update(PaperForm, form.uuid, void_on="2026-11-18", void_reason="请假")
    assert talk(store, "龙婷").form == ""


def test_a_form_is_waited_for_by_everything_its_record_would_settle_and_by_nothing_else(store, form):
    """Of the same child and kind: a follow-up as well as the weekly talk; a promise is not kept by a paper."""
    first = record(store, "龙婷", "2026-11-05", follow_up_on="2026-11-17")
    write(
        store,
        Promise,
        child=child_id(store, "龙婷"),
        content="带一本书",
        promised_on="2026-11-05",
        due_on="2026-11-19",
        care_record=first,
    )
    waits = {(item.kind, item.activity) for item in due_items(store).items if item.form}
    assert waits == {(DueKind.CADENCE, "talk"), (DueKind.FOLLOW_UP, "talk")}
    assert begun_with(items(store, DueKind.FOLLOW_UP)[0]) | {"why": ""} == {
        "child": items(store, DueKind.FOLLOW_UP)[0].child_uuid,
        "why": "",
        "kind": "talk",
        "supporter": items(store, DueKind.FOLLOW_UP)[0].supporter_uuid,
        "follows": first.uuid,
        "paper": "ABCD2345",
    }


def test_an_absence_asks_for_its_next_step_until_it_is_closed(store):
    case = write(
        store,
        Absence,
        child=child_id(store, "龙婷"),
        happened_on="2026-11-12",
        entered_on="2026-11-12",
        reason="tired_of_school",
    )
    (found,) = items(store, DueKind.ABSENCE)
    assert (found.child_name, found.subject_uuid, found.state) == ("龙婷", case.uuid, State.OVERDUE)
    assert found.rule.startswith("控辍保学：")
    with store.action("销号", kind="close") as action:
        action.update(
            Absence, case.uuid, closed_on="2026-11-18", closed_reason="returned", returned_on="2026-11-18"
        )
    assert not items(store, DueKind.ABSENCE)


def test_a_proxy_parent_answers_for_visits_and_not_for_talks(store):
    with store.action("改类别", kind="pair") as action:
        for (uuid,) in store.rows("SELECT uuid FROM pairing"):
            action.update(PairingRow, uuid, kind="proxy_parent")
    assert talk(store).supporter == "", "no head teacher is entered either"
    visit = items(store, DueKind.CADENCE, "覃龑", activity="home_visit")[0]
    assert visit.supporter == "李国平"


def test_the_oldest_stand_first_and_all_know_their_state(store):
    found = due_items(store).items
    assert [item.due for item in found] == sorted(item.due for item in found)
    assert {item.state for item in found} <= set(State)
    assert all(item.due <= date(2026, 11, 29) for item in found)
    assert timedelta(days=1) * max(item.days_over for item in found) == date(2026, 11, 18) - found[0].due


def test_who_was_entered_today_without_a_day_is_asked_from_the_next_full_week_on(store):
    """Somebody who took in her roster this morning is not weeks late: the day of entry stands for an unknown one."""
    add_child(store, draft=ChildDraft(name="向阳", sex=Sex.MALE, class_ref=CLASS, birth_date="2017-11-24"))
    assert store.one("SELECT valid_from FROM registration ORDER BY id DESC LIMIT 1")[0] is None
    assert not [item for item in due_items(store).items if item.child_name == "向阳" and item.days_over > 0]
    later = talk(store, "向阳", day="2026-12-02")
    assert (later.state, later.due) == (State.OVERDUE, date(2026, 11, 29))
    paired = items(store, DueKind.UNPAIRED, "向阳", day="2026-12-20")
    assert [item.fact for item in paired] == ["11月18日登记在册"]


def test_who_is_in_no_class_is_visited_and_not_asked_for_talks_in_school(store):
    """休学、辍学: nobody meets the child in school; a rule of its own asks for more, and the line says which rule it is."""
    uuid = store.one("SELECT uuid FROM child WHERE name = '覃龑'")[0]
    record(store, "覃龑", "2026-09-15", "home_visit")
    assert talk(store) is not None
    suspend(store, child_uuid=uuid, on="2026-11-02")
    assert talk(store) is None
    assert talk(store, "龙婷") is not None
    (visit,) = items(store, DueKind.CADENCE, "覃龑")
    assert visit.activity == "home_visit"
    assert visit.why == "每月家访一次：上次 9月15日，已隔 64 天；不在班，家访照常"
    term = school_calendar(store).term_in_force(date(2026, 11, 18))
    assert set(child_progress(store, term, date(2026, 11, 18))[uuid]) == {"home_visit"}

    ours = {"activity": "talk", "times": 1, "per": Per.WEEK, "since": date(2026, 11, 2)}
    asked = preview_cadence(store, audience=Audience.CHILD, scope=Scope.ALL, **ours)
    assert (asked.people, asked.in_no_class) == (1, 1), "the third is registered two days later"
    set_cadence(store, child_uuid=uuid, **ours)
    assert talk(store).why.endswith("；不在班，谈心按单独为这名儿童定的规则")


@pytest.mark.parametrize(
    ("ended", "day", "stays"),
    [
        ("2026-11", "2026-10-31", True),
        ("2026-11", "2026-11-29", True),
        ("2026-11", "2026-11-30", False),
        ("2026", "2026-12-30", True),
        ("2026", "2026-12-31", False),
    ],
)
def test_who_left_the_ledger_in_a_month_is_off_it_on_its_last_day(store, ended, day, stays):
    """As the counts of the ledger have it: on some day of that month it ended, on the last one at the latest."""
    with store.action("退出", kind="test") as action:
        (row,) = store.one(
            "SELECT r.uuid FROM registration r JOIN child c ON c.id = r.child_id WHERE c.name = '龙婷'"
        )
        action.update(Registration, row, valid_from=None, valid_to=ended)
    on = date.fromisoformat(day)
    assert ("龙婷" in {child.name for child in read_roll(store, on).children.values()}) is stays
    assert {child.name for child in read_roll(store, on).children.values()} == {
        child.name for child in pairing_roll(store, on).values() if child.on_ledger
    }
