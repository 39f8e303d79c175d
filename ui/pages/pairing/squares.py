"""The load of a supporter as squares: how many children there are, how many are proposed, how much room is left."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from ui import theme
from ui.theme import Tone, Type
from ui.widgets import paint

_MOST_SQUARES = 12
"""More are not counted by looking: then the figure stands alone."""
DENSE_FROM = 7
"""So many are drawn smaller, that the figure keeps its place beside them."""


class Load(Struct, frozen=True):
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


def paint_load(
    painter: QPainter, room: QRect, load: Load, ground: Tone = Tone.PAPER, *, dense: bool = False
) -> None:
    """Draw the squares and the figure into a cell; `dense` where other rows of the list have many."""
    m = theme.metrics()
    total = max(load.has + load.coming, load.most or 0)
    left = room.left()
    font = theme.font(Type.BODY, bold=bool(load.over))
    dense = dense or total >= DENSE_FROM
    side = m.square_dense if dense else m.square
    step = side + m.s2 + (0 if dense else m.s2 // 2)
    wide = total * step + m.s8 + paint.text_width(load.words, font)
    if total <= _MOST_SQUARES and wide <= room.width():
        top = room.center().y() - side // 2 + 1
        for place in range(total):
            square = QRect(left, top, side, side)
            if place < load.has:
                paint.draw_box(painter, square, ground=Tone.INK2, border=None, radius=side // 5)
            elif place < load.has + load.coming:
                paint.draw_box(painter, square, ground=Tone.SELECT, border=Tone.ACCENT, radius=side // 5)
            else:
                paint.draw_box(painter, square, ground=ground, border=Tone.EDGE, radius=side // 5)
            left += step
        left += m.s8 if total else 0
    tone = Tone.OCHRE if load.over else (Tone.ACCENT_DARK if load.coming else Tone.INK)
    words = QRect(left, room.top(), room.right() - left, room.height())
    paint.draw_text(painter, words, load.words, font, tone, where="load")
