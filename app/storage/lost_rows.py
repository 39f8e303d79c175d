"""Whether a damaged file lacks rows that one of its indexes still knows: then it is more than the index that is damaged."""

from typing import Any

from sqlcipher3 import dbapi2


def lacks_rows(connection: Any) -> bool:
    """Tell whether an index has more entries than its table has rows, as where an older page lies in the place of a newer one.

    To be asked before the indexes are built anew: after that nothing tells it. What cannot be counted counts as lacking.
    """
    try:
        indexes = connection.execute(
            "SELECT m.name, i.name FROM sqlite_master AS m, pragma_index_list(m.name) AS i"
            " WHERE m.type = 'table' AND NOT i.partial"
        ).fetchall()
        return any(_entries(connection, table, index) > _rows(connection, table) for table, index in indexes)
    except dbapi2.DatabaseError:
        return True


def _entries(connection: Any, table: str, index: str) -> int:
    (count,) = connection.execute(f'SELECT count(*) FROM "{table}" INDEXED BY "{index}"').fetchone()
    return int(count)


def _rows(connection: Any, table: str) -> int:
    (count,) = connection.execute(f'SELECT count(*) FROM "{table}" NOT INDEXED').fetchone()
    return int(count)
