"""``plan-calls``: who calls when, shown or written."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.cli.answers import Answer
from app.core.clock import Clock

if TYPE_CHECKING:
    from app.calls.plan_facts import CallPlan, PlanLine


def plan_calls(args: Namespace, clock: Clock) -> Answer:
    """Plan the affection calls of a period; with ``--write`` write that as one undoable step."""
    from app.storage.store import Store
    from app.tasks.calls_plan import preview, write

    with Store.open(args.db, clock=clock, read_only=not args.write) as store:
        plan = preview(store, first=args.since, last=args.until)
        changes = write(store, plan=plan) if args.write and plan.changes_anything else None

    lines = [_line(one) for one in plan.lines]
    lines += [f"没有排上\t{one.child}\t{one.why}" for one in plan.unserved]
    notes = list(_notes(plan))
    if changes:
        notes.append("已写入，可以撤销。")
    elif args.write:
        notes.append("和现在的安排一样，没有要写的。")
    return Answer(_plain(plan), lines=lines, notes=notes)


def _line(one: PlanLine) -> str:
    """One slot: when, on which line, who, with whom, who is on duty, what changed and why."""
    from app.calls.plan_facts import LineState

    names = "、".join(child.name for child in one.children)
    state = {
        LineState.NEW: "新",
        LineState.MOVED: f"从 {one.moved_from.replace('T', ' ')}",
        LineState.PINNED: "不变动",
    }.get(one.state, "")
    when = f"{one.day.isoformat()} {one.starts}"
    return "\t".join((when, one.line, names, one.contact, one.duty, state, one.why or one.contact_note))


def _notes(plan: CallPlan) -> Iterator[str]:
    yield from plan.notes
    for one in plan.missing:
        yield f"{one.words}还缺 {one.slots} 个时段，{one.children} 名排不下。"
    for advice in plan.advice:
        yield f"{advice.told}。"
    yield plan.words


def _plain(plan: CallPlan) -> dict[str, object]:
    """Return what ``--json`` prints."""
    from app.calls.plan_facts import LineState

    return {
        "planned": [
            {
                "date": one.day.isoformat(),
                "start": one.starts,
                "line": one.line,
                "children": [child.uuid for child in one.children],
                "contact": one.contact or None,
                "end": one.ends,
                "medium": one.medium.value,
                "children_names": [child.name for child in one.children],
                "duty": one.duty or None,
                "state": one.state.value,
                "moved_from": one.moved_from or None,
            }
            for one in plan.lines
        ],
        "unserved": [
            {"child": one.child_uuid, "why": one.why, "child_name": one.child, "by": one.by.isoformat()}
            for one in plan.unserved
        ],
        "longest_wait_days": plan.longest_wait_days,
        "moved": len(plan.of(LineState.MOVED)),
        "later": [
            {"child": one.child_uuid, "child_name": one.child, "by": one.by.isoformat()} for one in plan.later
        ],
        "dropped": [
            {"child": one.child_uuid, "child_name": one.child, "at": one.minute, "why": one.why}
            for one in plan.dropped
        ],
        "missing": [
            {"round": one.words, "to": one.last.isoformat(), "slots": one.slots, "children": one.children}
            for one in plan.missing
        ],
        "advice": [{"words": one.words, "gain": one.gain, "left": one.left} for one in plan.advice],
    }
