"""How long the window stands still, journey by journey, on a ledger of 5,000 children and 300,000 records. Run by hand:

    python -m tests.bench.bench_gaps [--children 5000] [--journey TEXT]

The real program with its real pages on two years of records; every journey is done as she does it, and waited for with
a running event loop. A timer of the window beats every few milliseconds: the longest time between two beats is the gap,
i.e. how long a key or a press could go unanswered (aim of reliability.md R53: 50 ms). While a beat is late, a second
thread looks where the window is; the place told most often during the longest gap stands beside it. When the window
itself is idle then, what the other threads do stands there: they hold the interpreter. Python's own tidying up of
memory stops every thread, so it is timed by itself. What the first opening of a page costs (its modules, its widgets)
is in the row of that page.
"""

import argparse
import gc
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from tests.bench.results import Result, table
from tests.bench.school import copy_school

AIM_MS = 50.0
BEAT_MS = 4
LATE = 0.02
PATIENCE = 300.0
IN_BOOK = 300
SCHEDULED = Path("/proc/thread-self/schedstat")
ROOT = Path(__file__).resolve().parents[2]
OURS = tuple(str(ROOT / room) + os.sep for room in ("app", "ui"))


@dataclass
class Gap:
    """The longest time between two beats, and what was seen while it lasted.

    ``own`` is the most that the window's thread itself worked between two beats, in processor time. ``queued`` is how
    long it stood ready in the longest gap while other programs had the processors (Linux tells): none of ours. ``held``
    is the most that it neither worked nor stood ready: a thread beside it kept the interpreter (thousands of records
    let go at one go, a long sort), or was itself kept waiting while it had it.
    """

    seconds: float = 0.0
    own: float = 0.0
    queued: float = 0.0
    held: float = 0.0
    places: Counter[str] = field(default_factory=Counter)

    @property
    def words(self) -> str:
        """Name the place seen most often."""
        return self.places.most_common(1)[0][0] if self.places else ""


class Watch:
    """Beats on the window's thread, and a thread beside it that looks when a beat is late."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self._window_thread = threading.get_ident()
        self._last, self._last_own = time.perf_counter(), time.thread_time()
        self._last_queued = _queued()
        self._seen: Counter[str] = Counter()
        self._ended = threading.Event()
        self.gap = Gap()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(BEAT_MS)
        self._collecting_since = 0.0
        gc.callbacks.append(self._collects)
        self._looker = threading.Thread(target=self._look, daemon=True)
        self._looker.start()

    def begin(self) -> None:
        """Forget what was; a new journey."""
        self._last, self._last_own = time.perf_counter(), time.thread_time()
        self._last_queued = _queued()
        self._seen = Counter()
        self.gap = Gap()

    def end(self) -> None:
        self._ended.set()
        self._looker.join()
        self._timer.stop()
        gc.callbacks.remove(self._collects)

    def _collects(self, phase: str, _about: dict[str, int]) -> None:
        now = time.perf_counter()
        if phase == "start":
            self._collecting_since = now
        elif now - self._collecting_since > LATE:
            looks = round((now - self._collecting_since) * 1000 / BEAT_MS)
            self._seen["tidying up of memory (gc)"] += looks

    def _beat(self) -> None:
        now, worked = time.perf_counter(), time.thread_time()
        late, self._last = now - self._last, now
        own, self._last_own = worked - self._last_own, worked
        queued = _queued()
        stood, self._last_queued = queued - self._last_queued, queued
        seen, self._seen = self._seen, Counter()
        most, held = max(own, self.gap.own), max(late - own - stood, self.gap.held)
        if late > self.gap.seconds:
            self.gap = Gap(late, most, stood, held, seen)
        else:
            self.gap.own, self.gap.held = most, held

    def _look(self) -> None:
        while not self._ended.wait(BEAT_MS / 1000):
            if time.perf_counter() - self._last > LATE:
                self._seen[self._place()] += 1

    def _place(self) -> str:
        frames = sys._current_frames()
        window = _ours(frames.pop(self._window_thread, None))
        if window:
            return f"{window[-1]} → {window[0]}" if len(window) > 1 else window[0]
        others = [_ours(frame) for ident, frame in frames.items() if ident != self._looker.ident]
        told = [f"{found[-1]} → {found[0]}" for found in others if found]
        return f"beside it: {told[0]}" if told else "Qt, or the computer"


def _queued() -> float:
    """Return how many seconds this thread has stood ready without a processor; 0 where the system does not tell."""
    try:
        return int(SCHEDULED.read_text().split()[1]) / 1e9
    except OSError:
        return 0.0


def _ours(frame: FrameType | None) -> list[str]:
    """Name the functions of the program in a stack, the innermost first."""
    found = []
    while frame is not None:
        code = frame.f_code
        if code.co_filename.startswith(OURS) and code.co_name != "run":
            found.append(f"{Path(code.co_filename).stem}.{code.co_name}")
        frame = frame.f_back
    return found


class Desk:
    """The program with its window, and what she does at it."""

    def __init__(self, home: Path, watch: Watch) -> None:
        from app.core.clock import FixedClock
        from app.core.paths import settings_file
        from app.core.settings import Settings, save_settings
        from tests.ui.fakes import FakeDialogs
        from ui.pages import all_pages
        from ui.shell.collecting import Collecting
        from ui.shell.program import Program

        self.home = home
        self.watch = watch
        self.dialogs = FakeDialogs()
        self.clock = FixedClock(datetime(2026, 11, 21, 10))
        shape = {"maximised": False, "width": 1366, "height": 768}
        settings = Settings(data_folder=home / "school", backup_folder=home / "backups", window=shape)
        save_settings(settings_file(), settings)
        self.program = Program(all_pages(), self.clock, settings_file=settings_file(), dialogs=self.dialogs)
        Collecting(self.program).begin()

    @property
    def window(self) -> Any:
        return self.program.sitting.window

    @property
    def page(self) -> Any:
        return self.window.current_page()

    def until(self, done: Callable[[], bool]) -> None:
        """Let the event loop run as it does at her desk until something is so."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop, look, deadline = QEventLoop(), QTimer(), time.perf_counter() + PATIENCE

        def looked() -> None:
            if done():
                loop.exit(0)
            elif time.perf_counter() > deadline:
                loop.exit(1)

        look.timeout.connect(looked)
        look.start(BEAT_MS)
        if loop.exec():
            raise TimeoutError

    def rests(self) -> None:
        """Nothing is under way any more, and a moment has gone by."""
        quiet_since = time.perf_counter()

        def quiet() -> bool:
            nonlocal quiet_since
            if self.program.jobs.busy:
                quiet_since = time.perf_counter()
            return time.perf_counter() - quiet_since > 0.25

        self.until(quiet)

    def goes_to(self, page: str, **params: Any) -> Any:
        self.window.open_page(page, **params)
        self.rests()
        return self.page

    def presses(self, widget: Any, words: str) -> None:
        from ui.widgets import Button

        next(one for one in widget.findChildren(Button) if one.text() == words and one.isVisible()).click()


