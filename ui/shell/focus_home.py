"""The keyboard stays in the page: what loses it by itself gets it back, or what stands beside it; never the
rail, never what is laid over the page.

A field that is hidden, disabled, built anew or behind a panel that closes loses the keyboard, and Qt gives it to the
first part of the window, which is the rail: the next key would be for another page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget
from typing_extensions import override

from ui.widgets import Banner, Toast


def taking_focus(stop: QWidget) -> QWidget | None:
    """The stop itself where it shows the focus, else the first in it that does, None where nothing can."""
    inner = cast("list[QWidget]", stop.findChildren(QWidget))
    for widget in (stop, *inner):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.isEnabled():
            return widget
    return None


class FocusHome(QObject):
    """Watches the keyboard in the pages of a window; `begin` puts it into the page when nothing it knew is left."""

    def __init__(self, pages: QStackedWidget, begin: Callable[[], object]) -> None:
        super().__init__(pages)
        self._pages = pages
        self._begin = begin
        self._home: list[QWidget] = []
        """Where she is in the page: the part with the keyboard, then what it stands in, up to the page."""
        self._lost: QWidget | None = None
        self._given: QWidget | None = None
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._moved)

    def _moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if not shiboken6.isValid(self._pages):
            return
        lost = old if old is not None and shiboken6.isValid(old) and not old.isEnabled() else None
        if new is not None and self._home and self._is_over(new) and self._left_by_itself(old):
            QTimer.singleShot(0, self, self._go_home)
        elif new is not None and self._pages.isAncestorOf(new):
            if lost is not None and lost in self._home[:1]:
                self._wait_for(lost, new)
            else:
                self._home = self._way_up(new)
        elif self._home and (new is None or (new.window() is self._window and self._left_by_itself(old))):
            # Whoever took it away is not done yet, and may give it on.
            QTimer.singleShot(0, self, self._go_home)
        elif new is not None and new.window() is self._window:
            self._home = []  # she went to the rail or the foot herself

    @property
    def _window(self) -> QWidget:
        return self._pages.window()

    def _is_over(self, widget: QWidget) -> bool:
        """True on what is laid over a page, 撤销 or a banner: one more Enter there would take back what was just done."""
        return any(isinstance(part, Toast | Banner) for part in self._way_up(widget))

    def _is_at_work(self, widget: QWidget) -> bool:
        return self._pages.isAncestorOf(widget) and not self._is_over(widget)

    def _left_by_itself(self, old: QWidget | None) -> bool:
        """True unless the part she left is still there to be left: then it was Tab, a key or the mouse."""
        if old is None or not shiboken6.isValid(old) or old.window() is not self._window:
            return True
        return not (old.isVisible() and old.isEnabled())

    def _way_up(self, widget: QWidget) -> list[QWidget]:
        way: list[QWidget] = []
        at: QWidget | None = widget
        while at is not None and at is not self._pages:
            way.append(at)
            at = at.parentWidget()
        return way

    def _go_home(self) -> None:
        window = self._window
        here = QApplication.focusWidget()
        if not self._home or QApplication.activeModalWidget() is not None or not window.isActiveWindow():
            return
        if here is not None and (here.window() is not window or self._is_at_work(here)):
            return
        page = self._pages.currentWidget()
        way, self._home = self._home, []
        for at in way:
            if not shiboken6.isValid(at) or not at.isVisible() or not (at is page or page.isAncestorOf(at)):
                continue
            taking = taking_focus(at)
            if taking is not None and at is not page:
                taking.setFocus(Qt.FocusReason.OtherFocusReason)
                if at is way[0] or taking is way[0]:
                    return
                if shiboken6.isValid(way[0]):
                    self._wait_for(way[0], taking)
                return
        self._begin()
        here = QApplication.focusWidget()
        if not (here is not None and page.isAncestorOf(here) and taking_focus(here) is here):
            # Where the page begins there is nothing to be done at present.
            taking = taking_focus(page)
            if taking is not None:
                taking.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- what was only disabled for a moment

    def _wait_for(self, lost: QWidget, given: QWidget) -> None:
        if self._lost is not None and shiboken6.isValid(self._lost):
            self._lost.removeEventFilter(self)
        self._lost, self._given = lost, given
        lost.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.EnabledChange and watched is self._lost and self._lost.isEnabled():
            lost, self._lost = self._lost, None
            lost.removeEventFilter(self)
            if QApplication.focusWidget() is self._given and lost.isVisible():
                lost.setFocus(Qt.FocusReason.OtherFocusReason)
        return super().eventFilter(watched, event)
