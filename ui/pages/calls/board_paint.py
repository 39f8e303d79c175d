"""What the week calendar paints: its heads and its cells."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from ui import theme
from ui.pages.calls.board_model import (
    EMPTY,
    NO_CALL,
    BoardModel,
    Booked,
    Index,
    Mark,
    Spot,
    State,
    Verdict,
)
from ui.theme import Tone, Type, line_height
from ui.widgets import paint

_TODAY_OPACITY = 0.45
_TONES = {Mark.FAILED: Tone.RED, Mark.DONE: Tone.GREEN, Mark.OTHER: Tone.OCHRE, Mark.PLANNED: Tone.ACCENT}
_LINES = 2
PUT_HERE = "放这里"
NAME_SAMPLE = "买买提·阿卜杜热西提"


class Shown(Protocol):
    """What a cell asks of its calendar."""

    @property
    def holding(self) -> str: ...

    @property
    def now(self) -> str: ...

    def verdict(self, spot: Spot) -> Verdict | None: ...


def tint_today(painter: QPainter, rect: QRect) -> None:
    """The faint tint of today's column."""
    painter.save()
    painter.setOpacity(_TODAY_OPACITY)
    painter.fillRect(rect, theme.colour(Tone.SELECT))
    painter.restore()


def row_height() -> int:
    """A slot's row: two lines of small type have room."""
    return theme.metrics().group_head


class DayHead(QHeaderView):
    """Weekday and date, below it who is on duty; today has an accent foot."""

    def __init__(self, parent: QWidget, model: BoardModel) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._model = model
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSectionsClickable(False)
        self.setMinimumSectionSize(1)
        self.setFixedHeight(theme.metrics().list_row)

    @override
    def paintEvent(self, e: QPaintEvent) -> None:
        super().paintEvent(e)
        room = self.viewport().rect()
        room.setLeft(self.length())
        with QPainter(self.viewport()) as painter:
            painter.fillRect(room, theme.colour(Tone.PAPER))

    @override
    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        m = theme.metrics()
        painter.fillRect(rect, theme.colour(Tone.PAPER))
        paint.draw_hairline(painter, rect.left(), rect.right(), rect.bottom(), Tone.LINE)
        if not logicalIndex:
            return
        day = self._model.board.days[logicalIndex - 1]
        painter.fillRect(rect.left(), rect.top(), 1, rect.height(), theme.colour(Tone.HAIR))
        if day.is_today:
            tint_today(painter, rect)
            foot = QRect(rect.left(), rect.bottom() - m.rail_mark + 1, rect.width(), m.rail_mark)
            painter.fillRect(foot, theme.colour(Tone.ACCENT))
        first, second = line_height(Type.BODY), line_height(Type.SMALL)
        top = rect.top() + (rect.height() - first - second) // 2
        pad = _pad(rect.width())
        room = QRect(rect.left() + pad, top, rect.width() - pad - m.s4, first)
        font = theme.font(Type.BODY, bold=day.is_today)
        paint.draw_text(painter, room, day.words, font, Tone.INK, where="day")
        room = QRect(room.left(), top + first, room.width(), second)
        small = theme.font(Type.SMALL)
        first_name = day.duty.partition("、")[0].removeprefix("值班 ") + "等"
        said = (day.duty, day.duty.removeprefix("值班 "), first_name)
        duty = next((words for words in said if paint.text_width(words, small) <= room.width()), first_name)
        paint.draw_text(painter, room, duty, small, Tone.INK2, where="duty")

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), theme.metrics().list_row)


def _pad(width: int) -> int:
    """What stands before the words of a day, in its head and below it."""
    m = theme.metrics()
    return m.s12 if width >= paint.text_width(NAME_SAMPLE, theme.font()) + 2 * m.s12 else m.s8


