"""Finding the header of a sheet: one, two or three rows among the first fifteen, below any number of titles."""

from msgspec import Struct

from app.children.roster.reading.care import read_care
from app.children.roster.reading.simple import read_sex
from app.children.roster.reading.text import cell_text
from app.children.roster.sheet import MergedRange, RosterSheet, column_letters
from app.children.roster.words import aliases, codes, header_words, plain_word

LAST_HEADER_ROW = 15
FEWEST_KNOWN_NAMES = 3
_MOST_HEADER_ROWS = 3

# Groups of tick columns: one column per answer below them.
OPTION_FIELDS = frozenset(
    {
        "child.sex",
        "care.kind",
        "care.grade",
        "status.label",
        "left_behind",
        "category.words",
        "household.kind",
        "boarding",
        "health.status",
        "disability.kind",
        "income",
        "aid",
        "schooling",
    }
)
_SECTION_OF = {
    "care.grade": "care_grade",
    "status.label": "status",
    "left_behind": "status",
    "category.words": "category",
    "household.kind": "household_kind",
    "boarding": "boarding",
    "health.status": "health",
    "disability.kind": "disability",
    "income": "income",
    "aid": "aid",
    "schooling": "schooling",
}
_GROUP_TAILS = ("基本情况", "基本信息", "有关情况", "情况", "信息", "资料", "栏", "方面", "一栏")
_SECTIONS = frozenset({"基本", "家庭", "家庭成员", "个人", "户籍", "联系", "其他", "居住"})


class HeaderColumn(Struct, frozen=True):
    """One column of the header: its texts from top to bottom, without repeats.

    ``inherited`` tells that the group above it was not merged over it but only stands further left.
    """

    column: int
    parts: tuple[str, ...]
    hidden: bool = False
    inherited: bool = False

    @property
    def text(self) -> str:
        """Return the name to show: 父亲·电话; the column's letters when the header is blank there."""
        return (
            "·".join(" ".join(part.split()) for part in self.parts)
            or f"（{column_letters(self.column)} 列，无表头）"
        )


class Header(Struct, frozen=True):
    """Where the header stands and what it says, column by column; row numbers as Excel shows them."""

    first_row: int
    last_row: int
    columns: tuple[HeaderColumn, ...]


def find_header(sheet: RosterSheet) -> Header | None:
    """Return the header: the first of the first fifteen rows with at least three known names; None without one.

    The rows above and below that belong to it are part of it.
    """
    texts = _Texts(sheet)
    for row in range(sheet.first_row, min(sheet.last_row, LAST_HEADER_ROW) + 1):
        if sum(is_known(text) for text in texts.own(row).values()) >= FEWEST_KNOWN_NAMES:
            return header_at(sheet, row)
    return None


def header_at(sheet: RosterSheet, row: int) -> Header:
    """Return the header that has ``row`` as its main row: what the person points at when none was found."""
    texts = _Texts(sheet)
    first = last = row
    if row > sheet.first_row and _is_group_row(texts, row - 1, row):
        first = row - 1
    while last - first + 1 < _MOST_HEADER_ROWS and _continues(texts, last, last + 1):
        last += 1
    return Header(first, last, _columns(sheet, texts, first, last))


def is_known(text: str) -> bool:
    """Tell whether a header cell holds a name from the alias table: a field, a role, or a role with an attribute."""
    table = aliases()
    whole, bare, inside = header_words(text)
    for word in (whole, bare):
        if not word:
            continue
        if word in table.fields or word in table.skipped or word in table.attributes or word in table.roles:
            return True
        for role in table.roles:
            rest = word.removeprefix(role).removeprefix("的") if word.startswith(role) else ""
            if rest and (rest in table.attributes or rest.rstrip("0123456789") in table.attributes):
                return True
    return any(part in table.roles for part in inside) and bare in table.attributes


def group_word(text: str) -> str:
    """Return a group header without its tail: 父亲情况 → 父亲."""
    word = header_words(text)[0]
    for tail in _GROUP_TAILS:
        if word.endswith(tail) and len(word) > len(tail):
            return word.removesuffix(tail)
    return word


