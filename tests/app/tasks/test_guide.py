"""The printed guide and the card of keys: whole, four pages and one, with every word and picture they promise."""

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pypdfium2
import pytest

from app.core.clock import FixedClock
from app.core.errors import EnvironmentFault
from app.tasks.guide import GUIDE_PICTURES, guide_words, key_groups, write_guide, write_key_card

ROOT = Path(__file__).resolve().parents[3]
CLOCK = FixedClock(datetime(2026, 11, 21, 10, 42))


def pages_of(path):
    document = pypdfium2.PdfDocument(path)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def pictures_on(path):
    document = pypdfium2.PdfDocument(path)
    try:
        return [sum(1 for one in page.get_objects() if one.type == 3) for page in document]
    finally:
        document.close()


def marked():
    return {
        (block.picture, name)
        for page in guide_words().pages
        for block in page.blocks
        for name, _ in block.marks
    }


def without_breaks(text):
    return "".join(text.split())


def test_the_guide_has_four_pages_with_every_line_and_two_pictures_each(tmp_path):
    result = write_guide(tmp_path / "指南.pdf", CLOCK)
    assert (result.pages, result.missing_characters) == (4, ())
    assert pictures_on(tmp_path / "指南.pdf") == [2, 2, 2, 2]
    for page, text in zip(
        guide_words().pages, map(without_breaks, pages_of(tmp_path / "指南.pdf")), strict=True
    ):
        assert without_breaks(page.title) in text
        for block in page.blocks:
            for name, said in block.marks:
                assert without_breaks(f"「{name}」{said}") in text
            for line in block.lines:
                assert without_breaks(line) in text


def test_every_marked_word_stands_on_its_picture():
    places = json.loads((GUIDE_PICTURES / "places.json").read_text(encoding="utf-8"))
    assert {(picture, name) for picture, names in places.items() for name in names} == marked()
    for names in places.values():
        assert all(0 <= across < 1 and 0 <= down < 1 for across, down in names.values())


def test_without_its_pictures_the_guide_is_refused_in_words(tmp_path):
    with pytest.raises(EnvironmentFault) as told:
        write_guide(tmp_path / "a.pdf", CLOCK, pictures=tmp_path)
    assert told.value.key == "guide.no_pictures"
    assert not (tmp_path / "a.pdf").exists()


def test_the_card_holds_every_key_once_on_one_page(tmp_path):
    result = write_key_card(tmp_path / "按键卡.pdf", CLOCK)
    assert (result.pages, result.missing_characters) == (1, ())
    text = without_breaks(pages_of(tmp_path / "按键卡.pdf")[0])
    for title, keys in key_groups():
        assert text.count(without_breaks(title)) >= 1
        for key, words in keys:
            assert without_breaks(key + words) in text


def test_the_same_guide_is_the_same_file(tmp_path):
    write_guide(tmp_path / "a.pdf", CLOCK)
    write_guide(tmp_path / "b.pdf", CLOCK)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


@pytest.mark.slow
def test_the_pictures_can_be_drawn_from_todays_program_with_every_mark_on_them(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "ui.pictures.guide", str(tmp_path)],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    places = json.loads((tmp_path / "places.json").read_text(encoding="utf-8"))
    assert {(picture, name) for picture, names in places.items() for name in names} == marked()
    assert write_guide(tmp_path / "指南.pdf", CLOCK, pictures=tmp_path).pages == 4
