"""大字条: for grandparents, when the child calls and from which number, in letters that are read without glasses.

No letter under 18 points, two slips to an A4 to be cut, no ID number, nothing that says what kind of child it is.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct

from app.paper.document import Document, FinishedPage, finished, opened
from app.paper.fonts import HEI, SONG
from app.paper.form import BASELINE
from app.paper.page import MM, PAGE_HEIGHT, PAGE_WIDTH, Page
from app.paper.printing import PrintResult, PrintStamp
from app.paper.typesetting import Line, Style, Typesetter

SLIP: Final = "大字条"
LEAST: Final = 18.0
"""No letter on it is smaller, in points."""
_HALF: Final = PAGE_HEIGHT / 2
_SIDE: Final = 16 * MM
_EDGE: Final = 9 * MM
# The largest that fits is taken.
_HEADS: Final = tuple(Style(HEI, size, size * 1.5) for size in (38.0, 34.0, 30.0, 26.0, 22.0, LEAST))
_TEXTS: Final = tuple(Style(SONG, size, size * 1.5) for size in (30.0, 27.0, 25.0, 22.0, 20.0, LEAST))


class Slip(Struct, frozen=True, kw_only=True):
    """One slip: the ``head`` (whose call), the lines below it, the ``number`` in letters of the head, ``foot`` whom to ask."""

    key: str
    head: str
    lines: Sequence[str]
    foot: Sequence[str]
    number: str = ""


def render_slips(
    slips: Sequence[Slip], out: Path | BinaryIO, *, school: str, stamp: PrintStamp
) -> PrintResult:
    """Write the slips, two to a page; one that needs more than half a page even so goes on on the next half.

    ValueError without any.
    """
    if not slips:
        raise ValueError("no slip to print")
    with opened(out) as file:
        document = Document(file, title=SLIP, author=school, stamp=stamp)
        setter = document.setter
        halves: list[tuple[str, _Half]] = [
            (slip.key, half) for slip in slips for half in _halves(setter, slip)
        ]
        pages: list[FinishedPage] = []
        starts: dict[str, int] = {}
        for at in range(0, len(halves), 2):
            page = Page()
            for place, (key, half) in enumerate(halves[at : at + 2]):
                _draw(page, half, PAGE_HEIGHT - place * _HALF)
                starts.setdefault(key, len(pages) + 1)
            page.rule(0, _HALF, PAGE_WIDTH)
            pages.append(finished(page, foot=False))
        document.write(pages)
        missing = tuple(sorted(setter.missing))
        return PrintResult(pages=len(pages), missing_characters=missing, page_of_child=starts)


_Half = list[tuple[Line, Style]]


def _halves(setter: Typesetter, slip: Slip) -> list[_Half]:
    """Return the lines of a slip at the largest letters that fit one half, else over several halves at the smallest."""
    room = _HALF - 2 * _EDGE
    wide = PAGE_WIDTH - 2 * _SIDE
    lines: _Half = []
    for head, text in zip(_HEADS, _TEXTS, strict=True):
        lines = [(line, head) for line in setter.wrap(slip.head, head, wide)]
        for told, style in ((slip.lines, text), ((slip.number,), head), (slip.foot, text)):
            lines += [(line, style) for one in told if one for line in setter.wrap(one, style, wide)]
        if sum(style.leading for _, style in lines) <= room:
            return [lines]
    most = int(room // _TEXTS[-1].leading)
    return [lines[at : at + most] for at in range(0, len(lines), most)]


def _draw(page: Page, half: _Half, top: float) -> None:
    used = sum(style.leading for _, style in half)
    top -= _EDGE + max(0.0, (_HALF - 2 * _EDGE - used) / 3)
    for line, style in half:
        page.text(_SIDE, top - style.leading * BASELINE, line, style.size)
        top -= style.leading
