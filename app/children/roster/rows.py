"""Which rows of a sheet are children: titles, repeated headers, subtotals, footers and blank rows are passed over."""

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from app.children.roster.columns import ColumnChoice
from app.children.roster.draft import Cells, RawCell
from app.children.roster.header import Header
from app.children.roster.reading.text import answer, cell_text, is_ordinary
from app.children.roster.sheet import BLANK, CellValue, RosterSheet
from app.children.roster.words import header_words

_TOTAL = re.compile(r"^(?:总|.{0,8}[班级校页表组村社男女生数])?(?:小计|合计|总计|共计|累计)")
_HINT = re.compile(r"[（(【\[].*[)）】\]]", re.DOTALL)
_FOOT = re.compile(
    r"^(?:填表人|填报人|制表|审核|复核|审批|负责人|单位负责人|单位领导|学校负责人|校长|分管领导|班主任[（(:：签]|填报日期|填表日期|填报时间|填表时间"
    r"|填表说明|填报说明|备注[:：]|说明[:：]|注[:：1-9]|注意|签字|签名|联系人[:：]|联系电话[:：]|填报单位|填表单位|单位[（(]|学校[（(]盖章|盖章|制表人|经办人|抄送|打印)"
)
_EXAMPLE = re.compile(r"^(?:示例|样例|例[:：如]|填写示例|范例|样表|举例)|(?:示例|样例|范例|[（(]例[）)])$")
_CLASS_TITLE = re.compile(r"[班级]")
_A_NAME = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff·]{2,5}")
_NOT_NAMES = re.compile("班|级|以下|空白|以上|学校|小学|中学|名单|花名册|统计|儿童|学生|情况|表$|年度|学年")
_COUNT = re.compile(r"([0-9]+)\s*[人名]?")
# Filled on every prepared line, also on those that hold no child.
_PREPARED = frozenset({"class.name", "class.grade"})
_CLASS = "class.name"
_FEWEST_CARRIED = 4
"""Of fewer rows nobody can tell how the column is written."""


class SkippedRow(Struct, frozen=True):
    """A row that was passed over. ``why``: 空行, 表头, 标题, 小计, 表尾, 示例."""

    sheet: str
    row: int
    why: str
    text: str = ""


class SheetRows(Struct):
    """The children's rows of one sheet, each with the class title above it, and the rows passed over."""

    sheet: str
    rows: list[tuple[int, Cells, str]] = field(default_factory=list)
    skipped: list[SkippedRow] = field(default_factory=list)
    stated_total: int | None = None
    """The number in the last 合计 row, else the sum of the 小计 rows, to be compared with our own count."""
    carried: frozenset[int] = frozenset()
    """The rows whose blank class is that of the row above: the column names it only where a class begins."""


def read_rows(sheet: RosterSheet, header: Header, choices: Sequence[ColumnChoice]) -> SheetRows:
    """Return the rows of children below the header.

    A value merged over several rows goes to all of them; rows over which the name itself is merged continue the child
    above with further family members. 同上 stands for the cell above it, of the class for the last one named. Blanks are
    not filled down, but for the class where most rows leave it blank below one that names it: who, is told (``carried``).
    """
    return _RowReader(sheet, header, choices).read()


_LONGEST_DITTO = 3  # characters
_new = tuple.__new__  # what ``RawCell(…)`` does, in a third of the time: hundreds of thousands of cells


class _Dittos(dict[str, bool]):
    """Whether a short text means 同上: a roster says the same few in thousands of cells."""

    def __missing__(self, text: str) -> bool:
        found = self[text] = answer(text) == "same_as_above"
        return found


