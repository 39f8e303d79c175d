"""What every test shares: a machine of its own, warnings that count, and named skips for missing readers."""

from __future__ import annotations

import atexit
import gc
import locale
import logging
import os
import shutil
import socket
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from pytestqt.qtbot import QtBot

from app.core.clock import FixedClock
from app.core.paths import private_folder
from app.storage.store import Store
from tests.faults import report as report_of_faults
from tests.keys import remember_keys

ROOT = Path(__file__).resolve().parent.parent


# What a school's Windows has under these names is as wide as ours: one em per Chinese character.
FONT_NAMES = {
    "School Song": ("宋体", "SimSun", "仿宋", "serif"),
    "School Hei": ("黑体", "SimHei", "sans-serif"),
}


def _own_fonts(home: Path) -> Path:
    """Write a fontconfig file that shows Qt and LibreOffice the bundled fonts only: a line breaks alike everywhere."""
    aliases = "".join(
        f"<alias binding='same'><family>{name}</family><prefer><family>{ours}</family></prefer></alias>"
        for ours, names in FONT_NAMES.items()
        for name in names
    )
    folders = f"<dir>{escape(str(ROOT / 'resources' / 'fonts'))}</dir>"
    folders += f"<cachedir>{escape(str(ROOT / '.cache' / 'fontconfig'))}</cachedir>"
    file = home / "fonts.conf"
    file.write_text(f"<?xml version='1.0'?><fontconfig>{folders}{aliases}</fontconfig>", encoding="utf-8")
    return file


def _letters_are_utf8() -> bool:
    """Tell whether the machine's locale is there and is one of UTF-8: a name in LC_ALL alone may be of none installed."""
    try:
        locale.setlocale(locale.LC_CTYPE, "")
    except locale.Error:
        return False
    return locale.nl_langinfo(locale.CODESET).upper() == "UTF-8"


def _own_machine() -> Path:
    """Point home, settings and caches at an empty folder, before Qt, platformdirs or pypinyin look."""
    # A container's Python is often told to keep nothing it compiles: each process of a test would compile the program.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    home = Path(tempfile.mkdtemp(prefix="shouwang-tests-"))
    for variable, folder in {
        "HOME": "",
        "USERPROFILE": "",
        "APPDATA": "AppData/Roaming",
        "LOCALAPPDATA": "AppData/Local",
        "XDG_CONFIG_HOME": ".config",
        "XDG_DATA_HOME": ".local/share",
        "XDG_STATE_HOME": ".local/state",
        "XDG_CACHE_HOME": ".cache",
        "XDG_RUNTIME_DIR": "run",
    }.items():
        path = home / folder
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.environ[variable] = str(path)
    os.environ.pop("XDG_DOCUMENTS_DIR", None)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(ROOT / ".cache" / "hypothesis"))
    os.environ["PYPINYIN_NO_PHRASES"] = "true"
    os.environ["FONTCONFIG_FILE"] = str(_own_fonts(home))
    if os.name == "posix" and not _letters_are_utf8():
        os.environ.pop("LC_ALL", None)
        os.environ["LC_CTYPE"] = "C.UTF-8"
    return home


ENOUGH_MEMORY = 2 << 30
"""Bytes free under which what tests write goes to the disk."""


def _in_memory() -> None:
    """Write in memory what tests write, where there is room: each save waits half a dozen times for a disk to be done.

    That it does wait is seen by its system calls (tests/faults). Whoever names a place (TMPDIR, --basetemp) gets that.
    """
    memory = Path("/dev/shm")
    named = os.environ.get("TMPDIR") or os.environ.get("PYTEST_DEBUG_TEMPROOT")
    if named or not os.access(memory, os.W_OK) or shutil.disk_usage(memory).free < ENOUGH_MEMORY:
        return
    # The tests of the frozen program and of its installers start it from there.
    if os.statvfs(memory).f_flag & os.ST_NOEXEC:
        return
    # Heard by pytest for its folders, by `tempfile` here and in every process a test starts.
    os.environ["TMPDIR"] = tempfile.tempdir = str(memory)


_in_memory()
HOME = _own_machine()
# Registered first, so it runs last: Qt and fontconfig still look into it while they end.
atexit.register(shutil.rmtree, HOME, ignore_errors=True)


