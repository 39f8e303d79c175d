"""The whole ledger as the page lists it, 5,000 children, beside one plain SQL statement; search and sorting in the page.

    python -m tests.bench.bench_ledger_list [--children 5000]

The floor of the list is raw SQL for the same day: child, class, residence, registration and the day a number of the
family was last confirmed, by a correlated subquery. Our list holds all columns of a line that the file has as they are
shown; what follows from all facts of a child (parents' state with its reason, care, completeness, all phones) comes for
the lines in sight before the page is shown, for the others while it is. The floor of the page is one repaint of
a bare table in the same process; ``bench_ledger_page`` tells more about it.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from app.core.clock import FixedClock
from app.storage.store import Store
from tests.bench.results import Result, table
from tests.bench.school import copy_school

RUNS = 7
GOAL_LIST = 1.3
GOAL_TYPED = 3
GOAL_SORT_MS = 25
TYPED = ("z", "zx", "张", "1234", "白水沟", "白水沟 wang")
SORTED = ("name", "class", "away", "data")
RAW = """
SELECT c.uuid, c.name, c.pinyin, c.sex, c.birth_date, c.id_number, k.uuid, r.village, r.address, g.valid_from,
    (SELECT max(p.confirmed_on) FROM kinship n JOIN phone p ON p.person_id = n.person_id
     WHERE n.child_id = c.id AND n.deleted_at IS NULL AND p.deleted_at IS NULL)
FROM child c
LEFT JOIN enrolment e ON e.child_id = c.id AND e.deleted_at IS NULL
    AND (e.valid_from IS NULL OR e.valid_from <= :day) AND (e.valid_to IS NULL OR e.valid_to > :day)
LEFT JOIN school_class k ON k.id = e.school_class_id
LEFT JOIN residence r ON r.child_id = c.id AND r.deleted_at IS NULL
    AND (r.valid_from IS NULL OR r.valid_from <= :day) AND (r.valid_to IS NULL OR r.valid_to > :day)
LEFT JOIN registration g ON g.child_id = c.id AND g.deleted_at IS NULL AND g.kind = 'left_behind'
    AND (g.valid_from IS NULL OR g.valid_from <= :day) AND (g.valid_to IS NULL OR g.valid_to > :day)
WHERE c.deleted_at IS NULL ORDER BY c.pinyin
"""


def measure(children: int = 5000) -> list[Result]:
    """Return the rows of the list and of the page."""
    clock = FixedClock(datetime(2026, 11, 21, 10))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "守望.db"
        copy_school(path, children)
        return [*reading(path, clock), *page(path, clock)]


def reading(path: Path, clock: FixedClock) -> list[Result]:
    """Time the reading of the list."""
    from app.children.ledger_reading import list_ledger, read_ledger
    from app.children.queries import load_facts
    from ui.pages.children.loading import load_ledger

    with Store.open(path, clock=clock, read_only=True, verify=False) as store:
        day = clock.today()
        raw, listed, shown = in_turns(
            lambda: store.rows(RAW, {"day": day.isoformat()}),
            lambda: list_ledger(store, day),
            lambda: load_ledger(store, day),
        )
        rows, facts = in_turns(lambda: read_ledger(store, day), lambda: load_facts(store, day))
        known = len(list_ledger(store, day))
    return [
        Result(f"whole ledger list, {known} children", listed, "ms", raw, "raw SQL", GOAL_LIST),
        Result("  all that the page shows first", shown, "ms", raw, "raw SQL"),
        Result("  with every child's situation", rows, "ms", raw, "raw SQL"),
        Result("  all facts of all children", facts, "ms", raw, "raw SQL"),
    ]


def page(path: Path, clock: FixedClock) -> list[Result]:
    """Time typing and sorting in the real page."""
    from PySide6.QtWidgets import QApplication

    from tests.bench import bench_ledger_page
    from ui import theme
    from ui.jobs import Jobs

    app = QApplication.instance() or QApplication([])
    theme.install(app, 1.0)
    jobs = Jobs()
    shown = bench_ledger_page.shown_page(jobs, path, clock)
    floor = bench_ledger_page.bare_repaint(len(shown.table.rows)) * 1000
    found = [
        Result(
            "repaint of the ledger's table",
            median(partial(bench_ledger_page.repaint, shown), 15) * 1000,
            "ms",
            floor,
            "bare repaint",
        )
    ]
    typed = [bench_ledger_page.median_typed(shown, text) * 1000 for text in TYPED]
    found.append(
        Result("keystroke → repaint, middle word", statistics.median(typed), "ms", floor, "bare repaint", 3)
    )
    found.append(
        Result("keystroke → repaint, slowest word", max(typed), "ms", floor, "bare repaint", GOAL_TYPED)
    )
    slowest = max(median(partial(bench_ledger_page.sort, shown, key), 7) for key in SORTED) * 1000
    found.append(
        Result("sorting → repaint, slowest column", slowest, "ms", floor, "bare repaint", limit=GOAL_SORT_MS)
    )
    jobs.shut()
    return found


def in_turns(*acts: Callable[[], object]) -> list[float]:
    """Return the least milliseconds of processor time of each act, done in turns: other programs do not stretch it."""
    times: list[list[float]] = [[] for _ in acts]
    for _ in range(RUNS):
        for act, taken in zip(acts, times, strict=True):
            start = time.thread_time()
            act()
            taken.append((time.thread_time() - start) * 1000)
    return [min(taken) for taken in times]


def median(act: Callable[[], object], runs: int) -> float:
    """Return the median seconds of an act."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=5000)
    print(table(measure(parser.parse_args().children)), flush=True)
    os._exit(0)  # Qt's own tear-down is not measured


if __name__ == "__main__":
    main()
