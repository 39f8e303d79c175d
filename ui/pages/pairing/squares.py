"""The load of a supporter as squares: how many children there are, how many are proposed, how much room is left."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from ui import theme
from ui.theme import Tone, Type
from ui.widgets import paint

_MOST_SQUARES = 6
"""More are not counted by looking: then the figure stands alone."""


@dataclass(frozen=True, slots=True)
class Load:
    """`has` children now, `coming` more in the draft, at most `most` by the rule (None: the rule sets no limit)."""

    has: int
    coming: int = 0
    most: int | None = None

    @property
    def over(self) -> int:
        """How many more than the rule allows, with the draft."""
        return max(self.has + self.coming - self.most, 0) if self.most is not None else 0

    @property
    def words(self) -> str:
        """The figure beside the squares."""
        figure = f"{self.has} + {self.coming}" if self.coming else str(self.has)
        return f"{figure}，超 {self.over}" if self.over else figure


def paint_load(painter: QPainter, room: QRect, load: Load, ground: Tone = Tone.PAPER) -> None:
    """Draw the squares and the figure into a cell."""
    m = theme.metrics()
    total = max(load.has + load.coming, load.most or 0)
    left = room.left()
    if total <= _MOST_SQUARES:
        top = room.center().y() - m.square // 2 + 1
        for place in range(total):
            square = QRect(left, top, m.square, m.square)
            if place < load.has:
                paint.draw_box(painter, square, ground=Tone.INK2, border=None, radius=m.s2)
            elif place < load.has + load.coming:
                paint.draw_box(painter, square, ground=Tone.SELECT, border=Tone.ACCENT, radius=m.s2)
            else:
                paint.draw_box(painter, square, ground=ground, border=Tone.EDGE, radius=m.s2)
            left += m.square + m.s2 + m.s2 // 2
        left += m.s8 if total else 0
    tone = Tone.OCHRE if load.over else (Tone.ACCENT_DARK if load.coming else Tone.INK)
    words = QRect(left, room.top(), room.right() - left, room.height())
    font = theme.font(Type.BODY, bold=bool(load.over))
    paint.draw_text(painter, words, load.words, font, tone, where="load")
