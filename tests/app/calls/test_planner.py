"""The planner on made-up situations: against every possible plan where there are few, against another solver where many."""

import random
from collections import Counter
from datetime import datetime, time
from itertools import product

import networkx as nx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.calls.codes import CallMedium
from app.calls.people import CallRule
from app.calls.plan_facts import LineState, Made
from app.calls.planner import work_out
from app.calls.planner_board import Board
from app.calls.planner_jobs import since_of, units_of
from app.calls.planner_loosen import advised
from app.calls.planner_result import result_of
from app.calls.reach import Absent, CallWishFacts
from tests.app.calls.plan_school import (
    BOTH,
    DAY,
    MONDAY,
    MONTHLY,
    TWICE,
    WEEKLY,
    child,
    contact,
    facts,
    large,
    months,
    rows_of,
    slot,
    weeks,
    window,
)


def plan_of(situation):
    return result_of(work_out(situation))


def places(plan):
    """The slot of every child, for plans in which each has at most one call."""
    return {one.uuid: (line.day, line.starts, line.line_id) for line in plan.lines for one in line.children}


# ---- against every possible plan ------------------------------------------------------------------------------------


def tiny(seed, *, rules=MONTHLY, spans=None):
    """Up to five families and six slots in one round, with shifts, two contacts, brothers and sisters, teachers."""
    pick = random.Random(seed)
    slots = []
    for _ in range(pick.randint(2, 6)):
        day = MONDAY + pick.randint(0, 11) * DAY
        starts = pick.choice(("12:20", "12:30", "16:20"))
        if not any(known.day == day and known.starts == starts for known in slots):
            slots.append(slot(day, starts, duty=pick.choice(("甲", "乙"))))
    callees = []
    for number in range(pick.randint(1, 5)):
        people = []
        for nth in range(pick.randint(1, 2)):
            held = [
                window(*pick.choice((("12:00", "13:00"), ("12:25", "17:00"))), weekday)
                for weekday in pick.sample(range(1, 6), pick.randint(0, 2))
            ]
            people.append(contact(f"{number}-{nth}", order=nth + 1, windows=held))
        siblings = ()
        if number and pick.random() < 0.3 and not callees[-1].siblings:
            siblings, people = (number - 1,), list(callees[-1].contacts)
            callees[-1] = replace(callees[-1], siblings=frozenset({f"child-{number}"}))
        last = MONDAY - pick.randint(1, 40) * DAY
        callees.append(child(number, contacts=people, siblings=siblings, last=last, rules=rules))
    return facts(slots, callees, spans=spans or {"month": months(1)})


def suits(situation, unit, one):
    """The rank of the contact who is called in a slot, None = nobody can be reached."""
    return next(
        (place for place, who in enumerate(unit.contacts) if who.reachable(one.day, one.starts, one.ends)),
        None,
    )


def every_plan(situation):
    """Yield every way to give units slots: unit → place of its slot, or None."""
    units = units_of(situation)
    ways = [
        [
            None,
            *(place for place, one in enumerate(situation.slots) if suits(situation, unit, one) is not None),
        ]
        for unit in units
    ]
    for chosen in product(*ways):
        used = [place for place in chosen if place is not None]
        if len(used) == len(set(used)):
            yield dict(zip(units, chosen, strict=True))


def worth(situation, chosen):
    """(children without a call, longest wait, ranks of contacts, squares of the teachers' calls), small is good."""
    end = situation.spans["month"][0].last + DAY
    left, waits, ranks, loads = 0, [], 0, Counter()
    for unit, place in chosen.items():
        since = min(since_of(situation, member) for member in unit.members)
        if not any(suits(situation, unit, one) is not None for one in situation.slots):
            continue
        if place is None:
            left += len(unit.members)
            waits.append((end - since).days)
        else:
            one = situation.slots[place]
            waits.append((one.day - since).days)
            ranks += suits(situation, unit, one)
            loads[one.duty] += 1
    return left, max(waits, default=0), ranks, sum(number**2 for number in loads.values())


