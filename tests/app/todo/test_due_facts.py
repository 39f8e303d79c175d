"""What facts make due: a new carer, a birthday, a check that runs out, a printed form, an absence."""

from datetime import date

import pytest

from app.children.codes import CareKind
from app.children.service_care import set_care
from app.diary.tables import Absence, CareRecord, Promise
from app.pairing.tables import BackgroundCheck, Supporter
from app.todo.queries import due_items
from app.todo.rules import DueKind, State
from app.todo.settling import begun_with
from app.todo.tables import CadenceRule, PaperForm
from tests.app.todo.conftest import child_id, items, record, supporter_id, talk, write


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
