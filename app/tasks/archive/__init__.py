"""Print archive sheets (一人一档) into one PDF, for one child, a class or the school, and write down that it was made."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from app.children.facts import ChildFacts
from app.children.past_queries import load_past
from app.children.queries import load_facts
from app.core.changes import Changes
from app.core.files import check_target, gone_unless_done, sha256_of
from app.core.messages import refuse
from app.core.progress import Progress, no_progress
from app.paper.archive_data import ArchiveSheet, BookCover
from app.paper.printing import PrintStamp
from app.school.codes import HandoverKind, Profile, RuleCode
from app.school.handover import log_handover
from app.school.queries import counting_rules, find_class, school_calendar, school_profile
from app.storage.store import Store
from app.tasks.archive.care import care_work
from app.tasks.archive.sheet import SchoolWords, sheet_of

CONTENT = "留守儿童档案"


class Whom(Struct, frozen=True):
    """Whose sheets: one child, some children, a class by name or key, or (nothing set) everybody on the ledger."""

    child_uuid: str | None = None
    uuids: tuple[str, ...] = ()
    class_name: str | None = None


class ArchiveJob(Struct, frozen=True):
    """Everything a print needs, read from the file, so that the file is let go before the pages are drawn."""

    sheets: tuple[ArchiveSheet, ...]
    cover: BookCover | None
    stamp: PrintStamp
    scope: str
    day: date


class ArchiveMade(Struct, frozen=True):
    """The PDF that was written, and the log entry about it."""

    path: Path
    children: int
    pages: int
    missing_characters: tuple[str, ...]
    page_of_child: dict[str, int]
    sha256: str
    changes: Changes


def prepare_archive(store: Store, *, day: date, whom: Whom) -> ArchiveJob:
    """Read what is to be printed. UserError when the child or class is unknown or nobody is left to print.

    A book (more than one child) gets cover and contents; one child's sheet stands alone. Who is
    asked for by name is printed also when not on the ledger that day.
    """
    children, scope = _chosen(store, day, whom)
    if not children:
        raise refuse("archive.nobody", scope=scope, day=day.isoformat())
    profile = school_profile(store)
    name = profile.name if profile else ""
    words = SchoolWords(
        name=name,
        local=counting_rules(store)[RuleCode.LOCAL],
        resident_is_rural=profile.resident_is_rural if profile else None,
    )
    past = load_past(store, day, [child.uuid for child in children])
    cover = BookCover(
        school=name,
        scope=scope,
        period=school_calendar(store).term_in_force(day).words,
        compiled_by=(profile.care_teacher or "") if profile else "",
        compiled_on=store.clock.today().isoformat(),
    )
    stamp = PrintStamp(
        printed_at=store.clock.now().strftime("%Y-%m-%d %H:%M"),
        commit_no=store.commit_no,
        as_of=day.isoformat(),
    )
    work = care_work(store, day, [child.uuid for child in children])
    sheets = tuple(sheet_of(child, past[child.uuid], work[child.uuid], words) for child in children)
    return ArchiveJob(sheets, cover if len(sheets) > 1 else None, stamp, scope, day)


def make_archive(
    store: Store,
    out: Path,
    *,
    day: date,
    whom: Whom,
    reason: str | None = None,
    by: str | None = None,
    progress: Progress = no_progress,
) -> ArchiveMade:
    """Write the PDF at ``out`` and log it with its ``reason``: archive sheets carry whole numbers.

    UserError ``file.…`` when ``out`` is no place for a PDF.
    """
    from app.paper.archive_sheet import render_book

    check_target(out, ".pdf", sources=(store.path,))
    job = prepare_archive(store, day=day, whom=whom)
    result = render_book(job.sheets, out, stamp=job.stamp, cover=job.cover, progress=progress)
    digest = sha256_of(out)
    with gone_unless_done(out):
        changes = log_archive(
            store, job, kind=HandoverKind.PDF, file_name=out.name, sha256=digest, reason=reason, by=by
        )
    return ArchiveMade(
        out,
        len(job.sheets),
        result.pages,
        result.missing_characters,
        result.page_of_child,
        digest,
        changes,
    )


def log_archive(
    store: Store,
    job: ArchiveJob,
    *,
    kind: HandoverKind,
    file_name: str | None = None,
    sha256: str | None = None,
    reason: str | None = None,
    by: str | None = None,
) -> Changes:
    """Write down that archive sheets were printed or saved as PDF, for what ``reason``: their numbers are whole."""
    return log_handover(
        store,
        kind=kind,
        content=f"{CONTENT}（{job.scope}）",
        people=len(job.sheets),
        profile=Profile.FULL,
        reason=reason,
        file_name=file_name,
        sha256=sha256,
        as_of=job.day,
        by=by,
    )


def _chosen(store: Store, day: date, whom: Whom) -> tuple[Sequence[ChildFacts], str]:
    wanted = (whom.child_uuid,) if whom.child_uuid else whom.uuids
    if wanted:
        found = load_facts(store, day, uuids=wanted)
        if len(found) < len(set(wanted)):
            raise refuse("archive.no_such_child")
        return found, "1 名" if len(found) == 1 else f"选定的 {len(found)} 名"
    ledger = load_facts(store, day, only_registered=True)
    if whom.class_name is None:
        return ledger, "全校"
    cls = find_class(store, whom.class_name, day)
    return [child for child in ledger if child.school_class and child.school_class.id == cls.id], cls.name
