"""What the cadences make due for each child on the ledger."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.calls.cadence import ACTIVITIES as CALLS
from app.calls.cadence import counted_sql
from app.calls.reach import wishes
from app.core.moments import day_words
from app.diary.codes import Activity
from app.pairing.codes import PairingKind
from app.storage.store import Store
from app.todo.cadences import CadenceFacts
from app.todo.codes import Audience, Per, Scope
from app.todo.presets import activity_words
from app.todo.roll import NO_CLASS, Child, Roll, in_force_sql, owes
from app.todo.rules import Due, DueKind, State, next_due, state_of
from app.todo.spans import SchoolSpans

_KNOWN = frozenset((*(activity.value for activity in Activity), *CALLS))
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ChildRules:
    """The rules about children, and the last days on which each activity was done, as columns of the roll."""

    activities: tuple[str, ...]
    most: Mapping[str, int]
    general: Mapping[tuple[str, Scope], CadenceFacts]
    single: Mapping[tuple[str, str], CadenceFacts]

    @classmethod
    def of(cls, rules: Sequence[CadenceFacts]) -> "ChildRules":
        """Pick the rules that each child's supporter owes; what no record can settle is left out."""
        own = [rule for rule in rules if rule.audience is Audience.CHILD and rule.activity in _KNOWN]
        activities = tuple(dict.fromkeys(rule.activity for rule in own))
        return cls(
            activities,
            {name: max(rule.times for rule in own if rule.activity == name) for name in activities},
            {(rule.activity, rule.scope): rule for rule in own if rule.child_uuid is None},
            {(rule.activity, rule.child_uuid): rule for rule in own if rule.child_uuid is not None},
        )

    def columns(self) -> str:
        """Return the SQL of one column per activity: the last day, or the last days joined by commas."""
        return ", ".join(_last_days(name, max(self.most[name], 1)) for name in self.activities)

    def of_child(self, activity: str, child_uuid: str, *, priority: bool) -> CadenceFacts | None:
        """Return the rule for one child: its own before the one for 重点 children before the one for all."""
        own = self.single.get((activity, child_uuid))
        if own is None and priority:
            own = self.general.get((activity, Scope.PRIORITY))
        return own or self.general.get((activity, Scope.ALL))


def _last_days(activity: str, number: int) -> str:
    """Return the SQL for the last days of an activity (one of our codes) of child ``c`` by day ``?1``."""
    table, counted = "care_record", f"k.kind = '{activity}' AND k.deleted_at IS NULL"
    if activity in CALLS:
        table, counted = "affection_call", counted_sql(activity, "k")
    days = (
        f"SELECT k.happened_on AS day FROM {table} k WHERE k.child_id = c.id AND {counted}"  # noqa: S608  # ours
        " AND k.happened_on <= ?1 ORDER BY k.happened_on DESC"
    )
    return (
        f"({days} LIMIT 1)" if number == 1 else f"(SELECT group_concat(day) FROM ({days} LIMIT {number}))"  # noqa: S608
    )


def priority_children(store: Store, day: date) -> frozenset[int]:
    """Return the keys of the children who are set apart as 重点帮扶 on a day."""
    rows = store.rows(
        f"SELECT f.child_id FROM category_flag f WHERE f.category = 'priority' AND {in_force_sql('f')}",  # noqa: S608
        (day.isoformat(),),
    )
    return frozenset(row[0] for row in rows)


class Starts:
    """From which span on each rule asks something of a child; worked out once per day and kind of span."""

    def __init__(self, school: SchoolSpans) -> None:
        self._school = school
        self._known: dict[tuple[Per, date | None, str | None], int] = {}

    def first(self, per: Per, since: date | None, rule_from: str | None) -> int:
        """Return the place of the first span asked of a child registered on ``since`` (None: of no child) under a rule of
        ``rule_from``.

        The first due date lies in or after the first full school week after registration (decisions.md §1.4).
        """
        key = (per, since, rule_from)
        if key not in self._known:
            self._known[key] = self._worked_out(per, since, rule_from)
        return self._known[key]

    def _worked_out(self, per: Per, since: date | None, rule_from: str | None) -> int:
        spans = self._school.of(per).spans
        begin = date.min
        if since is not None and since >= self._school.term.starts_on:
            begin = self._school.first_week_after(since) or date.max
        if rule_from is not None and len(rule_from) == len("2026-09-01"):
            rule_day = date.fromisoformat(rule_from)
            if rule_day > self._school.term.starts_on:
                begin = max(begin, self._school.first_week_after(rule_day - _ONE_DAY) or date.max)
        return next(
            (place for place, span in enumerate(spans) if self._school.is_asked(span, per, begin)), len(spans)
        )


