"""Says in which state a ledger file is, and touches nothing (decisions.md §3.5, reliability.md §4).

The start is plain reading; everything that needs SQLite to write (rolling back a journal)
happens on a byte copy of file and journal in the private folder.
"""

import os
import re
import struct
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from msgspec import Struct, field
from msgspec.structs import asdict
from sqlcipher3 import dbapi2

from app.core.errors import EnvironmentFault
from app.core.messages import fault
from app.core.paths import private_folder
from app.core.progress import Progress, no_progress
from app.storage.bad_text import count_bad_rows
from app.storage.beside import journal_of, marker_of, wal_of
from app.storage.connection import (
    APPLICATION_ID,
    BUSY_SECONDS,
    is_open_here,
    primary_code,
    set_pragmas,
    uri_of,
)
from app.storage.data_place import backup_folder_for
from app.storage.head_count import children_on, counting_day
from app.storage.journal_place import standing
from app.storage.lost_rows import lacks_rows
from app.storage.migrations.runner import SCHEMA_VERSION
from app.storage.workroom import workroom

Opener = Callable[[Path], BinaryIO]

_MAGIC = b"SQLite format 3\x00"
_HEADER_SIZE = 100
_PAGE_NOT_READ = re.compile(r"error code=(\d+)")
_SQLITE_IOERR = 10


class Known(Struct, frozen=True):
    """What this computer remembers of the ledger it usually works on.

    ``last_commit_no`` is that of the last clean exit; ``backups`` a whole Chinese sentence
    about the verified backups, "" when there are none.
    """

    database: Path
    db_uuid: str
    last_commit_no: int
    backups: str = ""

    def is_at(self, path: Path) -> bool:
        """Tell whether ``path`` is where the usual ledger lies."""
        return os.path.realpath(path) == os.path.realpath(self.database)


class CheckResult(Struct, frozen=True):
    """The answer: one of the states of decisions.md §3.5, what to say, and facts for whoever helps."""

    state: str
    message: str
    detail: Mapping[str, object] = field(default_factory=dict)


class Unusable(Exception):
    """A file is in ``state``; ``values`` fill in its text, ``code`` is for whoever helps."""

    def __init__(self, state: str, code: str | None = None, **values: object) -> None:
        super().__init__(state, code)
        self.state = state
        self.code = code
        self.values = values

    def as_fault(self, path: Path, place: Known | None) -> EnvironmentFault:
        """Return the fault to raise about ``path``; its key is the state."""
        known: dict[str, object] = {"name": path.name, "backups": place.backups if place else ""}
        return fault(self.state, code=self.code, **{**known, **self.values})


class Header(Struct, frozen=True):
    """What the first 100 bytes say. ``pages`` is None when another program has written last and left it open."""

    page_size: int
    pages: int | None
    schema: int
    is_wal: bool


def check(
    path: Path,
    *,
    place: Known | None = None,
    backup_folder: Path | None = None,
    opener: Opener | None = None,
) -> CheckResult:
    """Classify the file at ``path``. RuntimeError when this process has it open.

    Never changes the file, its folder or their times. The journal is looked for in
    ``backup_folder``, the ledger's own unless another is given. ``opener`` opens a file for plain
    reading (tests hand in one that fails).
    """
    if is_open_here(path):
        raise RuntimeError("a ledger that is open in this process cannot be checked by plain reading")
    path = path.absolute()
    detail: dict[str, object] = {}
    where = _Where(path, place, backup_folder or backup_folder_for(path))
    try:
        try:
            _check_thoroughly(where, opener or _open_plainly, detail)
        except Unusable as found:
            if found.state != "older-content":
                raise
            # Saved and written down by an open window while the copy was made? A second look tells.
            _check_thoroughly(where, opener or _open_plainly, detail)
    except Unusable as found:
        if found.code is not None:
            detail["code"] = found.code
        return CheckResult(found.state, str(found.as_fault(path, place)), detail)
    last = str(detail["last_entry"] or "还没有").replace("T", " ")[:16]
    return CheckResult("ok", f"数据完好：在册 {detail['children']} 名儿童，最近一次保存 {last}。", detail)


