"""导入花名册, 导入以前的记录, 导入通话记录: the school's own sheets into the program, and the rows that still wait."""

from __future__ import annotations

from ui.context import Context
from ui.shell.page import Page, PageSpec


def _importing(context: Context) -> Page:
    from ui.pages.importing.page import ImportPage

    return ImportPage(context)


def _records(context: Context) -> Page:
    from ui.pages.importing.records_page import RecordsImportPage

    return RecordsImportPage(context)


def _calls(context: Context) -> Page:
    from ui.pages.importing.records_page import CallsImportPage

    return CallsImportPage(context)


SPECS = (
    PageSpec("importing", "导入花名册", "arrow_import", _importing, parent="ledger"),
    PageSpec(
        "importing_records", "导入以前的记录", "arrow_import", _records, parent="diary", parts=("parked",)
    ),
    PageSpec("call_import", "导入通话记录", "arrow_import", _calls, parent="calls", parts=("parked",)),
)
