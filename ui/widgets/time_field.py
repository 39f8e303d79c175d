"""A time of day, typed in any usual way: 8.30, 830, 8：30, 08:30."""

from __future__ import annotations

import re

from PySide6.QtWidgets import QWidget

from ui import theme
from ui.widgets.field import Finding, QuietField, State

_TIME = re.compile(r"(\d{1,2})(?:\D+(\d{1,2}))?\D*")
_LAST_HOUR = 23
_LAST_MINUTE = 59


def tidy_time(text: str) -> str:
    """Return HH:MM for what was typed, or the text as it is when it is no time."""
    text = text.strip()
    if re.fullmatch(r"\d{3,4}", text):
        text = f"{text[:-2]}:{text[-2:]}"
    found = _TIME.fullmatch(text)
    if found is None:
        return text
    hour, minute = int(found.group(1)), int(found.group(2) or 0)
    if hour > _LAST_HOUR or minute > _LAST_MINUTE:
        return text
    return f"{hour:02}:{minute:02}"


def check_time(text: str) -> Finding | None:
    """INVALID when it is no time of the day."""
    if re.fullmatch(r"\d{2}:\d{2}", text):
        return None
    return Finding(State.INVALID, "看不出是几点；可写 8:30、0830。")


class TimeField(QuietField):
    """A QuietField for a time; `saved` hands HH:MM."""

    def __init__(self, *, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(check=check_time, tidy=tidy_time, quiet=False, hint=hint, parent=parent)
        self.setFixedWidth(theme.metrics().field_small)
