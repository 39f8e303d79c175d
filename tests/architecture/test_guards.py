"""The guards of tests/conftest.py guard: each is given a test that must fall."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

GUARDED = """
import logging
import pytest
from PySide6.QtCore import qWarning

def test_falls_on_a_logged_error():
    logging.getLogger("app.storage").error("went wrong")

def test_may_look_at_a_logged_error(caplog):
    logging.getLogger("app.storage").error("went wrong")
    assert "went wrong" in caplog.text

def test_falls_on_a_warning_of_qt(qapp):
    qWarning("QWidget: wrong")

def test_falls_on_a_python_warning():
    import warnings
    warnings.warn("old", DeprecationWarning)

def test_is_skipped_by_name(reader):
    reader("pdfinfo-that-is-nowhere")
"""

SKIPPING = """
import pytest

@pytest.mark.parametrize("number", range(6))
def test_is_skipped(number):
    pytest.skip({reason!r})
"""


def run_pytest(folder: Path, source: str, **env: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_guarded.py").write_text(source, encoding="utf-8")
    options = ["-p", "tests.conftest", "-q", f"--rootdir={folder}", "-o", f"cache_dir={folder}"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", *options, folder],
        cwd=ROOT,
        env={key: value for key, value in os.environ.items() if key != "CI"} | env,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_errors_and_warnings_fail_a_test(tmp_path):
    source = GUARDED.replace("pdfinfo-that-is-nowhere", "pdfinfo")
    done = run_pytest(tmp_path, source, PATH=str(tmp_path))
    fallen = {
        line.split("::")[1].split(" ")[0] for line in done.stdout.splitlines() if line.startswith("FAILED")
    }
    assert fallen == {
        "test_falls_on_a_logged_error",
        "test_falls_on_a_warning_of_qt",
        "test_falls_on_a_python_warning",
    }, done.stdout
    assert "reader not installed: pdfinfo (Debian package poppler-utils)" in done.stdout
    assert "3 failed, 1 passed, 1 skipped" in done.stdout


@pytest.mark.parametrize(
    ("reason", "ci", "code"),
    [
        ("not today", "true", 1),
        ("not today", "", 0),
        ("reader not installed: soffice (Debian package libreoffice-calc)", "true", 0),
    ],
)
def test_a_build_run_may_not_skip_silently(tmp_path, reason, ci, code):
    done = run_pytest(tmp_path, SKIPPING.format(reason=reason), CI=ci)
    assert done.returncode == code, done.stdout
    assert ("at most 5 may be" in done.stdout) == bool(code)


def test_on_windows_where_much_cannot_be_tried_skips_are_named_only(tmp_path):
    source = f"import sys\nsys.platform = 'win32'\n{SKIPPING.format(reason='signals are of Unix')}"
    done = run_pytest(tmp_path, source, CI="true")
    assert done.returncode == 0, done.stdout
    assert "signals are of Unix" in done.stdout
