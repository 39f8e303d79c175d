"""Version 4: affection calls (亲情电话) – lines, hours, duty, who can be reached when, the plan and the log.

Frozen once released. The manners are those of versions 1 and 3. A planned call and a call that was made are rows of
one child each; siblings who share one telephone share ``occasion``. Times of day are HH:MM, of the school's own place;
a slot is half-open [starts, ends).
"""

from app.storage.migrations.history_triggers import Cursor, create_history_triggers, create_period_guard

VERSION = 4

_HEAD = """
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid TEXT NOT NULL UNIQUE,
    entered_at TEXT NOT NULL,
    deleted_at TEXT"""
_YEAR = "[12][0-9][0-9][0-9]"
_DAY = f"{_YEAR}-[01][0-9]-[0-3][0-9]"
_TIME = "[0-2][0-9]:[0-5][0-9]"


def _partial(column: str) -> str:
    """A CHECK that ``column`` is NULL or an ISO date of any precision."""
    return (
        f"CHECK ({column} IS NULL OR {column} GLOB '{_YEAR}' OR {column} GLOB '{_YEAR}-[01][0-9]'"
        f" OR {column} GLOB '{_DAY}')"
    )


def _day(column: str) -> str:
    """A CHECK that ``column`` is NULL or a whole ISO day."""
    return f"CHECK ({column} IS NULL OR {column} GLOB '{_DAY}')"


def _minute(column: str) -> str:
    """A CHECK that ``column`` is NULL or a minute of a day, YYYY-MM-DDTHH:MM."""
    return f"CHECK ({column} IS NULL OR {column} GLOB '{_DAY}T{_TIME}')"


def _clock(column: str) -> str:
    """A CHECK that ``column`` is NULL or a time of day, HH:MM."""
    return f"CHECK ({column} IS NULL OR {column} GLOB '{_TIME}')"


def _one_of(column: str, *codes: str) -> str:
    listed = ", ".join(f"'{code}'" for code in codes)
    return f"CHECK ({column} IS NULL OR {column} IN ({listed}))"


def _yes_no(column: str) -> str:
    return f"CHECK ({column} IS NULL OR {column} IN (0, 1))"


def _names(column: str, table: str, *, needed: bool = False) -> str:
    return f"{column} INTEGER{' NOT NULL' if needed else ''} REFERENCES {table} (id) ON DELETE RESTRICT"


_PERIOD = f"""
        valid_from TEXT {_partial("valid_from")},
        valid_to TEXT {_partial("valid_to")},
        source TEXT,
        noted_on TEXT {_partial("noted_on")},
        CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_from < valid_to)"""
_CHILD = _names("child_id", "child", needed=True)
_WEEKDAY = "weekday INTEGER CHECK (weekday BETWEEN 1 AND 7)"
_SPAN = f"""
        starts TEXT NOT NULL {_clock("starts")},
        ends TEXT NOT NULL {_clock("ends")}"""
# Both or neither; neither = the whole day.
_PART_OF_DAY = f"""
        starts TEXT {_clock("starts")},
        ends TEXT {_clock("ends")}"""
_MEDIUM = ("phone", "video")

