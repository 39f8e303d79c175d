"""Placing the calls of a plan round by round: each round at its best, nobody moved who need not be.

A round ends where a span of the rule that asks most seldom ends: the weeks of a month are one round with it where
some call every week and some every month. In a round, in this order: most children are served; the longest wait is as
short as can be, first of all that are due, then of each rule alone, the one that asks most often first; those left out
have waited least. That is decided by ``planner_seating`` for all calls of the round together, later rounds kept in view:
among all plans of the period none has more calls. Then span by span ``planner_flow`` says who gets which slot: contacts,
teachers' loads, early days. A later call of a child in the same round waits from the one before, as that was placed: of
such calls the longest wait is as short as can be span by span.

Calls that stand already go before waits: while as many are served around them, nobody moves and none of them is left
out for somebody who waits longer. Where more can be served as many are, with the fewest moves. A child with several rules
calls at most once a day; a call that the count had put on the same day may be lost to that where there is no room on
another. That, and nothing else, is how far a plan over several rounds can be below the most. Pure.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from msgspec import Struct, field

from app.calls.planner_board import Board, Cell
from app.calls.planner_flow import Round, solve
from app.calls.planner_jobs import Job
from app.calls.planner_seating import Seating
from app.calls.slots import Slot
from app.core.progress import Progress, no_progress

_DAY = timedelta(days=1)


class Schedule(Struct):
    """How things stand between two rounds: which slots are taken, who had when their last call, who sees to how many.

    A slot is known by its identity: there is one object of each, and comparing what it says takes long. New calls come
    on days after ``shut`` only.
    """

    board: Board
    taken: set[int] = field(default_factory=set)
    calls: dict[int, list[date]] = field(default_factory=dict)
    loads: dict[str, int] = field(default_factory=dict)
    shut: date = date.min

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

    def since(self, job: Job, began: date) -> date:
        """Return since when the longest waiting child of a job waits: its last call before, else ``began``."""
        return min(
            max((day for day in self.calls.get(member, ()) if day < job.first), default=began)
            for member in job.members
        )

    def free(self, cell: Cell) -> list[Slot]:
        """Return the slots of a cell that a new call may have."""
        return [] if cell.day <= self.shut else [slot for slot in cell.slots if id(slot) not in self.taken]


def place(
    jobs: Sequence[Job], schedule: Schedule, progress: Progress = no_progress, *, move: bool = False
) -> None:
    """Give every job that can be served its ``slot``; those that are held keep theirs. ``Cancelled`` passes through.

    ``move`` = where more can be served by that, jobs that are held move.
    """
    placing = Placing(jobs, schedule, move=move)
    rounds = placing.rounds()
    for number, end in enumerate(rounds):
        for _ in placing.one_round(end):
            progress(number, len(rounds), "正在排号")
    progress(len(rounds), len(rounds), "正在排号")


class Placing:
    """The work of ``place``: ``seating`` has a cell in view for every job that is not placed yet and can be."""

    def __init__(self, jobs: Sequence[Job], schedule: Schedule, *, move: bool) -> None:
        self.schedule, self.move = schedule, move
        self.ahead: list[Job] = []
        self.held: list[Job] = []
        for job in jobs:
            if job.held is not None and id(job.held) not in schedule.taken:
                schedule.note(job, job.held)
                self.held.append(job)
            elif job.options and not job.surplus:
                self.ahead.append(job)
        self.seating = Seating({cell: len(schedule.free(cell)) for cell in schedule.board.cells})
        self._must: set[Job] = set()
        self._length = {
            span: max((one.last - one.first).days for one in all_of)
            for all_of in schedule.board.facts.spans.values()
            for span in all_of
        }
        self._began = {job: job.since for job in self.ahead}
        for job in sorted(self.ahead, key=lambda job: (job.last, -len(job.members), job.first, job.members)):
            self.seating.add(job)

    def rounds(self) -> list[date]:
        """Return the last days of the rounds: of every span of the rule that asks most seldom, and of what is left."""
        asked = {span for job in (*self.ahead, *self.held) for _, span, _ in job.covers}
        known = [all_of for all_of in self.schedule.board.facts.spans.values() if asked.intersection(all_of)]
        longest = max(known, key=lambda all_of: max(span.last - span.first for span in all_of), default=())
        return sorted({*(span.last for span in longest), date.max})

    def one_round(self, end: date) -> Iterator[None]:
        """Place every job whose last day is not after ``end``; yields before each longer piece of that."""
        yield
        due = [job for job in self.ahead if job.last <= end]
        held = [job for job in self.held if job.last <= end]
        self.ahead = [job for job in self.ahead if job.last > end]
        self.held = [job for job in self.held if job.last > end]
        if not due:
            return
        self._note_waits(due)
        self._choose(due, [job for job in due if not job.in_order])
        if self.move and held:
            self._move_up(due, held)
        chunks = list(_chunks(job for job in due if job.slot is None))
        for chunk in chunks:
            yield
            self._settle(chunk, again=len(chunks) > 1)

    def _note_waits(self, jobs: Iterable[Job]) -> None:
        seen: set[int] = set()
        for job in sorted(jobs, key=lambda job: (job.first, job.last)):
            job.since = self.schedule.since(job, self._began[job])
            job.in_order = 0
            if seen & set(job.members):
                # A later call of somebody: it waits from the one before, which is not placed yet.
                job.since = max(job.since, job.first)
                job.in_order = 1
            seen |= set(job.members)

    def _choose(self, jobs: Sequence[Job], waiting: Sequence[Job]) -> None:
        """Decide which of the jobs are served, and until when those ``waiting``. The others keep a place each.

        They do not stand in the way: they got one only where that left the earlier rounds as many as without them.
        """
        self.seating.drop(jobs)
        attempt = _Attempt(self.seating, jobs, self._must)
        best = attempt.first()
        waits: dict[Job, int] = {}
        groups = self._by_rule(waiting)
        for group in [waiting, *groups] if len(groups) > 1 else groups:
            best, wait = _shortest(attempt, group, best, waits)
            for job in group:
                waits[job] = min(wait, waits.get(job, wait))
        self._must |= {job for job, wait in waits.items() if _unserved_wait(job) > wait}
        self.seating = best

    def _by_rule(self, jobs: Iterable[Job]) -> list[list[Job]]:
        """Return the jobs of each rule, that with the shortest spans first; one that fulfils two rules is the shorter's."""
        found: dict[int, list[Job]] = {}
        for job in jobs:
            rule = min((self._length.get(span, 0) for _, span, _ in job.covers), default=0)
            found.setdefault(rule, []).append(job)
        return [found[rule] for rule in sorted(found)]

    def _move_up(self, due: Sequence[Job], held: Sequence[Job]) -> None:
        """Let jobs that are held move, as few as can be, where more of those that are due can be served by that."""
        left = [job for job in due if job not in self.seating]
        tangle = _Tangle(self, left, due, held)
        if not tangle.held or not tangle.more_can_be_served():
            return
        found = solve(tangle.round())
        if not tangle.better(found):
            return
        for job in tangle.held:
            self.schedule.release(job)
        self.seating.drop(tangle.jobs)
        for job, slot in found.items():
            self.schedule.note(job, slot)
        for cell in tangle.cells:
            self.seating.set_room(cell, len(self.schedule.free(cell)))

    def _settle(self, jobs: Sequence[Job], *, again: bool) -> None:
        """Give the jobs of one span their slots; ``again`` = with the waits as the spans before have left them."""
        for job in jobs:
            busy = {day for member in job.members for day in self.schedule.calls.get(member, ())}
            if busy and any(cell.day in busy for cell in job.options):
                job.options = {cell: rank for cell, rank in job.options.items() if cell.day not in busy}
                self._must.discard(job)
                again = True
        if again:
            for job in jobs:
                if job.in_order:
                    job.since = self.schedule.since(job, self._began[job])
            self._choose(jobs, jobs)
        mine = [job for job in jobs if job in self.seating]
        cells = {cell: self.around(cell, set(mine)) for cell in cells_of(mine)}
        found = solve(Round(mine, cells, self.schedule.loads, self.seating.until))
        self.seating.drop(found)
        for job, slot in found.items():
            self.schedule.note(job, slot)
        for cell in cells:
            self.seating.set_room(cell, len(self.schedule.free(cell)))

    def around(self, cell: Cell, jobs: Collection[Job]) -> list[Slot]:
        """Return the free slots of a cell that nobody else needs but these jobs."""
        free = self.schedule.free(cell)
        return free[: len(free) - sum(job not in jobs for job in self.seating.inside(cell))]


