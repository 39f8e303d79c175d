"""Brings a ledger of an older version to today's schema: on a copy, verified, then swapped in (reliability.md §6).

The file in use is never altered in place. Killed at any moment, the old or the new ledger is
there; the verified copy made before stays among the backups. What is only looked at, such a backup, is brought over on
a copy that is gone afterwards (``brought_over``).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct
from sqlcipher3 import dbapi2

from app.core.clock import Clock
from app.core.errors import ShouwangError
from app.core.files import fsync_folder, patiently, sha256_of
from app.core.messages import fault
from app.core.paths import private_folder
from app.core.progress import Progress, no_progress
from app.storage.backup_list import Backup, Reason
from app.storage.backups import back_up
from app.storage.beside import Marker, clear_marker, journal_of, marker_of, read_marker, write_marker
from app.storage.check import Unusable, check_content, copied_out, look, look_through
from app.storage.connection import (
    APPLICATION_ID,
    LedgerDatabase,
    is_open_here,
    set_pragmas,
    translate,
    uri_of,
)
from app.storage.lock import InstanceLock
from app.storage.manifest import manifest_path
from app.storage.medium import PART, Place, faults_of, put_file
from app.storage.migrations.runner import STEPS, Step, run_steps, schema_dump
from app.storage.workroom import workroom

_NEW = ".upgraded"


class UpgradeResult(Struct, frozen=True):
    """An upgrade that is done: the schema numbers, how many children and records there are, the copy made before."""

    from_schema: int
    to_schema: int
    children: int
    records: int
    before: Backup

    @property
    def words(self) -> str:
        """Say that nothing was lost, in numbers that were counted before and after."""
        return f"升级完成：{self.children} 份儿童档案（连同离校的和回收站里的）、{self.records} 条记录，与升级前一致。"


def upgrade(
    path: Path,
    *,
    backup_folder: Path,
    clock: Clock,
    progress: Progress = no_progress,
    steps: Sequence[Step] = STEPS,
) -> UpgradeResult | None:
    """Upgrade the ledger at ``path``, which nobody may have open.

    Only a file that is sound in full is migrated. EnvironmentFault: the state the file is in,
    ``storage.in_use``, ``storage.older_copy`` for a proved copy, ``restore.unfinished``, what kept the backup from being made, or
    ``storage.upgrade_failed``; then the old ledger is still in use. Cancelled when ``progress`` is: all is done on
    copies until the last moment, and nothing of it stays but the backup. None when the file is up to date: nothing is
    done, but that what an interrupted upgrade left is cleared away.
    """
    path = path.absolute()
    _refuse_strange(path)
    with _alone(path):
        _clear_away(path)
        if marker_of(path).exists():
            raise fault("restore.unfinished")
        try:
            before = look(path).schema
            if before >= steps[-1].VERSION:
                return None
            check_content(path, _saying(progress, "先看一遍：数据是好的才升级"))
        except Unusable as found:
            raise found.as_fault(path, None) from found
        saving = _saying(progress, "正在备份升级前的数据")
        backup = back_up(
            path, reason=Reason.BEFORE_UPGRADE, folder=backup_folder, clock=clock, progress=saving
        )
        try:
            with (
                workroom(private_folder()) as room,
                copied_out(path, progress=_saying(progress, "正在拷出一份，在拷出的上面换")) as copy,
            ):
                progress(1, 4, "正在换成新格式")
                children, records = _migrate(copy, room, steps, progress)
                _swap(path, copy, backup, clock, _saying(progress, "正在启用升级好的数据"))
        except ShouwangError as error:
            if error.key.startswith("file."):  # the marker, of which she knows nothing
                raise fault("storage.upgrade_failed", code=error.code) from error
            raise
        except Exception as error:
            raise fault("storage.upgrade_failed") from error
    return UpgradeResult(before, steps[-1].VERSION, children, records, backup)


@contextmanager
def brought_over(path: Path, progress: Progress = no_progress) -> Iterator[Path]:
    """Give a private copy of an older ledger in today's format, to look at; gone after the block, the file untouched.

    Unusable ``corrupt`` when it does not come over whole, ``io-error``, ``locked``; EnvironmentFault when this computer
    has no room for the copy.
    """
    with workroom(private_folder()) as room, copied_out(path, progress=progress) as copy:
        progress(0, 0, "旧版的数据，正在换成新格式给您看（换的是拷出来的一份）")
        try:
            _migrate(copy, room, STEPS, no_progress)
        except dbapi2.DatabaseError as error:
            raise translate(error, writing=True) from error
        except ValueError as error:
            raise Unusable("corrupt", "OLDER") from error
        yield copy


def _saying(progress: Progress, said: str) -> Progress:
    """Tell how far a part is, under what it is for the whole."""

    def step(done: int, total: int, words: str = "") -> None:
        progress(done, total, said if words else "")

    return step


def finish_upgrade(path: Path) -> None:
    """Clear away what an upgrade left that was interrupted while swapping; the ledger itself is whole, old or new."""
    path = path.absolute()
    with _alone(path):
        _clear_away(path)


def _clear_away(path: Path) -> None:
    """Remove what a cut-off upgrade left beside the ledger; whether it was swapped in or not, the ledger is whole."""
    marker = read_marker(path)
    with faults_of(Place.COMPUTER):
        _new_file(path).unlink(missing_ok=True)
        _new_file(path).with_name(f"{path.name}{_NEW}{PART}").unlink(missing_ok=True)
        if marker is not None and marker.work == "upgrade":
            clear_marker(path)


def _refuse_strange(path: Path) -> None:
    """Refuse what is not there, or not ours, before the lock is taken: beside it not even that is left."""
    if marker_of(path).exists():
        return
    try:
        look(path)
    except Unusable as found:
        raise found.as_fault(path, None) from found
    if manifest_path(path).exists():
        raise fault("storage.older_copy", name=path.name)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    if is_open_here(path):
        raise fault("storage.in_use")
    lock = InstanceLock(path)
    lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _migrate(copy: Path, room: Path, steps: Sequence[Step], progress: Progress) -> tuple[int, int]:
    """Run the steps on the copy and prove that nothing was lost; return the numbers of children and of records."""
    connection = dbapi2.connect(uri_of(copy, "rw"), uri=True, isolation_level=None)
    try:
        set_pragmas(connection)
        before = _uuids(connection)
        run_steps(connection, steps)
        progress(2, 4, "正在核对")
        look_through(connection, thoroughly=True)
        after = _uuids(connection)
        lost = set().union(*before.values()) - set().union(*after.values())
        if lost:
            raise ValueError(f"{len(lost)} records are gone after the upgrade")
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise ValueError("the upgraded file has lost its mark")
        if schema_dump(connection) != _schema_of_a_new_file(room, steps):
            raise ValueError("the upgraded schema is not that of a new file")
        return len(after["child"]), sum(map(len, after.values()))
    finally:
        connection.close()


def _uuids(connection: Any) -> dict[str, set[str]]:
    """Return the keys of the records of every table that has records of the school."""
    found = connection.execute(
        "SELECT master.name FROM sqlite_master AS master, pragma_table_info(master.name) AS field"
        " WHERE master.type = 'table' AND field.name = 'uuid' AND master.name <> 'action'"
    ).fetchall()
    return {
        table: {uuid for (uuid,) in connection.execute(f'SELECT uuid FROM "{table}"').fetchall()}
        for (table,) in found
    }


def _schema_of_a_new_file(room: Path, steps: Sequence[Step]) -> list[tuple[object, ...]]:
    connection = dbapi2.connect(uri_of(room / "new.db", "rwc"), uri=True, isolation_level=None)
    try:
        run_steps(connection, steps)
        return schema_dump(connection)
    finally:
        connection.close()


def _swap(path: Path, migrated: Path, backup: Backup, clock: Clock, progress: Progress) -> None:
    new = _new_file(path)
    put_file(migrated, new, sha256=sha256_of(migrated), place=Place.COMPUTER, progress=progress)
    if journal_of(path).exists():
        _roll_back(path)
    write_marker(
        path,
        Marker("upgrade", str(new), str(backup.path), clock.now().isoformat(timespec="seconds")),
    )
    with faults_of(Place.COMPUTER):
        patiently(partial(new.replace, path))
        fsync_folder(path.parent)
    clear_marker(path)


def _roll_back(path: Path) -> None:
    """Let SQLite take back what a power cut left half done, so that no journal stays beside the new file."""
    db = LedgerDatabase(path)
    db.connect()
    try:
        db.execute_sql("SELECT count(*) FROM meta")
    finally:
        db.close()
    if journal_of(path).exists():
        raise fault("storage.upgrade_failed")


def _new_file(path: Path) -> Path:
    return path.with_name(path.name + _NEW)
