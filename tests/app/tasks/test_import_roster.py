"""A school's own roster into the ledger: every sentence of the issue's paragraph on a real file and a real ledger."""

import shutil
import zlib
from datetime import date

import pytest
from openpyxl import load_workbook

from app.children.codes import CareKind, Relation
from app.children.queries import load_facts
from app.core.errors import Cancelled, EnvironmentFault, UserError
from app.statistics.queries import stats
from app.statistics.shape import as_plain
from app.storage.backups import Reason, list_backups
from app.storage.data_place import backup_folder_for
from app.storage.history import actions, undo
from app.tasks.import_roster import import_roster, open_roster
from tests.app.tasks.rosters import id_number, write_roster

DAY = date(2026, 11, 21)
HEADER = ["姓名", "性别", "身份证号", "班级", "留守类型", "监护人", "备注"]
ONE, TWO, THREE = id_number(serial=1), id_number(serial=2, girl=False), id_number("20180301", 3)


@pytest.fixture
def bring(store, tmp_path):
    """Return a function that writes a roster and imports it; the result as the command line prints it."""

    def run(*rows, header=HEADER, sheet_name="花名册", **options):
        path = write_roster(tmp_path / "花名册.xlsx", *rows, header=header, sheet=sheet_name)
        run.result = import_roster(store, path, **options)
        return run.result.as_json()

    return run


def facts(store, day=DAY):
    return {child.name: child for child in load_facts(store, day)}


def codes(result, key="marked"):
    return [entry["code"] for entry in result[key]]


def numbers(result):
    return (result["rows"], result["new"], result["updated"], result["unchanged"], len(result["parked"]))


def counted(store):
    return as_plain(stats(store, DAY))


# ---- rows --------------------------------------------------------------------------------------------


def test_rows_are_counted_and_registered(store, bring):
    result = bring(
        ["曾小雨", "女", ONE, "三（2）班", "双亲留守", "爷爷", ""],
        ["王强", "男", TWO, "三（1）班", "单亲留守", "母亲", "孤儿"],
    )
    assert numbers(result) == (2, 2, 0, 0, 0)
    assert result["marked"] == result["parked"] == []
    assert set(result) == {"rows", "new", "updated", "unchanged", "parked", "marked"}
    child = facts(store)["曾小雨"]
    assert (child.registration.valid_from, child.registration.valid_to) == (None, None)
    assert (child.school_class.name, child.birth_date, child.sex) == ("三（2）班", "2017-05-20", "2")
    assert bring.result.plan.new_classes == ("三（1）班", "三（2）班")
    assert bring.result.plan.told() == ("新建 2 个班：三（1）班、三（2）班",)


def test_the_same_file_again_changes_nothing(store, bring):
    rows = [
        ["曾小雨", "女", ONE, "三（2）班", "双亲留守", "爷爷", "低保"],
        ["王强", "男", TWO, "一年级", "父亲外出", "奶奶王秀英", ""],
    ]
    bring(*rows)
    written = store.one("SELECT count(*) FROM change")
    assert numbers(bring(*rows)) == (2, 0, 0, 2, 0)
    assert store.one("SELECT count(*) FROM change WHERE table_name NOT IN ('import_run')") <= written


def test_a_number_decides_never_the_name(store, bring):
    bring(["曾小雨", "女", ONE, "三（2）班"])
    result = bring(["曾小雨", "女", THREE, "三（2）班"], ["曾雨桐", "女", ONE, "三（2）班"])
    assert numbers(result) == (2, 1, 1, 0, 0)
    renamed = next(child for child in load_facts(store, DAY) if child.id_number == ONE)
    assert (renamed.name, renamed.former_name) == ("曾雨桐", "曾小雨")


def test_the_registry_number_matches_when_there_is_no_other(store, bring):
    header = ["姓名", "性别", "学籍号", "身份证号", "班级"]
    bring(["曾小雨", "女", "G" + ONE, "", "三（2）班"], header=header)
    result = bring(["曾小雨", "女", "G" + ONE, ONE, "三（2）班"], header=header)
    assert numbers(result) == (1, 0, 1, 0, 0)
    assert facts(store)["曾小雨"].id_number == ONE


