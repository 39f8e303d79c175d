"""The pictures of the guide: their badges hide no word, and pictures that have grown old are found."""

import shutil
from collections import Counter
from math import hypot

import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from app.tasks.guide import GUIDE_PICTURES
from ui.pictures.badges import badge_at
from ui.pictures.guide import few_colours, grown_old, place_of

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


def test_a_badge_is_not_taken_for_that_of_the_button_beside():
    """Between two buttons that stand close it could mean either: it goes where its own is the nearest by far."""
    before, word = QRect(100, 60, 80, 30), QRect(190, 60, 80, 30)
    drawn = picture(before, word)
    apart = [badge_at(drawn, word, RADIUS, [], others) for others in ([], [before])]
    for spot in apart:
        assert not hides(spot, word)
        assert not hides(spot, before)
    assert apart[0] != apart[1], "without knowing of the neighbour it would stand nearer to it"
    across, down = apart[1].x() - before.right(), before.top() - apart[1].y()
    assert hypot(across, down) >= RADIUS * 3 / 2


def test_a_badge_stands_rather_not_beside_words_that_are_only_read():
    word, read = QRect(200, 90, 80, 20), QRect(90, 90, 80, 20)
    drawn = picture(word, read)
    alone, knowing = (badge_at(drawn, word, RADIUS, [], (), near) for near in ((), (read,)))
    assert knowing != alone
    across, down = (
        max(knowing.x() - read.right(), 0),
        max(read.top() - knowing.y(), knowing.y() - read.bottom(), 0),
    )
    assert hypot(across, down) >= RADIUS * 3 / 2


def test_what_is_marked_lies_where_its_words_are(look, qtbot):
    """A label of a form is as wide as its column: a badge beside the column would stand in the row above."""
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(300, 80)
    label, button = QLabel("四导", page), QPushButton("存上", page)
    label.setGeometry(10, 20, 120, 40)
    button.setGeometry(150, 20, 100, 40)
    page.show()
    words = place_of(page, "四导")
    assert words.left() == 10
    assert words.width() == label.fontMetrics().horizontalAdvance("四导") < 120
    assert abs(words.center().y() - label.geometry().center().y()) <= 1
    assert place_of(page, "存上") == button.geometry()
    assert place_of(page, "没有的") is None


def test_a_colour_with_few_dots_stays_itself():
    """A red figure among the many greys that smoothing makes of black letters."""
    greys = {0xFF000000 | shade << 16 | shade << 8 | shade: 1000 + shade for shade in range(256)}
    others = {0xFF404000 + shade: 200 for shade in range(200)}
    red, green = 0xFFA3352A, 0xFF3A6838
    chosen = few_colours(Counter({**greys, **others, red: 40, green: 40}))
    assert len(chosen) <= 256
    assert {red, green} <= set(chosen)


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
