"""From any field of a child's file to what became of it."""

import pytest
from PySide6.QtCore import QPoint, Qt

from app.children.service import change_field
from app.children.service_facts import correct_fact
from app.children.service_family import change_person_field
from ui.pages.child.history_panel import HistoryPanel, field_at
from ui.pages.child.person_card import PersonCard
from ui.widgets import Menu


@pytest.fixture
def panel(ledger, qtbot):
    """Wait for the history that was asked for."""

    def shown():
        qtbot.waitUntil(
            lambda: any(isinstance(one, HistoryPanel) for one in ledger.dialogs.panels), timeout=10_000
        )
        return ledger.dialogs.panels[-1]

    return shown


def flip_the_hour(store):
    """Change a digit, as a disk may: no clock has that hour."""
    store.db.execute_sql(
        "UPDATE action SET at = '2026-11-21T99:00:00' WHERE id = (SELECT max(id) FROM action)"
    )


def values(panel):
    return [(change.before, change.after) for change in panel.changes]


def test_one_field_by_the_keyboard(opened, children, asked, panel, qtbot):
    child = next(one for one in children if one.hobbies)
    page = opened(child)
    asked(change_field, uuid=child.uuid, field="note", value="晕车")
    asked(change_field, uuid=child.uuid, field="hobbies", value="下棋")
    page.sections[6]._rows.fields["hobbies"].setFocus()
    qtbot.keyClick(page, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    shown = panel()
    assert "兴趣爱好" in shown.head.text()
    assert values(shown) == [(child.hobbies, "下棋"), ("", child.hobbies)]


def test_a_moment_with_a_flipped_digit_hides_no_history(opened, children, asked, panel):
    child = next(one for one in children if one.hobbies)
    asked(change_field, uuid=child.uuid, field="hobbies", value="下棋")
    asked(flip_the_hour)
    page = opened(child)
    page.sections[6]._rows.fields["hobbies"].setFocus()
    page.history.ask_here()
    assert values(panel())[0] == (child.hobbies, "下棋")


def test_a_dated_field_and_one_of_a_grown_up(opened, children, asked, panel, qtbot, ledger):
    child = next(one for one in children if one.residence and one.father and one.father.name)
    asked(correct_fact, table="residence", row_uuid=child.residence.uuid, values={"village": "大垭口村"})
    asked(change_person_field, person_uuid=child.father.uuid, field="education", value="初中毕业")
    page = opened(child)
    page.personal._residence.fields["village"].setFocus()
    page.history.ask_here()
    assert values(panel())[0] == (child.residence.village, "大垭口村")
    ledger.dialogs.panels.pop().close()  # an open one would take the keys of whatever window comes next
    cards = page.parents.findChildren(PersonCard)
    card = next(one for one in cards if one.person and one.person.uuid == child.father.uuid)
    page.history.ask(field_at(card.field("education")))
    shown = panel()
    assert values(shown)[0][1] == "初中毕业"
    assert all(child.father.name in change.subject for change in shown.changes)


def test_the_label_offers_it_too(opened, children):
    page = opened(children[0])
    row = page.personal._rows.fields["name"].parentWidget()
    assert page.history.offer(page, row, QPoint(0, 0))
    (menu,) = page.findChildren(Menu)[-1:]
    assert menu.actions()[0].text().startswith("「姓名」的改动历史")
    menu.close()
    assert not page.history.offer(page, page.header, QPoint(0, 0))


def test_without_a_field_it_is_the_whole_file_and_one_kind_can_be_picked(
    opened, children, asked, panel, ledger
):
    child = children[0]
    page = opened(child)
    asked(change_field, uuid=child.uuid, field="note", value="晕车")
    page.index.setFocus()
    page.history.ask_here()
    shown = panel()
    everything = len(shown.changes)
    shown.only.set_value("本人 备注")
    shown.only.saved.emit(shown.only.value)
    assert 0 < len(shown.changes) < everything
    assert {change.what for change in shown.changes} == {"备注"}
    assert ledger.dialogs.faults == []
