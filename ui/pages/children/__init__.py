"""The ledger: the list of children, adding one or several, filters, bulk changes, export."""

from __future__ import annotations

from ui.context import Context
from ui.shell.page import Page, PageSpec


def _ledger(context: Context) -> Page:
    from ui.pages.children.page import LedgerPage

    return LedgerPage(context)


def _entry(context: Context) -> Page:
    from ui.pages.children.entry_page import EntryPage

    return EntryPage(context)


SPECS = (
    PageSpec("ledger", "台账", "book_open", _ledger),
    PageSpec("entry", "表格录入", "table", _entry, parent="ledger"),
)
