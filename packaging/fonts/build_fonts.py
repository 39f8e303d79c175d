"""Build the three TrueType fonts of the program from the Noto CJK collections of Debian.

    python packaging/fonts/build_fonts.py [--out FOLDER] [--only NAME] [--source FOLDER]

reportlab embeds TrueType outlines only, and the Noto CJK fonts carry CFF outlines. So each font is
taken apart and built anew: the Simplified Chinese member of the collection, the characters of
`coverage()`, the cubic outlines turned into quadratic ones, no layout tables, no hints, a family
name of our own (the Open Font License keeps the original names for the original fonts). Nothing in
the result depends on the day or the machine: the same source and the same fontTools give the same bytes.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[2]
SOURCE_FOLDER = Path("/usr/share/fonts/opentype/noto")
SIMPLIFIED_CHINESE = 2
"""Index of the SC member in each Noto CJK collection."""

STAMP = 3_861_302_400
"""`head.created` and `head.modified`: 2026-05-11 in seconds since 1904, fixed so that rebuilds are equal."""

MAX_ERROR = 1.0
"""Largest distance between the cubic and the quadratic outline, in units of 1/1000 em."""

VERSION = "1.000"

NAME_CHARACTERS = "𠮷𬭎䶮㛃𡋾㼆𫖯𬀩𬱖"
"""Characters met in real names that must never be lost; part of every font whatever the tables say."""

SYMBOL_RANGES = (
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x024F),  # Latin with marks: pinyin, names of foreign parents
    (0x02C6, 0x02DD),
    (0x0391, 0x03C9),  # Greek
    (0x0401, 0x0451),  # Cyrillic
    (0x1E00, 0x1EFF),
    (0x2000, 0x206F),  # punctuation
    (0x2070, 0x218F),  # superscripts, currency, letterlike, number forms
    (0x2190, 0x23FF),  # arrows, mathematics, technical
    (0x2460, 0x27BF),  # circled numbers, box drawing, shapes, ticks
    (0x2E80, 0x2FDF),  # radicals
    (0x2FF0, 0x303F),  # CJK punctuation
    (0x3040, 0x312F),  # kana, bopomofo
    (0x3190, 0x33FF),  # strokes, enclosed and square forms
    (0xFE10, 0xFE6F),  # vertical and small forms
    (0xFF00, 0xFFEF),  # full width
)

EXTENSION_A = (0x3400, 0x4DBF)
UNIFIED = (0x4E00, 0x9FFF)
COMPATIBILITY = (0xF900, 0xFAFF)
ASTRAL_HANZI = (0x20000, 0x323AF)


@dataclass(frozen=True)
class Recipe:
    """One font to build: from which file, under which name, how wide its coverage is."""

    file_name: str
    source: str
    source_sha256: str
    family: str
    style: str
    wide: bool
    """Wide = all of Unicode's basic and extension A characters that the source has, not only GBK and the table."""


RECIPES = (
    Recipe(
        "SchoolSong-Regular.ttf",
        "NotoSerifCJK-Regular.ttc",
        "a04178ec485dffdff7cc0c0c20e1fce9202d7e2160d805e8e44a4c8841c58481",
        "School Song",
        "Regular",
        wide=True,
    ),
    Recipe(
        "SchoolHei-Regular.ttf",
        "NotoSansCJK-Regular.ttc",
        "b76b0433203017ca80401b2ee0dd69350349871c4b19d504c34dbdd80541690a",
        "School Hei",
        "Regular",
        wide=False,
    ),
    Recipe(
        "SchoolHei-Bold.ttf",
        "NotoSansCJK-Bold.ttc",
        "faa5f3656a78b2e2d450d27fe8382c778bc2b6bb5ea29c986664a6a435056ceb",
        "School Hei",
        "Bold",
        wide=False,
    ),
)


def general_standard_characters() -> set[int]:
    """The code points of 通用规范汉字表 (8,105 characters)."""
    text = (ROOT / "resources/codes/general_standard_characters.txt").read_text(encoding="utf-8")
    return {ord(char) for line in text.splitlines() if not line.startswith("#") for char in line}


def gbk_characters() -> set[int]:
    """Every character of two bytes in GBK: 20,902 hanzi of Unicode 1.1, compatibility ones, symbols."""
    return set(_decoded(range(0x81, 0xFF), range(0x40, 0xFF)))


def _decoded(leads: range, trails: range) -> Iterator[int]:
    for lead in leads:
        for trail in trails:
            decoded = bytes((lead, trail)).decode("gbk", errors="ignore")
            if len(decoded) == 1 and ord(decoded) > 0x7F:
                yield ord(decoded)


def _within(code: int, block: tuple[int, int]) -> bool:
    return block[0] <= code <= block[1]


