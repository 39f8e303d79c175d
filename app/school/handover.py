"""The hand-over log (数据移交): what left the program, when, for whom, why. Written once, never changed or undone."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from msgspec import Struct

from app.core.changes import Changes
from app.core.messages import refuse
from app.core.text import clean
from app.school.codes import HANDOVER_KINDS, HandoverKind, Profile
from app.storage.service import service
from app.storage.store import Store

LOGGED = "handover"
"""The kind of the action that writes an entry."""
FURTHER = "handover.further"
"""The kind of an action whose entry belongs to the act of the ``LOGGED`` one before it."""
_NEXT_KIND: ContextVar[str | None] = ContextVar("next_kind", default=None)


class HandoverEntry(Struct, frozen=True, kw_only=True):
    """One thing that left the program. ``data_commit_no`` says which state of the data it shows."""

    uuid: str
    happened_at: str
    kind: HandoverKind
    content: str
    people: int
    profile: Profile | None = None
    reason: str | None = None
    recipient: str | None = None
    file_name: str | None = None
    sha256: str | None = None
    as_of: str | None = None
    data_commit_no: int
    who: str | None = None


def require_reason(store: Store, profile: Profile, reason: str | None) -> None:
    """Refuse whole numbers without a reason, or where the reason cannot be kept (decisions.md §4.4).

    UserError ``export.reason``; ``export.reason_not_kept`` in a ledger that can only be looked at.
    """
    if profile is not Profile.FULL:
        return
    if not (reason or "").strip():
        raise refuse("export.reason")
    if store.read_only:
        raise refuse("export.reason_not_kept")


@contextmanager
def one_act() -> Iterator[None]:
    """Count what is logged inside as one thing that was done: several files that one press writes.

    Each file is still logged when it is written, for what comes after it may fail; only 我刚才做了什么 tells them as one.
    """
    before = _NEXT_KIND.set(LOGGED)
    try:
        yield
    finally:
        _NEXT_KIND.reset(before)


@service
def log_handover(
    store: Store,
    *,
    kind: HandoverKind,
    content: str,
    people: int,
    profile: Profile | None = None,
    reason: str | None = None,
    recipient: str | None = None,
    file_name: str | None = None,
    sha256: str | None = None,
    as_of: date | None = None,
    by: str | None = None,
) -> Changes:
    """Write down that data left the program.

    ``content`` says what in words without names (留守儿童台账), ``people`` how many children,
    ``file_name`` without folder, ``as_of`` the valid day of what it shows. The entry carries the
    commit number that the data had before this very entry. A ledger that can only be looked at takes no entry:
    the answer is then empty, and whoever shows it says so.
    """
    if store.read_only:
        return Changes("", "")
    # What is only written with comes when something is: the first page waits.
    from app.school.tables import Handover

    data_commit_no = store.commit_no
    action_kind = _NEXT_KIND.get() or LOGGED
    with store.action(f"{HANDOVER_KINDS[kind]}：{content}", kind=action_kind, by=by) as action:
        action.insert(
            Handover,
            happened_at=action.at,
            kind=kind.value,
            content=content,
            people=people,
            profile=None if profile is None else profile.value,
            reason=_text(reason),
            recipient=_text(recipient),
            file_name=file_name,
            sha256=sha256,
            as_of=None if as_of is None else as_of.isoformat(),
            data_commit_no=data_commit_no,
            who=by,
        )
        changes = action.changes({"handover"})
    if _NEXT_KIND.get() is not None:
        _NEXT_KIND.set(FURTHER)
    return changes


def handovers(store: Store, *, kind: HandoverKind | None = None, limit: int = 500) -> list[HandoverEntry]:
    """Return the last ``limit`` entries, newest first; of one ``kind`` only when that is given."""
    rows = store.rows(
        "SELECT uuid, happened_at, kind, content, people, profile, reason, recipient, file_name, sha256, as_of,"
        " data_commit_no, who FROM handover WHERE deleted_at IS NULL AND (?1 IS NULL OR kind = ?1)"
        " ORDER BY id DESC LIMIT ?2",
        (None if kind is None else kind.value, limit),
    )
    return [
        HandoverEntry(
            uuid=row[0],
            happened_at=row[1],
            kind=HandoverKind(row[2]),
            content=row[3],
            people=row[4],
            profile=None if row[5] is None else Profile(row[5]),
            reason=row[6],
            recipient=row[7],
            file_name=row[8],
            sha256=row[9],
            as_of=row[10],
            data_commit_no=row[11],
            who=row[12],
        )
        for row in rows
    ]


def _text(words: str | None) -> str | None:
    return clean(words).strip() or None if words is not None else None
