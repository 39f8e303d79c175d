"""Progress of long work, as a footer bar with counts."""

from __future__ import annotations

from PySide6.QtCore import QRect, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui import theme
from ui.theme import Tone, Type
from ui.widgets import paint
from ui.widgets.layout import row
from ui.widgets.surface import Ground
from ui.widgets.text import Link, Text

APPEARS_AFTER = 1_000
"""Milliseconds: quicker work shows nothing."""


class Bar(QWidget):
    """A 6 px bar, `part` of the whole filled (0 … 1)."""

    def __init__(self, part: float = 0.0, tone: Tone = Tone.ACCENT) -> None:
        super().__init__()
        self._part = part
        self._tone = tone
        m = theme.metrics()
        self.setFixedHeight(m.bar)
        self.setMinimumWidth(m.side_list)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_part(self, part: float) -> None:
        self._part = min(max(part, 0.0), 1.0)
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            radius = self.height() // 2
            paint.draw_box(painter, self.rect(), ground=Tone.SUNK, border=None, radius=radius)
            width = round(self.width() * self._part)
            if width:
                done = QRect(0, 0, width, self.height())
                paint.draw_box(painter, done, ground=self._tone, border=None, radius=radius)


class ProgressFooter(Ground):
    """「正在排版：11 / 13 页」, a bar, 停下, and at the right what stopping leaves.

    `begin(words, leaves)` → appears after one second → `step(done, total, words)` → `end()`.
    `stopped` tells that 停下 was pressed.
    """

    stopped = Signal()

    def __init__(self) -> None:
        super().__init__("foot-select")
        m = theme.metrics()
        self._words = Text()
        self._bar = Bar()
        self._bar.setFixedWidth(m.field_medium)
        self._stop = Link("停下", self._stop_pressed)
        self._leaves = Text("", Type.SMALL, Tone.INK2)
        self.setLayout(
            row(
                self._words,
                m.s12,
                self._bar,
                m.s16,
                self._stop,
                None,
                self._leaves,
                margins=(m.s16, 0, m.s16, 0),
            )
        )
        self.setFixedHeight(m.footer)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(APPEARS_AFTER)
        self._delay.timeout.connect(self.show)
        self.hide()

    def begin(self, words: str, leaves: str = "", *, can_stop: bool = True) -> None:
        """Work has begun; nothing is shown for a second."""
        self._words.setText(words)
        self._leaves.setText(leaves)
        self._stop.setVisible(can_stop)
        self._stop.setEnabled(True)
        self._bar.set_part(0)
        self._delay.start()

    def step(self, done: int, total: int, words: str = "") -> None:
        """`done` of `total`; `words` replace what is said."""
        if words:
            self._words.setText(words)
        self._bar.setVisible(total > 0)
        self._bar.set_part(done / total if total else 0)

    def end(self) -> None:
        """Work has ended, one way or another."""
        self._delay.stop()
        self.hide()

    def _stop_pressed(self) -> None:
        self._stop.setEnabled(False)
        self._words.setText("正在停下…")
        self.stopped.emit()