class CellPainter(QStyledItemDelegate):
    """Names, and behind them how it went; below them where both have no room side by side."""

    def __init__(self, shown: Shown, model: BoardModel, parent: QObject) -> None:
        super().__init__(parent)
        self._shown = shown
        self._model = model

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect  # type: ignore[attr-defined]
        row = self._model.board.rows[index.row()]
        if row.is_head:
            self._paint_head(painter, rect, row.label, row.detail)
            return
        m = theme.metrics()
        painter.fillRect(rect, theme.colour(Tone.PAPER))
        spot = self._model.spot(index.row(), index.column())
        if spot is None:
            room = rect.adjusted(0, 0, -m.s12, 0)
            font = theme.font(Type.SMALL if len(row.label) <= len("不定时") else Type.CAPTION)
            paint.draw_text(painter, room, row.label, font, Tone.INK2, align=paint.RIGHT, where="slot")
        else:
            if spot.state in (State.CLOSED, State.NONE):
                painter.fillRect(rect, theme.colour(Tone.DESK))
            elif self._model.board.days[index.column() - 1].is_today:
                tint_today(painter, rect)
            painter.fillRect(rect.left(), rect.top(), 1, rect.height(), theme.colour(Tone.HAIR))
            self._paint_spot(painter, rect, spot)
        paint.draw_hairline(painter, rect.left(), rect.right(), rect.bottom())

    def _paint_head(self, painter: QPainter, rect: QRect, name: str, detail: str) -> None:
        m = theme.metrics()
        painter.fillRect(rect, theme.colour(Tone.DESK))
        paint.draw_hairline(painter, rect.left(), rect.right(), rect.bottom())
        room = rect.adjusted(m.s16, 0, -m.s12, 0)
        used = paint.draw_text(painter, room, name, theme.font(Type.BODY, bold=True), Tone.INK, where="line")
        rest = room.adjusted(used + m.s12, 0, 0, 0)
        paint.draw_text(painter, rest, detail, theme.font(Type.SMALL), Tone.INK2, where="line")

    # ---- one place

    def _paint_spot(self, painter: QPainter, rect: QRect, spot: Spot) -> None:
        pad = _pad(rect.width())
        room = rect.adjusted(pad, 0, -pad, 0)
        verdict = self._shown.verdict(spot)
        if verdict is not None:
            self._paint_verdict(painter, rect, room, spot, verdict)
        elif len(spot.booked) > 1:
            self._paint_many(painter, room, spot)
        elif spot.first is not None:
            self._paint_booked(painter, rect, room, spot.first)
        elif spot.state is State.LOOSE:
            paint.draw_text(painter, room, NO_CALL, theme.font(Type.BODY), Tone.INK3, where="cell")
        elif spot.state is State.OPEN:
            paint.draw_text(painter, room, EMPTY, theme.font(Type.SMALL), Tone.INK3, where="cell")
        else:
            _wrapped(painter, room, spot.words, Tone.INK2)

    def _paint_verdict(
        self, painter: QPainter, rect: QRect, room: QRect, spot: Spot, verdict: Verdict
    ) -> None:
        """While a call is being moved: where it can go, and what stands against it."""
        if verdict.can:
            box = rect.adjusted(4, 3, -3, -3)
            ground = Tone.OCHRE_TINT if verdict.words else Tone.SELECT
            paint.draw_box(painter, box, ground=ground, border=Tone.OCHRE if verdict.words else Tone.ACCENT)
        tone = Tone.OCHRE if verdict.can else Tone.INK3
        if verdict.can and not verdict.words:
            tone = Tone.ACCENT_DARK
        words = verdict.words or PUT_HERE
        if spot.first is None:
            _wrapped(painter, room, words, tone)
            return
        both = _two_lines(room)
        short = spot.first.short
        paint.draw_text(painter, both[0], short, theme.font(Type.SMALL), Tone.INK2, where="cell")
        paint.draw_text(painter, both[1], words, theme.font(Type.CAPTION), tone, where="cell")

    def _paint_many(self, painter: QPainter, room: QRect, spot: Spot) -> None:
        """Calls at no planned time: how many, and how many got through."""
        calls = [call for call in spot.booked if call.children]
        through = sum(call.mark is Mark.DONE for call in calls)
        words = f"{len(calls)} 个电话"
        used = paint.draw_text(painter, room, words, theme.font(Type.BODY), Tone.INK, where="cell")
        rest = room.adjusted(used + theme.metrics().s8, 0, 0, 0)
        tone = Tone.GREEN if through else Tone.INK2
        tail = f"通 {through}"
        paint.draw_text(painter, rest, tail, theme.font(Type.SMALL), tone, align=paint.RIGHT, where="cell")

    def _paint_booked(self, painter: QPainter, rect: QRect, room: QRect, call: Booked) -> None:
        m = theme.metrics()
        held = call.key == self._shown.holding
        now = call.key == self._shown.now and not held
        if now:
            box = rect.adjusted(4, 3, -3, -3)
            paint.draw_box(painter, box, ground=Tone.SELECT, border=Tone.ACCENT, width=m.ring)
        done = call.mark is Mark.DONE
        ink = Tone.INK3 if held else (Tone.INK2 if done and not now else Tone.INK)
        font = theme.font(Type.BODY, bold=now)
        small = theme.font(Type.SMALL)
        tail = "正在挪" if held else call.tail
        if now and call.mark is Mark.PLANNED:
            fits = paint.text_width(f"{call.names}正在记", font) + m.s8 <= room.width()
            tail = "正在记" if fits else ""
        tick = m.icon_small if done and not held else 0
        tail_width = tick or (paint.text_width(tail, small) if tail else 0)
        beside = m.s8 + tail_width if tail_width else 0
        if paint.text_width(call.names, font) + beside <= room.width():
            paint.draw_text(painter, room, call.names, font, ink, where="cell")
            self._paint_tail(painter, room, tail, call.mark, tick=tick)
            return
        words, used = _in_two(call, room.width(), beside, bold=now)
        upper, lower = _two_lines(room)
        if len(words) == 1 and not beside:
            upper = room
        for line, place in zip(words, (upper, lower), strict=False):
            paint.draw_text(painter, place, line, used, ink, where="cell")
        self._paint_tail(painter, lower, tail, call.mark, tick=tick)

    def _paint_tail(self, painter: QPainter, room: QRect, tail: str, mark: Mark, *, tick: int) -> None:
        if tick:
            spot = QRect(room.right() - tick + 1, room.top(), tick, room.height())
            paint.draw_icon(painter, "checkmark", spot, Tone.GREEN)
        elif tail:
            font = theme.font(Type.SMALL)
            paint.draw_text(painter, room, tail, font, _TONES[mark], align=paint.RIGHT, where="cell")


