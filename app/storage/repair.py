"""Puts a mended copy in the place of a damaged ledger: by the same crash-safe swap as a restore, never in place.

The copy that was shown is not kept: the file is copied, looked at and mended once more, so what was saved meanwhile is
in it. The swap is refused when something else is found than was shown, or when somebody writes while it is made.
"""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from msgspec import Struct

from app.core.clock import Clock
from app.core.files import sha256_of
from app.core.messages import fault, refuse
from app.core.paths import private_folder
from app.core.progress import Progress, no_progress
from app.storage.backups import Backup
from app.storage.beside import marker_of
from app.storage.check import Unusable
from app.storage.checkup import examined
from app.storage.connection import is_open_here
from app.storage.copy import place_with_manifest, require_same
from app.storage.findings import Checkup
from app.storage.leftovers import REPAIRED, remove_forgotten
from app.storage.manifest import CopiedFile, Manifest, manifest_path
from app.storage.medium import Place, new_name, require_space, stamped
from app.storage.restore import restore
from app.storage.snapshot import Facts, inspect_ledger
from app.storage.workroom import workroom

_COUNTER = slice(24, 28)  # SQLite counts there every transaction that was written


class RepairDone(Struct, frozen=True):
    """A mended copy that is in place. ``kept`` is the damaged file laid aside; ``before_copy`` the verified backup of one
    that could still be copied.
    """

    path: Path
    after: Facts
    kept: Path | None
    before_copy: Backup | None

    @property
    def words(self) -> tuple[str, ...]:
        """Say what is there now and where the old file is."""
        lines = [f"已换上修好的：{self.after.words}。"]
        if self.before_copy is not None:
            lines.append("修以前的数据也留好了一份备份，可以换回来。")
        if self.kept is not None:
            lines.append(f"原来的文件没有删，留在同一个文件夹：{self.kept.name}。")
        return tuple(lines)


def use_repaired(
    path: Path,
    checkup: Checkup,
    *,
    clock: Clock,
    backup_folder: Path | None = None,
    backups: Sequence[Path] = (),
    accept: Collection[str] = (),
    by: str | None = None,
    progress: Progress = no_progress,
) -> RepairDone:
    """Mend ``path`` as ``checkup`` told and put the mended copy in its place; nobody may have the ledger open.

    UserError ``checkup.changed`` when something else is found than ``checkup`` told, ``checkup.nothing_mended`` when
    there is no mended copy; EnvironmentFault as ``restore`` and ``examined`` raise them. Whatever is raised, the old
    file is in its place. A power cut leaves what an unfinished restore leaves; going on or back works the same.
    """
    path = path.absolute()
    if is_open_here(path):
        raise fault("storage.in_use")
    before = _counter(path)
    with examined(path, clock=clock, backups=backups, accept=accept, by=by, progress=progress) as again:
        if again.checkup.fingerprint != checkup.fingerprint:
            raise refuse("checkup.changed")
        if not again.checkup.is_mended:
            raise refuse("checkup.nothing_mended")
        remove_forgotten(path)
        source = _put_beside(again.copy, path, clock, progress)
    try:
        done = restore(
            path,
            source,
            clock=clock,
            backup_folder=backup_folder,
            progress=_watching(path, before, progress),
        )
    finally:
        if not marker_of(path).exists():  # else the unfinished swap still needs it
            _remove(source)
    return RepairDone(done.path, done.after, done.kept, done.before_copy)


def _put_beside(mended: Path, path: Path, clock: Clock, progress: Progress) -> Path:
    """Bring the mended copy out of its private room, proved, with its manifest: there a power cut does not take it."""
    folder, moment = path.parent, clock.now()
    day = moment.date().isoformat()
    try:
        facts = inspect_ledger(mended, day=day)
    except Unusable as problem:
        raise ValueError("the mended copy is not sound") from problem
    size = mended.stat().st_size
    require_space(folder, size, place=Place.COMPUTER)
    final = new_name(folder, f"{path.name}.{REPAIRED}_{stamped(moment)}", ".db", place=Place.COMPUTER)
    manifest = Manifest(
        kind="copy",
        reason="repair",
        made_at=moment.isoformat(timespec="seconds"),
        files=(CopiedFile(final.name, size, sha256_of(mended)),),
        facts=facts,
    )
    with workroom(private_folder()) as room:
        place_with_manifest(
            mended,
            final,
            manifest,
            room=room,
            place=Place.COMPUTER,
            progress=progress,
            examine=partial(require_same, facts, Place.COMPUTER),
        )
    return final


def _watching(path: Path, before: bytes, progress: Progress) -> Progress:
    """Return ``progress`` that first, under the lock ``restore`` holds, looks whether anybody has written meanwhile."""
    checks: list[Callable[[], None]] = [partial(_require_unchanged, path, before)]

    def step(done: int, total: int, words: str = "") -> None:
        while checks:
            checks.pop()()
        progress(done, total, words)

    return step


def _require_unchanged(path: Path, before: bytes) -> None:
    if _counter(path) != before:
        raise refuse("checkup.changed")


def _counter(path: Path) -> bytes:
    """Return the file's own count of changes; b"" when it cannot be read: then ``examined`` says why."""
    try:
        with path.open("rb") as file:
            return file.read(_COUNTER.stop)[_COUNTER]
    except OSError:
        return b""


def _remove(source: Path) -> None:
    with suppress(OSError):
        source.unlink(missing_ok=True)
        manifest_path(source).unlink(missing_ok=True)
