"""Graduation, merging, splitting, staying down: on a real file, each undone as a whole."""

from datetime import date, datetime

import pytest

from app.children.cohorts import (
    class_members,
    confirm_graduation,
    graduation_preview,
    merge_classes,
    preview_moves,
    repeat_grade,
    split_class,
)
from app.children.queries import load_facts
from app.children.tables import Child, Enrolment, Registration
from app.core.clock import FixedClock
from app.core.errors import UserError
from app.school.codes import Stage
from app.school.queries import all_classes, classes, graduation_candidates
from app.school.rules import ClassRef, ClassState
from app.school.service import init_school
from app.school.service_classes import ensure_classes
from app.storage.history import undo
from app.storage.store import Store

ON = date(2026, 11, 23)
SIX, THREE_ONE, THREE_TWO, TWO = (
    ClassRef(Stage.PRIMARY, year, number) for year, number in ((2020, 1), (2024, 1), (2024, 2), (2025, 1))
)


@pytest.fixture
def store(tmp_path):
    with Store.create(tmp_path / "守望.db", clock=FixedClock(datetime(2026, 11, 21, 9, 0))) as store:
        init_school(store, name="青石坪镇中心小学")
        yield store


@pytest.fixture
def school(store):
    """Two children in each of four classes, all on the ledger; class uuids by ref, child uuids by class."""
    with store.action("班级和儿童", kind="test") as action:
        known = ensure_classes(store, action, [SIX, THREE_ONE, THREE_TWO, TWO], ON)
        pupils = {}
        for ref, cls in known.items():
            for number in (1, 2):
                child = action.insert(Child, name=f"{cls.key}儿童{number}")
                start = f"{ref.entering_year}-09-01"
                action.insert(Enrolment, child=child, school_class=cls.id, valid_from=start)
                action.insert(Registration, child=child, kind="left_behind", valid_from=start)
                pupils.setdefault(ref, []).append(child.uuid)
    return {ref: cls.uuid for ref, cls in known.items()}, pupils


def where(store, day):
    return {
        child.uuid: child.school_class.ref if child.school_class else None for child in load_facts(store, day)
    }


def test_graduation_ends_enrolments_and_registrations_on_the_day_the_cohort_was_through(store, school):
    uuids, pupils = school
    assert [cls.uuid for cls in graduation_candidates(store, ON)] == [uuids[SIX]]
    preview = graduation_preview(store, class_uuids=[uuids[SIX]])
    assert (preview.pupils, preview.registered, preview.on) == (2, 2, date(2026, 9, 1))
    done = confirm_graduation(store, class_uuids=[uuids[SIX]], by="陈素兰")
    assert graduation_candidates(store, ON) == []
    gone = [child for child in load_facts(store, ON) if child.uuid in pupils[SIX]]
    assert {child.exited.end_reason for child in gone} == {"graduated"}
    assert {child.left_class.end_reason for child in gone} == {"graduated"}
    before = [child for child in load_facts(store, date(2026, 8, 31)) if child.uuid in pupils[SIX]]
    assert all(child.on_ledger for child in before)
    undo(store, done.action_uuid, by="陈素兰")
    assert [cls.uuid for cls in graduation_candidates(store, ON)] == [uuids[SIX]]
    assert where(store, ON)[pupils[SIX][0]] == SIX


def test_a_class_still_in_school_cannot_graduate(store, school):
    uuids, _ = school
    with pytest.raises(UserError) as refused:
        confirm_graduation(store, class_uuids=[uuids[THREE_ONE]])
    assert refused.value.key == "cohort.not_finished"


def test_who_would_change_class_is_told_before(store, school):
    uuids, pupils = school
    moves = preview_moves(store, child_uuids=pupils[THREE_ONE], class_uuid=uuids[THREE_TWO], day=ON)
    assert [(move.source.ref, move.target.ref) for move in moves] == [(THREE_ONE, THREE_TWO)] * 2
    assert preview_moves(store, child_uuids=pupils[THREE_ONE], class_uuid=uuids[THREE_ONE], day=ON) == ()


def test_the_members_of_a_class(store, school):
    uuids, pupils = school
    assert [member.uuid for member in class_members(store, class_uuid=uuids[THREE_ONE])] == list(
        pupils[THREE_ONE]
    )


def test_staying_down_leads_into_the_next_cohort_only(store, school):
    uuids, pupils = school
    child = pupils[THREE_ONE][1]
    with pytest.raises(UserError) as refused:
        repeat_grade(store, child_uuids=[child], class_uuid=uuids[THREE_TWO], on=ON)
    assert refused.value.key == "cohort.not_next"
    repeat_grade(store, child_uuids=[child], class_uuid=uuids[TWO], on=ON)
    assert where(store, ON)[child] == TWO
    assert store.rows("SELECT end_reason FROM enrolment WHERE valid_to IS NOT NULL") == [("repeated_grade",)]


def test_merging_closes_the_class_that_is_empty_then(store, school):
    uuids, pupils = school
    with pytest.raises(UserError):
        merge_classes(store, class_uuid=uuids[THREE_ONE], into_uuid=uuids[TWO], on=ON)
    done = merge_classes(store, class_uuid=uuids[THREE_TWO], into_uuid=uuids[THREE_ONE], on=ON)
    assert [cls.key for cls in classes(store, ON)] == ["2025级1班", "2024级1班"]
    assert where(store, ON)[pupils[THREE_TWO][0]] == THREE_ONE
    undo(store, done.action_uuid, by=None)
    assert where(store, ON)[pupils[THREE_TWO][0]] == THREE_TWO
    assert len(classes(store, ON)) == 3


def test_splitting_opens_classes_and_closes_an_empty_one(store, school):
    uuids, pupils = school
    one, other = pupils[TWO]
    with pytest.raises(UserError):
        split_class(store, class_uuid=uuids[TWO], parts={2: [one], 3: [one]}, on=ON)
    with pytest.raises(UserError):
        split_class(store, class_uuid=uuids[TWO], parts={1: [one]}, on=ON)
    split_class(store, class_uuid=uuids[TWO], parts={2: [one]}, on=ON)
    assert where(store, ON)[one] == ClassRef(Stage.PRIMARY, 2025, 2)
    assert where(store, ON)[other] == TWO
    split_class(store, class_uuid=uuids[TWO], parts={3: [other]}, on=ON)
    states = {cls.ref: cls.state for cls in all_classes(store, ON)}
    assert states[TWO] is ClassState.CLOSED


def test_a_child_whose_enrolment_starts_later_is_not_bent(store, school):
    uuids, _ = school
    with store.action("插班", kind="test") as action:
        row = store.one("SELECT uuid FROM enrolment WHERE child_id = 1")
        action.update(Enrolment, row[0], valid_from="2026-10-08")
    with pytest.raises(UserError) as refused:
        confirm_graduation(store, class_uuids=[uuids[SIX]])
    assert refused.value.key == "cohort.later"
    assert graduation_candidates(store, ON)