def look(
    path: Path, place: Known | None = None, opener: Opener | None = None, *, newer_too: bool = False
) -> Header:
    """Read the first bytes and return what they say; Unusable when that already settles the state.

    An older schema is only noted: it is acted on after the content has been checked; a newer
    one also when ``newer_too``.
    """
    if marker_of(path).exists():
        raise Unusable("resume")
    try:
        if path.is_dir():
            raise Unusable("not-ours")
        size = path.stat().st_size
        if size == 0:
            raise Unusable("empty")
        with (opener or _open_plainly)(path) as file:
            header = file.read(_HEADER_SIZE)
    except (FileNotFoundError, NotADirectoryError):
        raise Unusable("missing") from None
    except PermissionError as error:
        # On Windows that is how a file held by another program answers.
        raise Unusable("locked" if sys.platform == "win32" else "io-error", "EACCES") from error
    except OSError as error:
        raise Unusable("io-error", "READ") from error
    parsed = _parsed(header, is_usual=place is not None and place.is_at(path))
    if parsed.schema > SCHEMA_VERSION and not newer_too:
        raise Unusable("newer-schema", found=parsed.schema, known=SCHEMA_VERSION)
    return parsed


@contextmanager
def copied_out(path: Path, opener: Opener | None = None, progress: Progress = no_progress) -> Iterator[Path]:
    """Give a private byte copy of the file with its journal, gone after the block.

    Unusable ``locked`` when another program writes just now, ``io-error`` when the disk does
    not give the bytes; EnvironmentFault when the private folder does not take them.
    """
    with workroom(private_folder()) as room:
        yield _copy_out(path, room, opener or _open_plainly, progress)


def check_content(path: Path, progress: Progress = no_progress) -> None:
    """Check a private copy of the file with its journal; Unusable when it is not sound."""
    with copied_out(path, progress=progress) as copy:
        progress(
            0, 0, "逐页核对拷出的那一份"
        )  # SQLite does not tell how far it is: no bar rather than one that stands
        _check_content(copy, {}, None)


def look_through(connection: Any, *, thoroughly: bool) -> None:
    """Look through the pages of an open file; Unusable ``corrupt`` or ``io-error``.

    Quickly: everything but the agreement of indexes with tables. Thoroughly: that and the
    foreign keys too, as after a stop that was not clean. Whether damage is in the indexes only
    is found out on a copy, by ``check``.
    """
    try:
        if not _passes(connection, "integrity_check" if thoroughly else "quick_check"):
            raise Unusable("corrupt", "INTEGRITY")
        if thoroughly and connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise Unusable("corrupt", "FOREIGN_KEY")
    except dbapi2.DatabaseError as error:
        raise unusable_for(error) from error


def unusable_for(error: Exception) -> Unusable:
    """Return the state that a driver error met while reading means."""
    code = primary_code(error)
    state = {
        "SQLITE_BUSY": "locked",
        "SQLITE_LOCKED": "locked",
        "SQLITE_IOERR": "io-error",
        "SQLITE_CANTOPEN": "io-error",
        "SQLITE_READONLY": "read-only",
        "SQLITE_FULL": "io-error",
    }.get(code or "", "corrupt")
    return Unusable(state, None if code is None else code.removeprefix("SQLITE_"))


def check_size(path: Path, page_size: int, pages: int) -> None:
    """Unusable ``corrupt`` when the file is not exactly its pages long: a cut of one byte passes every other check."""
    if path.stat().st_size != page_size * pages:
        raise Unusable("corrupt", "SIZE")


