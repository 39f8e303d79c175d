"""Tick boxes and radio buttons with the marks of the lists."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton, QSizePolicy
from typing_extensions import override

from ui import theme
from ui.theme import Tone, Type
from ui.widgets import paint


def _hint(button: QAbstractButton) -> QSize:
    m = theme.metrics()
    if not button.text():
        return QSize(m.tick_box + m.s4, m.row)
    words = paint.text_width(button.text(), theme.font(Type.BODY))
    return QSize(m.tick_box + m.s8 + words + m.s8, m.row)


def _paint_words(button: QAbstractButton, painter: QPainter) -> None:
    """The ring goes round the words: the mark itself stands flush with the fields and heads above it.

    One whose words stand beside it in a widget of their own has its ring there (`versus.Option`).
    """
    if not button.text():
        return
    m = theme.metrics()
    left = m.tick_box + m.s8
    room = QRect(left, 0, button.width() - left - m.s4, button.height())
    tone = Tone.INK if button.isEnabled() else Tone.INK3
    paint.draw_text(painter, room, button.text(), theme.font(Type.BODY), tone, where="tick box")
    if button.hasFocus():
        paint.draw_ring(painter, button.rect().adjusted(left - m.s4, 0, 0, 0))


def _goes_on(button: QAbstractButton, event: QKeyEvent) -> bool:
    """Enter goes on to what comes next, as in a field; Space ticks, arrows choose."""
    if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return False
    button.focusNextChild()
    return True


class CheckBox(QCheckBox):
    """A tick box with its words; Space ticks, Enter goes on."""

    def __init__(self, text: str = "", *, checked: bool = False) -> None:
        super().__init__(text)
        self.setChecked(checked)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @override
    def sizeHint(self) -> QSize:
        return _hint(self)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not _goes_on(self, event):
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        m = theme.metrics()
        with QPainter(self) as painter:
            box = QRect(0, 0, m.tick_box, self.height())
            paint.draw_tick_box(
                painter, box, self.checkState(), enabled=self.isEnabled(), hover=self.underMouse()
            )
            _paint_words(self, painter)


class Radio(QRadioButton):
    """One of several choices, with its words; arrows and Space choose, Enter takes this one and goes on."""

    def __init__(self, text: str, *, checked: bool = False) -> None:
        super().__init__(text)
        self.setChecked(checked)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @override
    def sizeHint(self) -> QSize:
        return _hint(self)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.setChecked(True)
        if not _goes_on(self, event):
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        m = theme.metrics()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            circle = QRectF(0, 0, m.tick_box - 1, m.tick_box - 1)
            circle.moveCenter(QPointF(m.tick_box / 2, self.height() / 2))
            on = self.isChecked()
            edge = Tone.ACCENT if on else Tone.FIELD
            painter.setPen(QPen(theme.colour(edge if self.isEnabled() else Tone.EDGE), m.ring if on else 1))
            painter.setBrush(theme.colour(Tone.PAPER if self.isEnabled() else Tone.DESK))
            painter.drawEllipse(circle)
            if on:
                inner = circle.width() / 4
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour(Tone.ACCENT if self.isEnabled() else Tone.DISABLED))
                painter.drawEllipse(circle.center(), inner, inner)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
            _paint_words(self, painter)
