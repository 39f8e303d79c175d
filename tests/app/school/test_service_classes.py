"""Classes come into being from rosters and by 新生入学; teachers and head counts belong to them."""

from datetime import date

import pytest

from app.core.errors import UserError
from app.school.codes import ClosedReason, Stage
from app.school.queries import (
    all_classes,
    class_teachers,
    classes,
    classes_left_by_teachers,
    find_class,
    graduation_candidates,
    head_counts,
    school_calendar,
    staff,
)
from app.school.rules import ClassRef, ClassState
from app.school.service import add_staff, change_staff
from app.school.service_classes import (
    HeadCountEntry,
    close_class,
    ensure_classes,
    next_entering_year,
    open_classes,
    remove_class,
    set_class_teacher,
    set_head_counts,
)

DAY = date(2026, 11, 21)
ONE, TWO = ClassRef(Stage.PRIMARY, 2024, 1), ClassRef(Stage.PRIMARY, 2024, 2)


def ensure(store, *refs):
    with store.action("班级", kind="test") as action:
        return ensure_classes(store, action, refs, DAY)


def test_missing_classes_are_written_once_and_listed_in_school_order(store):
    ensure(store, TWO, ONE, ClassRef(Stage.PRIMARY, 2026, 1))
    again = ensure(store, ONE, TWO)
    assert [again[ref].name for ref in (ONE, TWO)] == ["三（1）班", "三（2）班"]
    assert [cls.name for cls in classes(store, DAY)] == ["一（1）班", "三（1）班", "三（2）班"]
    assert store.rows("SELECT count(*) FROM school_class") == [(3,)]


def test_a_grade_without_number_is_its_only_class(store):
    known = ensure(store, ONE)[ONE]
    only = ClassRef(Stage.PRIMARY, 2024, 0)
    assert ensure(store, only)[only].uuid == known.uuid
    ensure(store, TWO)
    assert ensure(store, only)[only].key == "2024级"


def test_a_merged_class_is_opened_again_when_children_are_reported_in_it(store):
    known = ensure(store, TWO)[TWO]
    with store.action("并班", kind="test") as action:
        close_class(action, known, date(2026, 9, 1), ClosedReason.MERGED)
    assert classes(store, DAY) == []
    assert ensure(store, TWO)[TWO].state is ClassState.CURRENT


def test_a_graduated_class_stays_closed(store):
    known = ensure(store, TWO)[TWO]
    with store.action("毕业", kind="test") as action:
        close_class(action, known, date(2026, 9, 1), ClosedReason.GRADUATED)
    assert ensure(store, TWO)[TWO].state is ClassState.CLOSED


def test_a_class_is_found_by_name_of_the_day_and_by_key(store):
    ensure(store, ONE, TWO)
    for text in ("三（2）班", "三(2)", "302", "2024级2班", "３.２"):
        assert find_class(store, text, DAY).ref == TWO
    assert find_class(store, "二（2）班", date(2026, 6, 1)).ref == TWO
    with pytest.raises(UserError) as refused:
        find_class(store, "五（1）班", DAY)
    assert "三（1）班、三（2）班" in str(refused.value)


def test_new_entrants(store):
    open_classes(store, stage=Stage.PRIMARY, entering_year=2027, numbers=[1, 2])
    assert [cls.state for cls in all_classes(store, DAY)] == [ClassState.FUTURE, ClassState.FUTURE]
    assert [cls.name for cls in classes(store, date(2027, 9, 1))] == ["一（1）班", "一（2）班"]
    with pytest.raises(UserError) as refused:
        open_classes(store, stage=Stage.PRIMARY, entering_year=2027, numbers=[2, 3])
    assert "2027级2班" in str(refused.value)
    with pytest.raises(UserError):
        open_classes(store, stage=Stage.PRIMARY, entering_year=2028, numbers=[0, 1])
    with pytest.raises(UserError):
        open_classes(store, stage=Stage.PRIMARY, entering_year=2028, numbers=[100])
    assert next_entering_year(store, DAY) == 2026
    assert next_entering_year(store, date(2027, 6, 1)) == 2027


