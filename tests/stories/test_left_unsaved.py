"""The power goes while she types: next time she is asked, sees both side by side, and nothing is put in by itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from app.children.child_file import child_file
from app.children.queries import load_facts
from app.core.clock import FixedClock
from app.core.errors import EnvironmentFault
from app.storage import drafts as storage
from app.storage.store import Store
from app.tasks.demo import make_demo
from tests.ledgers import copy_ledger
from tests.stories.conftest import PATIENCE
from ui.drafts import SAVE
from ui.offers import LATER, ON, OffersPanel
from ui.pages.child.leave_panel import LeavePanel
from ui.widgets import Text

ROOT = Path(__file__).resolve().parents[2]
NOTE = "转到县城第二小学，父母接走了"


@pytest.fixture(scope="session")
def school(tmp_path_factory):
    path = tmp_path_factory.mktemp("school") / "demo.db"
    make_demo(path, clock=FixedClock(datetime(2026, 11, 21, 10, 42)), children=20)
    return path


@pytest.fixture
def killed(school, clock, tmp_path, qtbot):
    """The ledger, the child and the draft that a killed program left."""
    path = tmp_path / "守望.db"
    copy_ledger(school, path)
    with Store.open(path, clock=clock) as store:
        child = load_facts(store, clock.today(), only_registered=True)[0]
    words = [sys.executable, "-m", "tests.ui.drafts.typist", str(path), child.uuid, NOTE]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, stdout=subprocess.PIPE, env=environment, cwd=ROOT) as program:
        assert program.stdout.readline() == b"KEPT\n"
        program.send_signal(signal.SIGKILL)
    return path, child


def offered(program):
    return [panel for panel in program.dialogs.panels if isinstance(panel, OffersPanel)]


def sits(start, teacher, path):
    program = start(path)
    teacher.sits(program)
    teacher.waits(lambda: bool(offered(program)))
    return program


def test_what_was_typed_is_offered_written_on_and_saved(killed, start, teacher, clock):
    path, child = killed
    program = sits(start, teacher, path)
    panel = offered(program)[0]
    assert child.name in panel.head.text()
    assert "退出台账" in panel.head.text()
    assert "今天 10:42" in panel.head.text()
    assert NOTE in [label.text() for label in panel.findChildren(Text)]

    panel.answer(ON)
    teacher.waits(lambda: isinstance(program.dialogs.panels[-1], LeavePanel))
    leave = program.dialogs.panels[-1]
    assert leave.note.text() == NOTE
    assert program.sitting.context.drafts.left == ()
    with Store.open(path, clock=clock, read_only=True) as store:
        assert child_file(store, child.uuid, clock.today()).facts.registration is not None, (
            "nothing is saved yet"
        )

    leave.reason.set_value("transferred_out")
    leave.answer(SAVE)
    teacher.settles(program)
    teacher.waits(lambda: not leave.isVisible())
    teacher.closes(program)

    with Store.open(path, clock=clock, read_only=True) as store:
        file = child_file(store, child.uuid, clock.today())
        assert file.facts.registration is None
        assert NOTE in [one.end_note for one in file.registrations]
    again = start(path)
    teacher.sits(again)
    assert offered(again) == []


def test_later_keeps_it_with_a_way_back_on_every_page(killed, start, teacher, clock, qtbot):
    path, _ = killed
    program = sits(start, teacher, path)
    offered(program)[0].answer(LATER)
    page = program.sitting.window.current_page()
    assert "1 处上次没来得及保存" in teacher.reads(page)
    program.sitting._offers.look()
    qtbot.waitUntil(lambda: len(offered(program)) == 2, timeout=PATIENCE)


def test_a_bug_of_the_program_says_a_draft_was_kept_only_when_one_is_on_the_disk(
    killed, start, teacher, caplog, monkeypatch
):
    path, child = killed
    program = sits(start, teacher, path)
    offered(program)[0].answer(LATER)
    said = program.dialogs.faults

    def fails():
        """As from a slot: everything that escapes ends in the router."""
        before = len(said)
        try:
            raise RuntimeError("a bug")
        except RuntimeError as error:
            program.errors.show(error)
        teacher.waits(lambda: len(said) > before)

    fails()
    assert "草稿" not in "".join(said[-1][1]), "nothing is being typed"

    program.sitting.window.open_child(child.uuid)
    page = program.sitting.window.current_page()
    teacher.waits(lambda: page.shown_uuid == child.uuid)
    panel = LeavePanel(page.clerk)
    page.clerk.open_panel(panel)
    panel.note.insert("还没写完")
    fails()
    assert "已为您存了草稿" in "".join(said[-1][1])
    kept = program.sitting.context.drafts.box.read().drafts
    assert {one.entry("note").value for one in kept} == {NOTE, "还没写完"}
    assert "还没写完" not in caplog.text

    def no_disk(*_args):
        raise EnvironmentFault("file.full", "满了")

    monkeypatch.setattr(storage, "atomic_write", no_disk)
    panel.note.insert("，接着写")
    fails()
    assert "草稿" not in "".join(said[-1][1]), "not said before the disk has it"
    monkeypatch.undo()
    panel.note.clear()
