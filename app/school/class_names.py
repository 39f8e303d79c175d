"""Reading a class from what people write: 三（2）班, 3.2, 302, 三年级二班, 初一2班, 2024级2班, 三年级."""

import re
from datetime import date

from msgspec import Struct

from app.core.text import normalise_cell, pattern
from app.school.codes import Stage
from app.school.rules import LAST_GRADE, ClassRef, SchoolShape, SchoolYears, ref_in_grade

_DIGITS = {numeral: value for value, numeral in enumerate("〇一二三四五六七八九")} | {"两": 2, "零": 0}
_GRADE = r"(?P<grade>[1-9一二三四五六七八九])"
_NUMBER = r"\(?(?P<number>[0-9]{1,2}|[〇零一二两三四五六七八九十]{1,3})\)?"
_STAGE = "(?P<stage>小学|初中|小|初)?"

# What may stand in a class cell. Brackets are round and spaces gone by then.
_COHORT = rf"{_STAGE}(?P<year>(?:19|20)?[0-9]{{2}})级(?:{_NUMBER}班?)?"
_DIGITS_ONLY = r"0?(?P<grade>[1-9])(?P<number>0[1-9]|[1-9][0-9])班?"
_GRADE_AND_NUMBER = rf"{_STAGE}{_GRADE}(?:年级|年)?[-.·/、—–_]?{_NUMBER}班?"
_GRADE_ALONE = rf"{_STAGE}{_GRADE}(?:年级|年)?(?:\(\)班?)?"
_AS_DATE = r"(?P<grade>[1-9])月(?P<number>[1-9]|[12][0-9])日"
_NUMBER_ALONE = rf"{_NUMBER}班?"
_TIDY = str.maketrans(
    {
        "（": "(",
        "）": ")",
        "[": "(",
        "]": ")",
        "【": "(",
        "】": ")",
        "［": "(",
        "］": ")",
        "〔": "(",
        "〕": ")",
        "級": "级",
    }
    | {"－": "-", "．": ".", "。": ".", "／": "/", "•": "·", "﹣": "-", "‐": "-", "‑": "-"}
)


class ClassReading(Struct, frozen=True):
    """What a class cell says. ``ref`` None = not understood; ``doubt`` = understood, but look at it.

    ``doubt`` is "maybe_date" where Excel may have turned 3-1 into 3月1日.
    """

    ref: ClassRef | None
    doubt: str | None = None


def parse_class_name(
    text: str, day: date, years: SchoolYears, shape: SchoolShape, *, grade_text: str = ""
) -> ClassRef | None:
    """Return the class that ``text`` means on ``day``; None when it is not understood or not one of this school.

    ``grade_text`` is the content of a separate 年级 column; ``text`` then may be only a number
    (2, 2班, （2）班) or empty.
    """
    return read_class_name(text, day, years, shape, grade_text=grade_text).ref


def read_class_name(
    text: str, day: date, years: SchoolYears, shape: SchoolShape, *, grade_text: str = ""
) -> ClassReading:
    """Return what a class cell says, with the doubt that belongs to it. See ``parse_class_name``."""
    cell, grade_cell = _tidy(text), _tidy(grade_text)
    if grade_cell:
        whole = _with_grade_column(cell, grade_cell, day, years, shape)
        if whole is not None:
            return ClassReading(whole)
    cohort = pattern(_COHORT).fullmatch(cell)
    if cohort:
        return ClassReading(_of_cohort(cohort, shape))
    for shape_of in (_DIGITS_ONLY, _GRADE_AND_NUMBER, _GRADE_ALONE):
        found = pattern(shape_of).fullmatch(cell)
        if found:
            return ClassReading(_in_grade(found, day, years, shape))
    as_date = pattern(_AS_DATE).fullmatch(cell)
    if as_date:
        return ClassReading(_in_grade(as_date, day, years, shape), "maybe_date")
    return ClassReading(None)


def parse_grade(text: str, shape: SchoolShape) -> int | None:
    """Return the grade that a 年级 cell means (三年级, 3, 初一, 七年级); None when it is none of this school."""
    found = pattern(_GRADE_ALONE).fullmatch(_tidy(text))
    return _grade(found, shape) if found else None


def _tidy(text: str) -> str:
    return "".join(normalise_cell(text).translate(_TIDY).split()).removesuffix(".0")


def _with_grade_column(
    cell: str, grade_cell: str, day: date, years: SchoolYears, shape: SchoolShape
) -> ClassRef | None:
    """Read a row with a 年级 and a 班级 column; None when the class cell speaks for itself."""
    alone = pattern(_NUMBER_ALONE).fullmatch(cell) if cell else None
    if cell and not alone:
        return None
    number = _number(alone) if alone else 0
    if number is None:
        return None
    cohort = pattern(_COHORT).fullmatch(grade_cell)
    if cohort and not cohort["number"]:
        base = _of_cohort(cohort, shape)
        return ClassRef(base.stage, base.entering_year, number) if base else None
    grade = parse_grade(grade_cell, shape)
    return None if grade is None else ref_in_grade(grade, number, day, years, shape)


def _of_cohort(found: re.Match[str], shape: SchoolShape) -> ClassRef | None:
    year = int(found["year"])
    if year < 100:
        year += 2000
    word = found["stage"] or ""
    if word:
        stage = Stage.PRIMARY if word.startswith("小") else Stage.JUNIOR
        if stage not in shape.stages:
            return None
    elif len(shape.stages) > 1:
        return None  # 2024级 alone does not say which of the two stages
    else:
        stage = shape.stages[0]
    number = _number(found)
    if not 1990 <= year <= 2200 or number is None:
        return None
    return ClassRef(stage, year, number)


def _in_grade(found: re.Match[str], day: date, years: SchoolYears, shape: SchoolShape) -> ClassRef | None:
    grade, number = _grade(found, shape), _number(found)
    if grade is None or number is None:
        return None
    return ref_in_grade(grade, number, day, years, shape)


def _grade(found: re.Match[str], shape: SchoolShape) -> int | None:
    word = found["grade"]
    grade = int(word) if word.isdigit() else _DIGITS[word]
    stage = found.groupdict().get("stage") or ""
    if stage.startswith("初") and grade < shape.first_grade(Stage.JUNIOR):
        grade += (
            shape.first_grade(Stage.JUNIOR) - 1
        )  # 初一 is grade seven, or six where junior school has four years
    if grade > LAST_GRADE or shape.stage_of(grade) is None:
        return None
    if stage.startswith("小") and shape.stage_of(grade) is not Stage.PRIMARY:
        return None
    return grade


def _number(found: re.Match[str]) -> int | None:
    """Return the class number found, 0 when none is written, None when it is no class number."""
    word = found.groupdict().get("number")
    return _numeral(word) if word else 0


def _numeral(text: str) -> int | None:
    """Return the value of 12, 十二 or 二十 when it can number a class."""
    if text.isascii():
        return int(text) or None
    if "十" not in text:
        return _DIGITS[text] or None if len(text) == 1 else None
    tens, _, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1 or ones == "十":
        return None
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
