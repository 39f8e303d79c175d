"""Planning the calls again: what stands stays, whatever has happened in between."""

import random
from collections import Counter
from datetime import datetime, time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.calls.codes import CallMedium
from app.calls.plan_facts import LineState, Made
from app.calls.planner import work_out
from app.calls.planner_result import result_of
from app.calls.reach import Absent, CallWishFacts
from tests.app.calls.plan_school import (
    BOTH,
    DAY,
    MONDAY,
    MONTHLY,
    TWICE,
    VIDEO_WEEKLY,
    WEEKLY,
    a_few,
    child,
    contact,
    facts,
    months,
    rows_of,
    slot,
    weeks,
)


def plan_of(situation):
    return result_of(work_out(situation))


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**9))
@example(30273)
@example(31861)
@example(32664)
@example(32991)
@example(33100)
@example(33170)
@example(34129)
@example(50023)
@example(353)
@example(363)
@example(395)
@example(4255)
def test_again_nothing_moves_whatever_the_rules_and_the_hour(seed):
    """Rules mixed, few slots: planned again the same, at once, on Wednesday noon, after a change, whatever the period.

    The same children are left out or later, and nobody calls twice a day, no slot is given twice, no call gets lost.
    """
    pick = random.Random(seed)
    spans = {"month": months(1), "week": weeks(4)}
    rules = [MONTHLY, WEEKLY, VIDEO_WEEKLY, TWICE]
    situation = a_few(seed + 10**6, rules, spans=spans, slots=14, children=7)
    if seed % 2:
        situation = replace(situation, last=MONDAY + pick.randint(2, 20) * DAY)
    situation = planned_twice(situation)
    situation = planned_twice(replace(situation, now=datetime(2026, 9, 9, 12, 25)))
    kind = pick.choice(("slot", "child", "rules", "hours"))
    slots, callees = list(situation.slots), list(situation.callees)
    if kind == "slot":
        place = pick.randrange(len(slots))
        slots[place] = replace(slots[place], closed="停电")
    elif kind == "child":
        del callees[0]
    elif kind == "rules":
        callees = [replace(one, rules=pick.choice((MONTHLY, WEEKLY))) for one in callees]
    else:
        people = tuple(replace(one, windows=()) for one in callees[0].contacts)
        callees[0] = replace(callees[0], contacts=people)
    planned_twice(replace(situation, slots=tuple(slots), callees=tuple(callees)))


@pytest.mark.parametrize("seed", [*range(60), 139727181])
def test_again_nothing_moves_whatever_befalls_in_between(seed):
    """Any rules over two months, three things that happen, planned twice after each of them."""
    pick = random.Random(seed)
    spans = {"month": months(2, length=pick.choice((14, 16, 28))), "week": weeks(4)}
    rules = [MONTHLY, WEEKLY, VIDEO_WEEKLY, TWICE, BOTH]
    size = {"slots": pick.choice((8, 14, 24)), "children": pick.choice((4, 7, 10))}
    situation = a_few(pick.randrange(10**9), rules, spans=spans, **size)
    for _ in range(3):
        situation = befallen(planned_twice(situation), pick, rules)
    planned_twice(situation)


def befallen(situation, pick, rules):
    """A slot closed, a child gone, absent or unwilling, a call made before its hour or fixed, a later day or period …"""
    kind = pick.choice(("slot", "gone", "rules", "hours", "absent", "wish", "now", "last", "fixed", "made"))
    slots, callees = list(situation.slots), list(situation.callees)
    room, one = pick.randrange(len(slots)), pick.randrange(len(callees))
    if kind == "slot":
        slots[room] = replace(slots[room], closed="停电")
    elif kind == "gone" and len(callees) > 1:
        del callees[one]
    elif kind == "rules":
        callees = [replace(each, rules=pick.choice(rules)) for each in callees]
    elif kind == "hours":
        anytime = tuple(replace(who, windows=()) for who in callees[one].contacts)
        callees[one] = replace(callees[one], contacts=anytime)
    elif kind == "absent":
        away = (Absent(MONDAY, MONDAY + pick.randint(1, 9) * DAY),)
        callees[one] = replace(callees[one], absences=away)
    elif kind == "wish":
        callees[one] = replace(callees[one], wish=CallWishFacts(wants=False))
    elif kind == "now":
        noon = datetime.combine(MONDAY + pick.randint(0, 9) * DAY, time(12, 25))
        situation = replace(situation, now=max(situation.now, noon))
    elif kind == "last":
        situation = replace(situation, last=MONDAY + pick.randint(2, 27) * DAY)
    elif situation.planned:
        row = pick.choice(situation.planned)
        if kind == "fixed":
            held = (replace(it, fixed=it.fixed or it.occasion == row.occasion) for it in situation.planned)
            situation = replace(situation, planned=tuple(held))
        elif kind == "made":
            day = min(row.day, situation.now.date())
            made = Made(day, row.medium, connected=pick.random() < 0.6, planned_uuid=row.uuid)
            known = situation.made.get(row.child_uuid, ())
            situation = replace(situation, made={**situation.made, row.child_uuid: (*known, made)})
    return replace(situation, slots=tuple(slots), callees=tuple(callees))


