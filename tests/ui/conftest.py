"""What every test of the window needs: the look installed, one context over fakes of the outside."""

import os
from datetime import datetime

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest

from app.core.clock import FixedClock
from tests.ui.fakes import FakeDialogs, FakeNavigation, FakeProgram
from tests.ui.qt_classes import made_in
from ui import theme
from ui.bus import ChangeBus
from ui.context import Context, Entering
from ui.errors import ErrorRouter
from ui.jobs import Jobs
from ui.preferences import Preferences


@pytest.fixture(scope="session")
def qapp_args():
    return ["shouwang-tests"]


@pytest.fixture(autouse=True)
def qt_classes_on_the_window_thread():
    """No test makes a class of Qt on another thread than the window's: that ends the program now and then."""
    with made_in() as made:
        yield
    assert [name for name, on_main in made if not on_main] == []


@pytest.fixture
def look(qapp):
    """The theme at 100 %."""
    theme.install(qapp, 1.0)
    return theme.metrics()


@pytest.fixture
def qtbot(qtbot):
    """What a test adds stands by itself: it carries the style sheet, as every window of the program does."""
    add = qtbot.addWidget

    def add_dressed(widget, **more):
        if widget.parentWidget() is None and not widget.styleSheet():
            theme.dress(widget)
        add(widget, **more)

    qtbot.addWidget = add_dressed
    return qtbot


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.shut()


@pytest.fixture
def context(look, jobs, tmp_path):
    """A page's context with no store: pages under test put their own in."""
    dialogs = FakeDialogs()
    made = Context(
        store=None,
        jobs=jobs,
        bus=ChangeBus(),
        clock=FixedClock(datetime(2026, 11, 21, 10, 42)),
        errors=ErrorRouter(dialogs),
        dialogs=dialogs,
        entering=Entering("陈素兰", ("陈素兰", "李国平")),
        navigation=FakeNavigation(),
        settings=Preferences(jobs),
        program=FakeProgram(),
        backup_folder=tmp_path / "backups",
    )
    jobs.unhandled.connect(made.errors.show)
    return made
