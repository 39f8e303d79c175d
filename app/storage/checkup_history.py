"""The part of a checkup that compares every row with what the change history has of it last.

Nothing is guessed: where a row and its history disagree, the history is taken for right only on evidence (what stands
in the row is not allowed, the history or an older proved backup holds the value a second time). Without any, both
are shown.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from sqlcipher3 import dbapi2

from app.core.dates import is_partial_date
from app.core.id_number import inspect_id
from app.storage.checkup_rows import BadText, Suspects, day_columns, image_sql, tolerant
from app.storage.connection import uri_of
from app.storage.findings import Finding, Kind, Severity

_REPLACED = "\ufffd"

Image = Mapping[str, Any]


class HistoryComparer:
    """Compares every present row with the last image the history has of it."""

    def __init__(self, connection: Any, suspects: Suspects, backups: Sequence[Path]) -> None:
        self._connection = connection
        self._suspects = suspects
        self._backups = backups
        # Rows of which an entry of the history went astray: what is left of theirs may be an older state.
        self._unsure: frozenset[str] = frozenset()

    def findings(self, tables: Sequence[str]) -> list[Finding]:
        """Return where row and history disagree, in the order of tables and rows."""
        run = self._connection.execute
        run("DROP TABLE IF EXISTS temp.last_image")
        run(
            "CREATE TEMP TABLE last_image AS SELECT table_name, row_uuid, max(seq) AS seq FROM main.change"
            " GROUP BY table_name, row_uuid"
        )
        run("CREATE UNIQUE INDEX temp.last_by_row ON last_image (table_name, row_uuid)")
        found = self._astray(tables)
        for table in tables:
            found += self._of_table(table)
        run("DROP TABLE temp.last_image")
        return self._decided(found)

    def _astray(self, tables: Sequence[str]) -> list[Finding]:
        """Find entries of the history that name another table or row than their own image does."""
        known = ", ".join(f"'{table}'" for table in tables)
        rows = self._connection.execute(
            "SELECT seq, row_uuid, CASE WHEN json_valid(image) THEN json_extract(image, '$.uuid') END FROM"
            " (SELECT seq, table_name, row_uuid, coalesce(after_json, before_json) AS image FROM main.change)"
            f" WHERE table_name NOT IN ({known}) OR NOT json_valid(image)"
            " OR json_extract(image, '$.uuid') IS NOT row_uuid"
        ).fetchall()
        self._unsure = frozenset(str(uuid) for _, *uuids in rows for uuid in uuids if uuid is not None)
        return [Finding(Kind.HISTORY, Severity.NOTE, "change", seq, str(uuid)) for seq, uuid, _ in rows]

    def _of_table(self, table: str) -> Iterator[Finding]:
        image = image_sql(self._connection, table, "t")
        gone = self._gone(table)
        rows = self._connection.execute(
            f'SELECT t.id, t.uuid, {image}, c.op, c.before_json, c.after_json FROM "{table}" AS t NOT INDEXED'
            " LEFT JOIN temp.last_image AS l ON l.table_name = ? AND l.row_uuid = t.uuid"
            " LEFT JOIN main.change AS c ON c.seq = l.seq"
            f" WHERE c.seq IS NULL OR c.after_json IS NOT {image} ORDER BY t.id",
            (table,),
        ).fetchall()
        for row_id, row_uuid, now_text, operation, before_text, after_text in rows:
            before, after = before_text, after_text
            if row_uuid in self._unsure:
                continue
            if operation is None and row_id in gone:
                # The row is there under a name that the history does not know: its own name was damaged.
                before, after = gone.pop(row_id)
            if after is None:
                if operation is not None or not self._lost_its_history_on_purpose(table, row_id):
                    yield Finding(Kind.UNTOLD, Severity.PAPER, table, row_id, str(row_uuid))
                continue
            yield from self._compared(table, row_id, str(row_uuid), now_text, before, after)
        for row_id, (_, after_text) in gone.items():
            after_image = _image(after_text)
            if after_image is not None:
                wanted = (table, row_id) in self._suspects.wanted
                severity = Severity.MENDED if wanted else Severity.OFFERED
                uuid = str(after_image["uuid"])
                yield Finding(Kind.GONE, severity, table, row_id, uuid, meant=after_text)

    def _lost_its_history_on_purpose(self, table: str, row_id: int) -> bool:
        """Tell whether a row is older than a 永久删除: that may take the history of rows that stay."""
        found = self._connection.execute(
            f"SELECT 1 FROM \"{table}\" WHERE id = ? AND entered_at <= (SELECT max(at) FROM action WHERE kind = 'purge')",
            (row_id,),
        ).fetchone()
        return found is not None

    def _gone(self, table: str) -> dict[int, tuple[str | None, str]]:
        """Return the last images of rows that are not there under their name, by the id they had."""
        found: dict[int, tuple[str | None, str]] = {}
        for before, after in self._connection.execute(
            "SELECT c.before_json, c.after_json FROM temp.last_image AS l JOIN main.change AS c ON c.seq = l.seq"
            " WHERE l.table_name = ? AND c.op <> 'delete'"
            f' AND NOT EXISTS (SELECT 1 FROM "{table}" WHERE uuid = l.row_uuid)',
            (table,),
        ).fetchall():
            image = _image(after)
            if image is not None and isinstance(image.get("id"), int) and image["uuid"] not in self._unsure:
                found[int(image["id"])] = before, after
        return found

    def _compared(
        self, table: str, row_id: int, row_uuid: str, now_text: str, before_text: str | None, after_text: str
    ) -> Iterator[Finding]:
        after, now = _image(after_text), _image(now_text)
        history_is_bad, row_is_bad = isinstance(after_text, BadText), isinstance(now_text, BadText)
        if after is None or now is None:
            # What cannot be read is no witness against the row.
            yield Finding(Kind.HISTORY, Severity.NOTE, table, row_id, row_uuid)
            return
        before = None if before_text is None else _image(before_text)
        for name, meant in after.items():
            if name not in now or now[name] == meant or (history_is_bad and _is_damaged(meant)):
                continue
            found = now[name]
            is_text = row_is_bad and _is_damaged(found)
            kind = Kind.TEXT if is_text else Kind.DIFFERS
            severity = Severity.MENDED if is_text else self._judged(table, row_id, name, found, meant)
            if severity is Severity.OFFERED and before is not None and before.get(name) == meant:
                severity = Severity.MENDED  # the history says it twice, the row once
            yield Finding(kind, severity, table, row_id, row_uuid, name, found, meant)

    def _judged(self, table: str, row_id: int, name: str, found: object, meant: object) -> Severity:
        if name == "id":
            return Severity.LOST  # other rows refer to it
        in_two_places = name == "uuid"  # the history has it beside the image too
        not_allowed = (table, row_id) in self._suspects.broken_rules
        leads_nowhere = (table, row_id, name) in self._suspects.dead_ends
        if in_two_places or not_allowed or leads_nowhere:
            return Severity.MENDED
        judge = _judge_of(self._connection, table, name)
        if judge is not None and judge(meant) != judge(found):
            return Severity.MENDED if judge(meant) else Severity.NOTE
        return Severity.OFFERED

    def _decided(self, found: Sequence[Finding]) -> list[Finding]:
        """Ask older proved backups about what is still open, the newest first."""
        open_ones = {f.key: f for f in found if f.kind is Kind.DIFFERS and f.severity is Severity.OFFERED}
        for backup in self._backups:
            if not open_ones:
                break
            for key, severity in _told_by(backup, list(open_ones.values())):
                open_ones.pop(key)
                found = [replace(f, severity=severity) if f.key == key else f for f in found]
        return list(found)


def _told_by(backup: Path, asked: Sequence[Finding]) -> Iterator[tuple[str, Severity]]:
    """Yield what a backup tells of the fields asked about; nothing from one that cannot be read.

    A backup whose row has what our history says was made before the row was damaged. One whose history has what our
    row says was made before the history was: then the row is right.
    """
    # A message of SQLite with damaged bytes in it is one that the driver cannot say.
    with suppress(dbapi2.DatabaseError, UnicodeDecodeError):
        connection = dbapi2.connect(uri_of(backup, "ro", immutable=True), uri=True)
        try:
            connection.text_factory = tolerant
            for finding in asked:
                sql = f'SELECT "{finding.column}" FROM "{finding.table}" WHERE uuid = ?'
                row = connection.execute(sql, (finding.row_uuid,)).fetchone()
                if row is not None and row[0] == finding.meant:
                    yield finding.key, Severity.MENDED
                elif row is not None and _history_says(connection, finding) == finding.found:
                    yield finding.key, Severity.NOTE
        finally:
            connection.close()


def _history_says(connection: Any, finding: Finding) -> object:
    """Return what a file's own history has last for a field; None when it has nothing."""
    row = connection.execute(
        "SELECT after_json FROM change WHERE row_uuid = ? AND table_name = ? ORDER BY seq DESC LIMIT 1",
        (finding.row_uuid, finding.table),
    ).fetchone()
    image = None if row is None else _image(row[0])
    return None if image is None else image.get(finding.column)


def _judge_of(connection: Any, table: str, column: str) -> Any:
    """Return what tells possible values of a column from impossible ones; None where anything may stand."""
    if column == "id_number":
        return _is_possible_id
    if column in day_columns(connection, table):
        return _is_possible_day
    return None


def _is_possible_id(value: object) -> bool:
    return value is None or inspect_id(str(value)).ok


def _is_possible_day(value: object) -> bool:
    return value is None or is_partial_date(str(value))


def _is_damaged(value: object) -> bool:
    return isinstance(value, str) and _REPLACED in value


def _image(text: str | None) -> Image | None:
    if text is None:
        return None
    try:
        found = json.loads(text, strict=False)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
