"""What is due, counted whole and put together as a list shows it: thousands of items gone through beside the window,
which builds the lines it shows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from operator import attrgetter

from msgspec import Struct

from app.todo.presets import activity_words
from app.todo.rules import PRESENT, Due, DueKind, State

SINGLY = 5
"""More of these kinds under one head become one line."""
TOGETHER = frozenset({DueKind.UNPAIRED, DueKind.CHECK_RENEWAL, DueKind.BIRTHDAY, DueKind.PAPER_FORM})
"""What is said in one line when it is much; of ``ALWAYS_TOGETHER`` even one."""
ALWAYS_TOGETHER = frozenset({DueKind.PAPER_FORM})

_CHIPS: Mapping[DueKind, tuple[str, str]] = {
    DueKind.PROMISE: ("promise", "兑现承诺"),
    DueKind.ABSENCE: ("absence", "控辍"),
    DueKind.UNPAIRED: ("pair", "结对"),
    DueKind.SUPPORTER_LEFT: ("pair", "结对"),
    DueKind.CHECK_RENEWAL: ("pair", "结对"),
    DueKind.SCHOOL_DUTY: ("meeting", "会议"),
    DueKind.HOMECOMING: ("day", "返乡、生日"),
    DueKind.BIRTHDAY: ("day", "返乡、生日"),
    DueKind.PAPER_FORM: ("paper", "纸单"),
}

Among = Mapping[tuple[DueKind, str], Mapping[str, Due]]
"""The first item of each child of one kind and activity, by the child's uuid, in their order: what 存上，下一名 walks."""
Counts = Mapping[tuple[str, str, str], int]
"""Key and words of a chip, who answers → how many items."""


class OfState(Struct, frozen=True):
    """The ``number`` items of one state: ``lists`` of those that stand in one line."""

    state: State
    number: int
    lists: tuple[tuple[Due, ...], ...]
    among: Among


class Board(Struct, frozen=True):
    """What is due by state, in the order of ``State``; ``counts`` are of what is to be done by the end of this week."""

    states: tuple[OfState, ...]
    counts: Counts

    @property
    def number(self) -> int:
        """Return how much is to be done by the end of this week."""
        return sum(one.number for one in self.states if one.state in PRESENT)


def board_of(items: Iterable[Due]) -> Board:
    """Return the board of these items, in their order."""
    by_state: dict[State, list[Due]] = {state: [] for state in State}
    for item in items:
        by_state[item.state].append(item)
    # Counted in one go: thousands of items.
    of_kinds = Counter(
        map(_counted_by, chain.from_iterable(found for state, found in by_state.items() if state in PRESENT))
    )
    counts: Counter[tuple[str, str, str]] = Counter()
    for (kind, activity, who), number in of_kinds.items():
        counts[(*_chip(kind, activity), who)] += number
    states = [
        OfState(state, len(found), _together(state, found), _among(found))
        for state, found in by_state.items()
    ]
    return Board(tuple(states), counts)


_counted_by = attrgetter("kind", "activity", "supporter")
_walked_by = attrgetter("kind", "activity")
_child = attrgetter("child_uuid")


def chip_of(item: Due) -> str:
    """Return the key of the chip an item stands under."""
    return _chip(item.kind, item.activity)[0]


def _chip(kind: DueKind, activity: str) -> tuple[str, str]:
    return _CHIPS.get(kind) or (activity, activity_words(activity))


def _together(state: State, items: Sequence[Due]) -> tuple[tuple[Due, ...], ...]:
    """Each item of a state by itself, but those of some kinds in one when they are many; the order is kept.

    Next week every child is due again for what it had this week: one line a rule says that.
    """
    several = TOGETHER | {DueKind.CADENCE} if state is State.NEXT_WEEK else TOGETHER
    found_by: dict[tuple[DueKind, str], list[Due]] = {}
    for item in [item for item in items if item.kind in several]:
        found_by.setdefault(_key_together(item), []).append(item)
    many = {
        key: tuple(found)
        for key, found in found_by.items()
        if len(found) > SINGLY or key[0] in ALWAYS_TOGETHER
    }
    kinds = {kind for kind, _ in many}
    if not kinds:
        return tuple(zip(items, strict=True))
    alone: tuple[Due, ...] = ()
    lists: list[tuple[Due, ...]] = []
    for item in items:
        found = many.get(_key_together(item), alone) if item.kind in kinds else alone
        if not found:
            lists.append((item,))
        elif found[0] is item:
            lists.append(found)
    return tuple(lists)


def _key_together(item: Due) -> tuple[DueKind, str]:
    """What is the same for those that may stand in one line."""
    return item.kind, item.rule if item.kind is DueKind.CADENCE else ""


def _among(items: Sequence[Due]) -> Among:
    found_by: dict[tuple[DueKind, str], list[Due]] = {}
    for key, item in zip(map(_walked_by, items), items, strict=True):
        found_by.setdefault(key, []).append(item)
    found: dict[tuple[DueKind, str], dict[str, Due]] = {}
    for key, of_kind in found_by.items():
        first = dict(zip(map(_child, of_kind), of_kind, strict=True))
        if len(first) < len(of_kind):  # the first of a child, and not its last
            first.update(zip(map(_child, reversed(of_kind)), reversed(of_kind), strict=True))
        found[key] = first
    return found
