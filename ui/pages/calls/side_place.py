"""Where 记通话 stands on the page: made in slices after the week is on the screen, or at once when somebody wants it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from ui.context import Context
from ui.pages.calls.log_fields import CallFields
from ui.pages.calls.log_side import LogSide
from ui.pages.calls.recording import Recording
from ui.widgets import column


class SidePlace(QWidget):
    """`on_made(side, recording)` is called once, when both are there."""

    def __init__(self, context: Context, on_made: Callable[[LogSide, Recording], object]) -> None:
        super().__init__()
        self._context = context
        self._on_made = on_made
        self._narrow = False
        self._fields: CallFields | None = None
        self._frame: LogSide | None = None
        self._made: tuple[LogSide, Recording] | None = None
        self._box = column()
        self.setLayout(self._box)

    @property
    def is_whole(self) -> bool:
        """The form and its list are there."""
        return self._made is not None

    def begin(self) -> None:
        """Make what is still missing in steps, so that a key or a press between them does not wait; then read the list."""
        if self._made is not None:
            self._made[1].load()
            return
        if self._fields is None:
            self._fields = CallFields()
        elif self._frame is None:
            self._frame_of_side()
        else:
            self.made()
        QTimer.singleShot(0, self, self.begin)

    def made(self) -> tuple[LogSide, Recording]:
        """The form with the list of a day, and what becomes of what is written in it."""
        if self._made is None:
            side = self._frame_of_side()
            side.complete()
            self._made = side, Recording(self._context, side, self)
            self._on_made(*self._made)
        return self._made

    def arrange(self, *, narrow: bool) -> None:
        """The form above its list, or beside it where the page is wide and low."""
        self._narrow = narrow
        if self._frame is not None:
            self._frame.arrange(narrow=narrow)

    def _frame_of_side(self) -> LogSide:
        """The form without its fields, in its place."""
        if self._frame is None:
            self._fields = self._fields or CallFields()
            self._frame = LogSide(self._fields)
            self._frame.arrange(narrow=self._narrow)
            self._box.addWidget(self._frame)
        return self._frame
