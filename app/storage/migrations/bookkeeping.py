"""The tables by which the file keeps account of itself (frozen helper of the migrations)."""

from app.storage.migrations.history_triggers import Cursor

_STATEMENTS = (
    # One value per key: db_uuid, commit_no, clean_exit, min_reader_version, created_at …
    "CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID",
    # One row per thing the user did. `partial`: its undo may leave later-touched rows.
    """
    CREATE TABLE action (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 36),
        at TEXT NOT NULL CHECK (length(at) = 19),
        who TEXT,
        kind TEXT NOT NULL CHECK (kind <> ''),
        words TEXT NOT NULL,
        partial INTEGER NOT NULL DEFAULT 0 CHECK (partial IN (0, 1)),
        commit_no INTEGER UNIQUE,
        undoes_id INTEGER REFERENCES action (id) ON DELETE RESTRICT,
        undone_by_id INTEGER REFERENCES action (id) ON DELETE RESTRICT
    ) STRICT
    """,
    "CREATE INDEX action_at ON action (at)",
    # One row per row written: the images before and after, as JSON objects.
    """
    CREATE TABLE change (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        action_id INTEGER NOT NULL REFERENCES action (id) ON DELETE RESTRICT,
        table_name TEXT NOT NULL,
        row_uuid TEXT NOT NULL,
        op TEXT NOT NULL CHECK (op IN ('insert', 'update', 'delete')),
        before_json TEXT,
        after_json TEXT,
        CHECK ((before_json IS NULL) = (op = 'insert')),
        CHECK ((after_json IS NULL) = (op = 'delete'))
    ) STRICT
    """,
    "CREATE INDEX change_action ON change (action_id)",
    # Inserts are left out: a random key would cost a large import a third of its time, and the
    # insert of a row is found by its entered_at, which is the time of its action.
    "CREATE INDEX change_row ON change (row_uuid) WHERE op <> 'insert'",
    # Holds one row while an action is under way and none otherwise.
    """
    CREATE TABLE current_action (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        action_id INTEGER NOT NULL REFERENCES action (id) ON DELETE RESTRICT
    ) STRICT
    """,
)


def create_bookkeeping(cursor: Cursor) -> None:
    """Create ``meta``, ``action``, ``change`` and ``current_action``, empty."""
    for statement in _STATEMENTS:
        cursor.execute(statement)