def test_a_row_without_a_number_is_new_unless_it_may_be_somebody(store, bring):
    bring(["曾小雨", "女", "", "三（2）班"])
    again = bring(
        ["曾小雨", "女", "", "三（2）班"],
        ["曾小雨", "男", "", "三（2）班"],
        ["曾小雨", "女", "", "三（1）班"],
    )
    assert numbers(again) == (3, 2, 0, 0, 1)
    assert again["parked"] == [
        {"sheet": "花名册", "row": 2, "code": "maybe_same_person", "reason": "没有证件号，可能是在册的人"}
    ]
    row = bring.result.plan.rows[0]
    assert (row.candidates[0].name, row.candidates[0].class_name) == ("曾小雨", "三（2）班")
    assert bring.result.plan.missing == (), (
        "who may stand in a row is asked about, not said to be missing as well"
    )


def test_a_child_with_a_number_is_nobody_without_one(store, bring):
    bring(["曾小雨", "女", ONE, "三（2）班"])
    result = bring(["曾小雨", "女", "", "三（2）班"])
    assert numbers(result) == (1, 1, 0, 0, 0)
    assert codes(result) == ["same_name"]


def test_one_name_with_and_without_a_number_is_marked(store, bring):
    result = bring(
        ["曾小雨", "女", ONE, "三（2）班"],
        ["曾小雨", "女", "", "三（2）班"],
        ["曾小雨", "女", THREE, "三（2）班"],
    )
    assert numbers(result) == (3, 3, 0, 0, 0)
    assert [(entry["row"], entry["code"]) for entry in result["marked"]] == [
        (3, "same_name"),
        (4, "same_name"),
    ]


def test_the_grade_column_alone_may_name_the_class(store, bring):
    rows = [["甲", ONE, "三年级二班"], ["乙", TWO, "四年级"], ["丙", THREE, 5]]
    bring(*rows, header=["姓名", "身份证号", "年级"])
    assert [facts(store)[name].school_class.name for name in "甲乙丙"] == ["三（2）班", "四年级", "五年级"]


def test_a_child_who_now_has_a_number_waits_for_a_look(store, bring):
    bring(["曾小雨", "女", "5.11E+17", "三（2）班"])
    assert codes(bring(["曾小雨", "女", ONE, "三（2）班"]), "parked") == ["maybe_same_person"]


def test_a_repeated_number_parks_the_repeating_row(store, bring):
    result = bring(
        ["曾小雨", "女", ONE, "三（2）班"], ["王强", "男", TWO, "一年级"], ["曾小雪", "女", ONE, "一年级"]
    )
    assert numbers(result) == (3, 2, 0, 0, 1)
    assert (result["parked"][0]["row"], result["parked"][0]["code"]) == (4, "duplicate_number")
    assert "第 2 行" in result["parked"][0]["reason"]
    assert "曾小雪" not in facts(store)


def test_a_row_without_a_name_waits(store, bring):
    result = bring(["", "男", TWO, "一年级"], ["曾小雨", "女", ONE, "三（2）班"])
    assert codes(result, "parked") == ["no_name"]
    assert numbers(result) == (2, 1, 0, 0, 1)


def test_equal_names_in_a_file_are_two_children_marked(store, bring):
    rows = [["李娜", "女", "", "三（2）班", "", "爷爷", ""], ["李娜", "女", "", "三（2）班", "", "外婆", ""]]
    result = bring(*rows)
    assert numbers(result) == (2, 2, 0, 0, 0)
    assert codes(result) == ["same_name"]
    assert codes(bring(["张伟", "男", "", "一年级"], ["张伟", "男", "", "一年级"]), "parked") == [
        "maybe_same_person"
    ]


# ---- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [511325201705200121, 5.11325201705200e17, "5.11E+17", "5.11325E+17"])
def test_a_destroyed_number_is_marked_and_the_child_goes_in_without(store, bring, value):
    result = bring(["曾小雨", "女", value, "三（2）班"])
    assert numbers(result) == (1, 1, 0, 0, 0)
    assert codes(result) == ["id_destroyed"]
    assert (result["marked"][0]["row"], result["marked"][0]["column"], result["marked"][0]["cell"]) == (
        2,
        "身份证号",
        "C2",
    )
    child = facts(store)["曾小雨"]
    assert child.id_number is None
    assert [doubt.code for doubt in child.doubts] == ["id_destroyed"]


def test_a_wrong_number_is_kept_and_marked(store, bring):
    wrong = ONE[:-1] + ("0" if ONE[-1] != "0" else "1")
    result = bring(
        ["甲", "女", wrong, "一年级"],
        ["乙", "女", ONE[:-1], "一年级"],
        ["丙", "男", "511325170520123", "一年级"],
    )
    assert codes(result) == ["id_check_digit", "id_length", "id_fifteen"]
    assert {child.id_number for child in facts(store).values()} == {wrong, ONE[:-1], "511325170520123"}


