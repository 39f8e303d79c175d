"""Reading children as they stood on a day, from a real file."""

import random
from datetime import date

import pytest

from app.children import tables
from app.children.codes import (
    AwayState,
    CareKind,
    Category,
    LifeStatus,
    RegistrationEnd,
    RegistrationKind,
    Relation,
    UnsupportedGround,
)
from app.children.queries import load_child, load_facts, one_by_one

DAY = date(2026, 11, 21)


@pytest.fixture
def write(store):
    """Write rows in one action each and return their keys."""

    def insert(model, **values):
        with store.action("测试", kind="test") as action:
            return action.insert(model, **values)

    return insert


@pytest.fixture
def kid(write):
    return write(tables.Child, name="覃䶮", pinyin="qin yan", initials="qy")


def read(store, kid, day=DAY):
    return load_child(store, kid.uuid, day)


def test_a_child_of_whom_nothing_is_known(store, kid):
    child = read(store, kid)
    assert (child.uuid, child.name, child.day) == (kid.uuid, "覃䶮", DAY)
    for known in (
        child.registration,
        child.school_class,
        child.father,
        child.care,
        child.household,
        child.boards,
    ):
        assert known is None
    for known in (child.relatives, child.contacts, child.categories, child.doubts, child.phone):
        assert not known


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "day", "holds"),
    [
        (None, None, "2026-11-21", True),
        ("2026-11-21", None, "2026-11-21", True),
        ("2026-11-22", None, "2026-11-21", None),
        (None, "2026-11-21", "2026-11-21", None),
        (None, "2026-11-22", "2026-11-21", True),
        ("2026-11", None, "2026-11-21", False),
        ("2026-11", None, "2026-10-31", None),
        ("2026-11", None, "2026-12-01", True),
        (None, "2026", "2026-11-21", False),
        (None, "2026", "2025-12-31", True),
        (None, "2026", "2027-01-01", None),
        ("2025", "2026", "2026-01-01", False),
    ],
)
def test_which_period_holds_on_a_day(store, write, kid, valid_from, valid_to, day, holds):
    """``holds``: True certain, False open to doubt (待确认), None not at all."""
    write(tables.Boarding, child=kid, boards=1, valid_from=valid_from, valid_to=valid_to)
    boarding = read(store, kid, date.fromisoformat(day)).boarding
    assert (None if boarding is None else boarding.certain) is holds


def test_of_two_periods_that_may_hold_the_later_one_is_shown_with_its_doubt(store, write, kid):
    write(tables.Health, child=kid, status="good", valid_to="2026-11")
    write(tables.Health, child=kid, status="ill", illness="哮喘", valid_from="2026-11")
    health = read(store, kid).health
    assert (health.status, health.illness, health.certain) == ("ill", "哮喘", False)


def test_the_past_is_read_as_it_is_known_today(store, write, kid):
    mum = write(tables.Person, name="向桂香")
    write(tables.Kinship, child=kid, person=mum, relation="mother")
    write(
        tables.Away, person=mum, state="out", place="浙江温州", valid_from="2024-02-18", valid_to="2025-08-20"
    )
    write(tables.Away, person=mum, state="out", place="福建晋江", valid_from="2025-08-20")
    assert read(store, kid, date(2024, 2, 17)).mother.away is None
    assert read(store, kid, date(2025, 8, 19)).mother.away_place == "浙江温州"
    assert read(store, kid, date(2025, 8, 20)).mother.away_place == "福建晋江"


def test_out_since_goes_back_over_every_move_without_a_break(store, write, kid):
    dad = write(tables.Person, name="覃大勇")
    write(tables.Kinship, child=kid, person=dad, relation="father")
    for state, place, start, end in (
        ("out", "广东东莞", "2022-03", "2023-01-05"),
        ("home", None, "2023-01-05", "2024-02-18"),
        ("out", "浙江温州", "2024-02-18", "2025-08-20"),
        ("out", "福建晋江", "2025-08-20", None),
    ):
        write(tables.Away, person=dad, state=state, place=place, valid_from=start, valid_to=end)
    away = read(store, kid).father.away
    assert (away.state, away.valid_from, away.since) == (AwayState.OUT, "2025-08-20", "2024-02-18")
    assert read(store, kid, date(2023, 6, 1)).father.away.since == "2023-01-05"


def test_out_since_nobody_knows_when_stays_so_over_a_move(store, write, kid):
    dad = write(tables.Person, name="覃大勇")
    write(tables.Kinship, child=kid, person=dad, relation="father")
    write(tables.Away, person=dad, state="out", place="浙江温州", valid_to="2025-08-20")
    write(tables.Away, person=dad, state="out", place="福建晋江", valid_from="2025-08-20")
    away = read(store, kid).father.away
    assert (away.valid_from, away.since) == ("2025-08-20", None)


