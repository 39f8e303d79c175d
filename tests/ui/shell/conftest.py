"""The program around one demo page, on real files: started, a school founded in it, put away at the end."""
# ruff: noqa: F811 - a fixture is asked for by its name

import pytest

from app.storage.data_place import Proposal
from tests.ui.shell.hands import press, sits
from tests.ui.whole_program import clock, programs, settings  # noqa: F401 - fixtures
from ui.shell.page import Page, PageSpec
from ui.shell.place import Proposed
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
def start(programs):
    """`start(path)` starts the program."""
    return lambda path=None: programs(SPECS, path)


@pytest.fixture
def school(start, tmp_path, qtbot):
    """A first start that chose its place and founded a school; the window is open."""
    program = start()
    screen = program.start_window.screen_shown
    screen.propose(Proposed(Proposal(tmp_path / "data", "", tmp_path / "backups", "")))
    press(screen, "新建学校")
    panel = program.dialogs.panels[-1]
    panel.name.setText("青石坪镇中心小学")
    panel.who.setText("陈素兰")
    panel.buttons["make"].click()
    qtbot.waitUntil(sits(program))
    return program
