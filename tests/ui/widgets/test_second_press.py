"""A double click on the last button of a panel: the second press is not for the row that lay behind it."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from ui.dialogs import Dialogs
from ui.widgets.dialog import AskDialog, Verb
from ui.widgets.second_press import SecondPress

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def interval():
    """`interval(ms)` sets how long two presses are one double click, until the test is over."""
    before = QApplication.doubleClickInterval()
    yield QApplication.setDoubleClickInterval
    QApplication.setDoubleClickInterval(before)
    for guard in guards():
        shiboken6.delete(guard)


@pytest.fixture
def behind(look, qtbot):
    """A window that is one button: whatever of it is pressed counts."""
    window = QWidget()
    button = QPushButton("后面的一行", window)
    qtbot.addWidget(window)
    window.resize(900, 600)
    button.resize(900, 600)
    window.pressed = []

    def note(_on):
        window.pressed.append(button)

    button.clicked.connect(note)
    window.button = button
    qtbot.show(window)
    return window


def opened(window):
    panel = AskDialog(window, "返乡了", ["登记吗？"], [Verb("stay", "先不动"), Verb("save", "登记返乡")])
    Dialogs(window).open_panel(panel, list)
    return panel


def guards():
    return [one for one in QCoreApplication.instance().children() if isinstance(one, SecondPress)]


def press_twice(panel, window, qtbot, *, down=0):
    button = panel.buttons["save"]
    qtbot.waitUntil(button.isVisible)
    at = button.mapToGlobal(button.rect().center())
    qtbot.mouseClick(button, LEFT)
    qtbot.mouseClick(window.button, LEFT, pos=window.button.mapFromGlobal(at) + QPoint(0, down))


def test_the_second_press_at_the_same_place_reaches_nothing(behind, qtbot, interval):
    interval(60_000)
    press_twice(opened(behind), behind, qtbot)
    assert behind.pressed == []


def test_a_press_elsewhere_is_a_press(behind, qtbot, interval):
    interval(60_000)
    press_twice(opened(behind), behind, qtbot, down=120)
    assert len(behind.pressed) == 1


def test_after_the_time_of_a_double_click_the_same_place_can_be_pressed(behind, qtbot, interval):
    interval(1)
    press_twice(opened(behind), behind, qtbot)
    qtbot.waitUntil(lambda: not guards())
    before = len(behind.pressed)
    qtbot.mouseClick(behind.button, LEFT)
    assert len(behind.pressed) == before + 1


def test_a_panel_closed_by_a_key_holds_nothing_up(behind, qtbot, interval):
    interval(60_000)
    panel = opened(behind)
    at = panel.buttons["save"].mapToGlobal(panel.buttons["save"].rect().center())
    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    qtbot.mouseClick(behind.button, LEFT, pos=behind.button.mapFromGlobal(at))
    assert len(behind.pressed) == 1
    qtbot.waitUntil(lambda: not guards())