TABLES: dict[str, str] = {
    # ---- the school's day ------------------------------------------------------------------------------------------
    # A span of the school day with its name (作息): of every class, or of one; on one weekday, or on every one (NULL).
    # ``kept_free`` = no child of these classes is called out of it.
    "lesson_time": f"""
        name TEXT NOT NULL CHECK (name <> ''),
        {_names("school_class_id", "school_class")},
        {_WEEKDAY},
        {_SPAN},
        kept_free INTEGER NOT NULL DEFAULT 0 {_yes_no("kept_free")},
        {_PERIOD},
        CHECK (starts < ends)""",
    # Who is on duty (值班) on a weekday: in every week, or by turns in those of odd and even number in the term.
    "duty_turn": f"""
        {_names("staff_id", "staff", needed=True)},
        weekday INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7),
        weeks TEXT NOT NULL DEFAULT 'every' {_one_of("weeks", "every", "odd", "even")},
        {_PART_OF_DAY},
        {_names("leader_id", "staff")},
        {_PERIOD},
        CHECK ((starts IS NULL) = (ends IS NULL)),
        CHECK (starts < ends)""",
    # One day on which somebody else is on duty (代班): who, instead of whom.
    "duty_day": f"""
        day TEXT NOT NULL {_day("day")},
        {_names("staff_id", "staff", needed=True)},
        {_names("instead_of_id", "staff")},
        {_PART_OF_DAY},
        reason TEXT,
        CHECK ((starts IS NULL) = (ends IS NULL)),
        CHECK (starts < ends),
        CHECK (instead_of_id IS NULL OR instead_of_id <> staff_id)""",
    # ---- lines and their hours -------------------------------------------------------------------------------------
    # A telephone or computer on which children talk with their parents. ``planned`` 0 = no slots: called and logged.
    "call_line": f"""
        name TEXT NOT NULL CHECK (name <> ''),
        kind TEXT NOT NULL {_one_of("kind", "room_phone", "school_mobile", "staff_mobile", "video_computer")},
        medium TEXT NOT NULL {_one_of("medium", *_MEDIUM)},
        {_names("staff_id", "staff")},
        planned INTEGER NOT NULL DEFAULT 1 {_yes_no("planned")},
        number TEXT,
        place TEXT,
        note TEXT,
        {_PERIOD},
        CHECK ((staff_id IS NOT NULL) = (kind = 'staff_mobile'))""",
    # When a line is open on a weekday, cut into slots of so many minutes; what is left over at the end is no slot.
    "call_opening": f"""
        {_names("call_line_id", "call_line", needed=True)},
        weekday INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7),
        {_SPAN},
        slot_minutes INTEGER NOT NULL CHECK (slot_minutes BETWEEN 1 AND 120),
        {_PERIOD},
        CHECK (starts < ends)""",
    # When a line, or every line (NULL), cannot be used, and why: first and last day, with times for a part of each.
    "call_closure": f"""
        {_names("call_line_id", "call_line")},
        first_on TEXT NOT NULL {_day("first_on")},
        last_on TEXT NOT NULL {_day("last_on")},
        {_PART_OF_DAY},
        reason TEXT NOT NULL CHECK (reason <> ''),
        CHECK (first_on <= last_on),
        CHECK ((starts IS NULL) = (ends IS NULL)),
        CHECK (starts < ends)""",
    # ---- who can be reached, and what the child wants ----------------------------------------------------------------
    # When a grown-up can be called: on one weekday, or on every one (NULL); ``alternate_on`` = only every second week,
    # counted from the week of that day (shifts by turns). A grown-up without any row can be called at any time.
    "reachable_time": f"""
        {_names("person_id", "person", needed=True)},
        {_WEEKDAY},
        {_SPAN},
        alternate_on TEXT {_day("alternate_on")},
        {_PERIOD},
        CHECK (starts < ends)""",
    # What the child itself wishes: to call at all, whom, by what, in its own words.
    "call_wish": f"""
        {_CHILD},
        wants INTEGER NOT NULL DEFAULT 1 {_yes_no("wants")},
        {_names("person_id", "person")},
        medium TEXT {_one_of("medium", *_MEDIUM)},
        note TEXT,
        {_PERIOD}""",
    # ---- the plan ----------------------------------------------------------------------------------------------------
    # One child's call in one slot. ``place`` 0 = the slot's first child, 1 … its brothers and sisters of the same
    # ``occasion``. ``fixed`` = planning again leaves it; printed ones stay too. ``moved_from`` = where it was before.
    "planned_call": f"""
        {_CHILD},
        {_names("call_line_id", "call_line", needed=True)},
        day TEXT NOT NULL {_day("day")},
        {_SPAN},
        place INTEGER NOT NULL DEFAULT 0 CHECK (place BETWEEN 0 AND 9),
        occasion TEXT NOT NULL CHECK (occasion <> ''),
        medium TEXT NOT NULL {_one_of("medium", *_MEDIUM)},
        {_names("person_id", "person")},
        origin TEXT NOT NULL {_one_of("origin", "planner", "hand")},
        fixed INTEGER NOT NULL DEFAULT 0 {_yes_no("fixed")},
        printed_on TEXT {_day("printed_on")},
        moved_from TEXT {_minute("moved_from")},
        cancelled_on TEXT {_day("cancelled_on")},
        cancelled_reason TEXT {
        _one_of("cancelled_reason", "child_absent", "child_left", "line_down", "parent", "duty", "other")
    },
        note TEXT,
        CHECK (starts < ends),
        CHECK ((cancelled_on IS NULL) = (cancelled_reason IS NULL))""",
    # ---- the log -----------------------------------------------------------------------------------------------------
    # One attempt to call for one child, through or not. ``spoke_with`` when it was nobody on file; ``promise_id`` is
    # the promise made in it, ``trigger_event_id`` the visit that fell due because of it, ``phone_id`` which of the grown-up's
    # numbers was dialled (the number itself stands there alone).
    "affection_call": f"""
        {_CHILD},
        {_names("planned_call_id", "planned_call")},
        happened_on TEXT NOT NULL {_day("happened_on")},
        entered_on TEXT NOT NULL {_day("entered_on")},
        started TEXT {_clock("started")},
        minutes INTEGER CHECK (minutes BETWEEN 0 AND 240),
        {_names("call_line_id", "call_line")},
        medium TEXT NOT NULL {_one_of("medium", *_MEDIUM)},
        outcome TEXT NOT NULL {
        _one_of(
            "outcome",
            "connected",
            "no_answer",
            "stopped",
            "wrong_number",
            "language",
            "rescheduled",
            "child_absent",
            "line_down",
        )
    },
        {_names("person_id", "person")},
        {_names("phone_id", "phone")},
        spoke_with TEXT,
        mood TEXT {_one_of("mood", "happy", "calm", "low", "crying", "angry", "silent")},
        said TEXT,
        rescheduled_to TEXT {_minute("rescheduled_to")},
        {_names("staff_id", "staff")},
        {_names("promise_id", "promise")},
        {_names("trigger_event_id", "trigger_event")},
        occasion TEXT,
        note TEXT,
        CHECK (rescheduled_to IS NULL OR outcome = 'rescheduled')""",
    # ---- workbooks of results that were read -------------------------------------------------------------------------
    # One workbook or text table of call results read into the log.
    "call_import": """
        file_name TEXT NOT NULL,
        file_sha256 TEXT NOT NULL,
        row_count INTEGER NOT NULL,
        new_count INTEGER NOT NULL,
        known_count INTEGER NOT NULL,
        parked_count INTEGER NOT NULL""",
    # A row of it that could not go in by itself: kept whole, until somebody decides.
    "call_parked": f"""
        {_names("call_import_id", "call_import", needed=True)},
        sheet TEXT NOT NULL,
        row_number INTEGER NOT NULL,
        code TEXT NOT NULL CHECK (code <> ''),
        reason TEXT NOT NULL,
        raw_json TEXT NOT NULL,
        {_names("child_id", "child")},
        resolved_at TEXT,
        resolution TEXT {_one_of("resolution", "added", "dropped")}""",
}