def test_a_number_of_a_grown_up_is_marked(store, bring):
    assert codes(bring(["甲", "女", id_number("19650302"), "一年级"])) == ["id_age"]


def test_a_carers_number_pasted_into_the_child_is_marked(store, bring):
    header = ["姓名", "身份证号", "班级", "监护人", "与儿童关系", "监护人身份证号"]
    result = bring(["甲", ONE, "一年级", "王秀英", "奶奶", ONE], header=header)
    assert codes(result) == ["id_same_as_child"]


def test_sex_and_birth_are_compared_with_the_number(store, bring):
    header = ["姓名", "性别", "出生日期", "身份证号", "班级"]
    result = bring(
        ["甲", "男", "2017-05-20", ONE, "一年级"],
        ["乙", "", "2017.5", TWO, "一年级"],
        ["丙", "女", "2018-03-02", THREE, "一年级"],
        header=header,
    )
    assert codes(result) == ["sex_differs", "sex_from_id", "birth_differs"]
    known = facts(store)
    assert [known[name].sex for name in "甲乙丙"] == ["2", "1", "2"]
    assert (known["丙"].birth_date, known["丙"].birth_note) == ("2018-03-01", "花名册写的是 2018-03-02")


def test_a_lost_zero_is_settled_by_the_number_or_marked(store, bring):
    header = ["姓名", "性别", "出生年月", "身份证号", "班级"]
    result = bring(
        ["甲", "女", 2016.1, id_number("20161012"), "一年级"],
        ["乙", "女", 2016.1, "", "一年级"],
        header=header,
    )
    assert codes(result) == ["birth_ambiguous"]
    assert (facts(store)["甲"].birth_date, facts(store)["乙"].birth_date) == ("2016-10-12", "2016")


# ---- what is said of the parents ----------------------------------------------


def test_a_word_alone_counts_right(store, bring):
    bring(
        ["甲", "女", ONE, "一年级", "双亲留守"],
        ["乙", "男", TWO, "一年级", "单亲留守"],
        ["丙", "女", THREE, "一年级", "双亲留守儿童"],
        ["丁", "女", "", "一年级", ""],
    )
    found = counted(store)
    keys = ("both_parents_out", "one_parent_out", "no_parent_out", "parents_not_collected")
    assert [found[key] for key in keys] == [2, 1, 0, 1]
    assert found["children"]["total"] == 4
    assert facts(store)["乙"].father is None


def test_an_explicit_word_says_who_is_out(store, bring):
    header = ["姓名", "身份证号", "班级", "留守类型", "父亲姓名", "母亲姓名", "父母务工地点", "父母电话"]
    bring(
        ["甲", ONE, "一年级", "父亲外出", "甲父", "甲母", "广东东莞", "13800000001"],
        ["乙", TWO, "一年级", "父母均外出", "乙父", "乙母", "浙江", "父13800000002 母13800000003"],
        header=header,
    )
    known = facts(store)
    father, mother = known["甲"].father, known["甲"].mother
    assert (father.away_state, father.away_place, mother.away_state, mother.away_place) == (
        "out",
        "广东东莞",
        "home",
        None,
    )
    assert ([p.number for p in father.phones], mother.phones) == (["13800000001"], ())
    assert {known["乙"].father.away_place, known["乙"].mother.away_place} == {"浙江"}
    assert [p.number for p in known["乙"].mother.phones] == ["13800000003"]
    assert (counted(store)["both_parents_out"], counted(store)["one_parent_out"]) == (1, 1)


def test_what_nobody_says_whose_it_is_is_marked_not_lost(store, bring):
    header = ["姓名", "身份证号", "班级", "留守类型", "父母务工地点", "父母电话"]
    result = bring(["甲", ONE, "一年级", "单亲留守", "广东", "13800000001"], header=header)
    assert codes(result) == ["which_parent", "which_parent"]
    child = facts(store)["甲"]
    assert "广东" in child.note
    assert child.phone == "13800000001"
    assert child.father is child.mother is None


