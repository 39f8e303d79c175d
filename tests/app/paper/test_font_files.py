"""The bundled fonts: what they cover, what they are called, and that the recipe still gives these bytes."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from fontTools.ttLib import TTFont

from tests.sampling import DEEP, NOT_DEEP

ROOT = Path(__file__).resolve().parents[3]
FONTS = ROOT / "resources" / "fonts"
FILES = ["SchoolSong-Regular.ttf", "SchoolHei-Regular.ttf", "SchoolHei-Bold.ttf"]
NOT_IN_SOURCE = {0x2252}
"""≒ of GBK: Noto CJK has no such character; FONTLOG.md says so."""


def load_recipe() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_fonts", ROOT / "packaging/fonts/build_fonts.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_fonts"] = module
    spec.loader.exec_module(module)
    return module


recipe = load_recipe()


@pytest.fixture(params=FILES)
def font(request):
    with TTFont(FONTS / request.param, lazy=True) as opened:
        yield opened


def test_table_of_general_standard_characters_is_whole():
    table = recipe.general_standard_characters()
    assert len(table) == 8105
    assert sum(code > 0xFFFF for code in table) == 196
    assert len(table - recipe.gbk_characters()) == 276


def test_font_covers_the_characters_of_names(font):
    have = set(font.getBestCmap())
    assert recipe.general_standard_characters() <= have
    assert recipe.gbk_characters() - have == NOT_IN_SOURCE
    assert set(map(ord, "𠮷𬭎䶮㛃𡋾㼆𫖯𬀩𬱖〓—√①·")) <= have


def test_song_has_every_basic_character_of_hei():
    """Below U+10000 Song can stand in for each Hei; beyond it the two complete each other."""
    with TTFont(FONTS / FILES[0], lazy=True) as song, TTFont(FONTS / FILES[1], lazy=True) as hei:
        assert {code for code in hei.getBestCmap() if code <= 0xFFFF} <= set(song.getBestCmap())


def test_font_is_truetype_and_renamed(font):
    assert "glyf" in font
    assert "CFF " not in font
    names = [str(record) for record in font["name"].names if record.nameID in (1, 3, 4, 6, 16)]
    assert all("School" in name for name in names)
    assert not any(reserved in name for name in names for reserved in ("Noto", "Source"))
    assert "SIL Open Font License" in font["name"].getDebugName(13)


@pytest.mark.parametrize("name", FILES[1:])
def test_digits_of_the_screen_have_one_width(name):
    with TTFont(FONTS / name, lazy=True) as hei:
        cmap, metrics = hei.getBestCmap(), hei["hmtx"].metrics
        assert len({metrics[cmap[ord(digit)]][0] for digit in "0123456789"}) == 1


def test_fontlog_names_these_very_files():
    log = (FONTS / "FONTLOG.md").read_text(encoding="utf-8")
    for name in FILES:
        assert f"`{name}`" in log
        assert recipe.sha256(FONTS / name) in log
    assert all(one.source_sha256 in log for one in recipe.RECIPES)


@pytest.mark.slow
@pytest.mark.skipif(not DEEP, reason=NOT_DEEP)
def test_recipe_gives_the_same_bytes_again(tmp_path):
    one = next(found for found in recipe.RECIPES if found.file_name == "SchoolHei-Bold.ttf")
    source = recipe.SOURCE_FOLDER / one.source
    if not source.exists():
        pytest.skip("the Debian package fonts-noto-cjk is not installed")
    if recipe.sha256(source) != one.source_sha256:
        pytest.skip("another version of fonts-noto-cjk is installed than the fonts were built from")
    recipe.build(one, recipe.SOURCE_FOLDER, tmp_path / one.file_name)
    assert recipe.sha256(tmp_path / one.file_name) == recipe.sha256(FONTS / one.file_name)
