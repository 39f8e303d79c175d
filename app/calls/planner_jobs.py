"""What is to be placed: brothers and sisters together, each as often as the rule wants, with every slot that suits them.

A *cell* is all free room of one kind: one day, one hour, one medium, one teacher on duty. A *job* is one call of a unit
(a child, or brothers and sisters who share somebody to talk with) in a round; its *options* are the cells in which it can
take place, each with how far down the list of contacts the first one stands who can be reached then. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeAlias

from app.calls.cadence import VIDEO_CALL
from app.calls.codes import CallMedium
from app.calls.people import CallContact, Callee
from app.calls.plan_facts import PlanFacts, PlannedCall, RoundSpan
from app.calls.slots import Slot
from app.core.dates import earliest

OTHER_MEDIUM = 2
"""A call by another medium than the child wishes for counts as if it were with the contact two places down."""
CellKey: TypeAlias = tuple[date, str, str, CallMedium, str, tuple[tuple[int, str], ...]]
_DAY = timedelta(days=1)


@dataclass(slots=True)
class Cell:
    """Free slots that nothing tells apart but their line; ``slots`` in the order in which they are given away."""

    key: CellKey
    slots: list[Slot] = field(default_factory=list)

    @property
    def day(self) -> date:
        """Return the day."""
        return self.key[0]

    @property
    def duty(self) -> str:
        """Return who is on duty, "" = nobody is written down."""
        return self.key[4]


def cell_key(slot: Slot) -> CellKey:
    """Return the cell of a slot."""
    return (slot.day, slot.starts, slot.ends, slot.medium, slot.duty_uuid, slot.lessons)


@dataclass(frozen=True, slots=True)
class Unit:
    """Who calls together: places in ``PlanFacts.callees``, and whom they can talk with, in order."""

    members: tuple[int, ...]
    contacts: tuple[CallContact, ...]


@dataclass(slots=True, eq=False)
class Job:
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
    options: Mapping[CellKey, int] = field(default_factory=dict)
    held: Slot | None = None
    rows: tuple[PlannedCall, ...] = ()
    why: str = ""
    surplus: bool = False
    slot: Slot | None = None


class Board:
    """The free cells of a plan and, for every unit, the options it has in them."""

    def __init__(self, facts: PlanFacts, free: Iterable[Slot]) -> None:
        self.facts = facts
        self.cells: dict[CellKey, Cell] = {}
        for slot in free:
            self.cells.setdefault(cell_key(slot), Cell(cell_key(slot))).slots.append(slot)
        self._of_day: dict[date, list[CellKey]] = {}
        for key in self.cells:
            self._of_day.setdefault(key[0], []).append(key)
        self._days = sorted(self._of_day)
        self._known: dict[object, Mapping[CellKey, int]] = {}

    def options(
        self, unit: Unit, members: Sequence[int], first: date, last: date, *, video: bool
    ) -> Mapping[CellKey, int]:
        """Return the cells of [first, last] in which all ``members`` can call together, with the rank of the contact.

        Units that nothing tells apart get the same object. A call that a parent put off is in the slot of that minute,
        else after it; where somebody called one off, there is none again.
        """
        callees = [self.facts.callees[member] for member in members]
        classes = tuple(sorted({-1 if one.class_id is None else one.class_id for one in callees}))
        wish = next((one.wish.medium for one in callees if one.wish.medium is not None), None)
        away = tuple(
            sorted({(spell.first, spell.back or date.max) for one in callees for spell in one.absences})
        )
        leaves = min((one.leaves_on for one in callees if one.leaves_on is not None), default=None)
        hours = tuple(one.windows for one in unit.contacts)
        wants = all(one.wish.wants for one in callees)
        put_off = max((self.facts.put_off.get(one.child_uuid, "") for one in callees), default="")
        off = frozenset().union(*(self.facts.called_off.get(one.child_uuid, ()) for one in callees))
        key = (hours, classes, wish, away, leaves, first, last, video, wants, put_off, off)
        if key not in self._known:
            found: dict[CellKey, int] = {}
            busy: dict[object, bool] = {(): False}
            for day in self._days:
                if first <= day <= last and not any(one.why_not(day) for one in callees):
                    found.update(self._of(unit, callees, day, wish, busy, video=video))
            if off:
                found = {
                    key: rank for key, rank in found.items() if not off & {(key[0], ""), (key[0], key[1])}
                }
            self._known[key] = _put_off(found, put_off) if put_off else found
        return self._known[key]

    def _of(
        self,
        unit: Unit,
        callees: Sequence[Callee],
        day: date,
        wish: CallMedium | None,
        busy: dict[object, bool],
        *,
        video: bool,
    ) -> Iterator[tuple[CellKey, int]]:
        ranks: dict[tuple[str, str], int | None] = {}
        for key in self._of_day[day]:
            _, starts, ends, medium, _, lessons = key
            if video and medium is not CallMedium.VIDEO:
                continue
            if lessons not in busy:  # the same few timetables come again every day
                busy[lessons] = any(_lesson(lessons, one.class_id) for one in callees)
            if busy[lessons]:
                continue
            if (starts, ends) not in ranks:
                ranks[starts, ends] = next(
                    (place for place, one in enumerate(unit.contacts) if one.reachable(day, starts, ends)),
                    None,
                )
            rank = ranks[starts, ends]
            if rank is not None:
                yield key, rank + (OTHER_MEDIUM if wish is not None and medium is not wish else 0)


def _put_off(options: Mapping[CellKey, int], minute: str) -> Mapping[CellKey, int]:
    """Return the options in which a call is that was put off to a minute: then; else after it; else all."""
    day, _, at = minute.partition("T")
    then = {key: rank for key, rank in options.items() if key[0].isoformat() == day and key[1] <= at < key[2]}
    after = {key: rank for key, rank in options.items() if f"{key[0].isoformat()}T{key[1]}" >= minute}
    return then or after or options


def _lesson(lessons: tuple[tuple[int, str], ...], class_id: int | None) -> bool:
    wanted = 0 if class_id is None else class_id
    return any(key == wanted for key, _ in lessons)


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


@dataclass(frozen=True, slots=True)
class Need:
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


def needs_of(facts: PlanFacts, counted: Mapping[str, Sequence[PlannedCall]]) -> list[Need]:
    """Return what is still to be done for every child, shortest spans first; ``counted`` are planned calls that stay."""
    found: list[Need] = []
    for member, callee in enumerate(facts.callees):
        for rule in callee.rules:
            for span in facts.spans.get(rule.per, ()):
                done = sum(
                    one.connected
                    and span.first <= one.day <= span.last
                    and _fulfils(rule.activity, one.medium)
                    for one in facts.made.get(callee.child_uuid, ())
                )
                done += sum(
                    span.first <= one.day <= span.last and _fulfils(rule.activity, one.medium)
                    for one in counted.get(callee.child_uuid, ())
                )
                if rule.times > done:
                    found.append(Need(member, span, rule.activity, rule.times - done, rule.times))
    found.sort(
        key=lambda need: (
            need.span.last - need.span.first,
            need.activity != VIDEO_CALL,
            need.span.first,
            need.member,
        )
    )
    return found


def _fulfils(activity: str, medium: CallMedium) -> bool:
    return activity != VIDEO_CALL or medium is CallMedium.VIDEO


def jobs_of(
    board: Board,
    units: Sequence[Unit],
    needs: Sequence[Need],
    counted: Mapping[str, Sequence[PlannedCall]],
    standing: Sequence[Job] = (),
) -> list[Job]:
    """Return the calls that fulfil all needs, those ``standing`` among them: planned already, where they may stay.
    What one call can fulfil for brothers and sisters, or for two rules of one
    child, is one job: a month's call is one of the weekly ones, a video call is a call.
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
        for job in mine:
            if (
                left
                and need.span.first <= job.first
                and job.last <= need.span.last
                and _join(board, job, need)
            ):
                left -= 1
        taken = {call.day for call in counted.get(facts.callees[need.member].child_uuid, ())}
        taken |= {job.held.day for job in mine if job.held is not None and need.member in job.members}
        mine.extend(_new_jobs(board, unit, need, left, taken))
    found = [job for mine in by_unit.values() for job in sorted(mine, key=lambda job: (job.first, job.last))]
    for mine in by_unit.values():
        for place, job in enumerate(sorted(mine, key=lambda job: (job.first, job.last))):
            job.in_order = place
    return found


def _join(board: Board, job: Job, need: Need) -> bool:
    """Let a job fulfil a need too, when it still has options then."""
    if not job.options or (need.member, need.span, need.activity) in job.covers:
        return False
    members = job.members if need.member in job.members else tuple(sorted((*job.members, need.member)))
    video = job.video or need.activity == VIDEO_CALL
    if members != job.members or video != job.video:
        options = board.options(job.unit, members, job.first, job.last, video=video)
        if not options or (job.held is not None and cell_key(job.held) not in options):
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
            options = {key: rank for key, rank in options.items() if key[0] not in taken}
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
