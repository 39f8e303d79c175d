"""Writing the school's days: school years, terms, holidays and moved working days. One action per function."""

from datetime import date

from app.core.changes import Changes
from app.core.messages import refuse
from app.school.calendar import SchoolCalendar, Term, monday_of
from app.school.codes import DAY_KINDS, DayKind
from app.school.queries import school_calendar
from app.school.service import write_years
from app.school.tables import CalendarDayRow, SchoolYear, TermRow
from app.storage.action import Action
from app.storage.service import service
from app.storage.store import Store

AREAS = frozenset({"school", "calendar"})
_FIRST_YEAR, _LAST_YEAR = 1990, 2200  # what the tables hold


@service
def prepare_year(store: Store, *, school_year: int, by: str | None = None) -> Changes:
    """Write the default terms and holidays of a school year that has no row yet, so that they can be edited."""
    check_year(school_year)
    with store.action(f"准备 {school_year}—{school_year + 1}学年", kind="calendar.year", by=by) as action:
        if _year_row(store, school_year) is None:
            write_years(store, action, [school_year])
        return action.changes(AREAS)


@service
def set_year_start(store: Store, *, school_year: int, starts_on: date, by: str | None = None) -> Changes:
    """Set the day on which a school year begins; every grade moves on that day, so children are touched too."""
    check_year(school_year)
    if starts_on.year != school_year:
        raise refuse("school.year_start", year=school_year)
    with store.action(
        f"{school_year}学年从 {starts_on.isoformat()} 开始", kind="calendar.year", by=by
    ) as action:
        key = _ensure_year(store, action, school_year)
        action.update(SchoolYear, key, starts_on=starts_on.isoformat())
        return action.changes(AREAS | {"children"})


@service
def set_term(
    store: Store, *, school_year: int, ordinal: int, starts_on: date, ends_on: date, by: str | None = None
) -> Changes:
    """Set first and last day of a term. UserError when it would overlap another term or end before it starts."""
    check_year(school_year, ordinal)
    calendar = school_calendar(store)
    _check_term(calendar, Term(school_year, ordinal, starts_on, ends_on))
    words = calendar.terms_of(school_year)[ordinal - 1].words
    with store.action(f"修改学期起止：{words}", kind="calendar.term", by=by) as action:
        ensure_term(store, action, school_year, ordinal)
        row = store.one(
            "SELECT t.uuid FROM term t JOIN school_year y ON y.id = t.school_year_id"
            " WHERE y.start_year = ? AND t.ordinal = ? AND t.deleted_at IS NULL",
            (school_year, ordinal),
        )
        if row is None:
            raise LookupError(f"term {school_year}/{ordinal} was not written")
        action.update(TermRow, row[0], starts_on=starts_on.isoformat(), ends_on=ends_on.isoformat())
        return action.changes(AREAS)


@service
def set_day(store: Store, *, day: date, kind: DayKind, name: str, by: str | None = None) -> Changes:
    """Say that a day is a holiday, or that a weekend day is worked (调休)."""
    row = store.one("SELECT uuid FROM calendar_day WHERE day = ? AND deleted_at IS NULL", (day.isoformat(),))
    title = name.strip() or DAY_KINDS[kind]
    with store.action(f"{day.isoformat()} 记为{DAY_KINDS[kind]}", kind="calendar.day", by=by) as action:
        if row is None:
            action.insert(CalendarDayRow, day=day.isoformat(), kind=kind.value, name=title)
        else:
            action.update(CalendarDayRow, row[0], kind=kind.value, name=title)
        return action.changes(AREAS)


@service
def clear_day(store: Store, *, day: date, by: str | None = None) -> Changes:
    """Let a day be again what its weekday says."""
    row = store.one("SELECT uuid FROM calendar_day WHERE day = ? AND deleted_at IS NULL", (day.isoformat(),))
    with store.action(f"{day.isoformat()} 恢复为平常日子", kind="calendar.day", by=by) as action:
        if row is not None:
            action.soft_delete(CalendarDayRow, row[0])
        return action.changes(AREAS)


def ensure_term(store: Store, action: Action, school_year: int, ordinal: int) -> int:
    """Return the key of a term's row, written inside ``action`` from the default when there is none."""
    year = _ensure_year(store, action, school_year)
    row = store.one(
        "SELECT id FROM term WHERE school_year_id = ? AND ordinal = ? AND deleted_at IS NULL", (year, ordinal)
    )
    if row is not None:
        return int(row[0])
    term = SchoolCalendar().terms_of(school_year)[ordinal - 1]
    return action.insert(
        TermRow,
        school_year=year,
        ordinal=ordinal,
        starts_on=term.starts_on.isoformat(),
        ends_on=term.ends_on.isoformat(),
    )


def _ensure_year(store: Store, action: Action, school_year: int) -> int:
    found = _year_row(store, school_year)
    if found is None:
        write_years(store, action, [school_year])
        found = _year_row(store, school_year)
    if found is None:
        raise LookupError(f"school year {school_year} was not written")
    return found


def _year_row(store: Store, school_year: int) -> int | None:
    row = store.one("SELECT id FROM school_year WHERE start_year = ? AND deleted_at IS NULL", (school_year,))
    return None if row is None else int(row[0])


def _check_term(calendar: SchoolCalendar, wanted: Term) -> None:
    if wanted.starts_on >= wanted.ends_on:
        raise refuse("school.term_dates")
    for year in (wanted.school_year - 1, wanted.school_year, wanted.school_year + 1):
        for term in calendar.terms_of(year):
            if (term.school_year, term.ordinal) == (wanted.school_year, wanted.ordinal):
                continue
            if term.starts_on <= wanted.ends_on and wanted.starts_on <= term.ends_on:
                raise refuse(
                    "school.term_overlap",
                    term=term.words,
                    starts_on=term.starts_on.isoformat(),
                    ends_on=term.ends_on.isoformat(),
                )
    if (monday_of(wanted.ends_on) - monday_of(wanted.starts_on)).days > 40 * 7:
        raise refuse("school.term_long")


def check_year(school_year: int, ordinal: int = 1) -> None:
    """UserError ``school.year_range`` for a year that the tables do not hold, or a third term."""
    if not _FIRST_YEAR <= school_year <= _LAST_YEAR or ordinal not in (1, 2):
        raise refuse("school.year_range", year=school_year, term=ordinal)
