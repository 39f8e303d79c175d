"""The class sheet of the term's survey (摸底核实): what is known, to be put right, signed, and read back as a roster.

One workbook per class, for the class teacher. Its columns carry the names by which the roster import knows them, so it
comes back by the ordinary import; 台账编号 (hidden) finds the child again whatever else was put right. A blank never
clears what is stored: in the columns that its head names, what no longer holds is written 无. A hidden sheet keeps what
was printed, by which the import tells what was put right since (``app.children.roster.printed``).
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

from msgspec import Struct
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from app.children.codes import AwayState, CareGrade, HealthStatus
from app.children.facts import ChildFacts
from app.children.roster.printed import PRINTED_HEADER_ROW, PRINTED_MARK, PRINTED_SHEET
from app.core.files import atomic_write
from app.core.text import clean
from app.workbook.ledger_cells import CellTexts
from app.workbook.new_book import new_book
from app.workbook.register_book import lay_out_page, lines_of

SUBJECT = "shouwang-collection"
"""The subject in the document properties of such a workbook."""
SHEET = "摸底核实"
HEADER_ROW = 3
CHECKED_ON, CHECKED_BY = "核实日期", "核实人"
_KEY = "台账编号"
# Header → width; the names are those of the roster import.
_WIDTHS: dict[str, float] = {
    "序号": 4.5,
    "姓名": 9,
    "性别": 5,
    "民族": 7,
    "出生日期": 11,
    "公民身份号码": 20,
    "学籍号": 20,
    "班级": 9,
    "村": 9,
    "组": 6,
    "现住址": 18,
    "是否寄宿": 6,
    "健康状况": 10,
    "父亲姓名": 9,
    "父亲外出情况": 8,
    "父亲务工地": 14,
    "父亲外出时间": 11,
    "父亲电话": 14,
    "母亲姓名": 9,
    "母亲外出情况": 8,
    "母亲务工地": 14,
    "母亲外出时间": 11,
    "母亲电话": 14,
    "监护人姓名": 9,
    "与儿童关系": 9,
    "监护人电话": 14,
    "监护情况评估": 8,
    "性格特征": 12,
    "兴趣爱好": 12,
    "备注": 14,
    CHECKED_ON: 12,
    CHECKED_BY: 10,
    _KEY: 8,
}
_CHOICES = {
    "是否寄宿": ("是", "否"),
    "健康状况": tuple(HealthStatus.labels().values()),
    "父亲外出情况": tuple(AwayState.labels().values()),
    "母亲外出情况": tuple(AwayState.labels().values()),
    "监护情况评估": tuple(CareGrade.labels().values()),
}
_READ_OVER = "父亲务工地"
"""How far what is to be done goes before it breaks: about as far as one screen shows."""
_FIXED = frozenset({"序号", "班级", _KEY})
_HOW = (
    "请对照户口本、电话逐名核实：写错的直接改，空着的补上；核实过的每一行都填「核实日期」和「核实人」。"
    "电话、务工地、住址、监护人、性格、爱好、备注不再有的写「无」，别的栏写「无」不算。"
    "不要删列、不要改表头。填好交回，原样导入。"
)

_KEPT_FOR = "印表时的内容，导入时用来看出哪些格改过；请不要改"


class CollectionHead(Struct, frozen=True):
    """What stands above the rows of a class sheet."""

    school: str
    survey: str
    class_name: str
    class_teacher: str
    due_on: str
    printed_at: str
    commit_no: int


def write_collection(children: Sequence[ChildFacts], head: CollectionHead, out: Path) -> None:
    """Write the sheet of one class, whole or not at all. EnvironmentFault when the disk does not take it."""
    whole = BytesIO()
    with new_book(row_by_row=False) as book:
        book.properties.title = f"{head.survey} {head.class_name}"
        book.properties.subject = SUBJECT
        sheet = book.active
        if not isinstance(sheet, Worksheet):
            raise TypeError("a new workbook begins with a sheet")
        sheet.title = SHEET
        _head(sheet, head, len(children))
        texts = CellTexts(masked=False)
        lines = [sheet_texts(texts, child, place) for place, child in enumerate(children, start=1)]
        for place, line in enumerate(lines, start=1):
            _row(sheet, HEADER_ROW + place, line)
        _keep_print(book, head, lines)
        last = HEADER_ROW + max(1, len(children))
        for header, choices in _CHOICES.items():
            letter = get_column_letter(list(_WIDTHS).index(header) + 1)
            # A list to choose from, never a lock: what the list lacks may be typed.
            offered = DataValidation(
                type="list", formula1=f'"{",".join(choices)}"', allow_blank=True, showErrorMessage=False
            )
            sheet.add_data_validation(offered)
            offered.add(f"{letter}{HEADER_ROW + 1}:{letter}{last}")
        lay_out_page(
            sheet,
            last_column=len(_WIDTHS) - 1,
            last_row=last,
            orientation="landscape",
            printed_at=head.printed_at,
            commit_no=head.commit_no,
        )
        sheet.page_setup.paperSize = 8  # so many columns are read on A3
        sheet.page_setup.fitToWidth = 2
        # Zipped in memory: a disk that fills up in the middle would leave openpyxl's half-open archive behind.
        book.save(whole)
    with atomic_write(out) as file:
        file.write(whole.getbuffer())


def _head(sheet: Worksheet, head: CollectionHead, rows: int) -> None:
    for position, (header, width) in enumerate(_WIDTHS.items(), start=1):
        letter = get_column_letter(position)
        sheet.column_dimensions[letter].width = width
        cell = sheet.cell(HEADER_ROW, position, header)
        cell.font = Font(name="黑体", size=10, bold=True)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = _box()
        to_fill = header in (CHECKED_ON, CHECKED_BY)
        cell.fill = PatternFill("solid", fgColor="FFFBF1DC" if to_fill else "FFEFEFEF")
    sheet.column_dimensions[get_column_letter(len(_WIDTHS))].hidden = True
    sheet.row_dimensions[HEADER_ROW].height = 30
    sheet.freeze_panes = f"C{HEADER_ROW + 1}"
    sheet["A1"] = clean(f"{head.school} {head.survey}（{head.class_name}，{rows} 名）")
    sheet["A1"].font = Font(name="黑体", size=14, bold=True)
    teacher = f"班主任：{head.class_teacher}　" if head.class_teacher else ""
    due = f"请在 {head.due_on} 前交回　" if head.due_on else ""
    how = clean(f"{teacher}{due}{_HOW}")
    sheet["A2"] = how
    sheet["A2"].font = Font(name="宋体", size=10)
    sheet["A2"].alignment = Alignment(vertical="center", wrap_text=True)
    read_over = list(_WIDTHS).index(_READ_OVER) + 1
    sheet.merge_cells(start_row=2, start_column=1, end_row=2, end_column=read_over)
    lines = lines_of(how, sum(list(_WIDTHS.values())[:read_over]), 10)
    sheet.row_dimensions[1].height = 26
    sheet.row_dimensions[2].height = 6 + lines * 14


def _row(sheet: Worksheet, row: int, values: dict[str, str]) -> None:
    shown = ((values.get(header, ""), width) for header, width in _WIDTHS.items() if header != _KEY)
    lines = max(lines_of(clean(text), width, 10) for text, width in shown)
    sheet.row_dimensions[row].height = max(20, lines * 14)
    for position, header in enumerate(_WIDTHS, start=1):
        cell = sheet.cell(row, position)
        cell.number_format = "@"  # numbers stay as typed, also those put right
        cell.font = Font(name="宋体", size=10, color="FF665F53" if header in _FIXED else "FF2A2824")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        cell.border = _box()
        cell.protection = Protection(locked=header in _FIXED)
        text = clean(values.get(header, ""))
        if text:
            cell.value = text
            cell.data_type = "s"


def _keep_print(book: Workbook, head: CollectionHead, lines: Sequence[Mapping[str, str]]) -> None:
    """Keep what is printed, and from which state of the ledger, on a sheet that nobody sees: no more than the other shows."""
    kept = book.create_sheet(PRINTED_SHEET)
    kept.sheet_state = Worksheet.SHEETSTATE_VERYHIDDEN
    top = (PRINTED_MARK, head.printed_at, str(head.commit_no), _KEPT_FOR)
    rows = [tuple(line.get(header, "") for header in _WIDTHS) for line in lines]
    for number, values in enumerate((top, tuple(_WIDTHS), *rows), start=PRINTED_HEADER_ROW - 1):
        for column, value in enumerate(values, start=1):
            if text := clean(value):
                cell = kept.cell(number, column, text)
                cell.data_type, cell.number_format = "s", "@"


def sheet_texts(texts: CellTexts, child: ChildFacts, place: int = 0) -> dict[str, str]:
    """Return what the sheet says of a child: header → text; ``place`` is the running number on it."""
    class_name = child.school_class.name if child.school_class else ""
    return {**texts.plain(place, child), **texts.details(child), "班级": class_name}


def _box() -> Border:
    thin = Side(style="thin", color="FF8C8474")
    return Border(left=thin, right=thin, top=thin, bottom=thin)
