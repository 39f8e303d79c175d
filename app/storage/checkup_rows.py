"""The parts of a checkup that look at single rows: text, rules, references, periods, days, the bin."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct, field
from sqlcipher3 import dbapi2

from app.core.dates import is_partial_date
from app.storage.findings import BOOKKEEPING, Finding, Kind, Severity

_DAY_COLUMN = re.compile(r"\b(\w+) GLOB '\[12\]")
# Rows of these may stay when their child goes to the bin: a waiting roster row belongs to its roster.
_STAYS_OUT = frozenset({"parked_row"})


class BadText(str):
    """Text whose bytes are no UTF-8, each bad one shown as U+FFFD."""

    __slots__ = ()


def tolerant(raw: bytes) -> str:
    """Read text as it is, or as BadText: for a connection's ``text_factory``."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return BadText(raw.decode("utf-8", "replace"))


def image_sql(connection: Any, table: str, alias: str) -> str:
    """Return the SQL of a row's image, in the form in which the history keeps it."""
    columns = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    pairs = ", ".join(f"'{name}', {alias}.\"{name}\"" for _, name, kind, *_ in columns if kind != "BLOB")
    return f"json_object({pairs})"


class Suspects(Struct):
    """What other parts of the checkup know against rows, by (table, row id): the rule broken, the column that leads nowhere.

    ``wanted`` are rows that others refer to and that are not there, by (table, id).
    """

    broken_rules: set[tuple[str, int]] = field(default_factory=set)
    dead_ends: set[tuple[str, int, str]] = field(default_factory=set)
    wanted: set[tuple[str, int]] = field(default_factory=set)


def suspects(connection: Any, rule_tables: Sequence[str]) -> Suspects:
    """Find the rows that break a rule of their table, and the references that lead nowhere."""
    found = Suspects()
    for table in rule_tables:
        found.broken_rules.update((table, row_id) for row_id in _rows_not_allowed(connection, table))
    for table, row_id, parent, number in connection.execute("PRAGMA foreign_key_check").fetchall():
        column = _key_column(connection, table, number)
        found.dead_ends.add((table, row_id, column))
        target = connection.execute(f'SELECT "{column}" FROM "{table}" WHERE rowid = ?', (row_id,)).fetchone()
        found.wanted.add((parent, target[0]))
    return found


def _key_column(connection: Any, table: str, number: int) -> str:
    keys = connection.execute(f'PRAGMA foreign_key_list("{table}")').fetchall()
    return next(str(key[3]) for key in keys if key[0] == number)


def _rows_not_allowed(connection: Any, table: str) -> list[int]:
    """Let SQLite judge each row by writing every column as it is, and taking that back."""
    columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")').fetchall()]
    same = ", ".join(f'"{name}" = "{name}"' for name in columns)
    found = []
    connection.execute("BEGIN")
    try:
        for (row_id,) in connection.execute(f'SELECT rowid FROM "{table}" NOT INDEXED').fetchall():
            try:
                connection.execute(f'UPDATE "{table}" SET {same} WHERE rowid = ?', (row_id,))
            except dbapi2.IntegrityError as error:
                if "overlap:" not in str(error):
                    found.append(row_id)
    finally:
        connection.execute("ROLLBACK")
    return found


def text_findings(connection: Any) -> list[Finding]:
    """Find every field whose bytes are no UTF-8; what is meant is not known here."""
    found: list[Finding] = []
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    )
    for (table,) in tables.fetchall():
        columns = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
        texts = [name for _, name, kind, *_ in columns if kind in ("TEXT", "ANY")]
        if texts:
            found += _bad_cells(connection, table, texts, [name for _, name, *_ in columns])
    return found


def _bad_cells(
    connection: Any, table: str, texts: Sequence[str], columns: Sequence[str]
) -> Iterator[Finding]:
    key = "rowid" if "key" not in columns or table != "meta" else "NULL"
    uuid = '"uuid"' if "uuid" in columns else "''"
    listed = ", ".join(f'"{name}"' for name in texts)
    for row_id, row_uuid, *values in connection.execute(
        f'SELECT {key}, {uuid}, {listed} FROM "{table}" NOT INDEXED'
    ):
        for name, value in zip(texts, values, strict=True):
            if isinstance(value, BadText):
                severity = Severity.NOTE if table in BOOKKEEPING else Severity.PAPER
                kind = Kind.HISTORY if table in BOOKKEEPING else Kind.TEXT
                yield Finding(kind, severity, table, row_id, str(row_uuid), name, str(value))


