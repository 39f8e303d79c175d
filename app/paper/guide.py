"""The printed guide and the card of keys: how the program looks and what to press, on paper."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct

from app.paper.document import Document, DrawnPicture, FinishedPage, finished, opened
from app.paper.fonts import HEI, SONG
from app.paper.form import BASELINE
from app.paper.page import BOTTOM, LEFT, NOTE, RIGHT, TITLE, TOP, WIDTH, Page
from app.paper.printing import PrintResult, PrintStamp
from app.paper.typesetting import Style, Typesetter

CARD_TITLE: Final = "守望　按键卡"
_HEAD: Final = Style(HEI, 15, 24)
_TEXT: Final = Style(SONG, 11, 16.5)
_MARK: Final = Style(HEI, 8, 13)
_KEY: Final = Style(HEI, 9.5, 14)
_KEY_SAID: Final = Style(SONG, 10, 14)
_GROUP: Final = Style(HEI, 10.5, 17)
_GROUP_GAP: Final = 8.0
_NUMBERS: Final = "①②③④⑤⑥⑦⑧⑨"
_INDENT: Final = 16.0
_BETWEEN: Final = 10.0
_HALF_HIGH: Final = 0.36
"""Half of the height of a figure, in its size."""
_WHITE: Final = "1 1 1 rg"
_COLUMN_GAP: Final = 20.0
_KEY_WIDTH: Final = 92.0


class Marked(Struct, frozen=True):
    """A word of a picture: what it is called there, what is said of it, the middle of its badge as shares of width and height."""

    name: str
    said: str
    across: float
    down: float


class Picture(Struct, frozen=True):
    """One picture of the program with its marks and the lines below it. ``png`` are the bytes of the file."""

    png: bytes
    marks: Sequence[Marked]
    lines: Sequence[str]


def render_guide(
    title: str,
    pages: Sequence[tuple[str, Sequence[Picture]]],
    out: Path | BinaryIO,
    *,
    edition: str,
    stamp: PrintStamp,
) -> PrintResult:
    """Write the guide, a page per title; what does not fit its page is an error: the guide has a fixed number of pages."""
    with opened(out) as file:
        document = Document(file, title=title, author=edition, stamp=stamp)
        setter = document.setter
        done = [
            _guide_page(
                setter,
                head,
                pictures,
                f"{edition}　{title.partition('　')[2]}　第 {number} 页，共 {len(pages)} 页",
            )
            for number, (head, pictures) in enumerate(pages, start=1)
        ]
        document.write(done)
        return PrintResult(
            pages=len(done), missing_characters=tuple(sorted(setter.missing)), page_of_child={}
        )


def _guide_page(setter: Typesetter, head: str, pictures: Sequence[Picture], foot: str) -> FinishedPage:
    page = Page()
    drawn: list[DrawnPicture] = []
    top = _lines(setter, page, [head], _HEAD, LEFT, WIDTH, TOP)
    for picture in pictures:
        top -= _BETWEEN / 2
        image = DrawnPicture(picture.png, LEFT, top, WIDTH)
        drawn.append(image)
        page.box(LEFT, top - image.height, WIDTH, image.height)
        for number, mark in enumerate(picture.marks, start=1):
            middle = (LEFT + mark.across * WIDTH, top - mark.down * image.height)
            image.badges.append(middle)
            figure = setter.line(str(number), HEI)
            left = middle[0] - figure.width * _MARK.size / 2000
            page.text(left, middle[1] - _MARK.size * _HALF_HIGH, figure, _MARK.size, ink=_WHITE)
        top -= image.height + _BETWEEN
        for numeral, mark in zip(_NUMBERS, picture.marks, strict=False):
            page.text(LEFT, top - _TEXT.leading * BASELINE, setter.line(numeral, HEI), _TEXT.size)
            said = f"「{mark.name}」　{mark.said}"
            top = _lines(setter, page, [said], _TEXT, LEFT + _INDENT, WIDTH - _INDENT, top)
        for line in picture.lines:
            page.text(LEFT + 4, top - _TEXT.leading * BASELINE, setter.line("·", HEI), _TEXT.size)
            top = _lines(setter, page, [line], _TEXT, LEFT + _INDENT, WIDTH - _INDENT, top)
    if top < BOTTOM:
        raise ValueError(f"a page of the guide is {BOTTOM - top:.0f} points too long")
    page.text_centred((LEFT + RIGHT) / 2, BOTTOM - NOTE.leading * 1.5, setter.line(foot, SONG), NOTE.size)
    return finished(page, foot=False, pictures=drawn)


def _lines(
    setter: Typesetter, page: Page, texts: Sequence[str], style: Style, left: float, width: float, top: float
) -> float:
    for text in texts:
        for line in setter.wrap(text, style, width):
            page.text(left, top - style.leading * BASELINE, line, style.size)
            top -= style.leading
    return top


def render_key_card(
    groups: Sequence[tuple[str, Sequence[tuple[str, str]]]],
    out: Path | BinaryIO,
    *,
    edition: str,
    stamp: PrintStamp,
) -> PrintResult:
    """Write the card: groups of (key, what it does) in two columns on one page; an error when they need more."""
    with opened(out) as file:
        document = Document(file, title=CARD_TITLE, author=edition, stamp=stamp)
        setter = document.setter
        page = Page()
        top = _lines(setter, page, [CARD_TITLE], TITLE, LEFT, WIDTH, TOP) - _BETWEEN
        wide = (WIDTH - _COLUMN_GAP) / 2
        total = sum(_group_height(setter, keys, wide) for _, keys in groups)
        left, at, used = LEFT, top, 0.0
        for title, keys in groups:
            high = _group_height(setter, keys, wide)
            if left == LEFT and used > 0 and used + high / 2 > total / 2:
                left, at = LEFT + wide + _COLUMN_GAP, top
            at = _lines(setter, page, [title], _GROUP, left, wide, at)
            page.rule(left, at + 1, left + wide)
            for key, words in keys:
                page.text(left, at - _KEY.leading * BASELINE, setter.line(key, HEI), _KEY.size)
                at = _lines(setter, page, [words], _KEY_SAID, left + _KEY_WIDTH, wide - _KEY_WIDTH, at)
            at -= _GROUP_GAP
            used += high
            if at < BOTTOM:
                raise ValueError(f"the card of keys is {BOTTOM - at:.0f} points too long")
        page.text_centred(
            (LEFT + RIGHT) / 2, BOTTOM - NOTE.leading * 1.5, setter.line(edition, SONG), NOTE.size
        )
        document.write([finished(page, foot=False)])
        return PrintResult(pages=1, missing_characters=tuple(sorted(setter.missing)), page_of_child={})


def _group_height(setter: Typesetter, keys: Sequence[tuple[str, str]], wide: float) -> float:
    lines = sum(len(setter.wrap(words, _KEY_SAID, wide - _KEY_WIDTH)) for _, words in keys)
    return _GROUP.leading + lines * _KEY_SAID.leading + _GROUP_GAP
