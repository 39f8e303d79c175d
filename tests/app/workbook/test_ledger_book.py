"""The Excel ledger, read back by openpyxl and printed by LibreOffice."""

from __future__ import annotations

import subprocess

import openpyxl
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.errors import Cancelled
from app.workbook.ledger_book import EXCEL_CELL_LIMIT, LedgerHead, write_ledger
from app.workbook.ledger_layout import (
    APPENDIX_SHEET,
    DETAIL_HEADERS,
    DOCUMENT_SUBJECT,
    FIRST_DATA_ROW,
    HEADER_ROW,
    MAIN_SHEET,
    SUB_LEDGER_MARK,
)

from .conftest import DAY

HEAD = LedgerHead(
    school="青石坪镇中心小学",
    unit="青石坪镇中心小学",
    as_of=DAY,
    counting_words="登记在册的留守儿童",
    printed_at="2026-11-21 09:00",
    data_commit_no=7,
)


def rows_of(path, sheet=MAIN_SHEET):
    """Return the data rows of a sheet as header → cell."""
    worksheet = openpyxl.load_workbook(path)[sheet]
    headers = [cell.value for cell in worksheet[HEADER_ROW]]
    return [
        dict(zip(headers, row, strict=False))
        for row in worksheet.iter_rows(min_row=FIRST_DATA_ROW)
        if str(row[0].value or "").isdigit()
    ]


