"""What a table shows: cells and columns, described over the frozen row they come from."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

from msgspec import Struct, field
from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from ui.theme import Tone


class Cell(Struct, frozen=True):
    """One cell as words.

    `text` in `tone`, bold if asked; `aside` follows on the same line in small type (87%  缺 3 项);
    `second` is the second line of a two-line row; `tag` sets the text as a tag on its tint;
    `icon` stands before the text.
    """

    text: str
    tone: Tone = Tone.INK
    bold: bool = False
    aside: str = ""
    aside_tone: Tone = Tone.INK3
    second: str = ""
    second_tone: Tone = Tone.INK2
    tag: bool = False
    icon: str = ""
    link: bool = False


class Column(Struct, frozen=True):
    """One column over rows of any frozen type.

    `cell(row)` gives a Cell or plain text. `sample` is the longest real text: it sets the width (with
    `second_sample`/`aside` text included by writing it out). `sort(row)` makes the head a sort
    switch. `essential` columns come first when the window is narrow; `frozen` ones stay while the rest
    scrolls. `paint` draws the cell itself (load squares) instead of words. `link=True`: the text is a
    verb, a press on it emits `link_pressed(row, key)`. `number` columns stand digit under digit, at
    the end of their column, and share the room that a wide table has left.
    """

    key: str
    head: str
    cell: Callable[[Any], Cell | str]
    sample: str = ""
    sort: Callable[[Any], Any] | None = None
    essential: bool = True
    frozen: bool = False
    link: bool = False
    number: bool = False
    paint: Callable[[QPainter, QRect, Any], None] | None = None
    tip: Callable[[Any], str] | None = field(default=None)


def columns_said(columns: Sequence[Column], rows: Sequence[Any]) -> list[Column]:
    """Leave out the columns that are not essential and in which no row says anything."""
    return [one for one in columns if one.essential or not rows or any(_words(one.cell(row)) for row in rows)]


def _words(cell: Cell | str) -> str:
    return cell.text if isinstance(cell, Cell) else cell


def longest(words: Iterable[str]) -> str:
    """About the widest of these, for the sample of a column: a Chinese character is twice as wide as a digit."""
    return max(words, key=lambda one: sum(1 if letter.isascii() else 2 for letter in one), default="")


def row_uuid(row: Any) -> Hashable:
    """The usual key of a row."""
    key: Hashable = row.uuid
    return key
