"""Comparing two ledgers row by row, history included, for the tests of the journal."""

from pathlib import Path

from sqlcipher3 import dbapi2

from app.storage.journal_lines import Entry, read_entries
from app.storage.store import Store


def journal_at(store: Store) -> Path:
    """Return where the journal of a store that is or was open for writing lies."""
    return store.journal.path


def entries(journal: Path) -> list[Entry]:
    """Return the commits that stand in a journal, which is whole."""
    _, found, whole = read_entries(journal)
    assert whole
    return found


def everything(path: Path) -> dict[str, list[tuple]]:
    """Return every row of every table of a ledger file, without ``change.seq`` and the mark of a clean exit."""
    connection = dbapi2.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        tables = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
            ).fetchall()
        ]
        columns = {
            table: [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")').fetchall()]
            for table in tables
        }
        connection.text_factory = bytes
        rows = {}
        for table in tables:
            names = ", ".join(f'"{name}"' for name in columns[table] if (table, name) != ("change", "seq"))
            order = "seq" if table == "change" else "1"
            where = "WHERE key <> 'clean_exit'" if table == "meta" else ""
            rows[table] = connection.execute(
                f'SELECT {names} FROM "{table}" {where} ORDER BY {order}'
            ).fetchall()
        rows["sqlite_sequence"] = connection.execute(
            "SELECT name, seq FROM sqlite_sequence WHERE name <> 'change' ORDER BY name"
        ).fetchall()
        return rows
    finally:
        connection.close()
