"""The spans of time in which a cadence wants something done: school weeks, months, terms (decisions.md §1.4). Pure.

A week is Monday to Sunday; it counts when at least three of its days are school days, a month when at least ten are.
What lies in between (holidays, a week with one or two days of school) stretches the span that comes after it: what is
done there counts for it, and nothing falls due there. A span ends, and its due date is, with the last week in it that
has school.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from msgspec import Struct

from app.school.calendar import SchoolCalendar, Term, monday_of
from app.todo.codes import Per

WEEK_COUNTS_FROM = 3  # school days: more than half of an ordinary week
MONTH_COUNTS_FROM = 10  # school days (decisions.md §1.4)
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


class Span(Struct, frozen=True):
    """One span: records of [``first``, ``last``] count for it; ``core`` is where it begins but for what it stretches over.

    ``last`` is its due date too. ``days`` are the school days in it.
    """

    first: date
    core: date
    last: date
    days: tuple[date, ...]


class Spans(Struct, frozen=True):
    """The spans of one kind in order, with their first days as text for quick looking up."""

    spans: tuple[Span, ...]
    firsts: tuple[str, ...]

    def at(self, day: str) -> int:
        """Return the place of the span that holds an ISO day; -1 before the first."""
        return bisect_right(self.firsts, day) - 1

    def holding(self, day: date) -> int:
        """Return the place of the span that ``day`` lies in, or of the next one; the last one after all."""
        for place, span in enumerate(self.spans):
            if day <= span.last:
                return place
        return len(self.spans) - 1


class SchoolSpans:
    """The spans of the terms around a day: from the first day of the term in force to the end of the next term."""

    def __init__(self, calendar: SchoolCalendar, day: date) -> None:
        self.term = calendar.term_in_force(day)
        self._terms = (self.term, _next_term(calendar, self.term))
        self._days = {term: _school_days(calendar, term) for term in self._terms}
        self._weeks = {term: _weeks(self._days[term]) for term in self._terms}
        self._year = calendar.terms_of(self.term.school_year)
        self._calendar = calendar
        self._made: dict[Per, Spans] = {}
        self._stretched: dict[date, date] = {}

    @property
    def weeks(self) -> tuple[date, ...]:
        """Return the Mondays of the weeks that count, of both terms."""
        return tuple(monday for term in self._terms for monday, _ in self._weeks[term])

    def of(self, per: Per) -> Spans:
        """Return the spans of a kind."""
        if per not in self._made:
            spans = tuple(_stretched(list(self._spans(per)), self.term.starts_on))
            self._made[per] = Spans(spans, tuple(span.first.isoformat() for span in spans))
        return self._made[per]

    def first_week_after(self, day: date) -> date | None:
        """Return the Monday of the first full school week after ``day``; None when it is beyond the next term."""
        return next((monday for monday in self.weeks if monday > day), None)

    def is_asked(self, span: Span, per: Per, since: date) -> bool:
        """Tell whether a span is asked of who came before the week of ``since`` (a Monday): wholly, or enough of it."""
        if since <= span.core:
            return True
        if per in (Per.WEEK, Per.FORTNIGHT):
            return False
        return sum(day >= since for day in span.days) >= MONTH_COUNTS_FROM

    def stretched(self, day: date) -> date:
        """Return a due day as it is: put off to the next school day when it lies in a holiday or outside a term."""
        if day not in self._stretched:
            self._stretched[day] = self._put_off(day)
        return self._stretched[day]

    def _put_off(self, day: date) -> date:
        term = self._calendar.term_of(day)
        entered = self._calendar.days.get(day)
        if term is not None and (entered is None or self._calendar.is_school_day(day)):
            return day  # also an ordinary Saturday: a home can be visited then
        for offset in range(1, 120):
            other = day + offset * _DAY
            if self._calendar.is_school_day(other):
                return other
        return day

    def _spans(self, per: Per) -> Iterator[Span]:
        for term in self._terms:
            days, weeks = self._days[term], self._weeks[term]
            if per is Per.WEEK:
                yield from (_span(monday, monday + 6 * _DAY, days) for monday, _ in weeks)
            elif per is Per.FORTNIGHT:
                for first, second in zip(weeks[::2], [*weeks[1::2], None], strict=False):
                    yield _span(first[0], (second or first)[0] + 6 * _DAY, days)
            elif per is Per.MONTH:
                yield from _months(term, days)
            elif per is Per.TERM and days:
                yield _span(term.starts_on, _end_of_week(days[-1]), days)
        if per is Per.YEAR:
            autumn, spring = self._year
            every = (*_school_days(self._calendar, autumn), *_school_days(self._calendar, spring))
            yield _span(autumn.starts_on, _end_of_week(spring.ends_on), every)


def _next_term(calendar: SchoolCalendar, term: Term) -> Term:
    first, second = calendar.terms_of(term.school_year)
    return second if term.ordinal == first.ordinal else calendar.terms_of(term.school_year + 1)[0]


def _school_days(calendar: SchoolCalendar, term: Term) -> tuple[date, ...]:
    span = (term.ends_on - term.starts_on).days + 1
    days = (term.starts_on + offset * _DAY for offset in range(span))
    return tuple(day for day in days if calendar.is_school_day(day))


def _weeks(days: Iterable[date]) -> tuple[tuple[date, int], ...]:
    counted: dict[date, int] = {}
    for day in days:
        monday = monday_of(day)
        counted[monday] = counted.get(monday, 0) + 1
    return tuple((monday, number) for monday, number in counted.items() if number >= WEEK_COUNTS_FROM)


def _months(term: Term, days: tuple[date, ...]) -> Iterator[Span]:
    for year, month in sorted({(day.year, day.month) for day in days}):
        of_month = [day for day in days if (day.year, day.month) == (year, month)]
        if len(of_month) >= MONTH_COUNTS_FROM:
            first = max(date(year, month, 1), term.starts_on)
            end = date(year + month // 12, month % 12 + 1, 1) - _DAY
            yield _span(first, min(end, _end_of_week(of_month[-1])), days)


def _span(first: date, last: date, days: tuple[date, ...]) -> Span:
    return Span(first, first, last, tuple(day for day in days if first <= day <= last))


def _stretched(spans: list[Span], begin: date) -> Iterator[Span]:
    """Let every span begin where the one before it ended, so that no day lies between."""
    for span in spans:
        yield Span(min(begin, span.first), span.core, span.last, span.days)
        begin = span.last + _DAY


def _end_of_week(day: date) -> date:
    return monday_of(day) + 6 * _DAY
