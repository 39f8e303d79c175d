"""A line of 今日 asks who of those with one telephone number are brothers and sisters; it goes when she has answered."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from app.children.codes import Relation
from app.children.drafts import ChildDraft, PersonDraft
from app.children.same_phone import shared_phones
from app.children.service import add_child
from ui.pages.today.one_phone import LATER, NO, YES, OnePhonePanel
from ui.pages.today.page import TodayPage

WAIT = 10_000
NUMBERS = ("13800006217", "13800006218")


def two_families(store):
    for number, father in zip(NUMBERS, ("覃大勇", "向东"), strict=True):
        known = PersonDraft(relation=Relation.FATHER, name=father, phones=(number,))
        add_child(store, draft=ChildDraft(name=f"{father[0]}晓龙", people=(known,)))
        add_child(store, draft=ChildDraft(name=f"{father[0]}晓雨", phone=number))


@pytest.fixture
def page(ledger, asked, qtbot):
    asked(two_families)
    made = TodayPage(ledger)
    qtbot.addWidget(made)
    made.resize(1222, 656)
    made.show()
    qtbot.waitUntil(lambda: key_of(made) is not None, timeout=WAIT)
    return made


def key_of(page):
    found = page._children is not None and page._listed is not None and page.listed.due.keys
    return next((key for key in found or () if key.startswith("family:")), None)


@pytest.fixture
def panel(page, ledger, qtbot):
    page._go(key_of(page))
    qtbot.waitUntil(lambda: bool(ledger.dialogs.panels), timeout=WAIT)
    (panel,) = ledger.dialogs.panels
    assert isinstance(panel, OnePhonePanel)
    return panel


def test_each_number_is_answered_in_its_line_and_the_last_closes_the_question(page, panel, asked, qtbot):
    numbers = {row.number for row in panel.table.rows}
    assert set(NUMBERS) <= numbers
    closed = []
    panel.chosen.connect(closed.append)
    for number in sorted(numbers):
        panel.table.set_current(number)
        panel.answer(YES if number == NUMBERS[0] else NO)
        qtbot.waitUntil(lambda gone=number: all(one.number != gone for one in panel.table.rows), timeout=WAIT)
    qtbot.waitUntil(lambda: closed == [LATER], timeout=WAIT)
    assert asked(shared_phones) == []
    qtbot.waitUntil(lambda: key_of(page) is None, timeout=WAIT)


def test_the_second_press_of_a_double_click_is_not_about_the_next_number(panel, asked, qtbot):
    """The first is written in no time, and the ring is on the next: nobody has looked at those yet."""
    waiting = len(panel.table.rows)
    button = panel.buttons[YES]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(panel.table.rows) == waiting - 1 and not panel._writing, timeout=WAIT)
    at = QPointF(button.rect().center())
    for kind in (QEvent.Type.MouseButtonDblClick, QEvent.Type.MouseButtonRelease):
        held = Qt.MouseButton.LeftButton
        press = QMouseEvent(kind, at, button.mapToGlobal(at), held, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(button, press)
    assert not panel._writing
    assert len(asked(shared_phones)) == waiting - 1


def test_it_stays_until_what_was_answered_is_written(panel, asked, qtbot):
    waiting = len(panel.table.rows)
    panel.answer(YES)
    panel.answer(LATER)
    assert panel.isVisible()
    qtbot.waitUntil(lambda: len(panel.table.rows) == waiting - 1, timeout=WAIT)
    panel.answer(LATER)
    assert len(asked(shared_phones)) == waiting - 1


def test_its_line_pressed_twice_asks_once(page, ledger, qtbot):
    for _ in range(2):
        page._go(key_of(page))
    qtbot.waitUntil(lambda: bool(ledger.dialogs.panels), timeout=WAIT)
    qtbot.waitUntil(lambda: not ledger.jobs.busy, timeout=WAIT)
    assert len(ledger.dialogs.panels) == 1


def test_what_cannot_be_is_said_in_the_panel_and_stays_asked(page, panel, ledger, asked, qtbot):
    def second_father(store):
        child = store.one("SELECT id FROM child WHERE name = '向晓雨'")[0]
        with store.action("另一位父亲", kind="test") as action:
            from app.children.tables import Kinship, Person

            person = action.insert(Person, name="龙飞")
            action.insert(Kinship, child_id=child, person_id=person, relation="father")

    asked(second_father)
    panel.table.set_current(NUMBERS[1])
    panel.answer(YES)
    qtbot.waitUntil(lambda: "对不上" in panel._reason.text(), timeout=WAIT)
    assert len(panel.table.rows) == 2
    assert NUMBERS[1] in {one.number for one in asked(shared_phones)}
