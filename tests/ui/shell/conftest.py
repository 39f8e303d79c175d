"""The program around one demo page, on real files: started, a school founded in it, put away at the end."""
# ruff: noqa: F811 - a fixture is asked for by its name

from datetime import datetime

import pytest
from msgspec.structs import replace

from app.core.clock import FixedClock
from app.core.settings import load_settings, save_settings
from app.school.codes import SchoolKind
from app.storage.data_place import choose, ledger_path
from tests.ledgers import copy_ledger
from tests.ui.shell.hands import sits
from tests.ui.whole_program import clock, programs, settings  # noqa: F401 - fixtures
from ui.shell.first_run import NewSchool
from ui.shell.ledger import make_school
from ui.shell.page import Page, PageSpec
from ui.widgets import Button

WHO = "陈素兰"


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


@pytest.fixture(scope="session")
def founded(tmp_path_factory):
    """The closed ledger of a school as its first start leaves it (made by the window in tests/stories)."""
    path = tmp_path_factory.mktemp("founded") / "守望.db"
    new = NewSchool("青石坪镇中心小学", SchoolKind.PRIMARY, WHO)
    make_school(path, FixedClock(datetime(2026, 11, 21, 10, 42)), new)
    return path


@pytest.fixture
def school(founded, settings, start, tmp_path, qtbot):
    """The program on a school that was founded today in the place chosen on this computer; the window is open."""
    choose(tmp_path / "data", tmp_path / "backups")
    save_settings(settings, replace(load_settings(settings), who=WHO))
    copy_ledger(founded, ledger_path(tmp_path / "data"))
    program = start()
    qtbot.waitUntil(sits(program))
    return program
