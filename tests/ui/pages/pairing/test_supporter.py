"""One supporter: the check and its renewal, a limit of their own, the end of a pair; a person from outside; the rule."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.pairing.codes import Identity, PairingEnd, PairingKind
from app.pairing.facts import CheckState
from app.pairing.queries import pairs, pairs_of_supporter, supporter, supporters, unpaired
from app.pairing.school_rules import pairing_rules
from app.pairing.service_pairs import pair
from app.pairing.service_supporters import set_supporter_limit
from tests.ui.pages.pairing.conftest import LONG, WAIT, type_in
from ui.pages.pairing.pair_panel import PairPanel
from ui.pages.pairing.person_panels import CheckPanel, EndPanel, LimitPanel, OutsiderPanel, PairDataPanel
from ui.pages.pairing.rule_panel import RulePanel
from ui.pages.pairing.supporter_page import SupporterPage
from ui.theme import Breakpoint
from ui.widgets import Text
from ui.widgets.cuts import cuts_of
from ui.widgets.near_day import NOT_A_DAY


@pytest.fixture
def outsider(school, asked):
    """The helper from outside, without a check, with one child."""
    today = school.clock.today()
    person = next(one for one in asked(supporters, today) if one.name == LONG)
    child = asked(unpaired, today)[0]
    asked(
        pair,
        child_uuid=child.uuid,
        kind=PairingKind.PROXY_PARENT,
        key=person.key,
        since="2026-09-01",
        unchecked_reason="已申请，结果未回",
    )
    return person


@pytest.fixture
def page(school, outsider, qtbot, settles):
    made = SupporterPage(school)
    qtbot.addWidget(made)
    made.resize(1222, 656)
    made.open_with(key=outsider.key)
    made.show()
    qtbot.waitUntil(lambda: bool(made.table.rows), timeout=WAIT)
    settles()
    return made


def said(widget):
    return " ".join(label.text() for label in widget.findChildren(Text) if label.isVisibleTo(widget))


def test_a_check_is_noted_and_says_when_it_is_due_again(page, outsider, asked, school, settles):
    assert "没有查询记录" in said(page)
    page._note_check()
    panel = school.dialogs.panels[-1]
    assert isinstance(panel, CheckPanel)
    type_in(panel.office, "县公安局")
    panel.buttons["save"].click()
    settles()
    now = asked(supporter, outsider.key, school.clock.today())
    assert now.check is CheckState.VALID
    assert f"到 {now.check_until} 再查一次" in said(page)


def test_somebody_is_excused_with_the_reason(page, outsider, asked, school, settles):
    page._change_limit()
    panel = school.dialogs.panels[-1]
    assert isinstance(panel, LimitPanel)
    panel.by_rule.setChecked(False)
    panel.buttons["save"].click()
    assert panel.isVisible(), "how many is not said yet"
    type_in(panel.most, "0")
    type_in(panel.reason, "住院")
    panel.buttons["save"].click()
    settles()
    assert asked(supporter, outsider.key, school.clock.today()).own_limit == 0
    assert "不安排，住院" in said(page)


def test_a_pair_ends_with_its_reason_and_stays_in_the_history(page, outsider, asked, school, settles):
    page.table.link_pressed.emit(page.table.rows[0], "end")
    panel = school.dialogs.panels[-1]
    assert isinstance(panel, EndPanel)
    panel.buttons["save"].click()
    assert panel.isVisible(), "the reason is not chosen yet"
    panel.reason.set_value(PairingEnd.UNSUITED)
    panel.buttons["save"].click()
    settles()
    today = school.clock.today()
    assert not asked(pairs, today)
    (ended,) = asked(pairs_of_supporter, outsider.key, today)
    assert (ended.end_reason, ended.valid_to) == (PairingEnd.UNSUITED, today.isoformat())
    assert not page.table.rows
    assert page.past.rows == [ended]


def test_a_pair_entered_by_mistake_leaves_no_history(page, outsider, asked, school, settles):
    page.table.link_pressed.emit(page.table.rows[0], "end")
    panel = school.dialogs.panels[-1]
    panel.reason.set_value(PairingEnd.MISTAKEN)
    panel.reason.saved.emit(panel.reason.value)
    assert not panel.on.isEnabled()
    panel.buttons["save"].click()
    settles()
    assert asked(pairs_of_supporter, outsider.key, school.clock.today()) == ()
    assert school.undo_last()
    settles()
    assert len(page.table.rows) == 1


def test_what_a_pair_is_about_and_where_its_paper_lies_is_changed(page, outsider, asked, school, settles):
    today = school.clock.today()
    (before,) = asked(pairs_of_supporter, outsider.key, today)
    page.table.link_pressed.emit(page.table.rows[0], "data")
    panel = school.dialogs.panels[-1]
    assert isinstance(panel, PairDataPanel)
    type_in(panel.focus, "心理、学习")
    panel.agreed.setText("2026")
    panel.agreed.leave()
    panel.buttons["save"].click()
    assert panel.agreed.finding.reason == NOT_A_DAY
    panel.agreed.setText("9.2")
    panel.agreed.leave()
    type_in(panel.kept, "校办公室文件柜")
    panel.buttons["save"].click()
    settles()
    (pair_now,) = asked(pairs_of_supporter, outsider.key, today)
    assert (pair_now.focus, pair_now.agreed_on, pair_now.kept_at) == (
        "心理、学习",
        "2026-09-02",
        "校办公室文件柜",
    )
    assert (pair_now.uuid, pair_now.valid_from) == (before.uuid, before.valid_from)
    assert page.table.rows == [pair_now]
    assert school.undo_last()
    settles()
    assert asked(pairs_of_supporter, outsider.key, today) == (before,)


def test_beside_a_pair_made_by_hand_stands_whose_number_is_full(page, asked, school, settles):
    """Told and not refused: the school's rule, and a limit of their own with its reason."""
    today = school.clock.today()
    teacher = next(one for one in asked(supporters, today) if one.identity is Identity.STAFF)
    alone = asked(unpaired, today)
    rule = asked(pairing_rules, today)[PairingKind.SUPPORT_TEACHER]

    def open_panel():
        page.opening.pair(child=alone[-1].uuid, key=teacher.key)
        settles()
        return school.dialogs.panels[-1]

    assert "最多" not in open_panel()._says.text()
    for child in alone[: rule.most]:
        asked(
            pair, child_uuid=child.uuid, kind=PairingKind.SUPPORT_TEACHER, key=teacher.key, since="2026-09-01"
        )
    panel = open_panel()
    assert panel._says.text() == (
        f"{teacher.name}已带 {rule.most} 名，规则是每人最多 {rule.most} 名。照样可以结对。"
    )
    panel.kind.set_value(PairingKind.MENTOR)
    panel.kind.saved.emit(PairingKind.MENTOR)
    assert panel._says.text() == ""
    asked(set_supporter_limit, key=teacher.key, most=0, reason="病假", since=today)
    panel = open_panel()
    assert panel._says.text() == f"{teacher.name}不参加结对（病假）。照样可以结对。"
    panel.buttons["save"].click()
    settles()
    assert len(asked(pairs_of_supporter, teacher.key, today)) == rule.most + 1


