"""Finds what a screen reader could not name."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget


def nameless(root: QWidget) -> list[str]:
    """What takes the keyboard below `root`, is shown and has no name: told by its class and where it stands."""
    found = []
    for widget in (root, *cast("list[QWidget]", root.findChildren(QWidget))):
        if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus or not widget.isVisibleTo(root):
            continue
        spoken = QAccessible.queryAccessibleInterface(widget)
        if spoken is not None and not spoken.text(QAccessible.Text.Name).strip():
            owner = widget.parentWidget()
            found.append(f"{type(widget).__name__} in {type(owner).__name__}")
    return sorted(set(found))
