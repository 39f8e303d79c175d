"""The words that sheets of past records use, from the editable table ``resources/codes/diary_words.toml``."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from app.children.roster.words import header_words, plain_word

SEALED = "counselling"
_FILE = Path(__file__).resolve().parents[3] / "resources" / "codes" / "diary_words.toml"


@cache
def fields() -> Mapping[str, str]:
    """Return header name → field, "skip" for columns that are known and not read."""
    table = _table()
    found = {header_words(name)[0]: field for field, names in table["fields"].items() for name in names}
    return found | {header_words(name)[0]: "skip" for names in table["skipped"].values() for name in names}


@cache
def codes(section: str) -> Mapping[str, str]:
    """Return word → code of a section: ``kind``, ``medium``, ``topic``, ``guidance``."""
    return {plain_word(word): code for code, words in _table()[section].items() for word in words}


def field_of(header: str) -> str | None:
    """Return the field a header names; None for one that is not known."""
    whole, bare, _ = header_words(header)
    return fields().get(whole) or fields().get(bare)


def code_in(section: str, text: str) -> str | None:
    """Return the code a text says, or the one whose longest word stands in it; None when there is none."""
    word = plain_word(text)
    table = codes(section)
    if word in table:
        return table[word]
    inside = [known for known in table if known in word]
    return table[max(inside, key=len)] if inside else None


def is_sealed(text: str) -> bool:
    """Tell whether a title or a kind speaks of counselling, which only ever lies in the ledger sealed (decisions §1.10)."""
    return code_in("kind", text) == SEALED


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
