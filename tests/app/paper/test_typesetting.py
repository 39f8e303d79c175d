"""Lines: how wide, where they end, what becomes of characters that no font has."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from app.paper.document import Document
from app.paper.fonts import HEI, MISSING_MARK, SONG, font, missing_characters, to_unicode_map
from app.paper.page import VALUE
from app.paper.typesetting import Typesetter, printable
from tests.app.paper.people import STAMP

CHARACTERS = "留守儿童档案，。（）“”、0123456789ABCxyz-·— 买提"


@pytest.fixture(scope="module")
def setter() -> Typesetter:
    return Document(io.BytesIO(), title="", author="", stamp=STAMP).setter


def texts(setter, text, width_in_hanzi):
    """Return what stands on each line of ``text``, found again through the glyph codes."""
    back = {}
    for char in set(text) | {MISSING_MARK}:
        [run] = setter.line(char, SONG).runs
        back[run.resource, run.codes] = char
    found = []
    for line in setter.wrap(text, VALUE, width_in_hanzi * VALUE.size + 0.01):
        pairs = [
            (run.resource, run.codes[i : i + 4]) for run in line.runs for i in range(0, len(run.codes), 4)
        ]
        found.append("".join(back[pair] for pair in pairs))
    return found


def test_hanzi_are_one_em_wide(setter):
    assert setter.line("留守儿童", SONG).width == 4000


def test_short_text_is_one_line_and_empty_text_is_one_empty_line(setter):
    assert texts(setter, "留守", 2) == ["留守"]
    assert [line.runs for line in setter.wrap("", VALUE, 100)] == [()]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("一二三四五六", 3, ["一二三", "四五六"]),
        ("一二三，四五六", 3, ["一二", "三，四", "五六"]),  # no line begins with a comma
        ("一二（三四）五六", 3, ["一二", "（三", "四）五", "六"]),  # none ends with an opening bracket
        ("电话12300006217", 7, ["电话", "12300006217"]),  # a number stays whole when it can
        ("一\n二", 9, ["一", "二"]),
        ("一二 三四", 2, ["一二", "三四"]),  # nor begins with the space it was broken at
        ("买买提·阿卜杜", 4, ["买买提·", "阿卜杜"]),
        ("2026-11-03 14:30—16:00", 8, ["2026-11-03", "14:30—16:00"]),
        ("到会 24 家，应到 40 家", 6, ["到会 24 家，", "应到 40 家"]),
        ("每天 12:00–13:30，隔周", 6, ["每天 12:00–", "13:30，隔周"]),
    ],
)
def test_where_lines_end(setter, text, width, lines):
    assert texts(setter, text, width) == lines


def test_a_word_wider_than_the_line_is_broken_not_cut(setter):
    lines = texts(setter, "x" * 300, 10)
    assert "".join(lines) == "x" * 300
    assert len(lines) > 10


@given(st.text(CHARACTERS, max_size=80), st.integers(2, 12))
def test_wrapping_loses_nothing_but_spaces_at_breaks(setter, text, width):
    lines = setter.wrap(text, VALUE, width * VALUE.size + 0.01)
    codes = "".join(codes for line in lines for _, codes in line.runs)
    [space] = setter.line(" ", SONG).runs
    whole = "".join(run.codes for run in setter.line(text.replace(" ", ""), SONG).runs)
    pairs = [codes[i : i + 4] for i in range(0, len(codes), 4)]
    assert "".join(pair for pair in pairs if pair != space.codes) == whole
    hanging = max(setter.width(char, SONG) for char in "，。（）“”、—")
    assert all(line.width <= width * 1000 or line.width <= hanging for line in lines)


def test_missing_character_leaves_a_visible_mark_and_its_name():
    setter = Document(io.BytesIO(), title="", author="", stamp=STAMP).setter
    assert setter.line("\U000e8001", SONG) == setter.line(MISSING_MARK, SONG)
    assert setter.missing == {"\U000e8001"}


def test_character_that_only_the_other_font_has_is_taken_from_there():
    only_hei = [code for code in font(HEI).face.charToGlyph if code not in font(SONG).face.charToGlyph]
    assert only_hei
    setter = Document(io.BytesIO(), title="", author="", stamp=STAMP).setter
    mixed = setter.line("张" + chr(only_hei[0]), SONG)
    assert len({run.resource for run in mixed.runs}) == 2
    assert not setter.missing


def test_missing_characters_are_told_before_printing():
    assert missing_characters("张𬭎\n\U000e8001\U000e8001ئ") == ["\U000e8001", "ئ"]


@pytest.mark.parametrize(
    ("stored", "printed"),
    [
        ("张\u200b伟", "张伟"),
        ("张\ufe00伟", "张伟"),
        ("a\tb", "a b"),
        ("张\x00伟\u202e", "张伟"),
        ("甲\u00a0乙", "甲 乙"),
        ("一\n二", "一\n二"),
    ],
)
def test_invisible_characters_are_not_printed(stored, printed):
    assert printable(stored) == printed


def test_unicode_map_names_rare_characters_in_utf16():
    lines = to_unicode_map([0, ord("一"), ord("𬭎")]).splitlines()
    assert "<0001> <4E00>" in lines
    assert "<0002> <D872DF4E>" in lines
    assert not any(line.startswith("<0000> <0000>") for line in lines)


def test_unicode_map_has_no_block_over_a_hundred():
    text = to_unicode_map([0, *range(0x4E00, 0x4E00 + 255)])
    sizes = [int(line.split()[0]) for line in text.splitlines() if line.endswith("beginbfchar")]
    assert sizes == [100, 100, 55]


def test_reportlabs_own_drawing_can_use_the_fonts(tmp_path, text_of):
    """The kit draws by itself, but nothing else may break on a font of ours."""
    font(SONG)
    canvas = Canvas(str(tmp_path / "own.pdf"), initialFontName=SONG)
    canvas.setFont(SONG, 12)
    canvas.drawString(72, 720, "张𬭎（一）\\")
    canvas.save()
    assert text_of(tmp_path / "own.pdf") == "张𬭎（一）\\"
