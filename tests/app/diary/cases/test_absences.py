"""From a missed day to 销号: stages, what is due next, the month's figures (zeros too), and what cannot be."""

from __future__ import annotations

from datetime import date

import pytest

from app.children.tables import Enrolment
from app.core.errors import UserError
from app.diary import absences as a
from app.diary import service_absences as writing
from app.diary.absences_rules import AbsenceStage
from app.diary.codes import AbsenceEnd, AbsenceReason, Medium, PersuasionResult
from app.school.limits import Limit, set_limit
from app.school.service_calendar import set_term
from app.storage.history import undo
from tests.app.diary.cases.conftest import CHILD, GIRL, OTHER

TODAY = date(2026, 11, 21)


def draft(**changed) -> writing.AbsenceDraft:
    values = {
        "child_uuid": CHILD,
        "happened_on": "2026-11-09",
        "reason": AbsenceReason.TIRED_OF_SCHOOL,
        "found_by": "陈素兰",
    }
    return writing.AbsenceDraft(**{**values, **changed})


def refusal(call, *args, **kwargs) -> str:
    with pytest.raises(UserError) as found:
        call(*args, **kwargs)
    return found.value.key


def test_a_case_goes_from_watching_to_closed(store):
    first = draft()
    changes = writing.save_absence(store, draft=first)
    assert changes.words == "覃小禾：2026-11-09 起缺席"
    assert not writing.save_absence(store, draft=first)
    steps = {
        "suspected_on": "2026-11-12",
        "reported_on": "2026-11-13",
        "dropout_on": "2026-11-16",
        "returned_on": "2026-11-18",
    }
    stages = [AbsenceStage.WATCHED]
    known: dict[str, object] = {}
    for column, day in steps.items():
        known[column] = day
        writing.save_absence(store, draft=draft(uuid=first.uuid, **known))
        stages.append(a.absence(store, first.uuid).stage_on(TODAY))
    assert stages == [
        AbsenceStage.WATCHED,
        AbsenceStage.SUSPECTED,
        AbsenceStage.SUSPECTED,
        AbsenceStage.DROPOUT,
        AbsenceStage.RETURNED,
    ]
    closing = {"closed_on": "2026-11-20", "closed_reason": AbsenceEnd.RETURNED}
    writing.save_absence(store, draft=draft(uuid=first.uuid, **known, **closing))
    facts = a.absence(store, first.uuid)
    days = ("2026-11-08", "2026-11-09", "2026-11-12", "2026-11-16", "2026-11-19", "2026-11-20")
    assert [facts.stage_on(date.fromisoformat(day)) for day in days] == [
        None,
        *stages[:2],
        *stages[3:],
        AbsenceStage.CLOSED,
    ]
    assert facts.late_days == 12
    assert a.absences(store, open_only=True) == ()
    assert a.absences(store, since=date(2026, 11, 20)) == (facts,)
    assert a.absences(store, since=date(2026, 11, 21)) == ()


def test_each_time_is_counted_and_a_return_is_written_into_the_case(store):
    case = draft()
    writing.save_absence(store, draft=case)
    went = writing.PersuasionDraft(
        absence_uuid=case.uuid, happened_on="2026-11-10", medium=Medium.DOOR, persons="班主任、村支书"
    )
    writing.save_persuasion(store, draft=went)
    assert not writing.save_persuasion(store, draft=went)
    back = writing.PersuasionDraft(
        absence_uuid=case.uuid,
        happened_on="2026-11-17",
        result=PersuasionResult.RETURNED,
        course="答应当天回来",
    )
    changes = writing.save_persuasion(store, draft=back)
    facts = a.absence(store, case.uuid)
    assert [(one.number, one.happened_on) for one in facts.persuasions] == [
        (1, "2026-11-10"),
        (2, "2026-11-17"),
    ]
    assert facts.returned_on == "2026-11-17"
    undo(store, changes.action_uuid, by=None)
    assert (a.absence(store, case.uuid).returned_on, len(a.absence(store, case.uuid).persuasions)) == (
        None,
        1,
    )
    assert refusal(writing.remove_absence, store, uuid=case.uuid) == "absence.persuasions"
    writing.remove_persuasion(store, uuid=went.uuid)
    writing.remove_absence(store, uuid=case.uuid)
    assert a.absences(store) == ()