def test_no_says_no(store, bring):
    header = ["姓名", "身份证号", "班级", "是否留守"]
    bring(
        ["甲", ONE, "一年级", "是"], ["乙", TWO, "一年级", "否"], ["丙", THREE, "一年级", ""], header=header
    )
    known = facts(store)
    assert [known[name].registration is not None for name in "甲乙丙"] == [True, False, True]
    assert counted(store)["children"]["total"] == 2


def test_no_later_ends_the_registration_on_the_data_date(store, bring):
    header = ["姓名", "身份证号", "班级", "是否留守"]
    bring(["甲", ONE, "一年级", "是"], header=header)
    result = bring(["甲", ONE, "一年级", "否"], header=header, data_date=date(2026, 10, 1))
    assert result["updated"] == 1
    assert facts(store)["甲"].registration is None
    assert facts(store, date(2026, 9, 30))["甲"].registration is not None
    back = bring(["甲", ONE, "一年级", "是"], header=header)
    assert codes(back) == ["returned"]
    assert facts(store)["甲"].registration.valid_from == "2026-11-21"


@pytest.mark.parametrize("remark", ["孤儿", "低保", "残疾", "低保户、残疾", "事实无人抚养"])
def test_a_remark_that_is_a_category_is_one(store, bring, remark):
    bring(["甲", "女", ONE, "一年级", "", "", remark])
    child = facts(store)["甲"]
    assert child.registration is not None
    assert {flag.category.label for flag in child.categories} == set(
        remark.replace("低保户", "低保").split("、")
    )
    assert all(flag.basis == "花名册" for flag in child.categories)


@pytest.mark.parametrize(
    ("written", "bucket"),
    [
        ("爷爷", "grandparents"), ("外婆", "grandparents"), ("祖父母", "grandparents"), ("奶奶王秀英", "grandparents"),
        ("亲戚", "relatives"), ("舅舅", "relatives"), ("老师", "other"), ("母亲", "one_parent"), ("无人监护", "unguarded"),
        ("父或母无监护能力", "one_parent_without_capacity"), ("", "not_collected"), ("不详", "not_collected"),
    ],
)  # fmt: skip
def test_care_words_are_counted_where_they_belong(store, bring, written, bucket):
    header = ["姓名", "身份证号", "班级", "监护类型" if "能力" in written else "监护人"]
    bring(["甲", ONE, "一年级", written], header=header)
    care = counted(store)["care"]
    assert {key for key, value in care.items() if value} == {bucket}


def test_a_couple_of_grandparents_is_two_people(store, bring):
    header = ["姓名", "身份证号", "班级", "监护人", "与儿童关系", "联系电话"]
    bring(["甲", ONE, "一年级", "刘顺昌、何玉梅", "祖父母", "13800000001"], header=header)
    child = facts(store)["甲"]
    assert child.care.kind is CareKind.GRANDPARENTS
    assert child.care.person.name == "刘顺昌"
    assert child.relative(Relation.PATERNAL_GRANDMOTHER).name == "何玉梅"


def test_two_ticks_are_no_answer(store, bring):
    header = ["姓名", "身份证号", "班级", "监护类型", "", ""]
    result = bring(
        ["", "", "", "祖父母", "亲戚", "无人监护"],
        ["甲", ONE, "一年级", "√", "√", ""],
        ["乙", TWO, "一年级", "", "1", ""],
        header=header,
    )
    assert codes(result) == ["two_ticks"]
    known = facts(store)
    assert known["甲"].care is None
    assert known["乙"].care.kind is CareKind.RELATIVES


def test_what_became_of_a_parent_is_a_fact_not_a_place(store, bring):
    header = ["姓名", "身份证号", "班级", "父亲姓名", "父亲务工地", "母亲姓名", "母亲务工地"]
    result = bring(
        ["甲", ONE, "一年级", "甲父（已故）", "", "甲母", "广东"],
        ["乙", TWO, "一年级", "乙父", "服刑", "乙母", "失联"],
        header=header,
    )
    known = facts(store)
    assert known["甲"].father.life_status == "dead"
    assert known["甲"].mother.away_place == "广东"
    assert known["乙"].father.away is None
    assert [ground.ground for ground in known["乙"].grounds] == ["in_prison"]
    assert known["乙"].mother.life_status == "out_of_contact"
    assert codes(result) == ["restricted_word"]
    assert all("服刑" not in str(entry) for entry in result["marked"])


# ---- classes --------------------------------------------------------------------------------------


