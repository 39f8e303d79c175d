"""Version 2: what was rehearsed and what was destroyed, each with its proof (frozen once released).

Both are logs like ``handover``: written once, never changed, never undone, and without any child's name, so that they
may stay when the children they speak of are gone. NULL in a number of a drill = it did not get that far.
"""

from app.storage.migrations.history_triggers import Cursor, create_history_triggers

VERSION = 2

_TABLES = {
    # One rehearsal of a restore (演习): which backup was brought back into a sandbox, and what was found in it.
    # backup_made_at is local ISO time; journal_commits = saves that the journal carried it further.
    "drill": """
        CREATE TABLE drill (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            uuid TEXT NOT NULL UNIQUE,
            entered_at TEXT NOT NULL,
            deleted_at TEXT,
            happened_on TEXT NOT NULL CHECK (happened_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
            backup_made_at TEXT NOT NULL,
            children INTEGER CHECK (children >= 0),
            records INTEGER CHECK (records >= 0),
            commit_no INTEGER CHECK (commit_no >= 0),
            journal_commits INTEGER NOT NULL DEFAULT 0 CHECK (journal_commits >= 0),
            result TEXT NOT NULL CHECK (result IN ('proved', 'failed')),
            note TEXT,
            who TEXT
        ) STRICT""",
    # One permanent deletion (永久删除): what went in words without names, how much of it, why, and until when older
    # backups may still hold it. counts is a JSON object {word of the table: rows}; paper_ref says where the list lies.
    "destruction": """
        CREATE TABLE destruction (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            uuid TEXT NOT NULL UNIQUE,
            entered_at TEXT NOT NULL,
            deleted_at TEXT,
            happened_on TEXT NOT NULL CHECK (happened_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
            content TEXT NOT NULL CHECK (content <> ''),
            records INTEGER NOT NULL CHECK (records >= 0),
            counts TEXT NOT NULL CHECK (json_valid(counts)),
            reason TEXT NOT NULL CHECK (reason <> ''),
            copies_until TEXT CHECK (
                copies_until IS NULL OR copies_until GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'
            ),
            paper_ref TEXT,
            who TEXT
        ) STRICT""",
}


def apply(cursor: Cursor) -> None:
    """Add the two logs with their history triggers; nothing that was there changes."""
    for table, statement in _TABLES.items():
        cursor.execute(statement)
        create_history_triggers(cursor, table)
