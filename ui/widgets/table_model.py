"""The model of a table: it only indexes a list of frozen rows; sorting and ticking live here too."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

from ui.widgets.cell import Cell, Column

log = logging.getLogger("shouwang.window")

Index = QModelIndex | QPersistentModelIndex
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
_TIP = int(Qt.ItemDataRole.ToolTipRole)


class RowModel(QAbstractTableModel):
    """Rows, columns, order, ticks. Painters take `rows[i]` and `cell(i, j)`, never roles."""

    ticks_changed = Signal()

    def __init__(
        self, columns: Sequence[Column], *, key: Callable[[Any], Hashable], tickable: bool = False
    ) -> None:
        super().__init__()
        self.columns: tuple[Column, ...] = tuple(columns)
        self.rows: list[Any] = []
        self.tickable = tickable
        # Where the columns begin: 1 behind a tick column, else 0.
        self.first = 1 if tickable else 0
        self.ticked: set[Hashable] = set()
        self.sort_key = ""
        self.descending = False
        self._key = key
        self._unsorted: list[Any] = []
        self._cells: dict[tuple[int, int], Cell] = {}
        self._places: dict[Hashable, int] | None = None

    def column(self, section: int) -> Column | None:
        """The column of a section, None for the tick column."""
        place = section - self.first
        return self.columns[place] if 0 <= place < len(self.columns) else None

    def key_of(self, row: int) -> Hashable:
        return self._key(self.rows[row])

    def place_of(self, key: Hashable) -> int | None:
        """Where the row with this key stands now."""
        if self._places is None:
            self._places = {self._key(row): place for place, row in enumerate(self.rows)}
        return self._places.get(key)

    def cell(self, row: int, section: int) -> Cell:
        """The cell in words, made once per row and remembered until the rows change."""
        known = self._cells.get((row, section))
        if known is None:
            made = self._said(self.columns[section - self.first], self.rows[row])
            known = made if isinstance(made, Cell) else Cell(made)
            self._cells[row, section] = known
        return known

    @staticmethod
    def _said(column: Column, row: Any) -> Cell | str:
        """Ask a column for its cell. Qt asks while it paints: an error there would end the whole program, not the cell."""
        try:
            return column.cell(row)
        except Exception as bug:
            log.exception("a cell of the column %s cannot be said: %s", column.key, type(bug).__name__)
            return "？"

    def set_rows(self, rows: Iterable[Any]) -> None:
        """Show these rows, in the order that is in force; ticks of rows that are gone are dropped."""
        self._unsorted = list(rows)
        if len(self._unsorted) == len(self.rows):
            self._arrange()
            self._everything_changed()
        else:
            self.beginResetModel()
            self._arrange()
            self.endResetModel()

    def keep_ticks(self, keys: Iterable[Hashable]) -> None:
        """Drop the ticks of rows that no longer exist (`keys` = every row there is, shown or filtered out)."""
        kept = self.ticked & set(keys)
        if kept != self.ticked:
            self.ticked = kept
            self.ticks_changed.emit()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns or another order of them; as many as before leave the table scrolled as it is."""
        as_many = len(columns) == len(self.columns)
        if not as_many:
            self.beginResetModel()
        self.columns = tuple(columns)
        self._cells.clear()
        if as_many:
            self._everything_changed()
            self._heads_changed()
        else:
            self.endResetModel()

    def sort_by(self, key: str, *, descending: bool = False) -> None:
        """Order by a column; an empty key brings back the order the rows came in."""
        self.sort_key, self.descending = key, descending
        self._arrange()
        self._everything_changed()
        self._heads_changed()

    def set_ticked(self, keys: Iterable[Hashable]) -> None:
        self.ticked = set(keys)
        self._everything_changed()
        self.ticks_changed.emit()

    def toggle(self, row: int) -> None:
        """Tick or untick one row."""
        key = self.key_of(row)
        self.set_ticked(self.ticked ^ {key})

    def tick_state(self) -> Qt.CheckState:
        """The state of the box in the head: of the rows shown, all, some or none."""
        if not self.ticked or not self.rows:
            return Qt.CheckState.Unchecked
        shown = sum(1 for row in self.rows if self._key(row) in self.ticked)
        if shown == len(self.rows):
            return Qt.CheckState.Checked
        return Qt.CheckState.PartiallyChecked if shown else Qt.CheckState.Unchecked

    def _arrange(self) -> None:
        rows = list(self._unsorted)
        column = next((c for c in self.columns if c.key == self.sort_key), None)
        if column is not None and column.sort is not None:
            rows.sort(key=column.sort, reverse=self.descending)
        self.rows = rows
        self._cells.clear()
        self._places = None

    def _heads_changed(self) -> None:
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(self.columnCount() - 1, 0))

    def _everything_changed(self) -> None:
        if self.rows:
            last = self.index(len(self.rows) - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns) + self.first

    @override
    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if role not in (_DISPLAY, _ACCESSIBLE, _TIP):
            return None
        column = self.column(index.column())
        if column is None or index.row() >= len(self.rows):
            return None
        if role == _TIP:
            return column.tip(self.rows[index.row()]) if column.tip else None
        cell = self.cell(index.row(), index.column())
        return "  ".join(part for part in (cell.text, cell.aside, cell.second) if part)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        column = self.column(section)
        if role == _DISPLAY and orientation == Qt.Orientation.Horizontal and column is not None:
            return column.head
        return None
