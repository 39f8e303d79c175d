"""What a Linux desktop has set for other programs and does not fit this one; put right before Qt is loaded."""

from __future__ import annotations

import codecs
import locale
import sys
from collections.abc import MutableMapping
from io import TextIOWrapper

_FOR_OTHERS = (
    # Newer list of input methods, which would go before QT_IM_MODULE.
    "QT_IM_MODULES",
    # The desktop's own Qt: its plugins and styles are built for another version.
    "QT_QPA_PLATFORM_PLUGIN_PATH",
    "QT_QPA_PLATFORMTHEME",
    "QT_STYLE_OVERRIDE",
)


def settle(environment: MutableMapping[str, str]) -> None:
    """Change the variables of this process; only for the frozen program on Linux.

    Typed Chinese: the program carries Qt's bridge to ibus and none to fcitx. fcitx 5 answers on ibus's address, so ibus
    is right for both. Screens: Qt's windows come through X11, on a Wayland desktop through XWayland.
    """
    for name in _FOR_OTHERS:
        environment.pop(name, None)
    if environment.get("QT_IM_MODULE") not in ("ibus", "compose"):
        environment["QT_IM_MODULE"] = "ibus"
    if environment.get("QT_QPA_PLATFORM") not in ("xcb", "offscreen"):
        environment["QT_QPA_PLATFORM"] = "xcb"
    # Where the computer has no number of its own (a disk image copied onto many), D-Bus's library ends whoever asks it.
    environment.setdefault("DBUS_FATAL_WARNINGS", "0")
    own_libraries_for_us_only(environment)


def own_libraries_for_us_only(environment: MutableMapping[str, str]) -> None:
    """Let what this program starts (the desktop's viewer of a PDF) find the system's libraries, not ours.

    The loader has read the variable when the process began; PyInstaller keeps under another name what it was before.
    """
    before = environment.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is not None:
        environment["LD_LIBRARY_PATH"] = before
    else:
        environment.pop("LD_LIBRARY_PATH", None)


def speak_as_the_terminal() -> None:
    """Write words in the encoding of the terminal: the frozen program takes file names as UTF-8 everywhere, but a console
    in GBK shows GBK. Where the system has no encoding of its own (C) it stays UTF-8.
    """
    encoding = codecs.lookup(locale.getencoding()).name
    for stream in (sys.stdout, sys.stderr):
        if encoding != "ascii" and isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding=encoding)