def as_chosen(situation, plan):
    """A plan as unit → place of its slot."""
    found = places(plan)
    at = {(one.day, one.starts, one.line_id): place for place, one in enumerate(situation.slots)}
    chosen = {}
    for unit in units_of(situation):
        mine = {found.get(situation.callees[member].child_uuid) for member in unit.members}
        assert len(mine) == 1, "brothers and sisters apart"
        (where,) = mine
        chosen[unit] = None if where is None else at[where]
    return chosen


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 10**9))
def test_no_plan_serves_more_or_lets_wait_less(seed):
    """Most children, then the shortest longest wait; when all are served also the best contacts, then even loads."""
    situation = tiny(seed)
    plan = plan_of(situation)
    mine = worth(situation, as_chosen(situation, plan))
    best = min(worth(situation, chosen) for chosen in every_plan(situation))
    assert mine[:2] == best[:2]
    if best[0] == 0:
        assert mine == best
    assert {one.child_uuid for one in plan.unserved} | places(plan).keys() == {
        one.child_uuid for one in situation.callees
    }


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_after_a_change_no_plan_moves_fewer(seed, change):
    """A slot closed, a child absent, a child new: as many served as can be, and of such plans the fewest calls moved."""
    situation = tiny(seed)
    held = rows_of(plan_of(situation))
    pick = random.Random(change)
    slots, callees = list(situation.slots), list(situation.callees)
    kind = pick.choice(("slot", "absent", "new", "new", "hours", "hours"))
    if kind == "slot" or not held:
        place = pick.randrange(len(slots))
        slots[place] = replace(slots[place], closed="停电")
    elif kind == "absent":
        family = pick.choice(units_of(situation)).members
        away = (Absent(MONDAY, MONDAY + pick.randint(1, 9) * DAY),)
        for place in family:
            callees[place] = replace(callees[place], absences=away)
    else:  # somebody can be reached only when somebody else's call stands
        only = [contact("只", windows=[window(weekday=pick.choice(held).day.isoweekday())])]
        if kind == "new":
            callees.append(child(len(callees), contacts=only, last=MONDAY - 50 * DAY))
        else:
            alone = [place for place, one in enumerate(callees) if not one.siblings]
            for place in alone[:1]:
                callees[place] = replace(callees[place], contacts=tuple(only))
    changed = replace(situation, slots=tuple(slots), callees=tuple(callees), planned=held)
    plan = plan_of(changed)
    before = {row.child_uuid: (row.day, row.starts, row.line_id) for row in held}

    def can(unit, one):
        return (
            not one.closed
            and not any(changed.callees[member].why_not(one.day) for member in unit.members)
            and suits(changed, unit, one) is not None
        )

    def moves(chosen):
        served = sum(len(unit.members) for unit, place in chosen.items() if place is not None)
        moved = 0
        for unit, place in chosen.items():
            was = before.get(changed.callees[unit.members[0]].child_uuid)
            one = None if place is None else changed.slots[place]
            moved += was is not None and (one is None or was != (one.day, one.starts, one.line_id))
        return -served, moved

    possible = [
        chosen
        for chosen in every_plan(changed)
        if all(place is None or can(unit, changed.slots[place]) for unit, place in chosen.items())
    ]
    assert moves(as_chosen(changed, plan)) == min(moves(chosen) for chosen in possible)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_weeks_and_months_together_serve_most(seed):
    """Some children every week, some every month: of all calls that the rules ask for no plan has more."""
    pick = random.Random(seed)
    slots = [slot(MONDAY + (7 * week + pick.randint(0, 4)) * DAY) for week in range(2) for _ in range(2)]
    slots = list({one.day: one for one in slots}.values())
    callees = []
    for number in range(3):
        held = [window(weekday=weekday) for weekday in pick.sample(range(1, 6), pick.randint(0, 3))]
        rules = pick.choice((MONTHLY, WEEKLY))
        callees.append(child(number, contacts=[contact(str(number), windows=held)], rules=rules))
    situation = facts(slots, callees, spans={"month": months(1, length=14), "week": weeks(2)})
    wanted = [
        (place, span) for place, one in enumerate(callees) for span in situation.spans[one.rules[0].per]
    ]
    best = 0
    for chosen in product([None, *range(len(wanted))], repeat=len(situation.slots)):
        used = [number for number in chosen if number is not None]
        if len(used) == len(set(used)) and all(
            number is None
            or (
                wanted[number][1].first <= one.day <= wanted[number][1].last
                and callees[wanted[number][0]].contacts[0].reachable(one.day, one.starts, one.ends)
            )
            for number, one in zip(chosen, situation.slots, strict=True)
        ):
            best = max(best, len(used))
    assert sum(len(line.children) for line in plan_of(situation).lines) == best


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**9))
@example(51)
@example(108)
def test_the_longest_wait_of_every_rule_is_as_short_as_can_be(seed):
    """Some children this week, some this month: most children, the longest wait of all, of the week's, of the month's.

    A grandmother today comes before the mother on Friday where that makes the longest wait of a rule shorter.
    """
    pick = random.Random(seed)
    days = [pick.randint(0, 4), pick.randint(0, 4), *(pick.randint(0, 11) for _ in range(pick.randint(1, 3)))]
    rooms = [slot(MONDAY + day * DAY, f"12:{10 + place}", minutes=1) for place, day in enumerate(days)]
    callees = []
    for number in range(pick.randint(2, 4)):
        people = [
            contact(f"{number}-{nth}", order=nth, windows=[window(weekday=day) for day in held])
            for nth, held in enumerate(
                (pick.sample(range(1, 6), pick.randint(0, 3)), pick.sample(range(1, 6), 3))
            )
        ]
        last = MONDAY - pick.randint(1, 12) * DAY
        callees.append(child(number, contacts=people, rules=pick.choice((MONTHLY, WEEKLY)), last=last))
    spans = {"month": months(1, length=14), "week": weeks(1)}
    situation = facts(rooms, callees, spans=spans)

    def can(one, place):
        room = rooms[place]
        there = any(who.reachable(room.day, room.starts, room.ends) for who in one.contacts)
        return there and room.day <= spans[one.rules[0].per][0].last

    def rank(chosen):
        waits = {WEEKLY: [0], MONTHLY: [0]}
        for one, place in zip(callees, chosen, strict=True):
            until = spans[one.rules[0].per][0].last + DAY if place is None else rooms[place].day
            if any(can(one, other) for other in range(len(rooms))):
                waits[one.rules].append((until - one.last_connected).days)
        weekly, monthly = max(waits[WEEKLY]), max(waits[MONTHLY])
        return chosen.count(None), max(weekly, monthly), weekly, monthly

    ways = [[None, *(place for place in range(len(rooms)) if can(one, place))] for one in callees]
    possible = [
        chosen
        for chosen in product(*ways)
        if all(chosen.count(place) == 1 for place in chosen if place is not None)
    ]
    found = places(plan_of(situation))
    at = {(one.day, one.starts, one.line_id): place for place, one in enumerate(rooms)}
    mine = tuple(at.get(found.get(one.child_uuid)) for one in callees)
    assert rank(mine) == min(map(rank, possible))


