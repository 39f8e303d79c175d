"""What the cadences make due for each child on the ledger."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import chain, compress, count, repeat
from operator import add, attrgetter, eq, itemgetter

from msgspec import Struct

from app.calls.cadence import ACTIVITIES as CALLS
from app.calls.reach import wishes
from app.core.moments import day_words
from app.diary.codes import Activity
from app.pairing.codes import PairingKind
from app.storage.in_force import in_force_sql
from app.storage.store import Store
from app.todo.cadences import CadenceFacts
from app.todo.codes import Audience, Per, Scope
from app.todo.last_days import LastDays
from app.todo.presets import IN_SCHOOL, activity_words
from app.todo.roll import PART_OF_THE_DUTIES, Child, Roll, owes
from app.todo.rules import Due, DueKind, State, next_due, state_of
from app.todo.spans import SchoolSpans

_KNOWN = frozenset((*(activity.value for activity in Activity), *CALLS))
_ONE_DAY = timedelta(days=1)


class ChildRules(Struct, frozen=True):
    """The rules about children. ``most`` is how often at most an activity is asked for in one span."""

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

    def of_child(
        self, activity: str, child_uuid: str, *, priority: bool, in_class: bool = True
    ) -> CadenceFacts | None:
        """Return the rule for one child: its own before the one for 重点 children before the one for all.

        Of a child in no class nothing is asked that is done in school (``IN_SCHOOL``), but by a rule of its own.
        """
        own = self.single.get((activity, child_uuid))
        if own is None and not in_class and activity in IN_SCHOOL:
            return None
        if own is None and priority:
            own = self.general.get((activity, Scope.PRIORITY))
        return own or self.general.get((activity, Scope.ALL))


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


# What an item begins with (kind … activity) and whom it is about (child … asked_uuid), in the order of ``Due``.
_Head = tuple[DueKind, str, str, date, date, State, str]
_Tail = tuple[str, str, str, str, str, str, str, str, str]
_Saying = tuple[Callable[[Due], None], _Head]
"""Where an item goes, and what it begins with."""
_new = tuple.__new__  # what ``Due._make`` does, without its check of the length


def cadence_items(
    roll: Roll,
    rules: ChildRules,
    days: Mapping[str, LastDays],
    school: SchoolSpans,
    priority: frozenset[int] = frozenset(),
    unwilling: frozenset[int] = frozenset(),
) -> dict[date, list[Due]]:
    """Return what is due by the cadences for the children of ``roll``, by due day; on one day as ``queries`` orders it.

    ``days`` are the last days of each activity (``present_last_days``), ``priority`` the children set apart as 重点;
    for the ``unwilling`` no call falls due. Thousands of children: they are gone through column by column, nothing is
    worked out twice, and nothing is sorted that is in order already.
    """
    found: dict[date, list[Due]] = {}
    if not roll.children or not rules.activities:
        return found
    children = _in_school_order(roll.children.values())
    ids, _, begun, classes, kinds, teachers, uuids, *said_of, who_uuids, who = zip(*children, strict=True)
    # Since when a child is registered says nothing any more once it was before the term and is no news.
    news = min(school.term.starts_on, roll.day - _NEWLY)
    since = [day if day >= news else date.min for day in begun]
    outside = frozenset(key for key, cls in zip(ids, classes, strict=True) if cls is None)
    ordinary, groups = _groups(ids, uuids, since, rules, priority, outside)
    who_answers = (name or teacher for name, teacher in zip(who, teachers, strict=True))
    tails = list(zip(uuids, *said_of, who_uuids, who_answers, repeat(""), repeat(""), repeat("")))
    sayings, others = _Sayings(roll.day, rules, school, found), set(groups.values())
    said_by, tails_by = [], []
    for activity in rules.activities:
        lasts = list(map(days[activity].get, ids, since))
        said = list(map(sayings.of(activity, ordinary).__getitem__, lasts))
        of_groups = {group: sayings.of(activity, group) for group in others}
        for place, group in groups.items():
            said[place] = of_groups[group][lasts[place]]
        if activity in CALLS and unwilling:
            said = [None if key in unwilling else one for key, one in zip(ids, said, strict=True)]
        said_by.append(said)
        tails_by.append(_answering(tails, activity, kinds, teachers))
    # One child after the other, and of each one activity after the other.
    said_to_each = list(chain.from_iterable(zip(*said_by, strict=True)))
    about_each = list(chain.from_iterable(zip(*tails_by, strict=True)))
    _put_in_order(said_to_each, about_each, children, len(said_by))
    to_say = list(filter(None, said_to_each))
    heads = map(itemgetter(1), to_say)
    items = map(partial(_new, Due), map(add, heads, compress(about_each, said_to_each)))
    for (into, _head), item in zip(to_say, items, strict=True):
        into(item)
    return found


def _in_school_order(children: Iterable[Child]) -> list[Child]:
    """Return the children by the words of their class, then by name."""
    by_class: dict[str, list[Child]] = {}
    for child in children:
        by_class.setdefault(child.class_words, []).append(child)
    return [child for words in sorted(by_class) for child in sorted(by_class[words], key=_name)]


_name = attrgetter("name")


def _answering(
    tails: list[_Tail], activity: str, kinds: Sequence[PairingKind | None], teachers: Sequence[str]
) -> list[_Tail]:
    """Return the tails with the head teacher where who looks after the child does not owe an activity."""
    not_owing = {kind for kind in PairingKind if not owes(kind, activity)}
    if not_owing.isdisjoint(kinds):
        return tails
    found = tails.copy()
    for place, kind in enumerate(kinds):
        if kind in not_owing:
            uuid, name, class_words, class_uuid, *_ = tails[place]
            found[place] = (uuid, name, class_words, class_uuid, "", teachers[place], "", "", "")
    return found


_Group = tuple[str, bool, bool, date]
"""Whose rule it is: the uuid of a child with a rule of its own, whether it is 重点, whether it is in a class, since when
it is registered."""


def _groups(
    ids: Sequence[int],
    uuids: Sequence[str],
    since: Sequence[date],
    rules: ChildRules,
    priority: frozenset[int],
    outside: frozenset[int],
) -> tuple[_Group, dict[int, _Group]]:
    """Return which group most children belong to, and by their places that of each of the others.

    Whole classes are registered on one day, few are asked for more.
    """
    chosen = {uuid for _, uuid in rules.single}
    usual = Counter(since).most_common(1)[0][0]
    others: dict[int, _Group] = {}
    for place, (key, uuid, day) in enumerate(zip(ids, uuids, since, strict=True)):
        # `is` for speed, nearly all share one object; an equal day that is another object only makes a group of its own.
        if day is not usual or key in priority or key in outside or uuid in chosen:
            own = uuid if uuid in chosen else ""
            others[place] = (own, key in priority, key not in outside, day)
    return ("", False, True, usual), others


class _Sayings:
    """What is said of children by the cadences: what follows from one rule, one first and one last day is worked out once.

    What it makes due goes into ``found``, by due day.
    """

    def __init__(
        self, day: date, rules: ChildRules, school: SchoolSpans, found: dict[date, list[Due]]
    ) -> None:
        self.day = day
        self.school = school
        self._rules = rules
        self._starts = Starts(school)
        self._found = found
        self._known: dict[tuple[int, int, bool], _BySaying] = {}

    def of(self, activity: str, group: _Group) -> Mapping[str | date, _Saying | None]:
        """Return, by the last days of an activity (by the day of registration, when there are none), what is said."""
        uuid, is_priority, in_class, since = group
        rule = self._rules.of_child(activity, uuid, priority=is_priority, in_class=in_class)
        if rule is None or not rule.times:
            return _NOTHING
        first = self._starts.first(rule.per, since, rule.valid_from)
        key = (id(rule), first, in_class)
        if key not in self._known:
            self._known[key] = _BySaying(self, rule, first, in_class=in_class)
        return self._known[key]

    def into(self, due: date) -> Callable[[Due], None]:
        """Return where an item of a due day goes."""
        return self._found.setdefault(due, []).append


class _BySaying(dict[str | date, _Saying | None]):
    """What one rule says from one first span on; None = it is too early to say something."""

    def __init__(self, sayings: _Sayings, rule: CadenceFacts, first: int, *, in_class: bool) -> None:
        super().__init__()
        self._in_class = in_class
        self._sayings = sayings
        self._rule = rule
        self._first = first

    def __missing__(self, last: str | date) -> _Saying | None:
        rule, day, school = self._rule, self._sayings.day, self._sayings.school
        dates = sorted(last.split(","), reverse=True)[: rule.times] if isinstance(last, str) else []
        verdict = next_due(school.of(rule.per), self._first, rule.times, dates)
        state = None if verdict is None else state_of(verdict.due, day)
        self[last] = None
        if verdict is not None and state is not None:
            since = None if isinstance(last, str) else last
            fact = _fact(rule, dates, since, verdict.done, day) + ("" if self._in_class else _outside(rule))
            head = (DueKind.CADENCE, rule.words, fact, verdict.due, day, state, rule.activity)
            self[last] = self._sayings.into(verdict.due), head
        return self[last]


class _Nothing(dict[str | date, _Saying | None]):
    """No rule asks for anything."""

    def __missing__(self, last: str | date) -> None:
        return None


_NOTHING = _Nothing()


def _put_in_order(
    said_to_each: list[_Saying | None], about_each: list[_Tail], children: Sequence[Child], each: int
) -> None:
    """Put the items of one child, and of children of one name in one class, in the order of who answers for them.

    ``each`` items stand in a row for each child.
    """
    namesakes: dict[int, int] = {}  # the last of several beside the first
    names = list(map(_name, children))
    for place in compress(count(1), map(eq, names[1:], names)):
        if children[place].class_words == children[place - 1].class_words:
            namesakes[place] = namesakes.pop(place - 1, place - 1)
    shared = [place for place, child in enumerate(children) if child.kind in PART_OF_THE_DUTIES]
    for first, last in (*zip(shared, shared, strict=True), *zip(namesakes.values(), namesakes, strict=True)):
        those = slice(first * each, (last + 1) * each)
        line = sorted(zip(said_to_each[those], about_each[those], strict=True), key=_by_who_answers)
        said_to_each[those], about_each[those] = zip(*line, strict=True)


def _by_who_answers(one: tuple[_Saying | None, _Tail]) -> tuple[str, str, str]:
    child, _, _, _, supporter_uuid, supporter, *_ = one[1]
    return supporter, child, supporter_uuid


_SPAN = {
    Per.WEEK: "那一周",
    Per.FORTNIGHT: "那两周",
    Per.MONTH: "那个月",
    Per.TERM: "本学期",
    Per.YEAR: "本学年",
}


def _fact(rule: CadenceFacts, dates: Sequence[str], since: date | None, done: int, day: date) -> str:
    what = activity_words(rule.activity)
    if not dates:
        if since is not None and day - since < _NEWLY:
            return f"{day_words(since, day)}登记在册，还没有{what}"
        return f"还没有{what}记录"
    last = date.fromisoformat(dates[0])
    gap = (day - last).days
    words = f"上次 {day_words(last, day)}" + (f"，已隔 {gap} 天" if gap > 1 else "")
    return f"{words}（{_SPAN[rule.per]} {done} 次）" if done else words


def _outside(rule: CadenceFacts) -> str:
    """Return why something is asked of a child in no class."""
    if rule.child_uuid is not None:
        return f"；不在班，{activity_words(rule.activity)}按单独为这名儿童定的规则"
    return f"；不在班，{activity_words(rule.activity)}照常"


_NEWLY = timedelta(days=60)  # for so long the day of registration explains why there is no record yet
