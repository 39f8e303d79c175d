"""The whole program in a test: started over real files; in the end its ledger, its threads and its windows are put away.

The conftests of the shell, the stories and the fault rows import these fixtures; a folder's own `start` says which
pages the program has.
"""

from __future__ import annotations

import gc
from datetime import datetime

import pytest
import shiboken6

from app.core.clock import FixedClock
from app.core.paths import settings_file
from app.core.settings import Settings, save_settings
from tests.ui.fakes import FakeDialogs
from ui import theme
from ui.shell.program import Program

PATIENCE = 20_000


@pytest.fixture
def clock():
    return FixedClock(datetime(2026, 11, 21, 10, 42))


@pytest.fixture
def settings():
    """This user's settings file, with nothing chosen but the window's size; gone again after the test."""
    path = settings_file()
    # Offscreen a maximised window is small.
    save_settings(path, Settings(window={"maximised": False, "width": 1366, "height": 688}))
    yield path
    path.unlink(missing_ok=True)


@pytest.fixture
def programs(look, clock, settings, qapp, qtbot, monkeypatch):
    """`programs(specs, path)` starts a program with these pages; what is still open at the end is put away."""
    monkeypatch.setattr("ui.shell.program.QApplication.quit", lambda: None)
    # All that the test run has loaded would be looked through after each test with a program.
    monkeypatch.setattr(gc, "unfreeze", lambda: None)
    made = []

    def begin(specs, path=None):
        program = Program(specs, clock, settings_file=settings, dialogs=FakeDialogs())
        made.append(program)
        program.start(path)
        return program

    yield begin
    for program in made:
        close_panels(program.dialogs)
        if program.sitting is not None:
            with qtbot.waitSignal(program.left, timeout=PATIENCE):
                program.sitting.end(keep_backup=False)
        program.jobs.shut()
        if program._front is not None:
            program._front.close()
        # With it goes what its threads have answered and nobody has heard.
        program.deleteLater()
    # A program whose 字号 was changed has changed it for all that is made after it.
    theme.install(qapp, 1.0)


def close_panels(dialogs):
    """Close what a test has left open: a modal panel would hold the keys of every later test."""
    for panel in dialogs.panels:
        if shiboken6.isValid(panel):
            panel.setModal(False)
            panel.hide()
            panel.deleteLater()
