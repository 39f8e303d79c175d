"""Which topic of help belongs to what is in front."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.core.help_topics import Topic, help_topics
from ui.widgets.dialog import Panel


def room_of(kind: type) -> str:
    """The room a class stands in, as the topics call it: `child` for ``ui.pages.child.…``, else `shell`, `widgets` …"""
    parts = kind.__module__.split(".")
    return parts[2] if parts[:2] == ["ui", "pages"] else parts[1]


def panel_topic(kind: type) -> Topic | None:
    """The topic of a panel; one without its own has that of the panel it is a kind of."""
    panels = help_topics().panels
    ours = (one for one in kind.__mro__ if one.__module__.startswith("ui."))
    return next((found for one in ours if (found := panels.get(f"{room_of(one)}.{one.__name__}"))), None)


def screen_topic(kind: type) -> Topic | None:
    """The topic of a start screen."""
    screens = help_topics().screens
    return next((screens[one.__name__] for one in kind.__mro__ if one.__name__ in screens), None)


def topic_of(about: QWidget, page: str = "") -> Topic:
    """The topic of a panel, a page (by its registered name) or a start screen; the one of keys where there is none."""
    topics = help_topics()
    kind = type(about)
    own = panel_topic(kind) if isinstance(about, Panel) else topics.pages.get(page) or screen_topic(kind)
    return own or topics.everywhere
