"""What starting the window may not cost: heavy libraries stay out until they are needed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = (
    "openpyxl",
    "reportlab",
    "pypdfium2",
    "pypinyin",
    "py7zr",
    "holidays",
    "python_calamine",
    "numpy",
    "lxml",
)

SCRIPT = """
import json, sys
from datetime import datetime
from pathlib import Path
from app.core.clock import FixedClock
from app.school.service import init_school
from app.storage.store import Store
path = Path(sys.argv[1])
if sys.argv[2] == "make":
    with Store.create(path, clock=FixedClock(datetime(2026, 11, 21, 9, 0))) as store:
        init_school(store, name="school")
else:
    from ui import theme
    from ui.main import make_application
    from ui.shell.page import Page, PageSpec
    from ui.shell.program import Program
    app = make_application([])
    theme.install(app)
    class Blank(Page):
        def __init__(self, context):
            super().__init__(context, "今日")
    spec = PageSpec("today", "今日", "weather_sunny", Blank)
    program = Program([spec], FixedClock(datetime(2026, 11, 21, 9, 0)), settings_file=None)
    program.sat_down.connect(lambda sitting: sitting.context.jobs.run(lambda: None, on_done=lambda _: app.quit()))
    program.start(path)
    app.exec()
    program.jobs.shut()
    print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""


def run(path, what):
    return subprocess.run(
        [sys.executable, "-c", SCRIPT, str(path), what],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=True, timeout=600,
    ).stdout  # fmt: skip


def test_opening_the_window_imports_no_heavy_library(tmp_path):
    path = tmp_path / "ledger.db"
    run(path, "make")
    loaded = set(json.loads(run(path, "open").splitlines()[-1]))
    assert loaded & set(HEAVY) == set()
    assert "PySide6" in loaded


@pytest.mark.parametrize("language", ["C", "en_US.UTF-8"])
def test_qts_own_words_and_days_are_chinese(language):
    script = """
from PySide6.QtCore import QDate, QLocale
from PySide6.QtWidgets import QLineEdit
from ui.main import make_application
app = make_application([])
line = QLineEdit("x")
menu = line.createStandardContextMenu()
print(" ".join(action.text() for action in menu.actions()))
print(QLocale().toString(QDate(2026, 11, 22), QLocale.FormatType.LongFormat))
"""
    said = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=600,
        env={**os.environ, "LC_ALL": language, "LANG": language, "PYTHONIOENCODING": "utf-8"},
    ).stdout
    assert "粘贴" in said
    assert "Paste" not in said
    assert "2026年11月22日" in said


def test_wrong_arguments_are_told_and_end_with_two():
    ended = subprocess.run(
        [sys.executable, "-m", "ui.main", "--today", "gestern"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=600,
    )
    assert ended.returncode == 2
