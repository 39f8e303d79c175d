"""The theme in force: fonts loaded, metrics of the chosen 字号, the style sheet of a window."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from msgspec import Struct, field
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from ui.theme import tokens
from ui.theme.tokens import Metrics, Tone, Type

RESOURCES = Path(__file__).resolve().parents[2] / "resources"


class FontFault(RuntimeError):
    """A font of the program is missing or unreadable; `file_name` names it."""

    def __init__(self, file_name: str) -> None:
        super().__init__(file_name)
        self.file_name = file_name


STYLE, STYLED = "Fusion", "styled"
"""The style of Qt under our look, and what an application is marked with that has it already: to ask for its style makes
PySide's classes of all styles, a fiftieth of the start."""
SYSTEM_POINTS = 9.0 if sys.platform == "win32" else 11.0
"""The letters a system shows when nobody has changed them: Windows' own, the largest usual one of a Linux desktop."""
LARGER_FROM, LARGER_MOST = 1.15, 1.5
"""Which enlargement by the system counts, and how far it is followed."""


class _InForce(Struct):
    metrics: Metrics = field(default_factory=Metrics)
    system: float = 1.0
    families_loaded: bool = False
    fonts: dict[tuple[Type, bool], QFont] = field(default_factory=dict)


_in_force = _InForce()


def metrics() -> Metrics:
    """The lengths in force."""
    return _in_force.metrics


@cache
def colour(tone: Tone) -> QColor:
    """The colour of a tone; shared, never change it."""
    return QColor(str(tone))


def font(kind: Type = Type.BODY, *, bold: bool | None = None) -> QFont:
    """The font of a text size; `bold` overrides what the size asks for. Shared, never change it."""
    size, _, heavy = tokens.TYPE_SCALE[kind]
    heavy = heavy if bold is None else bold
    known = _in_force.fonts.get((kind, heavy))
    if known is None:
        known = QFont(tokens.FONT_FAMILY)
        known.setPixelSize(round(size * _in_force.metrics.scale))
        known.setBold(heavy)
        _in_force.fonts[kind, heavy] = known
    return known


def line_height(kind: Type) -> int:
    """Height of one line of that size."""
    return round(tokens.TYPE_SCALE[kind][1] * _in_force.metrics.scale)


def follow_system_size(app: QApplication) -> float:
    """Take over how much larger this user's system shows its letters (Windows: 文本大小); return the factor.

    Called once, before `install` puts the program's own font on the application. It multiplies the 字号, as far as the
    smallest window still fits the screen.
    """
    factor = app.font().pointSizeF() / SYSTEM_POINTS
    screen = app.primaryScreen()
    if screen is not None:
        room, least = screen.availableGeometry(), tokens.WINDOW_LEAST
        factor = min(factor, room.width() / least[0], room.height() / least[1])
    _in_force.system = min(factor, LARGER_MOST) if factor >= LARGER_FROM else 1.0
    return _in_force.system


def _load_fonts(folder: Path) -> None:
    for name in tokens.FONT_FILES:
        number = QFontDatabase.addApplicationFont(str(folder / name))
        if number < 0 or tokens.FONT_FAMILY not in QFontDatabase.applicationFontFamilies(number):
            raise FontFault(name)
    _in_force.families_loaded = True


def _palette() -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, tone in (
        (roles.Window, Tone.DESK),
        (roles.Base, Tone.PAPER),
        (roles.AlternateBase, Tone.PAPER),
        (roles.Button, Tone.PAPER),
        (roles.Text, Tone.INK),
        (roles.WindowText, Tone.INK),
        (roles.ButtonText, Tone.INK),
        (roles.PlaceholderText, Tone.INK3),
        (roles.Highlight, Tone.ACCENT),
        (roles.HighlightedText, Tone.WHITE),
        (roles.Link, Tone.ACCENT),
        (roles.ToolTipBase, Tone.PAPER),
        (roles.ToolTipText, Tone.INK),
    ):
        palette.setColor(role, colour(tone))
    for role in (roles.Text, roles.WindowText, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, colour(Tone.DISABLED))
    return palette


def install(app: QApplication, scale: float = 1.0, *, fonts: Path | None = None) -> None:
    """Give the application its look at a 字号 scale (1.0, 1.15, 1.3); each window takes the style sheet by `dress`.

    Called again with another scale, windows that were laid out before are rebuilt by their owner.
    Raises FontFault when the program's font is missing.
    """
    from ui.theme import icons

    if not _in_force.families_loaded:
        _load_fonts(fonts or RESOURCES / "fonts")
    _in_force.metrics = Metrics.at(scale * _in_force.system)
    _in_force.fonts.clear()
    icons.forget()
    # One look, by day and by night: a dark system would mix its own dark parts into ours.
    app.styleHints().setColorScheme(Qt.ColorScheme.Light)
    if not app.property(STYLED):
        app.setStyle(STYLE)
        app.setProperty(STYLED, True)
    app.setPalette(_palette())
    app.setFont(font(Type.BODY))


def dress(window: QWidget) -> None:
    """Give the style sheet to what stands by itself: a window, a panel or a menu without a parent, a completer's list.

    The application has none on purpose. With one there, Qt styles every widget anew, and all that stands in it, each time
    it gets a parent; a page is put together from the inside out, so that its innermost parts would be styled once for
    every layout around them, which doubles what making a page costs. So a part has no style until it comes into a window.
    """
    from ui.theme.sheet import style_sheet

    window.setStyleSheet(style_sheet(_in_force.metrics))
