"""The pages of the window, one folder per noun; strangers to each other."""

from __future__ import annotations

from ui.shell.page import PageSpec


def all_pages() -> tuple[PageSpec, ...]:
    """Return every page in the order of the rail; a page's own modules are imported when it is first shown."""
    from ui.pages import (
        calls,
        child,
        children,
        diary,
        importing,
        pairing,
        printing,
        safety,
        settings,
        statistics,
        survey,
        today,
    )

    return (
        *today.SPECS,
        *children.SPECS,
        *pairing.SPECS,
        *diary.SPECS,
        *calls.SPECS,
        *child.SPECS,
        *importing.SPECS,
        *survey.SPECS,
        *printing.SPECS,
        *statistics.SPECS,
        *safety.SPECS,
        *settings.SPECS,
    )
