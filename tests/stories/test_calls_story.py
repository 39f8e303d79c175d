"""A noon at the telephone: the due item leads to the call, digits write it down, the week is planned again, nothing is lost."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from app.calls.codes import Outcome
from app.calls.log import log_of_day
from app.calls.plan_queries import planned_calls
from app.core.clock import FixedClock
from app.tasks.demo import make_demo
from tests.ledgers import copy_ledger
from tests.ui.whole_program import close_panels
from ui.drafts import Form
from ui.pages.calls.board_model import Mark

NOW = datetime(2026, 11, 18, 12, 31)


@pytest.fixture(scope="session")
def calling_school(tmp_path_factory):
    """A demo school on a Wednesday, when the first call is over."""
    path = tmp_path_factory.mktemp("calling") / "demo.db"
    make_demo(path, clock=FixedClock(NOW), children=60)
    return path


@pytest.fixture
def clock():
    return FixedClock(NOW)


def asked(teacher, program, fn, *args):
    answers = []
    program.sitting.context.read(fn, *args, on_done=answers.append)
    teacher.waits(lambda: bool(answers))
    return answers[0]


def press(teacher, program, *keys):
    for key in keys:
        widget = QApplication.focusWidget() or program.sitting.window
        if isinstance(key, str):
            teacher.qtbot.keyClicks(widget, key)
        else:
            teacher.qtbot.keyClick(widget, key)
    teacher.settles(program)


def test_a_noon_at_the_telephone(calling_school, start, teacher, tmp_path):
    path = copy_ledger(calling_school, tmp_path / "守望.db")
    program = start(path)
    teacher.sits(program)
    window = program.sitting.window
    page = teacher.goes_to(program, "calls")
    teacher.qtbot.bring(window)
    # The form and its list are made after the week is on the screen.
    teacher.waits(lambda: page.is_whole and bool(page.recording.turns))
    today = NOW.date()
    waiting = [turn for turn in page.recording.turns if not turn.done]
    assert waiting, "the demo school calls on a Wednesday"
    first, second = waiting[0], waiting[1]
    assert page.side.turn.key == first.key

    page.side.focus_result()
    press(teacher, program, "1", "6", Qt.Key.Key_Return)
    log = asked(teacher, program, log_of_day, today.isoformat())
    made = {one.child_name for one in log if one.outcome is Outcome.CONNECTED}
    assert {call.child_name for call in first.calls} <= made
    assert page.side.turn.key == second.key
    assert page.board.cells.board.spot_of(first.key).first.mark is Mark.DONE

    # What stands in the form is on the disk before it is saved.
    page.side.focus_result()
    press(teacher, program, "1")
    page.side.fields.said.setFocus()
    typing = QInputMethodEvent()
    typing.setCommitString("妈妈说过年回来")
    QApplication.sendEvent(QApplication.focusWidget(), typing)
    program.sitting.context.drafts.flush()
    kept = program.sitting.context.drafts.box.read().drafts
    assert [draft.form for draft in kept] == [Form.CALL]

    # The week is planned again, looked at first, and taken back with one key.
    before = asked(teacher, program, planned_calls, today, today.replace(day=22))
    plan = teacher.goes_to(program, "call_plan", day=today.isoformat())
    teacher.waits(lambda: plan.is_whole_plan or plan.stack.currentWidget() is plan.empty)
    teacher.settles(program)
    assert asked(teacher, program, planned_calls, today, today.replace(day=22)) == before
    if plan.accept.isEnabled():
        plan.accept.click()
        teacher.settles(program)
        assert program.dialogs.faults == []
        assert asked(teacher, program, planned_calls, today, today.replace(day=22)) != before
        program.sitting.context.undo_last()
        teacher.settles(program)
        assert asked(teacher, program, planned_calls, today, today.replace(day=22)) == before
    close_panels(program.dialogs)
