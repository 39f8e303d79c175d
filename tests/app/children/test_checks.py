"""What looks wrong is said, with the field it stands beside; nothing is refused."""

import pytest
from msgspec.structs import replace

from app.children.checks import cross_checks, id_notes
from app.children.codes import (
    CareGrade,
    CareKind,
    HealthStatus,
    HouseholdFactCode,
    HouseholdFactKind,
    SchoolingStatus,
    Sex,
)
from app.children.facts import CareFacts, DisabilityFacts, HealthFacts, LivelihoodFacts, SchoolingFacts
from tests.app.children.builders import child, father, mother, person
from tests.app.children.test_derive import IN_CLASS

OUT, HOME, DEAD = {"out": True}, {"out": False}, {"life": "dead"}


def keys(known):
    return {notice.key for notice in cross_checks(known)}


def care(kind, **known):
    return CareFacts(uuid="c", kind=CareKind(kind), **known)


def test_an_ordinary_child_gives_no_notice():
    gran = person("paternal_grandmother", birth_date="1960")
    known = child(
        father(**OUT), mother(**OUT), gran, care=care("grandparents", person=gran, grade=CareGrade.GOOD)
    )
    assert cross_checks(replace(known, enrolment=IN_CLASS, birth_date="2017")) == ()


@pytest.mark.parametrize(
    ("known", "key"),
    [
        (child(father(life="dead", out=True, place="广东"), mother(**HOME)), "parent.gone_reached"),
        (child(father(life="missing", phones=("1",)), mother(**HOME)), "parent.gone_reached"),
        (child(father(**OUT), mother(**HOME), label="both_out"), "parents.reported_differs"),
        (child(father(**DEAD), mother(**DEAD)), "parents.nobody"),
        (child(father(**DEAD), mother(**HOME), categories=["orphan"]), "orphan.parent_alive"),
        (child(care="unguarded"), "care.unguarded"),
        (child(care=care("unguarded", grade=CareGrade.GOOD)), "care.grade_too_good"),
        (child(care=care("one_parent_without_capacity", grade=CareGrade.FAIR)), "care.grade_too_good"),
        (child(father(**OUT), mother(**OUT), care="one_parent"), "care.parent_is_out"),
        (child(care=care("relatives", person=person(life="dead"))), "care.carer_gone"),
        (child(care=care("siblings", person=person(birth_date="2009-01-01"))), "care.carer_age"),
        (child(care=care("grandparents", person=person(birth_date="1950-01-01"))), "care.carer_age"),
        (replace(child(), enrolment=IN_CLASS, birth_date="2026-05"), "birth.class_age"),
        (replace(child(), enrolment=IN_CLASS, birth_date="2010"), "birth.class_age"),
        (child(categories=["disability"]), "disability.incomplete"),
        (child(disabilities=(DisabilityFacts(uuid="d", kind="hearing"),)), "disability.incomplete"),
        (child(health=HealthFacts(uuid="h", status=HealthStatus.DISABLED)), "disability.incomplete"),
        (child(health=HealthFacts(uuid="h", status=HealthStatus.CHRONIC)), "health.illness_missing"),
        (
            child(
                birth_date="2017", schooling=SchoolingFacts(uuid="s", status=SchoolingStatus.NOT_IN_SCHOOL)
            ),
            None,  # the age is open
        ),
        (
            child(
                birth_date="2017-01-01",
                schooling=SchoolingFacts(uuid="s", status=SchoolingStatus.NOT_IN_SCHOOL),
            ),
            "schooling.age",
        ),
        (
            child(enrolment=IN_CLASS, schooling=SchoolingFacts(uuid="s", status=SchoolingStatus.DROPOUT)),
            "schooling.in_class",
        ),
        (child(birth_date="2010-11-21"), "registration.sixteen"),
        (
            child(
                father(**DEAD),
                mother(**DEAD),
                categories=["orphan"],
                livelihood=(
                    LivelihoodFacts(uuid="l", kind=HouseholdFactKind.INCOME, code=HouseholdFactCode.WORK),
                ),
            ),
            "income.nobody_works",
        ),
    ],
)
def test_what_does_not_fit_together_is_named(known, key):
    expected = {key} if key else set()
    if known.care and known.care.kind is CareKind.UNGUARDED:
        expected.add("care.unguarded")
    assert keys(known) == expected


def test_only_the_living_parent_out_may_be_called_double():
    assert "parents.reported_differs" not in keys(child(father(**DEAD), mother(**OUT), label="both_out"))


def test_a_complete_disability_and_a_named_illness_are_fine():
    known = child(
        categories=["disability"],
        disabilities=(DisabilityFacts(uuid="d", kind="hearing", grade=2),),
        health=HealthFacts(uuid="h", status=HealthStatus.ILL, illness="哮喘"),
    )
    assert keys(known) == set()


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("11010519491231002X", None),
        (None, None),
        ("110105194912310021", "id.check_digit"),
        ("11010519491331002X", "id.birth_date"),
        ("1101051949123100", "id.length"),
        ("110105491231002", "id.fifteen"),
        ("11010519491231OO2X", "id.characters"),
    ],
)
def test_an_odd_number_is_marked_and_kept(number, key):
    notes = id_notes(child(id_number=number))
    assert [note.key for note in notes] == ([key] if key else [])
    assert all(note.field == "id_number" and note.words.endswith("。") for note in notes)


def test_a_wrong_last_digit_is_said_kindly():
    (note,) = id_notes(child(id_number="110105194912310021"))
    assert note.words == "身份证号最后一位对不上，请看看户口本原件；确实如此可照存，会留标记。"


def test_birth_date_and_sex_are_compared_with_the_number():
    known = child(id_number="11010519491231002X", birth_date="1949-12-30", sex=None)
    assert [note.key for note in id_notes(known)] == ["id.birth_differs"]
    assert id_notes(replace(known, birth_date="1949-12")) == ()
    assert [note.key for note in id_notes(replace(known, birth_date=None, sex=Sex.MALE))] == [
        "id.sex_differs"
    ]


def test_a_registry_number_of_another_id_is_only_named():
    known = child(id_number="11010519491231002X", student_registry_no="G440524188001010014")
    assert [note.key for note in id_notes(known)] == ["registry.differs"]
    assert id_notes(replace(known, student_registry_no="G11010519491231002X")) == ()


def test_a_grown_ups_old_number_is_fine_and_a_wrong_one_is_named_once():
    dad = father(id_number="110105491231002")
    assert id_notes(child(dad)) == ()
    gran = person("paternal_grandmother", id_number="110105194912310021")
    (note,) = id_notes(child(gran, care=care("grandparents", person=gran)))
    assert (note.key, note.words[:2]) == ("person.id_check_digit", "祖母")
