"""Runs the migrations: on an empty file to make a new ledger, on a copy to bring an old one up to date."""

import re
from collections.abc import Sequence
from typing import Any, Protocol

from app.storage.connection import APPLICATION_ID
from app.storage.migrations import (
    m0001_ledger,
    m0002_proofs,
    m0003_care,
    m0004_calls,
    m0005_shifts,
    m0006_last_days,
    m0007_forms_asked,
)
from app.storage.migrations.history_triggers import Cursor


class Step(Protocol):
    """One migration module."""

    VERSION: int  # the schema number the file has afterwards

    def apply(self, cursor: Cursor) -> None:
        """Change the schema and move the data, in plain SQL."""


# Named one by one, not discovered: a frozen program has no folder to look through.
STEPS: tuple[Step, ...] = (
    m0001_ledger,
    m0002_proofs,
    m0003_care,
    m0004_calls,
    m0005_shifts,
    m0006_last_days,
    m0007_forms_asked,
)

SCHEMA_VERSION = STEPS[-1].VERSION


def run_steps(connection: Any, steps: Sequence[Step] = STEPS) -> list[int]:
    """Bring the file behind a driver ``connection`` up to date; return the versions passed.

    Each step is one transaction with ``user_version`` as its last statement, so a file is
    always at a whole version. Foreign keys are off meanwhile (a table is rebuilt by dropping
    it) and every one is checked before each commit; ValueError names the table that fails.
    """
    cursor = connection.cursor()
    (present,) = cursor.execute("PRAGMA user_version").fetchone()
    cursor.execute("PRAGMA foreign_keys = 0")  # ignored inside a transaction, hence before the first one
    if cursor.execute("PRAGMA foreign_keys").fetchone()[0] != 0:
        raise RuntimeError("foreign keys could not be switched off: a transaction is open")
    passed = []
    try:
        for step in steps:
            if present < step.VERSION:
                _run_step(cursor, step)
                passed.append(step.VERSION)
    finally:
        cursor.execute("PRAGMA foreign_keys = 1")
    return passed


def _run_step(cursor: Any, step: Step) -> None:
    cursor.execute("BEGIN IMMEDIATE")
    try:
        step.apply(cursor)
        broken = cursor.execute("PRAGMA foreign_key_check").fetchone()
        if broken is not None:
            raise ValueError(f"step {step.VERSION} leaves a broken foreign key in table {broken[0]}")
        cursor.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        cursor.execute(f"PRAGMA user_version = {step.VERSION}")
        cursor.execute("COMMIT")
    except BaseException:
        if cursor.connection.in_transaction:
            cursor.execute("ROLLBACK")
        raise


def schema_dump(connection: Any) -> list[tuple[object, ...]]:
    """Return the schema of a file in a form in which two equal schemas are equal lists.

    Holds the normalised SQL of every table, index, trigger and view, and for every table what
    SQLite itself understood: columns, indexes, foreign keys.
    """
    cursor = connection.cursor()
    dump: list[tuple[object, ...]] = []
    objects = cursor.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    for kind, name, table, sql in objects:
        dump.append(("sql", kind, name, table, normalised(sql)))
        if kind == "table":
            for pragma in ("table_xinfo", "foreign_key_list", "index_list"):
                # An index is named by its position in the list, which depends on the order of creation.
                cut = 1 if pragma == "index_list" else 0
                rows = cursor.execute(f'PRAGMA {pragma}("{name}")').fetchall()
                dump.extend((pragma, name, *row[cut:]) for row in rows)
        if kind == "index":
            dump.extend(
                ("index_xinfo", name, *row)
                for row in cursor.execute(f'PRAGMA index_xinfo("{name}")').fetchall()
            )
    return sorted(dump, key=repr)


def normalised(sql: str | None) -> str | None:
    """Return SQL without its layout: comments out, white space single, quotes around names gone."""
    if sql is None:
        return None
    text = re.sub(r"--[^\n]*", " ", sql)
    text = re.sub(r"\s+", " ", text).replace('"', "").strip()
    return re.sub(r" (?=[(),])|(?<=[(),]) ", "", text)
