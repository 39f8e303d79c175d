"""The plan of an import of past records: every row with what becomes of it, and why."""

from typing import Any, Generic, Protocol, TypeVar

from msgspec import Struct

from app.core.changes import Changes
from app.core.code import Code
from app.diary.codes import Activity


class RowResult(Code):
    """What becomes of a row. One that is waiting waits since an import before: in no diary, and not kept twice."""

    NEW = "new", "新增"
    KNOWN = "known", "已有"
    PARKED = "parked", "待处理"
    WAITING = "waiting", "已在等"


class ParkedCode(Code):
    """Why a row waits."""

    NO_CHILD = "no_child", "没有这名儿童"
    SEVERAL_CHILDREN = "several_children", "不止一名儿童"
    BAD_DATE = "bad_date", "日期不对"
    UNKNOWN_KIND = "unknown_kind", "看不出是哪一类记录"
    EMPTY = "empty", "没有内容"


class PlannedRecord(Struct, frozen=True, kw_only=True):
    """One row of the workbook. A new one has ``values`` (columns of a record) and the child; a parked one its reason.

    ``packed`` is the row as it is kept while it waits; ``written_name`` what the row calls the child; ``supporter``
    the uuid of who did it, None when nobody is named.
    """

    sheet: str
    row: int
    result: RowResult
    packed: str
    cells: tuple[tuple[str, str], ...]
    child_id: int | None = None
    child_uuid: str | None = None
    child_name: str = ""
    written_name: str = ""
    kind: Activity | None = None
    happened_on: str = ""
    values: dict[str, Any] | None = None
    supporter: str | None = None
    promise: str | None = None
    promise_due: str | None = None
    code: ParkedCode | None = None
    reason: str = ""


class Placed(Protocol):
    """A row with what becomes of it."""

    @property
    def result(self) -> RowResult:
        """Return what becomes of it."""


RowT = TypeVar("RowT", bound=Placed)


class ImportPlan(Struct, Generic[RowT], frozen=True):
    """What an import would do. ``told`` are sentences about sheets and columns; ``commit_no`` the state it was made on."""

    file_name: str
    sha256: str
    rows: tuple[RowT, ...]
    told: tuple[str, ...]
    commit_no: int

    def count(self, result: RowResult) -> int:
        """Return how many rows end so."""
        return sum(row.result is result for row in self.rows)

    def parked(self) -> tuple[RowT, ...]:
        """Return the rows that begin to wait with this import."""
        return tuple(row for row in self.rows if row.result is RowResult.PARKED)

    def waiting(self) -> tuple[RowT, ...]:
        """Return every row that is not on file: those that begin to wait, and those that waited already."""
        return tuple(row for row in self.rows if row.result in (RowResult.PARKED, RowResult.WAITING))


class DiaryPlan(ImportPlan[PlannedRecord], frozen=True):
    """What an import of past records would do."""


class DiaryImportResult(Struct, frozen=True):
    """What an import did; ``changes`` is empty for a rehearsal and when everything was known."""

    plan: DiaryPlan
    changes: Changes

    def as_json(self) -> dict[str, Any]:
        """Return the counts and the waiting rows, as the command line answers."""
        return {
            "rows": len(self.plan.rows),
            "new": self.plan.count(RowResult.NEW),
            "known": self.plan.count(RowResult.KNOWN),
            "parked": [
                {"sheet": row.sheet, "row": row.row, "code": row.code, "reason": row.reason}
                for row in self.plan.waiting()
            ],
        }
