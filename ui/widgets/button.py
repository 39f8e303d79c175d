"""Buttons that paint themselves, so that rings and pressed states move no neighbour."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy
from typing_extensions import override

from ui import theme
from ui.theme import Tone, Type
from ui.widgets import paint
from ui.widgets.text import call_without_arguments


class Kind(StrEnum):
    """What a button looks like: one FILLED per view; DANGER is red text and border, never filled."""

    PLAIN = "plain"
    FILLED = "filled"
    DANGER = "danger"
    BARE = "bare"


class Button(QPushButton):
    """A verb. `Button("打印档案", self.print, icon="print")`.

    `kind=Kind.FILLED` for the next likely act of the view, `DANGER` for removal, `BARE` for a borderless
    arrow beside words. With `menu` it opens a menu and shows ⌄. `note` is a grey word after the verb
    (Enter). `active` (set_active) tints it like a chosen option. `icon_after`: the icon stands behind the words, as an
    arrow that points onwards does.
    """

    def __init__(
        self,
        text: str,
        on_click: Callable[[], object] | None = None,
        *,
        icon: str = "",
        kind: Kind = Kind.PLAIN,
        menu: QMenu | None = None,
        note: str = "",
        tool_tip: str = "",
        small: bool = False,
        icon_after: bool = False,
    ) -> None:
        super().__init__(text)
        self._icon = icon
        self._icon_after = icon_after
        self._kind = kind
        self._note = note
        self._small = small
        self._active = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setToolTip(tool_tip)
        if tool_tip and not text:
            self.setAccessibleName(tool_tip)
        if menu is not None:
            self.setMenu(menu)
        if on_click is not None:
            self.clicked.connect(call_without_arguments(on_click))

    def set_kind(self, kind: Kind) -> None:
        """Change what it looks like (the filled one moves with the next likely act)."""
        self._kind = kind
        self.updateGeometry()
        self.update()

    def is_filled(self) -> bool:
        """True for the one filled button of a view."""
        return self._kind is Kind.FILLED

    def set_active(self, active: bool) -> None:
        """Tint it as the chosen one of several."""
        self._active = active
        self.update()

    def set_text(self, text: str) -> None:
        """Change the words."""
        self.setText(text)
        self.updateGeometry()

    def _text_font(self) -> QFont:
        return theme.font(Type.BODY, bold=self._kind is Kind.FILLED)

    @override
    def sizeHint(self) -> QSize:
        m = theme.metrics()
        pad = m.chip_pad if self._small or not self.text() else m.button_pad
        width = 2 * pad + paint.text_width(self.text(), self._text_font())
        if self._icon:
            width += m.icon_small + (m.icon_gap if self.text() else 0)
        if self._note:
            width += m.s12 + paint.text_width(self._note, self._text_font())
        if self.menu() is not None:
            width += m.icon_small + m.s4
        return QSize(width, m.chip if self._small else m.button)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # Ctrl+Enter is the form's own and saves: on the verb that gives up it must not give up
        else:
            self.click() if self.menu() is None else self.showMenu()

    def _colours(self) -> tuple[Tone | None, Tone | None, Tone]:
        """Ground, border, text for the present state."""
        hover = self.underMouse()
        if not self.isEnabled() and self._kind is Kind.BARE:
            return None, None, Tone.DISABLED
        if not self.isEnabled():
            return Tone.DESK, Tone.LINE, Tone.DISABLED
        if self._kind is Kind.FILLED:
            ground = Tone.ACCENT_DARK if self.isDown() or hover else Tone.ACCENT
            return ground, None, Tone.WHITE
        if self._kind is Kind.BARE:
            return (Tone.HOVER if hover else None), None, Tone.ACCENT
        text = Tone.RED if self._kind is Kind.DANGER else Tone.INK
        if self.isDown():
            return Tone.ACCENT_DARK, Tone.ACCENT_DARK, Tone.WHITE
        if self._active:
            return Tone.SELECT, Tone.ACCENT, Tone.ACCENT_DARK
        edge = Tone.RED if self._kind is Kind.DANGER else (Tone.FIELD if hover else Tone.EDGE)
        return (Tone.HOVER if hover else Tone.PAPER), edge, text

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        m = theme.metrics()
        with QPainter(self) as painter:
            ground, border, ink = self._colours()
            focused = self.hasFocus()
            if focused and self._kind is not Kind.FILLED:
                paint.draw_box(painter, self.rect(), ground=ground, border=Tone.ACCENT, width=m.ring)
            else:
                paint.draw_box(painter, self.rect(), ground=ground, border=border)
            if focused and self._kind is Kind.FILLED:
                inner = self.rect().adjusted(m.s2, m.s2, -m.s2, -m.s2)
                paint.draw_box(
                    painter, inner, ground=None, border=Tone.PAPER, width=m.ring, radius=m.radius_tag
                )
            self._paint_words(painter, ink)

    def _paint_words(self, painter: QPainter, ink: Tone) -> None:
        m = theme.metrics()
        font = self._text_font()
        needed = self.sizeHint().width()
        pad = m.chip_pad if self._small or not self.text() else m.button_pad
        left = max((self.width() - needed) // 2, 0) + pad
        right = self.width() - pad
        if self._icon:
            tone = (
                ink
                if self._kind is Kind.FILLED or ink in (Tone.RED, Tone.DISABLED, Tone.WHITE)
                else Tone.INK2
            )
            if self._kind is Kind.BARE:
                tone = Tone.ACCENT if self.isEnabled() else Tone.DISABLED
            at = right - m.icon_small if self._icon_after else left
            paint.draw_icon(painter, self._icon, QRect(at, 0, m.icon_small, self.height()), tone)
            if self._icon_after:
                right -= m.icon_small + m.icon_gap
            else:
                left += m.icon_small + m.icon_gap
        if self.menu() is not None:
            spot = QRect(right - m.icon_small, 0, m.icon_small, self.height())
            paint.draw_icon(painter, "chevron_down", spot, ink if self._kind is Kind.FILLED else Tone.INK2)
            right -= m.icon_small + m.s4
        if self.text():
            room = QRect(left, 0, max(right - left, 0), self.height())
            if self._note:
                room.setWidth(paint.text_width(self.text(), font))
            left += paint.draw_text(painter, room, self.text(), font, ink, where="button")
        if self._note:
            room = QRect(left + m.s12, 0, right - left - m.s12, self.height())
            paint.draw_text(painter, room, self._note, font, ink, where="button")
