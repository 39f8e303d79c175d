"""What each supporter has done this term beside what the cadences asked: so that an empty pairing is seen."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, partial

from msgspec import Struct, field

from app.calls.cadence import ACTIVITIES as CALLS
from app.calls.cadence import CALL
from app.calls.counting import through_of_each
from app.diary.codes import Activity
from app.pairing.codes import PairingKind
from app.school.calendar import Term
from app.school.queries import school_calendar
from app.storage.store import Store
from app.todo.cadences import CadenceFacts, cadences
from app.todo.care_due import ChildRules, Starts, priority_children, unwilling_children
from app.todo.codes import Audience
from app.todo.kept import kept
from app.todo.present import present_roll
from app.todo.roll import Child, owes
from app.todo.rules import times_asked
from app.todo.spans import SchoolSpans

# The queries below are put together of our own codes only.
# ruff: noqa: S608

LOW = 0.7
"""Done under this share of what is due is shown in ochre (look.md §4)."""
_KNOWN = frozenset(activity.value for activity in Activity)
_whole_day = cache(date.fromisoformat)  # many pairs begin on one day
_KINDS = ", ".join(f"'{kind}'" for kind in sorted(_KNOWN))  # our own codes


class Tally(Struct, frozen=True):
    """How often something was done, and how often it was to be done by now."""

    done: int = 0
    due: int = 0

    @property
    def share(self) -> float | None:
        """Return done ÷ due; None while nothing is due."""
        return self.done / self.due if self.due else None

    @property
    def low(self) -> bool:
        """Tell whether much less was done than was due."""
        return self.done < LOW * self.due

    def __add__(self, other: "Tally") -> "Tally":
        """Add two tallies."""
        return Tally(self.done + other.done, self.due + other.due)


class SupporterProgress(Struct, frozen=True, kw_only=True):
    """One supporter in one term up to a day. ``last_on`` is the day of its last record ever, None = never.

    ``calls`` are the affection calls of the children it looks after: whoever was on duty then, they got through or not.
    """

    supporter_uuid: str
    children: int
    last_on: str | None
    by_activity: Mapping[str, Tally] = field(default_factory=dict)
    calls: Tally = Tally()

    @property
    def talks(self) -> Tally:
        """Return 谈心."""
        return self.by_activity.get(Activity.TALK.value, Tally())

    @property
    def visits(self) -> Tally:
        """Return 家访."""
        return self.by_activity.get(Activity.HOME_VISIT.value, Tally())

    @property
    def records(self) -> Tally:
        """Return everything together."""
        return sum(self.by_activity.values(), Tally())


def supporter_progress(store: Store, term: Term, on: date) -> dict[str, SupporterProgress]:
    """Return what every supporter with pairs on ``on``, or with a record in the term, has done by that day, by uuid.

    What is due counts the weeks, months … of the term that are over by ``on``, for each child the supporter looks
    after, from the first full school week after registration and after the pair began. A proxy parent is asked for
    home visits and contact only.
    """
    day = min(on, term.ends_on)
    found: dict[str, SupporterProgress] = kept(
        store, ("supporters", term.starts_on, day), partial(_of_supporters, store, term, day)
    )
    return found


def _of_supporters(store: Store, term: Term, day: date) -> dict[str, SupporterProgress]:
    rules = cadences(store, day)
    of_children = ChildRules.of(rules)
    roll = present_roll(store, day)
    asked = _Asked(store, day, of_children)
    # Calls are the school's: who looks after a child sees them, and owes none of them.
    own_duties = [name for name in of_children.activities if name not in CALLS]
    owed = {(kind, name) for kind in PairingKind for name in own_duties if owes(kind, name)}
    due: dict[str, dict[str, int]] = {}
    called: dict[str, Tally] = {}
    through = _calls_of_each(store, term, day)
    children: dict[str, set[int]] = {}
    for pair in roll.pairs:
        child = roll.children.get(pair.child_id)
        if child is None or child.id in children.setdefault(pair.supporter_uuid, set()):
            continue
        children[pair.supporter_uuid].add(child.id)
        own = due.setdefault(pair.supporter_uuid, {})
        asked_of_it = asked.of(child, since=pair.since)
        tally = Tally(through.get(child.id, {}).get(CALL, 0), asked_of_it.get(CALL, 0))
        called[pair.supporter_uuid] = called.get(pair.supporter_uuid, Tally()) + tally
        for activity, times in asked_of_it.items():
            if (pair.kind, activity) in owed:
                own[activity] = own.get(activity, 0) + times
    for uuid in {pair.supporter_uuid for pair in roll.pairs if pair.is_staff} & set(due):
        for activity, times in asked.of_supporter(rules).items():
            due[uuid][activity] = max(due[uuid].get(activity, 0), times)
    done, last = _done_by_supporter(store, term, day), _last_by_supporter(store, day)
    return {
        uuid: SupporterProgress(
            supporter_uuid=uuid,
            children=len(children.get(uuid, ())),
            last_on=last.get(uuid),
            by_activity=_tallies(done.get(uuid, {}), due.get(uuid, {})),
            calls=called.get(uuid, Tally()),
        )
        for uuid in {**children, **done}
    }


def child_progress(store: Store, term: Term, on: date) -> dict[str, dict[str, Tally]]:
    """Return, for every child on the ledger of ``on`` by uuid, what was done and what was due in the term by activity."""
    day = min(on, term.ends_on)
    roll = present_roll(store, day)
    asked = _Asked(store, day, ChildRules.of(cadences(store, day)))
    rows = store.rows(
        "SELECT c.uuid, k.kind, count(*) FROM child c CROSS JOIN care_record k ON k.child_id = c.id"
        f" WHERE k.kind IN ({_KINDS}) AND k.deleted_at IS NULL AND k.happened_on BETWEEN ? AND ?"
        " GROUP BY c.id, k.kind",
        (term.starts_on.isoformat(), day.isoformat()),
    )
    done: dict[str, dict[str, int]] = {}
    for uuid, kind, number in rows:
        done.setdefault(uuid, {})[kind] = number
    called = _calls_of_each(store, term, day)
    return {
        child.uuid: _tallies({**done.get(child.uuid, {}), **called.get(child.id, {})}, asked.of(child))
        for child in roll.children.values()
    }


def pair_progress(store: Store, term: Term, on: date) -> dict[tuple[str, str], dict[str, Tally]]:
    """Return what each supporter itself has done for each child it looks after on ``on``, by both uuids, by activity.

    Done counts the supporter's own records about the child in the term, whoever else wrote some; due is what that kind
    of supporter owes, from the day the pair began. What neither was asked nor done is not there.
    """
    day = min(on, term.ends_on)
    roll = present_roll(store, day)
    asked = _Asked(store, day, ChildRules.of(cadences(store, day)))
    done = _done_for_children(store, term, day)
    due: dict[tuple[str, str], dict[str, int]] = {}
    for pair in roll.pairs:
        child = roll.children.get(pair.child_id)
        if child is None:
            continue
        own = due.setdefault((pair.supporter_uuid, child.uuid), {})
        for activity, times in asked.of(child, since=pair.since).items():
            if activity not in CALLS and owes(pair.kind, activity):
                own[activity] = max(own.get(activity, 0), times)
    return {key: _tallies(done.get(key, {}), own) for key, own in due.items()}


class _Asked:
    """How often each activity was to be done by a day; spans and starts are worked out once."""

    def __init__(self, store: Store, day: date, rules: ChildRules) -> None:
        self._day = day
        self._rules = rules
        self._school = SchoolSpans(school_calendar(store), day)
        self._starts = Starts(self._school)
        self._priority = priority_children(store, day)
        self._unwilling = unwilling_children(store, day)
        self._chosen = {uuid for _, uuid in rules.single}
        self._known: dict[tuple[str, bool, bool, date], Mapping[str, int]] = {}

    def of(self, child: Child, *, since: str | None = None) -> Mapping[str, int]:
        """Return what was asked for one child, from its registration or the later ``since`` on."""
        begun = child.since
        if since is not None and len(since) == len("2026-09-01"):
            begun = max(begun, _whole_day(since))
        own = child.uuid if child.uuid in self._chosen else ""
        key = (own, child.id in self._priority, child.school_class is not None, begun)
        if key not in self._known:
            self._known[key] = dict(self._asked(*key))
        found = self._known[key]
        if child.id in self._unwilling:
            return {activity: times for activity, times in found.items() if activity not in CALLS}
        return found

    def _asked(self, own_uuid: str, priority: bool, in_class: bool, begun: date) -> Iterator[tuple[str, int]]:
        for activity in self._rules.activities:
            rule = self._rules.of_child(activity, own_uuid, priority=priority, in_class=in_class)
            if rule is not None and rule.times:
                yield activity, self._times(rule, begun)

    def of_supporter(self, rules: tuple[CadenceFacts, ...]) -> dict[str, int]:
        """Return what was asked of each supporter as such (每位教师每月家访 5 次)."""
        own = [rule for rule in rules if rule.audience is Audience.SUPPORTER and rule.activity in _KNOWN]
        return {rule.activity: self._times(rule, None) for rule in own}

    def _times(self, rule: CadenceFacts, begun: date | None) -> int:
        first = self._starts.first(rule.per, begun, rule.valid_from)
        return times_asked(self._school.of(rule.per), first, rule.times, self._day)


def _calls_of_each(store: Store, term: Term, day: date) -> dict[int, dict[str, int]]:
    """Return, by the children's keys, how often a call, and one with a picture, got through in the term by a day."""
    found: dict[int, dict[str, int]] = {}
    for activity in CALLS:
        for child_id, number in through_of_each(store, activity, term.starts_on, day).items():
            found.setdefault(child_id, {})[activity] = number
    return found


