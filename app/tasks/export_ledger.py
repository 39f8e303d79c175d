"""Export the ledger as an Excel workbook, and write down that it left the program."""

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from app.children.facts import ChildFacts
from app.children.queries import let_go, load_facts
from app.core.changes import Changes
from app.core.files import check_target, gone_unless_done, sha256_of
from app.core.progress import Progress, no_progress
from app.pairing.names import supporter_names
from app.school.codes import HandoverKind, Profile
from app.school.handover import log_handover, require_reason
from app.school.queries import school_profile
from app.storage.store import Store

if TYPE_CHECKING:
    from app.workbook.ledger_book import LedgerHead, LedgerResult, Paper

COUNTING_WORDS = "登记在册的留守儿童"


class ExportedLedger(Struct, frozen=True):
    """What was written, and the log entry about it."""

    book: "LedgerResult"
    sha256: str
    changes: Changes


def export_ledger(
    store: Store,
    out: Path,
    *,
    day: date,
    profile: Profile = Profile.MASKED,
    reason: str | None = None,
    uuids: Collection[str] | None = None,
    scope: str = "",
    paper: "Paper" = "A4",
    by: str | None = None,
    progress: Progress = no_progress,
) -> ExportedLedger:
    """Write the ledger as of ``day`` to ``out`` and log it.

    ``uuids`` picks children, in the order of the ledger, and ``scope`` says in words which ones; without them it is
    everybody registered that day. The full profile carries whole ID and phone numbers and needs a ``reason``
    (decisions.md §4.4): UserError ``export.reason`` without one, ``export.reason_not_kept`` when the
    ledger can only be looked at, ``file.…`` when ``out`` is no
    place for a workbook.
    """
    require_reason(store, profile, reason)
    from app.workbook.ledger_book import write_ledger

    check_target(out, ".xlsx", sources=(store.path,))
    progress(0, 0, "正在读台账")
    children = ledger_order(load_facts(store, day, uuids=uuids, only_registered=uuids is None))
    book = write_ledger(
        children, ledger_head(store, day, scope), out, profile=profile.value, paper=paper, progress=progress
    )
    let_go(children)
    digest = sha256_of(out)
    with gone_unless_done(out):
        changes = log_handover(
            store,
            kind=HandoverKind.EXPORT,
            content=f"留守儿童台账{f'（{scope}）' if scope else ''}",
            people=book.children,
            profile=profile,
            reason=reason,
            file_name=out.name,
            sha256=digest,
            as_of=day,
            by=by,
        )
    return ExportedLedger(book, digest, changes)


def ledger_head(store: Store, day: date, scope: str = "") -> "LedgerHead":
    """Return what stands above and below the rows of a ledger as of ``day``."""
    from app.workbook.ledger_book import LedgerHead

    school = school_profile(store)
    name = school.name if school else ""
    return LedgerHead(
        school=name,
        unit=name,
        as_of=day,
        counting_words=COUNTING_WORDS,
        scope=scope,
        printed_at=store.clock.now().strftime("%Y-%m-%d %H:%M"),
        data_commit_no=store.commit_no,
        supporters={uuid: "、".join(names) for uuid, names in supporter_names(store, day).items()},
    )


def ledger_order(children: Collection[ChildFacts]) -> list[ChildFacts]:
    """Return children in the order of the ledger: by class, then by pinyin; without a class last."""
    return sorted(
        children,
        key=lambda child: (
            child.school_class is None,
            child.school_class.sort if child.school_class else 0,
            child.pinyin or child.name,
            child.uuid,
        ),
    )
