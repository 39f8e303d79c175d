"""The file of one child: one calm page in the order of the paper form."""

from __future__ import annotations

from ui.context import Context
from ui.shell.page import Page, PageSpec


def _child(context: Context) -> Page:
    from ui.pages.child.page import ChildPage

    return ChildPage(context)


SPECS = (PageSpec("child", "儿童档案", "book_open", _child, parent="ledger"),)
