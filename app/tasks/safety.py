"""What 备份 shows: the backups beside the present state, the room a stick needs, and what can be brought back."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.children.service_bin import binned_children
from app.school.handover import HandoverEntry, handovers
from app.storage.backups import Backup, list_backups, reach_days
from app.storage.check import Unusable, look_through
from app.storage.history import BinRow, actions, recycle_bin
from app.storage.snapshot import children_on_ledger
from app.storage.stick import StickNeeds, stick_needs
from app.storage.stick_names import StickCopy, list_copies
from app.storage.store import Store

# What the Excel ledger beside the data takes at most, in bytes: measured 740 a child in a small school, 520 in a large.
_BOOK = 64 * 1024
_BOOK_PER_CHILD = 1024


@dataclass(frozen=True, slots=True)
class Present:
    """The ledger as it is now, in the figures a backup is described by."""

    children: int
    last_entry: str | None
    commit_no: int
    db_uuid: str

    def changes_after(self, backup: Backup) -> int | None:
        """Return how many actions were saved after ``backup``; None when that cannot be told."""
        if backup.commit_no is None or backup.db_uuid != self.db_uuid:
            return None
        return max(self.commit_no - backup.commit_no, 0)


@dataclass(frozen=True, slots=True)
class BinEntry:
    """One thing in the recycle bin: a child with everything under it, or what one action removed.

    ``uuid`` is the child's, or that of the action whose undo brings it back; ``records`` counts rows.
    """

    uuid: str
    is_child: bool
    what: str
    detail: str
    deleted_at: str
    who: str | None
    records: int


@dataclass(frozen=True, slots=True)
class Safety:
    """Everything the page shows. ``reach`` in days."""

    present: Present
    backups: tuple[Backup, ...]
    reach: int
    handovers: tuple[HandoverEntry, ...]
    bin: tuple[BinEntry, ...]


@dataclass(frozen=True, slots=True)
class StickLook:
    """What a copy to a folder will need, and which copies lie there already."""

    needs: StickNeeds
    copies: tuple[StickCopy, ...]


def safety(store: Store, backup_folder: Path) -> Safety:
    """Return the backups, the hand-over log and the recycle bin."""
    backups = list_backups(backup_folder, db_uuid=store.db_uuid)
    return Safety(
        present=present(store),
        backups=tuple(backups),
        reach=reach_days(backups, now=store.clock.now()),
        handovers=tuple(handovers(store)),
        bin=tuple(bin_entries(store)),
    )


def present(store: Store) -> Present:
    """Return what the open ledger holds."""
    last = next(iter(actions(store, limit=1)), None)
    return Present(
        children_on_ledger(store), None if last is None else last.at, store.commit_no, store.db_uuid
    )


def look_at_stick(store: Store, folder: Path) -> StickLook:
    """Tell sizes before anything is copied; EnvironmentFault ``stick.…`` when the stick cannot be read."""
    data = stick_needs(store, folder)
    book = _BOOK + _BOOK_PER_CHILD * children_on_ledger(store)
    return StickLook(StickNeeds(data.needed + book, data.free), tuple(list_copies(folder)))


def look_through_ledger(store: Store) -> Present:
    """Check every page, index and foreign key of the open ledger. EnvironmentFault whose key is the state."""
    try:
        look_through(store.db.driver, thoroughly=True)
    except Unusable as found:
        raise found.as_fault(store.path, None) from found
    return present(store)


def bin_entries(store: Store) -> list[BinEntry]:
    """Return what lies in the recycle bin, the last one first: children, and records removed one by one."""
    rows = recycle_bin(store)
    by_row = {(row.table, row.uuid): row for row in rows}
    with_child = {row.action_uuid for row in rows if row.table == "child"}
    found = []
    for child in binned_children(store):
        row = by_row.get(("child", child.uuid))
        detail = f"{child.birth_date} 出生" if child.birth_date else ""
        who = row.who if row else None
        found.append(BinEntry(child.uuid, True, child.name, detail, child.deleted_at, who, 1))
    for action_uuid, removed in _by_action(rows).items():
        if action_uuid not in with_child:
            first = removed[0]
            found.append(
                BinEntry(action_uuid, False, first.words, "", first.deleted_at, first.who, len(removed))
            )
    return sorted(found, key=lambda entry: entry.deleted_at, reverse=True)


def _by_action(rows: list[BinRow]) -> Mapping[str, list[BinRow]]:
    found: dict[str, list[BinRow]] = {}
    for row in rows:
        if row.action_uuid is not None:
            found.setdefault(row.action_uuid, []).append(row)
    return found
