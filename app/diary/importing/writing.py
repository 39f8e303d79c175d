"""Writing a planned import: one action, undone in one step; a dry run is the same, rolled back."""

from collections.abc import Sequence

from app.core.changes import Changes
from app.core.messages import refuse
from app.core.progress import Progress, no_progress
from app.diary.affected import AREAS
from app.diary.checking import supporter_id
from app.diary.importing.model import DiaryImportResult, DiaryPlan, PlannedRecord, RowResult
from app.diary.tables import CareRecord, DiaryImport, DiaryParked, Promise
from app.storage.action import Action
from app.storage.entry_day import entry_day
from app.storage.store import Store


def apply_diary(
    store: Store, plan: DiaryPlan, *, by: str | None = None, progress: Progress = no_progress
) -> DiaryImportResult:
    """Write the plan as one undoable action. UserError ``import.changed_since`` when the ledger changed meanwhile."""
    _refuse_stale(store, plan)
    with store.action(_words(plan), kind="import", by=by, partial=True) as action:
        _write(store, action, plan, progress)
        return DiaryImportResult(plan, action.changes(AREAS))


def rehearse_diary(store: Store, plan: DiaryPlan, *, progress: Progress = no_progress) -> DiaryImportResult:
    """Do everything ``apply_diary`` does, down to the database's own checks, and take it all back."""
    _refuse_stale(store, plan)
    with store.rehearsal(_words(plan)) as action:
        _write(store, action, plan, progress)
    return DiaryImportResult(plan, Changes("", _words(plan)))


def write_records(store: Store, action: Action, rows: Sequence[PlannedRecord]) -> None:
    """Write planned records with their promises inside ``action``; all of them count as written down today."""
    supporters = {row.supporter: supporter_id(store, action, row.supporter) for row in rows}
    entered_on = entry_day(store)
    keys = action.insert_many(
        CareRecord,
        [
            {
                **(row.values or {}),
                "child_id": row.child_id,
                "supporter_id": supporters[row.supporter],
                "entered_on": entered_on,
            }
            for row in rows
        ],
    )
    action.insert_many(
        Promise,
        [
            {
                "child_id": row.child_id,
                "care_record_id": key,
                "supporter_id": supporters[row.supporter],
                "content": row.promise,
                "promised_on": row.happened_on,
                "due_on": row.promise_due,
            }
            for row, key in zip(rows, keys, strict=True)
            if row.promise
        ],
    )


def _write(store: Store, action: Action, plan: DiaryPlan, progress: Progress) -> None:
    new = [row for row in plan.rows if row.result is RowResult.NEW]
    parked = plan.parked()
    if not new and not parked:
        return
    progress(0, len(new), "正在写入")
    run = action.insert(
        DiaryImport,
        file_name=plan.file_name,
        file_sha256=plan.sha256,
        row_count=len(plan.rows),
        new_count=len(new),
        known_count=plan.count(RowResult.KNOWN),
        parked_count=len(parked),
    )
    write_records(store, action, new)
    action.insert_many(
        DiaryParked,
        [
            {
                "diary_import_id": run,
                "sheet": row.sheet,
                "row_number": row.row,
                "code": row.code.value if row.code else None,
                "reason": row.reason,
                "raw_json": row.packed,
                "child_id": row.child_id,
            }
            for row in parked
        ],
    )
    progress(len(new), len(new), "正在写入")


def _words(plan: DiaryPlan) -> str:
    new, parked = plan.count(RowResult.NEW), len(plan.parked())
    return f"导入以前的记录 {new} 条" + (f"，待处理 {parked} 行" if parked else "")


def _refuse_stale(store: Store, plan: DiaryPlan) -> None:
    if store.commit_no != plan.commit_no:
        raise refuse("import.changed_since")
