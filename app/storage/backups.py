"""The backups on this computer: made verified, listed without opening them, thinned so that good ones stay.

Lessons of reliability §3: a broken ledger never pushes out good backups, nothing is thinned before the new backup is
proved or while the clock looks wrong, and the newest three are never touched.
"""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from app.core.clock import Clock
from app.core.progress import Progress, no_progress
from app.storage.check import Known
from app.storage.copy import verified_copy
from app.storage.data_place import backup_folder_for
from app.storage.manifest import manifest_path, read_manifest
from app.storage.medium import DISK, Disk, Place, faults_of, remove_leftovers
from app.storage.place_state import is_restore_doubted, known, recall
from app.storage.snapshot import moment_words
from app.storage.store import Store

STEM = "守望备份"


class Reason(StrEnum):
    """Why a backup was made."""

    BY_HAND = "by_hand"
    CLOSE = "close"
    TIMER = "timer"
    BEFORE_IMPORT = "before_import"
    BEFORE_BULK = "before_bulk"
    BEFORE_RESTORE = "before_restore"
    BEFORE_UPGRADE = "before_upgrade"


# The word in the file name and in the list of backups.
REASON_WORDS = {
    Reason.BY_HAND: "手动",
    Reason.CLOSE: "关闭",
    Reason.TIMER: "定时",
    Reason.BEFORE_IMPORT: "导入前",
    Reason.BEFORE_BULK: "批量改动前",
    Reason.BEFORE_RESTORE: "恢复前",
    Reason.BEFORE_UPGRADE: "升级前",
}
_REASONS = {word: reason for reason, word in REASON_WORDS.items()}
_NAME = re.compile(rf"{STEM}_(\d{{8}}_\d{{6}})_({'|'.join(_REASONS)})(?:_\d+)?\.db")

