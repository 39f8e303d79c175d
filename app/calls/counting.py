"""Counting the calls of the log: the one place that says which attempts count, and for whom.

What the page 通话情况 shows, what the statistics say, what settles a duty and who was called last all come from here.
An attempt counts while it is on file; it got through, or it did not; brothers and sisters of one call are a call each.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.calls.cadence import CALL, counted_sql
from app.calls.codes import FAILED, Outcome
from app.storage.store import Store

# Table and column names below are our own.
# ruff: noqa: S608

_ON_FILE = "a.deleted_at IS NULL"
_THROUGH = counted_sql(CALL, "a")


@dataclass(frozen=True, slots=True)
class Made:
    """One attempt for one child (its key): the day, how it ended, how long it was (0 where nobody wrote it down)."""

    child_id: int
    day: str
    outcome: Outcome
    minutes: int

    @property
    def through(self) -> bool:
        """Tell whether it got through."""
        return self.outcome is Outcome.CONNECTED


@dataclass(frozen=True, slots=True)
class Standing:
    """How a child stands: ``last_on`` the last call that got through, ``tries`` that failed since, the last of any kind."""

    last_on: str | None = None
    tries: int = 0
    last_try: Outcome | None = None
    tried_on: str | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """A grown-up and a failed attempt to reach them for a child; ``kin`` as the kinship says it, None = not written."""

    person_uuid: str
    who: str
    child_id: int
    outcome: Outcome
    day: str
    kin: str | None


def made_between(store: Store, first: date, last: date) -> tuple[Made, ...]:
    """Return every attempt of [first, last], by nothing in particular."""
    outcomes = {one.value: one for one in Outcome}
    return tuple(
        Made(child, day, outcomes[code], minutes)
        for child, day, code, minutes in store.rows(
            "SELECT a.child_id, a.happened_on, a.outcome, coalesce(a.minutes, 0) FROM affection_call a"
            f" WHERE {_ON_FILE} AND a.happened_on BETWEEN ? AND ?",
            (first.isoformat(), last.isoformat()),
        )
    )


def number_through(store: Store, first: date, last: date) -> int:
    """Return how many calls of [first, last] got through."""
    row = store.one(
        f"SELECT count(*) FROM affection_call a WHERE {_THROUGH} AND a.happened_on BETWEEN ? AND ?",
        (first.isoformat(), last.isoformat()),
    )
    return int(row[0]) if row else 0


def through_of_each(store: Store, activity: str, first: date, last: date) -> dict[int, int]:
    """Return child → how many calls of [first, last] settle an activity (``cadence.ACTIVITIES``); none = left out."""
    return dict(
        store.rows(
            f"SELECT a.child_id, count(*) FROM affection_call a WHERE {counted_sql(activity, 'a')}"
            " AND a.happened_on BETWEEN ? AND ? GROUP BY a.child_id",
            (first.isoformat(), last.isoformat()),
        )
    )


def last_through(store: Store, on: date, children: Iterable[int] | None = None) -> dict[int, str]:
    """Return child → the day of its last call that got through by a day; who never got through is left out."""
    found = store.rows(f"{_LAST} SELECT id, day FROM last WHERE day IS NOT NULL", _asked(on, children))
    return dict(found)


def standing(store: Store, on: date, children: Iterable[int]) -> Mapping[int, Standing]:
    """Return child → how it stands on a day; who was never called is left out.

    Only the attempts since the last call that got through are read: a log of many years costs no more than a new one.
    """
    by_child: dict[int, list[tuple[str, Outcome]]] = {}
    for child, day, code in store.rows(
        f"{_LAST} SELECT l.id, a.happened_on, a.outcome FROM last l CROSS JOIN affection_call a ON a.child_id = l.id"
        f" WHERE {_ON_FILE} AND a.happened_on BETWEEN coalesce(l.day, '') AND ?1"
        " ORDER BY l.id, a.happened_on, a.started, a.id",
        _asked(on, children),
    ):
        by_child.setdefault(child, []).append((day, Outcome(code)))
    return {child: _stands(attempts) for child, attempts in by_child.items()}


def never_reached(store: Store, on: date) -> Iterator[tuple[int, Sequence[Tried]]]:
    """Yield every grown-up (key) who was called by a day and never reached, with the failed attempts in their order."""
    rows = store.rows(
        "SELECT p.id, p.uuid, coalesce(p.name, ''), a.child_id, a.outcome, a.happened_on, (SELECT coalesce(k.label,"
        " '=' || k.relation) FROM kinship k WHERE k.child_id = a.child_id AND k.person_id = p.id"
        " AND k.deleted_at IS NULL ORDER BY k.id DESC LIMIT 1)"
        f" FROM affection_call a JOIN person p ON p.id = a.person_id AND p.deleted_at IS NULL WHERE {_ON_FILE}"
        f" AND a.happened_on <= ?1 AND a.outcome IN ({_FAILED}) AND NOT EXISTS (SELECT 1 FROM affection_call b"
        f" WHERE b.person_id = p.id AND {counted_sql(CALL, 'b')} AND b.happened_on <= ?1)"
        " ORDER BY p.id, a.happened_on, a.started, a.id",
        (on.isoformat(),),
    )
    tried: dict[int, list[Tried]] = {}
    for person, uuid, name, child, code, day, kin in rows:
        tried.setdefault(person, []).append(Tried(uuid, name, child, Outcome(code), day, kin))
    yield from tried.items()


# ---- inside ---------------------------------------------------------------------------------------------------------

_FAILED = ", ".join(f"'{one.value}'" for one in sorted(FAILED))
# Child by child along the index, from the newest back: the calls of a term lie all over the table.
_LAST = (
    "WITH last AS (SELECT c.id, (SELECT a.happened_on FROM affection_call a WHERE a.child_id = c.id"
    f" AND {_THROUGH} AND a.happened_on <= ?1 ORDER BY a.happened_on DESC LIMIT 1) AS day FROM child c"
    " WHERE ?2 IS NULL OR c.id IN (SELECT value FROM json_each(?2)))"
)


def _asked(on: date, children: Iterable[int] | None) -> tuple[str, str | None]:
    return on.isoformat(), None if children is None else json.dumps(sorted(children))


def _stands(attempts: Sequence[tuple[str, Outcome]]) -> Standing:
    through: str | None = None
    tries = 0
    for day, outcome in attempts:
        if outcome is Outcome.CONNECTED:
            through, tries = day, 0
        elif outcome in FAILED:
            tries += 1
    tried_on, last = attempts[-1]
    return Standing(through, tries, last, tried_on)
