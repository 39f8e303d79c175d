"""Who may take whom under the school's rule, and which of them is wished for. Pure."""

from collections.abc import Mapping, Sequence
from enum import Enum, auto

from msgspec import Struct
from msgspec.structs import replace

from app.pairing.codes import ClassTeacherRule, Wish
from app.pairing.facts import PairingRule
from app.pairing.rules import Helper, Situation, Waiting

# One wish counts as much as another; staying with whom a child has counts more than all of them together.
_WISH = 1
MOST_WISHES = 4


class Hard(Enum):
    """A hard rule, one by one: what can be left out to see what stands in the way."""

    MOST = auto()
    OWN_LIMIT = auto()
    CLASS_TEACHER = auto()
    SIBLINGS = auto()
    WOMAN = auto()


class Option(Struct, frozen=True):
    """What is open to one child: ``hubs`` are sets of helpers that are all worth the same, ``special`` single ones.

    Every special is (helper, worth, whether the child is theirs already, so that it takes no room of their own limit).
    """

    hubs: tuple[tuple[frozenset[int], int], ...]
    special: tuple[tuple[int, int, bool], ...]

    @property
    def helpers(self) -> frozenset[int]:
        """Return everybody who may take the child."""
        return frozenset(helper for helper, _, _ in self.special).union(*(hub for hub, _ in self.hubs))


class Block(Struct, frozen=True):
    """Children who go to one helper or to none: brothers and sisters, or a child alone."""

    members: tuple[int, ...]
    eligible: frozenset[int]


class Board(Struct, frozen=True):
    """A situation in numbers: helpers and children by their place in the two lists.

    ``fair`` False asks only how many children can be placed, whoever gets them.
    """

    situation: Situation
    free: tuple[int, ...]
    room: tuple[int | None, ...]
    options: tuple[Option, ...]
    families: tuple[Block, ...]
    siblings: Wish
    fair: bool = True

    @property
    def loads(self) -> tuple[int, ...]:
        """Return what every helper keeps anyway."""
        return tuple(helper.load for helper in self.situation.helpers)

    def worth(self, child: int, helper: int) -> int:
        """Return how much is wished for in giving the child to the helper."""
        return worth(
            self.situation.rule, self.situation.waiting[child], self.situation.helpers[helper], self.stay
        )

    @property
    def stay(self) -> int:
        """Return what it is worth that a child stays with whom it has."""
        return len(self.situation.waiting) * MOST_WISHES + 1


def worth(rule: PairingRule, child: Waiting, helper: Helper, stay: int) -> int:
    """Return the wishes that giving ``child`` to ``helper`` fulfils, one each, and ``stay`` when it has them now."""
    found = stay if child.now == helper.key else 0
    if rule.class_teacher is ClassTeacherRule.WISH and child.class_id in helper.leads:
        found += _WISH
    if rule.woman_for_girls is Wish.WISH and child.girl and helper.woman:
        found += _WISH
    if rule.siblings is Wish.WISH and helper.key in child.kin:
        found += _WISH
    return found


def board_of(situation: Situation, *, without: Hard | None = None, fair: bool = True) -> Board:
    """Return the situation in numbers; ``without`` leaves one hard rule out."""
    rule = _relaxed(situation.rule, without)
    situation = replace(situation, rule=rule)
    lifted = len(situation.waiting)
    helpers = situation.helpers
    free = tuple(
        lifted
        if (without is Hard.MOST and helper.own_limit is None)
        or (without is Hard.OWN_LIMIT and helper.own_limit is not None)
        else max(0, helper.most - helper.load)
        for helper in helpers
    )
    room = tuple(None if without is Hard.OWN_LIMIT else helper.room for helper in helpers)
    free = tuple(min(number, len(situation.waiting)) for number in free)
    places = {helper.key: place for place, helper in enumerate(helpers)}
    able = frozenset(place for place, number in enumerate(free) if number > 0)
    women = frozenset(place for place in able if helpers[place].woman)
    leaders: dict[int, frozenset[int]] = {}
    for place in able:
        for class_id in helpers[place].leads:
            leaders[class_id] = leaders.get(class_id, frozenset()) | {place}
    allowed = [_allowed(child, rule, able, women, leaders, places) for child in situation.waiting]
    families = _families(situation.waiting, allowed, free) if rule.siblings is not Wish.NO else ()
    if rule.siblings is Wish.MUST:
        for block in families:
            for member in block.members:
                allowed[member] = block.eligible
    board = Board(situation, free, room, (), families, rule.siblings, fair)
    options = tuple(
        _option(board, child, allowed[number], women, leaders, places)
        for number, child in enumerate(situation.waiting)
    )
    return replace(board, options=options)


