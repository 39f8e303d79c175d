"""Care from the command line, as somebody who knows only the manual would try to break it: nothing is said that is not so."""

from __future__ import annotations

import shutil
from datetime import date, timedelta

import openpyxl
import pytest

from tests.app.command_line import TODAY, run

LATER = (date.fromisoformat(TODAY) + timedelta(days=400)).isoformat()


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    path = tmp_path_factory.mktemp("数 据") / "学校.db"
    assert run("demo", path, "--children", 20, "--years", 0).code == 0
    return path


@pytest.fixture
def ledger(demo, tmp_path):
    return shutil.copy(demo, tmp_path / "学校.db")


@pytest.fixture(scope="module")
def child(demo):
    known = run("children", demo, "--json").value
    return next(one for one in known if one["birth_date"] and len(one["birth_date"]) == 10 and one["class"])


def table(path, *rows, name="谈心记录"):
    book = openpyxl.Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_rows_that_wait_already_are_not_called_known_records(ledger, child, tmp_path):
    file = table(
        tmp_path / "a.xlsx",
        ["姓名", "班级", "日期", "内容"],
        [child["name"], child["class"], "2026-10-12", "说了作业"],
        ["没有这人", child["class"], "2026-10-13", "说了作业"],
    )
    assert run("import-diary", ledger, file, "--json").value["known"] == 0
    again = run("import-diary", ledger, file, "--json").value
    assert (again["new"], again["known"]) == (0, 1)
    assert ["已在待处理里" in one["reason"] for one in again["parked"]] == [True]
    waiting = run("import-diary", ledger, file)
    assert "新增 0，已有 1，待处理 1" in waiting.err


def test_a_record_before_the_childs_birth_waits(ledger, child, tmp_path):
    before = f"{int(child['birth_date'][:4]) - 1}-05-06"
    file = table(
        tmp_path / "a.xlsx",
        ["姓名", "班级", "日期", "内容"],
        [child["name"], child["class"], before, "说了作业"],
    )
    done = run("import-diary", ledger, file, "--json").value
    assert done["new"] == 0
    assert [(one["code"], "出生" in one["reason"]) for one in done["parked"]] == [("bad_date", True)]


def test_a_second_column_of_days_is_not_dropped(ledger, child, tmp_path):
    file = table(
        tmp_path / "a.xlsx",
        ["姓名", "日期", "日期", "时间", "内容"],
        [child["name"], "2026-10-16", "2026-10-17", "14:30", "说了作业"],
    )
    assert run("import-diary", ledger, file, "--json").value["new"] == 1
    out = tmp_path / "出"
    out.mkdir()
    assert run("export-registers", ledger, out, "--from", "2026-10-16", "--to", "2026-10-16").code == 0
    book = openpyxl.load_workbook(next(out.glob("关爱记录登记册*.xlsx")))
    told = [str(cell.value) for row in book["谈心登记"].iter_rows() for cell in row if cell.value]
    assert any("说了作业" in text and "2026-10-17" in text and "14:30" not in text for text in told)
    assert any("2026-10-16" in text and "14:30" in text for text in told)


def test_a_workbook_of_counselling_is_told_from_one_without_a_table(ledger, child, tmp_path):
    file = table(
        tmp_path / "a.xlsx",
        ["姓名", "班级", "日期", "内容"],
        [child["name"], child["class"], "2026-10-12", "心事"],
        name="心理辅导记录",
    )
    done = run("import-diary", ledger, file)
    assert done.code == 1
    assert "心理" in done.err
    assert "没有找到记录表" not in done.err


def collected(ledger, folder, days):
    """Return a sheet that came back: its first rows filled in with (核实日期, 核实人)."""
    folder.mkdir()
    sheet = run("export-collection", ledger, folder, "--json").value["sheets"]
    path = max(sheet, key=lambda one: one["children"])["path"]
    book = openpyxl.load_workbook(path)
    page = book.active
    head = next(row for row in page.iter_rows() if any(cell.value == "核实日期" for cell in row))
    day = next(cell.column for cell in head if cell.value == "核实日期")
    who = next(cell.column for cell in head if cell.value == "核实人")
    for place, (on, by) in enumerate(days, start=head[0].row + 1):
        page.cell(place, day).value = on
        page.cell(place, who).value = by
    book.save(folder / "交回.xlsx")
    return folder / "交回.xlsx"


def test_a_sheet_that_came_back_says_how_many_children_it_checks(ledger, tmp_path):
    file = collected(ledger, tmp_path / "表", [(TODAY, "周老师")])
    assert "核实 1 名" in run("import-roster", ledger, file, "--dry-run").err
    assert "核实 1 名" in run("import-roster", ledger, file).err


def test_a_child_marked_as_not_checked_is_not_checked(ledger, tmp_path):
    file = collected(ledger, tmp_path / "表", [("否", "周老师")])
    assert "核实" not in run("import-roster", ledger, file).err.replace("「摸底核实」", "")


def test_a_check_in_the_future_is_pointed_out(ledger, tmp_path):
    file = collected(ledger, tmp_path / "表", [(LATER, "周老师")])
    marked = run("import-roster", ledger, file, "--json").value["marked"]
    assert [(one["column"], LATER in one["reason"]) for one in marked] == [("核实日期", True)]


def test_a_check_on_a_day_that_cannot_be_read_does_not_count_and_a_tick_is_today(ledger, tmp_path):
    file = collected(ledger, tmp_path / "表", [("2026-11-31", "周老师"), ("√", "周老师"), (None, "周老师")])
    done = run("import-roster", ledger, file, "--json")
    assert [(one["row"], "2026-11-31" in one["reason"]) for one in done.value["marked"]] == [(4, True)]
    assert "核实 2 名" in done.err


def test_an_empty_dropout_ledger_counts_nothing(tmp_path):
    school = tmp_path / "空.db"
    assert run("init", school, "--school", "空校").code == 0
    made = run("export-registers", school, tmp_path, "--from", "2026-09-01", "--json").value
    assert {one["records"] for one in made} == {0}


def test_no_ledger_is_signed_for_a_day_that_has_not_come(ledger, tmp_path):
    done = run("export-registers", ledger, tmp_path, "--from", "2026-11-01", "--to", LATER)
    book = openpyxl.load_workbook(next(tmp_path.glob("控辍保学台账*.xlsx")))
    months = [row[0].value for row in book["月报"].iter_rows(min_row=4) if row[0].value]
    assert f"截至 {TODAY}" in book["适龄儿童"]["A2"].value
    assert {one for one in months if one.startswith("20")} == {"2026-11"}
    assert LATER in done.err
    assert run("export-registers", ledger, tmp_path, "--from", LATER, "--to", LATER).code == 1
    assert "还没有到" in run("export-registers", ledger, tmp_path, "--from", LATER).err


def test_a_school_without_children_has_nobody_looked_after(tmp_path):
    school = tmp_path / "空.db"
    assert run("init", school, "--school", "空校").code == 0
    done = run("pairings", school, "--suggest")
    assert "每名儿童都有人带" not in done.err
    assert "没有登记在册的儿童" in done.err
