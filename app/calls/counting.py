"""Counting the calls of the log: the one place that says which attempts count, and for whom.

What the page 通话情况 shows, what the statistics say, what settles a duty and who was called last all come from here.
An attempt counts while it is on file; it got through, or it did not; brothers and sisters of one call are a call each.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct, field

from app.calls.cadence import CALL, counted_sql
from app.calls.codes import FAILED, Outcome
from app.storage.store import Store

# Table and column names below are our own.
# ruff: noqa: S608

_ON_FILE = "a.deleted_at IS NULL"
_THROUGH = counted_sql(CALL, "a")


class Tally(Struct, frozen=True):
    """The attempts of one day or of several: how many ended how, the minutes of those that got through, and for whom.

    ``through`` are the children (keys), each once.
    """

    outcomes: Mapping[Outcome, int] = field(default_factory=dict)
    minutes: int = 0
    through: frozenset[int] = frozenset()

    @property
    def attempts(self) -> int:
        """Return how often was dialled."""
        return sum(self.outcomes.values())

    @property
    def connected(self) -> int:
        """Return how many got through."""
        return self.outcomes.get(Outcome.CONNECTED, 0)


class LastCalls(Struct, frozen=True):
    """How a child stands: ``last_on`` the last call that got through, ``tries`` that failed since, the last of any kind."""

    last_on: str | None = None
    tries: int = 0
    last_try: Outcome | None = None
    tried_on: str | None = None


class Tried(Struct, frozen=True):
    """A grown-up and a failed attempt to reach them for a child; ``kin`` as the kinship says it, None = not written."""

    person_uuid: str
    who: str
    child_id: int
    outcome: Outcome
    day: str
    kin: str | None


def tallies(store: Store, first: date, last: date, children: Iterable[int]) -> dict[str, Tally]:
    """Return day → what was dialled on it for these children (keys); days without a call are left out.

    Day by day, put together by the database: a term of a big school is some ten thousand calls.
    """
    found: dict[str, dict[Outcome, tuple[int, int, str]]] = {}
    for day, code, number, minutes, through in store.rows(
        "SELECT a.happened_on, a.outcome, count(*), coalesce(sum(a.minutes), 0), json_group_array(a.child_id)"
        f" FROM affection_call a WHERE {_ON_FILE} AND a.happened_on BETWEEN ? AND ?"
        " AND a.child_id IN (SELECT value FROM json_each(?)) GROUP BY a.happened_on, a.outcome",
        (first.isoformat(), last.isoformat(), json.dumps(sorted(children))),
    ):
        found.setdefault(day, {})[Outcome(code)] = number, minutes, through
    return {day: _tally(by_outcome) for day, by_outcome in found.items()}


def together(found: Iterable[Tally]) -> Tally:
    """Return the tallies of several days as one."""
    outcomes: Counter[Outcome] = Counter()
    minutes, through = 0, set[int]()
    for one in found:
        outcomes.update(one.outcomes)
        minutes += one.minutes
        through |= one.through
    return Tally(dict(outcomes), minutes, frozenset(through))


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


def last_calls(store: Store, on: date, children: Iterable[int]) -> Mapping[int, LastCalls]:
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
    return {child: _last_of(attempts) for child, attempts in by_child.items()}


def never_reached(store: Store, on: date) -> Iterator[tuple[int, Sequence[Tried]]]:
    """Yield every grown-up (key) who was called by a day and never reached, with the failed attempts in their order."""
    rows = store.rows(
        "SELECT p.id, p.uuid, coalesce(p.name, ''), a.child_id, a.outcome, a.happened_on, (SELECT coalesce(k.label,"
        " '=' || k.relation) FROM kinship k WHERE k.child_id = a.child_id AND k.person_id = p.id"
        " AND k.deleted_at IS NULL ORDER BY k.id DESC LIMIT 1)"
        # Grown-up by grown-up along the index: most were reached, and are done with at the first look.
        f" FROM person p CROSS JOIN affection_call a ON a.person_id = p.id WHERE p.deleted_at IS NULL AND {_ON_FILE}"
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


def _tally(by_outcome: Mapping[Outcome, tuple[int, int, str]]) -> Tally:
    _, minutes, children = by_outcome.get(Outcome.CONNECTED, (0, 0, "[]"))
    outcomes = {outcome: number for outcome, (number, _, _) in by_outcome.items()}
    return Tally(outcomes, minutes, frozenset(json.loads(children)))


def _last_of(attempts: Sequence[tuple[str, Outcome]]) -> LastCalls:
    through: str | None = None
    tries = 0
    for day, outcome in attempts:
        if outcome is Outcome.CONNECTED:
            through, tries = day, 0
        elif outcome in FAILED:
            tries += 1
    tried_on, last = attempts[-1]
    return LastCalls(through, tries, last, tried_on)