Journey = tuple[str, Callable[[], object]]


def journeys(desk: Desk, children: int) -> Iterator[Journey]:
    """Yield what is done, in order; what only prepares is done between them."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    def start() -> None:
        desk.program.start()
        desk.until(lambda: desk.program.sitting is not None)
        desk.rests()

    yield "start, until nothing is under way", start
    yield f"the ledger of {children} opened", lambda: desk.goes_to("ledger")
    page = desk.page

    def types() -> None:
        for key in ("z", "h", "a", "n", "g"):
            QTest.keyClick(page.header.search, key)
            desk.rests()
        page.header.search.clear()
        desk.rests()

    yield "searched, five keys and emptied", types

    def sorts() -> None:
        page.table.sort_by("name")
        desk.rests()

    yield "sorted by name", sorts

    def opens() -> None:
        QTest.keyClick(page.table, Qt.Key.Key_Return)
        desk.until(lambda: desk.page.form.is_whole)
        desk.rests()

    yield "a child's file opened", opens

    def saves() -> None:
        name = desk.page.personal.field("name")
        name.setFocus()
        name.setText(name.text() + "子")
        name.leave()
        desk.rests()

    yield "one field saved", saves

    def walks() -> None:
        desk.page.walk(1)
        desk.rests()

    yield "the next child", walks

    def returns() -> None:
        desk.window.back()
        desk.rests()

    yield "back to the ledger after a change", returns
    yield from documents(desk, page)
    yield from care(desk)
    yield from safety(desk)
    yield from importing(desk, children)
    yield from rest(desk)


def care(desk: Desk) -> Iterator[Journey]:
    """Yield the care work: what is due, the diary with its week and its form, who looks after whom, one child's timeline."""
    children = tuple(row.uuid for row in desk.goes_to("ledger").table.rows[:2])

    def writes() -> None:
        desk.page.form.fields.first_text().setPlainText("今天来问了一道题，讲了两遍就会了。")
        desk.rests()

    def saves() -> None:
        desk.dialogs.choices.append("save")
        desk.page.save.click()
        desk.rests()

    def searches() -> None:
        desk.page.segment.search("奶奶")
        desk.rests()
        desk.page.segment.search("")
        desk.rests()

    def suggests() -> None:
        desk.page.foot.suggest.click()
        desk.rests()

    def walks() -> None:
        desk.page.walk(1)
        desk.rests()

    yield "today opened", lambda: desk.goes_to("today")
    yield "the diary opened", lambda: desk.goes_to("diary", part="list")
    yield "  a word searched in the texts of all records", searches
    yield "the week of a class opened", lambda: desk.goes_to("diary", part="week")
    yield "the form of a record opened", lambda: desk.goes_to("record", child=children[0])
    yield "  its text written", writes
    yield "  saved", saves
    yield "pairing opened", lambda: desk.goes_to("pairing")
    yield "  a suggestion made", suggests
    desk.goes_to("child", uuid=children[0], among=children)
    yield "the timeline of the next child", walks


