"""A teacher leaves: her children go to two others in one step, which is taken back in one."""

from __future__ import annotations

import pytest

from app.pairing.codes import PairingEnd, PairingKind
from app.pairing.facts import CheckState
from app.pairing.queries import pairs, pairs_of_supporter, supporter, supporters, unpaired
from app.pairing.service_pairs import pair
from app.school.queries import all_classes
from app.school.service_classes import set_class_teacher
from tests.ui.pages.pairing.conftest import LONG, WAIT, type_in
from ui.pages.pairing.handover_page import HandOverPage
from ui.pages.pairing.handover_panel import HandOverPanel
from ui.theme import Breakpoint
from ui.widgets import Text
from ui.widgets.cuts import cuts_of


@pytest.fixture
def people(school, asked):
    """A teacher with three children, and two who could take them."""
    today = school.clock.today()
    leaver, one, other = [p for p in asked(supporters, today) if p.check is CheckState.VALID][:3]
    for child in asked(unpaired, today)[:3]:
        asked(
            pair,
            child_uuid=child.uuid,
            kind=PairingKind.SUPPORT_TEACHER,
            key=leaver.key,
            since="2026-09-01",
        )
    return leaver, one, other


@pytest.fixture
def page(school, people, qtbot, settles):
    made = HandOverPage(school)
    qtbot.addWidget(made)
    made.resize(1222, 656)
    made.open_with(key=people[0].key)
    made.show()
    qtbot.waitUntil(lambda: len(made.table.rows) == 3, timeout=WAIT)
    settles()
    return made


def give(page, person, rows):
    page.table.set_ticked(row.uuid for row in rows)
    page.successor.choose(person.key)
    page.give.click()


def said(page):
    """What stands beside the button."""
    return " ".join(text.text() for text in page.foot.findChildren(Text))


def test_the_keyboard_stands_on_who_takes_them_and_then_on_the_sheet(page, people, qtbot, settles, school):
    qtbot.waitUntil(lambda: page.focusWidget() is page.successor, timeout=WAIT)
    give(page, people[1], page.table.rows)
    page.hand.click()
    panel = school.dialogs.panels[-1]
    panel.buttons["save"].click()
    qtbot.waitUntil(lambda: not page.table.rows, timeout=WAIT)
    settles()
    assert page.focusWidget().text() == "看交接单"


def test_a_head_teacher_who_leaves_leaves_a_class_without_one(page, people, asked, school, settles, qtbot):
    led = asked(all_classes, school.clock.today())[0]
    staff_uuid = page._loaded.facts.supporter.staff_uuid
    asked(set_class_teacher, class_uuid=led.uuid, staff_uuid=staff_uuid, since=school.clock.today())
    page.reload()
    settles()
    give(page, people[1], page.table.rows)
    page.hand.click()
    panel = school.dialogs.panels[-1]
    panel.leaves.setChecked(True)
    panel.buttons["save"].click()
    qtbot.waitUntil(page._nobody.isVisible, timeout=WAIT)
    settles()
    words = " ".join(text.text() for text in page._nobody.findChildren(Text))
    assert f"{led.name}没有班主任了" in words


def test_her_children_go_to_two_others_and_come_back_by_one_undo(page, people, asked, school, settles):
    leaver, one, other = people
    today = school.clock.today()
    assert len(page.table.ticked_keys()) == 3, "everybody is ticked at first"
    assert not page.hand.isEnabled()
    assert "还不能办交接：勾选的 3 名，请在上面写交给谁" in said(page)
    give(page, one, page.table.rows[:2])
    assert page.table.ticked_keys() == {page.table.rows[2].uuid}, "the rest waits for the next one"
    assert not page.hand.isEnabled()
    assert "还有 1 名没有选接手的人，选完才能办交接" in said(page)
    give(page, other, page.table.rows[2:])
    page.hand.click()
    panel = school.dialogs.panels[-1]
    assert isinstance(panel, HandOverPanel)
    assert one.name in panel.head.text()
    assert other.name in panel.head.text()
    assert panel.leaves.text() == f"{leaver.name}离校，以后不再帮扶", "it is written among the staff"
    assert any("离校日期" in text.text() for text in panel.findChildren(Text))
    panel.leaves.setChecked(True)
    panel.buttons["save"].click()
    settles()

    now = asked(pairs, today)
    assert sorted(pair.key for pair in now) == sorted([one.key, one.key, other.key])
    history = asked(pairs_of_supporter, leaver.key, today)
    assert {(pair.valid_to, pair.end_reason) for pair in history} == {
        (today.isoformat(), PairingEnd.SUPPORTER_LEFT)
    }
    assert not page.table.rows
    assert page._nobody.isVisible()

    assert school.undo_last()
    settles()
    assert [pair.key for pair in asked(pairs, today)] == [leaver.key] * 3
    assert asked(supporter, leaver.key, today).present


def test_who_hands_over_is_named_and_stays_unless_she_says_so(page, people, asked, school, settles):
    """Most hand-overs are for a leave or a change of classes: that somebody is gone is never taken for granted."""
    leaver, one, _ = people
    today = school.clock.today()
    assert page.header._title.text() == f"{leaver.name} 办交接"
    give(page, one, page.table.rows)
    page.hand.click()
    panel = school.dialogs.panels[-1]
    assert panel.head.text().startswith(f"{leaver.name}的 3 名交给")
    assert not panel.leaves.isChecked()
    panel.buttons["save"].click()
    settles()
    assert asked(supporter, leaver.key, today).present
    assert {pair.end_reason for pair in asked(pairs_of_supporter, leaver.key, today)} == {
        PairingEnd.HANDED_OVER
    }


def test_a_successor_without_a_check_needs_the_reason(page, asked, school, settles):
    person = next(p for p in asked(supporters, school.clock.today()) if p.name == LONG)
    give(page, person, page.table.rows)
    page.hand.click()
    panel = school.dialogs.panels[-1]
    panel.buttons["save"].click()
    assert "从业查询" in panel._reason.text()
    type_in(panel.unchecked, "已申请，结果未回")
    panel.buttons["save"].click()
    settles()
    assert {pair.unchecked_reason for pair in asked(pairs, school.clock.today())} == {"已申请，结果未回"}


def test_nothing_is_cut_in_a_narrow_window(page, people, settles):
    give(page, people[1], page.table.rows)
    page.resize(831, 388)
    page.set_breakpoint(Breakpoint.NARROW)
    settles()
    assert not cuts_of(page)


def test_who_hands_over_is_changed_on_the_page(page, people, asked, school, settles, qtbot):
    """Opened from the wrong line: nobody has to go back; what was chosen for the first is kept as a draft."""
    leaver, one, _ = people
    (child, *_rest) = asked(unpaired, school.clock.today())
    asked(pair, child_uuid=child.uuid, kind=PairingKind.SUPPORT_TEACHER, key=one.key, since="2026-09-01")
    page.reload()
    settles()
    assert page.giver.value == leaver.key
    give(page, one, page.table.rows)
    page.giver.setCurrentIndex(page.giver.findData(one.key))
    page.giver.saved.emit(one.key)
    qtbot.waitUntil(lambda: len(page.table.rows) == 1, timeout=WAIT)
    settles()
    assert page.header._title.text() == f"{one.name} 办交接"
    assert not any(row.to for row in page.table.rows)
    assert len(page.table.ticked_keys()) == 1
    assert leaver.key in [page.giver.itemData(place) for place in range(page.giver.count())]
