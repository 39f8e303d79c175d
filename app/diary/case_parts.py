"""What incidents, absences, counselling and meetings share: days and moments as typed, numbers in the year, who a child is."""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from msgspec import Struct

from app.core.dates import is_partial_date
from app.core.errors import UserError
from app.core.messages import refuse
from app.core.text import normalise_cell
from app.school.queries import all_classes
from app.storage.in_force import in_force_sql
from app.storage.store import Store

AREAS = frozenset({"diary", "todo"})
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]+([01]?\d|2[0-3])[:：]([0-5]\d)", re.ASCII)


class ChildHead(Struct, frozen=True):
    """A child as lists name it: with its class on the day asked for ("" without one)."""

    uuid: str
    name: str
    class_name: str
    sex: str | None = None
    birth_date: str | None = None


@contextmanager
def naming(field: str) -> Iterator[None]:
    """Let a refusal inside say which field of the draft it is about, unless it says so itself."""
    try:
        yield
    except UserError as error:
        error.field = error.field or field
        raise


def past_day(store: Store, text: str) -> str:
    """Return a whole day that is not to come. UserError ``diary.day``, ``case.future``."""
    day = normalise_cell(text)
    if len(day) != 10 or not is_partial_date(day):
        raise refuse("diary.day", text=text)
    if day > _latest(store)[:10]:
        raise refuse("case.future", day=day)
    return day


def past_day_or_none(store: Store, text: str | None) -> str | None:
    """Return a whole day that is not to come, None for blank. UserError as ``past_day``."""
    return past_day(store, text) if text is not None and text.strip() else None


def past_moment(store: Store, text: str) -> str:
    """Return a minute that is not to come as YYYY-MM-DDTHH:MM. UserError ``case.moment``, ``case.future``."""
    found = _MOMENT.fullmatch(normalise_cell(text))
    if found is None or not is_partial_date(found[1]):
        raise refuse("case.moment", text=text)
    moment = f"{found[1]}T{int(found[2]):02}:{found[3]}"
    if moment > _latest(store):
        raise refuse("case.future", day=moment.replace("T", " "))
    return moment


def past_moment_or_none(store: Store, text: str | None) -> str | None:
    """Return a minute that is not to come, None for blank. UserError as ``past_moment``."""
    return past_moment(store, text) if text is not None and text.strip() else None


def clock_or_none(text: str | None) -> str | None:
    """Return a time of day as HH:MM, None for blank. UserError ``case.clock``."""
    if text is None or not text.strip():
        return None
    found = _CLOCK.fullmatch(normalise_cell(text))
    if found is None:
        raise refuse("case.clock", text=text)
    return f"{int(found[1]):02}:{found[2]}"


def check_times(started: str | None, ended: str | None) -> None:
    """Refuse an end before the start. UserError ``case.times``."""
    if started is not None and ended is not None and ended < started:
        raise refuse("case.times", started=started, ended=ended)


def next_number(store: Store, table: str, day: str) -> str:
    """Return the next number of a year, 2026-001; one that lies in the recycle bin is not given again."""
    year = day[:4]
    rows = store.rows(
        f"SELECT number FROM {table} WHERE number LIKE ?",  # noqa: S608  # our own names
        (f"{year}-%",),
    )
    given = [int(number[5:]) for (number,) in rows if number[5:].isdigit()]
    return f"{year}-{max(given, default=0) + 1:03}"


def child_heads(
    store: Store, on: date, *, ids: Collection[int] | None = None, school_class_id: int | None = None
) -> Mapping[int, ChildHead]:
    """Return key → head of live children with their class as on a day: these, those of one class, or all in a class."""
    classes = {cls.id: cls.name for cls in all_classes(store, on)}
    where = ""
    if ids is not None:
        where += f" AND c.id IN ({', '.join(str(int(id)) for id in ids)})"
    if school_class_id is not None:
        where += f" AND e.school_class_id = {int(school_class_id)}"
    rows = store.rows(
        "SELECT c.id, c.uuid, c.name, e.school_class_id, c.sex, c.birth_date FROM child c"  # noqa: S608
        f" LEFT JOIN enrolment e ON e.child_id = c.id AND {in_force_sql('e')}"
        # Of two that may hold (who went from one class to the other within a month) the later one counts.
        f" WHERE c.deleted_at IS NULL{where} ORDER BY e.valid_from",
        (on.isoformat(),),
    )
    return {
        id: ChildHead(uuid, name, classes.get(class_id, ""), sex, birth)
        for id, uuid, name, class_id, sex, birth in rows
    }


def _latest(store: Store) -> str:
    """Return the last moment that may be written down: now, or the newest save when the clock was set back."""
    row = store.one("SELECT max(at) FROM action WHERE commit_no IS NOT NULL")
    now = store.clock.now().isoformat(timespec="minutes")
    return now if row is None or row[0] is None else max(now, str(row[0])[:16])
