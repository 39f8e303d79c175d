"""The tidying up of memory happens on the window's thread only, and comes back to Python at the end."""

from __future__ import annotations

import gc
import threading

import pytest

from ui.shell.collecting import Collecting


class Knot:
    """Refers to itself, so only a collection ends it; tells on which thread that was."""

    ended_on: list[int] = []  # noqa: RUF012 - shared by all knots on purpose

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        self.ended_on.append(threading.get_ident())


@pytest.fixture
def collecting(qtbot):
    made = Collecting()
    made.begin()
    yield made
    made.end()
    assert gc.isenabled()


def litter():
    for _ in range(5_000):
        Knot()


def test_what_another_thread_leaves_is_tidied_up_by_the_window(collecting, qtbot):
    Knot.ended_on.clear()
    worker = threading.Thread(target=litter)
    worker.start()
    worker.join()
    assert Knot.ended_on == [], "nothing is collected in the middle of somebody's work"
    qtbot.waitUntil(lambda: len(Knot.ended_on) == 5_000, timeout=10_000)
    assert set(Knot.ended_on) == {threading.get_ident()}


def test_a_full_round_is_made_only_once_in_a_while(collecting, monkeypatch):
    rounds = []
    monkeypatch.setattr(gc, "collect", rounds.append)
    monkeypatch.setattr(gc, "get_count", lambda: (10_000, 10_000, 10_000))
    now = [1_000.0]
    monkeypatch.setattr("ui.shell.collecting.time.monotonic", lambda: now[0])
    collecting._last_full = now[0]
    collecting.look()
    now[0] += 121
    collecting.look()
    collecting.look()
    assert rounds == [1, 2, 1]