# How many are kept (reliability §3): all of two days, then one a day, a week, a month.
ALL_OF = timedelta(days=2)
NEWEST_KEPT = 3
_STAGES: tuple[tuple[int, Callable[[datetime], tuple[int, ...]]], ...] = (
    (12, lambda moment: (moment.year, moment.month, moment.day)),
    (10, lambda moment: moment.isocalendar()[:2]),
    (9, lambda moment: (moment.year, moment.month)),
)
BEFORE_RESTORE_KEPT = timedelta(days=30)
# A newest backup older than this, or from the future, means that the clock was wrong then or is wrong now.
_CLOCK_JUMP = timedelta(days=400)
TIMER_EVERY = timedelta(minutes=30)
LARGEST_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup as its name and manifest tell it. ``made_at`` is local time, from the file name.

    Not ``verified``: the manifest is missing or does not fit, so nothing is promised about it; ``children``,
    ``last_entry`` and ``commit_no`` are then None.
    """

    path: Path
    made_at: datetime
    reason: Reason
    size: int
    verified: bool
    children: int | None = None
    last_entry: str | None = None
    commit_no: int | None = None
    schema: int | None = None
    db_uuid: str | None = None

    @property
    def reason_words(self) -> str:
        """Why it was made, in Chinese."""
        return REASON_WORDS[self.reason]


def list_backups(folder: Path, *, db_uuid: str | None = None) -> list[Backup]:
    """Return the backups in ``folder``, newest first, without opening one; only those of one ledger with ``db_uuid``.

    Those without a usable manifest belong to no known ledger and are listed in either case. A folder that is not
    there or cannot be read (a disk that is unplugged) has none.
    """
    found = []
    with suppress(OSError):
        for path in folder.iterdir():
            backup = _described(path)
            if backup is not None and (not db_uuid or not backup.db_uuid or backup.db_uuid == db_uuid):
                found.append(backup)
    return sorted(found, key=lambda backup: (backup.made_at, backup.path.name), reverse=True)


def newest_verified(backups: Sequence[Backup]) -> Backup | None:
    """Return the newest backup that was proved, None when there is none."""
    return next((backup for backup in backups if backup.verified), None)


def reach_days(backups: Sequence[Backup], *, now: datetime) -> int:
    """Return how many days back the proved backups reach; 0 when there is none."""
    oldest = min((backup.made_at for backup in backups if backup.verified), default=now)
    return max((now - oldest).days, 0)


def backups_words(backups: Sequence[Backup]) -> str:
    """Say in one sentence what there is to fall back on; "" when there is no proved backup: none may be claimed then."""
    newest = newest_verified(backups)
    if newest is None:
        return ""
    count = sum(backup.verified for backup in backups)
    moment = moment_words(newest.made_at.isoformat())
    return f"核对过的备份有 {count} 份，最新一份：{moment}，{newest.children} 名儿童。"


def known_place(ledger: Path, folder: Path | None = None) -> Known | None:
    """Return what this computer remembers of the usual ledger, with its backups, for ``check`` and for opening it."""
    folder = folder or backup_folder_for(ledger)
    found = recall(folder, ledger)
    if found is None:
        return None
    return known(folder, ledger, backups=backups_words(list_backups(folder, db_uuid=found.db_uuid)))


def _described(path: Path) -> Backup | None:
    match = _NAME.fullmatch(path.name)
    if match is None:
        return None
    try:
        made_at = datetime.strptime(match[1], "%Y%m%d_%H%M%S")  # noqa: DTZ007 - file names carry local time
    except ValueError:
        return None
    size = path.stat().st_size
    reason = _REASONS[match[2]]
    manifest = read_manifest(path)
    if manifest is None or manifest.files[0].name != path.name or manifest.files[0].size != size:
        return Backup(path, made_at, reason, size, verified=False)
    facts = manifest.facts
    return Backup(
        path,
        made_at,
        reason,
        size,
        verified=True,
        children=facts.children,
        last_entry=facts.last_entry,
        commit_no=facts.commit_no,
        schema=facts.schema,
        db_uuid=facts.db_uuid,
    )


# ------------------------------------------------------------------------------------------------ making


def make_backup(
    store: Store,
    *,
    reason: Reason | str,
    folder: Path | None = None,
    progress: Progress = no_progress,
    disk: Disk = DISK,
) -> Backup:
    """Make a verified backup of the open ledger and thin the older ones after it.

    ``folder`` is the backup folder that belongs to the ledger unless another is given. EnvironmentFault ``copy.…``
    when it was not made; then no older backup is touched either. Nothing is thinned while a restore is in doubt.
    """
    folder = folder or backup_folder_for(store.path)
    backup = back_up(
        store, reason=Reason(reason), folder=folder, clock=store.clock, progress=progress, disk=disk
    )
    if not is_restore_doubted(store.path, folder, clock=store.clock):
        last = store.one("SELECT at FROM action ORDER BY id DESC LIMIT 1")
        thin_out(folder, new=backup, last_action=None if last is None else str(last[0]), disk=disk)
    return backup


def back_up(
    source: Store | Path,
    *,
    reason: Reason,
    folder: Path,
    clock: Clock,
    progress: Progress = no_progress,
    disk: Disk = DISK,
) -> Backup:
    """Make a verified backup of an open store, or of a ledger file that is not open, and thin nothing."""
    with faults_of(Place.BACKUPS):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    remove_leftovers(folder, f"{STEM}_*", disk=disk)
    copy = verified_copy(
        source,
        folder,
        STEM,
        clock=clock,
        progress=progress,
        place=Place.BACKUPS,
        kind="backup",
        reason=reason,
        name_tail=f"_{REASON_WORDS[reason]}",
        disk=disk,
    )
    backup = _described(copy.path)
    if backup is None or not backup.verified:
        raise RuntimeError("a backup that was just proved does not read as one")
    return backup


def is_changed(store: Store, folder: Path) -> bool:
    """Tell whether the ledger holds something that its newest verified backup does not.

    The time of the last action is compared too: after a restore the numbers count the same steps a second time.
    """
    newest = newest_verified(list_backups(folder, db_uuid=store.db_uuid))
    if newest is None:
        return True
    last = store.one("SELECT at FROM action ORDER BY id DESC LIMIT 1")
    return (newest.commit_no, newest.last_entry) != (store.commit_no, None if last is None else str(last[0]))


def backup_on_close(
    store: Store, *, folder: Path | None = None, progress: Progress = no_progress
) -> Backup | None:
    """Make the backup of the end of a session; None when nothing changed since the last verified one."""
    folder = folder or backup_folder_for(store.path)
    if store.read_only or not is_changed(store, folder):
        return None
    return make_backup(store, reason=Reason.CLOSE, folder=folder, progress=progress)


def backup_if_due(
    store: Store, *, folder: Path | None = None, progress: Progress = no_progress
) -> Backup | None:
    """Make the half-hourly backup; None when nothing changed or the last verified one is younger than half an hour."""
    folder = folder or backup_folder_for(store.path)
    newest = newest_verified(list_backups(folder, db_uuid=store.db_uuid))
    age = timedelta.max if newest is None else store.clock.now() - newest.made_at
    if timedelta(0) <= age < TIMER_EVERY or store.read_only or not is_changed(store, folder):
        return None
    return make_backup(store, reason=Reason.TIMER, folder=folder, progress=progress)


# ------------------------------------------------------------------------------------------------ thinning


def thin_out(folder: Path, *, new: Backup, last_action: str | None, disk: Disk = DISK) -> list[Path]:
    """Remove the backups that ``new`` makes superfluous; return what went. Only those of the same ledger count.

    ``last_action`` is the local ISO time of the ledger's last action: a clock that stands before it is wrong.
    """
    backups = list_backups(folder, db_uuid=new.db_uuid)
    if clock_looks_wrong(backups, new=new, last_action=last_action):
        return []
    with faults_of(Place.BACKUPS):
        allowed = int(disk.total(folder) * LARGEST_SHARE)
    gone = []
    for backup in superfluous(backups, now=new.made_at, allowed=allowed):
        with suppress(OSError):  # held open by a virus scanner: it goes next time
            disk.remove(backup.path)
            disk.remove(manifest_path(backup.path))
            gone.append(backup.path)
    return gone


def clock_looks_wrong(backups: Sequence[Backup], *, new: Backup, last_action: str | None) -> bool:
    """Tell whether the new backup's time does not fit the others and the last action (reliability R30)."""
    now = new.made_at
    others = [backup.made_at for backup in backups if backup.path != new.path]
    if last_action is not None and datetime.fromisoformat(last_action) > now:
        return True
    return bool(others) and (max(others) > now or now - max(others) > _CLOCK_JUMP)


