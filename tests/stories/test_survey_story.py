"""摸底核实 from beginning to end: a round is begun, the sheets go out, one comes back filled, the counts follow, it is undone."""

from __future__ import annotations

from datetime import datetime

import openpyxl

from app.core.clock import FixedClock
from app.survey.queries import open_survey, survey_progress
from app.tasks.demo import make_demo
from app.workbook.collection_book import CHECKED_BY, CHECKED_ON, HEADER_ROW, SHEET
from ui.pages.importing.page import CHECK, DONE, FILE


def sign(path, day):
    """The head teacher signs every row but the last."""
    book = openpyxl.load_workbook(path)
    sheet = book[SHEET]
    heads = {cell.value: cell.column for cell in sheet[HEADER_ROW]}
    rows = [row for row in range(HEADER_ROW + 1, sheet.max_row + 1) if sheet.cell(row, heads["姓名"]).value]
    for row in rows[:-1]:
        sheet.cell(row, heads[CHECKED_ON]).value = day
        sheet.cell(row, heads[CHECKED_BY]).value = "李国平"
    book.save(path)
    return len(rows) - 1


def test_a_round_goes_out_comes_back_through_the_import_and_is_taken_back(start, teacher, tmp_path):
    path = tmp_path / "data" / "守望.db"
    path.parent.mkdir()
    make_demo(path, clock=FixedClock(datetime(2026, 11, 17, 9, 0)), children=14)
    path.with_name("守望.db.lock").unlink(missing_ok=True)
    folder = tmp_path / "核实表"
    folder.mkdir()
    program = start(path)
    teacher.sits(program)
    window = program.sitting.window

    ledger = teacher.goes_to(program, "ledger")
    teacher.presses(ledger, "摸底核实")
    teacher.settles(program)
    page = window.current_page()
    page.ask_begin()
    program.dialogs.panels[-1].buttons["save"].click()
    teacher.settles(program)
    assert page.header.fact == "已核实 0 名，共 14 名"

    program.dialogs.choices.append("all")
    program.dialogs.folders.append(folder)
    teacher.presses(page, "发核实表…")
    teacher.settles(program)
    assert "去导入" in [button.text() for button in page.sending.bar.findChildren(type(page.send))]
    sheets = sorted(folder.glob("*.xlsx"), key=lambda sheet: sheet.stat().st_size)
    day = teacher.clock.today().isoformat()  # of the round that began today
    signed = sign(sheets[-1], day)
    assert signed > 0

    # What comes back is read like any roster; nobody is entered twice.
    teacher.presses(page, "去导入")
    teacher.settles(program)
    importing = window.current_page()
    program.dialogs.files.append(sheets[-1])
    teacher.presses(importing, "选文件")
    teacher.settles(program)
    assert importing.step == FILE
    importing.file.next.click()
    importing.columns.next.click()
    teacher.settles(program)
    assert importing.step == CHECK
    importing.check.write.click()
    teacher.settles(program)
    assert importing.step == DONE

    page = teacher.goes_to(program, "survey")
    assert page.header.fact == f"已核实 {signed} 名，共 14 名"
    page.open_with(part="done")
    row = page.table.rows[0]
    page.table.opened.emit(row)
    teacher.settles(program)
    child = window.current_page()
    assert f"已核实 {day} 李国平" in child.personal.standing.checked.text()

    window._undo_last()
    teacher.settles(program)
    assert teacher.goes_to(program, "survey").header.fact == "已核实 0 名，共 14 名"
    done = []
    program.sitting.context.read(_checked, on_done=done.append)
    teacher.waits(lambda: bool(done))
    assert done == [(14, 0)]
    teacher.closes(program)


def _checked(store):
    progress = survey_progress(store, open_survey(store).uuid)
    return len(progress.children), progress.done
