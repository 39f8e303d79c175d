"""Filter chips, the saved-view chip and segments."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from ui import theme
from ui.theme import Tone, Type
from ui.widgets import paint
from ui.widgets.menu import Menu


class FilterChip(QAbstractButton):
    """One condition. Off: edge and ⌄, a press opens the menu. On: 「留守：双亲 ✕」, ✕ or Delete clears it.

    `neutral` is said while it is off (「负责人：全部」), for a condition that is not plain from its name alone.
    `build_menu(menu)` fills the menu each time it opens. The page calls `set_choice("双亲")` when the
    condition is set and listens to `cleared`.
    """

    cleared = Signal()

    def __init__(
        self, name: str, build_menu: Callable[[Menu], None], *, icon: str = "", neutral: str = ""
    ) -> None:
        super().__init__()
        self._name = name
        self._neutral = neutral
        self._build = build_menu
        self._icon = icon
        self._choice = ""
        self.set_choice("")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._open)

    @property
    def choice(self) -> str:
        """The words of the condition, empty when off."""
        return self._choice

    def set_choice(self, words: str) -> None:
        """Turn it on with these words, or off with an empty text."""
        self._choice = words
        shown = words or self._neutral
        self.setText(f"{self._name}：{shown}" if shown else self._name)
        self.updateGeometry()
        self.update()

    def _open(self) -> None:
        menu = Menu(self)
        self._build(menu)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + theme.metrics().s2)))

    def _clear(self) -> None:
        self.set_choice("")
        self.cleared.emit()

    def _font(self) -> QFont:
        return theme.font(Type.SMALL)

    @override
    def sizeHint(self) -> QSize:
        m = theme.metrics()
        width = 2 * m.chip_pad + paint.text_width(self.text(), self._font()) + m.s4 + m.icon_small
        if self._icon:
            width += m.icon_small + m.s4
        return QSize(width, m.chip)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _mark(self) -> QRect:
        m = theme.metrics()
        return QRect(self.width() - m.chip_pad - m.icon_small, 0, m.icon_small, self.height())

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._choice and self._mark().adjusted(-2, 0, 2, 0).contains(event.position().toPoint()):
            self.setDown(False)
            self._clear()
            return
        super().mouseReleaseEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self._open()
        elif self._choice and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._clear()
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        m = theme.metrics()
        with QPainter(self) as painter:
            on = bool(self._choice)
            hover = self.underMouse()
            ground = Tone.SELECT if on else (Tone.HOVER if hover else Tone.PAPER)
            border = Tone.ACCENT if on else (Tone.FIELD if hover else Tone.EDGE)
            ring = m.ring if self.hasFocus() else 1
            paint.draw_box(
                painter,
                self.rect(),
                ground=ground,
                border=Tone.ACCENT if self.hasFocus() else border,
                width=ring,
            )
            ink = Tone.ACCENT_DARK if on else Tone.INK2
            left = m.chip_pad
            if self._icon:
                paint.draw_icon(painter, self._icon, QRect(left, 0, m.icon_small, self.height()), ink)
                left += m.icon_small + m.s4
            mark = self._mark()
            room = QRect(left, 0, mark.left() - m.s4 - left, self.height())
            paint.draw_text(painter, room, self.text(), self._font(), ink if on else Tone.INK, where="chip")
            paint.draw_icon(painter, "dismiss" if on else "chevron_down", mark, ink)


class ViewChip(QAbstractButton):
    """The saved view at the left of the filter bar: bold on select tint, ⌄, opens its menu."""

    def __init__(self, text: str, build_menu: Callable[[Menu], None]) -> None:
        super().__init__()
        self.setText(text)
        self._build = build_menu
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._open)

    def set_text(self, text: str) -> None:
        """Change the words (全部在册 118)."""
        self.setText(text)
        self.updateGeometry()
        self.update()

    def _open(self) -> None:
        menu = Menu(self)
        self._build(menu)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + theme.metrics().s2)))

    @override
    def sizeHint(self) -> QSize:
        m = theme.metrics()
        words = paint.text_width(self.text(), theme.font(Type.BODY, bold=True))
        return QSize(2 * m.s16 + words + m.s4 + m.icon_small, m.button)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self._open()
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        m = theme.metrics()
        with QPainter(self) as painter:
            border = Tone.ACCENT if self.hasFocus() else None
            paint.draw_box(painter, self.rect(), ground=Tone.SELECT, border=border, width=m.ring)
            mark = QRect(self.width() - m.s16 - m.icon_small + m.s4, 0, m.icon_small, self.height())
            room = QRect(m.s16, 0, mark.left() - m.s4 - m.s16, self.height())
            font = theme.font(Type.BODY, bold=True)
            paint.draw_text(painter, room, self.text(), font, Tone.ACCENT_DARK, where="view")
            paint.draw_icon(painter, "chevron_down", mark, Tone.ACCENT_DARK)


class _Segment(QAbstractButton):
    def __init__(self, text: str, *, bordered: bool) -> None:
        super().__init__()
        self._bordered = bordered
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        m = theme.metrics()
        bold = theme.font(Type.BODY, bold=True)
        pad = m.chip_pad if self._bordered else m.s12
        return QSize(paint.text_width(self.text(), bold) + 2 * pad, m.chip if self._bordered else m.button)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        m = theme.metrics()
        with QPainter(self) as painter:
            on = self.isChecked()
            parent = self.parentWidget()
            ring = on and parent is not None and parent.hasFocus()
            ground = Tone.SELECT if on else (Tone.HOVER if self.underMouse() else None)
            border: Tone | None = None
            if self._bordered:
                border = Tone.ACCENT if on else Tone.EDGE
            if ring:
                border = Tone.ACCENT
            paint.draw_box(painter, self.rect(), ground=ground, border=border, width=m.ring if ring else 1)
            font = theme.font(Type.SMALL if self._bordered else Type.BODY, bold=on and not self._bordered)
            tone = Tone.ACCENT_DARK if on else Tone.INK2
            paint.draw_text(
                painter, self.rect(), self.text(), font, tone, align=paint.CENTRE, where="segment"
            )


class Segments(QWidget):
    """Switches between kinds (全部 120 / 待处理 6). ←→ moves, `changed(key)` tells.

    `bordered=True` draws them as chips (整页 / 页宽).
    """

    changed = Signal(str)

    def __init__(
        self, items: Sequence[tuple[str, str]], *, bordered: bool = False, gap: int | None = None
    ) -> None:
        super().__init__()
        self._bordered = bordered
        self._box = QHBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        m = theme.metrics()
        self._box.setSpacing(gap if gap is not None else (m.s8 if bordered else m.s4))
        self._keys: list[str] = []
        self._buttons: list[_Segment] = []
        # Not read off the buttons: Qt has ticked the pressed one before it tells of the press, the old one still is.
        self._current = items[0][0] if items else ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        for key, words in items:
            self._add(key, words)
        if self._keys:
            self._buttons[0].setChecked(True)
        self.setAccessibleName("看哪一部分")
        self._say_current()

    def _say_current(self) -> None:
        """For whoever hears the page: which of how many is chosen."""
        chosen = next((button.text() for button in self._buttons if button.isChecked()), "")
        self.setAccessibleDescription(
            f"{chosen}，左右键换：{'、'.join(button.text() for button in self._buttons)}"
        )

    def _add(self, key: str, words: str) -> None:
        button = _Segment(words, bordered=self._bordered)
        self._keys.append(key)
        self._buttons.append(button)
        self._box.addWidget(button)
        button.clicked.connect(self._clicked)

    def _clicked(self, _checked: bool = False) -> None:
        sender = self.sender()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        for key, button in zip(self._keys, self._buttons, strict=True):
            if button is sender:
                self._choose(key, tell=True)

    @property
    def current(self) -> str:
        """Key of the chosen one; empty while none is."""
        return self._current

    def set_current(self, key: str) -> None:
        """Choose without telling."""
        self._choose(key, tell=False)

    def set_words(self, key: str, words: str) -> None:
        """Change one caption (the count in it)."""
        button = self._buttons[self._keys.index(key)]
        button.setText(words)
        button.updateGeometry()
        button.update()

    def _choose(self, key: str, *, tell: bool) -> None:
        changed = key != self._current
        self._current = key if key in self._keys else ""
        for other, button in zip(self._keys, self._buttons, strict=True):
            button.setChecked(other == key)
            button.update()
        self._say_current()
        if tell and changed:
            self.changed.emit(key)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not self._keys:
            super().keyPressEvent(event)
            return
        place = (self._keys.index(self._current) if self._current else -1) + step
        if 0 <= place < len(self._keys):
            self._choose(self._keys[place], tell=True)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._repaint_buttons()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._repaint_buttons()

    def _repaint_buttons(self) -> None:
        for button in self._buttons:
            button.update()
