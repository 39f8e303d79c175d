"""The lines of the timeline, painted by themselves: a child with years of records scrolls as fast as one with none."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget
from typing_extensions import override

from ui import theme
from ui.pages.child.timeline_rows import Row
from ui.theme import Tone, Type, line_height
from ui.widgets import paint

_MONTH = 7
_DAY = 10


class _Block(Struct, frozen=True):
    """Where a row stands (a month head has no row), and its text in lines of this width."""

    top: int
    high: int
    month: str = ""
    place: int = -1
    aside: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


class TimelineView(QAbstractScrollArea):
    """Month heads; then day, picture, head, who and tags, text. ↑↓ walk, Enter or a double press opens (`opened`)."""

    opened = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()
        self._blocks: list[_Block] = []
        self._current = -1
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAutoFillBackground(False)

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown."""
        return self._rows

    def set_rows(self, rows: Sequence[Row], *, keep_place: bool) -> None:
        """Show these; `keep_place` for the same child."""
        self._rows = tuple(rows)
        value = self.verticalScrollBar().value() if keep_place else 0
        self._current = min(self._current, len(self._rows) - 1) if keep_place else -1
        self._lay_out()
        self.verticalScrollBar().setValue(value)
        self.viewport().update()

    # ---- laid out

    def _text_at(self) -> int:
        m = theme.metrics()
        return m.s16 + m.s32 + m.s12 + m.s8 + m.icon + m.s8

    def _lay_out(self) -> None:
        m = theme.metrics()
        body, small = theme.font(Type.BODY), theme.font(Type.SMALL)
        width = max(self.viewport().width() - self._text_at() - m.s16, m.field_small)
        top, month = 0, ""
        self._blocks = []
        for place, row in enumerate(self._rows):
            if row.day[:_MONTH] != month:
                month = row.day[:_MONTH]
                self._blocks.append(_Block(top, m.row, month=month))
                top += m.row
            lines = tuple(one for text in row.text.splitlines() for one in paint.broken(text, body, width))
            aside: tuple[str, ...] = ()
            if row.aside and not self._fits_beside(row, width):
                aside = tuple(paint.broken(row.aside, small, width))
            high = line_height(Type.BODY) * (1 + len(lines)) + line_height(Type.SMALL) * len(aside) + m.s12
            self._blocks.append(_Block(top, high, place=place, aside=aside, lines=lines))
            top += high
        bar = self.verticalScrollBar()
        bar.setRange(0, max(top + m.s12 - self.viewport().height(), 0))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(line_height(Type.BODY))

    def _fits_beside(self, row: Row, width: int) -> bool:
        """Whether who and tags stand on the line of the head, before the mark of what was written down late."""
        m = theme.metrics()
        used = paint.text_width(row.head, theme.font(Type.BODY, bold=True)) + m.s8
        used += paint.text_width(row.aside, theme.font(Type.SMALL))
        return used + (self._late_width(row) + m.s8 if row.late else 0) <= width

    @staticmethod
    def _late_width(row: Row) -> int:
        return paint.text_width(row.late, theme.font(Type.SMALL)) + theme.metrics().s12

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    # ---- painted

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:
            shift = self.verticalScrollBar().value()
            room = self.viewport().rect()
            for block in self._blocks:
                top = block.top - shift
                if top + block.high < 0:
                    continue
                if top > room.height():
                    break
                if block.place < 0:
                    self._paint_month(painter, top, block)
                else:
                    self._paint_row(painter, top, block, self._rows[block.place])
            if self.hasFocus():
                paint.draw_ring(painter, room)

    def _paint_month(self, painter: QPainter, top: int, block: _Block) -> None:
        m = theme.metrics()
        rect = QRect(m.s16, top, self.viewport().width() - 2 * m.s16, block.high)
        font = theme.font(Type.SMALL, bold=True)
        paint.draw_text(painter, rect, _month_words(block.month), font, Tone.INK2, where="month")

    def _paint_row(self, painter: QPainter, top: int, block: _Block, row: Row) -> None:
        m = theme.metrics()
        high, small_high = line_height(Type.BODY), line_height(Type.SMALL)
        left, right = self._text_at(), self.viewport().width() - m.s16
        if block.place == self._current:
            ring = QRect(m.s8, top, self.viewport().width() - 2 * m.s8, block.high - m.s4)
            paint.draw_box(painter, ring, ground=Tone.SELECT, border=None)
        day = row.day[5:] if len(row.day) >= _DAY else ""
        paint.draw_text(
            painter,
            QRect(m.s16, top, m.s32 + m.s12, high),
            day,
            theme.font(Type.SMALL),
            Tone.INK2,
            where="day",
        )
        mark_at = m.s16 + m.s32 + m.s12 + m.s8
        below = QRect(mark_at + m.icon // 2, top + high + m.s2, 1, block.high - high - m.s4)
        painter.fillRect(below, theme.colour(Tone.LINE))
        paint.draw_icon(painter, row.icon, QRect(mark_at, top, m.icon, high), Tone.INK2)
        head = QRect(left, top, right - left, high)
        if row.late:
            width = self._late_width(row)
            box = QRect(right - width, top, width, m.tag)
            paint.draw_box(painter, box, ground=Tone.OCHRE_TINT, border=None, radius=m.radius_tag)
            paint.draw_text(
                painter, box, row.late, theme.font(Type.SMALL), Tone.OCHRE, align=paint.CENTRE, where="late"
            )
            head.setRight(box.left() - m.s8)
        used = paint.draw_text(
            painter, head, row.head, theme.font(Type.BODY, bold=True), Tone.INK, where="head"
        )
        if row.aside and not block.aside:
            beside = head.adjusted(used + m.s8, 0, 0, 0)
            paint.draw_text(painter, beside, row.aside, theme.font(Type.SMALL), Tone.INK2, where="aside")
        at = top + high
        for words in block.aside:
            line = QRect(left, at, right - left, small_high)
            paint.draw_text(painter, line, words, theme.font(Type.SMALL), Tone.INK2, where="aside")
            at += small_high
        for words in block.lines:
            line = QRect(left, at, right - left, high)
            paint.draw_text(painter, line, words, theme.font(Type.BODY), Tone.INK, where="text")
            at += high

    # ---- keys and mouse

    def _go(self, place: int) -> None:
        if not self._rows:
            return
        self._current = min(max(place, 0), len(self._rows) - 1)
        block = next(block for block in self._blocks if block.place == self._current)
        bar = self.verticalScrollBar()
        if block.top < bar.value() or self._current == 0:
            bar.setValue(block.top - (theme.metrics().row if self._current == 0 else 0))
        elif block.top + block.high > bar.value() + self.viewport().height():
            bar.setValue(block.top + block.high + theme.metrics().s12 - self.viewport().height())
        self.viewport().update()

    @override
    def keyPressEvent(self, arg__1: QKeyEvent) -> None:
        page = max(self.viewport().height() // (3 * line_height(Type.BODY)), 1)
        targets = {
            Qt.Key.Key_Down: self._current + 1,
            Qt.Key.Key_Up: self._current - 1,
            Qt.Key.Key_PageDown: self._current + page,
            Qt.Key.Key_PageUp: self._current - page,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._rows),
        }
        key = Qt.Key(arg__1.key())
        if arg__1.modifiers() & Qt.KeyboardModifier.ControlModifier:
            arg__1.ignore()
        elif key in targets:
            self._go(targets[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current >= 0:
            self.opened.emit(self._rows[self._current])
        else:
            arg__1.ignore()

    def _place_at(self, y: int) -> int:
        y += self.verticalScrollBar().value()
        return next((b.place for b in self._blocks if b.top <= y < b.top + b.high), -1)

    @override
    def mousePressEvent(self, arg__1: QMouseEvent) -> None:
        place = self._place_at(round(arg__1.position().y()))
        if place >= 0:
            self._current = place
            self.viewport().update()

    @override
    def mouseDoubleClickEvent(self, arg__1: QMouseEvent) -> None:
        place = self._place_at(round(arg__1.position().y()))
        if place >= 0:
            self.opened.emit(self._rows[place])


def _month_words(month: str) -> str:
    year, _, number = month.partition("-")
    return f"{year} 年 {int(number)} 月" if number else f"{year} 年"
