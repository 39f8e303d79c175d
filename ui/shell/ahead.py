"""What a page needs is brought in before she asks for it: importing its modules takes longer than opening it.

What has nothing to do with Qt (`app`, libraries) is imported on a thread beside it. A module of the window's own makes
classes of Qt, and those may only be made on the window's thread: PySide keeps them in one table that Qt reads without
asking Python (every paint does), and under Python 3.11 nothing locks it. A class that is added on another thread
meanwhile can move the table away from under Qt, which ends the program. So these modules come one by one, leaves
first, a few milliseconds in each turn of the event loop. What cannot be brought in is left for the moment at which it
is needed; there it is said.
"""

from __future__ import annotations

import dis
import logging
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from types import CodeType

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QScrollArea

from ui.jobs import Jobs
from ui.shell.page import PageSpec

log = logging.getLogger("shouwang.window")

_OF_WINDOW = "ui."
_OURS = (_OF_WINDOW, "app.")
_NEVER_RUN = "TYPE_CHECKING"


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


def know_widgets() -> None:
    """Let PySide make its classes of every kind of widget, on the window's thread.

    It does so, for a hundredth of a second and more, when it is first asked for a widget that Qt itself has made, as
    every table has one: better while nobody waits than with the first page that shows a table.
    """
    QScrollArea().viewport()


def prepare(module: str) -> list[str]:
    """Bring in what ``module`` needs besides the window's own modules, on whatever thread this is.

    Return the modules of the window that are missing for it, leaves first, itself last.
    """
    order: dict[str, None] = {}
    for name in _walked(module, set()):
        if name.startswith(_OF_WINDOW):
            order[name] = None
        else:
            bring_in(name)
    return list(order)


def _walked(module: str, seen: set[str]) -> Iterator[str]:
    """Yield what has to be imported for a module, in an order in which each finds there what it needs."""
    if module in seen or module in sys.modules:
        return
    seen.add(module)
    if module.startswith(_OF_WINDOW):
        for name in imports_of(module):
            yield from _walked(name, seen)
    yield module


def imports_of(module: str) -> list[str]:
    """Return the modules of the program that a module of the window imports as soon as it is imported itself.

    Read from its code, which is not run. Of a module in a folder that is not there yet nothing is told.
    """
    if module.rpartition(".")[0] not in sys.modules:
        return []
    try:
        spec = find_spec(module)
        code = spec.loader.get_code(module) if spec is not None else None  # type: ignore[union-attr]
        return [] if code is None else list(dict.fromkeys(_imported_by(code)))
    except Exception as error:  # noqa: BLE001 - a file that cannot be read says so when it is imported
        log.info("not read ahead: %s %s", module, type(error).__name__)
        return []


def _imported_by(code: CodeType) -> Iterator[str]:
    """Yield what the outermost statements import, without what stands there for the type checker only.

    Who names what a package offers imports the module that it stands in.
    """
    resume, before, package = 0, None, ""
    for step in dis.get_instructions(code):
        if step.offset < resume:
            continue
        if before == _NEVER_RUN and step.opname.startswith("POP_JUMP"):
            resume = int(step.argval)
        elif step.opname == "IMPORT_NAME" and str(step.argval).startswith(_OURS):
            package = str(step.argval)
            yield package
        elif step.opname == "IMPORT_FROM" and package.startswith(_OF_WINDOW):
            yield from _offered(package, step.argval)
        elif step.opname == "IMPORT_NAME":
            package = ""
        before = step.argval


def _offered(package: str, name: str) -> Iterator[str]:
    """Yield the module that comes when a package of the window is asked for a name: where it stands, or itself."""
    found = sys.modules.get(package)
    place = getattr(found, "PLACES", {}).get(name)
    if place is not None:
        yield place
    elif hasattr(found, "__path__") and find_spec(f"{package}.{name}") is not None:
        yield f"{package}.{name}"


class Ahead(QObject):
    """Brings in the pages one after the other, so that other work comes in between; `finished` when all are there."""

    finished = Signal()

    def __init__(self, modules: Sequence[str], jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._left = deque(modules)
        self._order: deque[str] = deque()
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._one)
        self._is_waiting = False
        jobs.busy_changed.connect(self._other_work)
        jobs.destroyed.connect(self.stop)

    @property
    def is_done(self) -> bool:
        """Tell whether nothing is left to be brought in."""
        return not self._left and not self._order

    def begin(self, *, at_once: bool = False) -> None:
        """Go on until all modules are there. Other work goes first, both would only take the time from each other."""
        if not self._left:
            self.finished.emit()
            return
        self._is_waiting = self._jobs.busy and not at_once
        if not self._is_waiting:
            self._jobs.work(prepare, self._left.popleft(), on_done=self._prepared)

    def stop(self, *_: object) -> None:
        """The ledger is being put away: what is missing comes when it is needed."""
        self._left.clear()
        self._order.clear()
        self._turn.stop()
        self._is_waiting = False  # else it would be told as finished whenever other work ends

    def _other_work(self, busy: bool) -> None:
        if self._is_waiting and not busy:
            self._turn.start()

    def _prepared(self, order: list[str]) -> None:
        self._order.extend(order)
        self._turn.start()

    def _one(self) -> None:
        """One module a turn: what she types comes in between."""
        if self._order:
            bring_in(self._order.popleft())
        if not self._order:
            self._turn.stop()
            self.begin()
