"""The words that sheets of past records use, from the editable tables in ``resources/codes``."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from app.children.roster.words import header_words, plain_word

SEALED = "counselling"
_FOLDER = Path(__file__).resolve().parents[3] / "resources" / "codes"


class WordTable(Struct, frozen=True):
    """One editable table: names of columns, and words for the codes of its other sections."""

    file: str

    def fields(self) -> Mapping[str, str]:
        """Return header name → field, "skip" for columns that are known and not read."""
        return _fields(self.file)

    def codes(self, section: str) -> Mapping[str, str]:
        """Return word → code of a section."""
        return _codes(self.file, section)

    def field_of(self, header: str) -> str | None:
        """Return the field a header names; None for one that is not known."""
        whole, bare, _ = header_words(header)
        return self.fields().get(whole) or self.fields().get(bare)

    def code_in(self, section: str, text: str) -> str | None:
        """Return the code a text says, or the one whose longest word stands in it; None when there is none."""
        word = plain_word(text)
        table = self.codes(section)
        if word in table:
            return table[word]
        inside = [known for known in table if known in word]
        return table[max(inside, key=len)] if inside else None


DIARY = WordTable("diary_words.toml")
"""``kind``, ``medium``, ``topic``, ``guidance`` beside the names of columns."""
fields, codes, field_of, code_in = DIARY.fields, DIARY.codes, DIARY.field_of, DIARY.code_in


def is_sealed(text: str) -> bool:
    """Tell whether a title or a kind speaks of counselling, which only ever lies in the ledger sealed (decisions §1.10)."""
    return code_in("kind", text) == SEALED


@cache
def _fields(file: str) -> Mapping[str, str]:
    table = _table(file)
    found = {header_words(name)[0]: field for field, names in table["fields"].items() for name in names}
    return found | {header_words(name)[0]: "skip" for names in table["skipped"].values() for name in names}


@cache
def _codes(file: str, section: str) -> Mapping[str, str]:
    return {plain_word(word): code for code, words in _table(file)[section].items() for word in words}


@cache
def _table(file: str) -> Mapping[str, Any]:
    return tomllib.loads((_FOLDER / file).read_text(encoding="utf-8"))
