"""The router: known faults in three parts, bugs in a calm box and in the log without names."""

import logging
import sys
import threading

import pytest
from PySide6.QtCore import QObject, Signal

from app.core.errors import Cancelled, EnvironmentFault, UserError
from tests.ui.fakes import FakeDialogs
from ui.errors import HEAD_BUG, HEAD_FAULT, HEAD_USER, ErrorRouter


@pytest.fixture
def dialogs():
    return FakeDialogs()


@pytest.fixture
def router(look, dialogs):
    return ErrorRouter(dialogs)


def test_known_faults_keep_their_three_parts(router, dialogs, qtbot):
    router.show(
        EnvironmentFault("disk.full", "硬盘满了。", "已经存上的都在。", "请清出 12 MB。", code="FULL")
    )
    qtbot.waitUntil(lambda: bool(dialogs.faults))
    head, parts = dialogs.faults[0]
    assert head == HEAD_FAULT
    assert parts == ("硬盘满了。（代码 FULL）", "已经存上的都在。", "请清出 12 MB。")
    router.show(UserError("child.no_name", "没有姓名。"))
    qtbot.waitUntil(lambda: len(dialogs.faults) == 2)
    assert dialogs.faults[1] == (HEAD_USER, ("没有姓名。", "", ""))


def test_what_was_cancelled_is_not_said(router, dialogs, qtbot):
    router.show(Cancelled())
    qtbot.wait(20)
    assert dialogs.faults == []


def test_a_bug_is_logged_without_what_was_typed(router, dialogs, qtbot, caplog):
    def look_up():
        raise KeyError("覃龑 500000201703080000")

    with caplog.at_level(logging.DEBUG):
        try:
            look_up()
        except KeyError as error:
            router.show(error)
        qtbot.waitUntil(lambda: bool(dialogs.faults))
    assert dialogs.faults[0][0] == HEAD_BUG
    assert "覃龑" not in caplog.text
    assert "覃龑" not in str(dialogs.faults)
    assert "KeyError at test_errors.py" in caplog.text
    assert "look_up" in caplog.text


def test_what_escapes_from_slots_and_threads_is_routed(router, dialogs, qtbot, caplog, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    router.install()

    class Sender(QObject):
        pressed = Signal()

    def slot():
        raise RuntimeError("in a slot")

    sender = Sender()
    sender.pressed.connect(slot)
    with qtbot.captureExceptions() as caught:
        sender.pressed.emit()
    for kind, error, trace in caught:
        sys.excepthook(kind, error, trace)
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(dialogs.faults) == 1 + (1 if caught else 0))


def test_the_same_fault_is_not_piled_up(router, qtbot, monkeypatch):
    closers = []
    monkeypatch.setattr(router._dialogs, "fault", lambda head, parts, closed: closers.append(closed))
    for _ in range(3):
        router.show(EnvironmentFault("disk.full", "硬盘满了。"))
    qtbot.wait(20)
    assert len(closers) == 1
    closers[0]()
    router.show(EnvironmentFault("disk.full", "硬盘满了。"))
    qtbot.waitUntil(lambda: len(closers) == 2)
