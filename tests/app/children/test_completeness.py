"""The five that must be clear, what each weighs, and who lacks what."""

import pytest
from hypothesis import given
from msgspec.structs import replace

from app.children.codes import CareGrade, CareKind, CarePaperKind, HealthStatus, PhoneResult
from app.children.completeness import Clear, completeness, gap_lists
from app.children.facts import CareFacts, CarePaperFacts, HealthFacts, ResidenceFacts
from app.children.person_facts import PhoneFacts
from tests.app.children.builders import child, father, mother, person
from tests.app.children.test_derive import IN_CLASS, KNOWN

PARENT = {"out": True, "id_number": "11010519491231002X", "phones": ("13800000000",), "place": "福建晋江"}


def full(dad=None, mum=None):
    gran = person("paternal_grandmother", id_number="1", phones=("13900000000",))
    return child(
        dad or father(**PARENT),
        mum or mother(**PARENT),
        gran,
        sex="1",
        birth_date="2017-03-08",
        ethnicity="15",
        id_number="500000201703080000",
        student_registry_no="G500000201703080000",
        enrolment=IN_CLASS,
        household="agricultural",
        residence=ResidenceFacts(uuid="r", village="白水沟村"),
        personality="开朗",
        hobbies="画画",
        health=HealthFacts(uuid="h", status=HealthStatus.GOOD),
        care=CareFacts(uuid="c", kind=CareKind.GRANDPARENTS, person=gran, grade=CareGrade.GOOD),
        care_papers=(CarePaperFacts(uuid="p", kind=CarePaperKind.ENTRUSTMENT, done=True),),
    )


def gaps(known):
    return [gap.words for gap in completeness(known).gaps]


def test_a_file_without_gaps_is_complete():
    complete = completeness(full())
    assert (complete.percent, complete.gaps, complete.words) == (100, (), "齐")


@pytest.mark.parametrize(
    ("change", "words", "clear"),
    [
        ({"hobbies": None}, "兴趣爱好", Clear.HOBBIES),
        ({"personality": ""}, "性格特征", Clear.PERSONALITY),
        ({"health": None}, "健康状况", Clear.HEALTH),
        ({"student_registry_no": None}, "学籍号", Clear.BASICS),
        ({"care_papers": ()}, "委托书", Clear.CONTACTS),
    ],
)
def test_one_missing_fact_is_named(change, words, clear):
    complete = completeness(replace(full(), **change))
    assert complete.words == f"缺 {words}"
    assert complete.gaps[0].clear is clear
    assert 80 < complete.percent < 100


def test_two_missing_facts_are_counted():
    assert completeness(replace(full(), hobbies=None, personality=None)).words == "缺 2 项"


@pytest.mark.parametrize("life", ["dead", "missing"])
def test_nothing_is_asked_of_a_dead_or_missing_parent(life):
    assert gaps(full(mum=mother(life=life, name=None))) == []


def test_of_a_parent_out_of_contact_only_the_name_is_asked():
    assert gaps(full(mum=mother(life="out_of_contact", name=None))) == ["母亲姓名"]


def test_what_is_asked_of_a_parent():
    assert gaps(full(mum=mother(name=None))) == ["母亲姓名", "母亲身份证", "母亲外出情况", "母亲电话"]
    assert gaps(full(mum=mother(out=True, id_number="1", phones=("1",)))) == ["母亲务工地"]
    assert gaps(replace(full(), relatives=full().relatives[1:])) == ["父亲情况"]


def test_a_stopped_number_is_no_phone():
    phone = PhoneFacts(uuid="p", number="13800000000", result=PhoneResult.STOPPED)
    assert gaps(full(mum=replace(mother(**PARENT), phones=(phone,)))) == ["母亲电话"]


def test_what_is_asked_about_the_carer():
    known = full()
    nameless = replace(known, care=replace(known.care, person=None, grade=None))
    assert gaps(nameless) == ["监护评估", "监护人姓名", "监护人身份证", "监护人电话"]
    assert gaps(replace(known, care=None)) == ["监护人"]
    assert gaps(replace(known, care=replace(known.care, kind=CareKind.UNGUARDED, person=None))) == []


def test_a_parent_who_cares_is_not_asked_twice():
    mum = mother(out=False)
    known = replace(
        full(mum=mum), care=CareFacts(uuid="c", kind=CareKind.ONE_PARENT, person=mum, grade=CareGrade.GOOD)
    )
    assert gaps(known) == ["母亲身份证", "母亲电话"]


@given(KNOWN)
def test_the_percentage_is_100_exactly_when_nothing_is_missing(known):
    complete = completeness(known)
    assert 0 <= complete.percent <= 100
    assert (complete.percent == 100) is (not complete.gaps)
    assert len({gap.field for gap in complete.gaps}) == len(complete.gaps)


def test_who_lacks_what_the_most_widespread_gap_first():
    one, two = replace(full(), hobbies=None), replace(full(), hobbies=None, student_registry_no=None)
    lists = gap_lists((known.uuid, completeness(known)) for known in (one, two, full()))
    assert [(found.words, found.child_uuids) for found in lists] == [
        ("兴趣爱好", (one.uuid, two.uuid)),
        ("学籍号", (two.uuid,)),
    ]
