"""What the window imports before its first page is painted; anything more makes every morning longer."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ui import drafts, widgets

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = {
    "PySide6",
    "shiboken6",
    "shibokensupport",  # PySide6's own, as the next
    "signature_bootstrap",
    "typing_extensions",
    "platformdirs",
    "filelock",
    "msgspec",
    "peewee",
    "sqlcipher3",
}
ROOMS = {"core", "storage", "school", "children", "tasks"}
LATER = {
    "app.school.tables",  # and all others: writing alone needs them
    "app.children.tables",
    "app.children.codes",  # half a hundred kinds of code
    "app.children.completeness",
    "app.children.roster.reading",
    "app.pairing.queries",
    "app.diary.queries",
    "app.calls.seen",
    "app.todo.queries",
    "app.tasks.today",
    "app.tasks.week_forms",
    "ui.pages.today.listed",
    "ui.offers",
    "ui.shell.single",
    "PySide6.QtNetwork",
}
WIDGETS_LATER = {
    f"ui.widgets.{name}"
    for name in (
        "due",
        "table",
        "table_model",
        "date_field",
        "facts",
        "pager",
        "check",
        "form",
        "clipboard",
        "sides",
    )
}
SCRIPT = """
import json, sys
own = set(sys.modules)
import ui.main, ui.pages.today.page, app.tasks.glance
print(json.dumps(sorted(set(sys.modules) - own)))
"""
HOOK = """
import builtins
plain = builtins.__import__
import PySide6.QtWidgets
assert builtins.__import__ is not plain, "PySide puts no hook in any more: ui/__init__.py has nothing to take out"
import ui, ui.main, linecache
print(builtins.__import__ is builtins.__orig_import__, sum("/ui/" in name or "/app/" in name for name in linecache.cache))
"""
STYLE = """
import PySide6.QtWidgets
from ui import theme
from ui.main import make_application
app = make_application([])
theme.install(app)
print("QStyle" in vars(PySide6.QtWidgets) and isinstance(vars(PySide6.QtWidgets)["QStyle"], type), app.style().name())
"""
KINDS = """
from PySide6.QtWidgets import QApplication, QDialog, QScrollArea
from ui.pages.pairing.lines import ChildLines
from ui.widgets import Scroll
from ui.widgets.due import DueList
made = lambda: "QWizard" in {kind.__name__ for kind in QDialog.__subclasses__()}
app = QApplication([])
areas = [Scroll(), DueList(), ChildLines()]
before = made(), [area.viewport().autoFillBackground() for area in areas]
QScrollArea().viewport()
print(before, made())
"""


def told_by(script):
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def imported():
    return set(json.loads(told_by(SCRIPT)))


def test_only_these_libraries_are_imported_at_start(imported):
    tops = {name.partition(".")[0] for name in imported} - sys.stdlib_module_names - {"app", "ui"}
    found = {name for name in tops if not name.startswith("_")}
    assert found - LIBRARIES == set()
    assert {"PySide6", "peewee", "sqlcipher3"} <= found


def test_tls_and_processes_are_not_imported_at_start(imported):
    assert imported & {"ssl", "subprocess", "multiprocessing", "asyncio", "pydoc", "sqlite3.dump"} == set()


def test_nothing_is_imported_at_start_that_only_bounds_the_log_or_reads_a_checkout(imported):
    assert imported & {"logging.handlers", "pickle", "tomllib", "_strptime"} == set()


def test_the_style_is_there_without_the_classes_of_all_styles():
    """PySide makes them when the application is given its style, or asked for it, after it was made."""
    assert told_by(STYLE) == "False fusion"


def test_what_the_lines_of_today_need_comes_after_the_first_paint(imported):
    """Of the program itself: no room that reads or writes documents, no reader of every child."""
    rooms = {name.split(".")[1] for name in imported if name.startswith("app.")}
    assert rooms <= ROOMS
    assert imported & LATER == set()


def test_widgets_that_today_does_not_show_come_with_the_page_that_does(imported):
    assert "ui.widgets.button" in imported
    assert imported & WIDGETS_LATER == set()


@pytest.mark.parametrize("package", [drafts, widgets])
def test_what_a_package_offers_is_where_the_type_checker_finds_it(package):
    """What stands under TYPE_CHECKING and what is imported when it is named are one list."""
    source = ast.parse(Path(package.__file__).read_text(encoding="utf-8"))
    for_types = next(node for node in source.body if isinstance(node, ast.If))
    told = {node.names[0].name: node.module for node in for_types.body if isinstance(node, ast.ImportFrom)}
    assert told == package.PLACES
    assert len(told) > 10
    assert [name for name in told if not hasattr(package, name)] == []
    assert not hasattr(package, "Bogus")


def test_no_source_of_a_module_is_read_while_it_is_imported():
    """PySide's hook before `import` reads and keeps every source; ``ui`` takes it out, and is the last that is read."""
    assert told_by(HOOK) == "True 1"


def test_an_area_that_scrolls_makes_no_class_of_every_kind_of_widget():
    """PySide makes them all (wizards, calendars, …) when it is asked for a widget that Qt has made."""
    assert told_by(KINDS) == "(False, [False, False, False]) True"


def test_what_is_due_is_read_without_the_tables_that_only_writing_needs():
    """They take a fiftieth of a second, and the lines of the first page wait for them."""
    told = told_by("import sys, app.tasks.today; print([m for m in sys.modules if m.endswith('.tables')])")
    assert told == "[]"