def test_classes_in_all_their_spellings(store, bring):
    spellings = ["三（1）", 3.1, 301, "三年级一班", "3年级1班", "三(1)班", "2024级1班"]
    rows = [
        [f"孩子{'甲乙丙丁戊己庚'[n]}", "女", id_number(serial=n), text] for n, text in enumerate(spellings)
    ]
    assert bring(*rows)["marked"] == []
    assert {child.school_class.key for child in load_facts(store, DAY)} == {"2024级1班"}


def test_a_bare_grade_is_its_only_class(store, bring):
    bring(["甲", "女", ONE, "三年级"], ["乙", "男", TWO, "三年级"])
    assert {child.school_class.name for child in load_facts(store, DAY)} == {"三年级"}


def test_a_bare_grade_of_several_classes_is_marked(store, bring):
    result = bring(
        ["甲", "女", ONE, "三（1）班"], ["乙", "男", TWO, "三（2）班"], ["丙", "女", THREE, "三年级"]
    )
    assert codes(result) == ["class_which"]
    assert facts(store)["丙"].school_class is None


def test_grade_and_class_in_two_columns(store, bring):
    bring(["甲", ONE, "三年级", "2班"], ["乙", TWO, 3, 2], header=["姓名", "身份证号", "年级", "班级"])
    assert {child.school_class.name for child in load_facts(store, DAY)} == {"三（2）班"}


def test_one_sheet_per_class_in_one_go(store, tmp_path):
    path = write_roster(
        tmp_path / "全校.xlsx",
        ["甲", "女", ONE],
        header=["姓名", "性别", "身份证号"],
        sheet="三（1）班",
        **{
            "三（2）班": [["姓名", "性别", "身份证号"], ["乙", "男", TWO]],
            "四年级": [["四年级2班留守儿童名单"], ["姓名", "性别", "身份证号"], ["丙", "女", THREE]],
            "汇总": [["姓名", "性别", "身份证号"], ["甲", "女", ONE], ["乙", "男", TWO]],
            "说明": [["请各班认真填写"]],
        },
    )
    result = import_roster(store, path)
    assert numbers(result.as_json()) == (3, 3, 0, 0, 0)
    assert [facts(store)[name].school_class.name for name in "甲乙丙"] == ["三（1）班", "三（2）班", "四年级"]
    assert any("汇总" in note for note in result.plan.notes)
    assert any("说明" in note for note in result.plan.notes)


def test_one_sheet_by_its_name(store, tmp_path):
    sheets = {"乙班": [["姓名", "性别", "身份证号"], ["乙", "男", TWO]]}
    path = write_roster(tmp_path / "a.xlsx", ["甲", "女", ONE], header=["姓名", "性别", "身份证号"], **sheets)
    assert import_roster(store, path, sheet="乙班").as_json()["rows"] == 1
    assert set(facts(store)) == {"乙"}
    with pytest.raises(UserError) as caught:
        import_roster(store, path, sheet="丙班")
    assert caught.value.key == "import.no_such_sheet"
    assert "乙班" in str(caught.value)


# ---- families ------------------------------------------------------------------------------------

FAMILY = ["姓名", "身份证号", "班级", "父亲姓名", "父亲电话", "母亲姓名", "母亲电话", "监护人", "与儿童关系"]


def test_brothers_and_sisters_share_their_people(store, bring):
    rows = [
        ["曾小雨", ONE, "三年级", "曾德林", "13800000001", "王芳", "", "曾大爷", "爷爷"],
        ["曾小军", TWO, "一年级", "曾德林", "13800000001", "王芳", "", "曾大爷", "爷爷"],
    ]
    bring(*rows, header=FAMILY)
    first, second = facts(store)["曾小雨"], facts(store)["曾小军"]
    assert first.father.uuid == second.father.uuid
    assert first.mother.uuid == second.mother.uuid
    assert first.care.person.uuid == second.care.person.uuid
    assert "是一家" in bring.result.plan.rows[1].detail


def test_equal_names_alone_only_suggest(store, bring):
    rows = [
        ["曾小雨", ONE, "三年级", "曾德林", "13800000001", "王芳", "", "", ""],
        ["曾小军", TWO, "一年级", "曾德林", "13900000009", "王芳", "", "", ""],
    ]
    bring(*rows, header=FAMILY)
    assert facts(store)["曾小雨"].father.uuid != facts(store)["曾小军"].father.uuid
    assert "可能是一家" in bring.result.plan.rows[1].detail


