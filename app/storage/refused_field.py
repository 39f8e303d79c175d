"""Which field it was that the tables refused: SQLite names a column, or repeats the rule that was broken."""

import re

from app.storage.store import Store

_OF_COLUMN = re.compile(r"(?:NOT NULL|UNIQUE) constraint failed: (\w+)\.(\w+)")
_OF_RULE = re.compile(r"CHECK constraint failed: (.+)", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_]\w*")


def refused_field(store: object, error: Exception) -> tuple[str, str] | None:
    """Return table and column that an IntegrityError is about, None where SQLite does not let that be told.

    Of a broken CHECK SQLite repeats the rule alone: the table stands in the error's notes, and the column is the first
    of its columns that the rule names.
    """
    said = str(error)
    if (named := _OF_COLUMN.search(said)) is not None:
        return named[1], named[2]
    rule = _OF_RULE.search(said)
    if rule is None or not isinstance(store, Store):
        return None
    table = next(iter(getattr(error, "__notes__", ())), "")
    columns = {name for (name,) in store.rows("SELECT name FROM pragma_table_info(?)", (table,))}
    column = next((word for word in _WORD.findall(rule[1]) if word in columns), None)
    return None if column is None else (table, column)
