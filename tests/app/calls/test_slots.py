"""Slots follow from hours, calendar, closures, timetable and duty roster: told exactly, day by day."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.calls.lines import OpeningFacts
from app.calls.queries import line_warnings
from app.calls.service_lines import ClosureDraft, OpeningDraft, close_line, set_openings
from app.calls.slots import HOLIDAYS, slots
from app.core.times import minute_of
from app.school.codes import DayKind
from app.school.duty import Weeks, roster
from app.school.duty_service import SwapDraft, TurnDraft, end_turn, remove_swap, save_swap, save_turn
from app.school.lessons_service import LessonDraft, end_lesson, save_lesson
from app.school.queries import school_calendar
from app.school.service import change_staff
from app.school.service_calendar import clear_day, set_day
from tests.app.calls.conftest import refused

MONDAY = date(2026, 11, 23)
WEDNESDAY = date(2026, 11, 25)
SUNDAY = date(2026, 11, 29)


def test_a_week_of_slots_is_in_order_with_line_medium_and_duty(store):
    week = slots(store, MONDAY, SUNDAY)
    assert len(week) == 5 * 4 + 2
    assert list(week) == sorted(week)
    wednesday = [(one.starts, one.ends, one.line, one.medium.label) for one in week if one.day == WEDNESDAY]
    assert wednesday == [
        ("12:20", "12:30", "活动室座机", "电话"),
        ("12:30", "12:40", "活动室座机", "电话"),
        ("12:40", "12:50", "活动室座机", "电话"),
        ("12:50", "13:00", "活动室座机", "电话"),
        ("16:20", "16:40", "视频电脑", "视频"),
        ("16:40", "17:00", "视频电脑", "视频"),
    ]
    assert {one.duty for one in week if one.day == MONDAY} == {"王秀芬"}
    assert {one.closed for one in week} == {""}


@given(
    starts=st.integers(min_value=0, max_value=1400),
    length=st.integers(min_value=1, max_value=39),
    minutes=st.integers(min_value=1, max_value=40),
)
def test_slots_of_an_opening_touch_and_leave_less_than_one_slot(starts, length, minutes):
    ends = starts + length
    clock = [f"{at // 60:02d}:{at % 60:02d}" for at in (starts, ends)]
    found = OpeningFacts(uuid="", weekday=1, starts=clock[0], ends=clock[1], slot_minutes=minutes).times
    edges = [starts, *(minute_of(end) for _, end in found)]
    assert [minute_of(start) for start, _ in found] == edges[:-1]
    assert all(end - start == minutes for start, end in pairwise(edges))
    assert 0 <= ends - edges[-1] < minutes


def test_holidays_closures_and_the_weeks_between_the_terms_say_why(store, who):
    set_day(store, day=MONDAY, kind=DayKind.HOLIDAY, name="校庆")
    close_line(
        store,
        draft=ClosureDraft(
            line_uuid=who.lines["活动室座机"],
            first=WEDNESDAY,
            last=WEDNESDAY,
            starts="12:30",
            ends="12:45",
            reason="开会",
        ),
    )
    week = slots(store, MONDAY, SUNDAY)
    assert {one.closed for one in week if one.day == MONDAY} == {"校庆"}
    told = [one.closed for one in week if one.day == WEDNESDAY]
    assert told == ["", "开会", "开会", "", "", ""]
    close_line(store, draft=ClosureDraft(first=WEDNESDAY, last=WEDNESDAY, reason="停电"))
    everywhere = {one.closed for one in slots(store, WEDNESDAY, WEDNESDAY)}
    assert everywhere == {"停电", "开会"}
    term = school_calendar(store).term_of(MONDAY)
    after = term.ends_on + timedelta(days=3)
    assert {one.closed for one in slots(store, after, after)} == {HOLIDAYS}


def test_a_moved_school_day_has_the_hours_it_makes_up_for(store, who):
    saturday = date(2026, 11, 28)
    set_day(store, day=saturday, kind=DayKind.SCHOOL_DAY, name="调休上课")
    moved = slots(store, saturday, saturday)
    assert {one.line for one in moved} == {"活动室座机"}, "the phone is open alike on all five days"
    assert {one.duty for one in moved} == {"王秀芬"}
    assert line_warnings(store, MONDAY) == (
        (
            "11-28（周六）上课，没有写补周几，视频电脑那天不开放："
            "请到设置的「学期与假期」把那天的名称写成「补周三」的样子"
        ),
    )
    set_day(store, day=saturday, kind=DayKind.SCHOOL_DAY, name="补周三的课")
    assert line_warnings(store, MONDAY) == ()
    assert {one.line for one in slots(store, saturday, saturday)} == {"活动室座机", "视频电脑"}
    own = [OpeningDraft(weekday=6, starts="09:00", ends="09:20", slot_minutes=10)]
    set_openings(store, line_uuid=who.lines["活动室座机"], openings=own, since=date(2026, 11, 21))
    set_day(store, day=saturday, kind=DayKind.SCHOOL_DAY, name="调休上课")
    assert [one.starts for one in slots(store, saturday, saturday)] == ["09:00", "09:10"]
    clear_day(store, day=saturday)
    assert [one.closed for one in slots(store, saturday, saturday)] == ["", ""], (
        "open on Saturdays by its own hours"
    )


def test_a_class_is_not_called_out_of_a_marked_lesson(store, who):
    math = LessonDraft(
        name="数学", starts="12:40", ends="13:20", class_uuid=who.classes[0], weekday=3, kept_free=True
    )
    save_lesson(store, draft=math, since=MONDAY)
    noon = LessonDraft(name="午休", starts="12:50", ends="14:00", kept_free=True)
    save_lesson(store, draft=noon, since=WEDNESDAY)
    free = LessonDraft(name="课外活动", starts="16:00", ends="17:00", kept_free=False)
    save_lesson(store, draft=free, since=MONDAY)
    first, second = who.class_ids
    day = slots(store, WEDNESDAY, WEDNESDAY)
    assert [one.lesson_of(first) for one in day] == ["", "", "数学", "数学", "", ""]
    assert [one.lesson_of(second) for one in day] == ["", "", "", "午休", "", ""]
    assert [one.lesson_of(None) for one in day] == ["", "", "", "午休", "", ""]
    assert {one.lesson_of(second) for one in slots(store, MONDAY, MONDAY)} == {""}
    end_lesson(store, uuid=noon.uuid, on=WEDNESDAY)
    assert [one.lesson_of(second) for one in slots(store, WEDNESDAY, WEDNESDAY)] == [""] * 6
    with refused("calls.time_bad"):
        save_lesson(store, draft=replace(math, starts="中午"), since=MONDAY)
    with refused("school.no_name"):
        save_lesson(store, draft=replace(math, name=""), since=MONDAY)


def test_turns_by_odd_and_even_weeks_and_somebody_who_stands_in(store, who):
    thursday, next_thursday = date(2026, 11, 26), date(2026, 12, 3)
    calendar = school_calendar(store)
    odd = calendar.week_of(thursday).number % 2 == 1
    for turn in store.rows("SELECT uuid FROM duty_turn WHERE weekday = 4"):
        end_turn(store, uuid=turn[0], on=MONDAY)
    for name, weeks in (("李国平", Weeks.ODD), ("周晓燕", Weeks.EVEN)):
        save_turn(store, draft=TurnDraft(staff_uuid=who.staff[name], weekday=4, weeks=weeks), since=MONDAY)
    expected = ["李国平", "周晓燕"] if odd else ["周晓燕", "李国平"]
    got = [slots(store, day, day)[0].duty for day in (thursday, next_thursday)]
    assert got == expected
    swap = SwapDraft(
        day=thursday, staff_uuid=who.staff["王秀芬"], instead_uuid=who.staff[expected[0]], reason="培训"
    )
    save_swap(store, draft=swap)
    one = slots(store, thursday, thursday)[0]
    assert (one.duty, one.instead_of) == ("王秀芬", expected[0])
    with refused("duty.swap_twice"):
        other = SwapDraft(
            day=thursday, staff_uuid=who.staff[expected[1]], instead_uuid=who.staff[expected[0]]
        )
        save_swap(store, draft=other)
    with refused("duty.same"):
        save_swap(store, draft=replace(swap, instead_uuid=swap.staff_uuid))
    remove_swap(store, uuid=swap.uuid)
    assert slots(store, thursday, thursday)[0].duty == expected[0]


def test_two_on_duty_at_once_each_see_to_a_line_or_are_both_named(store, who):
    save_turn(store, draft=TurnDraft(staff_uuid=who.staff["周晓燕"], weekday=3), since=MONDAY)
    own = slots(store, WEDNESDAY, WEDNESDAY)
    names = [one.staff for one in roster(store).on(WEDNESDAY, "12:20", "12:30")]
    assert len(names) == 2
    assert {(one.line, one.duty) for one in own} == {("活动室座机", names[0]), ("视频电脑", names[1])}
    close = [OpeningDraft(weekday=4, starts="16:20", ends="17:00", slot_minutes=20)]
    set_openings(store, line_uuid=who.lines["视频电脑"], openings=close, since=MONDAY)
    alone = slots(store, WEDNESDAY, WEDNESDAY)
    assert {one.duty for one in alone} == {"、".join(names)}, "one line is open: both see to it"
    assert {one.duty_uuid for one in alone} == {who.staff[names[0]]}
    instead = SwapDraft(
        day=WEDNESDAY, staff_uuid=who.staff["李国平"], instead_uuid=who.staff[names[1]], reason="培训"
    )
    save_swap(store, draft=instead)
    assert {one.duty for one in slots(store, WEDNESDAY, WEDNESDAY)} == {f"{names[0]}、李国平（代班）"}


def test_who_has_left_is_on_duty_no_more(store, who):
    change_staff(store, uuid=who.staff["王秀芬"], left_on=WEDNESDAY.isoformat())
    assert slots(store, MONDAY, MONDAY)[0].duty == "王秀芬"
    friday = date(2026, 11, 27)
    assert slots(store, friday, friday)[0].duty == ""


def test_who_stands_in_has_the_hours_of_whom_they_stand_in_for(store, who):
    for turn in store.rows("SELECT uuid FROM duty_turn WHERE weekday = 3"):
        end_turn(store, uuid=turn[0], on=MONDAY)
    noon = TurnDraft(staff_uuid=who.staff["李国平"], weekday=3, starts="12:00", ends="13:30")
    save_turn(store, draft=noon, since=MONDAY)
    swap = SwapDraft(day=WEDNESDAY, staff_uuid=who.staff["王秀芬"], instead_uuid=who.staff["李国平"])
    save_swap(store, draft=swap)
    told = {one.line: (one.duty, one.instead_of) for one in slots(store, WEDNESDAY, WEDNESDAY)}
    assert told == {"活动室座机": ("王秀芬", "李国平"), "视频电脑": ("", "")}
    more = SwapDraft(day=WEDNESDAY, staff_uuid=who.staff["周晓燕"], starts="16:00", ends="17:00")
    save_swap(store, draft=more)
    told = {one.line: one.duty for one in slots(store, WEDNESDAY, WEDNESDAY)}
    assert told == {"活动室座机": "王秀芬", "视频电脑": "周晓燕"}