def test_a_new_child_joins_the_family_in_the_ledger(store, bring):
    bring(["曾小雨", ONE, "三年级", "曾德林", "13800000001", "王芳", "", "", ""], header=FAMILY)
    bring(["曾小军", TWO, "一年级", "曾德林", "13800000001", "王芳", "", "", ""], header=FAMILY)
    assert facts(store)["曾小雨"].father.uuid == facts(store)["曾小军"].father.uuid


def test_siblings_over_merged_cells(store, tmp_path):
    path = write_roster(
        tmp_path / "a.xlsx",
        ["曾小雨", ONE, "三年级", "曾德林", "13800000001", "王芳", "", "曾大爷", "爷爷"],
        ["曾小军", TWO, "一年级", None, None, None, None, None, None],
        header=FAMILY,
    )
    book = load_workbook(path)
    for column in "DEFGHI":
        book.active.merge_cells(f"{column}2:{column}3")
    book.save(path)
    import_roster(store, path)
    assert facts(store)["曾小雨"].father.uuid == facts(store)["曾小军"].father.uuid


# ---- dated facts ------------------------------------------------------------------------------

AWAY = ["姓名", "身份证号", "班级", "父亲姓名", "父亲务工地", "父亲外出时间", "父亲电话", "家庭住址"]


def test_first_facts_are_from_unknown_or_from_the_rows_own_date(store, bring):
    bring(
        ["甲", ONE, "三年级", "甲父", "广东", "2024.2", "13800000001", "白水沟村1组"],
        ["乙", TWO, "三年级", "乙父", "广东", "", "13800000002", ""],
        header=AWAY,
    )
    assert facts(store)["甲"].father.away.valid_from == "2024-02"
    assert facts(store)["乙"].father.away.valid_from is None
    assert facts(store)["甲"].residence.village == "白水沟村"


def test_a_different_fact_begins_on_the_data_date(store, bring):
    bring(["甲", ONE, "三年级", "甲父", "广东", "", "13800000001", "白水沟村1组"], header=AWAY)
    result = bring(
        ["甲", ONE, "三年级", "甲父", "浙江", "", "13900000001", ""], header=AWAY, data_date=date(2026, 9, 1)
    )
    assert result["updated"] == 1
    before, after = facts(store, date(2026, 8, 31))["甲"], facts(store)["甲"]
    assert (before.father.away_place, after.father.away_place) == ("广东", "浙江")
    assert after.father.away.valid_from == "2026-09-01"
    assert [p.number for p in after.father.phones] == ["13900000001"]
    assert [p.number for p in before.father.phones] == ["13800000001"]
    assert after.residence.address == "白水沟村1组"
    change = bring.result.plan.rows[0].changes[0]
    assert (change.before, change.after, change.since) == ("广东", "浙江", "2026-09-01")


def test_a_correction_changes_in_place(store, bring):
    bring(["甲", ONE, "三年级", "甲父", "广东", "", "", ""], header=AWAY)
    bring(["甲", ONE, "三年级", "甲父", "浙江", "", "", ""], header=AWAY, correction=True)
    assert facts(store, date(2020, 1, 1))["甲"].father.away_place == "浙江"


def test_a_blank_never_clears(store, bring):
    bring(["甲", ONE, "三年级", "甲父", "广东", "2024-02", "13800000001", "白水沟村1组"], header=AWAY)
    bring(["甲", ONE, "", "", "", "", "", ""], header=AWAY)
    assert bring.result.as_json()["unchanged"] == 1
    bring(["甲", ONE, "无", "—", "/", "", 0, "不详"], header=AWAY)
    child = facts(store)["甲"]
    assert (child.father.name, child.father.away_place, child.residence.address) == (
        "甲父",
        "广东",
        "白水沟村1组",
    )


def test_what_was_entered_for_a_later_day_stays(store, bring, clock):
    bring(["甲", ONE, "三年级", "甲父", "广东", "", "", ""], header=AWAY, data_date=date(2026, 9, 1))
    child = store.one("SELECT id FROM child")[0]
    away = store.one("SELECT id FROM away")[0]
    from app.children.tables import Away, Child

    with store.action("改", kind="child.edit") as action:
        action.update(Child, child, note="在家访时问过")
        action.update(Away, away, place="福建")
    result = bring(
        ["甲", ONE, "三年级", "甲父", "浙江", "", "", ""], header=AWAY, data_date=date(2026, 9, 15)
    )
    assert codes(result) == ["conflict"]
    assert numbers(result) == (1, 0, 0, 1, 0)
    assert facts(store)["甲"].father.away_place == "福建"
    assert "福建" in result["marked"][0]["reason"]


