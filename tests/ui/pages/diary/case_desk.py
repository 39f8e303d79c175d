"""A diary page at one of its parts over the demo school, and hands to type with."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from app.storage.drafts import DraftBox
from ui.drafts import Drafts
from ui.pages.diary.page import DiaryPage


class Desk:
    """The page, shown; `part` is the segment in front."""

    def __init__(self, context, qtbot, part: str, size=(1366 - 88, 768 - 40)):
        self.qtbot = qtbot
        self.context = context
        folder = context.backup_folder.parent / "drafts"
        context.drafts = Drafts(DraftBox("ledger", (folder,)), clock=context.clock, who=lambda: "陈素兰")
        self.page = DiaryPage(context)
        qtbot.addWidget(self.page)
        self.page.resize(*size)
        context.bus.changed.connect(self._announced)
        self.page.open_with(part=part)
        qtbot.show(self.page)
        self.settle()

    def _announced(self, changes):
        if self.page.touched_by(changes):
            self.page.load()

    @property
    def part(self):
        return self.page.segment

    def settle(self):
        """Wait until nothing is under way."""
        self.qtbot.waitUntil(lambda: not self.context.jobs.busy, timeout=10_000)
        QApplication.sendPostedEvents()

    def begin(self):
        """A new form, as the filled verb opens it."""
        self.part.begin_new()
        self.settle()
        return self.part.form

    def open(self, place: int = 0):
        """The form of a line of the list."""
        self.part.table.opened.emit(self.part.table.rows[place])
        self.settle()
        return self.part.form

    def choose_child(self, form, words: str):
        """Find a child by what is typed, Enter takes the first."""
        self.write(form.child.field.field, words)
        self.settle()
        self.qtbot.keyClick(form.child.field.field, Qt.Key.Key_Return)
        self.settle()

    def close(self):
        """Nothing writes drafts after the test."""
        self.context.drafts.shut()

    def write(self, field, words: str):
        """Type words as an input method commits them."""
        field.setFocus()
        event = QInputMethodEvent()
        event.setCommitString(words)
        QApplication.sendEvent(field, event)

    def picture(self, name: str):
        """Keep a picture when SHOUWANG_PICTURES names a folder."""
        folder = os.environ.get("SHOUWANG_PICTURES")
        if folder:
            self.settle()
            QApplication.processEvents()
            self.page.grab().save(str(Path(folder) / f"{name}.png"))
