"""The picture round: one picture per page, cuts found and named, a bad file refused in words."""

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from app.core.clock import FixedClock
from app.school.service import init_school
from app.storage.store import Store
from ui.pages import all_pages

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def ledger(tmp_path):
    path = tmp_path / "ledger.db"
    with Store.create(path, clock=FixedClock(datetime(2026, 11, 21, 9, 0))) as store:
        init_school(store, name="青石坪镇中心小学")
    return path


def run(*words):
    return subprocess.run(
        [sys.executable, "-m", "ui.pictures", *map(str, words)],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=600,
    )  # fmt: skip


def test_every_registered_page_is_drawn(ledger, tmp_path):
    done = run(tmp_path / "out", ledger, "--scale", "1.5", "--width", "911", "--height", "432")
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    drawn = {path.stem for path in (tmp_path / "out").glob("*.png")}
    names = {"-".join(filter(None, (spec.name, part))) for spec in all_pages() for part in ("", *spec.parts)}
    assert "safety-bin" in names
    assert drawn == {f"{name}-150" for name in names}


def test_a_file_that_is_no_ledger_is_refused(tmp_path):
    bad = tmp_path / "bad.db"
    bad.write_bytes(b"no ledger at all" * 100)
    done = run(tmp_path / "out", bad, "--scale", "1")
    assert done.returncode == 2
    assert "不是守望的数据" in done.stdout
