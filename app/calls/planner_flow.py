"""Which calls go into which slots at the least cost: a network flow (networkx, pure Python).

Calls that nothing tells apart are one node, slots that every call sees alike another, so that a round of hundreds of
children is some thousand edges. What is made as small as can be stands in ``_Costs``, each worth more than all that come
after it: children without a call; calls moved; how long those without have waited; places of the contacts in the
children's order; squares of the teachers' calls; days until whoever waits longest is called. The first three arise only
where calls that stand may be moved: else it is known before who gets a call (``planner_seating``). The least sum of
squares is, among the plans that are alike in all that comes before, the one whose loads, sorted from the highest, are
lexicographically smallest (Frank and Murota, Decreasing minimization on M-convex sets, 2018): what "even" means here.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct, field

from app.calls.planner_board import Cell, Options
from app.calls.planner_jobs import Job
from app.calls.slots import Slot

_PARTS = 4
"""Into so many parts are calls of equal options parted by how long their children have waited …"""
_FEW = 60
"""… while there are no more kinds of options than this."""


class Round(Struct):
    """What one flow decides: ``jobs`` into the slots of ``cells``. ``loads`` are the calls that teachers have already.

    ``until`` is the last day for calls that have one. ``held`` are jobs that stand in a slot which they may keep: any
    other option is a move. Slots that are held are in no cell. Where nothing is held, everybody gets a slot: whoever asks
    knows that it can be done.
    """

    jobs: Sequence[Job]
    cells: Mapping[Cell, Sequence[Slot]]
    loads: Mapping[str, int] = field(default_factory=dict)
    until: Mapping[Job, date] = field(default_factory=dict)
    held: Mapping[Job, tuple[Slot, Cell]] = field(default_factory=dict)


class _Sort(Struct, frozen=True):
    """Calls that nothing tells apart. ``kind`` is the place of their options, ``held`` the slot of its only call."""

    kind: int
    until: date
    children: int
    begins: date
    part: int
    waiting: int
    surplus: bool
    held: Slot | None


class _Place(Struct):
    """Slots that every call sees alike: who may come, with the rank of the contact."""

    day: date
    duty: str
    comers: tuple[tuple[int, int], ...]
    slots: list[Slot]
    held: bool = False


class _Costs(Struct, frozen=True):
    """What one unit of everything costs, from the least to the most."""

    load: int
    rank: int
    wait: int
    move: int
    child: int


def solve(this: Round) -> dict[Job, Slot]:
    """Return the best assignment; who is not in it gets no slot."""
    import networkx as nx

    options: list[Options] = []
    sorts = _sorts(this, options)
    if not sorts:
        return {}
    places = _places(this, list(sorts), options)
    graph = _network(this, sorts, places)
    _, flow = nx.network_simplex(graph)
    return _read(sorts, places, flow)


def _sorts(this: Round, options: list[Options]) -> dict[_Sort, list[Job]]:
    """Return the kinds of calls with the calls of each, the longest waiting first; fill in their ``options``."""
    kinds: dict[int, int] = {}
    for job in this.jobs:
        if id(job.options) not in kinds:
            kinds[id(job.options)] = len(options)
            options.append(job.options)
    parts = _PARTS if len(kinds) <= _FEW else 1
    found: dict[_Sort, list[Job]] = {}
    ranks = {day: place for place, day in enumerate(sorted({job.since for job in this.jobs}, reverse=True))}
    for place, job in enumerate(sorted(this.jobs, key=_longest_first)):
        sort = _Sort(
            kind=kinds[id(job.options)],
            until=min(job.last, this.until.get(job, date.max)),
            children=len(job.members),
            begins=job.begins,
            part=parts - place * parts // len(this.jobs),
            waiting=ranks[job.since] if this.held else 0,
            surplus=job.surplus,
            held=this.held[job][0] if job in this.held else None,
        )
        found.setdefault(sort, []).append(job)
    return found


def _places(this: Round, sorts: Sequence[_Sort], options: Sequence[Options]) -> list[_Place]:
    comers: dict[Cell, list[tuple[int, int]]] = {}
    for number, sort in enumerate(sorts):
        if sort.surplus:
            continue
        for cell, rank in options[sort.kind].items():
            if cell.day > sort.until:
                break  # options stand by day
            comers.setdefault(cell, []).append((number, rank))
    found: dict[object, _Place] = {}
    for cell, slots in this.cells.items():
        if slots and cell in comers:
            column = tuple(comers[cell])
            known = found.setdefault((cell.day, cell.duty, column), _Place(cell.day, cell.duty, column, []))
            known.slots.extend(slots)
    numbers = {sort.held: number for number, sort in enumerate(sorts) if sort.held is not None}
    for slot, cell in this.held.values():
        column = tuple(comers.get(cell, ()))
        if sorts[numbers[slot]].surplus:
            column = (*column, (numbers[slot], 0))
        found[slot] = _Place(slot.day, slot.duty_uuid, column, [slot], held=True)
    for place in found.values():
        place.slots.sort(key=lambda slot: (slot.starts, slot.line_id))
    return list(found.values())


def _costs(this: Round, sorts: Mapping[_Sort, Sequence[Job]], places: Sequence[_Place]) -> _Costs:
    count = len(this.jobs)
    days = [place.day for place in places] or [date.min]
    begins = [sort.begins for sort in sorts]
    # A second try of a month's second call may lie before the day from which it was wanted.
    span = max(abs((max(days) - min(begins)).days), abs((max(begins) - min(days)).days))
    ranks = max((rank for place in places for _, rank in place.comers), default=0)
    most = max(this.loads.values(), default=0) + count
    parts = max(sort.part for sort in sorts)
    load = count * span * parts + 1
    rank = load * (2 * most * count + 1)
    wait = rank * (ranks * count + 1)
    move = wait * (count * max(sort.waiting for sort in sorts) + 1)
    return _Costs(load, rank, wait, move, move * (count + 1))


def _network(this: Round, sorts: Mapping[_Sort, Sequence[Job]], places: Sequence[_Place]) -> Any:
    """Return the network; its nodes are numbers: the sorts, the places, then the sink and the teachers' calls."""
    from networkx import DiGraph

    costs = _costs(this, sorts, places)
    graph = DiGraph()
    count, sink = len(this.jobs), -1
    graph.add_node(sink, demand=count)
    kinds = list(sorts)
    for number, (sort, jobs) in enumerate(sorts.items()):
        graph.add_node(number, demand=-len(jobs))
        if this.held:
            graph.add_edge(number, sink, weight=_unserved(sort, costs), capacity=len(jobs))
    room: dict[str, int] = {}
    duties = {duty: -2 - place for place, duty in enumerate(sorted({place.duty for place in places}))}
    for at, place in enumerate(places, start=len(sorts)):
        room[place.duty] = room.get(place.duty, 0) + len(place.slots)
        graph.add_edge(at, duties[place.duty], weight=0, capacity=len(place.slots))
        for number, rank in place.comers:
            sort = kinds[number]
            cost = rank * costs.rank + abs((place.day - sort.begins).days) * sort.part
            if sort.held is not None and not (place.held and sort.held == place.slots[0]):
                cost += costs.move
            graph.add_edge(number, at, weight=cost)
    step = -2 - len(duties)
    for duty, number in room.items():
        already = this.loads.get(duty, 0)
        for nth in range(1, min(number, count) + 1):
            # Every call more of a teacher costs more than the one before: the sum is the square of all.
            graph.add_edge(duties[duty], step, weight=costs.load * (2 * (already + nth) - 1), capacity=1)
            graph.add_edge(step, sink, weight=0, capacity=1)
            step -= 1
    return graph


