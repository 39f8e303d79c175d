"""Grades and classes: a class is the cohort that entered in one year, its grade follows from the date.

Nothing is promoted by hand. Only 确认毕业, 新生入学, 分班/并班 and 留级 are acts (decisions.md §1.5).
"""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from msgspec import Struct, field

from app.school.codes import SchoolKind, Stage

LAST_GRADE = 9  # compulsory schooling ends with grade nine, whether 六三 or 五四
_NUMERALS = "〇一二三四五六七八九"


class SchoolShape(Struct, frozen=True):
    """Which grades the school has.

    A village primary may stop at grade four; where junior school has four years (五四学制) it
    begins with grade six.
    """

    kind: SchoolKind = SchoolKind.PRIMARY
    primary_grades: int = 6
    junior_grades: int = 3

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Return the stages the school has, lowest first."""
        if self.kind is SchoolKind.NINE_YEAR:
            return (Stage.PRIMARY, Stage.JUNIOR)
        return (Stage.JUNIOR,) if self.kind is SchoolKind.JUNIOR else (Stage.PRIMARY,)

    def first_grade(self, stage: Stage) -> int:
        """Return the grade in which a cohort of ``stage`` begins."""
        return 1 if stage is Stage.PRIMARY else LAST_GRADE + 1 - self.junior_grades

    def last_grade(self, stage: Stage) -> int:
        """Return the last grade of ``stage`` in this school."""
        if stage is Stage.JUNIOR:
            return LAST_GRADE
        if self.kind is SchoolKind.NINE_YEAR:
            return min(self.primary_grades, self.first_grade(Stage.JUNIOR) - 1)
        return self.primary_grades

    def stage_of(self, grade: int) -> Stage | None:
        """Return the stage that holds ``grade``; None when the school has no such grade."""
        for stage in self.stages:
            if self.first_grade(stage) <= grade <= self.last_grade(stage):
                return stage
        return None

    @property
    def grades(self) -> tuple[int, ...]:
        """Return every grade of the school, lowest first."""
        return tuple(
            grade
            for stage in self.stages
            for grade in range(self.first_grade(stage), self.last_grade(stage) + 1)
        )


class SchoolYears(Struct, frozen=True):
    """When each school year begins; a year without a row begins on 1 September."""

    starts: Mapping[int, date] = field(default_factory=dict)

    def start_of(self, year: int) -> date:
        """Return the first day of the school year ``year`` (2026 = 2026—2027学年)."""
        return self.starts.get(year) or date(year, 9, 1)

    def year_of(self, day: date) -> int:
        """Return the school year that holds ``day``."""
        return day.year if self.start_of(day.year) <= day else day.year - 1


class ClassState(StrEnum):
    """Where a class stands on a day."""

    FUTURE = "future"  # its cohort enters in a later school year
    CURRENT = "current"
    AWAITING = "awaiting"  # past its last grade, 确认毕业 not yet done: listed, not counted
    CLOSED = "closed"


class ClassRef(Struct, frozen=True, order=True):
    """Which class is meant: stage, entering year, number (0 = the only one of its grade)."""

    stage: Stage
    entering_year: int
    number: int = 0


class ClassFacts(Struct, frozen=True):
    """One class as it stands on one day.

    ``key`` never changes (2024级2班), ``name`` is what it is called in that school year
    (三（2）班), ``sort`` puts classes in the school's order. ``id`` is the key inside the file.
    """

    id: int
    uuid: str
    key: str
    name: str
    stage: Stage
    entering_year: int
    number: int
    grade: int
    state: ClassState
    closed_on: str | None = None

    @property
    def ref(self) -> ClassRef:
        """Return what the class is, apart from the day."""
        return ClassRef(self.stage, self.entering_year, self.number)

    @property
    def sort(self) -> int:
        """Return the place of the class in the school's order: by grade, then by number."""
        return self.grade * 100 + self.number

    @property
    def counts(self) -> bool:
        """Tell whether its pupils are pupils of the school on that day."""
        return self.state is ClassState.CURRENT


def grade_of(ref: ClassRef, day: date, years: SchoolYears, shape: SchoolShape) -> int:
    """Return the grade of a cohort on ``day``; outside first to last grade when it is not in school then."""
    return years.year_of(day) - ref.entering_year + shape.first_grade(ref.stage)


