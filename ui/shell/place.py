"""A place for the data that is proposed at the first start, and what lies on this computer already."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from app.core.paths import DATA_FOLDER_NAME
from app.storage.data_place import BACKUPS_BESIDE, Proposal, ledger_path, propose_here, scarce_words
from app.storage.drives import PlaceWarning, drive_of, place_warning
from app.storage.found_place import FoundPlace, find_ledgers


class Proposed(Struct, frozen=True):
    """A place for data and backups, what speaks against it, and whether a ledger lies there already."""

    proposal: Proposal
    warning: PlaceWarning | None = None
    has_ledger: bool = False


class Here(Struct, frozen=True):
    """What a look at the disks of this computer tells: the place it proposes, and the ledgers that lie on it."""

    proposed: Proposed
    found: tuple[FoundPlace, ...] = ()


def look_here() -> Here:
    """Look at every disk of this computer; one that sleeps takes seconds to answer."""
    return Here(proposed_here(), tuple(find_ledgers()))


def proposed_here() -> Proposed:
    """The place this computer proposes by itself."""
    return _judged(propose_here())


def _judged(proposal: Proposal) -> Proposed:
    folder = proposal.data_folder
    warning = place_warning(folder)
    is_refused = warning is not None and warning.refused
    return Proposed(proposal, warning, not is_refused and ledger_path(folder).exists())


def propose_folder(folder: Path) -> Proposed:
    """What choosing this folder means: a folder of our own in it, backups on another disk when there is one."""
    usual = propose_here()
    is_ours = folder.name == DATA_FOLDER_NAME or ledger_path(folder).exists()
    data = folder if is_ours else folder / DATA_FOLDER_NAME
    elsewhere, disk = usual.backup_folder, drive_of(data)
    room = scarce_words(disk)
    if elsewhere.is_relative_to(usual.data_folder) or drive_of(elsewhere) == disk:
        proposal = Proposal(data, room, data / BACKUPS_BESIDE, "和数据在同一个硬盘上，请常拷到优盘。")
    else:
        proposal = Proposal(data, room, elsewhere, usual.backup_reason)
    return _judged(proposal)
