"""Which room may import which: the contracts of [tool.importlinter] in pyproject.toml, and that they hold."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_import_contracts_are_kept():
    checked = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as run; run()",
            "--no-cache",
        ],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    # What is wrong stands after the banner and the list of contracts.
    complaint = checked.stdout.partition("Contracts:")[2] or checked.stdout
    assert checked.returncode == 0, complaint + checked.stderr
    assert "0 broken" in checked.stdout
