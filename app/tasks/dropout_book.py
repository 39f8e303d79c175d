"""控辍保学 in Excel: the three ledgers with every 劝返 and the months of a period."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from app.core.changes import Changes
from app.core.files import check_target, gone_unless_done, sha256_of
from app.core.progress import Progress, no_progress
from app.core.text import mask_numbers
from app.diary.absences import absences
from app.diary.absences_rules import AbsenceFacts, AbsenceStage
from app.diary.late import late_words
from app.school.codes import HandoverKind, Profile
from app.school.handover import log_handover, require_reason
from app.storage.store import Store
from app.tasks.case_papers import school_name
from app.tasks.dropout import Pupils, figures_of, months_between
from app.tasks.narrowing import Narrowing

if TYPE_CHECKING:
    from app.workbook.dropout_book import DropoutBook

_EVERYBODY = Narrowing()


class ExportedDropout(Struct, frozen=True):
    """What was written, how many cases and persuasions it lists (not the pupils, not the months), and the log entry."""

    path: Path
    rows: int
    changes: Changes


def export_dropout_book(
    store: Store,
    out: Path,
    *,
    since: date,
    until: date,
    profile: Profile = Profile.MASKED,
    reason: str | None = None,
    only: Narrowing = _EVERYBODY,
    by: str | None = None,
    progress: Progress = no_progress,
) -> ExportedDropout:
    """Write 适龄儿童 as of ``until``, and 疑似辍学, 辍学, 劝返 and months of the period to ``out``, and log it.

    ``only`` narrows them; the months are those of classes, and stay away where a supporter's or one child is asked for.

    UserError ``export.reason`` for the full profile without one, ``export.reason_not_kept``, ``file.…``.
    """
    require_reason(store, profile, reason)
    from app.workbook.dropout_book import write_dropout_book

    check_target(out, ".xlsx", sources=(store.path,))
    book = _read_book(store, since, until, profile, only)
    write_dropout_book(
        book,
        out,
        subject={Profile.MASKED: "脱敏", Profile.FULL: "完整号码"}[profile],
        printed_at=f"{store.clock.now():%Y-%m-%d %H:%M}",
        commit_no=store.commit_no,
        progress=progress,
    )
    digest = sha256_of(out)
    with gone_unless_done(out):
        changes = log_handover(
            store,
            kind=HandoverKind.EXPORT,
            content="控辍保学台账",
            people=len(book.of_age),
            profile=profile,
            reason=reason,
            file_name=out.name,
            sha256=digest,
            as_of=until,
            by=by,
        )
    rows = len(book.suspected) + len(book.dropout) + len(book.persuasions)
    return ExportedDropout(out, rows, changes)


def _read_book(store: Store, since: date, until: date, profile: Profile, only: Narrowing) -> "DropoutBook":
    """Read what the book lists; its numbers are whole or masked by ``profile``."""
    from app.workbook.dropout_book import DropoutBook

    school, day = school_name(store), until.isoformat()
    pupils = Pupils(store, until, whole=profile is Profile.FULL, only=only)
    cases = tuple(one.up_to(until) for one in absences(store, until=until) if only.takes(one.child_uuid))
    return DropoutBook(
        school=f"{school}（{only.words}）" if only.words else school,
        span=f"{since.isoformat()} 至 {day}",
        day=day,
        of_age=[pupils.cells(facts.uuid) for facts in pupils.enrolled],
        suspected=_ledger(pupils, cases, AbsenceStage.SUSPECTED, since, until),
        dropout=_ledger(pupils, cases, AbsenceStage.DROPOUT, since, until),
        persuasions=list(_tried(cases, since.isoformat(), day, masked=profile is Profile.MASKED)),
        months=_months(store, since, until, only) if only.has_figures else None,
    )


def _months(store: Store, since: date, until: date, only: Narrowing) -> list[tuple[str, ...]]:
    return [
        (month, *figures)
        for month in months_between(since, until)
        for figures in figures_of(store, month, only)
    ]


def _ledger(
    pupils: Pupils, cases: Sequence[AbsenceFacts], stage: AbsenceStage, since: date, until: date
) -> list[tuple[str, ...]]:
    return [
        (
            *pupils.cells(one.child_uuid),
            one.happened_on,
            one.reason.label if one.reason else "",
            one.suspected_on or "",
            one.reported_on or "",
            "·".join(filter(None, (one.reported_to, one.receiver))),
            one.dropout_on or "",
            str(len(one.persuasions)),
            _last_try(one),
            _now(one, until),
            late_words(one.late_days),
        )
        for one in reversed(cases)
        if one.was_between(stage, since.isoformat(), until.isoformat())
    ]


def _now(one: AbsenceFacts, day: date) -> str:
    """Return where a case stood at the end of the period: 辍学, 已返校 2026-11-18."""
    stage = one.stage_on(day)
    on = (
        {AbsenceStage.RETURNED: one.returned_on, AbsenceStage.CLOSED: one.closed_on}.get(stage)
        if stage
        else None
    )
    return " ".join(filter(None, (stage.label if stage else "", on)))


def _last_try(one: AbsenceFacts) -> str:
    if not one.persuasions:
        return ""
    last = one.persuasions[-1]
    return f"{last.happened_on} {last.result.label if last.result else ''}".strip()


def _tried(
    cases: Sequence[AbsenceFacts], since: str, until: str, *, masked: bool
) -> Iterator[tuple[str, ...]]:
    for one in reversed(cases):
        for each in one.persuasions:
            if since <= each.happened_on <= until:
                yield (
                    one.child_name,
                    one.class_name,
                    one.happened_on,
                    str(each.number),
                    each.happened_on,
                    each.persons or "",
                    each.medium.label if each.medium else "",
                    mask_numbers(each.course or "") if masked else each.course or "",
                    each.result.label if each.result else "",
                    one.returned_on or "",
                    f"{one.closed_on} {one.closed_reason.label}"
                    if one.closed_on and one.closed_reason
                    else "",
                    late_words(each.late_days),
                )
