"""导入通话记录: a workbook or text table of call results into the log, with the manners of the other imports."""

from app.calls.importing import CALL_RESULTS, apply_calls_import, rehearse_calls_import
from app.calls.importing_model import CallsImportPlan, CallsImportResult, PlannedCallResult
from app.calls.importing_plan import plan_calls_import
from app.diary.importing.plan import unpack
from app.tasks.table_import import TableImport

CALLS: TableImport[PlannedCallResult, CallsImportPlan, CallsImportResult] = TableImport(
    intake=CALL_RESULTS,
    plans=plan_calls_import,
    writes=apply_calls_import,
    rehearses=rehearse_calls_import,
    cells_of=lambda packed: unpack(packed).texts(),
)
"""Reads, plans and writes results of calls; UserError ``import.…`` or ``call_import.…`` in words."""
