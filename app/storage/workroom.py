"""Private rooms on the computer's own disk for snapshots and half-made files, emptied whatever happens.

Snapshots hold the whole register: they lie in the private folder, never in %TEMP%, are readable by this user only,
and go away with the work or, after a power cut, at the next start (reliability §1.1, S09).
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import errorcode
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from app.core.files import remove_unfinished
from app.core.messages import fault

_ROOM = "work_"
_LOCK = ".lock"


@contextmanager
def workroom(private_folder: Path) -> Iterator[Path]:
    """Give an empty folder that only this user reads and that is gone, with all in it, after the block.

    The operating system holds a lock on it meanwhile, so that another program's cleaning leaves it alone.
    EnvironmentFault ``storage.no_workroom`` when this computer does not give one.
    """
    room = private_folder / f"{_ROOM}{uuid4().hex}"
    # A room may be given back on another thread than the one that took it.
    lock = FileLock(f"{room}{_LOCK}", thread_local=False)
    try:
        private_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock.acquire()
        room.mkdir(mode=0o700)
    except OSError as error:
        _give_back(lock)
        raise fault("storage.no_workroom", code=errorcode.get(error.errno or 0)) from error
    try:
        yield room
    finally:
        _empty(room)
        _give_back(lock)


def clean_private_folder(private_folder: Path) -> int:
    """Remove what a power cut left in ``private_folder``, and the half files noted there; return how many rooms that were.

    Run whenever a ledger is opened for writing.
    """
    remove_unfinished(private_folder)
    removed = 0
    names = {path.name.removesuffix(_LOCK) for path in private_folder.glob(f"{_ROOM}*")}
    for room in (private_folder / name for name in sorted(names)):
        lock = FileLock(f"{room}{_LOCK}")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue  # somebody is at work in there
        removed += room.exists()
        _empty(room)
        _give_back(lock)
    return removed


def _give_back(lock: FileLock) -> None:
    lock.release()
    with suppress(OSError):
        Path(lock.lock_file).unlink(missing_ok=True)


def _empty(room: Path) -> None:
    """Remove a room; what cannot be removed now (held open by a virus scanner) goes at the next start."""
    shutil.rmtree(room, onerror=_make_writable_and_retry)


def _make_writable_and_retry(function: object, path: str, _error: object) -> None:
    del function
    try:
        Path(path).chmod(0o700)
        Path(path).unlink()
    except OSError:
        return
