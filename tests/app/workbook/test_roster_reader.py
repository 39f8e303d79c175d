"""Rosters are read by their content, with Excel's addresses, and what is no roster is said in plain words."""

import datetime as dt
import io
import subprocess
import time
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.children.roster.sheet import MergedRange, RosterSheet, address, column_letters, column_number
from app.core.errors import EnvironmentFault, UserError
from app.workbook.roster_reader import read_roster, read_roster_bytes

HEADER = ["姓名", "性别", "身份证号", "班级"]
CHILD = ["张小满", "女", "110105201603051228", "三（1）班"]


def book(fill) -> bytes:
    workbook = openpyxl.Workbook()
    fill(workbook)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def plain_book() -> bytes:
    def fill(workbook):
        sheet = workbook.active
        sheet.title = "三年级"
        sheet.append(HEADER)
        sheet.append(CHILD)

    return book(fill)


def rezipped(content: bytes, **changed: bytes | None) -> bytes:
    """Return the zip with some parts replaced (by name), added or, with None, left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), *changed}:
            part = changed[name] if name in changed else old.read(name)
            if part is not None:
                new.writestr(name, part)
    return out.getvalue()


def refused(name: str, content: bytes) -> str:
    with pytest.raises(UserError) as caught:
        read_roster_bytes(name, content)
    assert "台账没有动" in str(caught.value)
    return caught.value.key


def outcome(name: str, content: bytes) -> str:
    try:
        read_roster_bytes(name, content)
    except UserError as error:
        return error.key
    return "read"


def to_xls(path, folder):
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "xls", "--outdir", str(folder), str(path)],
        check=True,
        capture_output=True,
        env={"HOME": str(folder), "PATH": "/usr/bin:/bin"},
    )
    return folder / (path.stem + ".xls")


# ---- what is read ---------------------------------------------------------------------------------------------------


def test_cells_keep_excels_row_and_column_numbers():
    def fill(workbook):
        sheet = workbook.active
        sheet["B3"], sheet["C3"] = "姓名", "性别"
        sheet["B7"] = "王强"

    sheet = read_roster_bytes("花名册.xlsx", book(fill)).sheets[0]
    assert (sheet.first_row, sheet.first_column, sheet.last_row) == (3, 2, 7)
    assert sheet.cell(7, 2) == "王强"
    assert sheet.cell(3, 3) == "性别"
    assert sheet.cell(5, 2) == sheet.cell(99, 1) == sheet.cell(1, 1) == ""


def test_kinds_of_cells_stay_apart():
    def fill(workbook):
        sheet = workbook.active
        sheet.append([110105194912310021, "110105194912310021", True, 41762, dt.date(2014, 5, 3), 2014.1])

    cells = read_roster_bytes("a.xlsx", book(fill)).sheets[0].rows[0]
    assert isinstance(cells[0], float)
    assert cells[1] == "110105194912310021"
    assert cells[2] is True
    assert cells[3:] == [41762.0, dt.date(2014, 5, 3), 2014.1]


def test_what_is_hidden_is_named():
    def fill(workbook):
        sheet = workbook.active
        for row in range(1, 6):
            sheet.append([f"行{row}", "甲", "乙"])
        sheet.row_dimensions[3].hidden = True
        sheet.row_dimensions[9].hidden = True  # nothing in it
        sheet.column_dimensions["B"].hidden = True
        sheet.column_dimensions["F"].hidden = True  # nothing in it
        sheet.merge_cells("A4:A5")
        workbook.create_sheet("旧").sheet_state = "hidden"

    first, second = read_roster_bytes("a.xlsx", book(fill)).sheets
    assert first.hidden_rows == {3}
    assert first.hidden_columns == {2}
    assert first.merged == (MergedRange(4, 1, 5, 1),)
    assert (first.hidden, second.hidden, second.name) == (False, True, "旧")


def test_formula_without_a_stored_value_is_told_apart_from_a_blank():
    def fill(workbook):
        sheet = workbook.active
        sheet.append(["姓名", "=1+1", "身份证"])

    content = book(fill)
    sheet = read_roster_bytes("a.xlsx", content).sheets[0]
    assert sheet.uncomputed == {(1, 2)}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.read("xl/worksheets/sheet1.xml")
    counted = rezipped(
        content,
        **{"xl/worksheets/sheet1.xml": part.replace(b"<v></v>", b"<v>2</v>").replace(b"<v />", b"<v>2</v>")},
    )
    sheet = read_roster_bytes("a.xlsx", counted).sheets[0]
    assert (sheet.uncomputed, sheet.cell(1, 2)) == (frozenset(), 2.0)


def test_dates_counted_from_1904_are_told():
    def fill(workbook):
        workbook.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        workbook.active.append([dt.date(2014, 5, 3)])

    sheet = read_roster_bytes("a.xlsx", book(fill)).sheets[0]
    assert sheet.serial_base_1904
    assert sheet.rows[0][0] == dt.date(2014, 5, 3)


def test_own_ledger_is_known_by_its_document_properties():
    def fill(workbook):
        workbook.active.append(HEADER)
        workbook.properties.subject = "shouwang-ledger-full"

    assert read_roster_bytes("a.xlsx", book(fill)).own_profile == "full"
    assert read_roster_bytes("a.xlsx", plain_book()).own_profile is None


def test_xls_gives_the_same_as_xlsx(tmp_path, reader):
    reader("soffice")

    def fill(workbook):
        sheet = workbook.active
        sheet.title = "三年级"
        sheet["B2"] = "花名册"
        sheet.merge_cells("B2:E2")
        for column, text in enumerate(HEADER, start=2):
            sheet.cell(4, column, text)
        for row in range(5, 400):  # long enough that the streams are no mini streams
            for column, value in enumerate([f"张三{row}", "男", 110105194912310021, 301], start=2):
                sheet.cell(row, column, value)
        sheet.row_dimensions[6].hidden = True
        sheet.column_dimensions["D"].hidden = True
        workbook.create_sheet("旧表").sheet_state = "hidden"

    path = tmp_path / "甲.xlsx"
    path.write_bytes(book(fill))
    xlsx, xls = read_roster(path), read_roster(to_xls(path, tmp_path))
    assert (xlsx.kind, xls.kind) == ("xlsx", "xls")
    for new, old in zip(xlsx.sheets, xls.sheets, strict=True):
        assert (new.name, new.hidden, new.first_row, new.first_column) == (
            old.name,
            old.hidden,
            old.first_row,
            old.first_column,
        )
        assert (new.hidden_rows, new.hidden_columns, new.merged) == (
            old.hidden_rows,
            old.hidden_columns,
            old.merged,
        )
        assert [[str(c).removesuffix(".0") for c in row] for row in new.rows] == [
            [str(c).removesuffix(".0") for c in row] for row in old.rows
        ]
    assert xls.sheets[0].hidden_rows == {6}
    assert xls.sheets[0].hidden_columns == {4}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_text_tables(encoding, separator):
    text = (
        "\r\n".join(separator.join(row) for row in (HEADER, CHILD, [], ["覃䶮𬭎", "男", '="0012"', ""]))
        + "\r\n"
    )
    roster = read_roster_bytes("一年级.csv", text.encode(encoding))
    sheet = roster.sheets[0]
    assert (roster.kind, sheet.name) == ("csv", "一年级")
    assert sheet.rows[:2] == [HEADER, CHILD]
    assert sheet.cell(4, 1) == "覃䶮𬭎"
    assert sheet.cell(4, 3) == "0012"


def test_a_record_over_several_lines_is_one_row():
    sheet = read_roster_bytes("a.csv", '姓名,电话\n张三,"138\n139"\n李四,137\n'.encode()).sheets[0]
    assert sheet.cell(2, 2) == "138\n139"
    assert sheet.cell(3, 1) == "李四"


@pytest.mark.parametrize("name", ["改名.xls", "改名.csv", "改名.et", "没有后缀"])
def test_a_workbook_under_a_wrong_name_is_read(name):
    assert read_roster_bytes(name, plain_book()).sheets[0].rows == [HEADER, CHILD]


# ---- what is refused ------------------------------------------------------------------------------------------------


HTML = "<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table><tr><td>姓名</td></tr></table></html>"
XML_2003 = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
)


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("a.xlsx", b"", "import.empty"),
        ("a.csv", b"", "import.empty"),
        ("a.csv", b"\xef\xbb\xbf \r\n", "import.empty"),
        ("a.xlsx", b"\0" * 4096, "import.half"),
        ("a.xls", HTML.encode(), "import.html"),
        ("a.xls", b"\xef\xbb\xbf\r\n" + HTML.encode(), "import.html"),
        ("a.xls", HTML.encode("gbk"), "import.html"),
        ("a.xls", b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "import.html"),
        ("a.xls", XML_2003.encode(), "import.xml"),
        ("a.xls", "姓名\t性别\n张三\t男\n".encode("gbk"), "import.text"),
        ("a.xlsx", "姓名,性别\n张三,男\n".encode("gbk"), "import.text"),
        ("a.xlsx", "姓名,性别\n张三,男\n".encode(), "import.text"),
        ("a.csv", HTML.encode(), "import.html"),
        ("a.xlsx", b"%PDF-1.7\n...", "import.not_a_workbook"),
        ("a.xlsx", b"\x89PNG\r\n\x1a\n....", "import.not_a_workbook"),
        ("a.xlsx", b"Rar!\x1a\x07\x01\x00", "import.not_a_workbook"),
        ("a.xls", b"\x09\x04\x06\x00\x00\x00\x10\x00", "import.other_format"),
        ("a.xlsx", bytes(range(1, 256)) * 8, "import.not_a_workbook"),
        ("a.xlsx", b"PK\x03\x04" + b"x" * 500, "import.half"),
        ("a.xlsx", b"PK\x05\x06" + b"\0" * 18, "import.empty"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 90, "import.half"),
    ],
)  # fmt: skip
def test_wrong_files_are_named_for_what_they_are(name, content, key):
    assert refused(name, content) == key


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def test_other_zips_are_named_too():
    assert refused("a.xlsx", zipped(**{"word/document.xml": b"<w/>"})) == "import.not_a_workbook"
    assert refused("a.xlsx", zipped(**{"照片.jpg": b"x"})) == "import.not_a_workbook"
    assert refused("a.xlsx", zipped(**{"xl/workbook.bin": b"x"})) == "import.other_format"
    ods = zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet")
    assert refused("a.ods", ods) == "import.other_format"


def test_passwords_are_named(tmp_path, reader):
    seven = reader("7z")
    (tmp_path / "xl").mkdir()
    (tmp_path / "xl" / "workbook.xml").write_text("<workbook/>", encoding="utf-8")
    subprocess.run(
        [seven, "a", "-tzip", "-pgeheim", "a.xlsx", "xl"], cwd=tmp_path, check=True, capture_output=True
    )
    with pytest.raises(UserError) as caught:
        read_roster(tmp_path / "a.xlsx")
    assert caught.value.key == "import.encrypted"


def compound_with(*streams: str) -> bytes:
    """Return a compound file with empty streams of these names."""
    entries = b""
    for number, name in enumerate(("Root Entry", *streams)):
        encoded = (name + "\0").encode("utf-16-le")
        entry = (
            encoded.ljust(64, b"\0") + len(encoded).to_bytes(2, "little") + bytes([5 if number == 0 else 2])
        )
        entries += entry.ljust(116, b"\0") + b"\xfe\xff\xff\xff" + b"\0" * 8
    directory = entries.ljust(1024, b"\0")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(24, b"\0") + b"\x3e\0\x03\0\xfe\xff\x09\0\x06\0"
    header = header.ljust(44, b"\0") + (1).to_bytes(4, "little") + (1).to_bytes(4, "little")
    header = header.ljust(56, b"\0") + (4096).to_bytes(4, "little") + b"\xfe\xff\xff\xff" + b"\0" * 4
    header = header.ljust(68, b"\0") + b"\xfe\xff\xff\xff" + b"\0" * 4 + (0).to_bytes(4, "little")
    header = header.ljust(512, b"\xff")
    fat = b"\xfd\xff\xff\xff" + (2).to_bytes(4, "little") + b"\xfe\xff\xff\xff"
    return header + fat.ljust(512, b"\xff") + directory


def test_an_encrypted_workbook_is_a_compound_file_with_a_package():
    assert refused("a.xlsx", compound_with("EncryptionInfo", "EncryptedPackage")) == "import.encrypted"
    assert refused("a.xls", compound_with("WordDocument")) == "import.not_a_workbook"


def test_missing_file_is_a_fault(tmp_path):
    with pytest.raises(EnvironmentFault) as caught:
        read_roster(tmp_path / "没有.xlsx")
    assert caught.value.key == "file.missing"


def test_half_a_file_never_reads_as_a_whole_one(tmp_path, reader):
    reader("soffice")
    path = tmp_path / "甲.xlsx"

    def fill(workbook):
        workbook.active.append(HEADER)
        for row in range(300):
            workbook.active.append([f"张三{row}", "男", "110105194912310021", "三（1）班"])

    path.write_bytes(book(fill))
    for whole in (path, to_xls(path, tmp_path)):
        content = whole.read_bytes()
        for part in range(1, 40):
            cut = content[: len(content) * part // 40]
            assert outcome(whole.name, cut) == "import.half", f"{len(cut)} of {len(content)} bytes"


PLAIN = plain_book()


@given(st.lists(st.tuples(st.integers(0, len(PLAIN) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_damaged_bytes_never_raise_anything_but_words(damage):
    content = bytearray(PLAIN)
    for place, byte in damage:
        content[place] = byte
    assert outcome("a.xlsx", bytes(content)).startswith(("read", "import."))


# ---- bombs ----------------------------------------------------------------------------------------------------------


def sheet_xml(rows: bytes) -> bytes:
    return (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<dimension ref="A1:XFD1048576"/><sheetData>' + rows + b"</sheetData></worksheet>"
    )


def with_sheet(rows: bytes) -> bytes:
    return rezipped(plain_book(), **{"xl/worksheets/sheet1.xml": sheet_xml(rows)})


def text_cell(reference: str, text: str) -> bytes:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


def test_a_part_out_of_proportion_is_refused_before_it_is_unpacked():
    bomb = rezipped(plain_book(), **{"xl/sharedStrings.xml": b"A" * 200_000_000})
    assert len(bomb) < 400_000
    begun = time.process_time()
    assert refused("a.xlsx", bomb) == "import.too_big"
    assert time.process_time() - begun < 2


def test_a_directory_that_lies_about_sizes_is_refused():
    bomb = bytearray(rezipped(plain_book(), **{"xl/sharedStrings.xml": b"A" * 5_000_000}))
    true_size = (5_000_000).to_bytes(4, "little")
    while (at := bomb.find(true_size)) >= 0:
        bomb[at : at + 4] = (900).to_bytes(4, "little")
    assert refused("a.xlsx", bytes(bomb)) in ("import.too_big", "import.half")


def test_too_many_rows_are_refused_before_they_are_read():
    rows = b"".join(
        b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (n, n, n * 7919) for n in range(1, 300_001)
    )
    bomb = with_sheet(rows)
    begun = time.process_time()
    assert refused("a.xlsx", bomb) == "import.too_big"
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("reference", ["XFD1048576", "XFD2", "A1048576", "GS3"])
def test_a_cell_far_out_asks_for_no_memory(reference):
    row = "".join(filter(str.isdigit, reference))
    content = with_sheet(
        b'<row r="1">' + text_cell("A1", "姓名") + text_cell("Z1", "性别") + b"</row>"
        b'<row r="%s">' % row.encode() + text_cell(reference, "x") + b"</row>"
    )  # fmt: skip
    assert refused("a.xlsx", content) == "import.too_big"


def test_a_million_formatted_blank_rows_are_fine():
    head = (
        b'<row r="1">'
        + b"".join(text_cell(f"{c}1", t) for c, t in zip("ABC", HEADER, strict=False))
        + b"</row>"
    )
    blank = b"".join(
        b'<row r="%d" ht="20"><c r="A%d" s="0"/><c r="B%d" s="0"/></row>' % (n, n, n)
        for n in range(2, 1_000_001)
    )
    sheet = read_roster_bytes("a.xlsx", with_sheet(head + blank)).sheets[0]
    assert sheet.rows == [HEADER[:3]]


def test_an_oversize_hidden_sheet_is_left_unread_and_named():
    content = book(
        lambda workbook: (workbook.active.append(HEADER), workbook.create_sheet("字典").append(["x"]))
    )
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, 25_000))
    content = rezipped(content, **{"xl/worksheets/sheet2.xml": sheet_xml(rows)})
    first, second = read_roster_bytes("a.xlsx", content).sheets
    assert first.rows == [HEADER]
    assert (second.rows, second.name) == ([], "字典")
    assert "20000" in second.unread


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_document_types_are_refused(part):
    content = plain_book()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read(part)
    evil = (
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        + xml[xml.find(b"?>") + 2 :]
    )
    assert refused("a.xlsx", rezipped(content, **{part: evil})) == "import.suspect"


def test_too_much_text_is_refused():
    assert refused("a.csv", ("姓名,性别\n" + "张三,男\n" * 20_001).encode()) == "import.too_big"
    assert refused("a.csv", ("x," * 201 + "x\n").encode()) == "import.too_big"
    assert refused("a.csv", ("姓名,备注\n张三," + "长" * 32_768).encode()) == "import.too_big"


# ---- addresses ------------------------------------------------------------------------------------------------------


@given(st.integers(1, 16_384))
def test_column_names_go_both_ways(column):
    assert column_number(column_letters(column)) == column


def test_addresses_are_excels():
    assert address(7, 2) == "B7"
    assert (column_letters(26), column_letters(27), column_letters(703)) == ("Z", "AA", "AAA")
    assert RosterSheet("空", []).last_row == 0
