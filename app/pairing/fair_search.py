"""The fairest assignment when brothers and sisters go together: branch and bound over the flow of single children.

A flow in which a family is torn apart is no assignment, but no assignment is better than it: its value is the bound.
Where it tears one, the family is given to each helper who differs from the others, once to nobody, and, where the
school only wishes them together, let go apart; the best bound is looked at first.
"""

from collections.abc import Callable, Iterator, Sequence
from heapq import heappop, heappush
from itertools import count
from typing import TypeAlias

from msgspec import Struct, field

from app.core.progress import Progress
from app.pairing.codes import Wish
from app.pairing.fair_flow import Assignment, Room, edges_of, fairest, room_before
from app.pairing.options import Block, Board

Value: TypeAlias = tuple[int, int, tuple[int, ...], int, int]
"""What is made as small as can be, in this order: children without anybody, places missing to the least number, the
loads from the highest down, families torn apart, and (below zero) wishes fulfilled."""

_APART = -1
_NOBODY = -2
# How much work a proof may cost, in edges looked at; a school's own size is proved long before.
_EFFORT = 60_000
_LEAST_FLOWS = 4
_MOST_FLOWS = 600


class Found(Struct, frozen=True):
    """An assignment, what it is worth, and whether nothing is fairer."""

    assignment: Assignment
    value: Value
    proved: bool


class _Node(Struct, frozen=True):
    """Families decided so far: block → helper, ``_APART`` or ``_NOBODY``; and the flow of everybody else."""

    decided: dict[int, int] = field(default_factory=dict)
    assignment: Assignment = field(default_factory=dict)
    torn: tuple[int, ...] = ()


def search(board: Board, progress: Progress) -> Found:
    """Return the best assignment of a board; ``proved`` unless the proof would have cost too much."""
    root = _solved(board, {})
    known = [root] if not root.torn else [_placed_greedily(board)]
    if root.torn and board.siblings is Wish.WISH:
        known.append(_let_apart(root))
    best_value, best = min(((_value(board, node), node) for node in known), key=lambda one: one[0])
    number = count()
    ahead: list[tuple[Value, int, _Node]] = [(_value(board, root), next(number), root)]
    looked = 0
    while ahead and ahead[0][0] < best_value:
        value, _, node = heappop(ahead)
        for branch in _branches(board, node) if looked < _allowed(board, best_value, value) else ():
            looked += 1
            progress(0, 0, f"正在比较分法，第 {looked} 种")
            bound = _value(board, branch)
            whole = _let_apart(branch) if board.siblings is Wish.WISH else branch
            if not whole.torn and (reached := _value(board, whole)) < best_value:
                best, best_value = whole, reached
            if branch.torn and bound < best_value:
                heappush(ahead, (bound, next(number), branch))
            if looked >= _allowed(board, best_value, value):
                break
        if looked >= _allowed(board, best_value, value):
            return Found(best.assignment, best_value, proved=best_value[:3] <= value[:3])
    return Found(best.assignment, best_value, proved=True)


