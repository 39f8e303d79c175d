"""The program in a process of its own, with a teacher who types into one form and never gets to save it.

    python typist.py LEDGER CHILD_UUID TEXT

Prints KEPT once the draft is on the disk, then waits to be killed.
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
from ui.pages.child.leave_panel import LeavePanel
from ui.shell.program import Program


class Typist:
    """Opens the child, 退出台账, types the note."""

    def __init__(self, program, uuid, text):
        self.program = program
        self.uuid = uuid
        self.text = text
        program.sat_down.connect(self.sits)
        self.look = QTimer()
        self.look.setInterval(50)

    def sits(self, sitting):
        self.sitting = sitting
        sitting.window.open_child(self.uuid)
        self.look.timeout.connect(self.types)
        self.look.start()

    def types(self):
        page = self.sitting.window.current_page()
        if page.shown_uuid != self.uuid:
            return
        self.look.timeout.disconnect(self.types)
        panel = LeavePanel(page.clerk)
        page.clerk.open_panel(panel)
        panel.note.setFocus()
        panel.note.insert(self.text)
        self.look.timeout.connect(self.tells)

    def tells(self):
        folder = self.sitting.context.drafts.box.folders[0]
        if folder.exists() and any(path.suffix == ".draft" for path in folder.iterdir()):
            self.look.stop()
            sys.stdout.write("KEPT\n")
            sys.stdout.flush()


def main(path, uuid, text):
    app = make_application([])
    theme.install(app, 1.0)
    clock = FixedClock(datetime(2026, 11, 21, 10, 42))
    program = Program(all_pages(), clock, settings_file=None)
    typist = Typist(program, uuid, text)
    program.start(Path(path))
    app.exec()
    del typist


if __name__ == "__main__":
    main(*sys.argv[1:])
