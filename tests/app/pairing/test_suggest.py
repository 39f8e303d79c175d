"""A suggestion keeps the hard rules, is the fairest there is, and says which rule makes it impossible."""

from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.core.errors import Cancelled
from app.pairing.codes import ClassTeacherRule, PairingKind, Wish
from app.pairing.facts import PairingRule
from app.pairing.rules import Helper, Situation, Waiting
from app.pairing.suggest import suggest


def rule(**numbers):
    return PairingRule(kind=PairingKind.SUPPORT_TEACHER, **numbers)


def helper(name, load=0, **more):
    return Helper(key=name, name=name, load=load, most=more.pop("most", 5), **more)


def child(name, **more):
    return Waiting(uuid=name, name=name, **{key: value for key, value in more.items() if value})


# ---- an independent check: every assignment there is, tried one after the other -------------------------------------


def allowed(situation, chosen):
    """Tell whether an assignment (child → helper or None) keeps every hard rule; written apart from the program."""
    rules = situation.rule
    by_key = {one.key: one for one in situation.helpers}
    given_to = {
        one.key: [c for c in situation.waiting if chosen[c.uuid] == one.key] for one in situation.helpers
    }
    for one in situation.helpers:
        mine = given_to[one.key]
        if mine and one.load + len(mine) > one.most:
            return False
        if one.room is not None and sum(c.uuid not in one.theirs for c in mine) > one.room:
            return False
    for c in situation.waiting:
        who = by_key.get(chosen[c.uuid])
        if rules.siblings is Wish.MUST and any(chosen[c.uuid] != chosen[other] for other in c.family):
            return False
        if who is None:
            continue
        if rules.class_teacher is ClassTeacherRule.MUST and c.class_id not in who.leads:
            return False
        if rules.class_teacher is ClassTeacherRule.NEVER and c.class_id in who.leads:
            return False
        if rules.woman_for_girls is Wish.MUST and c.girl and not who.woman:
            return False
        if rules.siblings is Wish.MUST and c.kin and who.key not in c.kin:
            return False
    return True


def value(situation, chosen):
    """What is made small, in order: nobody, below the least, loads from the highest, families apart, wishes missed."""
    rules = situation.rule
    by_key = {one.key: one for one in situation.helpers}
    loads = {one.key: one.load + sum(who == one.key for who in chosen.values()) for one in situation.helpers}
    families = {frozenset({c.uuid, *c.family}) for c in situation.waiting if c.family}
    wishes = 0
    for c in situation.waiting:
        who = by_key.get(chosen[c.uuid])
        if who is None:
            continue
        wishes += rules.class_teacher is ClassTeacherRule.WISH and c.class_id in who.leads
        wishes += rules.woman_for_girls is Wish.WISH and c.girl and who.woman
        wishes += rules.siblings is Wish.WISH and who.key in c.kin
        wishes += 1000 * (c.now == who.key)
    apart = (
        sum(len({chosen[one] for one in family}) > 1 for family in families)
        if rules.siblings is Wish.WISH
        else 0
    )
    return (
        sum(who is None for who in chosen.values()),
        sum(max(0, min(rules.least, one.most) - loads[one.key]) for one in situation.helpers),
        sorted(loads.values(), reverse=True),
        apart,
        -wishes,
    )


def best_of_all(situation):
    keys = [None, *(one.key for one in situation.helpers)]
    names = [c.uuid for c in situation.waiting]
    every = (dict(zip(names, combination, strict=True)) for combination in product(keys, repeat=len(names)))
    return min(value(situation, chosen) for chosen in every if allowed(situation, chosen))


def chosen_by(situation, suggestion):
    chosen = {c.uuid: c.now or None for c in situation.waiting}
    chosen |= {line.child_uuid: line.key for line in suggestion.proposals}
    chosen |= {one.child_uuid: None for one in suggestion.unplaced}
    return chosen


