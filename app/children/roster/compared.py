"""With whom a roster is compared: a sheet of one class with that class only, any other with the whole register."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from app.core.untold import Untold
from app.school.rules import ClassRef

LEFT, OTHERS = "已离开这个班", "别班的"
"""What a child is who stands on the sheet of a class and is not in it."""


class RowOfClass(Untold, frozen=True, kw_only=True):
    """One row and the child it is, with the classes of both.

    ``in_row`` is the class the row says, ``in_ledger`` that of the child before the import (None = none), ``past`` the
    classes it has left with the days (ISO). ``exited_on`` is the day it left the register for good. ``known`` is False
    for a new child, ``is_collection`` tells that the sheet is one that we gave out for a class, ``is_ours`` that the row is
    the one printed there for this very child, ``is_as_printed`` that its class was not put right there.
    """

    sheet: str
    name: str
    in_row: ClassRef | None
    in_ledger: ClassRef | None = None
    past: Mapping[ClassRef, str] = {}
    exited_on: str | None = None
    known: bool = False
    is_collection: bool = False
    is_ours: bool = False
    is_as_printed: bool = False

    @property
    def keeps(self) -> bool:
        """Tell whether class and register stay as they are whatever the row says.

        What we printed says where a child was on that day: who has left since is not brought back by the sheet.
        """
        has_moved = self.in_row in self.past and self.in_row != self.in_ledger
        return self.is_as_printed or (self.is_ours and (self.exited_on is not None or has_moved))


class Compared(Struct, frozen=True):
    """The classes a file is about; ``refs`` None = it is about the whole school. None among them = without a class."""

    refs: frozenset[ClassRef | None] | None = None

    def covers(self, ref: ClassRef | None) -> bool:
        """Tell whether children of a class (None = of none) are to be on the file."""
        return self.refs is None or ref in self.refs


def compared_classes(rows: Sequence[RowOfClass]) -> Compared:
    """Return whom a file is about: what most rows of each collection sheet say, else the only class that rows name."""
    sheets: dict[str, Counter[ClassRef | None]] = {}
    for row in rows:
        sheets.setdefault(row.sheet, Counter())[row.in_row] += 1
    if rows and all(row.is_collection for row in rows):
        # A row added by hand may leave its class out; the sheet is still that of the others.
        return Compared(frozenset(_commonest(counts) for counts in sheets.values()))
    named = {row.in_row for row in rows} - {None}
    silent = sum(row.in_row is None for row in rows)
    return Compared(frozenset(named)) if len(named) == 1 and silent * 2 < len(rows) else Compared()


def _commonest(counts: Counter[ClassRef | None]) -> ClassRef | None:
    named = Counter({ref: count for ref, count in counts.items() if ref is not None})
    return named.most_common(1)[0][0] if named else None


def strays(
    rows: Iterable[RowOfClass], compared: Compared, names: Mapping[ClassRef, str]
) -> tuple[tuple[str, str], ...]:
    """Return who stands on the sheet of a class without being in it: (``LEFT`` or ``OTHERS``, words)."""
    if compared.refs is None:
        return ()
    found = []
    for row in rows:
        if not row.known or (compared.covers(row.in_ledger) and row.exited_on is None):
            continue
        left_on = max((day for ref, day in row.past.items() if compared.covers(ref)), default=None)
        now = names.get(row.in_ledger, "") if row.in_ledger is not None else ""
        if row.exited_on is not None:
            about, said = LEFT, f"{row.exited_on} 已退出台账"
        elif left_on is not None:
            about, said = LEFT, f"{left_on} 起在{now}" if now else f"{left_on} 已离开这个班"
        else:
            about, said = OTHERS, f"台账里在{now}" if now else "台账里没有编班"
        moves = row.in_row is not None and row.in_row != row.in_ledger and not row.keeps
        will = f"写入后改到{names.get(row.in_row, '')}" if moves and row.in_row else "班级不会改"
        found.append((about, f"{row.name}，{said}；{will}"))
    return tuple(found)
