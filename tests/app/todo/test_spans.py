"""School weeks, months and terms as a cadence sees them: holidays stretch, short weeks do not count."""

import itertools
from datetime import date

import pytest

from app.school.calendar import CalendarDay, SchoolCalendar, Term
from app.school.codes import DayKind
from app.todo.codes import Per
from app.todo.rules import State, next_due, state_of, times_asked
from app.todo.spans import SchoolSpans

AUTUMN = Term(2026, 1, date(2026, 9, 1), date(2027, 1, 22))
SPRING = Term(2026, 2, date(2027, 2, 22), date(2027, 7, 2))


def calendar(*holidays):
    days = {
        date.fromisoformat(day): CalendarDay(date.fromisoformat(day), DayKind.HOLIDAY, "放假")
        for day in holidays
    }
    return SchoolCalendar(terms=(AUTUMN, SPRING), days=days)


def spans(per, *holidays, day="2026-11-18"):
    return SchoolSpans(calendar(*holidays), date.fromisoformat(day)).of(per)


WEEK_OFF = [f"2026-10-0{day}" for day in range(5, 10)]


def test_weeks_run_from_monday_to_sunday_and_leave_no_day_between():
    weeks = spans(Per.WEEK).spans
    assert all(span.last.weekday() == 6 for span in weeks)
    assert all((after.first - before.last).days == 1 for before, after in itertools.pairwise(weeks))


def test_a_week_off_belongs_to_the_week_after_it():
    found = spans(Per.WEEK, *WEEK_OFF)
    span = found.spans[found.at("2026-10-07")]
    assert (span.first, span.core, span.last) == (date(2026, 10, 5), date(2026, 10, 12), date(2026, 10, 18))
    assert found.at("2026-10-04") == found.at("2026-10-07") - 1


@pytest.mark.parametrize(("off", "counts"), [(2, True), (3, False)])
def test_a_week_counts_from_three_school_days_on(off, counts):
    found = spans(Per.WEEK, *WEEK_OFF[:off])
    assert (found.spans[found.at("2026-10-08")].last == date(2026, 10, 11)) is counts


@pytest.mark.parametrize(("first_off", "counts"), [(15, True), (14, False)])
def test_a_month_counts_from_ten_school_days_on(first_off, counts):
    # 1 to 14 October 2026 hold ten weekdays; here school stops at the 15th or at the 14th.
    off = [f"2026-10-{day:02}" for day in range(first_off, 32)]
    found = spans(Per.MONTH, *off)
    assert (found.spans[found.at("2026-10-02")].last.month == 10) is counts


def test_nothing_falls_due_in_the_holidays_between_terms():
    for per in (Per.WEEK, Per.MONTH, Per.TERM):
        for span in spans(per, day="2027-01-20").spans:
            assert not date(2027, 1, 25) <= span.last <= date(2027, 2, 27), per


def test_a_due_day_in_a_holiday_is_put_off_and_a_saturday_is_not():
    school = SchoolSpans(calendar(*WEEK_OFF), date(2026, 10, 1))
    assert school.stretched(date(2026, 10, 6)) == date(2026, 10, 12)
    assert school.stretched(date(2026, 11, 14)) == date(2026, 11, 14)
    assert school.stretched(date(2027, 2, 1)) == date(2027, 2, 22)


@pytest.mark.parametrize(
    ("dates", "due", "done"),
    [
        ((), "2026-09-06", 0),  # the term began on the Tuesday of this week
        (("2026-11-05",), "2026-11-15", 0),  # last in the week of 2 November: the one of the 9th is missed
        (("2026-11-12",), "2026-11-22", 0),  # last week was done: this one is next
        (("2026-11-16",), "2026-11-29", 0),
    ],
)
def test_once_a_week(dates, due, done):
    found = next_due(spans(Per.WEEK), 0, 1, dates)
    assert (found.due.isoformat(), found.done) == (due, done)


def test_several_times_a_month_is_due_until_all_are_done():
    months = spans(Per.MONTH)
    assert next_due(months, 0, 3, ("2026-11-12", "2026-11-05", "2026-10-29")).done == 2
    assert next_due(months, 0, 3, ("2026-11-12", "2026-11-05", "2026-11-02")).due == date(2026, 12, 31)
    assert next_due(months, 0, 3, ("2026-10-29", "2026-10-28", "2026-09-28")).due == date(2026, 10, 31)


def test_what_was_missed_before_the_last_time_is_no_debt():
    assert next_due(spans(Per.WEEK), 0, 1, ("2026-11-17",)).due > date(2026, 11, 22)


def test_not_asked_of_is_never_due():
    assert next_due(spans(Per.WEEK), 0, 0, ()) is None


def test_states_end_with_sundays():
    wednesday = date(2026, 11, 18)
    days = ("2026-11-17", "2026-11-18", "2026-11-22", "2026-11-23", "2026-11-29", "2026-11-30")
    assert [state_of(date.fromisoformat(day), wednesday) for day in days] == [
        State.OVERDUE,
        State.THIS_WEEK,
        State.THIS_WEEK,
        State.NEXT_WEEK,
        State.NEXT_WEEK,
        None,
    ]


def test_what_was_asked_counts_spans_that_are_over():
    weeks = spans(Per.WEEK)
    assert times_asked(weeks, 0, 1, date(2026, 9, 5)) == 0
    assert times_asked(weeks, 0, 2, date(2026, 9, 13)) == 4


@pytest.mark.parametrize(
    ("since", "asked"), [("2026-11-23", True), ("2027-06-21", True), ("2027-06-28", False)]
)
def test_a_year_is_asked_for_from_the_middle_on_while_enough_of_it_is_left(since, asked):
    school = SchoolSpans(calendar(), date(2026, 11, 18))
    (year,) = school.of(Per.YEAR).spans
    assert school.is_asked(year, Per.YEAR, date.fromisoformat(since)) is asked
