"""The pages of affection calls over a small school on a Wednesday noon; what was written is read back with its queries."""
# ruff: noqa: F811 - a fixture is asked for by its name

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from app.calls.log import log_of_day
from app.calls.tables import AffectionCallRow, PlannedCallRow
from app.core.clock import FixedClock
from app.core.times import minute_of, time_at
from app.storage.base import new_uuid
from app.storage.drafts import box_of
from app.storage.store import Store
from tests.app.calls.conftest import calls_school  # noqa: F401 - a fixture
from tests.ledgers import copy_ledger
from ui.drafts import Drafts
from ui.pages.calls.page import CallsPage
from ui.widgets import Text

WAIT = 10_000
NOW = datetime(2026, 11, 18, 12, 26)
MONDAY = date(2026, 11, 16)
TODAY = NOW.date()
PLAN = (
    (0, "12:20", ("罗诗涵",), "connected"),
    (1, "12:20", ("向阳",), "no_answer"),
    (2, "12:20", ("罗诗涵",), ""),
    (2, "12:30", ("谭晓东", "谭小兰"), ""),
    (2, "12:40", ("张伟",), ""),
    (3, "12:20", ("冉小燕",), ""),
)
"""Day of the week, hour, children, how it ended."""


@pytest.fixture(scope="session")
def week_file(calls_school, tmp_path_factory):
    """The school with a plan for the week of 18 November 2026 and the calls of Monday and Tuesday."""
    path = tmp_path_factory.mktemp("week") / "守望.db"
    copy_ledger(calls_school.path, path)
    with Store.open(path, clock=FixedClock(NOW - timedelta(days=1))) as store:
        ids = {table: dict(store.rows(f"SELECT name, id FROM {table}")) for table in ("child", "call_line")}
        line = ids["call_line"]["活动室座机"]
        with store.action("通话安排", kind="test") as action:
            for weekday, starts, names, outcome in PLAN:
                _plan(action, store, ids["child"], line, weekday, starts, names, outcome)
    return path


def _plan(action, store, children, line, weekday, starts, names, outcome):
    day, occasion = (MONDAY + timedelta(days=weekday)).isoformat(), new_uuid()
    for place, name in enumerate(names):
        common = {"child_id": children[name], "call_line_id": line, "medium": "phone", "occasion": occasion}
        uuid = new_uuid()
        ends = time_at(minute_of(starts) + 10)
        action.insert(
            PlannedCallRow,
            uuid=uuid,
            day=day,
            starts=starts,
            ends=ends,
            place=place,
            origin="planner",
            **common,
        )
        if outcome:
            planned = store.one("SELECT id FROM planned_call WHERE uuid = ?", (uuid,))[0]
            action.insert(
                AffectionCallRow,
                uuid=new_uuid(),
                planned_call_id=planned,
                happened_on=day,
                entered_on=day,
                started=starts,
                minutes=6 if outcome == "connected" else None,
                outcome=outcome,
                **common,
            )


@pytest.fixture
def context(context):
    context.clock = FixedClock(NOW)
    return context


@pytest.fixture
def demo_file(week_file):
    """What `ledger` copies for a test."""
    return week_file


@pytest.fixture
def who(calls_school):
    """Children, people and lines by name → uuid."""
    return calls_school


@pytest.fixture
def drafts(ledger, asked):
    """The drafts of the sitting, written down in folders of this test."""
    uuid = asked(lambda store: store.db_uuid)
    ledger.drafts = Drafts(box_of(uuid, ledger.backup_folder), clock=ledger.clock, who=lambda: "陈素兰")
    yield ledger.drafts
    ledger.drafts.shut()


@pytest.fixture
def settled(ledger, qtbot):
    """Wait until everything asked for is answered and shown."""

    def wait():
        qtbot.waitUntil(lambda: not ledger.jobs.busy, timeout=WAIT)
        QApplication.sendPostedEvents()

    return wait


@pytest.fixture
def shown(qtbot, settled):
    """`shown(page)` puts a page on the screen and waits for it."""

    def show(page, width=1222, height=656):
        qtbot.addWidget(page)
        page.resize(width, height)
        qtbot.show(page)
        settled()
        page.focus_first()
        # 记通话 is made in steps, the last of which reads its list.
        qtbot.waitUntil(lambda: getattr(page, "is_whole", True))
        QApplication.processEvents()
        settled()
        return page

    return show


@pytest.fixture
def page(ledger, shown):
    """The week of today."""
    return shown(CallsPage(ledger))


@pytest.fixture
def calls_of(asked):
    """The attempts of a day as (name, result, minutes), in order."""

    def read(day=TODAY):
        found = asked(log_of_day, day.isoformat())
        return [(one.child_name, one.outcome.value, one.minutes) for one in found]

    return read


@pytest.fixture
def press(qtbot, settled):
    """Keys where the keyboard is; then everything settles."""

    def keys(*wanted, modifier=Qt.KeyboardModifier.NoModifier):
        for key in wanted:
            if isinstance(key, str) and key.isdigit():
                qtbot.keyClicks(QApplication.focusWidget(), key)
            else:
                qtbot.keyClick(QApplication.focusWidget(), key, modifier)
        settled()

    return keys


@pytest.fixture
def writes():
    """Chinese as the input method commits it."""

    def commit(text):
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(QApplication.focusWidget(), event)

    return commit


def said(widget):
    """Every word that is shown."""
    return " ".join(label.text() for label in widget.findChildren(Text) if label.isVisibleTo(widget))
