"""登记与变化: the right column until there is a diary."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from ui import theme
from ui.pages.child.events import Event
from ui.theme import Tone, Type, line_height
from ui.widgets import EmptyState, Rule, Scroll, Sheet, Text, column, empty_out, holder, paint, row

_MONTH = 7


class Timeline(Sheet):
    """Month heads, then date, mark and words. The column itself takes the keyboard to scroll."""

    def __init__(self) -> None:
        super().__init__()
        m = theme.metrics()
        self._count = Text("", Type.SMALL, Tone.INK2)
        head = row(Text("登记与变化", Type.SECTION), m.s8, self._count, None, margins=(m.s16, 0, m.s16, 0))
        top = holder(head)
        top.setFixedHeight(m.filter_bar)
        self._scroll = Lines("登记与变化", margins=(m.s16, 0, m.s16, m.s12))
        self._shown: tuple[Event, ...] | None = None
        self.box.addWidget(top)
        self.box.addWidget(Rule())
        self.box.addWidget(self._scroll, 1)

    @property
    def stop(self) -> QWidget:
        """What takes the keyboard (F4, F6)."""
        return self._scroll

    def show_events(self, events: Sequence[Event]) -> None:
        """Show these; an unchanged list stays where it was scrolled to."""
        shown = tuple(events)
        if shown == self._shown:
            return
        self._shown = shown
        empty_out(self._scroll.box)
        self._count.setText(f"{len(shown)} 条" if shown else "")
        if not shown:
            words = "还没有写明日期的变化。在「情况变了…」里记下的，会按日期排在这里。"
            self._scroll.box.addWidget(EmptyState("", words))
            return
        month = ""
        for event in shown:
            if event.day[:_MONTH] != month:
                month = event.day[:_MONTH]
                head = Text(_month_words(month), Type.SMALL, Tone.INK2, bold=True)
                head.setFixedHeight(theme.metrics().row)
                self._scroll.box.addWidget(head)
            self._scroll.box.addWidget(_Line(event))
        self._scroll.box.addStretch(1)


class Lines(Scroll):
    """The scrolling part: focused, it is moved by ↑↓ and the page keys, with a ring."""

    def __init__(self, name: str, *, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> None:
        super().__init__(margins=margins)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)

    @override
    def focusInEvent(self, arg__1: QFocusEvent) -> None:
        super().focusInEvent(arg__1)
        self.viewport().update()

    @override
    def focusOutEvent(self, arg__1: QFocusEvent) -> None:
        super().focusOutEvent(arg__1)
        self.viewport().update()

    @override
    def paintEvent(self, arg__1: QPaintEvent) -> None:
        super().paintEvent(arg__1)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            rect = self.viewport().rect()
            paint.draw_box(painter, rect, ground=None, border=Tone.ACCENT, width=theme.metrics().ring)


class _Line(QWidget):
    """11-17 · mark · 父亲 福建晋江，鞋厂."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        m = theme.metrics()
        high = line_height(Type.BODY)
        day = Text(event.day[5:] if len(event.day) > _MONTH else "", Type.SMALL, Tone.INK2)
        day.setFixedSize(m.s32 + m.s12, high)
        icon = Text()
        icon.setPixmap(theme.pixmap(event.icon, Tone.INK2))
        icon.setFixedSize(m.icon, high)
        words = column(Text(event.head, bold=True, wrap=True), Text(event.text, wrap=True))
        if event.source:
            words.addWidget(Text(event.source, Type.SMALL, Tone.INK3, wrap=True))
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, m.s8)
        box.setSpacing(m.s8)
        top = Qt.AlignmentFlag.AlignTop
        box.addWidget(day, 0, top)
        box.addWidget(icon, 0, top)
        box.addLayout(words, 1)


def _month_words(month: str) -> str:
    year, _, number = month.partition("-")
    return f"{year} 年 {int(number)} 月" if number else f"{year} 年"
