"""What a sheet that comes back does not change by itself: it is a blank, or it is asked about."""

from __future__ import annotations

import pytest

from app.children.codes import CareKind
from app.children.queries import load_child
from app.children.roster.model import Resolution
from app.children.roster.parked import resolve_parked, waiting_rows
from app.children.service_facts import record_fact
from app.tasks.import_roster import import_roster
from tests.app.survey.class_sheet import DAY, said
from tests.app.survey.test_class_sheet_back import SIGNED
from tests.app.survey.test_since_print import NEW, another_phone
from tests.app.tasks.rosters import id_number, write_roster


@pytest.mark.parametrize("nothing", ["无", "/"])
def test_a_roster_of_others_that_names_who_checked_it_clears_nothing(store, child, tmp_path, nothing):
    """The head of our sheet asks for 无; in a list of the county a stroke fills every cell that has nothing to say."""
    before = load_child(store, child, DAY)
    columns = {
        "姓名": before.name,
        "公民身份号码": before.id_number,
        "现住址": nothing,
        "父亲电话": nothing,
        "父亲务工地": nothing,
        "监护人姓名": nothing,
        "性格特征": nothing,
        "备注": nothing,
        "核实日期": "2026-11-18",
        "核实人": "李国平",
    }
    path = write_roster(tmp_path / "县里的表.xlsx", list(columns.values()), header=list(columns))
    (row,) = import_roster(store, path).plan.rows
    assert said(row) == {}
    assert load_child(store, child, DAY) == before


def test_a_carer_named_no_more_beside_another_relation_is_asked_about(sheet):
    sheet.fill(监护人姓名="无", 与儿童关系="外婆", 监护人电话="13900001111", 监护情况评估="较差", **SIGNED)
    (row,) = sheet.back(dry_run=True).rows
    assert set(said(row)) == {"监护人"}
    asked = [mark.field for mark in row.marks if mark.code == "none_but_more"]
    assert asked == ["carer.relation", "carer.phone", "care.grade"]


def test_what_stands_beside_a_carer_named_no_more_as_it_was_printed_is_no_question(sheet):
    sheet.fill(监护人姓名="无", **SIGNED)
    (row,) = sheet.back(dry_run=True).rows
    assert "none_but_more" not in [mark.code for mark in row.marks]


def test_unguarded_is_heard_beside_a_carer_named_no_more(store, sheet, child):
    """A column that somebody has put in: what it says is worse than nobody known."""
    column = sheet.cells.max_column + 1
    sheet.cells.cell(3, column).value = "监护类型"
    sheet.cells.cell(4, column).value = "无人监护"
    sheet.fill(监护人姓名="无", 与儿童关系="", **SIGNED)
    (row,) = sheet.back().rows
    assert "unguarded" in [mark.code for mark in row.marks]
    assert load_child(store, child, DAY).care.kind is CareKind.UNGUARDED


def test_a_carer_entered_today_is_not_ended_in_silence(store, sheet, child):
    care = load_child(store, child, DAY).care
    record_fact(
        store,
        table="care",
        subject_uuid=child,
        values={"kind": CareKind.RELATIVES.value, "person_uuid": care.person.uuid, "grade": care.grade.value},
        since=DAY.isoformat(),
    )
    sheet.fill(监护人姓名="无", **SIGNED)
    (row,) = sheet.back().rows
    assert said(row).get("监护人") is None
    assert ("carer.name", "conflict") in [(mark.field, mark.code) for mark in row.marks]
    assert load_child(store, child, DAY).care.kind is CareKind.RELATIVES


def test_what_another_cell_put_into_the_remark_is_not_cleared_with_it(store, sheet, child):
    sheet.fill(备注="无", 父亲务工地="服刑", **SIGNED)
    sheet.fill(父亲外出时间="前两年", **SIGNED)
    sheet.back()
    assert "前两年" in (load_child(store, child, DAY).note or "")


def test_a_row_without_its_name_undoes_no_newer_work_when_it_is_decided_later(store, sheet, child):
    before = load_child(store, child, DAY)
    another_phone(store, child, NEW)
    sheet.fill(姓名="", 性格特征="外向", **SIGNED)
    sheet.back()
    (waiting,) = waiting_rows(store)
    fixes = {"child.name": before.name}
    resolve_parked(store, waiting.uuid, resolution=Resolution.ADDED, fixes=fixes)
    after = load_child(store, child, DAY)
    assert after.personality == "外向"
    assert [phone.number for phone in after.father.phones] == [NEW]


def test_a_row_that_may_be_another_childs_undoes_none_either(store, classes, sheet, child):
    another_phone(store, child, NEW)
    moved = {"school_class_uuid": classes["四（2）班"].uuid}
    record_fact(store, table="enrolment", subject_uuid=child, values=moved, since="2026-11-20")
    sheet.fill(姓名="龙小婷", 公民身份号码=id_number("20170309", 7), 学籍号="", 性格特征="外向", **SIGNED)
    sheet.back()
    (waiting,) = waiting_rows(store)
    resolve_parked(store, waiting.uuid, resolution=Resolution.SAME_PERSON, child_uuid=child)
    after = load_child(store, child, DAY)
    assert (after.personality, after.school_class.name) == ("外向", "四（2）班")
    assert [phone.number for phone in after.father.phones] == [NEW]
