"""Citizen ID numbers (公民身份号码, GB 11643-1999): what a number says, and whether it can be right.

Never guesses: a number with a fault is described, not repaired. An area code that nobody knows
is no fault, boundaries change.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Literal

from msgspec import Struct

from app.core.text import normalise_cell

Problem = Literal["length", "characters", "check_digit", "birth_date", "fifteen"]

_INSIDE = re.compile(r"[\s\-‐-―－]+")
_QUOTES = "'\"`‘’“”"
_SHAPE = re.compile(r"[0-9]+X?", re.ASCII)


class IdFinding(Struct, frozen=True):
    """What was found in an ID number.

    ``number`` is the tidy form (no spaces, half-width, X). ``ok`` means 18 characters, a real
    birth date and a right check digit. ``birth_date`` (ISO) and ``sex`` (GB/T 2261.1: "1" male,
    "2" female) are what the digits say, also when ``problem`` is ``check_digit`` or
    ``fifteen`` (an old number of 15 digits): then they are hints, not facts.
    """

    number: str
    ok: bool
    problem: Problem | None
    birth_date: str | None
    sex: Literal["1", "2"] | None


def inspect_id(text: str) -> IdFinding:
    """Say what the typed ``text`` is as an ID number."""
    number = tidy_id(text)
    if not number or len(number) not in (15, 18):
        is_other = bool(number) and _SHAPE.fullmatch(number) is None
        return IdFinding(
            number, ok=False, problem="characters" if is_other else "length", birth_date=None, sex=None
        )
    if len(number) == 15:
        return _fifteen(number)
    if _SHAPE.fullmatch(number) is None:
        return IdFinding(number, ok=False, problem="characters", birth_date=None, sex=None)
    birth, sex = _birth(number[6:14]), _sex(number[16])
    problem: Problem | None = None
    if birth is None:
        problem = "birth_date"
    elif not _check_digit_fits(number):
        problem = "check_digit"
    return IdFinding(number, ok=problem is None, problem=problem, birth_date=birth, sex=sex)


def tidy_id(text: str) -> str:
    """Return ``text`` without spaces, hyphens and quote marks, half-width, with a capital X."""
    if text.isascii() and text.isalnum():  # thousands in a roster are in order
        return text.upper()
    return _INSIDE.sub("", normalise_cell(text)).strip(_QUOTES).upper()


def _check_digit_fits(number: str) -> bool:
    return _checksum()(number) == 1  # what ``is_valid`` asks of characters that are in order


@cache  # the statement alone takes a sixth of the time when a roster asks thousands of times
def _checksum() -> Callable[[str], int]:
    # Its package reads half of the standard library when it is imported, TLS included: not while the window starts.
    from stdnum.iso7064 import mod_11_2

    checksum: Callable[[str], int] = mod_11_2.checksum
    return checksum


def _fifteen(number: str) -> IdFinding:
    if not number.isdecimal():
        return IdFinding(number, ok=False, problem="characters", birth_date=None, sex=None)
    return IdFinding(
        number, ok=False, problem="fifteen", birth_date=_birth(f"19{number[6:12]}"), sex=_sex(number[14])
    )


def _birth(digits: str) -> str | None:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    # An earlier year is a slip in the digits; the standard's own example was born in 1880.
    return born.isoformat() if born.year >= 1800 else None


def _sex(digit: str) -> Literal["1", "2"]:
    return "1" if int(digit) % 2 else "2"
