"""The 56 high head of a page: way back, title, one grey fact, search, at most three buttons."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from ui import theme
from ui.theme import Tone, Type
from ui.widgets import paint
from ui.widgets.button import Button
from ui.widgets.menu import Menu
from ui.widgets.search import SearchField
from ui.widgets.text import Link, Text


class _Fact(Text):
    """Gives way by whole facts: of several versions the first that fits is shown, the longest as the tool tip."""

    def __init__(self) -> None:
        super().__init__("", tone=Tone.INK2, elide=True)
        self._versions: tuple[str, ...] = ("",)

    def set_versions(self, versions: tuple[str, ...]) -> None:
        """The same said longest first."""
        self._versions = versions
        self._choose()
        self.updateGeometry()

    def _choose(self) -> None:
        room = self.contentsRect().width()
        fits = (one for one in self._versions if paint.text_width(one, self.font()) <= room)
        self.setText(next(fits, self._versions[-1]))

    @override
    def sizeHint(self) -> QSize:
        """The room of the longest, whichever is shown: a shorter one does not keep its place small."""
        hint = super().sizeHint()
        hint.setWidth(paint.text_width(self._versions[0], self.font()) + 1)
        return hint

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose()


class PageHeader(QWidget):
    """A page fills it once: `header.set_fact("在册 118 名儿童")`, `header.add_search(hint)`,
    `header.add(Button(…))` — the filled one last. In a narrow window plain buttons fold into 更多.
    """

    back_pressed = Signal()

    def __init__(self, title: str, *, back: str = "") -> None:
        super().__init__()
        m = theme.metrics()
        self.setFixedHeight(m.header)
        self.search: SearchField | None = None
        self._buttons: list[Button] = []
        self._withheld: set[Button] = set()
        self._narrow = False
        self._home = back
        self.back = Link(back, self.back_pressed.emit, icon="chevron_left")
        self.back.setToolTip("回去（Alt+←）")
        if not back:
            self.back.hide()
        self._title = Text(title, Type.TITLE)
        self._fact = _Fact()
        self._fact.hide()
        self._more = Button("更多", menu=Menu(self))
        self._more.menu().aboutToShow.connect(self._fill_more)
        self._more.hide()
        self._box = QHBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(m.s8)
        if back:
            self._box.addWidget(self.back)
            self._box.addSpacing(m.s12)
        self._box.addWidget(self._title)
        self._box.addSpacing(m.s4)
        self._box.addWidget(self._fact, 1)
        self._box.addStretch(0)
        self._tail = QHBoxLayout()
        self._tail.setSpacing(m.s8)
        self._box.addLayout(self._tail)

    def name_way_back(self, words: str) -> None:
        """Where the way back leads this time; "" where it leads to the page this one belongs to."""
        if self._home:
            self.back.setText(words or self._home)

    def set_title(self, words: str) -> None:
        self._title.setText(words)

    @property
    def fact(self) -> str:
        """The words beside the title, as many as there is room for."""
        return self._fact.text()

    def set_fact(self, words: str, *shorter: str) -> None:
        """The one grey fact beside the title; where it has no room, the first of `shorter` that has."""
        self._fact.set_versions((words, *shorter))
        self._fact.setVisible(bool(words))

    def add_search(self, hint: str, *, wait: int = 0) -> SearchField:
        """The search field of the page (Ctrl+F)."""
        self.search = SearchField(hint, wait=wait)
        self._tail.addWidget(self.search)
        self._tail.addSpacing(theme.metrics().s8)
        return self.search

    def add(self, widget: QWidget) -> None:
        """A button or a small control (steps, a pager), from left to right; a filled button stays the last one."""
        last = self._buttons[-1] if self._buttons else None
        before = self._tail.indexOf(last) if last is not None and last.is_filled() else -1
        if isinstance(widget, Button):
            place = len(self._buttons) if before < 0 else len(self._buttons) - 1
            self._buttons.insert(place, widget)
        self._tail.insertWidget(before, widget)

    def offer(self, button: Button, offered: bool) -> None:
        """Show a button, or keep it away while another part of the page is in front; also out of 更多."""
        (self._withheld.discard if offered else self._withheld.add)(button)
        if button.is_filled():
            button.setVisible(offered)
        self._fold()

    def set_narrow(self, narrow: bool) -> None:
        """Fold plain buttons into 更多, make the search a little smaller."""
        m = theme.metrics()
        self._narrow = narrow
        if self.search is not None:
            self.search.setFixedWidth(m.search_narrow if narrow else m.search)
        self._fold()

    def _fold(self) -> None:
        plain = [button for button in self._buttons if not button.is_filled()]
        shown = [button for button in plain if button not in self._withheld]
        fold = self._narrow and len(shown) > 1
        if self._more.parentWidget() is None and plain:
            self._tail.insertWidget(self._tail.indexOf(plain[0]), self._more)
        for button in plain:
            button.setVisible(button in shown and not fold)
        if plain:
            self._more.setVisible(fold)

    def _fill_more(self) -> None:
        """The folded buttons as they are now: which of them can be pressed changes with the page."""
        menu = self._more.menu()
        menu.clear()
        for button in self._buttons:
            if button.is_filled() or button in self._withheld:
                continue
            action = menu.addAction(button.text())
            action.setEnabled(button.isEnabled())
            action.triggered.connect(partial(_press, button))


def _press(button: Button, _checked: bool = False) -> None:
    button.click()
