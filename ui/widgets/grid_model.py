"""The cells of the entry grid: texts, what was found about them, one step back at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

from ui.widgets.field import Finding

Index = QModelIndex | QPersistentModelIndex
Block = list[list[str]]
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_EDIT = int(Qt.ItemDataRole.EditRole)
_TIP = int(Qt.ItemDataRole.ToolTipRole)
_STEPS_KEPT = 100
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable
"""Put together once: every paint asks it of every cell, and putting flags of Qt together takes longer than painting one."""


def read_block(text: str) -> Block:
    """Return the cells of a text that a spreadsheet put on the clipboard (tabs, line ends, quoted cells)."""
    lines = list(csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), delimiter="\t"))
    while lines and not any(cell.strip() for cell in lines[-1]):
        lines.pop()
    return [[cell.replace("\n", " ").strip() for cell in line] for line in lines]


def write_block(block: Block) -> str:
    """Return cells as a spreadsheet takes them from the clipboard."""
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\n").writerows(block)
    return out.getvalue().rstrip("\n")


class GridModel(QAbstractTableModel):
    """Rows of texts under heads, always with empty rows at the end; every write is one step of `undo`.

    With `set_names` the rows are those that are named, no more and no less. `changed` tells that a text was
    changed; findings come from outside with `set_findings`.
    """

    changed = Signal()

    def __init__(self, heads: Sequence[str], *, room: int = 30) -> None:
        super().__init__()
        self.heads = tuple(heads)
        self._room = room
        self._rows: Block = []
        self.names: tuple[str, ...] = ()
        self.marks: tuple[str, ...] = ()
        self._findings: Mapping[tuple[int, int], Finding] = {}
        self._before: list[Block] = []
        self._grow()

    # ---- content

    @property
    def filled(self) -> list[tuple[int, list[str]]]:
        """The rows in which something stands, with their place."""
        return [(place, list(row)) for place, row in enumerate(self._rows) if any(row)]

    def text(self, row: int, column: int) -> str:
        return self._rows[row][column]

    def finding(self, row: int, column: int) -> Finding | None:
        """What was found about a cell."""
        return self._findings.get((row, column))

    def set_findings(self, findings: Mapping[tuple[int, int], Finding]) -> None:
        """Mark cells as doubtful or impossible."""
        self._findings = findings
        self._tell()

    def set_names(self, names: Sequence[str]) -> None:
        """One empty row per name, named at its left; what stood there and its steps are gone."""
        self.names = tuple(names)
        self.marks = ()
        self.empty_out()

    def set_marks(self, marks: Sequence[str]) -> None:
        """A small word behind each name."""
        self.marks = tuple(marks)
        self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, max(len(self._rows) - 1, 0))

    def block(self, rows: Iterable[int], columns: Iterable[int]) -> Block:
        """The texts of some rows and columns."""
        wanted = tuple(columns)
        return [[self._rows[row][column] for column in wanted] for row in rows]

    def write(self, texts: Mapping[tuple[int, int], str]) -> None:
        """Write some cells; rows are added as they are needed."""
        wanted = {
            place: text.strip()
            for place, text in texts.items()
            if (place[0] >= len(self._rows) and not self.names)
            or (place[0] < len(self._rows) and self._rows[place[0]][place[1]] != text.strip())
        }
        if not wanted:
            return
        self._before.append([list(row) for row in self._rows])
        del self._before[:-_STEPS_KEPT]
        self._grow(max(row for row, _ in wanted) + 1)
        for (row, column), text in wanted.items():
            self._rows[row][column] = text
        self._grow()
        self._after_change()

    def take_out(self, rows: Iterable[int]) -> None:
        """Remove whole rows; those below move up."""
        gone = set(rows)
        if not any(any(self._rows[row]) for row in gone):
            return
        self._before.append([list(row) for row in self._rows])
        self.beginResetModel()
        self._rows = [row for place, row in enumerate(self._rows) if place not in gone]
        self._findings = {}
        self.endResetModel()
        self._grow()
        self._after_change()

    @property
    def can_undo(self) -> bool:
        """Tell whether there is a write to go back by."""
        return bool(self._before)

    def undo(self) -> bool:
        """Go back by one write; False when there is none."""
        if not self._before:
            return False
        self.beginResetModel()
        self._rows = self._before.pop()
        self._findings = {}
        self.endResetModel()
        self._grow()
        self._after_change()
        return True

    def empty_out(self) -> None:
        """An empty grid, with nothing to go back to."""
        self.beginResetModel()
        self._rows = []
        self._findings = {}
        self._before.clear()
        if self.names:
            self._grow()
        self.endResetModel()
        self._grow()
        self._after_change()

    def _grow(self, least: int = 0) -> None:
        """Keep empty rows below the last filled one; named rows are what they are."""
        if self.names:
            self._rows.extend([""] * len(self.heads) for _ in range(len(self.names) - len(self._rows)))
            return
        last = max((place + 1 for place, row in enumerate(self._rows) if any(row)), default=0)
        wanted = max(self._room, last + 1, least)
        if wanted > len(self._rows):
            self.beginInsertRows(QModelIndex(), len(self._rows), wanted - 1)
            self._rows.extend([""] * len(self.heads) for _ in range(wanted - len(self._rows)))
            self.endInsertRows()

    def _after_change(self) -> None:
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        last = self.index(len(self._rows) - 1, len(self.heads) - 1)
        self.dataChanged.emit(self.index(0, 0), last)

    # ---- for the view

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.heads)

    @override
    def data(self, index: Index, role: int = _DISPLAY) -> str | None:
        if role in (_DISPLAY, _EDIT):
            return self._rows[index.row()][index.column()]
        if role == _TIP:
            found = self.finding(index.row(), index.column())
            return found.reason if found else None
        return None

    @override
    def setData(self, index: Index, value: object, role: int = _EDIT) -> bool:
        if role != _EDIT:
            return False
        self.write({(index.row(), index.column()): str(value)})
        return True

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        return _FLAGS

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> str | None:
        if role != _DISPLAY:
            return None
        if orientation == Qt.Orientation.Horizontal:
            return self.heads[section]
        return self.names[section] if section < len(self.names) else str(section + 1)
