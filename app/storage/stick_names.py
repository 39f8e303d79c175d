"""What our copies on a stick are called, and looking after the older ones there."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from app.storage.manifest import manifest_path
from app.storage.medium import DISK, PART, Disk, Place, faults_of

KEPT_ON_STICK = 5


class Audience(StrEnum):
    """Whom a copy is for."""

    SELF = "self"
    TOWN = "town"


AUDIENCE_WORDS = {Audience.SELF: "自存", Audience.TOWN: "报镇"}
_AUDIENCES = {word: audience for audience, word in AUDIENCE_WORDS.items()}
_NAME = re.compile(rf"守望_(.+)_({'|'.join(_AUDIENCES)})_(\d{{8}}_\d{{6}})(?:_\d+)?\.(7z|db)")


class StickCopy(Struct, frozen=True):
    """An earlier copy on a stick, by its name. ``made_at`` is local time."""

    path: Path
    label: str
    audience: Audience
    made_at: datetime
    encrypted: bool


def list_copies(folder: Path, *, disk: Disk = DISK) -> list[StickCopy]:
    """Return our copies on a stick by their names, newest first; none when the stick cannot be read."""
    found = []
    with suppress(OSError):
        for name in disk.names(folder):
            match = _NAME.fullmatch(name)
            if match is not None and not (folder / name).is_dir():
                with suppress(ValueError):
                    made_at = datetime.strptime(match[3], "%Y%m%d_%H%M%S")  # noqa: DTZ007 - names carry local time
                    audience = _AUDIENCES[match[2]]
                    found.append(StickCopy(folder / name, match[1], audience, made_at, match[4] == "7z"))
    return sorted(found, key=lambda copy: (copy.made_at, copy.path.name), reverse=True)


def older_copies(newest: Path, *, keep: int = KEPT_ON_STICK, disk: Disk = DISK) -> list[StickCopy]:
    """Return the copies of the same school for the same audience beyond the newest ``keep``, to be offered for removal."""
    copies = list_copies(newest.parent, disk=disk)
    same = next((copy for copy in copies if copy.path == newest), None)
    if same is None:
        return []
    return [copy for copy in copies if (copy.label, copy.audience) == (same.label, same.audience)][keep:]


def remove_copies(copies: Sequence[StickCopy], *, disk: Disk = DISK) -> None:
    """Remove copies the person agreed to give up, with what belongs to them. EnvironmentFault when the stick refuses."""
    for copy in copies:
        with faults_of(Place.STICK):
            disk.remove(copy.path)
            for name in disk.names(copy.path.parent):
                if name.startswith((copy.path.name, f"{copy.path.stem}_")) and not _NAME.fullmatch(name):
                    disk.remove(copy.path.parent / name)


def remove_unfinished(folder: Path, *, disk: Disk = DISK) -> None:
    """Take away what a pulled stick kept of an unfinished copy; only names that are surely ours."""
    with faults_of(Place.STICK):
        names = disk.names(folder)
    for name in names:
        if name.endswith(PART) and _NAME.match(name):
            half = folder / name
            final = half.with_suffix("")
            with suppress(OSError):
                if final.name not in names:
                    disk.remove(manifest_path(final))
                disk.remove(half)
