"""A date as precisely as it is known: 2016, 2016-05 or 2016-05-03, typed in any usual way."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.core.dates import is_partial_date
from ui import theme
from ui.widgets.field import UNKNOWN, Finding, QuietField, State

_PARTS = re.compile(r"(\d{4})(?:\D+(\d{1,2}))?(?:\D+(\d{1,2}))?\D*")


def tidy_date(text: str) -> str:
    """The ISO form of what was typed (2016.5.3, 2016年5月, 20160503), or the text as it is."""
    text = text.strip()
    if re.fullmatch(r"\d{8}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    elif re.fullmatch(r"\d{6}", text):
        text = f"{text[:4]}-{text[4:]}"
    found = _PARTS.fullmatch(text)
    if not found:
        return text
    year, month, day = found.groups()
    iso = "-".join([year, *(part.zfill(2) for part in (month, day) if part)])
    return iso if is_partial_date(iso) else text


def check_date(text: str) -> Finding | None:
    """INVALID when it is no date; years, months and days are all precise enough."""
    if is_partial_date(text):
        return None
    return Finding(State.INVALID, "看不出是哪一天；可写 2016、2016-05 或 2016-05-03。")


class DateField(QuietField):
    """A QuietField for partial dates; `saved` always hands ISO text. `check` is asked only of what `is_date` lets pass."""

    def __init__(
        self,
        *,
        check: Callable[[str], Finding | None] | None = None,
        quiet: bool = True,
        hint: str = UNKNOWN,
        tidy: Callable[[str], str] = tidy_date,
        is_date: Callable[[str], Finding | None] = check_date,
        parent: QWidget | None = None,
    ) -> None:
        self._is_date = is_date
        self._further = check
        super().__init__(check=self._check_all, tidy=tidy, quiet=quiet, hint=hint, parent=parent)
        self.setFixedWidth(theme.metrics().field_date)
        self.setAccessibleName("日期")

    def _check_all(self, text: str) -> Finding | None:
        return self._is_date(text) or (self._further(text) if self._further else None)