@st.composite
def situations(draw):
    most = draw(st.integers(1, 3))
    rules = rule(
        most=most,
        least=draw(st.integers(0, most)),
        class_teacher=draw(st.sampled_from(ClassTeacherRule)),
        siblings=draw(st.sampled_from(Wish)),
        woman_for_girls=draw(st.sampled_from(Wish)),
    )
    size = draw(st.integers(1, 5))
    names = [f"c{number}" for number in range(size)]
    helpers = []
    for number in range(draw(st.integers(1, 4 if size < 5 else 3))):
        own = draw(st.none() | st.integers(0, 2))
        theirs = frozenset(draw(st.sets(st.sampled_from(names), max_size=1)))
        load = draw(st.integers(0, 2))
        helpers.append(
            helper(
                f"h{number}",
                load,
                most=most if own is None else own,
                own_limit=own,
                room=None if own is None else max(0, own - load - len(theirs)),
                theirs=theirs,
                woman=draw(st.booleans()),
                leads=frozenset(draw(st.sets(st.integers(1, 2), max_size=1))),
            )
        )
    keys = [one.key for one in helpers]
    cuts = draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))
    waiting = []
    for place, name in enumerate(names):
        family = {other for at, other in enumerate(names) if cuts[at] == cuts[place] > 0} - {name}
        waiting.append(
            child(
                name,
                class_id=draw(st.sampled_from([None, 1, 2])),
                girl=draw(st.booleans()),
                family=frozenset(family),
                kin=frozenset(draw(st.sets(st.sampled_from(keys), max_size=1)))
                if draw(st.booleans())
                else None,
                now=draw(st.sampled_from(["", "", *keys])),
            )
        )
    return Situation(rules, tuple(helpers), tuple(waiting))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(situations())
def test_no_assignment_is_better_than_the_suggested_one(situation):
    """Trying every assignment finds none that places more, is fairer, or fulfils more wishes."""
    suggestion = suggest(situation)
    chosen = chosen_by(situation, suggestion)
    assert allowed(situation, chosen)
    assert value(situation, chosen) == best_of_all(situation)
    assert suggestion.proved
    assert bool(suggestion.unplaced) <= bool(suggestion.why)
    assert {key: load.after for key, load in suggestion.loads.items()} == {
        one.key: one.load + sum(who == one.key for who in chosen.values()) for one in situation.helpers
    }


# ---- by example ----------------------------------------------------------------------------------------------------


def test_the_rule_that_makes_it_impossible_is_named():
    """Two sisters who must stay together where everybody may take one only: that rule is named, nothing else."""
    sisters = [child("a", family=frozenset("b")), child("b", family=frozenset("a"))]
    helpers = tuple(helper(name, most=1) for name in "xyz")
    found = suggest(Situation(rule(most=1), helpers, tuple(sisters)))
    assert [one.child_uuid for one in found.unplaced] == ["a", "b"]
    assert "兄弟姐妹 2 人" in found.unplaced[0].why
    assert "规则「兄弟姐妹必须由同一人带」挡住了：放宽这一条，就能多排几名。" in found.why
    assert not any("班主任" in why for why in found.why)


def test_too_few_places_name_the_number():
    """Seven children for two people with three places each: six are placed, the number is the reason."""
    found = suggest(
        Situation(
            rule(most=3), (helper("x", most=3), helper("y", most=3)), tuple(child(f"c{n}") for n in range(7))
        )
    )
    assert len(found.proposals) == 6
    assert [one.why for one in found.unplaced] == ["规则是每人最多 3 名，都已经带满"]
    assert any("每人最多 3 名" in why and "能带 6 名" in why for why in found.why)


def test_nobody_to_pair_with_is_said():
    """Without a single supporter there is a sentence, and no crash."""
    found = suggest(Situation(rule(), (), (child("a"),)))
    assert found.why == ("还没有登记可以结对的人。",)
    assert found.unplaced[0].why == "还没有登记可以结对的人"
    assert suggest(Situation(rule(), (), ())).words == "没有登记在册的儿童要结对。"
    assert suggest(Situation(rule(), (), (), kept=2)).words == "每名儿童都有人带，没有要分的。"


def test_a_pair_that_need_not_move_is_no_line():
    """Whoever stays with whom it has does not appear among the changes, even when all may be moved."""
    helpers = (helper("x"), helper("y"))
    waiting = (child("a", now="x", replaces="p1"), child("b", now="y", replaces="p2"), child("c"))
    found = suggest(Situation(rule(), helpers, waiting))
    assert [line.child_uuid for line in found.proposals] == ["c"]


def test_thousands_of_children_are_shared_out_evenly():
    """1,200 children of 30 classes with brothers and sisters, 80 teachers: even loads, families together, proved."""
    waiting = []
    for number in range(1200):
        family = frozenset({f"c{number ^ 1}"}) if number % 10 < 2 else frozenset()
        waiting.append(child(f"c{number}", class_id=number % 30 + 1, girl=number % 2 == 0, family=family))
    helpers = tuple(
        helper(f"h{n}", most=16, woman=n % 3 == 0, leads=frozenset({n} if 0 < n <= 30 else ()))
        for n in range(80)
    )
    found = suggest(Situation(rule(most=16), helpers, tuple(waiting)))
    assert {load.after for load in found.loads.values()} == {15}
    assert found.proved
    who = {line.child_uuid: line.key for line in found.proposals}
    assert all(who[c.uuid] == who[other] for c in waiting for other in c.family)