def coverage(available: set[int], *, wide: bool) -> list[int]:
    """Code points to keep, ascending: GBK, the standard table, astral hanzi, symbols; `wide` adds the rest of the BMP."""
    wanted = gbk_characters() | general_standard_characters() | set(map(ord, NAME_CHARACTERS))
    blocks = [*SYMBOL_RANGES, ASTRAL_HANZI]
    if wide:
        blocks += [EXTENSION_A, UNIFIED, COMPATIBILITY]
    wanted |= {code for code in available if any(_within(code, block) for block in blocks)}
    return sorted(wanted & available)


def build(recipe: Recipe, source_folder: Path, out: Path) -> None:
    """Build one font into the file `out`."""
    with TTFont(source_folder / recipe.source, fontNumber=SIMPLIFIED_CHINESE, lazy=True) as source:
        _build_from(source, recipe).save(out)


def _build_from(source: TTFont, recipe: Recipe) -> FontBuilder:
    source_cmap: dict[int, str] = source.getBestCmap()
    kept = {code: source_cmap[code] for code in coverage(set(source_cmap), wide=recipe.wide)}
    order = [".notdef", *dict.fromkeys(kept.values())]
    renamed = {old: f"g{number:05d}" if number else old for number, old in enumerate(order)}

    builder = FontBuilder(unitsPerEm=source["head"].unitsPerEm, isTTF=True)
    builder.setupGlyphOrder([renamed[name] for name in order])
    builder.setupCharacterMap({code: renamed[name] for code, name in kept.items()})
    glyphs = _quadratic_glyphs(source, order)
    builder.setupGlyf({renamed[name]: glyph for name, glyph in glyphs.items()})
    advances = source["hmtx"].metrics
    builder.setupHorizontalMetrics(
        {renamed[name]: (advances[name][0], getattr(glyphs[name], "xMin", 0)) for name in order}
    )
    builder.setupHorizontalHeader(ascent=source["hhea"].ascent, descent=source["hhea"].descent)
    builder.setupNameTable(_names(recipe, source), mac=False)
    _copy_style(builder, source)
    builder.setupPost(
        keepGlyphNames=False,
        underlinePosition=source["post"].underlinePosition,
        underlineThickness=source["post"].underlineThickness,
    )
    builder.font.recalcTimestamp = False
    return builder


def _quadratic_glyphs(source: TTFont, order: list[str]) -> dict[str, Any]:
    outlines = source.getGlyphSet()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(None)
        outlines[name].draw(Cu2QuPen(pen, MAX_ERROR, reverse_direction=True))
        glyph = pen.glyph()
        glyph.recalcBounds(None)
        glyphs[name] = glyph
    return glyphs


def _names(recipe: Recipe, source: TTFont) -> dict[str, str]:
    full = recipe.family if recipe.style == "Regular" else f"{recipe.family} {recipe.style}"
    original = source["name"]
    return {
        "copyright": original.getDebugName(0),
        "familyName": recipe.family,
        "styleName": recipe.style,
        "uniqueFontIdentifier": f"{VERSION};{full}",
        "fullName": full,
        "version": f"Version {VERSION}; derived from {original.getDebugName(6)} {original.getDebugName(5).split(';')[0]}",
        "psName": f"{recipe.family.replace(' ', '')}-{recipe.style}",
        "designer": original.getDebugName(9),
        "licenseDescription": original.getDebugName(13),
        "licenseInfoURL": original.getDebugName(14),
    }


def _copy_style(builder: FontBuilder, source: TTFont) -> None:
    """Weight, style bits and line metrics of the source; the layout of a page must not depend on the conversion."""
    builder.font["OS/2"] = copy.deepcopy(source["OS/2"])
    builder.font["OS/2"].usMaxContext = 0
    builder.updateHead(
        created=STAMP,
        modified=STAMP,
        fontRevision=1.0,
        macStyle=source["head"].macStyle,
        lowestRecPPEM=8,
    )


def sha256(path: Path) -> str:
    """Hex digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> int:
    """Build what was asked for, refuse a source other than the recorded one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=ROOT / "resources" / "fonts")
    parser.add_argument("--source", type=Path, default=SOURCE_FOLDER)
    parser.add_argument("--only", choices=[recipe.file_name for recipe in RECIPES])
    options = parser.parse_args()
    for recipe in RECIPES:
        if options.only in (None, recipe.file_name):
            found = sha256(options.source / recipe.source)
            if found != recipe.source_sha256:
                parser.error(
                    f"{recipe.source} has sha256 {found}, the recipe was made for {recipe.source_sha256}"
                )
            target = options.out / recipe.file_name
            build(recipe, options.source, target)
            print(f"{sha256(target)}  {target.stat().st_size:>10}  {recipe.file_name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
