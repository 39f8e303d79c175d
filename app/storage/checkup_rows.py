"""The parts of a checkup that look at single rows: text, the history's image of each, references, periods, the bin.

Nothing is guessed: where a row and its history disagree, the history is taken for right only on evidence (what stands
in the row is not allowed, the history or an older proved backup holds the value a second time). Without any, both
are shown.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from app.core.dates import is_partial_date
from app.core.id_number import inspect_id
from app.storage.connection import uri_of
from app.storage.findings import BOOKKEEPING, Finding, Kind, Severity

_REPLACED = "\ufffd"
_DAY_COLUMN = re.compile(r"\b(\w+) GLOB '\[12\]")
# Rows of these may stay when their child goes to the bin: a waiting roster row belongs to its roster.
_STAYS_OUT = frozenset({"parked_row"})

Image = Mapping[str, Any]


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


@dataclass(slots=True)
class Suspects:
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


class HistoryComparer:
    """Compares every present row with the last image the history has of it."""

    def __init__(self, connection: Any, suspects: Suspects, backups: Sequence[Path]) -> None:
        self._connection = connection
        self._suspects = suspects
        self._backups = backups

    def findings(self, tables: Sequence[str]) -> list[Finding]:
        """Return where row and history disagree, in the order of tables and rows."""
        run = self._connection.execute
        run("DROP TABLE IF EXISTS temp.last_image")
        run(
            "CREATE TEMP TABLE last_image AS SELECT table_name, row_uuid, max(seq) AS seq FROM main.change"
            " GROUP BY table_name, row_uuid"
        )
        run("CREATE UNIQUE INDEX temp.last_by_row ON last_image (table_name, row_uuid)")
        found: list[Finding] = []
        for table in tables:
            found += self._of_table(table)
        run("DROP TABLE temp.last_image")
        return self._decided(found)

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
            if image is not None and isinstance(image.get("id"), int):
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
    with suppress(dbapi2.DatabaseError):
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


def day_findings(connection: Any, tables: Sequence[str]) -> list[Finding]:
    """Find dates that no calendar has, such as 2025-02-30."""
    found = []
    for table in tables:
        for column in _day_columns(connection, table):
            values = connection.execute(f'SELECT DISTINCT "{column}" FROM "{table}" NOT INDEXED').fetchall()
            wrong = [value for (value,) in values if isinstance(value, str) and not is_partial_date(value)]
            for value in wrong:
                rows = connection.execute(
                    f'SELECT id, uuid FROM "{table}" NOT INDEXED WHERE "{column}" = ?', (value,)
                ).fetchall()
                found += [
                    Finding(Kind.DAY, Severity.PAPER, table, row_id, str(uuid), column, value)
                    for row_id, uuid in rows
                ]
    return found


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


def _day_columns(connection: Any, table: str) -> list[str]:
    row = connection.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
    ).fetchone()
    return [] if row is None else list(dict.fromkeys(_DAY_COLUMN.findall(row[0])))


def _judge_of(connection: Any, table: str, column: str) -> Any:
    """Return what tells possible values of a column from impossible ones; None where anything may stand."""
    if column == "id_number":
        return _is_possible_id
    if column in _day_columns(connection, table):
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
