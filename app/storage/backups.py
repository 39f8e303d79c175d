"""Making the backups on this computer: each proved before it counts, then brought to a second place as well.

Lessons of reliability §3: a broken ledger never pushes out good backups, nothing is thinned before the new backup is
proved. What a backup is stands in ``backup_list``, which may go in ``thinning``, the second place in ``second_place``.
"""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from app.core.clock import Clock
from app.core.progress import Progress, no_progress
from app.core.version import program_version
from app.storage.backup_list import (
    REASON_WORDS,
    STEM,
    Backup,
    Reason,
    backups_words,
    described,
    list_backups,
    newest_verified,
    reach_days,
)
from app.storage.backup_trace import leave_trace
from app.storage.check import Known
from app.storage.copy import verified_copy
from app.storage.data_place import backup_folder_for, is_usual_ledger
from app.storage.medium import DISK, Disk, Place, faults_of, remove_leftovers
from app.storage.place_state import is_restore_doubted, known, recall
from app.storage.second_place import bring_to_second, catch_up
from app.storage.snapshot import children_on_ledger
from app.storage.store import Store
from app.storage.thinning import thin_out

__all__ = [
    "REASON_WORDS",
    "STEM",
    "Backup",
    "Reason",
    "back_up",
    "backup_for_new_program",
    "backup_if_due",
    "backup_on_close",
    "backups_words",
    "is_changed",
    "known_place",
    "list_backups",
    "make_backup",
    "newest_verified",
    "reach_days",
]

TIMER_EVERY = timedelta(minutes=30)


def known_place(ledger: Path, folder: Path | None = None) -> Known | None:
    """Return what this computer remembers of the usual ledger, with its backups, for ``check`` and for opening it."""
    folder = folder or backup_folder_for(ledger)
    found = recall(folder, ledger)
    if found is None:
        return None
    return known(folder, ledger, backups=backups_words(list_backups(folder, db_uuid=found.db_uuid)))


def make_backup(
    store: Store,
    *,
    reason: Reason | str,
    folder: Path | None = None,
    progress: Progress = no_progress,
    disk: Disk = DISK,
) -> Backup:
    """Make a verified backup of the open ledger, thin the older ones after it, and bring it to the second place.

    ``folder`` is the backup folder that belongs to the ledger unless another is given. EnvironmentFault ``copy.…``
    when it was not made; then no older backup is touched either. Nothing is thinned while a restore is in doubt. A
    second place that is away or full changes nothing of all this: ``second_place.look_at_second`` tells its state.
    """
    folder = folder or backup_folder_for(store.path)
    backup = back_up(
        store, reason=Reason(reason), folder=folder, clock=store.clock, progress=progress, disk=disk
    )
    if store.journal is not None:
        store.journal.rotate(folder)
    if is_usual_ledger(store.path):
        leave_trace(store, backup)
    last_action = _last_action(store)
    may_thin = not is_restore_doubted(store.path, folder, clock=store.clock)
    if may_thin:
        thin_out(folder, new=backup, last_action=last_action, disk=disk)
    bring_to_second(
        store.path, backup, last_action=last_action, may_thin=may_thin, progress=progress, disk=disk
    )
    return backup


def _last_action(store: Store) -> str | None:
    last = store.one("SELECT at FROM action ORDER BY id DESC LIMIT 1")
    return None if last is None else str(last[0])


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
    backup = described(copy.path)
    if backup is None or not backup.verified:
        raise RuntimeError("a backup that was just proved does not read as one")
    return backup


def is_changed(store: Store, folder: Path) -> bool:
    """Tell whether the ledger holds something that its newest verified backup does not.

    The time of the last action is compared too: after a restore the numbers count the same steps a second time.
    """
    newest = newest_verified(list_backups(folder, db_uuid=store.db_uuid, now=store.clock.now()))
    if newest is None:
        return True
    return (newest.commit_no, newest.last_entry) != (store.commit_no, _last_action(store))


def backup_on_close(
    store: Store, *, folder: Path | None = None, progress: Progress = no_progress
) -> Backup | None:
    """Make the backup of the end of a session; None when nothing changed since the last verified one."""
    folder = folder or backup_folder_for(store.path)
    if store.read_only:
        return None
    if not is_changed(store, folder):
        catch_up(store.path, folder, db_uuid=store.db_uuid, now=store.clock.now(), progress=progress)
        return None
    return make_backup(store, reason=Reason.CLOSE, folder=folder, progress=progress)


def backup_if_due(
    store: Store, *, folder: Path | None = None, progress: Progress = no_progress
) -> Backup | None:
    """Make the half-hourly backup; None when nothing changed or the last verified one is younger than half an hour.

    One of nobody (made before the first roster came in) is no backup of the children there are now: none is too young.
    Then the second place gets what it missed while it was away.
    """
    folder = folder or backup_folder_for(store.path)
    if store.read_only:
        return None
    backups = list_backups(folder, db_uuid=store.db_uuid, now=store.clock.now())
    newest = newest_verified(backups)
    age = timedelta.max if newest is None else store.clock.now() - newest.made_at
    is_young = timedelta(0) <= age < TIMER_EVERY and not hold_nobody(store, backups)
    if is_young or not is_changed(store, folder):
        catch_up(store.path, folder, db_uuid=store.db_uuid, now=store.clock.now(), progress=progress)
        return None
    return make_backup(store, reason=Reason.TIMER, folder=folder, progress=progress)


def hold_nobody(store: Store, backups: Iterable[Backup]) -> bool:
    """Tell whether there are verified backups and none of them holds a child, of a ledger that has children by now.

    All are asked, not the newest: under a clock that was set back the last one made is not the newest.
    """
    proved = [one.children for one in backups if one.verified]
    return bool(proved) and set(proved) == {0} and children_on_ledger(store) > 0


def backup_for_new_program(
    store: Store, *, folder: Path | None = None, progress: Progress = no_progress
) -> Backup | None:
    """Make a verified backup of what another version of the program left, before this one writes into it.

    None where this version left it itself, where nothing is remembered, and where the newest verified backup holds it
    all, as after every closing in order.
    """
    folder = folder or backup_folder_for(store.path)
    left = None if store.read_only else recall(folder, store.path)
    if left is None or left.program == program_version() or not is_changed(store, folder):
        return None
    return make_backup(store, reason=Reason.BEFORE_UPGRADE, folder=folder, progress=progress)
