"""What the entry grid paints, and the field that opens over a cell."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from ui import theme
from ui.theme import Tone, Type
from ui.widgets import paint
from ui.widgets.field import State
from ui.widgets.grid_model import GridModel, Index

ARROWS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}


class Grid(Protocol):
    """What a cell asks of its grid."""

    editing_in_place: bool
    selected: frozenset[tuple[int, int]]

    def next_row(self, *, back: bool = False) -> None: ...

    def next_cell(self, right: int) -> bool: ...

    def step(self, down: int, right: int) -> None: ...

    def cell_typed(self, _text: str) -> None: ...


class GridHead(QHeaderView):
    """Words in ink2 over a hairline; the numbers of the rows at the left alike."""

    def __init__(self, orientation: Qt.Orientation, parent: QWidget) -> None:
        super().__init__(orientation, parent)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSectionsClickable(orientation == Qt.Orientation.Vertical)
        self.setHighlightSections(False)

    @override
    def paintEvent(self, e: QPaintEvent) -> None:
        super().paintEvent(e)
        room = self.viewport().rect()
        if self.orientation() == Qt.Orientation.Horizontal:
            room.setLeft(self.length())
        else:
            room.setTop(self.length())
        with QPainter(self.viewport()) as painter:
            painter.fillRect(room, theme.colour(Tone.PAPER))

    @override
    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        m = theme.metrics()
        words = str(self.model().headerData(logicalIndex, self.orientation()))
        painter.fillRect(rect, theme.colour(Tone.PAPER))
        across = self.orientation() == Qt.Orientation.Horizontal
        tone = Tone.LINE if across else Tone.HAIR
        paint.draw_hairline(painter, rect.left(), rect.right(), rect.bottom(), tone)
        room = rect.adjusted(m.cell_pad, 0, -m.s4, 0)
        font = theme.font(Type.SMALL)
        model = self.model()
        if not across and isinstance(model, GridModel) and model.names:
            used = paint.draw_text(
                painter, room, words, theme.font(Type.BODY, bold=True), Tone.INK, where="head"
            )
            if logicalIndex < len(model.marks):
                rest = room.adjusted(used + m.s8, 0, -m.s4, 0)
                mark = model.marks[logicalIndex]
                paint.draw_text(painter, rest, mark, font, Tone.INK3, align=paint.RIGHT, where="head")
            return
        paint.draw_text(painter, room, words, font, Tone.INK2 if across else Tone.INK3, where="head")


class CellEditor(QLineEdit):
    """The field over a cell; `typed`: opened by typing, so that arrows leave it."""

    def __init__(self, parent: QWidget, *, typed: bool) -> None:
        super().__init__(parent)
        self.typed = typed
        self.setFrame(False)
        self.setProperty("look", "cell")


class GridPainter(QStyledItemDelegate):
    """Paints cells and handles the keys inside the field."""

    def __init__(self, grid: Grid, model: GridModel, parent: QObject) -> None:
        super().__init__(parent)
        self._grid = grid
        self._model = model

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        m = theme.metrics()
        rect: QRect = option.rect  # type: ignore[attr-defined]
        finding = self._model.finding(index.row(), index.column())
        several = len(self._grid.selected) > 1
        selected = several and (index.row(), index.column()) in self._grid.selected
        ground, tone = Tone.SELECT if selected else Tone.PAPER, Tone.INK
        if finding is not None:
            invalid = finding.state is State.INVALID
            ground = Tone.SELECT if selected else (Tone.RED_TINT if invalid else Tone.OCHRE_TINT)
            tone = Tone.RED if invalid else Tone.OCHRE
        painter.fillRect(rect, theme.colour(ground))  # over the style's own mark of what is selected
        paint.draw_hairline(painter, rect.left(), rect.right(), rect.bottom())
        painter.fillRect(rect.right(), rect.top(), 1, rect.height(), theme.colour(Tone.HAIR))
        room = rect.adjusted(m.cell_pad, 0, -m.s4, -1)
        text = self._model.text(index.row(), index.column())
        font = theme.font(Type.BODY, bold=index.column() == 0)
        paint.draw_text(painter, room, text, font, tone, where=f"cell {self._model.heads[index.column()]}")

    @override
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = CellEditor(parent, typed=not self._grid.editing_in_place)
        editor.textEdited.connect(self._grid.cell_typed)
        return editor

    @override
    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, CellEditor)  # noqa: S101 - made four lines above
        editor.setText(self._model.text(index.row(), index.column()))

    @override
    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect  # type: ignore[attr-defined]
        editor.setGeometry(rect)

    @override
    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and isinstance(editor, CellEditor):
            if event.type() == QEvent.Type.KeyPress and self._left(editor, event):
                return True
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return False
        return super().eventFilter(editor, event)

    def _left(self, editor: CellEditor, event: QKeyEvent) -> bool:
        """Leave the field with a key that means another cell."""
        key = Qt.Key(event.key())
        step = {
            Qt.Key.Key_Tab: (0, 1),
            Qt.Key.Key_Backtab: (0, -1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }.get(key)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            step = (0, 0)
        elif editor.typed and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = ARROWS[key]
        if step is None:
            return False
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        if step == (0, 0):
            self._grid.next_row(back=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._grid.next_cell(step[1])
        else:
            self._grid.step(*step)
        return True
