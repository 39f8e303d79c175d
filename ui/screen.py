"""Where Qt finds no screen it writes in English and kills the program; here that is said in words, with an exit code."""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from app.core.errors import EnvironmentFault
from app.core.messages import fault

EXIT: Final = 1

_NO_DISPLAY = ("could not connect to display", "failed to create wl_display")
_PLATFORM = re.compile(r'Qt platform plugin "([\w-]*)"')

log = logging.getLogger("shouwang.screen")


def no_window(heard: list[str]) -> EnvironmentFault:
    """Return what keeps the window from opening, by what Qt has said until then (`screen.none`, `screen.part_missing`)."""
    if any(words in line for line in heard for words in _NO_DISPLAY):
        return fault("screen.none")
    named = next((match[1] for line in heard if (match := _PLATFORM.search(line))), "")
    return fault("screen.part_missing", name=named or "Qt")


@contextmanager
def in_words() -> Iterator[None]:
    """While the application begins inside: a window that cannot open is said on stderr (a box on Windows), and ends with 1.

    Qt's own lines go to the log. Nothing can be put away any more, so nothing may be open yet.
    """
    heard: list[str] = []

    def hear(kind: QtMsgType, _context: QMessageLogContext, words: str) -> None:
        heard.append(words)
        if kind != QtMsgType.QtFatalMsg:
            log.info("Qt: %s", words)
            return
        log.critical("no window: %s", " / ".join(heard))
        _say(str(no_window(heard)))
        os._exit(EXIT)  # to return is to be killed

    before = qInstallMessageHandler(hear)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


def _say(words: str) -> None:
    with suppress(OSError, AttributeError):  # a program without a console has none
        sys.stderr.write(words + "\n")
        sys.stderr.flush()
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, words, "守望", 0x10)
