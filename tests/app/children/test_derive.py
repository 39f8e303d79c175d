"""What each 口径 makes of the same facts, with the edges that offices argue about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.children.codes import CareBucket, CareKind, HouseholdKind, ParentsCode, SchoolingStatus, XuejiCode
from app.children.derive import (
    care_bucket,
    edu_stat,
    local_rule,
    mz_flag,
    standing,
    summary_words,
    xueji_code,
)
from app.children.facts import CareFacts, EnrolmentFacts, HouseholdFacts, SchoolingFacts
from app.children.rules import parents_status
from app.school.codes import ParentsOut, RuleCode, Stage
from app.school.counting_rules import DEFAULT_RULES, CountingRule
from app.school.rules import ClassRef, SchoolShape, SchoolYears, facts_of_class
from tests.app.children.builders import DAY, child, father, mother, person, uuid
from tests.app.children.test_rules import CHILD

OUT, HOME, DEAD = {"out": True}, {"out": False}, {"life": "dead"}
RURAL = {"household": "agricultural", "birth_date": "2017-03-08"}
THIRD_GRADE = facts_of_class(ClassRef(Stage.PRIMARY, 2024, 2), DAY, SchoolYears(), SchoolShape(), uuid="c")
IN_CLASS = EnrolmentFacts(uuid="e", school_class=THIRD_GRADE)
RECENT = {"out": True, "since": "2026-10-01"}


@pytest.mark.parametrize(
    ("dad", "mum", "code", "pending"),
    [
        (OUT, OUT, "2", False),
        (OUT, HOME, "1", False),
        (HOME, HOME, "0", False),
        (OUT, RECENT, "1", False),
        (RECENT, RECENT, "0", False),
        (OUT, {"out": True, "since": "2026-08"}, None, True),
        (OUT, {}, None, True),
        (DEAD, OUT, "2", True),
        (DEAD, RECENT, "0", False),
        (DEAD, HOME, "0", False),
        (DEAD, DEAD, "0", False),
    ],
)
def test_the_code_of_the_school_register(dad, mum, code, pending):
    derived = xueji_code(child(father(**dad), mother(**mum)))
    assert (derived.value, derived.pending) == (code, pending)


@pytest.mark.parametrize(
    ("relatives", "label", "code", "pending"),
    [
        ([], "both_out", "2", False),
        ([], "one_out", "1", False),
        ([], "none_out", "0", False),
        ([father(**DEAD)], "both_out", "2", True),
        ([father(**RECENT)], "both_out", "1", False),
        ([father(**RECENT)], "one_out", "0", False),
        ([father(out=True, since="2026-08")], "both_out", None, True),
    ],
)
def test_the_code_from_a_rosters_word(relatives, label, code, pending):
    derived = xueji_code(child(*relatives, label=label))
    assert (derived.value, derived.pending) == (code, pending)
    assert "名册上报" in derived.why


def test_the_reason_for_the_code_names_its_facts():
    both = child(father(**OUT), mother(**OUT))
    assert xueji_code(both).why == "父亲、母亲都外出务工满 3 个月（自 2024-02-18）"
    widow = child(father(**DEAD), mother(**OUT), person("stepfather", out=False))
    assert xueji_code(widow).why == (
        "父亲去世，母亲外出务工（自 2024-02-18），已满 3 个月，继父在家，家中没有父母，按双亲留守计，请确认"
    )
    assert "不满 3 个月" in xueji_code(child(father(**RECENT), mother(**HOME))).why
    assert "孤儿或事实无人抚养" in xueji_code(child(father(**DEAD), mother(**DEAD))).why


# ---- 国发〔2016〕13号 --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dad", "mum", "value"),
    [
        (OUT, OUT, True),
        (RECENT, OUT, True),  # no months are asked
        (OUT, {"out": False, "capable": False}, True),
        (OUT, {"out": False, "capable": True}, False),
        (OUT, HOME, None),
        (OUT, DEAD, True),
        (OUT, {"life": "missing"}, True),
        (HOME, HOME, False),
        (DEAD, DEAD, False),
        (DEAD, HOME, False),
        (OUT, {}, None),
    ],
)
def test_both_out_or_one_out_and_the_other_without_capacity(dad, mum, value):
    derived = mz_flag(child(father(**dad), mother(**mum), **RURAL))
    assert derived.value is value
    assert derived.pending is (value is None)


def test_a_held_parent_is_without_capacity():
    dad = father()
    derived = mz_flag(child(dad, mother(**OUT), grounds=[(dad, "restraint_of_liberty")], **RURAL))
    assert derived.value is True
    assert "依据见事实无人抚养" in derived.why


@pytest.mark.parametrize(
    ("care", "value"),
    [("one_parent", False), ("one_parent_without_capacity", True), ("grandparents", None), (None, None)],
)
def test_who_really_cares_speaks_for_the_capacity_of_the_parent_at_home(care, value):
    assert mz_flag(child(father(**OUT), mother(**HOME), care=care, **RURAL)).value is value


@pytest.mark.parametrize(
    ("label", "care", "value"),
    [
        ("both_out", None, True),
        ("one_out_other_incapable", None, True),
        ("one_out", None, None),
        ("one_out", "one_parent_without_capacity", True),
        ("none_out", None, False),
    ],
)
def test_the_census_status_from_a_rosters_word(label, care, value):
    assert mz_flag(child(label=label, care=care, **RURAL)).value is value


@pytest.mark.parametrize(
    ("kind", "committee", "setting", "value"),
    [
        ("agricultural", None, None, True),
        ("non_agricultural", None, True, False),
        ("resident", True, None, True),
        ("resident", True, False, True),
        ("resident", False, True, False),
        ("resident", None, True, True),
        ("resident", None, False, False),
        ("resident", None, None, None),
        ("none", None, True, None),
        (None, None, True, None),
    ],
)
def test_rural_by_kind_of_household_committee_and_setting(kind, committee, setting, value):
    household = HouseholdFacts(uuid="h", kind=HouseholdKind.of(kind), village_committee=committee)
    known = child(father(**OUT), mother(**OUT), household=household, birth_date="2017-03-08")
    derived = mz_flag(known, resident_is_rural=setting)
    assert derived.value is value
    assert derived.pending is (value is None)


@pytest.mark.parametrize(
    ("birth", "value"),
    [("2010-11-21", False), ("2010-11-22", True), ("2010", None), (None, None), ("2011", True)],
)
def test_sixteen_today_is_not_counted(birth, value):
    derived = mz_flag(child(father(**OUT), mother(**OUT), household="agricultural", birth_date=birth))
    assert derived.value is value


def test_a_definite_no_decides_although_other_facts_are_missing():
    derived = mz_flag(child(birth_date="2009-01-01"))
    assert (derived.value, derived.pending, derived.why) == (False, False, "已满 16 周岁")


# ---- 教育事业统计 and the local rule ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dad", "mum", "known", "value"),
    [
        (OUT, HOME, {"enrolment": IN_CLASS}, True),
        (RECENT, HOME, {"enrolment": IN_CLASS}, False),
        (OUT, {}, {"enrolment": IN_CLASS}, True),
        ({}, {}, {"enrolment": IN_CLASS}, None),
        (OUT, OUT, {}, None),
        (OUT, OUT, {"schooling": SchoolingFacts(uuid="s", status=SchoolingStatus.JUNIOR)}, True),
        (OUT, OUT, {"schooling": SchoolingFacts(uuid="s", status=SchoolingStatus.KINDERGARTEN)}, False),
    ],
)
def test_farmers_children_in_compulsory_schooling_with_a_parent_out_three_months(dad, mum, known, value):
    assert edu_stat(child(father(**dad), mother(**mum), household="agricultural", **known)).value is value


def rule(**numbers):
    return CountingRule(
        RuleCode.LOCAL, numbers.pop("out", ParentsOut.BOTH), numbers.pop("months", 3), **numbers
    )


@pytest.mark.parametrize(
    ("setting", "dad", "mum", "birth", "value"),
    [
        (rule(), OUT, OUT, None, True),
        (rule(), OUT, HOME, None, False),
        (rule(out=ParentsOut.ONE), OUT, HOME, None, True),
        (rule(months=6), {"out": True, "since": "2026-07-01"}, OUT, None, False),
        (rule(months=0), RECENT, RECENT, None, True),
        (rule(from_age=6, under_age=18), OUT, OUT, "2020-11-21", True),
        (rule(from_age=6, under_age=18), OUT, OUT, "2020-11-22", False),
        (rule(from_age=6, under_age=18), OUT, OUT, "2008-11-21", False),
        (rule(from_age=6), OUT, OUT, None, None),
        (rule(), DEAD, OUT, None, True),
        (rule(), DEAD, DEAD, None, False),
        (rule(orphans_in=True), DEAD, DEAD, None, True),
    ],
)
def test_the_schools_own_rule(setting, dad, mum, birth, value):
    derived = local_rule(child(father(**dad), mother(**mum), birth_date=birth), setting)
    assert derived.value is value


def test_an_only_parent_out_is_nobody_at_home_and_somebody_confirms_it():
    derived = local_rule(child(father(**DEAD), mother(**OUT)), rule())
    assert (derived.value, derived.pending) == (True, True)


# ---- who looks after the child ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "bucket"),
    [
        ("grandparents", "grandparents"),
        ("relatives", "relatives"),
        ("siblings", "relatives"),
        ("friends", "relatives"),
        ("one_parent", "one_parent"),
        ("one_parent_without_capacity", "one_parent_without_capacity"),
        ("unguarded", "unguarded"),
        ("both_parents", "other"),
        ("teacher", "other"),
        ("lodging", "other"),
        ("institution", "other"),
        (None, "not_collected"),
    ],
)
def test_every_kind_of_care_has_its_place_in_the_count(kind, bucket):
    assert care_bucket(child(care=kind)) == bucket


def test_a_parent_without_capacity_who_cares_is_counted_as_such():
    mum = mother(out=False, capable=False)
    care = CareFacts(uuid="c", kind=CareKind.ONE_PARENT, person=mum)
    assert care_bucket(child(mum, care=care)) is CareBucket.ONE_PARENT_WITHOUT_CAPACITY
    assert care_bucket(child(mum, care=replace(care, certain=False))) is CareBucket.NOT_COLLECTED


def test_the_line_under_the_verdicts():
    gran = person("paternal_grandmother")
    care = CareFacts(uuid="c", kind=CareKind.GRANDPARENTS, person=gran)
    words = summary_words(child(father(**OUT), mother(**HOME), gran, care=care, **RURAL))
    assert words == "父亲外出务工（自 2024-02-18），母亲在家，农业户口，9 岁，由祖母照护"
    assert summary_words(child(care="unguarded")).endswith("户口性质未采集，年龄待确认，无人监护")


# ---- generated ------------------------------------------------------------------------------------------------------

KNOWN = st.builds(
    lambda one, birth, household, care, enrolled: replace(
        one,
        birth_date=birth,
        household=HouseholdFacts(uuid=uuid(), kind=household) if household else None,
        care=CareFacts(uuid=uuid(), kind=care) if care else None,
        enrolment=IN_CLASS if enrolled else None,
    ),
    CHILD,
    st.sampled_from([None, "2010", "2010-11-21", "2010-11-22", "2017-03", "2008-01-01"]),
    st.sampled_from([None, *HouseholdKind]),
    st.sampled_from([None, *CareKind]),
    st.booleans(),
)


@given(KNOWN, st.sampled_from([None, True, False]))
def test_every_verdict_gives_its_reason_and_no_value_is_always_to_be_confirmed(known, setting):
    verdicts = standing(known, resident_is_rural=setting, local=DEFAULT_RULES[RuleCode.LOCAL])
    for derived in (verdicts.xueji, verdicts.mz2016, verdicts.edu_stat, verdicts.local):
        assert derived.why
        if derived.value is None:
            assert derived.pending


@given(KNOWN)
def test_the_verdicts_agree_where_one_rule_holds_the_other(known):
    parents = parents_status(known)
    xueji = xueji_code(known)
    if xueji.value is XuejiCode.BOTH and not xueji.pending:
        assert parents.code is ParentsCode.BOTH
        assert local_rule(known, rule()).value is True
    if edu_stat(known).value:
        assert xueji.value in (XuejiCode.ONE, XuejiCode.BOTH, None)
    if parents.code is ParentsCode.NONE:
        assert mz_flag(known).value is False


@given(KNOWN)
def test_the_care_split_has_one_place_for_everyone(known):
    assert care_bucket(known) in set(CareBucket)
