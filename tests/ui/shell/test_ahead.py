"""The pages' modules are there before they are asked for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QTimer

from ui.pages import all_pages
from ui.shell.ahead import Ahead, bring_in, module_of, modules_of

ROOT = Path(__file__).resolve().parents[3]
HEAVY = ("openpyxl", "reportlab", "pypdfium2", "python_calamine", "py7zr")


@pytest.mark.parametrize("name", sorted({module_of(spec) for spec in all_pages()}))
def test_every_page_stands_where_it_is_looked_for(name):
    assert find_spec(name) is not None


def test_all_pages_are_brought_in_beside_the_window(jobs, qtbot):
    ahead = Ahead(modules_of(all_pages()), jobs)
    with qtbot.waitSignal(ahead.finished, timeout=20_000):
        ahead.begin()
    assert ahead.is_done
    assert set(modules_of(all_pages())) <= set(sys.modules)


IN_A_NEW_PROCESS = """
import json, sys, time
from PySide6.QtWidgets import QApplication
from tests.ui.qt_classes import made_in
app = QApplication([])
from ui.jobs import Jobs
from ui.pages import all_pages
from ui.shell.ahead import Ahead, modules_of
jobs, names = Jobs(), modules_of(all_pages())
turns = []
with made_in() as made:
    ahead = Ahead(names, jobs)
    ahead.begin()
    while not ahead.is_done or jobs.busy:
        known = len([name for name in list(sys.modules) if name.startswith("ui.")])
        app.processEvents()
        turns.append(len([name for name in list(sys.modules) if name.startswith("ui.")]) - known)
        time.sleep(0.001)  # a window waits between its turns; a loop that never does takes the interpreter for itself
jobs.shut()
beside = [name for name, on_main in made if not on_main]
print(json.dumps([set(names) <= set(sys.modules), len(made), beside, max(turns)]))
"""


def test_classes_of_qt_are_made_on_the_thread_of_the_window_one_module_a_turn():
    """Made on another thread they can move PySide's table of types away from under a paint: a crash."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", IN_A_NEW_PROCESS],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=True,
    )
    whole, made, beside, most_in_a_turn = json.loads(done.stdout)
    assert whole
    assert made > 100
    assert beside == []
    assert most_in_a_turn == 1


def test_the_parts_of_a_page_come_after_all_pages():
    names = modules_of(all_pages())
    pages = {module_of(spec) for spec in all_pages()}
    assert set(names[: len(pages)]) == pages
    assert {"ui.pages.diary.week_segment", "ui.pages.pairing.supporter_page"} <= set(names[len(pages) :])


def test_nothing_more_is_begun_once_the_ledger_is_put_away(jobs, qtbot):
    ahead = Ahead(modules_of(all_pages()), jobs)
    ahead.stop()
    ahead.begin()
    assert not jobs.busy


def test_stopped_while_other_work_goes_first_it_tells_of_nothing_afterwards(jobs, qtbot):
    """What follows on `finished` is work too: told after each work, it went on without end."""
    gate = Event()
    jobs.run(gate.wait)
    ahead = Ahead(["ui.pages.safety.page"], jobs)
    told: list[bool] = []
    ahead.finished.connect(partial(told.append, True))
    ahead.begin()
    ahead.stop()
    gate.set()
    qtbot.waitUntil(lambda: not jobs.busy)
    turned: list[bool] = []
    QTimer.singleShot(0, partial(turned.append, True))
    qtbot.waitUntil(lambda: bool(turned))
    assert told == []


def test_other_work_goes_first(jobs, qtbot):
    gate = Event()
    first = jobs.run(gate.wait)
    ahead = Ahead(["ui.pages.safety.page"], jobs)
    ahead.begin()
    assert not ahead.is_done
    gate.set()
    qtbot.waitUntil(lambda: ahead.is_done, timeout=20_000)
    assert first.finished


def test_what_cannot_be_brought_in_is_left_for_the_page_itself(caplog):
    with caplog.at_level("INFO", "shouwang.window"):
        bring_in("ui.pages.nowhere.page")
    assert "ModuleNotFoundError" in caplog.text


def test_no_page_waits_for_the_libraries_that_write_and_read_documents():
    names = modules_of(all_pages())
    script = f"import sys, {', '.join(names)}; print([m for m in {HEAVY!r} if m in sys.modules])"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=600, check=True)
    assert done.stdout.strip() == "[]"
