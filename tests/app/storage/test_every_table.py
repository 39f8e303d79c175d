"""The history and undo hold for every column of every table, not only for those a test happened to use."""

from __future__ import annotations

import json

import pytest

from app.storage.check import check
from app.storage.history import actions, history_tables, recycle_bin, row_history, undo
from app.storage.store import Store

from .full_ledger import BOUND, EITHER, LONG, fill_every_table, row_for, tables_in_order
from .test_history import content

LOGS = ("handover", "drill", "destruction", "counselling_key")


@pytest.fixture
def full(store) -> Store:
    fill_every_table(store)
    return store


def test_every_table_takes_a_full_and_a_bare_row(full):
    for table in tables_in_order(full):
        rows = full.rows(f'SELECT * FROM "{table}" ORDER BY id')
        assert len(rows) == 2, table
        names = [row[1] for row in full.rows(f'PRAGMA table_info("{table}")')]
        empty = {name for name, value in zip(names, rows[0], strict=True) if value is None}
        assert empty <= {"deleted_at", "follows_id", *EITHER}, table


def test_the_history_holds_every_value(full):
    for table in history_tables(full):
        (uuid,) = full.one(f'SELECT uuid FROM "{table}" ORDER BY id')
        (image,) = full.one("SELECT after_json FROM change WHERE row_uuid = ?", (uuid,))
        names = [row[1] for row in full.rows(f'PRAGMA table_info("{table}")')]
        row = full.one(f'SELECT * FROM "{table}" WHERE uuid = ?', (uuid,))
        assert json.loads(image) == dict(zip(names, row, strict=True)), table
        told = {line.field: line.after for line in row_history(full, table, uuid)}
        kept = {name: value for name, value in zip(names, row, strict=True) if value is not None}
        for housekeeping in ("id", "uuid", "entered_at"):
            del kept[housekeeping]
        assert told == kept, table


def test_the_bin_lists_every_table(full):
    assert {row.table for row in recycle_bin(full)} == set(history_tables(full))


def test_every_column_can_be_changed_and_taken_back(full):
    before = content(full)
    for table in history_tables(full):
        if table in LOGS:
            continue  # their rows stay
        (uuid,) = full.one(f'SELECT uuid FROM "{table}" ORDER BY id')
        can_be_null = [row[1] for row in full.rows(f'PRAGMA table_info("{table}")') if not row[3]]
        emptied = [name for name in can_be_null if name not in {"id", "deleted_at", *BOUND}]
        assignments = ", ".join(
            ("deleted_at = '2026-11-21T10:00:00'", *(f'"{name}" = NULL' for name in emptied))
        )
        with full.action("全部清空", kind="test") as action:
            full.db.execute_sql(f'UPDATE "{table}" SET {assignments} WHERE uuid = ?', (uuid,))
        assert full.one(f'SELECT deleted_at FROM "{table}" WHERE uuid = ?', (uuid,)) == (
            "2026-11-21T10:00:00",
        )
        assert content(full)[table] != before[table]
        undo(full, action.uuid, by=None)
    assert content(full) == before


def test_the_whole_is_undone_and_redone_but_for_the_log(store):
    empty = content(store)
    with store.action("没有移交登记", kind="import") as action:
        for table in tables_in_order(store):
            if table in (*LOGS, "import_file", "attachment_content"):
                continue
            values = row_for(store, table, is_full=True)
            names = ", ".join(f'"{name}"' for name in values)
            store.db.execute_sql(
                f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(values))})',
                list(values.values()),
            )
    full = content(store)
    result = undo(store, action.uuid, by=None)
    assert result.kept == ()
    assert content(store) == empty
    undo(store, result.changes.action_uuid, by=None)
    assert content(store) == full
    assert [line.kind for line in actions(store)] == ["undo", "undo", "import"]


def test_a_full_ledger_is_ok(full):
    path = full.path
    full.close()
    assert check(path).state == "ok"


def test_long_text_stays_whole(full):
    assert full.one("SELECT note FROM child ORDER BY id") == (LONG,)
