"""Which journal a ledger has, how the two stand to each other, and putting one aside or beginning it anew."""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct

from app.core.clock import Clock
from app.core.files import fsync_folder, patiently
from app.core.paths import make_private
from app.storage.journal_lines import (
    ASIDE_STEM,
    JOURNAL_NAME,
    Header,
    Tail,
    header_line,
    journal_folder,
    read_entries,
    read_tail,
)

_STAMP = "%Y%m%d_%H%M%S"
"""How a moment stands in the name of a journal that was set aside."""


class JournalReach(Struct, frozen=True):
    """How a ledger stands to its journal: from which commit to which the journal reaches, since when it is kept.

    ``missing`` saves are in the journal and not in the ledger: it was set back, or another file was put in its place.
    """

    base_commit: int
    last_commit: int
    started_at: str
    missing: int


def standing(path: Path, backup_folder: Path, ledger: Any, db_uuid: str) -> JournalReach | None:
    """Compare the ledger at ``path`` with its journal; None when it has none, or none that can be read.

    ``ledger`` is an open connection to it, or to a copy, that runs SQL.

    Reads only first and last line unless something is missing. The journal is read before the ledger is asked, so
    that a save that is made meanwhile is not taken for a missing one.
    """
    execute = getattr(ledger, "execute_sql", None) or ledger.execute
    journal = journal_folder(backup_folder, db_uuid) / JOURNAL_NAME
    with suppress(OSError, ValueError):
        tail = read_tail(journal)
        if tail is not None and tail.header.db_uuid == db_uuid and not tail.header.is_of_another(path):
            missing = _missing(tail, journal, execute)
            return JournalReach(tail.header.base_commit, tail.commit_no, tail.header.started_at, missing)
    return None


def _missing(tail: Tail, journal: Path, execute: Callable[..., Any]) -> int:
    def is_there(action: str) -> bool:
        return execute("SELECT 1 FROM action WHERE uuid = ?", (action,)).fetchone() is not None

    if not tail.action or is_there(tail.action):
        return 0
    base = tail.header.base_commit
    found = read_entries(journal)
    shared = [entry.commit_no for entry in found[1] if is_there(entry.uuid)] if found is not None else []
    if shared or not base or is_there(tail.header.base_action):
        return tail.commit_no - max(shared, default=base)
    # Older than all that the journal knows, or another history altogether.
    (present,) = execute("SELECT coalesce(max(commit_no), 0) FROM action").fetchone()
    return max(tail.commit_no - min(int(present), base), 1)


def set_aside(folder: Path, clock: Clock) -> Path | None:
    """Give the present journal in ``folder`` a name of its own, with the moment; None when there is none."""
    stem = f"{ASIDE_STEM}{clock.now().strftime(_STAMP)}"
    number = 1
    aside = folder / f"{stem}.jsonl"
    while aside.exists():
        number += 1
        aside = folder / f"{stem}_{number}.jsonl"
    try:
        patiently(partial((folder / JOURNAL_NAME).rename, aside))
    except FileNotFoundError:
        return None
    fsync_folder(folder)
    return aside


def set_aside_at(journal: Path) -> str:
    """Return when a journal was set aside, by its name (local ISO time); "" when its name says none."""
    with suppress(ValueError):
        stamp = journal.name.removeprefix(ASIDE_STEM)[:15]
        # Names carry local time.
        return datetime.strptime(stamp, _STAMP).isoformat(timespec="seconds")  # noqa: DTZ007
    return ""


def has_journal_of_another(path: Path, backup_folder: Path, db_uuid: str) -> bool:
    """Tell whether the journal of this ledger belongs to another copy of it in the same folder."""
    with suppress(OSError, ValueError):
        tail = read_tail(journal_folder(backup_folder, db_uuid) / JOURNAL_NAME)
        return tail is not None and tail.header.is_of_another(path)
    return False


def follow_restored(
    path: Path, backup_folder: Path, db_uuid: str, *, holds: Callable[[str], bool], clock: Clock
) -> None:
    """Set the journal aside unless it is part of the history of the ledger that was just restored to ``path``.

    ``holds`` tells whether an action, by its uuid, is in the restored ledger. The next start begins a new journal, or
    goes on with this one. OSError when it cannot be done.
    """
    folder = journal_folder(backup_folder, db_uuid)
    with suppress(ValueError):
        tail = read_tail(folder / JOURNAL_NAME)
        if tail is None or tail.header.is_of_another(path) or not tail.action or holds(tail.action):
            return
    set_aside(folder, clock)


def begin_at(backup_folder: Path, header: Header) -> int:
    """Put a new journal in the place, whole or not at all; return its size."""
    if not backup_folder.exists():
        backup_folder.mkdir(parents=True, mode=0o700)
    folder = journal_folder(backup_folder, header.db_uuid)
    for one in (folder.parent, folder):
        make_private(one)
    part = folder / f"{JOURNAL_NAME}.part"
    part.unlink(missing_ok=True)
    line = header_line(header)
    # What stands in it are the children's records: for this user alone.
    descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / JOURNAL_NAME)
    for one in (folder, folder.parent, backup_folder):  # those above may have been made just now
        fsync_folder(one)
    return len(line)