def printed(reader, path, folder):
    """Print a workbook with LibreOffice and return the PDF."""
    home = folder / "office"
    subprocess.run(
        [reader("soffice"), f"-env:UserInstallation={home.as_uri()}", "--headless", "--convert-to", "pdf",
         "--outdir", str(folder), str(path)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return pypdfium2.PdfDocument(folder / f"{path.stem}.pdf")


def test_full_profile_has_every_fact_as_text(tmp_path, make_child):
    out = tmp_path / "台账.xlsx"
    result = write_ledger([make_child(1), make_child(3)], HEAD, out, profile="full")

    assert result.children == 2
    book = openpyxl.load_workbook(out)
    assert book.properties.subject == DOCUMENT_SUBJECT["full"]
    first, second = rows_of(out)
    assert first["公民身份号码"].value == "11010519491231002X"
    assert first["公民身份号码"].number_format == "@"
    assert first["父亲电话"].value == "12300001234"
    assert first["母亲电话"].value == "12300005678、12300004321"
    assert first["入学年级班"].value == "2024级1班"
    assert (second["母亲状态"].value, second["母亲务工地"].value) == ("去世", "—")
    assert first["其他亲属"].value is None, "father, mother and carer have columns of their own"
    assert {cell.data_type for row in (first, second) for cell in row.values() if cell.value} == {"s"}
    assert set(DETAIL_HEADERS) <= set(first)


def test_masked_profile_carries_no_whole_number(tmp_path, make_child):
    out = tmp_path / "masked.xlsx"
    write_ledger([make_child(1)], HEAD, out)

    book = openpyxl.load_workbook(out)
    text = "\n".join(
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value
    )
    assert "110105" in text, "the area stays readable"
    for whole in ("11010519491231002X", "12300001234", "12300005678", "12300008888"):
        assert whole not in text
    assert not set(DETAIL_HEADERS[1:]) & {cell.value for cell in book[MAIN_SHEET][HEADER_ROW]}


def test_a_sheet_for_each_category_with_its_basis(tmp_path, make_child):
    out = tmp_path / "out.xlsx"
    write_ledger([make_child(0), make_child(1)], HEAD, out)

    book = openpyxl.load_workbook(out)
    assert book.sheetnames == [MAIN_SHEET, "孤儿"]
    assert book["孤儿"]["A1"].value.endswith(SUB_LEDGER_MARK)
    (row,) = rows_of(out, "孤儿")
    assert (row["认定依据"].value, row["认定日期"].value) == ("孤儿证", "2025-03")


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+8612300001234", "-1+1", "@SUM(A1)"])
def test_no_text_becomes_a_formula(tmp_path, make_child, text):
    out = tmp_path / "out.xlsx"
    write_ledger([make_child(1, name=text, note=text)], HEAD, out, profile="full")

    (row,) = rows_of(out)
    for header in ("姓名", "备注", "说明"):
        assert (row[header].value, row[header].data_type) == (text, "s")
        assert row[header].number_format == "@", "stays text when somebody edits the cell"


def test_long_texts_go_on_in_the_appendix_whole(tmp_path, make_child):
    note = "".join(f"第{n}句。" for n in range(9_000))
    assert len(note) > EXCEL_CELL_LIMIT
    out = tmp_path / "out.xlsx"
    write_ledger([make_child(1, note=note)], HEAD, out, profile="full")

    sheet = openpyxl.load_workbook(out)[APPENDIX_SHEET]
    parts = [row[3].value for row in sheet.iter_rows(min_row=2) if row[2].value == "备注"]
    assert "".join(parts) == note
    (row,) = rows_of(out)
    assert "附页" in row["说明"].value


def test_footing_and_signature_lines_stand_below(tmp_path, make_child):
    out = tmp_path / "out.xlsx"
    write_ledger([make_child(number) for number in range(6)], HEAD, out)

    texts = [row[0].value or "" for row in openpyxl.load_workbook(out)[MAIN_SHEET].iter_rows()]
    assert any(text.startswith("合计 6 名：男 3，女 3；双亲 4，单亲 2") for text in texts)
    assert "单位负责人（签名）" in texts[-1]


def test_libreoffice_prints_the_header_on_each_page_and_nothing_too_small(tmp_path, make_child, reader):
    out = tmp_path / "ledger.xlsx"
    write_ledger([make_child(number) for number in range(60)], HEAD, out, profile="full")

    document = printed(reader, out, tmp_path)
    pages = [document[index] for index in range(len(document))]
    texts = [page.get_textpage().get_text_range() for page in pages]
    ledger_pages = [text for text in texts if "公民身份号码" in text]
    assert len(ledger_pages) == len(texts) >= 4
    width, height = pages[0].get_size()
    assert round(width) == 842, "A4"
    assert round(height) == 595, "landscape"
    printed_numbers = sum(text.count("11010519491231002X") for text in texts)
    assert printed_numbers == 60 + 7, "everybody once on the ledger and the seven orphans on their own sheet"
    assert "父亲身份证号" not in "".join(texts), "the plain columns are outside the printed area"
    scale = _font_scale(reader, out, tmp_path)
    assert scale * 9 >= 8


def _font_scale(reader, out, folder):
    """Return the scale at which LibreOffice printed, from the height of the 9-point digits."""
    words = subprocess.run(
        [reader("pdftotext"), "-bbox", str(folder / f"{out.stem}.pdf"), "-"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    left = min(float(line.split('xMin="')[1].split('"')[0]) for line in words.splitlines() if "<word" in line)
    right = max(
        float(line.split('xMax="')[1].split('"')[0]) for line in words.splitlines() if "<word" in line
    )
    assert left >= 14, "inside the paper"
    assert right <= 842 - 14
    heights = [
        float(line.split('yMax="')[1].split('"')[0]) - float(line.split('yMin="')[1].split('"')[0])
        for line in words.splitlines()
        if "11010519491231002X" in line
    ]
    return min(heights) / 9 if heights else 0


def test_stopping_leaves_no_file(tmp_path, make_child):
    def stop(done, total, words=""):
        raise Cancelled

    out = tmp_path / "out.xlsx"
    with pytest.raises(Cancelled):
        write_ledger([make_child(number) for number in range(60)], HEAD, out, progress=stop)
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(note=st.text(max_size=200), name=st.text(min_size=1, max_size=20))
def test_any_text_reads_back_as_it_was(tmp_path, make_child, note, name):
    out = tmp_path / "out.xlsx"
    child = make_child(1, name=name, note=note)
    write_ledger([child], HEAD, out, profile="full")

    (row,) = rows_of(out)
    from app.core.text import clean

    assert (row["备注"].value or "") == clean(note).replace("\r\n", "\n").replace("\r", "\n")
