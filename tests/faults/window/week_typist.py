"""The program in a process of its own, with a teacher who fills half of a week's grid and never gets to save it.

    python -m tests.faults.window.week_typist LEDGER TEXT

Prints KEPT and the names of the children whose lines are filled once the draft is on the disk, then waits to be killed.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer

from app.core.clock import FixedClock
from ui import theme
from ui.main import make_application
from ui.pages import all_pages
from ui.shell.program import Program

CONTENT = 2


class Typist:
    """Opens the week of the first class and fills every second line of it."""

    def __init__(self, program: Program, text: str) -> None:
        self.text = text
        self.names: list[str] = []
        program.sat_down.connect(self._sits)
        self.look = QTimer()
        self.look.setInterval(20)
        self.look.timeout.connect(self._looks)

    def _sits(self, sitting: Any) -> None:
        self.sitting = sitting
        sitting.window.open_page("diary", part="week")
        self.look.start()

    def _looks(self) -> None:
        week = getattr(self.sitting.window.current_page(), "segment", None)
        if self.names:
            self._tells()
        elif getattr(week, "grid", None) is not None:
            places = range(0, len(week._rows), 2)
            week.grid.cells.write({(place, CONTENT): self.text for place in places})
            self.names = [week._rows[place].child_name for place in places]

    def _tells(self) -> None:
        folder = self.sitting.context.drafts.box.folders[0]
        if folder.exists() and any(path.suffix == ".draft" for path in folder.iterdir()):
            self.look.stop()
            sys.stdout.write(f"KEPT {' '.join(self.names)}\n")
            sys.stdout.flush()


def main(path: str, text: str) -> None:
    """Sit down and type; somebody pulls the plug."""
    app = make_application([])
    theme.install(app, 1.0)
    program = Program(all_pages(), FixedClock(datetime(2026, 11, 21, 10, 42)), settings_file=None)
    typist = Typist(program, text)
    program.start(Path(path))
    app.exec()
    del typist


if __name__ == "__main__":
    main(*sys.argv[1:])
