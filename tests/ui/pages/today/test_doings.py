"""What was done: every line of the day, taken back one by one; what is in the way is named; earlier days are read."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from app.children.queries import load_facts
from app.children.service import change_field
from app.storage.history import undo
from app.tasks.doings import doings, in_the_way
from ui.pages.today.doings import DoingsPage
from ui.widgets import Link

WAIT = 10_000


@pytest.fixture
def child(ledger, asked):
    return asked(load_facts, ledger.clock.today())[0]


@pytest.fixture
def write(ledger, qtbot):
    """Write one field of a child and wait until it is stored."""

    def store(uuid, field, value):
        done = []
        ledger.write(change_field, uuid=uuid, field=field, value=value, on_done=done.append)
        qtbot.waitUntil(lambda: bool(done), timeout=WAIT)
        return done[0]

    return store


@pytest.fixture
def page(ledger, child, write, qtbot):
    for place in range(8):
        write(child.uuid, "note", f"第 {place} 次")
    made = DoingsPage(ledger)
    qtbot.addWidget(made)
    made.resize(1222, 656)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: len(made.table.rows) >= 8, timeout=WAIT)
    return made


def test_every_line_of_the_day_is_there_the_last_one_first(page, ledger, asked):
    found = asked(doings, ledger.clock.today())
    assert [row.uuid for row in page.table.rows] == [one.uuid for one in found.doings]
    assert all(row.at.startswith("2026-11-21") for row in page.table.rows)


def flip_the_hour(store):
    """Change a digit, as a disk may: no clock has that hour."""
    store.db.execute_sql(
        "UPDATE action SET at = '2026-11-21T99:00:00' WHERE id = (SELECT max(id) FROM action)"
    )


def test_a_moment_with_a_flipped_digit_is_shown_as_it_stands(page, ledger, asked, qtbot):
    asked(flip_the_hour)
    page.load()
    qtbot.waitUntil(lambda: page.table.rows[0].at == "2026-11-21T99:00:00", timeout=WAIT)
    cell = page.table.model().index(0, 0)
    assert cell.data() == "99:00"


def test_the_last_one_is_taken_back_by_its_own_verb_and_the_undo_undone(page, child, ledger, asked, qtbot):
    page.table.link_pressed.emit(page.table.rows[0], "undo")
    qtbot.waitUntil(lambda: page.table.rows[0].verb == "取消撤销", timeout=WAIT)
    assert page.table.rows[1].why == "已撤销"
    assert note(asked, ledger, child) == "第 6 次"
    page.table.link_pressed.emit(page.table.rows[0], "undo")
    qtbot.waitUntil(lambda: page.table.rows[0].words.startswith("取消撤销"), timeout=WAIT)
    assert note(asked, ledger, child) == "第 7 次"


def test_after_ctrl_z_the_ring_is_on_the_line_that_was_taken_back(page, ledger, qtbot):
    page.table.set_current(page.table.rows[4].uuid)
    last = page.table.rows[0].uuid
    assert ledger.done[-1] == last
    assert ledger.undo_last()
    qtbot.waitUntil(lambda: page.table.rows[0].uuid != last, timeout=WAIT)
    assert page.table.current_row().uuid == last


def note(asked, ledger, child):
    return next(one.note for one in asked(load_facts, ledger.clock.today()) if one.uuid == child.uuid)


def test_what_is_in_the_way_is_named_and_found(page, child, ledger, asked, qtbot):
    blocked = page.table.rows[3]
    page.table.link_pressed.emit(blocked, "undo")
    qtbot.waitUntil(page.go_there.isVisible, timeout=WAIT)
    assert "之后又改过" in page.blocked.text()
    assert not ledger.dialogs.faults
    last = page.table.rows[0]
    assert last.words in page.go_there.text()
    page.go_there.click()
    assert page.table.current_row().uuid == last.uuid
    assert note(asked, ledger, child) == "第 7 次"


def test_enter_asks_before_anything_is_taken_back(page, ledger, child, asked, qtbot):
    page.table.setFocus()
    page.table.set_current(page.table.rows[0].uuid)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert ledger.dialogs.asked[-1][2] == ("先不动", "撤销")
    assert note(asked, ledger, child) == "第 7 次"
    ledger.dialogs.choices = ["undo"]
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.table.rows[0].verb == "取消撤销", timeout=WAIT)


def test_earlier_days_are_read_and_not_taken_back(page, ledger, qtbot):
    assert page.pager is not None
    qtbot.keyClick(page, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page._found.day < ledger.clock.today(), timeout=WAIT)
    assert page.table.rows
    assert all(not row.verb for row in page.table.rows)
    qtbot.keyClick(page, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page._found.day == ledger.clock.today(), timeout=WAIT)


def test_a_day_without_anything_says_so(page, ledger, qtbot):
    page.open_with(day=ledger.clock.today() + timedelta(days=3))
    qtbot.waitUntil(lambda: not page.table.rows, timeout=WAIT)


def test_what_was_undone_is_in_nobodys_way(asked, child, write):
    first, second = write(child.uuid, "note", "一"), write(child.uuid, "note", "二")
    assert asked(in_the_way, first.action_uuid).uuid == second.action_uuid
    asked(undo, second.action_uuid, by=None)
    assert asked(in_the_way, second.action_uuid) is None


def test_the_summary_leads_there(ledger, child, write, qtbot):
    from ui.pages.today.page import TodayPage

    write(child.uuid, "note", "一")
    made = TodayPage(ledger)
    qtbot.addWidget(made)
    made.show()

    def way():
        return [one for one in made.summary.findChildren(Link) if one.text().startswith("今天 ")]

    qtbot.waitUntil(lambda: bool(way()), timeout=WAIT)
    way()[0].click()
    assert ledger.navigation.opened[-1] == ("doings", {})
