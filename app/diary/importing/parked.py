"""导入以前的记录: what is special about past records – where they wait, how one is planned anew and written."""

from collections.abc import Sequence

from app.core.changes import Changes
from app.core.progress import Progress, no_progress
from app.diary.affected import AREAS, diary_changes
from app.diary.importing.model import DiaryImportResult, DiaryPlan, ParkedCode, PlannedRecord
from app.diary.importing.plan import Planner
from app.diary.importing.sheets import RawRecord
from app.diary.importing.waiting import ChildKey, Intake
from app.diary.importing.writing import write_records
from app.diary.tables import DiaryImport, DiaryParked
from app.storage.action import Action
from app.storage.store import Store


def _plan_again(store: Store, row: RawRecord, child: ChildKey | None, _uuid: str) -> PlannedRecord:
    return Planner(store, among_waiting=False).plan(row, child=child)


def _write(store: Store, action: Action, rows: Sequence[PlannedRecord]) -> Changes:
    write_records(store, action, rows)
    return diary_changes(action, {row.child_uuid or "" for row in rows})


RECORDS: Intake[PlannedRecord] = Intake(
    runs=DiaryImport,
    parked=DiaryParked,
    codes=ParkedCode,
    imported="导入以前的记录",
    waiting="待处理的记录",
    place="日记",
    plan_again=_plan_again,
    write=_write,
    changes=lambda action: action.changes(AREAS),
)
"""Past records as a table that can be brought in."""


def apply_diary(
    store: Store, plan: DiaryPlan, *, by: str | None = None, progress: Progress = no_progress
) -> DiaryImportResult:
    """Write the plan as one undoable action. UserError ``import.changed_since`` when the ledger changed meanwhile."""
    return DiaryImportResult(plan, RECORDS.apply(store, plan, by=by, progress=progress))


def rehearse_diary(store: Store, plan: DiaryPlan, *, progress: Progress = no_progress) -> DiaryImportResult:
    """Do everything ``apply_diary`` does, down to the database's own checks, and take it all back."""
    return DiaryImportResult(plan, RECORDS.rehearse(store, plan, progress=progress))
