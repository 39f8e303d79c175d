"""Days and facts at the edge: a month that is not over, a partial day, a check that found something."""

from datetime import date

import pytest

from app.children.codes import Sex
from app.children.drafts import ChildDraft
from app.children.service import add_child
from app.children.tables import Away, Enrolment, Kinship, Person
from app.diary.case_parts import child_heads
from app.diary.tables import Absence
from app.pairing.tables import BackgroundCheck
from app.school.queries import all_classes
from app.school.service import add_staff
from app.school.service_classes import set_class_teacher
from app.todo.cadences import cadences
from app.todo.queries import due_items
from app.todo.rules import DueKind, State
from app.todo.tables import CadenceRule
from tests.app.todo.conftest import CLASS, child_id, supporter_id, write


def items(store, kind, day):
    return [item for item in due_items(store, date.fromisoformat(day)).items if item.kind is kind]


def away(store, expected):
    father = write(store, Person, name="覃大山")
    write(store, Kinship, child=child_id(store, "覃龑"), person=father, relation="father")
    write(
        store,
        Away,
        person=father,
        state="out",
        valid_from="2026-03-01",
        expected_return=expected,
        place="东莞",
    )


@pytest.mark.parametrize("expected", ["2026-11-28", "2026-11"])
def test_who_is_expected_home_late_in_the_month_waits_for_its_week(store, expected):
    """Before its month nothing is said of it; in the month it stands among 本月返乡, then it is due, then overdue."""
    away(store, expected)
    assert not items(store, DueKind.HOMECOMING, "2026-10-30")
    (later,) = items(store, DueKind.HOMECOMING, "2026-11-02")
    assert later.state is State.THIS_MONTH
    (near,) = items(store, DueKind.HOMECOMING, "2026-11-23")
    assert near.state in {State.THIS_WEEK, State.NEXT_WEEK}
    (late,) = items(store, DueKind.HOMECOMING, "2026-12-03")
    assert late.state is State.OVERDUE


def test_a_check_that_found_something_is_due_at_once(store):
    """查到记录 settles nothing: who looks after children in spite of it is named at once, whenever it was found."""
    write(store, BackgroundCheck, supporter=supporter_id(store), checked_on="2026-11-16", result="found")
    (found,) = items(store, DueKind.CHECK_RENEWAL, "2026-11-18")
    assert (found.state, found.due) == (State.OVERDUE, date(2026, 11, 16))
    assert "查到记录" in found.fact


def test_for_an_absent_pupil_off_the_ledger_the_head_teacher_answers(store):
    add_child(store, draft=ChildDraft(name="覃晓雨", sex=Sex.FEMALE, class_ref=CLASS, registered=False))
    add_staff(store, name="韦桂花")
    (staff,) = store.one("SELECT uuid FROM staff WHERE name = '韦桂花'")
    (led,) = all_classes(store, date(2026, 11, 18))
    set_class_teacher(store, class_uuid=led.uuid, staff_uuid=staff, since=date(2026, 9, 1))
    day = "2026-11-12"
    write(store, Absence, child=child_id(store, "覃晓雨"), happened_on=day, entered_on=day)
    (found,) = items(store, DueKind.ABSENCE, "2026-11-18")
    assert (found.child_name, found.class_words, found.supporter) == ("覃晓雨", led.name, "韦桂花")


def test_who_left_a_class_in_a_month_is_in_it_until_the_month_is_over(store):
    """A date without its day is a month, not a text before all of its days."""
    key = child_id(store, "覃龑")
    uuid = store.one("SELECT uuid FROM enrolment WHERE child_id = ?", (key,))[0]
    with store.action("离开班级", kind="test") as action:
        action.update(Enrolment, uuid, valid_to="2026-11", end_reason="transferred_out")
    assert child_heads(store, date(2026, 11, 18), ids=[key])[key].class_name
    assert not child_heads(store, date(2026, 11, 30), ids=[key])[key].class_name
    assert key in child_heads(store, date(2026, 11, 18))


def test_a_rule_that_ends_in_a_month_holds_until_it_is_over(store):
    rule = {"activity": "talk", "audience": "child", "scope": "all", "times": 1, "per": "week"}
    write(store, CadenceRule, **rule, valid_from="2026-09", valid_to="2026-11")
    assert len(cadences(store, date(2026, 9, 1))) == 1
    assert len(cadences(store, date(2026, 11, 18))) == 1
    assert not cadences(store, date(2026, 11, 30))