# ---- against another solver -----------------------------------------------------------------------------------------


def matched(situation, wait):
    """How many children Hopcroft and Karp's matching serves when nobody but the left out waits longer than ``wait``."""
    graph = nx.Graph()
    children = [("child", place) for place in range(len(situation.callees))]
    graph.add_nodes_from(children)
    for place, one in enumerate(situation.callees):
        for number, room in enumerate(situation.slots):
            late = (room.day - one.last_connected).days > wait
            there = any(who.reachable(room.day, room.starts, room.ends) for who in one.contacts)
            if there and not late and not room.lesson_of(one.class_id):
                graph.add_edge(("child", place), ("slot", number))
    return len(nx.bipartite.hopcroft_karp_matching(graph, children)) // 2


@pytest.mark.parametrize(("seed", "per_day", "lines"), [(1, 8, 1), (2, 3, 1), (3, 2, 2), (4, 4, 2)])
def test_a_school_of_ninety_is_served_as_another_solver_serves_it(seed, per_day, lines):
    """As many as a matching can serve; and no wait shorter than the longest one would serve as many."""
    situation = large(children=90, lines=lines, school_weeks=4, per_day=per_day, seed=seed)
    alone = tuple(replace(one, siblings=frozenset()) for one in situation.callees)
    situation = replace(situation, callees=alone)
    plan = plan_of(situation)
    served = places(plan)
    assert len(served) == matched(situation, 10_000)
    if len(served) == len(alone):
        longest = max((served[one.child_uuid][0] - one.last_connected).days for one in alone)
        assert longest == plan.longest_wait_days
        assert matched(situation, longest) == len(alone) > matched(situation, longest - 1)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_over_several_rounds_no_plan_has_more_calls(seed):
    """Weeks that go across the ends of months, one rule a child: as many calls as a matching of the whole period has."""
    pick = random.Random(seed)
    days = sorted({MONDAY + (7 * pick.randrange(6) + pick.randrange(5)) * DAY for _ in range(16)})
    callees = []
    for number in range(6):
        held = [window(weekday=weekday) for weekday in pick.sample(range(1, 6), pick.randint(0, 3))]
        rules = pick.choice((MONTHLY, WEEKLY))
        last = MONDAY - pick.randint(1, 40) * DAY
        callees.append(child(number, contacts=[contact(str(number), windows=held)], rules=rules, last=last))
    spans = {"month": months(3, length=16), "week": weeks(6)}
    situation = facts([slot(day) for day in days], callees, spans=spans, last=MONDAY + 41 * DAY)
    graph = nx.Graph()
    for place, one in enumerate(callees):
        for span in spans[one.rules[0].per]:
            graph.add_node((place, span.first), asked=True)
            for day in days:
                if span.first <= day <= span.last and one.contacts[0].reachable(day, "12:20", "12:30"):
                    graph.add_edge((place, span.first), day)
    wanted = [node for node, data in graph.nodes(data=True) if "asked" in data]
    best = len(nx.bipartite.hopcroft_karp_matching(graph, wanted)) // 2
    assert sum(len(line.children) for line in plan_of(situation).lines) == best


