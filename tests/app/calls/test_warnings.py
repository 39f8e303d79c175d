"""What is doubtful about lines is said, one telephone never has two slots at a time, and the file refuses a slot twice."""

from datetime import date

import pytest
from msgspec.structs import replace

from app.calls.codes import LineKind
from app.calls.queries import line_warnings, planned_after
from app.calls.service_lines import LineDraft, OpeningDraft, save_line, set_openings
from app.calls.slots import slots
from app.calls.tables import PlannedCallRow
from app.school.duty_service import end_turn
from app.school.service import change_staff
from app.storage.base import new_uuid
from tests.app.calls.conftest import refused

DAY = date(2026, 11, 21)
MONDAY = date(2026, 11, 23)
WEDNESDAY = date(2026, 11, 25)


def mobile(store, who, name, starts, ends):
    draft = LineDraft(name=name, kind=LineKind.STAFF_MOBILE, staff_uuid=who.staff["周晓燕"])
    save_line(store, draft=draft, since=DAY)
    hours = OpeningDraft(weekday=3, starts=starts, ends=ends, slot_minutes=10)
    set_openings(store, line_uuid=draft.uuid, openings=[hours], since=DAY)
    return draft


def test_a_sound_school_is_not_warned_about(store):
    assert line_warnings(store, DAY) == ()


def test_one_mobile_on_two_lines_is_told_and_never_rings_twice(store, who):
    mobile(store, who, "周老师的手机", "12:00", "12:30")
    mobile(store, who, "走读生专线", "12:15", "12:45")
    (told,) = line_warnings(store, DAY)
    assert told == "周老师的手机和走读生专线都是周晓燕的手机，周三 12:15–12:30 同时开放"
    found = [one for one in slots(store, WEDNESDAY, WEDNESDAY) if one.duty == "周晓燕"]
    used = [(one.starts, one.ends) for one in found if not one.closed]
    assert used == [("12:00", "12:10"), ("12:10", "12:20"), ("12:20", "12:30"), ("12:35", "12:45")]
    assert {one.closed for one in found if one.closed} == {"和周老师的手机是同一部电话"}


def test_lines_without_hours_without_duty_and_of_somebody_gone_are_told(store, who):
    draft = mobile(store, who, "周老师的手机", "15:00", "16:00")
    save_line(store, draft=LineDraft(name="学校手机", kind=LineKind.SCHOOL_MOBILE), since=DAY)
    change_staff(store, uuid=who.staff["周晓燕"], left_on="2026-11-01")
    for (uuid,) in store.rows("SELECT uuid FROM duty_turn WHERE weekday = 1"):
        end_turn(store, uuid=uuid, on=DAY)
    assert line_warnings(store, DAY) == (
        "学校手机还没有开放时间，排不了号",
        "周晓燕已离校，周老师的手机还列着",
        "周一有时段没有人值班",
    )
    for (uuid,) in store.rows("SELECT uuid FROM duty_turn WHERE valid_to IS NULL"):
        end_turn(store, uuid=uuid, on=DAY)
    set_openings(store, line_uuid=draft.uuid, openings=[], since=DAY)
    assert line_warnings(store, DAY)[-1] == "还没有排值班，排班表上不写值班教师"


@pytest.fixture
def planned(store):
    """`planned(child, starts, ends, line, occasion)` puts one call into the plan as a bare row."""

    def put(child, starts, ends, line, occasion=None):
        row = {
            "uuid": new_uuid(),
            "child_id": store.one("SELECT id FROM child WHERE name = ?", (child,))[0],
            "call_line_id": store.one("SELECT id FROM call_line WHERE name = ?", (line,))[0],
            "day": MONDAY.isoformat(),
            "starts": starts,
            "ends": ends,
            "place": 0 if occasion is None else 1,
            "occasion": occasion or new_uuid(),
            "medium": "phone",
            "origin": "hand",
        }
        with store.action("排一个电话", kind="test") as action:
            action.insert(PlannedCallRow, **row)
        return row

    return put


def test_the_file_itself_refuses_a_slot_twice_and_a_child_twice_in_words(store, who, planned):
    first = planned("谭晓东", "12:20", "12:30", "活动室座机")
    planned("谭小兰", "12:20", "12:30", "活动室座机", first["occasion"])
    for starts, ends in (("12:20", "12:30"), ("12:25", "12:35")):
        with refused("calls.slot_taken"):
            planned("罗诗涵", starts, ends, "活动室座机")
    with refused("calls.child_twice"):
        planned("谭晓东", "12:25", "12:45", "视频电脑")
    planned("罗诗涵", "12:30", "12:40", "活动室座机")
    assert planned_after(store, who.lines["活动室座机"], DAY) == 2
    assert planned_after(store, who.lines["活动室座机"], WEDNESDAY) == 0


def test_a_number_on_two_lines_counts_as_one_telephone(store, who):
    other = LineDraft(name="门卫电话", kind=LineKind.ROOM_PHONE, number="0743-7654321")
    save_line(store, draft=other, since=DAY)
    hours = [OpeningDraft(weekday=1, starts="12:50", ends="13:10", slot_minutes=10)]
    set_openings(store, line_uuid=other.uuid, openings=hours, since=DAY)
    assert "号码一样，周一 12:50–13:00 同时开放" in line_warnings(store, DAY)[0]
    closed = {one.starts: one.closed for one in slots(store, MONDAY, MONDAY) if one.line == "门卫电话"}
    assert closed == {"12:50": "和活动室座机是同一部电话", "13:00": ""}
    save_line(store, draft=replace(other, number="0743-7654322"), since=DAY)
    assert line_warnings(store, DAY) == ()
