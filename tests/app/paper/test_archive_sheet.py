"""The archive sheet as independent readers see it."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import pairwise

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from app.core.errors import Cancelled
from app.paper.archive_data import BookCover, PersonalDetails
from app.paper.archive_sections import period
from app.paper.archive_sheet import render_book
from app.paper.contents import ENTRY
from app.paper.fonts import SONG, font
from app.paper.page import LEFT, RIGHT
from app.paper.typesetting import printable
from tests.app.paper.people import STAMP, bare_sheet, endless_sheet, full_sheet, rare_sheet

COVER = BookCover(
    school="青石坪镇中心小学",
    scope="全校",
    period="2026—2027学年第一学期",
    compiled_by="陈素兰",
    compiled_on="2026-11-21",
)


def book():
    """Return sheets of four classes, in the order of a bound book."""
    return [
        bare_sheet("a"),
        *(bare_sheet(f"c{n}", f"张{name}", "三（1）班") for n, name in enumerate("子丑寅卯辰巳午未申")),
        rare_sheet("b"),
        full_sheet("d"),
        full_sheet("e", "田小龙"),
        endless_sheet("f"),
    ]


def texts_in(value):
    """Return every text of nested records, but keys."""
    if isinstance(value, Struct):
        for name in value.__struct_fields__:
            if name != "child_key":
                yield from texts_in(getattr(value, name))
    elif isinstance(value, tuple):
        for one in value:
            yield from texts_in(one)
    elif value:
        yield value


def squeezed(text):
    return "".join(printable(text).split())


@pytest.mark.parametrize("sheet", [full_sheet(), bare_sheet(), rare_sheet()], ids=["full", "bare", "rare"])
def test_every_value_is_found_in_the_printed_file(sheet, tmp_path, text_of):
    out = tmp_path / "sheet.pdf"
    result = render_book([sheet], out, stamp=STAMP)
    text = text_of(out)
    assert [value for value in texts_in(sheet) if squeezed(value) not in text] == []
    assert result.missing_characters == ()
    assert result.pages in (3, 4)
    assert "打印时间2026-11-2110:42" in text
    assert "数据序号1234" in text
    for number in range(1, result.pages + 1):
        assert f"第{number}页共{result.pages}页" in text


@pytest.mark.parametrize("char", "𬭎䶮𠮷㛃𡋾㼆𫖯𬀩𬱖")
def test_rare_characters_copy_out_right(char, tmp_path, text_of):
    out = tmp_path / "sheet.pdf"
    render_book([bare_sheet(name=f"覃{char}", class_name="")], out, stamp=STAMP)
    assert f"覃{char}" in text_of(out)


def test_the_sections_stand_in_the_order_of_the_paper(tmp_path, text_of):
    out = tmp_path / "sheet.pdf"
    render_book([full_sheet()], out, stamp=STAMP)
    found = re.findall(r"(十[一二三四五六]|[一二三四五六七八九十])、", text_of(out))
    places = [
        found.index(number)
        for number in [*"一二三四五六七八九十", *(f"十{digit}" for digit in "一二三四五六")]
    ]
    assert places == sorted(places)


def test_every_font_is_embedded(tmp_path, poppler):
    out = tmp_path / "sheet.pdf"
    render_book(book(), out, stamp=STAMP, cover=COVER)
    rows = poppler("pdffonts", out).splitlines()[2:]
    assert rows
    for row in rows:
        assert re.search(r"School(Song|Hei)-", row)
        embedded, subset, mapped = row.split()[-5:-2]
        assert (embedded, subset, mapped) == ("yes", "yes", "yes")


def test_contents_bookmarks_and_result_name_the_same_pages(tmp_path):
    out = tmp_path / "book.pdf"
    sheets = book()
    result = render_book(sheets, out, stamp=STAMP, cover=COVER)
    document = pypdfium2.PdfDocument(out)
    assert len(document) == result.pages
    pages = [squeezed(document[index].get_textpage().get_text_range()) for index in range(len(document))]
    document.close()
    assert "留守儿童档案汇编" in pages[0]
    assert f"儿童人数{len(sheets)}名" in pages[0]
    assert "共" not in pages[0].split("外传")[-1]
    for sheet in sheets:
        number = result.page_of_child[sheet.child_key]
        name = squeezed(sheet.personal.name)
        assert re.search(rf"{re.escape(name)}…+{number}(?!\d)", pages[1])
        assert "留守儿童档案" in pages[number - 1]
        assert name in pages[number - 1]
        assert f"第{number}页共{result.pages}页" in pages[number - 1]


def test_the_dots_of_the_contents_stand_below_one_another_and_end_at_one_place(tmp_path):
    out = tmp_path / "book.pdf"
    render_book(
        [bare_sheet(str(n), "张" * (n % 5 + 2), "二（1）班") for n in range(100)],
        out,
        stamp=STAMP,
        cover=COVER,
    )
    with closing(pypdfium2.PdfDocument(out)) as document:
        text = document[1].get_textpage()
        places: dict[float, list[float]] = {}
        for index in range(text.count_chars()):
            if text.get_text_range(index, 1) == "…":
                left, bottom, _right, _top = text.get_charbox(index)
                places.setdefault(round(bottom), []).append(left)
    dots = sorted({round(left, 1) for line in places.values() for left in line})
    middle = (LEFT + RIGHT) / 2
    columns = [[one for one in dots if one < middle], [one for one in dots if one > middle]]
    for grid in columns:
        assert {round(after - before, 1) for before, after in pairwise(grid)} == {ENTRY.size}
        ends = {max(round(one, 1) for one in line if round(one, 1) in grid) for line in places.values()}
        assert ends == {grid[-1]}


def test_bookmarks_lead_to_each_class_and_child(tmp_path):
    out = tmp_path / "book.pdf"
    sheets = book()
    result = render_book(sheets, out, stamp=STAMP, cover=COVER)
    document = pypdfium2.PdfDocument(out)
    toc = [(item.level, item.get_title(), item.get_dest().get_index() + 1) for item in document.get_toc()]
    document.close()
    children = [(title, page) for level, title, page in toc if level == 1]
    assert children == [(sheet.personal.name, result.page_of_child[sheet.child_key]) for sheet in sheets]
    classes = [title for level, title, _ in toc if level == 0]
    assert classes == ["目录", "二（1）班", "三（1）班", "五（2）班", "九年级（12）班"]


def test_several_sheets_without_cover_have_bookmarks_but_no_contents(tmp_path):
    out = tmp_path / "pile.pdf"
    result = render_book([full_sheet("a"), bare_sheet("b")], out, stamp=STAMP)
    document = pypdfium2.PdfDocument(out)
    titles = [item.get_title() for item in document.get_toc()]
    document.close()
    assert titles == ["五（2）班", "欧阳慕容雨桐", "二（1）班", "买买提·阿卜杜热西提"]
    assert result.page_of_child == {"a": 1, "b": 5}


def test_same_input_and_clock_give_the_same_bytes():
    files = [io.BytesIO(), io.BytesIO()]
    for file in files:
        render_book(book(), file, stamp=STAMP, cover=COVER)
    assert files[0].getvalue() == files[1].getvalue()
    other = io.BytesIO()
    render_book(book(), other, stamp=replace(STAMP, commit_no=1235), cover=COVER)
    assert other.getvalue() != files[0].getvalue()


def test_two_jobs_at_once_do_not_disturb_each_other():
    alone = io.BytesIO()
    render_book(book(), alone, stamp=STAMP, cover=COVER)
    files = [io.BytesIO() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda file: render_book(book(), file, stamp=STAMP, cover=COVER), files))
    assert all(file.getvalue() == alone.getvalue() for file in files)


def test_file_properties_carry_no_name_and_the_time_of_the_clock(tmp_path):
    out = tmp_path / "sheet.pdf"
    render_book([full_sheet()], out, stamp=STAMP)
    document = pypdfium2.PdfDocument(out)
    properties = document.get_metadata_dict()
    document.close()
    assert properties["Title"] == "留守儿童档案"
    assert properties["CreationDate"].startswith("D:202611211042")
    assert not any("欧阳" in value for value in properties.values())


def test_a_character_that_no_font_has_is_marked_and_told(tmp_path, text_of):
    out = tmp_path / "sheet.pdf"
    result = render_book([bare_sheet(name="张\U000e8001ئ")], out, stamp=STAMP)
    assert result.missing_characters == ("ئ", "\U000e8001")
    assert "张〓〓" in text_of(out)


def test_stopping_leaves_no_file(tmp_path):
    def stop_at_the_second(done, total, words=""):
        assert total == 2
        if done == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        render_book(
            [full_sheet("a"), bare_sheet("b")], tmp_path / "x.pdf", stamp=STAMP, progress=stop_at_the_second
        )
    assert list(tmp_path.iterdir()) == []


def test_progress_counts_children():
    seen = []
    render_book(
        [full_sheet("a"), bare_sheet("b")],
        io.BytesIO(),
        stamp=STAMP,
        progress=lambda done, total, words="": seen.append((done, total)),
    )
    assert seen == [(0, 2), (1, 2), (2, 2)]


def test_no_sheet_is_an_error_of_the_caller():
    with pytest.raises(ValueError, match="no sheet"):
        render_book([], io.BytesIO(), stamp=STAMP)


def test_values_of_any_length_flow_on(tmp_path, text_of):
    out = tmp_path / "sheet.pdf"
    sheet = endless_sheet()
    result = render_book([sheet], out, stamp=STAMP)
    text = text_of(out)
    assert result.pages > 8
    assert text.count("x") == sheet.special_needs.count("x")
    assert text.count("村口小卖部") >= sheet.study.count("村口小卖部")
    for value in (sheet.school, sheet.personal.name, sheet.personal.address, sheet.archive_no):
        assert squeezed(value) in text


def test_many_children_get_contents_of_several_pages():
    out = io.BytesIO()
    sheets = [bare_sheet(str(n), f"张{n}", f"{'一二三四'[n // 40]}年级") for n in range(130)]
    result = render_book(sheets, out, stamp=STAMP, cover=COVER)
    document = pypdfium2.PdfDocument(out.getvalue())
    front = "".join(squeezed(document[i].get_textpage().get_text_range()) for i in range(1, 4))
    first = result.page_of_child["0"]
    document.close()
    assert first == 4
    for n in (0, 39, 40, 129):
        assert re.search(rf"张{n}…+{result.page_of_child[str(n)]}(?!\d)", front)
    assert "二年级（续）40名" in front


covered = st.sampled_from(
    sorted(
        chr(code)
        for code in font(SONG).face.charToGlyph
        if printable(chr(code)) == chr(code) and not chr(code).isspace() and code not in (0x00A0, 0x3164)
    )
)


@settings(max_examples=25)
@given(st.text(covered, min_size=1, max_size=40))
def test_any_text_of_covered_characters_is_found_again(text):
    out = io.BytesIO()
    sheet = replace(bare_sheet(), personal=PersonalDetails(name="张三", address=f"始{text}终"))
    result = render_book([sheet], out, stamp=STAMP)
    document = pypdfium2.PdfDocument(out.getvalue())
    found = squeezed(document[0].get_textpage().get_text_range())
    document.close()
    assert result.missing_characters == ()
    assert squeezed(f"始{text}终") in found


def test_periods_in_words():
    assert period("2021-09", "2023-03") == "2021-09 至 2023-03"
    assert period("2023-03", "") == "2023-03 起"
    assert period("", "2017") == "至 2017"
    assert period("", "") == ""
