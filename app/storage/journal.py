"""Writes the save log 日志.jsonl: one line per commit, on the disk before 「已保存」 is said (reliability §1).

The database is the truth and the journal follows it: whatever the journal lacks is filled in from the change history
at the next save or start, so a journal that cannot be written never fails a save that is in the database. What stands
in it carries a verified backup on to the last save (``replay.py``).
"""

import base64
import errno
import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

from msgspec import Struct

from app.core.clock import Clock
from app.core.errors import EnvironmentFault
from app.core.files import fsync_folder
from app.core.messages import fault
from app.storage.connection import LedgerDatabase
from app.storage.journal_lines import (
    ASIDE_STEM,
    JOURNAL_NAME,
    PREVIOUS_NAME,
    Header,
    Tail,
    closing,
    entry_head,
    journal_folder,
    read_tail,
)
from app.storage.journal_place import begin_at, set_aside, set_aside_at
from app.storage.purging import PURGE_KIND, forget_purges, purge_entries

log = logging.getLogger(__name__)

# So long a journal that was set aside is kept; not by a clock that has jumped further than this past the last save.
ASIDE_KEPT = timedelta(days=30)
_CLOCK_JUMP = timedelta(days=400)
# So many rows of the change history are held in memory at a time.
_BATCH = 2000
# A row of the history as the line has it, but for its last brace: the row's bytes may stand before that. Put together by
# the database, a sixth quicker for an import; as bytes, so that a text that is no UTF-8 goes in as it is.
_WRITTEN = """
SELECT seq, table_name, row_uuid, op, CAST('{"op":"' || op || '","table":"' || table_name || '","uuid":'
    || json_quote(row_uuid) || ',"before":' || coalesce(before_json, 'null')
    || ',"after":' || coalesce(after_json, 'null') AS BLOB)
FROM change WHERE action_id = ? AND seq > ? ORDER BY seq LIMIT ?
"""

# Finds the number of a commit in this ledger's history that a verified backup holds; 0 when there is none.
BaseFinder = Callable[[], int]


class _End(Struct, frozen=True):
    """Where the journal ends that this program has written or looked at."""

    size: int
    commit_no: int
    action: str
    has_lines: bool


