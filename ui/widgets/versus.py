"""Two versions of the same thing side by side, one choice per line; the keyboard is enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from app.dossier.merge import Clash, FieldPair, Side
from ui import theme
from ui.theme import Tone, Type
from ui.widgets import paint
from ui.widgets.check import Radio
from ui.widgets.layout import column, empty_out, holder, row
from ui.widgets.surface import Rule
from ui.widgets.text import Text

FIELD, CLASH = "field", "clash"
"""The kinds of line that every pair of rows has: `chosen_of` asks by kind."""


class VersusLine(Struct, frozen=True):
    """One line: (code, words) of both sides, `more` ways below them, and the code that is chosen at first."""

    key: str
    label: str
    left: tuple[str, str]
    right: tuple[str, str]
    chosen: str
    more: tuple[tuple[str, str], ...] = ()


def field_line(pair: FieldPair) -> VersusLine:
    """The line of one field of both rows."""
    more = ((Side.BOTH.value, "两边都写上"),) if pair.may_join else ()
    return VersusLine(
        f"{FIELD}:{pair.column}",
        pair.words,
        (Side.KEEP.value, pair.keep),
        (Side.DROP.value, pair.drop),
        pair.proposed.value,
        more,
    )


def clash_line(clash: Clash) -> VersusLine:
    """The line of dated records about the same time."""
    left, right = ("\n".join(side) for side in (clash.keep, clash.drop))
    return VersusLine(
        f"{CLASH}:{clash.key}",
        clash.words,
        (Side.KEEP.value, left),
        (Side.DROP.value, right),
        clash.proposed.value,
    )


class Versus(QWidget):
    """`show_groups([(head, detail, lines)])`; `chosen` is the code of each line by its key."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.options: dict[str, dict[str, Option]] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)

    @property
    def chosen(self) -> Mapping[str, str]:
        """What stands at each line now."""
        return {
            key: next(code for code, option in options.items() if option.radio.isChecked())
            for key, options in self.options.items()
        }

    def chosen_of(self, kind: str) -> dict[str, str]:
        """What stands at each line of a kind, by the key without its kind."""
        head = f"{kind}:"
        return {key.removeprefix(head): code for key, code in self.chosen.items() if key.startswith(head)}

    def show_groups(self, groups: Sequence[tuple[str, str, Sequence[VersusLine]]]) -> None:
        """Show these lines under their heads; a group without lines is left out."""
        empty_out(self._box)
        self.options = {}
        m = theme.metrics()
        for head, detail, lines in groups:
            if not lines:
                continue
            if self.options:
                self._box.addSpacing(m.s12)
            words = row(Text(head, bold=True), Text(detail, Type.SMALL, Tone.INK2, wrap=True), gap=m.s8)
            words.setStretch(1, 1)
            self._box.addLayout(words)
            self._box.addSpacing(m.s4)
            for line in lines:
                self._box.addWidget(Rule())
                self._box.addWidget(self._line(line))
        self._box.addStretch(1)

    def _line(self, line: VersusLine) -> QWidget:
        m = theme.metrics()
        label = Text(line.label, tone=Tone.INK2, wrap=True)
        label.setFixedWidth(m.value_at)
        label.setMinimumHeight(m.row)
        group = QButtonGroup(self)
        options = {code: Option(words, line.label) for code, words in (line.left, line.right, *line.more)}
        for code, option in options.items():
            group.addButton(option.radio)
            option.radio.setChecked(code == line.chosen)
            option.radio.toggled.connect(partial(self._toggled))
        self.options[line.key] = options
        sides = row(options[line.left[0]], options[line.right[0]], gap=m.s16)
        sides.setStretch(0, 1)
        sides.setStretch(1, 1)
        more = [options[code] for code, _ in line.more]
        choices = column(sides, row(*more, None, gap=m.s16) if more else 0)
        box = QHBoxLayout()
        box.setContentsMargins(0, m.s2, 0, m.s2)
        box.setSpacing(m.s8)
        box.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(choices, 1)
        return holder(box)

    def _toggled(self, on: bool) -> None:
        if on:
            self.changed.emit()


class Option(QWidget):
    """A radio button whose words may take several lines; a press on the words chooses it."""

    def __init__(self, words: str, of: str) -> None:
        super().__init__()
        m = theme.metrics()
        self.radio = Radio("")
        self.radio.setAccessibleName(f"{of}：{words}")
        self.radio.installEventFilter(self)
        self.words = Text(words, wrap=True)
        self.words.setMinimumHeight(m.row)
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(m.s4)
        box.addWidget(self.radio, 0, Qt.AlignmentFlag.AlignTop)
        box.addWidget(self.words, 1)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """The ring of the radio button goes round its words, as with every other."""
        del event
        if not self.radio.hasFocus():
            return
        m = theme.metrics()
        wide = min(self.words.sizeHint().width(), self.words.width()) + m.s4
        with QPainter(self) as painter:
            paint.draw_ring(painter, QRect(self.words.x() - m.s4, 0, m.s4 + wide, self.height()))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.radio.setChecked(True)
            self.radio.setFocus(Qt.FocusReason.MouseFocusReason)