def test_cohorts_past_the_last_grade_wait_for_confirmation(store):
    ensure(store, ClassRef(Stage.PRIMARY, 2020, 1), ClassRef(Stage.PRIMARY, 2021, 1))
    assert [cls.key for cls in graduation_candidates(store, DAY)] == ["2020级1班"]
    assert [cls.name for cls in classes(store, DAY)] == ["六（1）班"]


def test_only_a_class_nobody_was_in_is_removed(store):
    known = ensure(store, ONE, TWO)
    remove_class(store, class_uuid=known[TWO].uuid)
    assert [cls.ref for cls in classes(store, DAY)] == [ONE]
    with store.action("一名儿童", kind="test") as action:
        store.db.execute_sql(
            "INSERT INTO child (uuid, entered_at, name) VALUES ('c', ?, '测试')", (action.at,)
        )
        store.db.execute_sql(
            "INSERT INTO enrolment (uuid, entered_at, child_id, school_class_id) VALUES ('e', ?, 1, ?)",
            (action.at, known[ONE].id),
        )
    with pytest.raises(UserError) as refused:
        remove_class(store, class_uuid=known[ONE].uuid)
    assert "1 名儿童" in str(refused.value)


def test_class_teachers_change_on_a_day(store):
    known = ensure(store, ONE)[ONE]
    for name in ("李国平", "王秀芬"):
        add_staff(store, name=name)
    members = {member.name: member.uuid for member in staff(store, DAY)}
    set_class_teacher(store, class_uuid=known.uuid, staff_uuid=members["李国平"], since=date(2025, 9, 1))
    set_class_teacher(store, class_uuid=known.uuid, staff_uuid=members["王秀芬"], since=date(2026, 9, 1))
    assert class_teachers(store, date(2026, 8, 31))[known.id].name == "李国平"
    assert class_teachers(store, DAY)[known.id].name == "王秀芬"
    set_class_teacher(store, class_uuid=known.uuid, staff_uuid=members["李国平"], since=date(2026, 9, 1))
    assert class_teachers(store, DAY)[known.id].name == "李国平"
    with pytest.raises(UserError):
        set_class_teacher(store, class_uuid=known.uuid, staff_uuid=None, since=date(2026, 8, 1))
    set_class_teacher(store, class_uuid=known.uuid, staff_uuid=None, since=DAY)
    assert class_teachers(store, DAY) == {}


def test_who_has_left_leads_no_class_and_the_class_is_named(store):
    known = ensure(store, ONE)[ONE]
    add_staff(store, name="李国平")
    (member,) = staff(store, DAY)
    set_class_teacher(store, class_uuid=known.uuid, staff_uuid=member.uuid, since=date(2025, 9, 1))
    assert classes_left_by_teachers(store, DAY) == {}
    change_staff(store, uuid=member.uuid, left_on=DAY.isoformat())
    assert class_teachers(store, DAY) == {}
    assert {key: one.name for key, one in classes_left_by_teachers(store, DAY).items()} == {
        known.id: "李国平"
    }


def test_head_counts_are_per_term_and_replace_what_was_counted(store):
    known = ensure(store, ONE, TWO)
    term = school_calendar(store).term_in_force(DAY)
    set_head_counts(
        store,
        term=term,
        entries=[HeadCountEntry(known[ONE].uuid, 20, 18), HeadCountEntry(known[TWO].uuid, 19, 0)],
    )
    set_head_counts(store, term=term, entries=[HeadCountEntry(known[TWO].uuid, 19, 17)])
    counted = head_counts(store, term)
    assert counted[known[TWO].id].total == 36
    assert counted[known[ONE].id].counted_on == "2026-11-21"
    assert not set_head_counts(store, term=term, entries=[HeadCountEntry(known[TWO].uuid, 19, 17)])
    assert head_counts(store, school_calendar(store).terms[0]) == {}
    with pytest.raises(UserError):
        set_head_counts(store, term=term, entries=[HeadCountEntry(known[TWO].uuid, -1, 0)])
