"""One place for everything that can be seen: tokens, fonts, icons, style sheet."""

from ui.theme.current import (
    STYLE,
    STYLED,
    FontFault,
    colour,
    dress,
    follow_system_size,
    font,
    install,
    line_height,
    metrics,
)
from ui.theme.icons import icon, pixmap, program_icon, program_pixmap
from ui.theme.tokens import Breakpoint, Metrics, Tone, Type, breakpoint_of

__all__ = [
    "STYLE",
    "STYLED",
    "Breakpoint",
    "FontFault",
    "Metrics",
    "Tone",
    "Type",
    "breakpoint_of",
    "colour",
    "dress",
    "follow_system_size",
    "font",
    "icon",
    "install",
    "line_height",
    "metrics",
    "pixmap",
    "program_icon",
    "program_pixmap",
]