def _no_internet(event: str, arguments: tuple) -> None:
    """Refuse internet sockets in every test: the register of children opens none (a local pipe is fine)."""
    if event == "socket.__new__" and arguments[1] in {socket.AF_INET, socket.AF_INET6}:
        raise AssertionError("an internet socket was opened")


sys.addaudithook(_no_internet)

# ------------------------------------------------------------------------------------------------- warnings count


class _Loud(logging.Handler):
    """Keeps what the program logged as an error while a test ran."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name}: {record.getMessage()}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Fail a test during which the program logged an error, unless the test itself looks at the log (caplog)."""
    loud = _Loud()
    logging.getLogger().addHandler(loud)
    try:
        outcome = yield
    finally:
        logging.getLogger().removeHandler(loud)
    if loud.lines and "caplog" not in getattr(item, "fixturenames", ()):
        pytest.fail("the program logged an error:\n" + "\n".join(loud.lines), pytrace=False)
    return outcome


# ------------------------------------------------------------------------------------------------- what tests share


@pytest.fixture
def clock() -> FixedClock:
    """Return a clock that stands at a Saturday morning in a term, until the test moves it."""
    return FixedClock(datetime(2026, 11, 21, 9, 0))


@pytest.fixture(scope="session")
def empty_ledger(tmp_path_factory) -> Path:
    """Return a closed ledger without a school, made once: to be copied, which takes a tenth of the time of making one."""
    path = tmp_path_factory.mktemp("empty") / "守望.db"
    Store.create(path, clock=FixedClock(datetime(2026, 11, 21, 9, 0))).close()
    return path


@pytest.fixture(autouse=True)
def no_drafts_left():
    """Take away what was typed and not saved: the demo school of another test is the same school."""
    yield
    shutil.rmtree(private_folder() / "drafts", ignore_errors=True)


@pytest.fixture(autouse=True)
def no_window_left():
    """Destroy the windows a test left open, after all its other fixtures have stopped what works for them.

    A modal box or an active window would take the keys of the next test's window, and every style sheet set for a test
    is laid over all widgets that still live: a few hundred forgotten pages made each later test seconds slower. A popup
    (the list under a field, a menu) goes with what it belongs to, which must not find it gone.
    """
    yield
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return
    core = sys.modules["PySide6.QtCore"]
    passing = (core.Qt.WindowType.Popup, core.Qt.WindowType.ToolTip)
    for widget in widgets.QApplication.topLevelWidgets():
        if widget.parent() is None:
            widget.hide()
            if widget.windowType() not in passing:
                widget.deleteLater()
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
    assert _left_to_the_next(widgets.QApplication) == []


def _left_to_the_next(app) -> list[str]:
    """What of one test the next would meet: each is a failure there that nobody could explain."""
    found = {
        "a modal window": app.activeModalWidget(),
        "an open list or menu": app.activePopupWidget(),
        "a button of the mouse that is down": app.mouseButtons() != app.mouseButtons().NoButton,
        "another pointer": app.overrideCursor(),
        "a style sheet of the application": app.instance().styleSheet(),
    }
    theme = sys.modules.get("ui.theme")
    if theme is not None and theme.metrics() != theme.Metrics():
        found["another size of letters"] = theme.metrics().scale
    return [words for words, left in found.items() if left]


LONGEST_WAIT = 60_000


class _OneWait(QtBot):
    """Looks again after a millisecond first; only what lasts is looked at every ten, as pytest-qt does from the start.

    Not with `QTest.qWait`: it sleeps instead of waiting for what comes, and throws what a slot raised at whoever waits.
    """

    def __init__(self, request):
        super().__init__(request)
        self._pauses = iter((1, 1, 2, 2, 3, 5))

    def wait(self, ms):
        super().wait(next(self._pauses, ms))


