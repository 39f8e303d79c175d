"""Children with one telephone number between them: a question whether they are brothers and sisters, never an answer."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

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
_CHILDREN = "SELECT id, uuid, name, phone, birth_date FROM child WHERE deleted_at IS NULL"


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


def shared_phones(store: Store) -> list[SharedPhone]:
    """Return the numbers of which it is to be asked whether the children are one family.

    Left out is what is known already: that they share a parent, or that somebody said 不是一家 of all who have the
    number now. Once another child has it, it is asked again.
    """
    children = {row[0]: row[1:] for row in store.rows(_CHILDREN)}
    holders = {
        number: known
        for number, known in _holders(store, children).items()
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
            eldest_first = sorted(known, key=lambda child: (children[child][3] or "", children[child][1]))
            sharers = tuple(
                Sharer(children[child][0], children[child][1], known[child]) for child in eldest_first
            )
            found.setdefault(frozenset(known), SharedPhone(number, sharers))
    return list(found.values())


def _holders(store: Store, children: Mapping[int, Sequence[Any]]) -> dict[str, dict[int, str]]:
    """Return, per number, the children who are reached on it and what its owner is to each."""
    # Row by row here: joined by SQLite it takes ten times as long.
    around: dict[int, list[tuple[int, str, str | None]]] = {}
    for person, child, relation, label in store.rows(_AROUND):
        if child in children:
            around.setdefault(person, []).append((child, relation, label))
    found: dict[str, dict[int, str]] = {}
    for person, number in store.rows(_NUMBERS):
        if len(number) >= _LEAST_DIGITS:
            for child, relation, label in around.get(person, ()):
                found.setdefault(number, {}).setdefault(child, label or Relation(relation).label)
    for child, (_, _, own, _) in children.items():
        for number in own.split("、") if own else ():
            if len(number) >= _LEAST_DIGITS:
                found.setdefault(number, {}).setdefault(child, "本人")
    return found


def parents_of(store: Store, children: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Return the keys of the parents of some children (their keys), the dead and the former ones too."""
    found: dict[int, set[int]] = {}
    for child, person in store.rows(
        "SELECT child_id, person_id FROM kinship WHERE deleted_at IS NULL"  # noqa: S608  # our own codes
        f" AND relation IN ({_PARENTS}) AND child_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(children)),),
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
