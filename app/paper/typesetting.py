"""Text into lines and glyph codes: what a character is in the fonts of one document, how wide, where a line may end."""

import re
from itertools import groupby
from typing import Any, Final, NamedTuple

from app.core.text import clean
from app.paper.fonts import FALLBACK, MISSING_MARK, font


class Style(NamedTuple):
    """Font, size and line pitch, in points."""

    font: str
    size: float
    leading: float


class Run(NamedTuple):
    """Neighbouring characters of one font."""

    resource: str
    """Name of the font in the page's resources: /F1."""
    codes: str
    """The character codes in hexadecimal."""


class Line(NamedTuple):
    """One line ready to be drawn."""

    runs: tuple[Run, ...]
    width: int
    """In thousandths of the font size."""


class _Glyph(NamedTuple):
    resource: str
    code: str
    width: int


# A line does not begin with these, nor end with those (GB/T 15834 §5.1).
_NOT_FIRST: Final = "，。、；：？！）》〉」』”’〕】〗…—–·‧,.;:?!)]}%％℃々"
_NOT_LAST: Final = "（《〈「『“‘〔【〖([{"
# A number stays with what it counts (24 家), a time of day in one piece (14:30).
_COUNTED: Final = "[0-9]{1,4} [\u3400-\u9fff]"
_TIME: Final = "[0-9]{1,2}:[0-9]{2}"
_UNIT = re.compile(
    rf"[{re.escape(_NOT_LAST)}]*"
    rf"(?:{_COUNTED}|{_TIME}|[0-9A-Za-z_@#&+/\\-]+|.)?[{re.escape(_NOT_FIRST)}]*",
    re.DOTALL,
)
# Drawn as nothing: soft hyphen, variation selectors, tags. Direction and zero-width marks are gone after clean().
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180b-\u180f\ufe00-\ufe0f\U000e0000-\U000e0fff]")
_SPACES: Final = dict.fromkeys((0x09, 0x0B, 0x0C, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F), " ")
_REMEMBERED_LINES: Final = 8000


def printable(text: str) -> str:
    """Return ``text`` as it goes on paper: as the program stores it, tabs and odd spaces as plain ones, no invisibles."""
    text = clean(text)
    return _INVISIBLE.sub("", text).translate(_SPACES) if not text.isascii() or "\t" in text else text


class Typesetter:
    """Turns text into lines for one document; widths and codes of a character are looked up once.

    Characters that no font has are drawn as 〓 and gathered in ``missing``.
    """

    def __init__(self, document: Any) -> None:
        self._document = document
        self._glyphs: dict[str, dict[str, _Glyph]] = {name: {} for name in FALLBACK}
        self._lines: dict[tuple[str, str], Line] = {}
        self.missing: set[str] = set()

    def line(self, text: str, font_name: str) -> Line:
        """Return one line of ``text``, which has no line breaks."""
        key = (font_name, text)
        known = self._lines.get(key)
        if known is None:
            if len(self._lines) >= _REMEMBERED_LINES:
                self._lines.clear()
            known = self._lines[key] = self._set(text, font_name)
        return known

    def wrap(self, text: str, style: Style, width: float) -> tuple[Line, ...]:
        """Return ``text`` in lines no wider than ``width`` points; at least one line, the empty one for ""."""
        room = int(width * 1000 / style.size)
        lines: list[Line] = []
        for paragraph in printable(text).split("\n"):
            whole = self.line(paragraph, style.font)
            if whole.width <= room:
                lines.append(whole)
            else:
                lines += [self.line(part, style.font) for part in self._broken(paragraph, style.font, room)]
        return tuple(lines)

    def width(self, text: str, font_name: str) -> int:
        """Return the width of ``text`` in thousandths of the font size."""
        glyphs = self._glyphs[font_name]
        try:
            return sum([glyphs[char].width for char in text])
        except KeyError:
            return sum([(glyphs.get(char) or self._look_up(char, font_name)).width for char in text])

    def _set(self, text: str, font_name: str) -> Line:
        if not text:
            return Line((), 0)
        glyphs = self._glyphs[font_name]
        found = [glyphs.get(char) or self._look_up(char, font_name) for char in text]
        resources, codes, widths = zip(*found, strict=True)
        if resources.count(resources[0]) == len(resources):
            return Line((Run(resources[0], "".join(codes)),), sum(widths))
        runs = [
            Run(resource, "".join(glyph.code for glyph in run))
            for resource, run in groupby(found, key=lambda glyph: glyph.resource)
        ]
        return Line(tuple(runs), sum(widths))

    def _look_up(self, char: str, font_name: str) -> _Glyph:
        for name in (font_name, *FALLBACK):
            face = font(name).face
            if ord(char) in face.charToGlyph:
                resource = font(name).getSubsetInternalName(0, self._document)
                code = font(name).code(char, self._document)
                glyph = _Glyph(resource, f"{code:04x}", round(face.charWidths[ord(char)]))
                break
        else:
            self.missing.add(char)
            glyph = self._look_up(MISSING_MARK, font_name)
        self._glyphs[font_name][char] = glyph
        return glyph

    def _broken(self, paragraph: str, font_name: str, room: int) -> list[str]:
        lines: list[str] = []
        line, used = "", 0
        for unit in _UNIT.findall(paragraph):
            width = self.width(unit, font_name)
            if used + width > room and line:
                lines.append(line.rstrip(" "))
                line, used = "", 0
                unit = unit.lstrip(" ")  # noqa: PLW2901  # a line does not begin with the space it was broken at
                width = self.width(unit, font_name)
            if width > room:
                *full, unit = self._chopped(unit, font_name, room)  # noqa: PLW2901
                lines += full
                width = self.width(unit, font_name)
            line, used = line + unit, used + width
        return [*lines, line.rstrip(" ")]

    def _chopped(self, unit: str, font_name: str, room: int) -> list[str]:
        """Break a unit that is wider than a whole line wherever the line is full."""
        pieces = [""]
        used = 0
        for char in unit:
            width = self.width(char, font_name)
            if used + width > room and pieces[-1]:
                pieces.append("")
                used = 0
            pieces[-1] += char
            used += width
        return pieces
