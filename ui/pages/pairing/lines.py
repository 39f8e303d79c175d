"""Children as lines of two: who, and below it to whom it might go or who looks after it. Ticked, lifted, dragged."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from msgspec import Struct
from PySide6.QtCore import QByteArray, QEvent, QMimeData, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QDrag,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget
from typing_extensions import override

from ui import theme
from ui.theme import Tone, Type
from ui.widgets import paint
from ui.widgets.surface import see_through

CARRIED = "application/x-shouwang-line"
"""What a dragged line is, between the two lists of this page only."""


class ChildLine(Struct, frozen=True):
    """One line. `to` is who it is about (bold, accent), `why` follows; `tickable` lines have a box before them."""

    key: str
    name: str
    aside: str
    to: str = ""
    why: str = ""
    tone: Tone = Tone.INK2
    tickable: bool = True
    mark: str = ""


class _Lines(QWidget):
    """Paints the lines that are in sight only: a school may have thousands."""

    lifted = Signal(str)
    opened = Signal(str)
    ticks_changed = Signal()
    moved = Signal(QRect)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._lines: tuple[ChildLine, ...] = ()
        self._words: list[list[str]] = []
        self._tops: list[int] = [0]
        self._places: dict[str, int] = {}
        self.ticked: set[str] = set()
        self._current = -1
        self._hovered = -1
        self._pressed_at: QPoint | None = None

    # ---- what is shown

    def _arrange(self) -> None:
        """Where each line stands at this width: a long reason goes on below, nothing of it is cut."""
        m = theme.metrics()
        line = theme.line_height(Type.SMALL)
        # Of thousands most say the same: each saying is broken into lines once.
        known: dict[tuple[str, str, bool], tuple[list[str], int]] = {}
        self._words, self._tops = [], [0]
        for one in self._lines:
            saying = one.to, one.why, one.tickable
            if saying not in known:
                known[saying] = self._broken(one)
            words, below = known[saying]
            self._words.append(words)
            self._tops.append(self._tops[-1] + m.list_row_three + below * line)
        self.setFixedHeight(self._tops[-1])
        self.update()

    def _broken(self, one: ChildLine) -> tuple[list[str], int]:
        """The lines of a reason, and how many of them need room below the usual two lines."""
        m = theme.metrics()
        small = theme.font(Type.SMALL)
        room = max(self.width() - self._left_of(one) - m.s12, m.side_list)
        before = paint.text_width(one.to, theme.font(Type.SMALL, bold=True)) + m.icon_small + m.s12
        beside = room - before if one.to else room
        fits = paint.text_width(one.why, small) <= beside
        words = [one.why] if fits else paint.broken(one.why, small, room)
        return words, max(len(words) - (1 if fits or not one.to else 0), 0)

    @staticmethod
    def _left_of(line: ChildLine) -> int:
        m = theme.metrics()
        return m.s16 + (m.tick_box + m.chip_pad if line.tickable else 0)

    def set_lines(self, lines: Sequence[ChildLine]) -> None:
        key = self.current
        self._lines = tuple(lines)
        self._places = {line.key: place for place, line in enumerate(self._lines)}
        fallback = min(max(self._current, 0), len(self._lines) - 1)
        self._current = self._places.get(key, fallback)
        self._hovered = -1
        self._arrange()
        self._describe()

    @property
    def lines(self) -> tuple[ChildLine, ...]:
        return self._lines

    @property
    def current(self) -> str:
        return self._lines[self._current].key if 0 <= self._current < len(self._lines) else ""

    def make_current(self, place: int) -> None:
        if not self._lines:
            return
        self._current = min(max(place, 0), len(self._lines) - 1)
        self._describe()
        self.moved.emit(self._place_of(self._current))
        self.update()

    def place(self, key: str) -> int:
        return self._places.get(key, -1)

    def set_ticked(self, keys: Iterable[str]) -> None:
        """Tick exactly these, in sight or filtered out."""
        self.ticked = set(keys)
        self.update()
        self.ticks_changed.emit()

    def tick_all_or_none(self) -> None:
        """All that are shown, or none of them when all are ticked."""
        shown = {line.key for line in self._lines if line.tickable}
        self.set_ticked(self.ticked - shown if shown <= self.ticked else self.ticked | shown)

    def toggle(self, place: int) -> None:
        line = self._lines[place]
        if line.tickable:
            self.set_ticked(self.ticked ^ {line.key})
            self._describe()

    def _describe(self) -> None:
        """What is spoken of the line with the ring."""
        self.setAccessibleName(f"{len(self._lines)} 名儿童")
        if 0 <= self._current < len(self._lines):
            line = self._lines[self._current]
            ticked = "已勾选" if line.key in self.ticked else ""
            parts = (line.name, line.aside, line.to, line.why, ticked)
            self.setAccessibleDescription(" ".join(part for part in parts if part))

    def _place_of(self, place: int) -> QRect:
        return QRect(0, self._tops[place], self.width(), self._tops[place + 1] - self._tops[place])

    def _at(self, y: int) -> int:
        place = bisect_right(self._tops, y) - 1
        return place if 0 <= place < len(self._lines) else -1

    # ---- keys and mouse

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        seen = self.visibleRegion().boundingRect().height()
        page = max(seen // theme.metrics().list_row_three - 1, 1)
        steps = {
            Qt.Key.Key_Up: self._current - 1,
            Qt.Key.Key_Down: self._current + 1,
            Qt.Key.Key_PageUp: self._current - page,
            Qt.Key.Key_PageDown: self._current + page,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._lines) - 1,
        }
        key, here = Qt.Key(event.key()), self._current
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if not 0 <= here < len(self._lines):
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            (self.opened if control else self.lifted).emit(self.current)
        elif key == Qt.Key.Key_Space:
            self.toggle(here)
        elif key == Qt.Key.Key_A and control:
            self.tick_all_or_none()
        elif key in steps and not control:
            self.make_current(steps[key])
        else:
            super().keyPressEvent(event)

    def _on_box(self, point: QPoint, line: ChildLine) -> bool:
        m = theme.metrics()
        return line.tickable and point.x() < m.s16 + m.tick_box + m.s4

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        point = event.position().toPoint()
        place = self._at(point.y())
        self._pressed_at = None
        if place < 0 or event.button() != Qt.MouseButton.LeftButton:
            return
        self.make_current(place)
        if self._on_box(point, self._lines[place]):
            self.toggle(place)
        else:
            self._pressed_at = point

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        place = self._at(point.y())
        if place >= 0 and not self._on_box(point, self._lines[place]):
            self._pressed_at = None
            self.opened.emit(self._lines[place].key)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if self._pressed_at is not None and event.buttons() & Qt.MouseButton.LeftButton:
            if (point - self._pressed_at).manhattanLength() >= QApplication.startDragDistance():
                self._pressed_at = None
                self._drag()
            return
        self._hovered = self._at(point.y())
        self.update()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = None

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = -1
        self.update()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self.make_current(self._current)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def _drag(self) -> None:
        """Carry the current line; whoever takes it reads its key."""
        line = self._lines[self._current]
        data = QMimeData()
        data.setData(CARRIED, QByteArray(line.key.encode()))
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.setPixmap(self._card(line))
        drag.setHotSpot(QPoint(theme.metrics().s12, theme.metrics().s12))
        drag.exec(Qt.DropAction.MoveAction)

    def _card(self, line: ChildLine) -> QPixmap:
        """What hangs on the mouse: the name on a small sheet."""
        m = theme.metrics()
        font = theme.font(Type.BODY, bold=True)
        width, high = paint.text_width(line.name, font) + 2 * m.s12, m.button
        ratio = self.devicePixelRatioF()
        card = QPixmap(round(width * ratio), round(high * ratio))
        card.setDevicePixelRatio(ratio)
        card.fill(Qt.GlobalColor.transparent)
        with QPainter(card) as painter:
            box = QRect(0, 0, width, high)
            paint.draw_box(painter, box, ground=Tone.SELECT, border=Tone.ACCENT)
            paint.draw_text(
                painter, box, line.name, font, Tone.ACCENT_DARK, align=paint.CENTRE, where="carried"
            )
        return card

    # ---- painting

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            if not self._lines:
                return
            first = max(self._at(max(event.rect().top(), 0)), 0)
            last = self._at(event.rect().bottom())
            for place in range(first, (last if last >= 0 else len(self._lines) - 1) + 1):
                self._paint_line(painter, place)

    def _paint_line(self, painter: QPainter, place: int) -> None:
        m = theme.metrics()
        line, rect = self._lines[place], self._place_of(place)
        current = place == self._current
        if current or place == self._hovered:
            painter.fillRect(rect, theme.colour(Tone.SELECT if current else Tone.HOVER))
        paint.draw_hairline(painter, rect.left(), rect.right(), rect.bottom())
        if current:
            ring = rect.adjusted(0, 0, 0, -1)
            focused = self.hasFocus()
            border, width = (Tone.ACCENT, m.ring) if focused else (Tone.FIELD, 1)
            paint.draw_box(painter, ring, ground=None, border=border, radius=0, width=width)
        left = self._left_of(line)
        top = QRect(left, rect.top() + m.s8, rect.width() - left - m.s12, theme.line_height(Type.BODY))
        if line.tickable:
            ticked = line.key in self.ticked
            state = Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
            paint.draw_tick_box(painter, QRect(m.s16, top.top(), m.tick_box, top.height()), state)
        self._paint_name(painter, top, line)
        under = QRect(top.left(), top.bottom() + 1, top.width(), theme.line_height(Type.SMALL))
        self._paint_why(painter, under, line, self._words[place])

    def _paint_name(self, painter: QPainter, room: QRect, line: ChildLine) -> None:
        m = theme.metrics()
        room = QRect(room)
        if line.mark:
            small = theme.font(Type.SMALL)
            width = paint.text_width(line.mark, small) + m.s8
            tag = QRect(room.right() - width, room.top(), width, room.height())
            paint.draw_box(painter, tag, ground=Tone.OCHRE_TINT, border=None, radius=m.radius_tag)
            paint.draw_text(painter, tag, line.mark, small, Tone.OCHRE, align=paint.CENTRE, where="line mark")
            room.setRight(tag.left() - m.s4)
        bold = theme.font(Type.BODY, bold=True)
        room.setLeft(
            room.left() + paint.draw_text(painter, room, line.name, bold, Tone.INK, where="line") + m.s8
        )
        paint.draw_text(painter, room, line.aside, theme.font(Type.SMALL), Tone.INK2, where="line aside")

    def _paint_why(self, painter: QPainter, room: QRect, line: ChildLine, words: list[str]) -> None:
        m = theme.metrics()
        small, high = theme.font(Type.SMALL), theme.line_height(Type.SMALL)
        beside = QRect(room)
        if line.to:
            square = QRect(room.left(), room.top(), m.icon_small, room.height())
            paint.draw_icon(painter, "chevron_right", square, Tone.INK3)
            beside.setLeft(square.right() + m.s4)
            bold = theme.font(Type.SMALL, bold=True)
            used = paint.draw_text(painter, beside, line.to, bold, Tone.ACCENT_DARK, where="line to")
            beside.setLeft(beside.left() + used + m.s8)
            if words and paint.text_width(words[0], small) > beside.width():
                beside = room.translated(0, high)
        for place, text in enumerate(words):
            spot = beside if not place else room.translated(0, beside.top() - room.top() + place * high)
            paint.draw_text(painter, spot, text, small, line.tone, where="line why")

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self._arrange()


class ChildLines(QScrollArea):
    """The lines, scrolling. `lifted(key)`: she wants to give this one to somebody; `opened(key)`: see its file."""

    lifted = Signal(str)
    opened = Signal(str)
    ticks_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        see_through(self)
        self.inner = _Lines()
        self.inner.lifted.connect(self.lifted)
        self.inner.opened.connect(self.opened)
        self.inner.ticks_changed.connect(self.ticks_changed)
        self.inner.moved.connect(self._follow)
        self.setWidget(self.inner)
        self.setFocusProxy(self.inner)
        self.inner.setAutoFillBackground(False)

    def set_lines(self, lines: Sequence[ChildLine]) -> None:
        """Show these; the current line and the ticks stay by their keys."""
        self.inner.set_lines(lines)

    @property
    def lines(self) -> tuple[ChildLine, ...]:
        """What is shown."""
        return self.inner.lines

    @property
    def current(self) -> str:
        """The key of the line with the ring, empty without lines."""
        return self.inner.current

    def set_current(self, key: str) -> None:
        """Put the ring on a line that is shown."""
        place = self.inner.place(key)
        if place >= 0:
            self.inner.make_current(place)

    @property
    def ticked(self) -> frozenset[str]:
        """The keys of the ticked lines."""
        return frozenset(self.inner.ticked)

    def set_ticked(self, keys: Iterable[str]) -> None:
        """Tick exactly these."""
        self.inner.set_ticked(keys)

    def _follow(self, place: QRect) -> None:
        self.ensureVisible(0, place.top(), 0, 0)
        self.ensureVisible(0, place.bottom(), 0, 0)

    @override
    def sizeHint(self) -> QSize:
        m = theme.metrics()
        return QSize(m.side_small, 6 * m.list_row_three)
