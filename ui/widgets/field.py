"""Fields of a form: quiet until hovered or focused, saved on leaving, Esc restores."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget
from typing_extensions import override

UNKNOWN = "未采集"

LONGEST_LINE = 200
"""Characters of one line: no name, number or place comes near; more is something pasted by mistake."""
TELLS_FROM = 0.9
"""From this share of the most characters on it is told how many there are."""
_CUTS_NOTHING = 50_000_000
"""Qt would cut a paste at 32,767 characters and say nothing; what is too long is said instead, and not stored."""


class State(StrEnum):
    """How a value stands."""

    NORMAL = "normal"
    DOUBTFUL = "doubtful"
    INVALID = "invalid"


class Finding(Struct, frozen=True):
    """What is to be said of a typed value: DOUBTFUL can be kept with 照存, INVALID cannot be stored, NORMAL is only told."""

    state: State
    reason: str


def length_finding(count: int, most: int) -> Finding | None:
    """What is said of a text of `count` characters where `most` are stored; None while it is far from that."""
    if count > most:
        return Finding(State.INVALID, f"有 {count} 个字，这里最多存 {most} 个字，还没有存。")
    if count > most * TELLS_FROM:
        return Finding(State.NORMAL, f"已写 {count} 个字，最多 {most} 个字。")
    return None


def is_saving_key(event: QKeyEvent) -> bool:
    """Ctrl+Enter, in whatever field of a form it is pressed."""
    control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
    return bool(control) and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def is_undo_key(event: QEvent) -> bool:
    """Tell whether Qt asks if a field wants Ctrl+Z for itself; with nothing typed it is the window's undo."""
    return (
        event.type() == QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and event.matches(QKeySequence.StandardKey.Undo)
    )


class QuietField(QLineEdit):
    """One value of a form.

    `set_value(None)` shows 未采集. On leaving (or Enter) a changed text is checked: fine →
    `saved(text, False)`; DOUBTFUL → stays with its reason until it is corrected or 照存 is pressed
    → `saved(text, True)`; INVALID → stays, is not saved. Esc brings the stored value back. More than
    `longest` characters are INVALID, told while they are typed; nothing is ever cut.
    """

    saved = Signal(str, bool)
    finding_changed = Signal(object)

    def __init__(
        self,
        *,
        check: Callable[[str], Finding | None] | None = None,
        tidy: Callable[[str], str] = str.strip,
        quiet: bool = True,
        hint: str = UNKNOWN,
        longest: int = LONGEST_LINE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setMaxLength(_CUTS_NOTHING)
        self._longest = longest
        self._check = check
        self._tidy = tidy
        self._hint = hint
        self.may_restore: Callable[[], bool] | None = None
        """Asked on Esc; False keeps what is typed (it is asked about first)."""
        self._stored = ""
        self._finding: Finding | None = None
        self._noted: Finding | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if quiet:
            self.setProperty("look", "quiet")
        self.set_value(None)
        self.textEdited.connect(self._edited)

    @property
    def value(self) -> str:
        """The stored value, empty when unknown."""
        return self._stored

    @property
    def finding(self) -> Finding | None:
        """What is wrong at present."""
        return self._finding

    def set_value(self, value: str | None, *, noted: Finding | None = None) -> None:
        """Show a stored value; `noted` is a doubt that was kept with 照存 (shown, no 照存 any more).

        A field that is being typed in keeps its text; only the value Esc goes back to changes.
        """
        pending = self.is_pending
        self._stored = value or ""
        self._noted = noted
        if pending and self.hasFocus():
            if not self.is_pending:
                self._show(noted)  # what could not be stored at first now is
            return
        self.setText(self._stored)
        self.setCursorPosition(0)
        self.setPlaceholderText(self._hint)
        self._show(noted)

    @property
    def is_pending(self) -> bool:
        """True while a typed text is not saved."""
        return self._tidy(self.text()) != self._stored

    def keep_as_is(self) -> None:
        """照存: store the doubtful text and mark it."""
        if self._finding is not None and self._finding.state is State.DOUBTFUL and self.is_pending:
            self._store(self._tidy(self.text()), as_is=True)

    def leave(self) -> None:
        """Check and save what was typed; called on leaving and by Enter."""
        text = self._tidy(self.text())
        if text == self._stored:
            self.setText(text)
            self._show(self._noted)
            return
        finding = self._judged(text)
        if finding is None or finding.state is State.NORMAL:
            self._store(text, as_is=False)
        else:
            self._show(finding)

    def restore(self) -> None:
        """Esc: the stored value again."""
        self.setText(self._stored)
        self._show(self._noted)

    def refuse(self, stored: str | None, reason: str) -> None:
        """What was saved could not be stored after all: it stays in the field, red; Esc brings `stored` back."""
        self._stored = stored or ""
        self._noted = None
        self._show(Finding(State.INVALID, reason))

    def _store(self, text: str, *, as_is: bool) -> None:
        self._noted = self._finding if as_is else None
        self._stored = text
        self.setText(text)
        self._show(self._noted)
        if as_is:
            self.finding_changed.emit(self._finding)
        self.saved.emit(text, as_is)

    def _judged(self, text: str) -> Finding | None:
        length = length_finding(len(text), self._longest)
        if length is not None and length.state is State.INVALID:
            return length
        return (self._check(text) if self._check and text else None) or length

    def _edited(self, text: str) -> None:
        """A finding goes as soon as it no longer holds; that a text is getting long is said while it does."""
        if self._finding is None:
            self._show(length_finding(len(text), self._longest))
        else:
            self._show(self._judged(self._tidy(text)))

    def _show(self, finding: Finding | None) -> None:
        changed = finding != self._finding
        self._finding = finding
        state = finding.state.value if finding else ("unknown" if self._hint == UNKNOWN else "")
        if (self.property("state") or "") != state:
            self.setProperty("state", state)
            # Before it is first shown there is nothing to be dressed anew.
            if self.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
                self.style().unpolish(self)
                self.style().polish(self)
        if changed:
            self.finding_changed.emit(finding)

    @override
    def event(self, event: QEvent) -> bool:
        if is_undo_key(event) and not self.is_pending:
            event.ignore()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.is_pending:
            if self.may_restore is None or self.may_restore():
                self.restore()
        elif is_saving_key(event):
            self.leave()
            event.ignore()  # the form's own, which stores all of it
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.leave()
            if self._finding is None or not self.is_pending:
                self.focusNextChild()
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.leave()
        self.setCursorPosition(0)
