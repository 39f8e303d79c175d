"""Questions: 496 wide, verbs, the safe one first, focused and on Esc."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Protocol, cast, runtime_checkable

from msgspec import Struct
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from ui import theme
from ui.theme import Tone, Type
from ui.widgets.button import Button, Kind
from ui.widgets.layout import column
from ui.widgets.text import Link, Text


class Verb(Struct, frozen=True):
    """A button of a question. The first one given is the safe one."""

    key: str
    words: str
    kind: Kind = Kind.PLAIN


@runtime_checkable
class HelpGiver(Protocol):
    """A window that answers F1 for the panels over it."""

    def open_help(self, asking: QWidget | None = None) -> None:
        """Open help about `asking`, else about what the window shows."""


class Panel(QDialog):
    """A dialog's ground: paper, 496 wide (or `wide`), a head, `panel.box` for content, verbs at the foot.

    `chosen(key)` tells the verb; Esc and closing choose the safe (first) one. The keyboard begins on that, with
    `focus_content` in the first field, or in `begins_in`, where something to be read first stands above the fields.
    """

    chosen = Signal(str)

    def __init__(
        self,
        parent: QWidget | None,
        head: str,
        verbs: Sequence[Verb],
        *,
        width: int | None = None,
        focus_content: bool = False,
    ) -> None:
        super().__init__(parent)
        if parent is None:
            theme.dress(self)
        m = theme.metrics()
        self.setModal(True)
        self.setWindowTitle("守望")
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, on=False)
        self.setProperty("ground", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._focus_content = focus_content
        self.begins_in: QWidget | None = None
        self.safe = verbs[0].key
        self._answered = False
        self.head = Text(head, Type.SECTION, wrap=True)
        self.box = QVBoxLayout()
        self.box.setSpacing(m.s4)
        self._verbs = QHBoxLayout()
        self._verbs.setSpacing(m.s8)
        self._verbs.addStretch(1)
        self.buttons: dict[str, Button] = {}
        for verb in verbs:
            button = Button(verb.words, partial(self.answer, verb.key), kind=verb.kind)
            button.setAutoDefault(False)
            self.buttons[verb.key] = button
            self._verbs.addWidget(button)
        margin = m.s24
        outer = column(self.head, m.s12, self.box, m.s24, self._verbs, margins=(margin,) * 4)
        self.setLayout(outer)
        self.setFixedWidth(width or m.dialog)
        QShortcut(QKeySequence("F1"), self).activated.connect(self._ask_help)

    def _ask_help(self) -> None:
        """F1 here is for the window behind: the keys of a window sleep while a panel is over it."""
        behind = self.parentWidget()
        while behind is not None and not isinstance(behind, HelpGiver):
            behind = behind.parentWidget()
        if isinstance(behind, HelpGiver):
            behind.open_help(self)

    def answer(self, key: str) -> None:
        """Close with this verb."""
        if self._answered:
            return
        self._answered = True
        self.chosen.emit(key)
        self.done(int(QDialog.DialogCode.Accepted))

    @override
    def reject(self) -> None:
        self.answer(self.safe)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)

    def fit(self) -> None:
        """As high as what stands in it; done by itself when it opens and whenever that changes while it is open."""
        layout = self.layout()
        if layout is None:
            return
        self.head.balance(self.width() - 2 * theme.metrics().s24)
        layout.activate()
        # Wrapped lines know their height only for a width, which QDialog does not ask. A picture alone has one height
        # for every width, which Qt answers with -1.
        high = layout.totalHeightForWidth(self.width())
        self.setFixedHeight(high if high > 0 else layout.totalSizeHint().height())

    @override
    def event(self, event: QEvent) -> bool:
        answer = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self.fit()
        return answer

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit()
        # After the last field comes what she was about to do; the safe verb keeps Esc.
        filled_first = sorted(self.buttons.values(), key=lambda button: not button.is_filled())
        buttons: list[QWidget] = list(filled_first if self._focus_content else self.buttons.values())
        everything = cast("list[QWidget]", self.findChildren(QWidget))
        mine = [w for w in everything if w not in buttons and w.window() is self]
        content = [w for w in mine if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
        for before, after in pairwise([*content, *buttons]):
            QWidget.setTabOrder(before, after)
        # A link above the fields only shows what was chosen, or offers what was left: the first field is what is asked for.
        asked = [w for w in content if not isinstance(w, Link)] or content
        first = asked[0] if self._focus_content and asked else self.buttons[self.safe]
        (self.begins_in or first).setFocus(Qt.FocusReason.OtherFocusReason)


class AskDialog(Panel):
    """A question with what goes with it, counted: `lines` (the first in ink, the rest in ink2)."""

    def __init__(
        self, parent: QWidget | None, question: str, lines: Sequence[str], verbs: Sequence[Verb]
    ) -> None:
        super().__init__(parent, question, verbs)
        for place, line in enumerate(lines):
            self.box.addWidget(Text(line, tone=Tone.INK2 if place else Tone.INK, wrap=True))


class ThreePartDialog(Panel):
    """发生了什么 / 什么是安全的 / 现在怎么办, for faults; an empty part is left out."""

    def __init__(
        self,
        parent: QWidget | None,
        head: str,
        parts: tuple[str, str, str],
        verbs: Sequence[Verb] = (Verb("ok", "知道了"),),
    ) -> None:
        super().__init__(parent, head, verbs)
        m = theme.metrics()
        for title, words in zip(THREE_HEADS, parts, strict=True):
            if words:
                self.box.addWidget(Text(title, bold=True))
                self.box.addWidget(Text(words, tone=Tone.INK2, wrap=True, selectable=True))
                self.box.addSpacing(m.s8)


THREE_HEADS = ("发生了什么", "什么是安全的", "现在怎么办")

__all__ = ["THREE_HEADS", "AskDialog", "Panel", "ThreePartDialog", "Verb"]
