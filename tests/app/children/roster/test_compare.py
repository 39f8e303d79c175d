"""A waiting row beside the child of the ledger who may be the same."""

from datetime import date, datetime

import pytest

from app.children.codes import AwayState, Relation, Sex
from app.children.drafts import ChildDraft, PersonDraft
from app.children.roster.compare import compare_row
from app.children.roster.model import RosterOptions
from app.children.roster.plan import plan_import
from app.children.service import add_child
from app.core.clock import FixedClock
from app.school.codes import Stage
from app.school.rules import ClassRef
from app.storage.store import Store
from app.tasks.create import create_school
from app.tasks.import_roster import open_roster
from tests.app.tasks.rosters import write_roster
from tests.ledgers import copy_ledger

HEADER = ["姓名", "性别", "出生年月", "班级", "父亲姓名", "父亲电话", "母亲姓名", "现住址"]
DRAFT = ChildDraft(
    name="曾晓雨",
    sex=Sex.FEMALE,
    birth_date="2018-05-20",
    class_ref=ClassRef(Stage.PRIMARY, 2024, 2),
    address="白水沟村 4 组 9 号",
    people=(
        PersonDraft(relation=Relation.FATHER, name="曾德林", away=AwayState.OUT, phones=("13345675528",)),
    ),
)


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    path = tmp_path_factory.mktemp("school") / "守望.db"
    clock = FixedClock(datetime(2026, 11, 21, 9))
    create_school(path, clock=clock, name="青石坪镇中心小学")
    with Store.open(path, clock=clock) as store:
        add_child(store, draft=DRAFT)
    return path


@pytest.fixture
def compared(school, tmp_path, clock):
    """`compared(row)` is what both sides say, by label."""
    path = tmp_path / "守望.db"
    copy_ledger(school, path)

    def compare(*row):
        with Store.open(path, clock=clock) as store:
            opened = open_roster(store, write_roster(tmp_path / "花名册.xlsx", list(row), header=HEADER))
            plan = plan_import(store, opened.roster, opened.mappings, RosterOptions(date(2026, 11, 21)))
            (planned,) = plan.rows
            fields = compare_row(store, planned.raw, planned.candidates[0].uuid)
        return {field.label: (field.in_row, field.in_ledger, field.differs) for field in fields}

    return compare


def test_both_sides_stand_beside_each_other_and_differences_are_told(compared):
    sides = compared("曾晓雨", "女", "2018-05", "三（2）班", "曾德林", "18612349031", "张三", "白水沟 4 组")
    assert sides["性别"] == ("女", "女", False)
    assert sides["班级"] == ("三（2）班", "三（2）班", False)
    assert sides["父亲"] == ("曾德林", "曾德林", False)
    assert sides["父亲电话"] == ("186****9031", "133****5528", True)
    assert sides["母亲"] == ("张三", "", False)
    assert sides["住址"] == ("白水沟 4 组", "白水沟村 4 组 9 号", True)


def test_a_month_is_no_difference_from_a_day_in_it(compared):
    assert compared("曾晓雨", "女", "2018-05", "三（2）班", "", "", "", "")["出生"][2] is False
    assert compared("曾晓雨", "女", "2018-06", "三（2）班", "", "", "", "")["出生"][2] is True


def test_numbers_that_only_look_alike_when_masked_are_shown_whole(compared):
    sides = compared("曾晓雨", "女", "", "三（2）班", "曾德林", "13300005528", "", "")
    assert sides["父亲电话"] == ("13300005528", "13345675528", True)


def test_what_neither_side_says_is_left_out(compared):
    assert "学籍号" not in compared("曾晓雨", "女", "", "三（2）班", "", "", "", "")