def day_findings(connection: Any, tables: Sequence[str]) -> list[Finding]:
    """Find dates that no calendar has, such as 2025-02-30."""
    found = []
    for table in tables:
        for column in day_columns(connection, table):
            values = connection.execute(f'SELECT DISTINCT "{column}" FROM "{table}" NOT INDEXED').fetchall()
            wrong = [value for (value,) in values if isinstance(value, str) and not _is_on_a_calendar(value)]
            for value in wrong:
                rows = connection.execute(
                    f'SELECT id, uuid FROM "{table}" NOT INDEXED WHERE "{column}" = ?', (value,)
                ).fetchall()
                found += [
                    Finding(Kind.DAY, Severity.PAPER, table, row_id, str(uuid), column, value)
                    for row_id, uuid in rows
                ]
    return found


def _is_on_a_calendar(text: str) -> bool:
    """Tell whether there is such a day, or such a minute of a day (2026-09-01T08:30)."""
    if "T" not in text:
        return is_partial_date(text)
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def overlap_findings(connection: Any, tables: Sequence[str]) -> list[Finding]:
    """Find two live periods of the same fact that hold the same day."""
    found = []
    for table in tables:
        keys = [
            row[2] for row in connection.execute(f'PRAGMA index_info("period_{table}")').fetchall() if row[2]
        ]
        if keys:
            same = " AND ".join(f'a."{key}" IS b."{key}"' for key in keys)
            rows = connection.execute(
                "SELECT a.id, a.uuid, coalesce(a.valid_from, ''), coalesce(a.valid_to, ''),"
                " coalesce(b.valid_from, ''), coalesce(b.valid_to, '')"
                f' FROM "{table}" AS a JOIN "{table}" AS b ON {same} AND a.id < b.id'
                " WHERE a.deleted_at IS NULL AND b.deleted_at IS NULL"
                " AND coalesce(a.valid_from, '') < coalesce(b.valid_to, '9999')"
                " AND coalesce(b.valid_from, '') < coalesce(a.valid_to, '9999') ORDER BY a.id, b.id"
            ).fetchall()
            found += [
                Finding(
                    Kind.OVERLAP,
                    Severity.PAPER,
                    table,
                    row_id,
                    str(uuid),
                    found=f"{start}/{end}",
                    meant=f"{other_start}/{other_end}",
                )
                for row_id, uuid, start, end, other_start, other_end in rows
            ]
    return found


def bin_findings(connection: Any, tables: Sequence[str]) -> list[Finding]:
    """Find records that are out of the recycle bin while their child lies in it: nobody sees them."""
    found = []
    for table in tables:
        columns = {row[1] for row in connection.execute(f'PRAGMA table_info("{table}")').fetchall()}
        if "child_id" in columns and table not in _STAYS_OUT:
            rows = connection.execute(
                f'SELECT t.id, t.uuid, child.deleted_at FROM "{table}" AS t JOIN child ON child.id = t.child_id'
                " WHERE t.deleted_at IS NULL AND child.deleted_at IS NOT NULL ORDER BY t.id"
            ).fetchall()
            found += [
                Finding(
                    Kind.BIN, Severity.OFFERED, table, row_id, str(uuid), "deleted_at", None, str(deleted_at)
                )
                for row_id, uuid, deleted_at in rows
            ]
    return found


def left_findings(connection: Any, tables: Sequence[str]) -> list[Finding]:
    """Return what still breaks a rule or leads nowhere: with that a file cannot be used, only a backup helps."""
    left = suspects(connection, tables)
    found = [
        Finding(Kind.REFERENCE, Severity.LOST, table, row_id, _uuid(connection, table, row_id), column)
        for table, row_id, column in sorted(left.dead_ends)
    ]
    found += [
        Finding(Kind.RULE, Severity.LOST, table, row_id, _uuid(connection, table, row_id))
        for table, row_id in sorted(left.broken_rules)
    ]
    return found


def _uuid(connection: Any, table: str, row_id: int) -> str:
    columns = {row[1] for row in connection.execute(f'PRAGMA table_info("{table}")').fetchall()}
    if "uuid" not in columns:
        return ""
    found = connection.execute(f'SELECT uuid FROM "{table}" WHERE rowid = ?', (row_id,)).fetchone()
    return "" if found is None else str(found[0])


def day_columns(connection: Any, table: str) -> list[str]:
    """Return the columns of a table that hold dates, as its rules tell."""
    row = connection.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
    ).fetchone()
    return [] if row is None else list(dict.fromkeys(_DAY_COLUMN.findall(row[0])))
