"""The kit itself: what it counts arrives in the table, and what it injects really happens."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from sqlcipher3 import dbapi2

from tests.faults import report
from tests.faults.kit.care import half_done
from tests.faults.kit.disks import mounted, mounts_in

ROOT = Path(__file__).resolve().parents[2]

COUNTING = """
import pytest

pytest_plugins = []

def test_r01_well(row):
    row.round(injected=1, acked=2)
    row.round(injected=1, acked=3)

def test_r01_again(record_property):
    for name, value in {"row": "R01", "rounds": 4, "injected": 0, "acked": 1, "lost": 0, "wrong": 0}.items():
        record_property(name, value)

def test_r02_loses(row):
    row.round(acked=1)
    row.lost("the second record")
    row.says("storage.full", "storage.io_write", "save")
"""
SKIPPING = """
import pytest

@pytest.mark.parametrize("number", range({number}))
def test_r03_skipped(number):
    pytest.skip("cannot be injected here: strace is not installed")
"""


def run_rows(folder: Path, source: str, *options: str) -> tuple[int, str, dict]:
    """Run fault tests in a checkout of their own that holds nothing but our kit."""
    tests = folder / "tests" / "faults"
    tests.mkdir(parents=True)
    (tests / "conftest.py").write_text("from tests.faults.conftest import *\n", encoding="utf-8")
    (tests / "test_rows.py").write_text(source, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    program = (
        "import sys, pathlib, pytest; from tests.faults import report;"
        " report.FILE = pathlib.Path(sys.argv[1]); sys.exit(pytest.main(sys.argv[2:]))"
    )
    done = subprocess.run(
        [
            *(sys.executable, "-c", program, folder / "faults.json"),
            *("-p", "tests.faults.report", "-q", "-c", folder / "pytest.ini", f"--rootdir={folder}"),
            *("-o", f"cache_dir={folder / 'cache'}", *options, tests),
        ],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    file = folder / "faults.json"
    return done.returncode, done.stdout + done.stderr, json.loads(file.read_text()) if file.exists() else {}


@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_what_rows_count_is_added_up(tmp_path, options):
    code, output, found = run_rows(tmp_path, COUNTING, *options)
    assert code == 1, output
    first, second = found["rows"]["R01"], found["rows"]["R02"]
    assert [first[name] for name in (*report.COUNTS, "tests", "failed")] == [6, 2, 6, 0, 0, 2, 0]
    assert [second[name] for name in (*report.COUNTS, "tests", "failed")] == [1, 0, 1, 1, 1, 1, 1]
    assert "lost: the second record" in output
    assert "save: said storage.full, not storage.io_write" in output
    assert "1 of 1 failed" in output


@pytest.mark.skipif(sys.platform == "win32", reason="on Windows any number of fault rows is skipped")
@pytest.mark.parametrize(
    ("number", "code", "options"), [(report.MOST_SKIPS, 0, ()), (report.MOST_SKIPS + 1, 1, ("-n", "2"))]
)
def test_few_rows_may_be_skipped(tmp_path, number, code, options):
    done, output, _ = run_rows(tmp_path, SKIPPING.format(number=number), *options)
    assert done == code, output
    assert ("at most 4 may be" in output) == bool(code)


def test_skips_are_named():
    class Skip:
        nodeid = "tests/faults/test_x.py::test_r01_x"
        longrepr = ("file", 1, "Skipped: cannot be injected here: strace is not installed")

    assert report.skips_of([Skip]) == [
        "test_x.py::test_r01_x: Skipped: cannot be injected here: strace is not installed"
    ]


def test_disks_are_gone_afterwards(tmp_path):
    with pytest.raises(ZeroDivisionError), mounts_in(tmp_path) as mounts:
        full = mounts.tmpfs("64k")
        with pytest.raises(OSError, match="No space left"):
            (full / "x").write_bytes(bytes(100_000))
        _, flash = mounts.image(4)
        assert len([place for place in mounted() if place.is_relative_to(tmp_path)]) == 2
        assert flash.exists()
        1 / 0  # noqa: B018
    assert [place for place in mounted() if place.is_relative_to(tmp_path)] == []


SPOILT = (
    "DELETE FROM promise",
    "DELETE FROM care_record WHERE id = (SELECT max(id) FROM care_record WHERE content LIKE '周格 %')",
    "UPDATE supporter SET left_on = '2026-11-01'",
    "DELETE FROM pairing WHERE id = (SELECT max(id) FROM pairing WHERE valid_to IS NULL)",
    "DELETE FROM attachment_content",
)


def test_care_work_that_is_there_by_halves_is_seen(worlds, tmp_path):
    world, photo = worlds(), tmp_path / "屋.png"
    Image.new("RGB", (40, 30), "green").save(photo)
    done = world.run("a_day", photo=photo)
    assert not done.bug
    assert not done.fault, done.message
    ledger = dbapi2.connect(str(world.ledger))

    class Raw:
        def rows(self, sql):
            return ledger.execute(sql).fetchall()

    assert set(half_done(Raw()).values()) == {0}
    for (name,) in Raw().rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        ledger.execute(f'DROP TRIGGER "{name}"')
    for sql in SPOILT:
        ledger.execute(sql)
    assert [words for words, count in half_done(Raw()).items() if not count] == []
    ledger.close()
