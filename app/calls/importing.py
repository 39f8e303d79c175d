"""Writing a planned import of call results: one action, undone in one step; and the rows of it that wait."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from app.calls.importing_model import CallsImportPlan, CallsImportResult, ParkedCode, PlannedCallResult
from app.calls.importing_plan import CallPlanner, occasion_of_row
from app.calls.log_checking import check_call
from app.calls.service_log import AREAS, write_calls
from app.calls.tables import CallImport, CallParked
from app.core.changes import Changes
from app.core.messages import refuse
from app.core.progress import Progress, no_progress
from app.diary.importing.model import RowResult
from app.diary.importing.plan import unpack
from app.storage.action import Action
from app.storage.store import Store


def apply_calls_import(
    store: Store, plan: CallsImportPlan, *, by: str | None = None, progress: Progress = no_progress
) -> CallsImportResult:
    """Write the plan as one undoable action. UserError ``import.changed_since`` when the ledger changed meanwhile."""
    _refuse_stale(store, plan)
    with store.action(_words(plan), kind="import", by=by, partial=True) as action:
        changes = _write(store, action, plan, progress)
        return CallsImportResult(plan, changes, changes.words.removeprefix(_words(plan)).lstrip("；"))


def rehearse_calls_import(
    store: Store, plan: CallsImportPlan, *, progress: Progress = no_progress
) -> CallsImportResult:
    """Do everything ``apply_calls_import`` does, down to the database's own checks, and take it all back."""
    _refuse_stale(store, plan)
    with store.rehearsal(_words(plan)) as action:
        _write(store, action, plan, progress)
    return CallsImportResult(plan, Changes("", _words(plan)))


@dataclass(frozen=True, slots=True)
class WaitingCall:
    """A waiting row; ``cells`` are (header, text), ``fields`` the texts by field, ``child_uuid`` whose it most likely is."""

    uuid: str
    file_name: str
    sheet: str
    row: int
    code: ParkedCode
    reason: str
    cells: tuple[tuple[str, str], ...]
    child_uuid: str | None
    fields: Mapping[str, str] = field(default_factory=dict)


def waiting_calls(store: Store) -> tuple[WaitingCall, ...]:
    """Return the rows that still wait, the oldest import first, in the order of their files."""
    rows = store.rows(
        "SELECT p.uuid, i.file_name, p.sheet, p.row_number, p.code, p.reason, p.raw_json, c.uuid FROM call_parked p"
        " JOIN call_import i ON i.id = p.call_import_id"
        " LEFT JOIN child c ON c.id = p.child_id AND c.deleted_at IS NULL"
        " WHERE p.resolution IS NULL AND p.deleted_at IS NULL ORDER BY p.id"
    )
    found = []
    for uuid, name, sheet, number, code, reason, raw, child in rows:
        row = unpack(raw)
        fields = MappingProxyType({one: row.text(one) for one in row.cells})
        found.append(
            WaitingCall(uuid, name, sheet, number, ParkedCode(code), reason, row.texts(), child, fields)
        )
    return tuple(found)


def count_waiting_calls(store: Store) -> int:
    """Return how many rows still wait."""
    row = store.one("SELECT count(*) FROM call_parked WHERE resolution IS NULL AND deleted_at IS NULL")
    return int(row[0]) if row else 0


def preview_waiting_call(
    store: Store, uuid: str, *, child_uuid: str | None = None, fixes: Mapping[str, str] | None = None
) -> PlannedCallResult:
    """Return what ``resolve_waiting_call`` would do. UserError ``import.parked_gone`` when the row is decided."""
    _, raw = _row(store, uuid)
    return _planned(store, raw, child_uuid, fixes)


