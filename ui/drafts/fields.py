"""The value of any field as a draft keeps it, and back into the field."""

from __future__ import annotations

from enum import Enum
from typing import Any

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.storage.drafts import Json
from ui.widgets import QuietArea, QuietChoice, QuietField


def value_in(field: QWidget) -> Json:
    """What stands in a field, as it was typed."""
    if isinstance(field, QuietChoice):
        return as_json(field.value)
    if isinstance(field, QuietField):
        return field.text()
    if isinstance(field, QuietArea):
        return field.toPlainText()
    if isinstance(field, QAbstractButton):
        return field.isChecked()
    raise TypeError(f"no field: {type(field).__name__}")


def as_json(value: object) -> Json:
    """A code as JSON has it."""
    if isinstance(value, Enum):
        value = value.value
    return value if value is None or isinstance(value, str | int | float) else str(value)


def words_in(field: QWidget) -> str:
    """The same as she reads it."""
    if isinstance(field, QuietChoice):
        return field.currentText()
    value = value_in(field)
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def label_of(field: QWidget) -> str:
    """What a field is called on its form."""
    words = field.text() if isinstance(field, QAbstractButton) else ""
    return field.accessibleName() or words


def options_of(field: QWidget) -> tuple[tuple[Json, str], ...]:
    """The words of the codes a choice offers."""
    if not isinstance(field, QuietChoice):
        return ()
    return tuple((as_json(field.itemData(place)), field.itemText(place)) for place in range(field.count()))


def fill(field: QWidget, value: Json) -> bool:
    """Put a kept value in as if it were typed: it is not saved. False when the field does not offer it any more."""
    if isinstance(field, QuietChoice):
        return _choose(field, value)
    if isinstance(field, QuietField):
        field.setText(str(value or ""))
        field.textEdited.emit(field.text())
    elif isinstance(field, QuietArea):
        field.setPlainText(str(value or ""))
        field.moveCursor(QTextCursor.MoveOperation.End)
    elif isinstance(field, QAbstractButton):
        field.setChecked(bool(value))
    return True


def new_characters(before: str, now: str) -> int:
    """How many characters a text has that were typed: without what it begins and ends with as before."""
    least = min(len(before), len(now))
    start = next((place for place in range(least) if before[place] != now[place]), least)
    end = next((n for n in range(least - start) if before[-1 - n] != now[-1 - n]), least - start)
    return len(now) - start - end


def is_text(field: QWidget) -> bool:
    """Tell whether it is typed into: what is typed takes work, a choice does not."""
    return isinstance(field, QuietField | QuietArea)


def changes_of(field: QWidget) -> Any:
    """The signal that tells of each key."""
    if isinstance(field, QuietChoice):
        return field.currentIndexChanged
    if isinstance(field, QAbstractButton):
        return field.toggled
    if isinstance(field, QuietField | QuietArea):
        return field.textChanged
    raise TypeError(f"no field: {type(field).__name__}")


def _choose(field: QuietChoice, value: Json) -> bool:
    for place in range(field.count()):
        if as_json(field.itemData(place)) == value:
            field.setCurrentIndex(place)
            field.saved.emit(field.value)
            return True
    return False
