"""Finds the rows that hold text that is no UTF-8: the rest of their table can be read all the same."""

from typing import Any

from sqlcipher3 import dbapi2

from app.storage.connection import LedgerDatabase, translate

_HISTORY = frozenset({"action", "change"})


def count_bad_rows(connection: Any) -> int:
    """Return how many rows of all tables hold text that is not UTF-8."""
    return sum(_bad_rows(connection, table) for table in _tables(connection))


def count_bad_records(db: LedgerDatabase) -> int:
    """Return how many records of an open ledger hold such text; the history of changes is left out.

    Rows are looked at one by one, none is kept: a whole table of a large school would not leave the memory again.
    EnvironmentFault when the disk does not give them.
    """
    connection = db.driver
    usual = connection.text_factory
    connection.text_factory = str
    try:
        return sum(_bad_rows(connection, name) for name in _tables(connection) if name not in _HISTORY)
    except dbapi2.DatabaseError as error:
        raise translate(error, writing=False) from error
    finally:
        connection.text_factory = usual


def _tables(connection: Any) -> list[str]:
    rows = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    )
    return [name for (name,) in rows.fetchall()]


def _bad_rows(connection: Any, table: str) -> int:
    """Return how many rows of ``table`` hold text that is not UTF-8."""
    columns = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    texts = ", ".join(f'"{name}"' for _, name, kind, *_ in columns if kind in ("TEXT", "ANY"))
    if not texts:
        return 0
    query = f'SELECT {texts} FROM "{table}"'
    try:
        for _ in connection.execute(query):
            pass
    except dbapi2.OperationalError as error:
        if not str(error).startswith("Could not decode"):
            raise
        connection.text_factory = bytes
        try:
            return sum(_is_bad(row) for row in connection.execute(query))
        finally:
            connection.text_factory = str
    return 0


def _is_bad(row: tuple[object, ...]) -> bool:
    try:
        for value in row:
            if isinstance(value, bytes):
                value.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False
