"""The PDFs that the printing page has laid out: each in a file of its own, in a room that goes with the page."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from itertools import count
from pathlib import Path

from app.core.paths import private_folder
from app.storage.workroom import workroom
from ui.jobs import Jobs

KEPT = 2
"""The layout that is shown, and the one before: a copy of it may still be under way."""


class Layouts:
    """Gives each layout a new file: Windows writes over none that is being drawn or printed from just then.

    The pages hold whole ID numbers: they lie in the private folder.
    """

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._room = ExitStack()
        self._folder = self._room.enter_context(workroom(private_folder()))
        self._numbers = count(1)
        self._kept: list[Path] = []

    def next(self) -> Path:
        """Return where the next layout is to be written."""
        return self._folder / f"preview_{next(self._numbers)}.pdf"

    def keep(self, file: Path) -> None:
        """Remember a layout that is shown from now on; the one before the last goes, behind whatever still draws from it."""
        self._kept.append(file)
        if len(self._kept) > KEPT:
            self._jobs.draw(_take_away, self._kept.pop(0))

    def close(self, *_: object) -> None:
        """Take everything away, behind what still draws from it."""
        self._jobs.after_drawing(self._room.close)


def _take_away(file: Path) -> None:
    with suppress(OSError):  # security software may hold it; it goes with the room
        file.unlink(missing_ok=True)
