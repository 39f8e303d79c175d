"""What a command says when its answer can go nowhere: a full disk, a closed stdout, a reader that has gone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.messages import fault
from tests.app.command_line import ROOT, TODAY, ok

FULL = Path("/dev/full")
on_posix = pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    path = tmp_path_factory.mktemp("school") / "青石坪.db"
    ok("demo", path, "--children", 4, "--json")
    return path


def shell(demo, tail):
    """Run a command through the shell, which opens and closes its streams; give its code and what came on stderr."""
    command = f'"$PYTHON" -m app --today {TODAY} stats "$LEDGER" {tail}'
    env = {**os.environ, "PYTHON": sys.executable, "LEDGER": str(demo), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(["/bin/sh", "-c", command], cwd=ROOT, capture_output=True, check=False, env=env)
    return done.returncode, done.stderr.decode()


@on_posix
@pytest.mark.parametrize("form", ["", "--json"])
def test_a_full_disk_under_the_answer_is_told_as_that(demo, form):
    code, said = shell(demo, f"{form} > {FULL}")
    assert (code, said) == (1, f"{fault('answer.full', code='ENOSPC')}\n")


@on_posix
def test_a_closed_stdout_is_told_as_that(demo):
    assert shell(demo, ">&-") == (1, f"{fault('answer.nowhere', code='EBADF')}\n")


@on_posix
def test_where_nothing_can_be_said_the_code_says_it(demo):
    assert shell(demo, f"> {FULL} 2> {FULL}") == (1, "")
    assert shell(demo, ">&- 2>&-") == (1, "")


@on_posix
def test_who_stops_reading_is_told_nothing(demo):
    assert shell(demo, "| true")[1] == ""
