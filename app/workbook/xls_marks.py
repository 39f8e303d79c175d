"""What the fast reader does not tell about an .xls: hidden rows and columns, the date system, a password, extents.

The records of the workbook stream (MS-XLS) are walked once; only a handful of kinds is looked at.
"""

import struct
from collections.abc import Iterator

from msgspec import Struct

from app.core.messages import refuse
from app.workbook.compound import CompoundFile
from app.workbook.xlsx_marks import MOST_COLUMNS, MOST_GRID_CELLS, MOST_ROWS, SheetMarks

_EOF, _FILEPASS, _DATEMODE, _BOUNDSHEET, _COLINFO, _ROW = 0x0A, 0x2F, 0x22, 0x85, 0x7D, 0x208
_MULTIPLE_NUMBERS = 0xBD
# One filled cell each: formula, number, small number, shared text, text, truth value, rich text.
_FILLED = frozenset({0x06, 0x203, 0x27E, 0xFD, 0x204, 0x205, 0xD6, 0x04, 0x03, 0x02})
_ROW_HIDDEN, _COLUMN_HIDDEN = 0x20, 0x01


class XlsMarks(Struct, frozen=True):
    """The marks of all sheets in the order of the workbook, and how its dates count."""

    sheets: tuple[SheetMarks, ...]
    date_1904: bool


def read_xls_marks(name: str, content: bytes) -> XlsMarks:
    """Return the marks of an .xls; UserError (``import.…``) when it is no workbook or one with a password."""
    compound = CompoundFile(name, content)
    if "encryptedpackage" in compound.streams or "encryptioninfo" in compound.streams:
        raise refuse("import.encrypted", name=name)
    stream_name = next((stream for stream in ("workbook", "book") if stream in compound), None)
    if stream_name is None:
        raise refuse("import.not_a_workbook", name=name, what=_other_office(compound))
    stream = compound.read(stream_name)
    offsets: list[int] = []
    date_1904 = False
    for kind, start, length in _records(stream, 0):
        if kind == _FILEPASS:
            raise refuse("import.encrypted", name=name)
        if kind == _DATEMODE and length >= 2:
            date_1904 = struct.unpack_from("<H", stream, start)[0] == 1
        elif kind == _BOUNDSHEET and length >= 6:
            offset, _, sheet_type = struct.unpack_from("<IBB", stream, start)
            if sheet_type == 0:
                offsets.append(offset)
    return XlsMarks(tuple(_sheet(stream, offset) for offset in offsets), date_1904)


def _sheet(stream: bytes, offset: int) -> SheetMarks:
    marks = SheetMarks()
    columns: set[int] = set()
    hidden_columns: set[int] = set()
    for kind, start, length in _records(stream, offset):
        if kind in _FILLED and length >= 4:
            row, column = struct.unpack_from("<HH", stream, start)
            marks.filled_rows.add(row + 1)
            columns.add(column + 1)
        elif kind == _MULTIPLE_NUMBERS and length >= 6:
            row, column = struct.unpack_from("<HH", stream, start)
            last = struct.unpack_from("<H", stream, start + length - 2)[0]
            marks.filled_rows.add(row + 1)
            columns.update((column + 1, last + 1))
        elif kind == _ROW and length >= 14:
            row, flags = struct.unpack_from("<H10xH", stream, start)
            if flags & _ROW_HIDDEN:
                marks.hidden_rows.add(row + 1)
        elif kind == _COLINFO and length >= 10:
            first, last, _, _, flags = struct.unpack_from("<5H", stream, start)
            if flags & _COLUMN_HIDDEN:
                hidden_columns.update(range(first + 1, min(last, 255) + 2))
    if len(marks.filled_rows) > MOST_ROWS:
        marks.too_big = f"超过 {MOST_ROWS} 行"
    elif columns and max(columns) > MOST_COLUMNS:
        marks.too_big = f"超过 {MOST_COLUMNS} 列"
    elif marks.height * max(columns, default=0) > MOST_GRID_CELLS:
        marks.too_big = f"第 {max(marks.filled_rows)} 行还有内容，请删掉表尾多余的行"
    marks.hidden_rows &= marks.filled_rows
    marks.hidden_columns = hidden_columns
    return marks


def _records(stream: bytes, offset: int) -> Iterator[tuple[int, int, int]]:
    """Yield (kind, start of the data, length) up to the end of the sub-stream; charts inside are passed over."""
    depth, end = 0, len(stream) - 4
    while 0 <= offset <= end:
        kind, length = struct.unpack_from("<HH", stream, offset)
        offset += 4
        if kind in (0x809, 0x409, 0x209, 0x09):
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1 and offset + length <= len(stream):
            yield kind, offset, length
        offset += length


def _other_office(compound: CompoundFile) -> str:
    if "worddocument" in compound:
        return "Word 文档"
    if "powerpoint document" in compound:
        return "演示文稿"
    return "认不出的文件"
