"""The fonts of the paper: loaded when something is first printed, corrected so that rare characters copy out right."""

from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream, PDFString, PDFZCompress

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "fonts"

SONG: Final = "SchoolSong-Regular"
"""Body and values."""
HEI: Final = "SchoolHei-Bold"
"""Titles, section bars, column heads."""

FALLBACK: Final = (SONG, HEI)
"""Where a character is looked for, in order, when the wanted font has not got it."""

MISSING_MARK: Final = "〓"
"""Stands on the paper for a character that no font has (geta mark, the printers' own sign for it)."""

_ONE_AT_A_TIME = Lock()


class EmbeddedFont(ttfonts.TTFont):
    """A TrueType font that a document embeds as one subset with codes of two bytes (PDF 32000-1, 9.7).

    reportlab itself cuts a font into pieces of 256 characters, so that a Chinese line changes font at every second
    character, and writes ToUnicode maps that are wrong beyond U+FFFF: such names print right, but are neither found
    nor copied.
    """

    def code(self, char: str, document: Any) -> int:
        """Return the code of ``char``, which the font has, in this document."""
        codes = self._codes(document)
        return codes.setdefault(ord(char), len(codes))

    def splitString(self, text: str, doc: Any, encoding: str = "utf-8") -> list[tuple[int, bytes]]:  # noqa: ARG002, N802
        """Return the codes of ``text`` as reportlab's own drawing asks for them."""
        return [(0, b"".join(self.code(char, doc).to_bytes(2, "big") for char in text))]

    def getSubsetInternalName(self, subset: int, doc: Any) -> str:  # noqa: ARG002, N802
        """Return the name of the font in the pages' resources; the document then embeds it."""
        if self.fontName not in doc.fontMapping:
            doc.fontMapping[self.fontName] = f"/F{len(doc.fontMapping) + 1}"
            doc.delayedFonts.append(self)
        return str(doc.fontMapping[self.fontName])

    def addObjects(self, doc: Any) -> None:  # noqa: N802
        """Add the characters that were used to the document."""
        with _ONE_AT_A_TIME:  # reportlab reads the font file through one position that all documents share
            self._embed(doc)

    def _embed(self, doc: Any) -> None:
        chars = list(self._codes(doc))
        name = f"SUBSET+{self.fontName}"
        face: Any = self.face
        descendant = PDFDictionary(
            {
                "Type": PDFName("Font"),
                "Subtype": PDFName("CIDFontType2"),
                "BaseFont": PDFName(name),
                "CIDSystemInfo": PDFDictionary(
                    {"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity"), "Supplement": 0}
                ),
                "FontDescriptor": face.addSubsetObjects(doc, name, chars),
                "DW": 1000,
                "W": PDFArray([0, PDFArray([round(face.getCharWidth(char)) for char in chars])]),
                "CIDToGIDMap": doc.Reference(_stream(_glyph_numbers(face.charToGlyph, chars))),
            }
        )
        composite = PDFDictionary(
            {
                "Type": PDFName("Font"),
                "Subtype": PDFName("Type0"),
                "BaseFont": PDFName(name),
                "Encoding": PDFName("Identity-H"),
                "DescendantFonts": PDFArray([doc.Reference(descendant)]),
                "ToUnicode": doc.Reference(_stream(to_unicode_map(chars))),
            }
        )
        doc.idToObject["BasicFonts"].dict[self.getSubsetInternalName(0, doc)[1:]] = doc.Reference(composite)
        del self.state[doc]

    def _codes(self, document: Any) -> dict[int, int]:
        """Return code point → code of one document; code 0 stays the missing character."""
        if document not in self.state:
            self.state[document] = {0: 0}  # type: ignore[assignment]  # the base class keeps its own kind of state
        return self.state[document]  # type: ignore[return-value]


def _stream(content: str | bytes) -> PDFStream:
    return PDFStream(content=content, filters=[PDFZCompress])


def _glyph_numbers(glyphs: dict[int, int], chars: list[int]) -> bytes:
    """Return the glyph number of each code, as reportlab's subset numbers them: in order, equal glyphs once."""
    numbers = {0: 0}
    return b"".join(
        numbers.setdefault(glyphs.get(char, 0), len(numbers)).to_bytes(2, "big") for char in chars
    )


def to_unicode_map(chars: list[int]) -> str:
    """Return a ToUnicode CMap (PDF 32000-1, 9.10.3): code n is the character ``chars[n]``."""
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<0000> <FFFF>",
        "endcodespacerange",
    ]
    pairs = list(enumerate(chars))[1:]
    for start in range(0, len(pairs), 100):  # the format allows no more in one block
        block = pairs[start : start + 100]
        lines.append(f"{len(block)} beginbfchar")
        lines += [f"<{code:04X}> <{chr(char).encode('utf-16-be').hex().upper()}>" for code, char in block]
        lines.append("endbfchar")
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)


def font(name: str) -> EmbeddedFont:
    """Return a bundled font, registered with reportlab; the file is read at the first call (about 0.1 s)."""
    with _ONE_AT_A_TIME:  # two threads must not each have a font of their own
        return _loaded(name)


@cache
def _loaded(name: str) -> EmbeddedFont:
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
