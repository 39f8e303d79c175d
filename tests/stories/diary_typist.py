"""The program in a process of its own, with a teacher in the middle of the week's grid and of one record.

    python -m tests.stories.diary_typist LEDGER CHILD_UUID WORDS_OF_THE_GRID WORDS_OF_THE_RECORD

Prints KEPT once both are on the disk, then waits to be killed.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QTimer

from app.core.clock import FixedClock
from ui import theme
from ui.main import make_application
from ui.pages import all_pages
from ui.shell.program import Program


class DiaryTypist:
    """One step after the other, each as soon as the window stands where it begins."""

    def __init__(self, program, uuid, grid, record):
        self.program, self.uuid, self.grid, self.record = program, uuid, grid, record
        self.steps = [self.opens_the_week, self.fills_a_row, self.opens_a_record, self.writes, self.tells]
        self.look = QTimer()
        self.look.setInterval(30)
        self.look.timeout.connect(self.goes_on)
        program.sat_down.connect(self.sits)

    def sits(self, sitting):
        self.window = sitting.window
        self.drafts = sitting.context.drafts
        self.look.start()

    def goes_on(self):
        if not self.program.jobs.busy and self.steps[0]():
            self.steps.pop(0)
            if not self.steps:
                self.look.stop()

    def opens_the_week(self):
        self.window.open_page("diary", part="week")
        return True

    def fills_a_row(self):
        grid = self.window.current_page().segment.grid
        if grid is None:
            return False
        grid.cells.write({(0, 2): self.grid})
        return True

    def opens_a_record(self):
        self.window.open_page("record", child=self.uuid, kind="talk")
        return True

    def writes(self):
        form = self.window.current_page().form
        if form is None:
            return False
        form.fields.first_text().setFocus()
        form.fields.first_text().insertPlainText(self.record)
        return True

    def tells(self):
        folder = self.drafts.box.folders[0]
        if not folder.exists() or sum(path.suffix == ".draft" for path in folder.iterdir()) < 2:
            return False
        sys.stdout.write("KEPT\n")
        sys.stdout.flush()
        return True


def main(path, uuid, grid, record):
    app = make_application([])
    theme.install(app, 1.0)
    program = Program(all_pages(), FixedClock(datetime(2026, 11, 21, 10, 42)), settings_file=None)
    typist = DiaryTypist(program, uuid, grid, record)
    program.start(Path(path))
    QTimer.singleShot(60_000, app.quit)  # whoever waits for KEPT is not left waiting
    app.exec()
    del typist


if __name__ == "__main__":
    main(*sys.argv[1:])
