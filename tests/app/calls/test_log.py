"""The log: an attempt per child, saved once; what follows from it is written with it and taken back with it."""

import random
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.calls.codes import CallMedium, Mood, Outcome
from app.calls.log import call_entry, log_of_child, log_of_day
from app.calls.log_drafts import LogDraft, for_siblings
from app.calls.log_effects import WITHDRAWN, failed_run
from app.calls.log_numbers import Tried, tried_again
from app.calls.log_today import dials, next_contact, todays_list
from app.calls.service_log import change_call, remove_call, remove_lines, save_calls
from app.calls.tables import PlannedCallRow
from app.children.codes import Relation
from app.children.drafts import PersonDraft
from app.children.service import change_field
from app.children.service_family import add_phone, confirm_phone, link_person
from app.diary.codes import Activity
from app.diary.drafts import PromiseDraft, RecordDraft, draft_uuid
from app.diary.open_items import events, open_events, open_promises, promises
from app.diary.service import save_record
from app.diary.service_events import report_event
from app.dossier.service_bin import move_to_bin, restore_from_bin
from app.dossier.service_merge import merge_people
from app.school.handover import handovers
from app.school.limits import Limit, set_limit
from app.storage.history import undo
from app.storage.store import Store
from app.tasks.calls_log import show_numbers
from app.todo.service_events import end_event_rule
from tests.app.calls.conftest import refused

TODAY = "2026-11-21"
FRIDAY, FRIDAY_BEFORE = "2026-11-20", "2026-11-13"


@pytest.fixture
def call(store, who):
    """Return a function that saves one attempt for 罗诗涵 on Friday, or what it is told, and returns the draft."""

    def save(**known) -> LogDraft:
        values = {
            "uuid": draft_uuid(),
            "child_uuid": who.children["罗诗涵"],
            "happened_on": FRIDAY,
            "outcome": Outcome.NO_ANSWER,
            "person_uuid": who.people["罗大勇"],
        }
        draft = LogDraft(**{**values, **known})
        save.changes = save_calls(store, drafts=(draft,))
        return draft

    return save


def number_of(store, name):
    return store.rows(
        "SELECT f.confirmed_on, f.result FROM phone f JOIN person p ON p.id = f.person_id WHERE p.name = ?",
        (name,),
    )[0]


def visits(store):
    return [(one.happened_on, one.note) for one in open_events(store) if one.rule_code == "calls_failed"]


def test_the_same_draft_twice_is_one_row_and_everything_in_it_comes_back(store, who, call):
    draft = call(
        outcome=Outcome.CONNECTED,
        started="16：05",
        minutes=3,
        line_uuid=who.lines["活动室座机"],
        staff_uuid=who.staff["李国平"],
        mood=Mood.HAPPY,
        said=" 爸爸说过年回来 ",
        promise=PromiseDraft(content="过年回来", due_on="2027-02-01"),
        note="信号不好",
    )
    assert not save_calls(store, drafts=(draft,))
    (entry,) = log_of_day(store, FRIDAY)
    assert (entry.child_name, entry.class_name, entry.who, entry.relation) == (
        "罗诗涵",
        "三（1）班",
        "罗大勇",
        "父亲",
    )
    assert (entry.started, entry.minutes, entry.line_name, entry.staff_name) == (
        "16:05",
        3,
        "活动室座机",
        "李国平",
    )
    assert (entry.said, entry.mood, entry.promise) == ("爸爸说过年回来", Mood.HAPPY, "过年回来")
    assert not save_calls(store, drafts=(entry.draft,))  # what a form is given to change says the same
    (promise,) = open_promises(store)
    assert (promise.promised_on, promise.due_on, promise.supporter_name) == (FRIDAY, "2027-02-01", "李国平")
    assert call.changes.areas == {"calls", "todo", "diary", "children"}
    assert who.children["罗诗涵"] in call.changes.uuids


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("call_log.future", {"happened_on": "2026-11-22"}),
        ("diary.day", {"happened_on": "2026-11"}),
        ("call_log.clock", {"started": "25:00"}),
        ("call_log.minutes", {"minutes": 241}),
        ("call_log.person", {"person_uuid": "nobody"}),
        ("call_log.line", {"line_uuid": "no line"}),
        ("call_log.staff", {"staff_uuid": "no teacher"}),
        ("call_log.planned", {"planned_uuid": "no plan"}),
        ("child.unknown", {"child_uuid": "no child"}),
        ("promise.blank", {"promise": PromiseDraft(content=" ")}),
        ("promise.due_early", {"promise": PromiseDraft(content="打电话", due_on="2026-11-01")}),
        ("call_log.moment", {"outcome": Outcome.RESCHEDULED, "rescheduled_to": "下周"}),
        ("call_log.moment_early", {"outcome": Outcome.RESCHEDULED, "rescheduled_to": "2026-11-19 16:00"}),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_written(store, call, key, wrong):
    before = store.commit_no
    with refused(key):
        call(**wrong)
    assert store.commit_no == before
    assert log_of_day(store, FRIDAY) == ()


