"""A roster as it was read: the raw cells of every sheet, with the addresses that Excel shows.

The readers in ``app.workbook`` fill it; nothing here knows a file format.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Literal

from msgspec import Struct

from app.core.untold import Untold

CellValue = str | int | float | bool | date | datetime | time | timedelta
"""What a cell holds; "" is a blank one. ``datetime`` is a ``date``, ``bool`` an ``int``: test the narrower first."""

BLANK = ""


class MergedRange(Struct, frozen=True):
    """Cells merged into one; rows and columns count from 1, both ends are inside."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


class RosterSheet(Struct, frozen=True):
    """One sheet. ``rows[0]`` is row ``first_row`` of Excel, its first cell stands in column ``first_column``.

    ``hidden`` names what the person does not see in Excel: the sheet, rows with content, columns with content.
    ``uncomputed`` are cells whose formula has no stored value. ``serial_base_1904``: day numbers count from 1904.
    ``unread`` says why a sheet was left unread (it holds more than any roster); "" for all others.
    """

    name: str
    rows: list[list[CellValue]]
    first_row: int = 1
    first_column: int = 1
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[MergedRange, ...] = ()
    uncomputed: frozenset[tuple[int, int]] = frozenset()
    serial_base_1904: bool = False
    unread: str = ""

    @property
    def width(self) -> int:
        """Return the number of columns that were read."""
        return max((len(row) for row in self.rows), default=0)

    @property
    def last_row(self) -> int:
        """Return the number of the last row that was read, 0 when there is none."""
        return self.first_row + len(self.rows) - 1 if self.rows else 0

    def cell(self, row: int, column: int) -> CellValue:
        """Return the value at Excel's row and column number, "" outside."""
        line = row - self.first_row
        place = column - self.first_column
        if line < 0 or place < 0 or line >= len(self.rows):
            return BLANK
        cells = self.rows[line]
        return cells[place] if place < len(cells) else BLANK

    def numbered(self) -> Iterator[tuple[int, list[CellValue]]]:
        """Yield every row with its number."""
        yield from enumerate(self.rows, start=self.first_row)


class RosterFile(Untold, frozen=True):
    """A file that was read whole: its name, its bytes (kept with the import), their SHA-256, its sheets in order.

    ``own_profile`` tells a ledger workbook that this program wrote: ``full`` or ``masked``.
    """

    name: str
    content: bytes
    sha256: str
    kind: Literal["xlsx", "xls", "csv"]
    sheets: tuple[RosterSheet, ...]
    own_profile: Literal["full", "masked"] | None = None


def column_letters(column: int) -> str:
    """Return Excel's name of a column: 1 → A, 28 → AB."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the number of a column by Excel's name: A → 1, AB → 28."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def address(row: int, column: int) -> str:
    """Return the address of a cell as Excel shows it: B7."""
    return f"{column_letters(column)}{row}"
