"""Photos and scans on their way in: one or several are chosen, and made small one after the other beside the window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.core.errors import ShouwangError
from app.storage.pictures import Picture, shrink
from ui.context import Context
from ui.shell.attachments import KINDS
from ui.widgets import Verb

_TOLD = 6
"""So many files that could not be kept are named."""


class PictureIntake(QObject):
    """`choose()` asks for files; `taken(Picture)` for each that can be kept, `finished` behind the last.

    `button` is what she pressed: it waits meanwhile, and says how far it is. What cannot be kept is said once, at the end,
    and keeps none of the others out; the files themselves are never touched.
    """

    taken = Signal(object)
    finished = Signal()

    def __init__(self, context: Context, owner: QWidget, button: QAbstractButton) -> None:
        super().__init__(owner)
        self._context = context
        self._button = button
        self._words = button.text()
        self._waiting: list[Path] = []
        self._number = 0
        self.is_busy = False
        """Something chosen is still on its way: what is saved now would go without it."""
        self._refused: list[ShouwangError] = []

    def choose(self) -> None:
        """Ask for files: several may be marked in one go."""
        paths = self._context.dialogs.open_files("选照片或扫描件，可以选几张", kinds=KINDS)
        if paths:
            self.take(paths)

    def take(self, paths: Sequence[Path]) -> None:
        """Make these small."""
        self._waiting, self._number, self._refused = list(paths), len(paths), []
        self.is_busy = True
        self._button.setEnabled(False)
        self._go_on()

    def _go_on(self) -> None:
        if not self._waiting:
            self._end()
            return
        path = self._waiting.pop(0)
        if self._number > 1:
            self._button.setText(f"正在缩小 {self._number - len(self._waiting)} / {self._number}…")
        self._context.jobs.work(shrink, path, on_done=self._made, on_error=self._not_made, owner=self)

    def _made(self, picture: Picture) -> None:
        self.taken.emit(picture)
        self._go_on()

    def _not_made(self, error: BaseException) -> None:
        if isinstance(error, ShouwangError):
            self._refused.append(error)
            self._go_on()
        else:
            left, self._waiting = len(self._waiting) + 1, []
            self._end()
            self._context.errors.show(error)
            if self._number > 1:
                words = f"选的 {self._number} 个里，最后 {left} 个没有放进来：请再选一次这 {left} 个"
                self._context.navigation.toast(words)

    def _end(self) -> None:
        self.is_busy = False
        self._button.setText(self._words)
        self._button.setEnabled(True)
        refused, self._refused = self._refused, []
        self.finished.emit()
        if len(refused) == 1:
            self._context.errors.show(refused[0])
        elif refused:
            lines = [error.what for error in refused[:_TOLD]]
            more = len(refused) - len(lines)
            lines += [f"还有 {more} 个。"] if more else []
            self._context.dialogs.ask(
                f"{self._number} 个里有 {len(refused)} 个没有放进来", lines, [Verb("stay", "知道了")], _said
            )


def _said(_key: str) -> None:
    """After being told there is nothing to choose."""
