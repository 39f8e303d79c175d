"""Ethnic groups by their GB 3304-91 code; 97 and 98 are customary additions (domain.md §9.2)."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).resolve().parents[2] / "resources" / "codes" / "ethnic_groups.csv"


@cache
def ethnic_groups() -> Mapping[str, str]:
    """Return code → name (汉族 …) in the order of the standard."""
    return {code: name for code, name, _ in _rows()}


def ethnic_name(code: str | None) -> str:
    """Return the name for ``code``, "" for None or a code the standard does not have."""
    return ethnic_groups().get(code, "") if code is not None else ""


def ethnic_code(text: str) -> str | None:
    """Return the code for what a person wrote (汉, 汉族, 毛难族, 01); None when it names no group."""
    return _by_word().get(text.strip())


@cache
def _by_word() -> Mapping[str, str]:
    words: dict[str, str] = {}
    for code, name, aliases in _rows():
        for word in (code, name, *aliases.split(";")):
            if word:
                words[word] = code
                if word.endswith("族"):
                    words[word.removesuffix("族")] = code
    return words


@cache
def _rows() -> tuple[tuple[str, str, str], ...]:
    with _TABLE.open(encoding="utf-8", newline="") as table:
        return tuple((row["code"], row["name"], row["aliases"]) for row in csv.DictReader(table))
