"""R32, R33 in the real window: files that are no rosters, rosters that are wrong, rosters made to burst the program."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from datetime import date

from openpyxl import Workbook, load_workbook

from app.core.messages import FAULTS
from tests.app.tasks.rosters import id_number
from tests.app.workbook.test_roster_reader import HTML, XML_2003, compound_with, plain_book, sheet_xml
from tests.conftest import ROOT
from ui.pages.importing.page import CHECK, FILE

MOST_SECONDS = 2
MOST_MEMORY_MB = 300

# What is given, and what is said of it: the table of R32 in reliability.md and the probes of its section 2.
WRONG = (
    ("空.xlsx", b"", "import.empty"),
    ("改名.xlsx", "姓名,性别\n张三,男\n".encode("gbk"), "import.text"),
    ("网页.xls", HTML.encode("gbk"), "import.html"),
    ("老网页.xlsx", HTML.encode(), "import.html"),
    ("标记.xls", XML_2003.encode(), "import.xml"),
    ("只有一半.xlsx", plain_book()[:1500], "import.half"),
    ("别的.xlsx", b"%PDF-1.7\n...", "import.not_a_workbook"),
    ("有密码.xlsx", compound_with("EncryptionInfo", "EncryptedPackage"), "import.encrypted"),
    ("文档.xls", compound_with("WordDocument"), "import.not_a_workbook"),
    ("没有表头.csv", b"1,2\n3,4\n", "import.no_header"),
    ("太长的一格.csv", ("姓名,性别,备注\n张三,男," + "长" * 40_000).encode(), "import.too_big"),
)


def test_r32_what_is_no_roster_is_named_and_nothing_is_taken_in(row, desk, tmp_path):
    before = desk.children()
    page = desk.goes_to("importing")
    for name, content, key in WRONG:
        row.round(injected=1)
        (tmp_path / name).write_bytes(content)
        page.start_over()
        page.open_file(tmp_path / name)
        desk.settles()
        said = desk.reads(page.file)
        for part in (FAULTS[key].what, FAULTS[key].safe, FAULTS[key].todo):
            if not all(piece in said for piece in pieces(part)):
                row.wrong(f"{name}: {part} is not said")
        if name not in said:
            row.wrong(f"{name}: the file is not named")
        if page.step != FILE or page.session is not None:
            row.broken(f"{name}: it goes on")
    if desk.told:
        row.wrong(f"said besides: {desk.told}")
    assert desk.children() == before


def pieces(words):
    """What of a sentence stands between its places for values."""
    found = "\0".join(part.partition("}")[2] if at else part for at, part in enumerate(words.split("{")))
    return [piece for piece in found.split("\0") if piece]


BIRTHS = (
    "2015-03-12",
    date(2015, 3, 12),
    42075,
    "2015.3.12",
    "2015年3月12日",
    "２０１５．３．１２",
    "20150312",
)
NAMES = "甲乙丙丁戊己庚"


def write_bad_roster(path):
    """Titles, a header of two rows with merged cells, hidden rows, dates in every style, destroyed numbers, formulas."""
    book = Workbook()
    sheet = book.active
    sheet.append(["青石坪镇中心小学花名册"])
    sheet.append(["序号", "姓名", "性别", "出生日期", "身份证号", "班级", "父亲", "", "备注"])
    sheet.append(["", "", "", "", "", "", "姓名", "电话", ""])
    for area in ("A1:I1", "G2:H2", *(f"{letter}2:{letter}3" for letter in "ABCDEFI")):
        sheet.merge_cells(area)
    for number, birth in enumerate(BIRTHS):
        sheet.append(
            [number, f"牟{NAMES[number]}", "女", birth, "", "三（1）班", "牟大", "１３９００００１２３４", ""]
        )
    sheet.append([8, "牟农历", "女", "2015年农历三月十二", "", "三（1）班", "", "", ""])
    sheet.append([9, "牟失真", "女", "", 5.11325201503120e17, "三（1）班", "", "", ""])
    sheet.append([10, "牟文失真", "女", "", "5.11E+17", "三（1）班", "", "", ""])
    sheet.append([11, "=B99", "女", "", id_number("20150312", 31), "三（1）班", "", "", ""])
    sheet.append([12, "", "女", "", id_number("20150312", 32), "三（1）班", "", "", ""])
    sheet.append([13, "牟藏起", "女", "2015-03-12", "", "三（1）班", "", "", ""])
    sheet.row_dimensions[sheet.max_row].hidden = True
    book.save(path)
    return path


def test_r32_a_bad_roster_goes_in_row_by_row_with_reasons(row, desk, tmp_path):
    before = set(desk.names())
    page = desk.goes_to("importing")
    page.open_file(write_bad_roster(tmp_path / "花名册.xlsx"))
    desk.settles()
    assert "藏" in desk.reads(page.file) or "隐藏" in desk.reads(page.file), "hidden rows are named"
    page.file.next.click()
    page.columns.next.click()
    desk.settles()
    assert page.step == CHECK
    plan = page.planned.plan
    row.round(injected=len(plan.rows))
    waiting = {parked.row for parked in plan.rows if parked.result.value == "parked"}
    if waiting != {14, 15}:
        row.wrong(f"the rows that wait are {waiting}, not the two without a name")

    # The rows that wait, with their reasons in the last columns and where they stood.
    desk.program.dialogs.files.append(tmp_path / "待处理.xlsx")
    page.check.export.click()
    desk.settles()
    head, *lines = load_workbook(tmp_path / "待处理.xlsx").active.iter_rows(values_only=True)
    if head[-3:] != ("待处理原因", "原表", "原行"):
        row.wrong("the reason does not stand in the last columns")
    if [(bool(line[-3]), line[-1]) for line in lines] != [(True, "14"), (True, "15")]:
        row.wrong("a row does not say why it waits or where it stood")

    # Stopping in the middle of writing leaves nothing.
    page.write()
    page._stop()
    desk.settles()
    if set(desk.names()) not in (before, before | {f"牟{name}" for name in NAMES}):
        row.broken("half of the file was taken in")
    if page.step == CHECK:
        page.check.write.click()
        desk.settles()
    children = {child.name: child for child in desk.children()}
    for name in NAMES:
        if children[f"牟{name}"].birth_date != "2015-03-12":
            row.lost(
                f"a date written as {BIRTHS[NAMES.index(name)]!r} became {children[f'牟{name}'].birth_date}"
            )
        if [phone.number for phone in children[f"牟{name}"].father.phones] != ["13900001234"]:
            row.lost("a number in wide digits")
    if children["牟农历"].birth_date is not None:
        row.broken("a lunar date was guessed")
    for name in ("牟失真", "牟文失真"):
        doubts = [doubt.reason for doubt in children[name].doubts if doubt.field == "id_number"]
        if children[name].id_number is not None:
            row.broken("a destroyed number was guessed")
        if not any("失真" in reason for reason in doubts):
            row.wrong(f"a destroyed number is not called one: {doubts}")
    if desk.told:
        row.wrong(f"said besides: {desk.told}")


def blown_up(path, part, write):
    """Write a workbook one of whose parts is written piece by piece."""
    with (
        zipfile.ZipFile(io.BytesIO(plain_book())) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        with new.open(part, "w") as file:
            write(file)
    return path


def many_rows(count, cell):
    def write(file):
        head, tail = sheet_xml(b"\0").split(b"\0")
        file.write(head)
        for start in range(1, count + 1, 5000):
            last = min(start + 5000, count + 1)
            file.write(
                b"".join(
                    b'<row r="%d">%s</row>' % (n, cell.replace(b"#", b"%d" % n)) for n in range(start, last)
                )
            )
        file.write(tail)

    return write


def shared_strings(file):
    for _ in range(200):
        file.write(b"A" * 1_000_000)


EVIL = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet>&x;</worksheet>'
)
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
SHEET = "xl/worksheets/sheet1.xml"
BOMBS = (
    ("大字典.xlsx", "xl/sharedStrings.xml", shared_strings, "import.too_big"),
    ("三十万行.xlsx", SHEET, many_rows(300_000, b'<c r="A#"><v>#</v></c>'), "import.too_big"),
    ("最后一格.xlsx", SHEET, many_rows(1, b'<c r="XFD1048576"><v>1</v></c>'), "import.too_big"),
    ("外部实体.xlsx", SHEET, lambda file: file.write(EVIL), "import.suspect"),
    ("连环实体.xlsx", SHEET, lambda file: file.write(LAUGHS), "import.suspect"),
)


def test_r33_a_bomb_is_stopped_before_it_bursts(row, folders, tmp_path):
    paths = [blown_up(tmp_path / name, part, write) for name, part, write, _ in BOMBS]
    paths.append(tmp_path / "三万行.csv")
    paths[-1].write_text("姓名,性别,班级\n" + "张三,男,三（1）班\n" * 30_000, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.window.bombs", str(folders[0]), *map(str, paths)],
        check=False,
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    expected = [*(key for *_, key in BOMBS), "import.too_big"]
    assert len(told) == len(expected)
    for path, key, found in zip(paths, expected, told, strict=True):
        row.round(injected=1)
        said = " ".join(found["said"])
        if found["read"] or not all(piece in said for piece in pieces(FAULTS[key].what)):
            row.wrong(f"{path.name}: said {said[:80]}")
        if found["seconds"] > MOST_SECONDS:
            row.broken(f"{path.name}: {found['seconds']:.1f} s of work")
        if found["memory"] > MOST_MEMORY_MB:
            row.broken(f"{path.name}: {found['memory']:.0f} MB held")
        if not found["alive"]:
            row.broken(f"{path.name}: the window did not answer while it was read")
