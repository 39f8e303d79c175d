"""How a ledger file is created and opened: the start-up steps of reliability.md §4 in their order."""

import logging
import os
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

import peewee
from msgspec import Struct
from sqlcipher3 import dbapi2

from app.core.clock import Clock
from app.core.errors import EnvironmentFault
from app.core.files import fsync_folder, os_fault, patiently
from app.core.messages import fault
from app.core.paths import LONGEST_SQLITE_PATH, is_network_path, private_folder
from app.core.progress import Progress, no_progress
from app.storage.backup_list import STEM
from app.storage.base import new_uuid
from app.storage.beside import journal_of, marker_of, wal_of
from app.storage.check import (
    Known,
    Unusable,
    check_content,
    check_not_behind,
    check_size,
    copied_out,
    look,
    look_through,
)
from app.storage.connection import LedgerDatabase, translate
from app.storage.data_place import backup_folder_for
from app.storage.journal import Journal
from app.storage.journal_place import has_journal_of_another
from app.storage.leftovers import remove_forgotten
from app.storage.lock import InstanceLock, is_held_by_another
from app.storage.manifest import manifest_path
from app.storage.medium import remove_leftovers
from app.storage.migrations.runner import SCHEMA_VERSION, run_steps
from app.storage.store import Store
from app.storage.workroom import clean_private_folder

log = logging.getLogger(__name__)

_S = TypeVar("_S", bound=Store)

# In bytes: what a file system takes for one name, less ".part-journal".
_LONGEST_NAME = 240

# What a fault met while connecting says about the file.
_STATES = {
    "storage.locked": "locked",
    "storage.corrupt": "corrupt",
    "storage.io_read": "io-error",
    "storage.io_write": "io-error",
    "storage.cannot_open": "io-error",
    "storage.read_only": "read-only",
}

# Schema number from which on readers understand what this version writes.
_MIN_READER_VERSION = 1


class How(Struct, frozen=True):
    """How a ledger is to be opened; see ``Store.open``."""

    read_only: bool = False
    verify: bool = True
    place: Known | None = None
    backup_folder: Path | None = None
    as_it_is: bool = False
    progress: Progress = no_progress
    older_too: bool = False


def create_store(cls: type[_S], path: Path, *, clock: Clock, backup_folder: Path | None = None) -> _S:
    """See ``Store.create``. The file gets its name only when it is complete."""
    path = path.absolute()
    _refuse_network(path)
    _refuse_too_long(path)
    if path.exists() or journal_of(path).exists():
        raise fault("storage.exists", name=path.name)
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        # Of the school's people only this user reads it.
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        _fill_new(part, clock)
        patiently(partial(part.rename, path))
        fsync_folder(path.parent)
    except OSError as error:
        raise os_fault(error, path) from error
    finally:
        part.unlink(missing_ok=True)
    return open_store(cls, path, clock=clock, how=How(verify=False, backup_folder=backup_folder))


def open_store(cls: type[_S], path: Path, *, clock: Clock, how: How) -> _S:
    """See ``Store.open``."""
    path = path.absolute()
    _refuse_too_long(path)
    read_only, place = how.read_only, how.place
    backups = how.backup_folder or backup_folder_for(path)
    try:
        with ExitStack() as resources:
            if not read_only:
                _refuse_network(path)
                _take_lock(path, place, resources)
                # What a power cut left of the last session: snapshots hold the whole register.
                with suppress(OSError):
                    clean_private_folder(private_folder())
            header = look(path, place, newer_too=read_only)
            is_older = _is_brought_over(path, header.schema, how)
            connect = _connect_brought_over if is_older else partial(_connect, is_wal=header.is_wal)
            db = connect(path, resources, how)
            meta = dict(db.execute_sql("SELECT key, value FROM meta").fetchall())
            was_clean = meta.get("clean_exit") == 1
            if not read_only:
                # The one write that proves lock and rights; BEGIN IMMEDIATE succeeds on a read-only medium too.
                db.execute_sql("UPDATE meta SET value = 0 WHERE key = 'clean_exit'")
            if how.verify:
                look_through(db.driver, thoroughly=not was_clean)
            db_uuid = str(meta["db_uuid"])
            if not how.as_it_is:
                check_not_behind(path, place, backups, db, db_uuid, int(meta["commit_no"]))
            _check_schema(path, SCHEMA_VERSION if is_older else header.schema, meta)
            is_followed = not read_only and not has_journal_of_another(path, backups, db_uuid)
            journal = Journal(db, backups, clock=clock) if is_followed else None
            store = cls(
                path,
                db,
                clock=clock,
                read_only=read_only,
                was_clean=was_clean,
                resources=resources.pop_all(),
                journal=journal,
                is_older=is_older,
            )
        if journal is not None:
            journal.attach(find_base=partial(_newest_backed_up, store, backups))
        if not read_only:
            remove_forgotten(path)
            # Whose note was not on the disk yet when the power went.
            remove_leftovers(backups, f"{STEM}_*")
        return store
    except Unusable as found:
        raise _refined(found, path).as_fault(path, place) from found
    except EnvironmentFault as error:
        if error.key not in _STATES:
            raise
        state = _STATES[error.key]
        if state == "read-only" and is_held_by_another(path):
            state = "locked"
        found_closed = _refined(Unusable(state, error.code), path)
        raise found_closed.as_fault(path, place) from error
    except (KeyError, ValueError, peewee.OperationalError) as error:
        # The file is a ledger by its header but has no readable meta.
        raise Unusable("corrupt", "META").as_fault(path, place) from error


