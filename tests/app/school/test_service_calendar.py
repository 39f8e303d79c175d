"""Terms and days are rows she edits; what she did not enter is generated."""

from datetime import date

import pytest

from app.core.errors import UserError
from app.school.codes import DayKind
from app.school.queries import classes, school_calendar
from app.school.rules import ClassRef, Stage
from app.school.service_calendar import clear_day, prepare_year, set_day, set_term, set_year_start
from app.school.service_classes import ensure_classes


def test_a_school_year_may_begin_on_another_day_and_grades_move_with_it(store):
    with store.action("班级", kind="test") as action:
        ensure_classes(store, action, [ClassRef(Stage.PRIMARY, 2024, 2)], date(2026, 8, 28))
    assert [cls.name for cls in classes(store, date(2026, 8, 28))] == ["二（2）班"]
    set_year_start(store, school_year=2026, starts_on=date(2026, 8, 28))
    assert [cls.name for cls in classes(store, date(2026, 8, 28))] == ["三（2）班"]
    with pytest.raises(UserError):
        set_year_start(store, school_year=2026, starts_on=date(2027, 9, 1))


def test_a_year_without_rows_is_written_when_it_is_edited(store):
    set_year_start(store, school_year=2030, starts_on=date(2030, 8, 31))
    calendar = school_calendar(store)
    assert calendar.years.start_of(2030) == date(2030, 8, 31)
    assert [term.ordinal for term in calendar.terms if term.school_year == 2030] == [1, 2]
    assert any(day.year == 2031 for day in calendar.days)


def test_a_term_is_moved_and_weeks_follow(store):
    set_term(store, school_year=2026, ordinal=1, starts_on=date(2026, 9, 7), ends_on=date(2027, 1, 15))
    calendar = school_calendar(store)
    assert calendar.term_of(date(2026, 9, 1)) is None
    assert calendar.week_of(date(2026, 9, 7)).number == 1
    assert calendar.week_of(date(2026, 11, 21)).number == 11


@pytest.mark.parametrize(
    ("first", "last", "key"),
    [
        (date(2027, 1, 15), date(2026, 9, 1), "school.term_dates"),
        (date(2026, 9, 1), date(2027, 3, 1), "school.term_overlap"),
        (date(2026, 7, 1), date(2027, 1, 15), "school.term_overlap"),
    ],
)
def test_impossible_terms_are_refused(store, first, last, key):
    with pytest.raises(UserError) as refused:
        set_term(store, school_year=2026, ordinal=1, starts_on=first, ends_on=last)
    assert refused.value.key == key


def test_days_are_entered_changed_and_cleared(store):
    day = date(2026, 11, 20)
    assert school_calendar(store).is_school_day(day)
    set_day(store, day=day, kind=DayKind.HOLIDAY, name="校运会补休")
    assert not school_calendar(store).is_school_day(day)
    set_day(store, day=day, kind=DayKind.SCHOOL_DAY, name="")
    entry = school_calendar(store).days[day]
    assert (entry.kind, entry.name) == (DayKind.SCHOOL_DAY, "调休上课")
    clear_day(store, day=day)
    assert day not in school_calendar(store).days
    assert not clear_day(store, day=day)


def test_preparing_a_year_keeps_days_that_were_entered(store):
    new_year = date(2029, 1, 1)
    set_day(store, day=new_year, kind=DayKind.SCHOOL_DAY, name="上课")
    prepare_year(store, school_year=2028)
    assert school_calendar(store).days[new_year].kind is DayKind.SCHOOL_DAY
    assert not prepare_year(store, school_year=2028)
