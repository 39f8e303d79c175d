"""The plan of affection calls: who calls when, from facts alone.

The order of what is wanted stands in ``planner_rounds``; what planning again leaves alone in ``replan``. Everybody who
stands in a slot stays there unless the slot, the child or the parent cannot any more, or more calls that the rules ask
for can be had otherwise, and then as few move as can be.

Planning again with nothing changed moves nothing. That does not rest on how good a plan is: a plan is taken over only
where it meets more of the rules than what stands, is then planned again as if it stood, and so on until nothing is
gained. What is returned is therefore what planning it again returns.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from app.calls.cadence import VIDEO_CALL
from app.calls.plan_facts import Made, PlanFacts, PlannedCall
from app.calls.planner_board import Board, Cell, Unit
from app.calls.planner_jobs import Job, Need, fulfils, jobs_of, needs_of, since_of, units_of
from app.calls.planner_rounds import Schedule, place
from app.calls.planner_trail import Trail, rows_after
from app.calls.replan import Loose, Present, SlotTable, seat_loose, sort_present, standing_jobs
from app.calls.slots import Slot
from app.core.progress import Progress, no_progress


class Worked(Struct):
    """A plan worked out, before it is put into words.

    ``extra`` are calls that no rule asks for, ``outside`` those that moved behind the period, ``fallen`` the planned calls
    that fall away.
    """

    facts: PlanFacts
    present: Present
    board: Board
    units: Mapping[int, Unit]
    schedule: Schedule
    table: SlotTable
    jobs: list[Job] = field(default_factory=list)
    extra: list[Job] = field(default_factory=list)
    begun: list[Need] = field(default_factory=list)
    outside: list[Job] = field(default_factory=list)
    fallen: list[Loose] = field(default_factory=list)

    @property
    def all(self) -> list[Job]:
        """Return all jobs that are placed, or were to be."""
        return [*self.jobs, *self.extra, *self.outside]

    @property
    def placed(self) -> list[Job]:
        """Return the jobs that have a slot."""
        return [job for job in self.all if job.slot is not None]

    def written(self, job: Job) -> bool:
        """Tell whether a job is a call of this plan: it has a slot, in the period, or stood there and moves."""
        return job.slot is not None and (
            bool(job.rows) or job.slot.day <= self.facts.last or job in self.outside
        )


def work_out(facts: PlanFacts, progress: Progress = no_progress) -> Worked:
    """Work the plan out: pure, for any thread; ``Cancelled`` passes through."""
    found = Trail(facts.planned)
    worked, met = _step(prepared(facts), (), -1, progress)
    while met is not None:
        lost = found.note(worked.present, worked.all, facts.last)
        standing = rows_after(
            worked.facts, worked.present, [job for job in worked.all if worked.written(job)]
        )
        again = prepared(replace(facts, planned=standing), worked, lost)
        worked, met = _step(again, lost, met, lambda *_: progress(0, 0, "正在核对"))
    found.note(worked.present, worked.all, facts.last)
    worked.outside, worked.fallen = found.told(worked.all)
    worked.facts = facts
    return worked


def prepared(facts: PlanFacts, before: Worked | None = None, lost: Iterable[Loose] = ()) -> Worked:
    """Return what is to be placed, with nothing placed yet but what stays whatever comes.

    ``before`` is what the same was planned from before, ``lost`` are planned calls that lost their slots in it.
    """
    table = SlotTable(facts.slots) if before is None else before.table
    present = sort_present(facts, table)
    present.loose += lost
    staying = [*present.over, *present.pinned]
    blocked = {id(slot) for row in (*staying, *present.called) for slot in table.taken_by(row)}
    board = _board(facts) if before is None else before.board
    units = units_of(facts) if before is None else tuple(dict.fromkeys(before.units.values()))
    counted = present.counted()
    needs = needs_of(facts, counted)
    held = standing_jobs(board, units, needs, present, table)
    whole = [need for need in needs if not need.begun]
    begun = [need for need in needs if need.begun]
    jobs = jobs_of(board, units, whole, counted, [job for job in held if not job.surplus])
    seat_loose(board, jobs, present)
    schedule = _schedule(board, staying, table)
    schedule.taken |= blocked
    by_member = {member: unit for unit in units for member in unit.members}
    extra = [job for job in held if job.surplus]
    return Worked(facts, present, board, by_member, schedule, table, jobs, extra, begun)


# ---- inside ---------------------------------------------------------------------------------------------------------


def _step(
    worked: Worked, lost: Iterable[Loose], before: int, progress: Progress
) -> tuple[Worked, int | None]:
    """Place what is to be placed; return how much of the rules is met, None where it is no more than ``before``.

    Then nothing that stands is touched, and no call comes into the period.
    """
    before = max(before, _met(worked, ((row.child_uuid, job.held) for job in worked.all for row in job.rows)))
    for move in (True, False):
        _place(worked, progress, move=move)
        met = _met(worked, _calls(worked))
        if met > before:
            return worked, met
        if _nothing_new(worked):
            return worked, None
        worked = prepared(worked.facts, worked, lost)
    worked.schedule.shut = worked.facts.last
    _place(worked, progress, move=False)
    return worked, None


def _board(facts: PlanFacts) -> Board:
    now = facts.now.isoformat(timespec="minutes")
    return Board(
        facts,
        (
            slot
            for slot in facts.slots
            if not slot.closed and slot.day >= facts.first and f"{slot.day.isoformat()}T{slot.starts}" > now
        ),
    )


def _schedule(board: Board, staying: Iterable[PlannedCall], table: SlotTable) -> Schedule:
    """Return how things stand before the first round: the calls that stay have their teachers already."""
    schedule = Schedule(board)
    members = {one.child_uuid: place for place, one in enumerate(board.facts.callees)}
    seen: set[str] = set()
    for row in staying:
        if row.child_uuid in members:
            schedule.calls.setdefault(members[row.child_uuid], []).append(row.day)
        slot = table.at(row)
        if slot is not None and row.occasion not in seen:
            seen.add(row.occasion)
            schedule.loads[slot.duty_uuid] = schedule.loads.get(slot.duty_uuid, 0) + 1
    return schedule


def _place(worked: Worked, progress: Progress, *, move: bool) -> None:
    place([*worked.jobs, *worked.extra], worked.schedule, progress, move=move)
    again = _second_try(worked)
    place(again, worked.schedule, progress)
    worked.jobs.extend(again)


def _second_try(worked: Worked) -> list[Job]:
    """Return what was not placed, need by need: together with a brother or sister, in one part of the month, or by video
    there was no room, so each tries by itself, in the whole span of its rule.
    """
    for need in worked.begun:
        worked.jobs += [_without_room(worked, need) for _ in range(need.times)]
    room = {cell for cell in worked.board.cells if worked.schedule.free(cell)}
    return [new for job in worked.jobs if job.slot is None for new in _apart(worked, job, room)]


def _without_room(worked: Worked, need: Need) -> Job:
    """Return a call that has no slot yet, to be tried in the whole span of its rule."""
    first = max(need.span.first, worked.facts.first)
    return Job(
        unit=worked.units[need.member],
        members=(need.member,),
        first=first,
        last=need.span.last,
        begins=first,
        since=since_of(worked.facts, need.member),
        video=need.activity == VIDEO_CALL,
        covers=[(need.member, need.span, need.activity)],
    )


def _apart(worked: Worked, job: Job, room: Collection[Cell]) -> list[Job]:
    found: list[Job] = []
    done: set[int] = set()
    for member, span, activity in job.covers:
        if member in done:
            continue
        first = max(span.first, worked.facts.first)
        video = activity == VIDEO_CALL
        options = worked.board.options(job.unit, (member,), first, span.last, video=video)
        busy = worked.schedule.calls.get(member, ())
        if not any(cell in room and cell.day not in busy for cell in options):
            continue
        options = {cell: rank for cell, rank in options.items() if cell.day not in busy}
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
        uuids = {worked.facts.callees[one].child_uuid for one in done}
        job.covers = [one for one in job.covers if one[0] not in done]
        job.rows = tuple(row for row in job.rows if row.child_uuid not in uuids)
    return found


def _nothing_new(worked: Worked) -> bool:
    """Tell whether everything stands where it stood, and nothing else came into the period."""
    return all(
        job.slot is job.held and len(job.rows) == len(job.members)
        if job.held is not None
        else not worked.written(job)
        for job in worked.all
    )


def _calls(worked: Worked) -> Iterator[tuple[str, Slot | None]]:
    """Yield every call of the plan: the child and the slot."""
    for job in worked.all:
        if worked.written(job):
            for member in job.members:
                yield worked.facts.callees[member].child_uuid, job.slot


def _met(worked: Worked, calls: Iterable[tuple[str, Slot | None]]) -> int:
    """Return how many of the calls that the rules ask for are made or planned, ``calls`` among them."""
    facts = worked.facts
    known: dict[str, list[Made | PlannedCall | Slot]] = {}
    for uuid, made in facts.made.items():
        known.setdefault(uuid, []).extend(one for one in made if one.connected)
    for row in (*worked.present.over, *worked.present.pinned):
        known.setdefault(row.child_uuid, []).append(row)
    for uuid, slot in calls:
        if slot is not None:
            known.setdefault(uuid, []).append(slot)
    return sum(
        min(rule.times, sum(fulfils(rule.activity, span, one) for one in known.get(callee.child_uuid, ())))
        for callee in facts.callees
        for rule in callee.rules
        for span in facts.spans.get(rule.per, ())
    )
