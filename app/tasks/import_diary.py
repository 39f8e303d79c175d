"""导入以前的记录: a workbook of past talks and visits into the diary, with the manners of the roster import."""

from dataclasses import dataclass
from pathlib import Path

from app.children.roster.sheet import RosterFile
from app.core.changes import Changes
from app.core.files import sha256_of
from app.core.progress import Progress, no_progress
from app.diary.importing.model import DiaryImportResult, DiaryPlan
from app.diary.importing.parked import waiting_records
from app.diary.importing.plan import cells_to_go_out, plan_diary
from app.diary.importing.writing import apply_diary, rehearse_diary
from app.school.codes import HandoverKind, Profile
from app.school.handover import log_handover
from app.storage.backups import Reason
from app.storage.store import Store
from app.tasks.cut_off import import_under_way
from app.tasks.risky import backup_before
from app.workbook.rejects import RejectedRow, write_rejected_rows
from app.workbook.roster_reader import read_roster


def plan_import(
    store: Store, path: Path, *, sheet: str | None = None, progress: Progress = no_progress
) -> DiaryPlan:
    """Read the file and return what importing it would do. UserError ``import.…`` or ``diary_import.…`` in words."""
    return plan_book(store, read_book(path, progress=progress), sheet=sheet, progress=progress)


def read_book(path: Path, *, progress: Progress = no_progress) -> RosterFile:
    """Read a workbook without any ledger: it may take a while and keeps nobody waiting. UserError ``import.…``."""
    return read_roster(path, progress=progress)


def plan_book(
    store: Store, book: RosterFile, *, sheet: str | None = None, progress: Progress = no_progress
) -> DiaryPlan:
    """Return what importing a workbook that was read would do. UserError ``diary_import.…``."""
    return plan_diary(store, book, sheet=sheet, progress=progress)


def write_import(
    store: Store,
    plan: DiaryPlan,
    *,
    by: str | None = None,
    anyway: bool = False,
    progress: Progress = no_progress,
) -> DiaryImportResult:
    """Back up, then write the plan in one undoable step; ``anyway`` goes without the backup, because she said so."""
    if not anyway:
        backup_before(store, "导入以前的记录", reason=Reason.BEFORE_IMPORT, progress=progress)
    with import_under_way(store):
        return apply_diary(store, plan, by=by, progress=progress)


def import_diary(
    store: Store,
    path: Path,
    *,
    sheet: str | None = None,
    dry_run: bool = False,
    rejects: Path | None = None,
    anyway: bool = False,
    by: str | None = None,
    progress: Progress = no_progress,
) -> DiaryImportResult:
    """Read, plan and write a workbook without any question; ``dry_run`` is the real import rolled back.

    ``rejects`` gets the rows that wait, with their reasons, as a workbook that can be put right and imported again.
    """
    plan = plan_import(store, path, sheet=sheet, progress=progress)
    if dry_run:
        result = rehearse_diary(store, plan, progress=progress)
    else:
        result = write_import(store, plan, by=by, anyway=anyway, progress=progress)
    if rejects is not None:
        write_rejects(plan, rejects)
    return result


def write_rejects(plan: DiaryPlan, out: Path) -> int:
    """Write the plan's waiting rows as a workbook; return how many."""
    rows = [
        RejectedRow(cells_to_go_out(row.packed), row.reason, row.sheet, row.row) for row in plan.waiting()
    ]
    write_rejected_rows(rows, out)
    return len(rows)


@dataclass(frozen=True, slots=True)
class WaitingExport:
    """The rows that wait, as a workbook: how many, and the entry in the hand-over log."""

    rows: int
    changes: Changes


def export_waiting(store: Store, out: Path, *, by: str | None = None) -> WaitingExport:
    """Write every waiting row with its reason to ``out``, to be put right there and imported again; it is logged.

    The rows are as the school's own sheets had them, so in full. EnvironmentFault when the disk refuses.
    """
    waiting = waiting_records(store)
    rows = [RejectedRow(cells_to_go_out(row.packed), row.reason, row.sheet, row.row) for row in waiting]
    write_rejected_rows(rows, out)
    changes = log_handover(
        store,
        kind=HandoverKind.EXPORT,
        content=f"待处理的记录 {len(waiting)} 行",
        people=len({row.child_uuid for row in waiting} - {None}),
        profile=Profile.FULL,
        reason="改好后再导入",
        file_name=out.name,
        sha256=sha256_of(out),
        by=by,
    )
    return WaitingExport(len(waiting), changes)