def verify_open(store: Store) -> None:
    """Look through an open file: quickly after a clean exit, else thoroughly with the foreign keys.

    EnvironmentFault ``corrupt`` or ``io-error``; after closing the file, ``check`` tells whether
    only the indexes are damaged.
    """
    # Waits for another program that holds the file, as every statement does; the look itself would not.
    store.one("SELECT 1 FROM sqlite_master")
    try:
        look_through(store.db.driver, thoroughly=not store.was_clean)
    except Unusable as found:
        if found.state == "corrupt" and not store.db.disk_gives_all():
            found = Unusable("io-error", "READ")
        raise found.as_fault(store.path, None) from found


def _newest_backed_up(store: Store, backups: Path) -> int:
    """Return the number of the newest commit of this history that a verified backup holds; 0 when none does."""
    from app.storage.backup_list import list_backups

    for backup in list_backups(backups, db_uuid=store.db_uuid):
        if backup.verified and backup.commit_no:
            found = store.one("SELECT at FROM action WHERE commit_no = ?", (backup.commit_no,))
            if found is not None and found[0] == backup.last_entry:
                return backup.commit_no
    return 0


def _take_lock(path: Path, place: Known | None, resources: ExitStack) -> None:
    if not marker_of(path).exists():
        # Beside what is not ours, or not there, not even a lock is left.
        look(path, place)
    lock = InstanceLock(path)
    lock.acquire()
    resources.callback(lock.release)


def _connect(path: Path, resources: ExitStack, how: How, *, is_wal: bool) -> LedgerDatabase:
    read_only = how.read_only
    # A journal is waiting to be rolled back, or another program has switched the file over to a write-ahead log.
    has_journal = is_wal or journal_of(path).exists() or wal_of(path).exists()
    if has_journal and not read_only:
        # A journal that is not this file's would be taken into it: first see on a copy what comes of it.
        log.info("a journal was left: checked on a copy first, %s bytes", path.stat().st_size)
        check_content(path, how.progress)
        log.info("the copy is sound, the journal is taken into the file")
        how.progress(1, 1, "正在退回没有存完的那一步")
    db = LedgerDatabase(path, "ro" if read_only else "rw")
    if has_journal and read_only:
        db = LedgerDatabase(resources.enter_context(copied_out(path)), "rw")
    db.connect()
    resources.callback(db.close)
    if read_only:
        db.execute_sql("PRAGMA query_only = 1")
    db.execute_sql("BEGIN")
    pages = db.execute_sql("SELECT page_count FROM pragma_page_count").fetchone()[0]
    check_size(db.path, db.execute_sql("PRAGMA page_size").fetchone()[0], pages)
    db.execute_sql("COMMIT")
    return db


def _is_brought_over(path: Path, schema: int, how: How) -> bool:
    """Tell whether a copy in today's format is read in its stead.

    Of a proved copy always: nothing else will ever bring that over, it is the way back to the older version.
    """
    is_older = how.read_only and schema < SCHEMA_VERSION
    return is_older and (how.older_too or manifest_path(path).exists())


def _connect_brought_over(path: Path, resources: ExitStack, how: How) -> LedgerDatabase:
    from app.storage.upgrade import brought_over

    db = LedgerDatabase(resources.enter_context(brought_over(path, how.progress)), "ro")
    db.connect()
    resources.callback(db.close)
    db.execute_sql("PRAGMA query_only = 1")
    return db


def _refined(found: Unusable, path: Path) -> Unusable:
    """Tell damaged indexes from damaged records, and a disk that fails from both, on a copy, now that the file is closed."""
    if found.state != "corrupt" or found.code not in ("INTEGRITY", "CORRUPT"):
        return found
    try:
        check_content(path)
    except Unusable as closer:
        return closer
    # Sound after all: what was not read a moment ago was called damaged by SQLite.
    return Unusable("io-error", "READ")


def _check_schema(path: Path, schema: int, meta: Mapping[str, object]) -> None:
    if schema < SCHEMA_VERSION:
        if manifest_path(path).exists():  # a proved copy, which is brought to no other format in its place
            raise fault("storage.older_copy", name=path.name)
        raise Unusable("older-schema", found=schema, known=SCHEMA_VERSION)
    needed = int(str(meta.get("min_reader_version", schema)))
    if schema > SCHEMA_VERSION and needed > SCHEMA_VERSION:
        raise Unusable("newer-schema", found=schema, known=SCHEMA_VERSION)


def _refuse_too_long(path: Path) -> None:
    """SQLite cannot open it, and would say no more than that."""
    if len(os.fsencode(path.name)) > _LONGEST_NAME or len(os.fsencode(path)) > LONGEST_SQLITE_PATH:
        raise fault("storage.name_too_long", name=path.name)


def _refuse_network(path: Path) -> None:
    if is_network_path(path):
        raise fault("storage.network_path", folder=path.parent)


def write_empty_ledger(path: Path, db_uuid: str, created_at: str) -> None:
    """Make the file of a ledger without any save, under a name it has had before: to fill it from its journal."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    _write_new(path, db_uuid, created_at)


def _fill_new(part: Path, clock: Clock) -> None:
    _write_new(part, new_uuid(), clock.now().isoformat(timespec="seconds"))


def _write_new(part: Path, db_uuid: str, created_at: str) -> None:
    db = LedgerDatabase(part)
    db.connect()
    try:
        try:
            run_steps(db.driver)
        except dbapi2.DatabaseError as error:
            raise translate(error, writing=True) from error
        facts: dict[str, object] = {
            "db_uuid": db_uuid,
            "commit_no": 0,
            "clean_exit": 1,
            "min_reader_version": _MIN_READER_VERSION,
            "created_at": created_at,
        }
        db.execute_sql("BEGIN IMMEDIATE")
        db.insert_columns("meta", {"key": list(facts), "value": list(facts.values())})
        db.execute_sql("COMMIT")
    finally:
        db.close()
