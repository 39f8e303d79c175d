"""The school's day (作息): lessons, noon, evening; of every class or of one. What is marked, no child is called out of."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from app.core.dates import in_force
from app.core.times import spans_meet
from app.school.queries import all_classes
from app.storage.store import Store

EVERY_CLASS = 0
"""Stands for every class, and for a child without one."""
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


class LessonFacts(Struct, frozen=True, kw_only=True):
    """One span of the school day. ``class_id`` 0 = of every class; ``weekday`` 1 = Monday … 7, None = every day."""

    uuid: str
    name: str
    class_id: int
    class_uuid: str
    class_name: str
    weekday: int | None
    starts: str
    ends: str
    kept_free: bool
    valid_from: str | None = None
    valid_to: str | None = None

    @property
    def words(self) -> str:
        """Return 周三 第五节 14:20–15:00."""
        day = "每天" if self.weekday is None else WEEKDAYS[self.weekday - 1]
        return f"{day} {self.name} {self.starts}–{self.ends}"


class Lessons(Struct, frozen=True):
    """The spans of the school day in a stretch of time. ``class_ids`` are the classes of the school."""

    known: tuple[LessonFacts, ...]
    class_ids: frozenset[int]

    def kept(self, day: date, weekday: int, starts: str, ends: str) -> tuple[tuple[int, str], ...]:
        """Return class → the lesson it is not called out of, for a span of a day; class 0 = a child without class.

        ``weekday`` is the one whose timetable the day has (a 调休 day has another's).
        """
        found: dict[int, str] = {}
        for one in self.known:
            if not one.kept_free or one.weekday not in (None, weekday):
                continue
            if not spans_meet(one.starts, one.ends, starts, ends):
                continue
            if in_force(one.valid_from, one.valid_to, day) is False:
                continue
            for key in (*self.class_ids, EVERY_CLASS) if one.class_id == EVERY_CLASS else (one.class_id,):
                found.setdefault(key, one.name)
        return tuple(sorted(found.items()))


def lessons(store: Store, on: date) -> tuple[LessonFacts, ...]:
    """Return the spans of the school day in force on a day, by start."""
    return tuple(
        one for one in lesson_periods(store) if in_force(one.valid_from, one.valid_to, on) is not False
    )


def lessons_within(store: Store, on: date) -> Lessons:
    """Return every span that ever was, to be asked about any day; the classes are those of ``on``."""
    return Lessons(lesson_periods(store), frozenset(_class_names(store, on)))


def lesson_periods(store: Store) -> tuple[LessonFacts, ...]:
    """Return every span that ever was, by start."""
    names = _class_names(store, store.clock.today())
    rows = store.rows(
        "SELECT l.uuid, l.name, l.school_class_id, c.uuid, l.weekday, l.starts, l.ends, l.kept_free, l.valid_from,"
        " l.valid_to FROM lesson_time l LEFT JOIN school_class c ON c.id = l.school_class_id"
        " WHERE l.deleted_at IS NULL ORDER BY l.starts, l.weekday, l.id"
    )
    return tuple(_lesson(row, names) for row in rows)


def _lesson(row: Iterable[object], names: dict[int, str]) -> LessonFacts:
    uuid, name, class_id, class_uuid, weekday, starts, ends, kept, start, end = row
    key = class_id if isinstance(class_id, int) else EVERY_CLASS
    return LessonFacts(
        uuid=str(uuid),
        name=str(name),
        class_id=key,
        class_uuid=str(class_uuid or ""),
        class_name=names.get(key, "") if key else "全校",
        weekday=weekday if isinstance(weekday, int) else None,
        starts=str(starts),
        ends=str(ends),
        kept_free=kept == 1,
        valid_from=None if start is None else str(start),
        valid_to=None if end is None else str(end),
    )


def _class_names(store: Store, on: date) -> dict[int, str]:
    return {cls.id: cls.name for cls in all_classes(store, on)}
