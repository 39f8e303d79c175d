"""The Excel ledger (台账): one sheet with everybody and one per category, made to be printed and to read back.

Layout of domain.md §5.3 and §9.5: title, reporting unit with cut-off day and 口径, one header row that repeats on every
printed page, frozen panes, A4 landscape on one page width (A3 as an option), IDs and phones as text, rows never split.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal, cast

from msgspec import Struct, field
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from app.children.codes import ParentsCode, Sex
from app.children.facts import CategoryFacts, ChildFacts
from app.children.rules import parents_status
from app.core.files import atomic_write
from app.core.progress import Progress, no_progress
from app.core.text import clean
from app.workbook.ledger_cells import CellTexts, category_rows
from app.workbook.ledger_layout import (
    ALSO_IN_APPENDIX,
    APPENDIX_SHEET,
    CARER_CELL,
    DETAIL_HEADERS,
    DOCUMENT_SUBJECT,
    FATHER_CELL,
    FIRST_DATA_ROW,
    HEADER_ROW,
    MAIN_SHEET,
    MOTHER_CELL,
    SUB_LEDGER_MARK,
)
from app.workbook.new_book import new_book
from app.workbook.register_book import F0, CellLooks, lay_out_page, lines_of

Profile = Literal["masked", "full"]
Paper = Literal["A4", "A3"]

EXCEL_CELL_LIMIT = 32_767
"""Characters a cell can hold; openpyxl cuts the rest without a word, so longer texts go on in 附页."""

# A printed cell higher than this many lines would fill the page with one remark: the rest stands in the appendix.
_MOST_LINES = 8
_DETAIL_WIDTH = 14.0
_LINE_POINTS = 12.6

# Header → width in Excel's unit. 9-point text on one A4 landscape width needs a scale of about 0.97: 8.7 points.
_WIDTHS: dict[str, float] = {
    "序号": 4.2,
    "姓名": 8.8,
    "性别": 3.6,
    "民族": 6.4,
    "出生日期": 9.2,
    "公民身份号码": 15.9,
    "班级": 8.8,
    "村组": 10.4,
    "留守类型": 5.6,
    FATHER_CELL: 17.6,
    MOTHER_CELL: 17.6,
    CARER_CELL: 12.4,
    "监护评估": 5.2,
    "其他类别": 7.4,
    "帮扶人": 6.4,
    "说明": 8.0,
    "认定依据": 10.4,
    "认定日期": 9.2,
}
_MAIN_COLUMNS = tuple(header for header in _WIDTHS if header not in ("认定依据", "认定日期"))
_SUB_COLUMNS = tuple(header for header in _WIDTHS if header not in ("其他类别", "帮扶人"))
_CENTRED = frozenset(
    {"序号", "性别", "民族", "出生日期", "公民身份号码", "班级", "留守类型", "监护评估", "认定日期"}
)


class LedgerHead(Struct, frozen=True, kw_only=True):
    """What stands above and below the rows."""

    school: str
    unit: str
    """填报单位."""
    as_of: date
    counting_words: str
    """The 口径 in words: 登记在册的留守儿童."""
    scope: str = ""
    """Which rows, when it is not everybody: 三（2）班, 双亲留守 …"""
    printed_at: str = ""
    data_commit_no: int = 0
    supporters: Mapping[str, str] = field(default_factory=dict)
    """帮扶人 by child uuid: 李国平、刘桂英."""


class LedgerResult(Struct, frozen=True):
    """What was written: the file, the number of children, and the sheets."""

    path: Path
    children: int
    sheets: tuple[str, ...]


class _LongText(Struct, frozen=True):
    sheet: str
    place: int
    header: str
    text: str


def write_ledger(
    children: Sequence[ChildFacts],
    head: LedgerHead,
    out: Path,
    *,
    profile: Profile = "masked",
    paper: Paper = "A4",
    progress: Progress = no_progress,
) -> LedgerResult:
    """Write the ledger of ``children``, in the order given, to ``out`` (whole or not at all).

    Raises EnvironmentFault when the disk does not take it, Cancelled when ``progress`` says so.
    """
    # The file is opened first: a folder that is not there is told before the work is done.
    with atomic_write(out) as file, new_book() as book:
        book.properties.title = f"{head.school}留守儿童台账"
        book.properties.subject = DOCUMENT_SUBJECT[profile]
        writer = _LedgerWriter(book, head, profile=profile, paper=paper, progress=progress)
        writer.sheet(
            MAIN_SHEET, f"{head.school}留守儿童台账", _MAIN_COLUMNS, [(child, None) for child in children]
        )
        for category, rows in category_rows(children).items():
            title = f"{head.school}留守儿童{category.label}{SUB_LEDGER_MARK}"
            writer.sheet(category.label, title, _SUB_COLUMNS, rows)
        writer.appendix()
        book.save(file)
    return LedgerResult(out, len(children), tuple(book.sheetnames))


class _LedgerWriter:
    """Writes the sheets of one workbook and collects the texts that are too long for them."""

    def __init__(
        self, book: Workbook, head: LedgerHead, *, profile: Profile, paper: Paper, progress: Progress
    ) -> None:
        self._book = book
        self._head = head
        self._full = profile == "full"
        self._paper = paper
        self._progress = progress
        self._texts = CellTexts(masked=not self._full, supporters=head.supporters)
        self._long: list[_LongText] = []

    def sheet(
        self,
        name: str,
        title: str,
        columns: Sequence[str],
        rows: Sequence[tuple[ChildFacts, CategoryFacts | None]],
    ) -> None:
        """Write one ledger sheet; the plain columns go on the main sheet only."""
        details = DETAIL_HEADERS if self._full and name == MAIN_SHEET else ()
        sheet = self._new_sheet(name)
        self._set_page(sheet, columns, details, len(rows))
        style = CellLooks(sheet)
        scope = f"（{self._head.scope}）" if self._head.scope else ""
        sheet.row_dimensions[1].height = 30
        sheet.append(
            [style.cell(title + scope, style.title)] + [style.cell("", style.title) for _ in columns[1:]]
        )
        sheet.row_dimensions[2].height = 18
        sheet.append([style.cell(self._unit_line(len(rows)), style.line)])
        sheet.row_dimensions[HEADER_ROW].height = 27
        sheet.append([style.cell(header, style.header) for header in (*columns, *details)])
        for place, (child, flag) in enumerate(rows, start=1):
            if place % 50 == 0:
                self._progress(place, len(rows), f"正在写「{name}」")
            self._append_child(sheet, style, columns, details, place, child, flag)
        for line in (*_totals([child for child, _ in rows]), *self._foot()):
            sheet.append([style.cell(line, style.line)])

    def appendix(self) -> None:
        """Write the texts that did not fit their cells, whole, if there are any."""
        if not self._long:
            return
        sheet = self._new_sheet(APPENDIX_SHEET)
        for column, width in zip("ABCD", (12.0, 8.0, 16.0, 90.0), strict=True):
            sheet.column_dimensions[column].width = width
        sheet.page_setup.paperSize = 9
        sheet.page_setup.orientation = "landscape"
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToHeight = 0
        style = CellLooks(sheet)
        sheet.append([style.cell(header, style.header) for header in ("表", "序号", "栏目", "全文")])
        for long in self._long:
            for part in _parts(long.text):
                texts = (long.sheet, str(long.place), long.header.split("\n")[0], part)
                sheet.append([style.cell(text, style.left) for text in texts])

    def _new_sheet(self, name: str) -> Worksheet:
        # A write-only sheet has the page set-up of an ordinary one; the stubs do not know that.
        return cast("Worksheet", self._book.create_sheet(name))

    # ---- parts of a sheet -----------------------------------------------------------------------------------------

    def _append_child(
        self,
        sheet: Worksheet,
        style: CellLooks,
        columns: Sequence[str],
        details: Sequence[str],
        place: int,
        child: ChildFacts,
        flag: CategoryFacts | None,
    ) -> None:
        texts = {**self._texts.plain(place, child), **self._texts.printed(child, flag)}
        lines = 1
        cells: list[Cell | None] = []
        for header in columns:
            text = self._fitted(clean(texts[header]), sheet.title, place, header)
            lines = max(lines, lines_of(text, _WIDTHS[header]))
            cells.append(style.cell(text, style.center if header in _CENTRED else style.left))
        if details:
            values = self._texts.details(child)
            stored = (self._stored(clean(values[header]), sheet.title, place, header) for header in details)
            cells += [style.cell(text, style.line) if text else None for text in stored]
        sheet.row_dimensions[place + FIRST_DATA_ROW - 1].height = max(2, lines) * _LINE_POINTS + 3
        sheet.append(cells)

    def _fitted(self, text: str, sheet: str, place: int, header: str) -> str:
        """Return what fits the printed cell; the whole of a longer text goes to the appendix, never lost."""
        width = _WIDTHS[header]
        if lines_of(text, width) <= _MOST_LINES:
            return text
        self._long.append(_LongText(sheet, place, header, text))
        room = max(1, int(width * _MOST_LINES / 2) - len(ALSO_IN_APPENDIX))
        return text[:room] + ALSO_IN_APPENDIX

    def _stored(self, text: str, sheet: str, place: int, header: str) -> str:
        if len(text) <= EXCEL_CELL_LIMIT:
            return text
        self._long.append(_LongText(sheet, place, header, text))
        return text[: EXCEL_CELL_LIMIT - len(ALSO_IN_APPENDIX)] + ALSO_IN_APPENDIX

    def _set_page(self, sheet: Worksheet, columns: Sequence[str], details: Sequence[str], rows: int) -> None:
        for position, header in enumerate((*columns, *details), start=1):
            width = _WIDTHS[header] if position <= len(columns) else _DETAIL_WIDTH
            sheet.column_dimensions[get_column_letter(position)].width = width
        sheet.freeze_panes = f"C{FIRST_DATA_ROW}"
        last_row = FIRST_DATA_ROW - 1 + rows + len(_totals([])) + len(self._foot())
        lay_out_page(
            sheet,
            last_column=len(columns),
            last_row=last_row,
            orientation="landscape",
            printed_at=self._head.printed_at,
            commit_no=self._head.data_commit_no,
        )
        if self._paper == "A3":
            sheet.page_setup.paperSize = 8

    def _unit_line(self, rows: int) -> str:
        head = self._head
        return (
            f"填报单位（盖章）：{head.unit}　　　截至：{head.as_of.isoformat()}　　　"
            f"口径：{head.counting_words}　　　共 {rows} 名"
        )

    def _foot(self) -> tuple[str, ...]:
        return ("", F0)


def _totals(children: Sequence[ChildFacts]) -> tuple[str, ...]:
    """Return the line below the rows; every split foots to the number of rows."""
    boys = sum(child.sex is Sex.MALE for child in children)
    girls = sum(child.sex is Sex.FEMALE for child in children)
    unknown = len(children) - boys - girls
    codes = [parents_status(child).code for child in children]
    splits = "，".join(f"{code.label} {codes.count(code)}" for code in ParentsCode if codes.count(code))
    sexes = f"男 {boys}，女 {girls}" + (f"，性别未采集 {unknown}" if unknown else "")
    return (f"合计 {len(children)} 名：{sexes}" + (f"；{splits}" if splits else ""),)


def _parts(text: str) -> Iterable[str]:
    """Yield ``text`` in pieces that a cell can hold and a row can show."""
    step = 2_000
    for start in range(0, len(text), step):
        yield text[start : start + step]
