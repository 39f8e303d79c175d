"""What planning again does with the calls that are planned already: leave them, keep them if it can, or let them go. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from app.calls.cadence import VIDEO_CALL
from app.calls.codes import CallMedium, CancelReason
from app.calls.people import Callee
from app.calls.plan_facts import PlanFacts, PlannedCall
from app.calls.planner_board import Board, Unit
from app.calls.planner_jobs import Job, Need, need_order, since_of
from app.calls.slots import Slot

LEFT = "已不在台账上"
UNSUITABLE = "家长的时间、课表或兄弟姐妹对不上了"


class Loose(Struct, frozen=True):
    """A planned call that cannot stand where it stands: why, in words and as the reason kept with it."""

    row: PlannedCall
    reason: CancelReason
    why: str


class Present(Struct):
    """The present plan, sorted.

    ``called`` was called, before its hour too, and keeps its slot, ``over`` began already, ``pinned`` stays whatever
    comes (fixed, printed, by hand, or in one call with somebody who stays), ``movable`` stays if it can, ``loose``
    cannot stand where it is and is placed anew, ``gone`` falls away.
    """

    called: list[PlannedCall] = field(default_factory=list)
    over: list[PlannedCall] = field(default_factory=list)
    pinned: list[PlannedCall] = field(default_factory=list)
    movable: list[PlannedCall] = field(default_factory=list)
    loose: list[Loose] = field(default_factory=list)
    gone: list[Loose] = field(default_factory=list)

    def counted(self) -> dict[str, list[PlannedCall]]:
        """Return by child what counts as a call to come: what stays, and what of today is not written down yet."""
        found: dict[str, list[PlannedCall]] = {}
        for row in (*self.over, *self.pinned):
            found.setdefault(row.child_uuid, []).append(row)
        return found


class SlotTable:
    """The slots by line and day, to find the one in which a planned call stands."""

    def __init__(self, slots: Iterable[Slot]) -> None:
        self._of: dict[tuple[str, str], list[Slot]] = {}
        for slot in slots:
            self._of.setdefault((slot.line_uuid, slot.day.isoformat()), []).append(slot)

    def at(self, row: PlannedCall) -> Slot | None:
        """Return the very slot of a planned call; None when the hours of the line have changed since."""
        return next(
            (slot for slot in self._meeting(row) if (slot.starts, slot.ends) == (row.starts, row.ends)), None
        )

    def taken_by(self, row: PlannedCall) -> list[Slot]:
        """Return every slot of its line that a planned call takes a minute of."""
        return self._meeting(row)

    def _meeting(self, row: PlannedCall) -> list[Slot]:
        held = self._of.get((row.line_uuid, row.day.isoformat()), ())
        return [slot for slot in held if slot.starts < row.ends and row.starts < slot.ends]


def sort_present(facts: PlanFacts, table: SlotTable) -> Present:
    """Sort the planned calls of the rounds by what may become of them."""
    found = Present()
    callees = {one.child_uuid: one for one in facts.callees}
    now = facts.now.isoformat(timespec="minutes")
    today = facts.now.date()
    called = {made.planned_uuid for all_made in facts.made.values() for made in all_made if made.planned_uuid}
    for row in facts.planned:
        if row.uuid in called:
            found.called.append(row)  # what came of it stands in the log
            continue
        if row.minute <= now:
            if row.day == today:
                found.over.append(row)
            continue
        if not facts.first <= row.day <= facts.last:
            found.pinned.append(row)  # another period's affair, whatever became of it
            continue
        loose = _loose(row, callees.get(row.child_uuid), table)
        if loose is None and row.pinned:
            found.pinned.append(row)
        elif loose is None:
            found.movable.append(row)
        elif loose.reason in (CancelReason.CHILD_LEFT, CancelReason.OTHER):
            found.gone.append(loose)
        else:
            found.loose.append(loose)
    _stay_together(found)
    return found


def _stay_together(found: Present) -> None:
    """Let whoever is in one call with a brother or sister who stays, or was called before the hour, stay too.

    Their slot is taken by the call that stays there, so nobody else may have it; by themselves they could not stay.
    """
    there = {(row.occasion, row.minute) for row in (*found.called, *found.pinned)}
    found.pinned += [row for row in found.movable if (row.occasion, row.minute) in there]
    found.movable = [row for row in found.movable if (row.occasion, row.minute) not in there]


def _loose(row: PlannedCall, callee: Callee | None, table: SlotTable) -> Loose | None:
    """Return why a planned call cannot stand; None when it can."""
    if callee is None:
        return Loose(row, CancelReason.CHILD_LEFT, LEFT)
    why = callee.why_not(row.day)
    if why:
        if callee.leaves_on is not None and callee.leaves_on <= row.day.isoformat():
            return Loose(row, CancelReason.CHILD_LEFT, why)
        return Loose(row, CancelReason.CHILD_ABSENT if callee.wish.wants else CancelReason.OTHER, why)
    closed = [slot.closed for slot in table.taken_by(row) if slot.closed]
    if closed:
        return Loose(row, CancelReason.LINE_DOWN, f"{row.line}：{closed[0]}")
    if not table.taken_by(row) or (not row.pinned and table.at(row) is None):
        return Loose(row, CancelReason.LINE_DOWN, f"{row.line}的时段改了")
    return None


def standing_jobs(
    board: Board, units: Sequence[Unit], needs: list[Need], present: Present, table: SlotTable
) -> list[Job]:
    """Return a job for every planned call that may stay where it stands, and take what it fulfils out of ``needs``.

    A call that suits nobody any more (the parent's hours, a lesson, a second one of the child on that day) becomes a loose
    one. One that no rule asks for is
    a surplus job, unless it is a brother's or sister's whose call is asked for.
    """
    members = {one.child_uuid: place for place, one in enumerate(board.facts.callees)}
    unit_of = {member: unit for unit in units for member in unit.members}
    busy = {(row.child_uuid, row.day) for all_of in present.counted().values() for row in all_of}
    occasions: dict[tuple[str, str], list[PlannedCall]] = {}
    for row in present.movable:
        occasions.setdefault((row.occasion, row.minute), []).append(row)
    present.movable.clear()
    asked: dict[int, list[Need]] = {}
    for need in needs:
        asked.setdefault(need.member, []).append(need)
    found: list[Job] = []
    for rows in occasions.values():
        slot = table.at(rows[0])
        people = tuple(sorted(members[row.child_uuid] for row in rows))
        unit = unit_of[people[0]]
        fits = slot is not None and all(unit_of[one] is unit for one in people)
        fits = fits and not any((row.child_uuid, row.day) in busy for row in rows)
        job = _standing(board, unit, people, slot, asked) if fits and slot is not None else None
        if job is None:
            reason = CancelReason.OTHER
            present.loose += [Loose(row, reason, UNSUITABLE) for row in rows]
            continue
        busy |= {(row.child_uuid, row.day) for row in rows}
        job.rows = tuple(rows)
        found.append(job)
        present.movable += rows
    needs[:] = sorted((need for all_of in asked.values() for need in all_of), key=need_order)
    return found


def _standing(
    board: Board, unit: Unit, people: tuple[int, ...], slot: Slot, needs: Mapping[int, list[Need]]
) -> Job | None:
    """Return the job of a call that stands in ``slot``; None when somebody cannot call then."""
    mine = [
        need
        for member in people
        for need in needs.get(member, ())
        if need.span.first <= slot.day <= need.span.last
        and (need.activity != VIDEO_CALL or slot.medium is CallMedium.VIDEO)
    ]
    parts = [_part(need, board.facts.first, slot.day) for need in mine]
    first = max([board.facts.first, *(part[0] for part in parts)])
    last = min((part[1] for part in parts), default=slot.day)
    video = any(need.activity == VIDEO_CALL for need in mine)
    options = board.options(unit, people, first, last, video=video)
    if board.cell_of(slot) not in options:
        return None
    for need in mine:
        needs[need.member].remove(need)
        if need.times > 1:
            needs[need.member].append(replace(need, times=need.times - 1, begun=True))
    return Job(
        unit=unit,
        members=people,
        first=first if mine else slot.day,
        last=last,
        begins=first,
        since=min(since_of(board.facts, one) for one in people),
        video=video,
        covers=[(need.member, need.span, need.activity) for need in mine],
        options=options,
        held=slot,
        surplus=not mine,
    )


def _part(need: Need, begin: date, day: date) -> tuple[date, date]:
    """Return the part of a need's span that holds a day: the second call of a month stays in the second half."""
    first = max(need.span.first, begin)
    days = (need.span.last - first).days + 1
    bounds = [first + timedelta(days=days * nth // need.of) for nth in range(need.of + 1)]
    nth = max(place for place, bound in enumerate(bounds[:-1]) if bound <= day)
    return bounds[nth], bounds[nth + 1] - timedelta(days=1)


def seat_loose(board: Board, jobs: Sequence[Job], present: Present) -> None:
    """Give jobs the planned calls that lost their slot; what no rule asks for any more falls away."""
    members = {one.child_uuid: place for place, one in enumerate(board.facts.callees)}
    waiting: dict[int, list[Job]] = {}
    for job in jobs:
        for member in job.members:
            waiting.setdefault(member, []).append(job)
    together: dict[str, set[int]] = {}
    for loose in present.loose:
        together.setdefault(loose.row.occasion, set()).add(members[loose.row.child_uuid])
    for loose in sorted(present.loose, key=lambda loose: (loose.row.day, loose.row.starts, loose.row.place)):
        row = loose.row
        seat = _job_for(waiting.get(members[row.child_uuid], ()), row, together[row.occasion])
        if seat is None:
            present.gone.append(loose)
        else:
            seat.rows = (*seat.rows, row)
            seat.why = seat.why or loose.why


def _job_for(jobs: Iterable[Job], row: PlannedCall, together: set[int]) -> Job | None:
    """Return the call of a child that a planned call of it stands for; None when no rule asks for it.

    Of those of the same time that have none of this child yet: the one in which the others of the occasion are, then
    the nearest.
    """
    fitting = [
        job
        for job in jobs
        if not any(other.child_uuid == row.child_uuid for other in job.rows)
        and any(span.first <= row.day <= span.last for _, span, _ in job.covers)
    ]

    def strangeness(job: Job) -> tuple[bool, int, bool, int]:
        return (
            all(other.occasion != row.occasion for other in job.rows),
            -len(together.intersection(job.members)),
            not job.first <= row.day <= job.last,
            abs((job.first - row.day).days),
        )

    return min(fitting, key=strangeness, default=None)
