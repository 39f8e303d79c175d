"""The encrypted copy: one 7z file, AES-256, the names inside encrypted too, opened by 7-Zip and 360压缩 (S04).

Its strength rests on the passphrase alone: there is no back door and no second key.
"""

import io
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from app.core.errors import EnvironmentFault, ShouwangError
from app.core.messages import fault, refuse
from app.core.progress import Progress, no_progress

MAGIC = b"7z\xbc\xaf\x27\x1c"
# A ledger compresses well at the fastest level; more effort buys little and an old school PC is slow.
_PRESET = 1
_SIGNATURE = struct.Struct("<6s2BIQQI")
# What one of ours may unpack to, in bytes: a 7z that claims more is not one of ours.
LARGEST_CONTENT = 4 * 1024**3
SHORT_PASSPHRASE = 8


class Packed(Struct, frozen=True):
    """One file for the container: the name it has inside, and where it lies now."""

    name: str
    path: Path


class _Watched(io.BufferedReader):
    """A file that tells how far it has been read, so that packing can be watched and stopped."""

    def __init__(self, path: Path, done: int, total: int, progress: Progress) -> None:
        super().__init__(io.FileIO(path, "r"))
        self._done = done
        self._total = total
        self._progress = progress

    def read(self, size: int | None = -1, /) -> bytes:
        block = super().read(size)
        self._done += len(block)
        self._progress(self._done, self._total, "正在加密")
        return block


def passphrase_advice(passphrase: str) -> str | None:
    """Return what to say about a passphrase that is easily guessed, None for one that is not. It may be used anyway."""
    if len(passphrase) < SHORT_PASSPHRASE:
        return f"口令只有 {len(passphrase)} 个字，容易被试出来：建议用 {SHORT_PASSPHRASE} 个字以上的一句话。"
    if passphrase.isdigit() or len(set(passphrase)) < 5:
        return "口令太简单（像电话号码、生日或重复的字），容易被试出来：建议用一句别人想不到的话。"
    return None


def is_container(path: Path) -> bool:
    """Tell whether ``path`` begins like a 7z file. OSError when it cannot be read."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def pack(target: Path, files: Sequence[Packed], *, passphrase: str, progress: Progress = no_progress) -> None:
    """Write ``files`` into a new container at ``target``, which lies in a private room on the computer.

    UserError when the passphrase is empty.
    """
    # Imported when a copy is made: the window starts without it.
    import py7zr

    if not passphrase.strip():
        raise refuse("copy.passphrase_needed")
    filters = [
        {"id": py7zr.FILTER_LZMA2, "preset": _PRESET},
        {"id": py7zr.FILTER_CRYPTO_AES256_SHA256},
    ]
    total = sum(file.path.stat().st_size for file in files)
    done = 0
    with py7zr.SevenZipFile(
        target, "w", password=passphrase, header_encryption=True, filters=filters
    ) as archive:
        for file in files:
            with _Watched(file.path, done, total, progress) as content:
                archive.writef(content, file.name)
            done += file.path.stat().st_size


def unpack(path: Path, folder: Path, *, passphrase: str | None) -> list[str]:
    """Unpack a container into an empty private ``folder`` and return the names of its files.

    UserError for a missing or wrong passphrase, EnvironmentFault ``container.damaged`` when its bytes are not what
    was written, ``container.not_ours`` when it holds folders, odd names or far too much.
    """
    import py7zr

    if not passphrase:
        raise refuse("container.passphrase_needed")
    _check_frame(path)
    try:
        with py7zr.SevenZipFile(path, "r", password=passphrase) as archive:
            listed = [(entry.filename, entry.uncompressed, entry.is_directory) for entry in archive.list()]
            _check_listing(listed)
            try:
                archive.extractall(folder)
            except (OSError, MemoryError):
                raise
            except Exception as error:
                raise fault("container.damaged") from error
    except (ShouwangError, OSError, MemoryError):
        raise
    except Exception as error:
        # The frame is whole, so what cannot be understood behind it was decrypted with another key. py7zr has no
        # error of its own for that: the noise fails wherever it first makes no sense.
        raise refuse("container.wrong_passphrase") from error
    return [name for name, _, _ in listed]


def _check_frame(path: Path) -> None:
    """Check the outer frame that needs no passphrase: magic, checksums of the header, length of the file."""
    with path.open("rb") as file:
        start = file.read(_SIGNATURE.size)
        if len(start) < _SIGNATURE.size or not start.startswith(MAGIC):
            raise _damaged()
        _, _, _, start_crc, offset, size, header_crc = _SIGNATURE.unpack(start)
        if zlib.crc32(start[12:]) != start_crc or path.stat().st_size != _SIGNATURE.size + offset + size:
            raise _damaged()
        file.seek(offset, io.SEEK_CUR)
        if zlib.crc32(file.read(size)) != header_crc:
            raise _damaged()


def _check_listing(listed: Sequence[tuple[str, int, bool]]) -> None:
    for name, _, is_folder in listed:
        if is_folder or name != Path(name).name or "\\" in name or ":" in name or name in {"", ".", ".."}:
            raise fault("container.not_ours")
    if sum(size for _, size, _ in listed) > LARGEST_CONTENT or len(listed) > 20:
        raise fault("container.not_ours")


def _damaged() -> EnvironmentFault:
    return fault("container.damaged")
