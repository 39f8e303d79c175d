"""Meetings: the list offered, ticked, changed and taken back; heads only; what cannot be."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from app.core.errors import UserError
from app.diary import meetings as m
from app.diary.codes import MeetingKind
from app.storage.history import undo
from tests.app.diary.cases.conftest import CHILD, OTHER, SUPPORTER

DAY = date(2026, 11, 20)


def draft(**changed) -> m.MeetingDraft:
    values = {"kind": MeetingKind.PARENTS, "happened_on": "2026-11-20", "topic": "冬季安全"}
    return m.MeetingDraft(**{**values, **changed})


def refusal(call, *args, **kwargs) -> str:
    with pytest.raises(UserError) as found:
        call(*args, **kwargs)
    return found.value.key


def class_uuid(store) -> str:
    return store.one("SELECT uuid FROM school_class WHERE entering_year = 2024")[0]


def test_the_list_offers_who_is_called_first(store):
    offered = m.attendance_offer(store, on=DAY, class_uuid=class_uuid(store))
    assert [(line.child_name, line.attendee, line.relation, line.phone) for line in offered] == [
        ("覃小禾", "罗桂英", "祖母", "13800000001"),
        ("韦大山", "", "", ""),
    ]
    assert len(m.attendance_offer(store, on=DAY)) == 3


def test_a_school_of_thousands_meets_class_by_class(store, monkeypatch):
    monkeypatch.setattr(m, "MOST_AT_ONCE", 2)
    assert m.attendance_offer(store, on=DAY) == ()
    assert len(m.attendance_offer(store, on=DAY, class_uuid=class_uuid(store))) == 2


def test_a_meeting_with_its_list_is_written_changed_and_taken_back(store):
    lines = (
        m.AttendanceDraft(child_uuid=CHILD, came=True, attendee="罗桂英", relation="祖母"),
        m.AttendanceDraft(child_uuid=OTHER, came=False, note="外出"),
    )
    first = draft(class_uuid=class_uuid(store), host_uuid=SUPPORTER, started="9:00", attendance=lines)
    changes = m.save_meeting(store, draft=first)
    assert changes.words == "记下家长会（2026-11-20）"
    assert not m.save_meeting(store, draft=first)
    (facts,) = m.meetings(store)
    assert (facts.class_name, facts.host, facts.started) == ("三（2）班", "陈素兰", "09:00")
    assert facts.present_words == "到会 1 家，应到 2 家"
    written = m.attendance(store, first.uuid)
    assert [(one.child_name, one.came, one.attendee, one.phone) for one in written] == [
        ("覃小禾", True, "罗桂英", "13800000001"),
        ("韦大山", False, "", ""),
    ]
    assert written[1].note == "外出"
    one_less = m.save_meeting(store, draft=replace(first, attendance=lines[:1]))
    assert m.meeting(store, first.uuid).present_words == "到会 1 家，应到 1 家"
    undo(store, one_less.action_uuid, by=None)
    assert m.meeting(store, first.uuid).asked == 2
    removed = m.remove_meeting(store, uuid=first.uuid)
    assert m.meetings(store) == ()
    undo(store, removed.action_uuid, by=None)
    assert len(m.attendance(store, first.uuid)) == 2


def test_heads_only_and_the_filters(store):
    m.save_meeting(store, draft=draft(kind=MeetingKind.VILLAGE, present_count=40))
    m.save_meeting(store, draft=draft(happened_on="2026-10-01"))
    assert [one.present_words for one in m.meetings(store)] == ["到会 40 人", ""]
    assert [one.happened_on for one in m.meetings(store, since=DAY, until=DAY)] == ["2026-11-20"]
    assert [one.happened_on for one in m.meetings(store, kinds=(MeetingKind.PARENTS,))] == ["2026-10-01"]
    assert m.meetings(store)[1].late_days == 51


def test_what_cannot_be_is_refused(store):
    save = lambda **changed: refusal(m.save_meeting, store, draft=draft(**changed))  # noqa: E731
    twice = (m.AttendanceDraft(child_uuid=CHILD, came=True),) * 2
    assert save(topic=" ") == "case.missing"
    assert save(attendance=twice) == "meeting.attendance_twice"
    assert save(started="10:00", ended="9:00") == "case.times"
    assert save(happened_on="2026-11-22") == "case.future"
    assert save(attendance=(m.AttendanceDraft(child_uuid="nobody", came=True),)) == "child.unknown"
    assert m.meetings(store) == ()
