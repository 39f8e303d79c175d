"""The contact sheet: what the buttons open is drawn with the pages, and what is cut is told."""

import subprocess
import sys
from pathlib import Path

from PIL import Image

from app.core.clock import FixedClock
from app.tasks.demo import make_demo
from ui.pictures.scenes import SCENES
from ui.pictures.sheet import MOMENT

ROOT = Path(__file__).resolve().parents[2]


def drawn_of(folder, file, *names):
    """Draw in a window of 1366 × 688, where nothing may be cut or missing; return the names of the pictures."""
    done = subprocess.run(
        [sys.executable, "-m", "ui.pictures.sheet", folder, file, "1366", "688", "1.0", *names],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return {path.stem for path in folder.glob("*.png")}


def test_each_scene_is_played_to_its_end(tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("s")
    make_demo(tmp_path / "demo.db", clock=FixedClock(MOMENT), children=60)
    drawn = drawn_of(tmp_path / "out" / "scenes", tmp_path / "demo.db", "scenes")
    played = {scene.__name__.replace("_", "-") for scene in SCENES}
    assert {name for name in played if any(one.startswith(f"scene-{name}-") for one in drawn)} == played
    assert {"scene-ledger-views", "scene-record-choice", "scene-unsaved-offers-搬家"} <= drawn


def test_the_start_is_drawn_over_real_files_in_every_state(tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("s")
    make_demo(tmp_path / "demo.db", clock=FixedClock(MOMENT), children=6)
    drawn = drawn_of(tmp_path / "out" / "starts", tmp_path / "demo.db", "starts")
    states = (
        "missing",
        "empty",
        "not-ours",
        "overwritten",
        "newer-schema",
        "older-schema",
        "other-path",
        "corrupt",
        "older-content",
        "resume",
    )
    assert {f"file-{state}" for state in (*states, "restored")} <= drawn


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