def test_one_bad_line_keeps_the_whole_session_out(store, who):
    good = LogDraft(
        uuid=draft_uuid(), child_uuid=who.children["罗诗涵"], happened_on=FRIDAY, outcome=Outcome.CONNECTED
    )
    bad = LogDraft(
        uuid=draft_uuid(),
        child_uuid=who.children["张伟"],
        happened_on=FRIDAY,
        outcome=Outcome.CONNECTED,
        minutes=999,
    )
    with refused("call_log.minutes"):
        save_calls(store, drafts=(good, bad))
    with refused("call_log.nothing"):
        save_calls(store, drafts=())
    assert log_of_day(store, FRIDAY) == ()


def test_brothers_and_sisters_share_a_call_and_keep_their_own_words(store, who):
    first = LogDraft(
        uuid=draft_uuid(),
        child_uuid=who.children["谭晓东"],
        happened_on=FRIDAY,
        outcome=Outcome.CONNECTED,
        person_uuid=who.people["田秀莲"],
        said="想吃妈妈做的饭",
        mood=Mood.LOW,
    )
    drafts = for_siblings(first, [(who.children["谭小兰"], None)])
    changes = save_calls(store, drafts=drafts)
    assert changes.words.startswith("记了 2 名儿童的亲情电话")
    both = log_of_day(store, FRIDAY)
    assert {one.draft.occasion for one in both} == {first.uuid}
    assert {(one.child_name, one.said) for one in both} == {("谭晓东", "想吃妈妈做的饭"), ("谭小兰", None)}
    assert not save_calls(store, drafts=drafts)


@pytest.mark.parametrize(
    ("outcome", "result"),
    [
        (Outcome.CONNECTED, "reached"),
        (Outcome.LANGUAGE, "reached"),
        (Outcome.NO_ANSWER, "no_answer"),
        (Outcome.STOPPED, "stopped"),
        (Outcome.WRONG_NUMBER, "wrong_number"),
    ],
)
def test_what_came_of_a_call_is_written_to_the_number_and_taken_back_with_it(store, call, outcome, result):
    was = number_of(store, "罗大勇")
    draft = call(outcome=outcome)
    assert number_of(store, "罗大勇") == (FRIDAY, result)
    change_call(store, draft=LogDraft(**{**fields(draft), "outcome": Outcome.CHILD_ABSENT}))
    assert number_of(store, "罗大勇") == was
    change_call(store, draft=draft)
    assert number_of(store, "罗大勇") == (FRIDAY, result)
    remove_call(store, uuid=draft.uuid)
    assert number_of(store, "罗大勇") == was


def fields(draft):
    return {name: getattr(draft, name) for name in draft.__struct_fields__}


