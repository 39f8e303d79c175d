"""A paper that leaves the program: written into the hand-over log when it was printed or saved, and not before."""

from pathlib import Path

from app.core.changes import Changes
from app.core.files import sha256_of
from app.school.codes import HandoverKind, Profile
from app.school.handover import log_handover
from app.storage.store import Store


def log_paper(
    store: Store,
    *,
    kind: HandoverKind,
    content: str,
    people: int,
    profile: Profile | None = None,
    reason: str | None = None,
    target: Path | None = None,
    by: str | None = None,
) -> Changes:
    """Write down that a paper about so many children went out; ``target`` is the PDF, None = to the printer.

    ``profile`` and ``reason`` where numbers of people stand on it (decisions.md §4.4).
    """
    return log_handover(
        store,
        kind=kind,
        content=content,
        people=people,
        profile=profile,
        reason=reason,
        file_name=target.name if target is not None else None,
        sha256=sha256_of(target) if target is not None else None,
        as_of=store.clock.today(),
        by=by,
    )
