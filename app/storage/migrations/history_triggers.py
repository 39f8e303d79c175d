"""Triggers that write the change history and guard periods (frozen helper of the migrations).

The history is written by the database itself, so that nothing (an import, a bulk change,
a later programmer) can get around it.
"""

from collections.abc import Sequence
from typing import Protocol


class Cursor(Protocol):
    """The part of a database cursor that the migrations use."""

    def execute(self, sql: str, parameters: Sequence[object] = ..., /) -> object:
        """Run one statement."""

    def fetchall(self) -> list[tuple[object, ...]]:
        """Return all rows of the last statement."""


def create_history_triggers(cursor: Cursor, table: str) -> None:
    """(Re)create the three history triggers of ``table``, which must have a ``uuid`` column.

    The image of a row is a JSON object of all its columns except those declared BLOB:
    attachments are immutable and stay outside the history. Outside an action
    ``current_action`` is empty, ``change.action_id`` would be NULL, and the write fails.
    A later migration that adds a column calls this again.
    """
    columns = _image_columns(cursor, table)
    before, after = _image("OLD", columns), _image("NEW", columns)
    differs = " OR ".join(f'OLD."{name}" IS NOT NEW."{name}"' for name in columns)
    for operation, row, images, condition in (
        ("insert", "NEW", f"NULL, {after}", ""),
        ("update", "NEW", f"{before}, {after}", f" WHEN {differs}"),
        ("delete", "OLD", f"{before}, NULL", ""),
    ):
        cursor.execute(f'DROP TRIGGER IF EXISTS "history_{table}_{operation}"')
        cursor.execute(
            f'CREATE TRIGGER "history_{table}_{operation}" AFTER {operation.upper()} ON "{table}"'
            f"{condition} BEGIN"
            " INSERT INTO change (action_id, table_name, row_uuid, op, before_json, after_json)"
            f" VALUES ((SELECT action_id FROM current_action), '{table}', {row}.uuid,"
            f" '{operation}', {images}); END"
        )


def create_period_guard(cursor: Cursor, table: str, keys: Sequence[str]) -> None:
    """Let at most one period be in force at a time for the same ``keys``.

    Periods are half-open ``[valid_from, valid_to)``; an unknown start reaches back for ever,
    an empty end is open. A live row that overlaps another live row with equal keys (NULL
    equals NULL) is refused with the error text ``overlap:<table>``. One open row per key is
    also held by the partial unique index ``one_open_<table>``; ``period_<table>`` keeps
    the look for overlaps, and the foreign key checks on a delete, from reading the whole table
    (whole, because a partial index does not serve a foreign key).
    """
    cursor.execute(f'DROP INDEX IF EXISTS "one_open_{table}"')
    cursor.execute(f'DROP INDEX IF EXISTS "period_{table}"')
    listed = ", ".join(f'"{key}"' for key in keys)
    cursor.execute(f'CREATE INDEX "period_{table}" ON "{table}" ({listed})')
    cursor.execute(
        f'CREATE UNIQUE INDEX "one_open_{table}" ON "{table}" ({listed})'
        " WHERE valid_to IS NULL AND deleted_at IS NULL"
    )
    same = " AND ".join(f'"{key}" IS NEW."{key}"' for key in keys)
    for operation in ("insert", "update"):
        cursor.execute(f'DROP TRIGGER IF EXISTS "period_{table}_{operation}"')
        cursor.execute(
            f'CREATE TRIGGER "period_{table}_{operation}" BEFORE {operation.upper()} ON "{table}"'
            f' WHEN NEW.deleted_at IS NULL AND EXISTS (SELECT 1 FROM "{table}" WHERE {same}'
            " AND uuid <> NEW.uuid AND deleted_at IS NULL"
            " AND coalesce(valid_from, '') < coalesce(NEW.valid_to, '9999')"
            " AND coalesce(NEW.valid_from, '') < coalesce(valid_to, '9999'))"
            f" BEGIN SELECT RAISE(ABORT, 'overlap:{table}'); END"
        )


def _image_columns(cursor: Cursor, table: str) -> list[str]:
    cursor.execute(f'PRAGMA table_info("{table}")')
    rows = cursor.fetchall()
    columns = [str(row[1]) for row in rows if str(row[2]).upper() != "BLOB"]
    if "uuid" not in columns:
        raise ValueError(f"table {table} has no uuid column to keep a history by")
    return columns


def _image(row: str, columns: Sequence[str]) -> str:
    return "json_object(" + ", ".join(f"'{name}', {row}.\"{name}\"" for name in columns) + ")"
