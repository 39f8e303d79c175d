"""A log-out, a shutdown or `kill` ends the window as its own X does: backup, drafts, files closed; nobody is asked."""

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from app.core.errors import Cancelled
from app.core.paths import settings_file
from app.core.settings import Settings, save_settings
from app.school.service import init_school
from app.storage.backups import list_backups
from app.storage.store import Store
from tests.ui.shell.hands import sits
from tests.ui.shell.test_papers import a_page
from ui.dialogs import Dialogs
from ui.drafts import About, EntryPanel
from ui.shell import putting_away
from ui.shell.papers import SAVE, Papers
from ui.shell.single import raise_other
from ui.shell.stopping import ASKING, Stopping
from ui.widgets import FormRow, QuietField

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no such signals")
ROOT = Path(__file__).resolve().parents[3]
WORDS = "王老师说下周二再去一次"


def as_it_was(_number, _frame):
    """A signal as Python finds it where nobody has ignored it: a test run in the background begins with two of them so."""


@pytest.fixture
def hearing():
    """`hearing(stop)` listens as `ui.main` does; the signals are given back after the test."""
    made = []

    def listen(stop):
        made.append(Stopping(stop))
        return made[-1]

    before = {one: signal.signal(one, as_it_was) for one in ASKING}
    yield listen
    for one in made:
        one.end()
    assert {signal.signal(one, handler) for one, handler in before.items()} == {as_it_was}


def open_panel(program):
    """A form with words in it that were never saved, over the window."""
    context = program.sitting.context
    panel = EntryPanel(program.sitting.window, "记一件事", lambda key: None, verb="存上")
    field = QuietField()
    panel.add(FormRow("什么事", field))
    panel.keep_draft(context, About("note", "", "记一件事", {}), {"words": field})
    context.dialogs.open_panel(panel, lambda key: None)
    field.setFocus()
    field.setText(WORDS)
    return panel


@pytest.mark.parametrize("asked", ASKING)
def test_each_signal_ends_the_program_with_its_backup(school, tmp_path, qtbot, hearing, asked):
    hearing(school.stop)
    with qtbot.waitSignal(school.left, timeout=20_000):
        os.kill(os.getpid(), asked)
    assert [one.verified for one in list_backups(tmp_path / "backups")] == [True]
    assert signal.getsignal(asked) is signal.SIG_DFL  # a second one does not wait


def test_a_log_out_that_asks_in_two_ways_at_once_gets_its_backup(school, tmp_path, qtbot, hearing):
    """systemd ends a session with SIGTERM and SIGHUP; heard one after the other, the second did not wait for the backup."""
    heard = hearing(school.stop)
    asked = []
    school.sitting.leaving.connect(lambda: asked.append(os.kill(os.getpid(), signal.SIGHUP)))
    with qtbot.waitSignal(school.left, timeout=20_000):
        os.kill(os.getpid(), signal.SIGTERM)
    assert len(asked) == 1
    qtbot.waitUntil(
        lambda: signal.getsignal(signal.SIGHUP) is signal.SIG_DFL
    )  # heard, and not as a second end
    assert heard is not None
    assert [one.verified for one in list_backups(tmp_path / "backups")] == [True]


