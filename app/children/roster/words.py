"""The words that rosters use, from the two editable tables in ``resources/codes``."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from app.core.text import normalise_cell

_FOLDER = Path(__file__).resolve().parents[3] / "resources" / "codes"
_SPACES = re.compile(r"\s+")
_TIDY = str.maketrans("（）［］【】〔〕：；，。／＼｜＋", "()[][]():;,./\\|+")
_EDGES = ",;:. "
is_han = re.compile("[\u4e00-\u9fff]+").fullmatch
"""Tells whether a text holds nothing but common Chinese characters: then it is in its one spelling already."""
# Required marks, stars and the like say nothing about what a column holds.
_HEADER_NOISE = re.compile(r"[★☆*※#:;,.、\-—_~!?°]|^\d+[.、)]")
_BRACKETS = re.compile(r"[(\[<{《]([^()\[\]<>{}《》]*)[)\]>}》]")


@lru_cache(maxsize=16_384)
def plain_word(text: str) -> str:
    """Return what a cell says in the one spelling of the tables: no spaces, half-width signs, lower case."""
    if is_han(text):
        return text
    word = _SPACES.sub("", normalise_cell(text).translate(_TIDY)).lower()
    return word.strip(_EDGES) or word


@lru_cache(maxsize=4_096)
def header_words(text: str) -> tuple[str, str, tuple[str, ...]]:
    """Return a header as (with its bracket text, without it, the bracket texts), noise stripped."""
    cell = _SPACES.sub("", normalise_cell(text).translate(_TIDY))
    inside = tuple(_noiseless(part) for part in _BRACKETS.findall(cell))
    whole = _noiseless(re.sub(r"[()\[\]<>{}《》]", "", cell))
    return whole, _noiseless(_BRACKETS.sub("", cell)), tuple(part for part in inside if part)


def _noiseless(text: str) -> str:
    return _HEADER_NOISE.sub("", text)


class Aliases(Struct, frozen=True):
    """Which header means what: whole names, roles and attributes; the keys are spelled as ``header_words`` does."""

    fields: Mapping[str, str]
    skipped: Mapping[str, str]
    roles: Mapping[str, str]
    attributes: Mapping[str, str]


@cache
def aliases() -> Aliases:
    """Return the table of header names (``roster_aliases.toml``)."""
    table = _load("roster_aliases.toml")
    return Aliases(
        fields=_inverted(table["fields"], header=True),
        skipped=_inverted(table["skipped"], header=True),
        roles=_inverted(table["roles"], header=True),
        attributes=_inverted(table["attributes"], header=True),
    )


@cache
def codes(section: str) -> Mapping[str, str]:
    """Return word → code of one section of ``roster_words.toml``, words in the spelling of ``plain_word``."""
    return _inverted(_load("roster_words.toml")[section], header=False)


@cache
def registry_codes() -> Mapping[str, str]:
    """Return 学籍 code 0, 1, 2 → what it says about the parents."""
    table: Mapping[str, str] = _load("roster_words.toml")["registry_code"]
    return table


def _inverted(table: Mapping[str, list[str]], *, header: bool) -> dict[str, str]:
    return {
        (header_words(word)[0] if header else plain_word(word)): code
        for code, words in table.items()
        for word in words
    }


@cache
def _load(name: str) -> Mapping[str, Any]:
    with (_FOLDER / name).open("rb") as file:
        return tomllib.load(file)