# ---- what always holds ----------------------------------------------------------------------------------------------


@settings(max_examples=14, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from((MONTHLY, WEEKLY, BOTH, TWICE)), st.integers(1, 5))
def test_no_slot_twice_siblings_together_and_again_nothing_moves(seed, rules, per_day):
    """For any school: one call a slot, nobody twice a day, families together, parents' hours and lessons kept to."""
    situation = large(children=40, lines=2, school_weeks=8, per_day=per_day, seed=seed, rules=rules)
    plan = plan_of(situation)
    rooms = Counter((line.day, line.starts, line.line_id) for line in plan.lines)
    assert set(rooms.values()) <= {1}
    days = Counter((one.uuid, line.day) for line in plan.lines for one in line.children)
    assert set(days.values()) <= {1}
    callees = {one.child_uuid: one for one in situation.callees}
    at = {(one.day, one.starts, one.line_id): one for one in situation.slots}
    for line in plan.lines:
        room = at[line.day, line.starts, line.line_id]
        for one in line.children:
            callee = callees[one.uuid]
            assert callee.contact(line.person_uuid).reachable(line.day, line.starts, line.ends)
            assert not room.lesson_of(callee.class_id)
    again = plan_of(replace(situation, planned=rows_of(plan)))
    assert not again.changes_anything
    assert {line.state for line in again.lines} <= {LineState.KEPT}


def test_a_brother_joins_no_call_on_a_day_on_which_he_calls_already():
    """The younger called at noon, which is not written down yet: the elder's call of the evening stays the elder's own."""
    slots = [slot(MONDAY), slot(MONDAY, "16:20")]
    shared = [contact("妈")]
    elder = child(0, contacts=shared, siblings=(1,))
    younger = child(1, contacts=shared, siblings=(0,), rules=WEEKLY)
    alone = plan_of(facts(slots, [replace(younger, siblings=frozenset())]))
    evening = plan_of(facts(slots[1:], [replace(elder, siblings=frozenset())]))
    held = (*rows_of(alone), *rows_of(evening))
    more = replace(younger, rules=(CallRule("call", 2, "week"),))
    noon = datetime.combine(MONDAY, time(12, 25))
    plan = plan_of(facts(slots, [elder, more], planned=held, now=noon))
    assert [[one.name for one in line.children] for line in plan.lines] == [["孩1"], ["孩0"]]
    assert [one.child for one in plan.unserved] == ["孩1"]