def state_of(
    ref: ClassRef, day: date, years: SchoolYears, shape: SchoolShape, closed_on: str | None = None
) -> ClassState:
    """Return where a class stands on ``day``; it is closed from ``closed_on`` on."""
    is_closed = closed_on is not None and closed_on <= day.isoformat()
    return _state_in(ref, grade_of(ref, day, years, shape), shape, is_closed=is_closed)


def _state_in(ref: ClassRef, grade: int, shape: SchoolShape, *, is_closed: bool) -> ClassState:
    if is_closed:
        return ClassState.CLOSED
    if grade < shape.first_grade(ref.stage):
        return ClassState.FUTURE
    return ClassState.CURRENT if grade <= shape.last_grade(ref.stage) else ClassState.AWAITING


def leaves_on(ref: ClassRef, years: SchoolYears, shape: SchoolShape) -> date:
    """Return the first day on which the cohort is past its last grade."""
    span = shape.last_grade(ref.stage) - shape.first_grade(ref.stage) + 1
    return years.start_of(ref.entering_year + span)


def ref_in_grade(
    grade: int, number: int, day: date, years: SchoolYears, shape: SchoolShape
) -> ClassRef | None:
    """Return the class that is number ``number`` of ``grade`` on ``day``; None when the school has no such grade."""
    stage = shape.stage_of(grade)
    if stage is None:
        return None
    return ClassRef(stage, years.year_of(day) - grade + shape.first_grade(stage), number)


def grade_words(grade: int) -> str:
    """Return 三年级 for 3."""
    return f"{_NUMERALS[grade]}年级"


def class_key(ref: ClassRef, shape: SchoolShape) -> str:
    """Return 2024级2班, or 2024级 for a grade's only class; in a nine-year school with 小 or 初 before it."""
    both = shape.kind is SchoolKind.NINE_YEAR
    stage = ("小" if ref.stage is Stage.PRIMARY else "初") if both else ""
    return f"{stage}{ref.entering_year}级" + (f"{ref.number}班" if ref.number else "")


def class_name(ref: ClassRef, day: date, years: SchoolYears, shape: SchoolShape) -> str:
    """Return 三（2）班, or 三年级 for a grade's only class; the key when the cohort is not in school on ``day``."""
    return _name_in(ref, grade_of(ref, day, years, shape), shape)


def _name_in(ref: ClassRef, grade: int, shape: SchoolShape) -> str:
    if not shape.first_grade(ref.stage) <= grade <= shape.last_grade(ref.stage):
        return class_key(ref, shape)
    return f"{_NUMERALS[grade]}（{ref.number}）班" if ref.number else grade_words(grade)


def facts_of_class(
    ref: ClassRef,
    day: date,
    years: SchoolYears,
    shape: SchoolShape,
    *,
    id: int = 0,  # the field's name
    uuid: str = "",
    closed_on: str | None = None,
) -> ClassFacts:
    """Return everything that follows about a class on ``day``; without id and uuid it is one not stored yet."""
    grade = grade_of(ref, day, years, shape)
    return ClassFacts(
        id=id,
        uuid=uuid,
        key=class_key(ref, shape),
        name=_name_in(ref, grade, shape),
        stage=ref.stage,
        entering_year=ref.entering_year,
        number=ref.number,
        grade=grade,
        state=_state_in(ref, grade, shape, is_closed=closed_on is not None and closed_on <= day.isoformat()),
        closed_on=closed_on,
    )


def match_class(ref: ClassRef, known: Iterable[ClassFacts]) -> ClassFacts | None:
    """Return the known class that ``ref`` means.

    A grade without a number is that grade's only class, whatever number it has; when the
    grade has several classes nothing is guessed and only an equal number matches.
    """
    cohort = [
        cls
        for cls in known
        if (cls.stage, cls.entering_year) == (ref.stage, ref.entering_year)
        and cls.state is not ClassState.CLOSED
    ]
    for cls in cohort:
        if cls.number == ref.number:
            return cls
    return cohort[0] if ref.number == 0 and len(cohort) == 1 else None
