"""What the list shows of a child."""

from datetime import date

import pytest
from msgspec.structs import replace

from app.children.codes import (
    CareBucket,
    CareKind,
    Category,
    ParentsCode,
    PhoneResult,
    RegistrationEnd,
    RegistrationKind,
)
from app.children.contacts import confirmed_days, contact_chain, number_of
from app.children.facts import CareFacts, Contact, EnrolmentFacts, RegistrationFacts, ResidenceFacts
from app.children.ledger import LedgerStatus, ledger_row
from app.children.person_facts import AwayFacts, PhoneFacts
from app.children.situation import away_words, care_words, situation
from tests.app.children.builders import DAY, child, father, mother, person
from tests.app.children.test_derive import IN_CLASS, THIRD_GRADE

OUT = {"out": True}


def works(who, place, employer=None):
    return replace(who, away=replace(who.away, place=place, employer=employer))


@pytest.mark.parametrize(
    ("dad", "mum", "words"),
    [
        (father(out=True, place="河北保定"), mother(out=True, place="北京"), "河北保定 / 北京"),
        (
            works(father(**OUT), "湖北武汉", "鞋厂"),
            works(mother(**OUT), "湖北武汉", "鞋厂"),
            "湖北武汉（同厂）",
        ),
        (works(father(**OUT), "湖北武汉", "鞋厂"), works(mother(**OUT), "湖北武汉"), "湖北武汉（同地）"),
        (father(out=True, place="广东中山"), mother(life="out_of_contact"), "广东中山 / 失联"),
        (father(out=True, place="浙江台州"), mother(), "浙江台州 / 未采集"),
        (father(**OUT), mother(**OUT), "外出 / 外出"),
        (father(life="dead"), mother(out=False), "去世 / 在家"),
        (father(), mother(), ""),
    ],
)
def test_where_the_parents_work(dad, mum, words):
    assert away_words(child(dad, mum)) == words


def test_a_held_parent_is_a_dash():
    dad = father()
    assert away_words(child(dad, mother(out=False), grounds=[(dad, "in_prison")])) == "— / 在家"


@pytest.mark.parametrize(
    ("kind", "who", "words"),
    [
        ("grandparents", person("maternal_grandfather"), "外祖父"),
        ("grandparents", None, "祖辈"),
        ("siblings", person("sister", birth_date="2007-05-01"), "姐妹 19 岁"),
        ("siblings", person("sister", birth_date="2007"), "姐妹"),
        ("unguarded", None, "无人"),
        ("teacher", person(), "教师"),
    ],
)
def test_who_looks_after_the_child(kind, who, words):
    assert care_words(CareFacts(uuid="c", kind=CareKind(kind), person=who), DAY) == words
    assert care_words(None, DAY) == ""


def test_the_whole_row():
    gran = person("paternal_grandmother", name="田秀莲", phones=("13800006217",))
    known = child(
        father(out=True, place="福建晋江", name="覃大勇"),
        mother(out=True, place="福建晋江", phones=("15900000380",)),
        gran,
        care=CareFacts(uuid="c", kind=CareKind.GRANDPARENTS, person=gran),
        name="覃䶮",
        former_name="覃小龙",
        pinyin="qin yan",
        initials="qy qinyan",
        birth_date="2017-03-08",
        ethnicity="15",
        enrolment=IN_CLASS,
        residence=ResidenceFacts(uuid="r", village="白水沟村", village_group="1 组", address="水井坡上"),
        categories=["family_hardship"],
        phone="13000000000",
    )
    row = ledger_row(known)
    assert (row.age, row.class_name, row.class_key, row.village) == (
        9,
        "三（2）班",
        "2024级2班",
        "白水沟村 1 组",
    )
    assert (row.situation.parents, row.situation.away_words) == (ParentsCode.BOTH, "福建晋江（同地）")
    assert (row.situation.care, row.situation.care_words, row.situation.carer) == (
        CareBucket.GRANDPARENTS,
        "祖母",
        "田秀莲",
    )
    assert row.phones == ("13800006217", "15900000380", "13000000000")
    assert (row.ethnicity, row.situation.categories, row.situation.father) == (
        "土家族",
        (Category.FAMILY_HARDSHIP,),
        "覃大勇",
    )
    assert (row.status, row.registered, row.situation.phone_days) == (LedgerStatus.REGISTERED, True, None)
    assert row.spellings == "覃䶮 覃小龙 qy qinyan"


