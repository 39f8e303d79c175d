"""Reads the change history: what was done, what became of one row, what lies in the recycle bin."""

import json
from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from app.storage.store import Store
from app.storage.undo import KeptRow, UndoResult, undo

__all__ = [
    "ActionRow",
    "BinRow",
    "FieldChange",
    "KeptRow",
    "UndoResult",
    "actions",
    "history_tables",
    "recycle_bin",
    "row_history",
    "undo",
]

# Columns that say how a row is kept, not what it says.
_HOUSEKEEPING = frozenset({"id", "uuid", "entered_at"})


class ActionRow(Struct, frozen=True):
    """One line of 「我刚才做了什么」. ``at`` is local ISO time; ``changes`` how many rows it wrote."""

    uuid: str
    at: str
    who: str | None
    kind: str
    words: str
    commit_no: int
    changes: int
    is_undone: bool


class FieldChange(Struct, frozen=True):
    """One field of one row, before and after one action; ``before`` is None in the action that made the row."""

    when: str
    who: str | None
    field: str
    before: object
    after: object
    action_uuid: str
    words: str


class BinRow(Struct, frozen=True):
    """One row in the recycle bin. ``action_uuid`` is the action that moved it there: undoing that brings it back."""

    table: str
    uuid: str
    deleted_at: str
    action_uuid: str | None
    who: str | None
    words: str


def actions(store: Store, *, day: date | None = None, limit: int = 200) -> list[ActionRow]:
    """Return the saved actions, the last one first; of one ``day`` only when that is given."""
    where, params = "", []
    if day is not None:
        where, params = "AND at >= ? AND at < ?", [f"{day.isoformat()}T", f"{day.isoformat()}U"]
    rows = store.rows(
        "SELECT uuid, at, who, kind, words, commit_no,"
        " (SELECT count(*) FROM change WHERE action_id = action.id), undone_by_id IS NOT NULL"
        f" FROM action WHERE commit_no IS NOT NULL {where} ORDER BY commit_no DESC LIMIT ?",
        [*params, limit],
    )
    return [
        ActionRow(uuid, at, who, kind, words, number, changes, is_undone=bool(undone))
        for uuid, at, who, kind, words, number, changes, undone in rows
    ]


def row_history(store: Store, table: str, row_uuid: str) -> list[FieldChange]:
    """Return every change of every field of one row, the oldest first.

    The action that made the row gives one line per field that had a value; moving to the bin
    and back are changes of ``deleted_at``.
    """
    changes: list[FieldChange] = []
    for at, who, before, after, action, words in _changes_of(store, table, row_uuid):
        old: Mapping[str, object] = json.loads(before) if before else {}
        new: Mapping[str, object] = json.loads(after) if after else {}
        changes.extend(
            FieldChange(at, who, name, old.get(name), new.get(name), action, words)
            for name in (new or old)
            if name not in _HOUSEKEEPING and old.get(name) != new.get(name)
        )
    return changes


def recycle_bin(store: Store) -> list[BinRow]:
    """Return what lies in the recycle bin, the last deleted first, rows of one action together."""
    found: list[BinRow] = []
    for table in history_tables(store):
        rows = store.rows(
            "SELECT row.uuid, row.deleted_at, action.uuid, action.who, action.words"
            f' FROM "{table}" AS row LEFT JOIN action ON action.id = ('
            "  SELECT action_id FROM change WHERE row_uuid = row.uuid AND op <> 'insert' AND op = 'update'"
            "  AND json_extract(after_json, '$.deleted_at') = row.deleted_at"
            "  AND json_extract(before_json, '$.deleted_at') IS NULL ORDER BY seq DESC LIMIT 1)"
            " WHERE row.deleted_at IS NOT NULL"
        )
        found.extend(
            BinRow(table, uuid, deleted_at, action, who, words or "")
            for uuid, deleted_at, action, who, words in rows
        )
    return sorted(found, key=lambda row: (row.deleted_at, row.action_uuid or ""), reverse=True)


def history_tables(store: Store) -> list[str]:
    """Return the tables whose rows have a history, by name."""
    rows = store.rows(
        "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name = 'history_' || tbl_name || '_insert'"
        " ORDER BY tbl_name"
    )
    return [name for (name,) in rows]


def _changes_of(store: Store, table: str, row_uuid: str) -> list[tuple[str, str | None, str, str, str, str]]:
    """Return (at, who, before, after, action, words) of each change of a row.

    Inserts are not in the index of the rows (bookkeeping.py): the first is found by the row's
    ``entered_at``, a later one as part of the action that took the row's deletion back.
    """
    return store.rows(
        """
        WITH later AS (
            SELECT seq, action_id FROM change WHERE row_uuid = :uuid AND table_name = :table AND op <> 'insert'
        ), makers AS (
            SELECT action.id FROM action WHERE at = (
                SELECT json_extract(before_json, '$.entered_at') FROM change
                WHERE seq = (SELECT min(seq) FROM later)
            )
            UNION SELECT id FROM action WHERE at = (SELECT entered_at FROM "{table}" WHERE uuid = :uuid)
            UNION SELECT id FROM action WHERE undoes_id IN (SELECT action_id FROM later)
        )
        SELECT action.at, action.who, before_json, after_json, action.uuid, action.words
        FROM change JOIN action ON action.id = change.action_id
        WHERE seq IN (SELECT seq FROM later) OR seq IN (
            SELECT seq FROM change WHERE action_id IN (SELECT id FROM makers)
            AND row_uuid = :uuid AND table_name = :table AND op = 'insert'
        )
        ORDER BY seq
        """.replace("{table}", table),
        {"uuid": row_uuid, "table": table},
    )
