"""Where the program is put together: arguments → log → look → ledger → window."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from app.core.clock import Clock, DayClock, SystemClock
from app.core.log import bound_log, start_log
from app.core.messages import fault
from app.core.parts import part_words
from app.core.paths import log_folder, settings_file
from app.core.settings import load_settings
from ui import screen, theme
from ui.pages import all_pages
from ui.shell.collecting import Collecting
from ui.shell.program import LISTEN_AFTER, Program
from ui.shell.stopping import Stopping


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="shouwang", description="守望：留守儿童台账")
    parser.add_argument("file", nargs="?", type=Path, help="要打开的数据文件；不写就打开平时那一份")
    parser.add_argument("--today", type=date.fromisoformat, help="把今天当作这一天（YYYY-MM-DD）")
    return parser.parse_args(words)


def make_application(words: Sequence[str]) -> QApplication:
    """The Qt application: its name, Qt's own words and days in Chinese, the icon; windows keep Windows' title bar.

    Chinese whatever language the system speaks: a computer set up in English, or a service without a locale, too.
    """
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    with screen.in_words():
        # By name before there is one: told later, the style of the system is loaded first for nothing.
        app = QApplication([sys.argv[0], "-style", theme.STYLE, *words])
    app.setProperty(theme.STYLED, True)
    app.setApplicationName("shouwang")
    # No display name: Qt would hang it on every title, and the title begins with it already.
    translator = QTranslator(app)
    if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
    app.setWindowIcon(theme.program_icon())
    theme.follow_system_size(app)
    return app


def _begin_log() -> None:
    """Begin the log; a home that takes nothing keeps nobody from the ledger (``app.tasks.starting`` says it there)."""
    try:
        start_log(log_folder())
    except OSError:
        logging.getLogger().addHandler(logging.NullHandler())  # nor does each line go to the console then


def _bound_log() -> None:
    with suppress(OSError):  # it is written as before
        bound_log(log_folder())


def main(words: Sequence[str] | None = None) -> int:
    """Open the window; return the exit code."""
    wanted = _arguments(sys.argv[1:] if words is None else words)
    _begin_log()
    clock: Clock = DayClock(wanted.today) if wanted.today else SystemClock()
    app = make_application([])
    try:
        theme.install(app, load_settings(settings_file()).font_scale)
    except theme.FontFault as missing:
        logging.getLogger("shouwang.window").critical("font missing: %s", missing.file_name)
        from PySide6.QtWidgets import QMessageBox

        box = QMessageBox()
        box.setText(str(fault("program.part_missing", names=part_words(f"fonts/{missing.file_name}"))))
        box.exec()
        return 1
    program = Program(all_pages(), clock, settings_file=settings_file())
    program.errors.install()
    Collecting(app).begin()
    Stopping(program.stop, app)
    program.start(wanted.file)
    QTimer.singleShot(LISTEN_AFTER, _bound_log)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
