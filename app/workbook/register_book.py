"""The one layout of the registers in Excel (domain.md §9.5): title, unit line, one header row, text cells, foot.

Registers are lists of texts for the eye and the printer: numbers as text unless somebody adds them up, dates ISO, A4
landscape on one page width, the header on every printed page, rows never split. What is read back again has a layout of
its own (the ledger, the collection sheets).
"""

import unicodedata
from collections.abc import Sequence
from math import ceil
from pathlib import Path
from typing import Literal, cast

from msgspec import Struct
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from app.core.files import atomic_write
from app.core.progress import Progress, no_progress
from app.core.text import clean
from app.workbook.new_book import new_book

F0 = (
    "单位负责人（签名）：　　　　　　　　复核人（签名）：　　　　　　　　"
    "填表人（签名）：　　　　　　　　填报日期：　　　　年　　月　　日"
)
"""The foot of the forms (domain.md §5, F0); the lines stay empty for the hand."""
LONGEST = 32_767
"""Characters a cell can hold; openpyxl cuts the rest without a word."""
_GOES_ON = "…（下一行续）"
_POINTS = 9
_LINE = 12.6  # points of one line of 9-point text
_HEADER_ROW = 3
_NOTHING = "本期没有记录"
_MOST_LINES = 30  # Excel shows no row higher than 409 points

Orientation = Literal["landscape", "portrait"]


class Column(Struct, frozen=True):
    """One column: its head, its width in Excel's unit, and how its text stands.

    ``counted``: whole numbers are written as numbers, for whoever adds them up.
    """

    head: str
    width: float
    align: Literal["left", "center"] = "left"
    counted: bool = False


PLACE = Column("序号", 5, "center", counted=True)
"""The running number: the first column of nearly every register."""


class Register(Struct, frozen=True):
    """One sheet. ``line`` stands under the title (unit, period, 口径, count); ``foot`` below the rows."""

    name: str
    title: str
    line: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str]]
    foot: tuple[str, ...] = (F0,)
    orientation: Orientation = "landscape"


def write_registers(
    sheets: Sequence[Register],
    out: Path,
    *,
    subject: str,
    printed_at: str = "",
    commit_no: int = 0,
    progress: Progress = no_progress,
) -> int:
    """Write the sheets to ``out``, whole or not at all, and return the number of rows.

    ``subject`` goes into the document properties. A text longer than a cell goes on in a row of its own below. An empty
    sheet says 本期没有记录. EnvironmentFault when the disk does not take it, Cancelled when ``progress`` says so.
    """
    # The file is opened first: a folder that is not there is told before the work is done.
    with atomic_write(out) as file, new_book() as book:
        book.properties.title = sheets[0].title
        book.properties.subject = subject
        for register in sheets:
            _write(book, register, printed_at, commit_no, progress)
        book.save(file)
    return sum(len(register.rows) for register in sheets)


class CellLooks:
    """One prototype cell per look; cells share its style record, which openpyxl would else look up for each cell."""

    def __init__(self, sheet: Worksheet, points: int = _POINTS) -> None:
        thin = Side(style="thin", color="FF8C8474")
        self._box = Border(left=thin, right=thin, top=thin, bottom=thin)
        self._sheet = sheet
        self._points = points
        self.title = self.look(Font(name="黑体", size=16, bold=True), "centerContinuous", box=False)
        self.line = self.look(Font(name="宋体", size=points), "left", box=False, wrap=False)
        self.header = self.look(
            Font(name="黑体", size=points, bold=True),
            "center",
            fill=PatternFill("solid", fgColor="FFEFEFEF"),
        )
        self.left = self.look(Font(name="宋体", size=points), "left")
        self.center = self.look(Font(name="宋体", size=points), "center")
        self.number = self.look(Font(name="宋体", size=points), "center", number_format="0")

    def cell(self, text: str, prototype: Cell) -> Cell:
        """Return a text cell of the look of ``prototype``: text also when it begins like a formula."""
        cell = WriteOnlyCell(self._sheet, value=None)
        # Sharing the style record halves the time of the export; the stubs do not know it.
        cell._style = prototype._style  # type: ignore[attr-defined]  # noqa: SLF001
        if text:
            cell.value = text
            cell.data_type = "s"
        return cell

    def number_cell(self, text: str) -> Cell:
        """Return a whole number as a number; anything else as text."""
        if not text.isdecimal():
            return self.cell(text, self.center)
        cell = self.cell("", self.number)
        cell.value = int(text)
        return cell

    def nothing(self, columns: int) -> list[Cell]:
        """Return the one row of an empty table: its words across all of it, with no line between the columns."""
        row = [self.look(Font(name="宋体", size=self._points), "centerContinuous") for _ in range(columns)]
        edge = self._box.left
        for place, cell in enumerate(row):
            left, right = edge if place == 0 else None, edge if place == columns - 1 else None
            cell.border = Border(left=left, right=right, top=edge, bottom=edge)
        row[0].value = _NOTHING
        return row

    def look(
        self,
        font: Font,
        horizontal: str,
        *,
        box: bool = True,
        wrap: bool = True,
        fill: PatternFill | None = None,
        number_format: str = "@",
    ) -> Cell:
        """Return a prototype cell."""
        cell = WriteOnlyCell(self._sheet, value=None)
        cell.font = font
        cell.alignment = Alignment(horizontal=horizontal, vertical="center", wrap_text=wrap)
        cell.number_format = number_format
        if box:
            cell.border = self._box
        if fill is not None:
            cell.fill = fill
        return cell


