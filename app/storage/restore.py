"""Putting a backup in the ledger's place, so that a power cut at any step leaves the old or the new one (reliability §4).

marker → keep what is there → bring the backup beside, proved → swap → clear the marker. Works with no database open;
``resume`` goes on, or back, from whatever a power cut left.
"""

import glob
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from errno import errorcode
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from app.core.clock import Clock
from app.core.errors import EnvironmentFault
from app.core.files import fsync_folder, sha256_of
from app.core.messages import fault, refuse
from app.core.paths import private_folder
from app.core.progress import Progress, no_progress
from app.storage.backups import Backup, Reason, back_up
from app.storage.beside import (
    Marker,
    clear_marker,
    journal_of,
    marker_of,
    read_marker,
    wal_of,
    write_marker,
)
from app.storage.bringing import Bringing, Source, read_from
from app.storage.came_back import CameBack, came_back
from app.storage.check import Unusable, check
from app.storage.connection import is_open_here
from app.storage.copy import require_same
from app.storage.data_place import backup_folder_for
from app.storage.journal_lines import is_journal
from app.storage.journal_place import follow_restored
from app.storage.leftovers import FOR_NOW, remove_forgotten
from app.storage.lock import InstanceLock
from app.storage.medium import DISK, PART, Disk, Place, faults_of, put_file, require_space, stamped
from app.storage.place_state import note_set_back, remember_restored
from app.storage.replay import Replayed, holds_action, last_action
from app.storage.snapshot import Facts, inspect_ledger
from app.storage.withheld import TOWN
from app.storage.workroom import workroom

# What the state of the present file means for it: copied and proved first, or laid aside as it is. In any other state
# (the disk cannot be read, somebody holds it, the folder is locked) nothing may be replaced.
_SOUND = frozenset({"ok", "older-schema", "older-content", "bad-row"})
_LAID_ASIDE = {"empty": "damaged", "corrupt": "damaged", "index-damaged": "damaged", "not-ours": "kept"}
_LAID_ASIDE["newer-schema"] = "kept"
_NEW = ".new"


class RestoreResult(Struct, frozen=True):
    """A restore that is done: ``after`` is in place, ``state_before`` is what was there.

    ``kept`` is the damaged or strange file, laid aside; ``before_copy`` the verified backup of the sound ledger that
    was replaced. ``resume`` does not know the latter. ``journal`` is what the journal added, None when it was not asked;
    ``returned`` what was destroyed in the ledger that was replaced and is there again, None when there was none sound.
    """

    path: Path
    after: Facts
    state_before: str = ""
    kept: Path | None = None
    before_copy: Backup | None = None
    journal: Replayed | None = None
    returned: CameBack | None = None

    @property
    def journal_commits(self) -> int:
        """How many saves after the backup were added from the journal."""
        return 0 if self.journal is None else self.journal.commits

    @property
    def words(self) -> tuple[str, ...]:
        """Say what is there now and what became of the old one."""
        lines = [f"已恢复：{self.after.words}。", *(() if self.journal is None else self.journal.words)]
        before = self.before_copy
        if before is not None:
            lines.append(f"恢复前的 {before.children} 名儿童也留好了一份备份，可以换回来。")
            if before.db_uuid != self.after.db_uuid:
                lines.append("注意：恢复的是另一份台账，不是原来那一份。")
        lines += () if self.returned is None else self.returned.words
        if self.kept is not None:
            lines.append(f"原来的文件没有删，留在同一个文件夹：{self.kept.name}。")
        if self.after.made_for == TOWN:
            lines.append("注意：这是报镇的拷贝，没有只留在学校的内容。")
        return tuple(lines)


