"""R34–R37 in the real window: formulas, huge texts, odd characters, search signs — and the files that leave with them."""

from __future__ import annotations

import csv
import subprocess

from openpyxl import Workbook, load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.children.service import change_field
from tests.app.tasks.rosters import id_number
from tests.faults.window.keys import pastes
from tests.ui.pages.importing.conftest import type_chinese
from ui.pages.child.texts import Measures
from ui.widgets import QuietField

FORMULAS = ("=cmd|' /C calc'!A0", "+8613812345678", "-2+3", "@SUM(1+1)", "=1+1", "\t=1+1", "＝1+1")
DANGEROUS = ("=", "+", "-", "@")


def exported(desk, path):
    """Export the whole ledger with whole numbers, as she does; return the workbook."""
    page = desk.goes_to("ledger")
    desk.presses(page, "导出 Excel…")
    desk.panel.full.setChecked(True)
    desk.panel.reason.setText("核对")
    desk.program.dialogs.files.append(path)
    desk.panel.buttons["export"].click()
    desk.settles()
    return load_workbook(path)


def printed(desk, uuid, path):
    """Print one child's sheet to a PDF, as she does."""
    desk.window.open_page("printing", uuids=(uuid,))
    desk.settles()
    page = desk.page
    desk.teacher.waits(lambda: page.preview.shown is not None and page._printed is not None)
    desk.program.dialogs.files.append(path)
    desk.presses(page, "另存为 PDF")
    desk.program.dialogs.gives_reason()
    desk.settles()
    return path


