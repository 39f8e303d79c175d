"""The care teacher's first day, from an empty computer to the stick; and the morning the file is damaged."""

from __future__ import annotations

import shutil
import subprocess

from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.children.queries import load_facts
from app.school.codes import HandoverKind
from app.school.handover import handovers
from app.storage.backups import Reason, list_backups
from app.storage.data_place import ledger_path
from app.storage.stick import READY
from app.storage.store import Store
from tests.stories.messy import CHILDREN, SCHOOL, write_messy
from tests.ui.pages.importing.conftest import type_chinese

PASSPHRASE = "青石坪的桂花开了2026"
ON_LEDGER = len({name for name, *_ in CHILDREN})


def facts_in(path, clock):
    """The ledger as it lies on the disk, by name."""
    with Store.open(path, clock=clock, read_only=True) as store:
        return {child.name: child for child in load_facts(store, clock.today(), only_registered=True)}


def text_of(pdf, pdftotext):
    done = subprocess.run([pdftotext, "-layout", str(pdf), "-"], capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def opens(seven, copy, passphrase):
    done = subprocess.run([seven, "t", f"-p{passphrase}", str(copy)], check=False, capture_output=True)
    return done.returncode == 0


def cells_of(path):
    book = load_workbook(path)
    return {str(cell.value) for sheet in book for line in sheet.iter_rows() for cell in line if cell.value}


# ---- the first day ------------------------------------------------------------------------------------------------


def test_from_an_empty_computer_to_the_stick(start, teacher, stick, clock, tmp_path, reader, qtbot):
    pdftotext, seven = reader("pdftotext"), reader("7z")
    program = start()
    teacher.founds(program, tmp_path)
    window = program.sitting.window

    # The roster she has: what is doubtful waits, what is destroyed is not guessed.
    page = teacher.imports(program, write_messy(tmp_path / "花名册.xlsx"))
    assert f"新增 {ON_LEDGER} 名" in teacher.reads(page.done)
    assert "1 行留在待处理清单里" in teacher.reads(page.done)
    teacher.waits(lambda: len(list_backups(tmp_path / "backups")) == 2)
    kept = [(one.reason, one.children) for one in list_backups(tmp_path / "backups")]
    assert sorted(kept) == [(Reason.BEFORE_IMPORT, 0), (Reason.TIMER, ON_LEDGER)], (
        "and one of who came in at once"
    )
    teacher.waits(lambda: f"{ON_LEDGER} 名儿童" in window.status._backup.words.text())

    # Every child is there.
    page.done.ledger_pressed.emit()
    teacher.settles(program)
    ledger = window.current_page()
    assert {row.name for row in ledger.table.rows} == {name for name, *_ in CHILDREN}
    assert f"在册 {ON_LEDGER} 名儿童" in teacher.reads(ledger.header)

    # Found by the initials.
    qtbot.keyClicks(ledger.header.search, "zx")
    teacher.waits(lambda: len(ledger.table.rows) < ON_LEDGER)
    assert {row.name for row in ledger.table.rows} == {"曾小雨", "邹星宇", "周子轩"}
    qtbot.keyClicks(ledger.header.search, "y")
    teacher.waits(lambda: len(ledger.table.rows) == 2)

    # A child's file: the address is corrected, saved on leaving, and taken back.
    zou = next(row for row in ledger.table.rows if row.name == "邹星宇")
    ledger.table.set_current(zou.uuid)
    QTest.keyClick(ledger.table, Qt.Key.Key_Return)
    teacher.settles(program)
    child = window.current_page()
    assert child.shown_uuid == zou.uuid
    assert window.windowTitle() == f"守望　{SCHOOL}"
    name = child.personal.field("name")
    type_chinese(name, "邹星宇宇")
    teacher.settles(program)
    assert facts_in(program.path, clock).keys() >= {"邹星宇宇"}
    window._undo_last()
    teacher.settles(program)
    assert name.text() == "邹星宇"
    assert "邹星宇宇" not in facts_in(program.path, clock)
    father = child.parents.card(facts_in(program.path, clock)["邹星宇"].father.uuid)
    type_chinese(father.field("name"), "邹建国")
    teacher.settles(program)
    assert facts_in(program.path, clock)["邹星宇"].father.name == "邹建国"

    # The ledger as Excel, whole numbers, with the reason.
    window.back()
    teacher.settles(program)
    ledger.header.search.clear()
    teacher.waits(lambda: len(ledger.table.rows) == ON_LEDGER)
    teacher.presses(ledger, "导出 Excel…")
    panel = program.dialogs.panels[-1]
    panel.full.setChecked(True)
    assert not panel.buttons["export"].isEnabled(), "whole numbers only with a reason"
    panel.reason.setText("镇民政办要的全量表")
    book = tmp_path / "台账.xlsx"
    program.dialogs.files.append(book)
    panel.buttons["export"].click()
    teacher.settles(program)
    told = cells_of(book)
    assert {name for name, *_ in CHILDREN} <= told
    assert CHILDREN[0][2] in told, "an ID number is text, all eighteen places"
    assert "邹建国" in told
    assert not any("E+17" in words or "511325201803010" in words for words in told), "nothing was guessed"

    # One archive sheet on paper.
    ledger.table.set_ticked([zou.uuid])
    ledger.print_files()
    printing = window.current_page()
    teacher.waits(lambda: printing.preview.shown is not None and printing._printed is not None)
    paper = tmp_path / "一人一档.pdf"
    program.dialogs.files.append(paper)
    teacher.presses(printing, "另存为 PDF")
    program.dialogs.gives_reason("交镇民政办")
    teacher.settles(program)
    printed = text_of(paper, pdftotext)
    assert "邹星宇" in printed
    assert "邹建国" in printed
    assert "曾小雨" not in printed

    # The stick, under a passphrase, before she may pull it.
    safety = teacher.goes_to(program, "safety", part="stick")
    safety.stick.passphrase.first.setText(PASSPHRASE)
    safety.stick.passphrase.second.setText(PASSPHRASE)
    teacher.waits(safety.stick.begin.isEnabled)
    safety.stick.begin.click()
    teacher.waits(lambda: bool(safety.stick.outcome.words) and not program.jobs.busy)
    assert safety.stick.outcome.words[0].startswith(f"已拷好，读回核对一致：{ON_LEDGER} 名儿童")
    assert safety.stick.outcome.words[-1] == READY
    (copy,) = stick.path.glob("*.7z")
    assert opens(seven, copy, PASSPHRASE)
    assert not opens(seven, copy, "不是这个口令")

    # Closing makes the backup; the next start shows the same.
    with_name = facts_in(program.path, clock)
    teacher.closes(program)
    backups = list_backups(tmp_path / "backups")
    assert all(backup.verified for backup in backups)
    assert backups[0].children == ON_LEDGER
    again = start()
    teacher.sits(again)
    assert again.path == ledger_path(tmp_path / "data")
    ledger = teacher.goes_to(again, "ledger")
    assert {row.name for row in ledger.table.rows} == with_name.keys()
    assert facts_in(again.path, clock) == with_name
    teacher.closes(again)
    assert len(list_backups(tmp_path / "backups")) == len(backups), "nothing changed, no second backup"
    with Store.open(again.path, clock=clock, read_only=True) as store:
        kinds = {entry.kind for entry in handovers(store)}
        reasons = {entry.reason for entry in handovers(store)}
    assert {HandoverKind.PDF, HandoverKind.STICK} <= kinds
    assert "镇民政办要的全量表" in reasons


# ---- the morning the file is damaged --------------------------------------------------------------------------------


def test_a_damaged_file_is_brought_back_from_its_backup(start, teacher, clock, tmp_path):
    program = start()
    teacher.founds(program, tmp_path)
    teacher.imports(program, write_messy(tmp_path / "花名册.xlsx"))
    teacher.closes(program)
    path = ledger_path(tmp_path / "data")
    before = facts_in(path, clock)
    broken = bytearray(path.read_bytes())
    broken[4096 : 4096 * 6] = bytes(4096 * 5)
    path.write_bytes(broken)

    again = start()
    teacher.waits(lambda: again.start_window is not None)
    screen = again.start_window.screen_shown
    assert screen.problem.key == "corrupt"
    assert screen.head.text() == "数据文件损坏，打不开"
    assert screen.first.hasFocus() or not screen.first.isActiveWindow()
    behind = []
    asks = again.dialogs.ask
    again.dialogs.ask = lambda *given: (
        behind.append(again.start_window.screen_shown.progress.isVisible()),
        asks(*given),
    )
    teacher.presses(screen, "恢复这一份")
    again.dialogs.panels[-1].buttons["restore"].click()
    teacher.sits(again)
    assert behind == [False], "nothing says 正在恢复 behind the sentence that it is done"

    question, lines, _verbs = again.dialogs.asked[-1]
    assert f"{ON_LEDGER} 名" in " ".join((question, *lines))
    ledger = teacher.goes_to(again, "ledger")
    assert {row.name for row in ledger.table.rows} == before.keys()
    assert facts_in(path, clock) == before
    kept = [one for one in path.parent.iterdir() if one.is_file() and one.read_bytes() == bytes(broken)]
    assert kept, "what was there before stays beside it"
    shutil.rmtree(tmp_path / "backups")
    assert facts_in(path, clock) == before, "the ledger stands by itself"