class _Texts:
    """Header cells as text, merged ranges spread over all their cells."""

    def __init__(self, sheet: RosterSheet) -> None:
        self._sheet = sheet
        self._merged = [
            area for area in sheet.merged if area.first_row <= LAST_HEADER_ROW + _MOST_HEADER_ROWS
        ]
        self.columns = range(sheet.first_column, sheet.first_column + sheet.width)

    def own(self, row: int) -> dict[int, str]:
        """Return column → text of the cells that are filled in the row itself."""
        return {column: text for column in self.columns if (text := cell_text(self._sheet.cell(row, column)))}

    def area(self, row: int, column: int) -> MergedRange | None:
        for area in self._merged:
            if area.first_row <= row <= area.last_row and area.first_column <= column <= area.last_column:
                return area
        return None

    def spread(self, row: int, column: int) -> str:
        area = self.area(row, column)
        if area is None:
            return cell_text(self._sheet.cell(row, column))
        return cell_text(self._sheet.cell(area.first_row, area.first_column))

    def exists(self, row: int) -> bool:
        return row <= self._sheet.last_row


def _is_group_row(texts: _Texts, row: int, below: int) -> bool:
    """Tell whether ``row`` names groups over the header row ``below`` it: 父亲情况, 母亲情况, 监护类型."""
    own = texts.own(row)
    widest = max((_span(texts, row, column) for column in own), default=0)
    if (
        not own
        or widest > max(3, 0.8 * len(texts.columns))
        or any("：" in text or ":" in text for text in own.values())
    ):
        return False
    groups = [text for column, text in own.items() if _is_group(text) and texts.spread(below, column)]
    return bool(groups)


def _is_group(text: str) -> bool:
    word, table = group_word(text), aliases()
    return (
        word in table.roles
        or word in table.attributes
        or table.fields.get(word) in OPTION_FIELDS
        or word in _SECTIONS
    )


def _span(texts: _Texts, row: int, column: int) -> int:
    area = texts.area(row, column)
    return area.last_column - area.first_column + 1 if area else 1


def _continues(texts: _Texts, above: int, row: int) -> bool:
    """Tell whether ``row`` is a lower row of the header rather than the first child."""
    if not texts.exists(row):
        return False
    own = {
        column: text
        for column, text in texts.own(row).items()
        if not ((area := texts.area(row, column)) and area.first_row <= above)
    }
    upper = texts.own(above)
    if not own:
        # A blank row under a header that is merged downwards belongs to it.
        return any((area := texts.area(row, column)) and area.first_row <= above for column in texts.columns)
    if any(is_name_header(upper.get(column, "")) for column in own):
        return False
    known = sum(is_known(text) or _is_option(texts, above, column, text) for column, text in own.items())
    return known >= 2 and known >= 0.6 * len(own)


def is_name_header(text: str) -> bool:
    """Tell whether a header cell is the child's name column."""
    whole, bare, _ = header_words(text)
    return "child.name" in (aliases().fields.get(whole), aliases().fields.get(bare))


def _is_option(texts: _Texts, above: int, column: int, text: str) -> bool:
    group = texts.spread(above, column)
    if not group:
        left = [text for at, text in texts.own(above).items() if at < column]
        group = left[-1] if left else ""
    field = aliases().fields.get(group_word(group)) or aliases().fields.get(header_words(group)[0])
    return field in OPTION_FIELDS and is_option(field, text)


def is_option(field: str, text: str) -> bool:
    """Tell whether the text is an answer to the field, so that a column of that name is one of its boxes."""
    if field == "child.sex":
        return read_sex(text) is not None
    if field == "care.kind":
        cell = read_care(text)
        return cell.understood and (cell.kind, cell.grade, cell.carer_able) != (None, None, None)
    return plain_word(text) in codes(_SECTION_OF[field])


def _columns(sheet: RosterSheet, texts: _Texts, first: int, last: int) -> tuple[HeaderColumn, ...]:
    found: list[HeaderColumn] = []
    for column in texts.columns:
        parts: list[str] = []
        inherited = False
        for row in range(first, last + 1):
            text = texts.spread(row, column)
            if not text and row < last and texts.area(row, column) is None:
                text = _group_to_the_left(texts, row, column, last)
                inherited = inherited or bool(text)
            if text and text not in parts:
                parts.append(text)
        found.append(HeaderColumn(column, tuple(parts), column in sheet.hidden_columns, inherited))
    return tuple(found)


def _group_to_the_left(texts: _Texts, row: int, column: int, last: int) -> str:
    """Return the group that an unmerged header means to stand over this column too."""
    if not any(texts.spread(below, column) for below in range(row + 1, last + 1)):
        return ""
    for left in range(column - 1, texts.columns.start - 1, -1):
        text = texts.spread(row, left)
        if text:
            covers = any(texts.spread(below, left) not in ("", text) for below in range(row + 1, last + 1))
            return text if covers else ""
    return ""
