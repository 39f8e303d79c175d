"""Incidents: steps against the limits of the day, reports with receipt, restricted words, and what cannot be."""

from __future__ import annotations

from datetime import date

import pytest

from app.core.errors import UserError
from app.diary import incidents as i
from app.diary.codes import IncidentKind, ReportBody, Severity
from app.diary.incidents_rules import StepState, reports_at_first
from app.school.limits import Limit, set_limit
from app.storage.history import undo
from tests.app.diary.cases.conftest import CHILD, OTHER

FOUND = "2026-11-21T07:30"


def draft(**changed) -> i.IncidentDraft:
    values = {"child_uuid": CHILD, "kind": IncidentKind.MISSING, "found_at": FOUND, "found_by": "陈素兰"}
    return i.IncidentDraft(**{**values, **changed})


def report(body=ReportBody.POLICE, at="2026-11-21 08:00", **changed) -> i.ReportDraft:
    return i.ReportDraft(**{"reported_at": at, "body": body, "reporter": "李校长", **changed})


def refusal(call, *args, **kwargs) -> str:
    with pytest.raises(UserError) as found:
        call(*args, **kwargs)
    return found.value.key


def states(store, uuid) -> dict[str, tuple[StepState, int | None]]:
    return {one.name: (one.state, one.minutes) for one in i.emergency_steps(store, i.incident(store, uuid))}


def test_it_is_written_at_once_and_completed_step_by_step(store, clock):
    note = draft(must_report=True)
    changes = i.save_incident(store, draft=note)
    assert changes.words == "记下突发事件 2026-001"
    assert not i.save_incident(store, draft=note)
    # It is 09:00: an hour and a half after it was found.
    assert states(store, note.uuid) == {
        "救助": (StepState.OPEN, None),
        "告知监护人": (StepState.OVERDUE, None),
        "告知父母": (StepState.OVERDUE, None),
        "上报教育办或政府": (StepState.OPEN, None),
        "强制报告（公安、民政或教育）": (StepState.OPEN, None),
    }
    done = draft(
        uuid=note.uuid,
        must_report=True,
        rescued_at="2026-11-21 07:35",
        carer_told_at="2026-11-21 08：00",
        parents_told_at="2026-11-21T08:31",
        reports=(report(), report(ReportBody.EDUCATION, "2026-11-21 09:00", receipt_no="（2026）17 号")),
    )
    i.save_incident(store, draft=done)
    assert list(states(store, note.uuid).values()) == [
        (StepState.DONE, 5),
        (StepState.DONE, 30),
        (StepState.LATE, 61),
        (StepState.DONE, 90),
        (StepState.DONE, 30),
    ]
    words = {one.name: one.words for one in i.emergency_steps(store, i.incident(store, note.uuid))}
    assert words["告知父母"] == "61 分钟（限 60 分钟），超时"
    i.save_incident(store, draft=draft(uuid=note.uuid, reports=done.reports[1:], closed_on="2026-11-21"))
    facts = i.incident(store, note.uuid)
    assert [(one.body, one.receipt_no) for one in facts.reports] == [(ReportBody.EDUCATION, "（2026）17 号")]
    assert i.incidents(store, open_only=True) == ()
    assert i.incidents(store, since=date(2026, 11, 21), until=date(2026, 11, 21)) == (facts,)
    assert i.incidents(store, child_uuid=OTHER) == ()


def test_the_limits_are_those_of_the_day(store):
    note = draft(carer_told_at="2026-11-21 07:50")
    i.save_incident(store, draft=note)
    assert states(store, note.uuid)["告知监护人"] == (StepState.DONE, 20)
    set_limit(store, code=Limit.CARER_TOLD_MINUTES, number=15, since=date(2026, 11, 21))
    assert states(store, note.uuid)["告知监护人"] == (StepState.LATE, 20)
    old = draft(child_uuid=OTHER, found_at="2026-11-20 07:30", carer_told_at="2026-11-20 07:50")
    i.save_incident(store, draft=old)
    assert states(store, old.uuid)["告知监护人"] == (StepState.DONE, 20)


