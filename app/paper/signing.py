"""Lines to sign and room for the seal."""

from typing import Final

from app.paper.page import LABEL, Page
from app.paper.typesetting import Typesetter

LINE_HEIGHT: Final = 30.0


def signature_lines(
    page: Page, top: float, setter: Typesetter, rows: tuple[tuple[tuple[str, str], ...], ...]
) -> None:
    """Draw rows of (label, what is already known), each with a line to sign on, spread over the width."""
    size = LABEL.size
    baseline = top - LINE_HEIGHT + 8
    for row in rows:
        step = page.paper.width / len(row)
        for place, (label, known) in enumerate(row):
            x = page.paper.left + place * step
            words = setter.line(label, LABEL.font)
            page.text(x, baseline, words, size)
            start = x + words.width * size / 1000 + 2
            if label.endswith("："):
                page.text(start + 4, baseline, setter.line(known, LABEL.font), size)
                page.line(start, baseline - 3, x + step - 14)
        baseline -= LINE_HEIGHT
