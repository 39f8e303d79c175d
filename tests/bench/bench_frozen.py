"""How long the frozen program takes to start beside the plain one. Run by hand, after `packaging/build.py`:

    python -m tests.bench.bench_frozen [--children 5000] [--runs 9]

Both open the same ledger offscreen, taking turns, warm. The clock runs from before the process is made until the ledger is
open in its window: `LISTEN_AFTER` later, which is taken off, it begins to listen for a second start, and its pipe stands in
the folder for temporary files (Linux). The command line is measured by `version`, from start to end. Goal of
measurements.md §5: at most 1.2 ×.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from app.core.clock import FixedClock
from app.tasks.demo import make_demo
from frozen import names
from tests.bench.results import Result, table
from ui.shell.program import LISTEN_AFTER

ROOT = Path(__file__).resolve().parents[2]
GOAL = 1.2
PATIENCE = 120.0


def environment(home: Path) -> dict[str, str]:
    """Return the variables of both: a home of their own, and for the plain one compiled modules that stay."""
    folders = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    told = {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}
    return {**told, **folders, "TMPDIR": str(home / "pipes"), "PYTHONPYCACHEPREFIX": str(home / "compiled")}


def window_opens(command: list[str], home: Path) -> float:
    """Return the seconds until the ledger of `home` is open in a window; the program is ended then."""
    pipes = home / "pipes"
    for left in pipes.glob("shouwang-*"):
        left.unlink()
    begun = time.monotonic()
    program = subprocess.Popen(command, cwd=ROOT, env=environment(home), stderr=subprocess.DEVNULL)
    try:
        while not any(name.startswith("shouwang-") for name in os.listdir(pipes)):  # noqa: PTH208 - the quickest look
            if program.poll() is not None or time.monotonic() - begun > PATIENCE:
                raise RuntimeError(f"{command[0]} opened no window (ended with {program.returncode})")
            time.sleep(0.001)
        return time.monotonic() - begun - LISTEN_AFTER / 1000
    finally:
        program.terminate()
        program.wait(30)


def command_ends(command: list[str], home: Path) -> float:
    """Return the seconds until a command has ended."""
    begun = time.monotonic()
    subprocess.run(command, cwd=ROOT, env=environment(home), check=True, capture_output=True)
    return time.monotonic() - begun


def prepare(home: Path, children: int) -> Path:
    """Put a ledger where the settings say; return its path."""
    data, backups, config = home / "school", home / "backups", home / "config" / "shouwang"
    for folder in (data, backups, config, home / "pipes"):
        folder.mkdir(parents=True)
    settings = {"data_folder": str(data), "backup_folder": str(backups)}
    (config / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    make_demo(data / "守望.db", clock=FixedClock(datetime(2026, 11, 21, 8)), children=children)
    return data / "守望.db"


def measure(children: int = 5000, runs: int = 9) -> list[Result]:
    """Return the two rows."""
    folder = names.DIST / names.folder_name()
    if not folder.is_dir():
        raise SystemExit(f"not built: {folder}")
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        ledger = str(prepare(home, children))
        rows = []
        work: list[tuple[str, Callable[[list[str], Path], float], list[str], list[str]]] = [
            (
                f"frozen window opens {children} children",
                window_opens,
                [str(folder / names.WINDOW), ledger],
                [sys.executable, "-m", "ui", ledger],
            ),
            (
                "frozen command line says its version",
                command_ends,
                [str(folder / names.CONSOLE), "version"],
                [sys.executable, "-m", "app", "version"],
            ),
        ]
        for words, seconds, frozen, plain in work:
            both: tuple[list[float], list[float]] = ([], [])
            for turn in range(runs + 1):
                for found, command in zip(both, (frozen, plain), strict=True):
                    took = seconds(command, home)
                    if turn:  # the first is for the caches
                        found.append(took)
            ours, floor = (statistics.median(found) for found in both)
            rows.append(Result(words, ours, "s", floor, "plain Python", GOAL))
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    print(table(measure(options.children, options.runs)))


if __name__ == "__main__":
    main()
