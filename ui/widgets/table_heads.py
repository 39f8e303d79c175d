"""The heads of a table by keyboard: ↑ from the first row reaches them, ←→ choose, Enter sorts, ↓ goes back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from ui.widgets.table_delegate import Head
from ui.widgets.table_model import RowModel


class HeadKeys:
    """Which head has the ring; `press(section)` sorts, `leave_upwards()` goes on above the heads."""

    def __init__(
        self,
        model: RowModel,
        head: Head,
        press: Callable[[int], None],
        leave_upwards: Callable[[], None],
        show: Callable[[int], None],
    ) -> None:
        self._model = model
        self._heads = [head]
        self._press = press
        self._leave_upwards = leave_upwards
        self._show = show

    def add(self, head: Head) -> None:
        """Another head over the same columns: it shows the same ring."""
        head.marked = self.at
        self._heads.append(head)

    @property
    def at(self) -> int:
        """The section with the ring, -1 without."""
        return self._heads[0].marked

    def enter(self) -> None:
        """↑ in the first row: to the head that sorts now; straight on when none does."""
        sections = self._sections()
        if not sections:
            self._leave_upwards()
            return
        now = [s for s in sections if self._key(s) == self._model.sort_key]
        self._mark(now[0] if now else sections[0])

    def leave(self) -> None:
        """Back to the rows."""
        if self.at >= 0:
            self._mark(-1)

    def acted_on(self, event: QKeyEvent) -> bool:
        """Handle a key while a head has the ring; False when it is the rows' affair."""
        if self.at < 0:
            return False
        sections, key = self._sections(), event.key()
        place = sections.index(self.at) if self.at in sections else 0
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if key == Qt.Key.Key_Right else -1
            self._mark(sections[min(max(place + step, 0), len(sections) - 1)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._press(self.at)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Escape):
            self.leave()
        elif key == Qt.Key.Key_Up:
            self.leave()
            self._leave_upwards()
        else:
            self.leave()
            return False
        return True

    def _sections(self) -> list[int]:
        columns = ((s, self._model.column(s)) for s in range(self._model.columnCount()))
        return [section for section, column in columns if column is not None and column.sort is not None]

    def _key(self, section: int) -> str:
        column = self._model.column(section)
        return column.key if column is not None else ""

    def _mark(self, section: int) -> None:
        for head in self._heads:
            head.marked = section
            head.viewport().update()
        if section >= 0:
            self._show(section)
