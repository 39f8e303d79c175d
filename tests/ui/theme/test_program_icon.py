"""The program's own icon: one drawing behind the window, the Windows programs and the desktop entry."""

import importlib.util
from pathlib import Path

import pytest
from PIL import Image

from ui import theme
from ui.theme.icons import PROGRAM_SIZES, PROGRAM_SMALL_BELOW

ROOT = Path(__file__).resolve().parents[3]
ICONS = ROOT / "resources" / "icons"


@pytest.fixture(scope="session")
def drawing():
    spec = importlib.util.spec_from_file_location("draw_icon", ROOT / "packaging" / "draw_icon.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _pixels(path, size=None):
    with Image.open(path) as picture:
        found = picture.ico.getimage((size, size)) if size else picture
        return found.convert("RGBA").tobytes()


def test_the_files_that_are_shipped_are_todays_drawing(qapp, drawing, tmp_path):
    icon, picture = drawing.write(tmp_path)
    for size in drawing.SIZES:
        assert _pixels(ICONS / "program.ico", size) == _pixels(icon, size), size
    assert _pixels(ICONS / "program.png") == _pixels(picture)


def test_windows_finds_each_size_it_asks_for(drawing):
    with Image.open(ICONS / "program.ico") as icon:
        assert icon.ico.sizes() == {(size, size) for size in drawing.SIZES}
    assert {16, 24, 32, 48, 256} <= set(drawing.SIZES)


def test_the_window_shows_the_same_drawing(qapp, drawing):
    assert drawing.SMALL_BELOW == PROGRAM_SMALL_BELOW
    for size in PROGRAM_SIZES:
        assert theme.program_icon().pixmap(size, size).width() == size
    shown = theme.program_pixmap(64).toImage()
    assert shown.pixelColor(6, 32).name() == theme.Tone.ACCENT.value.lower()


def test_the_two_people_under_the_roof_are_told_apart_at_sixteen_pixels(qapp):
    small = theme.program_pixmap(16).toImage()
    grounds = {small.pixelColor(x, 13).name() for x in range(3, 14)}
    assert {theme.Tone.PAPER.value.lower(), "#f2c879"} <= grounds
