"""Bringing in a table of past records or of call results: the same steps and manners for both."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from app.children.roster.sheet import RosterFile
from app.core.changes import Changes
from app.core.files import sha256_of
from app.core.progress import Progress, no_progress
from app.diary.importing.waiting import Intake, PlannedRow, WaitingRow
from app.school.codes import HandoverKind, Profile
from app.school.handover import log_handover
from app.storage.backups import Reason
from app.storage.store import Store
from app.tasks.cut_off import import_under_way
from app.tasks.risky import backup_before
from app.workbook.rejects import RejectedRow, write_rejected_rows
from app.workbook.roster_reader import read_roster

PlannedT = TypeVar("PlannedT", bound=PlannedRow)
PlanOut_co = TypeVar("PlanOut_co", covariant=True)
PlanIn_contra = TypeVar("PlanIn_contra", contravariant=True)
ResultT = TypeVar("ResultT")
ResultOut_co = TypeVar("ResultOut_co", covariant=True)


class Plans(Protocol[PlanOut_co]):
    """Says what importing a table that was read would do."""

    def __call__(
        self, store: Store, book: RosterFile, /, *, sheet: str | None, progress: Progress
    ) -> PlanOut_co:
        """Return the plan; UserError in words when there is nothing to read."""


class Writes(Protocol[PlanIn_contra, ResultOut_co]):
    """Writes a plan as one undoable step."""

    def __call__(
        self, store: Store, plan: PlanIn_contra, /, *, by: str | None, progress: Progress
    ) -> ResultOut_co:
        """Return what it did. UserError ``import.changed_since`` when the ledger changed meanwhile."""


class Rehearses(Protocol[PlanIn_contra, ResultOut_co]):
    """Does all of it and takes it back."""

    def __call__(self, store: Store, plan: PlanIn_contra, /, *, progress: Progress) -> ResultOut_co:
        """Return what it would have done."""


class HasWaiting(Protocol):
    """A plan whose rows are not all on file."""

    def waiting(self) -> Sequence[PlannedRow]:
        """Return every row that waits."""


PlanT = TypeVar("PlanT", bound=HasWaiting)


class WaitingExport(Struct, frozen=True):
    """The rows that wait, as a workbook: how many, and the entry in the hand-over log."""

    rows: int
    changes: Changes


def read_book(path: Path, *, progress: Progress = no_progress) -> RosterFile:
    """Read a workbook without any ledger: it may take a while and keeps nobody waiting. UserError ``import.…``."""
    return read_roster(path, progress=progress)


class TableImport(Struct, Generic[PlannedT, PlanT, ResultT], frozen=True, kw_only=True):
    """One kind of table. ``cells_of`` gives what of a kept row goes out for the school to put right."""

    intake: Intake[PlannedT]
    plans: Plans[PlanT]
    writes: Writes[PlanT, ResultT]
    rehearses: Rehearses[PlanT, ResultT]
    cells_of: Callable[[str], tuple[tuple[str, str], ...]]

    def plan_book(
        self, store: Store, book: RosterFile, *, sheet: str | None = None, progress: Progress = no_progress
    ) -> PlanT:
        """Return what importing a table that was read would do."""
        return self.plans(store, book, sheet=sheet, progress=progress)

    def plan(
        self, store: Store, path: Path, *, sheet: str | None = None, progress: Progress = no_progress
    ) -> PlanT:
        """Read the file and return what importing it would do. UserError ``import.…`` in words."""
        return self.plan_book(store, read_book(path, progress=progress), sheet=sheet, progress=progress)

    def write(
        self,
        store: Store,
        plan: PlanT,
        *,
        by: str | None = None,
        anyway: bool = False,
        progress: Progress = no_progress,
    ) -> ResultT:
        """Back up, then write the plan in one undoable step; ``anyway`` goes without the backup, because she said so."""
        if not anyway:
            backup_before(store, self.intake.imported, reason=Reason.BEFORE_IMPORT, progress=progress)
        with import_under_way(store):
            return self.writes(store, plan, by=by, progress=progress)

    def bring_in(
        self,
        store: Store,
        path: Path,
        *,
        sheet: str | None = None,
        dry_run: bool = False,
        rejects: Path | None = None,
        anyway: bool = False,
        by: str | None = None,
        progress: Progress = no_progress,
    ) -> ResultT:
        """Read, plan and write a table without any question; ``dry_run`` is the real import rolled back.

        ``rejects`` gets the rows that wait, with their reasons, as a workbook that can be put right and imported again.
        """
        plan = self.plan(store, path, sheet=sheet, progress=progress)
        if dry_run:
            result = self.rehearses(store, plan, progress=progress)
        else:
            result = self.write(store, plan, by=by, anyway=anyway, progress=progress)
        if rejects is not None:
            self.write_rejects(plan, rejects)
        return result

    def write_rejects(self, plan: PlanT, out: Path) -> int:
        """Write the plan's waiting rows as a workbook; return how many."""
        return self._write_rows(plan.waiting(), out)

    def export_waiting(self, store: Store, out: Path, *, by: str | None = None) -> WaitingExport:
        """Write every waiting row with its reason to ``out``, to be put right there and imported again; it is logged.

        The rows are as the school's own sheets had them, so in full. EnvironmentFault when the disk refuses.
        """
        waiting = self.intake.rows(store)
        self._write_rows(waiting, out)
        changes = log_handover(
            store,
            kind=HandoverKind.EXPORT,
            content=f"{self.intake.waiting} {len(waiting)} 行",
            people=len({row.child_uuid for row in waiting} - {None}),
            profile=Profile.FULL,
            reason="改好后再导入",
            file_name=out.name,
            sha256=sha256_of(out),
            by=by,
        )
        return WaitingExport(len(waiting), changes)

    def _write_rows(self, rows: Sequence[PlannedRow] | Sequence[WaitingRow], out: Path) -> int:
        found = [RejectedRow(self.cells_of(row.packed), row.reason, row.sheet, row.row) for row in rows]
        write_rejected_rows(found, out)
        return len(found)