def superfluous(backups: Sequence[Backup], *, now: datetime, allowed: int) -> list[Backup]:
    """Return which verified backups may go: those between the kept days, weeks, months, then what is over ``allowed`` bytes.

    Never the newest three, nor a copy from before a restore for 30 days, nor the newest from before an upgrade. Over
    the size, the extra ones of the last two days go first, then the oldest.
    """
    verified = sorted((backup for backup in backups if backup.verified), key=_age, reverse=True)
    guarded = {backup.path for backup in _guarded(verified, now)}
    recent = [backup for backup in verified if now - backup.made_at < ALL_OF]
    kept = recent + _spread(verified[len(recent) :])
    staying = guarded | {backup.path for backup in kept}
    going = [backup for backup in verified if backup.path not in staying]
    total = sum(backup.size for backup in backups) - sum(backup.size for backup in going)
    newest_of_day = {backup.made_at.date(): backup.path for backup in reversed(recent)}
    extra = [backup for backup in recent if newest_of_day[backup.made_at.date()] != backup.path]
    first_to_go = {backup.path for backup in extra}
    for backup in extra[::-1] + [backup for backup in kept[::-1] if backup.path not in first_to_go]:
        if total <= allowed:
            break
        if backup.path not in guarded:
            going.append(backup)
            total -= backup.size
    return going


def _age(backup: Backup) -> tuple[datetime, str]:
    return backup.made_at, backup.path.name


def _guarded(verified: Sequence[Backup], now: datetime) -> list[Backup]:
    upgrades = [backup for backup in verified if backup.reason == Reason.BEFORE_UPGRADE]
    restores = [
        backup
        for backup in verified
        if backup.reason == Reason.BEFORE_RESTORE and now - backup.made_at < BEFORE_RESTORE_KEPT
    ]
    return [*verified[:NEWEST_KEPT], *upgrades[:1], *restores]


def _spread(older: Sequence[Backup]) -> list[Backup]:
    """Keep the newest of each of 12 days, before those of 10 weeks, before those of 9 months."""
    kept: list[Backup] = []
    stages = iter(_STAGES)
    room, period = next(stages)
    for backup in older:
        while not kept or period(backup.made_at) != period(kept[-1].made_at):
            if room > 0:
                kept.append(backup)
                room -= 1
                break
            following = next(stages, None)
            if following is None:
                return kept
            room, period = following
    return kept
