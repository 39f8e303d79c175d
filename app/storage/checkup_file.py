"""The parts of a checkup that look at the file as a whole: pages, indexes, schema, numbers, what can still be read."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any

from msgspec import Struct
from sqlcipher3 import dbapi2

from app.storage.connection import primary_code
from app.storage.findings import Finding, Kind, Severity, TableReading
from app.storage.migrations.runner import STEPS, normalised, run_steps

_MOST_LINES = 10_000
# What integrity_check says of a row whose content is not allowed; the pages themselves are sound then.
_RULE_LINES = (
    re.compile(r"CHECK constraint failed in (?P<table>\w+)"),
    re.compile(r"NULL value in (?P<table>\w+)\.\w+"),
    re.compile(r"(?:non-)?[A-Z]+ value in (?P<table>\w+)\.\w+"),
)
_INDEX_NAMED = re.compile(r"index (\w+)")
# A table that SQLite makes for its planner; its presence changes no record.
_PLANNER = "sqlite_stat"

Objects = Mapping[tuple[str, str], str]
"""(type, name) → normalised SQL."""


class Fresh(Struct, frozen=True):
    """The schema of a file newly made at the same version: normalised to compare, raw to make anew, owners by name."""

    objects: Objects
    sql: Mapping[tuple[str, str], str]
    owners: Mapping[tuple[str, str], str]

    def history_tables(self) -> list[str]:
        """Return the tables whose rows have a history."""
        return sorted(
            table for (kind, name), table in self.owners.items() if kind == "trigger" and _is_history(name)
        )

    def tables(self) -> list[str]:
        """Return all tables."""
        return sorted(name for kind, name in self.objects if kind == "table")


@cache
def fresh_schema(version: int) -> Fresh:
    """Return the schema that a new file of this version has; made once, it is asked for several times a checkup."""
    connection = dbapi2.connect(":memory:", isolation_level=None)
    try:
        run_steps(connection, [step for step in STEPS if version >= step.VERSION])
        found = connection.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        )
        rows = found.fetchall()
        return Fresh(
            MappingProxyType(objects_of(connection)),
            MappingProxyType({(kind, name): sql for kind, name, _, sql in rows}),
            MappingProxyType({(kind, name): table for kind, name, table, _ in rows}),
        )
    finally:
        connection.close()


def objects_of(connection: Any) -> Objects:
    """Return the tables, indexes, triggers and views of a file with their normalised SQL."""
    objects = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name"
    )
    return {
        (str(kind), str(name)): str(normalised(sql))
        for kind, name, sql in objects.fetchall()
        if not str(name).startswith(_PLANNER)
    }


def schema_findings(connection: Any, fresh: Fresh) -> list[Finding]:
    """Compare with a new file: what is lost of tables, what indexes and triggers to make anew, what is strange."""
    present = objects_of(connection)
    found = []
    for (kind, name), sql in fresh.objects.items():
        if present.get((kind, name)) != sql:
            mended = Severity.MENDED if kind in ("index", "trigger") else Severity.LOST
            found.append(
                Finding(Kind.SCHEMA, mended, fresh.owners.get((kind, name), ""), column=f"{kind} {name}")
            )
    found += [
        Finding(Kind.SCHEMA, Severity.NOTE, column=f"{kind} {name}")
        for kind, name in present
        if (kind, name) not in fresh.objects
    ]
    return found


def make_anew(connection: Any, fresh: Fresh, findings: Iterable[Finding]) -> None:
    """Make the missing or changed indexes and triggers as a new file has them."""
    for finding in findings:
        if finding.kind is Kind.SCHEMA and finding.severity is Severity.MENDED:
            kind, _, name = finding.column.partition(" ")
            connection.execute(f'DROP {kind} IF EXISTS "{name}"')
            connection.execute(fresh.sql[kind, name])


class Pages(Struct, frozen=True):
    """What the look through the pages found. ``rule_tables`` hold rows whose content is not allowed."""

    findings: tuple[Finding, ...]
    rule_tables: tuple[str, ...]
    is_lost: bool


def look_at_pages(connection: Any) -> Pages:
    """Look through every page of a copy; damaged indexes are built anew on it, which tells them from lost records."""
    lines = _integrity(connection)
    rules, others = _sorted_out(lines)
    if not others:
        return Pages((), rules, is_lost=False)
    owners = dict(
        connection.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'index'").fetchall()
    )
    connection.execute("REINDEX")
    rules, remaining = _sorted_out(_integrity(connection))
    if remaining:
        return Pages((), rules, is_lost=True)
    named = [match[1] for line in others if (match := _INDEX_NAMED.search(line))]
    counts: dict[str, int] = {}
    for name in named or [""]:
        table = owners.get(name, "")
        counts[table] = counts.get(table, 0) + 1
    found = tuple(Finding(Kind.INDEX, Severity.MENDED, table, count=count) for table, count in counts.items())
    return Pages(found, rules, is_lost=False)


def is_whole(connection: Any) -> bool:
    """Tell whether every page, index, rule and reference of a file holds."""
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    return _integrity(connection) == [] and broken is None


def _integrity(connection: Any) -> list[str]:
    found = [str(line) for (line,) in connection.execute(f"PRAGMA integrity_check({_MOST_LINES})").fetchall()]
    return [] if found == ["ok"] else found


def _sorted_out(lines: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Tell rows with content that is not allowed (their tables) from everything else."""
    tables, others = set(), []
    for line in lines:
        match = next((found for rule in _RULE_LINES if (found := rule.match(line))), None)
        if match is None:
            others.append(line)
        else:
            tables.add(match["table"])
    return tuple(sorted(tables)), others


