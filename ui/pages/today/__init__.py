"""Today: what is to be done, each with its reason, and how safe the data are."""

from __future__ import annotations

from ui.context import Context
from ui.shell.page import Page, PageSpec


def _today(context: Context) -> Page:
    from ui.pages.today.page import TodayPage

    return TodayPage(context)


def _doings(context: Context) -> Page:
    from ui.pages.today.doings import DoingsPage

    return DoingsPage(context)


def _forms(context: Context) -> Page:
    from ui.pages.today.forms_page import FormsPage

    return FormsPage(context)


FORMS_PAGE = "paper_forms"
"""Where the line about printed forms leads: the page of those that are still out."""
SPECS = (
    PageSpec("today", "今日", "weather_sunny", _today),
    PageSpec(FORMS_PAGE, "周纸单", "print", _forms, parent="today"),
    PageSpec("doings", "我做了什么", "history", _doings, parent="today"),
)
