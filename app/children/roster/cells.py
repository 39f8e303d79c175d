"""The cells of one row as they stand, and putting single cells right before anything is planned."""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from app.children.roster.model import SheetMapping
from app.children.roster.printed import KEY
from app.children.roster.reading.text import cell_text
from app.children.roster.sheet import CellValue, RosterSheet, address, column_number
from app.children.roster.sheets import remap

CellFixes = Mapping[tuple[int, int], str]
"""(row, column) as Excel counts them → the text that shall stand there."""


class ShownCell(Struct, frozen=True):
    """A filled cell of a row: its header, its text, its address, and whether it is read at all."""

    header: str
    text: str
    address: str
    imported: bool


def row_cells(mapping: SheetMapping, row: int) -> tuple[ShownCell, ...]:
    """Return the filled cells of a row of the sheet, in the order of its columns; our own hidden key is nobody's business."""
    found = []
    for choice in mapping.choices:
        text = cell_text(mapping.sheet.cell(row, choice.column))
        if text and choice.target != KEY:
            found.append(ShownCell(choice.header, text, address(row, choice.column), choice.imported))
    return tuple(found)


def place_of(cell_address: str) -> tuple[int, int] | None:
    """Return (row, column) of an address like B7; None when it is none."""
    letters = cell_address.rstrip("0123456789")
    digits = cell_address[len(letters) :]
    if not (letters.isalpha() and letters.isascii() and digits):
        return None
    return int(digits), column_number(letters.upper())


def name_place(mapping: SheetMapping, row: int) -> tuple[int, int] | None:
    """Return where the name of a row belongs, None without a column for it."""
    column = next((choice.column for choice in mapping.choices if choice.target == "child.name"), None)
    return None if column is None else (row, column)


def can_fix(sheet: RosterSheet, row: int, column: int) -> bool:
    """Tell whether a cell can be put right by itself: a merged one belongs to several rows."""
    return not any(
        merged.first_row <= row <= merged.last_row and merged.first_column <= column <= merged.last_column
        for merged in sheet.merged
    )


def with_fixes(mapping: SheetMapping, fixes: CellFixes) -> SheetMapping:
    """Return the sheet with cells put right; its rows are read anew. The file itself stays as it is."""
    if not fixes:
        return mapping
    sheet = mapping.sheet
    rows: list[list[CellValue]] = list(sheet.rows)
    fixed = set(mapping.fixed)
    for (row, column), text in fixes.items():
        line, place = row - sheet.first_row, column - sheet.first_column
        if not 0 <= line < len(rows) or place < 0:
            continue
        cells = list(rows[line])
        cells += [""] * (place + 1 - len(cells))
        cells[place] = text
        rows[line] = cells
        fixed.add(address(row, column))
    put_right = replace(mapping, sheet=replace(sheet, rows=rows), fixed=frozenset(fixed))
    return remap(put_right, mapping.choices)
