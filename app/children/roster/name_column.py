"""A sheet whose header names the children in words that may mean something else: 留守儿童 over names, or over 是 and 否."""

import re

from msgspec.structs import replace

from app.children.roster.columns import ColumnChoice
from app.children.roster.header import Header
from app.children.roster.reading.text import cell_text
from app.children.roster.sheet import RosterSheet
from app.children.roster.words import codes, header_words, plain_word

NAME = "child.name"
NO_NAME = "没有认出姓名一栏，请在「认列」里指明哪一栏是姓名"
_ALSO_A_QUESTION = frozenset({"留守儿童", "留守学生"})
_A_NAME = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff·]{2,15}")
_MOST = 0.8
"""The share of filled cells that have to look like names; the rest are totals and slips."""


def is_named(choices: tuple[ColumnChoice, ...]) -> bool:
    """Tell whether a column is known to hold the children's names."""
    return any(choice.target == NAME for choice in choices)


def with_names(
    sheet: RosterSheet, header: Header, choices: tuple[ColumnChoice, ...]
) -> tuple[ColumnChoice, ...]:
    """Take a column 留守儿童 for the names where no column says that it holds them and this one does.

    What was corrected by hand before stays as it was corrected.
    """
    if is_named(choices):
        return choices
    for choice in choices:
        words = header_words(choice.header)[:2]
        if (
            not choice.remembered
            and _ALSO_A_QUESTION.intersection(words)
            and _holds_names(sheet, header, choice)
        ):
            return tuple(replace(one, target=NAME) if one is choice else one for one in choices)
    return choices


def _holds_names(sheet: RosterSheet, header: Header, choice: ColumnChoice) -> bool:
    lines = range(header.last_row + 1, sheet.last_row + 1)
    texts = ["".join(cell_text(sheet.cell(line, choice.column)).split()) for line in lines]
    filled = [text for text in texts if text]
    answers = codes("status")
    if not filled or any(plain_word(text) in answers for text in filled):
        return False
    names = [text for text in filled if _A_NAME.fullmatch(text)]
    return len(names) >= _MOST * len(filled) and 2 * len(set(names)) > len(names)
