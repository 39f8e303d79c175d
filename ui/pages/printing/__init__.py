"""Archive sheets to look at, print and save: what, for whom, how, and the real pages beside it."""

from __future__ import annotations

from ui.context import Context
from ui.shell.page import Page, PageSpec


def _printing(context: Context) -> Page:
    from ui.pages.printing.page import PrintingPage

    return PrintingPage(context)


SPECS = (PageSpec("printing", "打印", "print", _printing),)
