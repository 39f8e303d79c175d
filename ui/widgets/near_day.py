"""A day near today, typed with as few keys as it takes: 18, 11-18, 1118, 2026-11-18."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import product

from app.core.dates import is_partial_date
from ui import theme
from ui.widgets.date_field import tidy_date
from ui.widgets.field import Finding, QuietField, State

TOGETHER = re.compile(r"(0[1-9]|1[0-2])([0-3]\d)")
"""Month and day written together, as they are typed quickest: 1118."""
_NEAR = re.compile(r"(?:(\d{1,2})\s*[-./月]\s*)?(\d{1,2})\s*[日号]?")
_WHOLE = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEAR = 366


def tidy_day(text: str, today: date, *, ahead: bool | None) -> str:
    """Return the ISO day that was typed, the text as it is when it is none.

    What is left out is what makes it the nearest one: before today (or today) for what happened, after it when `ahead`,
    on either side of today when that is None (the earlier of two as near).
    """
    text = text.strip()
    together = TOGETHER.fullmatch(text)
    found = together or _NEAR.fullmatch(text)
    if found is None:
        return tidy_date(text)
    month, day = found.group(1), int(found.group(2))
    ways = (-1, 1) if ahead is None else (1,) if ahead else (-1,)
    for distance, way in product(range(_YEAR + 1), ways):
        near = today + timedelta(days=distance * way)
        if near.day == day and (month is None or near.month == int(month)):
            return near.isoformat()
    return text


def check_day(text: str) -> Finding | None:
    """INVALID unless it is a whole day."""
    if _WHOLE.fullmatch(text) and is_partial_date(text):
        return None
    return Finding(State.INVALID, "要写到哪一天，如 18、11-18 或 2026-11-18。")


class NearDay(QuietField):
    """A QuietField for one day near today; `iso` is what stands in it."""

    def __init__(self, today: Callable[[], date], *, ahead: bool | None, hint: str = "") -> None:
        self._today = today
        self._ahead = ahead
        super().__init__(check=check_day, tidy=self._tidied, quiet=False, hint=hint)
        self.setFixedWidth(theme.metrics().field_date)

    @property
    def iso(self) -> str:
        """The day in ISO, or what stands there when it is none yet."""
        return self._tidied(self.text())

    def _tidied(self, text: str) -> str:
        return tidy_day(text, self._today(), ahead=self._ahead)
