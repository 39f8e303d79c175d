"""Which rows are children, which are passed over, and what a merged or repeated cell says."""

from app.children.roster.columns import propose_mapping
from app.children.roster.header import find_header
from app.children.roster.rows import read_rows
from tests.app.children.roster.test_header import sheet

HEADER = ["序号", "姓名", "性别", "班级", "家庭住址", "监护人", "电话"]


def rows_of(*rows, merged=(), header=HEADER):
    table = sheet(header, *rows, merged=merged)
    found = find_header(table)
    return read_rows(table, found, propose_mapping(found))


def names(found):
    return [
        (number, cells["child.name"][0].text if "child.name" in cells else "")
        for number, cells, _ in found.rows
    ]


def test_what_is_passed_over_is_named_with_its_row():
    found = rows_of(
        ["三年级一班（班主任：某某）"],
        [1, "张三", "男"],
        [],
        ["小计", 1],
        HEADER,
        [2, "李四", "女"],
        [3],
        ["", "以下空白"],
        ["合计", "", 2],
        ["填表人：某某", "", "", "审核："],
        ["填报日期：2026年9月"],
    )
    assert names(found) == [(3, "张三"), (7, "李四")]
    assert [(skip.row, skip.why) for skip in found.skipped] == [
        (2, "标题"), (4, "空行"), (5, "小计"), (6, "表头"), (8, "空行"), (9, "标题"), (10, "小计"), (11, "表尾"), (12, "表尾"),
    ]  # fmt: skip
    assert found.stated_total == 2


def test_class_titles_speak_for_the_rows_below_them():
    found = rows_of(["三（1）班"], [1, "张三", "男"], ["三（2）班"], [1, "李四", "女"])
    assert [title for _, _, title in found.rows] == ["三（1）班", "三（2）班"]


def test_a_row_without_a_name_stays_a_row():
    found = rows_of([1, "", "男", "三（1）班", "白水沟村"], [2, "张三", "男"])
    assert names(found) == [(2, ""), (3, "张三")]


def test_prepared_lines_without_a_child_are_blank():
    assert rows_of([1, "", "", "三（1）班"], [2], [3, "张三"]).rows[0][0] == 4


def test_a_lone_name_is_a_child():
    assert names(rows_of(["", "张三"])) == [(2, "张三")]


def test_an_example_is_no_child():
    found = rows_of(["示例", "张三", "男"], ["例：", "李四", "女"], [1, "王五", "男"])
    assert names(found) == [(4, "王五")]
    assert {skip.why for skip in found.skipped} == {"示例"}


def test_a_merged_value_goes_to_all_its_rows_and_blanks_to_none():
    found = rows_of(
        [1, "张三", "男", "三（1）班", "白水沟村4组", "张爷", "13800000000"],
        [2, "张四", "女", "一年级", "", "", ""],
        [3, "李五", "女", "一年级", "", "", ""],
        merged=[(2, 5, 3, 5), (2, 6, 3, 6)],
    )
    second, third = found.rows[1][1], found.rows[2][1]
    assert second["residence.address"][0].text == "白水沟村4组"
    assert second["carer.name"][0].text == "张爷"
    assert "carer.phone" not in second
    assert "residence.address" not in third


def test_a_child_over_two_rows_is_one_child_with_two_members():
    header = ["姓名", "性别", "班级", "家庭成员", "成员关系", "成员电话"]
    found = rows_of(
        ["张三", "男", "一年级", "张大", "父亲", "13800000000"],
        ["", "", "", "李四", "母亲", "13900000000"],
        ["王五", "男", "一年级", "王大", "父亲", "13700000000"],
        merged=[(2, 1, 3, 1), (2, 2, 3, 2), (2, 3, 3, 3)],
        header=header,
    )
    assert names(found) == [(2, "张三"), (4, "王五")]
    texts = [cell.text for cells in found.rows[0][1].values() for cell in cells]
    assert {"张大", "李四", "父亲", "母亲", "13900000000"} <= set(texts)


def test_the_same_as_above():
    found = rows_of(
        [1, "张三", "男", "三（1）班", "白水沟村4组"],
        [2, "李四", "女", "〃", "同上"],
        [3, "王五", "女", "同上", ""],
    )
    assert [cells["class.name"][0].text for _, cells, _ in found.rows] == ["三（1）班"] * 3
    assert "residence.address" not in found.rows[2][1]


def test_cells_know_their_address():
    cells = rows_of([1, "张三", "男"]).rows[0][1]
    assert (cells["child.name"][0].address, cells["child.sex"][0].header) == ("B2", "性别")


def test_the_subtotals_of_several_classes_add_up_until_a_total_speaks_of_all():
    classes = (
        ["三（1）班"],
        [1, "张三", "男"],
        [2, "王五", "男"],
        ["小计", 2],
        ["三（2）班"],
        [1, "李四"],
        ["小计", 1],
    )
    assert rows_of(*classes).stated_total == 3
    assert rows_of(*classes, ["合计", "4人"]).stated_total == 4