PERIOD_KEYS: dict[str, tuple[str, ...]] = {
    "lesson_time": ("school_class_id", "weekday", "name", "starts"),
    "duty_turn": ("weekday", "weeks", "starts", "staff_id"),
    "call_line": ("name",),
    "call_opening": ("call_line_id", "weekday", "starts"),
    "reachable_time": ("person_id", "weekday", "starts", "alternate_on"),
    "call_wish": ("child_id",),
}
INDEXES: dict[str, tuple[str, ...]] = {
    "affection_call_by_child_id": ("affection_call", "child_id", "happened_on", "outcome", "deleted_at"),
    "affection_call_by_happened_on": ("affection_call", "happened_on", "outcome", "deleted_at"),
    "planned_call_by_child_id": ("planned_call", "child_id", "day", "deleted_at"),
    "planned_call_by_day": ("planned_call", "day", "call_line_id", "deleted_at"),
    "planned_call_by_occasion": ("planned_call", "occasion"),
}
_IN_FORCE = "deleted_at IS NULL AND cancelled_on IS NULL"


def _create_slot_guard(cursor: Cursor) -> None:
    """No slot twice, and no child twice at one time: what is in force may not overlap, whoever writes it.

    Only brothers and sisters of one occasion share a line, at one and the same time. The refusals read
    ``overlap:planned_call.line`` and ``overlap:planned_call.child``.
    """
    cursor.execute(
        "CREATE UNIQUE INDEX one_planned_call_per_place ON planned_call (call_line_id, day, starts, place)"
        f" WHERE {_IN_FORCE}"
    )
    meanwhile = (
        f"uuid <> NEW.uuid AND {_IN_FORCE} AND day = NEW.day AND starts < NEW.ends AND NEW.starts < ends"
    )
    same_occasion = "occasion = NEW.occasion AND starts = NEW.starts AND ends = NEW.ends"
    for operation in ("insert", "update"):
        cursor.execute(
            f"CREATE TRIGGER planned_call_slot_{operation} BEFORE {operation.upper()} ON planned_call"
            " WHEN NEW.deleted_at IS NULL AND NEW.cancelled_on IS NULL BEGIN"
            " SELECT RAISE(ABORT, 'overlap:planned_call.line') WHERE EXISTS (SELECT 1 FROM planned_call"
            f" WHERE {meanwhile} AND call_line_id = NEW.call_line_id AND NOT ({same_occasion}));"
            " SELECT RAISE(ABORT, 'overlap:planned_call.child') WHERE EXISTS (SELECT 1 FROM planned_call"
            f" WHERE {meanwhile} AND child_id = NEW.child_id); END"
        )


