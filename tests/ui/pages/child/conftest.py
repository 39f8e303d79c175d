"""The page of one child over the demo school, and the children the stories need."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from app.children.child_file import child_file
from app.children.queries import load_facts
from ui.pages.child.page import ChildPage


@pytest.fixture
def children(ledger, asked):
    """The ledger of the day."""
    return asked(load_facts, ledger.clock.today(), only_registered=True)


@pytest.fixture
def page(ledger, qtbot):
    """The page, shown, nobody on it yet."""
    made = ChildPage(ledger)
    made.resize(1200, 640)
    qtbot.addWidget(made)
    qtbot.show(made)
    return made


@pytest.fixture
def opened(page, qtbot, jobs):
    """`opened(child, among=…)` shows a child and waits for it."""

    def show(child, among=()):
        page.open_with(uuid=child.uuid, among=tuple(one.uuid for one in among))
        qtbot.waitUntil(lambda: page.shown_uuid == child.uuid and not jobs.busy, timeout=10_000)
        assert page.sections, "all of the form, not only what is in sight"
        return page

    return show


@pytest.fixture
def settled(qtbot, jobs):
    """Wait until everything that was asked of the store is answered and shown."""

    def wait():
        qtbot.waitUntil(lambda: not jobs.busy, timeout=10_000)
        QApplication.sendPostedEvents()

    return wait


@pytest.fixture
def file_of(ledger, asked):
    """`file_of(uuid)` is what the ledger holds now."""

    def read(uuid):
        return asked(child_file, uuid, ledger.clock.today())

    return read