def _unserved(sort: _Sort, costs: _Costs) -> int:
    if sort.surplus:
        return costs.move
    cost = sort.children * costs.child + sort.waiting * costs.wait
    return cost + (costs.move if sort.held is not None else 0)


def _read(sorts: Mapping[_Sort, Sequence[Job]], places: Sequence[_Place], flow: Any) -> dict[Job, Slot]:
    """Return who gets which slot: of calls with equal options, and of those that meet in one place, the longest waiting
    is first, where the last days of all allow it. Nobody's wait grows beyond the longest by that.
    """
    alike: dict[object, tuple[list[Job], list[date], list[int]]] = {}
    for number, (sort, jobs) in enumerate(sorts.items()):  # they come longest waiting first
        key = (sort.kind, sort.children, sort.begins, sort.held, sort.surplus)
        waiting, until, rooms = alike.setdefault(key, ([], [], []))
        mine = list(_rooms_of(flow[number], len(sorts)))
        # With calls that may stay unserved there is only one of a sort, or all have equal days.
        waiting.extend(jobs[: len(mine)])
        until.extend([sort.until] * len(mine))
        rooms.extend(mine)
    arrived: dict[int, list[Job]] = {}
    for waiting, until, rooms in alike.values():
        first = sorted(rooms, key=lambda at: (places[at].day, at))
        late = any(places[at].day > last for at, last in zip(first, until, strict=True))
        for at, job in zip(rooms if late else first, waiting, strict=True):
            arrived.setdefault(at, []).append(job)
    found: dict[Job, Slot] = {}
    for at, waiting in arrived.items():
        waiting.sort(key=_longest_first)
        found.update(zip(waiting, places[at].slots, strict=False))
    return found


def _longest_first(job: Job) -> tuple[date, tuple[int, ...], date]:
    return (job.since, job.members, job.first)


def _rooms_of(out: Mapping[int, int], sorts: int) -> Iterator[int]:
    """Yield the places of one sort of calls, each as often as calls go there."""
    for node, number in out.items():
        if node >= sorts:
            yield from [node - sorts] * number
