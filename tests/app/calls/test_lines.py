"""Lines, their hours and what closes them, written on a real file; every refusal leaves it as it was."""

from datetime import date

import pytest
from msgspec.structs import replace

from app.calls.codes import CallMedium, LineKind
from app.calls.lines import closures, lines
from app.calls.service_lines import (
    ClosureDraft,
    LineDraft,
    OpeningDraft,
    close_line,
    end_line,
    remove_closure,
    save_line,
    set_openings,
)
from app.storage.history import undo
from tests.app.calls.conftest import BEGIN, refused

DAY = date(2026, 11, 21)
NOON = OpeningDraft(weekday=1, starts="12:20", ends="13:00", slot_minutes=10)


def names(store, on=DAY):
    return [line.name for line in lines(store, on)]


def test_a_line_is_there_from_its_day_on_and_saved_twice_it_is_one(store):
    draft = LineDraft(name=" 学校手机 ", kind=LineKind.SCHOOL_MOBILE, number="13900000000")
    assert save_line(store, draft=draft, since=DAY)
    save_line(store, draft=draft, since=DAY)
    assert names(store) == ["活动室座机", "视频电脑", "学校手机"]
    assert "学校手机" not in names(store, date(2026, 11, 20))
    line = lines(store, DAY)[2]
    assert (line.medium, line.number, line.planned, line.openings) == (
        CallMedium.PHONE,
        "13900000000",
        True,
        (),
    )
    assert lines(store, DAY)[1].medium is CallMedium.VIDEO


def test_a_line_with_a_name_in_use_or_without_one_is_refused(store):
    draft = LineDraft(name="活动室座机", kind=LineKind.ROOM_PHONE)
    with refused("calls.line_known"):
        save_line(store, draft=draft, since=DAY)
    with refused("school.no_name"):
        save_line(store, draft=replace(draft, name="  "), since=DAY)
    assert len(names(store)) == 2


def test_a_teachers_mobile_names_its_teacher(store, who):
    draft = LineDraft(name="周老师的手机", kind=LineKind.STAFF_MOBILE, planned=False)
    with refused("calls.whose_mobile"):
        save_line(store, draft=draft, since=DAY)
    save_line(store, draft=replace(draft, staff_uuid=who.staff["周晓燕"]), since=DAY)
    line = lines(store, DAY)[-1]
    assert (line.staff, line.planned, line.slots_a_week) == ("周晓燕", False, 0)
    save_line(store, draft=replace(draft, uuid=line.uuid, kind=LineKind.SCHOOL_MOBILE), since=DAY)
    assert lines(store, DAY)[-1].staff == ""


def test_hours_change_from_a_day_on_and_what_stays_the_same_is_not_touched(store, who):
    phone = who.lines["活动室座机"]
    before = {one.uuid for one in lines(store, DAY)[0].openings}
    kept = [replace(NOON, weekday=day) for day in (1, 2, 3, 4)]
    longer = OpeningDraft(weekday=5, starts="12：10", ends="13.00", slot_minutes=10)
    assert set_openings(store, line_uuid=phone, openings=[*kept, longer], since=DAY)
    now = lines(store, DAY)[0].openings
    assert len(before & {one.uuid for one in now}) == 4
    assert [(one.starts, len(one.times)) for one in now if one.weekday == 5] == [("12:10", 5)]
    assert {one.uuid for one in lines(store, date(2026, 11, 20))[0].openings} == before
    assert not set_openings(store, line_uuid=phone, openings=[*kept, longer], since=DAY)
    with refused("dated.later_known"):
        set_openings(store, line_uuid=phone, openings=kept, since=date(2026, 11, 2))


def test_hours_set_twice_on_one_day_leave_no_trace_of_the_first(store, who):
    phone = who.lines["活动室座机"]
    set_openings(store, line_uuid=phone, openings=[replace(NOON, slot_minutes=20)], since=DAY)
    set_openings(store, line_uuid=phone, openings=[replace(NOON, slot_minutes=8)], since=DAY)
    assert [(one.slot_minutes, len(one.times)) for one in lines(store, DAY)[0].openings] == [(8, 5)]
    set_openings(store, line_uuid=phone, openings=[], since=DAY)
    assert lines(store, DAY)[0].openings == ()


@pytest.mark.parametrize(
    ("openings", "key"),
    [
        ([replace(NOON, ends="12:20")], "calls.span"),
        ([replace(NOON, starts="25:00")], "calls.time_bad"),
        ([replace(NOON, slot_minutes=0)], "calls.slot_minutes"),
        ([replace(NOON, slot_minutes=41)], "calls.slot_too_long"),
        ([NOON, replace(NOON, starts="12:50", ends="13:30")], "calls.hours_meet"),
        ([replace(NOON, weekday=8)], "duty.weekday"),
    ],
)
def test_hours_that_cannot_be_are_refused_and_the_old_ones_hold(store, who, openings, key):
    before = lines(store, DAY)
    with refused(key):
        set_openings(store, line_uuid=who.lines["活动室座机"], openings=openings, since=DAY)
    assert lines(store, DAY) == before


def test_hours_that_follow_one_another_do_not_meet(store, who):
    second = replace(NOON, starts="13:00", ends="13:30")
    set_openings(store, line_uuid=who.lines["活动室座机"], openings=[second, NOON], since=DAY)
    assert [one.starts for one in lines(store, DAY)[0].openings] == ["12:20", "13:00"]


def test_a_line_that_ends_takes_its_hours_along_and_undo_brings_both_back(store, who):
    before = lines(store, DAY)
    done = end_line(store, line_uuid=who.lines["视频电脑"], on=DAY)
    assert names(store) == ["活动室座机"]
    assert names(store, date(2026, 11, 20)) == ["活动室座机", "视频电脑"]
    undo(store, done.action_uuid, by=None)
    assert lines(store, DAY) == before
    end_line(store, line_uuid=who.lines["视频电脑"], on=BEGIN)
    assert names(store, BEGIN) == ["活动室座机"]
    with refused("calls.no_such_line"):
        end_line(store, line_uuid="nobody", on=DAY)


def test_a_closure_names_its_reason_and_is_taken_back(store, who):
    draft = ClosureDraft(
        line_uuid=who.lines["视频电脑"], first=date(2026, 11, 25), last=date(2026, 11, 27), reason="机房检修"
    )
    done = close_line(store, draft=draft)
    assert done.words == "视频电脑 2026-11-25 至 2026-11-27 停用：机房检修"
    close_line(store, draft=replace(draft, starts="16:00", ends="16:30"))
    found = closures(store, DAY, date(2026, 11, 30))
    assert [(one.line, one.starts, one.reason) for one in found] == [("视频电脑", "16:00", "机房检修")]
    assert closures(store, date(2026, 11, 28), date(2026, 11, 30)) == ()
    with refused("calls.closure_reason"):
        close_line(store, draft=replace(draft, reason=" "))
    with refused("calls.closure_days"):
        close_line(store, draft=replace(draft, last=date(2026, 11, 24)))
    with refused("calls.span"):
        close_line(store, draft=replace(draft, starts="17:00", ends="16:30"))
    remove_closure(store, uuid=draft.uuid)
    assert closures(store, DAY, date(2026, 12, 30)) == ()
    with refused("fact.unknown"):
        remove_closure(store, uuid=draft.uuid)
