"""Children with one telephone number: asked once whether they are brothers and sisters, and never guessed."""

from functools import partial

import pytest

from app.children.codes import AwayState, CareKind, Relation
from app.children.drafts import ChildDraft, PersonDraft
from app.children.finding import siblings
from app.children.same_phone import MOST, shared_phones, shared_phones_renewed
from app.children.service import add_child
from app.core.errors import UserError
from app.dossier.same_family import join_family, not_one_family
from app.dossier.service_bin import move_to_bin
from app.pairing.roll import siblings_of_all
from app.storage.history import undo
from app.todo.kept import kept

NUMBER = "13800006217"


def parent(relation=Relation.FATHER, name="覃大勇", phones=(NUMBER,), **more):
    return PersonDraft(relation=relation, name=name, phones=phones, **more)


def looked(store):
    """Return what is asked, which is the same when only what was saved since the last look is looked at."""
    fresh = shared_phones(store)
    renewed = partial(shared_phones_renewed, store)
    assert kept(store, "shared phones", partial(shared_phones, store), renewed) == fresh
    return fresh


def add(store, name, *people, **more):
    draft = ChildDraft(name=name, people=people, **more)
    add_child(store, draft=draft)
    return draft.uuid


def asked(store):
    return [(one.number, {child.name for child in one.children}) for one in looked(store)]


def answer(store, service=join_family):
    (one,) = looked(store)
    return service(store, child_uuids=[child.uuid for child in one.children], number=one.number)


def refused(key):
    return pytest.raises(UserError, check=lambda error: error.key == key)


@pytest.fixture
def two(store):
    """A brother and a sister: of her father only the number is known, and nobody wrote down whose it is."""
    brother = add(store, "覃晓龙", parent(), parent(Relation.MOTHER, "向梅", ()))
    sister = add(store, "覃晓雨", parent(name=None), parent(Relation.MOTHER, "向梅", ()))
    return brother, sister


def test_it_is_asked_of_one_number_and_not_of_who_share_a_parent_already(store, two):
    assert asked(store) == [(NUMBER, {"覃晓龙", "覃晓雨"})]
    add(store, "向阳", parent(name="向东", phones=("13900001111",)))
    add(store, "向晴", parent(name="向东", phones=("13900001111",)))  # certain: the same father
    assert asked(store) == [(NUMBER, {"覃晓龙", "覃晓雨"})]
    (one,) = looked(store)
    assert {child.whose for child in one.children} == {"父亲"}


def test_one_family_shares_its_parents_and_it_can_be_taken_back(store, two):
    brother, sister = two
    changes = answer(store)
    assert [child.uuid for child in siblings(store, brother)] == [sister]
    assert siblings_of_all(store)[brother] == {sister}, "the suggestion of pairs keeps them together"
    assert looked(store) == []
    undo(store, changes.action_uuid, by=None)
    assert siblings(store, brother) == []
    assert asked(store) == [(NUMBER, {"覃晓龙", "覃晓雨"})]


def test_not_one_family_is_remembered_until_another_child_has_the_number(store, two):
    changes = answer(store, not_one_family)
    assert looked(store) == []
    add(store, "龙婷", phone=NUMBER)
    assert asked(store) == [(NUMBER, {"覃晓龙", "覃晓雨", "龙婷"})]
    undo(store, changes.action_uuid, by=None)
    assert len(looked(store)) == 1


def test_who_has_no_parent_yet_is_given_the_one_whose_number_it_is(store):
    brother = add(store, "覃晓龙", parent())
    sister = add(store, "覃晓雨", phone=NUMBER)
    answer(store)
    assert [child.name for child in siblings(store, sister)] == ["覃晓龙"]
    assert [child.name for child in siblings(store, brother)] == ["覃晓雨"]


def test_cousins_at_one_grandmother_do_not_become_brothers(store):
    granny = parent(Relation.PATERNAL_GRANDMOTHER, "田秀英")
    add(store, "覃晓龙", parent(name="覃大勇", phones=()), granny)
    add(store, "覃晓雨", parent(name="覃二勇", phones=()), granny)
    with refused("family.parents_differ"):
        answer(store)
    assert len(looked(store)) == 1
    answer(store, not_one_family)
    assert looked(store) == []


def test_where_fathers_are_written_differently_nothing_is_thrown_away(store):
    add(store, "覃晓龙", parent(away=AwayState.OUT, place="广东东莞"))
    add(store, "覃晓雨", parent(name=None, away=AwayState.OUT, place="浙江义乌"))
    with refused("family.parents_differ"):
        answer(store)


def test_without_any_parent_there_is_nothing_to_share(store):
    add(store, "覃晓龙", phone=NUMBER)
    add(store, "覃晓雨", phone=NUMBER, care_kind=CareKind.GRANDPARENTS)
    with refused("family.no_parent"):
        answer(store)


def test_of_an_office_and_of_one_name_nothing_is_asked(store):
    for _ in range(2):
        add(store, "覃晓龙", phone=NUMBER)  # two files of one child are another question
    assert looked(store) == []
    for place in range(MOST):
        add(store, f"向{'一二三四五六'[place]}", phone=NUMBER)
    assert looked(store) == []


def test_of_two_numbers_of_the_same_children_one_is_asked_about(store):
    other = "13800006218"
    add(store, "覃晓龙", phone=f"{NUMBER}、{other}")
    add(store, "覃晓雨", phone=f"{NUMBER}、{other}")
    assert asked(store) == [(NUMBER, {"覃晓龙", "覃晓雨"})]
    third = add(store, "龙婷", phone=NUMBER)
    assert asked(store) == [
        (NUMBER, {"覃晓龙", "覃晓雨", "龙婷"}),
        (other, {"覃晓龙", "覃晓雨"}),
    ]
    move_to_bin(store, uuids=[third])
    assert asked(store) == [(NUMBER, {"覃晓龙", "覃晓雨"})]
