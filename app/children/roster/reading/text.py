"""Any cell as the text a person reads, and the words that stand for yes, no, nothing and unknown."""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from app.children.roster.sheet import CellValue
from app.children.roster.words import codes, is_han, plain_word
from app.core.text import normalise_cell

# Characters that are in their one spelling already: most cells hold no others.
is_ordinary = re.compile("[ -~\u4e00-\u9fff、，。（）：；·—]*").fullmatch
"""Tells whether a text needs no more than its ends stripped."""

_LONGEST_ANSWER = 12  # characters, with whatever stands around the word
_NOTHING = frozenset({"none", "unknown"})


def cell_text(value: CellValue) -> str:
    """Return the cell as text; a number of up to 15 digits exactly, a date in ISO form, "" for a blank cell."""
    if isinstance(value, str):
        return _normal(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time | timedelta):
        return str(value)
    return str(value)


def _normal(text: str) -> str:
    return text.strip() if is_ordinary(text) else normalise_cell(text)


def answer(text: str) -> str | None:
    """Return "yes", "no", "none", "unknown" or "same_as_above" when the text is one of those words, else None."""
    return None if len(text) > _LONGEST_ANSWER else _answer(text)


@lru_cache(maxsize=4_096)  # a roster asks it of every short cell, and its columns say the same few words
def _answer(text: str) -> str | None:
    table = codes("answers")
    meant = table.get(text)
    return meant if meant is not None or is_han(text) else table.get(plain_word(text))


def says_nothing(text: str) -> bool:
    """Tell whether the cell is blank or holds a word for nothing (无, —) or for not known (不详)."""
    return not text or (len(text) <= _LONGEST_ANSWER and _answer(text) in _NOTHING)


def yes_or_no(text: str) -> bool | None:
    """Return what a yes/no cell says; a tick is yes, 无 in such a cell is no, 不详 is None."""
    meant = answer(text)
    if meant == "yes":
        return True
    return False if meant in ("no", "none") else None