def test_a_second_call_on_one_day_goes_to_another_day():
    """Both stand in the file, the first was at noon: the evening's moves to Tuesday."""
    slots = [slot(MONDAY), slot(MONDAY, "16:20"), slot(MONDAY + DAY)]
    rows = [*rows_of(plan_of(facts(slots[:1], [child(0)]))), *rows_of(plan_of(facts(slots[1:2], [child(0)])))]
    noon = datetime.combine(MONDAY, time(12, 25))
    plan = plan_of(facts(slots, [child(0, rules=TWICE)], planned=rows, now=noon))
    assert [(line.state, line.day) for line in plan.lines] == [
        (LineState.PINNED, MONDAY),
        (LineState.MOVED, MONDAY + DAY),
    ]
    assert plan.dropped == ()


def test_nobody_is_beyond_the_rule_when_there_is_a_way():
    """Sixty-three children, one telephone, one hour a day, once a month: all of them, the longest waiting first."""
    slots = [
        slot(MONDAY + (7 * week + day) * DAY, f"12:{minute}")
        for week in range(4)
        for day in range(5)
        for minute in (20, 30, 40, 50)
    ]
    callees = [child(number, last=MONDAY - (1 + number) * DAY) for number in range(63)]
    plan = plan_of(facts(slots, callees))
    assert plan.unserved == ()
    order = [line.children[0].wait_days - (line.day - MONDAY).days for line in plan.lines]
    assert order == sorted(order, reverse=True)
    assert plan.longest_wait_days == 63


def test_an_absence_moves_few():
    """Ten slots a day, sixty-three children: the absent child's slot is free, and nobody else moves."""
    starts = [f"12:{minute}" for minute in range(10, 60, 5)]
    slots = [slot(MONDAY + day * DAY, at, minutes=5) for day in (0, 1, 2, 3, 4, 7, 8) for at in starts]
    callees = [child(number, last=MONDAY - (1 + number) * DAY) for number in range(63)]
    plan = plan_of(facts(slots, callees))
    assert plan.unserved == ()
    first = plan.lines[0].children[0].uuid
    away = [
        replace(one, absences=(Absent(MONDAY, MONDAY + 3 * DAY),)) if one.child_uuid == first else one
        for one in callees
    ]
    again = plan_of(facts(slots, away, planned=rows_of(plan)))
    assert [line.children[0].uuid for line in again.of(LineState.MOVED)] == [first]
    assert again.of(LineState.NEW) == again.dropped == again.unserved == ()


def test_only_who_must_make_way_does():
    """Three stand in an order that is not the best; a fourth can only come on the first day: one moves, two stay."""
    slots = [slot(MONDAY + day * DAY) for day in range(4)]
    callees = [child(number, last=MONDAY - (1 + number) * DAY) for number in range(3)]
    standing = plan_of(facts(slots, [replace(one, last_connected=MONDAY - DAY) for one in callees]))
    assert [line.children[0].name for line in standing.lines] == ["孩0", "孩1", "孩2"]
    narrow = child(3, last=MONDAY - DAY, contacts=[contact(windows=[window(weekday=1)])])
    plan = plan_of(facts(slots, [*callees, narrow], planned=rows_of(standing)))
    assert plan.unserved == ()
    (moved,) = plan.of(LineState.MOVED)
    assert (moved.children[0].name, moved.day, moved.why) == ("孩0", MONDAY + 3 * DAY, "给别的儿童让出时段")


def test_of_two_who_could_be_served_who_needs_fewer_moves_is():
    """One free slot: for the one two calls would have to move, for the other one; how long they wait comes after that."""

    def on(number, *weekdays, last):
        held = [window(weekday=weekday) for weekday in weekdays]
        return child(number, contacts=[contact(str(number), windows=held)], last=MONDAY - last * DAY)

    slots = [slot(MONDAY + day * DAY) for day in range(4)]
    standing = [on(0, 1, 2, last=9), on(1, 2, 4, last=9), on(2, 3, 4, last=9)]
    held = rows_of(plan_of(facts(slots[:3], standing)))
    assert len(held) == 3
    plan = plan_of(facts(slots, [*standing, on(3, 1, last=60), on(4, 3, last=2)], planned=held))
    assert [line.children[0].name for line in plan.of(LineState.MOVED)] == ["孩2"]
    assert [line.children[0].name for line in plan.of(LineState.NEW)] == ["孩4"]


