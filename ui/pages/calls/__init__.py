"""Affection calls: the week's calendar, calls written down one by one or all of a session, the plan, the lines."""

from __future__ import annotations

from ui.context import Context
from ui.shell.page import Page, PageSpec


def _calls(context: Context) -> Page:
    from ui.pages.calls.page import CallsPage

    return CallsPage(context)


def _batch(context: Context) -> Page:
    from ui.pages.calls.batch_page import BatchPage

    return BatchPage(context)


def _seen(context: Context) -> Page:
    from ui.pages.calls.seen_page import SeenPage

    return SeenPage(context)


def _lines(context: Context) -> Page:
    from ui.pages.calls.lines_page import LinesPage

    return LinesPage(context)


def _plan(context: Context) -> Page:
    from ui.pages.calls.plan_page import PlanPage

    return PlanPage(context)


SPECS = (
    PageSpec("calls", "电话", "call", _calls, parts=("log",)),
    PageSpec(
        "call_lines",
        "线路与时段",
        "call",
        _lines,
        parent="calls",
        parts=("closures", "lessons", "turns", "swaps"),
    ),
    PageSpec("call_plan", "重新排号", "call", _plan, parent="calls"),
    PageSpec("call_batch", "成批记通话", "call", _batch, parent="calls"),
    PageSpec("call_seen", "通话情况", "call", _seen, parent="calls", parts=("classes", "weeks", "never")),
)
"""The week is the first view; ``part="log"`` puts 记通话 in front in a narrow window."""
