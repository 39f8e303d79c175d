"""Facts with dates and the chain of contacts."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui import theme
from ui.theme import Tone, Type
from ui.widgets import paint


class Fact(Struct, frozen=True):
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
        self._tops = [0]
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def current_key(self) -> str:
        """Key of the row the keyboard is on; empty when there is none."""
        return self._key(self._current) if self._count() else ""

    def _count(self) -> int:
        raise NotImplementedError

    def _row_height(self) -> int:
        raise NotImplementedError

    def _extra_lines(self, place: int, width: int) -> int:
        """How many lines more than one a row needs at this width."""
        raise NotImplementedError

    def _key(self, place: int) -> str:
        raise NotImplementedError

    def _fit(self) -> None:
        """As high as the rows are at the present width: what does not fit on one line goes on below."""
        line = theme.line_height(Type.BODY)
        self._tops = [0]
        for place in range(self._count()):
            high = self._row_height() + line * self._extra_lines(place, self.width())
            self._tops.append(self._tops[-1] + high)
        self.setFixedHeight(self._tops[-1])
        self.update()

    def _row_rect(self, place: int) -> QRect:
        return QRect(0, self._tops[place], self.width(), self._tops[place + 1] - self._tops[place])

    def _place_at(self, y: float) -> int:
        return next((i for i in range(self._count()) if self._tops[i] <= y < self._tops[i + 1]), -1)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme.metrics().side, self._tops[-1])

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._tops[-1])

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
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position().y())
        if place >= 0 and place == self._current and event.button() == Qt.MouseButton.LeftButton:
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
            paint.draw_ring(painter, rect)


class FactList(_Lines):
    """Dated facts, newest first. Enter, F2 or a press on one: `activated(key)` (a correction).

    A thread joins the dots of periods that follow each other; `threaded=False` for facts that do not.
    """

    def __init__(self, facts: Sequence[Fact] = (), *, threaded: bool = True) -> None:
        super().__init__()
        self._threaded = threaded
        self._facts: tuple[Fact, ...] = ()
        self.set_facts(facts)

    def set_facts(self, facts: Sequence[Fact]) -> None:
        self._facts = tuple(facts)
        self._current = min(self._current, max(len(facts) - 1, 0))
        said = "；".join(f"{f.dates} {f.words}" for f in facts)
        self.setAccessibleDescription(said)
        self._fit()

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
        with QPainter(self) as painter:
            centre = m.s4 + m.dot // 2
            high = self._row_height()
            if self._threaded and len(self._facts) > 1:
                top = high // 2
                painter.fillRect(
                    QRect(centre, top, 1, self._tops[len(self._facts) - 1]), theme.colour(Tone.LINE)
                )
            for place, fact in enumerate(self._facts):
                self._paint_ground(painter, place)
                rect = self._row_rect(place)
                dot = QRect(centre - m.s8, rect.top(), m.s16, high)
                paint.draw_dot(painter, dot, filled=fact.in_force)
                self._paint_words(painter, rect.adjusted(m.s24, 0, -m.s4, 0), fact)

    def _lines_of(self, fact: Fact, width: int) -> tuple[list[str], list[str]]:
        """The words in lines, and the source in lines of its own when it has no room beside them."""
        m = theme.metrics()
        font = theme.font(Type.BODY, bold=fact.in_force)
        room = max(width - m.s24 - m.s4 - m.fact_dates, m.field_small)
        source = paint.text_width(fact.source, theme.font(Type.SMALL)) + m.s12 if fact.source else 0
        if paint.text_width(fact.words, font) + source <= room:
            return [fact.words], []
        below = paint.broken(fact.source, theme.font(Type.SMALL), room) if fact.source else []
        return paint.broken(fact.words, font, room), below

    @override
    def _extra_lines(self, place: int, width: int) -> int:
        lines, below = self._lines_of(self._facts[place], width)
        return len(lines) - 1 + len(below)

    def _paint_words(self, painter: QPainter, rect: QRect, fact: Fact) -> None:
        m = theme.metrics()
        small = theme.font(Type.SMALL)
        high = self._row_height()
        dates = QRect(rect.left(), rect.top(), m.fact_dates, high)
        paint.draw_text(painter, dates, fact.dates, small, Tone.INK2, where="fact")
        lines, below = self._lines_of(fact, self.width())
        font = theme.font(Type.BODY, bold=fact.in_force)
        tone = Tone.INK2 if fact.tone is Tone.INK and not fact.in_force else fact.tone
        room = QRect(dates.right() + 1, rect.top(), rect.right() - dates.right(), high)
        for line in lines:
            paint.draw_text(painter, room, line, font, tone, where="fact")
            room.translate(0, theme.line_height(Type.BODY))
        for line in below:
            paint.draw_text(painter, room, line, small, Tone.INK3, where="fact")
            room.translate(0, theme.line_height(Type.BODY))
        if fact.source and not below:
            room.moveTop(rect.top())
            room.setLeft(room.right() - paint.text_width(fact.source, small) + 1)
            paint.draw_text(painter, room, fact.source, small, Tone.INK3, where="fact")


class ContactLine(Struct, frozen=True):
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
        self.setAccessibleDescription("；".join(f"{c.relation} {c.name} {c.number}" for c in contacts))
        self._fit()

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
        else:
            super().mouseReleaseEvent(event)
        self._dragged = -1

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        on_grip = event.position().x() < theme.metrics().s24
        self.setCursor(Qt.CursorShape.SizeVerCursor if on_grip else Qt.CursorShape.PointingHandCursor)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            for place, line in enumerate(self._contacts):
                rect = self._row_rect(place)
                self._paint_ground(painter, place)
                paint.draw_hairline(painter, rect.left(), rect.right(), rect.bottom())
                self._paint_line(painter, rect, place, line)

    def _columns(self) -> tuple[int, int, int, int]:
        """Where relation, name, number and the rest begin: as wide as the longest of each."""
        m = theme.metrics()
        body, bold = theme.font(Type.BODY), theme.font(Type.BODY, bold=True)
        relation = max((paint.text_width(c.relation, body) for c in self._contacts), default=0)
        name = max((paint.text_width(c.name, bold) for c in self._contacts), default=0)
        first = m.s32 + m.icon // 2 + m.s12
        second = first + max(relation + m.s12, m.relation_width)
        third = second + name + m.s24
        return first, second, third, third + m.number_width

    @override
    def _extra_lines(self, place: int, width: int) -> int:
        """When reachable goes below, if the line has no room for it."""
        m = theme.metrics()
        line = self._contacts[place]
        small = theme.font(Type.SMALL)
        confirmed = paint.text_width(line.confirmed, theme.font(Type.SMALL, bold=line.stale))
        needed = self._columns()[3] + paint.text_width(line.reachable, small) + m.s12 + confirmed + m.s4
        return int(bool(line.reachable) and needed > width)

    def _paint_line(self, painter: QPainter, rect: QRect, place: int, line: ContactLine) -> None:
        m = theme.metrics()
        small, body, bold = theme.font(Type.SMALL), theme.font(Type.BODY), theme.font(Type.BODY, bold=True)
        top = QRect(rect.left(), rect.top(), rect.width(), self._row_height())
        grip = QRect(top.left(), top.top(), m.icon_small, top.height())
        paint.draw_icon(painter, "re_order_dots_vertical", grip, Tone.INK3)
        badge = QRect(0, 0, m.icon, m.icon)
        badge.moveCenter(QPoint(top.left() + m.s32, top.center().y()))
        paint.draw_box(painter, badge, ground=Tone.SUNK, border=None, radius=m.icon // 2)
        font = theme.font(Type.SMALL, bold=True)
        paint.draw_text(painter, badge, str(place + 1), font, Tone.INK2, align=paint.CENTRE, where="contact")
        right = top.right() - m.s4
        if line.confirmed:
            font = theme.font(Type.SMALL, bold=line.stale)
            width = paint.text_width(line.confirmed, font)
            spot = QRect(right - width, top.top(), width + 1, top.height())
            tone = Tone.OCHRE if line.stale else Tone.INK2
            paint.draw_text(painter, spot, line.confirmed, font, tone, where="contact")
            right -= width + m.s12
        first, second, third, rest = self._columns()
        for words, left, end, font, tone in (
            (line.relation, first, second, body, Tone.INK2),
            (line.name, second, third, bold, Tone.INK),
            (line.number, third, right, body, Tone.INK),
        ):
            room = QRect(left, top.top(), min(end, right) - left, top.height())
            paint.draw_text(painter, room, words, font, tone, where="contact")
        room = QRect(rest, top.top(), right - rest, top.height())
        if self._extra_lines(place, self.width()):
            room = QRect(second, top.bottom() - m.s4, rect.right() - second, theme.line_height(Type.BODY))
        paint.draw_text(painter, room, line.reachable, small, Tone.INK2, where="contact")
