"""Sticks that are only folders, and waiting for the page."""

from __future__ import annotations

from app.storage.drives import Drive


class FakeProbe:
    """Tells of the drives it was given."""

    def __init__(self, *drives: Drive) -> None:
        self.found = list(drives)

    def drives(self) -> list[Drive]:
        return list(self.found)


def stick_at(folder, label="KINGSTON", *, read_only=False):
    """A stick whose content is a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return Drive(folder, label, 8 << 30, 16 << 30, read_only=read_only)


def wait_for(qtbot, condition):
    qtbot.waitUntil(condition, timeout=20_000)
