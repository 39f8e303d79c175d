"""联系卡 and 应急联系卡 (domain.md §5.8): a card of A6, one to a page or four to an A4 to be cut. No ID number on it.

Nothing is cut off: where a family has much to say, the letters of that card become smaller until it holds all of it.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct

from app.core.progress import Progress, no_progress
from app.paper.document import Document, FinishedPage, finished, opened
from app.paper.fonts import HEI, SONG
from app.paper.form import BASELINE
from app.paper.page import MM, OCHRE, PAGE_HEIGHT, PAGE_WIDTH, PORTRAIT, Page, Paper
from app.paper.printing import PrintResult, PrintStamp
from app.paper.typesetting import Line, Style, Typesetter

CONTACT: Final = "联系卡"
EMERGENCY: Final = "应急联系卡"
A6: Final = (105 * MM, 148.5 * MM)
_ON_A4: Final = 4
_MARGIN: Final = 6 * MM
_LABEL_WIDTH: Final = 62.0
_PAD: Final = 3.0
_TITLE: Final = Style(HEI, 13, 20)
_NAME: Final = Style(HEI, 15, 22)
_TEXT: Final = Style(SONG, 9.5, 13)
_SMALL: Final = Style(SONG, 8, 11)
_SIZES: Final = (1.06, 1.0, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58, 0.52, 0.46, 0.4)
_LEAST: Final = 17.0


class CardRow(Struct, frozen=True, kw_only=True):
    """One line of a card. ``text`` "" is room to write; ``doubt`` = printed in ochre, the words say why."""

    label: str
    text: str = ""
    doubt: str = ""


class Card(Struct, frozen=True, kw_only=True):
    """One card. ``key`` is the child's uuid and never printed; ``about`` is class and sex, ``foot`` until when it holds."""

    key: str
    school: str
    name: str
    about: str
    rows: Sequence[CardRow]
    foot: str


def render_cards(
    cards: Sequence[Card],
    out: Path | BinaryIO,
    *,
    title: str,
    four: bool,
    stamp: PrintStamp,
    progress: Progress = no_progress,
) -> PrintResult:
    """Write the cards, ``four`` to an A4 with the lines to cut along, else one to an A6. ValueError without any."""
    if not cards:
        raise ValueError("no card to print")
    with opened(out) as file:
        paper = PORTRAIT if four else Paper(A6, _MARGIN, A6[0] - _MARGIN, A6[1] - _MARGIN, _MARGIN)
        document = Document(file, title=title, author=cards[0].school, stamp=stamp, paper=paper)
        setter = document.setter
        pages: list[FinishedPage] = []
        starts: dict[str, int] = {}
        step = _ON_A4 if four else 1
        for at in range(0, len(cards), step):
            progress(at, len(cards), f"正在排版：{at} / {len(cards)} 张")
            page = Page()
            for card, (left, bottom) in zip(cards[at : at + step], _places(four=four), strict=False):
                _draw(page, setter, card, title, left, bottom)
                starts[card.key] = len(pages) + 1
            if four:
                _cut_lines(page)
            pages.append(finished(page, foot=False))
        document.write(pages)
        missing = tuple(sorted(setter.missing))
        return PrintResult(pages=len(pages), missing_characters=missing, page_of_child=starts)


def _places(*, four: bool) -> Iterator[tuple[float, float]]:
    """Yield the lower left corner of each card of a page, the upper ones first."""
    width, height = A6
    if not four:
        yield 0.0, 0.0
        return
    for bottom in (height, 0.0):
        for left in (0.0, width):
            yield left, bottom


def _cut_lines(page: Page) -> None:
    width, height = A6
    page.rule(0, height, PAGE_WIDTH)
    page.fill(width - 0.2, 0, 0.4, PAGE_HEIGHT, 0.62)


