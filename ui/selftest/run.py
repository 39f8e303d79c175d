"""The test of itself, put together: folders of its own → look → parts → the walk → a code."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer

from app.core.clock import FixedClock
from app.core.errors import ShouwangError
from app.core.files import check_target
from app.core.settings import Settings, save_settings
from ui import theme
from ui.main import make_application
from ui.pages import all_pages
from ui.pictures.rounds import SilentDialogs
from ui.selftest.journey import Rooms, journey, states
from ui.selftest.libraries import check_libraries
from ui.selftest.parts import check_parts, platform_facts
from ui.selftest.report import Report
from ui.shell.program import Program
from ui.walk import NotSo, Steps, Walk

_OWN_FOLDERS = (
    *(f"XDG_{name}_HOME" for name in ("CONFIG", "DATA", "STATE", "CACHE")),
    *(f"WIN_PD_OVERRIDE_{name}" for name in ("LOCAL_APPDATA", "APPDATA")),
)
"""What platformdirs asks where settings, drafts and logs of this user are; here they are the test's own."""

_WITH_OTHERS = (Qt.WindowType.Popup, Qt.WindowType.ToolTip)
_STUCK = 3
_LEAST_PATIENCE = 60_000
"""Milliseconds for the ledger to be put away and the threads to end."""


def run(out: Path) -> int:
    """Try everything, write one line per check into `out` (.jsonl); return 0 when all is well, 1 when something is missing.

    2 when `out` is of another kind: somebody's ledger would be written over.
    """
    out = out.absolute()
    try:
        check_target(out, ".jsonl")
    except ShouwangError as refused:
        with suppress(AttributeError):  # a program without a console has none
            sys.stderr.write(f"{refused}\n")
        return 2
    report = Report(out)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix="自检 ", ignore_cleanup_errors=True) as name:
        for variable in _OWN_FOLDERS:
            os.environ[variable] = str(Path(name) / variable)
        try:
            _try_all(Path(name), report)
        except Exception as error:  # noqa: BLE001 - a part so much missing that nothing began is a finding too
            report.bad("begin", error)
    if Path(name).exists():
        report.bad("leftovers", NotSo(f"{Path(name).name} is still there"))
    report.end()
    return 0 if report.ok else 1


def _try_all(folder: Path, report: Report) -> None:
    app = make_application([])
    theme.install(app, 1.0)
    check_parts(report)
    check_libraries(report)
    if not report.ok:  # what is missing has been named; the walk would only stumble over it
        return
    settings = folder / "settings.json"
    save_settings(settings, Settings(window={"maximised": False, "width": 1366, "height": 688}))
    clock = FixedClock(datetime(2026, 11, 21, 10, 42))  # noqa: DTZ001 - a day of term, by the school's own clock
    program = Program(all_pages(), clock, settings_file=settings, dialogs=SilentDialogs())
    program.errors.install()
    rooms = Rooms(folder)
    walk = Walk(_steps(program, rooms, clock, report))
    program.errors.shown.connect(walk.fail)

    def ended(error: BaseException | None) -> None:
        if error is not None:
            report.bad("walk", error)
        report.check("platform", platform_facts)
        # Whatever does not end by itself is a finding, not a test that never comes back.
        QTimer.singleShot(_LEAST_PATIENCE, app, partial(app.exit, _STUCK))
        if program.sitting is not None:
            program.sitting.end(keep_backup=False)
        else:
            program.leave()

    walk.ended.connect(ended)
    QTimer.singleShot(0, walk.begin)  # from inside the loop, which it may have to end at once
    if app.exec() == _STUCK:
        report.bad("leave", NotSo("the program did not end"))
    # Pages hold rooms and files until they go; on Windows no file goes that somebody holds, nor does its folder. A popup
    # goes with what it belongs to, which must not find it gone.
    for window in app.topLevelWidgets():
        if window.parent() is None and window.windowType() not in _WITH_OTHERS:
            window.deleteLater()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _steps(program: Program, rooms: Rooms, clock: FixedClock, report: Report) -> Steps:
    yield from journey(program, rooms, clock, report)
    yield from states(program, rooms, report)
