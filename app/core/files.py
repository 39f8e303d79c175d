"""Files that are either written whole and on the disk, or not there at all."""

import errno
import hashlib
import os
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from app.core.errors import EnvironmentFault, ShouwangError
from app.core.messages import fault, refuse
from app.core.paths import LONGEST_PATH, private_folder

_PART = ".part"
_NOTE = "unfinished"
_BETWEEN = "\0"  # no path has it

_WAITS = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8) if sys.platform == "win32" else ()
"""Seconds. Windows renames no file that somebody has open, and security software looks into each new one for a moment."""

_KEYS = {
    errno.ENOSPC: "file.full",
    errno.EDQUOT: "file.full",
    errno.EFBIG: "file.full",
    errno.EACCES: "file.in_use",
    errno.EPERM: "file.in_use",
    errno.EBUSY: "file.in_use",
    errno.ENOENT: "file.no_folder",
    errno.ENOTDIR: "file.no_folder",
    errno.ENAMETOOLONG: "file.path_too_long",
    errno.EROFS: "file.read_only",
    errno.EMFILE: "files.too_many_open",
    errno.ENFILE: "files.too_many_open",
}


@contextmanager
def atomic_write(path: Path) -> Iterator[BinaryIO]:
    """Give a binary file whose content stands at ``path`` once the block has ended well.

    It is written beside as ``.part``, flushed to the disk and renamed; on any error, also the
    caller's, the ``.part`` is removed and what was at ``path`` stays. EnvironmentFault
    (``file.…``) when the disk does not do it.
    """
    part = path.with_name(path.name + _PART)
    with unfinished(part):
        try:
            with part.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            patiently(partial(part.replace, path))
            fsync_folder(path.parent)
        except BaseException as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            if isinstance(error, OSError) and _is_about(error, part):
                raise os_fault(error, path) from error
            raise


@contextmanager
def unfinished(part: Path, *slips: Path) -> Iterator[None]:
    """Keep a note while ``part`` is half a file, so that after a power cut the next start knows to take it away.

    It may lie anywhere, on a stick or the desktop, and holds children's data (reliability R07, S09). ``slips`` are
    files that belong to it and may be there before it has its name; they go with it.
    """
    note = private_folder() / f"{_NOTE}_{os.getpid()}_{uuid4().hex}"
    with suppress(OSError):  # without the note the work is done all the same
        note.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        told = [part, *slips]
        note.write_text(_BETWEEN.join(str(path.absolute()) for path in told), encoding="utf-8")
    try:
        yield
    finally:
        with suppress(OSError):
            if part.parent.is_dir() and not part.exists():
                note.unlink(missing_ok=True)


def remove_unfinished(private: Path) -> None:
    """Take away the half files that a power cut left, by the notes in the ``private`` folder.

    What another program is writing just now stays. A note whose folder is away (a stick) waits for it.
    """
    for note in private.glob(f"{_NOTE}_*"):
        with suppress(OSError):
            part, *slips = map(Path, note.read_bytes().decode("utf-8", "replace").split(_BETWEEN))
            is_half = part.suffix == _PART
            if _is_being_written(note) or (is_half and not part.parent.is_dir()):
                continue
            if is_half:
                for slip in () if part.with_suffix("").exists() else slips:
                    slip.unlink(missing_ok=True)
                part.unlink(missing_ok=True)
            note.unlink()


def _is_being_written(note: Path) -> bool:
    """Tell whether the process that left the note still runs; another one may have got its number meanwhile."""
    import psutil

    try:
        started = psutil.Process(int(note.name.split("_")[1])).create_time()
    except (psutil.Error, ValueError):
        return False
    # The kernel counts the start of a process in hundredths of a second.
    return bool(started <= note.stat().st_mtime + 1)


def free_name(path: Path) -> Path:
    """Return the first of 台账_2.xlsx, 台账_3.xlsx … that nobody has, for when ``path`` cannot be written over."""
    number = 2
    while (other := path.with_stem(f"{path.stem}_{number}")).exists():
        number += 1
    return other


def plain_part(text: str) -> str:
    """Return a text that every system takes as a part of a file name."""
    return "".join("_" if character in '\\/:*?"<>|' else character for character in text).strip(" .")


def check_target(path: Path, suffix: str, *, sources: Collection[Path] = ()) -> None:
    """Refuse, before any work, a ``path`` where writing a document would destroy something else.

    EnvironmentFault ``file.path_too_long``; UserError ``file.is_folder``; ``file.suffix`` when the name does not end in
    ``suffix`` (nor ever is a data file or a backup); ``file.is_source`` when it is one of ``sources``, also by another
    name. Opens nothing.
    """
    name = path.absolute().name
    try:
        is_folder = path.is_dir()
    except OSError as error:
        raise os_fault(error, path) from error
    if is_folder:
        raise refuse("file.is_folder", name=name)
    if path.suffix.lower() != suffix:
        raise refuse("file.suffix", name=name, suffix=suffix)
    if path.exists() and any(source.exists() and path.samefile(source) for source in sources):
        raise refuse("file.is_source", name=name)


@contextmanager
def gone_unless_done(path: Path) -> Iterator[None]:
    """Take the finished file away again when the block fails: a document that could not be logged does not stay.

    EnvironmentFault ``file.not_taken_back`` where it cannot be taken away: she hears of it, and why it should have gone.
    """
    try:
        yield
    except BaseException as error:
        try:
            path.unlink(missing_ok=True)
        except OSError as held:
            why = error.what if isinstance(error, ShouwangError) else ""
            code = errno.errorcode.get(held.errno or 0)
            raise fault("file.not_taken_back", name=path.name, why=why, code=code) from error
        raise


def os_fault(error: OSError, path: Path) -> EnvironmentFault:
    """Return the fault to tell the user when ``error`` kept ``path`` from being written."""
    code = errno.errorcode.get(error.errno or 0)
    key = _KEYS.get(error.errno or 0, "file.io")
    if key == "file.no_folder" and len(str(path)) > LONGEST_PATH:
        key = "file.path_too_long"  # so Windows says it
    return fault(key, name=path.name, code=code)


def patiently(rename: Callable[[], object], waits: Sequence[float] = _WAITS) -> None:
    """Do ``rename``, and again after each of ``waits`` (seconds) while the system refuses it; then its PermissionError."""
    for wait in waits:
        try:
            rename()
        except PermissionError:
            time.sleep(wait)
        else:
            return
    rename()


def fsync_folder(path: Path) -> None:
    """Put the folder's own list of names on the disk; Windows does that with the file."""
    if sys.platform == "win32":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hex. Never for the live data file: reading it drops SQLite's locks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_about(error: OSError, part: Path) -> bool:
    """Tell whether the error came from writing ``part``: a failed write names no file, an opening names it."""
    named = error.filename
    return named is None or os.fspath(named) in (os.fspath(part), os.fspath(part.parent))
