"""导入通话记录: what is special about call results – where they wait, how one is planned anew and written."""

from collections.abc import Sequence

from app.calls.importing_model import CallsImportPlan, CallsImportResult, ParkedCode, PlannedCallResult
from app.calls.importing_plan import CallPlanner, occasion_of_row
from app.calls.log_checking import check_call
from app.calls.service_log import AREAS, write_calls
from app.calls.tables import CallImport, CallParked
from app.core.changes import Changes
from app.core.progress import Progress, no_progress
from app.diary.importing.sheets import RawRecord
from app.diary.importing.waiting import ChildKey, Intake
from app.storage.action import Action
from app.storage.store import Store


def _plan_again(store: Store, row: RawRecord, child: ChildKey | None, uuid: str) -> PlannedCallResult:
    planner = CallPlanner(store, among_waiting=False)
    return planner.plan(row, child=child, occasion=_shared_occasion(store, uuid))


def _shared_occasion(store: Store, uuid: str) -> str | None:
    """Return the occasion of a waiting row that named brothers and sisters, None for one that names one child."""
    row = store.one(
        "SELECT i.file_sha256, p.sheet, p.row_number, (SELECT count(*) FROM call_parked q"
        " WHERE q.call_import_id = p.call_import_id AND q.sheet = p.sheet AND q.row_number = p.row_number"
        " AND q.deleted_at IS NULL) FROM call_parked p JOIN call_import i ON i.id = p.call_import_id WHERE p.uuid = ?",
        (uuid,),
    )
    if row is None:
        return None
    occasion = occasion_of_row(row[0], row[1], row[2])
    known = store.one(
        "SELECT 1 FROM affection_call WHERE occasion = ? AND deleted_at IS NULL LIMIT 1", (occasion,)
    )
    return occasion if known is not None or row[3] > 1 else None


def _write(store: Store, action: Action, rows: Sequence[PlannedCallResult]) -> Changes:
    return write_calls(store, action, [check_call(store, row.draft) for row in rows if row.draft is not None])


CALL_RESULTS: Intake[PlannedCallResult] = Intake(
    runs=CallImport,
    parked=CallParked,
    codes=ParkedCode,
    imported="导入通话记录",
    waiting="待处理的通话记录",
    place="通话记录",
    plan_again=_plan_again,
    write=_write,
    changes=lambda action: action.changes(AREAS),
)
"""Call results as a table that can be brought in."""


def apply_calls_import(
    store: Store, plan: CallsImportPlan, *, by: str | None = None, progress: Progress = no_progress
) -> CallsImportResult:
    """Write the plan as one undoable action. UserError ``import.changed_since`` when the ledger changed meanwhile."""
    changes = CALL_RESULTS.apply(store, plan, by=by, progress=progress)
    follows = changes.words.removeprefix(CALL_RESULTS.words(plan)).lstrip("；")
    return CallsImportResult(plan, changes, follows)


def rehearse_calls_import(
    store: Store, plan: CallsImportPlan, *, progress: Progress = no_progress
) -> CallsImportResult:
    """Do everything ``apply_calls_import`` does, down to the database's own checks, and take it all back."""
    return CallsImportResult(plan, CALL_RESULTS.rehearse(store, plan, progress=progress))
