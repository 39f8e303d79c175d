"""Panels found by pressing: every button that ends in … on a page, one after the other, as far as a panel comes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget
from typing_extensions import override

from ui.pictures.rounds import Shot, SilentDialogs
from ui.shell.window import MainWindow
from ui.widgets.dialog import Panel

ASKS = "…"
ALSO = frozenset({"加一名儿童", "结一对", "结对规则", "打印花名册", "选择列"})
"""Open a panel without asking anything that could be lost."""

KEPT_AWAY = ("选文件…", "换个地方…")
"""Their dialogs are the system's own."""


class CatchingDialogs(SilentDialogs):
    """Hands each panel to `caught(panel)` before it gets its safe answer; files and folders are never chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.caught: Callable[[Panel], object] = lambda _panel: None

    @override
    def open_panel(self, panel: Panel, on_choice: Callable[[str], object]) -> None:
        panel.chosen.connect(on_choice)
        panel.setModal(False)
        panel.show()
        self.caught(panel)
        panel.reject()
        panel.deleteLater()

    @override
    def open_file(self, *_args: object, **_more: object) -> None:
        return None

    @override
    def save_file(self, *_args: object, **_more: object) -> None:
        return None

    @override
    def printer(self, _pages: int) -> None:
        return None

    @override
    def folder(self, *_args: object, **_more: object) -> None:
        return None


class Presser:
    """Presses, at each shot, one button after the other until each was pressed once; used as `drawn` of a round.

    `page(name, window)` draws the page first, `panel(name, panel)` what a button opened: once for each button of a page.
    """

    def __init__(
        self,
        dialogs: CatchingDialogs,
        page: Callable[[str, QWidget], object],
        panel: Callable[[str, Panel], object],
    ) -> None:
        self._page = page
        self._panel = panel
        self._pressed: set[tuple[str, str]] = set()
        self._shot = ""
        self._words = ""
        self.kinds: set[type[Panel]] = set()
        dialogs.caught = self._caught

    def drawn(self, shot: Shot, window: MainWindow) -> bool:
        """Draw the page, press the next button; True while there was one."""
        if shot.name != self._shot:
            self._shot = shot.name
            self._page(shot.name, window)
        page = window.current_page()
        if page is None or page is not window.page(shot.page):
            return False  # a button led elsewhere
        for words, press in _asking(page):
            if (shot.page, words) not in self._pressed and words not in KEPT_AWAY:
                self._pressed.add((shot.page, words))
                self._words = words.removesuffix(ASKS)
                press()
                return True
        return False

    def _caught(self, panel: Panel) -> None:
        self.kinds.add(type(panel))
        self._panel(f"{self._shot}-{self._words}", panel)


def _asking(page: QWidget) -> list[tuple[str, Callable[[], object]]]:
    """What asks something first, buttons and entries of the menus behind buttons alike."""
    buttons = cast("list[QAbstractButton]", page.findChildren(QAbstractButton))
    found: list[tuple[str, Callable[[], object]]] = [
        (button.text(), button.click)
        for button in buttons
        if button.isVisible()
        and button.isEnabled()
        and (button.text().endswith(ASKS) or button.text() in ALSO)
    ]
    for menu in cast("list[QMenu]", page.findChildren(QMenu)):
        behind = menu.parentWidget()
        if behind is None or not behind.isVisible():
            continue
        if menu.isEmpty():
            menu.aboutToShow.emit()
        found += [
            (action.text(), action.trigger)
            for action in menu.actions()
            if action.isEnabled() and action.text().endswith(ASKS)
        ]
    return found
