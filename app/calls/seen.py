"""What the log shows: who was reached this week and month, who waits longest, whose parents nobody ever got hold of.

Every figure carries the children it counts, so that it can be opened. Only a call that got through counts; the children
are those of the ledger of the day. A week is Monday to Sunday, a month the calendar's.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct, field

from app.calls.codes import FAILED, Outcome
from app.calls.counting import LastCalls, Tally, Tried, last_calls, never_reached, tallies, together
from app.calls.log_facts import relation_words
from app.calls.reach import wishes
from app.core.dates import earliest
from app.pairing.roll import OnRoll, read_roll
from app.school.calendar import monday_of
from app.school.queries import school_calendar
from app.storage.store import Store

NO_CLASS = "不在班"
NOT_NOW = "孩子现在不想打"
_SUNDAY = timedelta(days=6)
_NOT_CALLED = LastCalls()


class CallWait(Struct, frozen=True, kw_only=True):
    """One child on the ledger and how long nobody at home was talked to.

    ``last_on`` is the day of the last call that got through, None = none yet. ``days`` are those since then, or since
    the child was registered (in this term at the earliest) while there was none. ``tries`` are the failed attempts since,
    ``last_try`` how the last attempt of any kind ended, on ``tried_on``. ``why_not`` says why the child itself does not
    call now (孩子现在不想打), "" = it does.
    """

    child_uuid: str
    child_name: str
    class_name: str
    class_sort: int
    last_on: str | None
    days: int
    tries: int
    last_try: Outcome | None
    tried_on: str | None
    why_not: str = ""

    @property
    def words(self) -> str:
        """Return 上次 11-06，已隔 14 天，之后 2 次没打通（停机）; 还没有打通过 where there is no last time."""
        if self.why_not:
            return self.why_not
        parts = [f"上次 {self.last_on[5:]}，已隔 {self.days} 天" if self.last_on else "还没有打通过"]
        if self.tries and self.last_try is not None:
            parts.append(f"{'之后 ' if self.last_on else ''}{self.tries} 次没打通（{self.last_try.label}）")
        elif self.tried_on is None:
            parts.append("还没有打过")
        return "，".join(parts)


class CallSpan(Struct, frozen=True, kw_only=True):
    """A week or a month: its first and last day, the attempts by outcome, and which children were reached or not."""

    first: date
    last: date
    outcomes: Mapping[Outcome, int]
    minutes: int
    reached: tuple[str, ...]
    not_reached: tuple[str, ...]
    planned: int = 0

    @property
    def attempts(self) -> int:
        """Return how often was dialled."""
        return sum(self.outcomes.values())

    @property
    def connected(self) -> int:
        """Return how many calls got through."""
        return self.outcomes.get(Outcome.CONNECTED, 0)

    @property
    def failed(self) -> int:
        """Return how many did not, because of the family's side."""
        return sum(self.outcomes.get(outcome, 0) for outcome in FAILED)


class ClassCalls(Struct, frozen=True, kw_only=True):
    """One class: its children on the ledger, those reached this week and this month, who waits longest of those who call.

    ``left`` are those not reached this month who call at all: whoever does not wish to is not waited for.
    """

    class_name: str
    children: tuple[str, ...]
    week: tuple[str, ...]
    month: tuple[str, ...]
    left: tuple[str, ...]
    longest: CallWait


class NeverReached(Struct, frozen=True, kw_only=True):
    """A parent who was called and never got hold of: for which children, how often, how the last try ended and when."""

    person_uuid: str
    who: str
    relation: str
    children: tuple[str, ...]
    names: tuple[str, ...]
    tries: int
    last_try: Outcome
    tried_on: str


class Seen(Struct, frozen=True, kw_only=True):
    """Everything the log shows on a day. ``waits`` are the children who call, longest first; ``weeks`` the term's so far.

    ``apart`` are those on the ledger who do not wish to call now: nobody presses them, so none of them waits.
    """

    day: date
    week: CallSpan
    month: CallSpan
    waits: tuple[CallWait, ...]
    classes: tuple[ClassCalls, ...]
    never: tuple[NeverReached, ...]
    apart: tuple[CallWait, ...] = ()
    weeks: tuple[CallSpan, ...] = field(default=())

    @property
    def longest(self) -> CallWait | None:
        """Return who waits longest; None without children."""
        return self.waits[0] if self.waits else None

    @property
    def not_yet_this_month(self) -> tuple[CallWait, ...]:
        """Return who was not reached this month, longest first."""
        wanted = set(self.month.not_reached)
        return tuple(one for one in self.waits if one.child_uuid in wanted)

    @property
    def apart_this_month(self) -> tuple[CallWait, ...]:
        """Return who was not reached this month and does not wish to be."""
        wanted = set(self.month.not_reached)
        return tuple(one for one in self.apart if one.child_uuid in wanted)

    @property
    def never_through(self) -> tuple[CallWait, ...]:
        """Return the children for whom no call ever got through."""
        return tuple(one for one in self.waits if one.last_on is None)