def text_of(pdf, pdftotext):
    done = subprocess.run([pdftotext, "-layout", str(pdf), "-"], capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def holds_whole(cells, text):
    """Tell whether the cells, put together in some order, hold the text from its beginning to its end."""
    pieces = [cell for cell in set(cells) if cell in text]
    done = 0
    while done < len(text):
        fitting = [piece for piece in pieces if text.startswith(piece, done)]
        if not fitting:
            return False
        done += max(map(len, fitting))
    return True


def squeezed(text):
    """The text without what a page break or a line break adds."""
    return "".join(text.split())


# ---- R34 ------------------------------------------------------------------------------------------------------------


def test_r34_what_looks_like_a_formula_is_text_in_and_out(row, desk, tmp_path, reader):
    soffice = reader("soffice")
    book = Workbook()
    sheet = book.active
    sheet.append(["姓名", "性别", "身份证号", "备注", "家庭住址"])
    for number, words in enumerate(FORMULAS):
        sheet.append(["", "女", id_number("20170911", 40 + number), "", ""])
        for column, text in ((1, f"曾{'甲乙丙丁戊己庚'[number]}"), (4, words), (5, words)):
            cell = sheet.cell(sheet.max_row, column)
            cell.value, cell.data_type = text, "s"
    book.save(tmp_path / "花名册.xlsx")
    page = desk.goes_to("importing")
    page.open_file(tmp_path / "花名册.xlsx")
    desk.settles()
    page.file.next.click()
    page.columns.next.click()
    desk.settles()
    page.check.write.click()
    desk.settles()
    stored = {child.name: child.note for child in desk.children() if child.name.startswith("曾")}
    for number, words in enumerate(FORMULAS):
        row.round(injected=1)
        name = f"曾{'甲乙丙丁戊己庚'[number]}"
        if stored[name] not in (words, words.strip()):
            row.broken(f"{words!r} was taken in as {stored[name]!r}")

    out = tmp_path / "台账.xlsx"
    book = exported(desk, out)
    for sheet in book:
        for line in sheet.iter_rows():
            for cell in line:
                if cell.data_type == "f":
                    row.broken(f"{cell.coordinate} of a sheet is a formula")
                elif str(cell.value).startswith(DANGEROUS) and cell.number_format != "@":
                    # A cell of the kind text stays text when somebody edits it in WPS.
                    row.broken(f"{cell.coordinate} becomes a formula when somebody edits it")
    # Every sheet as a text file of its own, each cell as LibreOffice shows it.
    kind = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    profile = f"-env:UserInstallation=file://{tmp_path}/lo"
    command = [
        soffice,
        "--headless",
        profile,
        "--convert-to",
        kind,
        "--outdir",
        str(tmp_path / "csv"),
        str(out),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    shown = set()
    for path in (tmp_path / "csv").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            shown |= {cell for line in csv.reader(file) for cell in line}
    for words in stored.values():
        if words is not None and not any(words in cell for cell in shown):
            row.broken(f"LibreOffice does not show {words!r}")


# ---- R35 ------------------------------------------------------------------------------------------------------------

MEGABYTE = "孩子放学后帮奶奶喂猪，作业在灶台上写。" * 55_000
LONG = "".join(f"第{number}次家访，奶奶说孩子夜里咳嗽。" for number in range(2800))


def test_r35_a_paste_of_a_megabyte_is_refused_in_words_and_never_cut(row, desk):
    page = desk.opens_child("曾小雨")
    uuid = page.shown_uuid
    fields = {name: page.personal.field(name) for name in ("name", "address")}
    fields["care_measures"] = page.findChild(Measures)._rows.fields["care_measures"]
    for column, field in fields.items():
        row.round(injected=1)
        before = desk.asks(_child_text, uuid, column)
        field.setFocus()
        field.selectAll()
        pastes(field, MEGABYTE)
        held = field.text() if isinstance(field, QuietField) else field.toPlainText()
        field.leave()
        desk.settles()
        if f"有 {len(MEGABYTE)} 个字，这里最多存" not in desk.reads(page):
            row.wrong(f"{column}: the limit and the length are not told")
        if held != MEGABYTE:
            row.broken(f"{column}: {len(held)} of {len(MEGABYTE)} characters are left, silently")
        if desk.asks(_child_text, uuid, column) != before:
            row.broken(f"{column}: something of it was stored")
        if page.may_leave():
            row.broken(f"{column}: the page can be left, and the text is gone")
        desk.program.dialogs.choices.append("drop")  # a long text is not thrown away unasked
        QTest.keyClick(field, Qt.Key.Key_Escape)
        if field.is_pending or "这里最多存" in desk.reads(page):
            row.broken(f"{column}: Esc does not bring back what is stored")


def test_r35_fifty_thousand_characters_leave_whole(row, desk, tmp_path, reader):
    assert len(LONG) > 45_000
    desk.context.write(change_field, uuid=desk.uuid_of("曾小雨"), field="care_measures", value=LONG)
    desk.context.write(change_field, uuid=desk.uuid_of("曾小雨"), field="note", value=LONG)
    desk.settles()
    row.round(injected=2, acked=2)
    if desk.asks(_child_text, desk.uuid_of("曾小雨"), "care_measures") != LONG:
        row.lost("a text of 50,000 characters")
    page = desk.opens_child("曾小雨")
    assert page.sections[7]._rows.fields["care_measures"].toPlainText() == LONG
    book = exported(desk, tmp_path / "台账.xlsx")
    cells = [str(c.value) for sheet in book for line in sheet.iter_rows() for c in line if c.value]
    if not holds_whole(cells, LONG):
        row.lost("a long text is not whole in the workbook")
    paper = squeezed(
        text_of(printed(desk, desk.uuid_of("曾小雨"), tmp_path / "档案.pdf"), reader("pdftotext"))
    )
    missing = [number for number in range(2800) if f"第{number}次家访" not in paper]
    if missing:
        row.lost(f"{len(missing)} sentences of a long text are not on paper, first {missing[:3]}")


def _child_text(store, uuid, column):
    if column == "address":
        found = store.one(
            "SELECT address FROM residence WHERE deleted_at IS NULL AND valid_to IS NULL"
            " AND child_id = (SELECT id FROM child WHERE uuid = ?)",
            (uuid,),
        )
    else:
        found = store.one(f"SELECT {column} FROM child WHERE uuid = ?", (uuid,))
    return None if found is None else found[0]


# ---- R36 ------------------------------------------------------------------------------------------------------------

# What is pasted → what is stored: what cannot be seen goes, what can be seen stays as it is.
ODD = (
    ("覃\x00\x07小\x1b雨", "覃小雨"),
    ("覃\u202e小\u200b雨\u2066", "覃小雨"),
    ("\ufeff覃小雨", "覃小雨"),
    ("Jose\u0301", "José"),
    ("𬱖𬭎䶮", "𬱖𬭎䶮"),
    ("阿依·吐尔逊", "阿依·吐尔逊"),
    ("覃\u3000小　雨", "覃小雨"),
)


def test_r36_odd_characters_are_stored_as_they_are_read(row, desk, tmp_path, reader):
    pdftotext, pdffonts = reader("pdftotext"), reader("pdffonts")
    uuid = desk.uuid_of("曾小雨")
    for given, meant in ODD:
        row.round(injected=1, acked=1)
        desk.window.open_child(uuid)
        desk.settles()
        field = desk.page.personal.field("name")
        field.setFocus()
        field.selectAll()
        pastes(field, given)
        field.leave()
        desk.settles()
        if desk.asks(_child_text, uuid, "name") != meant:
            row.lost(f"pasted {given!r} is stored as something else: {field.text()!r}")
        if desk.told:
            row.wrong(f"{given!r}: said {desk.told}")
        ledger = desk.goes_to("ledger")
        type_chinese_search(ledger, meant)
        if [one.uuid for one in ledger.table.rows] != [uuid]:
            row.broken(f"{meant!r} is not found by typing it")
        ledger.header.search.clear()
        pdf = printed(desk, uuid, tmp_path / f"档案{row.rounds}.pdf")
        if squeezed(meant) not in squeezed(text_of(pdf, pdftotext)):
            row.broken(f"{meant!r} is not on paper")
        fonts = subprocess.run([pdffonts, str(pdf)], capture_output=True, check=True, text=True).stdout
        if any(line.split()[-5] != "yes" for line in fonts.splitlines()[2:]):
            row.broken("a font is not embedded")


def type_chinese_search(page, text):
    """Type into the search field as the input method does."""
    search = page.header.search
    search.setFocus()
    search.selectAll()
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(search, event)


def test_r36_a_sign_no_font_has_is_told_at_the_preview(row, desk, tmp_path):
    page = desk.opens_child("曾小雨")
    row.round(injected=1)
    type_chinese(page.personal.field("name"), "曾\U00030729雨😀")
    desk.settles()
    printed(desk, page.shown_uuid, tmp_path / "档案.pdf")
    if not any("印不出来" in words for words in desk.banners()):
        row.wrong("a sign that paper cannot show is not told")


# ---- R37 ------------------------------------------------------------------------------------------------------------

SIGNS = ("%", "_", "'", '"', ";", "--", "\\", "*", "?", "[", "(", "' OR 1=1 --", "^.*$")


def test_r37_signs_of_a_query_are_only_signs(row, desk):
    page = desk.goes_to("ledger")
    everybody = len(page.table.rows)
    for signs in SIGNS:
        row.round(injected=1)
        page.header.search.clear()
        QTest.keyClicks(page.header.search, signs)
        if page.table.rows:
            row.broken(f"{signs!r} finds {len(page.table.rows)} children")
    page.header.search.clear()
    assert len(page.table.rows) == everybody
    uuid = desk.uuid_of("曾小雨")
    for signs in SIGNS:
        row.round(injected=1, acked=1)
        desk.context.write(change_field, uuid=uuid, field="name", value=f"曾{signs}雨")
        desk.settles()
        type_chinese_search(page, f"曾{signs.split()[0]}")
        if [one.uuid for one in page.table.rows] != [uuid]:
            row.broken(f"a name with {signs!r} in it is not found by it")
    if desk.told:
        row.wrong(f"said {desk.told}")
