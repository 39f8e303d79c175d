"""The program with its real pages on real files, and the teacher in front of it."""
# ruff: noqa: F811 - a fixture is asked for by its name

from __future__ import annotations

from functools import partial

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication

from app.storage.data_place import Proposal
from tests.stories.messy import SCHOOL
from tests.ui.conftest import look, qapp_args  # noqa: F401 - fixtures
from tests.ui.pages.safety.sticks import FakeProbe, stick_at
from tests.ui.whole_program import PATIENCE, clock, programs, settings  # noqa: F401 - fixtures
from ui.pages import all_pages
from ui.pages.importing.page import CHECK, DONE, FILE
from ui.pages.importing.pane import LATER
from ui.pages.safety.page import SafetyPage
from ui.shell.place import Proposed
from ui.widgets import Button, Text


@pytest.fixture
def stick(tmp_path):
    return stick_at(tmp_path / "media" / "KINGSTON")


@pytest.fixture
def start(programs, stick):
    """`start(path)` starts the program with its real pages and one stick plugged in."""
    probe = FakeProbe(stick)
    specs = [
        replace(spec, factory=partial(SafetyPage, probe=probe)) if spec.name == "safety" else spec
        for spec in all_pages()
    ]
    return lambda path=None: programs(specs, path)


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
        screen.propose(Proposed(Proposal(tmp_path / "data", "", tmp_path / "backups", "")))
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