def seen(store: Store, day: date) -> Seen:
    """Return what the log shows on a day, as known today about it."""
    roll = {key: child for key, child in read_roll(store, day).items() if child.on_ledger}
    calendar = school_calendar(store)
    mondays = [week.monday for week in calendar.weeks_of(calendar.term_in_force(day)) if week.monday <= day]
    monday, first = monday_of(day), day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    made = _Spans.read(store, roll, min(first, monday, *mondays), max(last, monday + _SUNDAY), day)
    everybody = _waits(store, day, roll)
    waits = tuple(one for one in everybody if not one.why_not)
    week, month = made.span(monday, monday + _SUNDAY), made.span(first, last)
    return Seen(
        day=day,
        week=week,
        month=month,
        waits=waits,
        classes=_classes(everybody, set(week.reached), set(month.reached)),
        apart=tuple(one for one in everybody if one.why_not),
        never=_never(store, day, roll),
        weeks=tuple(made.span(one, one + _SUNDAY) for one in mondays),
    )


# ---- inside ---------------------------------------------------------------------------------------------------------


def _waits(store: Store, day: date, roll: Mapping[int, OnRoll]) -> tuple[CallWait, ...]:
    term = school_calendar(store).term_in_force(day)
    wished = wishes(store, day)
    known = last_calls(store, day, roll)
    found = []
    for key, child in roll.items():
        how = known.get(key, _NOT_CALLED)
        begun = earliest(child.registered_since) if child.registered_since else term.starts_on
        start = date.fromisoformat(how.last_on) if how.last_on else max(begun, term.starts_on)
        found.append(
            CallWait(
                child_uuid=child.uuid,
                child_name=child.name,
                class_name=child.class_name or NO_CLASS,
                class_sort=child.class_sort,
                last_on=how.last_on,
                days=max((day - start).days, 0),
                tries=how.tries,
                last_try=how.last_try,
                tried_on=how.tried_on,
                why_not=NOT_NOW if key in wished and not wished[key].wants else "",
            )
        )
    # Who was never reached waits longer than whoever was, however long ago.
    found.sort(
        key=lambda one: (one.last_on is not None, -one.days, one.class_sort, one.child_name, one.child_uuid)
    )
    return tuple(found)


class _Spans(Struct, frozen=True):
    """The calls of the children on the ledger in a stretch of days, by the day; the children in their order."""

    children: tuple[OnRoll, ...]
    by_day: Mapping[str, Tally]
    planned: Mapping[str, int]

    @classmethod
    def read(cls, store: Store, roll: Mapping[int, OnRoll], first: date, last: date, day: date) -> "_Spans":
        by_day = tallies(store, first, min(last, day), roll)
        planned = store.rows(
            "SELECT p.day, count(*) FROM planned_call p JOIN child c ON c.id = p.child_id AND c.deleted_at IS NULL"
            " WHERE p.deleted_at IS NULL AND p.cancelled_on IS NULL AND p.day BETWEEN ? AND ? GROUP BY p.day",
            (first.isoformat(), last.isoformat()),
        )
        children = tuple(sorted(roll.values(), key=lambda child: child.order))
        return cls(children, by_day, dict(planned))

    def span(self, first: date, last: date) -> CallSpan:
        days = [(first + timedelta(days=place)).isoformat() for place in range((last - first).days + 1)]
        made = together(self.by_day[on] for on in days if on in self.by_day)
        return CallSpan(
            first=first,
            last=last,
            outcomes=made.outcomes,
            minutes=made.minutes,
            reached=tuple(child.uuid for child in self.children if child.id in made.through),
            not_reached=tuple(child.uuid for child in self.children if child.id not in made.through),
            planned=sum(self.planned.get(on, 0) for on in days),
        )


def _classes(waits: Sequence[CallWait], week: set[str], month: set[str]) -> tuple[ClassCalls, ...]:
    """Return the classes in their order; the waits come longest first."""
    by_class: dict[tuple[int, str], list[CallWait]] = {}
    for one in waits:
        by_class.setdefault((one.class_sort, one.class_name), []).append(one)
    return tuple(
        ClassCalls(
            class_name=name,
            children=tuple(one.child_uuid for one in found),
            week=tuple(one.child_uuid for one in found if one.child_uuid in week),
            month=tuple(one.child_uuid for one in found if one.child_uuid in month),
            left=tuple(one.child_uuid for one in found if one.child_uuid not in month and not one.why_not),
            longest=next((one for one in found if not one.why_not), found[0]),
        )
        for (_, name), found in sorted(by_class.items(), key=lambda item: item[0])
    )


def _never(store: Store, day: date, roll: Mapping[int, OnRoll]) -> tuple[NeverReached, ...]:
    """Return the grown-ups of the children on the ledger who were called and never reached, most tries first."""
    found = []
    for _, tried in never_reached(store, day):
        tries = [one for one in tried if one.child_id in roll]
        if tries:
            found.append(_one_never(tries, roll))
    return tuple(sorted(found, key=lambda one: (-one.tries, one.tried_on, one.who, one.person_uuid)))


def _one_never(tries: Sequence[Tried], roll: Mapping[int, OnRoll]) -> NeverReached:
    last = tries[-1]
    children = list(dict.fromkeys(one.child_id for one in tries))
    return NeverReached(
        person_uuid=last.person_uuid,
        who=last.who,
        relation=relation_words(last.kin),
        children=tuple(roll[child].uuid for child in children),
        names=tuple(roll[child].name for child in children),
        # Brothers and sisters of one call are one try.
        tries=len({(one.day, one.outcome) for one in tries}),
        last_try=last.outcome,
        tried_on=last.day,
    )
