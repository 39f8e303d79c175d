"""The rows that wait, as a workbook: their own columns, then why and from where; put right there and imported again."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from app.core.files import atomic_write
from app.core.text import clean

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

REASON, SHEET, ROW = "待处理原因", "原表", "原行"
_WIDTH = 16
_EXCEL_CELL_LIMIT = 32_767


class RejectedRow(Struct, frozen=True):
    """One waiting row: header → text in the order of its columns, the reason, and where it stood."""

    cells: tuple[tuple[str, str], ...]
    reason: str
    sheet: str
    row: int


def write_rejected_rows(rows: Sequence[RejectedRow], out: Path) -> None:
    """Write the rows to ``out``, whole or not at all; every cell is text. EnvironmentFault when the disk refuses."""
    from app.workbook.new_book import new_book

    with atomic_write(out) as file, new_book() as book:
        _write(book.create_sheet("待处理"), rows)
        book.save(file)


def _write(sheet: "Worksheet", rows: Sequence[RejectedRow]) -> None:
    from openpyxl.cell import Cell, WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    headers = list(dict.fromkeys(header for row in rows for header, _ in row.cells)) or ["姓名"]
    wanted = [*headers, REASON, SHEET, ROW]
    for column in range(1, len(wanted) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTH
    sheet.freeze_panes = "A2"

    def text_cell(text: str, *, bold: bool = False) -> Cell:
        cell = WriteOnlyCell(sheet, value=None)
        cell.number_format = "@"
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        if bold:
            cell.font = Font(bold=True)
        if text:
            cell.value = clean(text)[:_EXCEL_CELL_LIMIT]
            cell.data_type = "s"  # text also when it begins like a formula
        return cell

    sheet.append([text_cell(header, bold=True) for header in wanted])
    for row in rows:
        texts: dict[str, str] = {}
        for header, text in row.cells:
            texts[header] = f"{texts[header]}、{text}" if header in texts else text
        values = [texts.get(header, "") for header in headers]
        sheet.append([text_cell(value) for value in (*values, row.reason, row.sheet, str(row.row))])