def resolve_waiting_call(
    store: Store,
    *,
    uuid: str,
    child_uuid: str | None = None,
    fixes: Mapping[str, str] | None = None,
    by: str | None = None,
) -> Changes:
    """Write a waiting row as a call of the child; ``fixes`` (field → text, "" clears) go over its cells first.

    UserError ``import.parked_needs`` when something is still missing; the row then keeps waiting.
    """
    row_id, raw = _row(store, uuid)
    planned = _planned(store, raw, child_uuid, fixes, occasion=_shared_occasion(store, uuid))
    if planned.result is RowResult.PARKED:
        raise refuse("import.parked_needs", what=f"：{planned.reason}")
    words = "待处理的通话：写入记录" if planned.result is RowResult.NEW else "待处理的通话：记录里已有"
    with store.action(words, kind="import", by=by) as action:
        action.update(
            CallParked, row_id, resolution="added", resolved_at=action.at, child_id=planned.child_id
        )
        if planned.result is RowResult.NEW and planned.draft is not None:
            return write_calls(store, action, [check_call(store, planned.draft)])
        return action.changes(AREAS)


def drop_waiting_call(store: Store, *, uuid: str, by: str | None = None) -> Changes:
    """Decide that a waiting row stays out."""
    row_id, _ = _row(store, uuid)
    with store.action("待处理的通话：不导入", kind="import.parked", by=by) as action:
        action.update(CallParked, row_id, resolution="dropped", resolved_at=action.at)
        return action.changes(AREAS)


# ---- inside ---------------------------------------------------------------------------------------------------------


def _write(store: Store, action: Action, plan: CallsImportPlan, progress: Progress) -> Changes:
    new = [row for row in plan.rows if row.result is RowResult.NEW]
    parked = plan.parked()
    if not new and not parked:
        return action.changes(AREAS)
    progress(0, len(new), "正在写入")
    run = action.insert(
        CallImport,
        file_name=plan.file_name,
        file_sha256=plan.sha256,
        row_count=len(plan.rows),
        new_count=len(new),
        known_count=plan.count(RowResult.KNOWN),
        parked_count=len(parked),
    )
    action.insert_many(CallParked, [_parked_values(row, run) for row in parked])
    checked = [check_call(store, row.draft) for row in new if row.draft is not None]
    changes = write_calls(store, action, checked)
    progress(len(new), len(new), "正在写入")
    return changes


def _parked_values(row: PlannedCallResult, run: int) -> dict[str, object]:
    return {
        "call_import_id": run,
        "sheet": row.sheet,
        "row_number": row.row,
        "code": row.code.value if row.code else None,
        "reason": row.reason,
        "raw_json": row.packed,
        "child_id": row.child_id,
    }


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


def _planned(
    store: Store,
    raw: str,
    child_uuid: str | None,
    fixes: Mapping[str, str] | None,
    *,
    occasion: str | None = None,
) -> PlannedCallResult:
    child = None
    if child_uuid is not None:
        child = store.one(
            "SELECT id, uuid, name FROM child WHERE uuid = ? AND deleted_at IS NULL", (child_uuid,)
        )
        if child is None:
            raise refuse("child.unknown")
    planner = CallPlanner(store, among_waiting=False)
    told = None if child is None else (child[0], child[1], child[2])
    return planner.plan(unpack(raw, fixes), child=told, occasion=occasion)


def _row(store: Store, uuid: str) -> tuple[int, str]:
    row = store.one(
        "SELECT id, raw_json FROM call_parked WHERE uuid = ? AND resolution IS NULL AND deleted_at IS NULL",
        (uuid,),
    )
    if row is None:
        raise refuse("import.parked_gone")
    return row[0], row[1]


def _words(plan: CallsImportPlan) -> str:
    new, parked = plan.count(RowResult.NEW), len(plan.parked())
    return f"导入通话记录 {new} 条" + (f"，待处理 {parked} 行" if parked else "")


def _refuse_stale(store: Store, plan: CallsImportPlan) -> None:
    if store.commit_no != plan.commit_no:
        raise refuse("import.changed_since")
