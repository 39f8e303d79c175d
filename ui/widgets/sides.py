"""Beside the content: SideList (sections of a file) and StepHeader (steps of an import)."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui import theme
from ui.theme import Tone, Type
from ui.widgets import paint


class SideItem(Struct, frozen=True):
    """One entry: `number` before it (一), `fact` at the right (缺 1), or a grey tick when `complete`."""

    key: str
    words: str
    number: str = ""
    fact: str = ""
    complete: bool = False
    second: str = ""
    fact_tone: Tone = Tone.OCHRE


class SideList(QWidget):
    """A short list of places. ↑↓ moves, `chosen(key)` tells. With `marked` the current one has a mark at
    the edge and a second line (打印什么).
    """

    chosen = Signal(str)

    def __init__(self, items: Sequence[SideItem] = (), *, marked: bool = False) -> None:
        super().__init__()
        self._items: list[SideItem] = []
        self._current = 0
        self._hovered = -1
        self._marked = marked
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("目录")
        self.set_items(items)

    def set_items(self, items: Sequence[SideItem]) -> None:
        """Show these; the current key stays current."""
        key = self.current
        self._items = list(items)
        self._current = next((i for i, item in enumerate(items) if item.key == key), 0)
        self.updateGeometry()
        self.update()

    @property
    def current(self) -> str:
        """Key of the current entry."""
        return self._items[self._current].key if self._items else ""

    def set_current(self, key: str) -> None:
        """Mark an entry without telling."""
        for place, item in enumerate(self._items):
            if item.key == key and place != self._current:
                self._current = place
                self.update()

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self._items):
            self._current = place
            self.update()
            self.chosen.emit(self._items[place].key)

    def _height(self) -> int:
        m = theme.metrics()
        return m.list_row if any(item.second for item in self._items) else m.button

    @override
    def sizeHint(self) -> QSize:
        m = theme.metrics()
        fonts = theme.font(Type.BODY, bold=True), theme.font(Type.SMALL)
        width = 0
        for item in self._items:
            number = m.s24 if item.number else 0
            fact = paint.text_width(item.fact, fonts[1]) if item.fact else m.icon_small
            words = paint.text_width(item.words, fonts[0])
            width = max(width, m.s8 + number + words + m.s8 + fact + m.s8)
        return QSize(width, len(self._items) * self._height())

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None:
            self._choose(self._current + step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self._current)
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose(int(event.position().y()) // self._height())

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = int(event.position().y()) // self._height()
        self.update()

    @override
    def leaveEvent(self, event: object) -> None:
        self._hovered = -1
        self.update()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            for place, item in enumerate(self._items):
                rect = QRect(0, place * self._height(), self.width(), self._height())
                self._paint_item(painter, rect, item, place)

    def _paint_item(self, painter: QPainter, rect: QRect, item: SideItem, place: int) -> None:
        m = theme.metrics()
        current = place == self._current
        box = rect if self._marked else rect.adjusted(0, 1, 0, -1)
        ground = Tone.SELECT if current else (Tone.HOVER if place == self._hovered else None)
        ring = current and self.hasFocus()
        paint.draw_box(
            painter,
            box,
            ground=ground,
            border=Tone.ACCENT if ring else None,
            width=m.ring,
            radius=0 if self._marked else m.radius,
        )
        left = m.s8
        if self._marked:
            left = m.s16
            if current and not ring:
                painter.fillRect(QRect(0, rect.top(), m.rail_mark, rect.height()), theme.colour(Tone.ACCENT))
        right = rect.right() - m.s8
        if item.fact:
            width = paint.text_width(item.fact, theme.font(Type.SMALL))
            spot = QRect(right - width, rect.top(), width, rect.height())
            paint.draw_text(
                painter, spot, item.fact, theme.font(Type.SMALL), item.fact_tone, where="side list"
            )
            right -= width + m.s4
        elif item.complete:
            spot = QRect(right - m.icon_small, rect.top(), m.icon_small, rect.height())
            paint.draw_icon(painter, "checkmark", spot, Tone.INK3)
            right -= m.icon_small + m.s4
        if item.number:
            spot = QRect(left, rect.top(), m.icon, rect.height())
            paint.draw_text(painter, spot, item.number, theme.font(Type.BODY), Tone.INK2, where="side list")
            left += m.icon
        words = QRect(left, rect.top(), right - left, rect.height())
        if item.second:
            lower = words.adjusted(0, rect.height() // 2 - m.s2, 0, -m.s4)
            paint.draw_text(painter, lower, item.second, theme.font(Type.SMALL), Tone.INK2, where="side list")
            words = words.adjusted(0, m.s4, 0, -(rect.height() // 2) + m.s2)
        font = theme.font(Type.BODY, bold=current)
        paint.draw_text(
            painter,
            words,
            item.words,
            font,
            Tone.ACCENT_DARK if current and not item.second else Tone.INK,
            where="side list",
        )


class StepHeader(QWidget):
    """①—②—③—④: done steps ticked, the current one filled, the rest grey."""

    def __init__(self, steps: Sequence[str], current: int = 0) -> None:
        super().__init__()
        self._steps = tuple(steps)
        self._current = current
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_current(self, current: int) -> None:
        """0 is the first step; `len(steps)` = all done."""
        self._current = current
        steps = len(self._steps)
        self.setAccessibleName(
            f"第 {current + 1} 步，共 {steps} 步" if current < steps else f"{steps} 步都做完了"
        )
        self.update()

    def _width_of(self, place: int) -> int:
        m = theme.metrics()
        return m.step + m.s8 + paint.text_width(self._steps[place], theme.font(Type.BODY, bold=True))

    @override
    def sizeHint(self) -> QSize:
        m = theme.metrics()
        between = m.s32 + m.s8
        width = sum(self._width_of(i) for i in range(len(self._steps))) + between * (len(self._steps) - 1)
        return QSize(width + m.s4, m.button)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        m = theme.metrics()
        with QPainter(self) as painter:
            left = m.s2
            for place, words in enumerate(self._steps):
                circle = QRect(left, (self.height() - m.step) // 2, m.step, m.step)
                self._paint_circle(painter, circle, place)
                now = place == self._current
                font = theme.font(Type.BODY, bold=now)
                room = QRect(circle.right() + m.s8, 0, self._width_of(place), self.height())
                paint.draw_text(painter, room, words, font, Tone.INK if now else Tone.INK2, where="step")
                left += self._width_of(place)
                if place < len(self._steps) - 1:
                    middle = self.height() // 2
                    paint.draw_hairline(painter, left + m.s8, left + m.s32, middle, Tone.EDGE)
                    left += m.s32 + m.s8

    def _paint_circle(self, painter: QPainter, circle: QRect, place: int) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        now, done = place == self._current, place < self._current
        painter.setBrush(theme.colour(Tone.ACCENT if now else Tone.PAPER))
        painter.setPen(QPen(theme.colour(Tone.ACCENT if now else (Tone.FIELD if done else Tone.EDGE)), 1))
        painter.drawEllipse(circle.adjusted(0, 0, -1, -1))
        painter.restore()
        if done:
            paint.draw_icon(painter, "checkmark", circle, Tone.GREEN)
            return
        font = theme.font(Type.SMALL, bold=now)
        tone = Tone.WHITE if now else Tone.INK2
        paint.draw_text(painter, circle, str(place + 1), font, tone, align=paint.CENTRE, where="step")
