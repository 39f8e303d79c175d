"""Background work: where it runs, in which order, to whom the answer goes, and that it can be stopped."""

import sys
import threading
from datetime import datetime
from functools import partial

import pytest
from PySide6.QtCore import QObject, QThread

from app.core.clock import FixedClock
from app.core.errors import Cancelled
from app.storage.store import Store
from ui.jobs import TURN, Jobs

PATIENCE = 60.0
"""Seconds after which a test gives up waiting for another thread."""


class Page(QObject):
    def __init__(self):
        super().__init__()
        self.answers = []
        self.errors = []
        self.steps = []
        self.threads = []

    def show(self, answer):
        self.threads.append(QThread.currentThread())
        self.answers.append(answer)

    def fail(self, error):
        self.errors.append(error)

    def step(self, done, total, words):
        self.steps.append((done, total, words))

    def save(self, store, by):
        return _count(store, by)


@pytest.fixture
def page(qapp):
    return Page()


class Gate:
    """Holds a job until the test lets it go."""

    def __init__(self):
        self.entered = threading.Event()
        self.open = threading.Event()

    def __call__(self, *_):
        self.entered.set()
        self.open.wait(PATIENCE)
        return "gate"


def test_storage_jobs_run_on_one_other_thread_in_order(jobs, page, qtbot):
    seen = []

    def note(number):
        seen.append((number, threading.get_ident()))
        return number

    for number in range(20):
        jobs.run(note, number, on_done=page.show)
    qtbot.waitUntil(lambda: len(page.answers) == 20)
    assert page.answers == list(range(20))
    assert len({ident for _, ident in seen}) == 1
    assert seen[0][1] != threading.get_ident()
    assert all(thread is page.thread() for thread in page.threads)


def test_pure_work_does_not_wait_for_the_store(jobs, page, qtbot):
    gate = Gate()
    jobs.run(gate, on_done=page.show)
    assert gate.entered.wait(PATIENCE)
    jobs.work(lambda: "work", on_done=page.show)
    jobs.draw(lambda: "drawn", on_done=page.show)
    qtbot.waitUntil(lambda: len(page.answers) == 2)
    gate.open.set()
    qtbot.waitUntil(lambda: "gate" in page.answers)


def test_a_destroyed_page_gets_no_answer_but_its_write_is_done(jobs, page, qtbot):
    gate, written = Gate(), []
    gone = Page()
    heard = gone.answers
    jobs.run(gate, on_done=page.show)
    jobs.run(lambda: written.append("saved"), on_done=gone.show)
    gone.deleteLater()
    qtbot.waitUntil(gate.entered.is_set)
    del gone
    qtbot.wait(10)
    gate.open.set()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert written == ["saved"]
    assert heard == []


class Mourned(Page):
    """Tells on which thread it ended."""

    ended_on = None

    def __del__(self):
        Mourned.ended_on = threading.get_ident()


def test_what_waited_for_an_answer_never_ends_on_another_thread(jobs, page, qtbot):
    gate = Gate()
    waiting = Mourned()
    jobs.run(gate, on_done=waiting.show)
    del waiting  # its job alone knows it now
    gate.open.set()
    qtbot.waitUntil(lambda: not jobs.busy)
    jobs.run(lambda: "next", on_done=page.show)
    qtbot.waitUntil(lambda: Mourned.ended_on is not None)
    assert Mourned.ended_on == threading.get_ident()


def test_only_the_latest_search_answers_and_skipped_ones_never_run(jobs, page, qtbot):
    gate, ran = Gate(), []
    jobs.run(gate, on_done=page.fail)
    search = jobs.latest(page)

    def find(text):
        ran.append(text)
        return text

    for text in ("z", "zx", "zxy"):
        search.run(find, text, on_done=page.show)
    gate.open.set()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert (ran, page.answers) == (["zxy"], ["zxy"])


def test_a_stale_answer_that_was_already_running_is_dropped(jobs, page, qtbot):
    gate = Gate()
    search = jobs.latest(page)
    search.work(gate, on_done=page.show)
    assert gate.entered.wait(PATIENCE)
    search.work(lambda: "new", on_done=page.show)
    gate.open.set()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert page.answers == ["new"]


def test_errors_go_to_their_handler_or_to_the_router(jobs, page, qtbot):
    def broken():
        raise ValueError("x")

    jobs.run(broken, on_done=page.show, on_error=page.fail)
    qtbot.waitUntil(lambda: len(page.errors) == 1)
    with qtbot.waitSignal(jobs.unhandled) as told:
        jobs.run(broken, on_done=page.show)
    assert isinstance(told.args[0], ValueError)
    assert page.answers == []


def test_progress_arrives_and_cancelling_stops_at_the_next_step(jobs, page, qtbot):
    gate = Gate()

    def count(progress):
        progress(1, 3, "第 1 页")
        gate()
        progress(2, 3)
        return "all"

    job = jobs.work(count, on_done=page.show, on_error=page.fail, on_progress=page.step)
    assert gate.entered.wait(PATIENCE)
    job.cancel()
    gate.open.set()
    qtbot.waitUntil(lambda: bool(page.errors))
    assert isinstance(page.errors[0], Cancelled)
    assert page.answers == []
    assert page.steps == [(1, 3, "第 1 页")]


