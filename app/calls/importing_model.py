"""The plan of an import of call results: every row with what becomes of it, and why."""

from typing import Any

from msgspec import Struct

from app.calls.log_drafts import LogDraft
from app.core.changes import Changes
from app.core.code import Code
from app.diary.importing.model import ImportPlan, RowResult


class ParkedCode(Code):
    """Why a row waits."""

    NO_CHILD = "no_child", "没有这名儿童"
    SEVERAL_CHILDREN = "several_children", "不止一名儿童"
    BAD_DATE = "bad_date", "日期不对"
    NO_OUTCOME = "no_outcome", "看不出接通没有"
    CANNOT_BE = "cannot_be", "有一格不对"


class PlannedCallResult(Struct, frozen=True, kw_only=True):
    """One row of the table, for one child. A new one has its ``draft``; a parked one its reason.

    ``packed`` is the row as it is kept while it waits; ``written_name`` what the row calls the child;
    ``happened_on`` the day of it, "" when the row says none that can be read.
    """

    sheet: str
    row: int
    result: RowResult
    packed: str
    cells: tuple[tuple[str, str], ...]
    written_name: str = ""
    child_id: int | None = None
    child_name: str = ""
    happened_on: str = ""
    draft: LogDraft | None = None
    code: ParkedCode | None = None
    reason: str = ""


class CallsImportPlan(ImportPlan[PlannedCallResult], frozen=True):
    """What an import of call results would do."""


class CallsImportResult(Struct, frozen=True):
    """What an import did; ``changes`` is empty for a rehearsal and when everything was known.

    ``follows`` are the words for what else was written because of it: a number to be checked, a visit that falls due.
    """

    plan: CallsImportPlan
    changes: Changes
    follows: str = ""

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
