"""Two lists side by side on one sheet are two tables; the columns of two parents are not."""

from datetime import date

import pytest

from app.children.roster.sheet import RosterFile, RosterSheet
from app.children.roster.sheets import sheet_notes, survey_sheets
from app.children.roster.side_by_side import name_in_file, tables_of
from tests.app.tasks.rosters import id_number

HEAD = ["序号", "姓名", "性别", "班级"]


def sheet(*rows, **more):
    return RosterSheet("三年级", [list(row) for row in rows], **more)


def read(found):
    """Return table → its children's names with the addresses of their cells, through the whole survey."""
    mappings = survey_sheets(RosterFile("名册.xlsx", b"", "", "xlsx", (found,), None))
    return {
        mapping.sheet.name: [
            (cells["child.name"][0].text, cells["child.name"][0].address)
            for _, cells, _ in mapping.found.rows
        ]
        for mapping in mappings
        if mapping.selected
    }


@pytest.mark.parametrize("gap", [[], [""], ["", ""]])
def test_each_table_keeps_the_addresses_that_excel_shows(gap):
    found = sheet(
        ["三（1）班名单"],
        [*HEAD, *gap, *HEAD],
        [1, "王强", "男", "三（1）班", *gap, 3, "李娜", "女", "三（1）班"],
        [2, "陈晨", "男", "三（1）班", *gap, "", "", "", ""],
        first_row=2,
    )
    right = "FGH"[len(gap)]
    assert read(found) == {
        "三年级（第 1 栏）": [("王强", "B4"), ("陈晨", "B5")],
        "三年级（第 2 栏）": [("李娜", f"{right}4")],
    }


def test_three_tables_and_the_title_of_all_of_them():
    rows = [["三（1）班名单"], ["姓名", "班级"] * 3, ["王强", "三1", "李娜", "三1", "陈晨", "三1"]]
    found = [table for table, _ in tables_of(sheet(*rows))]
    assert [table.name for table in found] == [f"三年级（第 {number} 栏）" for number in (1, 2, 3)]
    assert [table.rows[0][0] for table in found] == ["三（1）班名单"] * 3
    assert {name_in_file(table.name) for table in found} == {"三年级"}
    assert [len(children) for children in read(sheet(*rows)).values()] == [1, 1, 1]


@pytest.mark.parametrize(
    "header",
    [
        ["姓名", "性别", "班级", "姓名", "电话"],
        ["姓名", "性别", "班级", "父亲姓名", "母亲姓名"],
        ["姓名", "性别", "班级", "姓名", "性别", "班级", "与学生关系"],
        ["姓名", "性别", "班级", "监护人", "性别", "班级"],
    ],
)
def test_what_does_not_come_back_as_it_was_is_one_table(header):
    one = sheet(header, ["王强", "男", "三（1）班", "李娜", "女", "三（2）班", ""])
    assert [table for table, _ in tables_of(one)] == [one]


def test_the_total_of_both_is_not_held_against_one_of_them():
    found = sheet([*HEAD, *HEAD], [1, "王强", "男", "", 2, "李娜", "女", ""], ["合计", "2人"])
    mappings = survey_sheets(RosterFile("名册.xlsx", b"", "", "xlsx", (found,), None))
    assert [mapping.found.stated_total for mapping in mappings] == [None, None]


def surveyed(*rows):
    return survey_sheets(RosterFile("名册.xlsx", b"", "", "xlsx", (sheet(*rows),), None))


def test_a_further_column_belongs_to_the_table_it_stands_behind():
    left, right = surveyed([*HEAD, *HEAD, "备注"], [1, "王强", "男", "", 2, "李娜", "女", "", "走读"])
    assert (left.selected, right.selected) == (True, True)
    assert "child.note" not in left.found.rows[0][1]
    assert right.found.rows[0][1]["child.note"][0].text == "走读"


