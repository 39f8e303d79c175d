"""Writing a planned import: one action, undone in one step; a dry run is the same, rolled back."""

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.children.names import name_columns
from app.children.roster.model import ImportPlan, ImportResult, Resolution, RowResult, Write
from app.children.roster.raw_rows import fingerprint_of_packed
from app.children.roster.uncollected import uncollected
from app.children.tables import (
    DATED,
    Child,
    ContactOrder,
    Doubt,
    ImportFile,
    ImportRun,
    ParkedRow,
    Person,
)
from app.core.changes import Changes
from app.core.messages import refuse
from app.core.progress import Progress, no_progress
from app.school.service_classes import ensure_classes
from app.storage.action import Action
from app.storage.base import Row
from app.storage.store import Store

AREAS = frozenset({"children", "school"})
_MODELS: Mapping[str, type[Row]] = {
    "person": Person,
    "child": Child,
    **DATED,
    "contact_order": ContactOrder,
    "parked_row": ParkedRow,
    "doubt": Doubt,
}
# Rows that others refer to are written first; a period must end before the next one of its kind begins.
_FIRST = ("person", "child")
_REFERENCES = ("child_id", "person_id", "school_class_id")
_OF_THE_RUN = ("parked_row", "doubt")

Also = Callable[[Action, Mapping[int, int]], None]
"""What is written in the same step: given the action, and planned id → id of the file for what is new."""


def nothing_else(_action: Action, _ids: Mapping[int, int]) -> None:
    """Write nothing besides the plan."""


def apply_import(
    store: Store,
    plan: ImportPlan,
    *,
    content: bytes,
    by: str | None = None,
    also: Also = nothing_else,
    progress: Progress = no_progress,
) -> ImportResult:
    """Write the plan as one undoable action and keep the file with it. ``also`` writes what belongs to the same step.

    UserError ``import.changed_since`` when the ledger was changed after the plan was made; EnvironmentFault when the
    disk does not take it: then nothing was written.
    """
    _refuse_stale(store, plan)
    with uncollected(), store.action(_words(plan), kind="import", by=by, partial=True) as action:
        run_uuid, ids = _write(store, action, plan, progress)
        also(action, ids)
        if not _has_file(store, plan.file_sha256, run_uuid):
            action.insert(ImportFile, import_run_uuid=run_uuid, content=zlib.compress(content, 6))
        changes = action.changes(AREAS)
    return ImportResult(plan, changes, run_uuid)


def rehearse_import(
    store: Store, plan: ImportPlan, *, also: Also = nothing_else, progress: Progress = no_progress
) -> ImportResult:
    """Do everything ``apply_import`` does, down to the database's own checks, and take it all back."""
    _refuse_stale(store, plan)
    with uncollected(), store.rehearsal(_words(plan)) as action:
        _, ids = _write(store, action, plan, progress)
        also(action, ids)
    return ImportResult(plan, Changes("", _words(plan)))


def write_rows(
    store: Store, action: Action, plan: ImportPlan, run_id: int, progress: Progress = no_progress
) -> dict[int, int]:
    """Write the rows of a plan inside ``action`` and return planned id → id of the file."""
    ids = _classes(store, action, plan)
    waiting: defaultdict[str, list[Write]] = defaultdict(list)
    updates: list[Write] = []
    for write in plan.writes:
        if write.row_id is None:
            waiting[write.table].append(write)
        else:
            updates.append(write)
    total, done = len(plan.writes), 0
    for table in _FIRST:
        done += _insert(action, table, waiting.pop(table, []), ids, run_id)
        progress(done, total, "正在写入")
    for number, update in enumerate(updates):
        if update.row_id is not None:
            action.update(_MODELS[update.table], update.row_id, **_resolved(update.values, ids))
        if number % 200 == 0:
            progress(done + number, total, "正在写入")
    done += len(updates)
    for table, writes in waiting.items():
        done += _insert(action, table, writes, ids, run_id)
        progress(done, total, "正在写入")
    return ids


def _write(
    store: Store, action: Action, plan: ImportPlan, progress: Progress
) -> tuple[str, Mapping[int, int]]:
    run = action.insert(
        ImportRun,
        file_name=plan.file_name,
        file_sha256=plan.file_sha256,
        data_date=plan.options.data_date.isoformat(),
        row_count=len(plan.rows),
        new_count=plan.count(RowResult.NEW),
        updated_count=plan.count(RowResult.UPDATED),
        unchanged_count=plan.count(RowResult.UNCHANGED),
        parked_count=plan.count(RowResult.PARKED),
        marked_count=plan.marked,
    )
    ids = write_rows(store, action, plan, int(run), progress)
    _leave_out(store, action, plan)
    return run.uuid, ids


def _leave_out(store: Store, action: Action, plan: ImportPlan) -> None:
    """Settle the rows that stay out: those just kept, and the very same that an earlier import left waiting."""
    left_out = {
        fingerprint_of_packed(row.raw) for row in plan.rows if row.result is RowResult.LEFT_OUT and row.raw
    }
    if not left_out:
        return
    waiting = store.rows(
        "SELECT id, raw_json FROM parked_row WHERE resolution IS NULL AND deleted_at IS NULL"
    )
    for row_id, raw in waiting:
        if fingerprint_of_packed(raw) in left_out:
            action.update(ParkedRow, row_id, resolution=Resolution.DROPPED.value, resolved_at=action.at)


def _classes(store: Store, action: Action, plan: ImportPlan) -> dict[int, int]:
    if not plan.class_refs:
        return {}
    made = ensure_classes(store, action, plan.class_refs.values(), plan.options.data_date)
    return {planned: made[ref].id for planned, ref in plan.class_refs.items()}


def _insert(action: Action, table: str, writes: Iterable[Write], ids: dict[int, int], run_id: int) -> int:
    wanted = list(writes)
    rows = [write.values for write in wanted]
    if table == "child":
        rows = [{**row, **name_columns(row["name"])} for row in rows]
    elif table in _OF_THE_RUN:
        rows = [{**row, "import_run_id": run_id} for row in rows]
    keys = action.insert_planned(_MODELS[table], rows, dict.fromkeys(_REFERENCES, ids))
    ids.update(
        (write.new_id, key) for write, key in zip(wanted, keys, strict=True) if write.new_id is not None
    )
    return len(wanted)


def _resolved(values: Mapping[str, Any], ids: Mapping[int, int]) -> dict[str, Any]:
    """Return the values with the ids that planned rows got."""
    return {
        column: ids.get(value, value) if column in _REFERENCES else value for column, value in values.items()
    }


def _refuse_stale(store: Store, plan: ImportPlan) -> None:
    if store.commit_no != plan.commit_no:
        raise refuse("import.changed_since")


def _has_file(store: Store, sha256: str, run_uuid: str) -> bool:
    found = store.one(
        "SELECT 1 FROM import_run r JOIN import_file f ON f.import_run_uuid = r.uuid"
        " WHERE r.file_sha256 = ? AND r.uuid <> ? AND f.deleted_at IS NULL LIMIT 1",
        (sha256, run_uuid),
    )
    return found is not None


def _words(plan: ImportPlan) -> str:
    counts = "，".join(f"{result.label} {plan.count(result)}" for result in RowResult if plan.count(result))
    return f"导入花名册（{len(plan.rows)} 行：{counts}）"