def test_loads_are_even_over_the_teachers():
    """Three teachers, room for twice as many: seven children each."""
    slots = [
        slot(MONDAY + (7 * week + day) * DAY, f"12:{minute}", duty="甲乙丙"[day % 3])
        for week in range(4)
        for day in range(5)
        for minute in (20, 30)
    ]
    # All connected lately: nobody's wait asks for a day.
    callees = [child(number, last=MONDAY - DAY) for number in range(20)] + [child(20, last=MONDAY - 90 * DAY)]
    plan = plan_of(facts(slots, callees))
    assert [load.calls for load in plan.loads] == [7, 7, 7]


def test_a_child_of_two_rules_has_one_call_for_both():
    """A video call a month is a call too: one call when there is a video slot, by telephone when there is none."""
    video = slot(MONDAY + DAY, "16:20", line=2, medium=CallMedium.VIDEO)
    plan = plan_of(facts([slot(MONDAY), video], [child(1, rules=BOTH)]))
    assert [(line.medium, line.day) for line in plan.lines] == [(CallMedium.VIDEO, MONDAY + DAY)]
    plan = plan_of(facts([slot(MONDAY)], [child(1, rules=BOTH)]))
    assert [line.medium for line in plan.lines] == [CallMedium.PHONE]
    assert [one.why for one in plan.unserved] == ["规则要视频，这段时间没有视频的时段"]


def test_twice_a_month_is_not_twice_at_once():
    """Two calls of a month lie in its two halves; with one half closed they lie on two days of the other."""
    twice = (CallRule("call", 2, "month"),)
    slots = [slot(MONDAY + (7 * week + day) * DAY) for week in range(4) for day in range(2)]
    plan = plan_of(facts(slots, [child(1, rules=twice)]))
    assert [line.day for line in plan.lines] == [MONDAY, MONDAY + 14 * DAY]
    late = [replace(one, closed="考试") if one.day < MONDAY + 14 * DAY else one for one in slots]
    plan = plan_of(facts(late, [child(1, rules=twice)]))
    assert [line.day for line in plan.lines] == [MONDAY + 14 * DAY, MONDAY + 15 * DAY]
    assert plan.unserved == ()


def test_the_second_call_may_lie_in_the_first_half():
    """With no hour in the second half of the month the second call is on another day of the first."""
    twice = (CallRule("call", 2, "month"),)
    slots = [slot(MONDAY + day * DAY) for day in (1, 4)]
    plan = plan_of(facts(slots, [child(1, rules=twice)]))
    assert [line.day for line in plan.lines] == [MONDAY + DAY, MONDAY + 4 * DAY]
    assert plan.unserved == ()


def test_again_nothing_moves_with_two_rules_a_child():
    """A telephone call that a monthly rule asks for stays beside the weekly video calls, and so do brothers' calls."""
    rules = (CallRule("call", 1, "month"), CallRule("video_call", 1, "week"))
    slots = [slot(MONDAY, "12:20"), slot(MONDAY + 7 * DAY, "16:20", line=2, medium=CallMedium.VIDEO)]
    situation = facts(slots, [child(1, rules=rules)])
    plan = plan_of(situation)
    assert not plan_of(replace(situation, planned=rows_of(plan))).changes_anything
    shared = [contact("妈")]
    brothers = [
        child(0, contacts=shared, siblings=(1,), rules=(CallRule("call", 2, "month"),)),
        child(1, contacts=shared, siblings=(0,), rules=WEEKLY),
    ]
    room = [slot(MONDAY + 7 * week * DAY, starts) for week in range(4) for starts in ("12:20", "12:30")]
    plan = plan_of(facts(room, brothers))
    assert not plan_of(facts(room, brothers, planned=rows_of(plan))).changes_anything


