"""The window's own work in slices, and the order of Tab for what is made late."""

from __future__ import annotations

import time
from collections.abc import Iterator

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget

SLICE = 0.012
"""Seconds after which the work waits for the window's turn: keys and presses are answered in between."""


class Slices(QObject):
    """Work that pauses by itself (`yield`) now and then, so that it can be done a little at a time."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._work: Iterator[None] = iter(())
        self._is_at_it = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.go_on)

    def begin(self, work: Iterator[None]) -> None:
        """Do this from the next turn on; what was left of other work is dropped."""
        self._work = work
        self._timer.start(0)

    @property
    def is_done(self) -> bool:
        """Tell whether no turn is waited for."""
        return not self._timer.isActive() and not self._is_at_it

    def finish(self) -> None:
        """Do now what is left."""
        while self._step():
            pass

    def go_on(self) -> bool:
        """Do one slice of it now; True when more is left, which goes on at the next turn."""
        until = time.perf_counter() + SLICE
        while (more := self._step()) and time.perf_counter() < until:
            pass
        if more:
            self._timer.start(0)
        return more

    def _step(self) -> bool:
        """Go on to the next pause; False when there is none any more, or it is the work itself that asks."""
        if self._is_at_it:
            return False
        work, self._is_at_it = self._work, True
        try:
            next(work)
        except StopIteration:
            return False
        finally:
            self._is_at_it = False
        return True


def put_in_tab_order(root: QWidget) -> None:
    """Let Tab go through what stands in the layouts of a widget as it is read, whenever its parts were made."""
    before: QWidget | None = None
    for widget in _stops(root):
        if before is not None:
            QWidget.setTabOrder(before, widget)
        before = widget


def _stops(root: QWidget) -> Iterator[QWidget]:
    if root.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield root
    inside = root.widget() if isinstance(root, QScrollArea) else None
    if inside is not None:
        yield from _stops(inside)
    layout = root.layout()
    if layout is not None:
        yield from _stops_in(layout)


def _stops_in(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        inner = item.layout() if item is not None else None
        widget = item.widget() if item is not None else None
        if inner is not None:
            yield from _stops_in(inner)
        elif widget is not None:
            yield from _stops(widget)