def test_what_cannot_be_is_refused_and_nothing_is_written(store):
    case = draft()
    writing.save_absence(store, draft=case)
    before = store.commit_no
    assert (
        refusal(writing.save_absence, store, draft=draft(happened_on="2026-11-20")) == "absence.open_already"
    )
    change = lambda **changed: refusal(writing.save_absence, store, draft=draft(uuid=case.uuid, **changed))  # noqa: E731
    assert change(suspected_on="2026-11-08") == "case.order"
    assert change(suspected_on="2026-11-12", dropout_on="2026-11-11") == "case.order"
    assert change(closed_on="2026-11-12") == "absence.reason_needed"
    assert change(closed_reason=AbsenceEnd.OTHER) == "absence.reason_needed"
    assert change(reported_on="2026-12-01") == "case.future"
    assert change(happened_on="去年") == "diary.day"
    early = writing.PersuasionDraft(absence_uuid=case.uuid, happened_on="2026-11-08")
    assert refusal(writing.save_persuasion, store, draft=early) == "case.order"
    assert store.commit_no == before
    back = writing.save_absence(store, draft=draft(uuid=case.uuid, returned_on="2026-11-11"))
    after = writing.PersuasionDraft(absence_uuid=case.uuid, happened_on="2026-11-12")
    assert refusal(writing.save_persuasion, store, draft=after) == "case.order", (
        "nobody is fetched back who is there"
    )
    undo(store, back.action_uuid, by=None)
    writing.save_absence(
        store, draft=draft(uuid=case.uuid, closed_on="2026-11-12", closed_reason=AbsenceEnd.MISTAKEN)
    )
    late = writing.PersuasionDraft(absence_uuid=case.uuid, happened_on="2026-11-13")
    assert refusal(writing.save_persuasion, store, draft=late) == "absence.closed"
    writing.save_absence(store, draft=draft(happened_on="2026-11-20"))
    assert len(a.absences(store)) == 2


def step_of(store) -> tuple[str, date] | None:
    found = a.due_steps(store, TODAY)
    return (found[0].step.words, found[0].step.due) if found else None


def test_what_is_due_next_follows_the_schools_own_days(store):
    set_term(store, school_year=2026, ordinal=1, starts_on=date(2026, 9, 1), ends_on=date(2027, 1, 15))
    case = draft(happened_on="2026-11-12")  # a Thursday: the third school day is Monday
    writing.save_absence(store, draft=case)
    assert step_of(store) == ("连续 3 天未到校，列为疑似辍学", date(2026, 11, 16))
    set_limit(store, code=Limit.ABSENCE_SUSPECT_DAYS, number=5, since=date(2026, 9, 1))
    assert step_of(store) == ("连续 5 天未到校，列为疑似辍学", date(2026, 11, 18))
    known = {"uuid": case.uuid, "happened_on": "2026-11-12", "suspected_on": "2026-11-16"}
    writing.save_absence(store, draft=draft(**known))
    assert step_of(store) == ("书面上报", date(2026, 11, 19))
    writing.save_absence(store, draft=draft(**known, reported_on="2026-11-17"))
    assert step_of(store) == ("第 1 次劝返", date(2026, 11, 17))
    writing.save_persuasion(
        store, draft=writing.PersuasionDraft(absence_uuid=case.uuid, happened_on="2026-11-18")
    )
    assert step_of(store) == ("第 2 次劝返", date(2026, 11, 25))
    set_limit(store, code=Limit.PERSUASION_DAYS, number=3, since=date(2026, 9, 1))
    assert step_of(store) == ("第 2 次劝返", date(2026, 11, 21))
    writing.save_absence(store, draft=draft(**known, reported_on="2026-11-17", returned_on="2026-11-19"))
    assert step_of(store) == ("已返校，请销号", date(2026, 11, 19))
    closing = {"closed_on": "2026-11-20", "closed_reason": AbsenceEnd.RETURNED}
    writing.save_absence(store, draft=draft(**known, returned_on="2026-11-19", **closing))
    assert step_of(store) is None