def lines_of(text: str, width: float, points: int = _POINTS) -> int:
    """Return how many printed lines ``text`` takes in a column of Excel width ``width``."""
    # Half-width characters of that size across the column.
    room = max(1.0, (width * 7 - 3) / (points * 96 / 72 / 2))
    return sum(max(1, ceil(_half_widths(line) / room)) for line in text.split("\n"))


def lay_out_page(
    sheet: Worksheet,
    *,
    last_column: int,
    last_row: int,
    orientation: Orientation,
    printed_at: str,
    commit_no: int,
) -> None:
    """Set print area, repeated header, paper, margins and foot of a register sheet."""
    sheet.print_title_rows = f"{_HEADER_ROW}:{_HEADER_ROW}"
    sheet.print_area = f"A1:{get_column_letter(last_column)}{last_row}"
    sheet.page_setup.orientation = orientation
    sheet.page_setup.paperSize = 9
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.page_margins.left = sheet.page_margins.right = 0.3
    sheet.page_margins.top = 0.5
    sheet.page_margins.bottom = 0.6
    sheet.page_margins.footer = 0.3
    stamp = f"&8打印 {printed_at}　数据序号 {commit_no}" if printed_at else ""
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart(stamp), right=_HeaderFooterPart("&8第 &P 页　共 &N 页")
    )


def _write(book: Workbook, register: Register, printed_at: str, commit_no: int, progress: Progress) -> None:
    # A write-only sheet has the page set-up of an ordinary one; the stubs do not know that.
    sheet = cast("Worksheet", book.create_sheet(register.name))
    rows = _whole_rows(register)
    for position, column in enumerate(register.columns, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = column.width
    sheet.freeze_panes = f"A{_HEADER_ROW + 1}"
    lay_out_page(
        sheet,
        last_column=len(register.columns),
        last_row=_HEADER_ROW + max(len(rows), 1) + len(register.foot) + bool(register.foot),
        orientation=register.orientation,
        printed_at=printed_at,
        commit_no=commit_no,
    )
    looks = CellLooks(sheet)
    sheet.row_dimensions[1].height = 30
    blank = [looks.cell("", looks.title) for _ in register.columns[1:]]
    sheet.append([looks.cell(clean(register.title), looks.title), *blank])
    sheet.row_dimensions[2].height = 18
    sheet.append([looks.cell(clean(register.line), looks.line)])
    sheet.row_dimensions[_HEADER_ROW].height = 27
    sheet.append([looks.cell(column.head, looks.header) for column in register.columns])
    for place, row in enumerate(rows, start=1):
        if place % 50 == 0:
            progress(place, len(rows), f"正在写「{register.name}」")
        lines = max(lines_of(text, column.width) for text, column in zip(row, register.columns, strict=True))
        sheet.row_dimensions[_HEADER_ROW + place].height = min(max(1.4, lines), _MOST_LINES) * _LINE + 4
        sheet.append(
            [
                looks.number_cell(text)
                if column.counted
                else looks.cell(text, looks.center if column.align == "center" else looks.left)
                for text, column in zip(row, register.columns, strict=True)
            ]
        )
    if not rows:
        sheet.row_dimensions[_HEADER_ROW + 1].height = 2 * _LINE
        sheet.append(looks.nothing(len(register.columns)))
    if register.foot:
        for line in ("", *register.foot):
            sheet.append([looks.cell(line, looks.line)])


def _whole_rows(register: Register) -> list[tuple[str, ...]]:
    """Return the rows with no text longer than a cell shows: the rest of it goes on in the row below."""
    found: list[tuple[str, ...]] = []
    for row in register.rows:
        rest = [clean(text) for text in row]
        while True:
            parts = [_part(text, column.width) for text, column in zip(rest, register.columns, strict=True)]
            found.append(tuple(shown for shown, _ in parts))
            rest = [left for _, left in parts]
            if not any(rest):
                break
    return found


def _part(text: str, width: float) -> tuple[str, str]:
    """Split a text where a cell of that width is full: what it shows, and what goes on below."""
    if len(text) <= LONGEST and lines_of(text, width) <= _MOST_LINES:
        return text, ""
    room = max(10, int(width * 7 / (_POINTS * 96 / 72)) * (_MOST_LINES - 2))
    return text[:room] + _GOES_ON, text[room:]


def _half_widths(text: str) -> float:
    """Return the width of a line in half-width characters; a little wide, since the fonts at hand differ."""
    return sum(2.0 if unicodedata.east_asian_width(character) in "WFA" else 1.1 for character in text)
