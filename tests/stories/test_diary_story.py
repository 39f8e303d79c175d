"""A record in the real window: by Ctrl+N from the child in front, and the power that goes while she writes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from app.children.queries import load_facts
from app.core.clock import FixedClock
from app.diary.queries import RecordFilters, records
from app.storage.store import Store
from app.tasks.demo import make_demo
from tests.ledgers import copy_ledger
from ui.offers import ON, OffersPanel

ROOT = Path(__file__).resolve().parents[2]
IN_THE_GRID, IN_THE_RECORD = "会背七的口诀", "说夜里想妈妈，睡不着，话还没写完"


@pytest.fixture
def school(clock, tmp_path):
    path = tmp_path / "守望.db"
    made = tmp_path / "made" / "demo.db"
    made.parent.mkdir()
    make_demo(made, clock=FixedClock(datetime(2026, 11, 21, 10, 42)), children=12)
    copy_ledger(made, path)
    with Store.open(path, clock=clock) as store:
        child = load_facts(store, clock.today(), only_registered=True)[0]
    return path, child


def offered(program):
    return [panel for panel in program.dialogs.panels if isinstance(panel, OffersPanel)]


def texts(program, child, teacher):
    found = []
    context = program.sitting.context
    context.read(records, RecordFilters(child_uuid=child.uuid), on_done=found.append)
    teacher.waits(lambda: bool(found))
    return [line.text for line in found[0]]


def test_from_the_child_in_front_to_a_record_and_back(school, start, teacher):
    path, child = school
    program = start(path)
    teacher.sits(program)
    window = program.sitting.window
    teacher.goes_to(program, "child", uuid=child.uuid)
    window._record()  # Ctrl+N
    teacher.settles(program)
    page = window.current_page()
    assert page.form.whom.uuids == (child.uuid,)
    page.form.fields.first_text().insertPlainText("和同桌和好了")
    program.dialogs.choices.append("save")  # 就这样存, should a question be asked
    page.ask_save(go_on=False)
    teacher.settles(program)
    assert window.current_page() is window.page("child")
    assert "和同桌和好了" in [row.text for row in window.page("child").timeline.view.rows]
    window._undo_last()
    teacher.settles(program)
    assert "和同桌和好了" not in [row.text for row in window.page("child").timeline.view.rows]


def test_a_new_record_never_begins_with_the_child_of_the_last_one(school, start, teacher):
    path, child = school
    program = start(path)
    teacher.sits(program)
    window = program.sitting.window
    teacher.goes_to(program, "today")
    window.open_page("record", child=child.uuid, kind="home_visit", why="每月家访一次")
    teacher.settles(program)
    page = window.current_page()
    page.form.fields.first_text().insertPlainText("奶奶说孩子懂事")
    program.dialogs.choices.append("save")  # 就这样存, should a question be asked
    page.ask_save(go_on=False)
    teacher.settles(program)
    assert window.current_page() is window.page("today")
    window.open_page("record")  # 记一条
    teacher.settles(program)
    assert page.form.whom.uuids == ()
    assert "每月家访一次" not in teacher.reads(page)
    window.back()

    found = []
    context = program.sitting.context
    context.read(records, RecordFilters(child_uuid=child.uuid), on_done=found.append)
    teacher.waits(lambda: bool(found))
    window.open_page("record", uuid=found[0][0].uuid)
    teacher.settles(program)
    assert page.form.whom.uuids == (child.uuid,)
    window.back()
    window.open_page("record")
    teacher.settles(program)
    assert page.form.whom.uuids == (), "what was only looked at is not changed in place of a new one"
    assert page.form.begin.record == ""


def test_the_power_goes_in_the_middle_of_the_week_and_of_a_record(school, start, teacher, clock):
    path, child = school
    words = [
        sys.executable,
        "-m",
        "tests.stories.diary_typist",
        str(path),
        child.uuid,
        IN_THE_GRID,
        IN_THE_RECORD,
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, stdout=subprocess.PIPE, env=environment, cwd=ROOT) as program:
        kept = program.stdout.readline()
        program.send_signal(signal.SIGKILL)
    assert kept == b"KEPT\n"
    program = start(path)
    teacher.sits(program)
    teacher.waits(lambda: bool(offered(program)))
    window = program.sitting.window
    for _ in range(2):
        panel = offered(program)[-1]
        is_record = panel.current.draft.form.startswith("record")
        panel.answer(ON)
        teacher.settles(program)
        page = window.current_page()
        if is_record:
            assert page.form.fields.first_text().toPlainText() == IN_THE_RECORD
            assert page.form.whom.uuids == (child.uuid,)
            program.dialogs.choices.append("save")
            page.ask_save(go_on=False)
        else:
            assert [cells[2] for _, cells in page.segment.grid.cells.filled] == [IN_THE_GRID]
            program.dialogs.choices.append("save")
            page.segment.ask_save()
        teacher.settles(program)
        if program.sitting.context.drafts.left:
            program.sitting._offers.look()
            teacher.settles(program)
    assert IN_THE_RECORD in texts(program, child, teacher)
    assert program.sitting.context.drafts.left == ()
