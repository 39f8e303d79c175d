"""Settings: the school and its people, classes, calendar, counting rule, and how the program looks."""

from __future__ import annotations

from ui.context import Context
from ui.shell.page import Page, PageSpec


def _settings(context: Context) -> Page:
    from ui.pages.settings.page import SettingsPage

    return SettingsPage(context)


SPECS = (PageSpec("settings", "设置", "settings", _settings, at_foot=True),)
