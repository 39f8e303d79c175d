"""DataTable: the one table of the window.

table = DataTable(
    [Column("name", "姓名", name_cell, sample="买买提·阿卜杜热西提", sort=by_pinyin, frozen=True), …],
    tickable=True,
)
table.set_rows(rows)                # frozen rows with .uuid (or key=…)
table.opened.connect(self.open)     # double click or Enter, hands the row
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QTableView, QWidget
from typing_extensions import override

from ui import theme
from ui.widgets.cell import Cell, Column, row_uuid
from ui.widgets.table_columns import Widths, in_order, width_of
from ui.widgets.table_delegate import CellPainter, Head, Marks
from ui.widgets.table_frozen import FrozenPart, FrozenSide, paint_grounds, paint_ring, prepare
from ui.widgets.table_heads import HeadKeys
from ui.widgets.table_model import RowModel


class DataTable(QTableView):
    """A list of frozen rows under heads. Hover, ticks, a ring around the current row, own sorting.

    Signals: `opened(row)`, `current_changed(row)`, `ticks_changed()`, `link_pressed(row, column_key)`,
    `sorted_by(key, descending)`, `left_upwards()` (↑ in the heads, which ↑ reaches from the first row).
    """

    opened = Signal(object)
    current_changed = Signal(object)
    ticks_changed = Signal()
    link_pressed = Signal(object, str)
    sorted_by = Signal(str, bool)
    left_upwards = Signal()

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        key: Callable[[Any], Hashable] = row_uuid,
        tickable: bool = False,
        two_lines: bool = False,
        tint_current: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._all = tuple(columns)
        self._narrow = False
        self._pressed = False
        self._two_lines = two_lines
        self._tint_current = tint_current
        self._anchor = -1
        self._current_key: Hashable = None
        self._rows = RowModel(columns, key=key, tickable=tickable)
        self._rows.setParent(self)
        self._painter = CellPainter(self._rows, self)
        head = prepare(self, self._rows, two_lines=two_lines)
        self.setItemDelegate(self._painter)
        self._frozen = FrozenSide(self, self._frozen_made)
        up = self.left_upwards.emit
        self._heads = HeadKeys(self._rows, head, self._head_pressed, up, self._show_section)
        self._listen_to(head)
        self._rows.ticks_changed.connect(self._ticks_changed)
        self._fit_columns()
        # A page that has several gives each a name of its own.
        self.setAccessibleName(f"表格：{'、'.join(column.head for column in columns if column.head)}")

    def _listen_to(self, head: Head) -> None:
        head.sectionClicked.connect(self._head_pressed)
        head.tick_all_pressed.connect(self.tick_all_or_none)

    def _frozen_made(self) -> FrozenPart:
        part = FrozenPart(self, self, self._rows, self._painter, two_lines=self._two_lines)
        self._heads.add(part.head)
        self._listen_to(part.head)
        return part

    # ---- what a page calls

    @property
    def rows(self) -> list[Any]:
        """The rows as they stand, in the order shown."""
        return self._rows.rows

    def set_rows(self, rows: Iterable[Any]) -> None:
        """Show these rows; the current row stays, in sight if it was, else the first becomes current."""
        key, bar = self._current_key, self.verticalScrollBar().value()
        seen = 0 <= self.rowViewportPosition(self.current_place()) < self.viewport().height()
        self._rows.set_rows(rows)
        self.verticalScrollBar().setValue(bar)
        place = self._rows.place_of(key) if key is not None else None
        self._set_current(place or 0, scroll=seen or place is None)
        self._anchor = -1
        self._repaint()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns (选择列)."""
        self._all = tuple(columns)
        self._apply_columns()

    def set_narrow(self, narrow: bool) -> None:
        """Narrow window: where not every column has room, the essential ones come first and the rest scrolls."""
        self._narrow = narrow
        self._arrange_columns()

    def set_marks(self, marks: Marks | None) -> None:
        """Underline what the search matched: `marks(row, column_key)` gives positions in the text."""
        self._painter.marks = marks
        self._repaint()

    def sort_by(self, key: str, *, descending: bool = False) -> None:
        """Order by a column; the current row stays current."""
        self._rows.sort_by(key, descending=descending)
        place = self._rows.place_of(self._current_key)
        self._set_current(place if place is not None else -1, scroll=True)
        self._repaint()

    def current_row(self) -> Any | None:
        """The row with the ring."""
        place = self.current_place()
        return self._rows.rows[place] if 0 <= place < len(self._rows.rows) else None

    def has_keyboard(self) -> bool:
        return self.hasFocus()

    def scrolled_to(self) -> int:
        """How far the table is scrolled down, for the frozen part."""
        return self.verticalScrollBar().value()

    def current_place(self) -> int:
        """Where the current row stands, -1 without one."""
        return self.currentIndex().row()

    def set_current(self, key: Hashable) -> bool:
        """Make the row with this key current; False when it is not shown."""
        place = self._rows.place_of(key)
        if place is not None:
            self._set_current(place, scroll=True)
        return place is not None

    def ticked_rows(self) -> list[Any]:
        """The ticked rows that are shown, in their order."""
        ticked = self._rows.ticked
        return [row for place, row in enumerate(self._rows.rows) if self._rows.key_of(place) in ticked]

    def ticked_keys(self) -> set[Hashable]:
        """The keys of every ticked row, shown or filtered out."""
        return set(self._rows.ticked)

    def set_ticked(self, keys: Iterable[Hashable]) -> None:
        """Tick exactly these."""
        self._rows.set_ticked(keys)

    def keep_ticks(self, keys: Iterable[Hashable]) -> None:
        """Drop ticks of rows that no longer exist; `keys` are all rows, filtered out or not."""
        self._rows.keep_ticks(keys)

    def tick_all_or_none(self) -> None:
        """The box in the head: all rows shown, or none when all are."""
        if self._rows.tick_state() == Qt.CheckState.Checked:
            self._rows.set_ticked(())
        else:
            self._rows.set_ticked(self._rows.ticked | {self._rows.key_of(i) for i in range(len(self.rows))})

    # ---- columns

    def _apply_columns(self) -> None:
        key = self._current_key
        self._rows.set_columns(in_order(self._all, pressed=self._pressed))
        self._fit_columns()
        place = self._rows.place_of(key)
        self._set_current(place if place is not None else -1, scroll=False)

    def column_width(self, column: Column) -> int:
        """The width its sample and its head ask for."""
        return width_of(column)

    def _fit_columns(self) -> None:
        self._widths = Widths.of(self._rows)
        self._share_out()
        self.horizontalHeader().setStretchLastSection(True)
        self._frozen.fit(self._widths.sections)
        self._arrange_columns()

    def _share_out(self) -> None:
        for section, width in enumerate(self._widths.shared_out(self._rows, self.viewport().width())):
            self.setColumnWidth(section, width)

    def _arrange_columns(self) -> None:
        """What the room there is asks for: which columns come first, and whether any has to stay while the rest scrolls."""
        if not self.isVisible():  # before that it is as narrow as anything unseen
            return
        self._share_out()
        is_wider = self._widths.whole > self.viewport().width()
        if self._pressed != (self._narrow and is_wider):
            self._pressed = not self._pressed
            self._apply_columns()
            return
        self._frozen.place(show=is_wider and any(stays for _width, stays in self._widths.sections))

    # ---- current row, hover, ticks

    def _set_current(self, place: int, *, scroll: bool) -> None:
        if not 0 <= place < len(self._rows.rows):
            self._current_key = None
            self.setCurrentIndex(QModelIndex())
            self._painter.tinted = -1
            return
        key = self._rows.key_of(place)
        changed = key != self._current_key
        self._current_key = key
        model = self.selectionModel()
        model.setCurrentIndex(self._rows.index(place, 0), model.SelectionFlag.NoUpdate)
        self._painter.tinted = place if self._tint_current else -1
        if scroll:
            self._show_row(place)
        self._repaint()
        if changed:
            self.current_changed.emit(self._rows.rows[place])

    def _show_row(self, place: int) -> None:
        bar = self.verticalScrollBar()
        top = place * self.verticalHeader().defaultSectionSize()
        bottom = top + self.verticalHeader().defaultSectionSize()
        if top < bar.value():
            bar.setValue(top)
        elif bottom > bar.value() + self.viewport().height():
            bar.setValue(bottom - self.viewport().height())

    def hover_at(self, row: int) -> None:
        """Tint the row under the mouse."""
        if row != self._painter.hovered:
            self._painter.hovered = row
            self._repaint()

    def _repaint(self) -> None:
        self.viewport().update()
        self._frozen.update()

    def _ticks_changed(self) -> None:
        self.horizontalHeader().viewport().update()
        self._frozen.update(head=True)
        self._repaint()
        self.ticks_changed.emit()

    def _tick_range(self, place: int) -> None:
        start = self._anchor if self._anchor >= 0 else self.current_place()
        self._anchor = start
        low, high = sorted((max(start, 0), place))
        self._rows.set_ticked({self._rows.key_of(i) for i in range(low, high + 1)})

    def _show_section(self, section: int) -> None:
        """Scroll sideways until a column is seen."""
        if not self._frozen.shows(section):
            self.scrollTo(self._rows.index(max(self.current_place(), 0), section))

    def _head_pressed(self, section: int) -> None:
        column = self._rows.column(section)
        if column is None or column.sort is None:
            return
        descending = self._rows.sort_key == column.key and not self._rows.descending
        self.sort_by(column.key, descending=descending)
        self.sorted_by.emit(column.key, descending)

    # ---- mouse and keys

    def pressed_at(self, index: QModelIndex, event: QMouseEvent) -> None:
        """A press on a cell of the table or of its frozen part."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if not index.isValid() or event.button() != Qt.MouseButton.LeftButton:
            return
        place, column = index.row(), self._rows.column(index.column())
        if self._rows.tickable and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._tick_range(place)
        elif column is None or (
            self._rows.tickable and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self._anchor = place
            self._rows.toggle(place)
        else:
            self._anchor = place
        self._set_current(place, scroll=True)
        if column is not None and (column.link or self._rows.cell(place, index.column()).link):
            self.link_pressed.emit(self._rows.rows[place], column.key)

    def double_pressed_at(self, index: QModelIndex) -> None:
        """A double press opens the row, except on its tick box or a link."""
        column = self._rows.column(index.column()) if index.isValid() else None
        if column is not None and not column.link:
            self.opened.emit(self._rows.rows[index.row()])

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed_at(self.indexAt(event.position().toPoint()), event)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_pressed_at(self.indexAt(event.position().toPoint()))

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        self.hover_at(index.row())
        column = self._rows.column(index.column()) if index.isValid() else None
        self.viewport().setCursor(
            Qt.CursorShape.PointingHandCursor
            if column is not None and column.link
            else Qt.CursorShape.ArrowCursor
        )

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self.hover_at(-1)
        super().leaveEvent(event)

    @override
    def keyboardSearch(self, search: str) -> None:
        """No single letters: they fight the Chinese input method."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._acted_on(event):
            event.ignore()

    def _acted_on(self, event: QKeyEvent) -> bool:
        if self._heads.acted_on(event):
            return True
        key, row = event.key(), self.current_row()
        place = self.current_place()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            self.opened.emit(row)
        elif key == Qt.Key.Key_Space and row is not None and self._rows.tickable:
            self._anchor = place
            self._rows.toggle(place)
        elif key == Qt.Key.Key_A and control and self._rows.tickable:
            self._rows.set_ticked(self._rows.ticked | {self._rows.key_of(i) for i in range(len(self.rows))})
        elif key == Qt.Key.Key_Escape and self._rows.ticked:
            self._rows.set_ticked(())
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            bar = self.horizontalScrollBar()
            step = theme.metrics().field_small
            bar.setValue(bar.value() + (step if key == Qt.Key.Key_Right else -step))
        else:
            return self._moved(event, place)
        return True

    def _moved(self, event: QKeyEvent, place: int) -> bool:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        last = len(self._rows.rows) - 1
        page = max(self.viewport().height() // self.verticalHeader().defaultSectionSize() - 1, 1)
        steps = {
            Qt.Key.Key_Up: place - 1,
            Qt.Key.Key_Down: place + 1,
            Qt.Key.Key_PageUp: max(place - page, 0),
            Qt.Key.Key_PageDown: min(place + page, last),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        target = steps.get(Qt.Key(event.key()))
        if target is None or last < 0:
            return False
        if target < 0:
            self._heads.enter()
            return True
        target = min(target, last)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._rows.tickable:
            self._tick_range(target)
        else:
            self._anchor = -1
        self._set_current(target, scroll=True)
        return True

    # ---- painting

    @override
    def paintEvent(self, e: QPaintEvent) -> None:
        reach = min(self.viewport().width(), self.horizontalHeader().length())
        paint_grounds(self, self._painter, reach)
        super().paintEvent(e)
        paint_ring(self, self.current_place(), focused=self.hasFocus(), reach=reach)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.current_place() < 0 and self._rows.rows:
            self._set_current(0, scroll=True)
        self._repaint()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._heads.leave()
        self._repaint()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange_columns()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._arrange_columns()


__all__ = ["Cell", "Column", "DataTable"]