class PromptBot(QtBot):
    """Of pytest-qt, but for how soon it looks again and how long it waits. What it waits for may itself wait for something.

    What comes, comes at once: the length only says when a test gives up, and a machine with much to do may take its time.
    """

    def waitUntil(self, callback, *, timeout=5000):
        _OneWait(self._request).waitUntil(callback, timeout=max(timeout, LONGEST_WAIT))

    def waitSignal(self, signal, *, timeout=5000, raising=True, **more):
        # Not raising is how `assertNotEmitted` asks: it means its length, it waits for what must not come.
        length = max(timeout, LONGEST_WAIT) if raising else timeout
        return super().waitSignal(signal, timeout=length, raising=raising, **more)

    def waitSignals(self, signals, *, timeout=5000, **more):
        return super().waitSignals(signals, timeout=max(timeout, LONGEST_WAIT), **more)

    def waitExposed(self, widget, *, timeout=5000):
        return super().waitExposed(widget, timeout=max(timeout, LONGEST_WAIT))

    def waitActive(self, widget, *, timeout=5000):
        return super().waitActive(widget, timeout=max(timeout, LONGEST_WAIT))

    def show(self, window):
        """Show a window and wait until it is on the screen and in front: by itself it is neither until Qt comes to it."""
        with self.waitExposed(window):
            window.show()
        self.bring(window)

    def bring(self, window):
        """Bring a window in front and wait until it has the keys: no screen of the tests' has somebody who would."""
        with self.waitActive(window):
            window.activateWindow()


@pytest.fixture
def qtbot(qapp, request):
    """Return what presses, types and waits; most of what is waited for is there within a millisecond or two."""
    return PromptBot(request)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Tidy up memory between two tests with a window, as the program does: on the window's thread only.

    Python would do it on whatever thread makes one object too many, and destroy there what is left of a window: timers
    stop on their own thread only, and a tree of widgets taken apart by two threads ends the process.
    """
    if "qapp" not in item.fixturenames:
        return (yield)
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()  # what outlives a test is not looked through after each of the next thousand
        gc.enable()


def pytest_collection_modifyitems(items):
    """Put the longest first, the faults: what is left at the end is short, so that no worker waits for another."""
    for item in items:
        if item.nodeid.startswith("tests/faults/"):
            item.add_marker(pytest.mark.faults)
    items.sort(key=lambda item: item.get_closest_marker("faults") is None)


def pytest_collection_finish():
    """What is loaded by now stays: it is not looked through again after each test."""
    gc.collect()
    gc.freeze()


# ------------------------------------------------------------------------------------------------ named skips only

READERS = {"pdftotext": "poppler-utils", "pdffonts": "poppler-utils", "pdftoppm": "poppler-utils"}
READERS |= {"pdfinfo": "poppler-utils", "7z": "p7zip-full", "soffice": "libreoffice-calc"}
# Not readers but makers, of what a school receives.
READERS |= {"makensis": "nsis", "dpkg-deb": "dpkg", "desktop-file-validate": "desktop-file-utils"}
READER_MISSING = "reader not installed: "
MOST_OTHER_SKIPS = 5


@pytest.fixture(scope="session")
def reader():
    """Return a function that finds an independent reader (`reader("pdftotext")`), or skips the test by its name."""

    def find(program: str) -> str:
        path = shutil.which(program)
        if path is None:
            pytest.skip(f"{READER_MISSING}{program} (Debian package {READERS[program]})")
        return path

    return find


def pytest_sessionfinish(session):
    """Fail a build run that skips more than a handful of tests for any other reason than a missing reader.

    On Windows signals, disks to mount and the rest of Unix are not there, nor is a frozen program built before the tests:
    any number may be skipped, each by its name.
    """
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    if terminal is None or not os.environ.get("CI") or sys.platform == "win32":
        return
    others = [
        report
        for report in terminal.stats.get("skipped", [])
        # The fault rows count their own (tests/faults/report.py).
        if READER_MISSING not in str(report.longrepr) and not report.nodeid.startswith(report_of_faults.HERE)
    ]
    if len(others) > MOST_OTHER_SKIPS and session.exitstatus == 0:
        terminal.write_line(f"{len(others)} tests were skipped; at most {MOST_OTHER_SKIPS} may be", red=True)
        session.exitstatus = 1


def pytest_configure(config):
    """Let Hypothesis work without a stop-watch on shared machines, and alike on every build run; derive keys once."""
    import hypothesis

    hypothesis.settings.register_profile("shouwang", deadline=None, derandomize=bool(os.environ.get("CI")))
    hypothesis.settings.load_profile("shouwang")
    remember_keys()
    if not config.pluginmanager.has_plugin("faults"):
        config.pluginmanager.register(report_of_faults, "faults")
