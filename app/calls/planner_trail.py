"""A plan as it would stand in the file, so that it can be planned again, and what became of the calls of before. Pure."""

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from app.calls.codes import CancelReason, Origin
from app.calls.people import CallContact
from app.calls.plan_facts import PlanFacts, PlannedCall
from app.calls.planner_jobs import Job
from app.calls.replan import Loose, Present
from app.calls.slots import Slot

NO_ROOM = "时段不够"
NOT_ASKED = "按规则不用再打，时段让给别人"
_NEW = "new-"


def rows_after(facts: PlanFacts, present: Present, written: Iterable[Job]) -> tuple[PlannedCall, ...]:
    """Return the planned calls as they would stand when the jobs were written; new ones have names of their own."""
    placed = {row.uuid for row in present.movable} | {one.row.uuid for one in (*present.loose, *present.gone)}
    found = [row for row in facts.planned if row.uuid not in placed]
    used = {row.occasion for row in found}
    for job in sorted(written, key=lambda job: job.slot is not job.held):  # who stays keeps the occasion
        if job.slot is not None:
            found += _rows(facts, job, job.slot, used)
    return tuple(sorted(found, key=lambda row: (row.day, row.starts, row.line_id, row.place)))


def contact_at(contacts: Iterable[CallContact], slot: Slot) -> CallContact | None:
    """Return who is called in a slot: the first in the order who can be reached for the whole of it."""
    return next((one for one in contacts if one.reachable(slot.day, slot.starts, slot.ends)), None)


class Trail:
    """What became of the calls that were planned at first, while the plan is planned again and again."""

    def __init__(self, planned: Iterable[PlannedCall]) -> None:
        self._first = {row.uuid: row for row in planned}
        self._why: dict[str, str] = {}
        self._fallen: dict[str, Loose] = {}
        self._outside: dict[str, Job] = {}

    def note(self, present: Present, jobs: Iterable[Job], last: date) -> list[Loose]:
        """Note what has moved and what has lost its slot; return those of the latter that may get one yet."""
        known = {one.row.uuid: one for one in (*present.loose, *present.gone)}
        for loose in present.gone:
            self._fallen.setdefault(loose.row.uuid, loose)
        lost: list[Loose] = []
        for job in jobs:
            for row in job.rows:
                if job.slot is None:
                    why = NOT_ASKED if job.surplus else job.why or NO_ROOM
                    loose = known.get(row.uuid) or Loose(row, CancelReason.OTHER, why)
                    self._fallen.setdefault(row.uuid, loose)
                    if row.uuid in self._first:
                        lost.append(self._fallen[row.uuid])
                    continue
                if job.why:
                    self._why.setdefault(row.uuid, job.why)
                if job.slot.day > last and row.day <= last:
                    self._outside[row.uuid] = job
        return lost

    def told(self, jobs: Iterable[Job]) -> tuple[list[Job], list[Loose]]:
        """Give the jobs the calls of before back; return those that have moved behind the period, and what falls away."""
        outside = [job for job in dict.fromkeys(self._outside.values()) if job not in jobs]
        stands: set[str] = set()
        for job in (*jobs, *outside):
            job.rows = tuple(self._first[row.uuid] for row in job.rows if row.uuid in self._first)
            job.why = next((self._why[row.uuid] for row in job.rows if row.uuid in self._why), job.why)
            if job.slot is not None:
                stands |= {row.uuid for row in job.rows}
        fallen = [
            replace(one, row=self._first[uuid]) for uuid, one in self._fallen.items() if uuid in self._first
        ]
        return outside, [one for one in fallen if one.row.uuid not in stands]


def _rows(facts: PlanFacts, job: Job, slot: Slot, used: set[str]) -> Iterable[PlannedCall]:
    contact = contact_at(job.unit.contacts, slot)
    minute = f"{slot.day.isoformat()}T{slot.starts}"
    # Of its own for ever: a call that moves keeps it, and somebody else comes into its slot.
    named = f"{_NEW}{minute}-{facts.callees[min(job.members)].child_uuid}"
    occasion = next((row.occasion for row in job.rows if slot is job.held or row.occasion not in used), named)
    used.add(occasion)
    known = {row.child_uuid: row for row in job.rows}
    for nth, member in enumerate(sorted(job.members)):
        callee = facts.callees[member]
        row = known.get(callee.child_uuid)
        # Not the row of who joins a brother's call that stays and stood elsewhere, or nowhere any more.
        if row is not None and slot is job.held and (row.minute, row.line_id) == (minute, slot.line_id):
            yield row
            continue
        new = PlannedCall(
            id=row.id if row else 0,
            uuid=row.uuid if row else f"{_NEW}{callee.child_uuid}-{minute}",
            child_id=callee.child_id,
            child_uuid=callee.child_uuid,
            child=callee.child,
            class_name=callee.class_name,
            line_id=slot.line_id,
            line_uuid=slot.line_uuid,
            line=slot.line,
            day=slot.day,
            starts=slot.starts,
            ends=slot.ends,
            occasion=occasion,
            medium=slot.medium,
            origin=Origin.PLANNER,
            place=nth,
            person_uuid=contact.person_uuid if contact else "",
            contact=contact.who if contact else "",
        )
        yield new