@pytest.mark.parametrize(
    ("head", "left", "right"),
    [
        (["姓名", "年龄"], ["王强", "9"], ["李娜", "39岁"]),
        (["姓名", "电话"], ["王强", ""], ["李娜", "13800000000"]),
        (["序号", "姓名", "电话"], [1, "王强", ""], [1, "李娜", "13800000000"]),
        (["姓名", "性别"], ["王强", "男"], ["李娜", "女"]),
        (["姓名", "性别", "班级"], ["王强", "男", "三（1）班"], ["李娜", "女", ""]),
        (["姓名", "性别", "班级", "年龄"], ["王强", "男", "三1", 9], ["李娜", "女", "三1", 39]),
        (["姓名", "性别", "出生日期"], ["王强", "男", "2017-03-02"], ["李娜", "女", "1988.5.6"]),
        (["姓名", "性别", "出生日期"], ["王强", "男", ""], ["李娜", "女", "1988.5.6"]),
    ],
)
def test_a_second_list_that_may_be_of_parents_is_not_read_and_that_is_said(head, left, right):
    first, second = surveyed(head * 2, [*left, *right])
    assert (first.selected, second.selected) == (True, False)
    (note,) = sheet_notes(second)
    assert "没有读" in note
    assert "勾上" in note


@pytest.mark.parametrize(
    ("head", "left", "right"),
    [
        (["姓名", "年龄"], ["王强", "9"], ["李娜", "10岁"]),
        (["姓名", "出生日期"], ["王强", "2017-03-02"], ["李娜", "2011.5.6"]),
        (["序号", "姓名", "性别"], [1, "王强", "男"], [2, "李娜", "女"]),
    ],
)
def test_a_second_list_of_pupils_is_read(head, left, right):
    assert [mapping.selected for mapping in surveyed(head * 2, [*left, *right])] == [True, True]


GROWN_UP, PUPIL = id_number("19850520"), id_number("20170520")


@pytest.mark.parametrize(
    ("head", "rows", "read"),
    [
        (["姓名", "性别", "身份证号"], [["李娜", "女", GROWN_UP], ["王大", "男", GROWN_UP]], False),
        (
            ["姓名", "性别", "班级", "年龄"],
            [["李娜", "女", "三（1）班", 39], ["王大", "男", "三（1）班", 41]],
            False,
        ),
        (["姓名", "性别", "出生日期"], [["李娜", "女", "1988-05-06"], ["王大", "男", "1985年3月"]], False),
        (["姓名", "性别", "身份证号"], [["李娜", "女", PUPIL], ["王大", "男", GROWN_UP]], True),
        (["姓名", "性别", "班级"], [["李娜", "女", "三（1）班"], ["王大", "男", "三（1）班"]], True),
        # Whose age it is stands in the head, or is whose name stands before it.
        (["姓名", "班级", "监护人", "年龄"], [["李娜", "三（1）班", "李强", 62]], True),
        (["姓名", "班级", "家长姓名", "家长年龄"], [["李娜", "三（1）班", "李强", 41]], True),
        (["姓名", "年龄", "监护人", "监护人年龄"], [["李娜", 9, "李强", 41]], True),
        (["姓名", "身份证号", "年龄"], [["李娜", PUPIL, 62]], True),
        (["姓名", "性别", "年龄", "配偶年龄"], [["李娜", "女", 39, 41]], False),
    ],
)
def test_a_list_of_grown_ups_by_itself_is_not_read_unasked(head, rows, read):
    roster = RosterFile("名册.xlsx", b"", "", "xlsx", (sheet(head, *(rows * 4)[:4]),), None)
    (one,) = survey_sheets(roster, today=date(2026, 11, 21))
    assert one.selected is read
    assert read or "多半是大人" in sheet_notes(one)[0]


def test_a_parents_number_in_the_line_of_a_child_is_marked_there_and_the_list_is_read():
    rows = sheet(["姓名", "性别", "身份证号"], ["李娜", "女", GROWN_UP], ["王强", "男", GROWN_UP])
    roster = RosterFile("名册.xlsx", b"", "", "xlsx", (rows,), None)
    assert survey_sheets(roster, today=date(2026, 11, 21))[0].selected


def test_a_title_of_its_own_that_speaks_of_parents_is_heeded():
    rows = [
        ["三（1）班学生", "", "", "", "家长名单"],
        [*HEAD, *HEAD],
        [1, "王强", "男", "", 1, "李娜", "女", ""],
    ]
    assert [mapping.selected for mapping in surveyed(*rows)] == [True, False]


def test_a_second_list_under_another_header_is_told_in_the_preview():
    (one,) = surveyed(["姓名", "性别", "班级", "姓名", "性别"], ["王强", "男", "三1", "李娜", "女"])
    assert any("右边还有一份名单（D 列" in note for note in sheet_notes(one))
