"""A day near today, typed with as few keys as it takes: 18, 11-18, 11.18, 1118, 2026-11-18."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import product

from app.core.dates import is_partial_date
from ui.widgets.date_field import DateField, check_date, tidy_date
from ui.widgets.field import Finding, State

TOGETHER = re.compile(r"(0[1-9]|1[0-2])([0-3]\d)")
"""Month and day written together, as they are typed quickest: 1118."""
NOT_A_DAY = "要写到哪一天，如 18、11-18 或 2026-11-18。"
NOT_A_DATE = "看不出是哪一天；可写 11-18、2026-11-18，只知道年或月就写 2026、2026-11。"
_NEAR = re.compile(r"(?:(\d{1,2})\s*[-./月]\s*)?(\d{1,2})\s*[日号]?")
_WHOLE = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEAR, _SLIP = 366, 31


def tidy_day(text: str, today: date, *, ahead: bool | None) -> str:
    """Return the ISO day that was typed, the text as it is when it is none.

    What is left out is what makes it the nearest one: before today (or today) for what happened, after it when `ahead`,
    on either side of today when that is None (the earlier of two as near). A month and a day less than a month on the
    other side are there, not a year away: 11-24 on the 23rd is tomorrow also where something has happened, and 11-22
    yesterday where something is to come. Whether such a day will do, the form knows.
    """
    text = text.strip()
    together = TOGETHER.fullmatch(text)
    found = together or _NEAR.fullmatch(text)
    if found is None:
        return tidy_date(text)
    month, day = found.group(1), int(found.group(2))
    ways = (-1, 1) if ahead is None else (1,) if ahead else (-1,)
    near_by = range(1, _SLIP + 1) if ahead is not None and month is not None else ()
    across = (-distance if ahead else distance for distance in near_by)
    for distance in (0, *across, *(distance * way for distance, way in product(range(1, _YEAR + 1), ways))):
        near = today + timedelta(days=distance)
        if near.day == day and (month is None or near.month == int(month)):
            return near.isoformat()
    return text


def check_day(text: str) -> Finding | None:
    """INVALID unless it is a whole day."""
    if _WHOLE.fullmatch(text) and is_partial_date(text):
        return None
    return Finding(State.INVALID, NOT_A_DAY)


def check_near_date(text: str) -> Finding | None:
    """INVALID unless it is a date, as precisely as it is known."""
    return Finding(State.INVALID, NOT_A_DATE) if check_date(text) else None


class NearDay(DateField):
    """A DateField for one whole day near today; `iso` is what stands in it, `day` that as a date.

    `today` is asked while she types, or is the day itself that the nearest one is sought to; for `ahead` see `tidy_day`.
    `check` is asked of a whole day only.
    """

    def __init__(
        self,
        today: Callable[[], date] | date,
        *,
        ahead: bool | None = None,
        hint: str = "",
        quiet: bool = False,
        check: Callable[[str], Finding | None] | None = None,
    ) -> None:
        self._today = today
        self._ahead = ahead
        super().__init__(check=check, quiet=quiet, hint=hint, tidy=self._tidied, is_date=self.wrong)

    @staticmethod
    def wrong(text: str) -> Finding | None:
        """What is wrong with a text that is no day."""
        return check_day(text)

    @property
    def iso(self) -> str:
        """The day in ISO, or what stands there when it is none yet."""
        return self._tidied(self.text())

    @property
    def day(self) -> date | None:
        """The day that stands there; None while it is none, or says only the month."""
        iso = self.iso
        return date.fromisoformat(iso) if check_day(iso) is None else None

    def show_day(self, day: date) -> None:
        """Begin with a day."""
        self.set_value(day.isoformat())

    def _tidied(self, text: str) -> str:
        today = self._today if isinstance(self._today, date) else self._today()
        return tidy_day(text, today, ahead=self._ahead)


class NearDate(NearDay):
    """The same for a date that may be known to the month or the year only: 2026-11 and 2026 stay as they are.

    A lone 18 is refused: it would as well be a year. It is of what is so since some day: in November 3.1 is the March
    that was, where the one to come is nearer.
    """

    def __init__(
        self,
        today: Callable[[], date] | date,
        *,
        ahead: bool | None = False,
        hint: str = "",
        quiet: bool = False,
        check: Callable[[str], Finding | None] | None = None,
    ) -> None:
        super().__init__(today, ahead=ahead, hint=hint, quiet=quiet, check=check)

    @staticmethod
    def wrong(text: str) -> Finding | None:
        return check_near_date(text)

    def _tidied(self, text: str) -> str:
        return (
            text.strip()
            if text.strip().isdecimal() and len(text.strip()) < len("1118")
            else super()._tidied(text)
        )
