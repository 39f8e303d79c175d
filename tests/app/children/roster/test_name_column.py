"""Which column holds the children's names: by what villages call them, and where one word may mean two things."""

import pytest

from app.children.roster.name_column import NO_NAME
from app.children.roster.sheets import survey_sheets
from app.workbook.roster_reader import read_roster
from tests.app.tasks.rosters import write_roster

REST = ["性别", "班级", "父亲姓名"]


@pytest.fixture
def surveyed(tmp_path):
    """`surveyed(header, row, …)`: the sheets of a roster written that way."""

    def survey(header, *rows, **sheets):
        return survey_sheets(read_roster(write_roster(tmp_path / "a.xlsx", *rows, header=header, **sheets)))

    return survey


def name_column(mapping):
    return next((choice.header for choice in mapping.choices if choice.target == "child.name"), None)


@pytest.mark.parametrize(
    "head", ["娃儿名字", "小孩", "娃娃姓名", "留守儿童", "留守儿童（打√）", "孩子", "小朋友姓名", "留守学生"]
)
def test_what_villages_call_a_child_is_read_as_its_name(surveyed, head):
    (mapping,) = surveyed(
        [head, *REST], ["覃小雅", "女", "三（1）班", "覃大"], ["向冬", "男", "三（1）班", "向大"]
    )
    assert (name_column(mapping), mapping.selected, mapping.rows) == (head, True, 2)


@pytest.mark.parametrize("said", [("是", "否"), ("双亲外出", "单亲留守"), ("√", "√"), ("", "")])
def test_a_column_that_answers_whether_a_child_is_left_behind_holds_no_names(surveyed, said):
    rows = [[name, "女", "三（1）班", one] for name, one in zip(("覃小雅", "向冬"), said, strict=True)]
    (mapping,) = surveyed(["花名", "性别", "班级", "留守儿童"], *rows)
    assert (name_column(mapping), mapping.why) == (None, NO_NAME)


def test_where_another_column_says_that_it_holds_the_names_it_does(surveyed):
    (mapping,) = surveyed(["姓名", "性别", "班级", "留守儿童"], ["覃小雅", "女", "三（1）班", "向冬雪"])
    assert name_column(mapping) == "姓名"


def test_the_only_sheet_is_ticked_though_nobody_knows_which_column_holds_the_names(surveyed):
    (mapping,) = surveyed(["花名", *REST], ["覃小雅", "女", "三（1）班", "覃大"])
    assert (mapping.selected, mapping.rows, mapping.why) == (True, 1, NO_NAME)


def test_beside_a_sheet_that_can_be_read_it_is_offered_only(surveyed):
    row = ["覃小雅", "女", "三（1）班", "覃大"]
    first, other = surveyed(["姓名", *REST], row, 四年级=[["花名", *REST], row])
    assert (first.selected, other.selected, other.rows, other.why) == (True, False, 1, NO_NAME)
