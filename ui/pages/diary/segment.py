"""One part of the diary page: the list, the week, meetings, absences; each is made when it is first shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.context import Context
from ui.shell.page import Page
from ui.theme import Breakpoint
from ui.widgets import Button


class Segment(QWidget):
    """Base of the parts. A part overrides what it needs of this; `self.box` is where its sheet goes.

    `load` runs like a page's: at the first show, after Changes that touch `areas`, after `reload()`. `leave` is called
    when another part or another page is shown: what must not stay open is shut then.
    """

    fact_changed = Signal()
    areas: ClassVar[frozenset[str]] = frozenset({"diary", "children"})

    def __init__(self, context: Context, host: Page) -> None:
        super().__init__()
        self.context = context
        self.host = host
        self.is_stale = True
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)

    def saves_with(self, save: Callable[[], object]) -> None:
        """Ctrl+Enter while the keyboard is in this part; a key of the page would be another part's as well."""
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(save)

    @property
    def breakpoint(self) -> Breakpoint:
        """How much room the page has."""
        return self.host.breakpoint

    def load(self) -> None:
        """Ask for what it shows."""

    def open_with(self, **params: Any) -> None:
        """Take the parameters the page was opened with."""

    def verbs(self) -> tuple[Button, ...]:
        """The buttons it wants in the page's header, the filled one last; the same ones every time."""
        return ()

    def fact(self) -> str:
        """The grey words beside the page's title; `fact_changed` when they change."""
        return ""

    def focus_first(self) -> None:
        """Put the keyboard where work begins."""
        self.focusNextChild()

    def side_stops(self) -> tuple[QWidget, ...]:
        """Where F6 goes."""
        return ()

    def may_leave(self) -> bool:
        """False keeps the part in front: something typed is not saved."""
        return True

    def leave(self) -> None:
        """Another part, or another page, is shown from now on."""

    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        """Arrange for narrow, normal or wide."""

    def foot_height(self) -> int:
        """The height of a bar at the foot whose verbs a toast must not cover."""
        return 0

    def reload(self) -> None:
        """Load now when it is in front, else at the next show."""
        self.is_stale = not self.isVisible()
        if self.isVisible():
            self.load()

    def say_fact(self) -> None:
        """The words of `fact()` are others now."""
        self.fact_changed.emit()


class SegmentSpec(Struct, frozen=True):
    """One part: its key (`open_page("diary", part=key)`), its word, how it is made when it is first shown."""

    key: str
    words: str
    make: Callable[[Context, Page], Segment]
