"""The tidying up of memory happens on the window's thread only, and comes back to Python at the end."""

from __future__ import annotations

import gc
import threading

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from ui.shell.collecting import FULL_EVERY, HEAP, REST, Collecting


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


@pytest.fixture
def rounds(monkeypatch):
    """What is collected when so much has come together; the clock beside it."""

    class Rounds:
        made: list[int] = []  # noqa: RUF012 - one per test
        now = 1_000.0
        counts = (10_000, 10_000, 10_000)

    Rounds.made = []
    monkeypatch.setattr(gc, "collect", Rounds.made.append)
    monkeypatch.setattr(gc, "get_count", lambda: Rounds.counts)
    monkeypatch.setattr("ui.shell.collecting.time.monotonic", lambda: Rounds.now)
    return Rounds


def test_a_full_round_is_made_only_once_in_a_while(collecting, rounds):
    collecting._last_full = rounds.now
    collecting.look()
    rounds.now += FULL_EVERY + 1
    collecting.look()
    collecting.look()
    assert rounds.made == [1, 2, 1]


def test_a_full_round_waits_until_keyboard_and_mouse_rest(collecting, rounds, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    collecting._in_front(window.windowHandle())
    collecting._last_full = rounds.now
    rounds.now += FULL_EVERY + 1
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_A)
    collecting.look()
    rounds.now += REST / 2
    QTest.mouseMove(window.windowHandle(), QPoint(5, 5))
    rounds.now += REST - 1
    collecting.look()
    assert rounds.made == [1, 1]
    rounds.now += 2
    collecting.look()
    assert rounds.made == [1, 1, 2]


def test_a_great_heap_of_data_is_laid_aside_and_looked_through_in_the_next_full_round(collecting, qtbot):
    Knot.ended_on.clear()
    collecting._timer.stop()
    heap = [Knot() for _ in range(HEAP + 1)]
    collecting.look()
    heap.clear()
    collecting.look()
    assert Knot.ended_on == [], "a look takes no longer for it"
    collecting._last_full -= FULL_EVERY + 1
    collecting.look()
    assert len(Knot.ended_on) == HEAP + 1
