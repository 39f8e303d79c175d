"""教职工 out of a spreadsheet: columns under whatever head or none, what cannot be read, who is on the list already."""

import random

import pytest

from app.core.errors import UserError
from app.school.queries import staff
from app.school.service import add_several_staff, add_staff, init_school
from app.storage.history import undo
from app.storage.store import Store
from app.tasks.staff_list import COLUMNS, arranged, read_staff_rows

WANG = ["王丽华", "女", "校长", "语文", "13800006217"]
LI = ["李国平", "男", "教导主任", "数学", "13900001234"]
HEADS = ["姓名", "性别", "职务", "任教学科", "电话"]


@pytest.fixture
def store(tmp_path, clock):
    with Store.create(tmp_path / "守望.db", clock=clock) as made:
        init_school(made, name="青石坪镇中心小学")
        yield made


def read(store, *lines):
    rows = [dict(zip(COLUMNS, line, strict=False)) for line in lines]
    return read_staff_rows(store, list(enumerate(rows)))


def test_heads_of_any_name_with_a_title_above_and_a_sum_below():
    block = [
        ["青石坪镇中心小学教职工花名册", "", "", "", ""],
        ["序号", "姓　名", "手机号", "学历", "任课"],
        ["1", "王丽华", "13800006217", "本科", "语文"],
        ["", "", "", "", ""],
        ["2", "李国平", "13900001234", "大专", "数学"],
        ["合计", "合计", "2", "", ""],
    ]
    assert arranged(block) == [["序号", "姓名", "电话", "学历", "任教学科"], block[2], block[4]]


@pytest.mark.parametrize("seed", range(12))
def test_columns_without_heads_are_known_by_their_cells_in_whatever_order(seed):
    order = list(range(5))
    random.Random(seed).shuffle(order)
    block = [[line[place] for place in order] for line in (WANG, LI)]
    assert arranged(block) == [[HEADS[place] for place in order], *block]


def test_numbers_of_identity_are_no_column_of_ours():
    block = [["1", "王丽华", "110105197003080021"], ["2", "李国平", "11010519800308001X"]]
    assert arranged(block)[0] == ["序号", "姓名", "身份证号"]


def test_names_alone_and_lines_typed_with_blanks():
    assert arranged([["姓名"], ["王丽华"], ["李 平"]]) == [["王丽华"], ["李 平"]]
    assert arranged([["王丽华 女 13800006217"], ["李国平 男 13900001234"]]) == [
        ["姓名", "性别", "电话"],
        ["王丽华", "女", "13800006217"],
        ["李国平", "男", "13900001234"],
    ]
    assert arranged([["姓名"], ["王丽华 语文"], ["李国平 数学"]]) == [
        ["姓名", "任教学科"],
        ["王丽华", "语文"],
        ["李国平", "数学"],
    ]
    assert arranged([]) == []


@pytest.mark.parametrize(
    "cells",
    [("欧阳 明",), ("王丽华", "欧阳 明"), ("王丽华、李国平",), ("138 0000 6217",), ("2020-09-01 00:00:00",)],
)
def test_a_blank_inside_one_name_number_or_day_takes_it_not_apart(cells):
    """欧阳 明 lost the 明, and a number ran over the two cells beside it."""
    block = [[cell] for cell in cells]
    assert arranged(block) == block


def test_a_name_with_a_blank_keeps_all_of_itself_under_its_head():
    assert arranged([["姓名"], ["欧阳 明"], ["王丽华"]]) == [["欧阳 明"], ["王丽华"]]


def test_what_is_read_is_what_is_written_and_one_undo_takes_it_back(store):
    rows = read(store, [*WANG, "2020.9"], ["李 国平（总务）", "1", "", "无", "138-0000-6217", ""])
    assert all(row.ready and not row.marks and not row.known for row in rows)
    changes = add_several_staff(store, members=[dict(row.values) for row in rows])
    assert changes.words == "登记 2 名教职工"
    told = {one.name: one for one in staff(store, store.clock.today())}
    wang, li = told["王丽华"], told["李国平"]
    assert (wang.sex, wang.duty, wang.subject, wang.phone, wang.joined_on) == (
        *("2", "校长", "语文", "13800006217", "2020-09"),
    )
    assert (li.sex, li.duty, li.subject, li.phone) == ("1", "总务", None, "13800006217")
    undo(store, changes.action_uuid, by=None)
    assert staff(store, store.clock.today()) == []


def test_who_is_on_the_list_or_stands_above_is_not_added(store):
    add_staff(store, name="王丽华")
    add_staff(store, name="李国平", left_on="2025-07-01")
    rows = read(store, ["王 丽华"], ["李国平"], ["周晓燕"], ["周晓燕"])
    assert [row.known for row in rows] == ["名单里已经有", "名单里有，2025-07-01 离校", "", "上面已经写过"]


@pytest.mark.parametrize(
    ("line", "column", "blocks"),
    [
        (["", "女"], "name", True),
        (["王丽华、李国平"], "name", True),
        (["王丽华", "是"], "sex", True),
        (["王丽华", "", "", "", "1.38E+10"], "phone", True),
        (["王丽华", "", "", "", "138****6217"], "phone", True),
        (["王丽华", "", "", "", "1380000621"], "phone", False),
        (["王丽华", "", "", "", "13800006217/6218"], "phone", False),
        (["王丽华", "", "", "", "", "前年"], "joined_on", True),
    ],
)
def test_what_cannot_be_read_is_pointed_out_at_its_cell(store, line, column, blocks):
    (row,) = read(store, line)
    assert [(mark.column, mark.blocks) for mark in row.marks] == [(column, blocks)]
    if not blocks:
        assert row.values["phone"] == line[4], "kept as it is written"


def test_nobody_is_refused_and_nothing_is_written_by_halves(store):
    for members, key in (
        ((), "school.no_staff"),
        (({"name": "王丽华"}, {"name": " "}), "school.no_name"),
        (({"name": "王丽华"}, {"name": "李国平", "joined_on": "前年"}), "school.bad_date"),
    ):
        with pytest.raises(UserError, check=lambda error, key=key: error.key == key):
            add_several_staff(store, members=members)
    assert staff(store, store.clock.today()) == []


def test_any_cells_at_all_are_arranged_and_read(store):
    rolls = random.Random(7)
    words = [
        "",
        " ",
        "王丽华",
        "男",
        "姓名",
        "电话",
        "138",
        "无",
        "—",
        "2020-09-01",
        "语文",
        "x" * 300,
        "\u3000",
        "合计",
    ]
    for _ in range(300):
        block = [
            [rolls.choice(words) for _ in range(rolls.randint(0, 7))] for _ in range(rolls.randint(0, 5))
        ]
        found = arranged(block)
        read_staff_rows(
            store, [(place, dict(zip(COLUMNS, line, strict=False))) for place, line in enumerate(found)]
        )
