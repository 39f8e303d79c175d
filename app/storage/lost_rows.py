"""Whether a damaged file lacks rows that one of its indexes still knows: then it is more than the index that is damaged."""

from typing import Any

from sqlcipher3 import dbapi2


def lacks_rows(connection: Any) -> bool:
    """Tell whether an index has more entries than its table has rows, as where an older page lies in the place of a newer one.

    To be asked before the indexes are built anew: after that nothing tells it. An index that cannot be followed to its end
    is no witness; another one of the same table may be.
    """
    indexes = connection.execute(
        "SELECT m.name, i.name FROM sqlite_master AS m, pragma_index_list(m.name) AS i"
        " WHERE m.type = 'table' AND NOT i.partial"
    ).fetchall()
    return any(_knows_more(connection, table, index) for table, index in indexes)


def _knows_more(connection: Any, table: str, index: str) -> bool:
    try:
        (entries,) = connection.execute(f'SELECT count(*) FROM "{table}" INDEXED BY "{index}"').fetchone()
        (rows,) = connection.execute(f'SELECT count(*) FROM "{table}" NOT INDEXED').fetchone()
    except dbapi2.DatabaseError:
        return False
    return bool(entries > rows)
