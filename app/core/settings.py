"""What one user of one computer has chosen; the ledger itself holds nothing of it."""

import json
import os
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from app.core.errors import EnvironmentFault
from app.core.files import atomic_write
from app.core.messages import fault
from app.core.paths import make_private

# How much larger or smaller the letters may be than the screen's own size.
FONT_SCALES = (0.9, 1.0, 1.15, 1.3, 1.5)
# In bytes: no disk takes a longer name (on Windows 255 signs, of up to three bytes).
_LONGEST_NAME = 255 * 3 if sys.platform == "win32" else 255
# Between reading and writing, no other part of this program may write.
_CHANGING = threading.Lock()


class Settings(Struct, frozen=True):
    """The choices. Folders are None until she has chosen; ``who`` is the name of who is entering now.

    ``columns`` are the columns shown in the ledger, in order, () for the usual ones;
    ``saved_filters`` her own filters by name; ``filter_values`` are plain JSON values.
    ``other`` holds what a newer version wrote and this one does not know, so that it is not lost.
    """

    data_folder: Path | None = None
    backup_folder: Path | None = None
    second_backup_folder: Path | None = None
    font_scale: float = 1.0
    who: str | None = None
    columns: tuple[str, ...] = ()
    saved_filters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    window: Mapping[str, Any] = field(default_factory=dict)
    other: Mapping[str, Any] = field(default_factory=dict)

    def with_values(self, **values: Any) -> "Settings":
        """Return the settings with some values changed."""
        return replace(self, **values)


def load_settings(path: Path) -> Settings:
    """Return the settings kept at ``path``; the usual ones when there are none or they cannot be read.

    A value of the wrong kind counts as not chosen: settings never keep the program from starting.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Settings()
    return settings_of(values)


def settings_of(values: object) -> Settings:
    """Return the settings that were written down as these plain JSON values; see ``load_settings``."""
    if not isinstance(values, dict):
        return Settings()
    known = set(Settings.__struct_fields__) - {"other"}
    other = {name: value for name, value in values.items() if name not in known}
    return Settings(
        data_folder=_path(values.get("data_folder")),
        backup_folder=_path(values.get("backup_folder")),
        second_backup_folder=_path(values.get("second_backup_folder")),
        font_scale=_scale(values.get("font_scale")),
        who=_text(values.get("who")),
        columns=_texts(values.get("columns")),
        saved_filters=_filters(values.get("saved_filters")),
        window=_mapping(values.get("window")),
        other=other,
    )


def save_settings(path: Path, settings: Settings) -> None:
    """Write the settings whole; EnvironmentFault ``settings.not_kept`` when this computer does not take them."""
    content = json.dumps(plain_values(settings), ensure_ascii=False, indent=1, default=str)
    try:
        make_private(path.parent)
        with atomic_write(path) as file:
            file.write(content.encode("utf-8"))
    except (OSError, EnvironmentFault) as error:
        raise fault("settings.not_kept", folder=path.parent) from error


def change_settings(path: Path, *, in_force: Settings | None = None, **values: Any) -> Settings:
    """Write these values into what is kept at ``path`` now, and return that.

    Only these: a second program of the same user (the demo school beside the ledger) has written there meanwhile, and
    where the data lie must not go with the width of a column. ``in_force`` is what the others are where the file is gone
    or cannot be read; without it one that cannot be read is left alone. EnvironmentFault ``settings.not_kept``.
    """
    with _CHANGING:
        found: object = None
        try:
            with suppress(FileNotFoundError, ValueError):
                found = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            if in_force is None:
                raise fault("settings.not_kept", folder=path.parent) from error
        kept = settings_of(found) if isinstance(found, dict) else in_force or Settings()
        wanted = kept.with_values(**values)
        save_settings(path, wanted)
    return wanted


def plain_values(settings: Settings) -> dict[str, Any]:
    """Return the values to write down: those of this version, and what a newer one wrote."""
    values = {name: getattr(settings, name) for name in Settings.__struct_fields__ if name != "other"}
    return {**settings.other, **values}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _path(value: object) -> Path | None:
    """A folder by its spelling alone: every look for what no disk can have (NUL, half a character) would fail."""
    if not isinstance(value, str) or "\0" in value:
        return None
    path = Path(value)
    try:
        longest = max((len(os.fsencode(part)) for part in path.parts), default=0)
    except ValueError:
        return None
    return path if path.is_absolute() and longest <= _LONGEST_NAME else None


def _scale(value: object) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return min(FONT_SCALES, key=lambda scale: abs(scale - float(value))) if is_number else 1.0  # type: ignore[arg-type]


def _texts(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _filters(value: object) -> Mapping[str, Mapping[str, Any]]:
    return {name: one for name, one in _mapping(value).items() if isinstance(one, dict)}
