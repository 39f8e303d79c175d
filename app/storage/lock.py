"""One program at a time on one ledger file, held by the operating system.

The lock dies with the process, so there is no stale lock to ask about; the ``.lock`` file may
stay, only the lock on it counts.
"""

import os
import sys
from pathlib import Path

from filelock import FileLock, Timeout

from app.core.errors import EnvironmentFault
from app.core.messages import fault
from app.storage.beside import lock_of


class InstanceLock:
    """The right of this process to write one ledger file, by whatever path it was opened."""

    def __init__(self, path: Path) -> None:
        # No soft fall-back: a lock that is only a file would have to be deleted by somebody after a crash.
        self._lock = FileLock(
            _lock_file(path), timeout=0, mode=0o600, thread_local=False, fallback_to_soft=False
        )

    def acquire(self) -> None:
        """Take the lock or raise at once: ``storage.in_use`` when somebody has it, ``read-only`` when it cannot be made."""
        try:
            self._lock.acquire()
        except Timeout as error:
            raise fault("storage.in_use") from error
        except FileNotFoundError as error:
            raise fault(
                "missing", name=Path(self._lock.lock_file).name.removesuffix(".lock"), backups=""
            ) from error
        except OSError as error:
            raise fault("read-only") from error

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        self._lock.release(force=True)


def is_in_use(path: Path) -> bool:
    """Tell whether another program, or this one, is writing ``path`` just now."""
    if not _lock_file(path).exists():
        return False
    lock = InstanceLock(path)
    try:
        lock.acquire()
    except EnvironmentFault as error:
        return error.key == "storage.in_use"
    lock.release()
    return False


def is_held_by_another(path: Path) -> bool:
    """Tell whether a program that is not ours keeps ``path`` from being written for as long as it has it open (Windows).

    SQLite then gets the file for reading, without a word, and its first write says that the file is read-only.
    """
    if sys.platform == "win32":
        from app.storage.windows_files import is_kept_from_writing

        return is_kept_from_writing(path)
    return False


def _lock_file(path: Path) -> Path:
    """The lock lies beside the file itself, not beside a link to it."""
    return lock_of(Path(os.path.realpath(path)))
