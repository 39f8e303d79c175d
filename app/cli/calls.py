"""``plan-calls``: who calls when, shown or written."""

from argparse import Namespace

from app.cli.answers import Answer
from app.core.clock import Clock


def plan_calls(args: Namespace, clock: Clock) -> Answer:
    """Plan the affection calls of a period; with ``--write`` write that as one undoable step."""
    from app.calls.plan_facts import LineState, PlanLine
    from app.storage.store import Store
    from app.tasks.calls_plan import preview, write

    with Store.open(args.db, clock=clock, read_only=not args.write) as store:
        plan = preview(store, first=args.since, last=args.until)
        changes = write(store, plan=plan) if args.write and plan.changes_anything else None

    moved = len(plan.of(LineState.MOVED))

    def line(one: PlanLine) -> str:
        names = "、".join(child.name for child in one.children)
        state = {
            LineState.NEW: "新",
            LineState.MOVED: f"从 {one.moved_from.replace('T', ' ')}",
            LineState.PINNED: "不变动",
        }.get(one.state, "")
        when = f"{one.day.isoformat()} {one.starts}"
        return "\t".join((when, one.line, names, one.contact, one.duty, state, one.why or one.contact_note))

    plain = {
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
        "moved": moved,
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
    notes = [*plan.notes]
    notes += [f"{one.words}还缺 {one.slots} 个时段，{one.children} 名排不下。" for one in plan.missing]
    notes += [f"{one.told}。" for one in plan.advice]
    notes.append(plan.words)
    if changes:
        notes.append("已写入，可以撤销。")
    elif args.write:
        notes.append("和现在的安排一样，没有要写的。")
    lines = [line(one) for one in plan.lines]
    lines += [f"没有排上\t{one.child}\t{one.why}" for one in plan.unserved]
    return Answer(plain, lines=lines, notes=notes)