def number_findings(connection: Any) -> list[Finding]:
    """Look whether the numbers of the saved actions fit the file's own count, and no action is half open."""
    highest, counted = connection.execute("SELECT max(commit_no), count(commit_no) FROM action").fetchone()
    (noted,) = connection.execute("SELECT value FROM meta WHERE key = 'commit_no'").fetchone() or (None,)
    found = []
    if noted != (highest or 0):
        is_low = not isinstance(noted, int) or noted < (highest or 0)
        severity = Severity.MENDED if is_low else Severity.NOTE
        found.append(
            Finding(Kind.NUMBER, severity, "meta", column="commit_no", found=noted, meant=highest or 0)
        )
    if counted != (highest or 0):
        found.append(
            Finding(Kind.NUMBER, Severity.NOTE, "action", column="commit_no", found=counted, meant=highest)
        )
    (half_open,) = connection.execute("SELECT count(*) FROM current_action").fetchone()
    if half_open:
        found.append(Finding(Kind.NUMBER, Severity.MENDED, "current_action", found=half_open, meant=0))
    return found


def readings(connection: Any, tables: Sequence[str], expected: Mapping[str, int]) -> tuple[TableReading, ...]:
    """Count what can be read of each table from both of its ends."""
    return tuple(_reading(connection, table, expected.get(table)) for table in tables)


def _reading(connection: Any, table: str, expected: int | None) -> TableReading:
    forward, last, is_whole = _read_on(connection, f'SELECT id, * FROM "{table}" NOT INDEXED ORDER BY id')
    if is_whole:
        return TableReading(table, forward, is_whole=True, expected=expected)
    after = "" if last is None else f" WHERE id > {last}"
    backward, _, _ = _read_on(connection, f'SELECT id, * FROM "{table}" NOT INDEXED{after} ORDER BY id DESC')
    return TableReading(table, forward + backward, is_whole=False, expected=expected)


def _read_on(connection: Any, query: str) -> tuple[int, int | None, bool]:
    """Return how many rows of a query come, the key of the last one, and whether that were all."""
    count, last = 0, None
    try:
        for row in connection.execute(query):
            count, last = count + 1, row[0]
    except (dbapi2.DatabaseError, UnicodeDecodeError) as error:
        if primary_code(error) in ("SQLITE_FULL", "SQLITE_NOMEM"):
            raise
        return count, last, False
    return count, last, True


def _is_history(name: str) -> bool:
    return name.startswith("history_") and name.endswith("_insert")
