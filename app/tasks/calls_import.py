"""导入通话记录: a workbook or text table of call results into the log, with the manners of the other imports."""

from pathlib import Path

from app.calls.importing import apply_calls_import, rehearse_calls_import, waiting_calls
from app.calls.importing_model import CallsImportPlan, CallsImportResult
from app.calls.importing_plan import plan_calls_import
from app.children.roster.sheet import RosterFile
from app.core.files import sha256_of
from app.core.progress import Progress, no_progress
from app.school.codes import HandoverKind, Profile
from app.school.handover import log_handover
from app.storage.backups import Reason
from app.storage.store import Store
from app.tasks.cut_off import import_under_way
from app.tasks.import_diary import WaitingExport, read_book
from app.tasks.risky import backup_before
from app.workbook.rejects import RejectedRow, write_rejected_rows


def plan_import(
    store: Store, path: Path, *, sheet: str | None = None, progress: Progress = no_progress
) -> CallsImportPlan:
    """Read the file and return what importing it would do. UserError ``import.…`` or ``call_import.…`` in words."""
    return plan_book(store, read_book(path, progress=progress), sheet=sheet, progress=progress)


def plan_book(
    store: Store, book: RosterFile, *, sheet: str | None = None, progress: Progress = no_progress
) -> CallsImportPlan:
    """Return what importing a table that was read would do. UserError ``call_import.…``."""
    return plan_calls_import(store, book, sheet=sheet, progress=progress)


def write_import(
    store: Store,
    plan: CallsImportPlan,
    *,
    by: str | None = None,
    anyway: bool = False,
    progress: Progress = no_progress,
) -> CallsImportResult:
    """Back up, then write the plan in one undoable step; ``anyway`` goes without the backup, because she said so."""
    if not anyway:
        backup_before(store, "导入通话记录", reason=Reason.BEFORE_IMPORT, progress=progress)
    with import_under_way(store):
        return apply_calls_import(store, plan, by=by, progress=progress)


def import_calls(
    store: Store,
    path: Path,
    *,
    sheet: str | None = None,
    dry_run: bool = False,
    rejects: Path | None = None,
    anyway: bool = False,
    by: str | None = None,
    progress: Progress = no_progress,
) -> CallsImportResult:
    """Read, plan and write a table without any question; ``dry_run`` is the real import rolled back.

    ``rejects`` gets the rows that wait, with their reasons, as a workbook that can be put right and imported again.
    """
    plan = plan_import(store, path, sheet=sheet, progress=progress)
    if dry_run:
        result = rehearse_calls_import(store, plan, progress=progress)
    else:
        result = write_import(store, plan, by=by, anyway=anyway, progress=progress)
    if rejects is not None:
        write_rejects(plan, rejects)
    return result


def write_rejects(plan: CallsImportPlan, out: Path) -> int:
    """Write the plan's waiting rows as a workbook; return how many."""
    rows = [RejectedRow(row.cells, row.reason, row.sheet, row.row) for row in plan.waiting()]
    write_rejected_rows(rows, out)
    return len(rows)


def export_waiting_calls(store: Store, out: Path, *, by: str | None = None) -> WaitingExport:
    """Write every waiting row with its reason to ``out``, to be put right there and imported again; it is logged."""
    waiting = waiting_calls(store)
    write_rejected_rows([RejectedRow(row.cells, row.reason, row.sheet, row.row) for row in waiting], out)
    changes = log_handover(
        store,
        kind=HandoverKind.EXPORT,
        content=f"待处理的通话记录 {len(waiting)} 行",
        people=len({row.child_uuid for row in waiting} - {None}),
        profile=Profile.FULL,
        reason="改好后再导入",
        file_name=out.name,
        sha256=sha256_of(out),
        by=by,
    )
    return WaitingExport(len(waiting), changes)
