"""Who is away on a day: facts first, a roster's word second, 未采集 when neither says it."""

from calendar import isleap
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.children.codes import LifeStatus, ParentsCode, Relation, ReportedLabel, UnsupportedGround
from app.children.rules import (
    age,
    family_of,
    how_many_out,
    legal_parents,
    no_living_parent,
    nobody_to_raise,
    out_for,
    parents_status,
    younger_than,
)
from tests.app.children.builders import DAY, child, father, mother, person

OUT, HOME = {"out": True}, {"out": False}
DEAD = {"life": "dead"}


@pytest.mark.parametrize(
    ("dad", "mum", "code"),
    [
        (OUT, OUT, "both_out"),
        (OUT, HOME, "one_out"),
        (HOME, OUT, "one_out"),
        (HOME, HOME, "none_out"),
        (DEAD, OUT, "one_out"),
        ({"life": "missing"}, OUT, "one_out"),
        (DEAD, HOME, "none_out"),
        (DEAD, DEAD, "none_out"),
        (OUT, {}, "not_collected"),
        ({}, {}, "not_collected"),
        (DEAD, {}, "not_collected"),
        ({"life": "out_of_contact"}, OUT, "not_collected"),
        ({"life": "out_of_contact", "out": True}, OUT, "both_out"),
        (OUT, {"out": True, "certain": False}, "not_collected"),
        ({"life": "dead", "life_certain": False}, OUT, "not_collected"),
        ({"life": "dead", "out": True}, OUT, "one_out"),
    ],
)
def test_the_away_facts_of_the_day_decide(dad, mum, code):
    status = parents_status(child(father(**dad), mother(**mum)))
    assert status.code == code
    assert not status.as_reported
    assert "父亲" in status.why
    assert "母亲" in status.why


def test_nobody_recorded_is_not_collected():
    status = parents_status(child())
    assert (status.code, status.pending) == (ParentsCode.NOT_COLLECTED, False)
    assert status.why == "父亲是否外出未采集，母亲是否外出未采集"


def test_a_period_whose_dates_leave_the_day_open_is_to_be_confirmed():
    status = parents_status(child(father(out=True, certain=False), mother(out=True)))
    assert status.pending
    assert "父亲外出的起止日期不够细，待确认" in status.why


def test_the_reason_names_since_when():
    status = parents_status(child(father(out=True, since="2025-08"), mother(out=False)))
    assert status.why == "父亲外出务工（自 2025-08），母亲在家"
    assert status.who_out == (Relation.FATHER,)


@pytest.mark.parametrize(
    ("label", "dad", "mum", "code"),
    [
        ("both_out", None, None, "both_out"),
        ("one_out", None, None, "one_out"),
        ("one_out_other_incapable", None, None, "one_out"),
        ("none_out", None, None, "none_out"),
        ("both_out", OUT, {}, "both_out"),
        ("one_out", OUT, {}, "one_out"),
        ("one_out", HOME, {}, "one_out"),
        ("both_out", DEAD, {}, "one_out"),
    ],
)
def test_a_rosters_word_counts_as_reported_where_the_facts_do_not_say(label, dad, mum, code):
    relatives = [make(**known) for make, known in ((father, dad), (mother, mum)) if known is not None]
    status = parents_status(child(*relatives, label=label))
    assert (status.code, status.as_reported) == (code, True)
    assert "名册上报为" in status.why


@pytest.mark.parametrize(("label", "dad"), [("both_out", HOME), ("none_out", OUT)])
def test_a_word_that_contradicts_a_fact_settles_nothing(label, dad):
    status = parents_status(child(father(**dad), mother(), label=label))
    assert (status.code, status.as_reported, status.pending) == (ParentsCode.NOT_COLLECTED, False, True)
    assert "对不上" in status.why


def test_facts_stand_before_the_word():
    status = parents_status(child(father(**OUT), mother(**HOME), label="both_out"))
    assert (status.code, status.as_reported) == (ParentsCode.ONE, False)


def test_a_label_of_open_period_says_nothing():
    known = child(label="both_out")
    known = replace(known, reported=replace(known.reported, certain=False))
    assert parents_status(known).code is ParentsCode.NOT_COLLECTED


def test_half_siblings_have_their_own_fathers_and_one_mother():
    shared = mother(out=True)
    elder = child(father(out=True), shared)
    younger = child(father(out=False), shared)
    assert parents_status(elder).code is ParentsCode.BOTH
    assert parents_status(younger).code is ParentsCode.ONE
    assert elder.mother is younger.mother


def test_a_stepfather_counts_only_when_he_has_adopted():
    born, step = father(**DEAD), person(Relation.STEPFATHER, out=True)
    assert parents_status(child(born, step, mother(out=True))).code is ParentsCode.ONE
    adopted = person(Relation.ADOPTIVE_FATHER, out=True)
    assert parents_status(child(born, adopted, mother(out=True))).code is ParentsCode.BOTH


