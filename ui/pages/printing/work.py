"""What the printing page has done beside the window: reading the files, laying them out, saving, writing down what left."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core.changes import Changes
from app.school.codes import HandoverKind

if TYPE_CHECKING:
    from app.paper.printing import PrintResult
    from app.storage.store import Store
    from app.tasks.archive import ArchiveJob


class Saved:
    """A PDF that stands where she wanted it, and the log entry about it."""

    def __init__(self, target: Path, pages: int, changes: Changes) -> None:
        self.target = target
        self.pages = pages
        self.changes = changes


def render(*what: Any, **how: Any) -> PrintResult:
    """Lay the sheets out; the library that writes them takes a while to load, so that is done here too."""
    from app.paper.archive_sheet import render_book

    return render_book(*what, **how)


def prepare(store: Store, day: date, uuids: tuple[str, ...], class_key: str | None) -> ArchiveJob:
    """Read the files; what reads them is loaded here too, beside the window."""
    from app.tasks.archive import Whom, prepare_archive

    return prepare_archive(store, day=day, whom=Whom(uuids=uuids, class_name=class_key))


def log_print(store: Store, wanted: ArchiveJob, *, by: str | None) -> Changes:
    """Write down that sheets went to the printer."""
    from app.tasks.archive import log_archive

    return log_archive(store, wanted, kind=HandoverKind.PRINT, by=by)


def save_pdf(
    store: Any, wanted: ArchiveJob, made: Path, target: Path, pages: int, reason: str, *, by: str | None
) -> Saved:
    """Copy the PDF that was looked at to ``target``, whole or not at all, and log that it left; unlogged it does not stay."""
    from app.core.files import atomic_write, gone_unless_done, sha256_of
    from app.tasks.archive import log_archive

    with atomic_write(target) as file:
        file.write(made.read_bytes())
    digest = sha256_of(target)
    with gone_unless_done(target):
        changes = log_archive(
            store,
            wanted,
            kind=HandoverKind.PDF,
            file_name=target.name,
            sha256=digest,
            reason=reason,
            by=by,
        )
    return Saved(target, pages, changes)


def pages_of_each(printed: PrintResult) -> tuple[int, ...]:
    """How many pages each child has: from its first one to that of the next child, or to the end."""
    starts = [*sorted(dict(printed.page_of_child).values()), printed.pages + 1]
    return tuple(after - first for first, after in pairwise(starts))
