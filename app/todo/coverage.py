"""Which of the four guidances (四导) each child got this term, and what was done in a week (domain.md §6)."""

import json
from collections.abc import Mapping
from datetime import date
from functools import partial

from msgspec import Struct

from app.calls.cadence import CALL
from app.calls.counting import number_through
from app.pairing.codes import Guidance
from app.school.calendar import Term
from app.storage.columns import columns
from app.storage.store import Store
from app.todo.kept import kept
from app.todo.present import present_roll
from app.todo.roll import Child

# Column names below are our own; what a user typed only ever goes in as a parameter.
# ruff: noqa: S608

_NO_CLASS = 10_000  # children without a class stand last


class GuidanceCoverage(Struct, frozen=True):
    """Of ``children`` on the ledger, who got which guidance at least once; ``without`` names who did not."""

    children: int
    without: Mapping[Guidance, tuple[str, ...]]
    neither_mind_nor_conduct: tuple[str, ...]

    def covered(self, guidance: Guidance) -> int:
        """Return how many children got it."""
        return self.children - len(self.without[guidance])


def guidance_coverage(store: Store, term: Term, on: date) -> GuidanceCoverage:
    """Return the coverage of the children on the ledger of ``on`` from the first day of the term to that day.

    A confidential counselling note counts for 心理疏导: that there is one is all that is looked at.
    """
    day = min(on, term.ends_on)
    found: GuidanceCoverage = kept(
        store, ("coverage", term.starts_on, day), partial(_coverage, store, term.starts_on, day)
    )
    return found


def _coverage(store: Store, first: date, day: date) -> GuidanceCoverage:
    marks = kept(
        store,
        ("guidances", first, day),
        partial(_marks, store, first, day, None),
        partial(_marks_renewed, store, first, day),
    )
    without: dict[Guidance, list[str]] = {guidance: [] for guidance in Guidance}
    neither: list[str] = []
    children = sorted(present_roll(store, day).children.values(), key=_by_class)
    for child in children:
        got = marks.get(child.id, _NOTHING)
        if got == _ALL:
            continue
        of_child = dict(zip(Guidance, got, strict=True))
        for guidance, mark in of_child.items():
            if not mark:
                without[guidance].append(child.uuid)
        if not of_child[Guidance.MIND] and not of_child[Guidance.CONDUCT]:
            neither.append(child.uuid)
    return GuidanceCoverage(
        len(children), {guidance: tuple(uuids) for guidance, uuids in without.items()}, tuple(neither)
    )


_Marks = dict[int, tuple[int, ...]]
_ALL = tuple(1 for _ in Guidance)
_NOTHING = tuple(0 for _ in Guidance)


def _marks(store: Store, first: date, last: date, only: frozenset[int] | None) -> _Marks:
    """Return, by the children's keys, which guidances each got: 0 or 1 in the order of ``Guidance``."""
    params = [first.isoformat(), last.isoformat()]
    among = "TRUE"
    if only is not None:
        params.append(json.dumps(sorted(only)))
        among = "{} IN (SELECT value FROM json_each(?3))"
    # Child by child along the index up to the first record that has it: most have one in the first weeks of the term.
    had = (
        "EXISTS (SELECT 1 FROM care_record k WHERE k.child_id = c.id AND k.deleted_at IS NULL"
        f" AND k.happened_on BETWEEN ?1 AND ?2 AND k.{guidance.value} = 1)"
        for guidance in Guidance
    )
    keys, *marked = columns(store, ("c.id", *had), f"child c WHERE {among.format('c.id')}", params)
    found = dict(zip(keys, zip(*marked, strict=True), strict=True))
    place = list(Guidance).index(Guidance.MIND)
    for (child_id,) in store.rows(
        "SELECT DISTINCT child_id FROM counselling WHERE deleted_at IS NULL AND happened_on BETWEEN ?1 AND ?2"
        f" AND {among.format('child_id')}",
        params,
    ):
        marks = found.get(child_id, _NOTHING)
        found[child_id] = (*marks[:place], 1, *marks[place + 1 :])
    return found


def _marks_renewed(store: Store, first: date, last: date, known: _Marks, touched: frozenset[int]) -> _Marks:
    staying = {key: marks for key, marks in known.items() if key not in touched}
    return {**staying, **_marks(store, first, last, touched)}


def done_between(store: Store, first: date, last: date) -> dict[str, int]:
    """Return how many records of each activity happened in [first, last], most first; calls are those that got through."""
    found = store.rows(
        "SELECT kind, count(*) FROM care_record WHERE deleted_at IS NULL AND happened_on BETWEEN ? AND ? GROUP BY kind",
        (first.isoformat(), last.isoformat()),
    )
    calls = number_through(store, first, last)
    if calls:
        found.append((CALL, calls))
    return dict(sorted(found, key=lambda one: (-one[1], one[0])))


def _by_class(child: Child) -> tuple[int, str, str]:
    return (child.school_class.sort if child.school_class else _NO_CLASS, child.name, child.uuid)
