"""The power cut that kill −9 cannot play: what was written and not synced is gone, also a name in a folder.

A run is watched once, call by call; then for any moment of it the files are laid out as a disk may hold them that kept
only what it was told to keep, or that and some of the rest. That is why SQLite syncs the folder after the journal has
gone (``synchronous=EXTRA``), and we the journal of saves before 已保存.
"""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.kit.actor import Outcome
from tests.faults.kit.world import World

# As strace is asked for it: what changes a disk, and the answers on the line to the test.
WATCHED = (
    "openat",
    "pwrite64",
    "write",
    "ftruncate",
    "fsync",
    "fdatasync",
    "rename",
    "link",
    "unlink",
    "sendto",
)

_CALL = re.compile(rb"^(\w+)\((.*)\) += (-?\d+)(<[^>]*>)?")
_FD = re.compile(rb"^\d+<((?:[^>\\]|\\.)*)>")
_TEXT = re.compile(rb'"([^"]*)"')  # a quote inside is \\x22


@dataclass(slots=True)
class _File:
    """A file's bytes as the disk surely has them, and what was written since, in order."""

    kept: bytearray
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def content(self, pending: Sequence[tuple[int, bytes | None]]) -> bytes:
        content = bytearray(self.kept)
        for at, block in pending:
            if block is None:
                del content[at:]
                continue
            content.extend(bytes(max(0, at - len(content))))
            content[at : at + len(block)] = block
        return bytes(content)


class Disk:
    """The files under one folder, as a run changes them."""

    def __init__(self, begin: Path, folder: Path) -> None:
        """Begin with the files that lie under ``begin``, as if they lay under ``folder``."""
        self.folder = folder
        self.now = {
            str(folder / path.relative_to(begin)): _File(bytearray(path.read_bytes()))
            for path in begin.rglob("*")
            if path.is_file()
        }
        self.kept = dict(self.now)
        self._pending_names: list[tuple[str, str, _File | None]] = []

    def follow(self, log: Path) -> Iterator[str]:
        """Yield "" after each call that changed anything and each line the program sent, which is then the word."""
        for line in log.read_bytes().splitlines():
            match = _CALL.match(line)
            if match is None or match[3].startswith(b"-"):
                continue
            word = self._take(match[1].decode(), match[2], int(match[3]))
            if word is not None:
                yield word

    def _take(self, call: str, words: bytes, answer: int) -> str | None:
        texts = [_bytes(text) for text in _TEXT.findall(words)]
        if call == "sendto":
            return texts[0].decode()
        on = _FD.match(words)
        path = _bytes(on[1]).decode() if on else texts[0].decode() if texts else ""
        if not path.startswith(str(self.folder)):
            return None
        if call == "openat":
            path = texts[-1].decode()
            if b"O_CREAT" not in words or path in self.now:
                if b"O_TRUNC" in words and path in self.now:
                    self.now[path].pending.append((0, None))
                return None
            self._name(path, path, _File(bytearray()))
        elif call in ("pwrite64", "write", "ftruncate") and path not in self.now:
            return None  # a file that has lost its name
        elif call == "pwrite64":
            self.now[path].pending.append((int(words.rsplit(b", ", 1)[1]), texts[-1]))
        elif call == "write":
            file = self.now[path]
            file.pending.append((len(file.content(file.pending)), texts[-1]))
        elif call == "ftruncate":
            self.now[path].pending.append((int(words.rsplit(b", ", 1)[1]), None))
        elif call in ("fsync", "fdatasync"):
            self._sync(path)
        elif call == "unlink":
            self._name(path, path, None)
        elif call in ("rename", "link"):
            source, target = (text.decode() for text in texts)
            file = self.now[source]
            self._name(source if call == "rename" else target, target, file)
        return ""

    def _name(self, source: str, target: str, file: _File | None) -> None:
        self._pending_names.append((source, target, file))
        if source != target or file is None:
            del self.now[source]
        if file is not None:
            self.now[target] = file

    def _sync(self, path: str) -> None:
        file = self.now.get(path)
        if file is not None:
            file.kept = bytearray(file.content(file.pending))
            file.pending.clear()
            return
        left = []
        for source, target, named in self._pending_names:
            if str(Path(target).parent) != path:
                left.append((source, target, named))
            else:
                _rename(self.kept, source, target, named)
        self._pending_names = left

    def lay_out(self, chance: random.Random | None) -> None:
        """Write the files as they may lie there when the power has gone now.

        Without ``chance`` only what was synced; with it that, some of the later names in their order, and some blocks.
        """
        names = dict(self.kept)
        if chance is not None:
            for source, target, file in self._pending_names[: chance.randint(0, len(self._pending_names))]:
                _rename(names, source, target, file)
        written: dict[int, Path] = {}
        for name, file in names.items():
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            if id(file) in written:  # two names of one file
                path.hardlink_to(written[id(file)])
                continue
            written[id(file)] = path
            pending = [] if chance is None else [one for one in file.pending if chance.random() < 0.5]
            path.write_bytes(file.content(pending))


def _rename(names: dict[str, _File], source: str, target: str, file: _File | None) -> None:
    if source != target or file is None:
        names.pop(source, None)
    if file is not None:
        names[target] = file


def _bytes(text: bytes) -> bytes:
    """Undo strace's -xx: every byte is \\x and two digits."""
    return bytes.fromhex(text.replace(rb"\x", b"").decode())


def cuts(
    world: World, start: World, job: str, *, number: int | None, film: Path, **args: object
) -> Iterator[tuple[World, list[str], str]]:
    """Yield a world as it may lie there after a power cut in ``job``, the words sent before, and what to call it.

    ``world`` stands where the rounds stand and is worked on once; ``start`` is the same, kept elsewhere. ``number`` of
    moments (None: all), and in any case those right after a word. Each comes twice: only what was synced, and more.
    """
    place = world.ledger.parent
    whole: Outcome = world.run(job, trace=WATCHED, film=film, **args)
    if whole.bug or whole.fault:
        raise RuntimeError(f"{job} by itself: {whole.bug or whole.message}")
    moments = list(Disk(start.ledger.parent, place).follow(film))
    chance = random.Random(len(moments))
    chosen = set(range(len(moments)))
    if number is not None and number < len(moments):
        chosen = set(chance.sample(range(len(moments)), number))
    chosen |= {at for at, word in enumerate(moments) if word} | {len(moments) - 1}
    disk, sent = Disk(start.ledger.parent, place), []
    for at, word in enumerate(disk.follow(film)):
        if word:
            sent.append(word)
        for some in (None, chance) if at in chosen else ():
            shutil.rmtree(world.folder)
            start.copy(world.folder)
            shutil.rmtree(place)
            place.mkdir()
            disk.lay_out(some)
            yield (
                world,
                sent,
                f"{job}, power cut after call {at}, {'some' if some else 'none'} of the rest kept",
            )
