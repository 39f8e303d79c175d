"""What the references in a row mean in words: a key of the file is never shown."""

from collections.abc import Callable, Mapping

from app.core.text import mask_phone
from app.diary.codes import Activity
from app.school.queries import all_classes, school_calendar
from app.storage.store import Store

_GONE = "已移走的一条"


class ReferenceWords:
    """Says whom or what a column of keys names. Looked up when first asked for, and kept."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[tuple[str, int], str] = {}

    def names(self, column: str) -> bool:
        """Tell whether a column holds keys that this speaks of."""
        return column in _LOOKED_UP

    def words(self, column: str, key: int) -> str:
        """Return what the row of that key is called; 已移走的一条 when it is not there any more."""
        if (column, key) not in self._known:
            self._known[column, key] = _LOOKED_UP[column](self._store, key) or _GONE
        return self._known[column, key]


def _asked(sql: str) -> Callable[[Store, int], str]:
    """Return how a key is looked up by one SELECT of one text."""

    def look(store: Store, key: int) -> str:
        found = store.one(sql, (key,))
        return "" if found is None or found[0] is None else str(found[0])

    return look


def _class(store: Store, key: int) -> str:
    names = (one.name for one in all_classes(store, store.clock.today()) if one.id == key)
    return next(names, "已删的班级")


def _term(store: Store, key: int) -> str:
    row = store.one(
        "SELECT y.start_year, t.ordinal FROM term t JOIN school_year y ON y.id = t.school_year_id WHERE t.id = ?",
        (key,),
    )
    return "" if row is None else school_calendar(store).terms_of(row[0])[row[1] - 1].words


def _record(store: Store, key: int) -> str:
    row = store.one("SELECT happened_on, kind FROM care_record WHERE id = ?", (key,))
    return "" if row is None else f"{row[0]} 的{Activity(row[1]).label}"


def _plan(store: Store, key: int) -> str:
    row = store.one("SELECT term_id FROM help_plan WHERE id = ?", (key,))
    return "" if row is None else _term(store, row[0])


def _planned(store: Store, key: int) -> str:
    row = store.one("SELECT day, starts FROM planned_call WHERE id = ?", (key,))
    return "" if row is None else f"{row[0]} {row[1]} 的安排"


def _phone(store: Store, key: int) -> str:
    row = store.one("SELECT number FROM phone WHERE id = ?", (key,))
    return "" if row is None else mask_phone(row[0])


_person = _asked("SELECT coalesce(name, '未采集') FROM person WHERE id = ?")
_supporter = _asked(
    "SELECT coalesce(s.name, f.name) FROM supporter s LEFT JOIN staff f ON f.id = s.staff_id WHERE s.id = ?"
)
_LOOKED_UP: Mapping[str, Callable[[Store, int], str]] = {
    "person_id": _person,
    "phone_id": _phone,
    "spouse_id": _person,
    "school_class_id": _class,
    "supporter_id": _supporter,
    "host_id": _supporter,
    "buddy_id": _asked("SELECT name FROM child WHERE id = ?"),
    "term_id": _term,
    "care_record_id": _record,
    "kept_record_id": _record,
    "closed_by_id": _record,
    "follows_id": _record,
    "absence_id": _asked("SELECT happened_on || ' 起的缺席' FROM absence WHERE id = ?"),
    "meeting_id": _asked("SELECT happened_on || '「' || topic || '」' FROM meeting WHERE id = ?"),
    "survey_id": _asked("SELECT name FROM survey WHERE id = ?"),
    "incident_id": _asked("SELECT number FROM incident WHERE id = ?"),
    "help_plan_id": _plan,
    "staff_id": _asked("SELECT name FROM staff WHERE id = ?"),
    "call_line_id": _asked("SELECT name FROM call_line WHERE id = ?"),
    "planned_call_id": _planned,
    "promise_id": _asked("SELECT content FROM promise WHERE id = ?"),
    "trigger_event_id": _asked("SELECT happened_on || ' 起的家访' FROM trigger_event WHERE id = ?"),
}
