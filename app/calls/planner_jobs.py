"""What is to be placed: brothers and sisters together, each as often as the rule wants, with every slot that suits them.

A *job* is one call of a unit (a child, or brothers and sisters who share somebody to talk with) in a round; its *options*
are the cells of the board in which it can take place. Pure.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct, field

from app.calls.cadence import VIDEO_CALL
from app.calls.codes import CallMedium
from app.calls.people import CallContact, Callee
from app.calls.plan_facts import Made, PlanFacts, PlannedCall, RoundSpan
from app.calls.planner_board import Board, Options, Unit
from app.calls.slots import Slot
from app.core.dates import earliest

_DAY = timedelta(days=1)


class Job(Struct, eq=False):
    """One call that a unit is to have between ``first`` and ``last``, both days included.

    ``since`` is the day from which its longest waiting member waits, ``begins`` from when on it is wanted (the second
    call of a month not on the first days). ``held`` is the slot at which it stands in the present plan, with its
    ``rows``; ``surplus`` = the rule asks for no such call any more: it stays only where it takes nobody's room.
    """

    unit: Unit
    members: tuple[int, ...]
    first: date
    last: date
    begins: date
    since: date
    video: bool = False
    in_order: int = 0
    covers: list[tuple[int, RoundSpan, str]] = field(default_factory=list)
    options: Options = field(default_factory=dict)
    held: Slot | None = None
    rows: tuple[PlannedCall, ...] = ()
    why: str = ""
    surplus: bool = False
    slot: Slot | None = None


def units_of(facts: PlanFacts) -> tuple[Unit, ...]:
    """Return who calls together: brothers and sisters as long as there is somebody whom all of them can call."""
    places = {one.child_uuid: place for place, one in enumerate(facts.callees)}
    seen: set[int] = set()
    found: list[Unit] = []
    for place, callee in enumerate(facts.callees):
        if place in seen:
            continue
        family = [place, *sorted(places[one] for one in callee.siblings if one in places)]
        members, shared = [place], _callable(callee)
        for other in family[1:]:
            theirs = {one.person_uuid for one in _callable(facts.callees[other])}
            common = tuple(one for one in shared if one.person_uuid in theirs)
            if other not in seen and common and facts.callees[other].wish.wants and callee.wish.wants:
                members.append(other)
                shared = common
        seen.update(members)
        found.append(Unit(tuple(members), shared))
    return tuple(found)


def shared_contacts(people: Sequence[Callee]) -> tuple[CallContact, ...]:
    """Return whom all of these children can call, in the order of the first."""
    found = _callable(people[0]) if people else ()
    for other in people[1:]:
        theirs = {one.person_uuid for one in _callable(other)}
        found = tuple(one for one in found if one.person_uuid in theirs)
    return found


def _callable(callee: Callee) -> tuple[CallContact, ...]:
    return tuple(one for one in callee.contacts if one.can_call)


def since_of(facts: PlanFacts, member: int) -> date:
    """Return the day from which a child waits: its last call that got through.

    Who never had one waits since it is on the ledger, at most since the term began: nobody counts years before calls
    were written down.
    """
    callee = facts.callees[member]
    if callee.last_connected is not None:
        return callee.last_connected
    if callee.registered_since is not None:
        return min(max(earliest(callee.registered_since), facts.term_began), facts.first)
    return min(facts.term_began, facts.first)


class Need(Struct, frozen=True):
    """So many calls that a child still has to have in a span of its rule.

    ``of`` is how many the rule wants in all; ``begun`` = some of them stand in the present plan: the others are placed
    where there is room, and nobody moves for them.
    """

    member: int
    span: RoundSpan
    activity: str
    times: int
    of: int = 1
    begun: bool = False


def needs_of(facts: PlanFacts, counted: Mapping[str, Sequence[PlannedCall | Slot]]) -> list[Need]:
    """Return what is still to be done for every child, shortest spans first; ``counted`` are planned calls that stay."""
    found: list[Need] = []
    for member, callee in enumerate(facts.callees):
        made = [one for one in facts.made.get(callee.child_uuid, ()) if one.connected]
        calls: tuple[Made | PlannedCall | Slot, ...] = (*made, *counted.get(callee.child_uuid, ()))
        for rule in callee.rules:
            for span in facts.spans.get(rule.per, ()):
                done = sum(fulfils(rule.activity, span, one) for one in calls)
                if rule.times > done:
                    found.append(Need(member, span, rule.activity, rule.times - done, rule.times))
    found.sort(key=need_order)
    return found


def need_order(need: Need) -> tuple[object, ...]:
    """Return in which order needs are turned into calls: the shortest spans first, of these video calls."""
    return (need.span.last - need.span.first, need.activity != VIDEO_CALL, need.span.first, need.member)


def fulfils(activity: str, span: RoundSpan, call: Made | PlannedCall | Slot) -> bool:
    """Tell whether a call is one of those that a rule asks for in a span."""
    return span.first <= call.day <= span.last and (activity != VIDEO_CALL or call.medium is CallMedium.VIDEO)


def jobs_of(
    board: Board,
    units: Sequence[Unit],
    needs: Sequence[Need],
    counted: Mapping[str, Sequence[PlannedCall]],
    standing: Sequence[Job] = (),
) -> list[Job]:
    """Return the calls that fulfil all needs, those ``standing`` among them: planned already, where they may stay.

    What one call can fulfil for brothers and sisters, or for two rules of one child, is one job: a month's call is one
    of the weekly ones, a video call is a call.
    """
    facts = board.facts
    unit_of = {member: unit for unit in units for member in unit.members}
    by_unit: dict[Unit, list[Job]] = {}
    for job in standing:
        by_unit.setdefault(unit_of[job.members[0]], []).append(job)
    for need in needs:
        unit = unit_of[need.member]
        mine = by_unit.setdefault(unit, [])
        left = need.times
        taken = {call.day for call in counted.get(facts.callees[need.member].child_uuid, ())}
        taken |= {job.held.day for job in mine if job.held is not None and need.member in job.members}
        for job in mine:
            if (
                left
                and need.span.first <= job.first
                and job.last <= need.span.last
                and _join(board, job, need, taken)
            ):
                left -= 1
        mine.extend(_new_jobs(board, unit, need, left, taken))
    found = [job for mine in by_unit.values() for job in sorted(mine, key=lambda job: (job.first, job.last))]
    for mine in by_unit.values():
        for place, job in enumerate(sorted(mine, key=lambda job: (job.first, job.last))):
            job.in_order = place
    return found


def _join(board: Board, job: Job, need: Need, taken: Collection[date]) -> bool:
    """Let a job fulfil a need too, when it still has options then; ``taken`` are the days on which the child calls."""
    if not job.options or (need.member, need.span, need.activity) in job.covers:
        return False
    if need.member not in job.members and job.held is not None and job.held.day in taken:
        return False
    members = job.members if need.member in job.members else tuple(sorted((*job.members, need.member)))
    video = job.video or need.activity == VIDEO_CALL
    if members != job.members or video != job.video:
        options = board.options(job.unit, members, job.first, job.last, video=video)
        if not options or (job.held is not None and board.cell_of(job.held) not in options):
            return False
        job.members, job.video, job.options = members, video, options
    job.since = min(job.since, since_of(board.facts, need.member))
    job.covers.append((need.member, need.span, need.activity))
    return True


def _new_jobs(board: Board, unit: Unit, need: Need, times: int, taken: set[date]) -> Iterator[Job]:
    facts = board.facts
    first = max(need.span.first, facts.first)
    days = (need.span.last - first).days + 1
    for nth in range(times):
        begin = first + days * nth // times * _DAY
        end = first + (days * (nth + 1) // times - 1) * _DAY
        video = need.activity == VIDEO_CALL
        options = board.options(unit, (need.member,), begin, end, video=video)
        if taken:
            options = {cell: rank for cell, rank in options.items() if cell.day not in taken}
        yield Job(
            unit=unit,
            members=(need.member,),
            first=begin,
            last=end,
            begins=begin,
            since=since_of(facts, need.member),
            video=video,
            covers=[(need.member, need.span, need.activity)],
            options=options,
        )
