"""The fonts of the paper: loaded when something is first printed, corrected so that rare characters copy out right."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics, ttfonts

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "fonts"

SONG: Final = "SchoolSong-Regular"
"""Body and values."""
HEI: Final = "SchoolHei-Bold"
"""Titles, section bars, column heads."""

FALLBACK: Final = (SONG, HEI)
"""Where a character is looked for, in order, when the wanted font has not got it."""

MISSING_MARK: Final = "〓"
"""Stands on the paper for a character that no font has (geta mark, the printers' own sign for it)."""


class EmbeddedFont(ttfonts.TTFont):
    """A TrueType font whose embedded subsets map back to the right characters.

    reportlab writes the code point itself into the ToUnicode map, which beyond U+FFFF is no UTF-16: such names
    print right, but are neither found nor copied. It also puts up to 256 characters into one block of the map,
    where the format allows 100.
    """

    def addObjects(self, doc: Any) -> None:  # noqa: N802  # reportlab's name
        """Add the subsets to the document, then put the corrected maps in place of reportlab's."""
        subsets = [list(subset) for subset in self.state[doc].subsets]
        super().addObjects(doc)
        for number, subset in enumerate(subsets):
            prefix: bytes = ttfonts.SUBSETN(number)
            name = b"".join((prefix, b"+", self.face.name, self.face.subfontNameX)).decode("pdfdoc")
            doc.idToObject[f"toUnicodeCMap:{name}"].content = to_unicode_map(name, subset)


def to_unicode_map(name: str, subset: list[int]) -> str:
    """Return a ToUnicode CMap (PDF 32000-1, 9.10.3) from one-byte codes to the characters of ``subset``."""
    pairs = [(code, char) for code, char in enumerate(subset) if char]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
        f"/CMapName /{name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
    ]
    for start in range(0, len(pairs), 100):
        block = pairs[start : start + 100]
        lines.append(f"{len(block)} beginbfchar")
        lines += [f"<{code:02X}> <{chr(char).encode('utf-16-be').hex().upper()}>" for code, char in block]
        lines.append("endbfchar")
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)


@cache
def font(name: str) -> EmbeddedFont:
    """Return a bundled font, registered with reportlab; the file is read at the first call (about 0.1 s)."""
    rl_config.useA85 = 0  # text-only filter that makes the file a quarter larger and slower to write
    loaded = EmbeddedFont(name, str(FOLDER / f"{name}.ttf"), shapable=False)
    pdfmetrics.registerFont(loaded)
    return loaded


def missing_characters(text: str) -> list[str]:
    """Return the characters of ``text`` that no bundled font can print, in order, each once."""
    return [
        char
        for char in dict.fromkeys(text)
        if char not in "\n\t" and not any(ord(char) in font(name).face.charToGlyph for name in FALLBACK)
    ]
