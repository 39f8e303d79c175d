"""The paper of our forms: geometry, type sizes, and the drawing operators of one page."""

from typing import Final, NamedTuple

from app.paper.fonts import HEI, SONG
from app.paper.typesetting import Line, Style

MM: Final = 72 / 25.4
PAGE_WIDTH: Final = 210 * MM
PAGE_HEIGHT: Final = 297 * MM


class Paper(NamedTuple):
    """A sheet of paper and the room on it, in points from the lower left corner."""

    size: tuple[float, float]
    left: float
    right: float
    top: float
    bottom: float

    @property
    def width(self) -> float:
        """Return the width of what is written on it."""
        return self.right - self.left


# Forms may use smaller margins than official letters (domain.md §9.4); that of the bound edge is the widest: the left one
# of an upright sheet, the upper one of a broad one.
PORTRAIT: Final = Paper(
    (PAGE_WIDTH, PAGE_HEIGHT), 25 * MM, PAGE_WIDTH - 19 * MM, PAGE_HEIGHT - 20 * MM, 20 * MM
)
LANDSCAPE: Final = Paper(
    (PAGE_HEIGHT, PAGE_WIDTH), 18 * MM, PAGE_HEIGHT - 18 * MM, PAGE_WIDTH - 24 * MM, 19 * MM
)
_, LEFT, RIGHT, TOP, BOTTOM = PORTRAIT
WIDTH: Final = PORTRAIT.width

TITLE: Final = Style(HEI, 22, 30)
SECTION: Final = Style(HEI, 10.5, 15)
LABEL: Final = Style(SONG, 10.5, 15)
VALUE: Final = Style(SONG, 10.5, 15)
SMALL: Final = Style(SONG, 9, 13)
NOTE: Final = Style(SONG, 8, 11)

BAR_GREY: Final = 0.93
RULE_GREY: Final = 0.62
OCHRE: Final = "0.55 0.32 0.05 rg"
"""Text that warns; grey in a grey print, so the words say it too."""
_BLACK: Final = "0 g"
FRAME: Final = 0.9
GRID: Final = 0.45


class Page:
    """Collects what is drawn on one page; coordinates in points from the lower left corner.

    Fills lie below text, lines above. All text stands in one text object, and a font is named only where it changes:
    that makes the page small and quick to write.
    """

    def __init__(self, paper: Paper = PORTRAIT) -> None:
        self.paper = paper
        self._fills: list[str] = []
        self._text: list[str] = []
        self._grid: list[str] = []
        self._rules: list[str] = []
        self._frames: list[str] = []
        self._font = ("", 0.0)

    def text(self, x: float, baseline: float, line: Line, size: float, *, ink: str = "") -> None:
        """Draw one line of text from ``x`` to the right; ``ink`` is another colour than black (``OCHRE``)."""
        if not line.runs:
            return
        out = self._text
        if ink:
            out.append(ink)
        out.append(f"1 0 0 1 {x:.2f} {baseline:.2f} Tm")
        for resource, codes in line.runs:
            if (resource, size) != self._font:
                self._font = (resource, size)
                out.append(f"{resource} {size:g} Tf")
            out.append(f"<{codes}> Tj")
        if ink:
            out.append(_BLACK)

    def text_right(self, x: float, baseline: float, line: Line, size: float) -> None:
        """Draw one line of text that ends at ``x``."""
        self.text(x - line.width * size / 1000, baseline, line, size)

    def text_centred(self, x: float, baseline: float, line: Line, size: float) -> None:
        """Draw one line of text with its middle at ``x``."""
        self.text(x - line.width * size / 2000, baseline, line, size)

    def fill(self, x: float, y: float, width: float, height: float, grey: float) -> None:
        """Fill a rectangle, below the text."""
        self._fills.append(f"{grey:g} g {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f")

    def box(self, x: float, y: float, width: float, height: float) -> None:
        """Draw the border of a cell."""
        self._grid.append(f"{x:.2f} {y:.2f} {width:.2f} {height:.2f} re")

    def frame(self, x: float, y: float, width: float, height: float) -> None:
        """Draw the stronger border around a whole grid."""
        self._frames.append(f"{x:.2f} {y:.2f} {width:.2f} {height:.2f} re")

    def rule(self, x: float, y: float, end: float) -> None:
        """Draw a light line to write on."""
        self._rules.append(f"{x:.2f} {y:.2f} m {end:.2f} {y:.2f} l")

    def line(self, x: float, y: float, end: float) -> None:
        """Draw a thin black line across."""
        self._grid.append(f"{x:.2f} {y:.2f} m {end:.2f} {y:.2f} l")

    def operators(self) -> str:
        """Return the page as PDF operators."""
        parts = ["q", *self._fills]
        if self._text:
            parts += ["0 g BT", *self._text, "ET"]
        if self._rules:
            parts += [f"{RULE_GREY} G 0.4 w", *self._rules, "S"]
        if self._grid:
            parts += [f"0 G {GRID} w", *self._grid, "S"]
        if self._frames:
            parts += [f"0 G {FRAME} w", *self._frames, "S"]
        parts.append("Q")
        return "\n".join(parts)