def test_no_number_is_given_twice_and_no_action_names_the_child(store):
    first = draft()
    i.save_incident(store, draft=first)
    removed = i.remove_incident(store, uuid=first.uuid)
    i.save_incident(store, draft=draft(child_uuid=OTHER))
    assert [one.number for one in i.incidents(store)] == ["2026-002"]
    undo(store, removed.action_uuid, by=None)
    assert sorted(one.number for one in i.incidents(store)) == ["2026-001", "2026-002"]
    words = " ".join(row[0] for row in store.rows("SELECT words FROM action WHERE kind LIKE 'incident%'"))
    assert "覃" not in words
    assert "韦" not in words


def test_what_cannot_be_is_refused(store):
    save = lambda **changed: refusal(i.save_incident, store, draft=draft(**changed))  # noqa: E731
    assert save(found_at="2026-11-21 09:30") == "case.future"
    assert save(found_at="2026-11-21") == "case.moment"
    assert save(rescued_at="2026-11-21 07:29") == "incident.step_early"
    assert save(reports=(report(at="2026-11-21 07:00"),)) == "incident.report_early"
    assert save(reports=(report(reporter="  "),)) == "case.missing"
    assert save(closed_on="2026-11-20") == "case.order"
    assert refusal(i.incident, store, "nothing") == "row.unknown"
    assert i.incidents(store) == ()


@pytest.mark.parametrize("kind", [IncidentKind.ABUSE, IncidentKind.SEXUAL_HARM])
def test_where_the_one_who_did_it_may_be_of_the_family_the_report_comes_first_and_nobody_is_pressed_to_warn_them(
    store, kind
):
    """强制报告意见 2020, 未成年人保护法 11: the authorities at once; only a guardian beyond suspicion is told."""
    note = draft(kind=kind, must_report=True)
    i.save_incident(store, draft=note)
    assert list(states(store, note.uuid).items()) == [
        ("救助", (StepState.OPEN, None)),
        ("强制报告（公安、民政或教育）", (StepState.OPEN, None)),
        ("告知没有嫌疑的监护人", (StepState.OPEN, None)),
        ("告知没有嫌疑的父母", (StepState.OPEN, None)),
        ("上报教育办或政府", (StepState.OPEN, None)),
    ]
    late = draft(kind=kind, uuid=note.uuid, carer_told_at="2026-11-21 08:50")
    i.save_incident(store, draft=late)
    assert states(store, note.uuid)["告知没有嫌疑的监护人"] == (StepState.DONE, 80)


def test_a_guardian_who_is_better_not_told_is_an_answer_with_its_reason(store):
    note = draft(kind=IncidentKind.ABUSE, carer_untold=" 加害人是同住的继父 ", parents_untold="母亲同住")
    i.save_incident(store, draft=note)
    facts = i.incident(store, note.uuid)
    assert (facts.carer_untold, facts.parents_untold) == ("加害人是同住的继父", "母亲同住")
    steps = {one.name: one for one in i.emergency_steps(store, facts)}
    assert steps["告知没有嫌疑的监护人"].state is StepState.UNTOLD
    assert steps["告知没有嫌疑的监护人"].words == "不宜告知：加害人是同住的继父"
    # Whatever was harm at first sight: the answer holds, and the clock does not run against it.
    other = draft(kind=IncidentKind.OTHER, carer_untold="奶奶病重，由村干部转告")
    i.save_incident(store, draft=other)
    assert states(store, other.uuid)["告知监护人"] == (StepState.UNTOLD, None)
    i.save_incident(store, draft=draft(uuid=note.uuid, kind=IncidentKind.ABUSE, carer_untold="  "))
    assert i.incident(store, note.uuid).carer_untold is None
    # Told after all, later: when it was counts, the reason stays on file.
    told = draft(
        uuid=note.uuid, kind=IncidentKind.ABUSE, carer_untold="等民政到场", carer_told_at="2026-11-21 08:40"
    )
    i.save_incident(store, draft=told)
    assert states(store, note.uuid)["告知没有嫌疑的监护人"] == (StepState.DONE, 70)


@pytest.mark.parametrize(
    ("kind", "severity", "ticked"),
    [
        (IncidentKind.ABUSE, None, True),
        (IncidentKind.INJURY, Severity.CRITICAL, False),
        (IncidentKind.BULLYING, Severity.LIGHT, False),
        (IncidentKind.BULLYING, Severity.SERIOUS, True),
    ],
)
def test_which_kinds_begin_with_a_report(kind, severity, ticked):
    assert reports_at_first(kind, severity) is ticked