def test_brothers_of_different_rules_share_what_they_can():
    """One calls every week, the other every month: the month's call is one of the weekly ones."""
    slots = [slot(MONDAY + 7 * week * DAY, starts) for week in range(4) for starts in ("12:20", "12:30")]
    shared = [contact("妈")]
    callees = [
        child(0, contacts=shared, siblings=(1,), rules=WEEKLY),
        child(1, contacts=shared, siblings=(0,), rules=MONTHLY),
    ]
    plan = plan_of(facts(slots, callees))
    assert [len(line.children) for line in plan.lines] == [2, 1, 1, 1]


def test_what_was_called_counts_and_the_wish_is_kept_to():
    """Who got through this month is not planned; who would rather not is not; who wants video gets it."""
    video = slot(MONDAY + 8 * DAY, "16:20", line=2, medium=CallMedium.VIDEO)
    callees = [
        child(0),
        child(1, wish=CallWishFacts(wants=False)),
        child(2, wish=CallWishFacts(medium=CallMedium.VIDEO)),
    ]
    made = {"child-0": (Made(MONDAY, CallMedium.PHONE, connected=True),)}
    longer = child(3, last=MONDAY - 20 * DAY, contacts=[contact(windows=[window(weekday=3)])])
    room = [slot(MONDAY + 7 * DAY), slot(MONDAY + 9 * DAY), video]
    plan = plan_of(facts(room, [*callees, longer], made=made, first=MONDAY + 7 * DAY))
    assert places(plan) == {
        "child-2": (MONDAY + 8 * DAY, "16:20", 2),
        "child-3": (MONDAY + 9 * DAY, "12:20", 1),
    }
    assert [(one.child, one.why) for one in plan.unserved] == [("孩1", "孩子自己现在不想打")]


def test_alternate_weeks_and_the_next_contact():
    """A shift by turns lets the mother be called every second week only; the grandmother is next when she cannot.

    While the longest wait is not the child's own, the mother a week later comes before the grandmother today.
    """
    longer = child(1, last=MONDAY - 20 * DAY, contacts=[contact(windows=[window(weekday=2)])])
    mother = contact("妈", order=1, windows=[window(alternate_on=MONDAY + 7 * DAY)])
    grandmother = contact("奶奶", order=2, later="只听得懂方言")
    both = [slot(MONDAY), slot(MONDAY + 7 * DAY)]
    plan = plan_of(facts([*both, slot(MONDAY + 8 * DAY)], [child(0, contacts=[mother, grandmother]), longer]))
    assert [(line.day, line.person_uuid) for line in plan.lines][:1] == [(MONDAY + 7 * DAY, "person-妈")]
    plan = plan_of(facts(both[:1], [child(0, contacts=[mother, grandmother])]))
    assert [line.person_uuid for line in plan.lines] == ["person-奶奶"]
    assert plan.lines[0].contact_note == "母亲 妈那时接不到"


def test_a_child_that_left_and_a_call_begun_today():
    """The call of who left falls away; what began today stays as it is and counts."""
    slots = [slot(MONDAY), slot(MONDAY, "12:30"), slot(MONDAY + DAY)]
    callees = [child(0), child(1)]
    held = rows_of(plan_of(facts(slots, callees)))
    noon = datetime.combine(MONDAY, time(12, 25))
    gone = [callees[0], replace(callees[1], leaves_on=MONDAY.isoformat())]
    plan = plan_of(facts(slots, gone, planned=held, now=noon))
    assert [(one.child, one.reason.value) for one in plan.dropped] == [("孩1", "child_left")]
    assert [(line.state, line.starts) for line in plan.lines] == [(LineState.PINNED, "12:20")]


# ---- when it cannot be done -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_rule_that_asks_less_often_is_no_help_to_whom_no_hour_suits(number):
    """Their parents can be reached on Sundays only: a call in a term fails as a call in a month does."""
    sunday = (contact(windows=[window("16:00", "17:00", 7)]),)
    callees = [child(one, contacts=sunday) for one in range(number)]
    plan = advised(plan_of(facts([slot(MONDAY), slot(MONDAY + DAY)], callees)))
    assert len(plan.unserved) == number
    assert "seldomer" not in {one.code for one in plan.advice}


