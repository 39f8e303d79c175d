"""What the fast reader does not tell about an .xlsx: hidden rows and columns, formulas without a value, true extents.

The sheets are searched as bytes, piece by piece, before anything else opens the file: a cell far out would make the
reader ask for more memory than the machine has.
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from msgspec import Struct, field

from app.children.roster.sheet import column_number
from app.core.errors import UserError
from app.core.messages import refuse
from app.workbook.ledger_layout import DOCUMENT_SUBJECT
from app.workbook.zip_guard import GuardedZip

MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_GRID_CELLS = 4_000_000
"""The box around all filled cells: the reader makes room for each cell in it, also for the blank ones."""

# A filled cell in column GS (the 201st) or beyond; begun by letters that can be looked for quickly.
_TOO_FAR_RIGHT = re.compile(rb"""r=(?<=\sr=)["'](?:G[S-Z]|[H-Z][A-Z]|[A-Z]{3})[0-9]+["'][^>]*(?<!/)>(?!</)""")
_FILLED_COLUMN = re.compile(rb"""\sr=["']([A-Z]{1,3})[0-9]{1,7}["'][^>]*(?<!/)>(?!</)""")
_ROW_TAG = re.compile(rb"<(\w+:)?row\b")
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_ROW_NUMBER = re.compile(rb"""\sr=["']([0-9]+)["']""")
_HIDDEN = re.compile(rb"""\b(?:hidden=["'](?:1|true)["']|(?:ht|width)=["']0(?:\.0*)?["'])""")
_HIDING = (b"hidden=", b'ht="0', b"ht='0", b'width="0', b"width='0")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_COLUMN_SPAN = re.compile(rb"""\b(min|max)=["']([0-9]+)["']""")
_UNCOMPUTED = re.compile(
    rb"""\sr=["']([A-Z]{1,3})([0-9]{1,7})["'][^>]*><(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"""
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)
_ROW_END = re.compile(rb"</(?:\w+:)?row>|<(?:\w+:)?row\b[^>]*/>")
_LONGEST_ROW = 32 * 1024 * 1024


class SheetMarks(Struct):
    """What one sheet hides and holds; rows and columns count from 1.

    ``too_big`` says why a sheet holds more than a roster may; "" when it does not.
    """

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    uncomputed: set[tuple[int, int]] = field(default_factory=set)
    filled_rows: set[int] = field(default_factory=set)
    too_big: str = ""

    @property
    def height(self) -> int:
        """Return the number of rows from the first filled one to the last."""
        return max(self.filled_rows) - min(self.filled_rows) + 1 if self.filled_rows else 0


class WorkbookMarks(Struct, frozen=True):
    """What the workbook says about itself: part name per sheet, in order, and how its dates count."""

    sheet_parts: tuple[tuple[str, str], ...]
    date_1904: bool
    own_profile: str | None


class XlsxMarks:
    """Reads the marks of one workbook; UserError (``import.…``) when it is no sound workbook."""

    def __init__(self, name: str, archive: GuardedZip) -> None:
        self._name = name
        self._archive = archive

    def workbook(self) -> WorkbookMarks:
        """Return the sheets with their parts, the date system, and whether this program wrote it."""
        root = self._xml("xl/workbook.xml")
        targets = {
            element.get("Id", ""): element.get("Target", "")
            for element in self._xml("xl/_rels/workbook.xml.rels").iter()
            if _local(element.tag) == "Relationship"
        }
        parts: list[tuple[str, str]] = []
        date_1904 = False
        for element in root.iter():
            tag = _local(element.tag)
            if tag == "workbookPr":
                date_1904 = element.get("date1904", "0") in ("1", "true")
            elif tag == "sheet":
                relation = next((value for key, value in element.items() if _local(key) == "id"), "")
                target = targets.get(relation, "")
                part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                parts.append((element.get("name", ""), part))
        return WorkbookMarks(tuple(parts), date_1904, self._own_profile())

    def sheet(self, part: str) -> SheetMarks:
        """Return the marks of one sheet; the search ends as soon as the sheet is found to hold too much."""
        marks = SheetMarks()
        for piece in self._pieces(part):
            if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
                raise refuse("import.suspect", name=self._name)
            _note_filled_rows(piece, marks)
            marks.too_big = _too_big(piece, marks)
            if marks.too_big:
                return marks
            if b"<f" in piece or b":f" in piece:
                marks.uncomputed.update(
                    (int(row), column_number(letters.decode())) for letters, row in _UNCOMPUTED.findall(piece)
                )
            if any(sign in piece for sign in _HIDING):
                _note_hidden(piece, marks)
        if marks.height * MOST_COLUMNS > MOST_GRID_CELLS:
            columns = {letters for piece in self._pieces(part) for letters in _FILLED_COLUMN.findall(piece)}
            width = max((column_number(letters.decode()) for letters in columns), default=1)
            if marks.height * width > MOST_GRID_CELLS:
                marks.too_big = f"第 {max(marks.filled_rows)} 行还有内容，请删掉表尾多余的行"
        marks.hidden_rows &= marks.filled_rows
        return marks

    def _pieces(self, part: str) -> Iterator[bytes]:
        """Yield the sheet in pieces that end at the end of a row."""
        rest = b""
        for chunk in self._archive.chunks(part):
            rest += chunk
            ends = [match.end() for match in _ROW_END.finditer(rest, max(0, len(rest) - 200_000))]
            if ends:
                yield rest[: ends[-1]]
                rest = rest[ends[-1] :]
            elif len(rest) > _LONGEST_ROW:
                raise refuse("import.too_big", name=self._name, why="有一行的内容太多")
        yield rest

    def _own_profile(self) -> str | None:
        if "docProps/core.xml" not in self._archive:
            return None
        try:
            properties = self._xml("docProps/core.xml")
        except UserError:
            return None  # who wrote it is not worth refusing a roster for
        for element in properties.iter():
            if _local(element.tag) == "subject":
                return next(
                    (profile for profile, mark in DOCUMENT_SUBJECT.items() if mark == element.text), None
                )
        return None

    def _xml(self, part: str) -> ET.Element:
        if part not in self._archive:
            raise refuse("import.half", name=self._name)
        content = self._archive.read(part)
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise refuse("import.suspect", name=self._name)
        try:
            return ET.fromstring(content)  # noqa: S314  # no document type, so no entities to expand
        except ET.ParseError as error:
            raise refuse("import.half", name=self._name) from error


def _too_big(piece: bytes, marks: SheetMarks) -> str:
    if len(marks.filled_rows) > MOST_ROWS:
        return f"超过 {MOST_ROWS} 行"
    return f"超过 {MOST_COLUMNS} 列" if _TOO_FAR_RIGHT.search(piece) else ""


def _note_filled_rows(piece: bytes, marks: SheetMarks) -> None:
    """Note the numbers of the rows that hold a value; rows of formatted blank cells hold none."""
    tag = _ROW_TAG.search(piece)
    if tag is None:
        return
    prefix = tag[1] or b""
    value, inline, start = b"<" + prefix + b"v", b"<" + prefix + b"is", b"<" + prefix + b"row"
    number = max(marks.filled_rows, default=0)
    for row in piece.split(b"</" + prefix + b"row>"):
        if value in row or inline in row:
            named = _ROW_NUMBER.match(row, row.rfind(start) + len(start)) or _ROW_NUMBER.search(
                row, row.rfind(start)
            )
            number = int(named[1]) if named else number + 1
            marks.filled_rows.add(number)


def _note_hidden(piece: bytes, marks: SheetMarks) -> None:
    for attributes in _ROW.findall(piece):
        number = _ROW_NUMBER.search(attributes)
        if number and _HIDDEN.search(attributes):
            marks.hidden_rows.add(int(number[1]))
    for attributes in _COLUMN.findall(piece):
        if _HIDDEN.search(attributes):
            span = {key: int(value) for key, value in _COLUMN_SPAN.findall(attributes)}
            first, last = span.get(b"min", 1), min(span.get(b"max", 0), MOST_COLUMNS)
            marks.hidden_columns.update(range(first, last + 1))


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]
