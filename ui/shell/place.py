"""A place for the data that is proposed at the first start, and what lies on this computer already."""

from __future__ import annotations

import logging
from pathlib import Path

from msgspec import Struct

from app.core.clock import Clock
from app.core.paths import DATA_FOLDER_NAME, settings_file
from app.core.settings import save_settings
from app.storage.data_place import (
    BACKUPS_BESIDE,
    Choice,
    Proposal,
    choose,
    ledger_path,
    propose_here,
    scarce_words,
)
from app.storage.drives import PlaceWarning, drive_of, place_warning
from app.storage.found_place import FoundPlace, find_ledgers
from app.storage.place_state import is_forgotten_daily, note_forgotten, settings_left

log = logging.getLogger("shouwang.window")


class Proposed(Struct, frozen=True):
    """A place for data and backups, what speaks against it, and whether a ledger lies there already."""

    proposal: Proposal
    warning: PlaceWarning | None = None
    has_ledger: bool = False


class Here(Struct, frozen=True):
    """What a look at the disks of this computer tells: the place it proposes, and the ledgers that lie on it.

    `again`: the only one, which was opened from here on days before; it needs no asking.
    """

    proposed: Proposed
    found: tuple[FoundPlace, ...] = ()
    again: FoundPlace | None = None


def look_here(clock: Clock) -> Here:
    """Look at every disk of this computer; one that sleeps takes seconds to answer."""
    found = tuple(find_ledgers())
    again = next(iter(found), None) if len(found) == 1 else None
    if again is not None:
        ledger = ledger_path(again.data_folder)
        again = again if is_forgotten_daily(ledger, again.backup_folder, clock=clock) else None
    return Here(proposed_here(), found, again)


def take_up(place: FoundPlace, clock: Clock, *, as_before: bool) -> Choice:
    """Go on with a ledger that this computer had forgotten; `as_before` also with what its user had chosen here.

    The faults of `choose`.
    """
    ledger = ledger_path(place.data_folder)
    left = settings_left(ledger, place.backup_folder)
    choice = choose(place.data_folder, place.backup_folder)
    try:
        note_forgotten(ledger, place.backup_folder, clock=clock)
    except OSError as error:  # it is asked once more another day
        log.warning("not kept that the ledger was forgotten: %s", type(error).__name__)
    if as_before:
        folders = {"data_folder": choice.data_folder, "backup_folder": choice.backup_folder}
        save_settings(settings_file(), left.with_values(**folders))
    return choice


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
