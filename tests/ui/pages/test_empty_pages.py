"""A school without a child: each page of the rail says what to do first, and has the way there."""

import pytest
from PySide6.QtWidgets import QAbstractButton

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