def test_several_numbers_keep_the_order_in_which_they_were_entered(store, write, kid):
    dad = write(tables.Person, name="覃大勇")
    write(tables.Kinship, child=kid, person=dad, relation="father")
    for number in ("3", "1", "2"):
        write(tables.Phone, person=dad, number=number)
    assert [phone.number for phone in read(store, kid).father.phones] == ["3", "1", "2"]
    assert [phone.number for phone in load_facts(store, DAY)[0].father.phones] == ["3", "1", "2"]


def test_a_gap_between_two_jobs_is_a_break(store, write, kid):
    dad = write(tables.Person, name="覃大勇")
    write(tables.Kinship, child=kid, person=dad, relation="father")
    write(tables.Away, person=dad, state="out", valid_from="2022-03-01", valid_to="2023-01-05")
    write(tables.Away, person=dad, state="out", valid_from="2023-02-10")
    assert read(store, kid).father.away.since == "2023-02-10"


def test_brothers_and_sisters_share_the_grown_up_and_have_their_own_kinship(store, write, kid):
    sister = write(tables.Child, name="覃小妹")
    gran = write(tables.Person, name="田秀莲", dialect_only=1)
    write(tables.Kinship, child=kid, person=gran, relation="paternal_grandmother", label="奶奶")
    write(tables.Kinship, child=sister, person=gran, relation="maternal_grandmother")
    write(tables.Phone, person=gran, number="13800006217", confirmed_on="2026-09-12", result="reached")
    write(tables.Phone, person=gran, number="13800000000", confirmed_on="2026-10-01", result="stopped")
    write(tables.Care, child=kid, person=gran, kind="grandparents", grade="good")
    write(tables.ContactOrder, child=kid, person=gran, rank=2)
    write(tables.ContactOrder, child=kid, office="白水沟村委会", office_number="07430000", rank=1)
    brother, other = read(store, kid), read(store, sister)
    (ours,), (theirs,) = brother.relatives, other.relatives
    assert ours.uuid == theirs.uuid
    assert (ours.relation_words, theirs.relation_words) == ("奶奶", "外祖母")
    assert brother.care.person is ours
    assert brother.care.kind is CareKind.GRANDPARENTS
    office, first = brother.contacts
    assert (office.who, office.number, office.confirmed_on) == ("白水沟村委会", "07430000", None)
    assert (first.relation_words, first.number, first.confirmed_on) == ("奶奶", "13800006217", "2026-09-12")
    assert first.language_note == "只听得懂方言"


def test_everything_else_that_is_recorded_comes_back(store, write, kid):
    dad = write(tables.Person, name="覃大勇")
    spouse = write(tables.Person, name="向桂香")
    write(tables.Kinship, child=kid, person=dad, relation="father", lives_together=0)
    write(tables.Life, person=dad, status="out_of_contact", valid_from="2026")
    write(tables.Capacity, person=dad, capable=0, reason="重病", evidence="诊断书")
    write(tables.Marriage, person=dad, spouse=spouse, status="divorced")
    write(tables.Ground, child=kid, person=dad, ground="in_prison", evidence="判决书")
    write(tables.CategoryFlag, child=kid, category="orphan", basis="孤儿证", evidence_date="2026-03")
    write(tables.Disability, child=kid, kind="hearing", grade=2, certificate_no="1234")
    write(tables.Household, child=kid, kind="resident", registered=1, village_committee=0, place="青石坪镇")
    write(tables.Residence, child=kid, village="白水沟村", village_group="1组", address="17号")
    write(tables.Schooling, child=kid, status="dropout")
    write(tables.Livelihood, child=kid, kind="aid", code="housing")
    write(tables.ReportedStatus, child=kid, label="both_out", raw_text="双亲")
    write(tables.CarePaper, child=kid, person=dad, kind="consent", done=0)
    write(tables.Doubt, child=kid, field="id_number", code="check_digit", reason="最后一位对不上")
    write(tables.Doubt, child=kid, field="sex", code="x", reason="x", resolved_at="2026-11-21T09:00:00")
    child = read(store, kid)
    father = child.father
    assert (father.life_status, father.life.certain) == (LifeStatus.OUT_OF_CONTACT, False)
    assert (father.capable, father.capacity.reason) == (False, "重病")
    assert (father.marriage.status, father.marriage.spouse_uuid) == ("divorced", spouse.uuid)
    assert father.kinship.lives_together is False
    assert [(g.person_uuid, g.ground) for g in child.grounds] == [(dad.uuid, UnsupportedGround.IN_PRISON)]
    assert child.has(Category.ORPHAN)
    assert (child.disabilities[0].grade, child.household.village_committee, child.household.registered) == (
        2,
        False,
        True,
    )
    assert (child.residence.village, child.schooling.status, child.livelihood[0].code) == (
        "白水沟村",
        "dropout",
        "housing",
    )
    assert (child.reported.raw, child.care_papers[0].done) == ("双亲", False)
    assert [doubt.field for doubt in child.doubts] == ["id_number"]


