"""亲情电话 in a child's file: when each can be reached and what the child wishes, by keyboard, seen by the planner at once."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.calls.codes import CallMedium
from app.calls.people import callee_of, callees
from app.calls.service_people import WindowDraft, set_windows
from ui.pages.child.calling import Calling
from ui.widgets.cuts import cuts_of

DAY = date(2026, 11, 21)
MONDAY = date(2026, 11, 16)
CONTROL = Qt.KeyboardModifier.ControlModifier


def type_into(field, text):
    field.setFocus()
    field.selectAll()
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(field, event)


@pytest.fixture
def callee(asked):
    """A child with brothers or sisters, whose first contact can be called at any time."""
    found = asked(callees, DAY)
    return next(one for one in found if one.siblings and one.contacts and not one.contacts[0].windows)


@pytest.fixture
def calling(children, callee, opened):
    child = next(one for one in children if one.uuid == callee.child_uuid)
    return opened(child).findChild(Calling)


@pytest.fixture
def line(calling, ledger, settled):
    """`line(place)`: Enter on a line of the list opens its dialog."""

    def open_(place):
        calling.lines.setFocus()
        for _ in range(len(calling.lines._facts)):
            QTest.keyClick(calling.lines, Qt.Key.Key_Up)
        for _ in range(place):
            QTest.keyClick(calling.lines, Qt.Key.Key_Down)
        QTest.keyClick(calling.lines, Qt.Key.Key_Return)
        settled()
        return ledger.dialogs.panels[-1]

    return open_


def words(calling):
    return [fact.words for fact in calling.lines._facts]


def test_a_shift_is_written_and_holds_for_brothers_and_sisters_too(calling, callee, line, asked, settled):
    assert "随时能接" in words(calling)[0]
    panel = line(0)
    assert cuts_of(panel) == []
    type_into(panel.rows[0].starts, "1200")
    type_into(panel.rows[0].ends, "13:30")
    panel.rows[0].weeks.set_value(panel.rows[0].weeks.itemData(1))
    QTest.keyClick(panel, Qt.Key.Key_Return, CONTROL)
    settled()
    assert "每天 12:00–13:30，隔周（11-16 那周起）" in words(calling)[0]
    person = callee.contacts[0].person_uuid
    for uuid in (callee.child_uuid, *callee.siblings):
        contact = asked(callee_of, uuid, DAY).contact(person)
        assert [(one.starts, one.ends, one.alternate_on) for one in contact.windows] == [
            ("12:00", "13:30", MONDAY)
        ]


def test_a_shift_of_three_weeks_is_chosen_by_the_week_it_comes_in(calling, callee, line, asked, settled):
    panel = line(0)
    type_into(panel.rows[0].starts, "1200")
    type_into(panel.rows[0].ends, "13:30")
    weeks = panel.rows[0].weeks
    assert "每 3 周，2 周后有" in [weeks.itemText(place) for place in range(weeks.count())]
    weeks.setCurrentText("每 3 周，下周有")
    QTest.keyClick(panel, Qt.Key.Key_Return, CONTROL)
    settled()
    (window,) = asked(callee_of, callee.child_uuid, DAY).contact(callee.contacts[0].person_uuid).windows
    assert (window.alternate_on, window.every_weeks) == (date(2026, 11, 23), 3)
    assert "每 3 周一次（11-23 那周起）" in words(calling)[0]


@pytest.mark.parametrize("every", [2, 3, 5])
def test_what_was_written_before_is_not_changed_by_saving_it_again(
    calling, callee, asked, line, settled, ledger, every
):
    person = callee.contacts[0].person_uuid
    first = date(2026, 10, 21)
    old = WindowDraft(weekday=3, starts="18:00", ends="20:00", alternate_on=first, every_weeks=every)
    asked(set_windows, person_uuid=person, windows=[old], since=DAY)
    calling.show_child(callee.child_uuid)
    settled()
    before = asked(callee_of, callee.child_uuid, DAY).contact(person).windows
    panel = line(0)
    QTest.keyClick(panel, Qt.Key.Key_Return, CONTROL)
    settled()
    assert asked(callee_of, callee.child_uuid, DAY).contact(person).windows == before
    panel = line(0)
    type_into(panel.rows[0].ends, "19:99")
    QTest.keyClick(panel, Qt.Key.Key_Return, CONTROL)
    settled()
    assert panel.isVisible(), "no time: it stays, with what was typed"
    assert asked(callee_of, callee.child_uuid, DAY).contact(person).windows == before


def test_the_wish_of_the_child_puts_its_grandmother_first(calling, callee, line, asked, settled):
    last = callee.contacts[-1]
    assert "还没有问过" in words(calling)[-1]
    panel = line(len(callee.contacts))
    assert cuts_of(panel) == []
    panel.whom.set_value(last.person_uuid)
    panel.medium.set_value(CallMedium.VIDEO.value)
    type_into(panel.note, "想看看奶奶")
    QTest.keyClick(panel, Qt.Key.Key_Return, CONTROL)
    settled()
    found = asked(callee_of, callee.child_uuid, DAY)
    assert (found.contacts[0].person_uuid, found.wish.note) == (last.person_uuid, "想看看奶奶")
    assert f"想打给{last.who}，用视频：想看看奶奶" in words(calling)[-1]
    panel = line(len(callee.contacts))
    panel.answer("clear")
    settled()
    assert asked(callee_of, callee.child_uuid, DAY).wish.uuid == ""