def unwilling_children(store: Store, day: date) -> frozenset[int]:
    """Return the keys of the children who do not wish to call on a day: no call falls due for them."""
    return frozenset(child for child, wish in wishes(store, day).items() if not wish.wants)


def cadence_items(
    roll: Roll,
    rules: ChildRules,
    priority: frozenset[int],
    school: SchoolSpans,
    unwilling: frozenset[int] = frozenset(),
) -> Iterator[Due]:
    """Yield what is due for each child by the cadences, no calls for the ``unwilling``.

    ``roll`` was read with ``rules.columns()``.
    """
    starts = Starts(school)
    for place, activity in enumerate(rules.activities):
        # Many children have the same first and the same last day: what follows from them is worked out once.
        asked: dict[tuple[str, bool, date | None], tuple[CadenceFacts, int] | None] = {}
        known: dict[tuple[object, ...], tuple[str, date, str, State] | None] = {}
        answering = {kind for kind in PairingKind if owes(kind, activity)}
        chosen = {uuid for name, uuid in rules.single if name == activity}
        left_alone = unwilling if activity in CALLS else frozenset[int]()
        for child in roll.children.values():
            if child.id in left_alone:
                continue
            since, last = child.since, child.own[place]
            of = (child.uuid if child.uuid in chosen else "", child.id in priority, since)
            if of not in asked:
                asked[of] = _asked(child, rules.of_child(activity, child.uuid, priority=of[1]), starts)
            rule = asked[of]
            if rule is None:
                continue
            key = (id(rule[0]), rule[1], last, None if last else since)
            if key not in known:
                known[key] = _worked_out(child, *rule, school, last, roll.day)
            found = known[key]
            if found is None:
                continue
            words, due, fact, state = found
            own = child.kind in answering
            cls = child.school_class
            yield Due(  # by place: thousands at a time
                DueKind.CADENCE,
                words,
                fact,
                due,
                roll.day,
                state,
                activity,
                child.uuid,
                child.name,
                cls.name if cls else NO_CLASS,
                cls.uuid if cls else "",
                child.supporter_uuid if own else "",
                child.supporter if own else child.class_teacher,
            )


def _asked(child: Child, rule: CadenceFacts | None, starts: Starts) -> tuple[CadenceFacts, int] | None:
    """Return the rule for a child and the place of the first span it is asked in; None when nothing is asked."""
    if rule is None or not rule.times:
        return None
    return rule, starts.first(rule.per, child.since, rule.valid_from)


def _worked_out(
    child: Child, rule: CadenceFacts, first: int, school: SchoolSpans, last: str | None, day: date
) -> tuple[str, date, str, State] | None:
    """Return the rule in words, the due day, the fact behind it and the state; None when it is too early to say so."""
    dates = sorted(last.split(","), reverse=True)[: rule.times] if last else []
    verdict = next_due(school.of(rule.per), first, rule.times, dates)
    state = None if verdict is None else state_of(verdict.due, day)
    if verdict is None or state is None:
        return None
    return rule.words, verdict.due, _fact(child, rule, dates, verdict.done, day), state


_SPAN = {
    Per.WEEK: "那一周",
    Per.FORTNIGHT: "那两周",
    Per.MONTH: "那个月",
    Per.TERM: "本学期",
    Per.YEAR: "本学年",
}


def _fact(child: Child, rule: CadenceFacts, dates: Sequence[str], done: int, day: date) -> str:
    what = activity_words(rule.activity)
    if not dates:
        if (day - child.since).days < _NEWLY:
            return f"{day_words(child.since, day)}登记在册，还没有{what}"
        return f"还没有{what}记录"
    last = date.fromisoformat(dates[0])
    gap = (day - last).days
    words = f"上次 {day_words(last, day)}" + (f"，已隔 {gap} 天" if gap > 1 else "")
    return f"{words}（{_SPAN[rule.per]} {done} 次）" if done else words


_NEWLY = 60  # days: for so long the day of registration explains why there is no record yet