def test_who_has_left_shows_when_why_and_from_which_class():
    gone = RegistrationFacts(
        uuid="r",
        kind=RegistrationKind.LEFT_BEHIND,
        valid_to="2026-07-01",
        end_reason=RegistrationEnd.TRANSFERRED_OUT,
    )
    row = ledger_row(
        child(registrations=(), exited=gone, left_class=EnrolmentFacts(uuid="e", school_class=THIRD_GRADE))
    )
    assert (row.status, row.exit_words, row.class_name) == (
        LedgerStatus.EXITED,
        "2026-07-01 转出",
        "三（2）班",
    )
    never = ledger_row(child(registrations=()))
    assert (never.status, never.exit_words, never.class_name, never.grade) == (
        LedgerStatus.NEVER,
        "",
        "",
        None,
    )


def phone(number, confirmed_on=None, result=None):
    return PhoneFacts(uuid=number, number=number, confirmed_on=confirmed_on, result=result)


def test_the_chain_is_hers_and_then_everybody_else_who_can_be_reached():
    gran = replace(person("paternal_grandmother", dialect_only=True), phones=(phone("1"),))
    dad = replace(father(**OUT), phones=(phone("2", result="stopped"),))
    mum = replace(mother(**OUT), phones=(phone("3"), phone("4", "2026-09-12")))
    uncle = replace(person("uncle_or_aunt"), phones=(phone("5"),))
    dead = replace(person("maternal_grandfather", life="dead"), phones=(phone("6"),))
    known = child(
        dad, mum, gran, uncle, dead, care=CareFacts(uuid="c", kind=CareKind.GRANDPARENTS, person=gran)
    )
    assert [(c.rank, c.number, c.uuid) for c in contact_chain(known)] == [
        (1, "1", ""),
        (2, "4", ""),
        (3, "5", ""),
    ]
    assert contact_chain(known)[0].language_note == "只听得懂方言"
    office = Contact(uuid="o", rank=3, office="村委会", number="0743")
    ordered = replace(known, contacts=(Contact(uuid="m", rank=1, person=mum, number="4"), office))
    assert [(c.rank, c.number) for c in contact_chain(ordered)] == [(1, "4"), (3, "0743"), (4, "1"), (5, "5")]


def test_how_long_ago_the_first_number_was_tried():
    mum = replace(mother(**OUT), phones=(phone("4", "2026-09-12"),))
    known = child(mum)
    assert confirmed_days(known) == (DAY - date(2026, 9, 12)).days == 70
    assert confirmed_days(child(replace(mum, phones=(phone("4"),)))) is None
    assert confirmed_days(child()) is None


@pytest.mark.parametrize("result", ["no_answer", "stopped", "wrong_number"])
def test_a_try_that_reached_nobody_confirms_no_number(result):
    tried = phone("4", "2026-11-20", PhoneResult(result))
    mum = replace(mother(**OUT), phones=(tried,))
    first = Contact(
        uuid="m", rank=1, person=mum, number="4", phone_uuid="4", confirmed_on=tried.found_right_on
    )
    ordered = replace(child(mum), contacts=(first,))
    assert confirmed_days(ordered) is None
    assert situation(ordered).phone_days is None
    assert situation(ordered).bad_number is (result != "no_answer")
    (line,) = contact_chain(ordered)
    assert (line.confirmed_on, number_of(line)) == (None, tried)


def test_of_two_numbers_the_one_found_right_is_the_best():
    unanswered, right = (
        phone("1", "2026-11-20", PhoneResult.NO_ANSWER),
        phone("2", "2026-09-12", PhoneResult.REACHED),
    )
    mum = replace(mother(**OUT), phones=(unanswered, right))
    assert mum.best_phone == right


def test_a_day_of_unknown_away_state_is_not_collected():
    dad = replace(father(), away=AwayFacts(uuid="a", state="out", certain=False, place="广东"))
    assert away_words(child(dad, mother(out=False))) == "未采集 / 在家"


def test_what_is_known_of_a_child_shows_nothing_of_it_by_accident():
    """In the words of an error, say: the names stand in none of the records that hold the most of them."""
    mum = mother(name="龙婷")
    facts = child(mum, name="龙小龙")
    shown = [repr(one) for one in (mum, facts, ledger_row(facts))]
    assert shown == ["<PersonFacts>", "<ChildFacts>", "<LedgerRow>"]