def test_a_number_known_better_since_is_left_alone(store, who, call):
    call(outcome=Outcome.CONNECTED)
    call(happened_on=FRIDAY_BEFORE, outcome=Outcome.WRONG_NUMBER)
    assert number_of(store, "罗大勇") == (FRIDAY, "reached")
    late = call(outcome=Outcome.NO_ANSWER, happened_on=TODAY)
    assert number_of(store, "罗大勇") == (FRIDAY, "reached"), "that nobody answered confirms nothing"
    call(outcome=Outcome.CONNECTED, happened_on=TODAY)
    remove_call(store, uuid=late.uuid)
    assert number_of(store, "罗大勇") == (TODAY, "reached")


def test_who_tried_it_by_hand_since_is_not_overwritten_by_a_call_that_goes(store, call):
    wrong = call(happened_on=FRIDAY_BEFORE, outcome=Outcome.WRONG_NUMBER)
    phone = store.rows("SELECT uuid FROM phone WHERE number = '13600000002'")[0][0]
    confirm_phone(store, phone_uuid=phone, on="2026-11-18")
    remove_call(store, uuid=wrong.uuid)
    assert number_of(store, "罗大勇") == ("2026-11-18", "reached")
    call(outcome=Outcome.STOPPED)
    assert number_of(store, "罗大勇") == (FRIDAY, "stopped")


def test_of_two_numbers_only_the_one_that_was_dialled_is_marked(store, who, call):
    first = store.rows("SELECT uuid FROM phone WHERE number = '13600000002'")[0][0]
    add_phone(store, person_uuid=who.people["罗大勇"], number="13700000002")
    second = store.rows("SELECT uuid FROM phone WHERE number = '13700000002'")[0][0]
    call(outcome=Outcome.CONNECTED, phone_uuid=first)
    stopped = call(outcome=Outcome.STOPPED, phone_uuid=second)
    results = "SELECT number, result FROM phone WHERE number LIKE '13_00000002' ORDER BY number"
    assert store.rows(results) == [("13600000002", "reached"), ("13700000002", "stopped")]
    remove_call(store, uuid=stopped.uuid)
    assert store.rows(results) == [("13600000002", "reached"), ("13700000002", None)]


@pytest.fixture
def two_numbers(store, who):
    """Give 罗大勇 a second number; return uuid of both and a function that says what is known of each."""
    add_phone(store, person_uuid=who.people["罗大勇"], number="13700000002")
    numbers = ("13600000002", "13700000002")
    uuids = [store.rows("SELECT uuid FROM phone WHERE number = ?", (one,))[0][0] for one in numbers]

    def known():
        sql = "SELECT confirmed_on, result FROM phone WHERE number LIKE '13_00000002' ORDER BY number"
        return store.rows(sql)

    return (*uuids, known)


def test_a_corrected_call_speaks_of_the_number_that_was_dialled_then(store, call, two_numbers):
    first, second, known = two_numbers
    stopped = call(outcome=Outcome.STOPPED, phone_uuid=second)
    entry = call_entry(store, stopped.uuid)
    assert entry.draft.phone_uuid == second
    for phone in (second, first, None):  # a form offers the number that is best by now
        change_call(store, draft=replace(entry.draft, outcome=Outcome.WRONG_NUMBER, phone_uuid=phone))
        assert known() == [(None, None), (FRIDAY, "wrong_number")]


def test_two_numbers_of_one_session_are_not_taken_for_each_other(store, who, two_numbers):
    first, second, known = two_numbers
    one = LogDraft(
        uuid=draft_uuid(),
        child_uuid=who.children["罗诗涵"],
        happened_on=FRIDAY,
        outcome=Outcome.STOPPED,
        person_uuid=who.people["罗大勇"],
        phone_uuid=first,
    )
    other = replace(one, uuid=draft_uuid(), outcome=Outcome.CONNECTED, phone_uuid=second)
    save_calls(store, drafts=(one, other))
    assert known() == [(FRIDAY, "stopped"), (FRIDAY, "reached")]
    change_call(store, draft=replace(one, outcome=Outcome.WRONG_NUMBER))
    assert known() == [(FRIDAY, "wrong_number"), (FRIDAY, "reached")]