def _relaxed(rule: PairingRule, without: Hard | None) -> PairingRule:
    if without is Hard.CLASS_TEACHER:
        return replace(rule, class_teacher=ClassTeacherRule.NO)
    if without is Hard.SIBLINGS:
        return replace(rule, siblings=Wish.NO)
    if without is Hard.WOMAN:
        return replace(rule, woman_for_girls=Wish.NO)
    return rule


def _allowed(
    child: Waiting,
    rule: PairingRule,
    able: frozenset[int],
    women: frozenset[int],
    leaders: Mapping[int, frozenset[int]],
    places: Mapping[str, int],
) -> frozenset[int]:
    found = able
    own_leaders = leaders.get(child.class_id, frozenset()) if child.class_id is not None else frozenset()
    if rule.class_teacher is ClassTeacherRule.MUST:
        found = own_leaders
    elif rule.class_teacher is ClassTeacherRule.NEVER and own_leaders:
        found = able - own_leaders
    if rule.woman_for_girls is Wish.MUST and child.girl:
        found &= women
    if rule.siblings is Wish.MUST and child.kin:
        found &= frozenset(places[key] for key in child.kin if key in places)
    return found


def _families(
    waiting: Sequence[Waiting], allowed: Sequence[frozenset[int]], free: Sequence[int]
) -> tuple[Block, ...]:
    """Return the brothers and sisters among the waiting, two or more each, with who may take them all."""
    number = {child.uuid: place for place, child in enumerate(waiting)}
    seen: set[int] = set()
    found: list[Block] = []
    for start, child in enumerate(waiting):
        if start in seen or not child.family:
            continue
        members: list[int] = []
        ahead = [start]
        while ahead:
            place = ahead.pop()
            if place not in seen:
                seen.add(place)
                members.append(place)
                ahead += [number[uuid] for uuid in waiting[place].family if uuid in number]
        if len(members) > 1:
            members.sort()
            together = frozenset.intersection(*(allowed[place] for place in members))
            fitting = frozenset(place for place in together if free[place] >= len(members))
            found.append(Block(tuple(members), fitting))
    return tuple(found)


def _option(
    board: Board,
    child: Waiting,
    allowed: frozenset[int],
    women: frozenset[int],
    leaders: Mapping[int, frozenset[int]],
    places: Mapping[str, int],
) -> Option:
    """Return the ways open to a child: a set of equals is one hub, whoever is wished for stands alone."""
    rule, helpers = board.situation.rule, board.situation.helpers
    hubs = {allowed: 0} if allowed else {}
    if rule.woman_for_girls is Wish.WISH and child.girl and allowed & women:
        hubs[allowed & women] = _WISH
    alone = set(leaders.get(child.class_id, ())) if child.class_id is not None else set()
    alone |= {places[key] for key in (*child.kin, child.now) if key in places}
    alone |= {
        place
        for place, helper in enumerate(helpers)
        if board.room[place] is not None and child.uuid in helper.theirs
    }
    special = tuple(
        (place, worth(rule, child, helpers[place], board.stay), child.uuid in helpers[place].theirs)
        for place in sorted(alone & allowed)
    )
    return Option(tuple(hubs.items()), special)
