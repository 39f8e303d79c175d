"""Rows of a workbook that wait: listed, put right, written or left out. A row is never lost by any of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from app.core.changes import Changes
from app.core.messages import refuse
from app.diary.affected import diary_changes
from app.diary.importing.model import ParkedCode, PlannedRecord, RowResult
from app.diary.importing.plan import Planner, unpack
from app.diary.importing.writing import write_records
from app.diary.tables import DiaryParked
from app.storage.store import Store


@dataclass(frozen=True, slots=True)
class WaitingRecord:
    """A waiting row; ``cells`` are (header, text), ``child_uuid`` whose it most likely is, if anybody's.

    ``fields`` are the texts by field (name, class, day, kind, content …), "" or missing where the sheet said nothing;
    ``packed`` is the row as it is kept.
    """

    uuid: str
    file_name: str
    sheet: str
    row: int
    code: ParkedCode
    reason: str
    cells: tuple[tuple[str, str], ...]
    child_uuid: str | None
    fields: Mapping[str, str] = field(default_factory=dict)
    packed: str = ""


def waiting_records(store: Store) -> tuple[WaitingRecord, ...]:
    """Return the rows that still wait, the oldest import first, in the order of their files."""
    rows = store.rows(
        "SELECT p.uuid, i.file_name, p.sheet, p.row_number, p.code, p.reason, p.raw_json, c.uuid FROM diary_parked p"
        " JOIN diary_import i ON i.id = p.diary_import_id"
        " LEFT JOIN child c ON c.id = p.child_id AND c.deleted_at IS NULL"
        " WHERE p.resolution IS NULL AND p.deleted_at IS NULL ORDER BY p.id"
    )
    return tuple(_waiting(*row) for row in rows)


def count_waiting(store: Store) -> int:
    """Return how many rows still wait."""
    row = store.one("SELECT count(*) FROM diary_parked WHERE resolution IS NULL AND deleted_at IS NULL")
    return int(row[0]) if row else 0


def preview_waiting(
    store: Store, uuid: str, *, child_uuid: str | None = None, fixes: Mapping[str, str] | None = None
) -> PlannedRecord:
    """Return what ``resolve_waiting`` would do with the row. UserError ``import.parked_gone`` when it is decided."""
    _, raw = _row(store, uuid)
    return _planned(store, raw, child_uuid, fixes)


def resolve_waiting(
    store: Store,
    *,
    uuid: str,
    child_uuid: str | None = None,
    fixes: Mapping[str, str] | None = None,
    by: str | None = None,
) -> Changes:
    """Write a waiting row as a record of the child; ``fixes`` (field → text, "" clears) go over its cells first.

    UserError ``import.parked_needs`` when something is still missing; the row then keeps waiting.
    """
    row_id, raw = _row(store, uuid)
    planned = _planned(store, raw, child_uuid, fixes)
    if planned.result is RowResult.PARKED:
        raise refuse("import.parked_needs", what=f"：{planned.reason}")
    words = "待处理的记录：写入日记" if planned.result is RowResult.NEW else "待处理的记录：日记里已有"
    with store.action(words, kind="import", by=by) as action:
        if planned.result is RowResult.NEW:
            write_records(store, action, (planned,))
        action.update(
            DiaryParked, row_id, resolution="added", resolved_at=action.at, child_id=planned.child_id
        )
        return diary_changes(action, (planned.child_uuid or "",))


def drop_waiting(store: Store, *, uuid: str, by: str | None = None) -> Changes:
    """Decide that a waiting row stays out."""
    row_id, _ = _row(store, uuid)
    with store.action("待处理的记录：不导入", kind="import.parked", by=by) as action:
        action.update(DiaryParked, row_id, resolution="dropped", resolved_at=action.at)
        return diary_changes(action, ())


def _waiting(
    uuid: str, name: str, sheet: str, number: int, code: str, reason: str, raw: str, child: str | None
) -> WaitingRecord:
    row = unpack(raw)
    fields = {field: row.text(field) for field in row.cells}
    return WaitingRecord(
        uuid, name, sheet, number, ParkedCode(code), reason, row.texts(), child, MappingProxyType(fields), raw
    )


def _row(store: Store, uuid: str) -> tuple[int, str]:
    row = store.one(
        "SELECT id, raw_json FROM diary_parked WHERE uuid = ? AND resolution IS NULL AND deleted_at IS NULL",
        (uuid,),
    )
    if row is None:
        raise refuse("import.parked_gone")
    return row[0], row[1]


def _planned(
    store: Store, raw: str, child_uuid: str | None, fixes: Mapping[str, str] | None
) -> PlannedRecord:
    child = None
    if child_uuid is not None:
        child = store.one(
            "SELECT id, uuid, name FROM child WHERE uuid = ? AND deleted_at IS NULL", (child_uuid,)
        )
        if child is None:
            raise refuse("child.unknown")
    planner = Planner(store, among_waiting=False)
    return planner.plan(unpack(raw, fixes), child=None if child is None else (child[0], child[1], child[2]))