def _tallies(done: Mapping[str, int], due: Mapping[str, int]) -> dict[str, Tally]:
    return {activity: Tally(done.get(activity, 0), due.get(activity, 0)) for activity in {**due, **done}}


def _done_by_supporter(store: Store, term: Term, day: date) -> dict[str, dict[str, int]]:
    rows = store.rows(
        # Supporter by supporter along the index: the records of a term lie all over the table.
        "SELECT s.uuid, k.kind, count(*) FROM supporter s CROSS JOIN care_record k ON k.supporter_id = s.id"
        f" WHERE s.deleted_at IS NULL AND k.kind IN ({_KINDS}) AND k.deleted_at IS NULL"
        " AND k.happened_on BETWEEN ? AND ? GROUP BY s.id, k.kind",
        (term.starts_on.isoformat(), day.isoformat()),
    )
    found: dict[str, dict[str, int]] = {}
    for uuid, kind, number in rows:
        found.setdefault(uuid, {})[kind] = number
    return found


def _done_for_children(store: Store, term: Term, day: date) -> dict[tuple[str, str], dict[str, int]]:
    rows = store.rows(
        "SELECT s.uuid, c.uuid, k.kind, count(*) FROM supporter s CROSS JOIN care_record k ON k.supporter_id = s.id"
        f" JOIN child c ON c.id = k.child_id WHERE s.deleted_at IS NULL AND k.kind IN ({_KINDS})"
        " AND k.deleted_at IS NULL AND k.happened_on BETWEEN ? AND ? GROUP BY s.id, c.id, k.kind",
        (term.starts_on.isoformat(), day.isoformat()),
    )
    found: dict[tuple[str, str], dict[str, int]] = {}
    for supporter, child, kind, number in rows:
        found.setdefault((supporter, child), {})[kind] = number
    return found


def _last_by_supporter(store: Store, day: date) -> dict[str, str]:
    rows = store.rows(
        "SELECT s.uuid, a.value, (SELECT k.happened_on FROM care_record k WHERE k.supporter_id = s.id AND k.kind = a.value"
        " AND k.deleted_at IS NULL AND k.happened_on <= ?1 ORDER BY k.happened_on DESC LIMIT 1)"
        " FROM supporter s, json_each(?2) a WHERE s.deleted_at IS NULL",
        (day.isoformat(), json.dumps(sorted(_KNOWN))),
    )
    found: dict[str, str] = {}
    for uuid, _, last in rows:
        if last is not None:
            found[uuid] = max(found.get(uuid, ""), last)
    return found
