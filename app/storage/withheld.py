"""Taking what stays at the school out of a snapshot that goes to the town (decisions §1.10, §4.3).

Restricted tables lose their rows and every image of them in the history; then the file is written anew, so that no
free page keeps a word, and its raw bytes are searched for what was taken out.
"""

import mmap
import re
from pathlib import Path
from typing import Any

from msgspec import Struct
from sqlcipher3 import dbapi2

from app.core.messages import fault
from app.storage.check import Unusable
from app.storage.classification import RESTRICTED_TABLES
from app.storage.connection import uri_of
from app.storage.medium import DISK, Disk, Place, require_space
from app.storage.snapshot import Snapshot, inspect_ledger, seal, source_fault, writing_fault

TOWN = "town"
# What the history of the copy says where the words might tell what was taken out.
_WITHHELD_WORDS = "（这一步的内容留在学校）"
_UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_MOMENT = re.compile(rb"[0-9T :.-]+")
# Shorter texts (a code, 有, 三年级) are found everywhere and prove nothing. In bytes of UTF-8.
_TELLING = 18
# A long text is known by a piece out of its middle: begin and end of a file are like those of any other file.
_PIECE = 64
# How many bytes the search for texts may read in all; the search by row names is never cut short.
_SEARCH_BUDGET = 4 * 1024**3


class _TakenOut(Struct, frozen=True):
    """What may not be found any more: the names of the rows, and texts out of them."""

    uuids: frozenset[bytes]
    texts: tuple[bytes, ...]


def without_restricted(snapshot: Snapshot, *, day: str, disk: Disk = DISK) -> Snapshot:
    """Return a snapshot beside ``snapshot`` that holds no restricted record; the given one is used up.

    EnvironmentFault ``copy.restricted_left`` when the bytes of the result still show something of them,
    ``copy.no_space`` or ``copy.became_full`` when this computer's disk does not take it.
    """
    result = snapshot.path.with_name("town.db")
    require_space(result.parent, snapshot.size, place=Place.COMPUTER, disk=disk)
    try:
        connection = dbapi2.connect(uri_of(snapshot.path, "rw"), uri=True, isolation_level=None)
        try:
            connection.execute("PRAGMA secure_delete = 1")
            taken_out = _take_out(connection)
            connection.execute("VACUUM INTO ?", (str(result),))
        finally:
            connection.close()
    except dbapi2.DatabaseError as error:
        problem = writing_fault(error, result.parent, snapshot.size)
        raise (source_fault(problem) if isinstance(problem, Unusable) else problem) from error
    try:
        facts = inspect_ledger(result, day=day)
    except Unusable as problem:
        raise fault("copy.restricted_left", code=problem.code) from problem
    if any(facts.counts[table] for table in RESTRICTED_TABLES) or _is_left(result, taken_out):
        raise fault("copy.restricted_left")
    snapshot.path.unlink()
    return seal(result, facts)


def _take_out(connection: Any) -> _TakenOut:
    tables = sorted(RESTRICTED_TABLES)
    marks = ", ".join("?" * len(tables))
    connection.execute("PRAGMA foreign_keys = 0")
    connection.execute("BEGIN IMMEDIATE")
    taken_out = _note(connection, tables)
    # The triggers would write the history of this very removal; they come back with the same text.
    triggers = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY rowid"
    ).fetchall()
    for name, _ in triggers:
        connection.execute(f'DROP TRIGGER "{name}"')
    connection.execute(
        f"UPDATE action SET words = ? WHERE id IN (SELECT action_id FROM change WHERE table_name IN ({marks}))",
        (_WITHHELD_WORDS, *tables),
    )
    connection.execute(f"DELETE FROM change WHERE table_name IN ({marks})", tables)
    for table in tables:
        connection.execute(f'DELETE FROM "{table}"')
    for _, sql in triggers:
        connection.execute(sql)
    connection.execute("INSERT INTO meta (key, value) VALUES ('made_for', ?)", (TOWN,))
    connection.execute("COMMIT")
    return taken_out


def _note(connection: Any, tables: list[str]) -> _TakenOut:
    marks = ", ".join("?" * len(tables))
    columns = {
        table: [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")').fetchall()]
        for table in tables
    }
    connection.text_factory = bytes  # as they stand in the file, also those that are no UTF-8
    try:
        # Rows that were undone or purged are still in the history by their names.
        found = connection.execute(f"SELECT row_uuid FROM change WHERE table_name IN ({marks})", tables)
        uuids: set[bytes] = {uuid for (uuid,) in found}
        texts: set[bytes] = set()
        for table in tables:
            at = columns[table].index("uuid")
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                uuids.add(row[at])
                texts.update(
                    _telling(value) for value in (*row[:at], *row[at + 1 :]) if isinstance(value, bytes)
                )
    finally:
        connection.text_factory = str
    return _TakenOut(frozenset(uuids), tuple(sorted(texts - {b""}, key=len, reverse=True)))


def _telling(value: bytes) -> bytes:
    """Return the part of a value that would give it away in raw bytes, b"" when it has none."""
    if len(value) < _TELLING or _UUID.fullmatch(value) or _MOMENT.fullmatch(value):
        return b""
    middle = (len(value) - _PIECE) // 2
    return value if middle <= 0 else value[middle : middle + _PIECE]


def _is_left(path: Path, taken_out: _TakenOut) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if any(found[0] in taken_out.uuids for found in _UUID.finditer(content)):
            return True
        most = max(_SEARCH_BUDGET // len(content), 1)
        found = [text for text in taken_out.texts[:most] if content.find(text) >= 0]
    return bool(found) and not _stands_elsewhere(path, found)


def _stands_elsewhere(path: Path, texts: list[bytes]) -> bool:
    """Tell whether each text is also the word of a record that may go along (the same remark typed twice)."""
    connection = dbapi2.connect(uri_of(path, "ro", immutable=True), uri=True)
    try:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        ).fetchall()
        connection.text_factory = bytes
        remaining = set(texts)
        for (table,) in names:
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                cells = [value for value in row if isinstance(value, bytes)]
                remaining = {text for text in remaining if not any(text in cell for cell in cells)}
        return not remaining
    finally:
        connection.close()