def test_in_a_narrow_window_list_and_facts_take_turns(page, settles):
    page.resize(831, 388)
    page.set_breakpoint(Breakpoint.NARROW)
    for tab in ("now", "before", "about"):
        page.narrow_tabs.set_current(tab)
        page._arrange()
        settles()
        assert page._side.isVisible() == (tab == "about")
        assert not cuts_of(page)


def test_somebody_from_outside_is_added_once(school, asked, settles):
    panel = OutsiderPanel(school, None)
    school.dialogs.open_panel(panel, lambda _key: None)
    assert not panel.buttons["save"].isEnabled()
    type_in(panel.texts["name"], "冉秋月")
    panel.identity.set_value(Identity.WOMENS_FEDERATION)
    type_in(panel.texts["organisation"], "白水沟村")
    panel.buttons["save"].click()
    panel.buttons["save"].click()
    settles()
    found = [one for one in asked(supporters, school.clock.today()) if one.name == "冉秋月"]
    assert [(one.identity, one.organisation) for one in found] == [(Identity.WOMENS_FEDERATION, "白水沟村")]


def test_the_rule_says_whom_it_would_concern_before_it_is_stored(page, asked, school, settles):
    page.opening.rules(PairingKind.PROXY_PARENT)
    settles()
    panel = school.dialogs.panels[-1]
    assert isinstance(panel, RulePanel)
    panel.most.setText("0")
    assert LONG in panel._effect.text()
    panel.buttons["save"].click()
    settles()
    assert panel.isVisible(), "nobody at all is no rule"
    panel.most.setText("4")
    assert not panel._effect.text()
    panel.buttons["save"].click()
    settles()
    rule = asked(pairing_rules, school.clock.today())[PairingKind.PROXY_PARENT]
    assert (rule.most, rule.shipped) == (4, False)


def test_a_pair_is_made_by_hand_from_what_is_typed(page, outsider, asked, school, settles):
    today = school.clock.today()
    child = asked(unpaired, today)[-1]
    page.opening.pair(key=outsider.key)
    settles()
    panel = school.dialogs.panels[-1]
    assert isinstance(panel, PairPanel)
    assert "没有查询记录" in panel._says.text()
    panel.buttons["save"].click()
    assert "还没有选儿童" in panel._reason.text()
    panel.child.choose(child.uuid)
    panel.kind.set_value(PairingKind.PROXY_PARENT)
    panel.buttons["save"].click()
    assert "从业查询" in panel._reason.text()
    type_in(panel.unchecked, "已申请")
    panel.buttons["save"].click()
    settles()
    assert {one.child_uuid for one in asked(pairs, today)} >= {child.uuid}
    assert len(page.table.rows) == 2


def test_what_stands_at_the_end_of_a_row_is_reached_by_keyboard(page, school, qtbot, settles):
    opened = []
    school.navigation.open_page = lambda name, **params: opened.append((name, params))
    qtbot.bring(page)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_F2)
    pair = page.table.current_row()
    assert opened == [("help_plan", {"uuid": pair.child_uuid, "key": pair.key})]
    qtbot.keyClick(page.table, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    panel = school.dialogs.panels[-1]
    assert isinstance(panel, PairDataPanel)
    panel.answer("stay")
    qtbot.bring(page)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert isinstance(school.dialogs.panels[-1], EndPanel)