def restore(
    path: Path,
    backup: Path,
    *,
    clock: Clock,
    backup_folder: Path | None = None,
    journal_folder: Path | None = None,
    passphrase: str | None = None,
    with_journal: bool = False,
    branch: Path | None = None,
    unproved: bool = False,
    progress: Progress = no_progress,
    disk: Disk = DISK,
) -> RestoreResult:
    """Put ``backup`` (a backup, a stick copy, or an encrypted copy with its ``passphrase``) in the place of ``path``.

    ``with_journal`` adds the saves made after it from the journal in ``journal_folder`` (``backup_folder`` unless
    another is given), as far as they fit: see ``RestoreResult.journal``. The ledger itself as ``backup`` is then
    brought up to its own journal, and a journal that begins with the first save fills a new ledger. ``branch`` is a
    journal that was set aside and is to be followed instead (``recovery.Recovery``).

    A sound ledger is first copied, verified, into ``backup_folder`` (its own unless another is given); a damaged one
    is laid aside with its journal. Refused while anybody has the ledger open (``storage.in_use``), when the backup is
    not sound (``restore.not_sound``), when nothing proves what it was (``restore.unproved``, unless she said so by
    ``unproved``), and when the disk cannot be read (``io-error``: then nothing is replaced).
    Progress is called around every step; whatever is raised, the old ledger is back in its place.
    """
    path = path.absolute()
    backup_folder = backup_folder or backup_folder_for(path)
    with faults_of(Place.COMPUTER):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(path), workroom(private_folder()) as room:
        if marker_of(path).exists():
            raise fault("restore.unfinished")
        bringing = Bringing(room, journal_folder or backup_folder, branch, passphrase, clock, progress)
        source = _source(bringing, path, backup, with_journal=with_journal, unproved=unproved)
        require_space(path.parent, source.size, place=Place.COMPUTER, disk=disk)
        state = check(path).state
        if state not in {*_SOUND, *_LAID_ASIDE, "missing"}:
            raise fault(state, name=path.name, backups="")
        before_copy, returned = None, None
        if state == "older-content" and backup_folder.is_dir():
            with suppress(EnvironmentFault, OSError):
                note_set_back(path, backup_folder, clock=clock)
        if state in _SOUND:
            progress(0, 5, "正在留好现在的数据")
            before_copy = back_up(
                path, reason=Reason.BEFORE_RESTORE, folder=backup_folder, clock=clock, disk=disk
            )
            with read_from(source.path):
                returned = came_back(before_copy.path, source.path)
        marker = _new_marker(path, backup, state, clock)
        if source.journal is not None:
            chosen = "" if branch is None else str(branch.absolute())
            added = source.journal.commits
            marker = replace(marker, with_journal=True, journal_commits=added, branch=chosen)
        job = _Job(path, marker, progress, disk)
        job.run(source)
        kept = _end(job, backup_folder, clock)
        return RestoreResult(path, source.facts, state, kept, before_copy, source.journal, returned)


def _source(bringing: Bringing, path: Path, backup: Path, *, with_journal: bool, unproved: bool) -> Source:
    """Bring what is to be put in the place of ``path``: the backup, or with the journal's saves what they begin from."""
    if path.exists() and backup.exists() and path.samefile(backup):
        if not with_journal:
            raise refuse("restore.same_file")
        source = bringing.present(path)
    elif with_journal and is_journal(backup):
        source = bringing.nothing(backup)
    else:
        source = bringing.sound(backup, unproved=unproved)
    return bringing.carried_further(source) if with_journal else source


