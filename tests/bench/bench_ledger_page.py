"""How fast the ledger page answers with 5,000 children, beside a bare table. Run by hand, on an idle computer:

    python -m tests.bench.bench_ledger_page [--children 5000]

The floor is one repaint of a bare QTableView over plain strings of the same size, in the same process (goals of
measurements.md §5: keystroke to repaint at most 3 floors, sorting at most 25 ms). Quote the ratios.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

import psutil
from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QDeadlineTimer, QEventLoop
from PySide6.QtWidgets import QApplication, QTableView

from app.core.clock import FixedClock
from app.storage.store import Store
from tests.bench.school import copy_school
from tests.ui.fakes import FakeDialogs, FakeNavigation, FakeProgram
from ui import theme
from ui.bus import ChangeBus
from ui.context import Context, Entering
from ui.errors import ErrorRouter
from ui.jobs import Jobs
from ui.pages.children.loading import load_ledger, reload_touched
from ui.pages.children.page import LedgerPage
from ui.preferences import Preferences

RUNS = 15
SIZE = (1222, 632)
TYPED = ("z", "zx", "zxy", "zx", "张", "张小", "1234", "白水沟", "白水沟 wang")


class Strings(QAbstractTableModel):
    """Plain texts, as many as the page shows."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self._rows = [[f"单元格 {row} {column}" for column in range(10)] for row in range(rows)]

    def rowCount(self, parent=None) -> int:
        return len(self._rows)

    def columnCount(self, parent=None) -> int:
        return 10

    def data(self, index, role=0):
        return self._rows[index.row()][index.column()] if role == 0 else None


def main() -> None:
    """Make the ledger, show the page, time it, print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=5000)
    options = parser.parse_args()
    app = QApplication([])
    theme.install(app, 1.0)
    clock = FixedClock(datetime(2026, 11, 21, 10))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "守望.db"
        copy_school(path, options.children)
        before = psutil.Process().memory_info().rss
        jobs = Jobs()
        page = shown_page(jobs, path, clock)
        print(f"{len(page.table.rows)} rows of {len(page.reader.loaded.rows)} children, median of {RUNS}")
        floor = bare_repaint(len(page.table.rows))
        print(f"{'repaint of a bare table':34} {floor * 1000:7.1f} ms")
        say("repaint of the page's table", median(lambda: repaint(page)), floor)
        for text in TYPED:
            say(f"typed {text!r} → repainted", median_typed(page, text), floor)
        for key in ("name", "class", "away", "data"):
            say(f"sorted by {key} → repainted", median(lambda key=key: sort(page, key)), floor)
        bar = page.bar.view
        say("counts of all views", median(lambda: page.views.build(menu_of(bar))), floor)
        after = psutil.Process().memory_info().rss
        print(f"resident memory {after / 1e6:.0f} MB, before the ledger was opened {before / 1e6:.0f} MB")
        jobs.shut()
        with Store.open(path, clock=clock, read_only=True) as store:
            time_reading(store, floor)
    sys.stdout.flush()
    os._exit(0)


def shown_page(jobs: Jobs, path: Path, clock: FixedClock) -> LedgerPage:
    """Return the page with everything read."""
    stores: list[Store] = []
    jobs.run(Store.open, path, clock=clock, on_done=stores.append)
    wait_for(lambda: bool(stores))
    dialogs = FakeDialogs()
    context = Context(
        store=stores[0],
        jobs=jobs,
        bus=ChangeBus(),
        clock=clock,
        errors=ErrorRouter(dialogs),
        dialogs=dialogs,
        entering=Entering(),
        navigation=FakeNavigation(),
        settings=Preferences(jobs),
        program=FakeProgram(),
        backup_folder=path.parent,
    )
    page = LedgerPage(context)
    page.resize(*SIZE)
    page.show()
    wait_for(lambda: page.reader.loaded is not None)
    return page


def wait_for(done: Callable[[], bool]) -> None:
    """Let events run until something is so."""
    deadline = QDeadlineTimer(120_000)
    while not done() and not deadline.hasExpired():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        time.sleep(0.001)


def bare_repaint(rows: int) -> float:
    """Return the seconds of one repaint of a bare table."""
    model = Strings(rows)
    view = QTableView()
    view.setModel(model)
    view.resize(*SIZE)
    view.show()
    shown = time.perf_counter()
    wait_for(lambda: time.perf_counter() - shown > 0.3)
    return median(lambda: view.viewport().repaint())


def repaint(page: LedgerPage) -> None:
    page.table.viewport().repaint()


def sort(page: LedgerPage, key: str) -> None:
    page.table.sort_by(key, descending=page.table.rows[0] is not None)
    repaint(page)


def menu_of(widget):
    from ui.widgets import Menu

    return Menu(widget)


def median(act: Callable[[], object]) -> float:
    """Return the median seconds of an act."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def median_typed(page: LedgerPage, text: str) -> float:
    """Return the median seconds from the last key of ``text`` to the repainted table."""
    search = page.header.search
    times = []
    for _ in range(RUNS):
        search.setText(text[:-1])
        repaint(page)
        start = time.perf_counter()
        search.setText(text)
        repaint(page)
        times.append(time.perf_counter() - start)
    search.setText("")
    return statistics.median(times)


def say(words: str, seconds: float, floor: float) -> None:
    print(f"{words:34} {seconds * 1000:7.1f} ms   {seconds / floor:5.2f} × the bare repaint")


def time_reading(store: Store, floor: float) -> None:
    """Time the reads that the storage thread does, beside the rows of the child table alone."""
    del floor
    day = store.clock.today()
    raw = median(lambda: store.rows("SELECT * FROM child"))
    whole = median_few(lambda: load_ledger(store, day))
    loaded = load_ledger(store, day)
    one = median(lambda: reload_touched(store, loaded, (loaded.rows[0].uuid,)))
    print(f"{'SELECT * FROM child':34} {raw * 1000:7.1f} ms")
    print(f"{'whole ledger read':34} {whole * 1000:7.1f} ms   {whole / raw:5.1f} × that")
    print(f"{'one child read again':34} {one * 1000:7.1f} ms")


def median_few(act: Callable[[], object]) -> float:
    global RUNS  # noqa: PLW0603
    before, RUNS = RUNS, 3
    try:
        return median(act)
    finally:
        RUNS = before


if __name__ == "__main__":
    main()
