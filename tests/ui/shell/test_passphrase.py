"""A copy with a passphrase, restored: the words can be seen, Enter opens, a wrong one is asked for again in place."""

from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from app.core.clock import FixedClock
from app.storage.data_place import ledger_path
from app.storage.stick import copy_to_stick
from app.storage.store import Store
from tests.ui.shell.hands import close, press, said, sits, wait_for_screen

PASSPHRASE = "春天的风吹过山坡 2026"
PATIENCE = 30_000


@pytest.fixture
def path(school, tmp_path, qtbot):
    """The usual ledger, put away."""
    close(school, qtbot)
    return ledger_path(tmp_path / "data")


@pytest.fixture
def copy(path, tmp_path):
    """A stick copy of it, with a passphrase in Chinese."""
    stick = tmp_path / "stick"
    stick.mkdir()
    clock = FixedClock(datetime(2026, 11, 21, 11))
    with Store.open(path, clock=clock) as store:
        copy_to_stick(store, stick, audience="self", clock=clock, passphrase=PASSPHRASE)
    for backup in (tmp_path / "backups").glob("*.db"):
        backup.unlink()  # else the start screen lists those
    (made,) = stick.glob("*.7z")
    return made


def opened(program, qtbot, count):
    qtbot.waitUntil(lambda: len(program.dialogs.panels) == count, timeout=PATIENCE)
    return program.dialogs.panels[-1]


def test_a_wrong_passphrase_keeps_the_file_and_is_asked_for_again(path, copy, start, qtbot):
    path.write_bytes(b"")
    again = start()
    screen = wait_for_screen(again, qtbot, "empty")
    again.dialogs.files.append(copy)
    press(screen, "从备份恢复")
    panel = opened(again, qtbot, 1)
    assert panel.field.echoMode() is QLineEdit.EchoMode.Password
    panel.shown.click()
    assert panel.field.echoMode() is QLineEdit.EchoMode.Normal, "Chinese can be typed only where it is shown"
    panel.field.setText("不是这个口令吧")
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    panel = opened(again, qtbot, 2)
    assert "口令不对" in said(panel)
    assert again.dialogs.faults == []
    panel.field.setText(PASSPHRASE)
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    panel = opened(again, qtbot, 3)
    assert "恢复后：" in said(panel)
    panel.buttons["restore"].click()
    qtbot.waitUntil(sits(again), timeout=PATIENCE)


@pytest.mark.parametrize("name", ["守望.7Z", "守望.db"])
def test_a_copy_that_was_renamed_is_asked_about_all_the_same(path, copy, start, qtbot, name):
    """By its name it has no passphrase; it says so itself, once, and is not looked at over and over."""
    path.write_bytes(b"")
    again = start()
    screen = wait_for_screen(again, qtbot, "empty")
    again.dialogs.files.append(copy.rename(copy.with_name(name)))
    press(screen, "从备份恢复")
    panel = opened(again, qtbot, 1)
    panel.field.setText(PASSPHRASE)
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    panel = opened(again, qtbot, 2)
    assert "恢复后：" in said(panel)
    panel.buttons["stay"].click()


def test_nothing_typed_is_not_sent(path, copy, start, qtbot):
    path.write_bytes(b"")
    again = start()
    screen = wait_for_screen(again, qtbot, "empty")
    again.dialogs.files.append(copy)
    press(screen, "从备份恢复")
    panel = opened(again, qtbot, 1)
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert panel.isVisible()
    panel.buttons["stay"].click()


def test_restoring_from_inside_asks_again_as_well(school, tmp_path, qtbot):
    stick = tmp_path / "stick"
    stick.mkdir()
    store = school.sitting.context.store
    made = []

    def copy_it(store):
        return copy_to_stick(store, stick, audience="self", clock=school.clock, passphrase=PASSPHRASE)

    school.sitting.context.jobs.run(copy_it, store, on_done=made.append)
    qtbot.waitUntil(lambda: bool(made), timeout=PATIENCE)
    (copy,) = stick.glob("*.7z")
    school.restore(copy)
    panel = opened(school, qtbot, 1)
    panel.field.setText("不是这个口令吧")
    panel.buttons["go"].click()
    panel = opened(school, qtbot, 2)
    assert "口令不对" in said(panel)
    panel.field.setText(PASSPHRASE)
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    qtbot.waitUntil(sits(school), timeout=PATIENCE)
