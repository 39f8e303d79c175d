"""Mends a private copy of a ledger as a checkup found it. Never run on the ledger itself.

What a row gets back is written as one action of its own (kind ``repair``) with the images of before and after, so
that the history tells of it and it can be undone like everything else. Bytes that are no text give no image: the
history triggers of the tables concerned are off meanwhile and the same entries are written here.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from app.storage.base import new_uuid
from app.storage.checkup_rows import image_sql
from app.storage.findings import BOOKKEEPING, Finding, Kind, Severity

REPAIR = "repair"
"""The kind of the action that a mended file holds."""

_IN_ROWS = frozenset({Kind.TEXT, Kind.DIFFERS, Kind.BIN})


def taken_up(findings: Iterable[Finding], accept: Collection[str]) -> list[Finding]:
    """Return what is mended: what there is evidence for, bad bytes wherever they are, and the offers she accepts."""
    return [
        finding
        for finding in findings
        if finding.severity is Severity.MENDED
        or (finding.severity is Severity.OFFERED and finding.key in accept)
        or _is_replaced_only(finding)
    ]


def mend(connection: Any, findings: Sequence[Finding], *, at: str, by: str | None) -> None:
    """Write the mended rows and numbers of ``findings`` (as ``taken_up`` gives them) into a copy, as one transaction.

    Indexes and triggers are made anew before (``checkup_file.make_anew``). ``at`` is local ISO time.
    """
    connection.execute(
        "PRAGMA foreign_keys = 0"
    )  # rows come back in any order; every reference is checked after
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("DELETE FROM current_action")
        for finding in findings:
            if finding.table in BOOKKEEPING and finding.kind is Kind.HISTORY and finding.row_id is not None:
                _replace_bad_bytes(connection, finding)
        in_rows = [finding for finding in findings if finding.kind in _IN_ROWS or finding.kind is Kind.GONE]
        (highest,) = connection.execute("SELECT coalesce(max(commit_no), 0) FROM action").fetchone()
        (noted,) = connection.execute("SELECT value FROM meta WHERE key = 'commit_no'").fetchone() or (0,)
        number = max(highest, noted if isinstance(noted, int) else 0)
        if in_rows and _Rows(connection).write(in_rows, number + 1, at, by):
            number += 1
        connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('commit_no', ?)", (number,))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    finally:
        connection.execute("PRAGMA foreign_keys = 1")


class _Rows:
    """Writes mended rows with their history."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._action = 0

    def write(self, findings: Sequence[Finding], number: int, at: str, by: str | None) -> bool:
        """Write all, as the action with this commit number; False when no image changed, then there is no action."""
        run = self._connection.execute
        fields = sum(finding.kind in _IN_ROWS for finding in findings)
        rows = len(findings) - fields
        parts = [f"改回 {fields} 处"] if fields else []
        parts += [f"补回 {rows} 条"] if rows else []
        words = f"体检修复：{'，'.join(parts)}"
        self._action = run(
            "INSERT INTO action (uuid, at, who, kind, words, commit_no) VALUES (?, ?, ?, ?, ?, ?)",
            (new_uuid(), at, by, REPAIR, words, number),
        ).lastrowid
        triggers = self._without_triggers({finding.table for finding in findings})
        by_row: dict[tuple[str, int], list[Finding]] = {}
        for finding in findings:
            if finding.kind in _IN_ROWS and finding.row_id is not None:
                by_row.setdefault((finding.table, finding.row_id), []).append(finding)
        for (table, row_id), fields_of_row in by_row.items():
            self._mend_row(table, row_id, fields_of_row)
        for finding in findings:
            if finding.kind is Kind.GONE:
                self._bring_back(finding)
        for sql in triggers:
            run(sql)
        (written,) = run("SELECT count(*) FROM change WHERE action_id = ?", (self._action,)).fetchone()
        if not written:
            run("DELETE FROM action WHERE id = ?", (self._action,))
        return bool(written)

    def _without_triggers(self, tables: Collection[str]) -> list[str]:
        """Drop the triggers of these tables and return the SQL that makes them again."""
        found = []
        for name, table, sql in self._connection.execute(
            "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            if table in tables:
                self._connection.execute(f'DROP TRIGGER "{name}"')
                found.append(str(sql))
        return found

    def _mend_row(self, table: str, row_id: int, findings: Sequence[Finding]) -> None:
        run = self._connection.execute
        for finding in findings:
            if finding.kind is Kind.TEXT:
                self._set(table, row_id, {finding.column: str(finding.found)})
        image = image_sql(self._connection, table, f'"{table}"')
        select = f'SELECT uuid, {image} FROM "{table}" WHERE rowid = ?'
        _, before = run(select, (row_id,)).fetchone()
        meant = {f.column: f.meant for f in findings if f.kind is not Kind.TEXT or f.meant is not None}
        if meant:
            self._set(table, row_id, meant)
        uuid, after = run(select, (row_id,)).fetchone()
        if before == after:
            # Only bad bytes were replaced: what the history had last is what stood there before.
            row = run(
                "SELECT after_json FROM change WHERE row_uuid = ? AND table_name = ? ORDER BY seq DESC LIMIT 1",
                (uuid, table),
            ).fetchone()
            if row is None or row[0] is None or row[0] == after:
                return
            before = row[0]
        self._note(table, uuid, "update", before, after)

    def _bring_back(self, finding: Finding) -> None:
        image: Mapping[str, Any] = json.loads(str(finding.meant))
        names = ", ".join(f'"{name}"' for name in image)
        marks = ", ".join("?" * len(image))
        self._connection.execute(
            f'INSERT INTO "{finding.table}" ({names}) VALUES ({marks})', tuple(image.values())
        )
        self._note(finding.table, finding.row_uuid, "insert", None, str(finding.meant))

    def _set(self, table: str, row_id: int, values: Mapping[str, object]) -> None:
        assignments = ", ".join(f'"{name}" = ?' for name in values)
        self._connection.execute(
            f'UPDATE "{table}" SET {assignments} WHERE rowid = ?', (*values.values(), row_id)
        )

    def _note(self, table: str, uuid: str, operation: str, before: str | None, after: str) -> None:
        self._connection.execute(
            "INSERT INTO change (action_id, table_name, row_uuid, op, before_json, after_json)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (self._action, table, uuid, operation, before, after),
        )


def _replace_bad_bytes(connection: Any, finding: Finding) -> None:
    """Write the text of the history with a mark for each byte that is no text, so that it can be read at all."""
    connection.execute(
        f'UPDATE "{finding.table}" SET "{finding.column}" = ? WHERE rowid = ?',
        (str(finding.found), finding.row_id),
    )


def _is_replaced_only(finding: Finding) -> bool:
    """Tell whether a finding is bad bytes that nothing knows the meaning of: on the copy they become visible marks."""
    if finding.kind is Kind.TEXT:
        return finding.meant is None
    return finding.kind is Kind.HISTORY and bool(finding.column)
