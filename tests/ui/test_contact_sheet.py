"""The contact sheet: what the buttons open is drawn with the pages, and what is cut is told."""

import subprocess
import sys
from pathlib import Path

from PIL import Image

from app.core.clock import FixedClock
from app.tasks.demo import make_demo
from ui.pictures.sheet import MOMENT

ROOT = Path(__file__).resolve().parents[2]


def test_pages_and_what_their_buttons_open_come_onto_one_sheet_and_nothing_is_cut_or_nameless(
    tmp_path_factory,
):
    tmp_path = tmp_path_factory.mktemp(
        "s"
    )  # the status line shows it, and has room for a school's usual folder
    make_demo(tmp_path / "demo.db", clock=FixedClock(MOMENT), children=6)
    folder = tmp_path / "out" / "small"
    pages = ("ledger", "settings-staff", "call_lines-turns")
    done = subprocess.run(
        [sys.executable, "-m", "ui.pictures.sheet", folder, tmp_path / "demo.db", "911", "432", "1.0", *pages],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    drawn = {path.stem for path in folder.glob("*.png")}
    opened = {"ledger-加一名儿童", "settings-staff-加一名教职工", "call_lines-turns-加一个值班"}
    assert {"start-first", "start-read-only", *pages, *opened} <= drawn
    with Image.open(tmp_path / "out" / "sheet-small.png") as sheet:
        assert sheet.width > 5 * 400
        assert sheet.height > len(drawn) // 5 * 100
