"""A menu that is filled in one line per entry."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from ui import theme
from ui.theme import Tone


def _call(slot: Callable[[], object], _checked: bool = False) -> None:
    slot()


class Menu(QMenu):
    """`menu.add("按班级", self.by_class, ticked=True)`; `menu.line()`; `menu.head("已存的视图")`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)

    def add(
        self,
        text: str,
        slot: Callable[[], object],
        *,
        ticked: bool = False,
        enabled: bool = True,
        shortcut: str = "",
        icon: str = "",
    ) -> QAction:
        """One entry; `ticked` shows a tick before it, `shortcut` is only shown."""
        action = self.addAction(text.replace("&", "&&"))
        if ticked:
            action.setIcon(theme.icon("checkmark", Tone.ACCENT))
        elif icon:
            action.setIcon(theme.icon(icon))
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
        action.setEnabled(enabled)
        action.triggered.connect(partial(_call, slot))
        return action

    def head(self, text: str) -> None:
        """A grey line that names the group below it."""
        self.addAction(text).setEnabled(False)

    def line(self) -> None:
        """A dividing line."""
        self.addSeparator()

    def sub(self, text: str) -> Menu:
        """A menu that opens beside its entry."""
        menu = Menu(self)
        menu.setTitle(text.replace("&", "&&"))
        self.addMenu(menu)
        return menu
