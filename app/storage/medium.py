"""Bringing a finished file onto a disk or stick so that it is proved to be there (reliability §1.1, steps 3–8).

Every call that reaches the disk goes through ``Disk``, so that tests can let the N-th one fail.
"""

import errno
import hashlib
import os
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from enum import StrEnum
from functools import partial
from io import FileIO
from pathlib import Path

from app.core.errors import EnvironmentFault
from app.core.files import fsync_folder, patiently, unfinished
from app.core.messages import fault
from app.core.progress import Progress

BLOCK = 1024 * 1024
PART = ".part"


class Place(StrEnum):
    """Where a file goes, in the word the messages use."""

    STICK = "优盘"
    BACKUPS = "备份文件夹"
    SECOND = "第二处备份"
    FOLDER = "目标文件夹"
    COMPUTER = "电脑硬盘"


class Disk:
    """The calls by which bytes get onto a disk and back."""

    def free(self, folder: Path) -> int:
        """Return how many bytes this user can still write into ``folder``."""
        import psutil

        return int(psutil.disk_usage(str(folder)).free)

    def total(self, folder: Path) -> int:
        """Return the size of the whole disk that holds ``folder``, in bytes."""
        import psutil

        return int(psutil.disk_usage(str(folder)).total)

    def create(self, path: Path, mode: int) -> FileIO:
        """Open a file that may not exist yet for unbuffered writing, with these rights."""
        return FileIO(path, "x", opener=partial(os.open, mode=mode))

    def write(self, file: FileIO, block: memoryview) -> int:
        """Write some of ``block`` and return how many bytes went in."""
        return file.write(block) or 0

    def fsync(self, file: FileIO) -> None:
        """Force the file's bytes out of the computer's memory onto the disk."""
        os.fsync(file.fileno())

    def drop_cache(self, path: Path) -> bool:
        """Forget the file's bytes in memory so that the next read asks the disk; False where that is not possible.

        Works only after the file was synced. Without it a read-back compares memory with memory.
        """
        if sys.platform == "linux":
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(descriptor)
        return sys.platform in ("linux", "win32")  # on Windows ``blocks`` reads past the memory

    def blocks(self, path: Path) -> Iterator[bytes]:
        """Yield the file's bytes as the disk gives them back."""
        if sys.platform == "win32":
            from app.storage.windows_files import uncached_blocks

            yield from uncached_blocks(path)
        else:
            with FileIO(path, "r") as file:
                while block := file.read(BLOCK):
                    yield block

    def rename(self, old: Path, new: Path) -> None:
        """Give a file its final name."""
        patiently(partial(old.rename, new))

    def fsync_folder(self, folder: Path) -> None:
        """Force the folder's list of names onto the disk."""
        fsync_folder(folder)

    def names(self, folder: Path) -> list[str]:
        """Return the names in a folder, as the disk has them."""
        return [path.name for path in folder.iterdir()]

    def remove(self, path: Path) -> None:
        """Take a file away."""
        path.unlink(missing_ok=True)


DISK = Disk()

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_READ_ONLY = frozenset({errno.EROFS})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM})
_NOT_THERE = frozenset({errno.ENOENT, errno.ENOTDIR})
_WINDOWS_WRITE_PROTECT = 19


def medium_fault(error: OSError, place: Place) -> EnvironmentFault:
    """Return what to tell the user when the disk or stick did not do what it was asked."""
    number = error.errno or 0
    code = errno.errorcode.get(number)
    if number in _FULL:
        return fault("copy.became_full", place=place, code=code)
    protected = number in _READ_ONLY or getattr(error, "winerror", None) == _WINDOWS_WRITE_PROTECT
    if place == Place.STICK:
        if protected:
            return fault("stick.write_protected", code=code)
        if number not in _FORBIDDEN:
            return fault("stick.gone", code=code)
    if protected or number in _FORBIDDEN:
        return fault("copy.not_writable", place=place, code=code)
    if number in _NOT_THERE:
        return fault("copy.no_folder", place=place, code=code)
    return fault("copy.io_error", place=place, code=code)


@contextmanager
def faults_of(place: Place) -> Iterator[None]:
    """Turn the operating system's errors inside the block into faults that name ``place``."""
    try:
        yield
    except OSError as error:
        raise medium_fault(error, place) from error


def size_words(size: int) -> str:
    """Say a number of bytes the way Windows does: 812 KB, 3.1 MB, 1.2 GB."""
    if size < BLOCK:
        return f"{-(-size // 1024)} KB"
    if size < 1024 * BLOCK:
        return f"{size / BLOCK:.1f} MB"
    return f"{size / (1024 * BLOCK):.1f} GB"


