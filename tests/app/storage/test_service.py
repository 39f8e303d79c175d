"""What a public service does with a wrong code, a row that is gone and a value that the tables refuse."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import peewee
import pytest
from msgspec import Struct

from app.children.codes import CareGrade, Relation, Sex
from app.children.tables import Child
from app.core.clock import FixedClock
from app.core.errors import UserError
from app.school.codes import DayKind
from app.storage.action import NoSuchRow
from app.storage.service import service
from app.storage.store import Store
from app.tasks.create import create_school


class Draft(Struct, frozen=True):
    """One with a code in it."""

    name: str
    sex: Sex | None = None
    relations: tuple[Relation, ...] = ()


@service
def given(
    store: object,
    *,
    grade: CareGrade | None = None,
    kind: DayKind = DayKind.HOLIDAY,
    value: str | Sex | None = None,
    drafts: Sequence[Draft] | None = None,
    pairs: Sequence[tuple[str, Sex]] = (),
    some: Collection[Sex] = (),
    sides: Mapping[Sex, Relation] | None = None,
) -> tuple[object, ...]:
    """Hand back what came."""
    return grade, kind, value, drafts, pairs, some, sides


def refused(**arguments):
    with pytest.raises(UserError) as found:
        given(None, **arguments)
    assert "乱" in str(found.value)
    return found.value.key


def test_a_text_that_is_a_code_becomes_it_and_what_is_one_stays():
    made = given(
        None,
        grade=next(iter(CareGrade)).value,
        kind="holiday",
        drafts=[Draft("李娜", sex="2")],
        pairs=[("2", "1")],
    )
    assert made[0] is next(iter(CareGrade))
    assert made[1] is DayKind.HOLIDAY
    assert made[3] == [Draft("李娜", sex=Sex.FEMALE)]
    assert made[3][0].sex is Sex.FEMALE
    assert made[4] == [("2", Sex.MALE)]
    draft = Draft("李娜", sex=Sex.FEMALE, relations=(Relation.FATHER,))
    assert given(None, drafts=[draft])[3][0] is draft, "nothing is made anew that is right"


@pytest.mark.parametrize(
    "wrong",
    [
        {"grade": "乱"},
        {"kind": "乱"},
        {"drafts": [Draft("李娜", sex="乱")]},
        {"drafts": (Draft("李娜", relations=("father", "乱")),)},
        {"pairs": [("2", "乱")]},
        {"some": {"乱"}},
        {"sides": {"乱": "father"}},
        {"sides": {"1": "乱"}},
    ],
)
def test_a_wrong_code_is_refused_wherever_it_stands(wrong):
    assert refused(**wrong) == "service.code"


def test_the_codes_of_a_mapping_are_read_on_both_sides():
    read = given(None, sides={"1": "father"})[6]
    assert [(type(key), type(one)) for key, one in read.items()] == [(Sex, Relation)]
    right = {Sex.MALE: Relation.FATHER}
    assert given(None, sides=right)[6] is right


def test_a_code_of_another_kind_is_refused_and_one_of_its_own_stays():
    with pytest.raises(UserError) as found:
        given(None, grade=Relation.FATHER)
    assert found.value.key == "service.code"
    assert given(None, value=Relation.FATHER)[2] is Relation.FATHER, "any text may stand here"
    assert given(None, kind=DayKind.HOLIDAY)[1] is DayKind.HOLIDAY


@service
def write_straight(store: Store, *, values: Mapping[str, object]) -> None:
    """Write a child as it is given."""
    with store.action("试", kind="test") as action:
        action.insert(Child, **values)


@pytest.mark.parametrize(("wrong", "column"), [({"sex": "9"}, "child.sex"), ({"name": None}, "child.name")])
def test_the_field_that_the_tables_refuse_is_named(tmp_path, wrong, column):
    clock = FixedClock(datetime(2026, 11, 21, 9))
    create_school(tmp_path / "守望.db", clock=clock, name="青石坪镇中心小学")
    with Store.open(tmp_path / "守望.db", clock=clock) as store:
        with pytest.raises(UserError) as found:
            write_straight(store, values={"name": "李娜", "initials": "ln"} | wrong)
        assert (found.value.key, found.value.code) == ("service.rule", column)
        assert "「儿童」里有一项存不进数据" in str(found.value)
        assert store.rows("SELECT id FROM child") == []


def test_a_field_that_may_hold_any_text_may_hold_this_one():
    assert given(None, value="乱")[2] == "乱"


@pytest.mark.parametrize(
    ("broken", "key"),
    [
        (NoSuchRow("no row"), "service.gone"),
        (peewee.IntegrityError("CHECK"), "service.rule"),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"), "service.rule"),
    ],
)
def test_what_breaks_in_the_tables_is_said_in_words(broken, key):
    @service
    def act(store: object) -> None:
        raise broken

    with pytest.raises(UserError) as found:
        act(None)
    assert found.value.key == key
    assert found.value.__cause__ is broken


def test_a_mistake_of_the_program_stays_one():
    @service
    def act(store: object) -> None:
        raise KeyError

    with pytest.raises(KeyError):
        act(None)
