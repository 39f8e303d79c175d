"""The one way to connect to a ledger file.

Every connection is made by URI (a mistyped path creates nothing), sets the pragmas of
reliability.md §1 and reads each back. Reads are fetched whole: in rollback-journal mode a
cursor left open would keep the next save from committing.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, Literal, NoReturn

import peewee
from sqlcipher3 import dbapi2

from app.core.errors import EnvironmentFault
from app.core.messages import fault, refuse

APPLICATION_ID = 0x53485747  # "SHWG": written into every ledger file, tells ours from other SQLite files

# What each connection sets, and what it must read back.
PRAGMAS: tuple[tuple[str, object, object], ...] = (
    ("journal_mode", "delete", "delete"),
    ("synchronous", "extra", 3),
    ("foreign_keys", 1, 1),
    ("secure_delete", 1, 1),
    ("temp_store", "memory", 2),
    ("trusted_schema", 0, 0),
    ("cell_size_check", 1, 1),
    ("cache_size", -8192, -8192),  # 8 MB: what is read often; the window keeps no more of the file in memory
    ("cache_spill", 0, 0),  # a whole import stays in memory until its one commit, however large
)

Params = Sequence[object] | Mapping[str, object]

Mode = Literal["rw", "rwc", "ro"]

# Waiting for another program (virus scanner, cloud folder), in seconds; the storage thread may wait, no window does.
BUSY_SECONDS = 5.0
# SQLite waits this long at a time; in between it is asked whether to go on.
_BUSY_SLICE = 0.25

_READ_AT_ONCE = 1024 * 1024
# So many values are written by one statement at most; SQLite as it comes takes 32,766.
_VALUES_AT_ONCE = 8000

Patience = Callable[[float], bool]
"""Asked on the waiting thread, with the seconds waited so far, whether to go on waiting for another program."""

_patience: list[Patience] = []

# The driver asks whatever is no plain text or number whether it adapts itself, None too: of each empty value five
# thousand instructions, of the writing of an import two fifths. This answers at once that None is None.
dbapi2.register_adapter(type(None), {}.get)

_open_paths: dict[str, int] = {}


class LedgerDatabase(peewee.SqliteDatabase):
    """A peewee database on sqlcipher3 (without a key: an ordinary SQLite file).

    Used by the thread that connected it and by no other. Faults of the disk and of locks come
    out as EnvironmentFault, broken rules of the tables as peewee's IntegrityError.
    """

    def __init__(self, path: Path, mode: Mode = "rw", *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = path
        self.mode = mode
        self.writing = False
        self.has_bad_text = False
        self._lost = False
        self._file: tuple[int, int] | None = None
        self._held: list[int] = []
        self._busy_seconds = busy_seconds
        super().__init__(uri_of(path, mode), thread_safe=False, autoconnect=False)

    def _connect(self) -> Any:
        return self._patiently(self._connect_once)

    def _connect_once(self) -> Any:
        if self._file is not None and not self._is_same_file():
            # Never go on writing into another file that has taken the name.
            raise fault("storage.changed_elsewhere")
        at_a_time = min(self._busy_seconds, _BUSY_SLICE)
        connection = dbapi2.connect(self.database, uri=True, timeout=at_a_time, isolation_level=None)
        try:
            set_pragmas(connection)
        except BaseException:
            connection.close()
            raise
        status = self.path.stat()
        self._file = (status.st_dev, status.st_ino)
        _note_open(self.path, +1)
        return connection

    def _close(self, conn: Any) -> None:
        conn.close()
        while self._held:
            os.close(self._held.pop())
        _note_open(self.path, -1)

    def connect(self, reuse_if_open: bool = False) -> bool:
        """Open the connection; EnvironmentFault when the file or the disk does not let it be opened."""
        try:
            opened = bool(super().connect(reuse_if_open))
            self._lost = False
            return opened
        except peewee.DatabaseError as error:
            if primary_code(error) == "SQLITE_CORRUPT" and not self.disk_gives_all():
                raise fault("storage.io_read", code="IOERR") from error
            raise translate(error, writing=False) from error
        except OSError as error:
            raise fault("storage.cannot_open") from error

    def disk_gives_all(self) -> bool:
        """Tell whether the disk gives every byte of the file: what it refuses, SQLite calls damaged (IOERR_CORRUPTFS).

        A disk that cannot be read is another thing than data that are damaged: nothing may be restored over it (R12).
        """
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
        try:
            descriptor = os.open(self.path, flags)
        except OSError:
            return False
        try:
            while os.read(descriptor, _READ_AT_ONCE):
                pass
        except OSError:
            return False
        finally:
            if is_open_here(self.path):
                self._held.append(descriptor)  # closing it now would drop SQLite's locks
            else:
                os.close(descriptor)
        return True

    @property
    def driver(self) -> Any:
        """The driver's own connection underneath."""
        return self.connection()  # type: ignore[no-untyped-call]

    def reconnect(self) -> None:
        """Let go of a connection that has seen a fault of the disk and make a fresh one.

        When that does not work now, the next statement tries again and raises what is wrong.
        """
        self.has_bad_text = False
        self._lost = True
        with suppress(peewee.DatabaseError):
            self.close()
        with suppress(EnvironmentFault):
            self.connect()

    def _come_back(self) -> None:
        """Connect again after a fault of the disk. For somebody who is saving, what prevents it is that fault still."""
        try:
            self.connect(reuse_if_open=True)
        except EnvironmentFault as still:
            if self.writing and still.key in ("storage.cannot_open", "storage.io_read"):
                raise fault("storage.io_write", code=still.code) from still
            raise

    def execute_sql(self, sql: str, params: Params | None = None) -> Any:
        """Run one statement and return its cursor, the rows of a read already fetched."""
        if self._lost:
            self._come_back()
        try:
            return self._run(sql, params)
        except (peewee.DatabaseError, dbapi2.DatabaseError) as error:
            if self.has_bad_text or not str(error).startswith("Could not decode"):
                self._raise(error)
        self._read_bad_text()
        return self._run(sql, params)

    def insert_columns(self, table: str, columns: Mapping[str, Sequence[object]]) -> None:
        """Write new rows, given column by column, many by each statement: for an import three fifths of the time.

        A statement of its own opens the table, its indexes and those of the history anew for each row, looks two last
        ids up in the list of all tables, and lays every page aside that it touches lest it fail. The triggers see each
        row all the same, in this order.
        """
        names = ", ".join(f'"{name}"' for name in columns)
        width, count = len(columns), len(next(iter(columns.values())))
        values: list[object] = [None] * (width * count)
        for place, column in enumerate(columns.values()):
            values[place::width] = column
        one = f"({', '.join('?' * width)})"
        at_once = max(_VALUES_AT_ONCE // width, 1)
        for first in range(0, count, at_once):
            rows = min(at_once, count - first)
            sql = f'INSERT INTO "{table}" ({names}) VALUES {", ".join([one] * rows)}'
            self.execute_sql(sql, values[first * width : (first + rows) * width])

    def _run(self, sql: str, params: Params | None) -> Any:
        return self._patiently(partial(self._run_once, sql, params))

    def _run_once(self, sql: str, params: Params | None) -> Any:
        cursor = super().execute_sql(sql, params)  # type: ignore[no-untyped-call]
        return cursor if cursor.description is None else _FetchedCursor(cursor)

    def _patiently(self, act: Callable[[], Any]) -> Any:
        """Do it again while another program holds the file and there is patience left for it.

        A statement that was refused for a lock has done nothing, so doing it again is safe. SQLite that answers
        without having waited has seen that waiting cannot help (both hold what the other wants).
        """
        began = monotonic()
        while True:
            tried = monotonic()
            try:
                return act()
            except (peewee.DatabaseError, dbapi2.DatabaseError) as error:
                has_waited = monotonic() - tried >= min(self._busy_seconds, _BUSY_SLICE) / 2
                if primary_code(error) != "SQLITE_BUSY" or not has_waited:
                    raise
                waited = monotonic() - began
                goes_on = _patience[-1](waited) if _patience else waited < self._busy_seconds
                if not goes_on:
                    raise

    def _raise(self, error: Exception) -> NoReturn:
        meant = translate(error, writing=self.writing)
        if primary_code(error) == "SQLITE_READONLY" and self.mode != "ro" and not self._is_same_file():
            meant = fault("storage.changed_elsewhere")
        if primary_code(error) == "SQLITE_CORRUPT" and not self.disk_gives_all():
            meant = fault("storage.io_write" if self.writing else "storage.io_read", code="IOERR")
        if meant is error:
            raise error
        raise meant from error

    def _is_same_file(self) -> bool:
        """Tell whether the file opened is the one that now has the name: a cloud program may have swapped it."""
        try:
            status = self.path.stat()
        except OSError:
            return False
        return self._file == (status.st_dev, status.st_ino)

    def _read_bad_text(self) -> None:
        """From now on show bytes that are no UTF-8 as □-like marks, so that one bad row does not hide the rest."""
        self.has_bad_text = True
        self.driver.text_factory = partial(str, encoding="utf-8", errors="replace")


def is_given_whole(path: Path) -> bool:
    """Tell whether the disk gives every byte of a ledger file or a container; a pulled stick does not."""
    return LedgerDatabase(path, "ro").disk_gives_all()


class _FetchedCursor:
    """A cursor whose rows are all in memory, as peewee's result wrappers want it."""

    def __init__(self, cursor: Any) -> None:
        self.description = cursor.description
        self.lastrowid = cursor.lastrowid
        self.rowcount = cursor.rowcount
        self._rows: Iterator[tuple[Any, ...]] = iter(cursor.fetchall())
        cursor.close()

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return self._rows

    def fetchone(self) -> tuple[Any, ...] | None:
        return next(self._rows, None)

    def fetchall(self) -> list[tuple[Any, ...]]:
        return list(self._rows)

    def close(self) -> None:
        self._rows = iter(())


def be_patient(patience: Patience | None) -> None:
    """Let ``patience`` decide how long every connection of this process waits for another program's lock.

    None: as at first, ``BUSY_SECONDS`` and no longer.
    """
    _patience[:] = [] if patience is None else [patience]


def uri_of(path: Path, mode: Mode, *, immutable: bool = False) -> str:
    """Return the SQLite URI of ``path``; ``as_uri`` escapes Chinese, spaces, # and %."""
    return f"{path.absolute().as_uri()}?mode={mode}{'&immutable=1' if immutable else ''}"


def set_pragmas(connection: Any) -> None:
    """Set the pragmas on a driver connection and read each back; EnvironmentFault when one did not take."""
    for name, value, expected in PRAGMAS:
        connection.execute(f"PRAGMA {name} = {value}").fetchall()
        got = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if got != expected:
            raise fault("storage.pragma", code=f"{name}={got}")


def primary_code(error: BaseException) -> str | None:
    """Return SQLite's primary error code (``SQLITE_FULL`` …) behind a peewee or driver error, None if there is none.

    sqlcipher3 knows primary codes only, so reading or writing is told from what was under way.
    """
    original = getattr(error, "orig", None) or error
    name = getattr(original, "sqlite_errorname", None)
    return None if name is None else "_".join(str(name).split("_")[:2])


_KEYS = {
    "SQLITE_FULL": "storage.full",
    "SQLITE_BUSY": "storage.locked",
    "SQLITE_LOCKED": "storage.locked",
    "SQLITE_READONLY": "storage.read_only",
    "SQLITE_CORRUPT": "storage.corrupt",
    "SQLITE_NOTADB": "storage.corrupt",
    "SQLITE_CANTOPEN": "storage.cannot_open",
    "SQLITE_PERM": "storage.cannot_open",
}


# What the triggers of the migrations say, the particular before the general.
_REFUSALS = {
    "overlap:planned_call.line": "calls.slot_taken",
    "overlap:planned_call.child": "calls.child_twice",
    "planned_call.call_line_id, planned_call.day": "calls.slot_taken",
    "overlap:": "storage.overlap",
}


def translate(error: Exception, *, writing: bool) -> Exception:
    """Return the EnvironmentFault that ``error`` means for the user; ``error`` itself when it is none.

    What the guards of the file refuse is a UserError: two periods of one fact that overlap, a slot planned twice.
    """
    code = primary_code(error)
    if code == "SQLITE_IOERR" or (code == "SQLITE_CANTOPEN" and writing):  # the journal could not be made
        return fault("storage.io_write" if writing else "storage.io_read", code=code.removeprefix("SQLITE_"))
    if code in _KEYS:
        return fault(_KEYS[code], code=code.removeprefix("SQLITE_"))
    if code == "SQLITE_CONSTRAINT":
        said = str(getattr(error, "orig", error))
        for mark, key in _REFUSALS.items():
            if mark in said:
                return refuse(key)
    return error


def sqlite_version() -> str:
    """Return the version of the one SQLite library that is at work."""
    version: str = dbapi2.sqlite_version
    return version


def is_open_here(path: Path) -> bool:
    """Tell whether this process has ``path`` open through SQLite.

    A plain ``open()`` of such a file would drop SQLite's locks when it is closed (POSIX), so
    whoever reads the bytes of a ledger file asks here first.
    """
    return _open_paths.get(_identity(path), 0) > 0


def _note_open(path: Path, step: int) -> None:
    key = _identity(path)
    count = _open_paths.get(key, 0) + step
    if count > 0:
        _open_paths[key] = count
    else:
        _open_paths.pop(key, None)


def _identity(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path))
