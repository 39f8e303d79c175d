"""What both imports ask: where a workbook is saved at first, and whether an action was taken back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths

from app.storage.history import actions
from app.storage.store import Store


def is_undone(store: Store, action_uuid: str) -> bool:
    """Tell whether an action was taken back, by whatever way."""
    return any(done.uuid == action_uuid and done.is_undone for done in actions(store))


def documents() -> Path:
    """The user's own documents."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(place) if place else Path.home()
