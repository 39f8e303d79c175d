"""Icons of the window: Fluent outlines, filled with one tone, drawn at the device pixel ratio, cached.

Names are the file names of `resources/icons` without size and style: `icon("print")`.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ui.theme import current
from ui.theme.tokens import Tone

_SIZES = (20, 16)
PROGRAM_SIZES = (16, 20, 24, 32, 48, 64)
PROGRAM_SMALL_BELOW = 28


@cache
def _source(name: str, drawn_for: int, style: str) -> bytes:
    folder = current.RESOURCES / "icons"
    for size in (drawn_for, *_SIZES):
        path = folder / f"{name}_{size}_{style}.svg"
        if path.exists():
            return path.read_bytes()
    raise FileNotFoundError(f"icon {name} ({style})")


@cache
def _renderer(name: str, drawn_for: int, style: str, tone: Tone) -> QSvgRenderer:
    source = _source(name, drawn_for, style).replace(b"<svg ", f'<svg fill="{tone.value}" '.encode(), 1)
    return QSvgRenderer(QByteArray(source))


@cache
def _pixmap(name: str, tone: Tone, size: int, filled: bool, ratio: float) -> QPixmap:
    metrics = current.metrics()
    drawn_for = _SIZES[1] if size < metrics.icon else _SIZES[0]
    renderer = _renderer(name, drawn_for, "filled" if filled else "regular", tone)
    image = QPixmap(round(size * ratio), round(size * ratio))
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        renderer.render(painter, QRectF(0, 0, image.width(), image.height()))
    image.setDevicePixelRatio(ratio)
    return image


def pixmap(
    name: str,
    tone: Tone = Tone.INK2,
    *,
    size: int | None = None,
    filled: bool = False,
    ratio: float | None = None,
) -> QPixmap:
    """One icon as a picture of `size` (default: the 16 px of buttons). Raises FileNotFoundError."""
    if ratio is None:
        app = QGuiApplication.instance()
        ratio = app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
    return _pixmap(name, tone, size or current.metrics().icon_small, filled, ratio)


def icon(name: str, tone: Tone = Tone.INK2, *, size: int | None = None) -> QIcon:
    """The same as a QIcon, for menus and window titles."""
    return QIcon(pixmap(name, tone, size=size))


@cache
def _drawing(name: str) -> QSvgRenderer:
    path = current.RESOURCES / "icons" / name
    if not path.exists():
        raise FileNotFoundError(f"icon {name}")
    return QSvgRenderer(QByteArray(path.read_bytes()))


def program_pixmap(size: int, ratio: float = 1.0) -> QPixmap:
    """The program's own icon at `size`; a small one comes from the plainer drawing."""
    length = round(size * ratio)
    image = QPixmap(length, length)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        drawing = "program_small.svg" if length < PROGRAM_SMALL_BELOW else "program.svg"
        _drawing(drawing).render(painter, QRectF(0, 0, length, length))
    image.setDevicePixelRatio(ratio)
    return image


def program_icon() -> QIcon:
    """The same for title bars, task bars and the switcher."""
    found = QIcon()
    for size in PROGRAM_SIZES:
        found.addPixmap(program_pixmap(size))
    return found


def forget() -> None:
    """Drop the drawn pictures (the 字号 changed)."""
    _pixmap.cache_clear()
