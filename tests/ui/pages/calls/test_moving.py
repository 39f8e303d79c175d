"""Moving a call with the keys and with the mouse: what stands against it is shown before it is put down."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from app.calls.plan_queries import planned_calls
from app.calls.service_lines import ClosureDraft, close_line
from tests.ui.pages.calls.conftest import MONDAY, TODAY
from ui.pages.calls.board_model import State
from ui.widgets import Menu

CTRL = Qt.KeyboardModifier.ControlModifier
RIGHT, DOWN, UP = Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Up


@pytest.fixture
def plan(asked):
    """The plan of the week as {child: (day, hour)}."""

    def read():
        found = asked(planned_calls, MONDAY, MONDAY.replace(day=22))
        return {(one.child, one.day.day): one.starts for one in found}

    return read


def cell(page, day, starts):
    board = page.board.cells.board
    for number, row in enumerate(board.rows):
        for column, spot in enumerate(row.spots, start=1):
            if (spot.day[8:], spot.starts) == (day, starts):
                return number, column
    raise AssertionError((day, starts))


def go(page, day, starts):
    page.board.setFocus()
    page.board.setCurrentIndex(page.board.cells.index(*cell(page, day, starts)))
    return page.board.spot()


def test_cut_and_put_moves_a_call_and_its_brothers_and_sisters(page, press, plan, ledger, settled):
    go(page, "18", "12:30")
    press(Qt.Key.Key_X, modifier=CTRL)
    assert page.board.holding
    go(page, "20", "12:50")
    verdict = page.board.verdict(page.board.spot())
    assert verdict.can
    press(Qt.Key.Key_V, modifier=CTRL)
    assert plan()["谭晓东", 20] == plan()["谭小兰", 20] == "12:50"
    assert ("谭晓东", 18) not in plan()
    moved = page.board.spot().first
    assert (moved.names, moved.tail) == ("谭晓东、谭小兰", "从周三")
    ledger.undo_last()
    settled()
    assert plan()["谭晓东", 18] == "12:30"


def test_what_cannot_be_is_said_in_the_cell_and_nothing_is_moved(
    page, press, plan, asked, who, settled, ledger
):
    line = who.lines["活动室座机"]
    asked(
        close_line,
        draft=ClosureDraft(
            line_uuid=line, first=TODAY.replace(day=20), last=TODAY.replace(day=20), reason="开会"
        ),
    )
    page.reload()
    settled()
    before = plan()
    spot = go(page, "20", "12:20")
    assert (spot.state, spot.words) == (State.CLOSED, "开会")
    go(page, "18", "12:30")
    press(Qt.Key.Key_X, modifier=CTRL)
    go(page, "20", "12:20")
    assert not page.board.verdict(page.board.spot()).can
    press(Qt.Key.Key_V, modifier=CTRL)
    assert page.board.holding
    press(Qt.Key.Key_Escape)
    assert not page.board.holding
    assert plan() == before


def test_two_calls_change_places(page, press, plan):
    go(page, "18", "12:40")
    press(Qt.Key.Key_X, modifier=CTRL)
    there = go(page, "19", "12:20")
    assert page.board.verdict(there).can
    press(Qt.Key.Key_V, modifier=CTRL)
    assert (plan()["张伟", 19], plan()["冉小燕", 18]) == ("12:20", "12:40")


def test_dragging_shows_where_it_may_go_and_drops_there(page, qtbot, plan, settled):
    view = page.board.viewport()
    start = page.board.visualRect(page.board.cells.index(*cell(page, "18", "12:40"))).center()
    end = page.board.visualRect(page.board.cells.index(*cell(page, "19", "12:50"))).center()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    for point in (start + QPoint(30, 4), end):
        _drag(view, point)
        settled()
    assert page.board.holding
    assert page.board.verdict(page.board.spot()) is not None
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=end)
    settled()
    assert plan()["张伟", 19] == "12:50"
    assert not page.board.holding


def _drag(view, point):
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QMouseEvent

    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(point),
        QPointF(view.mapToGlobal(point)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(view, event)


def test_a_call_that_was_made_stays_where_it_was(page, press, plan, ledger):
    before = plan()
    go(page, "16", "12:20")
    press(Qt.Key.Key_X, modifier=CTRL)
    assert not page.board.holding
    assert "不能再挪" in ledger.navigation.toasts[-1][0]
    assert plan() == before


def test_calling_off_asks_why_and_leaves_the_slot_empty(page, press, plan, ledger):
    go(page, "19", "12:20")
    ledger.dialogs.choices.append("parent")
    press(Qt.Key.Key_Delete)
    assert ("冉小燕", 19) not in plan()
    assert page.board.spot().first is None


def test_a_child_is_put_into_an_empty_slot(page, press, plan, ledger, who, settled):
    go(page, "20", "12:20")
    press(Qt.Key.Key_Return)
    panel = ledger.dialogs.panels[-1]
    panel.field.choose(who.children["罗诗涵"])
    panel.buttons["take"].click()
    settled()
    if ledger.dialogs.asked:
        assert "还是排" in ledger.dialogs.asked[-1][0]
    else:
        assert plan()["罗诗涵", 20] == "12:20"


def test_the_menu_of_a_cell_fixes_a_call(page, settled):
    spot = go(page, "19", "12:20")
    menu = Menu(page)
    page.moving.fill_menu(menu, spot)
    words = [action.text() for action in menu.actions() if action.text()]
    assert words[:4] == ["记这次通话", "挪到别的时段", "固定不动", "取消这次…"]
    next(action for action in menu.actions() if action.text() == "固定不动").trigger()
    settled()
    assert page.board.spot().first.fixed
