"""From a roster file to raw cells: .xlsx and .xls (also under a wrong name), .csv in UTF-8, UTF-16 or GBK.

The content decides what a file is, never its name. Whatever cannot be read is refused in plain words within two
seconds, before a bomb can go off (domain.md §10.1, reliability.md R32 and R33).
"""

import hashlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, cast

from app.children.roster.sheet import BLANK, CellValue, MergedRange, RosterFile, RosterSheet
from app.core.errors import ShouwangError
from app.core.messages import fault, refuse
from app.core.progress import Progress, no_progress
from app.workbook.sniff import LARGEST_FILE, sniff
from app.workbook.text_table import read_text_table
from app.workbook.xls_marks import read_xls_marks
from app.workbook.xlsx_marks import SheetMarks, XlsxMarks
from app.workbook.zip_guard import GuardedZip

_HELD_PARTS = ("xl/sharedStrings.xml", "xl/styles.xml", "[Content_Types].xml")


def read_roster(path: Path, *, progress: Progress = no_progress) -> RosterFile:
    """Read a whole roster file, every sheet with all its cells, hidden ones too.

    UserError ``import.…`` says what the file is when it is no roster; EnvironmentFault when it is gone or locked.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise refuse("import.too_big", name=path.name, why=f"超过 {LARGEST_FILE // 1024 // 1024} MB")
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise fault("file.missing", name=path.name) from error
    except OSError as error:
        raise refuse("import.unreadable", name=path.name) from error
    return read_roster_bytes(path.name, content, progress=progress)


def read_roster_bytes(name: str, content: bytes, *, progress: Progress = no_progress) -> RosterFile:
    """Read a roster that is in memory; see ``read_roster``."""
    progress(0, 0, "正在读文件")
    sniffed = sniff(name, content)
    profile: Literal["full", "masked"] | None = None
    kind: Literal["xlsx", "xls", "csv"]
    sheets: tuple[RosterSheet, ...]
    if sniffed.container == "text":
        kind, sheets = "csv", (_text_sheet(name, sniffed.text),)
    elif sniffed.container == "ole":
        kind, sheets = "xls", _xls_sheets(name, content, progress)
    else:
        kind = "xlsx"
        sheets, profile = _xlsx_sheets(name, content, progress)
    if not any(sheet.rows for sheet in sheets):
        too_big = next((sheet.unread for sheet in sheets if sheet.unread), "")
        if too_big:
            raise refuse("import.too_big", name=name, why=too_big)
        raise refuse("import.empty", name=name)
    return RosterFile(name, content, hashlib.sha256(content).hexdigest(), kind, sheets, profile)


def _text_sheet(name: str, text: str) -> RosterSheet:
    return RosterSheet(name.rsplit(".", 1)[0] or name, read_text_table(name, text))


def _xls_sheets(name: str, content: bytes, progress: Progress) -> tuple[RosterSheet, ...]:
    marks = read_xls_marks(name, content)
    return _sheets(name, content, dict(enumerate(marks.sheets)), date_1904=marks.date_1904, progress=progress)


def _xlsx_sheets(
    name: str, content: bytes, progress: Progress
) -> tuple[tuple[RosterSheet, ...], Literal["full", "masked"] | None]:
    archive = GuardedZip(name, content)
    if "xl/workbook.xml" not in archive:
        raise _not_a_workbook(name, archive)
    for part in _HELD_PARTS:
        if part in archive:
            archive.check(part)
    reader = XlsxMarks(name, archive)
    workbook = reader.workbook()
    marks: dict[str, SheetMarks] = {}
    for number, (sheet_name, part) in enumerate(workbook.sheet_parts):
        progress(number, len(workbook.sheet_parts), "正在检查文件")
        if part in archive and "chartsheets/" not in part:
            marks[sheet_name] = reader.sheet(part)
    profile = cast("Literal['full', 'masked'] | None", workbook.own_profile)
    return _sheets(name, content, marks, date_1904=workbook.date_1904, progress=progress), profile


def _sheets(
    name: str, content: bytes, marks: Mapping[Any, SheetMarks], *, date_1904: bool, progress: Progress
) -> tuple[RosterSheet, ...]:
    try:
        return _cells(content, marks, date_1904=date_1904, progress=progress)
    except (ShouwangError, MemoryError, ImportError):
        raise  # too little memory, also for loading the reader, says nothing about the file
    except BaseException as error:
        # The reader is native code: besides its own errors a damaged file can make it panic, which is no Exception.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise refuse("import.half", name=name) from error
        raise


def _cells(
    content: bytes, marks: Mapping[Any, SheetMarks], *, date_1904: bool, progress: Progress
) -> tuple[RosterSheet, ...]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    workbook = CalamineWorkbook.from_filelike(BytesIO(content))
    tables = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    sheets: list[RosterSheet] = []
    for number, described in enumerate(tables):
        progress(number, len(tables), "正在读表格")
        # A sheet that was not looked through beforehand may ask for any amount of memory: it stays closed.
        mark = marks.get(described.name) or marks.get(number) or SheetMarks(too_big="读不出")
        is_hidden = described.visible != SheetVisibleEnum.Visible
        if mark.too_big:
            sheets.append(RosterSheet(described.name, [], hidden=is_hidden, unread=mark.too_big))
            continue
        sheet = workbook.get_sheet_by_name(described.name)
        start = sheet.start or (0, 0)
        rows = sheet.to_python(skip_empty_area=True)
        sheets.append(
            RosterSheet(
                name=described.name,
                rows=rows,
                first_row=start[0] + 1,
                first_column=start[1] + 1,
                hidden=is_hidden,
                hidden_rows=frozenset(mark.hidden_rows),
                hidden_columns=_with_content(mark.hidden_columns, rows, start[1] + 1),
                merged=_merged(sheet),
                uncomputed=frozenset(mark.uncomputed),
                serial_base_1904=date_1904,
            )
        )
    return tuple(sheets)


def _with_content(columns: set[int], rows: list[list[CellValue]], first_column: int) -> frozenset[int]:
    """Return those of the hidden columns that hold anything."""
    return frozenset(
        column
        for column in columns
        if column >= first_column
        and any(len(row) > column - first_column and row[column - first_column] != BLANK for row in rows)
    )


def _merged(sheet: Any) -> tuple[MergedRange, ...]:
    return tuple(
        MergedRange(first_row + 1, first_column + 1, last_row + 1, last_column + 1)
        for (first_row, first_column), (last_row, last_column) in sheet.merged_cell_ranges or ()
    )


def _not_a_workbook(name: str, archive: GuardedZip) -> ShouwangError:
    parts = archive.parts
    if "xl/workbook.bin" in parts:
        return refuse("import.other_format", name=name, what="二进制的 .xlsb 表格")
    if "mimetype" in parts and archive.size("mimetype") < 200 and b"spreadsheet" in archive.read("mimetype"):
        return refuse("import.other_format", name=name, what=" .ods 表格")
    if any(part.startswith("word/") for part in parts):
        return refuse("import.not_a_workbook", name=name, what=" Word 文档")
    if any(part.startswith("ppt/") for part in parts):
        return refuse("import.not_a_workbook", name=name, what="演示文稿")
    if not parts:
        return refuse("import.empty", name=name)
    return refuse("import.not_a_workbook", name=name, what="压缩包")
