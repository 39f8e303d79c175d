"""The usual ledger was moved or renamed, and she has found it again: from now on it is looked for where it lies."""

from contextlib import suppress
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from app.core.errors import EnvironmentFault
from app.core.files import fsync_folder, patiently
from app.core.paths import DATABASE_NAME, settings_file
from app.core.settings import Settings, load_settings, save_settings
from app.storage.beside import journal_of, wal_of
from app.storage.check import Unusable
from app.storage.data_place import ledger_path
from app.storage.drives import place_warning
from app.storage.lock import is_in_use
from app.storage.manifest import manifest_path
from app.storage.place_state import recall
from app.storage.snapshot import inspect_ledger


def go_on_with(found: Path) -> Path:
    """Remember where the usual ledger lies now; return the path to open, which is its own name in that folder.

    One that was renamed (守望(1).db, a copy of the folder by hand) gets its name back when this computer remembers that it
    is the usual one. Nothing is remembered where a ledger should not lie. Backups that lay in the old data folder went
    along with it, unless they are still there. EnvironmentFault ``settings.not_kept``; the file has its name of before then.
    """
    settings = load_settings(settings_file())
    if place_warning(found.parent) is not None:
        return found
    after = _moved(settings, found.parent)
    if found.name != DATABASE_NAME:
        if not _is_the_usual_one(found, settings, after):
            return found
        _rename(found, ledger_path(found.parent))
    ledger = ledger_path(found.parent)
    if not ledger.exists():
        return found
    try:
        save_settings(settings_file(), after)
    except EnvironmentFault:
        if found.name != DATABASE_NAME:
            _rename(ledger, found)  # whoever is told of it goes on with the file that was chosen
        raise
    return ledger


def _rename(ledger: Path, to: Path) -> None:
    with suppress(OSError):
        patiently(partial(ledger.rename, to))
        fsync_folder(to.parent)


def _moved(settings: Settings, folder: Path) -> Settings:
    before, backups = settings.data_folder, settings.backup_folder
    if before is not None and backups is not None and backups.is_relative_to(before) and not backups.is_dir():
        backups = folder / backups.relative_to(before)
    return replace(settings, data_folder=folder, backup_folder=backups)


def _is_the_usual_one(found: Path, settings: Settings, after: Settings) -> bool:
    """Tell whether it is what lay at the usual place, and nothing keeps it from getting that name again."""
    if settings.data_folder is None or after.backup_folder is None:
        return False
    usual = ledger_path(settings.data_folder)
    left = recall(after.backup_folder, usual)
    in_the_way = (usual, ledger_path(found.parent), journal_of(found), wal_of(found), manifest_path(found))
    # A journal belongs to the name of its ledger; a proved copy is no ledger to work on.
    if left is None or is_in_use(found) or any(one.exists() for one in in_the_way):
        return False
    try:
        return inspect_ledger(found, day=None, whole=False).db_uuid == left.db_uuid
    except (Unusable, EnvironmentFault, OSError):
        return False
