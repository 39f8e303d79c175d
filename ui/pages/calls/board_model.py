"""What the week calendar shows: lines as groups, their slots as rows, the days of the week as columns. Pure."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from typing_extensions import override

Index = QModelIndex | QPersistentModelIndex
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_TIP = int(Qt.ItemDataRole.ToolTipRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable  # put together once, asked of every place
EMPTY = "空"
NO_CALL = "—"


class Mark(Enum):
    """How far a call is."""

    PLANNED = "planned"
    DONE = "done"
    FAILED = "failed"
    OTHER = "other"
    """It did not take place for a reason that says nothing about the family."""


class State(Enum):
    """What a place of the calendar is."""

    OPEN = "open"
    CLOSED = "closed"
    NONE = "none"
    """The line is not open at this time on this day."""
    LOOSE = "loose"
    """No slot: what was called at no planned time."""


class Who(Struct, frozen=True):
    """A child in a call; `planned` and `logged` are the uuids of its rows, "" without."""

    uuid: str
    name: str
    class_name: str = ""
    planned: str = ""
    logged: str = ""


class Booked(Struct, frozen=True):
    """One telephone call: brothers and sisters share it. `tail` is the small word behind the names."""

    key: str
    children: tuple[Who, ...]
    mark: Mark = Mark.PLANNED
    tail: str = ""
    fixed: bool = False
    printed: bool = False
    tip: str = ""

    @property
    def names(self) -> str:
        """曾小雨、曾小满."""
        return "、".join(child.name for child in self.children)

    @property
    def short(self) -> str:
        """The first name and how many they are, where all have no room."""
        count = len(self.children)
        return f"{self.children[0].name}等 {count} 名" if count > 1 else self.names


class Spot(Struct, frozen=True):
    """One place: a line, a day, a time. `words` say why it is closed."""

    day: str
    line: str
    starts: str
    ends: str
    state: State = State.OPEN
    words: str = ""
    booked: tuple[Booked, ...] = ()

    @property
    def place(self) -> tuple[str, str, str]:
        """What the place is known by."""
        return self.day, self.line, self.starts

    @property
    def first(self) -> Booked | None:
        """The call that stands in it."""
        return self.booked[0] if self.booked else None


class Row(Struct, frozen=True):
    """A group head (no spots) or one time of a line."""

    line: str
    label: str
    detail: str = ""
    spots: tuple[Spot, ...] = ()

    @property
    def is_head(self) -> bool:
        """True for the name of a line."""
        return not self.spots


class Day(Struct, frozen=True):
    """A column."""

    iso: str
    words: str
    duty: str = ""
    is_today: bool = False


class Board(Struct, frozen=True):
    """A whole week."""

    days: tuple[Day, ...] = ()
    rows: tuple[Row, ...] = ()

    def spot_of(self, key: str) -> Spot | None:
        """Where a call stands."""
        return next(
            (spot for row in self.rows for spot in row.spots if any(one.key == key for one in spot.booked)),
            None,
        )


class Verdict(Struct, frozen=True):
    """What is to be said of moving a call to a place: `can` be done at all, and why it had better not."""

    can: bool
    words: str = ""


class BoardModel(QAbstractTableModel):
    """Column 0 is the time; group heads cannot be entered."""

    def __init__(self) -> None:
        super().__init__()
        self.board = Board()

    def set_board(self, board: Board) -> None:
        """Show another week, or the same one as it is now."""
        self.beginResetModel()
        self.board = board
        self.endResetModel()

    def spot(self, row: int, column: int) -> Spot | None:
        """The place of a cell; None for heads and times."""
        if not 0 <= row < len(self.board.rows) or column < 1:
            return None
        spots = self.board.rows[row].spots
        return spots[column - 1] if column <= len(spots) else None

    def cell_of(self, place: tuple[str, str, str]) -> tuple[int, int] | None:
        """Where a place is shown."""
        for number, row in enumerate(self.board.rows):
            for column, spot in enumerate(row.spots, start=1):
                if spot.place == place:
                    return number, column
        return None

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.board.rows)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.board.days) + 1

    @override
    def data(self, index: Index, role: int = _DISPLAY) -> str | None:
        if role not in (_DISPLAY, _TIP, _ACCESSIBLE):
            return None
        row = self.board.rows[index.row()]
        spot = self.spot(index.row(), index.column())
        if spot is None:
            return row.label if role == _DISPLAY and not index.column() else None
        if role == _TIP:
            return tip_of(spot)
        words = words_of(spot)
        if role == _ACCESSIBLE:
            return f"{self.board.days[index.column() - 1].words} {row.label} {words}"
        return words

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.spot(index.row(), index.column()) is None:
            return Qt.ItemFlag.NoItemFlags
        return _FLAGS


def words_of(spot: Spot) -> str:
    """A place in words."""
    if spot.booked:
        return "；".join(f"{one.names}{'，' + one.tail if one.tail else ''}" for one in spot.booked)
    if spot.state is State.OPEN:
        return EMPTY
    return NO_CALL if spot.state is State.LOOSE else spot.words


def tip_of(spot: Spot) -> str | None:
    """What has no room in a cell: everybody of it, with whom they are to talk."""
    lines = [" ".join(part for part in (one.names, one.tip) if part) for one in spot.booked]
    if spot.words:
        lines.append(spot.words)
    return "\n".join(lines) or None