def require_space(folder: Path, needed: int, *, place: Place, disk: Disk = DISK) -> int:
    """Return the free bytes in ``folder``; EnvironmentFault ``copy.no_space`` when ``needed`` do not fit."""
    with faults_of(place):
        free = disk.free(folder)
    if free < needed:
        raise fault(
            "copy.no_space",
            place=place,
            needed=size_words(needed),
            free=size_words(free),
            missing=size_words(needed - free),
        )
    return free


def stamped(moment: datetime) -> str:
    """Write a moment the way file names carry it."""
    return moment.strftime("%Y%m%d_%H%M%S")


def new_name(folder: Path, stem: str, suffix: str, *, place: Place, disk: Disk = DISK) -> Path:
    """Return a path in ``folder`` that no file has, nor one with more behind it (an old manifest, a ``.part``).

    The name is ``stem`` as it is, or with _2, _3 … behind it.
    """
    with faults_of(place):
        taken = {name.lower() for name in disk.names(folder)}
    number = 1
    while True:
        tail = "" if number == 1 else f"_{number}"
        name = f"{stem}{tail}{suffix}"
        if not any(old == name.lower() or old.startswith(f"{name.lower()}.") for old in taken):
            return folder / name
        number += 1


def put_file(
    source: Path,
    final: Path,
    *,
    sha256: str,
    place: Place,
    progress: Progress,
    examine: Callable[[Path], None] | None = None,
    slip: Path | None = None,
    disk: Disk = DISK,
) -> bool:
    """Bring ``source`` to ``final``, proved by reading it back, or leave nothing there.

    ``sha256`` is the hash ``source`` is known to have; ``examine`` may look into the file that lies on the disk
    before it gets its name and raises if it is not as it must be; ``slip`` is a file about it that may lie there already
    when the power goes, and is taken away with the half file then. Returns whether the read-back is known to have
    come from the disk and not from the computer's memory. EnvironmentFault ``copy.…``/``stick.…`` otherwise.
    """
    part = final.with_name(final.name + PART)
    named = False
    with unfinished(part, *([] if slip is None else [slip])):
        try:
            with faults_of(place):
                _write(source, part, place, progress, disk)
                proved = disk.drop_cache(part)
                if _read_back(part, place, progress, disk) != sha256:
                    raise fault("copy.readback_differs", place=place)
            if examine is not None:
                examine(part)
            with faults_of(place):
                if final.name in disk.names(final.parent):
                    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(final))
                disk.rename(part, final)
                named = True
                disk.fsync_folder(final.parent)
                if final.name not in disk.names(final.parent):
                    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(final))
        except BaseException:
            # Nothing that is not proved may keep a place; the stick itself may be gone by now.
            with suppress(OSError):
                disk.remove(final if named else part)
            raise
    return proved


def _write(source: Path, part: Path, place: Place, progress: Progress, disk: Disk) -> None:
    with faults_of(Place.COMPUTER):
        total = source.stat().st_size
    # What stays on this computer is for this user alone; a stick is read by whoever it is handed to.
    rights = 0o644 if place == Place.STICK else 0o600
    done = 0
    with closing(_source_blocks(source)) as blocks, disk.create(part, rights) as file:
        for block in blocks:
            view = memoryview(block)
            while view:
                written = disk.write(file, view)
                if written <= 0:
                    raise OSError(errno.EIO, os.strerror(errno.EIO), str(part))
                view = view[written:]
            done += len(block)
            progress(done, total, f"正在拷到{place}")
        disk.fsync(file)


def _source_blocks(source: Path) -> Generator[bytes, None, None]:
    with faults_of(Place.COMPUTER), FileIO(source, "r") as given:
        while block := given.read(BLOCK):
            yield block


def _read_back(part: Path, place: Place, progress: Progress, disk: Disk) -> str:
    total = part.stat().st_size
    done = 0
    digest = hashlib.sha256()
    for block in disk.blocks(part):
        digest.update(block)
        done += len(block)
        progress(done, total, f"正在从{place}读回核对")
    return digest.hexdigest()


def remove_leftovers(folder: Path, pattern: str, *, disk: Disk = DISK) -> None:
    """Take away the ``.part`` files that a power cut left; ``pattern`` is a glob for our own names only."""
    with suppress(OSError):
        for path in folder.glob(pattern + PART):
            disk.remove(path)
