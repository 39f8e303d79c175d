"""Ways in which a ledger file gets damaged: single bytes, pages, what a foreign program does."""

from __future__ import annotations

import struct
from pathlib import Path

from sqlcipher3 import dbapi2


def raw(path: Path):
    """Open a ledger as a foreign program would, without any of our pragmas."""
    connection = dbapi2.connect(str(path), isolation_level=None)
    connection.text_factory = bytes
    return connection


def value(path: Path, sql: str, *params):
    """Return the first column of the first row."""
    connection = raw(path)
    try:
        row = connection.execute(sql, params).fetchone()
        return None if row is None else row[0]
    finally:
        connection.close()


def change_bytes(path: Path, old: bytes, new: bytes, *, beside: bytes = b"") -> None:
    """Change bytes of a row: the one place that is no JSON image; ``beside`` must stand close before it."""
    assert len(old) == len(new)
    content = path.read_bytes()
    places = []
    at = content.find(old)
    while at >= 0:
        in_json = content[at - 1 : at] == b'"' or b'":' in content[max(at - 12, 0) : at]
        if not in_json and (not beside or beside in content[max(at - 80, 0) : at + 80]):
            places.append(at)
        at = content.find(old, at + 1)
    assert places, "no such bytes outside the history"
    with path.open("r+b") as file:
        file.seek(places[0])
        file.write(new)


def silently(path: Path, *statements: str) -> None:
    """Write as somebody who goes round the history: without triggers, references and rules; all is put back after."""
    connection = dbapi2.connect(str(path), isolation_level=None)
    try:
        connection.execute("PRAGMA ignore_check_constraints = 1")
        connection.execute("BEGIN")  # hundreds of triggers: one commit, not one for each
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            connection.execute(statement)
        for _, sql in triggers:
            connection.execute(sql)
        connection.execute("COMMIT")
    finally:
        connection.close()


def put_bad_bytes(path: Path, table: str, column: str, row_id: int) -> None:
    """Put two bytes that are no UTF-8 at the end of a text."""
    silently(
        path,
        f"UPDATE {table} SET {column} = CAST(CAST({column} AS BLOB) || x'FFFE' AS TEXT) WHERE rowid = {row_id}",
    )


def damage_an_index(path: Path, index: str = "one_child_per_id_number") -> None:
    """Change one digit of a number in an index that has one page: the table keeps the right one."""
    number = bytes(value(path, "SELECT id_number FROM child WHERE id_number IS NOT NULL ORDER BY id"))
    size, page = page_size(path), root_page(path, index)
    content = path.read_bytes()
    at = content.index(number, (page - 1) * size, page * size)
    with path.open("r+b") as file:
        file.seek(at + 3)
        file.write(b"9" if number[3:4] != b"9" else b"8")


def root_page(path: Path, name: str) -> int:
    """Return the first page of a table or index, counted from 1."""
    return int(value(path, "SELECT rootpage FROM sqlite_master WHERE name = ?", name))


def page_size(path: Path) -> int:
    """Return the size of a page in bytes."""
    (size,) = struct.unpack_from(">H", path.read_bytes(), 16)
    return 65536 if size == 1 else size


def zero_page(path: Path, number: int) -> None:
    """Overwrite a whole page with zeros, as a bad sector that reads as nothing does."""
    size = page_size(path)
    with path.open("r+b") as file:
        file.seek((number - 1) * size)
        file.write(bytes(size))


def leaf_pages(path: Path, table: str) -> list[int]:
    """Return the leaf pages of a table's tree, by walking it from its root."""
    size = page_size(path)
    content = path.read_bytes()
    found, waiting = [], [root_page(path, table)]
    while waiting:
        number = waiting.pop()
        start = (number - 1) * size
        head = start + (100 if number == 1 else 0)
        if content[head] == 13:
            found.append(number)
            continue
        (cells,) = struct.unpack_from(">H", content, head + 3)
        waiting.append(struct.unpack_from(">I", content, head + 8)[0])
        for cell in range(cells):
            (offset,) = struct.unpack_from(">H", content, head + 12 + 2 * cell)
            waiting.append(struct.unpack_from(">I", content, start + offset)[0])
    return sorted(found)


def leaf_page(path: Path, table: str, row_id: int) -> int:
    """Return a leaf page of a table that is not its only one, the last in the file."""
    pages = leaf_pages(path, table)
    assert len(pages) > 1, f"{table} with {row_id} rows lies on one page"
    return pages[-1]


def table_info(path: Path, table: str) -> list[tuple]:
    """Return what SQLite says of the columns of a table."""
    connection = raw(path)
    try:
        return connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    finally:
        connection.close()


def rows(path: Path, table: str) -> list[tuple]:
    """Return all rows as they are stored, bytes and all."""
    connection = raw(path)
    try:
        return connection.execute(f'SELECT * FROM "{table}" NOT INDEXED ORDER BY rowid').fetchall()
    finally:
        connection.close()