def test_a_call_that_found_nothing_new_counts_when_the_other_goes(store, call, two_numbers):
    first, _, known = two_numbers
    last = call(outcome=Outcome.STOPPED, phone_uuid=first)
    call(outcome=Outcome.STOPPED, phone_uuid=first, happened_on=FRIDAY_BEFORE)
    remove_call(store, uuid=last.uuid)
    assert known() == [(FRIDAY_BEFORE, "stopped"), (None, None)]


def test_what_was_dialled_counts_for_the_number_that_stays_when_two_grown_ups_become_one(store, who, call):
    twin = PersonDraft(relation=Relation.OTHER_RELATIVE, name="罗勇", phones=("13600000002",))
    link_person(store, child_uuid=who.children["罗诗涵"], draft=twin)
    ((drop,),) = store.rows("SELECT uuid FROM person WHERE name = '罗勇'")
    made = call(outcome=Outcome.STOPPED, person_uuid=drop)
    merge_people(store, keep_uuid=who.people["罗大勇"], drop_uuid=drop)
    live = "SELECT confirmed_on, result FROM phone WHERE number = '13600000002' AND deleted_at IS NULL"
    assert len(store.rows(live)) == 1
    entry = call_entry(store, made.uuid)
    assert entry.draft.person_uuid == who.people["罗大勇"]
    change_call(store, draft=replace(entry.draft, outcome=Outcome.WRONG_NUMBER))
    assert store.rows(live) == [(FRIDAY, "wrong_number")]


def test_a_sister_that_found_the_same_keeps_the_mark(store, who):
    first = LogDraft(
        uuid=draft_uuid(),
        child_uuid=who.children["谭晓东"],
        happened_on=FRIDAY,
        outcome=Outcome.STOPPED,
        person_uuid=who.people["田秀莲"],
    )
    drafts = for_siblings(first, [(who.children["谭小兰"], None)])
    changes = save_calls(store, drafts=drafts)
    assert "号码记为停机，待核实" in changes.words
    assert {who.children[name] for name in ("谭晓东", "谭小兰")} <= changes.uuids
    remove_call(store, uuid=drafts[0].uuid)
    assert number_of(store, "田秀莲")[1] == "stopped"
    remove_call(store, uuid=drafts[1].uuid)
    assert number_of(store, "田秀莲")[1] is None


def test_a_visit_falls_due_after_two_days_without_anybody_and_once_only(store, call):
    call(happened_on=FRIDAY_BEFORE, outcome=Outcome.STOPPED)
    assert visits(store) == []
    call()
    assert visits(store) == [(FRIDAY, "连续 2 次没打通：2026-11-13 停机、2026-11-20 无人接")]
    assert "连续 2 次没打通，7 天内家访" in call.changes.words
    call(happened_on=TODAY)
    assert len(visits(store)) == 1


def test_two_numbers_on_one_day_are_one_time_and_what_is_not_the_family_does_not_count(store, call):
    call()
    call(outcome=Outcome.LANGUAGE)
    call(happened_on="2026-11-18", outcome=Outcome.CHILD_ABSENT)
    call(happened_on="2026-11-19", outcome=Outcome.LINE_DOWN)
    assert visits(store) == []
    call(happened_on=FRIDAY_BEFORE)
    assert len(visits(store)) == 1


def test_a_call_that_got_through_ends_the_row_and_a_correction_takes_the_visit_back(store, call):
    first = call(happened_on=FRIDAY_BEFORE)
    call()
    assert len(visits(store)) == 1
    changes = change_call(store, draft=LogDraft(**{**fields(first), "outcome": Outcome.CONNECTED}))
    assert visits(store) == []
    assert "已撤回" in changes.words
    (event,) = events(store, "e.rule_code = 'calls_failed'", ())
    assert event.withdrawn_note == WITHDRAWN
    change_call(store, draft=first)  # it was no answer after all
    assert len(visits(store)) == 1


