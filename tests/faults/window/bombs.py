"""One window that is given rosters made to burst it, in a process of its own so that its memory can be measured.

    python -m tests.faults.window.bombs LEDGER ROSTER…

Prints one line of JSON per roster: what was said, whether a key was taken in meanwhile, the processor seconds, and the
most memory the process has held so far, in MB.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any


def most_memory() -> float:
    """Return the most memory this process has held, in MB; what the system calls maxrss counts who started it, too."""
    told = Path("/proc/self/status").read_text(encoding="ascii")
    return int(told.split("VmHWM:")[1].split()[0]) / 1024


def main(ledger: Path, rosters: list[Path]) -> None:
    """Open the import page of the real program and drop one roster after the other on it."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtTest import QTest

    from app.core.clock import FixedClock
    from tests.ui.fakes import FakeDialogs
    from ui import theme
    from ui.main import make_application
    from ui.pages import all_pages
    from ui.pages.importing.page import ImportPage
    from ui.shell.program import Program
    from ui.widgets import Text

    app = make_application([])
    app.setQuitOnLastWindowClosed(False)
    theme.install(app, 1.0)
    program = Program(
        all_pages(), FixedClock(datetime(2026, 11, 21, 9)), settings_file=None, dialogs=FakeDialogs()
    )

    def rests() -> None:
        """Nothing is under way, and what came of it has been laid out."""
        loop, look = QEventLoop(), QTimer()
        look.timeout.connect(lambda: None if program.jobs.busy else loop.quit())
        look.start(2)
        loop.exec()
        app.sendPostedEvents()
        app.processEvents()

    program.start(ledger)
    rests()
    if program.sitting is None:
        raise RuntimeError("the ledger did not open")
    window = program.sitting.window
    window.open_page("importing")
    page: Any = window.current_page()
    if not isinstance(page, ImportPage):
        raise TypeError(page)
    rests()
    for roster in rosters:
        begun = time.process_time()
        page.start_over()
        page.open_file(roster)
        QTest.keyClick(window, "a")
        alive = program.jobs.busy
        rests()
        used = time.process_time() - begun
        said = [text.text() for text in page.file.findChildren(Text) if text.isVisible()]
        read = page.session is not None
        told = {"said": said, "read": read, "alive": alive, "seconds": used, "memory": most_memory()}
        print(json.dumps(told, ensure_ascii=False), flush=True)
    program.jobs.shut()
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