def _in_two(call: Booked, width: int, beside: int, *, bold: bool) -> tuple[list[str], QFont]:
    """Names on one or two lines, as large as they go in; how many they are only where even two lines are too short."""
    for kind in (Type.SMALL, Type.CAPTION):
        font = theme.font(kind, bold=bold)
        lines = paint.broken(call.names, font, width)
        fits = len(lines) == 1 or paint.text_width(lines[-1], font) + beside <= width
        if len(lines) <= _LINES and fits:
            return lines, font
    font = theme.font(Type.CAPTION, bold=bold)
    return paint.broken(call.short, font, width)[:_LINES], font


def _two_lines(room: QRect) -> tuple[QRect, QRect]:
    high = line_height(Type.SMALL)
    top = room.top() + (room.height() - 2 * high) // 2
    return QRect(room.left(), top, room.width(), high), QRect(room.left(), top + high, room.width(), high)


def _wrapped(painter: QPainter, room: QRect, words: str, tone: Tone) -> None:
    """A reason on one line, or on two of a smaller size."""
    font = theme.font(Type.SMALL)
    if paint.text_width(words, font) <= room.width():
        paint.draw_text(painter, room, words, font, tone, where="cell")
        return
    font = theme.font(Type.CAPTION)
    lines = paint.broken(words, font, room.width())
    upper, lower = _two_lines(room)
    paint.draw_text(painter, upper, lines[0], font, tone, where="cell")
    paint.draw_text(painter, lower, "".join(lines[1:]), font, tone, where="cell")
