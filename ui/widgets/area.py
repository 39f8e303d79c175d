"""A quiet field of several lines: as high as its text, saved on leaving, Esc restores."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget
from typing_extensions import override

from ui import theme
from ui.widgets.field import UNKNOWN, Finding, State, is_saving_key, is_undo_key, length_finding

LONGEST_WORDS = 500
"""Characters of words that stand in one line of the form."""
LONGEST_TEXT = 20_000
"""Characters of a text: some twelve printed pages."""


class QuietArea(QTextEdit):
    """Words of a form that may be long (现住址, 关爱措施). Like a QuietField: `set_value`, `saved(text, False)` on leaving.

    It is at least `lines` high and grows with its text, so nothing is cut; Tab leaves it. Enter begins a new line,
    with `one_line` it leaves. A text that is too long is told and stays, but is not saved (`finding`).
    """

    saved = Signal(str, bool)
    finding_changed = Signal(object)

    def __init__(
        self,
        *,
        one_line: bool = False,
        hint: str = UNKNOWN,
        quiet: bool = True,
        lines: int = 1,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._lines = lines
        m = theme.metrics()
        self.least = m.quiet_field if quiet else m.field
        """How high it is with one line."""
        self._one_line = one_line
        self._longest = LONGEST_WORDS if one_line else LONGEST_TEXT
        self._finding: Finding | None = None
        self._stored = ""
        self._hint = hint
        self.may_restore: Callable[[], bool] | None = None
        """Asked on Esc; False keeps what is typed (it is asked about first)."""
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if quiet:
            self.setProperty("look", "quiet")
        if hint == UNKNOWN:
            self.setProperty("state", "unknown")
        self.setPlaceholderText(hint)
        self.document().setDocumentMargin(0)
        self.textChanged.connect(self._edited)
        self._fit()

    @property
    def value(self) -> str:
        """The stored value, empty when unknown."""
        return self._stored

    @property
    def finding(self) -> Finding | None:
        """What is to be said of the text at present."""
        return self._finding

    @property
    def is_pending(self) -> bool:
        """True while a typed text is not saved."""
        return self.toPlainText().strip() != self._stored

    def set_value(self, value: str | None) -> None:
        """Show a stored value; a text that is being typed stays, only what Esc goes back to changes."""
        pending = self.is_pending
        self._stored = (value or "").strip()
        if not (pending and self.hasFocus()):
            self.setPlainText(self._stored)
        if not self.is_pending:
            self._show(None)

    def leave(self) -> None:
        """Save what was typed, unless it is too long; called on leaving."""
        text = self.toPlainText().strip()
        if text != self._stored and len(text) <= self._longest:
            self._stored = text
            self._show(None)
            self.saved.emit(text, False)

    def restore(self) -> None:
        """Esc: the stored value again."""
        self.setPlainText(self._stored)

    def refuse(self, stored: str | None, reason: str) -> None:
        """What was saved could not be stored after all: it stays in the field; Esc brings `stored` back."""
        self._stored = (stored or "").strip()
        self._show(Finding(State.INVALID, reason))

    def _edited(self) -> None:
        """Grow with the text; how long it is, is said when it is getting long. What is stored already may stay."""
        self._fit()
        count = self.document().characterCount() - 1
        self._show(length_finding(count, self._longest) if self.is_pending else None)

    def _show(self, finding: Finding | None) -> None:
        if finding != self._finding:
            self._finding = finding
            self.finding_changed.emit(finding)

    def _fit(self) -> None:
        around = self.height() - self.viewport().height()
        high = max(self._text_height(), self._lines * self.fontMetrics().lineSpacing())
        wanted = max(high + around, self.least)
        if wanted != self.height() or self.minimumHeight() != wanted:
            self.setFixedHeight(wanted)

    def _text_height(self) -> int:
        """How high the text is at this width; an empty one is not laid out for it, which most fields of a new form are."""
        document = self.document()
        if document.isEmpty():
            return 0
        document.setTextWidth(max(self.viewport().width(), 1))
        return round(document.size().height())

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme.metrics().side, self.height())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme.metrics().field_medium, self.least)

    @override
    def event(self, event: QEvent) -> bool:
        if is_undo_key(event) and not self.is_pending:
            event.ignore()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.is_pending:
                if self.may_restore is None or self.may_restore():
                    self.restore()
            else:
                event.ignore()
        elif is_saving_key(event):
            event.ignore()  # the form's own, which stores all of it
        elif self._one_line and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.leave()
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    @override
    def insertFromMimeData(self, source: QMimeData) -> None:
        if self._one_line:
            self.insertPlainText(" ".join(source.text().split()))
        else:
            super().insertFromMimeData(source)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.leave()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
