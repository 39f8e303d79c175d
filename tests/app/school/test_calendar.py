"""Terms, weeks and school days, generated and entered."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.school.calendar import (
    CalendarDay,
    SchoolCalendar,
    Term,
    default_terms,
    monday_of,
    public_holidays,
    spring_festival,
)
from app.school.codes import DayKind
from app.school.rules import SchoolYears

PLAIN = SchoolCalendar()
days = st.dates(date(2000, 1, 1), date(2120, 12, 31))


@pytest.mark.parametrize(
    ("year", "winter_end", "spring_start", "summer_start"),
    [
        (2023, "2024-01-26", "2024-02-26", "2024-07-05"),
        (2024, "2025-01-17", "2025-02-17", "2025-07-04"),
        (2025, "2026-01-30", "2026-03-02", "2026-07-03"),
        (2026, "2027-01-22", "2027-02-22", "2027-07-02"),
    ],
)
def test_default_terms_lie_around_the_spring_festival(year, winter_end, spring_start, summer_start):
    first, second = default_terms(year, SchoolYears())
    assert (first.starts_on, first.ends_on.isoformat()) == (date(year, 9, 1), winter_end)
    assert (second.starts_on.isoformat(), second.ends_on.isoformat()) == (spring_start, summer_start)


def test_words_of_a_term():
    first, second = PLAIN.terms_of(2026)
    assert first.words == "2026—2027学年第一学期（秋季）"
    assert second.words == "2026—2027学年第二学期（春季）"
    assert second.short_words == "2026学年第二学期"


def test_the_week_of_a_day():
    week = PLAIN.week_of(date(2026, 11, 21))
    assert (week.number, week.monday, week.sunday) == (12, date(2026, 11, 16), date(2026, 11, 22))
    assert week.words == "第 12 周"
    assert PLAIN.week_of(date(2026, 8, 31)).number == 1  # the Monday before the first day belongs to its week
    assert PLAIN.week_of(date(2026, 8, 30)) is None
    assert PLAIN.week_of(date(2027, 2, 6)) is None


def test_school_days_know_holidays_and_moved_days():
    calendar = SchoolCalendar(days={entry.day: entry for entry in public_holidays([2026])})
    assert not calendar.is_school_day(date(2026, 10, 5))
    assert calendar.is_school_day(date(2026, 10, 10))  # a Saturday worked for the National Day week
    assert not calendar.is_school_day(date(2026, 10, 11))
    assert not calendar.is_school_day(date(2026, 8, 3))  # summer


def test_names_of_holidays_are_plain():
    entries = {entry.day: entry for entry in public_holidays([2026])}
    assert entries[date(2026, 10, 1)].name == "国庆节"
    assert entries[date(2026, 10, 6)].name == "国庆节调休"
    assert entries[date(2026, 2, 16)].name == "春节"
    moved = CalendarDay(date(2026, 10, 10), DayKind.SCHOOL_DAY, "调休上课，补周三")
    assert entries[moved.day] == moved, "7 October, a Wednesday, is free for it"
    assert list(entries) == sorted(entries)


def test_entered_terms_stand_before_generated_ones():
    entered = Term(2026, 1, date(2026, 8, 31), date(2027, 1, 15), id=3, uuid="u")
    calendar = SchoolCalendar(SchoolYears({2026: date(2026, 8, 31)}), (entered,))
    assert calendar.term_of(date(2026, 8, 31)) == entered
    assert calendar.term_of(date(2027, 1, 20)) is None
    assert calendar.term_in_force(date(2027, 1, 20)) == entered
    assert calendar.terms_of(2026)[1].uuid == ""


def test_the_spring_festival_of_known_years():
    assert [spring_festival(year) for year in (2024, 2025, 2026, 2027)] == [
        date(2024, 2, 10),
        date(2025, 1, 29),
        date(2026, 2, 17),
        date(2027, 2, 6),
    ]
    assert spring_festival(2150) == date(2150, 2, 5)


@given(days)
def test_every_day_has_a_term_in_force_that_began(day):
    term = PLAIN.term_in_force(day)
    assert term.starts_on <= day
    holding = PLAIN.term_of(day)
    assert holding is None or holding == term
    week = PLAIN.week_of(day)
    if week is not None:
        assert week.monday == monday_of(day)
        assert 1 <= week.number <= week.term.weeks
        assert PLAIN.weeks_of(week.term)[week.number - 1] == week
    else:
        assert not PLAIN.is_school_day(day)


@given(st.integers(1991, 2120))
def test_generated_terms_never_overlap_and_are_about_twenty_weeks(year):
    first, second = default_terms(year, SchoolYears())
    after = default_terms(year + 1, SchoolYears())[0]
    assert first.starts_on < first.ends_on < second.starts_on < second.ends_on < after.starts_on
    assert 15 <= first.weeks <= 24
    assert 15 <= second.weeks <= 24
    assert second.starts_on - first.ends_on > timedelta(days=20)
