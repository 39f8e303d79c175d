"""导入花名册: from the school's own Excel roster to the ledger in four steps, and the rows that still wait."""

from __future__ import annotations

from ui.context import Context
from ui.shell.page import Page, PageSpec


def _importing(context: Context) -> Page:
    from ui.pages.importing.page import ImportPage

    return ImportPage(context)


SPECS = (PageSpec("importing", "导入花名册", "arrow_import", _importing, parent="ledger"),)
