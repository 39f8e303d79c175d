"""What the school asks for, by keys and fields: cadences, events, limits, each from a day on."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt

from app.school.event_rules import event_rules
from app.school.limits import Limit, limit
from app.storage.drafts import DraftBox
from app.todo.cadences import cadences
from app.todo.codes import Per
from ui.drafts import Drafts
from ui.pages.settings.page import SettingsPage

WAIT = 10_000
SINCE = date(2026, 11, 23)


@pytest.fixture
def drafts_kept(ledger, tmp_path):
    """Drafts in a folder of the test."""
    ledger.drafts = Drafts(
        DraftBox("ledger", (tmp_path / "drafts",)), clock=ledger.clock, who=lambda: "陈素兰"
    )
    yield
    ledger.drafts.shut()


@pytest.fixture
def open_section(ledger, qtbot):
    page = SettingsPage(ledger)
    qtbot.addWidget(page)
    page.resize(1222, 656)

    def show(key):
        page.open_with(section=key)
        page.show()
        qtbot.waitUntil(lambda: bool(page.section.table.rows), timeout=WAIT)
        return page.section

    return show


def press_link(section, place, column):
    section.table.link_pressed.emit(section.table.rows[place], column)
    return section.context.dialogs.panels[-1] if section.context.dialogs.panels else None


def store_it(panel, qtbot):
    qtbot.keyClick(panel, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not panel.isVisible(), timeout=WAIT)


def test_a_rule_is_changed_from_a_day_on_and_says_first_what_changes(open_section, qtbot, asked):
    section = open_section("cadences")
    panel = press_link(section, 0, "change")
    assert not panel.what.isEnabled()
    panel.times.setText("2")
    panel.since.setText(SINCE.isoformat())
    expected = (
        "现在：每周谈心一次。改后：每周谈心 2 次（39 名儿童；不在班的 1 名不要求），第一次到期 11月29日。"
    )
    qtbot.waitUntil(lambda: panel.told.text() == expected, timeout=WAIT)
    store_it(panel, qtbot)
    assert "每周谈心 2 次" in [rule.words for rule in asked(cadences, SINCE)]
    assert "每周谈心一次" in [rule.words for rule in asked(cadences, date(2026, 11, 21))]


def test_a_rule_for_one_child_is_found_by_its_name(open_section, qtbot, asked, ledger):
    section = open_section("cadences")
    (name,) = asked(
        lambda store: store.one("SELECT name FROM child GROUP BY name HAVING count(*) = 1 ORDER BY id")
    )
    section._add_one()
    panel = ledger.dialogs.panels[-1]
    panel.whom.set_value("one")
    panel._changed()
    assert not panel.buttons["save"].isEnabled(), "nobody is named yet"
    panel.child.setText("没有这个人")
    panel.per.set_value(Per.WEEK)
    panel.times.setText("3")
    qtbot.keyClick(panel, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(panel._reason.text()), timeout=WAIT)
    panel.child.setText(name)
    store_it(panel, qtbot)
    (own,) = [rule for rule in asked(cadences) if rule.child_uuid]
    assert (own.child_name, own.words) == (name, "每周谈心 3 次")


def test_another_set_says_what_it_would_change_and_is_one_undo(open_section, qtbot, asked, ledger):
    section = open_section("cadences")
    section._other_style()
    panel = ledger.dialogs.panels[-1]
    panel.style_choice.set_value("four_ones")
    panel._changed()
    qtbot.waitUntil(lambda: "每周谈心一次 → 每月谈心 3 次" in panel.told.text(), timeout=WAIT)
    assert "不再要求：全校每学期家长会 2 次；每月亲情电话一次。" in panel.told.text()
    store_it(panel, qtbot)
    assert {rule.words for rule in asked(cadences)} == {"每月谈心 3 次", "每月家访一次"}
    ledger.undo_last()
    qtbot.waitUntil(lambda: all(rule.shipped for rule in asked(cadences)), timeout=WAIT)


def test_a_shipped_rule_is_ended_after_a_question(open_section, qtbot, asked, ledger):
    section = open_section("cadences")
    ledger.dialogs.choices.append("end")
    press_link(section, 1, "end")
    qtbot.waitUntil(lambda: "不要求家访" in [rule.words for rule in asked(cadences)], timeout=WAIT)


def test_an_event_of_the_schools_own(open_section, qtbot, asked, ledger):
    section = open_section("events")
    section._add_one()
    panel = ledger.dialogs.panels[-1]
    panel.name.setText("夜不归宿")
    assert not panel.buttons["save"].isEnabled()
    panel.days.setText("2")
    assert "2 天内要家访" in panel.told.text()
    store_it(panel, qtbot)
    assert asked(event_rules)[-1].name == "夜不归宿"
    ledger.dialogs.choices.append("end")
    press_link(section, 0, "end")
    qtbot.waitUntil(lambda: "身体不佳" not in [rule.name for rule in asked(event_rules)], timeout=WAIT)


def test_a_limit_is_kept_within_what_makes_sense(open_section, qtbot, asked):
    section = open_section("limits")
    panel = press_link(section, 0, "change")
    panel.number.setText("0")
    qtbot.keyClick(panel, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "1 到 60" in panel._reason.text(), timeout=WAIT)
    panel.number.setText("10")
    store_it(panel, qtbot)
    assert asked(limit, Limit.LATE_ENTRY_DAYS) == 10


@pytest.mark.parametrize(
    ("key", "place", "field", "typed"),
    [("cadences", 0, "times", "3"), ("events", 1, "days", "9"), ("limits", 2, "number", "21")],
)
def test_what_is_typed_and_not_stored_is_offered_back(
    key, place, field, typed, drafts_kept, open_section, qtbot, ledger
):
    section = open_section(key)
    panel = press_link(section, place, "change")
    getattr(panel, field).setText(typed)
    ledger.drafts.flush()
    (draft,) = ledger.drafts.box.read().drafts
    panel.hide()
    panel.deleteLater()

    asked = len(ledger.dialogs.panels)
    section.resume(draft)
    qtbot.waitUntil(lambda: len(ledger.dialogs.panels) > asked, timeout=WAIT)
    again = ledger.dialogs.panels[-1]
    assert getattr(again, field).text() == typed
    store_it(again, qtbot)
    ledger.drafts.flush()
    assert ledger.drafts.box.read().drafts == ()


@pytest.mark.parametrize("key", ["cadences", "events"])
def test_a_rule_is_ended_by_keyboard_after_a_question(open_section, qtbot, monkeypatch, key):
    section = open_section(key)
    asked_for = []
    monkeypatch.setattr(section.context.dialogs, "ask", lambda head, *_: asked_for.append(head))
    qtbot.bring(section)
    section.table.setFocus()
    qtbot.keyClick(section.table, Qt.Key.Key_Delete)
    assert len(asked_for) == 1
    assert "不再要求" in asked_for[0]
