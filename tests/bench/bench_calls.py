"""Planning the affection calls of 300 children on 4 lines for 20 weeks, and planning them again. Run by hand:

    python -m tests.bench calls

The school is made up to be awkward: half of the parents can be reached in hours of their own, so that hardly two
families are alike. The floor is a matching (Hopcroft and Karp, from the same library) that only counts who can be
served, child by child and slot by slot; ours also finds whom, when, in what order, with whom on duty. Both in processor
time of the one thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

import networkx as nx
from msgspec.structs import replace

from app.calls.codes import CallMedium
from app.calls.plan_facts import CallPlan, PlanFacts, RoundSpan
from app.calls.planner import work_out
from app.calls.planner_loosen import advised
from app.calls.planner_result import result_of
from tests.app.calls.plan_school import MONTHLY, VIDEO_WEEKLY, WEEKLY, large, rows_of
from tests.bench.results import Result

GOAL = 5.0
CHILDREN, LINES, WEEKS = 300, 4, 20


def measure() -> list[Result]:
    """Return one row per rule, each planned, then again: monthly, weekly, mixed, a weekly video call and no room for it."""
    found: list[Result] = []
    for words, facts in _schools():
        spent, plan = _timed(lambda facts=facts: _planned(facts))
        floor, most = _timed(lambda facts=facts: _matched(facts))
        note = f"{len(plan.lines)} calls, {len(plan.unserved)} children left out ({most} calls matched)"
        found.append(Result(f"{words}: planned", spent, "s", floor, "matching", limit=GOAL, note=note))
        again = replace(facts, planned=rows_of(plan))
        spent, second = _timed(lambda again=again: _planned(again))
        moved = sum(line.rewrites for line in second.lines)
        found.append(Result("  again, nothing changed", spent, "s", limit=GOAL, note=f"{moved} moved"))
        broken = replace(again, slots=tuple(_closed(facts)))
        spent, third = _timed(lambda broken=broken: _planned(broken))
        moved = sum(line.rewrites for line in third.lines)
        note = f"{moved} moved, {len(third.dropped)} fall away"
        found.append(Result("  again, a line broken for a week", spent, "s", limit=GOAL, note=note))
    return found


def _schools() -> list[tuple[str, PlanFacts]]:
    monthly = large(CHILDREN, LINES, WEEKS, MONTHLY)
    weekly = large(CHILDREN, LINES, WEEKS, WEEKLY)
    mixed = replace(
        monthly,
        callees=tuple(
            replace(one, rules=WEEKLY) if place % 5 == 0 else one for place, one in enumerate(monthly.callees)
        ),
        spans=monthly.spans | {"month": _calendar_months(monthly)},
    )
    video = large(CHILDREN, LINES, WEEKS, VIDEO_WEEKLY)
    return [
        ("every month", monthly),
        ("every week", weekly),
        ("some every week, some every month", mixed),
        ("every month, and by video every week", video),
    ]


def _calendar_months(facts: PlanFacts) -> tuple[RoundSpan, ...]:
    """Months that end inside weeks, as real ones do."""
    found, day = [], facts.first
    while day <= facts.last:
        end = date(day.year + day.month // 12, day.month % 12 + 1, 1) - timedelta(days=1)
        found.append(RoundSpan(day, min(end, facts.last), f"{day.month}月"))
        day = end + timedelta(days=1)
    return tuple(found)


def _closed(facts: PlanFacts) -> list:
    week = facts.first + timedelta(days=14)
    return [
        replace(slot, closed="线路坏了") if slot.line_id == 1 and 0 <= (slot.day - week).days < 7 else slot
        for slot in facts.slots
    ]


def _planned(facts: PlanFacts) -> CallPlan:
    return advised(result_of(work_out(facts)))


def _matched(facts: PlanFacts) -> int:
    """How many calls a matching has room for, round by round."""
    total = 0
    for per, spans in facts.spans.items():
        asked = [one for one in facts.callees if any(rule.per == per for rule in one.rules)]
        video = any(rule == VIDEO_WEEKLY[1] and rule.per == per for one in asked for rule in one.rules)
        for span in spans if asked else ():
            graph = nx.Graph()
            tops = [("child", one.child_uuid) for one in asked]
            graph.add_nodes_from(tops)
            for number, slot in enumerate(facts.slots):
                if span.first <= slot.day <= span.last and (not video or slot.medium is CallMedium.VIDEO):
                    for one in asked:
                        there = any(who.reachable(slot.day, slot.starts, slot.ends) for who in one.contacts)
                        if there and not slot.lesson_of(one.class_id):
                            graph.add_edge(("child", one.child_uuid), ("slot", number))
            total += len(nx.bipartite.hopcroft_karp_matching(graph, tops)) // 2
    return total


def _timed(work: Callable) -> tuple[float, object]:
    begin = time.thread_time()
    found = work()
    return time.thread_time() - begin, found
