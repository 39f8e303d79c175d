"""How large a window may open: never larger than the screen it is on, whatever its scaling or where it was left."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget


def within_screen(window: QWidget, width: int, height: int) -> QSize:
    """The size asked for, cut to what the screen has free (at 150 % a 1366×768 screen is only 911×512 wide)."""
    room = window.screen().availableGeometry().size()
    return QSize(width, height).boundedTo(room)


def takes_it_all(window: QWidget) -> bool:
    """True when the window is as wide or as high as what the screen has free: with its frame it would stick out."""
    room, size = window.screen().availableGeometry().size(), window.size()
    return size.width() >= room.width() or size.height() >= room.height()
