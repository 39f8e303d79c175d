"""The program around one demo page, on real files: started, a school founded in it, put away at the end."""

from datetime import datetime

import pytest
import shiboken6

from app.core.clock import FixedClock
from app.core.paths import settings_file
from app.core.settings import Settings, save_settings
from app.storage.data_place import Proposal
from tests.ui.fakes import FakeDialogs
from tests.ui.shell.hands import press, sits
from ui.shell.page import Page, PageSpec
from ui.shell.program import Program
from ui.widgets import Button


class Demo(Page):
    def __init__(self, context):
        super().__init__(context, "今日")
        self.content.addWidget(Button("记一条"))


SPECS = (
    PageSpec("today", "今日", "weather_sunny", Demo),
    PageSpec("importing", "导入", "arrow_import", Demo, parent="today"),
    PageSpec("settings", "设置", "settings", Demo, at_foot=True),
)


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
def start(look, clock, settings, qtbot, monkeypatch):
    """Start programs; what is still open at the end is put away."""
    monkeypatch.setattr("ui.shell.program.QApplication.quit", lambda: None)
    made = []

    def begin(path=None):
        program = Program(SPECS, clock, settings_file=settings, dialogs=FakeDialogs())
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
            with qtbot.waitSignal(program.left):
                program.sitting.end()
        program.jobs.shut()
        if program.start_window is not None:
            program.start_window.closed.disconnect()
            program.start_window.close()


@pytest.fixture
def school(start, tmp_path, qtbot):
    """A first start that chose its place and founded a school; the window is open."""
    program = start()
    screen = program.start_window.screen_shown
    screen.place_chosen.emit(Proposal(tmp_path / "data", "", tmp_path / "backups", ""))
    qtbot.waitUntil(lambda: any(b.text() == "新建学校" for b in screen.findChildren(Button)))
    press(screen, "新建学校")
    panel = program.dialogs.panels[-1]
    panel.name.setText("青石坪镇中心小学")
    panel.who.setText("陈素兰")
    panel.buttons["make"].click()
    qtbot.waitUntil(sits(program))
    return program
