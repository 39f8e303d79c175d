"""A long text in a table: two lines of it, enough to know it again; it is read whole elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from ui import theme
from ui.theme import Tone, Type
from ui.widgets import paint

LINES = 2
LONGEST = 160
"""Characters of a text that are handed to the painter: far more than any window shows."""


def paint_two_lines(painter: QPainter, room: QRect, text: str, tone: Tone) -> None:
    """Draw the beginning of a text into a two-line cell; what is left out is marked with …."""
    font = theme.font(Type.BODY)
    lines = paint.broken(text[:LONGEST], font, room.width())
    if len(lines) > LINES or len(text) > LONGEST:
        rest = "".join(lines[LINES - 1 :]) + "…"
        lines = [
            *lines[: LINES - 1],
            QFontMetrics(font).elidedText(rest, Qt.TextElideMode.ElideRight, room.width()),
        ]
    high = theme.line_height(Type.BODY)
    top = room.top() + (room.height() - high * len(lines)) // 2
    for place, words in enumerate(lines):
        paint.draw_text(
            painter, QRect(room.left(), top + place * high, room.width(), high), words, font, tone
        )
