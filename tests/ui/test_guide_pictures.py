"""The pictures of the guide: their badges hide no word, and pictures that have grown old are found."""

import shutil

import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter

from app.tasks.guide import GUIDE_PICTURES
from ui.pictures.badges import badge_at
from ui.pictures.guide import grown_old

RADIUS = 20


def picture(*written):
    made = QImage(400, 200, QImage.Format.Format_RGB32)
    made.fill(QColor("white"))
    painter = QPainter(made)
    for place in written:
        for across in range(place.left(), place.right(), 4):
            painter.fillRect(across, place.top(), 2, place.height(), QColor("black"))
    painter.end()
    return made


def hides(spot, place):
    across = max(place.left() - spot.x(), spot.x() - place.right(), 0)
    down = max(place.top() - spot.y(), spot.y() - place.bottom(), 0)
    return across**2 + down**2 < (RADIUS - 1) ** 2


def test_a_badge_stands_before_its_word_where_there_is_room():
    word = QRect(200, 90, 80, 20)
    spot = badge_at(picture(word), word, RADIUS, [])
    assert spot.x() == word.left() - RADIUS - 1
    assert abs(spot.y() - word.center().y()) <= RADIUS // 4


def test_a_badge_hides_neither_its_word_nor_a_neighbour_nor_another_badge():
    word, before, below = QRect(120, 60, 80, 20), QRect(20, 60, 90, 20), QRect(20, 96, 360, 40)
    drawn = picture(word, before, below)
    first = badge_at(drawn, word, RADIUS, [])
    second = badge_at(drawn, word, RADIUS, [first])
    for spot in (first, second):
        assert not any(hides(spot, place) for place in (word, before, below))
        assert drawn.rect().adjusted(RADIUS, RADIUS, -RADIUS, -RADIUS).contains(spot)
    assert (first - second).manhattanLength() >= 2 * RADIUS


def test_no_room_at_all_is_said():
    with pytest.raises(ValueError, match="no room"):
        badge_at(picture().scaled(30, 30), QRect(5, 5, 20, 20), RADIUS, [])


@pytest.fixture
def kept(tmp_path):
    return shutil.copytree(GUIDE_PICTURES, tmp_path / "kept")


def test_pictures_as_they_are_drawn_today_are_not_old(kept):
    with Image.open(kept / "today.png") as one:
        smoothed = one.convert("RGB").point(lambda shade: min(shade + 20, 255))
    smoothed.save(kept / "today.png")
    assert grown_old(kept, GUIDE_PICTURES) == []


def test_a_changed_word_a_missing_picture_and_a_moved_badge_are_named(kept):
    with Image.open(kept / "ledger.png") as one:
        changed = one.convert("RGB")
    ImageDraw.Draw(changed).text((300, 300), "another word", fill="black")
    changed.save(kept / "ledger.png")
    (kept / "calls.png").unlink()
    (kept / "no-more.png").touch()
    (kept / "places.json").write_text("{}", encoding="utf-8")
    assert grown_old(kept, GUIDE_PICTURES) == ["calls.png", "ledger.png", "no-more.png", "places.json"]
