"""Are Qt's parts there: plugins, translation, fonts, icons, pictures, printing, the pipe between two starts?"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QCoreApplication,
    QIODevice,
    QLibraryInfo,
    QPluginLoader,
    Qt,
)
from PySide6.QtGui import QFont, QGuiApplication, QIcon, QImage, QImageReader, QImageWriter, QRawFont
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtPrintSupport import QPrinterInfo

from ui import theme
from ui.selftest.report import Report
from ui.theme import tokens
from ui.theme.current import RESOURCES
from ui.walk import NotSo

RARE = "𠮷䶮㛃𫖯𬱖"
"""Characters of real names, three of them beyond U+FFFF."""

_LINUX = {
    "platforms": ("xcb", "offscreen"),
    "platforminputcontexts": ("ibus", "compose"),
    "imageformats": ("jpeg", "svg", "ico"),
    "iconengines": ("svgicon",),
    "printsupport": ("cupsprintersupport",),
}
_WINDOWS = {
    "platforms": ("windows", "offscreen"),
    "imageformats": ("jpeg", "svg", "ico"),
    "iconengines": ("svgicon",),
    "styles": ("modernwindowsstyle",),
}
PLUGINS: Mapping[str, tuple[str, ...]] = _WINDOWS if sys.platform == "win32" else _LINUX
"""What has to be there and to load, by kind. On Windows typing and printing are inside Qt's libraries."""


def check_parts(report: Report) -> None:
    """Write one line per part."""
    for kind, wanted in PLUGINS.items():
        for name in wanted:
            report.check(f"plugin {kind}/{name}", partial(_plugin, kind, name))
    report.check("translation", _translation)
    for file in tokens.FONT_FILES:
        report.check(f"font {file}", partial(_font, file))
    report.check("icons", _icons)
    report.check("jpeg", _jpeg)
    report.check("printers", _printers)
    report.check("local pipe", _pipe)


def _folders() -> Iterator[Path]:
    for path in QCoreApplication.libraryPaths():
        yield Path(path)


def _plugin(kind: str, name: str) -> dict[str, Any]:
    found = [
        path
        for folder in _folders()
        for path in sorted((folder / kind).glob("*"))
        if path.suffix in (".so", ".dll") and path.stem.removeprefix("lib").removeprefix("q").startswith(name)
    ]
    if not found:
        raise NotSo(f"{kind}/{name} is not there")
    loader = QPluginLoader(str(found[0]))
    if not loader.load():
        raise NotSo(f"{kind}/{found[0].name}: {loader.errorString()}")
    return {"file": found[0].name}


def _translation() -> dict[str, Any]:
    said = QCoreApplication.translate("QPlatformTheme", "Cancel")
    if said != "取消":
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        raise NotSo(f"qtbase_zh_CN.qm: Cancel is {said!r}, looked for in {folder}")
    return {"Cancel": said}


def _font(file: str) -> dict[str, Any]:
    path = RESOURCES / "fonts" / file
    font = QRawFont(str(path), 24.0)
    if not font.isValid():
        raise NotSo(f"{file} is not there or no font")
    missing = [char for char in RARE if not font.supportsCharacter(ord(char))]
    if missing:
        raise NotSo(f"{file} lacks {' '.join(missing)}")
    return {"family": font.familyName()}


def _icons() -> dict[str, Any]:
    files = sorted((RESOURCES / "icons").glob("*.svg"))
    if not files:
        raise NotSo("no icons")
    empty = [path.name for path in files if _is_blank(QIcon(str(path)).pixmap(32, 32).toImage())]
    if empty:
        raise NotSo(f"not drawn: {' '.join(empty)}")
    if _is_blank(theme.program_icon().pixmap(32, 32).toImage()):
        raise NotSo("the program's own icon is not drawn")
    return {"drawn": len(files)}


def _is_blank(image: QImage) -> bool:
    if image.isNull():
        return True
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return not any(image.pixelColor(x, y).alpha() for x, y in places)


def _jpeg() -> dict[str, Any]:
    again = QImage.fromData(_jpeg_of(Qt.GlobalColor.darkCyan))
    if again.isNull() or abs(again.pixelColor(8, 8).green() - 128) > 12:
        raise NotSo("a JPEG does not come back as it was written")
    reads = {bytes(name.data()).decode() for name in QImageReader.supportedImageFormats()}
    writes = {bytes(name.data()).decode() for name in QImageWriter.supportedImageFormats()}
    lacks = {"jpeg", "png", "svg", "bmp"} - reads | {"jpeg", "png"} - writes
    if lacks:
        raise NotSo(f"formats of pictures: {' '.join(sorted(lacks))}")
    return {"reads": sorted(reads)}


def _jpeg_of(colour: Qt.GlobalColor) -> bytes:
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(colour)
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "JPEG"):  # type: ignore[call-overload]  # the stubs know file names only
        raise NotSo("a JPEG cannot be written")
    return bytes(kept.data())


def _printers() -> dict[str, Any]:
    return {"printers": len(QPrinterInfo.availablePrinterNames())}


def _pipe() -> dict[str, Any]:
    name = f"shouwang-selftest-{QCoreApplication.applicationPid()}"
    server, asker = QLocalServer(), QLocalSocket()
    if not server.listen(name):
        raise NotSo(f"QLocalServer: {server.errorString()}")
    asker.connectToServer(name)
    if not asker.waitForConnected(5000):
        raise NotSo(f"QLocalSocket: {asker.errorString()}")
    asker.disconnectFromServer()
    server.close()
    return {}


def platform_facts() -> dict[str, Any]:
    """Return on what the window stands, with the plugin files that the system has really mapped (Linux)."""
    mapped = Path("/proc/self/maps")
    lines = mapped.read_text(encoding="utf-8", errors="replace").splitlines() if mapped.is_file() else []
    loaded = sorted({line[line.index("/") :] for line in lines if "/plugins/" in line})
    screen = QGuiApplication.primaryScreen()
    return {
        "platform": QGuiApplication.platformName(),
        "scale": screen.devicePixelRatio(),
        "font": QFont(tokens.FONT_FAMILY).exactMatch(),
        "loaded": ["/".join(Path(path).parts[-2:]) for path in loaded],
        "typing": QGuiApplication.inputMethod().locale().name(),
        "rtl": QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft,
    }
