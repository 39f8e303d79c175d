"""One planning round as a network flow of least cost (networkx, pure Python): which calls go into which slots.

Calls that nothing tells apart are one node, slots that every call sees alike another, so that a round of hundreds of
children is some thousand edges. What is made as small as can be stands in ``_Costs``, each worth more than all that come
after it: children without a call (first those whose round ends by then), among equals those who have waited long; calls
moved; places of the contacts in the children's order; squares of the teachers' calls; days until whoever waits longest is
called. The least sum of squares is, among the plans that are alike in all that comes before, the one whose loads, sorted
from the highest, are lexicographically smallest (Frank and Murota, Decreasing minimization on M-convex sets, 2018): what
"even" means here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.calls.planner_jobs import CellKey, Job, cell_key
from app.calls.slots import Slot

_SINK = ("sink", 0)
_PARTS = 4
"""Into so many parts are calls of equal options parted by how long their children have waited …"""
_FEW = 60
"""… while there are no more kinds of options than this."""


@dataclass(slots=True)
class Round:
    """What one flow decides: ``jobs`` into the slots of ``cells``. ``loads`` are the calls that teachers have already.

    Jobs whose own round ends by ``ends`` come before those that have time. ``must`` are jobs that may not stay unserved,
    with the last day for each. ``held`` are jobs that stand in a slot which they may keep: any other option is a move.
    Slots that are held are in no cell. ``plain`` = only who is served is asked: most, then who waits longest.
    """

    jobs: Sequence[Job]
    cells: Mapping[CellKey, Sequence[Slot]]
    loads: Mapping[str, int] = field(default_factory=dict)
    ends: date = date.max
    must: Mapping[Job, date] = field(default_factory=dict)
    held: Mapping[Job, Slot] = field(default_factory=dict)
    plain: bool = False


@dataclass(frozen=True, slots=True)
class _Sort:
    """Calls that nothing tells apart. ``kind`` is the place of their options, ``held`` the slot of its only call."""

    kind: int
    until: date
    must: bool
    children: int
    due: bool
    begins: date
    waiting: int
    surplus: bool
    held: Slot | None


@dataclass(slots=True)
class _Place:
    """Slots that every call sees alike: who may come, with the rank of the contact."""

    day: date
    duty: str
    comers: tuple[tuple[int, int], ...]
    slots: list[Slot]
    held: bool = False


@dataclass(frozen=True, slots=True)
class _Costs:
    """What one unit of everything costs, from the least to the most."""

    load: int
    rank: int
    move: int
    wait: int
    late: int
    child: int
    must: int


def solve(this: Round) -> dict[Job, Slot]:
    """Return the best assignment of a round; who is not in it gets no slot."""
    import networkx as nx

    options: list[Mapping[CellKey, int]] = []
    sorts = _sorts(this, options)
    if not sorts:
        return {}
    places = _places(this, list(sorts), options)
    graph = _network(this, sorts, places)
    _, flow = nx.network_simplex(graph)
    return _read(sorts, places, flow)


def _sorts(this: Round, options: list[Mapping[CellKey, int]]) -> dict[_Sort, list[Job]]:
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
            until=min(job.last, this.must.get(job, date.max)),
            must=job in this.must,
            children=len(job.members),
            due=job.last <= this.ends,
            begins=date.min if this.plain else job.begins,
            waiting=ranks[job.since] if this.plain else parts - place * parts // len(this.jobs),
            surplus=job.surplus,
            held=this.held.get(job),
        )
        found.setdefault(sort, []).append(job)
    return found


def _places(this: Round, sorts: Sequence[_Sort], options: Sequence[Mapping[CellKey, int]]) -> list[_Place]:
    comers: dict[CellKey, list[tuple[int, int]]] = {}
    for number, sort in enumerate(sorts):
        if sort.surplus:
            continue
        for key, rank in options[sort.kind].items():
            if key[0] <= sort.until:
                comers.setdefault(key, []).append((number, 0 if this.plain else rank))
    found: dict[object, _Place] = {}
    for key, slots in this.cells.items():
        if slots and key in comers:
            column = tuple(comers[key])
            day, duty = (date.min, "") if this.plain else (key[0], key[4])
            known = found.setdefault((day, duty, column), _Place(day, duty, column, []))
            known.slots.extend(slots)
    for number, sort in enumerate(sorts):
        if sort.held is not None:
            slot = sort.held
            column = tuple(comers.get(cell_key(slot), ()))
            if sort.surplus:
                column = (*column, (number, 0))
            found[sort] = _Place(slot.day, slot.duty_uuid, column, [slot], held=True)
    for place in found.values():
        place.slots.sort(key=lambda slot: (slot.starts, slot.line_id))
    return list(found.values())


def _costs(this: Round, sorts: Mapping[_Sort, Sequence[Job]], places: Sequence[_Place]) -> _Costs:
    count = sum(len(jobs) for jobs in sorts.values())
    children = sum(len(job.members) for job in this.jobs)
    days = [place.day for place in places] or [date.min]
    begins = [sort.begins for sort in sorts]
    # A second try of a month's second call may lie before the day from which it was wanted.
    span = 0 if this.plain else max(abs((max(days) - min(begins)).days), abs((max(begins) - min(days)).days))
    ranks = max((rank for place in places for _, rank in place.comers), default=0)
    most = max(this.loads.values(), default=0) + count
    parts = max((sort.waiting for sort in sorts), default=0)
    load = count * span * parts + 1
    rank = load * (2 * most * count + 1)
    move = rank * (ranks * count + 1)
    wait = move * (count + 1)
    late = wait * (parts * count + 1)
    child = late * (children + 1)
    return _Costs(load, rank, move, wait, late, child, child * (children + 1))


def _network(this: Round, sorts: Mapping[_Sort, Sequence[Job]], places: Sequence[_Place]) -> Any:
    from networkx import MultiDiGraph

    costs = _costs(this, sorts, places)
    graph = MultiDiGraph()
    count = sum(len(jobs) for jobs in sorts.values())
    graph.add_node(_SINK, demand=count)
    kinds = list(sorts)
    for number, (sort, jobs) in enumerate(sorts.items()):
        graph.add_node(("job", number), demand=-len(jobs))
        graph.add_edge(("job", number), _SINK, weight=_unserved(sort, costs), capacity=len(jobs))
    room: dict[str, int] = {}
    for at, place in enumerate(places):
        room[place.duty] = room.get(place.duty, 0) + len(place.slots)
        graph.add_edge(("place", at), ("duty", place.duty), weight=0, capacity=len(place.slots))
        for number, rank in place.comers:
            sort = kinds[number]
            days = 0 if this.plain else abs((place.day - sort.begins).days)
            cost = rank * costs.rank + days * sort.waiting
            if sort.held is not None and not (place.held and sort.held == place.slots[0]):
                cost += costs.move
            graph.add_edge(("job", number), ("place", at), weight=cost, capacity=len(sorts[sort]))
    for duty, number in room.items():
        if this.plain:
            graph.add_edge(("duty", duty), _SINK, weight=0, capacity=number)
            continue
        already = this.loads.get(duty, 0)
        for nth in range(1, min(number, count) + 1):
            weight = costs.load * (2 * (already + nth) - 1)
            graph.add_edge(("duty", duty), _SINK, weight=weight, capacity=1)
    return graph


def _unserved(sort: _Sort, costs: _Costs) -> int:
    if sort.surplus:
        return costs.move
    cost = sort.children * (costs.child if sort.due else costs.late) + sort.waiting * costs.wait
    if sort.held is not None:
        cost += costs.move
    return cost + (costs.must if sort.must else 0)


def _read(sorts: Mapping[_Sort, Sequence[Job]], places: Sequence[_Place], flow: Any) -> dict[Job, Slot]:
    """Return who gets which slot: of calls with equal options, and of those that meet in one place, the longest waiting
    is first. Nobody's wait grows beyond the longest by that.
    """
    alike: dict[object, tuple[list[Job], list[int]]] = {}
    for number, (sort, jobs) in enumerate(sorts.items()):  # they come longest waiting first
        key = (sort.kind, sort.children, sort.begins, sort.due, sort.held, sort.surplus)
        waiting, rooms = alike.setdefault(key, ([], []))
        waiting.extend(jobs)
        rooms.extend(_rooms_of(flow[("job", number)]))
    arrived: dict[int, list[Job]] = {}
    for waiting, rooms in alike.values():
        rooms.sort(key=lambda at: (places[at].day, at))
        for at, job in zip(rooms, waiting, strict=False):
            arrived.setdefault(at, []).append(job)
    found: dict[Job, Slot] = {}
    for at, waiting in arrived.items():
        waiting.sort(key=_longest_first)
        found.update(zip(waiting, places[at].slots, strict=False))
    return found


def _longest_first(job: Job) -> tuple[date, tuple[int, ...], date]:
    return (job.since, job.members, job.first)


def _rooms_of(out: Mapping[Any, Mapping[int, int]]) -> Iterator[int]:
    """Yield the places of one sort of calls, each as often as calls go there."""
    for node, lanes in out.items():
        if node[0] == "place":
            yield from [node[1]] * sum(lanes.values())
