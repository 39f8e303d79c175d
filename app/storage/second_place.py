"""A second place for the backups: another disk or a drive, found again by its folder only.

Whatever is wrong with it (away, full, broken), the backups of the first place are made all the same; what it missed
is brought as soon as it is there again. Every file there was read back like the first one, and is thinned by the same
rule.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from app.core.errors import Cancelled, EnvironmentFault
from app.core.messages import fault, refuse
from app.core.paths import private_folder, settings_file
from app.core.progress import Progress, no_progress
from app.core.settings import change_settings
from app.storage.backup_list import STEM, Backup, list_backups, newest_verified
from app.storage.copy import BESIDE, place_with_manifest, require_same, tell_sizes
from app.storage.data_place import BACKUP_FOLDER_NAME, require_writable, second_folder_for
from app.storage.drives import DriveProbe, place_warning
from app.storage.manifest import read_manifest
from app.storage.medium import DISK, Disk, Place, faults_of, new_name, remove_leftovers, size_words
from app.storage.snapshot import moment_words
from app.storage.thinning import thin_out
from app.storage.workroom import workroom

log = logging.getLogger("shouwang.storage")

# What speaks so much against a place for the data that backups may not lie there either, and how that is said of them.
_REFUSED = {
    "place.network": "second.network",
    "place.cloud": "second.cloud",
    "place.program": "second.program",
}


class SecondState(StrEnum):
    """How the second place stands to the newest proved backup of the first."""

    CURRENT = "current"
    BEHIND = "behind"
    FULL = "full"
    AWAY = "away"


class SecondPlace(Struct, frozen=True):
    """The second place as it is found now; ``newest`` is the newest proved backup there."""

    folder: Path
    state: SecondState
    words: str
    newest: Backup | None = None

    @property
    def is_well(self) -> bool:
        """Whether nothing is to be said in a bar."""
        return self.state is SecondState.CURRENT


class SecondChoice(Struct, frozen=True):
    """The folder that was taken, and what speaks against it all the same."""

    folder: Path
    notes: tuple[str, ...]


# ------------------------------------------------------------------------------------------------ naming it


def name_second(
    folder: Path, *, ledger: Path, backup_folder: Path, probe: DriveProbe | None = None
) -> SecondChoice:
    """Remember a second place: a folder of ours inside ``folder``, so that a drive that is away is seen to be away.

    UserError ``second.same_place`` where the data or the first backups lie, ``second.network``, ``second.cloud``,
    ``second.program``; EnvironmentFault ``place.not_writable``. Nothing is remembered then.
    """
    target = folder if folder.name == BACKUP_FOLDER_NAME else folder / BACKUP_FOLDER_NAME
    warning = place_warning(target, probe)
    if warning is not None and warning.key in _REFUSED:
        raise refuse(_REFUSED[warning.key])
    taken = {backup_folder.resolve(), ledger.parent.resolve()}
    if taken & {folder.resolve(), target.resolve()}:
        raise refuse("second.same_place")
    require_writable(target)
    notes = []
    if warning is not None and warning.key == "place.too_long":
        notes.append("它的路径太长了：备份的名字再接上去，可能打不开。最好选浅一点的文件夹。")
    elif warning is not None:
        notes.append("它拔得下来：拔走以后，备份只在电脑上，插上会自动补拷。")
    elif target.stat().st_dev == ledger.parent.stat().st_dev:
        notes.append("它和数据在同一个硬盘上：这个硬盘坏了，两处都会没有。最好选另一个硬盘或移动硬盘。")
    notes.append("备份没有加密，里面是未成年人的资料，放它的盘请收好。")
    change_settings(settings_file(), second_backup_folder=target)
    return SecondChoice(target, tuple(notes))


def forget_second() -> None:
    """Bring no more backups to the second place; those that lie there stay."""
    change_settings(settings_file(), second_backup_folder=None)


# ------------------------------------------------------------------------------------------------ its state


def look_at_second(
    ledger: Path, backup_folder: Path, *, db_uuid: str, now: datetime | None = None, disk: Disk = DISK
) -> SecondPlace | None:
    """Tell how the second place of the usual ledger stands; None when there is none. Opens no file.

    ``now`` as for ``list_backups``.
    """
    folder = second_folder_for(ledger)
    if folder is None:
        return None
    if not folder.is_dir():
        words = "第二处备份现在不在：没有插上，或被移走了。电脑上的备份照常做，插上以后自动补拷。"
        return SecondPlace(folder, SecondState.AWAY, words)
    there = list_backups(folder, db_uuid=db_uuid, now=now)
    newest = newest_verified(there)
    wanted = newest_verified(list_backups(backup_folder, db_uuid=db_uuid, now=now))
    if wanted is None or _is_among(wanted, there):
        words = (
            "第二处还没有备份。" if newest is None else f"第二处最近一份：{_moment(newest)}，读回核对一致。"
        )
        return SecondPlace(folder, SecondState.CURRENT, words, newest)
    missing = wanted.size + BESIDE - _free(folder, disk)
    has = "那里还没有一份" if newest is None else f"那里最近一份是 {_moment(newest)}"
    if missing > 0:
        words = f"第二处备份没有做成：空间不足，还差 {size_words(missing)}。{has}。"
        return SecondPlace(folder, SecondState.FULL, words, newest)
    words = f"第二处还没有最新的备份，{has}。下次备份时再拷过去。"
    return SecondPlace(folder, SecondState.BEHIND, words, newest)


def all_backups(ledger: Path, backup_folder: Path, *, db_uuid: str | None = None) -> list[Backup]:
    """Return the backups of both places, newest first, each once; the disk of either may be gone."""
    first = list_backups(backup_folder, db_uuid=db_uuid)
    second = second_folder_for(ledger)
    more = [] if second is None else list_backups(second, db_uuid=db_uuid)
    found = first + [backup for backup in more if not _is_among(backup, first)]
    return sorted(found, key=lambda backup: (backup.made_at, backup.path.name), reverse=True)


def _moment(backup: Backup) -> str:
    return moment_words(backup.made_at.isoformat())


def _free(folder: Path, disk: Disk) -> int:
    try:
        return disk.free(folder)
    except OSError:
        return 0


def _is_among(wanted: Backup, there: Sequence[Backup]) -> bool:
    def marks(backup: Backup) -> tuple[object, ...]:
        return backup.made_at, backup.reason, backup.size, backup.commit_no, backup.db_uuid

    return any(backup.verified and marks(backup) == marks(wanted) for backup in there)


# ------------------------------------------------------------------------------------------------ bringing backups there


def bring_to_second(
    ledger: Path,
    backup: Backup,
    *,
    last_action: str | None,
    may_thin: bool,
    progress: Progress = no_progress,
    disk: Disk = DISK,
) -> bool:
    """Bring a proved backup to the second place, read it back there, then thin there; tell whether it lies there now.

    Never raises for what is wrong with that place, nor when she stops it: the backup itself is made.
    """
    folder = second_folder_for(ledger)
    if folder is None:
        return False
    try:
        made = _bring(backup, folder, progress, disk)
    except (EnvironmentFault, OSError) as error:
        log.warning("second place: %s", error.key if isinstance(error, EnvironmentFault) else type(error))
        return False
    except Cancelled:
        return False
    if may_thin and made is not None:
        thin_out(folder, new=made, last_action=last_action, disk=disk)
    return True


def catch_up(
    ledger: Path,
    backup_folder: Path,
    *,
    db_uuid: str,
    now: datetime | None = None,
    progress: Progress = no_progress,
    disk: Disk = DISK,
) -> bool:
    """Bring the newest proved backup that the second place missed while it was away; thin nothing."""
    found = look_at_second(ledger, backup_folder, db_uuid=db_uuid, now=now, disk=disk)
    wanted = newest_verified(list_backups(backup_folder, db_uuid=db_uuid, now=now))
    if found is None or wanted is None or found.state in (SecondState.CURRENT, SecondState.AWAY):
        return False
    return bring_to_second(ledger, wanted, last_action=None, may_thin=False, progress=progress, disk=disk)


def _bring(backup: Backup, folder: Path, progress: Progress, disk: Disk) -> Backup | None:
    """Return the copy as it lies there; None when it lay there already."""
    manifest = read_manifest(backup.path)
    if manifest is None:
        raise fault("copy.source_missing")
    # Never made here: where the drive is away, its place on the computer's own disk must stay empty.
    if not folder.is_dir():
        raise fault("copy.no_folder", place=Place.SECOND)
    if _is_among(backup, list_backups(folder, db_uuid=backup.db_uuid)):
        return None
    remove_leftovers(folder, f"{STEM}_*", disk=disk)
    tell_sizes(folder, backup.size, place=Place.SECOND, progress=progress, disk=disk)
    with faults_of(Place.SECOND):
        final = new_name(folder, backup.path.stem, ".db", place=Place.SECOND, disk=disk)
    named = replace(manifest, files=(replace(manifest.files[0], name=final.name), *manifest.files[1:]))

    def examine(part: Path) -> None:
        require_same(manifest.facts, Place.SECOND, part)

    with workroom(private_folder()) as room:
        place_with_manifest(
            backup.path,
            final,
            named,
            room=room,
            place=Place.SECOND,
            progress=progress,
            examine=examine,
            disk=disk,
        )
    return replace(backup, path=final)
