"""A sitting's drafts over a folder of the test."""

from __future__ import annotations

from datetime import datetime

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication

from app.children.codes import AwayState
from app.children.queries import load_facts
from app.core.clock import FixedClock
from app.storage.drafts import DraftBox, box_of
from app.storage.store import Store
from app.tasks.demo import make_demo
from tests.ledgers import copy_ledger
from tests.ui.whole_program import close_panels
from ui.drafts import Drafts

PATIENCE = 10_000


@pytest.fixture
def box(tmp_path) -> DraftBox:
    return DraftBox("ledger", (tmp_path / "drafts", tmp_path / "second"))


@pytest.fixture
def drafts(look, box, clock):
    """Drafts over a folder; nothing writes after the test."""
    made = Drafts(box, clock=clock, who=lambda: "陈素兰")
    yield made
    made.shut()


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    make_demo(path, clock=FixedClock(datetime(2026, 11, 21, 10, 42)), children=30)
    return path


@pytest.fixture
def ledger(context, jobs, qtbot, demo_file, tmp_path):
    """The context of a page over its own copy of the demo school, with drafts."""
    path = tmp_path / "守望.db"
    copy_ledger(demo_file, path)
    opened: list[Store] = []
    jobs.run(Store.open, path, clock=context.clock, on_done=opened.append)
    qtbot.waitUntil(lambda: bool(opened), timeout=PATIENCE)
    context.store = opened[0]
    uuids: list[str] = []
    jobs.run(lambda store: store.db_uuid, opened[0], on_done=uuids.append)
    qtbot.waitUntil(lambda: bool(uuids), timeout=PATIENCE)
    context.drafts = Drafts(
        box_of(uuids[0], context.backup_folder), clock=context.clock, who=lambda: context.entering.by
    )
    yield context
    close_panels(context.dialogs)
    context.drafts.shut()
    closed: list[object] = []
    jobs.run(opened[0].close, on_done=lambda _: closed.append(True))
    qtbot.waitUntil(lambda: bool(closed), timeout=PATIENCE)


@pytest.fixture
def asked(ledger, qtbot):
    """`asked(fn, …)` is the answer of `fn(store, …)`, on the storage thread."""

    def ask(fn, *args, **kwargs):
        answers: list[object] = []
        ledger.read(fn, *args, on_done=answers.append, **kwargs)
        qtbot.waitUntil(lambda: bool(answers), timeout=PATIENCE)
        return answers[0]

    return ask


@pytest.fixture
def settled(qtbot, jobs):
    """Wait until everything that was asked of the store is answered and shown."""

    def wait():
        qtbot.waitUntil(lambda: not jobs.busy, timeout=PATIENCE)
        QApplication.sendPostedEvents()

    return wait


@pytest.fixture
def children(ledger, asked):
    return asked(load_facts, ledger.clock.today(), only_registered=True)


@pytest.fixture
def child(children):
    """Both parents known, one away; somebody cares; there is a number to ring."""
    return next(
        one
        for one in children
        if one.father
        and one.father.away_state is AwayState.OUT
        and one.care
        and any(person.phones for person in one.relatives)
    )


@pytest.fixture
def shown(ledger, qtbot, settled):
    """`shown(Page, **params)`: a page as the window shows it."""

    made = []

    def show(kind, **params):
        page = kind(ledger)
        made.append(page)
        page.resize(1200, 640)
        if params:
            page.open_with(**params)  # the window does not call it without
        page.show()
        page.focus_first()
        settled()
        return page

    yield show
    for page in made:
        if shiboken6.isValid(page):
            page.close()
            page.deleteLater()
