"""A computer that is left on: at midnight the window turns to the new day by itself, and only what shows today."""

import pytest

from tests.ui.shell.conftest import Demo
from tests.ui.shell.hands import back_up, sits
from ui.context import Context
from ui.shell.page import PageSpec


class Days(Demo):
    """Shows the day; what is being typed on its sister page stays."""

    turns_with_day = True

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.days = []

    def load(self):
        self.days.append(self.context.clock.today().day)


class Typed(Days):
    turns_with_day = False


SPECS = (
    PageSpec("today", "今日", "weather_sunny", Days),
    PageSpec("ledger", "台账", "book_open", Days),
    PageSpec("record", "记一条", "add", Typed, parent="today"),
)


@pytest.fixture
def start(programs):
    """Start a program with the pages above instead of the folder's."""
    return lambda path=None: programs(SPECS, path)


def test_what_shows_today_turns_with_the_day(school, clock, qtbot):
    qtbot.waitUntil(sits(school))
    sitting = school.sitting
    window = sitting.window
    pages = {}
    for name in ("today", "ledger", "record"):
        window.open_page(name)
        pages[name] = window.current_page()
    back_up(school, qtbot)
    sitting.refresh()
    qtbot.waitUntil(lambda: "今天" in window.status._backup.words.text())

    window.open_page("ledger")
    clock.advance(days=1)
    sitting._day.look()
    qtbot.waitUntil(lambda: "昨天" in window.status._backup.words.text())
    assert pages["ledger"].days == [21, 22], "it stands open"
    assert pages["today"].days == [21], "nobody looks at it"
    for name in ("today", "record"):
        window.open_page(name)
    assert pages["today"].days == [21, 22]
    assert pages["record"].days == [21]

    sitting._day.look()
    window.open_page("ledger")
    assert pages["ledger"].days == [21, 22], "once a day"
