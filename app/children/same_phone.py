"""Children with one telephone number between them: a question whether they are brothers and sisters, never an answer."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

from msgspec import Struct

from app.children.codes import FATHERS, MOTHERS, Relation
from app.storage.store import Store

CODE = "same_phone"
"""The doubt by which it is remembered, with the number as its text, that those who share it are not one family."""
NOT_ONE_FAMILY = "不是一家"
MOST = 6
"""A number that more children than this have in common is an office's or a teacher's: nothing is asked of it."""

_LEAST_DIGITS = 7
_PARENTS = ", ".join(f"'{relation.value}'" for relation in (*FATHERS, *MOTHERS))
# Whose number it is to a child: those around it, and whoever looks after it.
_AROUND = """
SELECT person_id, child_id, relation, label FROM kinship WHERE deleted_at IS NULL AND valid_to IS NULL
UNION ALL
SELECT person_id, child_id, '', '监护人' FROM care
WHERE deleted_at IS NULL AND valid_to IS NULL AND person_id IS NOT NULL
"""
_NUMBERS = "SELECT person_id, number FROM phone WHERE deleted_at IS NULL AND valid_to IS NULL"
_OWN = "SELECT id, phone FROM child WHERE phone IS NOT NULL AND deleted_at IS NULL"
_AMONG = "IN (SELECT value FROM json_each(?))"


class Sharer(Struct, frozen=True):
    """One of the children; ``whose`` is what the owner of the number is to the child, in words."""

    uuid: str
    name: str
    whose: str


class SharedPhone(Struct, frozen=True):
    """One number and the children of different names who have it in common, the eldest first."""

    number: str
    children: tuple[Sharer, ...]

    @property
    def uuid(self) -> str:
        """Return by what it is told from others in a list."""
        return self.number

    @property
    def names(self) -> str:
        """Return the names of the children."""
        return "、".join(child.name for child in self.children)


def shared_phones(store: Store, numbers: Collection[str] | None = None) -> list[SharedPhone]:
    """Return the numbers of which it is to be asked whether the children are one family; only of ``numbers`` if given.

    Left out is what is known already: that they share a parent, or that somebody said 不是一家 of all who have the
    number now. Once another child has it, it is asked again.
    """
    holders = {number: known for number, known in _holders(store, numbers).items() if len(known) > 1}
    children = _children(store, {child for known in holders.values() for child in known})
    holders = {number: _only(known, children) for number, known in holders.items()}
    holders = {
        number: known
        for number, known in holders.items()
        if 1 < len(known) <= MOST and len({children[child][1] for child in known}) > 1
    }
    if not holders:
        return []
    parents = parents_of(store, {child for known in holders.values() for child in known})
    denied = {
        (child, number)
        for child, number in store.rows(
            "SELECT child_id, raw FROM doubt WHERE code = ? AND resolution = ? AND deleted_at IS NULL",
            (CODE, NOT_ONE_FAMILY),
        )
    }
    found: dict[frozenset[int], SharedPhone] = {}
    for number, known in sorted(holders.items()):
        if not one_family(known, parents) and not all((child, number) in denied for child in known):
            eldest_first = sorted(known, key=lambda child: (children[child][2] or "", children[child][1]))
            sharers = tuple(
                Sharer(children[child][0], children[child][1], known[child]) for child in eldest_first
            )
            found.setdefault(frozenset(known), SharedPhone(number, sharers))
    return list(found.values())


def shared_phones_renewed(
    store: Store, known: Sequence[SharedPhone], touched: Collection[int]
) -> list[SharedPhone]:
    """Return what ``shared_phones`` would now: ``known`` was so before saves that were about the children ``touched``."""
    uuids = {uuid for (uuid,) in store.rows(f"SELECT uuid FROM child WHERE id {_AMONG}", (_listed(touched),))}  # noqa: S608
    numbers = {one.number for one in known if any(child.uuid in uuids for child in one.children)}
    numbers.update(_numbers_of(store, touched))
    # One number hides another that the same children have: theirs are looked at too.
    beside = {child for holders in _holders(store, numbers).values() for child in holders}
    numbers.update(_numbers_of(store, beside))
    again = shared_phones(store, numbers) if numbers else []
    return sorted([*(one for one in known if one.number not in numbers), *again], key=attrgetter("number"))


def _holders(store: Store, numbers: Collection[str] | None) -> dict[str, dict[int, str]]:
    """Return, per number, the children (their keys) who are reached on it and what its owner is to each."""
    if numbers is None:
        owned, around_whom = store.rows(_NUMBERS), store.rows(_AROUND)
    else:
        owned = store.rows(f"{_NUMBERS} AND number {_AMONG}", (_listed(numbers),))
        people = _listed({person for person, _ in owned})
        around_whom = store.rows(f"SELECT * FROM ({_AROUND}) WHERE person_id {_AMONG}", (people,))  # noqa: S608
    # Row by row here: joined by SQLite it takes ten times as long.
    around: dict[int, list[tuple[int, str, str | None]]] = {}
    for person, child, relation, label in around_whom:
        around.setdefault(person, []).append((child, relation, label))
    found: dict[str, dict[int, str]] = {}
    for person, number in owned:
        if len(number) >= _LEAST_DIGITS:
            for child, relation, label in around.get(person, ()):
                found.setdefault(number, {}).setdefault(child, label or Relation(relation).label)
    for child, own in store.rows(_OWN):
        for number in own.split("、"):
            if len(number) >= _LEAST_DIGITS and (numbers is None or number in numbers):
                found.setdefault(number, {}).setdefault(child, "本人")
    return found


def _numbers_of(store: Store, children: Collection[int]) -> Iterator[str]:
    """Yield the numbers on which some children (their keys) are reached."""
    listed = _listed(children)
    for (number,) in store.rows(
        "SELECT number FROM phone WHERE deleted_at IS NULL AND valid_to IS NULL"  # noqa: S608
        f" AND person_id IN (SELECT person_id FROM ({_AROUND}) WHERE child_id {_AMONG})",
        (listed,),
    ):
        yield number
    for (own,) in store.rows(f"SELECT phone FROM child WHERE phone IS NOT NULL AND id {_AMONG}", (listed,)):  # noqa: S608
        yield from own.split("、")


def _children(store: Store, keys: Collection[int]) -> dict[int, tuple[str, str, str | None]]:
    """Return key → uuid, name and day of birth of those that are not in the recycle bin."""
    rows = store.rows(
        f"SELECT id, uuid, name, birth_date FROM child WHERE deleted_at IS NULL AND id {_AMONG}",  # noqa: S608
        (_listed(keys),),
    )
    return {key: (uuid, name, born) for key, uuid, name, born in rows}


def _only(known: Mapping[int, str], children: Collection[int]) -> dict[int, str]:
    return {child: whose for child, whose in known.items() if child in children}


def _listed(values: Collection[object]) -> str:
    return json.dumps(list(values))


def parents_of(store: Store, children: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Return the keys of the parents of some children (their keys), the dead and the former ones too."""
    found: dict[int, set[int]] = {}
    for child, person in store.rows(
        "SELECT child_id, person_id FROM kinship WHERE deleted_at IS NULL"  # noqa: S608  # our own codes
        f" AND relation IN ({_PARENTS}) AND child_id {_AMONG}",
        (_listed(children),),
    ):
        found.setdefault(child, set()).add(person)
    return {child: frozenset(people) for child, people in found.items()}


def one_family(children: Iterable[int], parents: Mapping[int, frozenset[int]]) -> bool:
    """Tell whether the children hang together by the parents they share; half-brothers do."""
    rest = [set(parents.get(child, ())) for child in children]
    reached = rest.pop() if rest else set()
    while rest:
        near = [own for own in rest if own & reached]
        if not near:
            return False
        reached = reached.union(*near)
        rest = [own for own in rest if not own & reached]
    return True