def test_being_stopped_is_no_error_for_the_router(jobs, page, qtbot):
    def stopped(progress):
        raise Cancelled

    with qtbot.assertNotEmitted(jobs.unhandled, wait=30):
        jobs.work(stopped, on_done=page.show, on_progress=page.step)
        qtbot.waitUntil(lambda: not jobs.busy)


def test_closing_works_off_what_was_asked(qapp):
    from ui.jobs import Jobs

    jobs, done = Jobs(), []
    for number in range(50):
        jobs.run(done.append, number)
    jobs.shut()
    assert done == list(range(50))


@pytest.mark.parametrize(("drop", "expected"), [(True, []), (False, ["late"])])
def test_what_is_asked_after_closing_began_waits_for_its_outcome(jobs, page, qtbot, drop, expected):
    gate = Gate()
    jobs.run(gate, on_done=page.fail)
    jobs.hold_storage()
    jobs.run(lambda: "late", on_done=page.show)
    gate.open.set()
    qtbot.waitUntil(lambda: bool(page.errors))
    jobs.end_hold(drop=drop)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert page.answers == expected


def test_a_look_at_a_ledger_that_is_put_away_is_passed_over_and_a_save_is_not(jobs, page, qtbot, tmp_path):
    """A part of a page that was still to be made asks only when the file is closed."""
    opened, told = [], []
    jobs.unhandled.connect(told.append)
    jobs.run(
        Store.create, tmp_path / "守望.db", clock=FixedClock(datetime(2026, 11, 21)), on_done=opened.append
    )
    qtbot.waitUntil(lambda: bool(opened))
    (store,) = opened
    jobs.run(Store.close, store)
    jobs.run(_count, store, on_done=page.show)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert (page.answers, told) == ([], [])
    jobs.run(_count, store, by="陈素兰", on_done=page.show)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert (page.answers, len(told)) == ([], 1)
    for number, save in enumerate([_count, partial(_count), page.save], start=2):
        jobs.run(save, store, "陈素兰", on_done=page.show)
        qtbot.waitUntil(lambda: not jobs.busy)
        assert (page.answers, len(told)) == ([], number), "who writes says so in the place of the name, too"


def _count(store, by=None):
    del by
    return store.rows("SELECT count(*) FROM child")


def test_the_progress_of_a_file_of_many_gigabytes_is_told_in_bytes(jobs, page, qtbot):
    def copied(progress):
        progress(3 * 2**31, 2**40, "正在拷到优盘")
        return "copied"

    jobs.work(copied, on_done=page.show, on_error=page.fail, on_progress=page.step)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert (page.answers, page.errors) == (["copied"], [])
    assert page.steps == [(3 * 2**31, 2**40, "正在拷到优盘")]


class Lane:
    """Jobs around a look through the file that waits for quiet; `order` is in which order they were done."""

    def __init__(self, jobs, qtbot, path):
        self.order = []
        opened = []
        jobs.run(Store.create, path, clock=FixedClock(datetime(2026, 11, 21)), on_done=opened.append)
        qtbot.waitUntil(lambda: bool(opened))
        (self.store,) = opened
        self.jobs = jobs

    def read(self, words, then=None):
        self.jobs.run(_noted, self.store, self.order, words, on_done=then)

    def look_through(self):
        self.jobs.run_when_quiet(_noted, self.store, self.order, "looked through")


def _noted(store, order, words, by=None):
    store.rows("SELECT count(*) FROM child")
    order.append(words)


@pytest.fixture
def lane(jobs, qtbot, tmp_path):
    made = Lane(jobs, qtbot, tmp_path / "守望.db")
    yield made
    jobs.run(made.store.close)


def test_the_look_through_a_file_waits_until_a_page_has_read_what_follows_one_upon_the_other(
    jobs, lane, qtbot
):
    lane.read("glance", then=lambda _: lane.read("work", then=lambda _: lane.read("children")))
    lane.look_through()
    assert jobs.busy
    qtbot.waitUntil(lambda: not jobs.busy)
    assert lane.order == ["glance", "work", "children", "looked through"]


def test_nothing_is_saved_before_the_file_was_looked_through(jobs, lane, qtbot):
    lane.read("glance")
    lane.look_through()
    jobs.run(_noted, lane.store, lane.order, "saved", by="陈素兰")
    lane.read("work")
    qtbot.waitUntil(lambda: not jobs.busy)
    assert lane.order == ["glance", "looked through", "saved", "work"]


def test_who_goes_on_reading_does_not_put_the_look_through_off_for_ever(jobs, lane, qtbot):
    jobs._at_most.setInterval(0)

    def on_and_on(_answer):
        if "looked through" not in lane.order:
            lane.read("read", then=on_and_on)

    lane.look_through()
    on_and_on(None)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert "looked through" in lane.order


def test_what_waits_for_quiet_goes_before_the_putting_away(jobs, lane, qtbot):
    lane.look_through()
    jobs.end_quiet()
    jobs.run(Store.close, lane.store, on_done=lambda _: lane.order.append("closed"))
    qtbot.waitUntil(lambda: not jobs.busy)
    assert lane.order == ["looked through", "closed"]


def test_a_thread_at_work_lets_the_window_have_its_turn_soon(qapp):
    before = sys.getswitchinterval()
    try:
        sys.setswitchinterval(0.5)
        Jobs().shut()
        assert sys.getswitchinterval() == pytest.approx(TURN)
    finally:
        sys.setswitchinterval(before)