def test_on_the_ledger_off_it_and_on_it_again(store, write, kid):
    write(
        tables.Registration,
        child=kid,
        kind="left_behind",
        valid_to="2025-07-01",
        end_reason="both_parents_back",
    )
    write(tables.Registration, child=kid, kind="left_behind", valid_from="2026-02-20")
    write(tables.Registration, child=kid, kind="in_difficulty")
    assert read(store, kid, date(2025, 6, 30)).registration is not None
    away = read(store, kid, date(2025, 12, 1))
    assert away.registration is None
    assert (away.exited.valid_to, away.exited.end_reason) == ("2025-07-01", RegistrationEnd.BOTH_PARENTS_BACK)
    assert [r.kind for r in away.registrations] == [RegistrationKind.IN_DIFFICULTY]
    back = read(store, kid)
    assert (back.registration.valid_from, back.exited) == ("2026-02-20", None)


def test_the_ledger_of_a_day_holds_the_registered_and_those_whose_dates_leave_it_open(store, write):
    for name, start, end in (("在册", None, None), ("退出", None, "2026-01-01"), ("未定", "2026", None)):
        write(
            tables.Registration,
            child=write(tables.Child, name=name),
            kind="left_behind",
            valid_from=start,
            valid_to=end,
        )
    write(tables.Registration, child=write(tables.Child, name="困境"), kind="in_difficulty")
    found = load_facts(store, DAY, only_registered=True)
    assert {child.name: child.registration.certain for child in found} == {"在册": True, "未定": False}
    assert len(load_facts(store, DAY)) == 4


def test_classes_are_named_as_on_the_day(store, write, classes, kid):
    cls = classes["三（2）班"]
    write(tables.Enrolment, child=kid, school_class=cls.id, valid_to="2026-11-01", end_reason="suspended")
    assert read(store, kid, date(2025, 10, 1)).school_class.name == "二（2）班"
    today = read(store, kid)
    assert today.school_class is None
    assert (today.left_class.school_class.key, today.left_class.end_reason) == ("2024级2班", "suspended")


def test_children_come_by_class_and_name_without_a_class_last(store, write, classes):
    for name, pinyin, cls in (
        ("丙", "b", None),
        ("甲", "z", "一（1）班"),
        ("乙", "a", "二（1）班"),
        ("丁", "a", "一（1）班"),
    ):
        key = write(tables.Child, name=name, pinyin=pinyin)
        if cls:
            write(tables.Enrolment, child=key, school_class=classes[cls].id)
    assert [child.name for child in load_facts(store, DAY)] == ["丁", "甲", "乙", "丙"]


def test_what_lies_in_the_recycle_bin_is_not_read(store, write, kid):
    dad = write(tables.Person, name="覃大勇")
    kin = write(tables.Kinship, child=kid, person=dad, relation="father")
    phone = write(tables.Phone, person=dad, number="1")
    with store.action("测试", kind="test") as action:
        action.soft_delete(tables.Phone, phone)
    assert read(store, kid).father.phones == ()
    with store.action("测试", kind="test") as action:
        action.soft_delete(tables.Kinship, kin)
    assert read(store, kid).father is None
    with store.action("测试", kind="test") as action:
        action.soft_delete(tables.Child, kid)
    assert read(store, kid) is None


def test_a_few_children_read_alone_are_the_same_as_among_all(store, write, classes):
    chance = random.Random(7)
    people = [write(tables.Person, name=f"人{number}") for number in range(8)]
    for person in people:
        write(tables.Away, person=person, state=chance.choice(["out", "home"]), valid_from="2024-02-18")
        write(tables.Phone, person=person, number="1")
    for number in range(12):
        key = write(tables.Child, name=f"童{number}", pinyin=f"{number:02}")
        for relation in chance.sample(list(Relation), 3):
            write(tables.Kinship, child=key, person=people.pop(0), relation=relation)
            people.append(write(tables.Person, name="另"))
        write(tables.Enrolment, child=key, school_class=chance.choice(list(classes.values())).id)
        write(tables.Registration, child=key, kind="left_behind")
        write(tables.Care, child=key, person=chance.choice(people), kind="other")
        write(tables.ContactOrder, child=key, person=chance.choice(people), rank=1)
    everyone = load_facts(store, DAY)
    some = chance.sample(everyone, 5)
    assert set(load_facts(store, DAY, uuids=[child.uuid for child in some])) == set(some)
    assert load_facts(store, DAY, only_registered=True) == everyone
    assert load_facts(store, DAY, uuids=[]) == []
    assert load_facts(store, DAY, uuids=["nobody"]) == []


def test_who_is_asked_for_one_by_one_is_let_go_one_by_one():
    """Thousands let go at one go keep the window waiting: whoever looks at them keeps none but the one in hand."""
    gone = []

    class Child:
        def __init__(self, number):
            self.number = number

        def __del__(self):
            gone.append(self.number)

    known = [Child(number) for number in range(4)]
    for child in one_by_one(known):
        assert gone == list(range(child.number))
        assert [one.number for one in reversed(known)] == list(range(child.number + 1, 4))
    assert known == []
