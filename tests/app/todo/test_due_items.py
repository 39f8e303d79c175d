"""What the cadences make due over a real ledger: with rule and fact, gone when what they ask for is recorded."""

from datetime import date, timedelta

import pytest

from app.children.codes import Sex
from app.children.drafts import ChildDraft
from app.children.service import add_child
from app.children.service_status import suspend
from app.children.tables import Registration
from app.diary.tables import CareRecord
from app.dossier.service_bin import move_to_bin
from app.pairing.roll import read_roll as pairing_roll
from app.pairing.tables import PairingRow
from app.school.queries import school_calendar
from app.storage.history import undo
from app.todo.codes import Audience, Per, Scope
from app.todo.preview import preview_cadence
from app.todo.progress import child_progress
from app.todo.queries import due_day, due_items
from app.todo.roll import read_roll
from app.todo.rules import DueKind, State
from app.todo.service import set_cadence
from app.todo.tables import CadenceRule
from tests.app.todo.conftest import CLASS, child_id, every_week, items, record, talk, write


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
