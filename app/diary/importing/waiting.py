"""Imports of tables with rows that wait, whatever is imported: written as one step, listed, put right, left out.

One ``Intake`` says what is special about past records, or about call results; the rest is the same for both. A row is
never lost by any of it.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Generic, Protocol, TypeVar

from msgspec import Struct, field

from app.core.changes import Changes
from app.core.code import Code
from app.core.messages import refuse
from app.core.progress import Progress, no_progress
from app.diary.importing.model import ImportPlan, Placed, RowResult
from app.diary.importing.plan import unpack
from app.diary.importing.sheets import RawRecord
from app.storage.action import Action
from app.storage.base import Row
from app.storage.store import Store

# Table names below are those of our own models.
# ruff: noqa: S608

ChildKey = tuple[int, str, str]
"""Key, uuid and name of a child."""


class PlannedRow(Placed, Protocol):
    """One row of a table with what becomes of it, as it is kept while it waits."""

    @property
    def sheet(self) -> str:
        """Return the sheet it stands on."""

    @property
    def row(self) -> int:
        """Return its number as Excel shows it."""

    @property
    def packed(self) -> str:
        """Return it as it is kept."""

    @property
    def code(self) -> Code | None:
        """Return why it waits."""

    @property
    def reason(self) -> str:
        """Return why it waits, in words."""

    @property
    def child_id(self) -> int | None:
        """Return whose it is, or most likely is."""


PlannedT = TypeVar("PlannedT", bound=PlannedRow)


class WaitingRow(Struct, frozen=True):
    """A waiting row; ``cells`` are (header, text), ``child_uuid`` whose it most likely is, if anybody's.

    ``fields`` are the texts by field (name, class, day …), "" or missing where the sheet said nothing; ``packed`` is the
    row as it is kept.
    """

    uuid: str
    file_name: str
    sheet: str
    row: int
    code: Code
    reason: str
    cells: tuple[tuple[str, str], ...]
    child_uuid: str | None
    fields: Mapping[str, str] = field(default_factory=dict)
    packed: str = ""


class Intake(Struct, Generic[PlannedT], frozen=True, kw_only=True):
    """What is special about one kind of table.

    ``runs`` and ``parked`` are where its imports and their waiting rows are kept, ``codes`` why one waits. ``imported``,
    ``waiting`` and ``place`` are words: 导入通话记录, 待处理的通话记录, 通话记录. ``plan_again`` plans one kept row anew (the
    child a person has said it is, its uuid among those that wait), ``write`` writes new ones inside an action and says what
    it changed, ``changes`` says so when nothing is new.
    """

    runs: type[Row]
    parked: type[Row]
    codes: type[Code]
    imported: str
    waiting: str
    place: str
    plan_again: Callable[[Store, RawRecord, ChildKey | None, str], PlannedT]
    write: Callable[[Store, Action, Sequence[PlannedT]], Changes]
    changes: Callable[[Action], Changes]

    # ---- a whole table

    def apply(
        self,
        store: Store,
        plan: ImportPlan[PlannedT],
        *,
        by: str | None = None,
        progress: Progress = no_progress,
    ) -> Changes:
        """Write the plan as one undoable action. UserError ``import.changed_since`` when the ledger changed meanwhile."""
        _refuse_stale(store, plan)
        with store.action(self.words(plan), kind="import", by=by, partial=True) as action:
            return self._write_plan(store, action, plan, progress)

    def rehearse(
        self, store: Store, plan: ImportPlan[PlannedT], *, progress: Progress = no_progress
    ) -> Changes:
        """Do everything ``apply`` does, down to the database's own checks, and take it all back."""
        _refuse_stale(store, plan)
        with store.rehearsal(self.words(plan)) as action:
            self._write_plan(store, action, plan, progress)
        return Changes("", self.words(plan))

    def words(self, plan: ImportPlan[PlannedT]) -> str:
        """Return what the action is called."""
        new, parked = plan.count(RowResult.NEW), len(plan.parked())
        return f"{self.imported} {new} 条" + (f"，待处理 {parked} 行" if parked else "")

    def _write_plan(
        self, store: Store, action: Action, plan: ImportPlan[PlannedT], progress: Progress
    ) -> Changes:
        new = [row for row in plan.rows if row.result is RowResult.NEW]
        parked = plan.parked()
        if not new and not parked:
            return self.changes(action)
        progress(0, len(new), "正在写入")
        run = action.insert(
            self.runs,
            file_name=plan.file_name,
            file_sha256=plan.sha256,
            row_count=len(plan.rows),
            new_count=len(new),
            known_count=plan.count(RowResult.KNOWN),
            parked_count=len(parked),
        )
        action.insert_many(
            self.parked,
            [
                {
                    f"{_table(self.runs)}_id": run,
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
        changes = self.write(store, action, new)
        progress(len(new), len(new), "正在写入")
        return changes

    # ---- its rows that wait

    def rows(self, store: Store) -> tuple[WaitingRow, ...]:
        """Return the rows that still wait, the oldest import first, in the order of their files."""
        run = _table(self.runs)
        found = store.rows(
            "SELECT p.uuid, i.file_name, p.sheet, p.row_number, p.code, p.reason, p.raw_json, c.uuid"
            f" FROM {_table(self.parked)} p JOIN {run} i ON i.id = p.{run}_id"
            " LEFT JOIN child c ON c.id = p.child_id AND c.deleted_at IS NULL"
            " WHERE p.resolution IS NULL AND p.deleted_at IS NULL ORDER BY p.id"
        )
        return tuple(self._waiting(*row) for row in found)

    def count(self, store: Store) -> int:
        """Return how many rows still wait."""
        row = store.one(
            f"SELECT count(*) FROM {_table(self.parked)} WHERE resolution IS NULL AND deleted_at IS NULL"
        )
        return int(row[0]) if row else 0

    def preview(
        self,
        store: Store,
        uuid: str,
        *,
        child_uuid: str | None = None,
        fixes: Mapping[str, str] | None = None,
    ) -> PlannedT:
        """Return what ``resolve`` would do with the row. UserError ``import.parked_gone`` when it is decided."""
        _, raw = self._kept(store, uuid)
        return self._planned(store, uuid, raw, child_uuid, fixes)

    def resolve(
        self,
        store: Store,
        *,
        uuid: str,
        child_uuid: str | None = None,
        fixes: Mapping[str, str] | None = None,
        by: str | None = None,
    ) -> Changes:
        """Write a waiting row for the child; ``fixes`` (field → text, "" clears) go over its cells first.

        UserError ``import.parked_needs`` when something is still missing; the row then keeps waiting.
        """
        row_id, raw = self._kept(store, uuid)
        planned = self._planned(store, uuid, raw, child_uuid, fixes)
        if planned.result is RowResult.PARKED:
            raise refuse("import.parked_needs", what=f"：{planned.reason}")
        is_new = planned.result is RowResult.NEW
        words = f"{self.waiting}：{f'写入{self.place}' if is_new else f'{self.place}里已有'}"
        with store.action(words, kind="import", by=by) as action:
            action.update(
                self.parked, row_id, resolution="added", resolved_at=action.at, child_id=planned.child_id
            )
            return self.write(store, action, (planned,)) if is_new else self.changes(action)

    def drop(self, store: Store, *, uuid: str, by: str | None = None) -> Changes:
        """Decide that a waiting row stays out."""
        row_id, _ = self._kept(store, uuid)
        with store.action(f"{self.waiting}：不导入", kind="import.parked", by=by) as action:
            action.update(self.parked, row_id, resolution="dropped", resolved_at=action.at)
            return self.changes(action)

    # ---- inside

    def _waiting(
        self,
        uuid: str,
        name: str,
        sheet: str,
        number: int,
        code: str,
        reason: str,
        raw: str,
        child: str | None,
    ) -> WaitingRow:
        row = unpack(raw)
        fields = MappingProxyType({one: row.text(one) for one in row.cells})
        return WaitingRow(
            uuid, name, sheet, number, self.codes(code), reason, row.texts(), child, fields, raw
        )

    def _kept(self, store: Store, uuid: str) -> tuple[int, str]:
        row = store.one(
            f"SELECT id, raw_json FROM {_table(self.parked)}"
            " WHERE uuid = ? AND resolution IS NULL AND deleted_at IS NULL",
            (uuid,),
        )
        if row is None:
            raise refuse("import.parked_gone")
        return int(row[0]), str(row[1])

    def _planned(
        self, store: Store, uuid: str, raw: str, child_uuid: str | None, fixes: Mapping[str, str] | None
    ) -> PlannedT:
        child: ChildKey | None = None
        if child_uuid is not None:
            row = store.one(
                "SELECT id, uuid, name FROM child WHERE uuid = ? AND deleted_at IS NULL", (child_uuid,)
            )
            if row is None:
                raise refuse("child.unknown")
            child = (int(row[0]), str(row[1]), str(row[2]))
        return self.plan_again(store, unpack(raw, fixes), child, uuid)


def _table(model: type[Row]) -> str:
    return str(model._meta.table_name)


def _refuse_stale(store: Store, plan: ImportPlan[PlannedT]) -> None:
    if store.commit_no != plan.commit_no:
        raise refuse("import.changed_since")
