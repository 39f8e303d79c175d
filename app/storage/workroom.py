"""Private rooms on the computer's own disk for snapshots and half-made files, emptied whatever happens.

Snapshots hold the whole register: they lie in the private folder, never in %TEMP%, are readable by this user only,
and go away with the work or, after a power cut, at the next start (reliability §1.1, S09).
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

_ROOM = "work_"
_LOCK = ".lock"


@contextmanager
def workroom(private_folder: Path) -> Iterator[Path]:
    """Give an empty folder that only this user reads and that is gone, with all in it, after the block.

    The operating system holds a lock on it meanwhile, so that another program's cleaning leaves it alone.
    """
    private_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    room = private_folder / f"{_ROOM}{uuid4().hex}"
    lock = FileLock(f"{room}{_LOCK}")
    try:
        with lock:
            room.mkdir(mode=0o700)
            try:
                yield room
            finally:
                _empty(room)
    finally:
        Path(lock.lock_file).unlink(missing_ok=True)


def clean_private_folder(private_folder: Path) -> int:
    """Remove what a power cut left in ``private_folder``; return how many rooms that were. Run at each start."""
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
        lock.release()
        Path(lock.lock_file).unlink(missing_ok=True)
    return removed


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
