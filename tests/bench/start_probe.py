"""One start of a window in a process of its own; told as lines of JSON. Called by ``bench_start``, which see.

    python -m tests.bench.start_probe bare|ours|eager|stay

Nothing is imported here that is not needed, for the floor must stay one.
"""

import json
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

TODAY = "2026-11-21"


def tell(kind: str, *, memory: bool = False) -> None:
    """Print the moment and what the process has used up to now."""
    at, used = time.monotonic(), time.process_time()
    found = {"kind": kind, "at": at, "processor": used}
    if memory:
        import psutil

        found["resident"] = psutil.Process().memory_info().rss / 1e6
    print(json.dumps(found), flush=True)


def paint(window: Any) -> None:
    """Lay a window out and paint it now."""
    from PySide6.QtCore import QCoreApplication

    QCoreApplication.sendPostedEvents()
    window.repaint()


def start_bare() -> None:
    """Show a table in a window, as little as Qt allows."""
    from PySide6.QtCore import QAbstractTableModel, QTimer
    from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

    class Strings(QAbstractTableModel):
        def rowCount(self, parent: object = None) -> int:
            return 5000

        def columnCount(self, parent: object = None) -> int:
            return 10

        def data(self, index: Any, role: int = 0) -> str | None:
            return "单元格" if role == 0 else None

    app = QApplication([])
    window, view, model = QMainWindow(), QTableView(), Strings()
    view.setModel(model)
    window.setCentralWidget(view)
    window.showMaximized()

    def painted() -> None:
        paint(window)
        tell("bare")
        tell("idle bare", memory=True)
        app.quit()

    QTimer.singleShot(0, painted)
    app.exec()


def import_everything() -> None:
    """Import every module of the program and every library, as if nobody had thought about starting."""
    from importlib import import_module

    root = Path(__file__).resolve().parents[2]
    for folder in ("app", "ui"):
        for path in sorted((root / folder).rglob("*.py")):
            if path.stem != "__main__":
                parts = path.relative_to(root).with_suffix("").parts
                import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    for name in (
        "openpyxl",
        "reportlab.platypus",
        "pypdfium2",
        "pypinyin",
        "py7zr",
        "holidays",
        "python_calamine",
    ):
        import_module(name)


def start_ours(*, stay: bool) -> None:
    """Start the program as its command does; only the today page is watched."""
    from msgspec.structs import replace

    from ui.__main__ import leave_untidied

    leave_untidied()
    import ui.main

    specs = {spec.name: spec for spec in ui.main.all_pages()}
    today = specs["today"]

    def watched(context: Any) -> Any:
        page = today.factory(context)
        show_glance, show_lines, show_children = page._show_glance, page._show_lines, page._show_children
        told = set()

        def glance_shown(found: Any) -> None:
            show_glance(found)
            if not told:
                told.add("ours")
                paint(page.window())
                tell("ours")

        def lines_shown() -> None:
            show_lines()
            paint(page.window())
            tell("lines")

        def children_shown(found: Any) -> None:
            show_children(found)
            paint(page.window())
            tell("gaps")
            Rest(page).begin() if stay else page.window().close()

        page._show_glance, page._show_lines, page._show_children = glance_shown, lines_shown, children_shown
        return page

    watched.__module__ = today.factory.__module__  # by it the page is found and brought in ahead
    specs["today"] = replace(today, factory=watched)
    ui.main.all_pages = lambda: tuple(specs.values())
    ui.main.main(["--today", TODAY])


class Rest:
    """Tells the memory of the window at rest: on today, then on the ledger with every child read; then leaves."""

    def __init__(self, page: Any) -> None:
        self._page = page

    def begin(self) -> None:
        self._later(self._at_today)

    def _at_today(self) -> None:
        tell("idle today", memory=True)
        self._page.context.navigation.open_page("ledger")
        self._later(self._at_ledger)

    def _at_ledger(self) -> None:
        tell("idle ledger", memory=True)
        self._page.window().close()

    def _later(self, then: Any) -> None:
        """Call ``then`` two seconds from now, or as soon after that as nothing is under way."""
        from PySide6.QtCore import QTimer

        QTimer.singleShot(2000, partial(self._when_quiet, then))

    def _when_quiet(self, then: Any) -> None:
        if self._page.context.jobs.busy:
            self._later(then)
        else:
            then()


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        start_bare()
    else:
        if sys.argv[1] == "eager":
            import_everything()
        start_ours(stay=sys.argv[1] == "stay")
