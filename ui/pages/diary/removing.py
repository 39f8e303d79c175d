"""移到回收站: what goes along with a record, counted, before it goes."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from app.core.changes import Changes
from app.diary.facts import RecordLine
from app.diary.service import remove_lines, remove_record
from ui.context import Context
from ui.widgets import Kind, Verb


class Removing(QObject):
    """`removed(changes)` when it lies in the bin."""

    removed = Signal(Changes)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context

    def ask(self, line: RecordLine) -> None:
        """Say what goes along, then ask."""
        self._context.read(remove_lines, line.uuid, on_done=partial(self._ask_with, line), owner=self)

    def _ask_with(self, line: RecordLine, lines: tuple[str, ...]) -> None:
        question = f"把{line.child_name} {line.happened_on} 的{line.kind.label}移到回收站？"
        verbs = [Verb("stay", "先不动"), Verb("remove", "移到回收站", Kind.DANGER)]
        self._context.dialogs.ask(question, lines, verbs, partial(self._answered, line.uuid))

    def _answered(self, uuid: str, key: str) -> None:
        if key == "remove":
            self._context.write(remove_record, uuid=uuid, on_done=self.removed.emit)
