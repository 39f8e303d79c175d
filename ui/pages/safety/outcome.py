"""What came of a copy or a check, standing where it was asked for until the next one begins."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QSizePolicy

from ui import theme
from ui.theme import Tone
from ui.widgets import Ground, Text
from ui.widgets.layout import column, empty_out, row

_ICONS = {
    "green": ("checkmark_circle", Tone.GREEN),
    "red": ("warning", Tone.RED),
    "ochre": ("info", Tone.OCHRE),
}


class Outcome(Ground):
    """A tinted note of several lines, the first one bold. Hidden until `tell`."""

    def __init__(self) -> None:
        super().__init__("green")
        m = theme.metrics()
        self._mark = Text()
        self._mark.setFixedHeight(m.icon)
        self._lines = column(gap=m.s2)
        box = row(column(self._mark, None), self._lines, gap=m.s8, margins=(m.s16, m.s8, m.s16, m.s8))
        box.setStretch(1, 1)
        self.setLayout(box)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.words: tuple[str, ...] = ()
        self.hide()

    def tell(self, ground: str, lines: Sequence[str], *, last: str = "") -> None:
        """Say these lines; `last` stands below them, bold: what may be done now."""
        icon, tone = _ICONS[ground]
        self.set_ground(ground)
        self._mark.setPixmap(theme.pixmap(icon, tone))
        empty_out(self._lines)
        self.words = tuple(line for line in (*lines, last) if line)
        for place, line in enumerate(self.words):
            strong = place == 0 or line == last
            self._lines.addWidget(
                Text(line, tone=tone if strong else Tone.INK, bold=strong, wrap=True, selectable=True)
            )
        self.show()

    def clear(self) -> None:
        """Take it away: something new begins."""
        self.words = ()
        self.hide()