def _allowed(board: Board, best: Value, bound: Value) -> int:
    """Return how many flows may be worked out: fewer, in a large school none, when only wishes are left to compare."""
    if best[:3] <= bound[:3]:
        return min(_EFFORT // 4 // max(edges_of(board), 1), _MOST_FLOWS)
    return min(max(_EFFORT // max(edges_of(board), 1), _LEAST_FLOWS), _MOST_FLOWS)


def most_placed(board_of: Callable[[bool], Board], progress: Progress) -> int:
    """Return how many children can be placed, whoever gets them. ``board_of`` makes the board, fair or not.

    A flow that tears no family that must stay together is the answer. Else the search looks for it; in a large school
    it may stop short of it.
    """
    board = board_of(False)
    root = _solved(board, {})
    if board.siblings is not Wish.MUST or not root.torn:
        return len(root.assignment)
    return len(search(board_of(True), progress).assignment)


def shortfall(board: Board, loads: Sequence[int]) -> int:
    """Return how many places are missing to the least number, over all helpers who may have so many."""
    rule = board.situation.rule
    helpers = board.situation.helpers
    return sum(
        max(0, min(rule.least, helper.most) - load) for helper, load in zip(helpers, loads, strict=True)
    )


def loads_after(board: Board, assignment: Assignment) -> list[int]:
    """Return every helper's load when the assignment is taken."""
    loads = list(board.loads)
    for helper in assignment.values():
        loads[helper] += 1
    return loads


def _value(board: Board, node: _Node) -> Value:
    loads = loads_after(board, node.assignment)
    placed = node.assignment
    wishes = sum(board.worth(child, helper) for child, helper in placed.items())
    apart = sum(helper == _APART for helper in node.decided.values())
    return (
        len(board.situation.waiting) - len(placed),
        shortfall(board, loads),
        tuple(sorted(loads, reverse=True)),
        apart,
        -wishes,
    )


def _solved(board: Board, decided: dict[int, int]) -> _Node:
    """Return the node in which some families are decided and everybody else goes where it is fairest."""
    given: Assignment = {}
    nowhere: set[int] = set()
    for place, helper in decided.items():
        members = board.families[place].members
        if helper >= 0:
            given.update(dict.fromkeys(members, helper))
        elif helper == _NOBODY:
            nowhere.update(members)
    others = [
        child for child in range(len(board.situation.waiting)) if child not in given and child not in nowhere
    ]
    assignment = given | fairest(board, others, _room_after(board, decided))
    torn = tuple(
        place
        for place, block in enumerate(board.families)
        if place not in decided and len({assignment.get(member) for member in block.members}) > 1
    )
    return _Node(decided, assignment, torn)


def _branches(board: Board, node: _Node) -> Iterator[_Node]:
    """Yield the ways to decide the largest family that a node tears apart, each worked out when it is asked for."""
    place = max(node.torn, key=lambda torn: (len(board.families[torn].members), -torn))
    block = board.families[place]
    helpers = _different(board, block, _room_after(board, node.decided))
    apart = (_APART,) if board.siblings is Wish.WISH else ()
    for helper in (*helpers, *apart, _NOBODY):
        yield _solved(board, {**node.decided, place: helper})


def _different(board: Board, block: Block, now: Room) -> list[int]:
    """Return who can take a whole family, one of each sort: helpers whom nothing tells apart are tried once."""
    named = {helper for option in board.options for helper, _, _ in option.special}
    sets = list({hub: None for option in board.options for hub, _ in option.hubs})
    sorts: dict[object, int] = {}
    for helper in sorted(block.eligible):
        if now.takes(board, block.members, helper):
            alike = tuple(helper in hub for hub in sets)
            sort = (now.loads[helper], now.free[helper], now.room[helper], alike)
            sorts.setdefault(helper if helper in named else sort, helper)
    return list(sorts.values())


def _room_after(board: Board, decided: dict[int, int]) -> Room:
    now = room_before(board)
    for place, helper in decided.items():
        if helper >= 0:
            now.give(board, board.families[place].members, helper)
    return now


def _let_apart(node: _Node) -> _Node:
    """Return a node in which the families it tears are let go apart: an assignment where that is only a wish."""
    torn = dict.fromkeys(node.torn, _APART)
    return _Node({**node.decided, **torn}, node.assignment)


def _placed_greedily(board: Board) -> _Node:
    """Return a first assignment: the largest families to whom has fewest, then everybody else by the flow."""
    decided: dict[int, int] = {}
    now = room_before(board)
    for place in sorted(range(len(board.families)), key=lambda place: -len(board.families[place].members)):
        block = board.families[place]
        fitting = [helper for helper in sorted(block.eligible) if now.takes(board, block.members, helper)]
        decided[place] = _APART if board.siblings is Wish.WISH else _NOBODY
        if fitting:
            wishes = {
                helper: sum(board.worth(child, helper) for child in block.members) for helper in fitting
            }
            decided[place] = min(fitting, key=lambda helper: (now.loads[helper], -wishes[helper], helper))
            now.give(board, block.members, decided[place])
    return _solved(board, decided)