def _draw(page: Page, setter: Typesetter, card: Card, title: str, left: float, bottom: float) -> None:
    x, end = left + _MARGIN, left + A6[0] - _MARGIN
    top = bottom + A6[1] - _MARGIN
    page.text(x, top - _TITLE.leading * BASELINE, setter.line(title, _TITLE.font), _TITLE.size)
    _fitted(page, setter, card.school, end, top - _TITLE.leading * BASELINE, (end - x) * 0.66)
    top -= _TITLE.leading + 2
    name = setter.line(card.name, _NAME.font)
    about = setter.line(card.about, _TEXT.font)
    # A name is never cut: it and the class share the width, both smaller when it is long.
    room = (end - x - 10) * 1000 / max(name.width * _NAME.size + about.width * _TEXT.size, 1)
    scale = min(1.0, room)
    page.text(x, top - _NAME.leading * BASELINE, name, _NAME.size * scale)
    page.text_right(end, top - _NAME.leading * BASELINE, about, _TEXT.size * scale)
    top -= _NAME.leading + 3
    foot = setter.wrap(card.foot, _SMALL, end - x)
    floor = bottom + _MARGIN + len(foot) * _SMALL.leading + 4
    _draw_rows(page, setter, card.rows, (x, end), top, floor)
    baseline = floor - 4 - _SMALL.leading * BASELINE
    for line in foot:
        page.text(x, baseline, line, _SMALL.size)
        baseline -= _SMALL.leading


def _fitted(page: Page, setter: Typesetter, text: str, end: float, baseline: float, room: float) -> None:
    line = setter.line(text, _SMALL.font)
    page.text_right(end, baseline, line, min(_SMALL.size, room * 1000 / max(line.width, 1)))


def _draw_rows(
    page: Page,
    setter: Typesetter,
    rows: Sequence[CardRow],
    across: tuple[float, float],
    top: float,
    floor: float,
) -> None:
    x, end = across
    laid = _laid_out(setter, rows, end - x, top - floor)
    first = top
    for row, (style, label, texts, doubts, height) in zip(rows, laid, strict=True):
        page.box(x, top - height, _LABEL_WIDTH, height)
        page.box(x + _LABEL_WIDTH, top - height, end - x - _LABEL_WIDTH, height)
        baseline = top - (height - len(label) * style.leading) / 2 - style.leading * BASELINE
        for line in label:
            page.text_centred(x + _LABEL_WIDTH / 2, baseline, line, style.size)
            baseline -= style.leading
        lines = len(texts) + len(doubts)
        baseline = top - (height - lines * style.leading) / 2 - style.leading * BASELINE
        for line in texts:
            page.text(x + _LABEL_WIDTH + _PAD, baseline, line, style.size)
            baseline -= style.leading
        for line in doubts:
            page.text(x + _LABEL_WIDTH + _PAD, baseline, line, style.size, ink=OCHRE if row.doubt else "")
            baseline -= style.leading
        top -= height
    page.frame(x, top, end - x, first - top)


_Laid = tuple[Style, tuple[Line, ...], tuple[Line, ...], tuple[Line, ...], float]


def _laid_out(setter: Typesetter, rows: Sequence[CardRow], width: float, room: float) -> list[_Laid]:
    """Return the rows at the largest size at which the card holds them all; what is left over opens the empty ones."""
    found: list[_Laid] = []
    for scale in _SIZES:
        style = Style(_TEXT.font, _TEXT.size * scale, _TEXT.leading * scale)
        found = [_row(setter, row, style, width, _LEAST * scale) for row in rows]
        if sum(row[4] for row in found) <= room:
            break
    empty = sum(not row.text and not row.doubt for row in rows)
    spare = max(0.0, room - sum(row[4] for row in found)) / max(empty, 1)
    return [
        made if row.text or row.doubt else (*made[:4], made[4] + min(spare, _LEAST))
        for row, made in zip(rows, found, strict=True)
    ]


def _row(setter: Typesetter, row: CardRow, style: Style, width: float, least: float) -> _Laid:
    label = setter.wrap(row.label, style, _LABEL_WIDTH - 2 * _PAD)
    wide = width - _LABEL_WIDTH - 2 * _PAD
    texts = setter.wrap(row.text, style, wide) if row.text else ()
    doubts = setter.wrap(row.doubt, style, wide) if row.doubt else ()
    lines = max(len(label), len(texts) + len(doubts), 1)
    return style, label, texts, doubts, max(least, lines * style.leading + 2 * _PAD * style.size / _TEXT.size)