def documents(desk: Desk, page: Any) -> Iterator[Journey]:
    """Yield the workbook and the bound book."""

    def exports() -> None:
        desk.presses(page, "导出 Excel…")
        desk.dialogs.files.append(desk.home / "台账.xlsx")
        desk.dialogs.panels[-1].buttons["export"].click()
        desk.rests()

    yield "the ledger written as Excel", exports
    page.table.set_ticked([row.uuid for row in page.table.rows[:IN_BOOK]])

    def binds() -> None:
        page.print_files()
        desk.rests()

    yield f"an archive book of {IN_BOOK} laid out", binds


def safety(desk: Desk) -> Iterator[Journey]:
    """Yield what keeps the data."""
    desk.goes_to("ledger").table.set_ticked(())

    def backs_up() -> None:
        desk.presses(desk.page, "现在备份")
        desk.rests()

    yield "the backups listed", lambda: desk.goes_to("safety")
    yield "backed up", backs_up
    yield "the bin shown", lambda: desk.goes_to("safety", part="bin")


def importing(desk: Desk, children: int) -> Iterator[Journey]:
    """Yield the import of as many children again."""
    from tests.bench.bench_import import write_book

    book = desk.home / "花名册.xlsx"
    write_book(book, children)
    desk.goes_to("importing")
    page = desk.page

    def reads() -> None:
        page.open_file(book)
        desk.rests()

    def checks() -> None:
        page.file.next.click()
        page.columns.next.click()
        desk.rests()

    def writes() -> None:
        page.check.write.click()
        desk.rests()

    yield f"a roster of {children} read", reads
    yield "  checked and shown", checks
    yield "  written", writes
    yield f"the ledger of {2 * children} opened again", lambda: desk.goes_to("ledger")


def rest(desk: Desk) -> Iterator[Journey]:
    """Yield every page that was not opened yet, each part of a page, each section of the settings, and the help."""
    from ui.pages.settings.page import _SECTIONS
    from ui.pictures.rounds import Shot, every_page

    specs = desk.window._specs
    seen = {("today", ""), ("ledger", ""), ("diary", ""), ("diary", "week"), ("record", ""), ("pairing", "")}
    seen |= {("child", ""), ("safety", ""), ("safety", "bin"), ("importing", ""), ("printing", "")}
    shots = [shot for shot in every_page() if (shot.page, shot.params.get("part", "")) not in seen]
    shots += [Shot(f"settings-{key}", "settings", {"section": key}) for key in _SECTIONS]
    for shot in shots:
        found: list[dict[str, Any]] = []
        example = specs[shot.page].example
        if example is not None:
            desk.window.context.read(example, on_done=found.append)
            desk.until(lambda found=found: bool(found))  # type: ignore[misc]
            desk.rests()
        params = {**(found[0] if found else {}), **shot.params}
        yield f"{shot.name} opened", partial(desk.goes_to, shot.page, **params)

    def asks() -> None:
        desk.window.open_help()
        desk.rests()

    def asks_about() -> None:
        desk.dialogs.panels[-1].answer("about")
        desk.rests()

    yield "help opened", asks
    yield "  about the program", asks_about


def measure(children: int = 5000, only: str = "") -> list[Result]:
    """Return one row per journey whose name holds ``only``; all are done."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["PYPINYIN_NO_PHRASES"] = "true"
    found = []
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        os.environ["HOME"] = name
        for folder in ("CONFIG", "DATA", "STATE", "CACHE"):
            os.environ[f"XDG_{folder}_HOME"] = str(home / folder.lower())
        (home / "school").mkdir()
        copy_school(home / "school" / "守望.db", children)

        from ui import theme
        from ui.main import make_application

        app = make_application([])
        app.setQuitOnLastWindowClosed(False)
        theme.install(app, 1.0)
        watch = Watch()
        desk = Desk(home, watch)
        for words, act in journeys(desk, children):
            watch.begin()
            act()
            if only in words:
                gap = watch.gap
                shares = f"own work {gap.own * 1000:.0f} ms, queued {gap.queued * 1000:.0f} ms"
                note = f"{shares}, held {gap.held * 1000:.0f} ms  {gap.words}".rstrip()
                found.append(Result(words, gap.seconds * 1000, "ms", limit=AIM_MS, note=note))
        watch.end()
        desk.program.jobs.shut()
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=5000)
    parser.add_argument("--journey", default="")
    options = parser.parse_args()
    print(table(measure(options.children, options.journey)))
    sys.stdout.flush()
    os._exit(0)  # the window is still open, and nothing of it is to be kept


if __name__ == "__main__":
    main()
