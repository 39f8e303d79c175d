"""What reading a row needs to know besides the row, and how its cells are asked for."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from app.children.roster.draft import Cells, RawCell, RowDraft
from app.children.roster.reading.text import yes_or_no
from app.school.rules import SchoolShape, SchoolYears


class RowContext(Struct, frozen=True):
    """What reading a row needs to know besides the row: the day the data are of, and the school."""

    day: date
    years: SchoolYears
    shape: SchoolShape
    base_1904: bool = False
    third_meaning: bool = False
    """单亲留守 means here: one parent out and the other not able (domain.md §1.1)."""
    class_of_sheet: str = ""
    targets: frozenset[str] = frozenset()
    """What the sheet has columns for: a blank cell there says that nobody knew."""
    legends: Mapping[str, str] = {}
    """Sign beside a name (*, △) → the line of the sheet that explains it."""

    @property
    def is_collection(self) -> bool:
        """Tell whether the sheet is one that we gave out to be checked: our own keys beside 核实日期."""
        return {"child.uuid", "survey.checked_on"} <= self.targets


def first(cells: Cells, target: str) -> RawCell | None:
    """Return the cell of a target, the leftmost of several; None when it is blank or there is no such column."""
    found = cells.get(target)
    return found[0] if found else None


def ticked_options(draft: RowDraft, cells: Cells, field: str, words: str) -> RawCell | None:
    """Return the one ticked box of a group as if its name had been written; two ticks are a mark and no answer."""
    if not draft.boxes:
        return None
    prefix = f"tick:{field}:"
    ticked = [
        (target.removeprefix(prefix), cells[target][0])
        for target in draft.boxes
        if target.startswith(prefix) and yes_or_no(cells[target][0].text)
    ]
    if len(ticked) > 1:
        chosen = "、".join(name for name, _ in ticked)
        draft.mark(
            field, "two_ticks", f"{words}勾了 {len(ticked)} 项（{chosen}），只能有一项；没有存", ticked[0][1]
        )
    if len(ticked) != 1:
        return None
    name, cell = ticked[0]
    return RawCell(name, name, cell.row, cell.column, cell.header)
