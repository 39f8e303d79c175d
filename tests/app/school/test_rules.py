"""Grades follow from the date; nobody is promoted by hand."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.school.codes import SchoolKind, Stage
from app.school.rules import (
    ClassRef,
    ClassState,
    SchoolShape,
    SchoolYears,
    class_name,
    facts_of_class,
    grade_of,
    leaves_on,
    match_class,
    ref_in_grade,
    state_of,
)

PRIMARY = SchoolShape()
FOUR = SchoolShape(SchoolKind.PRIMARY, primary_grades=4)
YEARS = SchoolYears({2026: date(2026, 8, 31), 2027: date(2027, 9, 2)})
REF = ClassRef(Stage.PRIMARY, 2024, 2)


def test_the_grade_moves_on_the_day_the_school_year_starts():
    assert class_name(REF, date(2026, 8, 30), YEARS, PRIMARY) == "二（2）班"
    assert class_name(REF, date(2026, 8, 31), YEARS, PRIMARY) == "三（2）班"
    assert class_name(REF, date(2027, 9, 1), YEARS, PRIMARY) == "三（2）班"
    assert class_name(REF, date(2027, 9, 2), YEARS, PRIMARY) == "四（2）班"


def test_a_year_without_a_row_starts_on_the_first_of_september():
    assert YEARS.year_of(date(2030, 8, 31)) == 2029
    assert YEARS.year_of(date(2030, 9, 1)) == 2030


def test_states_of_a_cohort():
    assert state_of(REF, date(2024, 8, 31), YEARS, PRIMARY) is ClassState.FUTURE
    assert state_of(REF, date(2024, 9, 1), YEARS, PRIMARY) is ClassState.CURRENT
    assert state_of(REF, date(2030, 8, 31), YEARS, PRIMARY) is ClassState.CURRENT
    assert state_of(REF, date(2030, 9, 1), YEARS, PRIMARY) is ClassState.AWAITING
    assert state_of(REF, date(2030, 9, 1), YEARS, PRIMARY, "2030-09-01") is ClassState.CLOSED
    assert state_of(REF, date(2030, 8, 31), YEARS, PRIMARY, "2030-09-01") is ClassState.CURRENT


def test_a_class_outside_its_grades_is_called_by_its_key():
    assert class_name(REF, date(2031, 1, 1), YEARS, PRIMARY) == "2024级2班"
    assert class_name(REF, date(2023, 1, 1), YEARS, PRIMARY) == "2024级2班"


def test_a_village_school_with_four_grades():
    assert leaves_on(REF, YEARS, FOUR) == date(2028, 9, 1)
    assert FOUR.stage_of(5) is None
    assert ref_in_grade(5, 1, date(2026, 11, 21), YEARS, FOUR) is None


def test_five_plus_four_years():
    shape = SchoolShape(SchoolKind.NINE_YEAR, 5, 4)
    assert shape.grades == tuple(range(1, 10))
    assert shape.stage_of(6) is Stage.JUNIOR
    assert SchoolShape(SchoolKind.NINE_YEAR, 6, 4).stage_of(6) is Stage.JUNIOR


def test_matching_a_grade_without_number():
    day = date(2026, 11, 21)
    one = facts_of_class(REF, day, YEARS, PRIMARY, id=1)
    other = facts_of_class(ClassRef(Stage.PRIMARY, 2024, 1), day, YEARS, PRIMARY, id=2)
    only = ClassRef(Stage.PRIMARY, 2024, 0)
    assert match_class(only, [one]) is one
    assert match_class(only, [one, other]) is None
    assert match_class(REF, [other, one]) is one
    assert match_class(ClassRef(Stage.PRIMARY, 2025, 2), [one, other]) is None
    closed = facts_of_class(REF, day, YEARS, PRIMARY, id=1, closed_on="2026-11-01")
    assert match_class(REF, [closed]) is None


@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1990, 2110), st.sampled_from([PRIMARY, FOUR])
)
def test_a_cohort_counts_exactly_until_the_day_it_leaves(day, entering, shape):
    ref = ClassRef(Stage.PRIMARY, entering)
    expected = YEARS.start_of(entering) <= day < leaves_on(ref, YEARS, shape)
    assert (state_of(ref, day, YEARS, shape) is ClassState.CURRENT) == expected
    assert grade_of(ref, day + timedelta(days=400), YEARS, shape) >= grade_of(ref, day, YEARS, shape) + 1