def test_a_visit_that_was_made_stays_made_and_counting_begins_anew(store, who, call):
    first = call(happened_on="2026-11-06")
    call(happened_on=FRIDAY_BEFORE)
    (event,) = open_events(store)
    visit = RecordDraft(
        uuid=draft_uuid(),
        children=(who.children["罗诗涵"],),
        kind=Activity.HOME_VISIT,
        happened_on="2026-11-16",
        content="电话换了，奶奶给了新号码",
        closes=(event.uuid,),
    )
    save_record(store, draft=visit)
    remove_call(store, uuid=first.uuid)
    (event,) = events(store, "e.rule_code = 'calls_failed'", ())
    assert (event.record_uuid, event.withdrawn_on) == (visit.uuid, None)
    thursday = call(happened_on="2026-11-19")
    assert visits(store) == []
    call()
    assert [day for day, _ in visits(store)] == [FRIDAY]
    remove_call(store, uuid=thursday.uuid)  # one time since the visit is not two in a row
    assert visits(store) == []


def test_what_a_teacher_reported_is_not_taken_back_by_the_log(store, who, call):
    report_event(
        store,
        child_uuid=who.children["罗诗涵"],
        rule_code="calls_failed",
        happened_on="2026-11-19",
        note="听说的",
    )
    call(outcome=Outcome.CONNECTED)
    assert visits(store) == [("2026-11-19", "听说的")]


def test_that_nobody_answers_says_nothing_against_a_number_that_is_stopped(store, call):
    call(happened_on=FRIDAY_BEFORE, outcome=Outcome.STOPPED)
    call()
    assert number_of(store, "罗大勇") == (FRIDAY_BEFORE, "stopped")
    call(happened_on=TODAY, outcome=Outcome.CONNECTED)
    assert number_of(store, "罗大勇") == (TODAY, "reached")


def test_the_rule_and_the_number_are_the_schools_own(store, call):
    set_limit(store, code=Limit.FAILED_CALLS_IN_A_ROW, number=3, since=date(2026, 9, 1))
    call(happened_on=FRIDAY_BEFORE)
    call(happened_on="2026-11-16")
    assert visits(store) == []
    end_event_rule(store, code="calls_failed", since=date(2026, 11, 17))
    call()
    assert visits(store) == []


def test_a_promise_goes_and_comes_with_its_call(store, call):
    draft = call(outcome=Outcome.CONNECTED, promise=PromiseDraft(content="周末打回来"))
    without = LogDraft(**{**fields(draft), "promise": None})
    change_call(store, draft=without)
    assert open_promises(store) == ()
    change_call(store, draft=draft)
    assert [one.content for one in open_promises(store)] == ["周末打回来"]
    assert any("承诺" in line for line in remove_lines(store, draft.uuid))
    removed = remove_call(store, uuid=draft.uuid)
    assert open_promises(store) == ()
    undo(store, removed.action_uuid, by=None)
    assert [one.content for one in open_promises(store)] == ["周末打回来"]
    assert call_entry(store, draft.uuid) is not None


def test_what_was_promised_to_both_is_open_for_each_until_a_record_of_both_keeps_it(store, who):
    both = [who.children["谭晓东"], who.children["谭小兰"]]
    first = LogDraft(
        uuid=draft_uuid(),
        child_uuid=both[0],
        happened_on=FRIDAY,
        outcome=Outcome.CONNECTED,
        promise=PromiseDraft(content="过年回来", due_on="2027-02-05"),
    )
    drafts = for_siblings(first, [(both[1], None)])
    save_calls(store, drafts=drafts)
    assert not save_calls(store, drafts=for_siblings(first, [(both[1], None)]))
    promised = {one.child_uuid: one for one in open_promises(store)}
    assert [(promised[uuid].content, promised[uuid].due_on) for uuid in both] == [
        ("过年回来", "2027-02-05")
    ] * 2
    visit = RecordDraft(
        uuid=draft_uuid(),
        children=tuple(both),
        kind=Activity.TALK,
        happened_on=TODAY,
        content="妈妈提前回来了",
        kept=(promised[both[0]].uuid,),
    )
    save_record(store, draft=visit)
    assert [one.child_uuid for one in open_promises(store)] == [both[1]], "kept for one is not kept for both"
    save_record(store, draft=replace(visit, kept=tuple(one.uuid for one in promised.values())))
    assert open_promises(store) == ()
    remove_call(store, uuid=drafts[1].uuid)
    assert [one.child_uuid for one in promises(store)] == [both[0]]


