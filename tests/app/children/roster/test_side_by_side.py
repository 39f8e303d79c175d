"""Two lists side by side on one sheet are two tables; the columns of two parents are not."""

import pytest

from app.children.roster.sheet import RosterFile, RosterSheet
from app.children.roster.sheets import survey_sheets
from app.children.roster.side_by_side import name_in_file, tables_of

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
    rows = [["三（1）班名单"], ["姓名", "性别"] * 3, ["王强", "男", "李娜", "女", "陈晨", "男"]]
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
        ["姓名", "性别", "班级", "姓名", "性别", "班级", "备注"],
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
