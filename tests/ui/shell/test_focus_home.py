"""The keyboard never falls out of the page by itself: not after a panel, a reload, or a button that waits."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from tests.ui.shell.test_window import SPECS
from ui.shell.window import MainWindow
from ui.widgets import Banner, Button, Link, Verb, column, holder
from ui.widgets.dialog import Panel


@pytest.fixture
def window(context, qtbot):
    made = MainWindow(SPECS, "守望")
    qtbot.addWidget(made)
    context.navigation = made
    context.dialogs.window = made
    made.attach(context)
    made.resize(1366, 688)
    with qtbot.waitActive(made):
        made.show()
    made.open_page("children")
    return made


@pytest.fixture
def parts(window):
    """A side of the page that is built anew: two fields and a button."""
    page = window.current_page()
    one, two, act = QLineEdit(), QLineEdit(), Button("记一次查询…")
    side = holder(column(one, two, act))
    page.content.addWidget(side)
    side.show()
    return page, side, one, two, act


@pytest.fixture
def answered(window, qtbot):
    """A panel over the page that is answered; without a window manager nobody else brings the window back in front."""

    def answer_panel(on_choice):
        panel = Panel(window, "记一次查询", [Verb("stay", "先不记"), Verb("save", "记下")])
        panel.chosen.connect(on_choice)
        panel.open()
        qtbot.waitUntil(panel.isActiveWindow)
        panel.answer("save")
        qtbot.bring(window)

    return answer_panel


def in_page(window):
    here = QApplication.focusWidget()
    return here is not None and window.stack.isAncestorOf(here)


def test_after_a_panel_the_keyboard_is_where_it_was(window, parts, answered, qtbot):
    *_, act = parts
    act.setFocus()
    answered(lambda _key: None)
    qtbot.waitUntil(act.hasFocus)


def test_what_was_built_anew_behind_a_panel_leaves_it_to_its_neighbour(window, parts, answered, qtbot):
    page, side, one, _two, act = parts
    act.setFocus()
    answered(lambda _key: shiboken6.delete(act))
    qtbot.waitUntil(lambda: in_page(window))
    assert QApplication.focusWidget() is one

    shiboken6.delete(side)
    qtbot.waitUntil(page.list.hasFocus, timeout=2000)


def test_hidden_under_the_hand_it_stays_in_the_page(window, parts, qtbot):
    page, side, *_, act = parts
    act.setFocus()
    side.hide()
    qtbot.waitUntil(lambda: in_page(window))
    assert not any(item.hasFocus() for item in window.rail.items.values())
    assert page.isAncestorOf(QApplication.focusWidget())


@pytest.mark.parametrize(
    "lose", [lambda act: act.hide(), lambda act: act.setEnabled(False)], ids=["hidden", "waits"]
)
@pytest.mark.parametrize("over", ["toast", "banner"])
def test_it_never_lands_on_undo_or_on_a_banner_by_itself(window, parts, qtbot, over, lose):
    page, side, one, _two, act = parts
    pressed = []
    if over == "toast":
        window.toast("接受结对建议，4 对", on_undo=lambda: pressed.append("undo"))
    else:
        page.set_banner(
            "demo", Banner("这是演示学校", link="回到我的学校", on_link=lambda: pressed.append("left"))
        )
    (link,) = [
        found for found in page.findChildren(Link) if found.isVisible() and not side.isAncestorOf(found)
    ]
    QWidget.setTabOrder(act, link)  # as it stands on a page whose last button is gone after its work
    act.setFocus()
    lose(act)
    qtbot.waitUntil(one.hasFocus)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert not pressed


def test_undo_is_reached_by_her_own_keys(window, parts, qtbot):
    page, *_, act = parts
    window.toast("接受结对建议，4 对", on_undo=lambda: None)
    (link,) = [found for found in page.findChildren(Link) if found.isVisible()]
    QWidget.setTabOrder(act, link)
    act.setFocus()
    qtbot.keyClick(act, Qt.Key.Key_Tab)
    QApplication.processEvents()
    assert link.hasFocus()


def test_a_button_that_waits_gets_it_back(window, parts, qtbot):
    *_, act = parts
    act.setFocus()
    act.setEnabled(False)
    qtbot.waitUntil(lambda: in_page(window))
    act.setEnabled(True)
    qtbot.waitUntil(act.hasFocus)


def test_once_she_has_gone_on_she_is_not_fetched_back(window, parts, qtbot):
    _page, _side, one, _two, act = parts
    act.setFocus()
    act.setEnabled(False)
    qtbot.waitUntil(lambda: in_page(window))
    one.setFocus()
    one.clearFocus()
    one.setFocus()
    window.rail.items["today"].setFocus(Qt.FocusReason.ShortcutFocusReason)
    act.setEnabled(True)
    qtbot.wait(0)
    assert window.rail.items["today"].hasFocus()


def test_the_rail_is_reached_by_her_own_keys(window, parts, qtbot):
    one = parts[2]
    one.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_F6)
    for _ in range(20):
        if any(item.hasFocus() for item in window.rail.items.values()):
            break
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    QApplication.processEvents()
    assert any(item.hasFocus() for item in window.rail.items.values()), "Tab goes all the way round"
