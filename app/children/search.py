"""Finding children while somebody types: name, pinyin, initials, end of an ID or phone number, village.

Everything is literal. Words parted by spaces must all be found. A row is only looked at as plain text, so that a
key press costs little in a school of thousands; the places in the name are worked out for rows that are shown.
"""

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import partial
from typing import Protocol, TypeVar

from msgspec import Struct

from app.core.text import normalise_cell, normalise_name

SHORTEST_TAIL = 2  # one digit would find half the school
SHORTEST_PART = 6  # from here on a number is found by its middle too
DOT = "·"  # between the names of a person and of their father, as app.core.text writes every such dot


class Where(StrEnum):
    """What a search word was found in."""

    NAME = "name"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    PLACE = "place"


class Hit(Struct, frozen=True):
    """What the words were found in, the first word's place first."""

    where: tuple[Where, ...]


class Searchable(Protocol):
    """What a row must say of a child so that it can be found; a row of the ledger does."""

    @property
    def name(self) -> str:
        """The name as written."""
        ...

    @property
    def pinyin(self) -> str:
        """Its likely reading, syllable by syllable."""
        ...

    @property
    def id_number(self) -> str | None:
        """公民身份号码."""
        ...

    @property
    def student_registry_no(self) -> str | None:
        """学籍号."""
        ...

    @property
    def student_no(self) -> str | None:
        """班内学号."""
        ...

    @property
    def phones(self) -> tuple[str, ...]:
        """Every number by which somebody around the child is reached."""
        ...

    @property
    def spellings(self) -> str:
        """The names and how they may be typed in letters."""
        ...

    @property
    def places(self) -> str:
        """Where the child lives."""
        ...


Row = TypeVar("Row", bound=Searchable)


def matcher(text: str) -> Callable[[Searchable], Hit | None]:
    """Return a function that tells whether a row fits what was typed; without words every row fits."""
    # Which kind of word it is, is asked once per key press, not once per row.
    finders = tuple(_finder(word) for word in _words(text))

    def match(row: Searchable) -> Hit | None:
        found = []
        for finder in finders:
            where = finder(row)
            if where is None:
                return None
            found.append(where)
        return Hit(tuple(found))

    return match


def search(rows: Iterable[Row], text: str) -> list[Row]:
    """Return the rows that fit what was typed, in their order."""
    match = matcher(text)
    return [row for row in rows if match(row) is not None]


def name_marks(row: Searchable, text: str) -> frozenset[int]:
    """Return which characters of the name were matched, to be underlined; empty when it was found elsewhere."""
    marks: set[int] = set()
    for word in _words(text):
        marks |= _marks(word, row)
    return frozenset(marks)


def _words(text: str) -> list[str]:
    """Return what was typed word by word; whatever dot she has on her keys stands for the one in a name."""
    return [normalise_name(word) for word in normalise_cell(text).lower().split()]


def _finder(word: str) -> Callable[[Searchable], Where | None]:
    if not word.isascii():
        return partial(_find_written, word, word.replace(DOT, ""))
    if _is_number(word):
        return partial(_find_number, word.upper())
    # Most names are ruled out by their letters alone: the word's, in its order, from the beginning of a syllable.
    letters = re.compile("(?:^| )" + ".*".join(map(re.escape, word)))
    return partial(_find_spelled, word, letters.search)


def _find_written(word: str, bare: str, row: Searchable) -> Where | None:
    spellings = row.spellings
    # Few know how to type the dot of 迪丽热巴·买买提: a name is found without it too.
    if word in spellings or (
        bare and (bare != word or DOT in spellings) and bare in spellings.replace(DOT, "")
    ):
        return Where.NAME
    return Where.PLACE if word in row.places else None


def _find_spelled(
    word: str, could_be: Callable[[str], re.Match[str] | None], row: Searchable
) -> Where | None:
    if word not in row.spellings and could_be(row.pinyin) is None:
        return None
    return Where.NAME if _is_spelling(word, row) else None


def _is_spelling(word: str, row: Searchable) -> bool:
    """Tell whether letters spell the name or a part of it, by its likely reading or any other."""
    if word in row.spellings:
        syllables = row.pinyin.count(" ") + 1
        for key in row.spellings.split():
            # Initials fit anywhere, a reading written out from its beginning: "an" is not every 王 and 张.
            if key.startswith(word) or (len(key) <= syllables and word in key):
                return True
    return word[0] in row.pinyin and _spelled(word, row.pinyin.split()) is not None


def _find_number(word: str, row: Searchable) -> Where | None:
    """Find the end of a number, or from ``SHORTEST_PART`` digits on any part; numbers are stored in capitals."""
    if len(word) < SHORTEST_TAIL:
        return None
    own = (row.id_number, row.student_registry_no, row.student_no)
    if len(word) >= SHORTEST_PART:
        if any(word in number for number in own if number):
            return Where.ID_NUMBER
        return Where.PHONE if any(word in number for number in row.phones) else None
    for number in own:
        if number and number.endswith(word):
            return Where.ID_NUMBER
    for number in row.phones:
        if number.endswith(word):
            return Where.PHONE
    return None


def _is_number(word: str) -> bool:
    return word.removesuffix("x").isdecimal()


def _marks(word: str, row: Searchable) -> set[int]:
    name = row.name.lower()
    start = name.find(word)
    if start >= 0:
        return set(range(start, start + len(word)))
    if not word.isascii():
        letters = [place for place, character in enumerate(name) if character != DOT]
        bare = word.replace(DOT, "")
        start = name.replace(DOT, "").find(bare) if bare else -1
        return set(letters[start : start + len(bare)]) if start >= 0 else set()
    places = _readable_places(row.name)
    spelled = _spelled(word, row.pinyin.split())
    if spelled is not None and len(places) == len(row.pinyin.split()):
        first, last = spelled
        return {place for part in places[first : last + 1] for place in part}
    for key in row.spellings.split():
        start = key.find(word)
        if start >= 0 and len(key) == len(places):  # another reading's initials
            return {place for part in places[start : start + len(word)] for place in part}
        if start == 0:  # another reading written out: where its syllables part is not kept
            return set(range(len(name)))
    return set()


def _spelled(word: str, syllables: list[str]) -> tuple[int, int] | None:
    """Return from which to which syllable ``word`` spells them: each whole, by its first letter, the last one begun."""
    for first in range(len(syllables)):
        last = _spelled_from(word, syllables, first)
        if last is not None:
            return first, last
    return None


def _spelled_from(word: str, syllables: list[str], place: int) -> int | None:
    if place >= len(syllables) or word[0] != syllables[place][0]:
        return None
    syllable = syllables[place]
    if syllable.startswith(word):
        return place
    if word.startswith(syllable):
        found = _spelled_from(word[len(syllable) :], syllables, place + 1)
        if found is not None:
            return found
    return _spelled_from(word[1:], syllables, place + 1)


def _readable_places(name: str) -> list[list[int]]:
    """Return the places of each part of a name that has a reading of its own: a character, or a run of letters."""
    parts: list[list[int]] = []
    joins = False
    for place, character in enumerate(name):
        is_plain = character.isascii() and character.isalnum()
        if is_plain and joins:
            parts[-1].append(place)
        elif character.isalnum():
            parts.append([place])
        joins = is_plain
    return parts
