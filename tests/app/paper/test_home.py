"""What lies in the user's home has no part in what is printed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(params=("own settings", "no folder"))
def home(request, tmp_path) -> Path:
    """A home with files that reportlab would run, or one that is no folder."""
    place = tmp_path / "家"
    if request.param == "no folder":
        place.touch()
        return place
    place.mkdir()
    for name in (".reportlab_mods", ".reportlab_settings"):
        (place / name).write_text("print('run')\nshapeChecking = 'from home'\n")
    return place


def test_the_library_that_prints_takes_nothing_from_the_home(home):
    code = "import app.paper.document, reportlab.rl_config as known; print(known.shapeChecking)"
    environment = {**os.environ, "HOME": str(home), "USERPROFILE": str(home)}
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout.split(), ran.stderr) == (0, ["1"], "")
