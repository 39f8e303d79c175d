"""Rows of one sheet that carry the same hidden key: somebody copied a row to write another child into it."""

from collections.abc import Mapping, Sequence
from enum import Enum, auto

from app.children.roster.context import first
from app.children.roster.draft import Cells
from app.children.roster.printed import KEY
from app.children.roster.raw_rows import fingerprint
from app.children.roster.since_print import NAME
from app.children.roster.writer import same

NumberedRow = tuple[int, Cells, str]
"""Number, cells and class title of one row."""


class KeyUse(Enum):
    """What becomes of a row's key: it stays, goes with another row of the same key, or has to be asked about."""

    HOLDS = auto()
    LOST = auto()
    ASKED = auto()


def key_of(cells: Cells) -> str:
    """Return the hidden key of a row, "" without one."""
    cell = first(cells, KEY)
    return cell.text if cell else ""


def name_in(cells: Cells) -> str:
    """Return the name as it stands in a row."""
    cell = first(cells, NAME)
    return cell.text if cell else ""


def shared_keys(rows: Sequence[NumberedRow]) -> Mapping[str, list[NumberedRow]]:
    """Return the keys that more than one row carries, unless those rows say the very same."""
    found: dict[str, list[NumberedRow]] = {}
    for row in rows:
        if key := key_of(row[1]):
            found.setdefault(key, []).append(row)
    return {
        key: alike
        for key, alike in found.items()
        if len(alike) > 1 and len({fingerprint(cells) for _, cells, _ in alike}) > 1
    }


def key_uses(
    shared: Mapping[str, Sequence[NumberedRow]], names: Mapping[str, Sequence[str]]
) -> dict[int, KeyUse]:
    """Return row number → use of its key, for the rows of ``shared``; ``names`` are those that a key was known by.

    The only row that still bears such a name keeps the key. Where none does, or several do, nobody is guessed.
    """
    uses: dict[int, KeyUse] = {}
    for key, rows in shared.items():
        known = [
            number
            for number, cells, _ in rows
            if any(same(name, name_in(cells)) for name in names.get(key, ()))
        ]
        for number, _, _ in rows:
            if len(known) != 1:
                uses[number] = KeyUse.ASKED
            else:
                uses[number] = KeyUse.HOLDS if number == known[0] else KeyUse.LOST
    return uses
