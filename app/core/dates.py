"""Partial ISO dates (``2025``, ``2025-03``, ``2025-03-12``) and periods of them.

Where a rule needs a day, the earliest and the latest possible one are asked; when they
disagree the answer is None, 待确认 on the screen.
"""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

_FULL = 10  # characters of a date that names its day
_SHAPE = re.compile(r"([12][0-9]{3})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)


def is_partial_date(text: str) -> bool:
    """Tell whether ``text`` is an ISO date of any precision that exists in the calendar (1000 to 2999)."""
    try:
        earliest(text)
    except ValueError:
        return False
    return True


def earliest(text: str) -> date:
    """Return the first day that ``text`` may mean; ValueError when it is no partial date."""
    year, month, day = _parts(text)
    return date(year, month or 1, day or 1)


def latest(text: str) -> date:
    """Return the last day that ``text`` may mean; ValueError when it is no partial date."""
    year, month, day = _parts(text)
    return date(year, month or 12, day or monthrange(year, month or 12)[1])


def in_force(valid_from: str | None, valid_to: str | None, day: date) -> bool | None:
    """Tell whether the period [valid_from, valid_to) holds ``day``; None when the precision leaves it open.

    No start means it always was so, no end that it still is.
    """
    started = valid_from is None or latest(valid_from) <= day
    may_have_started = valid_from is None or earliest(valid_from) <= day
    ended = valid_to is not None and latest(valid_to) <= day
    may_have_ended = valid_to is not None and earliest(valid_to) <= day
    if not may_have_started or ended:
        return False
    if started and not may_have_ended:
        return True
    return None


def age_on(birth: str, day: date) -> int | None:
    """Return the age in whole years on ``day``; None when the precision of ``birth`` leaves it open.

    The age grows on the birthday itself (domain.md §1); who was born on 29 February grows on
    1 March in other years. Before the birth the age is negative.
    """
    first = earliest(birth)
    oldest = _years_between(first, day)
    if len(birth) == _FULL:
        return oldest
    return oldest if oldest == _years_between(latest(birth), day) else None


def months_before(day: date, months: int) -> date:
    """Return the same day ``months`` earlier (later when negative), or that month's last day if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=16_384)  # a school's files say the same few thousand days over and over
def _parts(text: str) -> tuple[int, int | None, int | None]:
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        raise ValueError(f"not a partial ISO date: {text!r}")
    year, month, day = shape.groups()
    if month is None:
        return int(year), None, None
    if day is None:
        date(int(year), int(month), 1)
        return int(year), int(month), None
    found = date(int(year), int(month), int(day))
    return found.year, found.month, found.day


def _years_between(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