def planned_twice(situation):
    """The situation with its plan in the file, after seeing that planning again leaves it as it is."""
    plan = plan_of(situation)
    rooms = Counter((line.day, line.starts, line.line_id) for line in plan.lines)
    days = Counter((one.uuid, line.day) for line in plan.lines for one in line.children)
    assert max((*rooms.values(), *days.values()), default=1) == 1
    stand = {one.row_uuid for line in plan.lines for one in line.children if one.row_uuid}
    fall = {one.row_uuid for one in plan.dropped}
    assert not stand & fall
    called = {one.planned_uuid for made in situation.made.values() for one in made}
    now = situation.now.isoformat(timespec="minutes")
    before = {row.uuid: row for row in situation.planned}
    beyond = {row.uuid for row in situation.planned if row.day > situation.last}
    over = {row.uuid for row in situation.planned if row.minute <= now}
    assert before.keys() - called - beyond - over <= stand | fall
    # As in the file: what the plan does not speak of stays, and what is fixed stays fixed.
    rows = [replace(row, fixed=row.uuid in before and before[row.uuid].fixed) for row in rows_of(plan)]
    rest = [before[uuid] for uuid in before if uuid in called | beyond | over and uuid not in stand | fall]
    situation = replace(situation, planned=(*rows, *rest))
    again = plan_of(situation)
    assert not again.changes_anything
    assert (again.unserved, again.missing, again.later) == (plan.unserved, plan.missing, plan.later)
    assert again.longest_wait_days == plan.longest_wait_days
    return situation


@pytest.mark.parametrize("stays", ["called", "fixed"])
def test_a_brother_of_whom_stays_stays_too(stays):
    """The elder was called before the hour, or is fixed: the younger's call is in the same slot and stays in it."""
    shared = [contact("妈")]
    callees = [child(0, contacts=shared, siblings=(1,)), child(1, contacts=shared, siblings=(0,))]
    situation = facts([slot(MONDAY), slot(MONDAY + DAY)], callees)
    elder, younger = rows_of(plan_of(situation))
    assert (elder.day, elder.occasion) == (younger.day, younger.occasion) == (MONDAY, elder.occasion)
    if stays == "fixed":
        situation = replace(situation, planned=(replace(elder, fixed=True), younger))
    else:
        early = {"child-0": (Made(MONDAY, CallMedium.PHONE, connected=True, planned_uuid=elder.uuid),)}
        situation = replace(situation, planned=(elder, younger), made=early)
    plan = plan_of(situation)
    assert not plan.changes_anything
    assert plan.unserved == plan.dropped == ()


def test_who_moves_away_from_a_fixed_call_has_a_call_of_its_own():
    """Brothers' fixed call, the younger absent that day: his other call is not of one occasion with the elder's."""
    shared = [contact("妈")]
    elder, younger = child(0, contacts=shared, siblings=(1,)), child(1, contacts=shared, siblings=(0,))
    situation = facts([slot(MONDAY), slot(MONDAY + 2 * DAY)], [elder, younger])
    held = tuple(replace(row, fixed=True) for row in rows_of(plan_of(situation)))
    away = replace(younger, absences=(Absent(MONDAY, MONDAY + DAY),))
    plan = plan_of(replace(situation, callees=(elder, away), planned=held))
    (moved,) = plan.of(LineState.MOVED)
    (stayed,) = plan.of(LineState.PINNED)
    assert [[one.name for one in line.children] for line in (stayed, moved)] == [["孩0"], ["孩1"]]
    assert moved.day == MONDAY + 2 * DAY
    assert moved.occasion != stayed.occasion
    # Of files in which they were one occasion: each is shown where it stands.
    torn = replace(held[1], day=MONDAY + 2 * DAY)
    plan = plan_of(replace(situation, planned=(held[0], torn)))
    assert [(line.day, [one.name for one in line.children]) for line in plan.of(LineState.PINNED)] == [
        (MONDAY, ["孩0"]),
        (MONDAY + 2 * DAY, ["孩1"]),
    ]
