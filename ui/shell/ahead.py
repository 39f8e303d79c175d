"""What a page needs is brought in before she asks for it: importing its modules takes longer than opening it.

Only modules, on a thread beside the window: they wait for nobody, and nothing of the ledger is read. What cannot be
brought in now is left for the moment at which it is needed; there it is said.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules

from PySide6.QtCore import QObject

from ui.jobs import Jobs
from ui.shell.page import PageSpec

log = logging.getLogger("shouwang.window")


def module_of(spec: PageSpec) -> str:
    """Return the module that `factory` imports: `page` in the folder the spec stands in."""
    return f"{spec.factory.__module__}.page"


def modules_of(specs: Sequence[PageSpec]) -> list[str]:
    """Return the modules of the pages in the order of the rail, then what else lies in their folders.

    A page's parts (the week, a case, a hand-over) are imported when they are first shown, by the window itself.
    """
    pages = list(dict.fromkeys(module_of(spec) for spec in specs))
    folders = dict.fromkeys(page.rpartition(".")[0] for page in pages)
    parts = [f"{folder}.{found.name}" for folder in folders for found in iter_modules(_places_of(folder))]
    return list(dict.fromkeys([*pages, *parts]))


def _places_of(folder: str) -> list[str]:
    return list(getattr(sys.modules.get(folder), "__path__", []))


def bring_in(module: str) -> None:
    """Import a module; that it does not go is nobody's trouble yet."""
    try:
        import_module(module)
    except Exception as error:  # noqa: BLE001 - the page that needs it says what is wrong, when it is opened
        log.info("not brought in ahead: %s %s", module, type(error).__name__)


class Ahead(QObject):
    """Brings in the pages one after the other, so that other work of the same thread comes in between."""

    def __init__(self, specs: Sequence[PageSpec], jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._left = modules_of(specs)

    def begin(self) -> None:
        """Go on until every page's modules are there, and those of its parts."""
        if self._left:
            self._jobs.work(bring_in, self._left.pop(0), on_done=self._next)

    def stop(self) -> None:
        """The ledger is being put away: what is missing comes when it is needed."""
        self._left.clear()

    def _next(self, _answer: object) -> None:
        self.begin()
