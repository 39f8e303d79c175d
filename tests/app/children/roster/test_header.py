"""Headers are found below any titles, in one to three rows, and every column is known by its name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.children.roster.columns import ColumnChoice, propose_mapping, signature
from app.children.roster.header import find_header, header_at
from app.children.roster.rows import read_rows
from app.children.roster.sheet import MergedRange, RosterSheet
from app.children.roster.words import aliases, header_words


def sheet(*rows, merged=(), **more):
    width = max(len(row) for row in rows)
    cells = [["" if value is None else value for value in row] + [""] * (width - len(row)) for row in rows]
    return RosterSheet("花名册", cells, merged=tuple(MergedRange(*area) for area in merged), **more)


def targets(*rows, merged=(), **more):
    found = find_header(sheet(*rows, merged=merged))
    assert found is not None
    return [choice.target for choice in propose_mapping(found, **more)]


# ---- where it stands ---------------------------------------------------------------------------------------------------


def test_titles_and_notes_go_before():
    found = find_header(
        sheet(
            ["青石坪镇中心小学留守儿童花名册"],
            ["填报单位：青石坪镇中心小学", "", "填报日期：2026年9月"],
            ["填表说明：姓名必须与户口本一致"],
            [],
            ["序号", "姓名", "性别", "班级"],
            [1, "张三", "男", "一年级"],
        )
    )
    assert (found.first_row, found.last_row) == (5, 5)


@pytest.mark.parametrize("row", [1, 8, 15, 16])
def test_only_the_first_fifteen_rows_are_looked_at(row):
    found = find_header(sheet(*[["通知"]] * (row - 1), ["姓名", "性别", "班级"], ["张三", "男", "一年级"]))
    assert (found.first_row if found else None) == (row if row <= 15 else None)


def test_two_known_names_are_no_header():
    assert find_header(sheet(["姓名", "得分", "名次"], ["张三", 98, 1])) is None
    assert header_at(sheet(["姓名", "得分", "名次"], ["张三", 98, 1]), 1).columns[0].parts == ("姓名",)


def test_rows_and_columns_may_begin_anywhere():
    found = find_header(sheet(["姓名", "性别", "班级"], first_row=4, first_column=3))
    assert (found.first_row, [column.column for column in found.columns]) == (4, [3, 4, 5])


# ---- several rows --------------------------------------------------------------------------------------------------------

GROUPS = ["序号", "姓名", "性别", "父亲", "", "", "母亲", "", "", "监护人", "", "", "备注"]
LEAVES = ["", "", "", "姓名", "务工地", "电话", "姓名", "务工地", "电话", "姓名", "关系", "电话", ""]
MEANT = [
    "skip:序号", "child.name", "child.sex", "father.name", "father.place", "father.phone", "mother.name", "mother.place",
    "mother.phone", "carer.name", "carer.relation", "carer.phone", "child.note",
]  # fmt: skip
CHILD = [1, "张三", "男", "张大", "广东", "138", "李四", "在家", "", "张爷", "爷爷", "137", ""]
MERGED = [
    (1, 4, 1, 6),
    (1, 7, 1, 9),
    (1, 10, 1, 12),
    (1, 1, 2, 1),
    (1, 2, 2, 2),
    (1, 3, 2, 3),
    (1, 13, 2, 13),
]


@pytest.mark.parametrize("merged", [MERGED, [], MERGED[:3]])
def test_two_rows_are_joined(merged):
    found = find_header(sheet(GROUPS, LEAVES, CHILD, merged=merged))
    assert (found.first_row, found.last_row) == (1, 2)
    assert found.columns[4].text == "父亲·务工地"
    assert targets(GROUPS, LEAVES, CHILD, merged=merged) == MEANT


def test_a_group_row_above_the_names():
    top = ["学生情况", "", "", "父亲情况", "", "母亲情况", ""]
    names = ["姓名", "性别", "身份证号", "姓名", "联系电话", "姓名", "联系电话"]
    merged = [(1, 1, 1, 3), (1, 4, 1, 5), (1, 6, 1, 7)]
    assert targets(top, names, merged=merged) == [
        "child.name", "child.sex", "child.id_number", "father.name", "father.phone", "mother.name", "mother.phone",
    ]  # fmt: skip


def test_the_first_child_is_no_header_row():
    found = find_header(sheet(["姓名", "性别", "监护人", "电话"], ["张三", "男", "父亲", "138"]))
    assert found.last_row == 1


def test_a_title_over_everything_is_no_group():
    rows = [["父亲、母亲及监护人登记表", "", "", ""], ["姓名", "性别", "监护人", "电话"]]
    found = find_header(sheet(*rows, merged=[(1, 1, 1, 4)]))
    assert found.first_row == 2


def test_one_column_per_answer():
    top = ["姓名", "性别", "监护类型", "", "", "", "健康状况", "", "", "是否孤儿", "低保户"]
    answers = ["", "", "祖父母", "亲戚", "无人监护", "其他", "健康", "残疾", "患病", "", ""]
    assert targets(top, answers, merged=[(1, 3, 1, 6), (1, 7, 1, 9)]) == [
        "child.name", "child.sex", "tick:care.kind:祖父母", "tick:care.kind:亲戚", "tick:care.kind:无人监护",
        "tick:care.kind:其他", "tick:health.status:健康", "tick:health.status:残疾", "tick:health.status:患病",
        "tick:category.words:孤儿", "tick:category.words:低保户",
    ]  # fmt: skip


def test_an_attribute_over_its_owners():
    rows = [["姓名", "性别", "联系电话", "", ""], ["", "", "父亲", "母亲", "监护人"]]
    assert targets(*rows, merged=[(1, 3, 1, 5)])[2:] == ["father.phone", "mother.phone", "carer.phone"]


# ---- names ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("姓名★", "child.name"),
        ("姓名（必填）", "child.name"),
        ("* 姓 名 ", "child.name"),
        ("姓\n名", "child.name"),
        ("1.姓名", "child.name"),
        ("身份证号(码)", "child.id_number"),
        ("身份证号码（18位）", "child.id_number"),
        ("公民身份号码", "child.id_number"),
        ("全国学籍号", "child.student_registry_no"),
        ("出生年月（日）", "child.birth_date"),
        ("年级班（级）", "class.name"),
        ("是否留守（儿童）", "left_behind"),
        ("（父母）外出情况", "status.label"),
        ("与被监护人关系", "carer.relation"),
        ("与儿童(学生)关系", "carer.relation"),
        ("父亲联系电话", "father.phone"),
        ("父亲的电话", "father.phone"),
        ("电话（父亲）", "father.phone"),
        ("父亲联系电话2", "father.phone"),
        ("委托监护人", "carer.name"),
        ("监护人/关系", "carer.name"),
        ("监护人（关系）", "carer.name"),
        ("监护人及关系", "carer.name"),
        ("监护人姓名、关系", "carer.name"),
        ("监护人/联系电话", "carer.name"),
        ("监护人关系", "carer.relation"),
        ("监护人与儿童关系", "carer.relation"),
        ("监护人/职业", None),
        ("代管人电话", "carer.phone"),
        ("父母务工地点", "parents.place"),
        ("父亲外出务工地点", "father.place"),
        ("家庭成员1姓名", "member1.name"),
        ("家庭成员2电话", "member2.phone"),
        ("是否低保户", "tick:category.words:低保户"),
        ("年龄", "skip:年龄"),
        ("帮扶人", "skip:帮扶人（结对另外登记）"),
        ("车牌号", None),
        ("", None),
    ],
)
def test_headers_by_name(written, target):
    assert targets(["姓名", "性别", "班级", written], ["张三", "男", "一年级", ""])[3] in (
        {target} if target not in {"child.name", "class.name"} else {None}
    )
    if target:
        assert targets([written, "民族", "血型", "籍贯"], ["", "", "", ""])[0] == target


def test_every_alias_of_the_table_is_found_by_itself():
    for word, target in aliases().fields.items():
        found = targets([word, "血型", "籍贯", "政治面貌"], ["x", "", "", ""])[0]
        assert found == target or word in ("血型", "籍贯", "政治面貌"), word


def test_no_alias_means_two_things():
    table = aliases()
    assert not set(table.fields) & set(table.skipped)


def test_bare_columns_belong_to_the_name_before_them():
    row = [
        "姓名",
        "父亲姓名",
        "务工地点",
        "电话",
        "母亲姓名",
        "务工地点",
        "电话",
        "监护人",
        "关系",
        "电话",
        "家庭住址",
        "联系电话",
    ]
    assert targets(row, [""] * 12)[1:] == [
        "father.name", "father.place", "father.phone", "mother.name", "mother.place", "mother.phone", "carer.name",
        "carer.relation", "carer.phone", "residence.address", "child.phone",
    ]  # fmt: skip


def test_father_and_mother_side_by_side_share_what_follows():
    assert targets(["姓名", "父亲", "母亲", "联系电话", "务工地点"], [""] * 5)[3:] == [
        "parents.phone",
        "parents.place",
    ]


def test_a_second_number_belongs_to_the_person_before_it():
    row = ["姓名", "身份证号", "班级", "监护人", "身份证号", "家庭住址"]
    assert targets(row, [""] * 6)[4] == "carer.id_number"


def test_a_repeated_column_is_named_and_not_read():
    found = propose_mapping(find_header(sheet(["姓名", "性别", "民族", "民族"], ["张三", "男", "汉", "壮"])))
    assert (found[3].target, found[3].repeated) == (None, True)


def test_position_plays_no_part():
    rows = [["班级", "身份证号", "性别", "姓名"], ["姓名", "性别", "身份证号", "班级"]]
    assert targets(rows[0], [""] * 4) == targets(rows[1], [""] * 4)[::-1]


def test_corrections_are_remembered_by_the_header():
    found = find_header(sheet(["姓名", "性别", "班级", "车牌号"], ["张三", "男", "一年级", "x"]))
    choices = propose_mapping(found, {"车牌号": "child.note", "性别": None})
    assert [(choice.target, choice.remembered) for choice in choices] == [
        ("child.name", False),
        (None, True),
        ("class.name", False),
        ("child.note", True),
    ]
    assert signature(found) == signature(find_header(sheet(["姓名", "性别", "班级", "车牌号"], first_row=3)))
    assert signature(found) != signature(find_header(sheet(["姓名", "班级", "性别", "车牌号"])))


def test_what_only_repeats_for_the_eye_is_not_read():
    row = ["姓名", "性别", "班级", "班级（打印）"]
    found = propose_mapping(find_header(sheet(row)), printed_only=("班级（打印）",))
    assert found[3] == ColumnChoice(4, "班级（打印）", "skip:打印用")


@given(st.lists(st.text(max_size=12), min_size=1, max_size=12))
def test_any_header_is_survived(texts):
    table = sheet(["姓名", "性别", "班级", *texts], ["张三", "男", "一年级", *texts])
    found = find_header(table)
    choices = propose_mapping(found)
    assert len(choices) == 3 + len(texts)
    read_rows(table, found, choices)
    for text in texts:
        header_words(text)
