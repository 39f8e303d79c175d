"""The child's file in the real window: back from a sister, keys, the title."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from ui.pages import child as child_page
from ui.pages import children as ledger_page
from ui.shell.window import MainWindow

TITLE = "青石坪镇中心小学"


@pytest.fixture
def window(ledger, qtbot):
    made = MainWindow((*ledger_page.SPECS, *child_page.SPECS), TITLE)
    ledger.navigation = made
    made.attach(ledger)
    made.resize(1366, 688)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def shown(qtbot, window, child):
    page = window.page("child")
    qtbot.waitUntil(lambda: page.shown_uuid == child.uuid and page.is_whole, timeout=10_000)
    return page


def test_back_from_the_sister_shows_the_first_child_again(window, children, qtbot):
    first, sister = children[:2]
    window.open_child(first.uuid, among=(first.uuid, sister.uuid))
    shown(qtbot, window, first)
    window.open_child(sister.uuid)
    shown(qtbot, window, sister)
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    page = shown(qtbot, window, first)
    assert page.pager.isVisible()
    assert window.windowTitle() == TITLE


def test_leaving_by_the_rail_saves_what_is_typed_and_stays_where_it_cannot(
    window, children, qtbot, settled, file_of
):
    child = children[0]
    window.open_child(child.uuid)
    page = shown(qtbot, window, child)
    field = page.personal.field("birth_date")
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "2016-13")
    window.open_page("ledger")
    assert window.current_page() is page
    assert "看不出是哪一天" in field.finding.reason
    field.restore()
    hobbies = page.sections[6].gap_target("hobbies")
    hobbies.setFocus()
    hobbies.selectAll()
    hobbies.insertPlainText("跳绳")
    window.open_page("ledger")
    settled()
    assert window.current_page() is not page
    assert file_of(child.uuid).facts.hobbies == "跳绳"
