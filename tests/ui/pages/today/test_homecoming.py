"""返乡 on the first page: who is due home later this month stands there, and one press ends the being away."""

from __future__ import annotations

import pytest

from app.children.tables import Away
from app.storage.history import undo
from ui.pages.today.homecoming import HomecomingPanel
from ui.pages.today.page import TodayPage
from ui.widgets import Text

WAIT = 10_000


def father_away(store):
    """The uuid of a father who is away and is expected on the 30th."""
    person, away = store.one(
        "SELECT p.uuid, a.uuid FROM away a JOIN person p ON p.id = a.person_id JOIN kinship k"
        " ON k.person_id = p.id JOIN child c ON c.id = k.child_id JOIN registration r ON r.child_id = c.id"
        " WHERE a.state = 'out' AND a.valid_to IS NULL AND a.valid_from < '2026-11-01' AND k.relation = 'father'"
        " AND k.valid_to IS NULL AND r.valid_to IS NULL AND r.kind = 'left_behind' AND c.deleted_at IS NULL"
        " AND a.deleted_at IS NULL AND r.valid_from < '2026-11-01' LIMIT 1"
    )
    with store.action("预计返乡", kind="test") as action:
        action.update(Away, away, expected_return="2026-11-30")
    return person


def state_of(store, person):
    """Where the grown-up is on the file's last row."""
    return store.one(
        "SELECT a.state FROM away a JOIN person p ON p.id = a.person_id WHERE p.uuid = ? AND a.valid_to IS NULL"
        " AND a.deleted_at IS NULL",
        (person,),
    )[0]


@pytest.fixture
def page(ledger, asked, qtbot):
    person = asked(father_away)
    made = TodayPage(ledger)
    qtbot.addWidget(made)
    made.resize(1222, 656)
    made.show()
    qtbot.waitUntil(lambda: made._children is not None and bool(made.listed.due.keys), timeout=WAIT)
    made.person = person
    return made


def key_of(page):
    return next(
        (key for key in page.listed.due.keys if key.startswith("homecoming:") and page.person in key), None
    )


def test_who_is_due_home_later_this_month_has_a_place_and_a_button(page, ledger, asked, qtbot):
    group = next(
        group for group in page.listed.lines.groups if any(row.key == key_of(page) for row in group.rows)
    )
    assert (group.title, group.fact.split("，")[0]) in {("本月返乡", "到 11月30日"), ("下周", "到 11月29日")}

    page._go(key_of(page))
    (panel,) = ledger.dialogs.panels
    assert isinstance(panel, HomecomingPanel)
    row = next(row for row in group.rows if row.key == key_of(page))
    said = " ".join(text.text() for text in panel.findChildren(Text))
    assert row.head in said, "whose father it is"
    panel.on.set_value("2026-12-30")
    panel.answer("save")
    assert "还没有到" in panel._reason.text()
    panel.on.set_value("2026-11-20")
    panel.answer("save")
    qtbot.waitUntil(lambda: key_of(page) is None, timeout=WAIT)
    assert asked(state_of, page.person) == "home"

    last = asked(lambda store: store.one("SELECT uuid FROM action ORDER BY id DESC LIMIT 1")[0])
    asked(undo, last, by=None)
    assert asked(state_of, page.person) == "out"


def test_who_comes_home_on_the_day_the_being_away_was_written_is_at_home_and_nowhere_else(
    page, ledger, asked, qtbot
):
    """The row of that day is corrected: place and work of the being away do not stay on it."""

    def begun_today(store):
        uuid = store.one(
            "SELECT a.uuid FROM away a JOIN person p ON p.id = a.person_id WHERE p.uuid = ? AND a.valid_to IS NULL"
            " AND a.deleted_at IS NULL",
            (page.person,),
        )[0]
        with store.action("今天起", kind="test") as action:
            action.update(Away, uuid, valid_from="2026-11-21", place="广东东莞", trade="电子厂")

    asked(begun_today)
    page._go(key_of(page))
    (panel,) = ledger.dialogs.panels
    panel.answer("save")
    qtbot.waitUntil(lambda: key_of(page) is None, timeout=WAIT)
    rows = asked(
        lambda store: store.rows(
            "SELECT a.state, a.place, a.trade, a.expected_return FROM away a JOIN person p ON p.id = a.person_id"
            " WHERE p.uuid = ? AND a.valid_to IS NULL AND a.deleted_at IS NULL",
            (page.person,),
        )
    )
    assert [tuple(row) for row in rows] == [("home", None, None, None)]
