"""Bringing what is saved onto another disk when the ledger's own is full or fails."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from app.core.errors import EnvironmentFault
from app.core.progress import Progress, no_progress
from app.school.codes import HandoverKind, Profile
from app.school.handover import log_handover
from app.storage.backups import REASON_WORDS, STEM, Reason
from app.storage.copy import CopyResult, verified_copy
from app.storage.drives import Drive, DriveKind, DriveProbe, drive_of, system_probe
from app.storage.medium import Place, faults_of, size_words
from app.storage.store import Store
from app.storage.workroom import clean_private_folder

FOLDER = "守望备份"
# The computer's own disk does not take the snapshot: then it is made on the target, in a room of its own.
_NO_ROOM_HERE = frozenset(
    {"copy.no_space", "copy.became_full", "copy.not_writable", "copy.io_error", "storage.no_workroom"}
)


class Refuge(Struct, frozen=True):
    """A disk the ledger can be brought to. ``free`` in bytes; ``removable``: whoever finds it can read the copy."""

    folder: Path
    label: str
    free: int
    removable: bool

    @property
    def words(self) -> str:
        """How a list names it."""
        kind = "优盘" if self.removable else "硬盘"
        return f"{kind} {self.label}，还有 {size_words(self.free)}"


class Rescue(Struct, frozen=True):
    """A rescue that was read back and found equal. ``logged``: that it left this computer is written down."""

    copy: CopyResult
    logged: bool

    @property
    def words(self) -> tuple[str, ...]:
        """Say what lies there now."""
        lines = [
            f"已拷好，读回核对一致：{self.copy.facts.words}。",
            f"文件名：{self.copy.path.name}，可以像备份一样恢复。",
        ]
        if not self.logged:
            lines.append("移交记录现在记不上，等能存了请补登一笔。")
        return tuple(lines)


def refuges(ledger: Path, probe: DriveProbe | None = None) -> list[Refuge]:
    """Return the disks and sticks other than the one ``ledger`` lies on, that of most room first."""
    seen = (probe or system_probe()).drives()
    here = drive_of(ledger, probe)
    return sorted(_fit(seen, here), key=lambda refuge: refuge.free, reverse=True)


def _fit(drives: Sequence[Drive], here: Drive | None) -> list[Refuge]:
    return [
        Refuge(drive.path / FOLDER, drive.label, drive.free, drive.kind == DriveKind.REMOVABLE)
        for drive in drives
        if drive.kind != DriveKind.NETWORK
        and not drive.read_only
        and not drive.system
        and (here is None or drive.path != here.path)
    ]


def rescue(
    store: Store,
    folder: Path,
    *,
    by: str | None = None,
    progress: Progress = no_progress,
    probe: DriveProbe | None = None,
) -> Rescue:
    """Copy what is saved to ``folder``, proved like a backup and restorable like one.

    The copy is not encrypted. On a stick that is written into the hand-over log, as far as the ledger still takes it:
    a copy that lies there is told either way. EnvironmentFault ``copy.…`` when nothing was copied.
    """
    drive = drive_of(folder, probe)
    removable = drive is not None and drive.kind == DriveKind.REMOVABLE
    copy = _copied(store, folder, Place.STICK if removable else Place.FOLDER, progress)
    if not removable:
        return Rescue(copy, logged=True)
    logged = False
    with suppress(EnvironmentFault):
        log_handover(
            store,
            kind=HandoverKind.STICK,
            content="整份数据（应急，不加密）",
            people=copy.facts.children,
            profile=Profile.FULL,
            reason="电脑硬盘满了或出错，应急拷出",
            recipient="本校自存",
            file_name=copy.path.name,
            sha256=copy.sha256,
            as_of=store.clock.today(),
            by=by,
        )
        logged = not store.read_only
    return Rescue(copy, logged=logged)


def _copied(store: Store, folder: Path, place: Place, progress: Progress) -> CopyResult:
    with faults_of(place):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(OSError):
        # A power cut in the last rescue may have left its snapshot there: the whole register.
        clean_private_folder(folder)
    try:
        return _copy(store, folder, place, progress, rooms=None)
    except EnvironmentFault as error:
        if error.key not in _NO_ROOM_HERE:
            raise
        return _copy(store, folder, place, progress, rooms=folder)


def _copy(store: Store, folder: Path, place: Place, progress: Progress, *, rooms: Path | None) -> CopyResult:
    return verified_copy(
        store,
        folder,
        STEM,
        clock=store.clock,
        progress=progress,
        place=place,
        kind="backup",
        reason=Reason.BY_HAND,
        name_tail=f"_{REASON_WORDS[Reason.BY_HAND]}",
        rooms=rooms,
    )
