"""Rows of a form: label, field, and below the field the reason when something is not right."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from ui import theme
from ui.theme import Tone, Type, line_height
from ui.widgets.area import QuietArea
from ui.widgets.field import Finding, QuietField, State
from ui.widgets.layout import column, holder, row
from ui.widgets.text import Link, Text

_TONES = {State.NORMAL: Tone.INK2, State.DOUBTFUL: Tone.OCHRE, State.INVALID: Tone.RED}


class _Why(Text):
    """Words in as many lines as they take: what scrolls is given its least height, and that of a label is one line."""

    def __init__(self) -> None:
        super().__init__("", Type.SMALL, Tone.OCHRE, wrap=True)

    @override
    def setText(self, words: str) -> None:
        super().setText(words)
        self._take_room()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._take_room()

    def _take_room(self) -> None:
        line = line_height(Type.SMALL) + theme.metrics().s4
        self.setMinimumHeight(max(line, self.heightForWidth(self.width())))


class Reason(QWidget):
    """The line below a field: mark, reason, and 照存 when it may be kept."""

    def __init__(self, field: QuietField | QuietArea) -> None:
        super().__init__()
        m = theme.metrics()
        self._field = field
        self._icon = Text()
        self._icon.setFixedHeight(_reason_height() - 2 * m.s2)
        self._words = _Why()
        as_is = field.keep_as_is if isinstance(field, QuietField) else None
        self.keep = Link("照存", as_is, kind=Type.SMALL)
        self.keep.setToolTip("原件确实如此：存下，并留标记")
        box = QHBoxLayout(self)
        box.setContentsMargins(0, m.s2, 0, m.s2)
        box.setSpacing(m.icon_gap)
        box.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        box.addWidget(self._words, 1)
        box.addWidget(self.keep, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()
        field.finding_changed.connect(self.show_finding)

    def show_finding(self, finding: Finding | None) -> None:
        """Show what is wrong, or nothing."""
        self.setVisible(finding is not None)
        if finding is None:
            return
        tone = _TONES[finding.state]
        self._icon.setPixmap(theme.pixmap("info" if finding.state is State.NORMAL else "warning", tone))
        self._words.setText(finding.reason)
        self._words.set_tone(tone)
        self.keep.setVisible(finding.state is State.DOUBTFUL and self._field.is_pending)


class FormRow(QWidget):
    """Label at 76 wide, the field at 80; a QuietField or QuietArea brings its reason line along.

    `note` is a grey word behind the field (why it is disabled, what it is computed from).
    """

    def __init__(self, label: str, field: QWidget, *, note: str = "", label_width: int | None = None) -> None:
        super().__init__()
        m = theme.metrics()
        self.field = field
        self.label = Text(label, tone=Tone.INK2)
        self.label.setFixedWidth(label_width or m.value_at)
        self.label.setMinimumHeight(m.quiet_field)  # until the field has its style, and with it its height
        self.label.setBuddy(field)
        field.setAccessibleName(label)
        self._note = Text(note, Type.SMALL, Tone.INK3) if note else None
        self._beside = row(*((field, self._note) if self._note else (field,)), gap=m.s8)
        if field.maximumWidth() < m.form_most:
            self._beside.addStretch(1)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.label, 0, Qt.AlignmentFlag.AlignTop)
        self._below = column(self._beside, None)
        box.addLayout(self._below, 1)
        self._reasons: list[QWidget] = []
        self._keeps_room = False
        if isinstance(field, QuietField | QuietArea):
            self.say_of(field)

    def say_of(self, *fields: QuietField | QuietArea) -> None:
        """The reason line of each stands below the row: for fields side by side in one holder."""
        for field in fields:
            field.finding_changed.connect(partial(self._show_finding, field))
            self._show_finding(field, field.finding)

    def keep_room(self) -> None:
        """Keep the room of one reason line: what stands below is where it was when there is something to be said."""
        self._keeps_room = True

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """The label stands at the height of the field's first line."""
        super().showEvent(event)
        if self._keeps_room:
            self.setMinimumHeight(self.field.sizeHint().height() + _reason_height())
        high = self._first_line()
        if high != self.label.minimumHeight():
            self.label.setMinimumHeight(high)

    def _first_line(self) -> int:
        """How high the field's first line is; boxes in several lines are each as high as a quiet field."""
        m = theme.metrics()
        if isinstance(self.field, QuietArea):
            return self.field.least
        high = self.field.sizeHint().height()
        return high if m.quiet_field <= high <= m.field else m.quiet_field

    def _show_finding(self, field: QuietField | QuietArea, finding: Finding | None) -> None:
        """The reason line is made when there is something to be said for the first time: most fields never need it."""
        if finding is None or field in self._reasons:
            return
        self._reasons.append(field)
        reason = Reason(field)
        self._below.insertWidget(len(self._reasons), reason)
        reason.show_finding(finding)
        QWidget.setTabOrder(field, reason.keep)

    def set_note(self, words: str, tone: Tone = Tone.INK3) -> None:
        """The word behind the field, grey unless it has to be seen; empty hides it."""
        if self._note is None:
            if not words:
                return
            self._note = Text("", Type.SMALL)
            self._beside.insertWidget(1, self._note)
        self._note.set_tone(tone)
        self._note.setText(words)
        self._note.setVisible(bool(words))


def _reason_height() -> int:
    """How high a reason of one line is."""
    m = theme.metrics()
    return line_height(Type.SMALL) + m.s4 + 2 * m.s2


class FormGrid(QWidget):
    """Rows in one or two columns, in paper order: `grid.pair(left, right)`, `grid.full(row)`."""

    def __init__(self, *, gap: int | None = None) -> None:
        super().__init__()
        m = theme.metrics()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(m.s24)
        self._grid.setVerticalSpacing(gap or 0)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)

    def pair(self, left: QWidget, right: QWidget | None = None) -> None:
        """Two rows side by side."""
        line = self._grid.rowCount()
        self._grid.addWidget(left, line, 0)
        if right is not None:
            self._grid.addWidget(right, line, 1)

    def full(self, widget: QWidget) -> None:
        """One row over both columns."""
        self._grid.addWidget(widget, self._grid.rowCount(), 0, 1, 2)


class SectionHead(QWidget):
    """A section of a form: 「二 父母」, a grey or ochre fact, verbs at the right."""

    def __init__(self, title: str, *verbs: QWidget, number: str = "", fact: str = "") -> None:
        super().__init__()
        m = theme.metrics()
        self._fact = Text(fact, Type.SMALL, Tone.OCHRE)
        parts: list[QWidget | int | None] = []
        if number:
            parts += [Text(number, Type.SECTION, Tone.INK2, bold=False), m.s8]
        parts += [Text(title, Type.SECTION), m.s8, self._fact, None, *verbs]
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(holder(row(*parts)))
        self.setMinimumHeight(m.group_head)

    def set_fact(self, words: str, tone: Tone = Tone.OCHRE) -> None:
        """The words beside the title (监护人身份证未采集)."""
        self._fact.setText(words)
        self._fact.set_tone(tone)
