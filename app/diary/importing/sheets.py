"""Finding the table on a sheet of past records: its header by names, and its rows with what is merged filled in."""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from app.children.roster.reading.text import cell_text
from app.children.roster.sheet import BLANK, CellValue, RosterSheet, column_letters
from app.core.text import clean
from app.diary.importing.words import DIARY, SEALED, WordTable, code_in, is_sealed

LAST_HEADER_ROW = 15
SEALED_WORDS = "心理辅导的内容要加密保存，请由心理老师在「心理疏导」里记"
FEWEST_KNOWN_NAMES = 3
BETWEEN_ROWS = "·"

_FOOT = re.compile(r"^(?:合计|小计|总计|共计|填表人|审核人?|检查人|负责人|制表人?|备注|说明|注)(?:[：:]|$)")


class RawCell(Struct, frozen=True):
    """One filled cell: its header, the text as it stands, and what the file held (a day may be a number)."""

    header: str
    text: str
    value: CellValue


class RawRecord(Struct, frozen=True):
    """One row of a table, number as Excel shows it; ``cells`` by field, ``other`` what no field is known for.

    ``kind`` is the code that the sheet's own title says for all its rows, "" when it says none.
    """

    sheet: str
    row: int
    cells: Mapping[str, tuple[RawCell, ...]]
    other: tuple[RawCell, ...] = ()
    kind: str = ""
    base_1904: bool = False

    def text(self, field: str) -> str:
        """Return what the field's columns say, parted by line breaks; "" when they are blank."""
        found = self.cells.get(field)
        if found is None:
            return ""
        return found[0].text if len(found) == 1 else "\n".join(cell.text for cell in found)

    def texts(self) -> tuple[tuple[str, str], ...]:
        """Return (header, text) of every filled cell."""
        found = [cell for cells in self.cells.values() for cell in cells]
        return tuple((cell.header, cell.text) for cell in (*found, *self.other))


