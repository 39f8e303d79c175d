"""Taking rows away for good with their history: what a permanent deletion does to the tables (decisions §2.4).

Everything else in the ledger is only ever undone or moved to the recycle bin; this alone leaves no image. What was
taken is noted in ``meta`` by name of row, without content, until the journal has been begun anew: so a power cut in
between is known at the next start, and a journal that is replayed takes the same rows away.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.storage.action import Action
from app.storage.connection import LedgerDatabase

PURGE_KIND = "purge"
"""The kind of the action that takes rows away for good."""

_NOTE = "purge:"

Row = tuple[str, str]  # table, uuid


def purge_rows(
    db: LedgerDatabase,
    action: Action,
    *,
    rows: Sequence[Row] = (),
    scrubbed: Sequence[Row] = (),
    words: Mapping[str, str] | None = None,
) -> None:
    """Take ``rows`` (table, uuid) and all their history away, inside an action of kind ``purge``.

    In the given order: what refers to a row before the row itself. Of ``scrubbed`` rows only the history goes, they
    stay as they are now (write them first). ``words`` gives actions, by uuid, other words than those that name
    somebody. Once per action. The journal learns it from the note that stays until ``Store.journal.restart``.
    """
    note = {"rows": list(rows), "scrubbed": list(scrubbed), "words": dict(words or {})}
    note_purge(db.execute_sql, action.uuid, note)
    for statement, values in statements(note):
        db.execute_sql(statement, values)
    action.note_written(uuid for _, uuid in (*rows, *scrubbed))


def pending_purges(db: LedgerDatabase) -> list[str]:
    """Return the uuids of the permanent deletions whose journal has not been begun anew yet."""
    found = db.execute_sql("SELECT key FROM meta WHERE key LIKE 'purge:%' ORDER BY key").fetchall()
    return [str(key).removeprefix(_NOTE) for (key,) in found]


def note_purge(execute: Callable[..., Any], action_uuid: str, note: Mapping[str, Any]) -> None:
    """Write down what the action takes away, by names of rows."""
    text = json.dumps(note, ensure_ascii=False)
    execute("INSERT INTO meta (key, value) VALUES (?, ?)", (f"{_NOTE}{action_uuid}", text))


def note_of(entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the note that a journal line's ``entries`` were made from."""
    found = list(entries)
    return {
        "rows": [(one["table"], one["uuid"]) for one in found if one["op"] == "purge"],
        "scrubbed": [(one["table"], one["uuid"]) for one in found if one["op"] == "scrub"],
        "words": {one["uuid"]: one["words"] for one in found if one["op"] == "words"},
    }


def statements(note: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield the SQL that does what ``note`` says."""
    for table, uuid in note["rows"]:
        yield f'DELETE FROM "{table}" WHERE uuid = ?', (uuid,)
    yield from _forgetting([*note["rows"], *note["scrubbed"]])
    for uuid, text in note["words"].items():
        yield "UPDATE action SET words = ? WHERE uuid = ?", (text, uuid)


def purge_entries(db: LedgerDatabase, action_uuid: str) -> Iterator[dict[str, Any]]:
    """Yield what a permanent deletion took away, as its line in the journal says it."""
    found = db.execute_sql("SELECT value FROM meta WHERE key = ?", (f"{_NOTE}{action_uuid}",)).fetchone()
    if found is None:
        return
    note = json.loads(found[0])
    for table, uuid in note["rows"]:
        yield {"op": "purge", "table": table, "uuid": uuid}
    for table, uuid in note["scrubbed"]:
        columns = [
            name
            for _, name, kind, *_ in db.execute_sql(f'PRAGMA table_info("{table}")').fetchall()
            if kind != "BLOB"
        ]
        names = ", ".join(f'"{name}"' for name in columns)
        row = db.execute_sql(f'SELECT {names} FROM "{table}" WHERE uuid = ?', (uuid,)).fetchone()
        if row is not None:
            values = dict(zip(columns, row, strict=True))
            yield {"op": "scrub", "table": table, "uuid": uuid, "row": values}
    for uuid, text in note["words"].items():
        yield {"op": "words", "uuid": uuid, "words": text}


def forget_purges(db: LedgerDatabase) -> None:
    """Take the notes away: no journal holds anything of them any more."""
    db.execute_sql("DELETE FROM meta WHERE key LIKE 'purge:%'")


def _forgetting(rows: Iterable[Row]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield the statements that remove every image of the rows: one look through the history per 500 of them."""
    uuids = sorted({uuid for _, uuid in rows})
    for start in range(0, len(uuids), 500):
        batch = uuids[start : start + 500]
        yield f"DELETE FROM change WHERE row_uuid IN ({', '.join('?' * len(batch))})", tuple(batch)
