"""Lines to sign and room for the seal."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from app.paper.page import LABEL, Page
from app.paper.typesetting import Typesetter

LINE_HEIGHT: Final = 30.0
_GAP: Final = 14.0
"""Between a line and the next label."""
_TO_SIGN: Final = 62.0
"""A line is at least as long as a name is when it is written by hand."""


class Signature(NamedTuple):
    """A label, what is already known, and the width both have with their line."""

    label: str
    known: str
    width: float


def signature_rows(
    setter: Typesetter, rows: Sequence[Sequence[tuple[str, str]]], width: float
) -> tuple[tuple[Signature, ...], ...]:
    """Share out the width in each row of (label, what is already known): evenly, where a long name needs more by need.

    What does not stand beside each other stands below each other.
    """
    found: list[tuple[Signature, ...]] = []
    for row in rows:
        needs = [_need(setter, label) for label, _ in row]
        even, spare = width / len(row), width - sum(needs)
        if max(needs) <= even:
            widths = [even] * len(row)
        elif spare >= 0 or len(row) == 1:
            widths = [need + spare / len(row) for need in needs]
        else:
            half = (len(row) + 1) // 2
            found += signature_rows(setter, (row[:half], row[half:]), width)
            continue
        found.append(
            tuple(Signature(label, known, of) for (label, known), of in zip(row, widths, strict=True))
        )
    return tuple(found)


def signature_lines(
    page: Page, top: float, setter: Typesetter, rows: tuple[tuple[Signature, ...], ...]
) -> None:
    """Draw the rows, each part with a line to sign on."""
    size = LABEL.size
    baseline = top - LINE_HEIGHT + 8
    for row in rows:
        x = page.paper.left
        for label, known, width in row:
            words = setter.line(label, LABEL.font)
            page.text(x, baseline, words, size)
            start = x + words.width * size / 1000 + 2
            if label.endswith("："):
                page.text(start + 4, baseline, setter.line(known, LABEL.font), size)
                page.line(start, baseline - 3, x + width - _GAP)
            x += width
        baseline -= LINE_HEIGHT


def _need(setter: Typesetter, label: str) -> float:
    words = setter.line(label, LABEL.font).width * LABEL.size / 1000
    return words + _GAP + (_TO_SIGN if label.endswith("：") else 0)