def test_a_signal_that_was_ignored_stays_ignored(hearing, qtbot):
    """nohup: the terminal may go, the program stays."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    asked = []
    try:
        one = hearing(lambda: asked.append("stop"))
        os.kill(os.getpid(), signal.SIGHUP)
        os.kill(os.getpid(), signal.SIGINT)
        qtbot.waitUntil(lambda: asked == ["stop"])
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        one.end()
    finally:
        signal.signal(signal.SIGHUP, before)
    assert asked == ["stop"]


def test_what_is_typed_in_a_panel_is_kept_and_offered_next_time(school, start, qtbot, hearing):
    hearing(school.stop)
    panel = open_panel(school)
    with qtbot.waitSignal(school.left, timeout=20_000):
        os.kill(os.getpid(), signal.SIGTERM)
    assert not panel.isVisible()
    assert school.dialogs.asked == []
    again = start()
    qtbot.waitUntil(sits(again))
    qtbot.waitUntil(lambda: len(again.sitting.context.drafts.left) == 1)
    left = again.sitting.context.drafts.left[0]
    assert [entry.value for entry in left.entries] == [WORDS]


def test_without_a_backup_when_it_cannot_be_made_and_without_a_question(
    school, tmp_path, clock, qtbot, hearing
):
    hearing(school.stop)
    school.sitting.context.backup_folder = tmp_path / "data" / "守望.db" / "no folder"
    with qtbot.waitSignal(school.left, timeout=20_000):
        os.kill(os.getpid(), signal.SIGTERM)
    assert school.dialogs.asked == []
    assert list_backups(tmp_path / "backups") == []
    with Store.open(tmp_path / "data" / "守望.db", clock=clock) as store:
        assert store.commit_no > 0


def test_a_question_that_stands_at_the_end_holds_nothing_up(school, tmp_path, qtbot, hearing):
    hearing(school.stop)
    school.sitting.context.backup_folder = tmp_path / "data" / "守望.db" / "no folder"
    school.dialogs.ask = partial(Dialogs.ask, school.dialogs)  # a question that nobody answers
    before = len(school.dialogs.panels)
    school.sitting.window.close()
    qtbot.waitUntil(lambda: len(school.dialogs.panels) > before)
    with qtbot.waitSignal(school.left, timeout=20_000):
        os.kill(os.getpid(), signal.SIGTERM)


def lay_out(begun, ended, *, progress):
    """What takes a minute, or until it is stopped."""
    try:
        for step in range(6_000):
            progress(step, 6_000)
            begun.set()
            Event().wait(0.01)
    except Cancelled:
        ended.append("stopped")
        raise
    ended.append("done")


@pytest.mark.parametrize("by_signal", [True, False])
def test_what_is_laid_out_for_nobody_any_more_is_stopped(school, tmp_path, qtbot, hearing, by_signal):
    """A book of three hundred children went on for half a minute after its window was gone."""
    hearing(school.stop)
    begun, ended = Event(), []
    school.jobs.work(lay_out, begun, ended, on_progress=lambda *_: None)
    qtbot.waitUntil(begun.is_set)
    with qtbot.waitSignal(school.left, timeout=20_000):
        if by_signal:
            os.kill(os.getpid(), signal.SIGTERM)
        else:
            school.sitting.window.close()
    assert ended == ["stopped"]
    assert [one.verified for one in list_backups(tmp_path / "backups")] == [True]


@pytest.mark.parametrize("by_signal", [True, False])
def test_what_is_read_for_a_paper_is_stopped_and_what_is_saved_is_waited_for(
    school, qtbot, hearing, by_signal
):
    """It stands before the backup on the same thread: the window seemed to back up for as long as it took."""
    hearing(school.stop)
    begun, read, saved = Event(), [], []

    def save(_store, *, by, progress):
        for step in range(20):
            progress(step, 20)
        saved.append(by)

    def make(_store, *, progress):
        lay_out(begun, read, progress=progress)

    context = school.sitting.context
    context.read(make, on_done=read.append, on_progress=lambda *_: None)
    context.write(save, on_progress=lambda *_: None)
    qtbot.waitUntil(begun.is_set)
    with qtbot.waitSignal(school.left, timeout=20_000):
        if by_signal:
            os.kill(os.getpid(), signal.SIGTERM)
        else:
            school.sitting.window.close()
    assert (read, saved) == (["stopped"], [context.entering.by])


def test_what_goes_out_while_the_window_closes_is_still_written_down(school, tmp_path, qtbot, clock):
    """A slow stick takes seconds for a list; closed meanwhile, the ledger was put away before the log heard of it."""
    target, begun, out = tmp_path / "名单.pdf", Event(), Event()
    school.dialogs.files.append(target)
    papers = Papers(school.sitting.context, school.sitting.window, title="名单", stem="名单")
    papers.write_down("名单", 3)
    papers.show_made(a_page)
    qtbot.waitUntil(lambda: papers.preview is not None and papers.preview.shown is not None)

    def slow():
        begun.set()
        out.wait()

    school.jobs.draw(slow)
    begun.wait()
    papers.panel.answer(SAVE)
    with qtbot.waitSignal(school.left, timeout=20_000):
        school.sitting.window.close()
        out.set()
    assert target.exists()
    with Store.open(tmp_path / "data" / "守望.db", clock=clock) as store:
        assert store.rows("SELECT file_name FROM handover WHERE kind = 'pdf'") == [("名单.pdf",)]


def test_a_printer_that_hangs_does_not_keep_the_backup_waiting(school, tmp_path, qtbot, monkeypatch):
    monkeypatch.setattr(putting_away, "OUT_AT_MOST", 10)
    begun, out = Event(), Event()

    def hang():
        begun.set()
        out.wait()

    made, shut = [], school.jobs.shut

    def end_threads():
        made.extend(list_backups(tmp_path / "backups"))
        out.set()
        shut()

    monkeypatch.setattr(school.jobs, "shut", end_threads)
    school.jobs.draw(hang)
    begun.wait()
    with qtbot.waitSignal(school.left, timeout=20_000):
        school.sitting.window.close()
    assert [one.verified for one in made] == [True]


def test_a_signal_while_the_window_closes_does_not_stop_the_backup(school, tmp_path, qtbot, hearing):
    hearing(school.stop)
    begun, go_on = Event(), Event()

    def hold(_store):
        begun.set()
        go_on.wait()

    school.jobs.run(hold, school.sitting.context.store)
    qtbot.waitUntil(begun.is_set)
    stopped = []
    stop = school.sitting.stop
    school.sitting.stop = lambda: (stop(), stopped.append(True), go_on.set())
    with qtbot.waitSignal(school.left, timeout=20_000):
        school.sitting.window.close()
        os.kill(os.getpid(), signal.SIGTERM)
    assert stopped == [True]
    assert [one.verified for one in list_backups(tmp_path / "backups")] == [True]


def test_an_opening_under_way_is_waited_for(school, start, tmp_path, clock, qtbot, hearing):
    with qtbot.waitSignal(school.left, timeout=20_000):
        school.sitting.window.close()
    again = start()
    hearing(again.stop)
    os.kill(os.getpid(), signal.SIGTERM)
    with qtbot.waitSignal(again.left, timeout=20_000):
        pass
    with Store.open(tmp_path / "data" / "守望.db", clock=clock) as store:
        assert store.commit_no > 0


def test_a_start_screen_ends_too(start, qtbot, hearing):
    program = start()
    hearing(program.stop)
    with qtbot.waitSignal(program.left, timeout=20_000):
        os.kill(os.getpid(), signal.SIGTERM)


def test_the_real_program_ends_as_if_its_window_were_closed(tmp_path, settings, clock, qtbot):
    path, backups = tmp_path / "守望.db", tmp_path / "备份"
    with Store.create(path, clock=clock) as store:
        init_school(store, name="青石坪镇中心小学")
    save_settings(settings_file(), Settings(data_folder=tmp_path, backup_folder=backups))
    ours = subprocess.Popen([sys.executable, "-m", "ui", str(path)], cwd=ROOT)
    try:
        qtbot.waitUntil(lambda: raise_other(path), timeout=60_000)
        ours.terminate()
        assert ours.wait(60) == 0
    finally:
        ours.kill()
        ours.wait()
    assert [one.verified for one in list_backups(backups)] == [True]
