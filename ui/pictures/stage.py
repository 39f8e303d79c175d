"""Hands for a scene: open a page, press by the words, fill by the name, keep a picture of what stands in front."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

import shiboken6
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QMenu, QWidget
from typing_extensions import override

from ui import theme
from ui.pictures.panels import CatchingDialogs
from ui.shell.page import Page
from ui.shell.program import Program
from ui.shell.window import MainWindow
from ui.theme import Breakpoint, Tone
from ui.walk import NotSo
from ui.widgets import DataTable
from ui.widgets.dialog import Panel

_W = TypeVar("_W", bound=QWidget)

CALM = 6
"""So many looks in a row (`ui.walk`) without work under way: what came in last is laid out by then."""


class Keeper(Protocol):
    """What keeps the pictures."""

    def tell(self, words: str) -> None: ...
    def keep(self, name: str, widget: QWidget) -> None: ...
    def keep_panel(self, name: str, panel: QWidget) -> None: ...
    def keep_open(self, name: str, picture: QPixmap, cut: list[str]) -> None: ...


class HoldingDialogs(CatchingDialogs):
    """Leaves each panel open until the scene is over; `files` are chosen one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.held: list[Panel] = []
        self.files: list[Path] = []

    @override
    def open_panel(self, panel: Panel, on_choice: Callable[[str], object]) -> None:
        panel.chosen.connect(on_choice)
        panel.setModal(False)
        panel.show()
        self.held.append(panel)

    @override
    def open_file(self, *_args: object, **_more: object) -> Path | None:
        return self.files.pop(0) if self.files else None

    @override
    def open_files(self, *_args: object, **_more: object) -> tuple[Path, ...]:
        return (self.files.pop(0),) if self.files else ()

    @property
    def front(self) -> Panel | None:
        """The panel that was opened last and is still open."""
        self.held = [panel for panel in self.held if shiboken6.isValid(panel) and panel.isVisible()]
        return self.held[-1] if self.held else None

    def let_go(self) -> None:
        """Close all of them with the safe answer; what was typed is not kept."""
        for panel in reversed(self.held):
            if not shiboken6.isValid(panel):
                continue
            keeping = getattr(panel, "keeping", None)
            if keeping is None:
                panel.reject()
            else:  # it would ask whether that is meant
                keeping.done()
                panel.hide()
            panel.deleteLater()
        self.held.clear()


