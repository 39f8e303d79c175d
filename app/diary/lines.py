"""Reading records as lines of a list: one statement for every list, so that they all say the same."""

from datetime import date
from itertools import product
from typing import Any

from app.diary.codes import Activity, Medium
from app.diary.drafts import TEXTS
from app.diary.facts import RecordLine
from app.diary.late import late_rule
from app.diary.rules import one_line
from app.pairing.codes import Guidance
from app.school.codes import Stage
from app.school.queries import school_shape, school_years
from app.school.rules import ClassRef, class_name
from app.storage.connection import Params
from app.storage.store import Store

# Table and column names below are our own.
# ruff: noqa: S608

# Only a live record closes anything: one in the recycle bin leaves open again what it had closed.
OPEN_PROMISE = (
    "p.deleted_at IS NULL AND p.given_up_on IS NULL AND (p.kept_on IS NULL OR EXISTS"
    " (SELECT 1 FROM care_record k WHERE k.id = p.kept_record_id AND k.deleted_at IS NOT NULL))"
)
"""SQL: the promise ``p`` is open."""
OPEN_EVENT = (
    "e.deleted_at IS NULL AND e.withdrawn_on IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM care_record k WHERE k.id = e.closed_by_id AND k.deleted_at IS NULL)"
)
"""SQL: the event ``e`` still asks for its visit."""
OPEN_FOLLOW_UP = (
    "r.deleted_at IS NULL AND r.follow_up_on IS NOT NULL AND NOT EXISTS"
    " (SELECT 1 FROM care_record k WHERE k.follows_id = r.id AND k.deleted_at IS NULL)"
)
"""SQL: nobody has followed up the record ``r`` that names a day for it."""
SUPPORTER_NAME = "coalesce(sf.name, s.name, '')"
"""SQL: the name of the supporter ``s``, whose row of staff is ``sf``."""
JOIN_SUPPORTER = "LEFT JOIN supporter s ON s.id = {}.supporter_id LEFT JOIN staff sf ON sf.id = s.staff_id"
SUPPORTER_ID = (
    "SELECT s.id FROM supporter s LEFT JOIN staff sf ON sf.id = s.staff_id"
    " WHERE s.deleted_at IS NULL AND ? IN (s.uuid, sf.uuid)"
)
"""SQL: the key of the supporter that is named by its uuid, or by that of the member of staff."""
IN_CLASS = (
    "e.child_id = r.child_id AND e.deleted_at IS NULL AND coalesce(e.valid_from, '') <= r.happened_on"
    " AND (e.valid_to IS NULL OR e.valid_to > r.happened_on)"
)
"""SQL: ``e`` is the enrolment in force on the day of the record ``r``."""
GUIDANCES = tuple(Guidance)

_RECORD = (
    "r.id, r.uuid, c.uuid, c.name, r.kind, r.happened_on, r.entered_on, r.started, r.medium, r.mind, r.life, r.study,"
    f" r.conduct, s.uuid, {SUPPORTER_NAME}, r.contacted, r.occasion, r.follow_up_on"
)
# What else a line says of its record, asked record by record: a list is short.
_BESIDE = (
    " (SELECT count(*) FROM attachment a WHERE a.care_record_id = r.id AND a.deleted_at IS NULL),"
    f" (SELECT count(*) FROM promise p WHERE p.care_record_id = r.id AND {OPEN_PROMISE}),"
    f" (SELECT e.school_class_id FROM enrolment e WHERE {IN_CLASS} ORDER BY e.valid_from DESC LIMIT 1)"
)
_TEXT_COLUMNS = ", ".join(f"r.{name}" for name in TEXTS)
# CROSS JOIN keeps the records outside: walking along the children first reads every record there is.
_FROM = f"care_record r CROSS JOIN child c ON c.id = r.child_id {JOIN_SUPPORTER.format('r')}"
LIVE = "+r.deleted_at IS NULL AND c.deleted_at IS NULL"
"""SQL: neither the record ``r`` nor its child ``c`` is in the recycle bin.

The + keeps SQLite from the index of the last days (``m0006_last_days.py``): along it every record of a kind would be read
and sorted for the first page of a list, where the index of the days stops after two hundred.
"""
_LENGTH_OF_HEAD = 21
# What the codes of a row mean, looked up line by line.
_KINDS = {one.value: one for one in Activity}
_MEDIA: dict[str | None, Medium | None] = {None: None, **{one.value: one for one in Medium}}
_TAGGED = {
    marks: frozenset(one for one, tagged in zip(GUIDANCES, marks, strict=True) if tagged)
    for marks in product((0, 1), repeat=len(GUIDANCES))
}


class ClassNames:
    """What a class was called on a day; each name is worked out once per school year."""

    def __init__(self, store: Store) -> None:
        self._shape, self._years = school_shape(store), school_years(store)
        self._refs = {
            id: ClassRef(Stage(stage), year, number)
            for id, stage, year, number in store.rows(
                "SELECT id, stage, entering_year, number FROM school_class"
            )
        }
        self._names: dict[tuple[int, int], str] = {}
        self._year_of: dict[str, int] = {}

    def name(self, class_id: int | None, day: str) -> str:
        """Return 三（2）班; "" without a class."""
        if class_id is None:
            return ""
        year = self._year_of.get(day)
        if year is None:
            year = self._year_of[day] = self._years.year_of(date.fromisoformat(day))
        found = self._names.get((class_id, year))
        if found is None:
            ref = self._refs[class_id]
            found = class_name(ref, date.fromisoformat(day), self._years, self._shape)
            self._names[class_id, year] = found
        return found


class LineReader:
    """Reads records as lines; made once per question, it knows the classes and the limits of late entry."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._classes, self._late = ClassNames(store), late_rule(store)
        self._late_days: dict[tuple[str, str], int] = {}

    def read(self, where: str, params: Params = (), *, rest: str = "") -> tuple[RecordLine, ...]:
        """Return the live records (``r``, of the child ``c``) for which ``where`` holds; ``rest`` orders and limits."""
        sql = f"SELECT {_RECORD},{_BESIDE}, {_TEXT_COLUMNS} FROM {_FROM} WHERE {LIVE} AND {where} {rest}"
        return tuple([self._line(row) for row in self._store.rows(sql, params)])

    def _line(self, row: tuple[Any, ...]) -> RecordLine:
        happened_on, entered_on = row[5], row[6]
        pictures, promises, class_id = row[18:_LENGTH_OF_HEAD]
        span = (happened_on, entered_on)
        late_days = self._late_days.get(span)
        if late_days is None:
            late_days = self._late_days[span] = self._late.days(happened_on, entered_on)
        return RecordLine(  # by place: thousands at a time
            row[0],
            row[1],
            row[2],
            row[3],
            self._classes.name(class_id, happened_on),
            _KINDS[row[4]],
            happened_on,
            entered_on,
            late_days,
            row[7],
            _MEDIA[row[8]],
            _TAGGED[row[9:13]],
            row[13],
            row[14],
            None if row[15] is None else row[15] == 1,
            one_line(row[_LENGTH_OF_HEAD:]),
            pictures,
            promises,
            row[16],
            row[17],
        )


def newest_first() -> str:
    """Return the order of every list of records."""
    return "ORDER BY r.happened_on DESC, r.id DESC"


def in_json(column: str, among: str = "?") -> str:
    """Return the SQL that a column is one of a JSON list handed over as a parameter."""
    return f"{column} IN (SELECT value FROM json_each({among}))"
