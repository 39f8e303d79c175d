"""Names: one spelling, the nickname in brackets apart, and what else people write into a name cell."""

import re

from msgspec import Struct

from app.children.roster.reading.text import answer, cell_text
from app.children.roster.sheet import CellValue
from app.core.text import normalise_name

_BRACKETED = re.compile(r"[（(\[【〔［]([^）)\]】〕］]*)[）)\]】〕］]")
_OPEN_BRACKET = re.compile(r"[（(\[【〔［].*$", re.DOTALL)
_PLAIN = re.compile("[\u4e00-\u9fff]{2,4}")
_SPLIT = re.compile(r"[、,，;；/／\n|＋+&]|以及")
_AND = re.compile("[和与]")  # also a character of names (张和平): it separates only what are whole names
_NOT_ONE_NAME = re.compile("[0-9、,，;；/／|+]|\n")
_STRAY = re.compile(r"^[*★☆※.、,，]+|[*★☆※、,，]+$")


class NameCell(Struct, frozen=True):
    """A name in one spelling and the bracket text beside it; ``is_odd`` when it does not look like a name."""

    name: str = ""
    note: str | None = None
    is_odd: bool = False


def read_name(value: CellValue) -> NameCell:
    """Read the name of one person; "" when the cell names nobody."""
    if isinstance(value, str) and _PLAIN.fullmatch(value) and answer(value) is None:
        return NameCell(value)
    text = _STRAY.sub("", cell_text(value))
    if not text or answer(text) in ("none", "unknown", "no"):
        return NameCell()
    notes = [note.strip() for note in _BRACKETED.findall(text) if note.strip()]
    bare = _OPEN_BRACKET.sub("", _BRACKETED.sub("", text)).strip()
    if not bare:
        bare, notes = text, []
    name = normalise_name(bare.replace("\n", " "))
    return NameCell(name, "；".join(notes) or None, bool(_NOT_ONE_NAME.search(bare.strip())))


def split_names(text: str) -> list[str]:
    """Return the parts of a cell that names several people: 刘顺昌、何玉梅."""
    parts: list[str] = []
    for part in _SPLIT.split(text):
        pieces = [piece.strip() for piece in _AND.split(part)]
        parts += pieces if all(len(piece) >= 2 for piece in pieces) else [part.strip()]
    return [part for part in parts if part]
