"""A grid to type into, with the keys of a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from msgspec import Struct
from PySide6.QtCore import QEvent, QItemSelection, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QTableView,
    QWidget,
)
from typing_extensions import override

from ui import theme
from ui.theme import Tone, Type
from ui.widgets import paint
from ui.widgets.grid_cells import ARROWS, CellEditor, GridHead, GridPainter
from ui.widgets.grid_model import Block, GridModel, Index, read_block, write_block
from ui.widgets.menu import Menu


class GridColumn(Struct, frozen=True):
    """One column: `sample` sets its width, `choices` are what Alt+↓ offers."""

    key: str
    head: str
    sample: str
    choices: Sequence[str] = ()


_TYPING = QAbstractItemView.EditTrigger.AnyKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked


class EntryGrid(QTableView):
    """Rows of texts with Excel's keys.

    Typing replaces a cell, F2 opens it, Enter goes down (after Tab: to where the row was begun), Tab to
    the right, Ctrl+C/X/V copy blocks to and from a spreadsheet, Ctrl+D fills down, Delete empties, Alt+↓ offers
    the choices of a column, Ctrl+Z takes back. With `set_names` the rows are given. `noticed` says what could not be pasted.
    """

    noticed = Signal(str)
    current_moved = Signal(int, int)
    typed = Signal()

    def __init__(self, columns: Sequence[GridColumn], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        m = theme.metrics()
        self.columns = tuple(columns)
        self._choices = {column.key: tuple(column.choices) for column in columns}
        self.cells = GridModel([column.head for column in columns])
        self.cells.setParent(self)
        self.editing_in_place = False
        self.selected: frozenset[tuple[int, int]] = frozenset()
        self._began_at = 0
        self._held = False
        self.setModel(self.cells)
        self.setItemDelegate(GridPainter(self, self.cells, self))
        self._dress()
        for place, column in enumerate(columns):
            words = paint.text_width(column.sample, theme.font(Type.BODY, bold=place == 0))
            head = paint.text_width(column.head, theme.font(Type.SMALL))
            self.setColumnWidth(place, max(words, head) + m.cell_pad + m.s12)
        self.setCurrentIndex(self.cells.index(0, 0))
        self.setAccessibleName(f"填写的表：{'、'.join(column.head for column in columns)}")

    def _dress(self) -> None:
        m = theme.metrics()
        across, down = (
            GridHead(Qt.Orientation.Horizontal, self),
            GridHead(Qt.Orientation.Vertical, self),
        )
        self.setHorizontalHeader(across)
        self.setVerticalHeader(down)
        across.setFixedHeight(m.table_head)
        across.setStretchLastSection(True)
        down.setFixedWidth(m.tick_column)
        down.setMinimumSectionSize(1)
        down.setDefaultSectionSize(m.row)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setCornerButtonEnabled(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(_TYPING)

    def hold(self, held: bool) -> None:
        """While what stands here is on its way to the ledger nothing is typed: it would be emptied out with it, unsaved."""
        if held != self._held:
            self._held = held
            self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers if held else _TYPING)

    # ---- where we are

    def place(self) -> tuple[int, int]:
        """Row and column of the current cell."""
        index = self.currentIndex()
        return index.row(), index.column()

    def selected_places(self) -> list[tuple[int, int]]:
        """The selected cells, row by row."""
        return sorted((index.row(), index.column()) for index in self.selectionModel().selectedIndexes())

    def go(self, row: int, column: int) -> None:
        """Make a cell current, within the grid."""
        row = min(max(row, 0), self.cells.rowCount() - 1)
        column = min(max(column, 0), self.cells.columnCount() - 1)
        self.setCurrentIndex(self.cells.index(row, column))

    def step(self, down: int, right: int) -> None:
        """Move by cells; another run of Tabs begins here."""
        row, column = self.place()
        self.go(row + down, column + right)
        self._began_at = self.place()[1]

    def next_cell(self, right: int) -> bool:
        """Tab: the next cell, from the last one to the next row; False at the end of the grid."""
        row, column = self.place()
        column += right
        if column >= len(self.columns):
            row, column = row + 1, 0
            self._began_at = 0
        elif column < 0:
            row, column = row - 1, len(self.columns) - 1
        inside = 0 <= row < self.cells.rowCount()
        if inside:
            self.go(row, column)
        return inside

    def next_row(self, *, back: bool = False) -> None:
        """Enter: down, to the column in which the run of Tabs began."""
        self.go(self.place()[0] + (-1 if back else 1), self._began_at)

    def being_typed(self) -> tuple[int, int, str] | None:
        """Row, column and text of the field that is open over a cell; None when none is."""
        editor = self._editor()
        return (*self.place(), editor.text()) if editor is not None else None

    def cell_typed(self, _text: str) -> None:
        """A key was pressed in the field over a cell."""
        self.typed.emit()

    def _editor(self) -> CellEditor | None:
        editor = self.indexWidget(self.currentIndex()) or self.viewport().findChild(CellEditor)
        return editor if isinstance(editor, CellEditor) and editor.isVisible() else None

    # ---- blocks

    def copy(self) -> None:
        """Ctrl+C: the selected block as a spreadsheet takes it."""
        places = self.selected_places()
        rows = sorted({row for row, _ in places})
        columns = sorted({column for _, column in places})
        if places:
            QGuiApplication.clipboard().setText(write_block(self.cells.block(rows, columns)))

    def cut(self) -> None:
        self.copy()
        self.empty_selected()

    def paste(self) -> None:
        """Ctrl+V: a block from a spreadsheet; one value fills the selection; a line of heads names the columns."""
        block = self.arranged(read_block(QGuiApplication.clipboard().text()))
        if not block or self._held:
            return
        places = self.selected_places() or [self.place()]
        if len(block) == 1 and len(block[0]) == 1:
            self.cells.write(dict.fromkeys(places, block[0][0]))
            return
        top, left = places[0]
        block, rows, strangers, again = self._named_rows(block)
        targets, lost = self._named_columns(block[0], least=1 if rows and rows[0] < 0 else 2)
        if targets:
            block, rows = block[1:], rows[1:]
        else:
            targets = list(range(left, left + max((len(line) for line in block), default=0)))
        rows = rows or list(range(top, top + len(block)))
        texts = {
            (row, column): cell
            for row, line in zip(rows, block, strict=True)
            for column, cell in zip(targets, line, strict=False)
            if 0 <= column < len(self.columns) and row >= 0
        }
        beyond = [column for column in targets if column >= len(self.columns)]
        self.cells.write(texts)
        below = sum(row >= self.cells.rowCount() for row in rows) if self.cells.names else 0
        if strangers or again:
            told = [f"对不上姓名的没有粘贴：{'、'.join(strangers)}"] if strangers else []
            told += [f"同一名有几行的，只粘贴了第一行：{'、'.join(again)}"] if again else []
            self.noticed.emit("；".join(told))
        elif below:
            self.noticed.emit(f"表里只有 {self.cells.rowCount()} 行，下面多出来的 {below} 行没有粘贴")
        elif lost or beyond:
            what = "、".join(lost) if lost else f"右边的 {len(beyond)} 列"
            self.noticed.emit(f"这张表里没有的列没有粘贴：{what}")

    def arranged(self, block: Block) -> Block:
        """What is pasted of a block; another grid may know columns by other heads, or by what is in them."""
        return block

    def _named_rows(self, block: Block) -> tuple[Block, list[int], list[str], list[str]]:
        """Where the lines of a block go when its first column is names of rows; no places when it is not.

        Also the names that no row has, or that two rows share, and those before several lines that differ: none but the
        first of these, and none of the others, goes anywhere (-1).
        """
        names = list(self.cells.names)
        firsts = [line[0] if line else "" for line in block]
        heads = {column.head for column in self.columns}
        first_is_heads = firsts[0] not in names and any(cell in heads for cell in block[0])
        children = firsts[1:] if first_is_heads else firsts
        if sum(first in names for first in children) * 2 <= len(children):
            return block, [], [], []
        rows: list[int] = []
        strangers, again = dict[str, None](), dict[str, None]()
        for place, first in enumerate(firsts):
            row = names.index(first) if names.count(first) == 1 else -1
            if row in rows and row >= 0:
                if block[rows.index(row)] != block[place]:
                    again[first] = None
                row = -1
            elif row < 0 and not (place == 0 and first_is_heads):
                strangers[first] = None
            rows.append(row)
        return [line[1:] for line in block], rows, [*strangers], [*again]

    def _named_columns(self, line: list[str], *, least: int) -> tuple[list[int], list[str]]:
        """Where the columns of a block go when its first line is heads, `least` of them ours (-1 and named: unknown)."""
        heads = {column.head: place for place, column in enumerate(self.columns)}
        unknown = [cell for cell in line if cell not in heads]
        if len(line) - len(unknown) < least:
            return [], []
        return [heads.get(cell, -1) for cell in line], unknown

    def fill_down(self) -> None:
        """Ctrl+D: the first selected row into the others; with one cell, the one above it."""
        places = self.selected_places() or [self.place()]
        top = places[0][0]
        if places[-1][0] == top:
            texts = {(r, c): self.cells.text(r - 1, c) for r, c in places if r}
        else:
            texts = {(r, c): self.cells.text(top, c) for r, c in places if r > top}
        self.cells.write(texts)

    def empty_selected(self) -> None:
        self.cells.write(dict.fromkeys(self.selected_places() or [self.place()], ""))

    def set_names(self, names: Sequence[str], marks: Sequence[str] = (), *, room: str = "") -> None:
        """The rows are these, named at their left, with a small word behind each.

        A mark as wide as `room` may be set later without a column moving.
        """
        m = theme.metrics()
        bold, small = theme.font(Type.BODY, bold=True), theme.font(Type.SMALL)
        width = max((paint.text_width(name, bold) for name in names), default=0)
        width += max((paint.text_width(mark, small) + m.s12 for mark in (*marks, room) if mark), default=0)
        self.verticalHeader().setFixedWidth(max(width + m.cell_pad + m.s8, m.tick_column))
        self.cells.set_names(names)
        self.cells.set_marks(marks)
        self.go(0, 0)

    def offer(self, key: str, choices: Sequence[str]) -> None:
        """Say what a column usually holds."""
        self._choices[key] = tuple(choices)

    def offer_choices(self) -> None:
        """Alt+↓: what this column usually holds."""
        row, column = self.place()
        choices = self._choices[self.columns[column].key]
        if not choices:
            return
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words in choices:
            menu.add(words, partial(self._choose, row, column, words))
        rect = self.visualRect(self.currentIndex())
        menu.popup(self.viewport().mapToGlobal(QPoint(rect.left(), rect.bottom())))

    def _choose(self, row: int, column: int, words: str) -> None:
        self.cells.write({(row, column): words})

    # ---- keys and the mouse

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._began_at = self.place()[1]  # a row may be begun with the mouse too

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            # With nothing to take back in the cells, Ctrl+Z is the window's: what was just stored.
            undo = event.matches(QKeySequence.StandardKey.Undo) and self.cells.can_undo
            event.setAccepted(undo or event.matches(QKeySequence.StandardKey.Paste))
        return super().event(event)

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab stays inside, as in a spreadsheet; F6, Ctrl+Enter and Esc lead out."""
        return self.next_cell(1 if next else -1) or super().focusNextPrevChild(next)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._held:
            return
        acts: dict[QKeySequence.StandardKey, Callable[[], object]] = {
            QKeySequence.StandardKey.Copy: self.copy,
            QKeySequence.StandardKey.Cut: self.cut,
            QKeySequence.StandardKey.Paste: self.paste,
            QKeySequence.StandardKey.Undo: self.cells.undo,
        }
        for key, act in acts.items():
            if event.matches(key):
                act()
                return
        if not self._acted_on(event):
            super().keyPressEvent(event)

    def _acted_on(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key == Qt.Key.Key_F2:
            self._open_in_place()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.next_row(back=shift)
        elif key == Qt.Key.Key_D and control:
            self.fill_down()
        elif key == Qt.Key.Key_Delete:
            self.empty_selected()
        elif key == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.offer_choices()
        elif key == Qt.Key.Key_Escape:
            event.ignore()
        elif key in ARROWS and not shift and not control:
            self.step(*ARROWS[key])
        else:
            return False
        return True

    def _open_in_place(self) -> None:
        self.editing_in_place = True
        self.edit(self.currentIndex())
        self.editing_in_place = False
        editor = self._editor()
        if editor is not None:
            editor.deselect()
            editor.end(False)

    # ---- painting and following

    @override
    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.selected = frozenset(self.selected_places())
        self.viewport().update()

    @override
    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        self.current_moved.emit(current.row(), current.column())

    @override
    def paintEvent(self, e: QPaintEvent) -> None:
        super().paintEvent(e)
        rect = self.visualRect(self.currentIndex())
        focused = self.hasFocus()
        tone, width = (Tone.ACCENT, theme.metrics().ring) if focused else (Tone.FIELD, 1)
        with QPainter(self.viewport()) as painter:
            paint.draw_box(
                painter, rect.adjusted(0, 0, 1, 0), ground=None, border=tone, radius=0, width=width
            )

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    @override
    def sizeHint(self) -> QSize:
        m = theme.metrics()
        return QSize(super().sizeHint().width(), m.table_head + self.cells.rowCount() * m.row)
