"""What the fault rows of one run came to: a table at the end, build/faults.json, and no silent skips.

Registered by tests/conftest.py, so that it also speaks where xdist runs the tests in other processes.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "build" / "faults.json"
HERE = "tests/faults/"
MOST_SKIPS = 4

# What a row counts, as it stands in the properties of a test, and its heading in the table.
COUNTS = {
    "rounds": "rounds",
    "injected": "operations failed",
    "acked": "acked",
    "lost": "lost",
    "wrong": "wrong words",
}
SECONDS = "core_seconds"
ROW = re.compile(r"R\d\d")


def rows_of(reports) -> dict[str, dict]:
    """Add up what the tests of each row recorded; a row that nobody counted for is not in it."""
    rows: dict[str, dict] = defaultdict(
        lambda: {**dict.fromkeys(COUNTS, 0), SECONDS: 0.0, "tests": 0, "failed": 0}
    )
    for report in reports:
        found = dict(report.user_properties)
        name = found.get("row")
        if not isinstance(name, str) or not ROW.fullmatch(name):
            continue
        row = rows[name]
        for count in (*COUNTS, SECONDS):
            row[count] += found.get(count, 0)
        row["tests"] += 1
        row["failed"] += report.outcome == "failed"
    return dict(sorted(rows.items()))


def skips_of(reports) -> list[str]:
    """Return the fault tests that were skipped, each with why."""
    return [
        f"{report.nodeid.removeprefix(HERE)}: {report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr}"
        for report in reports
        if report.nodeid.startswith(HERE)
    ]


def table(rows: dict[str, dict]) -> list[str]:
    """Return the rows as lines of a table, with the sum below."""
    heads = ["row", *COUNTS.values(), "core s", ""]
    lines = [
        [
            name,
            *(str(row[count]) for count in COUNTS),
            f"{row[SECONDS]:.1f}",
            f"{row['failed']} of {row['tests']} failed" if row["failed"] else "",
        ]
        for name, row in rows.items()
    ]
    totals = (str(sum(row[count] for row in rows.values())) for count in COUNTS)
    lines.append(["all", *totals, f"{sum(row[SECONDS] for row in rows.values()):.1f}", ""])
    widths = [max(len(line[column]) for line in [heads, *lines]) for column in range(len(heads))]
    return [
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in [heads, *lines]
    ]


def pytest_terminal_summary(terminalreporter):
    """Print the table, and keep it for whoever releases."""
    stats = terminalreporter.stats
    reports = [
        report
        for outcome in ("passed", "failed")
        for report in stats.get(outcome, [])
        if getattr(report, "when", "") == "call"
    ]
    rows = rows_of(reports)
    if not rows:
        return
    skips = skips_of(stats.get("skipped", []))
    terminalreporter.section("faults")
    for line in table(rows):
        terminalreporter.write_line(line)
    for skip in skips:
        terminalreporter.write_line(f"not injected here: {skip}", yellow=True)
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(
        json.dumps({"rows": rows, "skipped": skips}, ensure_ascii=False, indent=1), encoding="utf-8"
    )


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """Fail a run in which more than a few faults could not be injected: a row that did not run proves nothing.

    On Windows nothing of the kit exists; what can go wrong there is tried by hand (reliability §5.3).
    """
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    if (
        terminal is None or sys.platform == "win32"
    ):  # without one: a worker of xdist, counted where all come together
        return
    skips = skips_of(terminal.stats.get("skipped", []))
    if len(skips) > MOST_SKIPS and session.exitstatus == 0:
        terminal.write_line(f"{len(skips)} fault rows were skipped; at most {MOST_SKIPS} may be", red=True)
        session.exitstatus = 1
