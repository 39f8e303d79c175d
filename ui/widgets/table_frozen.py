"""What a table and its frozen part share, and the frozen part itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, QModelIndex, QRect, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView
from typing_extensions import override

from ui import theme
from ui.theme import Tone
from ui.widgets import paint
from ui.widgets.table_columns import Section
from ui.widgets.table_delegate import CellPainter, Head
from ui.widgets.table_model import RowModel


class _Owner(Protocol):
    """What the frozen part asks of its table."""

    def current_place(self) -> int: ...

    def has_keyboard(self) -> bool: ...

    def pressed_at(self, index: QModelIndex, event: QMouseEvent) -> None: ...

    def double_pressed_at(self, index: QModelIndex) -> None: ...

    def hover_at(self, row: int) -> None: ...

    def scrolled_to(self) -> int: ...


def prepare(view: QTableView, model: RowModel, *, two_lines: bool) -> Head:
    """Give a table view our head, heights and manners."""
    m = theme.metrics()
    view.setModel(model)
    head = Head(model, view)
    view.setHorizontalHeader(head)
    view.verticalHeader().hide()
    view.verticalHeader().setMinimumSectionSize(1)
    view.verticalHeader().setDefaultSectionSize(m.row_two if two_lines else m.row)
    view.setShowGrid(False)
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setWordWrap(False)
    view.setCornerButtonEnabled(False)
    view.setTabKeyNavigation(False)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setMouseTracking(True)
    view.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover, on=False)
    return head


def paint_grounds(view: QTableView, cells: CellPainter, reach: int) -> None:
    """Tints and hairlines of the visible rows, below the cells."""
    with QPainter(view.viewport()) as painter:
        first, bottom = view.rowAt(0), view.viewport().height()
        if first < 0:
            return
        high = view.verticalHeader().defaultSectionSize()
        top = view.rowViewportPosition(first)
        for row in range(first, min(view.model().rowCount(), first + (bottom - top) // high + 1)):
            tone = cells.ground_of(row)
            if tone is not None:
                painter.fillRect(QRect(0, top, reach, high), theme.colour(tone))
            paint.draw_hairline(painter, 0, reach - 1, top + high - 1)
            top += high


def paint_ring(view: QTableView, row: int, *, focused: bool, reach: int, open_right: bool = False) -> None:
    """The ring around the current row: accent while the table has the keyboard, quiet otherwise.

    Without a row (-1) it is around the whole table, and only while the keyboard is there.
    """
    m = theme.metrics()
    if row < 0 and not focused:
        return
    top, height = view.rowViewportPosition(row), view.rowHeight(row)
    of_row = QRect(0, top, reach + (m.radius if open_right else 0), height - 1)
    ring = of_row if row >= 0 else view.viewport().rect()
    with QPainter(view.viewport()) as painter:
        width = m.ring if focused else 1
        paint.draw_box(
            painter, ring, ground=None, border=Tone.ACCENT if focused else Tone.FIELD, radius=0, width=width
        )


class FrozenPart(QTableView):
    """The columns that stay at the left while the rest scrolls; it only paints, its owner acts."""

    def __init__(
        self, owner: _Owner, parent: QTableView, model: RowModel, delegate: CellPainter, *, two_lines: bool
    ) -> None:
        super().__init__(parent)
        self._owner = owner
        self.head = prepare(self, model, two_lines=two_lines)
        self._cells = delegate
        self.setItemDelegate(delegate)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @override
    def paintEvent(self, e: QPaintEvent) -> None:
        paint_grounds(self, self._cells, self.viewport().width())
        super().paintEvent(e)
        row = self._owner.current_place()
        if row >= 0:
            paint_ring(
                self, row, focused=self._owner.has_keyboard(), reach=self.viewport().width(), open_right=True
            )
        with QPainter(self.viewport()) as painter:
            painter.fillRect(
                self.viewport().width() - 1, 0, 1, self.viewport().height(), theme.colour(Tone.LINE)
            )

    @override
    def updateGeometries(self) -> None:
        super().updateGeometries()
        self.verticalScrollBar().setValue(self._owner.scrolled_to())

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._owner.pressed_at(self.indexAt(event.position().toPoint()), event)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._owner.double_pressed_at(self.indexAt(event.position().toPoint()))

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._owner.hover_at(self.indexAt(event.position().toPoint()).row())

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._owner.hover_at(-1)


class FrozenSide:
    """The frozen part of a table, made when columns have to stay for the first time: it costs as much as the table."""

    def __init__(self, table: QTableView, make: Callable[[], FrozenPart]) -> None:
        self._table = table
        self._make = make
        self._sections: Sequence[Section] = ()
        self.part: FrozenPart | None = None

    def fit(self, sections: Sequence[Section]) -> None:
        """Take over the widths of the table's sections, and which of them stay."""
        self._sections = sections
        if self.part is not None:
            self._fit(self.part)

    def _fit(self, part: FrozenPart) -> None:
        for section, (width, stays) in enumerate(self._sections):
            part.setColumnWidth(section, width)
            part.setColumnHidden(section, not stays)

    def place(self, *, show: bool) -> None:
        """Lie over the left of the table, or give it free."""
        if show and self.part is None:
            self.part = self._made()
        if self.part is None:
            return
        if show:
            table = self._table
            height = table.horizontalHeader().height() + table.viewport().height()
            self.part.setGeometry(0, 0, sum(width for width, stays in self._sections if stays), height)
        self.part.setVisible(show)
        if show:
            self.part.raise_()

    def _made(self) -> FrozenPart:
        part = self._make()
        mine, other = part.verticalScrollBar(), self._table.verticalScrollBar()
        other.valueChanged.connect(mine.setValue)
        mine.valueChanged.connect(other.setValue)
        self._fit(part)
        return part

    def shows(self, section: int) -> bool:
        """Tell whether a section is seen however far the rest is scrolled."""
        return self.part is not None and self.part.isVisible() and not self.part.isColumnHidden(section)

    def update(self, *, head: bool = False) -> None:
        """Paint again what is seen of it, its head only when asked for."""
        if self.part is not None:
            self.part.viewport().update()
            if head:
                self.part.head.viewport().update()