def test_undoing_a_session_takes_back_all_that_followed(store, who, call):
    call(happened_on=FRIDAY_BEFORE)
    was = number_of(store, "罗大勇")
    call(outcome=Outcome.STOPPED)
    assert len(visits(store)) == 1
    undo(store, call.changes.action_uuid, by=None)
    assert visits(store) == []
    assert number_of(store, "罗大勇") == was
    assert log_of_day(store, FRIDAY) == ()


def test_written_down_late_the_mark_stays(store, call):
    call(happened_on="2026-11-03", outcome=Outcome.CONNECTED)
    (entry,) = log_of_day(store, "2026-11-03")
    assert (entry.entered_on, entry.late_words) == (TODAY, "补录（18 天）")


# ---- the list of a day ----------------------------------------------------------------------------------------------


@pytest.fixture
def plan(store, who):
    """Return a function that puts a child into a slot of the room phone on Friday."""

    def put(name, starts, ends, *, occasion=None, place=0, person=None, day=FRIDAY) -> str:
        ids = {
            table: store.rows(f"SELECT id FROM {table} WHERE uuid = ?", (uuid,))[0][0]
            for table, uuid in (
                ("child", who.children[name]),
                ("call_line", who.lines["活动室座机"]),
                ("person", who.people[person] if person else ""),
            )
            if uuid
        }
        with store.action("排一个电话", kind="test") as action:
            key = action.insert(
                PlannedCallRow,
                child=ids["child"],
                call_line=ids["call_line"],
                person=ids.get("person"),
                day=day,
                starts=starts,
                ends=ends,
                place=place,
                occasion=occasion or draft_uuid(),
                medium=CallMedium.PHONE.value,
                origin="planner",
            )
        return key.uuid

    return put


def test_the_list_of_a_day_is_in_dial_order_with_whom_to_try(store, who, plan):
    plan("罗诗涵", "12:40", "12:50")
    shared = draft_uuid()
    plan("谭晓东", "12:20", "12:30", occasion=shared)
    plan("谭小兰", "12:20", "12:30", occasion=shared, place=1)
    plan("向阳", "12:30", "12:40")
    found = todays_list(store, date(2026, 11, 20))
    assert [one.child_name for one in found] == ["谭晓东", "谭小兰", "向阳", "罗诗涵"]
    tan, _, xiang, luo = found
    assert (tan.next.who, tan.next.masked) == (
        "田秀莲",
        "136****0001",
    )  # the grandmother speaks dialect only: later
    assert tan.dials[-1].dialect_only
    assert xiang.next is None  # nobody wrote a number down
    assert luo.next.relation == "父亲"
    assert "13600000002" not in repr(found)


def test_not_through_is_the_next_contact_and_what_is_done_is_done(store, who, plan, call):
    planned = plan("谭晓东", "12:20", "12:30", person="田秀莲")
    known = {"child_uuid": who.children["谭晓东"], "planned_uuid": planned}
    call(**known, person_uuid=who.people["田秀莲"])
    (line,) = todays_list(store, date(2026, 11, 20))
    assert (line.outcome, line.done, line.next.who) == (Outcome.NO_ANSWER, False, "向妹")
    assert next_contact(store, child_uuid=who.children["谭晓东"], day=date(2026, 11, 20)).who == "向妹"
    call(**known, person_uuid=who.people["向妹"], outcome=Outcome.LANGUAGE)
    (line,) = todays_list(store, date(2026, 11, 20))
    assert (line.next, line.done) == (None, False)
    call(**known, person_uuid=who.people["田秀莲"], outcome=Outcome.CONNECTED)
    (line,) = todays_list(store, date(2026, 11, 20))
    assert (line.outcome, line.done, len(line.entries)) == (Outcome.CONNECTED, True, 3)


