"""The small files that may lie beside a ledger file, and what they are called.

``x.db-journal`` is SQLite's own and never deleted or parted from its database by us;
``x.db.lock`` carries the single-instance lock; ``x.db.marker`` says that a restore or an
upgrade is under way; ``x.db.backup`` where its newest backup was put; ``….part`` is something not finished.
"""

import json
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import asdict

from app.core.files import atomic_write, fsync_folder


def journal_of(path: Path) -> Path:
    """Return where SQLite keeps the rollback journal of ``path``."""
    return path.with_name(path.name + "-journal")


def wal_of(path: Path) -> Path:
    """Return where a foreign program that switched ``path`` to WAL keeps its log."""
    return path.with_name(path.name + "-wal")


def lock_of(path: Path) -> Path:
    """Return the file that carries the single-instance lock of ``path``; it may stay, only the lock counts."""
    return path.with_name(path.name + ".lock")


def marker_of(path: Path) -> Path:
    """Return where the marker of an unfinished restore or upgrade of ``path`` lies."""
    return path.with_name(path.name + ".marker")


def trace_of(path: Path) -> Path:
    """Return the file that tells where the newest backup of ``path`` was put."""
    return path.with_name(path.name + ".backup")


class Marker(Struct, frozen=True):
    """An unfinished piece of work that replaces the ledger file.

    ``source`` is the verified file to put in place, ``kept`` the old one where it was laid
    aside, ``started_at`` local ISO time. ``with_journal``: the saves after ``source`` are added from
    the journal, from the one set aside as ``branch`` when that is named; ``journal_commits`` is how
    many that were.
    """

    work: Literal["restore", "upgrade"]
    source: str
    kept: str
    started_at: str
    with_journal: bool = False
    journal_commits: int = 0
    branch: str = ""


def write_marker(path: Path, marker: Marker) -> None:
    """Put the marker of ``path`` on the disk."""
    with atomic_write(marker_of(path)) as file:
        file.write(json.dumps(asdict(marker), ensure_ascii=False).encode("utf-8"))


def read_marker(path: Path) -> Marker | None:
    """Return the marker of ``path``, None when no work is unfinished.

    One that cannot be read counts as an unfinished restore without names.
    """
    try:
        content = marker_of(path).read_bytes()
    except FileNotFoundError:
        return None
    try:
        values = json.loads(content)
        work: Literal["restore", "upgrade"] = "upgrade" if values["work"] == "upgrade" else "restore"
        source, kept, started_at = (str(values[name]) for name in ("source", "kept", "started_at"))
        added, branch = int(values.get("journal_commits", 0)), str(values.get("branch", ""))
        return Marker(work, source, kept, started_at, bool(values.get("with_journal")), added, branch)
    except (ValueError, KeyError, TypeError):
        return Marker("restore", "", "", "")


def clear_marker(path: Path) -> None:
    """Take the marker of ``path`` away: the work is done."""
    marker_of(path).unlink(missing_ok=True)
    fsync_folder(path.parent)