class Stage:
    """The window of a program and the panels over it. A step that finds nothing to press raises NotSo."""

    def __init__(self, program: Program, dialogs: HoldingDialogs, album: Keeper) -> None:
        self.program = program
        self.dialogs = dialogs
        self._album = album
        self._calm = 0
        self.scene = ""
        self.kinds: set[type[Panel]] = set()
        self.known: dict[str, str] = {}

    @property
    def window(self) -> MainWindow:
        sitting = self.program.sitting
        if sitting is None:
            raise NotSo("no ledger is open")
        return sitting.window

    @property
    def page(self) -> Page:
        page = self.window.current_page()
        if page is None:
            raise NotSo("no page is shown")
        return page

    @property
    def is_narrow(self) -> bool:
        """Whether the page stands in its narrow arrangement, with other things to press."""
        return self.page.breakpoint is Breakpoint.NARROW

    @property
    def front(self) -> QWidget:
        """Where the next press goes: the panel that is open, else the page."""
        return self.dialogs.front or self.page

    def calm(self) -> bool:
        """True when nothing has been under way for a while: what a scene waits for."""
        sitting = self.program.sitting
        page = sitting.window.current_page() if sitting is not None else None
        is_made = not isinstance(page, Page) or page.is_whole
        self._calm = 0 if self.program.jobs.busy or not is_made else self._calm + 1
        if self._calm < CALM:
            return False
        self._calm = 0
        return True

    # ---- going and pressing

    def open(self, page: str, **params: Any) -> None:
        self.window.open_page(page, **params)

    def find(self, kind: type[_W], *, place: int = 0, fits: Callable[[_W], bool] = bool) -> _W:
        """Return a widget of that kind that can be seen in front."""
        found = [
            one for one in cast("list[_W]", self.front.findChildren(kind)) if one.isVisible() and fits(one)
        ]
        if len(found) <= place:
            raise NotSo(f"{type(self.front).__name__}: no {kind.__name__} in sight")
        return found[place]

    def press(self, words: str, place: int = 0) -> None:
        """Press a button or a link, or the entry of a menu behind a button that can be seen."""
        buttons = cast("list[QAbstractButton]", self.front.findChildren(QAbstractButton))
        found = [b for b in buttons if b.isVisible() and b.isEnabled() and _says(b, words)]
        if len(found) > place:
            found[place].click()
            return
        for menu in cast("list[QMenu]", self.front.findChildren(QMenu)):
            behind = menu.parentWidget()
            if isinstance(behind, QMenu) or (behind is not None and behind.isVisible()):
                if menu.isEmpty():
                    menu.aboutToShow.emit()
                action = next(
                    (one for one in menu.actions() if one.text() == words and one.isEnabled()), None
                )
                if action is not None:
                    action.trigger()
                    return
        raise NotSo(f"{type(self.front).__name__}: nothing says 「{words}」")

    def link(self, column: str, row: Callable[[Any], bool] = bool, table: int = 0) -> None:
        """Press the link of a row (the first that `row` takes) in the table in front."""
        where, found = self._row(row, table)
        where.link_pressed.emit(found, column)

    def enter(self, row: Callable[[Any], bool] = bool, table: int = 0) -> None:
        """Enter on a row."""
        where, found = self._row(row, table)
        where.opened.emit(found)

    def tick(self, count: int, table: int = 0) -> None:
        """Tick the first rows."""
        where = self.find(DataTable, place=table, fits=_has_rows)
        where.tick_all_or_none()
        where.set_ticked(sorted(where.ticked_keys(), key=str)[:count])

    def _row(self, row: Callable[[Any], bool], table: int) -> tuple[DataTable, Any]:
        where = self.find(DataTable, place=table, fits=_has_rows)
        found = next((one for one in where.rows if row(one)), None)
        if found is None:
            raise NotSo("no such row")
        return where, found

    # ---- pictures

    def keep(self, name: str) -> None:
        """Keep what is in front."""
        panel = self.dialogs.front
        if panel is None:
            self.keep_window(name, self.window)
        else:
            self.kinds.add(type(panel))
            self._album.keep_panel(self._named(name), panel)

    def keep_window(self, name: str, window: QWidget) -> None:
        """Keep a window that is no panel of ours."""
        self._album.keep(self._named(name), window)

    def _named(self, name: str) -> str:
        return f"scene-{self.scene}-{name}"

    def keep_open(self, name: str) -> None:
        """Keep what is in front with the list, menu or tip that hangs open over it, then close that."""
        over = list(_hanging())
        if not over:
            raise NotSo("nothing hangs open")
        below = self.front.window()
        room = QRect(below.mapToGlobal(QPoint()), below.size())
        for one in over:
            room = room.united(one.frameGeometry())
        ratio = below.devicePixelRatioF()
        picture = QPixmap(room.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(theme.colour(Tone.SUNK))
        with QPainter(picture) as painter:
            for one in (below, *over):
                painter.drawPixmap(one.mapToGlobal(QPoint()) - room.topLeft(), one.grab())
        cut = [line for one in over for line in _cut_in(one, below)]
        self._album.keep_open(self._named(name), picture, cut)
        for one in reversed(over):
            one.close()


def _says(button: QAbstractButton, words: str) -> bool:
    """Whether these words stand on it, or name it; a count may follow."""
    said = button.text()
    return words in (said, button.accessibleName()) or said.startswith(f"{words} ")


def _has_rows(table: DataTable) -> bool:
    return bool(table.rows)


def _hanging() -> Iterator[QWidget]:
    """Lists, menus and tips that are open over a window."""
    for one in QApplication.topLevelWidgets():
        is_over = one.isVisible() and (one.windowType() in (one.windowType().Popup, one.windowType().ToolTip))
        if is_over:
            yield one


def _cut_in(over: QWidget, below: QWidget) -> Iterator[str]:
    """Lines of a list that are wider than it, and what hangs beyond the screen."""
    screen = below.screen().availableGeometry()
    if not screen.contains(over.frameGeometry()):
        yield f"{over.frameGeometry().getRect()} 伸出屏幕 {screen.getRect()}"
    lists = cast("list[QAbstractItemView]", over.findChildren(QAbstractItemView))
    for view in [over, *lists] if isinstance(over, QAbstractItemView) else lists:
        model = view.model()
        for line in range(model.rowCount() if model is not None else 0):
            index = model.index(line, 0)
            needs, has = view.sizeHintForIndex(index).width(), view.viewport().width()
            if needs > has:
                yield f"「{index.data()}」要 {needs}，只有 {has}"
