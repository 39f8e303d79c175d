"""What the window imports before its first page is painted; anything more makes every morning longer."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = {
    "PySide6",
    "shiboken6",
    "shibokensupport",  # PySide6's own, as the next
    "signature_bootstrap",
    "typing_extensions",
    "platformdirs",
    "filelock",
    "peewee",
    "sqlcipher3",
}
ROOMS = {"core", "storage", "school", "children", "pairing", "diary", "calls", "todo", "tasks"}
LATER = {
    "app.children.completeness",
    "app.children.roster.reading",
    "app.pairing.queries",
    "app.diary.queries",
    "app.calls.seen",
    "app.todo.queries",
    "app.tasks.today",
    "app.tasks.week_forms",
}
SCRIPT = """
import json, sys
own = set(sys.modules)
import ui.main, ui.pages.today.page, app.tasks.glance
print(json.dumps(sorted(set(sys.modules) - own)))
"""


@pytest.fixture(scope="module")
def imported():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    return set(json.loads(done.stdout))


def test_only_these_libraries_are_imported_at_start(imported):
    tops = {name.partition(".")[0] for name in imported} - sys.stdlib_module_names - {"app", "ui"}
    found = {name for name in tops if not name.startswith("_")}
    assert found - LIBRARIES == set()
    assert {"PySide6", "peewee", "sqlcipher3"} <= found


def test_tls_and_processes_are_not_imported_at_start(imported):
    assert imported & {"ssl", "subprocess", "multiprocessing", "asyncio", "pydoc", "sqlite3.dump"} == set()


def test_what_the_lines_of_today_need_comes_after_the_first_paint(imported):
    """Of the program itself: no room that reads or writes documents, no reader of every child."""
    rooms = {name.split(".")[1] for name in imported if name.startswith("app.")}
    assert rooms <= ROOMS
    assert imported & LATER == set()
