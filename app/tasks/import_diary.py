"""导入以前的记录: a workbook of past talks and visits into the diary, with the manners of the roster import."""

from app.diary.importing.model import DiaryImportResult, DiaryPlan, PlannedRecord
from app.diary.importing.parked import RECORDS, apply_diary, rehearse_diary
from app.diary.importing.plan import cells_to_go_out, plan_diary
from app.tasks.table_import import TableImport

PAST_RECORDS: TableImport[PlannedRecord, DiaryPlan, DiaryImportResult] = TableImport(
    intake=RECORDS,
    plans=plan_diary,
    writes=apply_diary,
    rehearses=rehearse_diary,
    cells_of=cells_to_go_out,
)
"""Reads, plans and writes past records; UserError ``import.…`` or ``diary_import.…`` in words."""
