"""A column 班级 that names the class at its first child only: blank and 〃 below it, mixed."""

from tests.app.children.roster.test_rows import rows_of


def classes_of(found):
    return [cells["class.name"][0].text if "class.name" in cells else "" for _, cells, _ in found.rows]


def row(place, school_class):
    return [place, "张王李赵钱孙周吴"[place] + "小满", "男", school_class, ""]


def test_blank_and_ditto_below_a_class_are_that_class():
    found = rows_of(
        *(row(at, text) for at, text in enumerate(["三（1）班", "", "〃", "", "四（1）班", "〃", ""]))
    )
    assert classes_of(found) == ["三（1）班"] * 4 + ["四（1）班"] * 3
    assert [number - found.rows[0][0] for number in sorted(found.carried)] == [1, 3, 6]


def test_where_most_rows_name_their_class_a_blank_stays_blank():
    found = rows_of(
        *(row(at, text) for at, text in enumerate(["三（1）班", "三（1）班", "", "三（1）班", "三（1）班"]))
    )
    assert classes_of(found)[2] == ""
    assert found.carried == frozenset()


def test_a_column_that_begins_blank_is_not_filled():
    found = rows_of(*(row(at, text) for at, text in enumerate(["", "三（1）班", "", "", ""])))
    assert found.carried == frozenset()