def test_a_month_without_anything_is_all_zeros_and_one_with_cases_counts_them(store):
    empty = a.month_lines(store, "2026-10", classes=("三（2）班", "六（1）班"))
    assert [(line.name, line.pupils) for line in empty] == [("三（2）班", 2), ("六（1）班", 1), ("合计", 3)]
    assert all(line.absent == line.suspected_now == line.persuasions == 0 for line in empty)

    gone = draft(happened_on="2026-10-28", suspected_on="2026-11-02", dropout_on="2026-11-10")
    writing.save_absence(store, draft=gone)
    back = draft(
        child_uuid=OTHER, happened_on="2026-11-03", suspected_on="2026-11-05", returned_on="2026-11-06"
    )
    writing.save_absence(store, draft=back)
    writing.save_absence(store, draft=draft(child_uuid=GIRL, happened_on="2026-11-20"))
    writing.save_persuasion(
        store, draft=writing.PersuasionDraft(absence_uuid=back.uuid, happened_on="2026-11-05")
    )
    three, six, total = a.month_lines(store, "2026-11")
    assert (three.absent, three.suspected, three.dropout, three.persuasions, three.returned) == (
        1,
        2,
        1,
        1,
        1,
    )
    assert (three.suspected_now, three.dropout_now) == (0, 1)
    assert (six.absent, six.suspected) == (1, 0)
    assert total.absent == 2
    assert a.month_lines(store, "2026-10")[-1].suspected_now == 0
    assert a.month_lines(store, "2026-12")[-1].dropout_now == 1


def test_what_was_due_on_a_day_gone_by_is_told_as_the_case_stood_then(store):
    """The case was closed since, and the child has changed its class since."""
    case = draft(
        suspected_on="2026-11-11",
        reported_on="2026-11-13",
        returned_on="2026-11-16",
        closed_on="2026-11-17",
        closed_reason=AbsenceEnd.RETURNED,
    )
    writing.save_absence(store, draft=case)
    with store.action("转班", kind="test") as action:
        (row,) = store.one(
            "SELECT e.uuid FROM enrolment e JOIN child c ON c.id = e.child_id WHERE c.uuid = ?", (CHILD,)
        )
        action.update(Enrolment, row, valid_to="2026-11-20")
    told = {
        day: [one.step.words for one in a.due_steps(store, date(2026, 11, day))]
        for day in (8, 12, 13, 16, 17)
    }
    assert told == {8: [], 12: ["书面上报"], 13: ["第 1 次劝返"], 16: ["已返校，请销号"], 17: []}
    assert all(one.class_name for one in a.due_steps(store, date(2026, 11, 12)))


@pytest.mark.parametrize(
    ("since", "until", "suspected", "dropout"),
    [
        ("2026-10-01", "2026-10-04", False, False),
        ("2026-10-01", "2026-10-05", True, False),
        ("2026-10-06", "2026-10-07", True, False),
        ("2026-10-20", "2026-10-31", False, True),
        ("2026-10-06", "2026-10-31", True, True),
        ("2026-11-03", "2026-11-30", False, False),
    ],
)
def test_a_case_is_of_the_ledgers_it_was_on_in_a_period(store, since, until, suspected, dropout):
    first = draft(
        happened_on="2026-09-28", suspected_on="2026-10-05", dropout_on="2026-10-20", returned_on="2026-11-03"
    )
    writing.save_absence(store, draft=first)
    facts = a.absence(store, first.uuid)
    found = [
        facts.was_between(stage, since, until) for stage in (AbsenceStage.SUSPECTED, AbsenceStage.DROPOUT)
    ]
    assert found == [suspected, dropout]


def test_suspected_and_back_on_one_day_is_of_that_day(store):
    first = draft(suspected_on="2026-11-12", returned_on="2026-11-12")
    writing.save_absence(store, draft=first)
    facts = a.absence(store, first.uuid)
    assert facts.was_between(AbsenceStage.SUSPECTED, "2026-11-12", "2026-11-12")
    assert not facts.was_between(AbsenceStage.SUSPECTED, "2026-11-13", "2026-11-30")
