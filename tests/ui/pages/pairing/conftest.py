"""The pairing page over the demo school: a class of children with teachers, some outside people, nothing dealt out yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent, QInputMethodEvent
from PySide6.QtWidgets import QApplication

from app.core.clock import FixedClock
from app.pairing.codes import Identity, PairingEnd
from app.pairing.queries import pairs, supporters
from app.pairing.service_pairs import end_pairing
from app.pairing.service_supporters import add_supporter, record_check
from app.storage.store import Store
from app.tasks.demo import make_demo
from tests.ui.pages.conftest import NOW
from ui.pages.pairing.lines import CARRIED
from ui.pages.pairing.page import PairingPage

WAIT = 20_000
LONG = "买买提·阿卜杜热西提"


def type_in(field, text):
    """What an input method hands over."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(field, event)


def drop(table, key, row):
    """Let go of a dragged line over a row of the supporters."""
    data = QMimeData()
    data.setData(CARRIED, QByteArray(key.encode()))
    middle = table.rowViewportPosition(row) + table.rowHeight(row) // 2
    event = QDropEvent(
        QPointF(40, middle),
        Qt.DropAction.MoveAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    table.dropEvent(event)


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory) -> Path:
    """Nobody is paired; the teachers are checked, one helper from outside is not. Made once."""
    path = tmp_path_factory.mktemp("pairing") / "demo.db"
    make_demo(path, clock=FixedClock(NOW), children=40)
    store = Store.open(path, clock=FixedClock(NOW))
    today = store.clock.today()
    for pair in pairs(store, today):
        end_pairing(store, pair_uuid=pair.uuid, on=today.isoformat(), reason=PairingEnd.TERM_OVER)
    for person in supporters(store, today):
        record_check(store, key=person.key, checked_on="2026-09-01", office="县公安局")
    add_supporter(store, name=LONG, identity=Identity.RETIRED_TEACHER, organisation="白水沟村")
    store.close()
    return path


@pytest.fixture
def school(ledger):
    """The context of a ledger in which everybody can be paired."""
    return ledger


@pytest.fixture
def page(school, qtbot):
    made = PairingPage(school)
    qtbot.addWidget(made)
    made.resize(1222, 656)
    made.show()
    qtbot.waitUntil(lambda: bool(made.table.rows) and not school.jobs.busy, timeout=WAIT)
    return made


@pytest.fixture
def settles(school, qtbot):
    """Wait until everything asked for is answered and shown."""

    def wait():
        qtbot.waitUntil(lambda: not school.jobs.busy, timeout=WAIT)
        QApplication.sendPostedEvents()

    return wait
