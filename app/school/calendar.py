"""Terms, school weeks and school days: generated from the date, every row editable.

A week is Monday to Sunday; week 1 is the one that holds the term's first day. A school year Y runs
from its start row to the next one's; the first term is the autumn one (domain.md §9.3).
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache

from msgspec import Struct, field

from app.school.codes import DayKind
from app.school.rules import SchoolYears

_ORDINALS = {1: "第一学期", 2: "第二学期"}
_SEASONS = {1: "秋季", 2: "春季"}
_FRIDAY = 4
_WEEKDAYS = "一二三四五六日"
_INSTEAD_OF = re.compile(r"由 (\d{4}-\d\d-\d\d) 调休")
_WEEK = timedelta(days=7)


class Term(Struct, frozen=True, order=True):
    """One term: first and last school day. ``uuid`` is "" and ``id`` 0 while it is only the generated default."""

    school_year: int
    ordinal: int
    starts_on: date
    ends_on: date
    id: int = 0
    uuid: str = ""

    @property
    def words(self) -> str:
        """Return 2026—2027学年第一学期（秋季）."""
        return f"{self.school_year}—{self.school_year + 1}学年{_ORDINALS[self.ordinal]}（{_SEASONS[self.ordinal]}）"

    @property
    def short_words(self) -> str:
        """Return 2026学年第一学期, where there is little room: the same name as the long one."""
        return f"{self.school_year}学年{_ORDINALS[self.ordinal]}"

    @property
    def season(self) -> str:
        """Return 2026年秋季: the term as everybody calls it, by the year it begins in."""
        return f"{self.school_year + self.ordinal - 1}年{_SEASONS[self.ordinal]}"

    @property
    def weeks(self) -> int:
        """Return how many school weeks the term has."""
        return (monday_of(self.ends_on) - monday_of(self.starts_on)).days // 7 + 1


class CalendarDay(Struct, frozen=True):
    """A day that is not what its weekday says."""

    day: date
    kind: DayKind
    name: str
    uuid: str = ""


class SchoolWeek(Struct, frozen=True):
    """第 ``number`` 周 of a term; the first and the last may be cut by the term."""

    term: Term
    number: int
    monday: date

    @property
    def sunday(self) -> date:
        """Return the last day of the week."""
        return self.monday + timedelta(days=6)

    @property
    def words(self) -> str:
        """Return 第 12 周."""
        return f"第 {self.number} 周"


class SchoolCalendar(Struct, frozen=True):
    """The school's days: years and terms as entered, the default where nothing is entered."""

    years: SchoolYears = field(default_factory=SchoolYears)
    terms: tuple[Term, ...] = ()
    days: Mapping[date, CalendarDay] = field(default_factory=dict)

    def terms_of(self, school_year: int) -> tuple[Term, Term]:
        """Return both terms of a school year, generated where no row is."""
        entered = {term.ordinal: term for term in self.terms if term.school_year == school_year}
        if len(entered) < 2:
            entered = {term.ordinal: term for term in default_terms(school_year, self.years)} | entered
        return entered[1], entered[2]

    def term_of(self, day: date) -> Term | None:
        """Return the term that holds ``day``; None in the holidays between."""
        year = self.years.year_of(day)
        for school_year in (year, year - 1, year + 1):
            for term in self.terms_of(school_year):
                if term.starts_on <= day <= term.ends_on:
                    return term
        return None

    def term_in_force(self, day: date) -> Term:
        """Return the term that holds ``day``, or the last one before it: whose head counts are valid."""
        year = self.years.year_of(day)
        begun = [
            term
            for other in (year - 1, year, year + 1)
            for term in self.terms_of(other)
            if term.starts_on <= day
        ]
        return max(begun, key=lambda term: term.starts_on)

    def term_nearest(self, day: date) -> Term:
        """Return the term that holds ``day``; in the holidays the one whose end or beginning is nearer."""
        year = self.years.year_of(day)
        terms = [term for other in (year - 1, year, year + 1) for term in self.terms_of(other)]
        return min(terms, key=lambda term: max(term.starts_on - day, day - term.ends_on, timedelta()))

    def week_of(self, day: date) -> SchoolWeek | None:
        """Return the school week that holds ``day``; None when no day of that week lies in a term."""
        monday = monday_of(day)
        for other in (day, monday, monday + timedelta(days=6)):
            term = self.term_of(other)
            if term is not None:
                number = (monday - monday_of(term.starts_on)).days // 7 + 1
                return SchoolWeek(term, number, monday)
        return None

    def is_school_day(self, day: date) -> bool:
        """Tell whether there is school: a weekday or a 调休 day inside a term, and no holiday."""
        if self.term_of(day) is None:
            return False
        entered = self.days.get(day)
        if entered is not None:
            return entered.kind is DayKind.SCHOOL_DAY
        return day.weekday() <= _FRIDAY

    def weeks_of(self, term: Term) -> tuple[SchoolWeek, ...]:
        """Return the school weeks of a term in order."""
        first = monday_of(term.starts_on)
        return tuple(SchoolWeek(term, number + 1, first + number * _WEEK) for number in range(term.weeks))


