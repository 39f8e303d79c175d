"""Ledgers that lie on this computer already although nothing here remembers them.

A re-installed Windows has forgotten where the data are; they still lie on the other disk, where decisions.md §4.1 put them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import platformdirs
from msgspec import Struct

from app.core.paths import DATA_FOLDER_NAME
from app.storage.connection import APPLICATION_ID
from app.storage.data_place import BACKUP_FOLDER_NAME, BACKUPS_BESIDE, ledger_path, propose_here
from app.storage.drives import DriveKind, DriveProbe, place_warning, system_probe

_HEADER_SIZE = 100
_OWNER_AT = 68


class FoundPlace(Struct, frozen=True):
    """A data folder with a ledger in it, where its backups seem to lie, and when it was written last (local time)."""

    data_folder: Path
    backup_folder: Path
    written_at: datetime


def find_ledgers(probe: DriveProbe | None = None) -> list[FoundPlace]:
    """Return the ledgers in the folders this program proposes on every fixed disk, the one written last first.

    Looks only where the program itself would have put them, or one folder deeper, into one that she may have named
    herself, and only at the first bytes; nothing is opened or changed.
    """
    machine = probe or system_probe()
    disks = [drive.path for drive in machine.drives() if drive.kind == DriveKind.FIXED]
    homes = [Path.home(), Path(platformdirs.user_documents_dir()), propose_here(machine).data_folder.parent]
    found: dict[Path, FoundPlace] = {}
    likely = [place / DATA_FOLDER_NAME for place in (*disks, *homes)]
    for folder in (*likely, *(deeper for place in (*disks, *homes) for deeper in _deeper(place))):
        warning = place_warning(folder, machine)
        if warning is None or not warning.refused:
            written = _written_at(ledger_path(folder))
            if written is not None:
                found[folder.resolve()] = FoundPlace(folder, _backups_of(folder, (*disks, *homes)), written)
    return sorted(found.values(), key=lambda one: one.written_at, reverse=True)


def _deeper(place: Path) -> list[Path]:
    """The data folders in the folders of a place; none where it cannot be listed."""
    try:
        return sorted(place.glob(f"*/{DATA_FOLDER_NAME}"))
    except OSError:
        return []


def _written_at(path: Path) -> datetime | None:
    """When a ledger of ours was last written; None for any other file, and for none."""
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_SIZE)
        is_ours = (
            len(header) == _HEADER_SIZE and struct.unpack_from(">I", header, _OWNER_AT)[0] == APPLICATION_ID
        )
        return datetime.fromtimestamp(path.stat().st_mtime) if is_ours else None  # noqa: DTZ006 - local, as the clock's
    except OSError:
        return None


def _backups_of(folder: Path, places: Iterable[Path]) -> Path:
    """Where the backups of a found ledger lie: beside it, else on another disk; beside it when there are none yet."""
    beside = folder / BACKUPS_BESIDE
    others = [place / BACKUP_FOLDER_NAME for place in places]
    return next((place for place in (beside, *others) if place.is_dir()), beside)