def test_stopping_leaves_nothing(monkeypatch):
    """The work ends where the person says stop."""

    def stop(done, total, words=""):
        raise Cancelled

    with pytest.raises(Cancelled):
        suggest(Situation(rule(), (helper("x"),), (child("a"),)), progress=stop)


@pytest.mark.parametrize(
    ("rules", "helpers", "told"),
    [
        (rule(), [helper("x", most=0, own_limit=0, room=0)], "能结对的人都不参加结对"),
        (
            rule(most=2),
            [helper("x", 2, most=2), helper("y", 1, most=1, own_limit=1, room=0)],
            "规则是每人最多 2 名，有的人另有限额，都已经带满",
        ),
        (
            rule(woman_for_girls=Wish.MUST, class_teacher=ClassTeacherRule.MUST),
            [helper("x", leads=frozenset({1})), helper("y", woman=True)],
            "规则是必须由班主任带，女生必须由女性带，x不是女性",
        ),
        (rule(woman_for_girls=Wish.MUST), [helper("x")], "规则是女生必须由女性带，能结对的人里没有女性"),
        (
            rule(most=1, class_teacher=ClassTeacherRule.NEVER),
            [helper("x", most=1, leads=frozenset({1})), helper("y", 1, most=1)],
            "规则是不能由本班班主任带，别人都已经带满",
        ),
    ],
)
def test_why_a_child_has_nobody_is_true(rules, helpers, told):
    """Nobody is called full who has room, and nobody excused is counted as looking after somebody."""
    found = suggest(Situation(rules, tuple(helpers), (child("a", class_id=1, girl=True),)))
    assert [one.why for one in found.unplaced] == [told]


def places_more(situation, number, **loose):
    """Tell whether more than ``number`` children can be placed in a situation under a looser rule, tried one by one."""
    relaxed = replace(situation, rule=replace(situation.rule, **loose))
    keys = [None, *(one.key for one in relaxed.helpers)]
    names = [c.uuid for c in relaxed.waiting]
    every = (dict(zip(names, combination, strict=True)) for combination in product(keys, repeat=len(names)))
    return any(allowed(relaxed, chosen) and sum(map(bool, chosen.values())) > number for chosen in every)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(situations())
def test_a_rule_is_named_exactly_when_more_could_be_placed_without_it(situation):
    """Each rule that can be wished away alone is tried: its name stands there if, and only if, that helps."""
    suggestion = suggest(situation)
    placed = len(situation.waiting) - len(suggestion.unplaced)
    if not suggestion.unplaced or any("合在一起" in why for why in suggestion.why):
        loose = [{"siblings": Wish.NO}, {"woman_for_girls": Wish.NO}, {"class_teacher": ClassTeacherRule.NO}]
        assert not suggestion.unplaced or not any(places_more(situation, placed, **one) for one in loose)
        return
    said = "".join(suggestion.why)
    assert ("兄弟姐妹必须" in said) == places_more(situation, placed, siblings=Wish.NO)
    assert ("女生必须" in said) == places_more(situation, placed, woman_for_girls=Wish.NO)
    assert ("班主任" in said) == places_more(situation, placed, class_teacher=ClassTeacherRule.NO)


def test_who_keeps_somebody_beyond_the_rule_is_not_said_to_have_nobody():
    """Dealt out anew under a smaller number: who finds no place stays where it is, and is counted so."""
    one = helper("李国平", most=1)
    waiting = tuple(child(name, now=one.key, replaces=f"p{name}") for name in "甲乙")
    small = rule(most=1, siblings=Wish.NO)
    assert suggest(Situation(small, (one,), waiting)).words == (
        "1 名按规则排不下，照旧由原来的人带，已有的 2 对不动。"
    )
    assert suggest(Situation(small, (one,), (*waiting, child("丙")))).words == (
        "还有 1 名没有合适的人，1 名按规则排不下，照旧由原来的人带，已有的 2 对不动。"
    )


def test_who_has_no_sex_written_down_is_named_where_girls_go_to_women_first():
    helpers = (helper("覃老师", sex_unknown=True), helper("韦老师", woman=True), helper("何老师"))
    girls = Situation(rule(woman_for_girls=Wish.WISH), helpers, (child("a", girl=True),))
    assert suggest(girls).why == ("覃老师没有登记性别，女生没有优先给他们：是女性的请补上性别再排",)
    assert suggest(replace(girls, rule=rule(woman_for_girls=Wish.NO))).why == ()
    assert suggest(replace(girls, waiting=(child("b"),))).why == ()
