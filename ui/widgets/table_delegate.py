"""Paints table cells and heads straight from the frozen rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from ui import theme
from ui.theme import Tone, Type
from ui.theme.tokens import TINT_OF
from ui.widgets import paint
from ui.widgets.cell import Cell, Column
from ui.widgets.table_model import Index, RowModel

Marks = Callable[[Any, str], Sequence[int]]
"""For a row and a column key: the positions in the text that the search matched."""


def _room(rect: QRect, section: int, column: Column) -> QRect:
    """Where the words of a cell or of a head stand; numbers end as far from the edge as words begin."""
    m = theme.metrics()
    left = m.first_pad if section == 0 else m.cell_pad
    return rect.adjusted(left, 0, -(m.first_pad if column.number else m.s4), 0)


class CellPainter(QStyledItemDelegate):
    """Shared by a table and its frozen part."""

    def __init__(self, model: RowModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self.hovered = -1
        self.tinted = -1
        self.marks: Marks | None = None

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = self._model
        row, section = index.row(), index.column()
        rect: QRect = option.rect  # type: ignore[attr-defined]
        column = model.column(section)
        if column is None:
            ticked = model.key_of(row) in model.ticked
            state = Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
            paint.draw_tick_box(painter, rect, state)
            return
        room = _room(rect, section, column).adjusted(0, 0, 0, -1)
        if column.paint is not None:
            column.paint(painter, room, model.rows[row])
            return
        self._paint_cell(painter, room, column, model.cell(row, section), model.rows[row])

    def ground_of(self, row: int) -> Tone | None:
        """The tint a whole row stands on; rows are grounded at once, which is quicker than cell by cell."""
        if row == self.tinted or (self._model.ticked and self._model.key_of(row) in self._model.ticked):
            return Tone.SELECT
        return Tone.HOVER if row == self.hovered else None

    def _paint_cell(self, painter: QPainter, room: QRect, column: Column, cell: Cell, row: Any) -> None:
        m = theme.metrics()
        where = f"cell {column.head}"
        if cell.second:
            middle = room.center().y()
            # Below the words, not below the icon before them.
            before = m.icon_small + m.icon_gap if cell.icon else 0
            lower = QRect(room.left() + before, middle, room.width() - before, room.bottom() - middle - m.s2)
            paint.draw_text(
                painter, lower, cell.second, theme.font(Type.SMALL), cell.second_tone, where=where
            )
            room = QRect(room.left(), room.top() + m.s4, room.width(), middle - room.top() - m.s2)
        if cell.icon:
            square = QRect(room.left(), room.top(), m.icon_small, room.height())
            paint.draw_icon(painter, cell.icon, square, cell.tone)
            room = room.adjusted(m.icon_small + m.icon_gap, 0, 0, 0)
        if cell.tag:
            # Where a second line stands below, a tag is no higher than its own line.
            high = theme.line_height(Type.SMALL) if cell.second else m.tag
            self._paint_tag(painter, room, cell, high, where)
            return
        font = theme.font(Type.BODY, bold=cell.bold)
        tone = Tone.ACCENT if cell.link or column.link else cell.tone
        align = paint.RIGHT if column.number else paint.LEFT
        used = paint.draw_text(painter, room, cell.text, font, tone, align=align, where=where)
        if self.marks is not None:
            positions = tuple(self.marks(row, column.key))
            if positions:
                paint.draw_marks(painter, room, cell.text, font, positions)
        if cell.aside:
            rest = room.adjusted(used + (m.s8 if cell.text else 0), 0, 0, 0)
            paint.draw_text(painter, rest, cell.aside, theme.font(Type.SMALL), cell.aside_tone, where=where)

    def _paint_tag(self, painter: QPainter, room: QRect, cell: Cell, high: int, where: str) -> None:
        if not cell.text:
            return
        m = theme.metrics()
        font = theme.font(Type.SMALL)
        width = min(paint.text_width(cell.text, font) + m.s12, room.width())
        box = QRect(room.left(), room.center().y() - high // 2 + (0 if cell.second else 1), width, high)
        ground = TINT_OF.get(cell.tone, Tone.SUNK)
        paint.draw_box(painter, box, ground=ground, border=None, radius=m.radius_tag)
        words = box.adjusted(m.s4, 0, -m.s4, 0)
        paint.draw_text(painter, words, cell.text, font, cell.tone, align=paint.CENTRE, where=where)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        m = theme.metrics()
        return QSize(m.field_small, m.row)


class Head(QHeaderView):
    """The table's head: words in ink2, the sort mark right after the word, the box of all ticks."""

    tick_all_pressed = Signal()

    def __init__(self, model: RowModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._rows = model
        self.marked = -1
        self.setFixedHeight(theme.metrics().table_head)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionsMovable(False)
        self.setMinimumSectionSize(theme.metrics().s24)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setProperty("ground", "paper")

    @override
    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        m = theme.metrics()
        painter.fillRect(rect, theme.colour(Tone.PAPER))
        paint.draw_hairline(painter, rect.left(), rect.right(), rect.bottom(), Tone.LINE)
        column = self._rows.column(logicalIndex)
        if column is None:
            if logicalIndex == 0 and self._rows.tickable:
                paint.draw_tick_box(painter, rect, self._rows.tick_state())
            return
        room = _room(rect, logicalIndex, column)
        font = theme.font(Type.SMALL)
        sorted_by = self._rows.sort_key == column.key
        if sorted_by:
            room.setRight(room.right() - m.caret - m.s4)
        align = paint.RIGHT if column.number else paint.LEFT
        used = paint.draw_text(painter, room, column.head, font, Tone.INK2, align=align, where="head")
        if sorted_by:
            end = room.right() if column.number else room.left() + used
            paint.draw_sort_mark(painter, end + m.s4, rect.center().y(), descending=self._rows.descending)
        if logicalIndex == self.marked:
            ring = rect.adjusted(room.left() - rect.left() - m.s4, m.s4, -m.s4, -m.s4)
            paint.draw_box(painter, ring, ground=None, border=Tone.ACCENT, width=m.ring)

    @override
    def paintEvent(self, event: Any) -> None:
        with QPainter(self.viewport()) as painter:
            painter.fillRect(self.viewport().rect(), theme.colour(Tone.PAPER))
            bottom = self.viewport().height() - 1
            paint.draw_hairline(painter, 0, self.viewport().width(), bottom, Tone.LINE)
            super().paintEvent(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._rows.tickable and self.logicalIndexAt(QPoint(int(event.position().x()), 0)) == 0:
            self.tick_all_pressed.emit()
            return
        super().mouseReleaseEvent(event)

    @override
    def sizeHint(self) -> QSize:
        # Not what Qt says: it would ask for the head of every column, and only the height is used.
        return QSize(self.length(), theme.metrics().table_head)