def test_another_father_is_another_person_and_marked(store, bring):
    bring(["甲", ONE, "三年级", "甲父", "广东", "", "", ""], header=AWAY)
    result = bring(["甲", ONE, "三年级", "乙父", "浙江", "", "", ""], header=AWAY)
    assert codes(result) == ["parent_changed"]
    assert facts(store)["甲"].father.name == "乙父"
    assert facts(store, date(2026, 11, 20))["甲"].father.name == "甲父"


def test_a_doubt_that_was_settled_is_not_asked_again(store, bring):
    row = ["甲", "女", ONE[:-1], "一年级"]
    bring(row)
    doubt = store.one("SELECT id FROM doubt")[0]
    from app.children.tables import Doubt

    with store.action("核对", kind="child.doubt") as action:
        action.update(Doubt, doubt, resolved_at="2026-11-21T09:00:00", resolution="原件就是这样")
    assert bring(row)["marked"] == []


# ---- the whole import --------------------------------------------------------------------


def test_undo_takes_the_whole_import_back(store, bring):
    bring(["甲", "女", ONE, "一年级", "双亲留守", "爷爷", "低保"], ["", "男", TWO, "一年级"])
    assert store.one("SELECT count(*) FROM child") == (1,)
    undo(store, bring.result.changes.action_uuid, by="某老师")
    for table in (
        "child",
        "person",
        "registration",
        "enrolment",
        "care",
        "doubt",
        "parked_row",
        "import_run",
    ):
        alive = store.one(f"SELECT count(*) FROM {table} WHERE deleted_at IS NULL")
        assert alive == (0,), table
    assert facts(store) == {}


def test_a_dry_run_is_the_real_import_rolled_back(store, bring):
    rows = [["甲", "女", ONE, "一年级", "双亲留守", "爷爷", "低保"], ["", "男", TWO, "一年级"]]
    before = store.commit_no
    dry = bring(*rows, dry_run=True)
    assert store.commit_no == before
    assert store.one("SELECT count(*) FROM child") == (0,)
    assert dry == bring(*rows)


def test_the_file_is_kept_once_with_its_import(store, bring, tmp_path):
    row = ["甲", "女", ONE, "一年级"]
    bring(row)
    bring(row)
    content = (tmp_path / "花名册.xlsx").read_bytes()
    kept = [zlib.decompress(bytes(found)) for (found,) in store.rows("SELECT content FROM import_file")]
    runs = store.rows("SELECT file_name, data_date, row_count, new_count, unchanged_count FROM import_run")
    assert content in kept
    assert runs[0] == ("花名册.xlsx", "2026-11-21", 1, 1, 0)


def test_a_backup_is_made_before_anything_is_written(store, bring):
    before = store.commit_no
    bring(["甲", "女", ONE, "一年级"])
    (made,) = list_backups(backup_folder_for(store.path))
    assert (made.verified, made.commit_no, made.reason) == (True, before, Reason.BEFORE_IMPORT)


def test_without_a_backup_nothing_is_imported_until_she_says_so(store, bring):
    folder = backup_folder_for(store.path)
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("a file where the folder should be", encoding="utf-8")
    before = store.commit_no
    with pytest.raises(EnvironmentFault) as refused:
        bring(["甲", "女", ONE, "一年级"])
    assert refused.value.key == "backup.not_made_before"
    assert store.commit_no == before
    bring(["甲", "女", ONE, "一年级"], anyway=True)
    assert store.commit_no == before + 1


def test_a_plan_against_an_older_ledger_is_not_written(store, tmp_path):
    from app.children.roster.model import RosterOptions
    from app.children.roster.plan import plan_import
    from app.tasks.import_roster import write_import

    path = write_roster(tmp_path / "a.xlsx", ["甲", "女", ONE, "一年级"], header=HEADER[:4])
    opened = open_roster(store, path)
    plan = plan_import(store, opened.roster, opened.mappings, RosterOptions(DAY))
    import_roster(store, path)
    with pytest.raises(UserError) as caught:
        write_import(store, opened.roster, plan)
    assert caught.value.key == "import.changed_since"


