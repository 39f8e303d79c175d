"""Who is on the ledger of a day and who answers for each child: read once for everything that is due."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, partial
from typing import NamedTuple

from msgspec import Struct

from app.core.dates import earliest
from app.diary.codes import Activity
from app.pairing.codes import PairingKind
from app.school.queries import all_classes, class_teachers
from app.school.rules import ClassFacts, ClassState
from app.storage.columns import columns
from app.storage.in_force import in_force_sql
from app.storage.store import Store
from app.todo.kept import kept

# Table and column names below are our own; what a user typed only ever goes in as a parameter.
# ruff: noqa: S608


NO_CLASS = "不在班"
_earliest = cache(earliest)  # whole classes are registered on one day


class Child(NamedTuple):
    """A child on the ledger. ``since`` is the first day it may have been registered; where nobody knows it, the day it
    was entered: nothing falls due before the school could know of it here.

    ``supporter`` answers for it: who looks after it as ``kind``, "" = nobody (any more), then its ``class_teacher`` does.
    ``class_words`` are 三（2）班, 不在班 without one.
    """

    id: int
    birth_date: str | None
    since: date
    school_class: ClassFacts | None
    kind: PairingKind | None
    class_teacher: str
    # What a due item says of its child, in the order of ``rules.Due``.
    uuid: str
    name: str
    class_words: str
    class_uuid: str
    supporter_uuid: str
    supporter: str

    def answers(self, activity: str = "") -> tuple[str, str]:
        """Return uuid and name of who answers for the child.

        A proxy parent does not answer for an ``activity`` that is none of its own: the head teacher does.
        """
        if self.kind is not None and (not activity or owes(self.kind, activity)):
            return self.supporter_uuid, self.supporter
        return "", self.class_teacher

    def named(self, activity: str = "") -> dict[str, str]:
        """Return what an item says about its child, and who answers for it."""
        uuid, name = self.answers(activity)
        return {
            "child_uuid": self.uuid,
            "child_name": self.name,
            "class_words": self.class_words,
            "class_uuid": self.class_uuid,
            "supporter_uuid": uuid,
            "supporter": name,
        }


class Pair(NamedTuple):
    """A supporter who looks after a child on the day. ``left_on`` is set when the supporter has left by then."""

    child_id: int
    kind: PairingKind
    since: str | None
    supporter_id: int
    supporter_uuid: str
    supporter: str
    left_on: str | None
    is_staff: bool


class Roll(Struct, frozen=True):
    """The ledger of ``day`` by the children's keys, and all pairs of grown-ups in force; ``only`` = of these children."""

    day: date
    children: Mapping[int, Child]
    pairs: tuple[Pair, ...]
    only: frozenset[int] | None = None

    def with_anew(self, part: "Roll") -> "Roll":
        """Return this roll with the children of ``part`` as they stand there."""
        touched = part.only or frozenset()
        children = {key: child for key, child in self.children.items() if key not in touched}
        pairs = [pair for pair in self.pairs if pair.child_id not in touched]
        return Roll(self.day, {**children, **part.children}, (*pairs, *part.pairs))

    def part(self, keys: frozenset[int]) -> "Roll":
        """Return the roll of the children with these keys."""
        children = {key: self.children[key] for key in keys if key in self.children}
        return Roll(self.day, children, tuple(pair for pair in self.pairs if pair.child_id in keys), keys)


# What somebody who is no teacher of the child owes it (domain.md §5.10); mentors and teachers owe all there is.
_OWN: Mapping[PairingKind, frozenset[str]] = {
    PairingKind.PROXY_PARENT: frozenset({Activity.HOME_VISIT.value, Activity.CONTACT.value}),
    PairingKind.STUDY_BUDDY: frozenset(),
}

PART_OF_THE_DUTIES = frozenset(kind for kind, own in _OWN.items() if own)
"""Those of them beside whom the head teacher answers for the rest."""


def owes(kind: PairingKind, activity: str) -> bool:
    """Tell whether an activity is asked of those who look after a child in this way."""
    return kind not in _OWN or activity in _OWN[kind]


_KINDS = {kind.value: kind for kind in PairingKind}
# Who answers first for a child that several look after.
_FIRST = (PairingKind.MENTOR, PairingKind.SUPPORT_TEACHER, PairingKind.PROXY_PARENT)