def apply(cursor: Cursor) -> None:
    """Add the tables with guards, indexes and history; nothing that was there changes."""
    for table, body in TABLES.items():
        cursor.execute(f"CREATE TABLE {table} ({_HEAD},{body}\n) STRICT")
    for index, (table, *columns) in INDEXES.items():
        cursor.execute(f"CREATE INDEX {index} ON {table} ({', '.join(columns)})")
    cursor.execute(
        "CREATE INDEX affection_call_put_off ON affection_call (rescheduled_to) WHERE rescheduled_to IS NOT NULL"
    )
    for table in TABLES:
        # A whole index per reference: undoing and merging walk along them, and SQLite checks them on every delete.
        cursor.execute(f'PRAGMA foreign_key_list("{table}")')
        for column in sorted({str(row[3]) for row in cursor.fetchall()}):
            guarded = PERIOD_KEYS.get(table, ("",))[0] == column
            if f"{table}_by_{column}" not in INDEXES and not guarded:
                cursor.execute(f"CREATE INDEX {table}_by_{column} ON {table} ({column})")
    for table, keys in PERIOD_KEYS.items():
        create_period_guard(cursor, table, keys)
    _create_slot_guard(cursor)
    cursor.execute(
        "CREATE TRIGGER affection_call_entered_on BEFORE UPDATE OF entered_on ON affection_call"
        " WHEN NEW.entered_on IS NOT OLD.entered_on"
        " BEGIN SELECT RAISE(ABORT, 'fixed:affection_call.entered_on'); END"
    )
    for table in TABLES:
        create_history_triggers(cursor, table)
