"""What rosters write in the class column, read back as the class it means."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.school.class_names import parse_class_name, parse_grade, read_class_name
from app.school.codes import SchoolKind, Stage
from app.school.rules import ClassRef, SchoolShape, SchoolYears, class_key, class_name, facts_of_class

DAY = date(2026, 11, 21)
YEARS = SchoolYears()
PRIMARY = SchoolShape()
NINE = SchoolShape(SchoolKind.NINE_YEAR)
JUNIOR = SchoolShape(SchoolKind.JUNIOR)
NUMERALS = "〇一二三四五六七八九"

shapes = st.one_of(
    st.builds(SchoolShape, st.just(SchoolKind.PRIMARY), st.integers(1, 6)),
    st.builds(SchoolShape, st.just(SchoolKind.JUNIOR), st.just(6), st.integers(3, 4)),
    st.sampled_from([NINE, SchoolShape(SchoolKind.NINE_YEAR, 5, 4), SchoolShape(SchoolKind.NINE_YEAR, 6, 4)]),
)
year_starts = st.dictionaries(
    st.integers(2015, 2030), st.tuples(st.integers(8, 9), st.integers(1, 28)), max_size=6
).map(lambda found: SchoolYears({year: date(year, month, day) for year, (month, day) in found.items()}))
days = st.dates(date(2016, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "三（2）班", "三(2)班", "三（2）", "三 （ 2 ） 班", "三［2］班", "三2班", "三二班", "三·2", "三年级2班", "三年级二班",
        "三年级（2）班", "三年级(二)班", "3年级2班", "三年2班", "3.2", "3-2", "3-2班", "3－2班", "３．２", "３（２）班", "302",
        "302班", "0302", "32", "32班", "3/2", "2024级2班", "2024级（2）班", "24级2班", "2024级二班", "２０２４级２班",
        "小三（2）班",
        "小学三年级2班", "小2024级2班", "三【2】",
    ],
)  # fmt: skip
def test_every_way_to_write_class_two_of_grade_three(text):
    assert parse_class_name(text, DAY, YEARS, PRIMARY) == ClassRef(Stage.PRIMARY, 2024, 2)


@pytest.mark.parametrize(
    "text", ["三年级", "三", "3", "3年级", "2024级", "24级", "三年", "3.0", " 三 年 级 "]
)
def test_a_grade_without_a_number_is_its_only_class(text):
    assert parse_class_name(text, DAY, YEARS, PRIMARY) == ClassRef(Stage.PRIMARY, 2024, 0)


@pytest.mark.parametrize(
    ("text", "entering", "number"),
    [("初一2班", 2026, 2), ("初二（3）班", 2025, 3), ("七（2）班", 2026, 2), ("7.2", 2026, 2), ("九年级", 2024, 0),
     ("初三", 2024, 0),
         ("801", 2025, 1), ("初2024级2班", 2024, 2), ("初中八年级1班", 2025, 1), ("七十二班", 2026, 12)],
)  # fmt: skip
def test_junior_classes(text, entering, number):
    expected = ClassRef(Stage.JUNIOR, entering, number)
    assert parse_class_name(text, DAY, YEARS, NINE) == expected
    assert parse_class_name(text, DAY, YEARS, JUNIOR) == expected


@pytest.mark.parametrize(
    "text",
    ["", "班", "2班X", "学前班", "幼儿园大班", "高一（2）班", "十一班", "三（0）班", "三（100）班", "七（1）班", "初一1班",
     "2024届2班", "1889级1班", "张三", "0", "10", "三年级班主任", "2026-09-01", "三（十十）班"],
)  # fmt: skip
def test_what_is_no_class_of_a_primary_school_is_not_guessed(text):
    assert parse_class_name(text, DAY, YEARS, PRIMARY) is None


def test_entering_year_alone_is_not_enough_in_a_nine_year_school():
    assert parse_class_name("2024级2班", DAY, YEARS, NINE) is None
    assert parse_class_name("小2024级2班", DAY, YEARS, NINE) == ClassRef(Stage.PRIMARY, 2024, 2)


def test_a_class_that_excel_turned_into_a_date_is_read_and_doubted():
    reading = read_class_name("3月2日", DAY, YEARS, PRIMARY)
    assert reading.ref == ClassRef(Stage.PRIMARY, 2024, 2)
    assert reading.doubt == "maybe_date"
    assert read_class_name("三（2）班", DAY, YEARS, PRIMARY).doubt is None


@pytest.mark.parametrize(
    ("grade", "text", "number"),
    [("三年级", "2班", 2), ("3", "2", 2), ("三", "（2）班", 2), ("三年级", "", 0),
     ("2024级", "二班", 2), ("三年级", "三（2）班", 2)],
)  # fmt: skip
def test_a_separate_grade_column(grade, text, number):
    found = parse_class_name(text, DAY, YEARS, PRIMARY, grade_text=grade)
    assert found == ClassRef(Stage.PRIMARY, 2024, number)


def test_a_grade_cell():
    assert parse_grade("初二", NINE) == 8
    assert parse_grade("初二", SchoolShape(SchoolKind.JUNIOR, 6, 4)) == 7
    assert parse_grade("７年级", PRIMARY) is None


@given(shapes, year_starts, days, st.data())
def test_name_and_key_read_back_as_the_same_class(shape, years, day, data):
    stage = data.draw(st.sampled_from(shape.stages))
    grade = data.draw(st.integers(shape.first_grade(stage), shape.last_grade(stage)))
    number = data.draw(st.integers(0, 99))
    ref = ClassRef(stage, years.year_of(day) - grade + shape.first_grade(stage), number)
    assert parse_class_name(class_name(ref, day, years, shape), day, years, shape) == ref
    assert parse_class_name(class_key(ref, shape), day, years, shape) == ref
    facts = facts_of_class(ref, day, years, shape)
    assert (facts.grade, facts.ref, facts.counts) == (grade, ref, True)


@given(st.text(max_size=8), days, shapes)
def test_any_text_gives_a_class_of_this_school_or_none(text, day, shape):
    ref = parse_class_name(text, day, YEARS, shape)
    assert ref is None or (ref.stage in shape.stages and 0 <= ref.number <= 99)


@given(shapes, days, st.sampled_from("小初"), st.sampled_from(NUMERALS[1:]), st.integers(1, 20))
def test_a_stage_word_is_never_overruled(shape, day, stage, numeral, number):
    ref = parse_class_name(f"{stage}{numeral}（{number}）班", day, YEARS, shape)
    assert ref is None or ref.stage is (Stage.PRIMARY if stage == "小" else Stage.JUNIOR)
