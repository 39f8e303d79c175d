"""What a roster says of the carer in one column, and what is not written of the carer: that is never made up."""

from datetime import date, datetime

import pytest

from app.children.roster.model import RosterOptions
from app.children.roster.plan import plan_import
from app.core.clock import FixedClock
from app.storage.store import Store
from app.tasks.create import create_school
from app.tasks.import_roster import import_roster, open_roster
from tests.app.tasks.rosters import id_number, write_roster

CHILD = ["田小禾", "男", id_number(girl=False), "云溪村3组"]
KNOWN = ["姓名", "性别", "身份证号", "家庭住址"]
PHONE = "13907431111"
CARE = (
    "SELECT p.name, k.relation, c.kind FROM care c LEFT JOIN person p ON p.id = c.person_id"
    " LEFT JOIN kinship k ON k.person_id = p.id WHERE c.deleted_at IS NULL AND c.valid_to IS NULL"
)
FAMILY = (
    "SELECT p.name, k.relation, k.label, n.number FROM kinship k JOIN person p ON p.id = k.person_id"
    " LEFT JOIN phone n ON n.person_id = p.id WHERE k.deleted_at IS NULL"
)
GRANDFATHER = ("田老根", "paternal_grandfather", "grandparents")


@pytest.fixture
def read(tmp_path):
    """`read({head: cell})` imports one child and returns what was told, who cares for it and the family."""
    path = tmp_path / "守望.db"
    clock = FixedClock(datetime(2026, 11, 21, 9))
    create_school(path, clock=clock, name="青石坪镇中心小学")

    def run(more):
        row, header = [*CHILD, *more.values()], [*KNOWN, *more]
        roster = write_roster(tmp_path / "花名册.xlsx", row, header=header)
        with Store.open(path, clock=clock) as store:
            told = import_roster(store, roster).as_json()
            return told, store.rows(CARE), store.rows(FAMILY)

    return run


@pytest.mark.parametrize(
    ("head", "cell"),
    [
        ("监护人/关系", "爷爷田老根"),
        ("监护人/关系", "田老根/爷爷"),
        ("监护人／关系", "田老根 爷爷"),
        ("监护人（关系）", "田老根（爷爷）"),
        ("监护人及关系", "爷爷-田老根"),
        ("监护人姓名及与儿童关系", "田老根，爷爷"),
        ("监护人、关系", "爷爷田老根"),
        ("监护人", "田老根爷爷"),
    ],
)
def test_name_and_relation_in_one_column(read, head, cell):
    _, care, family = read({head: cell, "监护人电话": PHONE})

    assert care == [GRANDFATHER]
    assert family == [("田老根", "paternal_grandfather", "爷爷", PHONE)]


def test_name_relation_and_number_in_one_column(read):
    _, care, family = read({"监护人/关系/电话": f"田老根/爷爷/{PHONE}"})

    assert care == [GRANDFATHER]
    assert family == [("田老根", "paternal_grandfather", "爷爷", PHONE)]


COUPLE = [
    ("刘顺昌", "paternal_grandfather", None, "13900000001"),
    ("何玉梅", "paternal_grandmother", None, "13900000002"),
]


@pytest.mark.parametrize(
    "cell",
    [
        "爷爷刘顺昌13900000001、奶奶何玉梅13900000002",
        "刘顺昌爷爷13900000001，何玉梅奶奶13900000002",
        "刘顺昌（爷爷）13900000001 何玉梅（奶奶）13900000002",
    ],
)
def test_two_carers_each_with_who_that_is(read, cell):
    _, care, family = read({"监护人及电话": cell})

    assert care == [("刘顺昌", "paternal_grandfather", "grandparents")]
    assert [(name, relation, number) for name, relation, _, number in family] == [
        (name, relation, number) for name, relation, _, number in COUPLE
    ]


def test_the_second_of_two_carers_under_one_relation_is_kept(read):
    _, care, family = read({"监护人": "刘顺昌、何玉梅", "关系": "爷爷"})

    assert care == [("刘顺昌", "paternal_grandfather", "grandparents")]
    assert [row[0] for row in family] == ["刘顺昌", "何玉梅"]


def test_mother_and_father_named_in_this_order_are_not_mixed_up(read):
    _, _, family = read({"监护人": "母亲李梅、父亲王大山"})

    assert {(name, relation) for name, relation, _, _ in family} == {("李梅", "mother"), ("王大山", "father")}


