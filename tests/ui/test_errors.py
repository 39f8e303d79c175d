"""The router: known faults in three parts, bugs in a calm box and in the log without names."""

import logging
import re
import sys
import threading

import pytest
from PySide6.QtCore import QObject, Signal

from app.core.errors import Cancelled, EnvironmentFault, UserError
from app.core.messages import fault, refuse
from tests.ui.fakes import FakeDialogs
from ui.errors import AGAIN, HEAD_BUG, HEAD_FAULT, HEAD_USER, ErrorRouter
from ui.shell.help.panel import MORE
from ui.widgets import Kind


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


def test_a_bug_sends_to_the_file_for_whoever_helps_which_f1_offers(router, dialogs, qtbot, caplog):
    router.show(KeyError())
    qtbot.waitUntil(lambda: bool(dialogs.faults))
    (named,) = re.findall("「([^」]+…)」", dialogs.faults[0][1][2])
    assert named in dict(MORE).values()
    assert "F1" in dialogs.faults[0][1][2]


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


@pytest.fixture
def open_boxes(router, monkeypatch):
    """The answers of boxes that stay open until a test gives one."""
    answers = []
    monkeypatch.setattr(
        router._dialogs, "fault", lambda head, parts, verbs, on_choice: answers.append((verbs, on_choice))
    )
    return answers


def full():
    return fault("storage.full", code="FULL")


def test_the_same_fault_is_not_piled_up(router, open_boxes, qtbot):
    for _ in range(3):
        router.show(full())
    qtbot.wait(20)
    assert len(open_boxes) == 1
    _verbs, answer = open_boxes[0]
    answer("read")
    router.show(full())
    qtbot.waitUntil(lambda: len(open_boxes) == 2)


def test_only_buttons_that_work_are_offered_the_harmless_one_first(router, open_boxes, qtbot):
    done = []
    router.acts = lambda error: {AGAIN: lambda: done.append(error), "另选文件": lambda: None}
    router.show(full())
    qtbot.waitUntil(lambda: bool(open_boxes))
    verbs, answer = open_boxes[0]
    assert [(verb.words, verb.kind) for verb in verbs] == [("知道了", Kind.PLAIN), (AGAIN, Kind.FILLED)]
    answer(AGAIN)
    assert [error.key for error in done] == ["storage.full"]


def test_trying_again_is_for_everything_that_failed_alike(router, open_boxes, qtbot):
    tried = []
    router.acts = lambda error: {AGAIN: lambda: tried.append(error)}
    both = [full(), full()]
    for error in both:
        router.show(error)
    qtbot.waitUntil(lambda: bool(open_boxes))
    open_boxes[0][1](AGAIN)
    assert tried == both


@pytest.mark.parametrize(("kept", "says"), [(True, True), (False, False)])
def test_a_draft_is_claimed_only_when_it_is_kept(router, dialogs, qtbot, caplog, kept, says):
    router.keep_drafts = lambda: kept
    for error in (KeyError("x"), full()):
        router.show(error)
    qtbot.waitUntil(lambda: len(dialogs.faults) == 2)
    for _head, parts in dialogs.faults:
        assert ("已为您存了草稿" in parts[1]) is says
    assert "KeyError" in caplog.text


def test_drafts_that_cannot_be_kept_do_not_hide_the_first_error(router, dialogs, qtbot, caplog):
    def fails():
        raise OSError("覃龑")

    router.keep_drafts = fails
    router.show(KeyError("x"))
    qtbot.waitUntil(lambda: bool(dialogs.faults))
    assert dialogs.faults[0][0] == HEAD_BUG
    assert "草稿" not in str(dialogs.faults)
    assert "覃龑" not in caplog.text


def test_a_refusal_keeps_no_draft(router, dialogs, qtbot):
    router.keep_drafts = lambda: pytest.fail("nothing is lost by a refusal")
    router.show(refuse("storage.overlap"))
    qtbot.waitUntil(lambda: bool(dialogs.faults))
