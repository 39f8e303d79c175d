"""Placing the jobs of a plan round by round: each round at its best, nobody moved who need not be.

Jobs whose spans overlap are one round, whatever their rules, as long as one flow can hold them; a longer stretch is cut
where spans end. In a round, in this order: most children are served; those left out have waited least; fewest calls are
moved; the longest wait is as short as can be; then contacts, teachers' loads and early days (``planner_flow``). Calls
that stand already go before waits: while as many are served around them, nobody moves and none of them is left out for
somebody who waits longer. Over several rounds the number served is at most by so many short of the best as there are
calls whose span crosses a cut (none where all children have one rule): a round's slots are taken by no other round's
calls but those. Pure.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from app.calls.planner_flow import Round, solve
from app.calls.planner_jobs import Board, CellKey, Job
from app.calls.slots import Slot
from app.core.progress import Progress, no_progress

_EDGES = 12_000
"""What one flow may hold, in edges before what is alike is put together."""
_DAY = timedelta(days=1)


@dataclass(slots=True)
class Standing:
    """How things stand between two rounds: which slots are taken, who had when their last call, who sees to how many.

    A slot is known by its identity: there is one object of each, and comparing what it says takes long.
    """

    board: Board
    taken: set[int] = field(default_factory=set)
    calls: dict[int, list[date]] = field(default_factory=dict)
    loads: dict[str, int] = field(default_factory=dict)

    def note(self, job: Job, slot: Slot) -> None:
        """Note that a job has got a slot."""
        job.slot = slot
        self.taken.add(id(slot))
        self.loads[slot.duty_uuid] = self.loads.get(slot.duty_uuid, 0) + 1
        for member in job.members:
            self.calls.setdefault(member, []).append(slot.day)

    def release(self, job: Job) -> None:
        """Take a slot from a job again."""
        if job.slot is not None:
            self.taken.discard(id(job.slot))
            self.loads[job.slot.duty_uuid] -= 1
            for member in job.members:
                self.calls[member].remove(job.slot.day)
            job.slot = None

    def since(self, job: Job) -> date:
        """Return since when the longest waiting child of a job waits, as the rounds before have left it."""
        return min(
            max((day for day in self.calls.get(member, ()) if day < job.first), default=job.since)
            for member in job.members
        )

    def free(self, first: date, last: date) -> dict[CellKey, list[Slot]]:
        """Return the free slots of [first, last] by cell."""
        return {
            key: [slot for slot in cell.slots if id(slot) not in self.taken]
            for key, cell in self.board.cells.items()
            if first <= key[0] <= last
        }


def place(jobs: Sequence[Job], standing: Standing, progress: Progress = no_progress) -> None:
    """Give every job that can be served its ``slot``. ``Cancelled`` passes through."""
    ahead = sorted(
        (job for job in jobs if job.options or job.held), key=lambda job: (job.last, job.first, job.members)
    )
    rounds = list(_rounds(ahead))
    begin = date.min
    for number, end in enumerate(rounds):
        progress(number, len(rounds), "正在排号")
        mine = [job for job in ahead if job.slot is None and job.first <= end and begin < job.last]
        if mine:
            _one_round(mine, standing, end)
        begin = end
    progress(len(rounds), len(rounds), "正在排号")


def _rounds(jobs: Sequence[Job]) -> Iterator[date]:
    """Yield the last days of the rounds of ``jobs`` (by last day): where no span goes on, or where a flow has enough."""
    firsts = sorted(job.first for job in jobs)
    kinds: dict[int, int] = {}
    for over, job in enumerate(jobs, start=1):
        # The edges of a kind of options count once, however many children have them.
        kinds[id(job.options)] = len(job.options)
        if over < len(jobs) and jobs[over].last == job.last:
            continue
        if bisect_right(firsts, job.last) == over or sum(kinds.values()) > _EDGES:
            yield job.last
            kinds = {}


def _one_round(jobs: Sequence[Job], standing: Standing, end: date) -> None:
    seen: set[int] = set()
    for job in sorted(jobs, key=lambda job: (job.first, job.last)):
        job.since = standing.since(job)
        if seen & set(job.members):
            job.since = max(job.since, job.first)  # a later call of somebody: it waits from the one before
            job.in_order = 1
        else:
            job.in_order = 0
        seen |= set(job.members)
    for job, slot in _decided(jobs, standing, end).items():
        standing.note(job, slot)


def _decided(jobs: Sequence[Job], standing: Standing, end: date) -> dict[Job, Slot]:
    """Return who gets which slot: everybody who stands somewhere stays, unless more children are served otherwise."""
    held = {job: job.held for job in jobs if job.held is not None and id(job.held) not in standing.taken}
    free = standing.free(min(job.first for job in jobs), end)
    seats = {id(slot) for slot in held.values()}
    around = {key: [slot for slot in slots if id(slot) not in seats] for key, slots in free.items()}
    loads = dict(standing.loads)
    for slot in held.values():
        loads[slot.duty_uuid] = loads.get(slot.duty_uuid, 0) + 1
    others = [job for job in jobs if job not in held]
    found = {**held, **_best(Round(others, around, loads, end))}
    if not held or all(job in found for job in others):
        return found
    everybody = [job for job in jobs if not job.surplus]
    served = _served(everybody, found, end)
    room = sum(map(len, free.values()))
    due = all(job.last <= end for job in everybody)
    if due and sum(served) >= sum(sorted((len(job.members) for job in everybody), reverse=True)[:room]):
        return found  # nobody else could be served without somebody else left out
    if _served(everybody, solve(Round(everybody, free, ends=end, plain=True)), end) <= served:
        return found
    return _best(Round(jobs, around, standing.loads, end, held=held))


def _best(this: Round) -> dict[Job, Slot]:
    """Return the best assignment of a round: the flow's, with the longest wait as short as it can be.

    Whether a wait can be kept to is asked of a flow that has to count only; mostly the first guess can be.
    """
    waiting = [
        job for job in this.jobs if job.in_order == 0 and job.last <= this.ends and job not in this.held
    ]
    waiting = [job for job in waiting if any(True for _ in _first_of(job, this.cells))]
    if not waiting or this.held:
        return solve(this)
    low = _least_wait(waiting, this.cells)
    # First the best that room and days allow at all: mostly it can be had.
    able = {job: slot for job in this.jobs for slot in _first_of(job, this.cells)}
    room = sum(map(len, this.cells.values()))
    if len(able) > room:
        able = dict(sorted(able.items(), key=lambda item: -len(item[0].members))[:room])
    found = _within(this, waiting, low, _served(this.jobs, able, this.ends))
    if found is not None:
        return found
    counting = replace(this, plain=True)
    chosen = solve(counting)
    most = _served(this.jobs, chosen, this.ends)
    # Whoever is left out waits at least as long as those whom a best choice leaves out.
    low = max(low, *(_wait(job, None) for job in waiting if job not in chosen), low)
    found = _within(this, waiting, low, most)
    if found is not None:
        return found
    step, high = 1, low + 1
    while _within(counting, waiting, high, most) is None:
        low, high, step = high, high + step, step * 2
    while low + 1 < high:
        middle = (low + high) // 2
        if _within(counting, waiting, middle, most) is None:
            low = middle
        else:
            high = middle
    return _within(this, waiting, high, most) or solve(this)


def _first_of(job: Job, cells: Mapping[CellKey, Sequence[Slot]]) -> Iterator[Slot]:
    """Yield one free slot that would suit a job, if there is any."""
    for key in job.options:
        if cells.get(key):
            yield cells[key][0]
            return


def _within(this: Round, waiting: Iterable[Job], wait: int, most: tuple[int, int]) -> dict[Job, Slot] | None:
    """Return the best assignment in which nobody waits longer and ``most`` are served; None when there is none."""
    must = {job: job.since + wait * _DAY for job in waiting if _wait(job, None) > wait}
    found = solve(replace(this, must=must))
    if all(job in found for job in must) and _served(this.jobs, found, this.ends) == most:
        return found
    return None


def _wait(job: Job, slot: Slot | None) -> int:
    return ((job.last + _DAY if slot is None else slot.day) - job.since).days


def _served(jobs: Iterable[Job], found: Mapping[Job, Slot], end: date) -> tuple[int, int]:
    served = [job for job in jobs if job in found and not job.surplus]
    return (
        sum(len(job.members) for job in served if job.last <= end),
        sum(len(job.members) for job in served if job.last > end),
    )


def _least_wait(waiting: Sequence[Job], cells: Mapping[CellKey, Sequence[Slot]]) -> int:
    """Return a wait that no assignment can be below: by the first day of each, and by the room up to every day."""
    room: dict[date, int] = {}
    for key, slots in cells.items():
        room[key[0]] = room.get(key[0], 0) + len(slots)
    days = sorted(day for day, number in room.items() if number)
    upto = [0]
    for day in days:
        upto.append(upto[-1] + room[day])
    least = max(
        min(_wait(job, None), (min(key[0] for key in job.options if cells.get(key)) - job.since).days)
        for job in waiting
    )
    high = max(least, *(_wait(job, None) for job in waiting))
    while least < high:
        middle = (least + high) // 2
        if _has_room(waiting, middle, days, upto):
            high = middle
        else:
            least = middle + 1
    return least


def _has_room(waiting: Sequence[Job], wait: int, days: Sequence[date], upto: Sequence[int]) -> bool:
    ends = sorted(min(job.since + wait * _DAY, job.last) for job in waiting if _wait(job, None) > wait)
    return all(place < upto[bisect_right(days, end)] for place, end in enumerate(ends))