def resume(
    path: Path,
    *,
    forward: bool,
    clock: Clock,
    backup_folder: Path | None = None,
    passphrase: str | None = None,
    progress: Progress = no_progress,
    disk: Disk = DISK,
) -> RestoreResult | None:
    """Go on with an unfinished restore of ``path`` (``forward``) or back to what was there; None after going back.

    UserError ``restore.nothing_to_resume`` without a marker; EnvironmentFault ``restore.backup_gone`` when going on
    needs the backup again and it is not there: going back still works. An encrypted copy needs its ``passphrase`` again.
    """
    path = path.absolute()
    with _alone(path), workroom(private_folder()) as room:
        marker = read_marker(path)
        if marker is None or marker.work != "restore":
            raise refuse("restore.nothing_to_resume")
        backup_folder = backup_folder or backup_folder_for(path)
        job = _Job(path, marker if marker.started_at else _guessed(path), progress, disk)
        if not forward:
            try:
                job.spare_what_is_not_ours()
                job.go_back()
            except OSError as error:  # as far as it came; the marker stays, and going back can be done again
                raise fault("restore.unfinished", code=errorcode.get(error.errno or 0)) from error
            return None
        journal = Replayed(marker.journal_commits, None) if marker.with_journal else None
        if not job.is_swapped() and job.is_brought():
            job.swap(sha256_of(job.new))
        elif not job.is_swapped():
            backup = Path(job.marker.source)
            if not job.marker.source or not backup.exists():
                raise fault("restore.backup_gone")
            branch = Path(marker.branch) if marker.branch else None
            bringing = Bringing(room, backup_folder, branch, passphrase, clock, progress)
            source = bringing.again(backup, path, with_journal=marker.with_journal)
            journal = source.journal
            job.run(source)
        kept = _end(job, backup_folder, clock)
        facts = inspect_ledger(path, day=clock.today().isoformat())
        if journal is not None and journal.commits and journal.until is None:
            journal = replace(journal, until=facts.last_entry)
        return RestoreResult(path, facts, kept=kept, journal=journal)


class _Job(Struct, frozen=True):
    """The replacing itself. Where it stands is told by the files alone, so that a power cut loses nothing."""

    path: Path
    marker: Marker
    progress: Progress
    disk: Disk

    @property
    def kept(self) -> Path | None:
        """Where the old file is laid aside; None when there was none."""
        return Path(self.marker.kept) if self.marker.kept else None

    @property
    def new(self) -> Path:
        """The proved new file beside, until it is swapped in."""
        return self.path.with_name(self.path.name + _NEW)

    def is_swapped(self) -> bool:
        """Tell whether the new file already stands in the old one's place."""
        if not self.path.exists() or not self.marker.source:
            return False
        if self.kept is None:
            return True
        return self.kept.exists() and not self.kept.samefile(self.path)

    def is_brought(self) -> bool:
        """Tell whether the new file lies beside, sound; it gets that name only after it was proved."""
        try:
            inspect_ledger(self.new, day=None)
        except Unusable:
            return False
        return True

    def run(self, source: Source) -> None:
        """Do all steps up to the swap; on any error the old file is back and the marker gone."""
        self.progress(1, 5, "正在恢复：做记号")
        write_marker(self.path, self.marker)
        with self._or_back():
            self.progress(2, 5, "正在恢复：留好原来的文件")
            self._keep()
            self.new.unlink(missing_ok=True)
            self._part.unlink(missing_ok=True)
            with read_from(source.path):
                put_file(
                    source.path,
                    self.new,
                    sha256=source.sha256,
                    place=Place.COMPUTER,
                    progress=self.progress,
                    examine=partial(require_same, source.facts, Place.COMPUTER),
                    disk=self.disk,
                )
        self.swap(source.sha256)

    def swap(self, sha256: str) -> None:
        """Put the proved new file, which has this hash, in the old one's place; the old one with its journal aside."""
        with self._or_back():
            self.progress(3, 5, "正在恢复：换上备份")
            for beside in (journal_of, wal_of):
                if beside(self.path).exists():
                    # Never deleted, never left beside another file: it goes where its ledger goes.
                    beside(self.path).replace(beside(self._aside))
                    self.progress(3, 5, "正在恢复：换上备份")
            if self.kept is not None and self.path.exists() and not self.kept.exists():
                self.path.rename(self.kept)
                self.progress(3, 5, "正在恢复：换上备份")
            self.new.replace(self.path)
            fsync_folder(self.path.parent)
            if sha256_of(self.path) != sha256:
                raise fault("restore.not_swapped")
            self.progress(4, 5, "正在恢复：收尾")

    @contextmanager
    def _or_back(self) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            with suppress(OSError):  # then the marker stays, and the next start asks
                self.go_back()
            if isinstance(error, OSError):
                raise fault("restore.not_swapped") from error
            raise

    def _keep(self) -> None:
        """Give the old file a second name. Where the disk knows no such names it is renamed at the swap."""
        if self.kept is not None and self.path.exists() and not self.kept.exists():
            with suppress(OSError):
                os.link(self.path, self.kept)
                fsync_folder(self.path.parent)

    @property
    def _part(self) -> Path:
        return self.new.with_name(self.new.name + PART)

    @property
    def _aside(self) -> Path:
        return self.kept or self.path.with_name(f"{self.path.name}.damaged-without-ledger")

    def spare_what_is_not_ours(self) -> None:
        """Lay aside what stands where nothing was before, unless it is the backup: it may have been put back by hand."""
        if self.kept is not None or not self.is_swapped():
            return
        with suppress(OSError):
            if sha256_of(Path(self.marker.source)) == sha256_of(self.path):
                return
        self.path.rename(_aside_path(self.path, "kept", self.marker.started_at))

    def go_back(self) -> None:
        """Bring the old file back with its journal, whatever was done; then the marker goes."""
        if self.is_swapped():
            if self.kept is None:
                self.path.unlink()
            else:
                self.kept.replace(self.path)
        elif self.kept is not None and self.kept.exists():
            if self.path.exists():
                self.kept.unlink()  # the second name of the same file
            else:
                self.kept.rename(self.path)
        for beside in (journal_of, wal_of):
            if beside(self._aside).exists():
                beside(self._aside).replace(beside(self.path))
        self.new.unlink(missing_ok=True)
        self._part.unlink(missing_ok=True)
        fsync_folder(self.path.parent)
        clear_marker(self.path)

    def finish(self) -> Path | None:
        """Clear the marker; return the old file if it stays. A sound one has its verified copy and goes."""
        with suppress(OSError):  # the new file is in its place; a marker that stays only asks once more
            clear_marker(self.path)
        if self.kept is not None and f".{FOR_NOW}-" in self.kept.name:
            remove_forgotten(self.path)
        return self.kept if self.kept is not None and self.kept.exists() else None


