"""A school without a child: each page of the rail says what to do first, and has the way there."""

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QAbstractButton

from app.core.clock import FixedClock
from app.school.service import init_school
from app.storage.store import Store
from tests.ui.whole_program import close_panels
from ui.pages import all_pages
from ui.widgets import EmptyState

FULL_FROM_THE_START = {"settings", "safety"}
BEGUN_FROM = [
    spec
    for spec in all_pages()
    if spec.name == "survey" or (not spec.parent and spec.name not in FULL_FROM_THE_START)
]


@pytest.fixture
def bare(context, jobs, qtbot, tmp_path):
    """A context over a ledger with a school in it and nobody else."""
    with Store.create(tmp_path / "守望.db", clock=context.clock) as store:
        init_school(store, name="青石坪镇中心小学")
    opened = []
    jobs.run(Store.open, tmp_path / "守望.db", clock=context.clock, on_done=opened.append)
    qtbot.waitUntil(lambda: bool(opened), timeout=10_000)
    context.store = opened[0]
    yield context
    close_panels(context.dialogs)
    closed = []
    jobs.run(opened[0].close, on_done=lambda _: closed.append(True))
    qtbot.waitUntil(lambda: bool(closed), timeout=10_000)


def _ways(page):
    """The buttons and links of the empty states that are shown."""
    states = [state for state in page.findChildren(EmptyState) if state.isVisible()]
    return [one.text() for state in states for one in state.findChildren(QAbstractButton) if one.isVisible()]


def test_an_empty_page_says_what_to_do_and_has_the_way_there(bare, qtbot):
    for spec in BEGUN_FROM:
        page = spec.factory(bare)
        qtbot.addWidget(page)
        page.resize(1222, 656)
        page.show()
        qtbot.waitUntil(
            lambda page=page: page.is_whole and not bare.jobs.busy and bool(_ways(page)), timeout=10_000
        )
        page.hide()


def test_a_survey_and_what_was_called_of_nobody_begin_with_the_ledger(bare, qtbot):
    for spec in (by_name("survey"), by_name("call_seen")):
        page = spec.factory(bare)
        qtbot.addWidget(page)
        page.resize(1222, 656)
        page.show()
        qtbot.waitUntil(lambda page=page: not bare.jobs.busy and _ways(page) == ["去台账"], timeout=10_000)
        press(page)
        assert bare.navigation.opened[-1][0] == "ledger"
        page.hide()


def test_a_day_without_doings_leads_to_the_day_before(bare, qtbot):
    """The school was set up today: a day later there is nothing yet, but that to look at."""
    begun = bare.clock.today()
    bare.clock = FixedClock(bare.clock.now() + timedelta(days=1))
    page = by_name("doings").factory(bare)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: not bare.jobs.busy and bool(_ways(page)), timeout=10_000)
    assert len(_ways(page)) == 1
    press(page)
    qtbot.waitUntil(lambda: bool(page.table.rows), timeout=10_000)
    assert page._found.day == begun
    assert not _ways(page)


def by_name(name):
    return next(spec for spec in all_pages() if spec.name == name)


def press(page):
    """Press the only way onward, which has the keyboard."""
    page.focus_first()
    assert [page.focusWidget().text()] == _ways(page)
    page.focusWidget().click()
