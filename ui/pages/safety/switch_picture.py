"""What the write-protection switch of a stick or card looks like, and which way it goes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui import theme
from ui.theme import Tone, Type
from ui.widgets import Text
from ui.widgets.layout import column, row

# The drawing's own units: a stick lying on its side, its plug to the left.
_WIDTH, _HEIGHT = 168.0, 72.0
_PLUG = QRectF(4, 20, 34, 32)
_CONTACTS = (QRectF(12, 26, 8, 6), QRectF(12, 40, 8, 6))
_BODY = QRectF(38, 10, 126, 52)
_SLOT = QRectF(84, 26, 52, 16)
_KNOB = QRectF(86, 28, 18, 12)
_ARROW_FROM, _ARROW_TO = QPointF(108, 34), QPointF(128, 34)
_LOCKED_AT, _FREE_AT = QPointF(95, 52), QPointF(127, 52)


class _Drawing(QWidget):
    """The stick with the switch on the locked side and an arrow to the other."""

    def __init__(self) -> None:
        super().__init__()
        m = theme.metrics()
        height = m.row * 2
        self.setFixedSize(round(height * _WIDTH / _HEIGHT), height)
        self.setAccessibleName("优盘侧面的写保护开关，从「锁」拨到「写」")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            scale = self.height() / _HEIGHT
            painter.scale(scale, scale)
            ink, ochre = theme.colour(Tone.INK2), theme.colour(Tone.OCHRE)
            painter.setPen(QPen(ink, 1.5))
            painter.setBrush(theme.colour(Tone.PAPER))
            painter.drawRect(_PLUG)
            painter.drawRoundedRect(_BODY, 6, 6)
            painter.drawRoundedRect(_SLOT, 3, 3)
            painter.setBrush(ink)
            for contact in _CONTACTS:
                painter.drawRect(contact)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ochre)
            painter.drawRoundedRect(_KNOB, 2, 2)
            painter.setPen(QPen(ochre, 2.0))
            painter.drawLine(_ARROW_FROM, _ARROW_TO)
            tip = [_ARROW_TO, _ARROW_TO + QPointF(-6, -4), _ARROW_TO + QPointF(-6, 4)]
            painter.drawPolygon(QPolygonF(tip))
            font = painter.font()
            font.setPixelSize(13)
            painter.setFont(font)
            painter.setPen(ink)
            for place, words in ((_LOCKED_AT, "锁"), (_FREE_AT, "写")):
                box = QRectF(0, 0, 24, 14)
                box.moveCenter(place)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


class SwitchPicture(QWidget):
    """The drawing with one line of words. Hidden until a stick is write-protected."""

    def __init__(self) -> None:
        super().__init__()
        m = theme.metrics()
        words = Text(
            "小开关在优盘或读卡器的侧面：拔下来，拨到能写的一边（离开「LOCK」「锁」），再插上。没有开关的，换一个优盘。",
            Type.SMALL,
            Tone.INK2,
            wrap=True,
        )
        box = row(_Drawing(), column(None, words, None), gap=m.s16, margins=(m.s16, m.s8, m.s16, m.s8))
        box.setStretch(1, 1)
        self.setLayout(box)
        # It takes its own height, the form above all the rest.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()