def check_not_behind(
    path: Path, place: Known | None, backup_folder: Path, ledger: Any, db_uuid: str, commit_no: int
) -> None:
    """Unusable ``older-content`` when the file lacks saves that its journal or this computer's memory knows of.

    ``ledger`` is an open connection to the file, or to a copy of it, that runs SQL.
    """
    found = standing(path, backup_folder, ledger, db_uuid)
    behind = 0 if found is None else found.missing
    if place is not None and db_uuid == place.db_uuid and place.is_at(path):
        behind = max(behind, place.last_commit_no - commit_no)
    if behind > 0:
        raise Unusable("older-content", behind=behind)


def _open_plainly(path: Path) -> BinaryIO:
    return path.open("rb")


def _parsed(header: bytes, *, is_usual: bool) -> Header:
    # What lay at the usual place was ours yesterday: other bytes there are damage, not a stranger's file.
    strange = "corrupt" if is_usual else "not-ours"
    if not header.startswith(_MAGIC[: len(header)]) or len(header) < len(_MAGIC):
        raise Unusable(strange)
    if len(header) < _HEADER_SIZE:
        raise Unusable("corrupt", "SHORT")
    (page_size,) = struct.unpack_from(">H", header, 16)
    changes, pages = struct.unpack_from(">2I", header, 24)
    (schema,) = struct.unpack_from(">I", header, 60)
    (owner,) = struct.unpack_from(">I", header, 68)
    (valid_for,) = struct.unpack_from(">I", header, 92)
    if owner != APPLICATION_ID:
        raise Unusable(strange)
    return Header(
        page_size=65536 if page_size == 1 else page_size,
        pages=pages if changes == valid_for else None,
        schema=schema,
        is_wal=header[18] == 2 or header[19] == 2,
    )


class _Where(Struct, frozen=True):
    """The file that is asked about, what is remembered of the usual one, and where its journal lies."""

    path: Path
    place: Known | None
    backup_folder: Path

    def check_not_behind(self, connection: Any, detail: Mapping[str, object]) -> None:
        db_uuid, commit_no = str(detail["db_uuid"]), int(str(detail["commit_no"]))
        check_not_behind(self.path, self.place, self.backup_folder, connection, db_uuid, commit_no)


def _check_thoroughly(where: _Where, opener: Opener, detail: dict[str, object]) -> None:
    path, place = where.path, where.place
    header = look(path, place, opener)
    detail["schema"] = header.schema
    with copied_out(path, opener) as copy:
        if header.pages is not None and not journal_of(copy).exists() and not wal_of(copy).exists():
            check_size(copy, header.page_size, header.pages)
        _check_content(copy, detail, where)
    if header.schema < SCHEMA_VERSION:
        raise Unusable("older-schema", found=header.schema, known=SCHEMA_VERSION)
    if place is not None and detail["db_uuid"] == place.db_uuid and not place.is_at(path):
        raise Unusable("other-path", usual=place.database.parent)
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        raise Unusable("read-only")
    if detail["bad_rows"]:
        raise Unusable("bad-row", rows=detail["bad_rows"])


def _check_content(copy: Path, detail: dict[str, object], where: _Where | None) -> None:
    try:
        connection = dbapi2.connect(uri_of(copy, "rw"), uri=True, isolation_level=None)
        try:
            set_pragmas(connection)
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            check_size(copy, connection.execute("PRAGMA page_size").fetchone()[0], pages)
            _look_through_copy(connection)
            meta = dict(connection.execute("SELECT key, value FROM meta").fetchall())
            detail["db_uuid"], detail["commit_no"] = str(meta["db_uuid"]), int(meta["commit_no"])
            detail["clean_exit"] = bool(meta["clean_exit"])
            # Of the last save, not the latest time (a clock may have been ahead), as backups without a clock have it.
            last = connection.execute("SELECT at FROM action ORDER BY id DESC LIMIT 1").fetchone()
            detail["last_entry"] = None if last is None else last[0]
            detail["children"] = children_on(connection, counting_day(connection, None))
            if where is not None:
                detail["bad_rows"] = count_bad_rows(connection)
                kept = standing(where.path, where.backup_folder, connection, str(detail["db_uuid"]))
                detail["journal"] = None if kept is None else asdict(kept)
                where.check_not_behind(connection, detail)
        finally:
            connection.close()
    except (KeyError, ValueError, TypeError) as error:
        raise Unusable("corrupt", "META") from error
    except dbapi2.DatabaseError as error:
        raise unusable_for(error) from error


