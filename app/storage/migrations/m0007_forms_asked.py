"""Version 7: a printed form knows what it was printed for, an incident why somebody was not told; long lists of codes are
compared one by one.

Frozen once released. ``paper_form.asked_uuid`` is the uuid of the event, or of the record with a follow-up, that the form
asks a visit or talk for; NULL = a cadence, or printed before this version. No reference: taking back an event stays
possible when a form for it is out. ``incident.carer_untold`` and ``parents_untold`` say why the carer, or the parents, are
better not told (the one who did the harm lives in the family); NULL = nothing of the kind was said.

The rules of the tables that an import and a day's work fill say the same as before in other words. For ``IN`` with more
than two codes SQLite builds a table in memory at every statement, in a trigger for every row.
"""

import re
from functools import partial

from app.storage.migrations.history_triggers import Cursor, create_history_triggers

VERSION = 7

CODES: dict[str, tuple[str, ...]] = {
    "change": ("op",),
    "child": ("birth_source",),
    "kinship": ("relation",),
    "care": ("kind", "grade"),
    "registration": ("kind",),
    "health": ("status",),
    "household": ("kind",),
    "category_flag": ("category",),
    "household_fact": ("code",),
    "reported_status": ("label",),
    "care_record": ("kind", "medium", "topic"),
    "affection_call": ("outcome", "mood"),
}
"""The columns of each table whose codes are compared one by one."""


def apply(cursor: Cursor) -> None:
    """Add the columns with their history and put the rules in other words; every row that was there means what it meant."""
    cursor.execute("ALTER TABLE paper_form ADD COLUMN asked_uuid TEXT CHECK (length(asked_uuid) = 36)")
    create_history_triggers(cursor, "paper_form")
    for name in ("carer_untold", "parents_untold"):
        cursor.execute(f"ALTER TABLE incident ADD COLUMN {name} TEXT CHECK (trim({name}) <> '')")
    create_history_triggers(cursor, "incident")
    # The words alone change and no row, so no table is written anew (sqlite.org/lang_altertable.html, section 7); the
    # columns above have given the schema a new number, by which every connection reads it again.
    cursor.execute("PRAGMA writable_schema = 1")
    try:
        for table, columns in CODES.items():
            _compare_one_by_one(cursor, table, columns)
    finally:
        cursor.execute("PRAGMA writable_schema = RESET")


def _compare_one_by_one(cursor: Cursor, table: str, columns: tuple[str, ...]) -> None:
    cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,))
    sql = str(cursor.fetchall()[0][0])
    for column in columns:
        sql, found = re.subn(rf"\b{column} IN \(([^()]*)\)", partial(_said, column), sql)
        if found != 1:
            raise ValueError(f"the rule of {table}.{column} is not as it was made")
    cursor.execute("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (sql, table))


def _said(column: str, listed: re.Match[str]) -> str:
    return " OR ".join(f"{column} = {code.strip()}" for code in listed[1].split(","))
