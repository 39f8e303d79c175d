"""Looking for names and numbers in bytes: in the kept files of imports, and, after a deletion, wherever they could be."""

# Table names below are our own.
# ruff: noqa: S608

import mmap
import os
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from app.core.errors import UserError
from app.dossier.purge_names import Finder, Secrets
from app.storage.store import Store
from app.workbook.zip_guard import GuardedZip

# How a roster may hold a name: text and xlsx in UTF-8, .csv of a Chinese Windows, .xls in UTF-16.
_ENCODINGS = ("utf-8", "gb18030", "utf-16-le")
_ZIP = b"PK\x03\x04"


def files_holding(store: Store, secrets: Secrets) -> list[str]:
    """Return the uuids of the kept import files in which one of ``secrets`` stands, looking into packed parts too.

    A packed file that cannot be looked through counts as one that holds them: it is not known that it does not.
    """
    if not secrets.all:
        return []
    finders = [secrets.finder(encoding) for encoding in _ENCODINGS]
    found = []
    for (row_id,) in store.rows("SELECT id FROM import_file ORDER BY id"):
        uuid, kept = store.rows("SELECT uuid, content FROM import_file WHERE id = ?", (row_id,))[0]
        content = _unpacked(kept)
        if _any_in(content, finders) or (content[:4] == _ZIP and _in_parts(content, finders)):
            found.append(str(uuid))
    return found


def files_of(store: Store, rows: Iterable[tuple[str, str]]) -> list[str]:
    """Return the uuids of the kept files of the imports that wrote one of ``rows`` (table, uuid)."""
    found: dict[str, None] = {}
    for table, uuid in rows:
        # The action that made a row has its time; inserts are not in the index of rows.
        for (file,) in store.rows(
            "SELECT f.uuid FROM action a JOIN change c ON c.action_id = a.id AND c.table_name = 'import_run'"
            f" JOIN import_file f ON f.import_run_uuid = c.row_uuid WHERE a.at = (SELECT entered_at FROM {table}"
            " WHERE uuid = ?)",
            (uuid,),
        ):
            found[file] = None
    return list(found)


def traces(folders: Iterable[Path], secrets: Secrets) -> list[Path]:
    """Return the files below ``folders`` in which one of ``secrets`` stands as UTF-8, or that cannot be looked into.

    Never to be used on a ledger that is open: reading it beside the connection drops its locks.
    """
    finder = secrets.finder()
    return [path for path in _files(folders) if secrets.all and _holds(path, finder)]


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        if folder.is_file():
            yield folder
        elif folder.is_dir():
            yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _holds(path: Path, finder: Finder) -> bool:
    try:
        with path.open("rb") as file, _mapped(file) as content:
            return finder.stands_in(content)
    except FileNotFoundError:
        return False
    except OSError:
        # Not known to be without them. Of an empty one it is: a lock that is held cannot be read on Windows.
        with suppress(OSError):
            return path.stat().st_size > 0
        return True


@contextmanager
def _mapped(file: BinaryIO) -> Iterator[mmap.mmap | bytes]:
    """Give the bytes of a file without reading them all at once; an empty one cannot be mapped."""
    if os.fstat(file.fileno()).st_size == 0:
        yield b""
        return
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        yield content


def _unpacked(kept: bytes) -> bytes:
    """Return a kept file as it was brought: the import packs it, the first ones did not."""
    try:
        return zlib.decompress(kept)
    except zlib.error:
        return bytes(kept)


def _any_in(content: bytes, finders: Iterable[Finder]) -> bool:
    return any(finder.stands_in(content) for finder in finders)


def _in_parts(content: bytes, finders: Collection[Finder]) -> bool:
    try:
        archive = GuardedZip("", content)
        return any(_any_in(archive.read(part), finders) for part in archive.parts)
    except UserError:
        return True
