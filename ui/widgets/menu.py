"""A menu that is filled in one line per entry."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QFontMetricsF, QIcon, QKeySequence, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from ui import theme
from ui.theme import Tone

_THIN = "\u2009"


def _call(slot: Callable[[], object], _checked: bool = False) -> None:
    slot()


class Menu(QMenu):
    """`menu.add("按班级", self.by_class, ticked=True)`; `menu.line()`; `menu.head("已存的视图")`.

    What follows a tab in an entry's words stands at the right, counts with their ones below each other.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heads: list[QAction] = []
        if parent is None:
            theme.dress(self)
        self.aboutToShow.connect(self._align)
        self.aboutToShow.connect(self._align_counts)

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
        named = self.addAction(text)
        named.setEnabled(False)
        self._heads.append(named)

    def line(self) -> None:
        """A dividing line."""
        self.addSeparator()

    def _align(self) -> None:
        """Where one entry has a tick or a picture, the words of all begin behind it."""
        entries = [action for action in self.actions() if not action.isSeparator()]
        if not any(not action.icon().isNull() for action in entries):
            return
        side = theme.metrics().icon_small
        blank = QPixmap(side, side)
        blank.fill(Qt.GlobalColor.transparent)
        for action in entries:
            if action.icon().isNull() and action not in self._heads:
                action.setIcon(QIcon(blank))

    def _align_counts(self) -> None:
        """Ones below ones: Qt sets what follows the tab from the left. A digit is as wide as so many thin blanks."""
        found: list[tuple[QAction, str, str]] = []
        for action in self.actions():
            words, _, count = action.text().rpartition("\t")
            if count.strip().isdecimal() and words:
                found.append((action, words, count.strip()))
        most = max((len(count) for _, _, count in found), default=0)
        letters = QFontMetricsF(self.font())
        blank = _THIN * round(letters.horizontalAdvance("0") / letters.horizontalAdvance(_THIN))
        for action, words, count in found:
            action.setText(f"{words}\t{blank * (most - len(count))}{count}")

    def sub(self, text: str) -> Menu:
        """A menu that opens beside its entry."""
        menu = Menu(self)
        menu.setTitle(text.replace("&", "&&"))
        self.addMenu(menu)
        return menu
