"""The plan of affection calls: who calls when, from facts alone.

The order of what is wanted stands in ``planner_rounds``; what planning again leaves alone in ``replan``. Planning again
with nothing changed moves nothing: everybody who stands in a slot stays there unless the slot, the child or the parent
cannot any more, or more children are served otherwise, and then as few move as can be.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.calls.cadence import VIDEO_CALL
from app.calls.plan_facts import PlanFacts, PlannedCall
from app.calls.planner_jobs import Board, Job, Need, Unit, jobs_of, needs_of, since_of, units_of
from app.calls.planner_rounds import Standing, place
from app.calls.replan import Present, SlotTable, seat_loose, sort_present, standing_jobs
from app.core.progress import Progress, no_progress


@dataclass(slots=True)
class Worked:
    """A plan worked out, before it is put into words."""

    facts: PlanFacts
    present: Present
    board: Board
    standing: Standing
    table: SlotTable
    jobs: list[Job] = field(default_factory=list)
    extra: list[Job] = field(default_factory=list)
    begun: list[Need] = field(default_factory=list)

    @property
    def placed(self) -> list[Job]:
        """Return the jobs that have a slot."""
        return [job for job in (*self.jobs, *self.extra) if job.slot is not None]


def work_out(facts: PlanFacts, progress: Progress = no_progress) -> Worked:
    """Work the plan out: pure, for any thread; ``Cancelled`` passes through."""
    worked = prepared(facts)
    place([*worked.jobs, *worked.extra], worked.standing, progress)
    again = _second_try(worked)
    place(again, worked.standing, progress)
    worked.jobs.extend(again)
    _days_apart(worked)
    return worked


def prepared(facts: PlanFacts) -> Worked:
    """Return what is to be placed, with nothing placed yet but what stays whatever comes."""
    table = SlotTable(facts.slots)
    present = sort_present(facts, table)
    staying = [*present.over, *present.pinned]
    blocked = {id(slot) for row in (*staying, *present.called) for slot in table.taken_by(row)}
    now = facts.now.isoformat(timespec="minutes")
    board = Board(
        facts,
        (
            slot
            for slot in facts.slots
            if not slot.closed
            and slot.day >= facts.first
            and id(slot) not in blocked
            and f"{slot.day.isoformat()}T{slot.starts}" > now
        ),
    )
    counted = present.counted()
    units, needs = units_of(facts), needs_of(facts, counted)
    held = standing_jobs(board, units, needs, present, table)
    whole = [need for need in needs if not need.begun]
    begun = [need for need in needs if need.begun]
    jobs = jobs_of(board, units, whole, counted, [job for job in held if not job.surplus])
    seat_loose(board, jobs, present)
    extra = [job for job in held if job.surplus]
    return Worked(facts, present, board, _standing(board, staying, table), table, jobs, extra, begun)


def _standing(board: Board, staying: Iterable[PlannedCall], table: SlotTable) -> Standing:
    """Return how things stand before the first round: the calls that stay have their teachers already."""
    standing = Standing(board)
    members = {one.child_uuid: place for place, one in enumerate(board.facts.callees)}
    seen: set[str] = set()
    for row in staying:
        if row.child_uuid in members:
            standing.calls.setdefault(members[row.child_uuid], []).append(row.day)
        slot = table.at(row)
        if slot is not None and row.occasion not in seen:
            seen.add(row.occasion)
            standing.loads[slot.duty_uuid] = standing.loads.get(slot.duty_uuid, 0) + 1
    return standing


def _second_try(worked: Worked) -> list[Job]:
    """Return what was not placed, need by need: together with a brother or sister, in one part of the month, or by video
    there was no room, so each tries by itself, in the whole span of its rule.
    """
    days = _days_apart(worked)
    members = {one.child_uuid: place for place, one in enumerate(worked.facts.callees)}
    for row in (*worked.present.over, *worked.present.pinned):
        if row.child_uuid in members:
            days.setdefault(members[row.child_uuid], set()).add(row.day)
    for need in worked.begun:
        unit = next(unit for unit in units_of(worked.facts) if need.member in unit.members)
        worked.jobs += [_without_room(worked, unit, need) for _ in range(need.times)]
    return [new for job in worked.jobs if job.slot is None for new in _apart(worked, job, days)]


def _without_room(worked: Worked, unit: Unit, need: Need) -> Job:
    """Return a call that has no slot yet, to be tried in the whole span of its rule."""
    first = max(need.span.first, worked.facts.first)
    return Job(
        unit=unit,
        members=(need.member,),
        first=first,
        last=need.span.last,
        begins=first,
        since=since_of(worked.facts, need.member),
        video=need.activity == VIDEO_CALL,
        covers=[(need.member, need.span, need.activity)],
    )


def _days_apart(worked: Worked) -> dict[int, set[date]]:
    """Take the slot from a second call of a child on one day, and return each child's days."""
    days: dict[int, set[date]] = {}
    for job in sorted(worked.placed, key=lambda job: (job.last - job.first, job.first)):
        slot = job.slot
        if slot is None:
            continue
        if not job.surplus and any(slot.day in days.get(member, ()) for member in job.members):
            worked.standing.release(job)
            continue
        for member in job.members:
            days.setdefault(member, set()).add(slot.day)
    return days


def _apart(worked: Worked, job: Job, days: Mapping[int, set[date]]) -> list[Job]:
    found: list[Job] = []
    done: set[int] = set()
    for member, span, activity in job.covers:
        first = max(span.first, worked.facts.first)
        video = activity == VIDEO_CALL
        options = worked.board.options(job.unit, (member,), first, span.last, video=video)
        options = {key: rank for key, rank in options.items() if key[0] not in days.get(member, ())}
        if member in done:
            continue
        if not any(
            id(slot) not in worked.standing.taken for key in options for slot in worked.board.cells[key].slots
        ):
            continue
        done.add(member)
        uuid = worked.facts.callees[member].child_uuid
        found.append(
            Job(
                unit=job.unit,
                members=(member,),
                first=first,
                last=span.last,
                begins=job.begins,
                since=since_of(worked.facts, member),
                video=video,
                covers=[(member, span, activity)],
                options=options,
                rows=tuple(row for row in job.rows if row.child_uuid == uuid),
                why=job.why,
            )
        )
    if done:
        job.covers = [one for one in job.covers if one[0] not in done]
        job.rows = tuple(
            row
            for row in job.rows
            if row.child_uuid not in {worked.facts.callees[one].child_uuid for one in done}
        )
    return found