class _Attempt:
    """Seating the jobs of a round under limits of their waits, the others having their places.

    Who must be served for a limit's sake comes first, then families before single children, then who waits longer.
    """

    def __init__(self, base: Seating, jobs: Sequence[Job], must: Collection[Job]) -> None:
        self.base, self.must = base, set(must)
        self.jobs = sorted(jobs, key=lambda job: (-len(job.members), job.since, job.members))
        self.least = 0

    def first(self) -> Seating:
        """Return how they are seated without new limits; what is served then is to be served under every limit."""
        found = self.within({})
        if found is None:  # a call on the same day has taken the place that a limit was counted on
            self.base.unlimited(self.jobs)
            self.must.difference_update(self.jobs)
            found = self.within({})
        if found is None:
            raise RuntimeError("seating without limits cannot fail")
        self.least = self._served(found)
        return found

    def within(self, waits: Mapping[Job, int]) -> Seating | None:
        """Return how they are seated so that none waits longer than its limit, with as many served; None = impossible."""
        trial = self.base.copy()
        must = []
        for job in self.jobs:
            if job in waits:
                trial.limit(job, job.since + waits[job] * _DAY)
            if job in self.must or (job in waits and _unserved_wait(job) > waits[job]):
                must.append(job)
        if not all(trial.add(job) for job in must):
            return None
        for job in self.jobs:
            if job not in trial:
                trial.add(job)
        return trial if self._served(trial) >= self.least else None

    def _served(self, seating: Seating) -> int:
        return sum(len(job.members) for job in self.jobs if job in seating)