class _RowReader:
    def __init__(self, sheet: RosterSheet, header: Header, choices: Sequence[ColumnChoice]) -> None:
        self._sheet = sheet
        self._header = header
        self._found = SheetRows(sheet.name)
        self._columns = [
            (choice.column, choice.target, choice.header) for choice in choices if choice.target is not None
        ]
        self._header_words = {
            choice.column: {header_words(part)[0] for part in (*choice.header.split("·"), choice.header)}
            for choice in choices
        }
        self._header_texts = {
            value
            for row in range(header.first_row, header.last_row + 1)
            for choice in choices
            if isinstance(value := sheet.cell(row, choice.column), str) and value
        }
        self._name_column = next((c.column for c in choices if c.target == "child.name"), 0)
        self._merged = self._merged_values()
        self._places = [
            (column - sheet.first_column, column, target, header) for column, target, header in self._columns
        ]
        self._dittos = _Dittos()
        self._above: Cells = {}
        self._last_class: list[RawCell] = []
        self._ditto_rows: set[int] = set()
        self._title = ""
        self._has_whole = False

    def read(self) -> SheetRows:
        first = self._header.last_row + 1
        for number, row in self._sheet.numbered():
            if number >= first:
                self._take(number, row)
        for number, column in sorted(self._sheet.uncomputed):
            if column == self._name_column and number > max(first - 1, self._sheet.last_row):
                self._found.rows.append((number, {}, self._title))
        self._carry_class()
        return self._found

    def _carry_class(self) -> None:
        """Give the class that is named at its first child to those below, where the column is written that way."""
        rows = self._found.rows
        named = [number for number, cells, _ in rows if _CLASS in cells and number not in self._ditto_rows]
        blank = [number for number, cells, title in rows if cells and _CLASS not in cells and not title]
        is_so = blank and named and named[0] == rows[0][0] and len(rows) >= _FEWEST_CARRIED
        if not is_so or any("class.grade" in cells for _, cells, _ in rows) or 2 * len(named) > len(rows):
            return
        above: list[RawCell] = []
        for number, cells, _ in rows:
            if _CLASS in cells:
                above = cells[_CLASS]
            elif number in blank:
                cells[_CLASS] = [cell._replace(row=number) for cell in above]
        self._found.carried = frozenset(blank)

    def _take(self, number: int, row: list[CellValue]) -> None:
        filled = [
            (column, value)
            for column, value in enumerate(row, start=self._sheet.first_column)
            if value != BLANK and (not isinstance(value, str) or not value.isspace())
        ]
        # Where the name is a formula without a stored value a child is meant: the row waits, it is not a blank one.
        is_uncomputed = (number, self._name_column) in self._sheet.uncomputed
        if not filled and not any((number, column) in self._merged for column, _, _ in self._columns):
            if is_uncomputed:
                self._found.rows.append((number, {}, self._title))
            else:
                self._skip(number, "空行")
            return
        why = "" if is_uncomputed else self._reason_to_skip(filled)
        if why:
            self._skip(number, why, "".join(cell_text(value) for _, value in filled[:3]))
            return
        cells = self._cells(number, row)
        if self._continues(number):
            self._continue(cells)
            return
        if not is_uncomputed and all(target.startswith("skip:") or target in _PREPARED for target in cells):
            self._skip(number, "空行")
            return
        self._above = cells
        self._last_class = cells.get(_CLASS) or self._last_class
        self._found.rows.append((number, cells, self._title))

    def _skip(self, number: int, why: str, text: str = "") -> None:
        self._found.skipped.append(SkippedRow(self._sheet.name, number, why, text))

    def _reason_to_skip(self, filled: list[tuple[int, CellValue]]) -> str:
        if not filled:
            return ""
        texts = [(column, cell_text(value)) for column, value in filled[:4]]
        named = cell_text(next((value for column, value in filled if column == self._name_column), BLANK))
        leading = texts[0][1] if texts else ""
        compact = "".join(leading.split())
        total = next((text for _, text in texts if _TOTAL.match("".join(text.split()))), "")
        if total and (
            not named or named.isdigit() or _COUNT.fullmatch(named) or _TOTAL.match("".join(named.split()))
        ):
            self._note_total(filled)
            return "小计"
        if _FOOT.match(compact) and (not named or named == leading):
            return "表尾"
        if _EXAMPLE.search(compact) or _EXAMPLE.search(named):
            return "示例"
        if self._repeats_header(filled) or _numbers_columns(filled):
            return "表头"
        if len(filled) >= 2 and all(_HINT.fullmatch(cell_text(value)) for _, value in filled):
            return "示例"
        if len(filled) == 1 and not self._is_only_a_name(filled[0]):
            if isinstance(filled[0][1], str) and not _is_prepared_number(leading):
                if _CLASS_TITLE.search(leading):
                    self._title = leading
                return "标题"
            return "空行"
        return ""

    def _repeats_header(self, filled: list[tuple[int, CellValue]]) -> bool:
        leading = filled[:12]
        if not any(value in self._header_texts for _, value in leading if isinstance(value, str)):
            return False
        same = sum(
            isinstance(value, str) and header_words(value)[0] in self._header_words.get(column, ())
            for column, value in leading
        )
        return same >= 3 or (same >= 2 and same == len(filled))

    def _is_only_a_name(self, cell: tuple[int, CellValue]) -> bool:
        column, value = cell
        if column != self._name_column or not isinstance(value, str):
            return False
        text = "".join(cell_text(value).split())
        return bool(_A_NAME.fullmatch(text)) and not _NOT_NAMES.search(text)

    def _note_total(self, filled: list[tuple[int, CellValue]]) -> None:
        for _, value in filled:
            text = cell_text(value)
            number = _COUNT.fullmatch(_TOTAL.sub("", "".join(text.split())).lstrip(":：共"))
            if number and int(number[1]) < 100_000:
                self._take_total(int(number[1]), is_part="小计" in "".join(map(str, (v for _, v in filled))))
                return

    def _take_total(self, number: int, *, is_part: bool) -> None:
        """Note a total; 小计 of several classes one below the other add up until a 合计 speaks of all of them."""
        if not is_part:
            self._found.stated_total, self._has_whole = number, True
        elif not self._has_whole:
            self._found.stated_total = (self._found.stated_total or 0) + number

    # ---- cells ----------------------------------------------------------------------------------------------------

    def _cells(self, number: int, row: list[CellValue]) -> Cells:
        cells: Cells = {}
        merged, dittos = self._merged, self._dittos
        # One look at the whole row instead of one at each of its cells.
        is_plain = is_ordinary("".join([value for value in row if isinstance(value, str)])) is not None
        for place, column, target, header in self._places:
            value = row[place] if 0 <= place < len(row) else BLANK
            if value != BLANK:
                text = value.strip() if is_plain and isinstance(value, str) else cell_text(value)
            elif (number, column) in merged:
                value = merged[number, column]
                text = cell_text(value)
            else:
                continue
            if not text:
                continue
            if len(text) <= _LONGEST_DITTO and dittos[text]:
                above = self._last_class if target == _CLASS else self._above.get(target)
                if not above:
                    continue
                if target == _CLASS:
                    self._ditto_rows.add(number)
                value, text = above[0].value, above[0].text
            cell = _new(RawCell, (value, text, number, column, header))
            if target in cells:
                cells[target].append(cell)
            else:
                cells[target] = [cell]
        return cells

    def _merged_values(self) -> Mapping[tuple[int, int], CellValue]:
        """Return what a merged range says to the cells below its first one, in its first column."""
        values: dict[tuple[int, int], CellValue] = {}
        for area in self._sheet.merged:
            if area.last_row > area.first_row > self._header.last_row:
                value = self._sheet.cell(area.first_row, area.first_column)
                for row in range(area.first_row + 1, area.last_row + 1):
                    values[row, area.first_column] = value
        return values

    def _continues(self, number: int) -> bool:
        """Tell whether the row goes on with the child above: the name's cell is merged over it."""
        return (number, self._name_column) in self._merged and bool(self._found.rows)

    def _continue(self, cells: Cells) -> None:
        """Give the further persons of a continued row to the child above, and its other values where blank."""
        _, child, _ = self._found.rows[-1]
        extra = f"member_row{sum(target.startswith('member_row') for target in child)}"
        for target, found in cells.items():
            owner, _, attribute = target.partition(".")
            if any(cell.value == found[0].value for cell in child.get(target, ())):
                continue
            if owner in ("father", "mother", "carer", "family", "member") or owner.startswith("member"):
                child.setdefault(f"{extra}.{attribute}", []).extend(found)
            elif target not in child:
                child[target] = found
            elif target == "child.note":
                child[target].extend(found)


def _numbers_columns(filled: Sequence[tuple[int, CellValue]]) -> bool:
    """Tell whether a row only numbers the columns: 1, 2, 3, 4 …"""
    return len(filled) >= 3 and all(
        cell_text(value).strip("（）()") == str(number) for number, (_, value) in enumerate(filled, start=1)
    )


def _is_prepared_number(text: str) -> bool:
    """Tell whether a lone cell is only the running number of a line that was left blank."""
    return text.isascii() and text.isdigit()


def class_titles(sheet: RosterSheet, header: Header) -> Iterator[str]:
    """Yield the texts that may name the class of a whole sheet: its own name, then the titles above the header."""
    yield sheet.name
    for number, row in sheet.numbered():
        if number >= header.first_row:
            return
        for value in row:
            if isinstance(value, str) and _CLASS_TITLE.search(value):
                yield cell_text(value)
