"""The day that a roster gives itself, and what its signs mean: read around the table, never out of the children's rows."""

from datetime import date

import pytest

from app.children.roster.sheet import RosterFile, RosterSheet
from app.children.roster.sheets import survey_sheets
from app.children.roster.stated_day import propose_day, sign_legends

TODAY = date(2026, 11, 21)
HEADER = ["姓名", "性别", "班级", "出生日期"]
CHILD = ["王强", "男", "三（1）班", "2017-05-20"]


def proposed(*head, foot=(), sheet="花名册", name="名册.xlsx"):
    """Return what is proposed for one sheet with these lines above and below its table."""
    rows = [[line] if isinstance(line, str) else list(line) for line in head]
    rows += [HEADER, CHILD, ["李娜", "女", "三（1）班", "2017-06-01"], *[[line] for line in foot]]
    roster = RosterFile(name, b"", "", "xlsx", (RosterSheet(sheet, rows),), None)
    return propose_day(roster, survey_sheets(roster), TODAY)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("青石坪小学留守儿童花名册（2026年9月）", "2026-09-30"),
        ("青石坪小学留守儿童花名册（2026年11月）", "2026-11-21"),
        ("填报日期：2026.9.30", "2026-09-30"),
        ("学校：青石坪小学   填表时间：2026年10月8日   填表人：周敏", "2026-10-08"),
        ("截至2026/9/30", "2026-09-30"),
        ("二〇二六年九月三十日", "2026-09-30"),
        ("留守儿童花名册20260930", "2026-09-30"),
        ("2026年9.30 留守儿童花名册", "2026-09-30"),
        ("联系电话 82345678 填报日期 20260930", "2026-09-30"),
    ],
)
def test_a_day_above_the_table_is_proposed_with_where_it_stood(line, day):
    found = proposed(line)
    assert found.day.isoformat() == day
    assert "「花名册」的标题写着「" in found.said


@pytest.mark.parametrize(
    "line",
    [
        "2025-2026学年度留守儿童花名册",
        "2026年秋季留守儿童花名册",
        "根据国发〔2016〕13号文件 2016年2月4日",
        "2026.9.1—2027.1.15 学期",
        "2026年9-10月留守儿童花名册",
        "2026年9月—10月",
        "请于2026年9月30日之前报",
        "2010年9月1日以后出生",
        "2026年12小学留守儿童花名册",
        "联系电话 20261231",
        "填表人：周敏  手机号：20260930",
    ],
)
def test_a_year_a_term_a_law_or_a_deadline_is_no_day_of_the_data(line):
    found = proposed(line)
    assert (found.day, found.said) == (TODAY, "")


def test_a_day_to_come_and_one_long_ago_are_said_and_not_taken():
    ahead, old = proposed("花名册（2027年9月）"), proposed("花名册（2019年9月）")
    assert (ahead.day, old.day) == (TODAY, TODAY)
    assert "还没有到，先用今天" in ahead.said
    assert "过去一年多了，先用今天" in old.said


def test_a_labelled_day_at_the_foot_goes_before_the_month_of_the_title():
    found = proposed("花名册（2026年9月）", foot=["填表人：周敏    填报日期：2026年10月9日"])
    assert found.day == date(2026, 10, 9)
    assert "的表尾写着「2026年10月9日」" in found.said


def test_a_cell_that_is_a_date_beside_its_label():
    assert proposed(["填报日期：", date(2026, 9, 30)]).day == date(2026, 9, 30)


def test_the_names_of_sheet_and_file_are_looked_at_last():
    assert proposed(sheet="2026.9").said.startswith("表名写着「2026.9」，没有写哪一日，按月底算")
    assert proposed(name="名册20260930.xlsx").said.startswith("文件名写着「20260930」")


def test_birthdays_of_the_children_are_no_day_of_the_data():
    assert proposed("留守儿童花名册").said == ""


def test_of_several_sheets_the_latest_day_counts_and_one_that_is_not_read_does_not():
    sheets = [
        RosterSheet(name, [[f"花名册（2026年{month}月）"], HEADER, CHILD])
        for name, month in (("三年级", 9), ("四年级", 10))
    ]
    roster = RosterFile("名册.xlsx", b"", "", "xlsx", tuple(sheets), None)
    mappings = survey_sheets(roster)
    assert propose_day(roster, mappings, TODAY).day == date(2026, 10, 31)
    assert propose_day(roster, mappings[:1], TODAY).day == date(2026, 9, 30)


def test_a_sign_is_explained_by_the_line_that_names_it():
    rows = [["花名册"], HEADER, ["王强*", "男", "三（1）班", ""], ["注：带*的是单亲家庭"], ["填表人：周敏"]]
    roster = RosterFile("名册.xlsx", b"", "", "xlsx", (RosterSheet("表", rows),), None)
    mapping = survey_sheets(roster)[0]
    assert sign_legends(mapping.sheet, mapping.header, mapping.found, "*△") == {"*": "注：带*的是单亲家庭"}
