"""The fairest assignment of single children, as a network flow of least cost (networkx, pure Python).

Children of equal options are one node, sets of equal helpers another, so that thousands of children and hundreds of
helpers are some thousand edges. A helper's n-th child costs 2n - 1: the least sum of squares is, among the assignments
that place most children, the one whose loads, sorted from the highest, are lexicographically smallest (Frank and
Murota, Decreasing minimization on M-convex sets, 2018), which is what "fair" means here (decisions.md §5.3). Wishes
are worth less than any difference in loads, a child placed more than all of them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from msgspec import Struct

from app.pairing.options import MOST_WISHES, Board, Option

Assignment: TypeAlias = dict[int, int]
"""Child → helper; who is not in it is not placed."""
Node: TypeAlias = tuple[str, Any]
_SINK = ("sink", 0)
_FEW_HUBS = 12


class Room(Struct):
    """How every helper stands when some families are given already: load, places left, room for children new to them."""

    loads: list[int]
    free: list[int]
    room: list[int | None]

    def give(self, board: Board, members: Iterable[int], helper: int) -> None:
        """Note that the children go to the helper."""
        theirs = board.situation.helpers[helper].theirs
        for member in members:
            self.loads[helper] += 1
            self.free[helper] -= 1
            left = self.room[helper]
            if left is not None and board.situation.waiting[member].uuid not in theirs:
                self.room[helper] = left - 1

    def takes(self, board: Board, members: Sequence[int], helper: int) -> bool:
        """Tell whether the helper has places, and room of their own limit, for all the children."""
        if self.free[helper] < len(members):
            return False
        left = self.room[helper]
        theirs = board.situation.helpers[helper].theirs
        new = sum(board.situation.waiting[member].uuid not in theirs for member in members)
        return left is None or left >= new


def room_before(board: Board) -> Room:
    """Return how everybody stands before anything is given."""
    return Room(list(board.loads), list(board.free), list(board.room))


def fairest(board: Board, children: Iterable[int], now: Room) -> Assignment:
    """Return the fairest assignment of ``children``, each by itself, when everybody stands as ``now``.

    Where it makes no difference brothers and sisters are put together.
    """
    import networkx as nx

    groups: dict[Option, list[int]] = {}
    for child in children:
        groups.setdefault(board.options[child], []).append(child)
    if not groups:
        return {}
    graph = _network(board, groups, now)
    _, flow = nx.network_simplex(graph)
    return _read(board, groups, flow)


def edges_of(board: Board) -> int:
    """Return about how many edges the network has: what one flow costs."""
    hubs = {hub for option in set(board.options) for hub, _ in option.hubs}
    ways = sum(len(hub) for hub in hubs) if len(hubs) <= _FEW_HUBS else 12 * len(hubs)
    return ways + sum(board.free) + 2 * len(set(board.options))


def _network(board: Board, groups: Mapping[Option, list[int]], now: Room) -> Any:
    from networkx import MultiDiGraph

    graph = MultiDiGraph()
    count = sum(len(members) for members in groups.values())
    free, loads = now.free, now.loads
    # One step of any load outweighs every wish, one child placed outweighs every load.
    step = count * (board.stay + MOST_WISHES) + 1
    highest = max((loads[helper] + min(number, count) for helper, number in enumerate(free)), default=0)
    nowhere = step * (2 * highest + 1) * (count + 1)
    graph.add_node(_SINK, demand=count)
    hubs: dict[frozenset[int], None] = {}
    for place, (option, members) in enumerate(groups.items()):
        graph.add_node(("group", place), demand=-len(members))
        graph.add_edge(("group", place), _SINK, weight=nowhere, capacity=len(members))
        for hub, value in option.hubs:
            hubs[hub] = None
            graph.add_edge(("group", place), ("hub", hub), weight=-value, capacity=len(members))
        for helper, value, theirs in option.special:
            into = ("helper", helper) if theirs else _door(board, helper)
            graph.add_edge(("group", place), into, weight=-value, capacity=len(members))
    for source, target in _ways(board, tuple(hubs)):
        graph.add_edge(source, target, weight=0, capacity=count)
    for helper, number in enumerate(free):
        room = now.room[helper]
        if room is not None:
            graph.add_edge(_door(board, helper), ("helper", helper), weight=0, capacity=max(room, 0))
        if not board.fair:
            graph.add_edge(("helper", helper), _SINK, weight=0, capacity=number)
            continue
        for nth in range(1, min(number, count) + 1):
            cost = step * (2 * (loads[helper] + nth) - 1)
            graph.add_edge(("helper", helper), _SINK, weight=cost, capacity=1)
    return graph


def _door(board: Board, helper: int) -> Node:
    """Return the node by which a child that is new to the helper comes in."""
    return ("helper" if board.room[helper] is None else "new", helper)


def _ways(board: Board, hubs: Sequence[frozenset[int]]) -> Iterator[tuple[Node, Node]]:
    """Yield the edges from every hub to its helpers.

    Few hubs lead to each of theirs. Many are mostly everybody but one or two (nobody goes to their own class
    teacher): those lead to stretches of the row of helpers, women first, and every stretch to its two halves.
    """
    if len(hubs) <= _FEW_HUBS:
        for hub in hubs:
            for helper in sorted(hub):
                yield ("hub", hub), _door(board, helper)
        return
    helpers = board.situation.helpers
    row = sorted(frozenset().union(*hubs), key=lambda helper: (not helpers[helper].woman, helper))
    place_of = {helper: place for place, helper in enumerate(row)}
    for hub in hubs:
        for first, end in _stretches({place_of[helper] for helper in hub}, 0, len(row)):
            yield ("hub", hub), ("stretch", (first, end))
    ahead = [(0, len(row))]
    while ahead:
        first, end = ahead.pop()
        if end - first == 1:
            yield ("stretch", (first, end)), _door(board, row[first])
            continue
        middle = (first + end) // 2
        for half in ((first, middle), (middle, end)):
            yield ("stretch", (first, end)), ("stretch", half)
            ahead.append(half)


def _stretches(places: Collection[int], first: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the halves of halves of [first, end) that make up ``places``, as few as can be."""
    if len(places) == end - first:
        yield first, end
    elif places:
        middle = (first + end) // 2
        yield from _stretches({place for place in places if place < middle}, first, middle)
        yield from _stretches({place for place in places if place >= middle}, middle, end)


