"""Tables that come as text (.csv): separator found by counting, rows numbered as a spreadsheet shows them."""

import csv
from collections import Counter
from io import StringIO

from app.children.roster.sheet import CellValue
from app.core.messages import refuse
from app.workbook.xlsx_marks import MOST_COLUMNS, MOST_ROWS

_SEPARATORS = (",", "\t", ";", "，", "|")
_LONGEST_CELL = 32_767  # what a cell of Excel holds: what is put aside must fit one again, whole
_LONGEST_FIELD = 100_000_000  # of the csv reader, which calls a longer one damaged


def read_text_table(name: str, text: str) -> list[list[CellValue]]:
    """Return the rows of a text table; UserError ``import.too_big`` beyond the limits of a roster."""
    csv.field_size_limit(_LONGEST_FIELD)
    rows: list[list[CellValue]] = []
    filled = 0
    try:
        for cells in csv.reader(StringIO(text, newline=""), delimiter=_separator(text)):
            filled += any(cells)
            if filled > MOST_ROWS or len(rows) > 10 * MOST_ROWS:
                raise refuse("import.too_big", name=name, why=f"超过 {MOST_ROWS} 行")
            if len(cells) > MOST_COLUMNS:
                if any(cells[MOST_COLUMNS:]):
                    raise refuse("import.too_big", name=name, why=f"超过 {MOST_COLUMNS} 列")
                del cells[MOST_COLUMNS:]
            longest = max(map(len, cells), default=0)
            if longest > _LONGEST_CELL:
                raise refuse("import.too_big", name=name, why=f"第 {len(rows) + 1} 行有一格 {longest} 个字")
            rows.append([_unwrapped(cell) for cell in cells])
    except csv.Error as error:
        raise refuse("import.half", name=name) from error
    return rows


def _separator(text: str) -> str:
    """Return the separator that the first lines use most."""
    counts = Counter({separator: text[:20_000].count(separator) for separator in _SEPARATORS})
    best, times = max(counts.items(), key=lambda item: (item[1], -_SEPARATORS.index(item[0])))
    return best if times else ","


def _unwrapped(cell: str) -> str:
    """Return the text that ``="00123"`` keeps as text."""
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 3:
        return cell[2:-1]
    return cell
