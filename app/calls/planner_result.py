"""What a worked-out plan is: its lines, who is left out and why, what falls away, how long anybody waits. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise

from msgspec.structs import replace

from app.calls.people import CallContact
from app.calls.plan_facts import (
    CallPlan,
    Dropped,
    Later,
    LineState,
    Load,
    Missing,
    PlanChild,
    PlanLine,
    PlannedCall,
    RoundSpan,
    Unserved,
)
from app.calls.plan_words import plan_words, why_unserved
from app.calls.planner import Worked
from app.calls.planner_jobs import Job, jobs_of, needs_of, since_of
from app.calls.planner_trail import contact_at
from app.calls.slots import Slot

_DAY = timedelta(days=1)


def result_of(worked: Worked) -> CallPlan:
    """Return the plan with everything that is said about it but the advice."""
    facts = worked.facts
    left = left_of(worked)
    lines = [*_lines(worked), *_staying(worked)]
    lines.sort(key=lambda line: (line.day, line.starts, line.line_id))
    unserved = sorted(_unserved(worked, left), key=lambda one: (one.by, one.class_name, one.child))
    plan = CallPlan(
        facts=facts,
        lines=tuple(lines),
        unserved=tuple(unserved),
        later=tuple(_later(worked)),
        dropped=tuple(_dropped(worked)),
        missing=tuple(_missing(left)),
        loads=_loads(lines),
        longest_wait_days=_longest_wait(worked, left),
    )
    return replace(plan, words=plan_words(plan))


def left_of(worked: Worked) -> list[Job]:
    """Return the calls that the rules still ask for when the whole plan stands, each in the whole span of its rule.

    They are worked out from what stands, not taken from the jobs that found no slot: what these were tried for (a half of
    the month, together with a brother) depends on what was planned before, and why somebody is left out must not.
    Options are all cells that would suit, were they free: a call without any is not short of room.
    """
    calls: dict[str, list[PlannedCall | Slot]] = {
        uuid: list(rows) for uuid, rows in worked.present.counted().items()
    }
    # Those that moved behind the period are among the rows that stay.
    for job in (*worked.jobs, *worked.extra):
        for member in job.members:
            if job.slot is not None:
                calls.setdefault(worked.facts.callees[member].child_uuid, []).append(job.slot)
    needs = needs_of(worked.facts, calls)
    singly = [replace(need, times=1) for need in needs for _ in range(need.times)]
    return jobs_of(worked.board, tuple(dict.fromkeys(worked.units.values())), singly, {})


def _lines(worked: Worked) -> Iterator[PlanLine]:
    mine = {row.uuid for job in worked.all for row in job.rows}
    staying = (*worked.present.called, *worked.present.over, *worked.present.pinned)
    # Who moves away from a brother or sister who stays is a call of its own, else cancelling the one cancels both.
    used = {row.occasion for row in staying if row.uuid not in mine}
    for job in worked.placed:
        if job.slot is not None and worked.written(job):
            yield _line(worked, job, job.slot, used)


def _line(worked: Worked, job: Job, slot: Slot, used: set[str]) -> PlanLine:
    there = [row for row in job.rows if _stands(row, slot)]
    elsewhere = [row for row in job.rows if not _stands(row, slot)]
    occasion = next((row.occasion for row in (*there, *elsewhere) if row.occasion not in used), "")
    used.add(occasion)
    contact = contact_at(job.unit.contacts, slot)
    person = contact.person_uuid if contact else next((row.person_uuid for row in job.rows), "")
    rows = {row.child_uuid: row.uuid for row in job.rows}
    state = LineState.MOVED if elsewhere else LineState.KEPT if there else LineState.NEW
    members = sorted(job.members)
    rewrites = bool(elsewhere) or len(rows) < len(members)
    rewrites = rewrites or any(row.person_uuid != person or row.occasion != occasion for row in job.rows)
    return PlanLine(
        occasion=occasion,
        children=tuple(_child(worked, member, slot.day, rows) for member in members),
        day=slot.day,
        starts=slot.starts,
        ends=slot.ends,
        line_id=slot.line_id,
        line_uuid=slot.line_uuid,
        line=slot.line,
        medium=slot.medium,
        state=state,
        duty=slot.duty,
        person_uuid=person,
        contact=contact.who if contact else next((row.contact for row in job.rows), ""),
        contact_note=_contact_note(job, contact),
        moved_from=elsewhere[0].minute if elsewhere else "",
        why=(job.why or "给别的儿童让出时段") if elsewhere else "",
        rewrites=rewrites,
    )


def _stands(row: PlannedCall, slot: Slot) -> bool:
    return (row.line_uuid, row.day, row.starts, row.ends) == (
        slot.line_uuid,
        slot.day,
        slot.starts,
        slot.ends,
    )


def _contact_note(job: Job, contact: CallContact | None) -> str:
    """Return why the first contact is not the one who is called, or what to know about who is."""
    if contact is None:
        return ""
    if job.unit.contacts[0] is not contact:
        return f"{job.unit.contacts[0].who}那时接不到"
    return contact.language_note


def _child(worked: Worked, member: int, day: date, rows: Mapping[str, str]) -> PlanChild:
    callee = worked.facts.callees[member]
    return PlanChild(
        uuid=callee.child_uuid,
        name=callee.child,
        class_name=callee.class_name,
        row_uuid=rows.get(callee.child_uuid, ""),
        wait_days=(day - _last_before(worked, member, day)).days,
    )


def _last_before(worked: Worked, member: int, day: date) -> date:
    known = (one for one in worked.schedule.calls.get(member, ()) if one < day)
    return max(known, default=since_of(worked.facts, member))


def _staying(worked: Worked) -> Iterator[PlanLine]:
    """Yield the calls that stay whatever comes: fixed, printed, by hand, or of today and begun."""
    facts = worked.facts
    members = {one.child_uuid: place for place, one in enumerate(facts.callees)}
    occasions: dict[tuple[str, str, int], list[PlannedCall]] = {}
    for row in (*worked.present.over, *worked.present.pinned):
        if facts.first <= row.day <= facts.last and row.child_uuid in members:
            occasions.setdefault((row.occasion, row.minute, row.line_id), []).append(row)
    for rows in occasions.values():
        row = rows[0]
        slot = worked.table.at(row)
        yield PlanLine(
            occasion=row.occasion,
            children=tuple(
                _child(worked, members[one.child_uuid], one.day, {one.child_uuid: one.uuid}) for one in rows
            ),
            day=row.day,
            starts=row.starts,
            ends=row.ends,
            line_id=row.line_id,
            line_uuid=row.line_uuid,
            line=row.line,
            medium=row.medium,
            state=LineState.PINNED,
            duty=slot.duty if slot else "",
            person_uuid=row.person_uuid,
            contact=row.contact,
        )


def _unserved(worked: Worked, left: Iterable[Job]) -> Iterator[Unserved]:
    """Yield every child that is left out once, for the first of its calls that has no place."""
    seen: set[int] = set()
    for job in sorted(left, key=lambda job: (job.last, job.members)):
        for member, span, _ in job.covers:
            if member in seen:
                continue
            seen.add(member)
            callee = worked.facts.callees[member]
            day = span.last + _DAY
            yield Unserved(
                child_uuid=callee.child_uuid,
                child=callee.child,
                class_name=callee.class_name,
                why=why_unserved(worked, job, member, span),
                by=span.last,
                wait_days=(day - _last_before(worked, member, day)).days,
                short=bool(job.options),
            )


def _later(worked: Worked) -> Iterator[Later]:
    facts = worked.facts
    inside = {
        member
        for job in worked.placed
        if job.slot is not None and job.slot.day <= facts.last
        for member in job.members
    }
    seen: set[int] = set(inside)
    for job in sorted(worked.placed, key=lambda job: (job.slot is None, job.slot and job.slot.day)):
        if job.slot is None or worked.written(job):
            continue
        for member in job.members:
            if member not in seen:
                seen.add(member)
                callee = facts.callees[member]
                yield Later(
                    child_uuid=callee.child_uuid,
                    child=callee.child,
                    class_name=callee.class_name,
                    day=job.slot.day,
                    by=job.last,
                )


def _dropped(worked: Worked) -> Iterator[Dropped]:
    for one in worked.fallen:
        yield Dropped(
            row_uuid=one.row.uuid,
            child_uuid=one.row.child_uuid,
            child=one.row.child,
            minute=one.row.minute,
            reason=one.reason,
            why=one.why,
        )


def _missing(left: Iterable[Job]) -> Iterator[Missing]:
    short: dict[RoundSpan, list[Job]] = {}
    for job in left:
        if job.options:
            short.setdefault(job.covers[0][1], []).append(job)
    for span, jobs in sorted(short.items(), key=lambda item: (item[0].last, item[0].first)):
        children = {member for job in jobs for member in job.members}
        yield Missing(
            words=span.words, first=span.first, last=span.last, slots=len(jobs), children=len(children)
        )


def _loads(lines: Iterable[PlanLine]) -> tuple[Load, ...]:
    found: dict[str, int] = {}
    for line in lines:
        found[line.duty] = found.get(line.duty, 0) + 1
    return tuple(Load(name, calls) for name, calls in sorted(found.items()))


def _longest_wait(worked: Worked, left: Iterable[Job]) -> int | None:
    """Return the longest time between calls of one child, or to the end of the round in which it is left out.

    Who cannot be called at all (no number, no hour that suits) has a reason of its own and is not counted.
    """
    waits: list[int] = []
    for member, days in worked.schedule.calls.items():
        known = sorted({since_of(worked.facts, member), *days})
        waits += [(later - before).days for before, later in pairwise(known)]
    for job in left:
        if job.options:
            waits += [
                (job.last + _DAY - _last_before(worked, member, job.last + _DAY)).days
                for member in job.members
            ]
    return max(waits, default=None)
