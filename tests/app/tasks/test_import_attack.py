"""Rosters read with the eyes of somebody who wants them to count wrong: sentences, told fates, formulas, run-on words."""

from datetime import date

import pytest

from app.children.codes import CareKind, LifeStatus, Relation
from app.children.queries import load_facts
from app.children.roster.reading.care import read_carer, read_relation
from app.children.roster.reading.categories import read_parent_fate
from app.children.roster.reading.clauses import read_clauses
from app.children.roster.reading.dates import read_date
from app.core.errors import UserError
from app.statistics.queries import stats
from app.statistics.shape import as_plain
from app.tasks.import_roster import import_roster
from tests.app.tasks.rosters import id_number, write_roster

DAY = date(2026, 11, 21)


def counts(store):
    found = as_plain(stats(store, DAY))
    return tuple(
        found[key] for key in ("both_parents_out", "one_parent_out", "no_parent_out", "parents_not_collected")
    )


BOTH, ONE, NONE, UNKNOWN = (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1)


@pytest.mark.parametrize(
    ("written", "counted"),
    [
        ("父亲在外务工、母亲在家", ONE),
        ("父亲在广东务工，母亲在家务农", ONE),
        ("父外出，母亡", ONE),
        ("父亡母外出", ONE),
        ("父亲外出打工母亲去世", ONE),
        ("父母离异，随父，父外出", ONE),
        ("爸爸在外打工", ONE),
        ("父母一方外出，另一方无监护能力", ONE),
        ("父", ONE),
        ("单", ONE),
        ("父、母外出", BOTH),
        ("父母皆外出", BOTH),
        ("双亲外出务工", BOTH),
        ("父亲在广东打工，母亲在浙江打工", BOTH),
        ("双", BOTH),
        ("父母双亡", NONE),
        ("父亲在本地务工，母亲在家", NONE),
        ("看情况", UNKNOWN),
        ("父亲外出又回来了", UNKNOWN),
    ],
)
def test_a_status_may_be_a_sentence(store, tmp_path, written, counted):
    row = ["曾小雨", "女", id_number(), written]
    path = write_roster(tmp_path / "a.xlsx", row, header=["姓名", "性别", "身份证号", "父母外出情况"])
    result = import_roster(store, path).as_json()
    assert counts(store) == counted
    assert bool(result["marked"]) == (counted == UNKNOWN)


def test_a_sentence_that_is_not_understood_to_its_end_says_nothing():
    assert read_clauses("父亲外出又回来了") is None
    assert read_clauses("父亲外出，父亲在家") is None
    assert read_clauses("外出") is None
    assert read_clauses("父外出，母亡") is not None


@pytest.mark.parametrize(
    ("father", "place", "fate"),
    [
        ("王大", "2015年去世", LifeStatus.DEAD),
        ("王大", "病故（2019）", LifeStatus.DEAD),
        ("王大山已故", "", LifeStatus.DEAD),
        ("王大 亡", "", LifeStatus.DEAD),
        ("（已亡）", "", LifeStatus.DEAD),
        ("王大", "因车祸身亡", LifeStatus.DEAD),
    ],
)
def test_the_dead_are_never_out(store, tmp_path, father, place, fate):
    row = ["曾小雨", "女", id_number(), father, place, "李芳", "广东"]
    header = ["姓名", "性别", "身份证号", "父亲姓名", "父亲务工地", "母亲姓名", "母亲务工地"]
    import_roster(store, write_roster(tmp_path / "a.xlsx", row, header=header))
    assert counts(store) == ONE
    person = next(iter(load_facts(store, DAY))).relative(Relation.FATHER)
    assert person.life_status is fate
    assert person.name in (None, "王大", "王大山")


@pytest.mark.parametrize("place", ["在家（残疾）", "在家养病", "家里务农", "本地打零工"])
def test_at_home_in_more_words_is_at_home(store, tmp_path, place):
    row = ["曾小雨", "女", id_number(), "王大", place, "李芳", "广东"]
    header = ["姓名", "性别", "身份证号", "父亲姓名", "父亲务工地", "母亲姓名", "母亲务工地"]
    import_roster(store, write_roster(tmp_path / "a.xlsx", row, header=header))
    assert counts(store) == ONE