def _look_through_copy(connection: Any) -> None:
    """Look through a copy, and when that finds damage, whether all rows are there and new indexes heal it."""
    try:
        look_through(connection, thoroughly=True)
    except Unusable as found:
        in_indexes = found.code == "INTEGRITY" and not lacks_rows(connection)
        if in_indexes and _is_healed_by_reindexing(connection):
            raise Unusable("index-damaged", "INTEGRITY") from found
        raise


def _is_healed_by_reindexing(connection: Any) -> bool:
    try:
        connection.execute("REINDEX")
        return _passes(connection, "integrity_check")
    except dbapi2.DatabaseError:
        return False


def _passes(connection: Any, pragma: str) -> bool:
    found = connection.execute(f"PRAGMA {pragma}(1)").fetchall()
    # SQLite counts a page that the disk does not give among the damage. To us it is another thing altogether (R12).
    for code in _PAGE_NOT_READ.findall(str(found)):
        if int(code) & 0xFF == _SQLITE_IOERR:
            raise Unusable("io-error", "READ")
    return bool(found == [("ok",)])


def _copy_out(path: Path, room: Path, opener: Opener, progress: Progress) -> Path:
    copy = room / "ledger.db"
    with ExitStack() as stack:
        # The plain files are closed after the connection: closing one would drop the connection's lock.
        pieces = []
        for source, target in (
            (path, copy),
            (journal_of(path), journal_of(copy)),
            (wal_of(path), wal_of(copy)),
        ):
            if source == path or source.exists():
                try:
                    pieces.append((stack.enter_context(opener(source)), target))
                except OSError as error:
                    raise Unusable("io-error", "READ") from error
        # In WAL mode SQLite would make files of its own beside the ledger, only to look.
        if not _in_wal_mode(pieces[0][0]):
            stack.enter_context(_shared_lock(path))
        for file, target in pieces:
            _copy_bytes(file, target, progress)
    return copy


@contextmanager
def _shared_lock(path: Path) -> Iterator[None]:
    """Keep writers of other processes from changing the file meanwhile, where SQLite can take the lock.

    It cannot when a hot journal waits to be rolled back or the file is damaged; then nobody
    else writes either.
    """
    with ExitStack() as held:
        try:
            connection = dbapi2.connect(
                uri_of(path, "ro"), uri=True, isolation_level=None, timeout=BUSY_SECONDS
            )
            held.callback(connection.close)
            connection.execute("BEGIN")
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        except (dbapi2.DatabaseError, UnicodeDecodeError) as error:  # bad bytes in SQLite's own message
            if primary_code(error) in ("SQLITE_BUSY", "SQLITE_LOCKED"):
                raise Unusable("locked", "BUSY") from error
        yield


def _in_wal_mode(file: BinaryIO) -> bool:
    """Tell by the first bytes whether another program has switched the file over, and go back to its start."""
    try:
        head = file.read(_HEADER_SIZE)
        file.seek(0)
    except OSError as error:
        raise Unusable("io-error", "READ") from error
    return 2 in head[18:20]


def _copy_bytes(file: BinaryIO, target: Path, progress: Progress) -> None:
    size = os.fstat(file.fileno()).st_size if progress is not no_progress else 0
    try:
        with target.open("wb") as out:
            while block := _read(file):
                out.write(block)
                progress(out.tell(), max(size, out.tell()), "先拷出一份，在拷出的上面查")
    except OSError as error:
        raise fault("storage.not_copied_out") from error


def _read(file: BinaryIO) -> bytes:
    """Read on, telling an error of reading the ledger from one of writing the copy."""
    try:
        return file.read(1024 * 1024)
    except OSError as error:
        raise Unusable("io-error", "READ") from error