def test_a_held_parent_is_not_out_and_the_reason_does_not_tell_why():
    dad = father()
    held = child(dad, mother(out=True), grounds=[(dad, "in_prison")])
    status = parents_status(held)
    assert status.code is ParentsCode.ONE
    assert UnsupportedGround.IN_PRISON.label not in status.why
    assert legal_parents(held)[0].capable is False


def test_nobody_left_to_raise_the_child_points_to_the_categories():
    assert no_living_parent(family_of(child(father(**DEAD), mother(life="missing"))))
    assert "孤儿或事实无人抚养" in nobody_to_raise(family_of(child(father(**DEAD), mother(**DEAD))))
    assert nobody_to_raise(family_of(child(father(**DEAD), mother(**DEAD), categories=["orphan"]))) == ""
    assert nobody_to_raise(family_of(child(father(**DEAD), mother()))) == ""
    dad = father()
    assert nobody_to_raise(family_of(child(dad, mother(**DEAD), grounds=[(dad, "drug_rehabilitation")])))


@pytest.mark.parametrize(
    ("since", "answer"),
    [
        ("2026-08-21", True),
        ("2026-08-22", False),
        ("2026-08", None),
        ("2026-07", True),
        ("2026", None),
        ("2025", True),
        (None, True),
    ],
)
def test_three_months_are_counted_with_the_precision_of_the_date(since, answer):
    parent = legal_parents(child(father(out=True, since=since)))[0]
    assert out_for(parent, 3, DAY) is answer


def test_moving_on_from_work_to_work_is_no_break():
    dad = father(out=True, since="2024-02-18")
    dad = replace(dad, away=replace(dad.away, valid_from="2026-11-01"))
    assert out_for(legal_parents(child(dad))[0], 3, DAY) is True


@pytest.mark.parametrize(
    ("birth", "under_16", "years"),
    [
        ("2010-11-21", False, 16),
        ("2010-11-22", True, 15),
        ("2010-11", None, None),
        ("2010-12", True, 15),
        ("2010", None, None),
        ("2015", True, None),
        ("2009", False, None),
        (None, None, None),
    ],
)
def test_sixteen_today_is_out(birth, under_16, years):
    known = child(birth_date=birth)
    assert younger_than(known, 16) is under_16
    assert age(known) == years


# ---- generated -----------------------------------------------------------------------------------------------------

PARENT = st.fixed_dictionaries(
    {},
    optional={
        "life": st.sampled_from([status.value for status in LifeStatus]),
        "life_certain": st.booleans(),
        "out": st.booleans(),
        "certain": st.booleans(),
        "since": st.one_of(
            st.none(),
            st.dates(date(2025, 1, 1), DAY).map(date.isoformat),
            st.sampled_from(["2024", "2025", "2026", "2026-08", "2026-09"]),
        ),
    },
)
CHILD = st.builds(
    lambda dad, mum, label: child(
        *([father(**dad)] if dad is not None else []),
        *([mother(**mum)] if mum is not None else []),
        label=label,
    ),
    st.one_of(st.none(), PARENT),
    st.one_of(st.none(), PARENT),
    st.one_of(st.none(), st.sampled_from([label.value for label in ReportedLabel])),
)


@given(st.lists(CHILD, max_size=6))
def test_the_split_always_foots(children):
    split = Counter(parents_status(one).code for one in children)
    assert sum(split[code] for code in ParentsCode) == len(children)


@given(CHILD)
def test_a_reason_is_always_given_and_the_count_stays_between_nobody_and_both(one):
    status = parents_status(one)
    assert status.why
    least, most = how_many_out(family_of(one), 3)
    assert 0 <= least <= most <= 2
    assert len(status.who_out) <= {"both_out": 2, "one_out": 1, "none_out": 0}.get(status.code, 1)


@given(CHILD, st.integers(0, 24))
def test_asking_for_more_months_never_finds_more_parents(one, months):
    least, most = how_many_out(family_of(one), months)
    longer_least, longer_most = how_many_out(family_of(one), months + 1)
    assert longer_least <= least
    assert longer_most <= most


@given(CHILD)
def test_with_no_months_the_count_is_the_split(one):
    least, most = how_many_out(family_of(one), 0)
    code = parents_status(one).code
    if code is not ParentsCode.NOT_COLLECTED and not any(p.out_unsure for p in legal_parents(one)):
        expected = {ParentsCode.BOTH: 2, ParentsCode.ONE: 1, ParentsCode.NONE: 0}[code]
        assert least <= expected <= most


@given(st.dates(date(2008, 1, 1), DAY), st.integers(1, 18))
def test_the_birthday_is_the_first_day_of_the_new_age(birth, years):
    known = child(birth_date=birth.isoformat())
    turned = birth.year + years
    leap = date(turned, 3, 1) if (birth.month, birth.day) == (2, 29) and not isleap(turned) else None
    on_birthday = replace(known, day=leap or birth.replace(year=turned))
    assert younger_than(on_birthday, years) is False
    assert younger_than(replace(on_birthday, day=on_birthday.day - timedelta(days=1)), years) is True