def test_stopping_leaves_nothing(store, tmp_path):
    rows = [
        [f"孩{n}", "女", id_number(f"2017{n // 28 + 1:02d}{n % 28 + 1:02d}", n % 50), "一年级"]
        for n in range(300)
    ]
    path = write_roster(tmp_path / "a.xlsx", *rows, header=HEADER[:4])

    def stop(done, total, words=""):
        if words == "正在写入":
            raise Cancelled

    with pytest.raises(Cancelled):
        import_roster(store, path, progress=stop)
    assert store.one("SELECT count(*) FROM child") == (0,)
    assert [action.kind for action in actions(store)][:1] != ["import"]


def test_children_missing_from_the_file_are_listed_not_removed(store, bring):
    bring(["甲", "女", ONE, "一年级"], ["乙", "男", TWO, "一年级"])
    bring(["甲", "女", ONE, "一年级"])
    assert [child.name for child in bring.result.plan.missing] == ["乙"]
    assert bring.result.plan.told()[-1] == "一年级有 1 名在册儿童不在表里，没有动"
    assert facts(store)["乙"].registration is not None


def test_rejects_come_back_with_their_reason_and_go_in_when_put_right(store, bring, tmp_path):
    out = tmp_path / "待处理.xlsx"
    bring(
        ["", "男", TWO, "一年级", "父亲外出", "=cmd|' /C calc'!A0", "孤儿"],
        ["甲", "女", ONE, "一年级"],
        rejects=out,
    )
    sheet = load_workbook(out).active
    header = [cell.value for cell in sheet[1]]
    assert header[-3:] == ["待处理原因", "原表", "原行"]
    assert (sheet.cell(2, len(header)).value, sheet.cell(2, len(header) - 1).value) == ("2", "花名册")
    assert all(cell.data_type != "f" for cell in sheet[2])
    sheet.cell(2, 1).value = "乙"
    book = sheet.parent
    sheet.insert_cols(1)
    sheet.cell(1, 1).value, sheet.cell(2, 1).value = "姓名", "乙"
    book.save(out)
    result = import_roster(store, out)
    assert numbers(result.as_json())[:2] == (1, 1)
    assert facts(store)["乙"].id_number == TWO


def test_formulas_and_odd_characters_are_only_text(store, bring):
    header = ["姓名", "身份证号", "班级", "家庭住址", "备注"]
    bring(["甲", ONE, "一年级", "-1村", "@SUM(A1)"], header=header)
    assert facts(store)["甲"].note == "@SUM(A1)"


def test_hidden_rows_columns_and_sheets_are_named(store, tmp_path):
    rows = [["甲", "女", ONE, "一年级"], ["乙", "男", TWO, "一年级"]]
    old = [HEADER[:4], ["丙", "女", THREE, "一年级"]]
    path = write_roster(tmp_path / "a.xlsx", *rows, header=HEADER[:4], 旧表=old)
    book = load_workbook(path)
    book["花名册"].row_dimensions[3].hidden = True
    book["花名册"].column_dimensions["B"].hidden = True
    book["旧表"].sheet_state = "hidden"
    book.save(path)
    result = import_roster(store, path)
    assert set(facts(store)) == {"甲", "乙"}
    notes = "\n".join(result.plan.notes)
    assert "第 3 行" in notes
    assert "B 列" in notes
    assert "旧表" in notes


def test_unknown_columns_and_totals_are_named(store, bring):
    bring(
        ["甲", "女", ONE, "一年级", "x"],
        ["合计", "", "", "", ""],
        ["合计", 5],
        header=[*HEADER[:4], "车牌号"],
    )
    notes = "\n".join(bring.result.plan.notes)
    assert "车牌号" in notes
    assert "合计写的是 5" in notes


def test_a_masked_ledger_is_not_read_back(store, tmp_path):
    path = write_roster(tmp_path / "a.xlsx", ["甲", "女", ONE, "一年级"], header=HEADER[:4])
    book = load_workbook(path)
    book.properties.subject = "shouwang-ledger-masked"
    book.save(path)
    with pytest.raises(UserError) as caught:
        open_roster(store, path)
    assert caught.value.key == "import.masked_ledger"


@pytest.mark.parametrize(
    ("rows", "key"),
    [([["通知"], ["请填写"]], "import.no_header"), ([["姓名", "性别", "班级"]], "import.no_rows")],
)
def test_a_workbook_without_children_is_refused_in_words(store, tmp_path, rows, key):
    path = write_roster(tmp_path / "a.xlsx", *rows[1:], header=rows[0])
    with pytest.raises(UserError) as caught:
        import_roster(store, path)
    assert caught.value.key in (key, "import.no_header")
