"""Who is on the ledger of a day and who answers for each child: read once for everything that is due."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any, NamedTuple

from app.core.dates import earliest
from app.diary.codes import Activity
from app.pairing.codes import PairingKind
from app.school.queries import StaffMember, all_classes, class_teachers
from app.school.rules import ClassFacts, ClassState
from app.storage.store import Store
from app.todo.kept import kept

# Table and column names below are our own; what a user typed only ever goes in as a parameter.
# ruff: noqa: S608


NO_CLASS = "不在班"
_earliest = cache(earliest)  # whole classes are registered on one day


def in_force_sql(alias: str) -> str:
    """Return the condition that a dated row of ``alias`` holds, or may hold, on day ``?1``."""
    a = alias
    return (
        f"{a}.deleted_at IS NULL AND ({a}.valid_from IS NULL OR {a}.valid_from <= ?1)"
        f" AND ({a}.valid_to IS NULL OR {a}.valid_to > ?1"
        f" OR (length({a}.valid_to) < 10 AND substr(?1, 1, length({a}.valid_to)) = {a}.valid_to))"
    )


class Child(NamedTuple):
    """A child on the ledger. ``since`` is the first day it may have been registered; where nobody knows it, the day it
    was entered: nothing falls due before the school could know of it here.

    ``supporter`` answers for it: who looks after it as ``kind``, "" = nobody, then its ``class_teacher`` does.
    """

    id: int
    uuid: str
    name: str
    birth_date: str | None
    since: date
    school_class: ClassFacts | None
    supporter_uuid: str
    supporter: str
    kind: PairingKind | None
    class_teacher: str
    own: tuple[Any, ...]

    @property
    def class_words(self) -> str:
        """Return 三（2）班, 不在班 without one."""
        return self.school_class.name if self.school_class else NO_CLASS

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
            "class_uuid": self.school_class.uuid if self.school_class else "",
            "supporter_uuid": uuid,
            "supporter": name,
        }


class Pair(NamedTuple):
    """A supporter who looks after a child on the day. ``left_on`` is set when the supporter has left by then."""

    child_id: int
    kind: PairingKind
    supporter_id: int
    supporter_uuid: str
    supporter: str
    left_on: str | None
    since: str | None
    is_staff: bool


@dataclass(frozen=True, slots=True)
class Roll:
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


def owes(kind: PairingKind, activity: str) -> bool:
    """Tell whether an activity is asked of those who look after a child in this way."""
    return kind not in _OWN or activity in _OWN[kind]


_KINDS = {kind.value: kind for kind in PairingKind}
# Who answers first for a child that several look after.
_FIRST = (PairingKind.MENTOR, PairingKind.SUPPORT_TEACHER, PairingKind.PROXY_PARENT)


def read_roll(store: Store, day: date, *, columns: str = "", only: frozenset[int] | None = None) -> Roll:
    """Return everybody on the ledger of ``day``: open left_behind registrations without the cohorts that only wait
    for 确认毕业. ``columns`` are more SQL columns of ``c`` (child), handed through in ``Child.own``; ``only`` the
    children with these keys, and their pairs.
    """
    iso = day.isoformat()
    params = (iso,) if only is None else (iso, json.dumps(sorted(only)))
    known, teachers = kept(store, ("classes", day), partial(_classes, store, day), lambda last, _: last)
    pairs = _pairs(store, params)
    first = _first_of_each(pairs)
    rows = store.rows(
        "SELECT c.id, c.uuid, c.name, c.birth_date, coalesce(r.valid_from, substr(r.entered_at, 1, 10)), e.school_class_id"
        f"{', ' + columns if columns else ''} FROM registration r JOIN child c ON c.id = r.child_id"
        f" LEFT JOIN enrolment e ON e.child_id = c.id AND {in_force_sql('e')}"
        f" WHERE r.kind = 'left_behind' AND c.deleted_at IS NULL AND {in_force_sql('r')}"
        + _among(only, "r.child_id"),
        params,
    )
    children: dict[int, Child] = {}
    for id, uuid, name, birth, since, class_id, *own in rows:
        cls = known.get(class_id)
        if cls is not None and cls.state is ClassState.AWAITING:
            continue
        pair, teacher = first.get(id), teachers.get(class_id)
        children[id] = Child(  # by place: thousands at a time
            id,
            uuid,
            name,
            birth,
            _earliest(since),
            cls,
            pair.supporter_uuid if pair else "",
            pair.supporter if pair else "",
            pair.kind if pair else None,
            teacher.name if teacher else "",
            tuple(own),
        )
    return Roll(day, children, pairs, only)


def _classes(store: Store, day: date) -> tuple[dict[int, ClassFacts], Mapping[int, StaffMember]]:
    """Return the classes and their head teachers by the classes' keys; no child's rows change them."""
    return {cls.id: cls for cls in all_classes(store, day)}, class_teachers(store, day)


def _among(only: Iterable[int] | None, column: str) -> str:
    return "" if only is None else f" AND {column} IN (SELECT value FROM json_each(?2))"


def _first_of_each(pairs: Iterable[Pair]) -> dict[int, Pair]:
    """Return who answers for each child: by the kind, the last written of equals; one who has left only as the last."""
    found: dict[int, Pair] = {}
    for pair in pairs:
        known = found.get(pair.child_id)
        if known is None or _rank(pair) <= _rank(known):
            found[pair.child_id] = pair
    return found


def _rank(pair: Pair) -> int:
    return _FIRST.index(pair.kind) + (len(_FIRST) if pair.left_on else 0)


def _pairs(store: Store, params: tuple[str, ...]) -> tuple[Pair, ...]:
    iso = params[0]
    rows = store.rows(
        "SELECT p.child_id, p.kind, s.id, s.uuid, coalesce(s.name, t.name), coalesce(s.left_on, t.left_on), p.valid_from,"
        " s.staff_id IS NOT NULL"
        " FROM pairing p JOIN supporter s ON s.id = p.supporter_id LEFT JOIN staff t ON t.id = s.staff_id"
        f" WHERE s.deleted_at IS NULL AND {in_force_sql('p')}"
        + _among(None if len(params) == 1 else (), "p.child_id")
        + " ORDER BY p.id",
        params,
    )
    return tuple(
        Pair(
            child_id,
            _KINDS[kind],
            key,
            uuid,
            name,
            left if left is not None and left <= iso else None,
            since,
            is_staff == 1,
        )
        for child_id, kind, key, uuid, name, left, since, is_staff in rows
    )