def test_what_is_missing_is_counted_and_loosening_is_tried():
    """Five children, three slots: two are missing; longer hours, shorter slots, another telephone would do."""
    slots = [slot(MONDAY, f"12:{minute}") for minute in (20, 30, 40)]
    callees = [child(number, last=MONDAY - number * DAY) for number in range(1, 6)]
    plan = advised(plan_of(facts(slots, callees)))
    assert {one.child for one in plan.unserved} == {"孩1", "孩2"}  # they waited least
    assert [(one.words, one.slots, one.children) for one in plan.missing] == [("9月", 2, 2)]
    assert {one.why for one in plan.unserved} == {"9月的时段不够"}
    gains = {one.code: (one.gain, one.left, one.words) for one in plan.advice}
    assert gains["longer_hours"] == (2, 0, "每条线路每次多开 2 个时段")
    assert gains["shorter_slots"] == (2, 0, "每人的时间缩短：10 分钟改成 6 分钟")
    assert gains["one_more_line"] == (2, 0, "多一部电话，时段和1 号线一样")
    assert gains["seldomer"][:2] == (2, 0)


@pytest.mark.parametrize(
    ("slots", "callees", "code"),
    [
        ([slot(MONDAY, lessons=((1, "语文"),))], [child(0)], "lessons"),
        ([slot(MONDAY)], [child(0, contacts=[contact(windows=[window(weekday=6)])])], "hours"),
        ([slot(MONDAY)], [child(0, rules=(CallRule("video_call", 1, "month"),))], "medium"),
        (
            [slot(MONDAY + 7 * week * DAY) for week in range(4)],
            [child(0), child(1, rules=(CallRule("call", 1, "week", own=True),))],
            "own_rules",
        ),
    ],
)
def test_the_rule_that_stands_in_the_way_is_named(slots, callees, code):
    """A lesson, a parent's hours, video, one child's own rule: each is found by trying."""
    plan = advised(plan_of(facts(slots, callees)))
    assert plan.unserved
    assert code in {one.code for one in plan.advice}


def test_the_board_knows_hours_as_the_contacts_do():
    """Whom a cell suits is what ``CallContact.reachable`` says of its hour, lesson by lesson, in every week."""
    situation = large(children=40, lines=2, school_weeks=4, per_day=8, seed=5)
    board = Board(situation, situation.slots)
    for unit in units_of(situation)[:20]:
        classes = [situation.callees[member].class_id for member in unit.members]
        options = board.options(unit, unit.members, situation.first, situation.last, video=False)
        assert list(options) == sorted(options, key=lambda cell: cell.day)
        for room in situation.slots:
            suits_them = suits(situation, unit, room)
            if any(room.lesson_of(one) for one in classes):
                suits_them = None
            assert options.get(board.cell_of(room)) == suits_them


def test_why_somebody_is_left_out_does_not_hang_on_what_was_planned_before():
    """Two calls a month, room for three on two days of its first half: the month is short of one, planned again too."""
    slots = [slot(MONDAY), slot(MONDAY, "12:30"), slot(MONDAY + DAY)]
    situation = facts(slots, [child(0, rules=TWICE), child(1, rules=TWICE)])
    plan = plan_of(situation)
    again = plan_of(replace(situation, planned=rows_of(plan)))
    for one in (plan, again):
        assert [(left.why, left.short) for left in one.unserved] == [("9月的时段不够", True)]
        assert [(span.words, span.slots, span.children) for span in one.missing] == [("9月", 1, 1)]


def test_nothing_is_advised_when_no_rule_would_help():
    """A child without a number, and one that does not want to, are no matter of rules."""
    callees = [
        child(0, contacts=[contact(why_not="没有号码")]),
        child(1, contacts=[]),
        child(2, wish=CallWishFacts(wants=False)),
    ]
    plan = advised(plan_of(facts([slot(MONDAY)], callees)))
    assert len(plan.unserved) == 3
    assert plan.advice == plan.missing == ()
    assert plan.longest_wait_days is None
