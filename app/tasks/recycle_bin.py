"""What lies in the recycle bin, as the window lists it: children with everything under them, and single records."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from app.dossier.service_bin import BinnedChild, binned_children
from app.storage.history import BinRow, recycle_bin
from app.storage.store import Store


class BinEntry(Struct, frozen=True):
    """One thing in the recycle bin: a child with everything under it, or what one action removed.

    ``uuid`` is the child's, or that of the action that removed the records; ``records`` counts rows, the child's own
    not among them. ``merged`` is the action that merged the child into another file, "" when it was not: only undoing
    that parts them.
    """

    uuid: str
    is_child: bool
    what: str
    detail: str
    deleted_at: str
    who: str | None
    records: int
    merged: str = ""


def bin_entries(store: Store) -> list[BinEntry]:
    """Return what lies in the recycle bin, the last one first: children, and records removed one by one."""
    rows = recycle_bin(store)
    by_action = _by_action(rows)
    who = {row.uuid: row.who for row in rows if row.table == "child"}
    children = binned_children(store)
    with_child = {child.action_uuid for child in children}
    found = [
        _child_entry(child, who.get(child.uuid), by_action.get(child.action_uuid or "", []))
        for child in children
    ]
    for action_uuid, removed in by_action.items():
        if action_uuid not in with_child:
            first = removed[0]
            found.append(
                BinEntry(action_uuid, False, first.words, "", first.deleted_at, first.who, len(removed))
            )
    return sorted(found, key=lambda entry: entry.deleted_at, reverse=True)


def _child_entry(child: BinnedChild, who: str | None, together: Sequence[BinRow]) -> BinEntry:
    if child.merged_into:
        # Its own row apart: what met a record of the file that stays, of which only one can stand.
        met = len(together) - 1
        detail = f"已并到「{child.merged_into}」"
        return BinEntry(
            child.uuid, True, child.name, detail, child.deleted_at, who, met, child.action_uuid or ""
        )
    detail = f"{child.birth_date} 出生" if child.birth_date else ""
    return BinEntry(child.uuid, True, child.name, detail, child.deleted_at, who, child.records)


def _by_action(rows: Sequence[BinRow]) -> Mapping[str, list[BinRow]]:
    found: dict[str, list[BinRow]] = {}
    for row in rows:
        if row.action_uuid is not None:
            found.setdefault(row.action_uuid, []).append(row)
    return found
