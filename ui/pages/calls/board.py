"""The week calendar: walked with the arrows, a call is taken and put elsewhere with the mouse or with the keys."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QTableView, QWidget
from typing_extensions import override

from ui import theme
from ui.pages.calls.board_model import Board, BoardModel, Booked, Spot, State, Verdict
from ui.pages.calls.board_paint import NAME_SAMPLE, CellPainter, DayHead, row_height
from ui.theme import Tone, Type
from ui.widgets import paint

_KEYS = QKeySequence.StandardKey


class CallBoard(QTableView):
    """`asked(spot)` for Enter or a double click, `picked(spot)` for a press, `menu_asked(spot, point)`.

    A call that is taken (`taken(booked)`) is shown with a verdict in every place (`set_verdicts`) until it is put down
    (`put(booked, spot)`) or let go (Esc, `let_go()`). `removal_asked(spot)` for Delete.
    """

    asked = Signal(object)
    picked = Signal(object)
    menu_asked = Signal(object, QPoint)
    taken = Signal(object)
    put = Signal(object, object)
    let_go = Signal()
    removal_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cells = BoardModel()
        self.cells.setParent(self)
        self._held: Booked | None = None
        self._held_from: Spot | None = None
        self._verdicts: Mapping[tuple[str, str, str], Verdict] = {}
        self._now = ""
        self._pressed: QPoint | None = None
        self._dragged_to: QPoint | None = None
        self.may_move = True
        self.setModel(self.cells)
        self.setHorizontalHeader(DayHead(self, self.cells))
        self.setItemDelegate(CellPainter(self, self.cells, self))
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setCornerButtonEnabled(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setAccessibleName("一周的通话")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    # ---- shown

    def set_board(self, board: Board) -> None:
        """Show a week; the cell the keyboard was in stays current where it still is."""
        before = self.spot()
        place = before.place if before is not None else None
        if self._held is not None and board.spot_of(self._held.key) is None:
            self.release()
        heads = [number for number, row in enumerate(self.cells.board.rows) if row.is_head]
        for number in heads:
            self.setSpan(number, 0, 1, 1)
        self.cells.set_board(board)
        m = theme.metrics()
        for number, row in enumerate(board.rows):
            self.setRowHeight(number, m.field + m.s4 if row.is_head else row_height())
            if row.is_head and board.days:
                self.setSpan(number, 0, 1, len(board.days) + 1)
        self._fit_columns()
        found = self.cells.cell_of(place) if place is not None else None
        found = found or self._first_of_today()
        if found is not None:
            self.setCurrentIndex(self.cells.index(*found))

    def set_now(self, key: str) -> None:
        """The call that is being written down."""
        self._now = key
        self.viewport().update()

    def go_to(self, key: str) -> bool:
        """Make the cell of a call current; False when it is not in this week."""
        spot = self.cells.board.spot_of(key)
        cell = self.cells.cell_of(spot.place) if spot is not None else None
        if cell is None:
            return False
        self.setCurrentIndex(self.cells.index(*cell))
        return True

    def spot(self) -> Spot | None:
        """The current place."""
        index = self.currentIndex()
        return self.cells.spot(index.row(), index.column()) if index.isValid() else None

    @property
    def now(self) -> str:
        """The key of the call that is being written down."""
        return self._now

    def _first_of_today(self) -> tuple[int, int] | None:
        days = self.cells.board.days
        column = next((place for place, day in enumerate(days, start=1) if day.is_today), 1)
        rows = enumerate(self.cells.board.rows)
        return next(((number, column) for number, row in rows if not row.is_head), None)

    # ---- taken and put down

    @property
    def holding(self) -> str:
        """The key of the call that is being moved, "" when none is."""
        return self._held.key if self._held is not None else ""

    def take(self) -> None:
        """Ctrl+X, or the mouse moved off: the call of the current cell is being moved."""
        spot = self.spot()
        call = spot.first if spot is not None and len(spot.booked) == 1 else None
        if call is None or not self.may_move or spot is None or spot.state is State.LOOSE:
            return
        self._held, self._held_from, self._verdicts = call, spot, {}
        self.viewport().update()
        self.taken.emit(call)

    def set_verdicts(self, key: str, verdicts: Mapping[tuple[str, str, str], Verdict]) -> None:
        """What stands against each place; for a call that was let go meanwhile nothing."""
        if key == self.holding:
            self._verdicts = verdicts
            self.viewport().update()

    def verdict(self, spot: Spot) -> Verdict | None:
        """What is shown in a place while a call is moved."""
        if self._held is None or (self._held_from is not None and spot.place == self._held_from.place):
            return None
        return self._verdicts.get(spot.place)

    def put_here(self) -> None:
        """Ctrl+V, or the mouse let go: where the current cell is."""
        spot = self.spot()
        if self._held is None or spot is None or self._held_from is None:
            return
        if spot.place == self._held_from.place:
            self.release()
            return
        verdict = self._verdicts.get(spot.place)
        if verdict is not None and not verdict.can:
            return  # the reason stands in the cell
        held = self._held
        self.release()
        self.put.emit(held, spot)

    def release(self) -> None:
        """It stays where it was."""
        if self._held is not None:
            self._held = self._held_from = None
            self._verdicts = {}
            self._dragged_to = self._pressed = None
            self.viewport().unsetCursor()
            self.viewport().update()
            self.let_go.emit()

    # ---- keys and mouse

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        spot = self.spot()
        if event.matches(_KEYS.Cut):
            self.take()
        elif event.matches(_KEYS.Paste):
            self.put_here()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._held is not None:
                self.put_here()
            elif spot is not None:
                self.asked.emit(spot)
        elif event.key() == Qt.Key.Key_Delete and spot is not None and spot.first is not None:
            self.removal_asked.emit(spot)
        elif event.key() == Qt.Key.Key_Escape and self._held is not None:
            self.release()
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self._held is None:
            self._pressed = event.position().toPoint()
        elif event.button() == Qt.MouseButton.LeftButton:
            self.put_here()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
            return
        far = (point - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if self._dragged_to is None and far:
            self.setCurrentIndex(self.indexAt(self._pressed))
            self.take()
            if self._held is None:
                self._pressed = None
                return
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._held is not None:
            self._dragged_to = point
            over = self.indexAt(point)
            if over.isValid() and self.cells.spot(over.row(), over.column()) is not None:
                self.setCurrentIndex(over)
            self.viewport().update()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        dragged, self._dragged_to, self._pressed = self._dragged_to is not None, None, None
        self.viewport().unsetCursor()
        if not dragged:
            super().mouseReleaseEvent(event)
            spot = self.spot()
            under = self.indexAt(event.position().toPoint())
            if spot is not None and under == self.currentIndex() and self._held is None:
                self.picked.emit(spot)
            return
        over = self.indexAt(event.position().toPoint())
        if self.cells.spot(over.row(), over.column()) is None:
            self.release()
            return
        self.put_here()
        if self._held is not None:
            self.release()  # it could not be put there: the mouse holds nothing any more
        self.viewport().update()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        spot = self.spot()
        if spot is not None and self.indexAt(event.position().toPoint()) == self.currentIndex():
            self.asked.emit(spot)

    @override
    def contextMenuEvent(self, arg__1: QContextMenuEvent) -> None:
        by_mouse = arg__1.reason() == QContextMenuEvent.Reason.Mouse
        point = arg__1.pos() if by_mouse else self.visualRect(self.currentIndex()).center()
        index = self.indexAt(point)
        spot = self.cells.spot(index.row(), index.column()) if index.isValid() else None
        if spot is not None:
            self.setCurrentIndex(index)
            self.menu_asked.emit(spot, self.viewport().mapToGlobal(point))

    @override
    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:  # type: ignore[override]
        super().currentChanged(current, previous)
        self.viewport().update()

    # ---- painted

    def _fit_columns(self) -> None:
        """The time, then the days in equal parts, none smaller than a long name needs."""
        m = theme.metrics()
        days = len(self.cells.board.days)
        if not days:
            return
        time_width = paint.text_width("不定时", theme.font(Type.SMALL)) + m.s12 + m.s12
        least = paint.text_width(NAME_SAMPLE, theme.font(Type.SMALL, bold=True)) + 2 * m.s8
        room = self.viewport().width() - time_width
        self.setColumnWidth(0, time_width)
        each = max(room // days, least)
        for place in range(1, days + 1):
            last = place == days and each * days <= room
            self.setColumnWidth(place, room - each * (days - 1) if last else each)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    @override
    def paintEvent(self, e: QPaintEvent) -> None:
        super().paintEvent(e)
        with QPainter(self.viewport()) as painter:
            m = theme.metrics()
            rect = self.visualRect(self.currentIndex())
            if self.spot() is not None and (self.hasFocus() or self._held is not None):
                paint.draw_box(
                    painter, rect.adjusted(1, 0, 0, 0), ground=None, border=Tone.ACCENT, width=m.ring
                )
            if self._dragged_to is not None and self._held is not None:
                self._paint_dragged(painter, self._dragged_to, self._held)

    def _paint_dragged(self, painter: QPainter, point: QPoint, call: Booked) -> None:
        """The names under the mouse."""
        m = theme.metrics()
        font = theme.font(Type.BODY, bold=True)
        width = paint.text_width(call.short, font) + 2 * m.s8
        box = QRect(point + QPoint(m.s8, m.s8), point + QPoint(m.s8 + width, m.s8 + m.chip))
        paint.draw_box(painter, box, ground=Tone.PAPER, border=Tone.ACCENT, width=m.ring)
        paint.draw_text(painter, box.adjusted(m.s8, 0, 0, 0), call.short, font, Tone.INK, where="dragged")

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
