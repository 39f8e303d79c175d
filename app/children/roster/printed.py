"""What our own class sheet held when it was printed: kept in a hidden sheet of the same workbook, child by child.

With it a sheet that comes back tells what was put right on it (``since_print``). A workbook without that sheet, an older
one or one that was saved as text, is read like any roster.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from app.children.roster.columns import propose_mapping
from app.children.roster.header import Header, HeaderColumn
from app.children.roster.reading.text import cell_text
from app.children.roster.sheet import RosterSheet
from app.core.untold import Untold

PRINTED_SHEET = "印表存底"
PRINTED_MARK = "守望印表存底"
PRINTED_HEADER_ROW = 2
"""The row above it holds the mark, the time of printing and the number of the ledger's state."""
KEY = "child.uuid"
_NOT_COMPARED = frozenset({KEY, "survey.checked_on", "survey.checked_by"})


class PrintedRow(Untold, frozen=True):
    """What was printed of one child: target → text, "" for a blank; when (ISO), and from which state of the ledger."""

    printed_at: str
    commit_no: int
    texts: Mapping[str, str]

    @property
    def day(self) -> date:
        """Return the day of printing."""
        return date.fromisoformat(self.printed_at[:10])


class Printed(Untold, frozen=True):
    """Everything a workbook says about its printing: uuid → what was printed, and target → the header it stood under."""

    rows: Mapping[str, PrintedRow]
    headers: Mapping[str, str]


def is_printed_sheet(sheet: RosterSheet) -> bool:
    """Tell whether a sheet only keeps what was printed: nothing that anybody filled in."""
    return cell_text(sheet.cell(1, 1)) == PRINTED_MARK


def read_printed(sheets: Iterable[RosterSheet]) -> Printed | None:
    """Return what the sheets of a workbook keep of their printing, None when they keep nothing that can be read.

    A child whom two of them tell differently is left out: nobody knows which one the visible row was.
    """
    rows: dict[str, PrintedRow] = {}
    headers: dict[str, str] = {}
    unsure: set[str] = set()
    for sheet in sheets:
        if not is_printed_sheet(sheet):
            continue
        printed_at, commit_no = cell_text(sheet.cell(1, 2)), cell_text(sheet.cell(1, 3))
        if not _is_day(printed_at[:10]) or not (commit_no.isascii() and commit_no.isdigit()):
            continue
        columns = _columns(sheet)
        for number in range(PRINTED_HEADER_ROW + 1, sheet.last_row + 1):
            texts = {target: cell_text(sheet.cell(number, column)) for column, target, _ in columns}
            uuid = texts.get(KEY, "")
            said = {target: text for target, text in texts.items() if target not in _NOT_COMPARED}
            row = PrintedRow(printed_at, int(commit_no), said)
            if uuid and rows.setdefault(uuid, row).texts != said:
                unsure.add(uuid)
        headers |= {target: header for _, target, header in columns}
    known = {uuid: row for uuid, row in rows.items() if uuid not in unsure}
    return Printed(known, headers) if known else None


def _columns(sheet: RosterSheet) -> list[tuple[int, str, str]]:
    """Return (column, target, header) of what is compared, and of the key."""
    texts = [
        (column, cell_text(sheet.cell(PRINTED_HEADER_ROW, column)))
        for column in range(1, sheet.first_column + sheet.width)
    ]
    found = tuple(HeaderColumn(column, (text,)) for column, text in texts if text)
    choices = propose_mapping(Header(PRINTED_HEADER_ROW, PRINTED_HEADER_ROW, found))
    return [(c.column, c.target, c.header) for c in choices if c.target is not None and c.imported]


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