def test_a_call_put_off_to_a_day_stands_on_its_list_until_it_was_made(store, who, call):
    call(happened_on=FRIDAY_BEFORE, outcome=Outcome.RESCHEDULED, rescheduled_to=f"{FRIDAY} 19:30")
    (line,) = todays_list(store, date(2026, 11, 20))
    assert (line.child_name, line.starts, line.planned_uuid) == ("罗诗涵", "19:30", None)
    call(happened_on="2026-11-16", outcome=Outcome.CONNECTED)
    assert todays_list(store, date(2026, 11, 20)) == ()


def test_a_plan_of_another_day_or_child_is_not_the_plan_of_this_call(store, who, plan, call):
    planned = plan("谭晓东", "12:20", "12:30", day="2026-11-19")
    with refused("call_log.planned"):
        call(planned_uuid=planned)
    with refused("call_log.planned_day"):
        call(child_uuid=who.children["谭晓东"], planned_uuid=planned)


def test_numbers_are_shown_only_with_an_entry_in_the_hand_over_log(store, who):
    (first, *_) = dials(store, child_uuid=who.children["罗诗涵"], day=date(2026, 11, 20))
    assert show_numbers(store, phone_uuids=[first.phone_uuid], by="李国平") == {
        first.phone_uuid: "13600000002"
    }
    (entry,) = handovers(store)
    assert (entry.people, entry.who) == (1, "李国平")
    assert show_numbers(store, phone_uuids=["nobody's"]) == {}
    assert len(handovers(store)) == 1


def test_a_clock_set_back_refuses_no_call_of_the_day_of_the_last_save(store, tmp_path, clock, call):
    call(happened_on=TODAY)
    clock.advance(days=-3)
    draft = call(happened_on=TODAY, outcome=Outcome.CONNECTED)
    entry = call_entry(store, draft.uuid)
    assert entry.entered_on == TODAY


def test_a_row_of_failures_is_counted_by_days():
    found = failed_run(
        [
            ("2026-11-02", 1, "connected"),
            ("2026-11-03", 2, "no_answer"),
            ("2026-11-03", 3, "stopped"),
            ("2026-11-05", 4, "child_absent"),
            ("2026-11-09", 5, "language"),
        ]
    )
    assert [(one.day, one.call_id) for one in found] == [("2026-11-03", 3), ("2026-11-09", 5)]
    assert failed_run([("2026-11-03", 2, "no_answer"), ("2026-11-03", 3, "connected")]) == ()


def test_the_log_of_a_child_is_newest_first(store, who, call):
    for day in (FRIDAY_BEFORE, FRIDAY, "2026-11-16"):
        call(happened_on=day, outcome=Outcome.CONNECTED)
    assert [one.happened_on for one in log_of_child(store, who.children["罗诗涵"])] == [
        FRIDAY,
        "2026-11-16",
        FRIDAY_BEFORE,
    ]


def test_what_was_saved_is_there_after_opening_again(store, tmp_path, call):
    draft = call(outcome=Outcome.CONNECTED)
    store.close()
    from app.core.clock import FixedClock

    with Store.open(tmp_path / "守望.db", clock=FixedClock(datetime(2026, 11, 22, 8))) as again:
        entry = call_entry(again, draft.uuid)
        assert entry.draft == replace(draft, phone_uuid=entry.draft.phone_uuid)


OUTCOMES = tuple(Outcome)
STEPS = st.lists(
    st.tuples(st.sampled_from(["save", "change", "remove"]), st.integers(1, 12), st.sampled_from(OUTCOMES)),
    max_size=9,
)


