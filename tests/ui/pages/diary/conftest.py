"""The diary over the demo school; what was written is read back with the queries the window uses."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from app.children.queries import load_facts
from app.diary.queries import RecordFilters, records
from ui.pages.diary.entry_page import RecordPage

WAIT = 10_000


@pytest.fixture
def kids(ledger, asked):
    """The children on the ledger."""
    return asked(load_facts, ledger.clock.today(), only_registered=True)


@pytest.fixture
def settled(ledger, qtbot):
    """Wait until everything asked for is answered and shown."""

    def wait():
        qtbot.waitUntil(lambda: not ledger.jobs.busy, timeout=WAIT)
        QApplication.sendPostedEvents()

    return wait


@pytest.fixture
def page(ledger, qtbot):
    """The page a record is written on, not opened yet."""
    made = RecordPage(ledger)
    qtbot.addWidget(made)
    made.resize(1222, 656)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def opened(page, settled):
    """Open the form with what another page hands over."""

    def open_with(**params):
        page.open_with(**params)
        settled()
        return page.form

    return open_with


@pytest.fixture
def on_file(asked):
    """The records of a child, newest first."""

    def read(child):
        return asked(records, RecordFilters(child_uuid=child))

    return read


@pytest.fixture
def types(qtbot):
    """Chinese as the input method commits it."""

    def commit(widget, text):
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(widget, event)

    return commit
