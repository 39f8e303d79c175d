"""Monday: the week's forms are printed. Friday: a code is typed, the child and its form open, and the form is back."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from app.core.clock import FixedClock
from app.diary.queries import RecordFilters, records
from app.tasks.demo import make_demo
from app.todo.forms import FormState, form_of_code, paper_forms
from app.todo.queries import due_items
from tests.ledgers import copy_ledger

MOST_KEYS = 30
CTRL = Qt.KeyboardModifier.ControlModifier
PLAIN = Qt.KeyboardModifier.NoModifier


@pytest.fixture(scope="session")
def school(tmp_path_factory):
    path = tmp_path_factory.mktemp("school") / "demo.db"
    make_demo(path, clock=FixedClock(datetime(2026, 11, 21, 10, 42)), children=20)
    return path


class Keys:
    """Her ten fingers: every key is counted, text beside."""

    def __init__(self, teacher, program):
        self.teacher = teacher
        self.program = program
        self.count = 0

    def press(self, key, modifier=PLAIN):
        widget = QApplication.focusWidget() or self.program.sitting.window
        self.teacher.qtbot.keyClick(widget, key, modifier)
        self.count += 1

    def types(self, letters):
        for letter in letters:
            self.teacher.qtbot.keyClicks(QApplication.focusWidget(), letter)
            self.count += 1

    def writes(self, text):
        typing = QInputMethodEvent()
        typing.setCommitString(text)
        QApplication.sendEvent(QApplication.focusWidget(), typing)


def onto(file, pages):
    """The printer, with paper that can be looked at."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(file))
    return printer, 0, pages - 1


def asked(teacher, program, fn, *args):
    answers = []
    program.sitting.context.read(fn, *args, on_done=answers.append)
    teacher.waits(lambda: bool(answers))
    return answers[0]


def test_a_form_comes_back_with_few_keys_beside_its_text(school, start, teacher, tmp_path):
    path = copy_ledger(school, tmp_path / "守望.db")
    program = start(path)
    teacher.sits(program)
    window = program.sitting.window
    today = teacher.goes_to(program, "today")
    teacher.waits(lambda: today._children is not None)

    program.dialogs.choices.append("print")
    today.listed.filters.printing.click()
    teacher.waits(lambda: bool(program.dialogs.panels))
    teacher.settles(program)
    assert asked(teacher, program, paper_forms) == (), "what is only looked at is not out"
    panel = program.dialogs.panels[-1]
    program.dialogs.printer = partial(onto, tmp_path / "纸.pdf")
    panel.answer("print")
    teacher.waits(lambda: panel.told.text().startswith("已送到打印机"))
    panel.answer("close")
    forms = asked(teacher, program, paper_forms)
    form = next(one for one in forms if one.activity == "talk" and one.class_words != "不在班")
    items = asked(teacher, program, due_items).items
    assert form.why in {item.why for item in items if item.child_uuid == form.child_uuid}

    teacher.qtbot.bring(window)
    keys = Keys(teacher, program)
    keys.press(Qt.Key.Key_K, CTRL)
    teacher.settles(program)
    keys.types(form.code.lower())
    teacher.waits(lambda: window.current_page() is not today and hasattr(window.current_page(), "form"))
    teacher.settles(program)
    page = window.current_page()
    assert form.child_uuid in page.form.whom.uuids
    keys.writes("下课总在操场边上坐着，问了，说想妈妈。约好周三放学一起给妈妈打电话。")
    keys.press(Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    while QApplication.focusWidget().accessibleName() != "日期" and keys.count < MOST_KEYS:
        keys.press(Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    keys.press(Qt.Key.Key_A, CTRL)
    keys.types("1119")
    keys.press(Qt.Key.Key_Return, CTRL)
    teacher.settles(program)

    back = asked(teacher, program, form_of_code, form.code)
    assert back.state is FormState.RETURNED
    kept = asked(teacher, program, records, RecordFilters(child_uuid=form.child_uuid))
    line = next(one for one in kept if one.uuid == back.record_uuid)
    assert (line.kind, line.happened_on) == ("talk", "2026-11-19")
    assert keys.count <= MOST_KEYS, keys.count
    assert window.current_page().header.fact == f"没有交回 {len(forms) - 1} 张"
    assert QApplication.focusWidget() is window.current_page().code, "the next code may be typed at once"
    teacher.closes(program)
