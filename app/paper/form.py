"""The rows of a printed form: section bars, label and value cells, tables, passages, room to write by hand.

A form is 24 units wide. Values are never cut: a cell wraps and its row grows.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from typing import Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from app.paper.page import BAR_GREY, LABEL, PORTRAIT, SECTION, VALUE, Page, Paper
from app.paper.typesetting import Line, Style, Typesetter

UNITS: Final = 24
PAD_X: Final = 4.0
PAD_Y: Final = 2.4
LINE_TO_WRITE: Final = 21.0
"""Height of one hand-written line."""
BASELINE: Final = 0.76
"""Where the baseline of a line lies, as a part of its pitch from the top: centres hanzi optically."""


class Cell(NamedTuple):
    """One cell of a row; ``x`` counts from the left edge of the form."""

    x: float
    width: float
    lines: tuple[Line, ...]
    style: Style
    centred: bool = False
    label: bool = False
    """A label is said again when its row goes on on the next page; so are, in a table, the cells before what goes on."""
    grey: float = 0.0
    """Grey of the ground, 0 = none."""
    styles: tuple[Style, ...] = ()
    """The style of each line where they differ; () = all are of ``style``."""
    right: bool = False
    """Numbers stand under numbers."""

    @property
    def text_height(self) -> float:
        """Height of the lines, without padding."""
        if self.styles:
            return sum(style.leading for style in self.styles)
        return len(self.lines) * self.style.leading

    def draw(self, page: Page, top: float, height: float) -> None:
        """Draw border and text; text stands in the middle of the height."""
        x = page.paper.left + self.x
        if self.grey:
            page.fill(x, top - height, self.width, height, self.grey)
        page.box(x, top - height, self.width, height)
        edge = top - (height - self.text_height) / 2
        for line, style in zip(self.lines, self.styles or (self.style,) * len(self.lines), strict=True):
            baseline = edge - style.leading * BASELINE
            if self.centred:
                page.text_centred(x + self.width / 2, baseline, line, style.size)
            elif self.right:
                page.text_right(x + self.width - PAD_X, baseline, line, style.size)
            else:
                page.text(x + PAD_X, baseline, line, style.size)
            edge -= style.leading


class Side(Struct, frozen=True, eq=False):
    """A label that stands left of several rows, once on each page."""

    cell: Cell


class Section(Struct, frozen=True, eq=False):
    """A part of the form under a grey bar; what is said again where it goes on on the next page."""

    title: str
    bar_again: "Row | None" = None


class Row(Struct, frozen=True, eq=False):
    """One row of the form."""

    cells: tuple[Cell, ...]
    height: float
    section: Section | None = None
    head: "Row | None" = None
    """Column heads above it, repeated on the next page."""
    side: Side | None = None
    bar: bool = False
    """The grey bar itself."""
    with_next: bool = False
    """Not the last on a page: bars, column heads, the rows beside one side label."""
    to_write: tuple[float, float] | None = None
    """Light lines to write on: from, to (x)."""
    about: tuple[str, ...] = ()
    """What it is about, by key: never printed, but known of the page it came on."""
    stretch: int = 0
    """How many more rows like this may be added to fill the last page."""

    def draw(self, page: Page, top: float) -> None:
        """Draw the row with its upper edge at ``top``."""
        for cell in self.cells:
            cell.draw(page, top, self.height)
        if self.to_write:
            left = page.paper.left
            start, end = self.to_write
            line = top - LINE_TO_WRITE
            while line > top - self.height + PAD_Y:
                page.rule(left + start + PAD_X, line, left + end - PAD_X)
                line -= LINE_TO_WRITE

    def split(self, room: float) -> tuple["Row", "Row"] | None:
        """Return what fits into ``room`` and what remains; None when it is not worth a break here."""
        if any(cell.styles for cell in self.cells):
            return None  # a name stays with its class
        fitting = [_fitting(cell, room) for cell in self.cells]
        if any(count < min(len(cell.lines), 2) for count, cell in zip(fitting, self.cells, strict=True)):
            return None
        first, rest = [], []
        whole = self.head is not None
        for count, cell in zip(fitting, self.cells, strict=True):
            whole = whole and count == len(cell.lines)
            first.append(cell if cell.label else cell._replace(lines=cell.lines[:count]))
            if whole:  # whose row it is, before what goes on: said again as a label is
                rest.append(cell._replace(label=True))
            else:
                rest.append(cell if cell.label else cell._replace(lines=cell.lines[count:]))
        return (
            replace(self, cells=tuple(first), height=height_of(first)),
            replace(self, cells=tuple(rest), height=height_of(rest)),
        )


class Block(Struct, frozen=True, eq=False):
    """Something that stands outside the grid and is never broken: a title, signature lines."""

    height: float
    draw: Callable[[Page, float], None]


class Field(NamedTuple):
    """A label cell and its value cell; the last field of a row takes the width that is left."""

    label: str
    value: str
    units: float = 0
    label_units: float = 3


class Column(NamedTuple):
    """One column of a table; the last takes the width that is left. ``right`` is for numbers of several digits."""

    title: str
    units: float = 0
    centred: bool = False
    right: bool = False


def _fitting(cell: Cell, room: float) -> int:
    """Return how many lines of a cell stand in a height; no single line is left for the next page."""
    lines = len(cell.lines)
    count = min(lines, int((room - 2 * PAD_Y) // cell.style.leading))
    return count - 1 if count == lines - 1 and count > 2 else count


def height_of(cells: Sequence[Cell], least: float = 0) -> float:
    """Height of a row that holds these cells, at least ``least``."""
    return max(least, 2 * PAD_Y + max(cell.text_height for cell in cells))


class Form:
    """Puts rows together for one document; cells that come again on every sheet are made once."""

    def __init__(self, setter: Typesetter, paper: Paper = PORTRAIT) -> None:
        self.paper = paper
        self._setter = setter
        self._unit = paper.width / UNITS
        self._labels: dict[tuple[str, float, float], Cell] = {}
        self._heads: dict[tuple[Column, ...], Row] = {}
        self._sections: dict[str, tuple[Section, Row]] = {}
        self._items: list[Row | Block] = []
        self._section: Section | None = None
        self._side: Side | None = None

    def take(self) -> list[Row | Block]:
        """Return what was put together since the last call."""
        items, self._items, self._section = self._items, [], None
        return items

    def block(self, height: float, draw: Callable[[Page, float], None], *, with_rows: int = 0) -> None:
        """Add something outside the grid; the last ``with_rows`` rows before it stand on the same page."""
        for place in range(len(self._items) - 1, max(len(self._items) - 1 - with_rows, -1), -1):
            item = self._items[place]
            if not isinstance(item, Row):
                break
            self._items[place] = replace(item, with_next=True)
        self._items.append(Block(height, draw))

    def section(self, title: str) -> None:
        """Begin a section with its grey bar."""
        if title not in self._sections:
            section = Section(title, self._bar(f"{title}（续）"))
            self._sections[title] = section, replace(self._bar(title), section=section)
        self._section, bar = self._sections[title]
        self._items.append(bar)

    @contextmanager
    def side(self, label: str, units: float = 2) -> Iterator[None]:
        """Put a label left of all rows that are added inside the block, and keep them on one page if they are few."""
        start = len(self._items)
        self._side = Side(self._label(label, 0, units * self._unit))
        try:
            yield
        finally:
            self._side = None
        self._items[start:-1] = [
            replace(row, with_next=True) for row in self._items[start:-1] if isinstance(row, Row)
        ]

    def fields(self, *fields: Field, least: float = 0, lines_to_write: int = 0) -> None:
        """Add a row of labels and values; an empty last value gets ``lines_to_write`` light lines."""
        cells: list[Cell] = []
        x = self._left()
        for field in fields:
            label_width = field.label_units * self._unit
            width = (
                field.units * self._unit if field is not fields[-1] else self.paper.width - x - label_width
            )
            cells.append(self._label(field.label, x, label_width))
            cells.append(self._value(field.value, x + label_width, width))
            x += label_width + width
        self._add_to_write(cells, least, lines_to_write)

    def passage(self, text: str, *, lines_to_write: int) -> None:
        """Add free text over the whole width; when empty, light lines to write on."""
        left = self._left()
        self._add_to_write(
            [self._value(text, left, self.paper.width - left)], 2 * VALUE.leading, lines_to_write
        )

    def table(
        self,
        columns: tuple[Column, ...],
        rows: Sequence[Sequence[str]],
        *,
        least: float = 0,
        blank_rows: int = 0,
        blank_height: float = LINE_TO_WRITE,
        stretch: int = 0,
        style: Style = VALUE,
        below: Style | None = None,
        about: Sequence[tuple[str, ...]] = (),
    ) -> None:
        """Add column heads and rows, each ``least`` high; ``blank_rows`` empty ones follow, the last may ``stretch``.

        ``style`` is that of the cells: larger for what hangs on a wall, smaller where many columns share a page. With
        ``below`` every second paragraph of a cell is of that style: a name, and its class under it. ``about`` are the
        keys of what each row is about, when somebody wants to know on which page that came.
        """
        head = self._head(columns)
        self._items.append(replace(head, section=self._section))
        for texts, keys in zip_longest(rows, about[: len(rows)], fillvalue=()):
            cells = [
                self._value(
                    text,
                    place.x,
                    place.width,
                    centred=column.centred,
                    right=column.right,
                    style=style,
                    below=below,
                )
                for text, place, column in zip(texts, head.cells, columns, strict=True)
            ]
            self._items.append(replace(self._row(cells, least, head=head), about=keys))
        empty = tuple(place._replace(lines=(), label=False) for place in head.cells)
        for number in range(1, blank_rows + 1):
            row = self._row(empty, blank_height, head=head)
            self._items.append(replace(row, stretch=stretch) if number == blank_rows else row)

    def _left(self) -> float:
        return self._side.cell.width if self._side else 0

    def _row(self, cells: Sequence[Cell], least: float = 0, head: Row | None = None) -> Row:
        return Row(tuple(cells), height_of(cells, least), self._section, head, self._side)

    def _add_to_write(self, cells: list[Cell], least: float, lines_to_write: int) -> None:
        last = cells[-1]
        row = self._row(cells, least)
        if lines_to_write and not any(line.runs for line in last.lines):
            height = max(row.height, lines_to_write * LINE_TO_WRITE)
            row = replace(row, height=height, to_write=(last.x, last.x + last.width))
        self._items.append(row)

    def _label(self, text: str, x: float, width: float) -> Cell:
        key = (text, x, width)
        if key not in self._labels:
            lines = self._setter.wrap(text, LABEL, width - PAD_X)
            self._labels[key] = Cell(x, width, lines, LABEL, centred=True, label=True)
        return self._labels[key]

    def _value(
        self,
        text: str,
        x: float,
        width: float,
        *,
        centred: bool = False,
        right: bool = False,
        style: Style = VALUE,
        below: Style | None = None,
    ) -> Cell:
        room = width - 2 * PAD_X
        if below is None:
            return Cell(x, width, self._setter.wrap(text, style, room), style, centred, right=right)
        lines: list[Line] = []
        styles: list[Style] = []
        for place, paragraph in enumerate(text.split("\n")):
            look = below if place % 2 else style
            wrapped = self._setter.wrap(paragraph, look, room)
            lines += wrapped
            styles += [look] * len(wrapped)
        return Cell(x, width, tuple(lines), style, centred, styles=tuple(styles))

    def _bar(self, title: str) -> Row:
        lines = self._setter.wrap(title, SECTION, self.paper.width - 2 * PAD_X)
        cell = Cell(0, self.paper.width, lines, SECTION, label=True, grey=BAR_GREY)
        return Row((cell,), height_of([cell]), bar=True, with_next=True)

    def _head(self, columns: tuple[Column, ...]) -> Row:
        if columns not in self._heads:
            cells = []
            x = 0.0
            for column in columns:
                width = column.units * self._unit if column is not columns[-1] else self.paper.width - x
                cells.append(self._label(column.title, x, width))
                x += width
            self._heads[columns] = Row(tuple(cells), height_of(cells), with_next=True)
        return self._heads[columns]