def monday_of(day: date) -> date:
    """Return the Monday of the week that holds ``day``."""
    return day - timedelta(days=day.weekday())


def default_terms(school_year: int, years: SchoolYears) -> tuple[Term, Term]:
    """Return the usual terms of a school year, until the school enters its own.

    The winter holidays lie around the Spring Festival: the first term ends on the last Friday
    that is at least 12 days before it, the second begins on the first Monday at least 13 days
    after it and ends on the last Friday up to 7 July. (So it was in most counties in 2024, 2025
    and 2026; the days are data, the school edits them.)
    """
    festival = spring_festival(school_year + 1)
    before = festival - timedelta(days=12)
    winter_end = before - timedelta(days=(before.weekday() - _FRIDAY) % 7)
    after = festival + timedelta(days=13)
    spring_start = after + timedelta(days=-after.weekday() % 7)
    july = date(school_year + 1, 7, 7)
    summer_start = july - timedelta(days=(july.weekday() - _FRIDAY) % 7)
    return (
        Term(school_year, 1, years.start_of(school_year), winter_end),
        Term(school_year, 2, spring_start, summer_start),
    )


@cache
def spring_festival(year: int) -> date:
    """Return the first day of the lunar year (春节) in ``year``; 5 February, its middle, after 2099."""
    import holidays

    china = holidays.country_holidays("CN", years=year, language="zh_CN")
    return min((day for day, words in china.items() if words.startswith("春节")), default=date(year, 2, 5))


def public_holidays(years: Iterable[int]) -> tuple[CalendarDay, ...]:
    """Return the holidays and the moved working days of China in the calendar years ``years``.

    Days moved by the State Council (调休) are known only for years it has announced; for later
    years the statutory days stand alone. Weekend days without a name are left out. A day worked
    instead says whose weekday it makes up for: 调休上课，补周三.
    """
    import holidays

    wanted = sorted(set(years))
    china = holidays.country_holidays("CN", years=wanted, language="zh_CN")
    found: list[CalendarDay] = []
    named = "放假"
    made_up: dict[date, str] = {}
    for day, words in sorted(china.items()):
        moved = words.startswith("休息日")
        instead = _INSTEAD_OF.search(words)
        if instead is not None:
            made_up[date.fromisoformat(instead[1])] = f"，补周{_WEEKDAYS[day.weekday()]}"
        named = named if moved else words.partition("（")[0].replace("农历除夕", "春节")
        found.append(CalendarDay(day, DayKind.HOLIDAY, f"{named}调休" if moved else named))
    found.extend(
        CalendarDay(day, DayKind.SCHOOL_DAY, f"调休上课{made_up.get(day, '')}")
        for day in china.weekend_workdays
        if day.year in wanted
    )
    return tuple(sorted(found, key=lambda entry: entry.day))
