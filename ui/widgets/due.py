"""What is to be done, as lines under group heads: icon, kind, what, why, and the verb that leads there."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget
from typing_extensions import override

from ui import theme
from ui.theme import Tone, Type
from ui.widgets import paint
from ui.widgets.neighbour import WayBack, neighbour
from ui.widgets.surface import see_through


class DueRow(Struct, frozen=True):
    """One line. `head` is bold with `aside` in small type after it; `reason` below may take several lines.

    `who` answers for it, `when` is its day with `left` (已过 6 天) below; `late` makes both red. In a narrow list `who`
    stands behind `aside`.
    """

    key: str
    icon: str
    kind: str
    head: str
    reason: str
    verb: str
    aside: str = ""
    tone: Tone = Tone.INK2
    who: str = ""
    when: str = ""
    left: str = ""
    late: bool = False


class DueGroup(Struct, frozen=True):
    """Lines under one head (要紧的  3 项)."""

    title: str
    fact: str
    rows: tuple[DueRow, ...]
    tone: Tone = Tone.INK


class _Line(Struct, frozen=True):
    """A head or a row where it stands; `words` are the reason broken into lines."""

    place: QRect
    group: DueGroup | None = None
    row: DueRow | None = None
    words: tuple[str, ...] = ()


class _Lines(QWidget):
    """Paints the groups; ↑↓ moves among the rows of all of them, Enter takes the verb."""

    chosen = Signal(str)
    moved = Signal(QRect)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._groups: tuple[DueGroup, ...] = ()
        self._lines: list[_Line] = []
        self._current = ""
        # The current line was chosen by her: what comes in above it leaves the keyboard there.
        self._is_hers = False
        self._way_back = WayBack()
        self._hovered = ""
        self._at_words = self._at_who = self._at_when = self._at_verb = 0

    def set_groups(self, groups: Sequence[DueGroup], *, anew: bool) -> None:
        had = self._current
        beside_it = next((group for group in self._groups if had in _keys_of(group)), None)
        self._groups = tuple(group for group in groups if group.rows)
        keys = self.keys()
        if anew:
            self._way_back.forget()
        if had in keys:
            self._current = self._way_back.back(had, keys)
            self._is_hers = self._is_hers or self._current != had
            if not self._is_hers:
                self._current = keys[0]
        else:
            # Down the list she goes on beside it; but what lies under another head is not what she was at.
            beside = neighbour(_keys_of(beside_it), had, set(keys)) if beside_it and not anew else ""
            self._is_hers = self._is_hers and bool(beside)
            self._current = beside if self._is_hers else next(iter(keys), "")
            if had and keys and not anew:
                self._way_back.went(had, self._current)
        self.setAccessibleName(f"要办的 {len(keys)} 项")
        self.arrange()
        if self._current != had and self.hasFocus():
            self._stand_on(self._current)

    def keys(self) -> list[str]:
        return [row.key for group in self._groups for row in group.rows]

    @property
    def current(self) -> str:
        return self._current

    @property
    def is_at_first(self) -> bool:
        return self._current == next(iter(self.keys()), "")

    def make_current(self, key: str) -> None:
        """She chose this line."""
        self._is_hers = True
        self._stand_on(key)

    def _stand_on(self, key: str) -> None:
        self._current = key
        line = self._line_of(key)
        if line is not None and line.row is not None:
            row = line.row
            said = (row.kind, row.head, row.aside, row.reason, row.who, row.when, row.left)
            self.setAccessibleDescription(" ".join(part for part in said if part))
            self.moved.emit(line.place)
        self.update()

    # ---- where everything stands

    def _rows(self) -> list[DueRow]:
        return [row for group in self._groups for row in group.rows]

    def _place_columns(self) -> None:
        """Words after icon and the longest kind; from the right the verb, the day, and who unless it is narrow."""
        m = theme.metrics()
        body, small = theme.font(Type.BODY), theme.font(Type.SMALL)
        rows = self._rows()

        def widest(texts: set[str], font: QFont) -> int:
            return max((paint.text_width(text, font) for text in texts), default=0)

        self._at_words = m.s16 + m.icon + m.s8 + widest({row.kind for row in rows}, body) + m.s16
        verb = widest({row.verb for row in rows}, theme.font(Type.BODY, bold=True)) + 2 * m.button_pad
        self._at_verb = self.width() - m.s12 - verb
        days = widest({row.when for row in rows}, theme.font(Type.BODY, bold=True))
        when = max(days, widest({row.left for row in rows}, small))
        self._at_when = self._at_verb - (when + m.s16 if when else m.s4)
        who = widest({row.who for row in rows}, body)
        self._at_who = self._at_when - (who + m.s16 if who else 0)
        if self._at_who - self._at_words < m.dialog // 2:
            self._at_who = 0  # narrow: said behind the class

    def arrange(self) -> None:
        """Lay the lines out for the present width."""
        m = theme.metrics()
        self._place_columns()
        room = (self._at_who or self._at_when) - m.s8 - self._at_words
        top = 0
        self._lines = []
        for group in self._groups:
            self._lines.append(_Line(QRect(0, top, self.width(), m.group_head), group=group))
            top += m.group_head
            for row in group.rows:
                words = tuple(paint.broken(row.reason, theme.font(Type.SMALL), max(room, m.side_list)))
                high = theme.line_height(Type.BODY) + len(words) * theme.line_height(Type.SMALL) + 2 * m.s4
                place = QRect(0, top, self.width(), max(high, m.list_row))
                self._lines.append(_Line(place, row=row, words=words))
                top += place.height()
        self.setFixedHeight(top)
        self.update()

    def _line_of(self, key: str) -> _Line | None:
        return next((line for line in self._lines if line.row is not None and line.row.key == key), None)

    def _at(self, point: QPoint) -> _Line | None:
        return next(
            (line for line in self._lines if line.row is not None and line.place.contains(point)), None
        )

    def _verb_place(self, place: QRect) -> QRect:
        m = theme.metrics()
        width = place.right() + 1 - m.s12 - self._at_verb
        return QRect(self._at_verb, place.top() + (place.height() - m.button) // 2, width, m.button)

    # ---- keys and mouse

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = self.keys()
        here = keys.index(self._current) if self._current in keys else -1
        steps = {
            Qt.Key.Key_Up: here - 1,
            Qt.Key.Key_Down: here + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(keys) - 1,
        }
        target = steps.get(Qt.Key(event.key()))
        if target is not None and 0 <= target < len(keys):
            self.make_current(keys[target])
        elif target is None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self._current:
                self._is_hers = True
                self.chosen.emit(self._current)
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        line = self._at(event.position().toPoint())
        if line is not None and line.row is not None:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.make_current(line.row.key)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        line = self._at(point)
        if line is not None and line.row is not None and self._verb_place(line.place).contains(point):
            self.chosen.emit(line.row.key)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        line = self._at(point)
        if line is not None and line.row is not None and not self._verb_place(line.place).contains(point):
            self.chosen.emit(line.row.key)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        line = self._at(point)
        self._hovered = line.row.key if line is not None and line.row is not None else ""
        on_verb = line is not None and self._verb_place(line.place).contains(point)
        self.setCursor(Qt.CursorShape.PointingHandCursor if on_verb else Qt.CursorShape.ArrowCursor)
        self.update()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = ""
        self.update()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self._stand_on(self._current)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self.arrange()

    # ---- painting

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            for line in self._lines:
                if not line.place.intersects(event.rect()):
                    continue
                if line.group is not None:
                    self._paint_head(painter, line.place, line.group)
                elif line.row is not None:
                    self._paint_row(painter, line, line.row)

    def _paint_head(self, painter: QPainter, place: QRect, group: DueGroup) -> None:
        m = theme.metrics()
        room = place.adjusted(m.s16, m.s8, -m.s16, 0)
        used = paint.draw_text(
            painter, room, group.title, theme.font(Type.BODY, bold=True), group.tone, where="due head"
        )
        room.setLeft(room.left() + used + m.s8)
        paint.draw_text(painter, room, group.fact, theme.font(Type.SMALL), Tone.INK2, where="due head")
        paint.draw_hairline(painter, place.left(), place.right(), place.bottom(), Tone.LINE)

    def _paint_row(self, painter: QPainter, line: _Line, row: DueRow) -> None:
        m = theme.metrics()
        place = line.place
        current = row.key == self._current and self.hasFocus()
        if current:
            painter.fillRect(place, theme.colour(Tone.SELECT))
            mark = QRect(place.left(), place.top(), m.rail_mark, place.height())
            painter.fillRect(mark, theme.colour(Tone.ACCENT))
        elif row.key == self._hovered:
            painter.fillRect(place, theme.colour(Tone.HOVER))
        paint.draw_hairline(painter, place.left(), place.right(), place.bottom())
        first = QRect(m.s16, place.top() + m.s4, m.icon, theme.line_height(Type.BODY))
        paint.draw_icon(painter, row.icon, first, row.tone, size=m.icon)
        body = theme.font(Type.BODY)
        left = self._at_words
        kind = QRect(first.right() + m.s8, first.top(), left - first.right() - m.s8, first.height())
        paint.draw_text(painter, kind, row.kind, body, row.tone, where="due kind")
        verb = self._verb_place(place)
        words = QRect(left, first.top(), (self._at_who or self._at_when) - m.s4 - left, first.height())
        used = paint.draw_text(
            painter, words, row.head, theme.font(Type.BODY, bold=True), Tone.INK, where="due"
        )
        aside = words.adjusted(used + m.s8, 0, 0, 0)
        said = row.aside if self._at_who else "　".join(part for part in (row.aside, row.who) if part)
        paint.draw_text(painter, aside, said, theme.font(Type.SMALL), Tone.INK2, where="due")
        self._paint_when(painter, first, row)
        high = theme.line_height(Type.SMALL)
        under = QRect(left, words.bottom() + 1, words.width(), high)
        for text in line.words:
            paint.draw_text(painter, under, text, theme.font(Type.SMALL), Tone.INK2, where="due reason")
            under.translate(0, high)
        if current:
            paint.draw_box(painter, verb, ground=Tone.PAPER, border=Tone.ACCENT, width=m.ring)
        font = theme.font(Type.BODY, bold=current)
        tone = Tone.ACCENT_DARK if current else Tone.ACCENT
        paint.draw_text(painter, verb, row.verb, font, tone, align=paint.CENTRE, where="due verb")

    def _paint_when(self, painter: QPainter, first: QRect, row: DueRow) -> None:
        m = theme.metrics()
        if self._at_who and row.who:
            who = QRect(self._at_who, first.top(), self._at_when - m.s8 - self._at_who, first.height())
            paint.draw_text(painter, who, row.who, theme.font(Type.BODY), Tone.INK, where="due who")
        if not row.when:
            return
        day = QRect(self._at_when, first.top(), self._at_verb - m.s4 - self._at_when, first.height())
        tone = Tone.RED if row.late else Tone.INK
        font = theme.font(Type.BODY, bold=row.when == _TODAY)
        paint.draw_text(painter, day, row.when, font, tone, where="due day")
        below = QRect(day.left(), day.bottom() + 1, day.width(), theme.line_height(Type.SMALL))
        paint.draw_text(
            painter, below, row.left, theme.font(Type.SMALL), tone if row.late else Tone.INK2, where="due day"
        )


def _keys_of(group: DueGroup) -> list[str]:
    return [row.key for row in group.rows]


_TODAY = "今天"


class DueList(QScrollArea):
    """The lines, scrolling. `set_groups(groups)`; `chosen(key)` when a verb is taken."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        see_through(self)
        self.lines = _Lines()
        self.lines.chosen.connect(self.chosen)
        self.lines.moved.connect(self._follow)
        self.setWidget(self.lines)
        self.setFocusProxy(self.lines)
        self.lines.setAutoFillBackground(False)

    def set_groups(self, groups: Sequence[DueGroup], *, anew: bool = False) -> None:
        """Show these. The line she chose stays current by its key; of one that is gone the neighbour under the same head
        until it is there again. Without one, and of another list (`anew`), it is the first, with its head in sight.
        """
        had = self.lines.current
        self.lines.set_groups(groups, anew=anew)
        if self.lines.current != had:
            self._show_first()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_first()

    def _show_first(self) -> None:
        if self.lines.is_at_first:
            self.verticalScrollBar().setValue(0)

    @property
    def keys(self) -> list[str]:
        """The keys of all lines in the order shown."""
        return self.lines.keys()

    @property
    def current(self) -> str:
        """The key of the line with the ring."""
        return self.lines.current

    def _follow(self, place: QRect) -> None:
        m = theme.metrics()
        self.ensureVisible(0, place.top() - m.group_head, 0, 0)
        self.ensureVisible(0, place.bottom(), 0, 0)

    @override
    def sizeHint(self) -> QSize:
        m = theme.metrics()
        return QSize(m.form_most, 6 * m.list_row)
