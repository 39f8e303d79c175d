"""Colours, type scale, spacing and heights of the window, written once at 100 %.

Nothing outside `ui.theme` writes a colour or a number of pixels. Sizes are multiplied once by the
字号 setting (`Metrics.at`); Windows' own scaling is left to Qt.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from msgspec import Struct


class Tone(StrEnum):
    """A colour by its meaning; the value is the colour itself."""

    DESK = "#F4F1EA"
    PAPER = "#FFFEFB"
    SUNK = "#EBE7DD"
    SELECT = "#E2EBF1"
    HOVER = "#F6F3EC"
    LINE = "#DED8CB"
    HAIR = "#EBE6DB"
    FIELD = "#8C8474"
    EDGE = "#C4BCAC"
    INK = "#2A2824"
    INK2 = "#5A554B"
    INK3 = "#665F53"
    ACCENT = "#285A7D"
    ACCENT_DARK = "#1F4862"
    RED = "#A3352A"
    RED_TINT = "#FAEBE7"
    OCHRE = "#875300"
    OCHRE_TINT = "#FBF1DC"
    GREEN = "#3A6838"
    GREEN_TINT = "#EAF1E5"
    DISABLED = "#8F887A"
    WHITE = "#FFFFFF"
    TOAST = "#2A2825"
    TOAST_LINK = "#BBD6EA"
    THUMB = "#C9C3B4"


TINT_OF: Final = {
    Tone.RED: Tone.RED_TINT,
    Tone.OCHRE: Tone.OCHRE_TINT,
    Tone.GREEN: Tone.GREEN_TINT,
    Tone.ACCENT: Tone.SELECT,
    Tone.ACCENT_DARK: Tone.SELECT,
    Tone.INK2: Tone.SUNK,
    Tone.INK3: Tone.SUNK,
}
"""The ground a tag or banner of that tone stands on."""


class Type(StrEnum):
    """The five sizes of text (look.md §2) and the caption of the narrow rail."""

    CAPTION = "caption"
    SMALL = "small"
    BODY = "body"
    SECTION = "section"
    TITLE = "title"
    START = "start"


TYPE_SCALE: Final = {
    Type.CAPTION: (12, 16, False),
    Type.SMALL: (13, 18, False),
    Type.BODY: (14, 20, False),
    Type.SECTION: (16, 24, True),
    Type.TITLE: (20, 28, True),
    Type.START: (24, 32, True),
}
"""Pixel size, line height, bold — at 100 %."""

FONT_FAMILY: Final = "School Hei"
FONT_FILES: Final = ("SchoolHei-Regular.ttf", "SchoolHei-Bold.ttf")
SCALES: Final = (1.0, 1.15, 1.3)
"""The steps of the 字号 setting."""


class Metrics(Struct, frozen=True):
    """Every length of the window, in device-independent pixels at one 字号 scale."""

    scale: float = 1.0
    # space
    s2: int = 2
    s4: int = 4
    s8: int = 8
    s12: int = 12
    s16: int = 16
    s24: int = 24
    s32: int = 32
    # radius
    radius: int = 4
    radius_sheet: int = 6
    radius_tag: int = 3
    # heights
    row: int = 28
    row_two: int = 44
    list_row: int = 48
    list_row_three: int = 56
    table_head: int = 32
    filter_bar: int = 48
    group_head: int = 40
    field: int = 32
    quiet_field: int = 28
    button: int = 32
    chip: int = 28
    header: int = 56
    status: int = 28
    footer: int = 48
    toast: int = 40
    banner: int = 40
    contact_row: int = 32
    fact_row: int = 28
    step: int = 24
    tag: int = 22
    # rail
    rail: int = 144
    rail_narrow: int = 64
    rail_item: int = 40
    rail_item_narrow: int = 44
    rail_icon_at: int = 20
    rail_text_at: int = 52
    rail_mark: int = 3
    # content
    margin: int = 24
    margin_narrow: int = 16
    margin_bottom: int = 12
    search: int = 344
    search_narrow: int = 328
    side: int = 380
    side_small: int = 328
    side_list: int = 120
    form_most: int = 720
    summary_most: int = 440
    dialog: int = 496
    start_column: int = 760
    label: int = 76
    value_at: int = 80
    name_width: int = 164
    field_small: int = 84
    field_medium: int = 168
    field_date: int = 116
    # parts
    icon: int = 20
    icon_small: int = 16
    icon_large: int = 24
    tick_box: int = 16
    dot: int = 9
    square: int = 10
    square_dense: int = 7
    bar: int = 6
    thumb: int = 6
    thumb_least: int = 32
    cell_pad: int = 8
    first_pad: int = 12
    text_pad: int = 10
    button_pad: int = 15
    chip_pad: int = 10
    icon_gap: int = 6
    ring: int = 2
    underline: int = 2
    tick_column: int = 40
    caret: int = 10
    fact_dates: int = 176
    number_width: int = 132
    relation_width: int = 56

    @classmethod
    def at(cls, scale: float) -> Metrics:
        """The same lengths multiplied by `scale`; rings and marks never get thinner than they are."""
        values: dict[str, int] = {
            name: round(length * scale)
            for name, length in zip(cls.__struct_fields__, cls.__struct_defaults__, strict=True)
            if isinstance(length, int)
        }
        return cls(scale=scale, **values)


NARROW_BELOW: Final = 1100
WIDE_FROM: Final = 1700
WINDOW_LEAST: Final = (880, 400)
WINDOW_USUAL: Final = (1366, 688)
"""Breakpoints and window sizes at 100 %, compared with width ÷ scale."""


class Breakpoint(StrEnum):
    """How much room a page has (look.md §3)."""

    NARROW = "narrow"
    NORMAL = "normal"
    WIDE = "wide"


def breakpoint_of(width: int, scale: float) -> Breakpoint:
    """Which arrangement a client area of `width` gets at this 字号."""
    reach = width / scale
    if reach < NARROW_BELOW:
        return Breakpoint.NARROW
    return Breakpoint.WIDE if reach >= WIDE_FROM else Breakpoint.NORMAL


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two #RRGGBB colours by the WCAG 2 formula (1 … 21)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
