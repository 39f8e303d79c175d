"""A class sheet comes back as a class teacher filled it in: with whom it is compared, its days, its 无, its order."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest
from msgspec.structs import replace

from app.children.codes import AwayState, CareGrade, CareKind
from app.children.drafts import ChildDraft
from app.children.queries import load_child
from app.children.roster.model import RowResult
from app.children.service import add_child, add_children
from app.children.service_facts import record_fact
from app.children.service_status import transfer_out
from app.survey.queries import open_survey, survey_progress
from app.tasks.import_roster import import_roster
from app.tasks.survey import export_collection
from app.workbook.collection_book import CHECKED_BY, CHECKED_ON, HEADER_ROW, SHEET
from tests.app.survey.class_sheet import DAY, ClassSheet, known_child, said
from tests.app.tasks.rosters import write_roster

SIGNED = {CHECKED_ON: "11.18", CHECKED_BY: "李国平"}


def another(store, name, class_uuid=None, **more):
    draft = ChildDraft(name=name, class_uuid=class_uuid, since="2025-09-01", **more)
    add_child(store, draft=draft)
    return draft.uuid


@pytest.fixture
def many(store, third, tmp_path):
    """Return the sheet of as many children as asked for, whom an import has nothing to add to, with their uuids."""

    def made(count):
        drafts = [known_child(place, third.uuid) for place in range(count)]
        add_children(store, drafts=drafts)
        ClassSheet(store, tmp_path, third.name).back_as_any_roster()  # the first one adds whom to call
        sheet = ClassSheet(store, tmp_path, third.name)
        by_name = {draft.name: draft.uuid for draft in drafts}
        names = [
            sheet.cells.cell(HEADER_ROW + place, sheet.heads["姓名"]).value for place in range(1, count + 1)
        ]
        return sheet, [by_name[name] for name in names]

    return made


# ---- with whom it is compared --------------------------------------------------------------------------------------


def test_a_class_sheet_is_compared_with_its_class_only(store, classes, third, child, tmp_path):
    another(store, "向阳", third.uuid)
    another(store, "覃龚", classes["四（2）班"].uuid)
    another(store, "蓝天")
    sheet = ClassSheet(store, tmp_path, third.name)
    sheet.cells.delete_rows(HEADER_ROW + 2)
    plan = sheet.back(dry_run=True)
    assert plan.compared_with == "三（1）班"
    assert len(plan.missing) == 1
    assert "三（1）班有 1 名在册儿童不在表里，没有动" in plan.told()


def test_a_sheet_of_children_without_a_class_is_compared_with_those(store, classes, child, tmp_path):
    another(store, "蓝天")
    another(store, "黄河")
    for made in export_collection(store, tmp_path).sheets:
        if made.class_name == "没有班级":
            book = openpyxl.load_workbook(made.path)
            book[SHEET].delete_rows(HEADER_ROW + 1)
            book.save(made.path)
            plan = import_roster(store, made.path, dry_run=True).plan
            assert plan.compared_with == "没有编班的儿童"
            assert len(plan.missing) == 1


@pytest.mark.parametrize(
    ("in_class", "compared", "missing"),
    [
        (("三（1）班", "三（1）班"), "三（1）班", ["向阳"]),
        (("三（1）班", "四（2）班"), "", ["向阳", "蓝天"]),
        (("", ""), "", ["向阳", "蓝天"]),
    ],
)
def test_any_other_roster_by_the_class_of_all_its_rows(
    store, classes, third, tmp_path, in_class, compared, missing
):
    another(store, "向阳", third.uuid)
    another(store, "蓝天", classes["四（2）班"].uuid)
    rows = [[name, "女", text] for name, text in zip(("甲", "乙"), in_class, strict=True)]
    path = write_roster(tmp_path / "名册.xlsx", *rows, header=["姓名", "性别", "班级"])
    plan = import_roster(store, path, dry_run=True).plan
    assert (plan.compared_with, [one.name for one in plan.missing]) == (compared, missing)


def test_who_left_the_class_since_it_was_printed_is_told_and_not_brought_back(store, classes, sheet, child):
    fourth = classes["四（2）班"]
    record_fact(
        store,
        table="enrolment",
        subject_uuid=child,
        values={"school_class_uuid": fourth.uuid},
        since="2026-11-19",
    )
    plan = sheet.back()
    assert plan.strays == (("已离开这个班", "龙婷零，2026-11-19 起在四（2）班；班级不会改"),)
    assert load_child(store, child, DAY).school_class.name == "四（2）班"


def test_who_left_the_school_since_it_was_printed_does_not_return_by_it(store, sheet, child):
    transfer_out(store, child_uuid=child, on="2026-11-19")
    plan = sheet.back()
    assert plan.strays == (("已离开这个班", "龙婷零，2026-11-19 已退出台账；班级不会改"),)
    after = load_child(store, child, DAY)
    assert (after.registration, after.school_class) == (None, None)


def test_a_child_of_another_class_on_the_sheet_is_told(store, classes, third, child, tmp_path):
    number = "110105201703080048"
    uuid = another(store, "覃龚", classes["四（2）班"].uuid, id_number=number)
    sheet = ClassSheet(store, tmp_path, third.name)
    sheet.fill(1, 姓名="覃龚", 公民身份号码=number)
    assert sheet.back().strays == (("别班的", "覃龚，台账里在四（2）班；写入后改到三（1）班"),)
    assert load_child(store, uuid, DAY).school_class.name == "三（1）班"


# ---- its days ------------------------------------------------------------------------------------------------------


DAYS = {
    "11.18": "2026-11-18",
    "11月18日": "2026-11-18",
    "11月18": "2026-11-18",
    "11-18": "2026-11-18",
    "11/8": "2026-11-08",
    "1118": "2026-11-18",
    "十一月十八日": "2026-11-18",
    11.18: "2026-11-18",
    "11.21": "2026-11-21",
    "2026.11.18": "2026-11-18",
    date(2026, 11, 18): "2026-11-18",
    "√": "2026-11-21",
}
NO_DAYS = {
    "上周三": "看不出是哪一天",
    "18日": "看不出是哪一天",
    "2.30": "看不出是哪一天",
    "2026年11月": "看不出是哪一天",
    "2026-12-01": "晚于这份表的日期 2026-11-21",
    11.1: "可能是 11 月 1 日，也可能是 11 月 10 日",
}


def test_a_day_without_its_year_is_the_latest_such_day(many):
    sheet, _ = many(len(DAYS))
    for place, written in enumerate(DAYS):
        sheet.fill(place, **{CHECKED_ON: written, CHECKED_BY: "李国平"})
    plan = sheet.back(dry_run=True)
    read = {written: row.checked for written, row in zip(DAYS, plan.rows, strict=True)}
    assert read == {written: (day, "李国平") for written, day in DAYS.items()}
    assert plan.marked == 0
    assert plan.rows[0].check_written == "11.18"
    assert any("没有写年份" in words and "11月18日 读作 2026-11-18" in words for words in plan.told())


def test_a_day_that_cannot_be_read_is_a_question_and_not_today(store, many):
    sheet, _ = many(len(NO_DAYS))
    for place, written in enumerate(NO_DAYS):
        sheet.fill(place, **{CHECKED_ON: written, CHECKED_BY: "李国平"})
    plan = sheet.back()
    assert {row.checked for row in plan.rows} == {None}
    for row, why in zip(plan.rows, NO_DAYS.values(), strict=True):
        assert [why in mark.reason for mark in row.marks] == [True]
    assert (plan.checked, survey_progress(store, open_survey(store).uuid).done) == (0, 0)


def test_a_day_without_a_year_that_is_still_to_come_is_asked_about_and_not_a_year_ago(sheet):
    sheet.fill(**{CHECKED_ON: "12.1"})
    (row,) = sheet.back(dry_run=True).rows
    assert row.checked is None
    assert [mark.code for mark in row.marks] == ["check_day"]
    assert "今年的这一天还没到" in row.marks[0].reason


def test_a_day_before_the_round_began_makes_nobody_checked_in_it(store, sheet):
    sheet.fill(**{CHECKED_ON: "2026-10-18", CHECKED_BY: "李国平"})
    plan = sheet.back()
    assert (plan.checked, survey_progress(store, open_survey(store).uuid).done) == (0, 0)
    assert plan.notes[0] == (
        "1 名的核实日期在这次摸底开始（2026-11-01）以前，没有记成已核实：龙婷零；写错了日子的，请改好这一格"
    )


@pytest.mark.parametrize("words", ["在家了", "回来了", "已回家"])
def test_who_has_come_back_is_at_home(store, sheet, child, words):
    sheet.fill(父亲外出情况=words, 父亲务工地="无", **SIGNED)
    plan = sheet.back()
    away = load_child(store, child, DAY).father.away
    assert (away.state, away.place) == ("home", None)
    assert plan.marked == 0


@pytest.mark.parametrize("words", ["死亡", "去世"])
def test_a_parent_who_died_is_dead_and_not_away(store, sheet, child, words):
    sheet.fill(父亲外出情况=words, 父亲务工地="无", **SIGNED)
    assert sheet.back().marked == 0
    father = load_child(store, child, DAY).father
    assert father.gone


def test_where_it_is_not_clear_who_is_away_the_place_stays(store, sheet, child):
    sheet.fill(父亲外出情况="说不好", 父亲务工地="无", **SIGNED)
    assert [mark.code for row in sheet.back().rows for mark in row.marks] == ["value_unknown"]
    assert load_child(store, child, DAY).father.away_place == "福建晋江"


# ---- its 无 ---------------------------------------------------------------------------------------------------------


CLEARS = {
    "父亲电话": ("父亲电话", lambda child: child.father.phones, ()),
    "母亲电话": ("母亲电话", lambda child: child.mother.phones, ()),
    "监护人电话": ("监护人电话", lambda child: child.care.person.phones, ()),
    "父亲务工地": (
        "父亲务工地",
        lambda child: (child.father.away.state, child.father.away.place),
        ("out", None),
    ),
    "母亲务工地": (
        "母亲务工地",
        lambda child: (child.mother.away.state, child.mother.away.place),
        ("out", None),
    ),
    "现住址": (
        "现住址",
        lambda child: (child.residence.village, child.residence.address),
        ("白水沟村", None),
    ),
    "村": ("村", lambda child: (child.residence.village, child.residence.village_group), (None, "3 组")),
    "组": ("组", lambda child: (child.residence.village, child.residence.village_group), ("白水沟村", None)),
    "监护人姓名": ("监护人", lambda child: child.care, None),
    "性格特征": ("性格特征", lambda child: child.personality, None),
    "兴趣爱好": ("兴趣爱好", lambda child: child.hobbies, None),
    "备注": ("备注", lambda child: child.note, None),
    "是否寄宿": ("寄宿", lambda child: child.boards, False),
}
STAYS = (
    "性别",
    "民族",
    "出生日期",
    "公民身份号码",
    "学籍号",
    "班级",
    "健康状况",
    "父亲姓名",
    "父亲外出情况",
    "父亲外出时间",
    "母亲姓名",
    "母亲外出情况",
    "母亲外出时间",
    "与儿童关系",
    "监护情况评估",
)


def test_no_more_is_stored_where_the_head_of_the_sheet_promises_it(store, many):
    sheet, uuids = many(len(CLEARS))
    for place, header in enumerate(CLEARS):
        sheet.fill(place, **{header: "无"}, **SIGNED)
    rows = sheet.back().rows
    for uuid, row, (label, read, after) in zip(uuids, rows, CLEARS.values(), strict=True):
        assert set(said(row)) == {label}
        assert (label, read(load_child(store, uuid, DAY))) == (label, after)


def test_elsewhere_it_changes_nothing_and_says_so(store, many):
    sheet, uuids = many(len(STAYS))
    before = [load_child(store, uuid, DAY) for uuid in uuids]
    for place, header in enumerate(STAYS):
        sheet.fill(place, **{header: "无"}, **SIGNED)
    rows = sheet.back().rows
    assert [said(row) for row in rows] == [{}] * len(STAYS)
    told = {header: [mark.reason for mark in row.marks] for header, row in zip(STAYS, rows, strict=True)}
    assert [header for header, reasons in told.items() if "不改台账" not in "".join(reasons)] == []
    assert [replace(load_child(store, uuid, DAY), doubts=()) for uuid in uuids] == before


def test_in_a_row_that_was_not_checked_it_is_a_blank(store, many):
    blanks = [header for header in CLEARS if header != "是否寄宿"]
    sheet, uuids = many(len(blanks))
    before = [load_child(store, uuid, DAY) for uuid in uuids]
    for place, header in enumerate(blanks):
        sheet.fill(place, **{header: "无"})
    rows = sheet.back().rows
    assert [
        header for header, row in zip(blanks, rows, strict=True) if row.result is not RowResult.UNCHANGED
    ] == []
    assert [replace(load_child(store, uuid, DAY), doubts=()) for uuid in uuids] == before


def test_every_column_is_in_one_of_the_two(sheet):
    own = {"序号", "姓名", CHECKED_ON, CHECKED_BY, "台账编号"}
    assert own | set(CLEARS) | set(STAYS) == set(sheet.heads)


# ---- what was changed ----------------------------------------------------------------------------------------------


def test_another_carer_is_told_by_name_first(store, sheet, child):
    sheet.fill(监护人姓名="龙德全", 与儿童关系="爷爷", 监护人电话="13900001111", **SIGNED)
    (row,) = sheet.back().rows
    first = row.changes[0]
    assert (first.label, first.before, first.after) == ("监护人", "田秀莲零（奶奶）", "龙德全（爷爷）")
    assert row.reason == "监护人：田秀莲零（奶奶） → 龙德全（爷爷）"
    assert list(said(row)) == ["监护人", "监护人电话"]
    assert load_child(store, child, DAY).care.person.name == "龙德全"


def test_another_relation_of_the_same_carer_names_the_carer(sheet):
    sheet.fill(与儿童关系="外祖母", **SIGNED)
    (row,) = sheet.back(dry_run=True).rows
    assert row.changes[0].label.startswith("田秀莲")


def test_who_came_home_needs_no_second_cell(store, sheet, child):
    """The place is still printed beside it: it is the old one."""
    sheet.fill(母亲外出情况="在家", **SIGNED)
    (row,) = sheet.back().rows
    assert (said(row), row.marks) == ({"母亲外出情况": ("外出", "在家")}, ())
    away = load_child(store, child, DAY).mother.away
    assert (away.state, away.place) == (AwayState.HOME, None)


def test_an_assessment_without_a_carer_is_no_remark(store, third, tmp_path):
    uuid = another(store, "向阳", third.uuid, care_kind=CareKind.GRANDPARENTS, care_grade=CareGrade.GOOD)
    another(store, "蓝天", third.uuid)
    sheet = ClassSheet(store, tmp_path, third.name)
    place = [sheet.cells.cell(HEADER_ROW + line, sheet.heads["姓名"]).value for line in (1, 2)].index("蓝天")
    sheet.fill(place, 监护情况评估="较好", **SIGNED)
    rows = {row.name: row for row in sheet.back().rows}
    assert (rows["向阳"].result, rows["蓝天"].result) == (RowResult.UNCHANGED, RowResult.UNCHANGED)
    assert [mark.code for mark in rows["蓝天"].marks] == ["grade_without_carer"]
    assert load_child(store, uuid, DAY).note is None


def test_a_remark_put_right_takes_the_place_of_the_old_one(store, sheet, child):
    sheet.fill(备注="奶奶腿好了", **SIGNED)
    sheet.back()
    assert load_child(store, child, DAY).note == "奶奶腿好了"


def test_sorted_anew_with_another_heading_colours_and_a_sum_below(store, third, child, tmp_path):
    others = [another(store, name, third.uuid) for name in ("向阳", "覃龚")]
    sheet = ClassSheet(store, tmp_path, third.name)
    sheet.back()  # the first one adds whom to call
    rows = [[cell.value for cell in line] for line in sheet.cells.iter_rows(min_row=HEADER_ROW + 1)]
    for place, values in enumerate(reversed(rows), start=HEADER_ROW + 1):
        for column, value in enumerate(values, start=1):
            sheet.cells.cell(place, column).value = value
        sheet.fill(place - HEADER_ROW - 1, **SIGNED)
    sheet.cells.cell(HEADER_ROW, sheet.heads["父亲电话"]).value = "父亲手机号码"
    last = HEADER_ROW + len(rows)
    sheet.cells.merge_cells(
        start_row=HEADER_ROW + 1,
        end_row=last,
        start_column=sheet.heads[CHECKED_BY],
        end_column=sheet.heads[CHECKED_BY],
    )
    sheet.cells.cell(last + 1, 1).value = "合计"
    sheet.cells.cell(last + 1, 2).value = 3
    plan = sheet.back()
    assert {row.result for row in plan.rows} == {RowResult.UNCHANGED}
    assert (plan.checked, plan.missing, plan.strays) == (3, (), ())
    assert not [note for note in plan.notes if "没有认出" in note or "隐藏" in note]
    assert survey_progress(store, open_survey(store).uuid).done == 1 + len(others)
