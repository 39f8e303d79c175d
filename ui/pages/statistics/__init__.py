"""The statistics of a day: every figure opens the list behind it."""

from __future__ import annotations

from ui.context import Context
from ui.shell.page import Page, PageSpec


def _statistics(context: Context) -> Page:
    from ui.pages.statistics.page import StatisticsPage

    return StatisticsPage(context)


SPECS = (PageSpec("statistics", "统计", "data_histogram", _statistics),)
