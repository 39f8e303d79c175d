"""What a data file holds, and a private snapshot of it that nothing can change any more (reliability §1.1, steps 2 and 7).

The facts read here (schema, rows per table, highest ids, commit number) are what a copy is compared by.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct
from sqlcipher3 import dbapi2

from app.core.errors import EnvironmentFault
from app.core.files import sha256_of
from app.core.messages import fault
from app.core.progress import Progress
from app.storage.beside import journal_of, wal_of
from app.storage.check import Unusable, check_size, copied_out, look, look_through, unusable_for
from app.storage.connection import BUSY_SECONDS, is_given_whole, is_open_here, primary_code, uri_of
from app.storage.head_count import children_on, counting_day
from app.storage.medium import BLOCK, DISK, Disk, Place, faults_of, require_space
from app.storage.store import Store


def moment_words(moment: str | None) -> str:
    """Say an ISO moment the way messages do, to the minute: 2026-11-21 16:20."""
    return "还没有" if moment is None else moment.replace("T", " ")[:16]


class Facts(Struct, frozen=True):
    """What is compared between a ledger and its copy. ``counts`` and ``highest`` are per table.

    ``children`` are those on the ledger on the ISO day ``counted_on``; ``last_entry`` is the local time of the last
    action, None in a file nobody has written to; ``made_for`` is ``town`` when restricted records were taken out.
    """

    schema: int
    counts: Mapping[str, int]
    highest: Mapping[str, int]
    commit_no: int
    db_uuid: str
    children: int
    counted_on: str
    last_entry: str | None
    made_for: str | None = None

    @property
    def words(self) -> str:
        """What the ledger holds, as lists and messages say it."""
        return f"{self.children} 名儿童，最近一条 {moment_words(self.last_entry)}"


class Snapshot(Struct, frozen=True):
    """A checked copy of a ledger in a private room. ``size`` is in bytes."""

    path: Path
    facts: Facts
    sha256: str
    size: int


def children_on_ledger(store: Store) -> int:
    """Count the children of an open ledger as backups count them, so that both figures can stand side by side."""
    connection = store.db.driver
    return children_on(connection, counting_day(connection, store.clock.today().isoformat()))


def read_facts(connection: Any, *, day: str | None, exactly: bool = False) -> Facts:
    """Read the facts through an open connection; the children as of ``day`` or the latest entry, whichever is later.

    Without a ``day`` as of the latest entry; ``exactly`` on that very day, as the slip of a copy names it. The counts
    walk the tables themselves, not an index that may be damaged.
    """
    counts: dict[str, int] = {}
    highest: dict[str, int] = {}
    for _, name, kind, _, without_rowid, _ in connection.execute("PRAGMA main.table_list").fetchall():
        if kind != "table" or name.startswith("sqlite_"):
            continue
        top = "NULL" if without_rowid else "max(rowid)"
        count, highest_id = connection.execute(f'SELECT count(*), {top} FROM "{name}" NOT INDEXED').fetchone()
        counts[name] = count
        if highest_id is not None:
            highest[name] = highest_id
    meta = dict(connection.execute("SELECT key, value FROM meta").fetchall())
    found = connection.execute("SELECT at FROM action ORDER BY id DESC LIMIT 1").fetchone()
    last_entry = None if found is None else str(found[0])
    counted_on = day if day and exactly else counting_day(connection, day)
    return Facts(
        schema=connection.execute("PRAGMA user_version").fetchone()[0],
        counts=counts,
        highest=highest,
        commit_no=int(meta["commit_no"]),
        db_uuid=str(meta["db_uuid"]),
        children=children_on(connection, counted_on),
        counted_on=counted_on,
        last_entry=last_entry,
        made_for=meta.get("made_for"),
    )


def inspect_ledger(path: Path, *, day: str | None, exactly: bool = False, whole: bool = True) -> Facts:
    """Check a ledger file that nobody writes, read-only, and return its facts (``day``, ``exactly``: ``read_facts``).

    Header, size, ``integrity_check``, ``foreign_key_check``, counts; without ``whole`` only ``quick_check`` in their
    place, for a file whose hash already equals that of one checked whole. ``Unusable`` when it is not sound. The file
    must not be open in this process; it is opened as immutable, so nothing beside it is made or touched.
    """
    try:
        return _inspected(path, day=day, exactly=exactly, whole=whole)
    except Unusable as found:
        # What a disk does not give, a stick pulled just now, SQLite counts among the damage.
        if found.state == "corrupt" and not is_given_whole(path):
            raise Unusable("io-error", "READ") from found
        raise


def _inspected(path: Path, *, day: str | None, exactly: bool, whole: bool) -> Facts:
    header = look(path)
    if journal_of(path).exists() or wal_of(path).exists():
        raise Unusable("corrupt", "JOURNAL")
    if header.pages is not None:
        check_size(path, header.page_size, header.pages)
    try:
        connection = dbapi2.connect(uri_of(path, "ro", immutable=True), uri=True)
        try:
            connection.execute("PRAGMA cell_size_check = 1")
            look_through(connection, thoroughly=whole)
            return read_facts(connection, day=day, exactly=exactly)
        finally:
            connection.close()
    except dbapi2.DatabaseError as error:
        raise unusable_for(error) from error
    except (KeyError, ValueError, TypeError) as error:
        raise Unusable("corrupt", "META") from error


def take_snapshot(
    source: Store | Path, room: Path, *, day: str, progress: Progress, disk: Disk = DISK
) -> Snapshot:
    """Write a snapshot of ``source`` into ``room`` and prove that it is sound and the same.

    An open store is read through its own connection, on its own thread, outside any action; a file that is not open
    through a read-only one. EnvironmentFault ``copy.…`` when there is no room for it, or when the source itself is
    not sound: a broken ledger is never copied over good copies.
    """
    path = room / "snapshot.db"
    progress(0, 0, "正在做快照")
    try:
        before = (
            _vacuum(source.db.driver, path, day=day, disk=disk)
            if isinstance(source, Store)
            else _vacuum_file(source, path, day=day, disk=disk)
        )
        progress(0, 0, "正在核对快照")
        facts = inspect_ledger(path, day=day)
    except Unusable as problem:
        if problem.state == "corrupt" and isinstance(source, Store) and not source.db.disk_gives_all():
            problem = Unusable("io-error", "READ")
        raise source_fault(problem) from problem
    if facts != before:
        raise fault("copy.changed_meanwhile")
    return seal(path, facts)


def seal(path: Path, facts: Facts) -> Snapshot:
    """Note size and hash of a file in a private room that was just inspected."""
    with faults_of(Place.COMPUTER):
        return Snapshot(path=path, facts=facts, sha256=sha256_of(path), size=path.stat().st_size)


@contextmanager
def settled(source: Path) -> Iterator[Path]:
    """Give ``source``, or, when a crash left a journal beside it, a private copy with the half change taken back.

    The pair itself is only read: bringing it in order is for whoever opens it next.
    """
    if is_open_here(source) or not journal_of(source).exists():
        yield source
        return
    with copied_out(source) as pair:
        connection = dbapi2.connect(uri_of(pair, "rw"), uri=True, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        except dbapi2.DatabaseError as error:
            raise unusable_for(error) from error
        finally:
            connection.close()
        yield pair


def _vacuum_file(source: Path, path: Path, *, day: str, disk: Disk) -> Facts:
    with settled(source) as ledger:
        if not is_open_here(ledger):
            header = look(ledger)
            if header.pages is not None:
                check_size(ledger, header.page_size, header.pages)
        try:
            connection = dbapi2.connect(
                uri_of(ledger, "ro"), uri=True, isolation_level=None, timeout=BUSY_SECONDS
            )
            try:
                return _vacuum(connection, path, day=day, disk=disk)
            finally:
                connection.close()
        except dbapi2.DatabaseError as error:
            raise unusable_for(error) from error


def _vacuum(connection: Any, path: Path, *, day: str, disk: Disk) -> Facts:
    """Write the snapshot and return the facts of the source; nothing was written between counting and snapshot."""
    pages = page_size = 0
    try:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        page_size = connection.execute("PRAGMA page_size").fetchone()[0]
        require_space(path.parent, pages * page_size, place=Place.COMPUTER, disk=disk)
        version = connection.execute("PRAGMA data_version").fetchone()[0]
        before = read_facts(connection, day=day)
        connection.execute("VACUUM INTO ?", (str(path),))
        if connection.execute("PRAGMA data_version").fetchone()[0] != version:
            raise fault("copy.changed_meanwhile")
        return before
    except dbapi2.DatabaseError as error:
        raise writing_fault(error, path.parent, pages * page_size) from error
    except (KeyError, ValueError, TypeError) as error:
        raise Unusable("corrupt", "META") from error


def writing_fault(error: dbapi2.DatabaseError, room: Path, size: int) -> Unusable | EnvironmentFault:
    """Return what an error of SQLite means where ``size`` bytes were written into a private room.

    EnvironmentFault ``copy.became_full`` or what the disk says by itself; Unusable when it takes the bytes.
    """
    if primary_code(error) == "SQLITE_FULL":
        return fault("copy.became_full", place=Place.COMPUTER, code="FULL")
    if primary_code(error) == "SQLITE_IOERR":
        # SQLite does not say whether it could not read the source or not write the copy.
        _require_writing(room, size)
    return unusable_for(error)


def _require_writing(room: Path, size: int) -> None:
    """EnvironmentFault ``copy.…`` of this computer when its disk does not take a file of ``size`` bytes."""
    with faults_of(Place.COMPUTER), (room / "trial").open("wb", buffering=0) as file:
        done = 0
        while done < size:
            done += file.write(bytes(min(BLOCK, size - done))) or 0
        os.fsync(file.fileno())


_SOURCE_KEYS = {
    "missing": "copy.source_missing",
    "empty": "copy.source_empty",
    "not-ours": "copy.source_not_ours",
    "newer-schema": "copy.source_newer",
    "io-error": "copy.source_unreadable",
    "locked": "copy.source_locked",
    "resume": "restore.unfinished",
}


def source_fault(problem: Unusable) -> EnvironmentFault:
    """Return the words for a ledger that could not be copied because of its state."""
    return fault(_SOURCE_KEYS.get(problem.state, "copy.source_corrupt"), code=problem.code)
