"""An update without internet: the newer program beside the older one, each a process of its own, on the same ledger.

The older program is this one without its last migration: it knows one data format less, as the release before did. The
ledger is the kept file that release wrote.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.storage.migrations.runner import SCHEMA_VERSION

ROOT = Path(__file__).resolve().parents[2]
RUNNER = Path("app") / "storage" / "migrations" / "runner.py"


@pytest.fixture(scope="module")
def older(tmp_path_factory) -> Path:
    """Return a folder with the program of the release before."""
    folder = tmp_path_factory.mktemp("旧版 守望")
    for name in ("app", "resources/codes"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    text, changes = re.subn(
        r"^(STEPS: .*?),\s+m0*\d+_\w+,?\s*\)$",
        r"\1)",
        (folder / RUNNER).read_text("utf-8"),
        flags=re.MULTILINE | re.DOTALL,
    )
    assert changes == 1
    (folder / RUNNER).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def ledger(tmp_path) -> Path:
    file = tmp_path / "守望数据" / "守望.db"
    file.parent.mkdir()
    shutil.copyfile(ROOT / f"tests/data/released/v{SCHEMA_VERSION - 1}.db", file)
    return file


def ask(program: Path, *words: str | Path) -> tuple[int, dict | list | None, str]:
    """Run a program's command line; return its exit code, its JSON and what it says in Chinese."""
    done = subprocess.run(
        [sys.executable, "-m", "app", words[0], "--json", *(str(word) for word in words[1:])],
        cwd=program,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, json.loads(done.stdout) if done.stdout.strip() else None, done.stderr


def names(program: Path, ledger: Path) -> list:
    code, children, said = ask(program, "children", ledger)
    assert code == 0, said
    return children


def test_a_newer_program_takes_the_ledger_over_and_the_older_one_comes_back_by_a_restore(older, ledger):
    before = names(older, ledger)
    assert before

    # The newer one says what it wants to do, does it on a proved copy, and shows the same children.
    code, _, said = ask(ROOT, "children", ledger)
    assert code == 1
    assert "旧版守望" in said
    code, upgraded, said = ask(ROOT, "upgrade", ledger)
    assert (code, upgraded["from_schema"], upgraded["to_schema"]) == (
        0,
        SCHEMA_VERSION - 1,
        SCHEMA_VERSION,
    ), said
    assert names(ROOT, ledger) == before
    copy = Path(upgraded["before_copy"])
    code, _, said = ask(older, "verify", copy)
    assert code == 0, said

    # The older one writes nothing into what it does not know whole, says so in plain words, and touches nothing.
    content = ledger.read_bytes()
    roster = ROOT / "tests" / "data" / "rosters" / "utf8.csv"
    for words in (["backup", ledger], ["upgrade", ledger], ["import-roster", ledger, roster]):
        code, _, said = ask(older, *words)
        assert code == 1, words
        assert "新版守望" in said, words
    assert ledger.read_bytes() == content

    # Going back is a restore of that copy; what the newer program had stays beside it.
    code, restored, said = ask(older, "restore", ledger, copy)
    assert code == 0, said
    assert Path(restored["kept"]).is_file()
    assert names(older, ledger) == before

    # And forward again.
    code, _, said = ask(ROOT, "upgrade", ledger)
    assert code == 0, said
    assert names(ROOT, ledger) == before