ROW_THAT_A_LATER_CALL_ENDED = [
    ("save", 1, Outcome.NO_ANSWER),
    ("save", 2, Outcome.NO_ANSWER),
    ("save", 3, Outcome.CONNECTED),
]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(steps=ROW_THAT_A_LATER_CALL_ENDED, order=random.Random(0))
@given(steps=STEPS, order=st.randoms(use_true_random=False))
def test_whatever_the_order_the_number_and_the_visit_say_what_the_calls_on_file_say(store, who, steps, order):
    """Saved, changed and removed in any order: what follows is that of the calls on file, and nothing when there are none."""
    child, father = who.children["罗诗涵"], who.people["罗大勇"]
    live: dict[str, LogDraft] = {}
    for entry in log_of_child(store, child):  # what an example that failed left
        remove_call(store, uuid=entry.uuid)
    untouched = number_of(store, "罗大勇")
    for what, day, outcome in steps:
        known = order.choice(sorted(live)) if live else None
        draft = LogDraft(
            uuid=draft_uuid() if what == "save" or known is None else known,
            child_uuid=child,
            happened_on=f"2026-11-{day:02}",
            outcome=outcome,
            person_uuid=father,
        )
        if what == "remove" and known is not None:
            remove_call(store, uuid=known)
            del live[known]
        else:
            save_calls(store, drafts=(draft,))
            live[draft.uuid] = draft
        in_order = [call_entry(store, uuid) for uuid in live]
        state = Tried(*untouched)
        for entry in sorted(in_order, key=lambda one: (one.happened_on, one.id)):
            state = tried_again(state, entry.happened_on, entry.outcome)
        assert number_of(store, "罗大勇") == (state.day, state.result and state.result.value)
        attempts = sorted((one.happened_on, one.id, one.outcome.value) for one in in_order)
        for due, _ in visits(store):  # also one whose row a later call ended: only a record closes it
            run = failed_run(attempts, until=due)
            assert len(run) >= 2
            assert run[-1].day == due
    left = sorted(live)
    order.shuffle(left)
    for uuid in left:
        remove_call(store, uuid=uuid)
    assert number_of(store, "罗大勇") == untouched
    assert visits(store) == []


def test_what_belongs_to_another_or_is_gone_is_refused(store, who, call):
    promise = PromiseDraft(content="周末打回来")
    draft = call(outcome=Outcome.CONNECTED, promise=promise)
    mothers = store.rows("SELECT uuid FROM phone WHERE number = '13600000001'")[0][0]
    with refused("call_log.phone"):
        call(phone_uuid=mothers)
    with refused("call_log.promise_child"):
        call(child_uuid=who.children["张伟"], promise=promise)
    other = LogDraft(**{**fields(draft), "child_uuid": who.children["张伟"]})
    for write in (lambda: change_call(store, draft=other), lambda: save_calls(store, drafts=(other,))):
        with refused("call_log.other_child"):
            write()
    known = call_entry(store, draft.uuid).draft
    assert known == replace(draft, phone_uuid=known.phone_uuid)
    remove_call(store, uuid=draft.uuid)
    for write in (
        lambda: change_call(store, draft=draft),
        lambda: save_calls(store, drafts=(draft,)),
        lambda: remove_call(store, uuid=draft.uuid),
        lambda: remove_lines(store, draft.uuid),
    ):
        with refused("call_log.unknown"):
            write()


def test_a_child_in_the_bin_is_in_no_list_and_comes_back_with_its_calls(store, who, plan, call):
    planned = plan("罗诗涵", "12:20", "12:30")
    call(planned_uuid=planned, outcome=Outcome.CONNECTED)
    move_to_bin(store, uuids=(who.children["罗诗涵"],))
    assert todays_list(store, date(2026, 11, 20)) == ()
    assert log_of_day(store, FRIDAY) == ()
    restore_from_bin(store, uuids=(who.children["罗诗涵"],))
    (line,) = todays_list(store, date(2026, 11, 20))
    assert (line.done, len(log_of_day(store, FRIDAY))) == (True, 1)


def test_a_call_before_the_child_was_born_is_refused(store, who, call):
    change_field(store, uuid=who.children["罗诗涵"], field="birth_date", value="2016-03")
    with refused("call_log.before_birth"):
        call(happened_on="2016-02-29")
    assert log_of_child(store, who.children["罗诗涵"]) == ()
    call(happened_on="2016-03-01")  # of the month only the month is known: that day may be
    assert len(log_of_child(store, who.children["罗诗涵"])) == 1
