"""Which backups may go, so that good ones stay (reliability §3).

Nothing is thinned while the clock looks wrong, and the newest three verified ones are never touched.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from app.core.moments import read_moment
from app.storage.backup_list import Backup, Reason, list_backups
from app.storage.manifest import manifest_path
from app.storage.medium import DISK, Disk

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
LARGEST_SHARE = 0.2


def thin_out(folder: Path, *, new: Backup, last_action: str | None, disk: Disk = DISK) -> list[Path]:
    """Remove the backups that ``new`` makes superfluous; return what went. Only those of the same ledger count.

    ``last_action`` is the local ISO time of the ledger's last action: a clock that stands before it is wrong.
    """
    backups = list_backups(folder, db_uuid=new.db_uuid)
    if clock_looks_wrong(backups, new=new, last_action=last_action):
        return []
    try:
        allowed = int(disk.total(folder) * LARGEST_SHARE)
    except OSError:  # the new backup is made and proved all the same; the next one thins
        return []
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
    if last_action is not None:
        last = read_moment(last_action)
        if last is None or last > now:
            return True
    return bool(others) and (max(others) > now or now - max(others) > _CLOCK_JUMP)


def superfluous(backups: Sequence[Backup], *, now: datetime, allowed: int) -> list[Backup]:
    """Return which verified backups may go: those between the kept days, weeks, months, then what is over ``allowed`` bytes.

    Never the newest three, nor a copy from before a restore for 30 days, nor the newest from before an upgrade. Over
    the size, the extra ones of the last two days go first, then the oldest. Those that nobody proved are not counted:
    no good one makes room for them.
    """
    verified = sorted((backup for backup in backups if backup.verified), key=_age, reverse=True)
    guarded = {backup.path for backup in _guarded(verified, now)}
    recent = [backup for backup in verified if now - backup.made_at < ALL_OF]
    kept = recent + _spread(verified[len(recent) :])
    staying = guarded | {backup.path for backup in kept}
    going = [backup for backup in verified if backup.path not in staying]
    total = sum(backup.size for backup in verified) - sum(backup.size for backup in going)
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