class Journal:
    """The journal of one ledger that is open for writing; belongs to the thread of its connection.

    ``fault`` is what kept the last save from being written down, None when everything is: then the journal holds
    every commit after its base.
    """

    def __init__(self, db: LedgerDatabase, backup_folder: Path, *, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._find_base: BaseFinder = _none_backed_up
        self._db_uuid = str(self._meta("db_uuid"))
        self._end: _End | None = None
        self._unsure_from: int | None = None
        self.backup_folder = backup_folder
        self.folder = journal_folder(backup_folder, self._db_uuid)
        self.path = self.folder / JOURNAL_NAME
        self.fault: EnvironmentFault | None = None

    # ---- what the store and the backups call ----------------------------------------------------------------------

    def attach(self, *, find_base: BaseFinder) -> None:
        """Bring the journal and the ledger together when the ledger has been opened.

        ``find_base`` is asked when there is no journal, now or later. A torn last line is cut off, missing lines are
        written. A journal that holds what the ledger lacks is set aside: whoever opens has asked before (``standing``).
        In a ledger without any commit nothing is made yet.
        """
        self._find_base = find_base
        with self._noting_faults():
            self._remove_old_ones()
            if self._commit_no() > 0 or self.path.exists():
                self._catch_up()

    def append(self) -> None:
        """Write down every commit that the journal lacks: after a save that is this one."""
        with self._noting_faults():
            self._catch_up()

    def rotate(self, backup_folder: Path) -> None:
        """Begin a new journal at the present commit, which a verified backup in ``backup_folder`` now holds.

        The old one stays beside it until the next time. One without any line goes on as it is, so that what the backup
        before needs is not pushed out for nothing. A backup in another folder than the journal's changes nothing.
        """
        if backup_folder.absolute() != self.backup_folder.absolute():
            return
        with self._noting_faults():
            end = self._catch_up()
            if end.has_lines and self._becomes_previous():
                self._begin(end.commit_no, end.action)

    def restart(self) -> None:
        """Remove every journal of this ledger, also those set aside, and begin anew: nothing before now stays.

        For after a permanent deletion whose verified backup is made. EnvironmentFault ``journal.not_removed`` when
        one could not be removed.
        """
        self._end = None
        try:
            for path in (*self.folder.glob("日志.*jsonl"), *self.folder.glob("日志.*.part")):
                path.unlink()
            if self.folder.exists():
                fsync_folder(self.folder)
        except OSError as error:
            raise fault("journal.not_removed", code=_code(error)) from error
        with self._noting_faults():
            self._begin(self._commit_no(), self._action_at(self._commit_no()))
            forget_purges(self._db)

    def remove(self) -> None:
        """Take the journal away with the folders it alone has filled: the ledger itself does not come about."""
        for path in self.folder.glob("*"):
            path.unlink()
        with suppress(OSError):  # what else lies in there stays
            for folder in (self.folder, self.folder.parent, self.backup_folder):
                folder.rmdir()

    # ---- following the database -----------------------------------------------------------------------------------

    def _catch_up(self) -> _End:
        """Write the missing lines, all of them on the disk when this returns."""
        end = self._end
        if end is None or self._size() != end.size:
            end = self._settle()
        missing = self._db.execute_sql(
            "SELECT id, commit_no, uuid, at, who, kind, words, partial,"
            " (SELECT uuid FROM action AS undone WHERE undone.id = action.undoes_id)"
            " FROM action WHERE commit_no > ? ORDER BY commit_no",
            (end.commit_no,),
        ).fetchall()
        if missing:
            # Until it is on the disk, the end is not known: the next time looks again and cuts off what is torn.
            self._end = None
            end = self._write_lines(end, missing)
        self._end = end
        return end

    def _write_lines(self, end: _End, missing: list[tuple[Any, ...]]) -> _End:
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0))
        try:
            with os.fdopen(descriptor, "ab") as file:
                action, number = end.action, end.commit_no
                for row in missing:
                    self._write_line(file, row, action)
                    number, action = row[1], row[2]
                file.flush()
                os.fsync(file.fileno())
                return _End(file.tell(), number, action, has_lines=True)
        except BaseException:
            # What a failed fsync has left in the computer's memory is not on the disk: it is written anew next time.
            self._unsure_from = end.size
            with suppress(OSError):
                self._cut_off(end.size)
            raise

    def _write_line(self, file: BinaryIO, row: tuple[Any, ...], previous: str) -> None:
        action_id, commit_no, uuid, at, who, kind, words, partial, undoes = row
        digest = hashlib.sha256()

        def write(piece: bytes) -> None:
            digest.update(piece)
            file.write(piece)

        write(
            entry_head(
                {
                    "commit_no": commit_no,
                    "schema": self._schema,
                    "previous": previous,
                    "uuid": uuid,
                    "at": at,
                    "who": who,
                    "kind": kind,
                    "words": words,
                    "partial": partial,
                    "undoes": undoes,
                }
            )
        )
        comma = b""
        for piece in self._changes(action_id, uuid, at, kind):
            write(comma + piece)
            comma = b","
        write(b"]")
        file.write(closing(digest.hexdigest()))

    def _changes(self, action_id: int, uuid: str, at: str, kind: str) -> Iterator[bytes]:
        """Yield the rows of one commit, many in one piece: the images as the history has them, letter by letter."""
        seq, keeping = -1, self._blob_columns
        while True:
            rows = self._db.execute_sql(_WRITTEN, (action_id, seq, _BATCH)).fetchall()
            if rows:
                entries = (
                    entry + self._blobs_of(table, row) if op == "insert" and table in keeping else entry
                    for _, table, row, op, entry in rows
                )
                yield b"},".join(entries) + b"}"
            if len(rows) < _BATCH:
                break
            seq = rows[-1][0]
        yield from self._rows_beside_history(at)
        if kind == PURGE_KIND:
            yield from (_dumped(entry) for entry in purge_entries(self._db, uuid))

    def _blobs_of(self, table: str, row_uuid: str) -> bytes:
        """Return the bytes of a row that its image leaves out, as they are now."""
        columns = self._blob_columns[table]
        names = ", ".join(f'"{name}"' for name in columns)
        row = self._db.execute_sql(f'SELECT {names} FROM "{table}" WHERE uuid = ?', (row_uuid,)).fetchone()
        values = {} if row is None else dict(zip(columns, row, strict=True))
        blobs = {name: _base64(value) for name, value in values.items() if value is not None}
        return b',"blobs":' + _dumped(blobs)

    def _rows_beside_history(self, at: str) -> Iterator[bytes]:
        """Yield the rows of that moment in tables that keep no history (the files that rosters came in)."""
        for table, columns in self._without_history.items():
            names = ", ".join(f'"{name}"' for name in columns)
            cursor = self._db.execute_sql(
                f'SELECT {names} FROM "{table}" WHERE entered_at = ? ORDER BY id', (at,)
            )
            for row in cursor.fetchall():
                values = dict(zip(columns, row, strict=True))
                blobs = {
                    name: _base64(value)
                    for name, value in values.items()
                    if isinstance(value, bytes | memoryview)
                }
                plain = {name: value for name, value in values.items() if name not in blobs}
                yield _dumped(
                    {"op": "keep", "table": table, "uuid": values["uuid"], "row": plain, "blobs": blobs}
                )

    def _settle(self) -> _End:
        """Look at the journal that is there and make it one that can be gone on with."""
        if self._unsure_from is not None and self._size() > self._unsure_from:
            self._cut_off(self._unsure_from)
        try:
            tail = read_tail(self.path)
        except ValueError:
            self._set_aside()
            tail = None
        if tail is not None and not self._follows(tail):
            self._set_aside()
            tail = None
        if tail is None:
            return self._begin(*self._new_base())
        if tail.size > tail.good:
            self._cut_off(tail.good)
        return _End(tail.good, tail.commit_no, tail.action, has_lines=tail.last is not None)

    def _cut_off(self, size: int) -> None:
        with self.path.open("r+b") as file:
            file.truncate(size)
            os.fsync(file.fileno())
        self._unsure_from = None

    def _follows(self, tail: Tail) -> bool:
        """Tell whether this ledger's history holds the journal's last commit, so that the journal can go on with it."""
        return tail.header.db_uuid == self._db_uuid and tail.action == self._action_at(tail.commit_no)

    def _new_base(self) -> tuple[int, str]:
        """Return the commit to begin after: that of a backup in this history, never one before a permanent deletion."""
        (purged,) = self._db.execute_sql(
            "SELECT coalesce(max(commit_no), 0) FROM action WHERE kind = ?", (PURGE_KIND,)
        ).fetchone()
        number = max(int(purged), self._find_base())
        return number, self._action_at(number)

    def _begin(self, commit_no: int, action: str) -> _End:
        started_at = self._clock.now().isoformat(timespec="seconds")
        size = begin_at(
            self.backup_folder, Header(self._db_uuid, self._db.path.name, commit_no, action, started_at)
        )
        self._end = _End(size, commit_no, action, has_lines=False)
        return self._end

    def _set_aside(self) -> None:
        set_aside(self.folder, self._clock)
        self._end = None

    def _remove_old_ones(self) -> None:
        """Remove journals that were set aside a month ago; when the clock looks wrong, none."""
        now = self._clock.now()
        (last,) = self._db.execute_sql("SELECT max(at) FROM action").fetchone()
        if last is None or now - datetime.fromisoformat(last) > _CLOCK_JUMP:
            return
        for path in self.folder.glob(f"{ASIDE_STEM}*.jsonl"):
            with suppress(ValueError, OSError):  # one that is held by another program goes the next time
                if now - datetime.fromisoformat(set_aside_at(path)) > ASIDE_KEPT:
                    path.unlink()

    # ---- small questions ------------------------------------------------------------------------------------------

    @contextmanager
    def _noting_faults(self) -> Iterator[None]:
        """Keep what disk or medium did not let be done in ``fault``; a save in the database does not fail by it."""
        try:
            yield
        except (OSError, EnvironmentFault) as error:
            self.fault = fault("journal.not_written", code=_code(error))
        # Nothing else that goes wrong here, too little memory neither, may make a save look as if it had failed.
        except Exception as bug:
            log.exception("the journal could not follow: %s", type(bug).__name__)
            self._end = None
            self.fault = fault("journal.not_written", code="JOURNAL")
        else:
            self.fault = None

    def _size(self) -> int:
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return -1

    def _meta(self, key: str) -> Any:
        return self._db.execute_sql("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()[0]

    def _commit_no(self) -> int:
        return int(self._meta("commit_no"))

    def _becomes_previous(self) -> bool:
        """Give the journal the name of the one before; one that is held by another program goes on as it is."""
        try:
            self.path.replace(self.folder / PREVIOUS_NAME)
        except OSError as error:
            log.warning("the journal was not rotated: %s", type(error).__name__)
            return False
        return True

    def _action_at(self, commit_no: int) -> str:
        found = self._db.execute_sql("SELECT uuid FROM action WHERE commit_no = ?", (commit_no,)).fetchone()
        return "" if found is None else str(found[0])

    @cached_property
    def _schema(self) -> int:
        return int(self._db.execute_sql("PRAGMA user_version").fetchone()[0])

    @cached_property
    def _blob_columns(self) -> dict[str, list[str]]:
        """The columns of bytes, which no image holds, of the tables that keep a history."""
        rows = self._db.execute_sql(
            "SELECT master.name, field.name FROM sqlite_master AS master, pragma_table_info(master.name) AS field"
            " WHERE master.type = 'table' AND field.type = 'BLOB'"
        ).fetchall()
        found: dict[str, list[str]] = {}
        for table, column in rows:
            if table not in self._without_history:
                found.setdefault(table, []).append(column)
        return found

    @cached_property
    def _without_history(self) -> dict[str, list[str]]:
        """The tables of records that have no history triggers, with their columns."""
        rows = self._db.execute_sql(
            "SELECT master.name, field.name FROM sqlite_master AS master, pragma_table_info(master.name) AS field"
            " WHERE master.type = 'table' AND EXISTS (SELECT 1 FROM pragma_table_info(master.name)"
            " WHERE name = 'entered_at') AND NOT EXISTS (SELECT 1 FROM sqlite_master AS kept"
            " WHERE kept.type = 'trigger' AND kept.name = 'history_' || master.name || '_insert')"
        ).fetchall()
        found: dict[str, list[str]] = {}
        for table, column in rows:
            found.setdefault(table, []).append(column)
        return found


def _none_backed_up() -> int:
    return 0


def _base64(value: bytes | memoryview) -> str:
    return base64.b64encode(bytes(value)).decode()


def _dumped(values: dict[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def _code(error: BaseException) -> str | None:
    if isinstance(error, EnvironmentFault):
        return error.code
    return errno.errorcode.get(getattr(error, "errno", None) or 0)
