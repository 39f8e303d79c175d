"""Words on the page: Text, Link, Tag."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractButton, QLabel, QSizePolicy, QWidget
from typing_extensions import override

from ui import theme
from ui.theme import Tone, Type
from ui.theme.tokens import TINT_OF
from ui.widgets import paint


class Text(QLabel):
    """Plain text of one size and tone.

    `wrap` breaks lines, never between a number and its unit; `elide` shortens at the end with the whole text as
    tool tip (the cut check reports it); otherwise the text keeps the room it needs.
    """

    def __init__(
        self,
        text: str = "",
        kind: Type = Type.BODY,
        tone: Tone = Tone.INK,
        *,
        bold: bool | None = None,
        wrap: bool = False,
        elide: bool = False,
        selectable: bool = False,
    ) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._words = ""
        self._elide = elide
        self._is_wrapped = wrap
        self.setFont(theme.font(kind, bold=bold))
        self._tone = tone
        self.set_tone(tone)
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        if selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setText(text)

    @override
    def text(self) -> str:
        """The words as they were given."""
        return self._words

    @override
    def setText(self, words: str) -> None:
        self._words = words
        # Of what can be marked and copied nothing is changed: a search elsewhere would not find it.
        is_marked = self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
        held = self._is_wrapped and not is_marked
        super().setText(paint.held_together(words) if held else words)

    def balance(self, room: int) -> None:
        """Lines of about one length in a width of `room`: no last line of a single character."""
        high = self.heightForWidth(room)
        if high <= self.heightForWidth(2 * room):
            self.setMaximumWidth(room)
            return
        least, most = room // 2, room
        while most - least > 1:
            middle = (least + most) // 2
            least, most = (least, middle) if self.heightForWidth(middle) <= high else (middle, most)
        self.setMaximumWidth(most)

    def set_tone(self, tone: Tone) -> None:
        """Change the colour."""
        self._tone = tone
        self.setPalette(_palette_of(tone))

    @override
    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        if self._elide:
            hint.setWidth(min(hint.width(), theme.metrics().field_small))
        return hint

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._elide:
            super().paintEvent(event)
            return
        with QPainter(self) as painter:
            room = self.contentsRect()
            paint.draw_text(painter, room, self.text(), self.font(), self._tone, where="text")
            self.setToolTip(self.text() if self.sizeHint().width() > room.width() else "")


@cache
def _palette_of(tone: Tone) -> QPalette:
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.WindowText, theme.colour(tone))
    return palette


class Link(QAbstractButton):
    """A verb set as text in the accent colour; reached by Tab, pressed by Enter or Space."""

    def __init__(
        self,
        text: str,
        on_click: Callable[[], object] | None = None,
        *,
        icon: str = "",
        kind: Type = Type.BODY,
        tone: Tone = Tone.ACCENT,
        bold: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setText(text)
        self._icon = icon
        self._kind = kind
        self._font = theme.font(kind, bold=bold)
        self._tone = tone
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if on_click is not None:
            self.clicked.connect(call_without_arguments(on_click))

    def set_icon(self, icon: str) -> None:
        """Another picture before the words."""
        self._icon = icon
        self.update()

    @override
    def sizeHint(self) -> QSize:
        m = theme.metrics()
        width = paint.text_width(self.text(), self._font) + 2 * m.s4
        if self._icon:
            width += m.icon_small + m.s4
        return QSize(width, theme.line_height(self._kind) + 2 * m.s2)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self.update()
        super().leaveEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        m = theme.metrics()
        with QPainter(self) as painter:
            tone = self._tone if self.isEnabled() else Tone.DISABLED
            if self.isDown():
                tone = Tone.ACCENT_DARK
            room = self.rect().adjusted(m.s4, 0, -m.s4, 0)
            if self._icon:
                square = room.adjusted(0, 0, m.icon_small - room.width(), 0)
                paint.draw_icon(painter, self._icon, square, tone)
                room.setLeft(room.left() + m.icon_small + m.s4)
            paint.draw_text(painter, room, self.text(), self._font, tone, where="link")
            if self.underMouse() and self.isEnabled():
                base = room.center().y() + painter.fontMetrics().height() // 2 - 1
                paint.draw_hairline(painter, room.left(), room.right(), base, tone)
            if self.hasFocus():
                paint.draw_ring(painter, self.rect())


_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}


class ListedLink(Link):
    """One of many links that are a single stop of the Tab key: arrows go from one to the next, Home and End to the ends.

    `listed` holds them in their order, the same list for all; each puts itself at its end.
    """

    def __init__(self, text: str, on_click: Callable[[], object], listed: list[ListedLink]) -> None:
        super().__init__(text, on_click)
        self._listed = listed
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus if listed else Qt.FocusPolicy.StrongFocus)
        listed.append(self)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, last = Qt.Key(event.key()), len(self._listed) - 1
        place = self._listed.index(self) + _STEPS.get(key, 0)
        place = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}.get(key, place)
        if key in _STEPS or key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._listed[min(max(place, 0), last)].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        for one in self._listed:  # Tab comes back to where she was
            one.setFocusPolicy(Qt.FocusPolicy.StrongFocus if one is self else Qt.FocusPolicy.ClickFocus)


class Tag(QLabel):
    """A state in a word, on the tint of its tone (待处理, 新增, 补录（12 天）)."""

    def __init__(self, text: str, tone: Tone = Tone.INK2) -> None:
        super().__init__(text)
        self._tone = tone
        self.setFont(theme.font(Type.SMALL))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        m = theme.metrics()
        return QSize(paint.text_width(self.text(), self.font()) + m.s12, m.tag)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        with QPainter(self) as painter:
            ground = TINT_OF.get(self._tone, Tone.SUNK)
            paint.draw_box(
                painter, self.rect(), ground=ground, border=None, radius=theme.metrics().radius_tag
            )
            paint.draw_text(
                painter, self.rect(), self.text(), self.font(), self._tone, align=paint.CENTRE, where="tag"
            )


def call_without_arguments(slot: Callable[[], object]) -> Callable[..., None]:
    """Adapt a function without arguments to `clicked(bool)`, which would hand it False."""

    def called(_checked: bool = False) -> None:
        slot()

    return called
