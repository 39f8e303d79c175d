"""The diary over the demo school; what was written is read back with the queries the window uses."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from app.children.queries import load_facts
from app.diary.codes import Activity
from app.diary.drafts import RecordDraft, draft_uuid
from app.diary.queries import RecordFilters, records
from app.pairing.codes import Guidance
from app.tasks.diary import save_records
from ui.pages.diary.entry_page import RecordPage
from ui.pages.diary.page import DiaryPage

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


def talk(child, day, text, **known):
    return RecordDraft(
        uuid=draft_uuid(),
        children=(child,),
        kind=known.pop("kind", Activity.TALK),
        happened_on=day,
        content=text,
        **known,
    )


@pytest.fixture
def diary(ledger, kids, asked, qtbot, settled):
    """The page over some records of this term."""
    mine = [child.uuid for child in kids]
    drafts = [talk(mine[n % 5], f"2026-11-{n % 20 + 1:02}", f"背到第 {n} 段") for n in range(230)]
    drafts += [
        talk(mine[6], "2026-10-08", "在河边 100% 淹过的田里"),
        talk(
            mine[7], "2026-11-19", "家访情况", kind=Activity.HOME_VISIT, guidances=frozenset({Guidance.LIFE})
        ),
    ]
    asked(save_records, drafts=drafts)
    made = DiaryPage(ledger)
    qtbot.addWidget(made)
    made.resize(1222, 656)
    qtbot.show(made)
    settled()
    return made


@pytest.fixture
def week(diary, settled):
    """按周登记 of the page, the keyboard in its grid."""
    diary.open_with(part="week")
    settled()
    diary.segment.grid.setFocus()
    return diary.segment


@pytest.fixture
def page(ledger, qtbot):
    """The page a record is written on, not opened yet."""
    made = RecordPage(ledger)
    qtbot.addWidget(made)
    made.resize(1222, 656)
    qtbot.show(made)
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
