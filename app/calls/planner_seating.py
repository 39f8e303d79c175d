"""Who can have a slot at all: an assignment of calls to cells that grows by augmenting paths. Pure.

The sets of calls that can have slots at the same time are the independent sets of a matroid (a transversal one), so that
taking them one by one, the most important first, each where an augmenting path can be found for it, gives the most
important set there is: most calls, and of each importance as many as can be (Edmonds, Matroids and the greedy algorithm,
1971). Nobody who has a place loses it by that: it may change. Counting like this takes a hundredth of the time of a flow
of least cost; networkx has no matching with weights on one side only. Tests hold it to networkx's Hopcroft and Karp.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from app.calls.planner_board import Cell
from app.calls.planner_jobs import Job


class Seating:
    """Which cell each call has. ``room`` is how many a cell holds, ``until`` the last day for calls that have one."""

    def __init__(self, room: Mapping[Cell, int]) -> None:
        self.room = dict(room)
        self.until: dict[Job, date] = {}
        self._at: dict[Job, Cell] = {}
        self._inside: dict[Cell, tuple[Job, ...]] = dict.fromkeys(room, ())
        self._closed: set[Cell] = set()
        """Cells that a search in vain has been through: full, of calls that can go nowhere but into such cells."""

    def __contains__(self, job: Job) -> bool:
        return job in self._at

    def at(self, job: Job) -> Cell | None:
        """Return the cell of a call, None = it has none."""
        return self._at.get(job)

    def inside(self, cell: Cell) -> tuple[Job, ...]:
        """Return the calls that have a cell."""
        return self._inside[cell]

    def copy(self) -> "Seating":
        """Return one that is the same and goes its own way."""
        other = Seating({})
        other.room = dict(self.room)
        other.until = dict(self.until)
        other._at = dict(self._at)
        other._inside = dict(self._inside)
        other._closed = set(self._closed)
        return other

    def drop(self, jobs: Iterable[Job]) -> None:
        """Take calls out of their cells."""
        for job in jobs:
            cell = self._at.pop(job, None)
            if cell is not None:
                self._leave(job, cell)
                self._closed.clear()

    def limit(self, job: Job, until: date) -> None:
        """Let a call that has no cell yet come on no day after ``until``."""
        if until < job.last:
            self.until[job] = min(until, self.until.get(job, until))

    def unlimited(self, jobs: Iterable[Job]) -> None:
        """Take the limits from calls."""
        self._closed.clear()
        for job in jobs:
            self.until.pop(job, None)

    def set_room(self, cell: Cell, room: int) -> None:
        """Let a cell hold so many."""
        self._closed.clear()
        self.room[cell] = room

    def add(self, job: Job) -> bool:
        """Give a call a cell, the others moving up where they must; tell whether that was possible."""
        asking = [job]
        came: dict[Cell, Job] = {}
        for one in asking:
            until = self.until.get(one, date.max)
            for cell in one.options:
                if cell.day > until:
                    break  # options stand by day
                if cell in came or cell in self._closed or not self.room.get(cell):
                    continue
                came[cell] = one
                if len(self._inside[cell]) < self.room[cell]:
                    self._move_up(cell, came)
                    return True
                asking.extend(self._inside[cell])
        self._closed.update(came)
        return False

    def _move_up(self, cell: Cell, came: Mapping[Cell, Job]) -> None:
        while True:
            one = came[cell]
            before = self._at.get(one)
            self._at[one] = cell
            self._inside[cell] += (one,)
            if before is None:
                return
            self._leave(one, before)
            cell = before

    def _leave(self, job: Job, cell: Cell) -> None:
        self._inside[cell] = tuple(one for one in self._inside[cell] if one is not job)
