"""No screen to open a window on: said in words, with an exit code, instead of Qt's English end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ui import screen

ROOT = Path(__file__).resolve().parents[2]


def start(home, **variables):
    keep = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "ui.main"],
        cwd=ROOT,
        env=keep | {"HOME": str(home), "LANG": "C.UTF-8"} | variables,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=600,
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")
@pytest.mark.parametrize("variables", [{}, {"DISPLAY": ":7654"}, {"WAYLAND_DISPLAY": "none"}])
def test_without_a_screen_it_says_so_and_ends(tmp_path, variables):
    done = start(tmp_path, QT_QPA_PLATFORM="xcb", **variables)
    assert done.returncode == screen.EXIT
    assert done.stderr == str(screen.fault("screen.none")) + "\n"
    (log,) = tmp_path.rglob("shouwang.log")
    assert "could not connect to display" in log.read_text(encoding="utf-8")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")
def test_a_home_that_takes_nothing_keeps_no_window_from_opening(tmp_path):
    home = tmp_path / "home"
    home.write_bytes(b"")
    done = start(home, QT_QPA_PLATFORM="unheard")
    assert done.stderr == str(screen.fault("screen.part_missing", name="unheard")) + "\n"


def test_a_plugin_that_is_not_there_is_named(tmp_path):
    done = start(tmp_path, QT_QPA_PLATFORM="unheard")
    assert done.returncode == screen.EXIT
    assert done.stderr == str(screen.fault("screen.part_missing", name="unheard")) + "\n"


def test_a_plugin_that_does_not_load_is_no_missing_screen():
    heard = ['Could not load the Qt platform plugin "xcb" in "" even though it was found.']
    assert screen.no_window(heard).key == "screen.part_missing"
    assert screen.no_window(["qt.qpa.xcb: could not connect to display :0", *heard]).key == "screen.none"