def read_roll(store: Store, day: date, *, only: frozenset[int] | None = None) -> Roll:
    """Return everybody on the ledger of ``day``: open left_behind registrations without the cohorts that only wait
    for 确认毕业; ``only`` the children with these keys, and their pairs.
    """
    iso = day.isoformat()
    params = (iso,) if only is None else (iso, json.dumps(sorted(only)))
    known, teachers = kept(store, ("classes", day), partial(_classes, store, day), lambda last, _: last)
    pairs = _pairs(store, params)
    keys, uuids, names, born, since, class_ids = columns(
        store,
        (
            "c.id",
            "c.uuid",
            "c.name",
            "c.birth_date",
            "coalesce(r.valid_from, substr(r.entered_at, 1, 10))",
            "e.school_class_id",
        ),
        "registration r JOIN child c ON c.id = r.child_id"
        f" LEFT JOIN enrolment e ON e.child_id = c.id AND {in_force_sql('e')}"
        f" WHERE r.kind = 'left_behind' AND c.deleted_at IS NULL AND {in_force_sql('r')}"
        + _among(only, "r.child_id"),
        params,
    )
    # Column by column: thousands of children at a time.
    first_of = {
        key: (pair.kind, pair.supporter_uuid, pair.supporter) for key, pair in _first_of_each(pairs).items()
    }
    in_class: dict[int, tuple[ClassFacts | None, str, str, str]] = {
        **{key: (None, teacher, NO_CLASS, "") for key, teacher in teachers.items()},
        **{key: (cls, teachers.get(key, ""), cls.name, cls.uuid) for key, cls in known.items()},
    }
    answering = [first_of.get(key, _NOBODY) for key in keys]
    of_class = [in_class.get(key, _IN_NO_CLASS) for key in class_ids]
    if not keys:
        return Roll(day, {}, pairs, only)
    kinds, who_uuids, who = zip(*answering, strict=True)
    classes, led_by, class_words, class_uuids = zip(*of_class, strict=True)
    said = (uuids, names, class_words, class_uuids, who_uuids, who)
    every = zip(keys, born, map(_earliest, since), classes, kinds, led_by, *said, strict=True)
    children = dict(zip(keys, map(partial(_new, Child), every), strict=True))
    waiting = {key for key, cls in known.items() if cls.state is ClassState.AWAITING}
    if waiting:
        children = {
            key: child
            for key, child in children.items()
            if child.school_class is None or child.school_class.id not in waiting
        }
    return Roll(day, children, pairs, only)


_IN_NO_CLASS = (None, "", NO_CLASS, "")
_NOBODY = (None, "", "")


def _classes(store: Store, day: date) -> tuple[Mapping[int, ClassFacts], Mapping[int, str]]:
    """Return the classes and the names of their head teachers by the classes' keys; no child's rows change them."""
    teachers = {key: teacher.name for key, teacher in class_teachers(store, day).items()}
    return {cls.id: cls for cls in all_classes(store, day)}, teachers


def _among(only: Iterable[int] | None, column: str) -> str:
    return "" if only is None else f" AND {column} IN (SELECT value FROM json_each(?2))"


def _first_of_each(pairs: Iterable[Pair]) -> dict[int, Pair]:
    """Return who answers for each child: by the kind, the last written of equals; who has left for none, paired or not."""
    found: dict[int, Pair] = {}
    for pair in pairs:
        if pair.left_on:
            continue
        known = found.get(pair.child_id)
        if known is None or _rank(pair) <= _rank(known):
            found[pair.child_id] = pair
    return found


def _rank(pair: Pair) -> int:
    return _FIRST.index(pair.kind)


def _pairs(store: Store, params: tuple[str, ...]) -> tuple[Pair, ...]:
    """Return the pairs in force in the order they were written."""
    iso = params[0]
    people = {
        key: (key, uuid, name, left if left is not None and left <= iso else None, is_staff == 1)
        for key, uuid, name, left, is_staff in store.rows(
            "SELECT s.id, s.uuid, coalesce(s.name, t.name), coalesce(s.left_on, t.left_on), s.staff_id IS NOT NULL"
            " FROM supporter s LEFT JOIN staff t ON t.id = s.staff_id WHERE s.deleted_at IS NULL"
        )
    }
    among = _among(None if len(params) == 1 else (), "p.child_id")
    found = store.rows(
        "SELECT p.child_id, p.kind, p.valid_from, p.supporter_id FROM pairing p"
        f" WHERE {in_force_sql('p')}{among} ORDER BY p.id",
        params,
    )
    return tuple(
        [
            _new(Pair, (child, _KINDS[kind], begun, *who))
            for child, kind, begun, supporter in found
            if (who := people.get(supporter))
        ]
    )


_new = tuple.__new__  # what ``Pair._make`` does, without its check of the length: thousands at a time