@pytest.mark.parametrize("place", ["家具厂（东莞）", "在家乐福超市", "广东佛山家电厂"])
def test_a_place_that_begins_like_home_is_a_place(store, tmp_path, place):
    row = ["曾小雨", "女", id_number(), "王大", place, "李芳", "在家"]
    header = ["姓名", "性别", "身份证号", "父亲姓名", "父亲务工地", "母亲姓名", "母亲务工地"]
    import_roster(store, write_roster(tmp_path / "a.xlsx", row, header=header))
    assert counts(store) == ONE


def test_a_row_of_formulas_without_values_waits(store, tmp_path):
    rows = [
        ["曾小雨", "女", id_number(), "三（1）班"],
        ["=A9", "女", "=C9", "=D9"],
        ["=A9", "=B9", "=C9", "=D9"],
    ]
    path = write_roster(tmp_path / "a.xlsx", *rows, header=["姓名", "性别", "身份证号", "班级"])
    result = import_roster(store, path).as_json()
    assert (result["rows"], result["new"]) == (3, 1)
    assert [(parked["row"], parked["code"]) for parked in result["parked"]] == [
        (3, "no_name"),
        (4, "no_name"),
    ]
    assert {"A3", "A4"} <= {mark["cell"] for mark in result["marked"]}


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("叔叔婶婶", CareKind.RELATIVES),
        ("伯父伯母", CareKind.RELATIVES),
        ("外祖母 李四", CareKind.GRANDPARENTS),
        ("爷爷外婆", CareKind.GRANDPARENTS),
    ],
)
def test_relations_written_in_one_go(written, kind):
    assert read_relation(written).kind is kind


def test_a_bracket_that_begins_the_carer_stays(store, tmp_path):
    assert read_carer("（外）祖父母").relation.kind is CareKind.GRANDPARENTS
    path = write_roster(
        tmp_path / "a.xlsx",
        ["曾小雨", "女", id_number(), "（外）祖父母"],
        header=["姓名", "性别", "身份证号", "监护人"],
    )
    import_roster(store, path)
    assert as_plain(stats(store, DAY))["care"]["grandparents"] == 1


def test_both_parents_of_a_remark_are_two():
    assert read_parent_fate("父母双亡") == ((Relation.FATHER, Relation.MOTHER), LifeStatus.DEAD)


@pytest.mark.parametrize(
    "written", ["2014。5。3", "2014 5 3", "2014.5.3生", "１４．５．３", "2014 05 03 00:00:00"]
)
def test_dates_with_full_width_points_and_spaces(written):
    assert read_date(written, latest_year=2026, of_child=True).value == "2014-05-03"


def test_rows_that_only_explain_are_no_children(store, tmp_path):
    rows = [
        [1, 2, 3, 4],
        ["（必填）", "（男/女）", "（18位）", "（如：三（1）班）"],
        ["曾小雨", "女", id_number(), "三（1）班"],
        ["班级小计", "", "", "1人"],
        ["王合计", "女", id_number(serial=3), "三（1）班"],
        ["三年级合计", "", "", 2],
    ]
    path = write_roster(tmp_path / "a.xlsx", *rows, header=["姓名", "性别", "身份证号", "班级"])
    result = import_roster(store, path).as_json()
    assert (result["rows"], result["new"], result["parked"], result["marked"]) == (2, 2, [], [])


@pytest.mark.parametrize(
    ("header", "rows", "key"),
    [
        (["姓名", "性别", "身份证号"], [], "import.no_rows"),
        (["性别", "身份证号", "班级"], [["女", id_number(), "三（1）班"]], "import.no_name_column"),
        (["甲", "乙", "丙"], [["1", "2", "3"]], "import.no_header"),
    ],
)
def test_what_is_missing_is_named(store, tmp_path, header, rows, key):
    with pytest.raises(UserError) as caught:
        import_roster(store, write_roster(tmp_path / "a.xlsx", *rows, header=header))
    assert caught.value.key == key
