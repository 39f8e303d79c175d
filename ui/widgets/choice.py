"""A choice out of a list, in the manner of a field."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QStyledItemDelegate, QWidget
from typing_extensions import override

from ui import theme
from ui.theme import Tone, Type
from ui.widgets import paint
from ui.widgets.field import UNKNOWN, is_saving_key

CHOOSE = "还没有选"
"""For `unset`: it is she who has to choose."""


class QuietChoice(QComboBox):
    """`QuietChoice([("1", "男"), ("2", "女")])`; `saved(code)` after a choice of the person.

    `quiet=False` shows the border at rest. With `unknown` a first entry (None) is offered: 未采集, a fact that nobody
    has asked for yet; where it is she who has to choose, `unset` says so.
    The wheel never changes it.
    """

    saved = Signal(object)

    def __init__(
        self,
        options: Sequence[tuple[Hashable, str]],
        *,
        quiet: bool = True,
        unknown: bool = True,
        unset: str = UNKNOWN,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._quiet = quiet
        self._unknown = unknown
        self._unset = unset
        self._listed = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setMaxVisibleItems(12)
        self.set_options(options)
        if not unknown and options:
            self.setCurrentIndex(0)
        self.activated.connect(self._chosen)

    def set_options(self, options: Sequence[tuple[Hashable, str]]) -> None:
        """Offer these (code, words); the present value stays if it is among them."""
        value = self.value
        self._widest = -1
        self.clear()
        if self._unknown:
            self.addItem(self._unset, None)
        for code, words in options:
            self.addItem(words, code)
        self.set_value(value)

    @property
    def value(self) -> Hashable:
        """The code shown; None when unknown."""
        data: Hashable = self.currentData()
        return data

    def set_value(self, code: Hashable) -> None:
        """Show a stored code."""
        for place in range(self.count()):
            if self.itemData(place) == code:
                self.setCurrentIndex(place)
                return
        self.setCurrentIndex(0 if self._unknown else -1)

    def _chosen(self, _place: int) -> None:
        self.saved.emit(self.value)

    @override
    def showPopup(self) -> None:
        """Drop the list, which takes the look of the program's other lists; Qt's own would frame the chosen line."""
        if not self._listed:
            self._listed = True
            self.setItemDelegate(QStyledItemDelegate(self))
        super().showPopup()

    @override
    def sizeHint(self) -> QSize:
        m = theme.metrics()
        if self._widest < 0:
            self._widest = max(
                (paint.text_width(self.itemText(i), self.font()) for i in range(self.count())), default=0
            )
        return QSize(
            self._widest + 2 * m.text_pad + m.icon_small + m.s4, m.quiet_field if self._quiet else m.field
        )

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def wheelEvent(self, e: QWheelEvent) -> None:
        e.ignore()

    @override
    def keyPressEvent(self, e: QKeyEvent) -> None:
        if is_saving_key(e):
            e.ignore()  # the form's own, which stores all of it
        elif e.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_F4):
            self.showPopup()
        else:
            super().keyPressEvent(e)

    @override
    def paintEvent(self, e: QPaintEvent) -> None:
        m = theme.metrics()
        with QPainter(self) as painter:
            hover, focus, on = self.underMouse(), self.hasFocus(), self.isEnabled()
            border: Tone | None = Tone.EDGE if hover else None
            if not self._quiet:
                border = Tone.INK2 if hover else Tone.FIELD
            if focus:
                border = Tone.ACCENT
            ground = None if self._quiet and not (hover or focus) else Tone.PAPER
            if not on:
                ground, border = Tone.DESK, (None if self._quiet else Tone.LINE)
            paint.draw_box(painter, self.rect(), ground=ground, border=border, width=m.ring if focus else 1)
            show_mark = on and (hover or focus or not self._quiet)
            mark = QRect(self.width() - m.text_pad - m.icon_small + m.s4, 0, m.icon_small, self.height())
            right = mark.left() if show_mark else self.width() - m.s4
            room = QRect(m.text_pad, 0, right - m.text_pad, self.height())
            nothing = Tone.OCHRE if self._unset == UNKNOWN else Tone.INK3
            tone = Tone.INK if self.currentData() is not None else nothing
            tone = tone if on else Tone.INK3
            paint.draw_text(painter, room, self.currentText(), theme.font(Type.BODY), tone, where="choice")
            if show_mark:
                paint.draw_icon(painter, "chevron_down", mark)
