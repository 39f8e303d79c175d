"""The program with its real pages on real files, and the teacher in front of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication

from app.core.clock import FixedClock
from app.core.paths import settings_file
from app.core.settings import Settings, save_settings
from app.storage.data_place import Proposal
from tests.stories.messy import SCHOOL
from tests.ui.fakes import FakeDialogs
from tests.ui.pages.safety.sticks import FakeProbe, stick_at
from ui import theme
from ui.pages import all_pages
from ui.pages.importing.page import CHECK, DONE, FILE
from ui.pages.importing.pane import LATER
from ui.pages.safety.page import SafetyPage
from ui.shell.program import Program
from ui.widgets import Button, Text

PATIENCE = 20_000


@pytest.fixture(scope="session")
def qapp_args():
    return ["shouwang-tests"]


@pytest.fixture
def look(qapp):
    """The theme at 100 %."""
    theme.install(qapp, 1.0)
    return theme.metrics()


@pytest.fixture
def clock():
    return FixedClock(datetime(2026, 11, 21, 10, 42))


@pytest.fixture
def settings():
    """This user's settings file, with nothing chosen but the window's size; gone again after the test."""
    path = settings_file()
    save_settings(path, Settings(window={"maximised": False, "width": 1366, "height": 688}))
    yield path
    path.unlink(missing_ok=True)


@pytest.fixture
def stick(tmp_path):
    return stick_at(tmp_path / "media" / "KINGSTON")


@pytest.fixture
def start(look, clock, settings, stick, qtbot, monkeypatch):
    """Start the program with its real pages; what is still open at the end is put away."""
    monkeypatch.setattr("ui.shell.program.QApplication.quit", lambda: None)
    probe = FakeProbe(stick)
    specs = [
        replace(spec, factory=partial(SafetyPage, probe=probe)) if spec.name == "safety" else spec
        for spec in all_pages()
    ]
    made = []

    def begin(path=None):
        program = Program(specs, clock, settings_file=settings, dialogs=FakeDialogs())
        made.append(program)
        program.start(path)
        return program

    yield begin
    for program in made:
        for panel in program.dialogs.panels:
            if shiboken6.isValid(panel):
                panel.setModal(False)
                panel.hide()
                panel.deleteLater()
        if program.sitting is not None:
            with qtbot.waitSignal(program.left, timeout=PATIENCE):
                program.sitting.end(keep_backup=False)
        program.jobs.shut()
        if program.start_window is not None:
            program.start_window.closed.disconnect()
            program.start_window.close()


@pytest.fixture
def teacher(qtbot, clock):
    return Teacher(qtbot, clock)


class Teacher:
    """What she does at the window, in words."""

    def __init__(self, qtbot, clock):
        self.qtbot = qtbot
        self.clock = clock

    def waits(self, until):
        self.qtbot.waitUntil(until, timeout=PATIENCE)

    def settles(self, program):
        """Wait until everything asked for is answered and shown."""
        self.waits(lambda: not program.jobs.busy)
        QApplication.sendPostedEvents()

    def presses(self, widget, words):
        button = next(b for b in widget.findChildren(Button) if b.text() == words and not b.isHidden())
        assert button.isEnabled()
        button.click()

    def reads(self, widget):
        return " ".join(label.text() for label in widget.findChildren(Text) if label.isVisibleTo(widget))

    def founds(self, program, tmp_path, way="导入花名册"):
        """Choose the place, then a way in, and name the school."""
        screen = program.start_window.screen_shown
        screen.place_chosen.emit(Proposal(tmp_path / "data", "", tmp_path / "backups", ""))
        self.waits(lambda: way in [b.text() for b in screen.findChildren(Button)])
        self.presses(screen, way)
        panel = program.dialogs.panels[-1]
        panel.name.setText(SCHOOL)
        panel.who.setText("陈素兰")
        panel.buttons["make"].click()
        self.sits(program)

    def sits(self, program):
        self.waits(lambda: program.sitting is not None)
        self.settles(program)

    def goes_to(self, program, page, **params):
        program.sitting.window.open_page(page, **params)
        self.settles(program)
        return program.sitting.window.current_page()

    def imports(self, program, roster):
        """Read the roster as proposed; the row written twice is left for later."""
        page = program.sitting.window.current_page()
        program.dialogs.files.append(roster)
        self.presses(page, "选文件")
        self.settles(program)
        assert page.step == FILE
        page.file.next.click()
        page.columns.next.click()
        self.settles(program)
        assert page.step == CHECK
        page.check.pane.decide.buttons[LATER].click()
        self.settles(program)
        page.check.write.click()
        self.settles(program)
        assert page.step == DONE
        return page

    def closes(self, program):
        """After an hour's work."""
        self.clock.advance(hours=1)
        with self.qtbot.waitSignal(program.left, timeout=PATIENCE):
            program.sitting.window.close()
