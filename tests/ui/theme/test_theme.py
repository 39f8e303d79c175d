"""Fonts and icons: loaded from the program's own files, and a missing one is an error that is seen."""

import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QFontMetrics, QPalette, QRawFont

from ui import theme
from ui.theme import Tone, Type, current, tokens

ROOT = Path(__file__).resolve().parents[3]
ICONS = ROOT / "resources" / "icons"


@pytest.fixture
def not_loaded(monkeypatch):
    """As if no font had been loaded yet. What is loaded from elsewhere goes again: its twin would be taken for it later."""
    loaded = []

    def load(path):
        loaded.append(QFontDatabase.addApplicationFont(path))
        return loaded[-1]

    families = QFontDatabase.applicationFontFamilies
    watched = SimpleNamespace(addApplicationFont=load, applicationFontFamilies=families)
    monkeypatch.setattr(current, "_in_force", current._InForce())
    monkeypatch.setattr(current, "QFontDatabase", watched)
    yield
    for number in loaded:
        if number >= 0:
            assert QFontDatabase.removeApplicationFont(number)


@pytest.mark.parametrize("bold", [False, True])
def test_the_programs_own_font_is_used(look, bold):
    font = theme.font(Type.BODY, bold=bold)
    assert QFontInfo(font).family() == tokens.FONT_FAMILY
    assert QFontInfo(font).bold() == bold
    assert QFontInfo(font).pixelSize() == 14


@pytest.mark.parametrize("name", ["欧阳慕容雨桐", "买买提·阿卜杜热西提", "覃䶮", "张𬭎", "𠮷㛃"])
def test_rare_names_have_glyphs_in_it(look, name):
    glyphs = QRawFont.fromFont(theme.font(Type.BODY)).glyphIndexesForString(name)
    assert 0 not in glyphs


def test_digits_have_one_width(look):
    measure = QFontMetrics(theme.font(Type.BODY))
    assert len({measure.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_a_missing_font_is_an_error_with_its_name(qapp, not_loaded, tmp_path):
    with pytest.raises(theme.FontFault) as told:
        theme.install(qapp, fonts=tmp_path)
    assert told.value.file_name == "SchoolHei-Regular.ttf"


def test_a_broken_font_is_an_error(qapp, not_loaded, tmp_path):
    folder = ROOT / "resources" / "fonts"
    shutil.copy(folder / "SchoolHei-Regular.ttf", tmp_path)
    (tmp_path / "SchoolHei-Bold.ttf").write_bytes(b"no font")
    with pytest.raises(theme.FontFault) as told:
        theme.install(qapp, fonts=tmp_path)
    assert told.value.file_name == "SchoolHei-Bold.ttf"


def test_sizes_follow_the_type_size(qapp, look):
    theme.install(qapp, 1.3)
    assert theme.font(Type.BODY).pixelSize() == 18
    assert theme.line_height(Type.SMALL) == 23
    theme.install(qapp, 1.0)
    assert theme.font(Type.BODY).pixelSize() == 14


@pytest.fixture
def system_font(qapp, look):
    """`system_font(points)` shows the system's letters in that size; afterwards all is as before."""
    before = QFont(qapp.font())

    def enlarge(points):
        letters = QFont(before)
        letters.setPointSizeF(points)
        qapp.setFont(letters)
        return theme.follow_system_size(qapp)

    yield enlarge
    current._in_force.system = 1.0
    theme.install(qapp, 1.0)


def test_the_systems_larger_letters_are_followed_on_top_of_the_type_size(qapp, system_font, monkeypatch):
    screen = qapp.primaryScreen().availableGeometry()
    monkeypatch.setattr(tokens, "WINDOW_LEAST", (screen.width() / 2, screen.height() / 2))
    usual = current.SYSTEM_POINTS
    assert system_font(usual) == 1.0
    assert system_font(usual * 0.8) == 1.0
    assert system_font(usual * 1.1) == 1.0  # the usual difference between desktops
    assert system_font(usual * 1.2) == pytest.approx(1.2)
    assert system_font(usual * 9) == current.LARGER_MOST
    # Never so large that the smallest window would stick out of the screen.
    monkeypatch.setattr(tokens, "WINDOW_LEAST", (screen.width() / 1.3, screen.height() / 2))
    assert system_font(usual * 9) == pytest.approx(1.3)
    monkeypatch.setattr(tokens, "WINDOW_LEAST", (screen.width() * 2, screen.height() / 2))
    assert system_font(usual * 9) == 1.0
    current._in_force.system = 1.2
    theme.install(qapp, 1.15)
    assert theme.metrics().scale == pytest.approx(1.38)
    assert theme.font(Type.BODY).pixelSize() == 19


def test_a_dark_system_changes_nothing(qapp, look):
    night = QPalette(QColor("black"))
    night.setColor(QPalette.ColorRole.WindowText, QColor("white"))
    qapp.setPalette(night)
    theme.install(qapp, 1.0)
    roles = QPalette.ColorRole
    for role, tone in ((roles.Window, Tone.DESK), (roles.Base, Tone.PAPER), (roles.WindowText, Tone.INK)):
        assert qapp.palette().color(role).name().upper() == tone.value
    assert qapp.styleHints().colorScheme() is not Qt.ColorScheme.Dark


def test_an_icon_takes_its_tone_and_the_pixel_ratio(look):
    image = theme.pixmap("print", Tone.RED, size=20, ratio=1.5).toImage()
    assert (image.width(), image.devicePixelRatio()) == (30, 1.5)
    seen = {
        image.pixelColor(x, y).name()
        for x in range(30)
        for y in range(30)
        if image.pixelColor(x, y).alpha() == 255
    }
    assert seen == {Tone.RED.value.lower()}


def test_every_icon_that_is_named_exists(look):
    named = set()
    for path in (ROOT / "ui").rglob("*.py"):
        named |= set(re.findall(r'icon="([a-z_]+)"', path.read_text(encoding="utf-8")))
    assert len(named) > 10
    for name in sorted(named):
        assert not theme.pixmap(name).isNull()
    with pytest.raises(FileNotFoundError):
        theme.pixmap("no_such_icon")


def test_pictures_of_the_rail_exist_filled_too(look):
    from ui.pages import all_pages

    for spec in all_pages():
        if not spec.parent:
            assert not theme.pixmap(spec.icon, size=20, filled=True).isNull()


def test_the_licence_lies_beside_the_icons():
    assert "MIT License" in (ICONS / "LICENSE").read_text(encoding="utf-8")


def test_no_colour_and_no_style_sheet_outside_the_theme():
    found = []
    for path in (ROOT / "ui").rglob("*.py"):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith("ui/theme/"):
            continue
        text = path.read_text(encoding="utf-8")
        found += [f"{name}: {hit}" for hit in re.findall(r"#[0-9A-Fa-f]{6}\b|setStyleSheet|QColor\(", text)]
    assert found == []