def _read(board: Board, groups: Mapping[Option, list[int]], flow: Any) -> Assignment:
    """Return the assignment that a flow stands for: the children are followed from node to node."""
    family = {member: place for place, block in enumerate(board.families) for member in block.members}
    arrived: dict[Node, list[int]] = {}
    for place, (option, members) in enumerate(groups.items()):
        out = flow[("group", place)]
        left = sorted(members)
        for helper, _, theirs in option.special:
            into = ("helper", helper) if theirs else _door(board, helper)
            for _ in range(_amount(out, into)):
                arrived.setdefault(into, []).append(left.pop(0))
        for hub, _ in option.hubs:
            for _ in range(_amount(out, ("hub", hub))):
                arrived.setdefault(("hub", hub), []).append(left.pop(0))
    found: Assignment = {}
    while arrived:
        # Hubs before stretches, long ones before their halves: whoever is to come to a node has come.
        node = min(arrived, key=_order)
        children = arrived.pop(node)
        if node[0] in {"helper", "new"}:
            found.update((child, int(node[1])) for child in children)
            continue
        places = {target: _amount(flow[node], target) for target in flow[node]}
        for child, target in _shared_out(children, places, family):
            arrived.setdefault(target, []).append(child)
    return found


def _order(node: Node) -> tuple[int, int]:
    kind, what = node
    if kind == "hub":
        return (0, 0)
    return (1, what[0] - what[1]) if kind == "stretch" else (2, 0)


def _shared_out(
    children: Sequence[int], places: dict[Node, int], family: Mapping[int, int]
) -> Iterator[tuple[int, Node]]:
    """Yield where each child of a node goes on, as the flow left room: brothers and sisters together first."""
    groups: dict[tuple[bool, int], list[int]] = {}
    for child in sorted(children):
        key = (True, family[child]) if child in family else (False, child)
        groups.setdefault(key, []).append(child)
    for members in sorted(groups.values(), key=lambda members: (-len(members), members)):
        whole = next((target for target, left in places.items() if left >= len(members)), None)
        for member in members:
            target = whole if whole is not None else next(one for one, left in places.items() if left)
            places[target] -= 1
            yield member, target


def _amount(out: Mapping[Any, Mapping[int, int]], node: object) -> int:
    """Return what flows to a node over all parallel edges."""
    return sum(out.get(node, {}).values())
