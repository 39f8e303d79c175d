"""What changes much at once is done only after a verified backup (reliability §3): import, bulk change, 分班, 毕业, merging.

A backup that cannot be made is asked about and never blocks for ever: the same act with ``anyway`` goes without one.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from app.core.errors import EnvironmentFault
from app.core.messages import fault
from app.core.progress import Progress, no_progress
from app.storage.backups import Backup, Reason, is_changed, list_backups, make_backup, newest_verified
from app.storage.data_place import backup_folder_for
from app.storage.store import Store

T = TypeVar("T")

# The ledger itself is not sound, or cannot be read: then nothing more is written into it, with or without a backup.
_LEDGER_ITSELF = "copy.source_"


def backup_before(
    store: Store,
    doing: str,
    *,
    reason: Reason = Reason.BEFORE_BULK,
    folder: Path | None = None,
    progress: Progress = no_progress,
) -> Backup:
    """Return a verified backup that holds everything there is now: the newest when nothing changed since, else a new one.

    ``doing`` says in Chinese what is to be done (确认毕业). EnvironmentFault ``backup.not_made_before`` when there is
    none; ``copy.source_…`` when the ledger itself is the trouble, and then the act must not be done either.
    """
    folder = folder or backup_folder_for(store.path)
    progress(0, 0, "正在备份")
    if not is_changed(store, folder):
        newest = newest_verified(list_backups(folder, db_uuid=store.db_uuid, now=store.clock.now()))
        if newest is not None:
            return newest
    try:
        return make_backup(store, reason=reason, folder=folder, progress=progress)
    except EnvironmentFault as error:
        if error.key.startswith(_LEDGER_ITSELF):
            raise
        raise fault("backup.not_made_before", act=doing, why=error.what, code=error.code) from error


def after_backup(
    store: Store,
    act: Callable[..., T],
    *,
    doing: str,
    reason: Reason = Reason.BEFORE_BULK,
    folder: Path | None = None,
    anyway: bool = False,
    progress: Progress = no_progress,
    **values: Any,
) -> T:
    """Back up, then return ``act(store, **values)``; ``anyway`` goes without the backup, because she said so.

    EnvironmentFault as of ``backup_before``: then nothing was done.
    """
    if not anyway:
        backup_before(store, doing, reason=reason, folder=folder, progress=progress)
    return act(store, **values)
