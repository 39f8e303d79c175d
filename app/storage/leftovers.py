"""Whole copies of the register beside a ledger: those nobody needs any more, and those that were laid aside on purpose."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from app.storage.beside import marker_of
from app.storage.medium import PART

FOR_NOW = "before-restore"
"""In the name of the old file while a restore is under way: a sound one, of which a verified backup was made before."""
REPAIRED = "repaired"
"""In the name of the mended copy that is about to be put in the ledger's place."""
_LAID_ASIDE = ("damaged", "kept")


def remove_forgotten(path: Path) -> None:
    """Remove what a finished or broken-off restore or repair of ``path`` left; nothing while one is unfinished.

    Run whenever the ledger is opened for writing: a power cut may have come before the work could do it itself.
    """
    if marker_of(path).exists():
        return
    halves = [found for found in _beside(path, "") if found.name.endswith(PART)]
    for left in (*_beside(path, f"{FOR_NOW}-", f"{REPAIRED}_"), *halves):
        with suppress(OSError):  # held open by a virus scanner: it goes at the next start
            left.unlink()


def laid_aside(path: Path) -> list[Path]:
    """Return the old files beside ``path`` that stay until somebody removes them: damaged ones, and those put away."""
    return sorted(_beside(path, *(f"{kind}-" for kind in _LAID_ASIDE), f"{FOR_NOW}-"))


def _beside(path: Path, *kinds: str) -> Iterator[Path]:
    beginnings = tuple(f"{path.name}.{kind}" for kind in kinds)
    with suppress(OSError):
        yield from [found for found in path.parent.iterdir() if found.name.startswith(beginnings)]
