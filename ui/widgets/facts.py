"""Facts with dates and the chain of contacts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui import theme
from ui.theme import Tone, Type
from ui.widgets import paint


@dataclass(frozen=True, slots=True)
class Fact:
    """One period: 「2025-08-20 起」 · 福建晋江，鞋厂 · 奶奶口述，10-09. `in_force` decides dot and weight."""

    key: str
    dates: str
    words: str
    source: str = ""
    in_force: bool = True
    tone: Tone = Tone.INK


class _Lines(QWidget):
    """Rows of equal height, one current, reached by ↑↓; what facts and contacts share."""

    activated = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._current = 0
        self._hovered = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _count(self) -> int:
        raise NotImplementedError

    def _row_height(self) -> int:
        raise NotImplementedError

    def _key(self, place: int) -> str:
        raise NotImplementedError

    def _row_rect(self, place: int) -> QRect:
        return QRect(0, place * self._row_height(), self.width(), self._row_height())

    def _place_at(self, y: float) -> int:
        place = int(y) // self._row_height()
        return place if 0 <= place < self._count() else -1

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme.metrics().side, self._count() * self._row_height())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Up and self._current > 0:
            self._current -= 1
        elif key == Qt.Key.Key_Down and self._current < self._count() - 1:
            self._current += 1
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2) and self._count():
            self.activated.emit(self._key(self._current))
        else:
            super().keyPressEvent(event)
            return
        self.update()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position().y())
        if place >= 0:
            self._current = place
            self.update()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position().y())
        if place >= 0:
            self.activated.emit(self._key(place))

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position().y())
        if place != self._hovered:
            self._hovered = place
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

    def _paint_ground(self, painter: QPainter, place: int) -> None:
        rect = self._row_rect(place)
        if place == self._hovered:
            paint.draw_box(painter, rect, ground=Tone.HOVER, border=None)
        if self.hasFocus() and place == self._current:
            paint.draw_box(painter, rect, ground=None, border=Tone.ACCENT, width=theme.metrics().ring)


class FactList(_Lines):
    """Dated facts, newest first. Enter, F2 or a double press on one: `activated(key)` (a correction)."""

    def __init__(self, facts: Sequence[Fact] = ()) -> None:
        super().__init__()
        self._facts: tuple[Fact, ...] = ()
        self.set_facts(facts)

    def set_facts(self, facts: Sequence[Fact]) -> None:
        self._facts = tuple(facts)
        self._current = min(self._current, max(len(facts) - 1, 0))
        said = "；".join(f"{f.dates} {f.words}" for f in facts)
        self.setAccessibleDescription(said)
        self.updateGeometry()
        self.update()

    @override
    def _count(self) -> int:
        return len(self._facts)

    @override
    def _row_height(self) -> int:
        return theme.metrics().fact_row

    @override
    def _key(self, place: int) -> str:
        return self._facts[place].key

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        m = theme.metrics()
        painter = QPainter(self)
        centre = m.s4 + m.dot // 2
        high = self._row_height()
        if len(self._facts) > 1:
            top, length = high // 2, high * (len(self._facts) - 1)
            painter.fillRect(QRect(centre, top, 1, length), theme.colour(Tone.LINE))
        for place, fact in enumerate(self._facts):
            self._paint_ground(painter, place)
            rect = self._row_rect(place)
            dot = QRect(centre - m.s8, rect.top(), m.s16, high)
            paint.draw_dot(painter, dot, filled=fact.in_force)
            self._paint_words(painter, rect.adjusted(m.s24, 0, -m.s4, 0), fact)

    def _paint_words(self, painter: QPainter, rect: QRect, fact: Fact) -> None:
        m = theme.metrics()
        small = theme.font(Type.SMALL)
        dates = QRect(rect.left(), rect.top(), m.fact_dates, rect.height())
        paint.draw_text(painter, dates, fact.dates, small, Tone.INK2, where="fact")
        right = rect.right()
        if fact.source:
            width = min(paint.text_width(fact.source, small), rect.width() // 3)
            spot = QRect(right - width + 1, rect.top(), width, rect.height())
            paint.draw_text(painter, spot, fact.source, small, Tone.INK3, where="fact")
            right -= width + m.s12
        room = QRect(dates.right(), rect.top(), right - dates.right(), rect.height())
        tone = fact.tone if fact.in_force else Tone.INK2
        paint.draw_text(
            painter, room, fact.words, theme.font(Type.BODY, bold=fact.in_force), tone, where="fact"
        )


@dataclass(frozen=True, slots=True)
class ContactLine:
    """One contact in order: relation, name, masked number, when reachable, when confirmed."""

    key: str
    relation: str
    name: str
    number: str
    reachable: str = ""
    confirmed: str = ""
    stale: bool = False


class ContactChain(_Lines):
    """The order in which to ring. Alt+↑↓ or the grip moves: `moved(key, new_place)`."""

    moved = Signal(str, int)

    def __init__(self, contacts: Sequence[ContactLine] = ()) -> None:
        super().__init__()
        self._contacts: list[ContactLine] = []
        self._dragged = -1
        self.set_contacts(contacts)

    def set_contacts(self, contacts: Sequence[ContactLine]) -> None:
        self._contacts = list(contacts)
        self._current = min(self._current, max(len(contacts) - 1, 0))
        self.updateGeometry()
        self.update()

    def _move(self, place: int, target: int) -> None:
        if place == target or not 0 <= target < len(self._contacts):
            return
        line = self._contacts.pop(place)
        self._contacts.insert(target, line)
        self._current = target
        self.update()
        self.moved.emit(line.key, target)

    @override
    def _count(self) -> int:
        return len(self._contacts)

    @override
    def _row_height(self) -> int:
        return theme.metrics().contact_row

    @override
    def _key(self, place: int) -> str:
        return self._contacts[place].key

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._move(self._current, self._current + step)
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        on_grip = event.position().x() < theme.metrics().s24
        self._dragged = self._place_at(event.position().y()) if on_grip else -1

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragged >= 0:
            target = self._place_at(event.position().y())
            self._move(self._dragged, target)
        self._dragged = -1

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        on_grip = event.position().x() < theme.metrics().s24
        self.setCursor(Qt.CursorShape.SizeVerCursor if on_grip else Qt.CursorShape.ArrowCursor)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for place, line in enumerate(self._contacts):
            rect = self._row_rect(place)
            self._paint_ground(painter, place)
            paint.draw_hairline(painter, rect.left(), rect.right(), rect.bottom())
            self._paint_line(painter, rect, place, line)

    def _paint_line(self, painter: QPainter, rect: QRect, place: int, line: ContactLine) -> None:
        m = theme.metrics()
        small, body = theme.font(Type.SMALL), theme.font(Type.BODY)
        grip = QRect(rect.left(), rect.top(), m.icon_small, rect.height())
        paint.draw_icon(painter, "re_order_dots_vertical", grip, Tone.INK3)
        badge = QRect(0, 0, m.icon, m.icon)
        badge.moveCenter(QPoint(rect.left() + m.s32, rect.center().y()))
        paint.draw_box(painter, badge, ground=Tone.SUNK, border=None, radius=m.icon // 2)
        font = theme.font(Type.SMALL, bold=True)
        paint.draw_text(painter, badge, str(place + 1), font, Tone.INK2, align=paint.CENTRE, where="contact")
        left = badge.right() + m.s12
        right = rect.right() - m.s4
        if line.confirmed:
            font = theme.font(Type.SMALL, bold=line.stale)
            width = paint.text_width(line.confirmed, font)
            spot = QRect(right - width, rect.top(), width, rect.height())
            tone = Tone.OCHRE if line.stale else Tone.INK2
            paint.draw_text(painter, spot, line.confirmed, font, tone, where="contact")
            right -= width + m.s12
        name_width = max(
            (paint.text_width(c.name, theme.font(Type.BODY, bold=True)) for c in self._contacts), default=0
        )
        for words, width, font, tone in (
            (line.relation, m.relation_width, body, Tone.INK2),
            (line.name, name_width + m.s24, theme.font(Type.BODY, bold=True), Tone.INK),
            (line.number, m.number_width, body, Tone.INK),
            (line.reachable, right - left, small, Tone.INK2),
        ):
            room = QRect(left, rect.top(), min(width, right - left), rect.height())
            paint.draw_text(painter, room.adjusted(0, 0, -m.s4, 0), words, font, tone, where="contact")
            left += width