class _Tangle:
    """The jobs and cells among which somebody ``left`` out may find a place if others move, step by step from these."""

    def __init__(
        self, placing: Placing, left: Sequence[Job], due: Collection[Job], held: Sequence[Job]
    ) -> None:
        self.placing, self.left = placing, left
        board, mine = placing.schedule.board, set(due)
        homes: dict[Cell, list[Job]] = {}
        for job in held:
            home = board.cell_of(job.held) if job.held is not None else None
            if home is not None:
                homes.setdefault(home, []).append(job)
        self.cells: dict[Cell, list[Job]] = {}
        self.jobs = list(left)
        seen = set(left)
        for job in self.jobs:
            for cell in () if job.surplus else job.options:
                if cell not in self.cells:
                    self.cells[cell] = homes.get(cell, [])
                    there = [one for one in placing.seating.inside(cell) if one in mine]
                    new = [one for one in (*there, *self.cells[cell]) if one not in seen]
                    seen.update(new)
                    self.jobs += new
        self.held = [job for job in self.jobs if job.slot is not None]
        self._free = {cell: placing.around(cell, seen) for cell in self.cells}
        self._now = self._children(job for job in self.jobs if job.slot is not None or job in placing.seating)

    def more_can_be_served(self) -> bool:
        """Tell whether more children would be served if everybody might move."""
        room = {cell: len(self._free[cell]) + len(homes) for cell, homes in self.cells.items()}
        seating = Seating(room)
        asking = sorted((job for job in self.jobs if not job.surplus), key=lambda job: -len(job.members))
        return self._children(job for job in asking if seating.add(job)) > self._now

    def round(self) -> Round:
        """Return what the flow is to decide."""
        loads = dict(self.placing.schedule.loads)
        held: dict[Job, tuple[Slot, Cell]] = {}
        for cell, homes in self.cells.items():
            for job in homes:
                if job.held is not None:
                    loads[job.held.duty_uuid] -= 1
                    held[job] = (job.held, cell)
        return Round(self.jobs, self._free, loads, held=held)

    def better(self, found: Mapping[Job, Slot]) -> bool:
        """Tell whether more are served than now, and nobody twice on one day."""
        calls = self.placing.schedule.calls
        days = {member: list(calls.get(member, ())) for job in self.jobs for member in job.members}
        for job in self.held:
            if job.slot is not None:
                for member in job.members:
                    days[member].remove(job.slot.day)
        for job, slot in found.items():
            for member in job.members:
                if slot.day in days[member]:
                    return False
                days[member].append(slot.day)
        return self._children(found) > self._now

    @staticmethod
    def _children(jobs: Iterable[Job]) -> int:
        return sum(len(job.members) for job in jobs if not job.surplus)


def cells_of(jobs: Iterable[Job]) -> Iterator[Cell]:
    """Yield every cell that is an option of one of the jobs, once."""
    alike = {id(job.options): job.options for job in jobs}
    yield from dict.fromkeys(cell for options in alike.values() for cell in options)


def _shortest(
    attempt: _Attempt, group: Sequence[Job], best: Seating, waits: Mapping[Job, int]
) -> tuple[Seating, int]:
    """Return how all are seated when the longest wait of a group is as short as can be, and how long it is then."""
    high = max(_wait(job, best) for job in group)
    low = min(high, max(_least_wait(job, best) for job in group))

    def tried(wait: int) -> Seating | None:
        return attempt.within({**waits, **{job: min(wait, waits.get(job, wait)) for job in group}})

    found = tried(low)
    if found is not None:
        return found, low
    while low + 1 < high:
        middle = (low + high) // 2
        one = tried(middle)
        if one is None:
            low = middle
        else:
            found, high = one, middle
    return found or tried(high) or best, high


def _wait(job: Job, seating: Seating) -> int:
    cell = seating.at(job)
    return _unserved_wait(job) if cell is None else (cell.day - job.since).days


def _unserved_wait(job: Job) -> int:
    return (job.last + _DAY - job.since).days


def _least_wait(job: Job, seating: Seating) -> int:
    """Return a wait below which no seating can bring a job: until its first day with any room."""
    first = next((cell.day for cell in job.options if seating.room[cell]), None)
    return _unserved_wait(job) if first is None else (first - job.since).days


def _chunks(jobs: Iterable[Job]) -> Iterator[list[Job]]:
    """Yield the jobs of one span after another, and no child twice at once."""
    for _, group in groupby(sorted(jobs, key=lambda job: (job.last, job.first)), key=lambda job: job.last):
        rest = list(group)
        while rest:
            seen: set[int] = set()
            now: list[Job] = []
            for job in rest:
                if not seen & set(job.members):
                    seen |= set(job.members)
                    now.append(job)
            yield now
            done = set(now)
            rest = [job for job in rest if job not in done]
