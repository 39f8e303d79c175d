"""What planning again does with the calls that are planned already: leave them, keep them if it can, or let them go. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.calls.codes import CancelReason
from app.calls.people import Callee
from app.calls.plan_facts import PlanFacts, PlannedCall
from app.calls.planner_jobs import Board, Job, Unit, cell_key
from app.calls.slots import Slot

LEFT = "已不在台账上"
UNSUITABLE = "家长的时间、课表或兄弟姐妹对不上了"


@dataclass(frozen=True, slots=True)
class Loose:
    """A planned call that cannot stand where it stands: why, in words and as the reason kept with it."""

    row: PlannedCall
    reason: CancelReason
    why: str


@dataclass(slots=True)
class Present:
    """The present plan, sorted.

    ``called`` was called, before its hour too, and keeps its slot, ``over`` began already, ``pinned`` stays whatever
    comes, ``movable`` stays if it can, ``loose`` cannot stand where it is and is placed anew, ``gone`` falls away.
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
    return found


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


def seat_present(board: Board, jobs: Sequence[Job], present: Present, table: SlotTable) -> list[Job]:
    """Give the jobs the planned calls they stand for; return a job more for every call that no rule asks for any more.

    A call that suits its job no longer (the parent's hours, a lesson) leaves it without a slot to keep.
    """
    members = {one.child_uuid: place for place, one in enumerate(board.facts.callees)}
    waiting: dict[int, list[Job]] = {}
    for job in jobs:
        for member in job.members:
            waiting.setdefault(member, []).append(job)
    reasons = {loose.row.uuid: loose for loose in present.loose}
    seats: dict[Slot, Job] = {}
    unasked: list[PlannedCall] = []
    rows = [*present.movable, *(loose.row for loose in present.loose)]
    together: dict[str, set[int]] = {}
    for row in rows:
        together.setdefault(row.occasion, set()).add(members[row.child_uuid])
    for row in sorted(rows, key=lambda row: (row.uuid in reasons, row.day, row.starts, row.place)):
        there = table.at(row)
        seat = _job_for(waiting.get(members[row.child_uuid], ()), row, there, together[row.occasion])
        if seat is not None:
            why = reasons[row.uuid].why if row.uuid in reasons else ""
            _seat(seat, row, there, why, seats)
        elif row.uuid in reasons:
            present.gone.append(reasons[row.uuid])
        else:
            unasked.append(row)
    extra: list[Job] = []
    for row in unasked:
        slot = table.at(row)
        if slot is not None:
            _keep_unasked(row, members[row.child_uuid], slot, seats, extra)
    return extra


def _job_for(jobs: Iterable[Job], row: PlannedCall, slot: Slot | None, together: set[int]) -> Job | None:
    """Return the call of a child that a planned call of it stands for; None when no rule asks for it.

    Of those of the same time that have none of this child yet: the one in which the others of the occasion are, then one
    that the slot suits, then the nearest.
    """
    fitting = [
        job
        for job in jobs
        if not any(other.child_uuid == row.child_uuid for other in job.rows)
        and any(span.first <= row.day <= span.last for _, span, _ in job.covers)
    ]

    def strangeness(job: Job) -> tuple[bool, int, bool, bool, int]:
        return (
            all(other.occasion != row.occasion for other in job.rows),
            -len(together.intersection(job.members)),
            slot is None or cell_key(slot) not in job.options,
            not job.first <= row.day <= job.last,
            abs((job.first - row.day).days),
        )

    return min(fitting, key=strangeness, default=None)


def _seat(job: Job, row: PlannedCall, slot: Slot | None, why: str, seats: dict[Slot, Job]) -> None:
    job.rows = (*job.rows, row)
    if not why and slot is not None:
        if cell_key(slot) not in job.options:
            why = UNSUITABLE
        elif job.held is None and slot not in seats:
            job.held = slot
            seats[slot] = job
    job.why = job.why or why


def _keep_unasked(
    row: PlannedCall, member: int, slot: Slot, seats: dict[Slot, Job], extra: list[Job]
) -> None:
    """Let a call that no rule asks for stay with its brother's or sister's, or by itself while nobody needs the room."""
    shared = seats.get(slot)
    if shared is not None:
        shared.members = tuple(sorted((*shared.members, member)))
        shared.rows = (*shared.rows, row)
        return
    alone = Job(
        unit=Unit((member,), ()),
        members=(member,),
        first=row.day,
        last=row.day,
        begins=row.day,
        since=row.day,
        held=slot,
        rows=(row,),
        surplus=True,
    )
    seats[slot] = alone
    extra.append(alone)
