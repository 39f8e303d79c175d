"""The rail at the left: pages by words and icon, two more at its foot."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout
from typing_extensions import override

from ui import theme
from ui.shell.page import PageSpec
from ui.theme import Tone, Type
from ui.widgets import paint
from ui.widgets.surface import Ground


class RailItem(QAbstractButton):
    """One page: icon and word, in the narrow rail the word under the icon; a red count when given.

    `stepped(±1)` when an arrow asks for the neighbour.
    """

    stepped = Signal(int)

    def __init__(self, spec: PageSpec, key: str) -> None:
        super().__init__()
        self.spec = spec
        self._count = 0
        self._narrow = False
        self.setText(spec.caption)
        self.setToolTip(key)
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_narrow(False)

    def set_count(self, count: int) -> None:
        """The red number (今日: overdue)."""
        self._count = count
        self.setAccessibleDescription(f"{count} 项已过期" if count else "")
        self.update()

    def set_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        m = theme.metrics()
        self.setFixedHeight(m.rail_item_narrow if narrow else m.rail_item)
        self.update()

    @override
    def sizeHint(self) -> QSize:
        m = theme.metrics()
        return QSize(m.rail_narrow if self._narrow else m.rail, self.height())

    @override
    def keyPressEvent(self, e: QKeyEvent) -> None:
        if e.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif e.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.stepped.emit(1 if e.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(e)

    @override
    def paintEvent(self, e: QPaintEvent) -> None:
        m = theme.metrics()
        with QPainter(self) as painter:
            on = self.isChecked()
            pad = m.s4 if self._narrow else m.s8
            pill = self.rect().adjusted(pad, m.s2, -pad, -m.s2)
            ground = Tone.PAPER if on else (Tone.HOVER if self.underMouse() else None)
            ring = Tone.ACCENT if self.hasFocus() else None
            paint.draw_box(painter, pill, ground=ground, border=ring, width=m.ring)
            if on:
                high = m.icon
                mark = QRect(0, (self.height() - high) // 2, m.rail_mark, high)
                painter.fillRect(mark, theme.colour(Tone.ACCENT))
            tone = Tone.ACCENT if on else Tone.INK2
            ink = Tone.INK if on else Tone.INK2
            if self._narrow:
                icon = QRect(0, m.s4, self.width(), m.icon)
                words = QRect(0, icon.bottom(), self.width(), self.height() - icon.bottom() - m.s2)
                paint.draw_icon(painter, self.spec.icon, icon, tone, size=m.icon, filled=on)
                font = theme.font(Type.CAPTION, bold=on)
                paint.draw_text(painter, words, self.text(), font, ink, align=paint.CENTRE, where="rail")
            else:
                icon = QRect(m.rail_icon_at, 0, m.icon, self.height())
                words = QRect(m.rail_text_at, 0, self.width() - m.rail_text_at - m.s16, self.height())
                paint.draw_icon(painter, self.spec.icon, icon, tone, size=m.icon, filled=on)
                paint.draw_text(
                    painter, words, self.text(), theme.font(Type.BODY, bold=on), ink, where="rail"
                )
            if self._count:
                self._paint_count(painter)

    def _paint_count(self, painter: QPainter) -> None:
        m = theme.metrics()
        words = str(self._count)
        if not self._narrow:
            font = theme.font(Type.BODY, bold=True)
            room = QRect(0, 0, self.width() - m.s16 - m.s4, self.height())
            paint.draw_text(painter, room, words, font, Tone.RED, align=paint.RIGHT, where="rail")
            return
        font = theme.font(Type.CAPTION, bold=True)
        width = max(paint.text_width(words, font) + m.s8, m.icon_small)
        badge = QRect(self.width() // 2 + m.s4, m.s2, width, m.icon_small)
        paint.draw_box(painter, badge, ground=Tone.RED, border=None, radius=m.icon_small // 2)
        paint.draw_text(painter, badge, words, font, Tone.WHITE, align=paint.CENTRE, where="rail")


class Rail(Ground):
    """All rail items; `chosen(name)` when one is pressed. For Tab it is one stop, arrows go from item to item."""

    chosen = Signal(str)

    def __init__(self, specs: Sequence[PageSpec]) -> None:
        super().__init__("sunk")
        m = theme.metrics()
        self.items: dict[str, RailItem] = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(0, m.s8, 0, m.s8)
        box.setSpacing(0)
        top = [s for s in specs if not s.at_foot and not s.parent]
        foot = [s for s in specs if s.at_foot and not s.parent]
        for place, spec in enumerate([*top, *foot]):
            if place == len(top):
                box.addStretch(1)
            item = RailItem(spec, f"Ctrl+{place + 1}")
            item.clicked.connect(partial(self._pressed, spec.name))
            item.stepped.connect(partial(self._step, item))
            self.items[spec.name] = item
            box.addWidget(item)
        if not foot:
            box.addStretch(1)
        self.set_narrow(False)
        self.set_current("")

    def _step(self, item: RailItem, by: int) -> None:
        items = list(self.items.values())
        place = items.index(item) + by
        if 0 <= place < len(items):
            items[place].setFocus(Qt.FocusReason.TabFocusReason)

    def _pressed(self, name: str, _checked: bool = False) -> None:
        self.chosen.emit(name)

    @property
    def order(self) -> list[str]:
        """Names in the order of Ctrl+1 … 9."""
        return list(self.items)

    def set_current(self, name: str) -> None:
        stop = name if name in self.items else next(iter(self.items), "")
        for other, item in self.items.items():
            item.setChecked(other == name)
            # Every page is walked round by Tab: nine stops on each round would be for nothing.
            policy = Qt.FocusPolicy.StrongFocus if other == stop else Qt.FocusPolicy.ClickFocus
            item.setFocusPolicy(policy)

    def set_narrow(self, narrow: bool) -> None:
        m = theme.metrics()
        self.setFixedWidth(m.rail_narrow if narrow else m.rail)
        for item in self.items.values():
            item.set_narrow(narrow)
