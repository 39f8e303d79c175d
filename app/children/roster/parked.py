"""Rows that wait: listed, put right in place, decided (domain.md §10.2, rule 5). A row is never lost by any of it."""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from app.children.roster.apply import AREAS, write_rows
from app.children.roster.draft import Cells
from app.children.roster.model import (
    Decision,
    ImportPlan,
    ParkedCode,
    PlannedRow,
    Resolution,
    RosterOptions,
    RowResult,
)
from app.children.roster.plan import plan_cells
from app.children.roster.printed import KEY
from app.children.roster.raw_rows import kept_context, packed_settings, row_texts, unpack_cells
from app.children.roster.since_print import CLASS, NAME, NUMBERS
from app.children.roster.writer import same
from app.children.tables import ParkedRow
from app.core.changes import Changes
from app.core.messages import refuse
from app.storage.service import service
from app.storage.store import Store

_WHO = frozenset({KEY, NAME, *NUMBERS})


class WaitingRow(Struct, frozen=True):
    """A parked row with what it says: (header, target, text) per filled cell, in the order of the columns."""

    uuid: str
    file_name: str
    data_date: str
    sheet: str
    row: int
    code: ParkedCode
    reason: str
    cells: tuple[tuple[str, str, str], ...]
    child_uuid: str | None = None


def waiting_rows(store: Store) -> list[WaitingRow]:
    """Return the rows that still wait for a decision, oldest import first, in the order of their files."""
    rows = store.rows(
        "SELECT p.uuid, r.file_name, r.data_date, p.sheet, p.row_number,"
        " coalesce(json_extract(p.raw_json, '$.asks'), p.code), p.reason, p.raw_json, c.uuid"
        " FROM parked_row p JOIN import_run r ON r.id = p.import_run_id"
        " LEFT JOIN child c ON c.id = p.child_id AND c.deleted_at IS NULL"
        " WHERE p.resolution IS NULL AND p.deleted_at IS NULL ORDER BY p.id"
    )
    return [
        WaitingRow(uuid, name, day, sheet, number, ParkedCode(code), reason, row_texts(raw), child)
        for uuid, name, day, sheet, number, code, reason, raw, child in rows
    ]


def preview_parked(
    store: Store,
    parked_uuid: str,
    *,
    resolution: Resolution,
    child_uuid: str | None = None,
    fixes: Mapping[str, str] | None = None,
) -> PlannedRow:
    """Return what ``resolve_parked`` would do with the row. UserError ``import.parked_gone`` when it is decided."""
    return _plan(store, parked_uuid, resolution, child_uuid, fixes)[1].rows[0]


@service
def resolve_parked(
    store: Store,
    parked_uuid: str,
    *,
    resolution: Resolution,
    child_uuid: str | None = None,
    fixes: Mapping[str, str] | None = None,
    by: str | None = None,
) -> Changes:
    """Decide about a waiting row, in one undoable action.

    ``same_person``: its facts go to the child ``child_uuid`` (of its number when none is given); ``added``: it becomes
    a new child; ``dropped``: it stays out. ``fixes`` (target → text, "" clears) go over the row's own cells first.
    UserError ``import.parked_gone`` when it is decided already, ``import.parked_needs`` when something is still
    missing; the row then keeps waiting.
    """
    if resolution is Resolution.DROPPED:
        row_id, _ = _row(store, parked_uuid)
        with store.action("待处理行：不导入", kind="import.parked", by=by) as action:
            action.update(ParkedRow, row_id, resolution=resolution.value, resolved_at=action.at)
            return action.changes(AREAS)
    row_id, plan, run_id = _plan(store, parked_uuid, resolution, child_uuid, fixes)
    planned = plan.rows[0]
    if planned.result is RowResult.PARKED:
        raise refuse("import.parked_needs", what=_needed(planned))
    words = "待处理行：更新台账" if planned.child_uuid else "待处理行：加为新的一名"
    # kind "import": a value read from a roster is no entry by hand, whenever the row was decided.
    with store.action(words, kind="import", by=by) as action:
        ids = write_rows(store, action, plan, run_id)
        child_id = _child_id(store, planned, plan, ids)
        decided = Resolution.SAME_PERSON if planned.child_uuid else Resolution.ADDED
        action.update(ParkedRow, row_id, resolution=decided.value, resolved_at=action.at, child_id=child_id)
        return action.changes(AREAS)