def _end(job: _Job, backup_folder: Path, clock: Clock) -> Path | None:
    """Let journal and memory follow what is in place now, then clear the marker; return the old file if it stays.

    The marker last: cut off before, the next start still knows that the ledger was set back on purpose. A backup disk
    that is away does not undo a restore that is done; the next start asks about it then.
    """
    path = job.path
    db_uuid, _, commit_no = last_action(path)
    with suppress(OSError):
        follow_restored(path, backup_folder, db_uuid, holds=partial(holds_action, path), clock=clock)
    if backup_folder.is_dir():
        with suppress(EnvironmentFault, OSError):
            remember_restored(path, backup_folder, db_uuid, commit_no, clock=clock)
    return job.finish()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the single-instance lock of ``path``; ``storage.in_use`` when somebody has the ledger open."""
    if is_open_here(path):
        raise fault("storage.in_use")
    lock = InstanceLock(path)
    lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _new_marker(path: Path, backup: Path, state: str, clock: Clock) -> Marker:
    started_at = clock.now().isoformat(timespec="seconds")
    kind = _LAID_ASIDE.get(state, FOR_NOW)
    kept = "" if state == "missing" else str(_aside_path(path, kind, started_at))
    return Marker("restore", source=str(backup.absolute()), kept=kept, started_at=started_at)


def _aside_path(path: Path, kind: str, started_at: str) -> Path:
    """Return a name beside ``path`` that nothing has yet, such as 守望.db.damaged-20261121_103200."""
    stem = f"{path.name}.{kind}-{stamped(datetime.fromisoformat(started_at))}"
    number = 1
    while True:
        aside = path.with_name(stem if number == 1 else f"{stem}_{number}")
        if not (aside.exists() or journal_of(aside).exists() or wal_of(aside).exists()):
            return aside
        number += 1


def _guessed(path: Path) -> Marker:
    """Stand in for a marker that cannot be read: with no ledger there, the newest one laid aside is the old one."""
    aside = [
        found
        for found in path.parent.glob(f"{glob.escape(path.name)}.*-[0-9]*")
        if not found.name.endswith(("-journal", "-wal")) and not path.exists()
    ]
    newest = max(aside, key=lambda found: found.stat().st_ctime_ns, default=None)
    return Marker("restore", source="", kept="" if newest is None else str(newest), started_at="")
