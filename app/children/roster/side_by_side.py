"""One sheet with the same table twice or more, side by side, as a list is laid out to save paper: a table each."""

import re
from itertools import pairwise

from msgspec.structs import replace

from app.children.roster.columns import target_of
from app.children.roster.header import Header, find_header, is_known, is_name_header
from app.children.roster.sheet import BLANK, CellValue, RosterSheet

_NUMBERED = re.compile("（第 [0-9]+ 栏）$")
_FEWEST_KNOWN = 2
"""Known names of columns, the child's name among them, that have to come back for it to be the same table."""


def tables_of(sheet: RosterSheet) -> list[tuple[RosterSheet, Header | None]]:
    """Return the sheet with its header (None without any), or each of the tables that stand side by side under the same one.

    Each keeps the rows and columns that Excel shows; its name says which one from the left it is. What stands above the
    header stands above each of them. The columns of two parents, or of a child and its carer, are no second table;
    whether a second table holds children is for ``second_list`` to tell.
    """
    header = find_header(sheet) if sheet.rows else None
    if header is None:
        return [(sheet, None)]
    starts = _starts(header)
    if len(starts) < _FEWEST_KNOWN:
        return [(sheet, header)]
    ends = [*(start - 1 for start in starts[1:]), sheet.first_column + sheet.width - 1]
    return [
        (_part(sheet, header, first, last, f"{sheet.name}（第 {number} 栏）"), _head(header, first, last))
        for number, (first, last) in enumerate(zip(starts, ends, strict=True), start=1)
    ]


def name_in_file(name: str) -> str:
    """Return what the file calls the sheet of a table: its name without which one from the left it is."""
    return _NUMBERED.sub("", name).strip()


def _starts(header: Header) -> list[int]:
    """Return the first column of each table; none when the columns do not come back as they were, all of them."""
    texts = {column.column: column.text for column in header.columns if column.parts}
    parts = {column.column: column.parts for column in header.columns if column.parts}
    name = next((column for column, said in parts.items() if is_name_header(said[-1])), None)
    names = [column for column in texts if name is not None and texts[column] == texts[name]]
    if len(names) < _FEWEST_KNOWN:
        return []
    step, begin = names[1] - names[0], min(texts)
    if any(after - before != step for before, after in pairwise(names)):
        return []
    first = [column for column in texts if begin <= column < begin + step]
    known = sum(is_known(parts[column][-1]) for column in first)
    starts = [begin + step * number for number in range(len(names))]
    alike = all(
        texts.get(column + start - begin) == texts[column] for start in starts[1:] for column in first
    )
    # Further columns belong to the table they stand behind, but 关系 there says that it is the carers'.
    related = any(
        (target_of(column) or "").endswith(".relation")
        for column in header.columns
        if column.column >= starts[-1] + step
    )
    return starts if alike and not related and known >= _FEWEST_KNOWN else []


def _head(header: Header, first: int, last: int) -> Header:
    return replace(header, columns=tuple(one for one in header.columns if first <= one.column <= last))


def _part(sheet: RosterSheet, header: Header, first: int, last: int, name: str) -> RosterSheet:
    low, high = first - sheet.first_column, last - sheet.first_column + 1
    rows: list[list[CellValue]] = []
    for number, row in sheet.numbered():
        cells = row[low:high]
        if number < header.first_row and not any(value != BLANK for value in cells):
            cells = [next((value for value in row if value != BLANK), BLANK)]
        rows.append(cells)
    return replace(
        sheet,
        name=name,
        rows=rows,
        first_column=first,
        hidden_columns=frozenset(column for column in sheet.hidden_columns if first <= column <= last),
        uncomputed=frozenset((row, column) for row, column in sheet.uncomputed if first <= column <= last),
    )