class DiarySheet(Struct, frozen=True):
    """A sheet with a table of records; ``header_row`` None when it has none, and then ``why`` says what is missing."""

    sheet: RosterSheet
    header_row: int | None
    columns: Mapping[int, tuple[str, str | None]]  # column → header, field
    kind: str = ""
    why: str = ""

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return the headers that no field is known for."""
        return tuple(header for header, field in self.columns.values() if field is None)


def survey_sheet(sheet: RosterSheet, words: WordTable = DIARY) -> DiarySheet:
    """Return the sheet with its header: the first of fifteen rows with three known names, a child's and a day's among them.

    A header may stand in two rows, the upper one over several columns (谈心 over 时间 and 内容). ``words`` are the names
    of the columns that are known.
    """
    if sheet.unread or not sheet.rows:
        return DiarySheet(sheet, None, {}, why=sheet.unread or "空表")
    last = min(sheet.last_row, LAST_HEADER_ROW)
    for row in range(sheet.first_row, last + 1):
        columns = _columns_of(_texts(sheet, row), words)
        if columns is not None:
            return _with_header(sheet, row, row, columns)
    for row in range(sheet.first_row, last):
        columns = _columns_of(_two_rows(_spread(sheet, row), _texts(sheet, row + 1)), words)
        if columns is not None:
            return _with_header(sheet, row, row + 1, columns)
    return DiarySheet(sheet, None, {}, why="没有找到表头（要有姓名、日期这样的栏目名）")


_Columns = Mapping[int, tuple[str, str | None]]


def _with_header(sheet: RosterSheet, top: int, bottom: int, columns: _Columns) -> DiarySheet:
    kind = _kind_of_title(sheet, top) or _kind_of_headers(columns)
    if kind == SEALED:
        return DiarySheet(sheet, None, {}, why=SEALED_WORDS)
    return DiarySheet(sheet, bottom, columns, kind=kind)


def _columns_of(texts: Mapping[int, str], words: WordTable) -> _Columns | None:
    """Return column → header, field when these texts are a header; None when they are none."""
    known = {column: _field_in(text, words) for column, text in texts.items() if text}
    named = {field for field in known.values() if field is not None}
    if len([one for one in known.values() if one]) < FEWEST_KNOWN_NAMES:
        return None
    if "day" not in named or not named & {"name", "id_number", "registry"}:
        return None
    return {column: (texts[column], field) for column, field in known.items()}


def _field_in(header: str, words: WordTable) -> str | None:
    """Return the field of a header; of two rows (谈心·时间) the two together say it, else the lower one."""
    upper, _, lower = header.partition(BETWEEN_ROWS)
    if not lower:
        return words.field_of(header)
    return words.field_of(upper + lower) or words.field_of(lower)


def _texts(sheet: RosterSheet, row: int) -> dict[int, str]:
    span = range(sheet.first_column, sheet.first_column + sheet.width)
    return {column: cell_text(sheet.cell(row, column)) for column in span}


def _spread(sheet: RosterSheet, row: int) -> dict[int, str]:
    """Return the texts of the upper row of a header, each over all columns it is merged across."""
    texts = _texts(sheet, row)
    for area in sheet.merged:
        if area.first_row <= row <= area.last_row:
            for column in range(area.first_column, area.last_column + 1):
                texts[column] = cell_text(sheet.cell(area.first_row, area.first_column))
    return texts


def _two_rows(upper: Mapping[int, str], lower: Mapping[int, str]) -> dict[int, str]:
    """Return the header of each column that two rows say: 谈心·时间, or the one of them where the other is blank."""
    return {
        column: BETWEEN_ROWS.join(dict.fromkeys(text for text in (words, lower.get(column, "")) if text))
        for column, words in upper.items()
    }


def read_records(surveyed: DiarySheet) -> Iterator[RawRecord]:
    """Yield the rows below the header that say anything; repeated headers, totals and the foot are passed over."""
    sheet, header_row = surveyed.sheet, surveyed.header_row
    if header_row is None:
        return
    merged = {
        (row, column): (area.first_row, area.first_column)
        for area in sheet.merged
        if area.last_row > header_row and area.first_column == area.last_column
        for row in range(max(area.first_row, header_row + 1), min(area.last_row, sheet.last_row) + 1)
        for column in (area.first_column,)
    }
    for row in range(header_row + 1, sheet.last_row + 1):
        own = {column: sheet.cell(row, column) for column in surveyed.columns}
        written = {column: text for column, value in own.items() if (text := _text(value))}
        if not written or _is_furniture(written, surveyed):
            continue
        cells: dict[str, list[RawCell]] = {}
        other: list[RawCell] = []
        for column, (header, field) in surveyed.columns.items():
            place = merged.get((row, column))
            value = own[column] if place is None else sheet.cell(*place)
            text = _text(value)
            if not text or field == "skip":
                continue
            cell = RawCell(header, text, value)
            if field is None:
                other.append(cell)
            else:
                cells.setdefault(field, []).append(cell)
        if cells:
            yield RawRecord(
                sheet.name,
                row,
                {field: tuple(found) for field, found in cells.items()},
                tuple(other),
                surveyed.kind,
                sheet.serial_base_1904,
            )


def _text(value: CellValue) -> str:
    return clean(value).strip() if isinstance(value, str) else cell_text(value) if value != BLANK else ""


def _is_furniture(written: Mapping[int, str], surveyed: DiarySheet) -> bool:
    """Tell whether a row is the header again, a total or the foot of the paper."""
    if all(surveyed.columns[column][0] == text for column, text in written.items()):
        return True
    first = written[min(written)]
    return _FOOT.match(first) is not None and len(written) <= 3


def _kind_of_title(sheet: RosterSheet, header_row: int) -> str:
    """Return the kind of record that the title above the header, or else the sheet's name, speaks of."""
    for row in range(sheet.first_row, header_row):
        for column in range(sheet.first_column, sheet.first_column + sheet.width):
            found = code_in("kind", cell_text(sheet.cell(row, column)))
            if found:
                return found
    return code_in("kind", sheet.name) or ""


def _kind_of_headers(columns: Mapping[int, tuple[str, str | None]]) -> str:
    """Return the kind that the names of the columns speak of: 家访时间, 谈心内容; "" when it is none, or several."""
    named = ("day", "content", "supporter", "name", "place", "background")
    found = {code_in("kind", header) for header, field in columns.values() if field in named} - {None}
    return found.pop() or "" if len(found) == 1 else ""


def is_counselling(row: RawRecord) -> bool:
    """Tell whether a row says that it is counselling."""
    return is_sealed(row.text("kind"))


def unknown_words(surveyed: DiarySheet) -> str:
    """Return the note about columns without a known name; "" when there are none."""
    if not surveyed.unknown:
        return ""
    listed = "、".join(surveyed.unknown[:8]) + ("……" if len(surveyed.unknown) > 8 else "")
    return f"「{surveyed.sheet.name}」有 {len(surveyed.unknown)} 栏没有认出（{listed}），原样记在内容后面"


def hidden_words(surveyed: DiarySheet) -> str:
    """Return the note about what Excel hides on the sheet; "" when nothing is."""
    sheet = surveyed.sheet
    hidden_rows = [row for row in sheet.hidden_rows if row > (surveyed.header_row or 0)]
    parts = [
        "是隐藏的表" if sheet.hidden else "",
        f"隐藏着 {len(hidden_rows)} 行" if hidden_rows else "",
        f"隐藏着 {'、'.join(column_letters(column) for column in sorted(sheet.hidden_columns))} 列"
        if sheet.hidden_columns
        else "",
    ]
    said = "，".join(part for part in parts if part)
    return f"「{sheet.name}」{said}，也读了" if said else ""
