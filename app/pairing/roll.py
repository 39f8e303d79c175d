"""The children on the ledger of a day, as pairing needs them: name, sex, class, brothers and sisters; nothing more."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from msgspec import Struct

from app.children.codes import FATHERS, MOTHERS, Sex
from app.core.dates import in_force
from app.school.queries import all_classes
from app.school.rules import ClassFacts, ClassState
from app.storage.store import Store

_PARENTS = tuple(relation.value for relation in (*FATHERS, *MOTHERS))
_NO_CLASS = 10_000
_SEX_OF: Mapping[str | None, Sex] = {sex.value: sex for sex in Sex}


class OnRoll(Struct, frozen=True):
    """A child of the file. ``on_ledger`` as the counts of the ledger see it (decisions.md §1.1)."""

    id: int
    uuid: str
    name: str
    sex: Sex | None
    pinyin: str
    class_id: int | None
    class_name: str
    class_sort: int
    on_ledger: bool
    registered_since: str | None

    @property
    def at_school(self) -> bool:
        """Tell whether the child is a pupil here, as far as the file knows."""
        return self.class_id is not None or self.on_ledger

    @property
    def order(self) -> tuple[int, str, str]:
        """Return the place in the ledger's order."""
        return self.class_sort, self.pinyin or self.name, self.uuid


def read_roll(store: Store, on: date) -> Mapping[int, OnRoll]:
    """Return every live child by its key in the file."""
    children = store.rows(
        "SELECT id, uuid, name, sex, pinyin FROM child WHERE deleted_at IS NULL ORDER BY id"
    )
    since: dict[int, str | None] = {}
    for child, start in _in_force(store, on, "registration", "valid_from", "kind = 'left_behind'"):
        since.setdefault(child, start)
    class_of = dict(_in_force(store, on, "enrolment", "school_class_id", "1"))
    classes = {cls.id: cls for cls in all_classes(store, on)}
    return {
        id: _on_roll(id, row, classes.get(class_of.get(id, 0)), id in since, since.get(id))
        for id, *row in children
    }


def _in_force(store: Store, on: date, table: str, column: str, where: str) -> Iterator[tuple[int, Any]]:
    """Yield child and ``column`` of the periods that hold on the day, or may: as ``DayReader`` sees it, only sooner."""
    rows = store.rows(
        f"SELECT child_id, {column}, valid_from, valid_to FROM {table}"  # noqa: S608  # our own names
        f" WHERE deleted_at IS NULL AND {where} AND (valid_from IS NULL OR valid_from <= ?1)"
        " AND (valid_to IS NULL OR valid_to > ?1 OR length(valid_to) < 10) ORDER BY coalesce(valid_from, ''), id",
        (on.isoformat(),),
    )
    for child, value, start, end in rows:
        plain = end is None and (start is None or len(start) == len("2026-09-01"))
        if plain or _holds(start, end, on):
            yield child, value


@lru_cache(maxsize=4096)
def _holds(start: str | None, end: str | None, on: date) -> bool:
    return in_force(start, end, on) is not False  # whole classes began on one day


def sibling_sets(store: Store) -> Mapping[int, frozenset[int]]:
    """Return per child the others with whom it shares a parent; children without any are left out."""
    families: dict[int, set[int]] = {}
    marks = ", ".join("?" * len(_PARENTS))
    for child, person in store.rows(
        "SELECT k.child_id, k.person_id FROM kinship k"  # noqa: S608  # our own codes
        " JOIN child c ON c.id = k.child_id AND c.deleted_at IS NULL"
        f" WHERE k.deleted_at IS NULL AND k.relation IN ({marks})",
        _PARENTS,
    ):
        families.setdefault(person, set()).add(child)
    found: dict[int, set[int]] = {}
    for family in families.values():
        if len(family) > 1:
            for child in family:
                found.setdefault(child, set()).update(family - {child})
    return {child: frozenset(others) for child, others in found.items()}


def siblings_of_all(store: Store) -> Mapping[str, frozenset[str]]:
    """Return ``sibling_sets`` by uuid."""
    found = sibling_sets(store)
    uuids = dict(store.rows("SELECT id, uuid FROM child")) if found else {}
    return {uuids[child]: frozenset(map(uuids.__getitem__, others)) for child, others in found.items()}


def _on_roll(
    id: int, row: list[str | None], cls: ClassFacts | None, registered: bool, since: str | None
) -> OnRoll:
    uuid, name, sex, pinyin = row
    waits = cls is not None and cls.state is ClassState.AWAITING
    return OnRoll(
        id,
        str(uuid),
        str(name),
        _SEX_OF.get(sex),
        pinyin or "",
        None if cls is None else cls.id,
        "" if cls is None else cls.name,
        _NO_CLASS if cls is None else cls.sort,
        registered and not waits,
        since,
    )
