"""Backups, copies to a stick, the hand-over log and the recycle bin."""

from __future__ import annotations

from ui.context import Context
from ui.shell.page import Page, PageSpec


def _safety(context: Context) -> Page:
    from ui.pages.safety.page import SafetyPage

    return SafetyPage(context)


SPECS = (
    PageSpec(
        "safety",
        "备份",
        "shield_checkmark",
        _safety,
        at_foot=True,
        parts=("drill", "stick", "handovers", "bin"),
    ),
)
