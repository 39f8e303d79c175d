"""Panels found by pressing: every button that ends in … on a page, one after the other, as far as a panel comes of it.

Two rows of each list are ticked first, so that what is done to several can be pressed too; last comes Enter on the
current row of each list. What led to another page is gone back from.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget
from typing_extensions import override

from app.core.messages import fault
from ui.pictures.rounds import Shot, SilentDialogs
from ui.shell.help.desk import HelpDesk
from ui.shell.window import MainWindow
from ui.widgets import DataTable, Verb
from ui.widgets.dialog import Panel
from ui.widgets.table_model import RowModel

Press = tuple[str, Callable[[], object]]
"""The words on what is pressed, and pressing it."""

ASKS = "…"
ALSO = frozenset(
    {
        "加一名儿童",
        "结一对",
        "结对规则",
        "打印花名册",
        "选择列",
        "为什么",
        "看改动历史",
        "销毁登记",
    }
)
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
        # A bar beside what scrolls comes with the layout, one turn of the event loop later.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        self.caught(panel)
        panel.reject()
        panel.deleteLater()

    @override
    def open_file(self, *_args: object, **_more: object) -> Path | None:
        return None

    @override
    def open_files(self, *_args: object, **_more: object) -> tuple[Path, ...]:
        return ()

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
        self._everywhere: list[Press] = []
        self._is_returning = False
        self.kinds: set[type[Panel]] = set()
        dialogs.caught = self._caught

    def drawn(self, shot: Shot, window: MainWindow) -> bool:
        """Draw the page, press the next button; True while there was one."""
        is_first = not self._shot
        page = window.current_page()
        if shot.name != self._shot:
            self._shot = shot.name
            self._page(shot.name, window)
            if page is not None:
                _tick_two(page)
        if page is None:
            return False
        if page is not window.page(shot.page):
            # A button led elsewhere: back once, for those that are left.
            self._is_returning = not self._is_returning
            if self._is_returning:
                window.back()
            return self._is_returning
        self._is_returning = False
        if is_first:
            self._everywhere = _of_every_page(window, shot.page)
        if self._everywhere:
            self._words, press = self._everywhere.pop()
            press()
            return True
        asked = [(shot.page, *one) for one in (*_asking(page), *_opening(page))]
        # The same word stands at the end of the rows of every list, and opens another panel.
        for where, words, press in (*asked, *((shot.name, *one) for one in _linked(page))):
            if (where, words) not in self._pressed and words not in KEPT_AWAY:
                self._pressed.add((where, words))
                self._words = words.removesuffix(ASKS)
                press()
                return True
        return False

    def _caught(self, panel: Panel) -> None:
        self.kinds.add(type(panel))
        self._panel(f"{self._shot}-{self._words}", panel)


def _of_every_page(window: MainWindow, page: str) -> list[Press]:
    """Help, 关于 and the box of a fault: drawn once, over the first page."""
    context = window.context
    desk = HelpDesk(context, window, store=context.store)
    full = fault("storage.full")
    said = (full.what, full.safe, full.todo)
    box = partial(context.dialogs.fault, "没有做成", said, [Verb("read", "知道了")], _nothing)
    return [("没有做成", box), ("关于", desk.show_about), ("帮助", partial(desk.open, window, page))]


def _nothing(_key: str) -> None:
    """After being told there is nothing to choose."""


def _tables(page: QWidget) -> list[DataTable]:
    found = cast("list[DataTable]", page.findChildren(DataTable))
    return [table for table in found if table.isVisible() and table.rows]


def _tick_two(page: QWidget) -> None:
    for table in _tables(page):
        if not table.ticked_keys():
            table.tick_all_or_none()
            table.set_ticked(sorted(table.ticked_keys(), key=str)[:2])


def _opening(page: QWidget) -> list[Press]:
    """Enter on the current row of each list."""
    return [
        (f"Enter {place}", partial(table.opened.emit, table.current_row()))
        for place, table in enumerate(_tables(page), start=1)
        if table.current_row() is not None
    ]


def _linked(page: QWidget) -> list[Press]:
    """What the links of the current row of each list ask."""
    found: list[Press] = []
    for table in _tables(page):
        row, model = table.current_row(), cast("RowModel", table.model())
        columns = (model.column(section) for section in range(model.columnCount()))
        found += [
            (f"row {column.sample}", partial(table.link_pressed.emit, row, column.key))
            for column in columns
            if row is not None and column is not None and column.link and column.sample.endswith(ASKS)
        ]
    return found


def _asking(page: QWidget) -> list[Press]:
    """What asks something first, buttons and entries of the menus behind buttons alike."""
    buttons = cast("list[QAbstractButton]", page.findChildren(QAbstractButton))
    found: list[Press] = [
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
