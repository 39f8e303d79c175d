"""Puts rows into every table there is, found out from the tables themselves.

One row with every column filled and one with only what must be, which lies in the recycle bin.
"""

from __future__ import annotations

import re
import shutil
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from app.core.clock import FixedClock
from app.storage.base import new_uuid
from app.storage.history import undo
from app.storage.store import Store

RARE = "生僻字𬭎䶮𠮷㛃和符号%_'\"\\"
LONG = f"最长的文字，有{RARE}\n" * 300
_BOOKKEEPING = {"meta", "action", "change", "current_action"}

# What rules between two columns ask for.
_SPECIAL: dict[tuple[str, str], Any] = {
    ("contact_order", "office"): None,
    ("contact_order", "office_number"): "0716-8212345",
    ("term", "ends_on"): "2027-01-20",
    ("import_file", "content"): bytes(range(256)),
    ("destruction", "counts"): '{"儿童": 1}',
    ("supporter", "name"): None,
    ("pairing", "buddy_id"): None,
    ("promise", "given_up_on"): None,
    ("trigger_event", "withdrawn_on"): None,
    ("trigger_event", "withdrawn_note"): None,
    ("duty_day", "instead_of_id"): None,
    ("call_line", "staff_id"): None,
    ("affection_call", "rescheduled_to"): None,
}
# Of these a rule allows only one at a time, or asks for one of two.
EITHER = {name for (_, name), value in _SPECIAL.items() if value is None}
BOUND = {"person_id", "staff_id", "name", "supporter_id", "buddy_id", "closed_reason", "closed_on"}
# ... and what the barest row cannot be without, because a rule asks for one of two columns.
_BARE: dict[tuple[str, str], Any] = {
    ("supporter", "name"): f"校外的人 {RARE}",
    ("supporter", "identity"): "volunteer",
    ("pairing", "supporter_id"): 1,
    ("contact_order", "person_id"): 1,
}


def tables_in_order(store: Store) -> list[str]:
    """Return every table of records, the ones that others refer to first."""
    names = [
        name
        for (name,) in store.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        )
        if name not in _BOOKKEEPING
    ]
    parents = {
        name: {row[2] for row in store.rows(f'PRAGMA foreign_key_list("{name}")')} - {name} for name in names
    }
    ordered: list[str] = []
    while len(ordered) < len(names):
        ordered += [name for name in names if name not in ordered and parents[name] <= set(ordered)]
    return ordered


def fill_every_table(store: Store) -> None:
    """Write two rows into every table as one action."""
    with store.action("每张表各写两行", kind="test", by="周老师") as action:
        for table in tables_in_order(store):
            for is_full in (True, False):
                values = row_for(store, table, is_full=is_full)
                names = ", ".join(f'"{name}"' for name in values)
                store.db.execute_sql(
                    f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(values))})',
                    list(values.values()),
                )
                action.note_written([values["uuid"]])


def row_for(store: Store, table: str, *, is_full: bool) -> dict[str, Any]:
    """Return values for a row of ``table``: all of them, or only those it cannot be without, deleted."""
    (sql,) = store.one("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,))
    keys = {row[3]: row[2] for row in store.rows(f'PRAGMA foreign_key_list("{table}")')}
    row: dict[str, Any] = {}
    for _, name, kind, not_null, default, _ in store.rows(f'PRAGMA table_info("{table}")'):
        if name == "id":
            continue
        if name == "uuid":
            row[name] = new_uuid()
        elif name == "entered_at":
            row[name] = "2026-11-21T09:00:00"
        elif name == "deleted_at":
            row[name] = None if is_full else "2026-11-21T09:30:00"
        elif not is_full and (table, name) in _BARE:
            row[name] = _BARE[table, name]
        elif is_full or (not_null and default is None):
            row[name] = _SPECIAL.get((table, name), _value(store, sql, name, kind, keys.get(name)))
    return row


def _value(store: Store, sql: str, name: str, kind: str, parent: str | None) -> Any:
    if parent is not None:
        return store.one(f'SELECT min(id) FROM "{parent}"')[0]
    codes = re.search(rf"\b{name} IN \(([^)]*)\)", sql)
    if codes is not None:
        first = codes[1].split(",")[0].strip()
        return first.strip("'") if kind == "TEXT" else int(first)
    one_by_one = re.search(rf"\b{name} = '(\w+)' OR {name} = ", sql)
    if one_by_one is not None:
        return one_by_one[1]
    if re.search(rf"\blength\({name}\) = 36", sql):
        return new_uuid()
    if re.search(rf"\b{name} GLOB '[^']*T\[0-2\]", sql):
        return "2026-09-01T08:30"
    if re.search(rf"\b{name} GLOB '\[0-2\]", sql):
        return "09:30" if name in ("ends", "ended") else "08:30"
    if re.search(rf"\b{name} GLOB '\[12\]", sql):
        return {"valid_from": "2025-03", "valid_to": "2026"}.get(name, "2026-09-01")
    if re.search(rf"\b{name} GLOB", sql):
        return "01"
    span = re.search(rf"\b{name} BETWEEN (\d+)", sql)
    if span is not None:
        return int(span[1])
    if kind == "BLOB":
        return b"x"
    if kind == "INTEGER":
        return 1
    return LONG if name == "note" else f"{name} {RARE}"


def make_kept_file(path: Path) -> None:
    """Write the file that a release keeps for ever of its schema: every table filled, a bin, a history, an undo."""
    clock = FixedClock(datetime(2026, 11, 21, 9, 0))
    with Store.create(path, clock=clock) as store:
        fill_every_table(store)
        clock.advance(hours=1)
        with store.action("改几列", kind="test", by="周老师") as action:
            for table in ("child", "person", "staff"):
                store.db.execute_sql(f'UPDATE "{table}" SET note = NULL WHERE id = 1')
        undo(store, action.uuid, by="陈校长")
    path.with_name(path.name + ".lock").unlink()
    shutil.rmtree(path.parent / "备份")


if __name__ == "__main__":
    make_kept_file(Path(sys.argv[1]))