def _plan(
    store: Store,
    parked_uuid: str,
    resolution: Resolution,
    child_uuid: str | None,
    fixes: Mapping[str, str] | None,
) -> tuple[int, ImportPlan, int]:
    row_id, run_id = _row(store, parked_uuid)
    sheet, number, code, raw = store.rows(
        "SELECT sheet, row_number, code, raw_json FROM parked_row WHERE id = ?", (row_id,)
    )[0]
    cells, context = unpack_cells(raw, fixes), kept_context(store, raw)
    printed = packed_settings(raw).get("printed", {})
    if printed and (KEY in cells or resolution is Resolution.SAME_PERSON):
        cells = _put_right(cells, printed, fixes or {})
        if CLASS not in cells:
            context = replace(context, class_of_sheet="")  # the heading is as it was printed, too
    decision = Decision(resolution, child_uuid)
    options = RosterOptions(
        context.day, third_meaning=context.third_meaning, decisions={(sheet, number): decision}
    )
    if code == ParkedCode.DUPLICATE_NUMBER and resolution is Resolution.ADDED and not _fixes_number(fixes):
        cells = _without_number(cells)
    if resolution is Resolution.SAME_PERSON and child_uuid is not None:
        options = replace(options, same_child=child_uuid)
    return row_id, plan_cells(store, sheet, number, cells, context, options), run_id


def _row(store: Store, parked_uuid: str) -> tuple[int, int]:
    found = store.one(
        "SELECT id, import_run_id FROM parked_row WHERE uuid = ? AND resolution IS NULL AND deleted_at IS NULL",
        (parked_uuid,),
    )
    if found is None:
        raise refuse("import.parked_gone")
    return int(found[0]), int(found[1])


def _fixes_number(fixes: Mapping[str, str] | None) -> bool:
    return any(target in (fixes or {}) for target in ("child.id_number", "child.student_registry_no"))


def _put_right(cells: Cells, printed: Mapping[str, str], fixes: Mapping[str, str]) -> Cells:
    """Leave out what still stands as our sheet was printed: the ledger may know it better by now.

    Whoever the row is stays, and what is understood only together with something that was put right.
    """

    def is_new(target: str) -> bool:
        text = "、".join(cell.text for cell in cells[target])
        return target not in printed or target in fixes or not same(text, printed[target])

    lines = {_line_of(target) for target in cells if is_new(target)}
    return {
        target: found
        for target, found in cells.items()
        if target in _WHO or is_new(target) or _line_of(target) in lines
    }


def _line_of(target: str) -> str:
    owner, _, column = target.partition(".")
    if column in ("out", "place", "since"):
        return f"{owner}.away"
    return {"residence": "residence", "carer": "carer", "care": "carer"}.get(owner, target)


def _without_number(cells: Cells) -> Cells:
    """Another child under the same number: the number is somebody else's and stays out."""
    return {
        target: found
        for target, found in cells.items()
        if target not in ("child.id_number", "child.student_registry_no")
    }


def _needed(planned: PlannedRow) -> str:
    if planned.code is ParkedCode.NO_NAME:
        return "姓名"
    return "一个决定：是不是台账里的那一个人" if planned.candidates else planned.reason


def _child_id(store: Store, planned: PlannedRow, plan: ImportPlan, ids: Mapping[int, int]) -> int | None:
    if planned.child_uuid is not None:
        found = store.one("SELECT id FROM child WHERE uuid = ?", (planned.child_uuid,))
        return int(found[0]) if found else None
    new = (write.new_id for write in plan.writes if write.table == "child" and write.new_id is not None)
    return next((ids[new_id] for new_id in new), None)
