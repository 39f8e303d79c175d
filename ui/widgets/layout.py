"""Rows and columns with the spacing of the theme."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

STRETCH = None
"""Stands for stretching room between parts."""
NO_LIMIT = 16_777_215
"""The largest width of Qt's own (QWIDGETSIZE_MAX): takes a fixed width back."""


def _fill(box: QBoxLayout, parts: Iterable[QWidget | QLayout | int | None]) -> None:
    for part in parts:
        if part is None:
            box.addStretch(1)
        elif isinstance(part, int):
            box.addSpacing(part)
        elif isinstance(part, QLayout):
            box.addLayout(part)
        else:
            box.addWidget(part)


def row(
    *parts: QWidget | QLayout | int | None, gap: int = 0, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QHBoxLayout:
    """Parts side by side; None stretches, an int is room. Margins: left, top, right, bottom."""
    box = QHBoxLayout()
    box.setContentsMargins(*margins)
    box.setSpacing(gap)
    _fill(box, parts)
    return box


def column(
    *parts: QWidget | QLayout | int | None, gap: int = 0, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QVBoxLayout:
    """Parts one below the other; None stretches, an int is room."""
    box = QVBoxLayout()
    box.setContentsMargins(*margins)
    box.setSpacing(gap)
    _fill(box, parts)
    return box


def holder(layout: QLayout, *, ground: str = "") -> QWidget:
    """A plain widget around a layout; `ground` names its ground in the style sheet."""
    from PySide6.QtCore import Qt

    widget = QWidget()
    if ground:
        widget.setProperty("ground", ground)
        widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    widget.setLayout(layout)
    return widget


def empty_out(layout: QLayout) -> None:
    """Take everything out of a layout and delete its widgets (for rows that are shown anew)."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            empty_out(inner)
