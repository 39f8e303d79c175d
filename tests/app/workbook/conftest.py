"""Children made by hand for the workbook tests."""

from __future__ import annotations

from datetime import date

import pytest

from app.children.codes import (
    AwayState,
    CareGrade,
    CareKind,
    Category,
    LifeStatus,
    RegistrationKind,
    Relation,
    Sex,
)
from app.children.facts import (
    CareFacts,
    CategoryFacts,
    ChildFacts,
    EnrolmentFacts,
    RegistrationFacts,
    ResidenceFacts,
)
from app.children.person_facts import AwayFacts, KinshipFacts, LifeFacts, PersonFacts, PhoneFacts
from app.school.codes import Stage
from app.school.rules import ClassFacts, ClassState

DAY = date(2026, 11, 21)
THREE_ONE = ClassFacts(1, "c", "2024级1班", "三（1）班", Stage.PRIMARY, 2024, 1, 3, ClassState.CURRENT)


def grown_up(name, relation, *, label=None, place=None, trade=None, phones=(), life=None):
    return PersonFacts(
        uuid=f"{name}-{relation}",
        name=name,
        phones=tuple(PhoneFacts(uuid=number, number=number) for number in phones),
        away=AwayFacts(uuid="a", state=AwayState.OUT, place=place, trade=trade, valid_from="2024-02")
        if place
        else None,
        life=LifeFacts(uuid="l", status=life) if life else None,
        kinship=KinshipFacts(uuid="k", relation=relation, label=label),
    )


def child_number(number=0, **changed):
    """Return one of a run of children: every third without a mother, every ninth an orphan."""
    father = grown_up("覃大勇", Relation.FATHER, place="福建省晋江市", trade="鞋厂", phones=("12300001234",))
    mother = (
        grown_up("向桂香", Relation.MOTHER, place="广东省东莞市", phones=("12300005678", "12300004321"))
        if number % 3
        else grown_up("向桂香", Relation.MOTHER, life=LifeStatus.DEAD)
    )
    carer = grown_up("田秀莲", Relation.PATERNAL_GRANDMOTHER, label="奶奶", phones=("12300008888",))
    facts = {
        "day": DAY,
        "uuid": str(number),
        "name": ("龙婷", "覃䶮", "欧阳慕容雨桐", "买买提·阿卜杜热西提", "张𬭎")[number % 5],
        "sex": Sex.MALE if number % 2 else Sex.FEMALE,
        "ethnicity": "15",
        "birth_date": "2017-03-08",
        "id_number": "11010519491231002X",
        "registrations": (RegistrationFacts(uuid="r", kind=RegistrationKind.LEFT_BEHIND),),
        "enrolment": EnrolmentFacts(uuid="e", school_class=THREE_ONE),
        "residence": ResidenceFacts(uuid="s", village="白水沟村", village_group="1组"),
        "relatives": (father, mother, carer),
        "care": CareFacts(uuid="c", kind=CareKind.GRANDPARENTS, person=carer, grade=CareGrade.GOOD),
        "categories": (
            CategoryFacts(uuid="x", category=Category.ORPHAN, basis="孤儿证", evidence_date="2025-03"),
        )
        if number % 9 == 0
        else (),
    }
    return ChildFacts(**{**facts, **changed})


@pytest.fixture
def make_child():
    return child_number
