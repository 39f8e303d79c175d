"""The backups in a folder, listed without opening one: what their names and manifests tell."""

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from app.storage.manifest import read_manifest
from app.storage.snapshot import moment_words

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
    AFTER_PURGE = "after_purge"


# The word in the file name and in the list of backups.
REASON_WORDS = {
    Reason.BY_HAND: "手动",
    Reason.CLOSE: "关闭",
    Reason.TIMER: "定时",
    Reason.BEFORE_IMPORT: "导入前",
    Reason.BEFORE_BULK: "批量改动前",
    Reason.BEFORE_RESTORE: "恢复前",
    Reason.BEFORE_UPGRADE: "升级前",
    Reason.AFTER_PURGE: "永久删除后",
}
_REASONS = {word: reason for reason, word in REASON_WORDS.items()}
_NAME = re.compile(rf"{STEM}_(\d{{8}}_\d{{6}})_({'|'.join(_REASONS)})(?:_\d+)?\.db")


class Backup(Struct, frozen=True):
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


def list_backups(folder: Path, *, db_uuid: str | None = None, now: datetime | None = None) -> list[Backup]:
    """Return the backups in ``folder``, newest first, without opening one; only those of one ledger with ``db_uuid``.

    Those stamped later than ``now`` come last: a clock was wrong when they were made, and for years they would hide
    each newer one.
    Those without a usable manifest belong to no known ledger and are listed in either case. A folder that is not
    there or cannot be read (a disk that is unplugged) has none.
    """
    found, paths = [], []
    with suppress(OSError):
        paths = list(folder.iterdir())
    for path in paths:
        with suppress(OSError):  # one that has just gone, or that the disk does not give, hides no other
            backup = described(path)
            if backup is not None and (not db_uuid or not backup.db_uuid or backup.db_uuid == db_uuid):
                found.append(backup)

    def order(backup: Backup) -> tuple[bool, datetime, int, str]:
        """Of two made within one second the one with more in it is the newer."""
        held = -1 if backup.commit_no is None else backup.commit_no
        return (now is None or backup.made_at <= now, backup.made_at, held, backup.path.name)

    return sorted(found, key=order, reverse=True)


def is_listed(folder: Path) -> bool:
    """Tell whether ``folder`` says what lies in it: of one that does not it is not known that there is nothing."""
    try:
        with os.scandir(folder) as entries:
            next(entries, None)
    except OSError:
        return False
    return True


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


def described(path: Path) -> Backup | None:
    """Return what is known of the backup at ``path``; None when its name is none of ours."""
    match = _NAME.fullmatch(path.name)
    if match is None:
        return None
    try:
        # File names carry local time. Not strptime: what it imports and compiles the first page would wait for.
        made_at = datetime.fromisoformat(match[1].replace("_", "T"))
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
