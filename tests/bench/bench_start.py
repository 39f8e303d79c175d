"""How long from the command to the painted today page with 5,000 children, beside a bare window. Run by hand:

    python -m tests.bench.bench_start [--children 5000] [--runs 9]

Every start is a process of its own, the candidates take turns, warm; the clock runs from before the process is made
until its window is painted. The floor is a bare QMainWindow with a QTableView. "Everything imported first" is our
program after importing every module it has. Quote the ratio of the medians (goal of measurements.md §5: at most 1.6 ×
the bare window; the check of the file runs beside it and is no part of that). Processor time (all threads, up to the
same moment) is the cross-check. The memory is that of the window at rest: on today, then on the ledger page with every
child read (goal: at most 120 MB).
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from app.core.clock import FixedClock
from app.tasks.demo import make_demo
from tests.bench.results import Result, table

ROOT = Path(__file__).resolve().parents[2]
GOAL_START = 1.6
GOAL_MEMORY_MB = 120
KINDS = ("bare", "ours", "eager")


def started(kind: str, home: Path) -> dict[str, dict[str, Any]]:
    """Start one candidate; return what it told by kind, with the seconds since the start."""
    folders = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "HOME": str(home), **folders}
    environment["PYTHONPYCACHEPREFIX"] = str(home / "compiled")  # warm: what was imported once is compiled
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.start_probe", kind],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        encoding="utf-8",
        timeout=180,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    return {one["kind"]: {**one, "seconds": one["at"] - begun} for one in told}


def prepare(home: Path, children: int) -> None:
    """Put a ledger where the settings say, and start and leave once, so that everything is as on the second day."""
    data, backups, config = home / "school", home / "backups", home / "config" / "shouwang"
    for folder in (data, backups, config):
        folder.mkdir(parents=True)
    settings = {"data_folder": str(data), "backup_folder": str(backups)}
    (config / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    make_demo(data / "守望.db", clock=FixedClock(datetime(2026, 11, 21, 8)), children=children)
    for kind in KINDS:
        started(kind, home)


def measure(children: int = 5000, runs: int = 9) -> list[Result]:
    """Return the rows of the start and of the memory."""
    seconds: dict[tuple[str, str], list[float]] = {}
    worked: dict[tuple[str, str], list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        prepare(home, children)
        for _ in range(runs):
            for kind in KINDS:
                for told, one in started(kind, home).items():
                    seconds.setdefault((kind, told), []).append(one["seconds"])
                    worked.setdefault((kind, told), []).append(one["processor"])
        bare_memory = started("bare", home)["idle bare"]["resident"]
        rest = started("stay", home)
    bare = statistics.median(seconds["bare", "bare"])
    bare_worked = statistics.median(worked["bare", "bare"])

    def row(words: str, found: list[float], floor: float, goal: float | None = None) -> Result:
        return Result(words, statistics.median(found), "s", floor, "bare window", goal)

    rows = [
        row(f"start to painted today page, {children} children", seconds["ours", "ours"], bare, GOAL_START),
        row("  the same in processor time", worked["ours", "ours"], bare_worked),
        row("  with everything imported first", seconds["eager", "ours"], bare),
        row("  until the lines of what is due stand there", seconds["ours", "lines"], bare),
        row("  until the line about what the files lack stands among them", seconds["ours", "gaps"], bare),
    ]
    for key, words in (("idle today", "today shown"), ("idle ledger", f"ledger of {children} shown")):
        found = rest[key]["resident"]
        rows.append(
            Result(f"memory at rest, {words}", found, "MB", bare_memory, "bare window", limit=GOAL_MEMORY_MB)
        )
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