@pytest.mark.parametrize("cell", ["田小禾爷爷", "小禾爷爷"])
def test_a_carer_called_after_the_child_has_no_name_yet(read, cell):
    _, care, family = read({"监护人": cell, "监护人电话": PHONE})

    assert care == [(None, "paternal_grandfather", "grandparents")]
    assert family == [(None, "paternal_grandfather", "爷爷", PHONE)]


def test_a_parent_called_after_the_child_has_no_name_yet(read):
    _, _, family = read({"家长": "小禾妈妈", "家长电话": PHONE})

    assert [(name, relation, number) for name, relation, _, number in family] == [(None, "mother", PHONE)]


@pytest.mark.parametrize("cell", ["王大伯母", "张爷爷奶奶", "李小姨妈", "曾祖爷爷"])
def test_what_is_no_whole_name_before_a_relation_is_no_name_of_anybody(read, cell):
    _, care, _ = read({"监护人": cell})

    assert care == [(cell, None, "other")]


@pytest.mark.parametrize(("cell", "name"), [("曾国强爷爷", "曾国强"), ("太平爷爷", "太平")])
def test_a_surname_is_no_older_generation(read, cell, name):
    _, care, _ = read({"监护人": cell})

    assert care == [(name, "paternal_grandfather", "grandparents")]


def test_a_neighbour_is_no_grandmother(read):
    _, care, _ = read({"监护人": "隔壁奶奶"})

    assert care == [("隔壁奶奶", None, "other")]


@pytest.mark.parametrize(
    ("head", "cell"),
    [("家长/关系", "田老根/爷爷"), ("家长及关系", "爷爷田老根"), ("家长姓名、关系", "田老根（爷爷）")],
)
def test_parent_and_relation_in_one_column(read, head, cell):
    _, care, family = read({head: cell, "家长电话": PHONE})

    assert care == []
    assert family == [("田老根", "paternal_grandfather", "爷爷", PHONE)]


def test_both_parents_with_their_numbers_in_one_column(read):
    _, _, family = read({"家长/关系/电话": "父亲王大山13900000001、母亲李梅13900000002"})

    assert {(name, relation, number) for name, relation, _, number in family} == {
        ("王大山", "father", "13900000001"),
        ("李梅", "mother", "13900000002"),
    }


def test_a_number_of_somebody_unnamed_tells_nobody_who_cares(read):
    told, care, family = read({"监护人电话": PHONE})

    assert care == []
    assert family == [(None, "other", "监护人", PHONE)]
    assert [mark["code"] for mark in told["marked"]] == ["carer_unnamed"]


def test_the_same_roster_again_changes_nothing(read):
    read({"监护人电话": PHONE})
    told, care, family = read({"监护人电话": PHONE})

    assert (told["unchanged"], told["updated"]) == (1, 0)
    assert care == []
    assert family == [(None, "other", "监护人", PHONE)]


def test_the_name_that_comes_later_is_given_to_whose_number_was_known(read):
    read({"监护人电话": PHONE})
    _, care, family = read({"监护人/关系": "爷爷田老根", "监护人电话": PHONE})

    assert care == [GRANDFATHER]
    assert family == [("田老根", "paternal_grandfather", "爷爷", PHONE)]


def test_a_number_alone_is_the_known_carers(read):
    read({"监护人/关系": "爷爷田老根"})
    _, care, family = read({"监护人电话": PHONE})

    assert care == [GRANDFATHER]
    assert family == [("田老根", "paternal_grandfather", "爷爷", PHONE)]


def test_a_relative_that_comes_later_is_no_longer_only_the_carer(read):
    read({"监护人电话": PHONE})
    _, care, family = read({"监护人/关系": "表姨/李桂花", "监护人电话": PHONE})

    assert care == [("李桂花", "other_relative", "relatives")]
    assert family == [("李桂花", "other_relative", "表姨", PHONE)]


def test_a_filled_column_of_the_carer_that_nobody_knows_is_asked_for(tmp_path):
    clock = FixedClock(datetime(2026, 11, 21, 9))
    create_school(tmp_path / "守望.db", clock=clock, name="青石坪镇中心小学")
    roster = write_roster(
        tmp_path / "花名册.xlsx", [*CHILD, "田老根", "鱼"], header=[*KNOWN, "监护人姓与名", "爱吃的"]
    )
    with Store.open(tmp_path / "守望.db", clock=clock) as store:
        opened = open_roster(store, roster)
        plan = plan_import(store, opened.roster, opened.mappings, RosterOptions(date(2026, 11, 21)))

    (note,) = [note for note in plan.notes if "多数行" in note]
    assert "「监护人姓与名」" in note
    assert "爱吃的" not in note
