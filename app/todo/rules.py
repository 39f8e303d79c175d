"""What a due item is, and when a cadence makes one. Pure: no file, no clock."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

from app.school.calendar import monday_of
from app.todo.spans import Spans


class DueKind(StrEnum):
    """Why something is due."""

    CADENCE = "cadence"
    EVENT = "event"
    ABSENCE = "absence"
    PROMISE = "promise"
    FOLLOW_UP = "follow_up"
    CARER_CHANGED = "carer_changed"
    UNPAIRED = "unpaired"
    SUPPORTER_LEFT = "supporter_left"
    CHECK_RENEWAL = "check_renewal"
    QUOTA = "quota"
    SCHOOL_DUTY = "school_duty"
    HOMECOMING = "homecoming"
    BIRTHDAY = "birthday"
    PHONE = "phone"
    MISSING = "missing"
    PAPER_FORM = "paper_form"

    __hash__ = (
        str.__hash__
    )  # thousands of items are sorted into groups by it; that of Enum takes five times as long


class State(StrEnum):
    """How near a due day is. What is later than next week is in no list yet, but for parents due home this month."""

    OVERDUE = "overdue"
    THIS_WEEK = "this_week"
    NEXT_WEEK = "next_week"
    THIS_MONTH = "this_month"

    __hash__ = str.__hash__  # as that of ``DueKind``


PRESENT = frozenset({State.OVERDUE, State.THIS_WEEK})
"""What is to be done now; the rest is listed to be looked ahead at, and counted apart: next week asks for all again."""


class Due(NamedTuple):
    """One thing that is due: for whom, by when, under which rule, because of which fact.

    ``state`` follows from ``due`` and ``as_of``: only what is overdue, due this week or next week is ever made
    (``make_due``). ``activity`` is the code of the record that settles it, "" when something else does. ``child_uuid``
    is "" for a duty of a supporter or of the school. ``supporter`` is who answers for it: the child's supporter
    (``supporter_uuid``), else the head teacher of its class. ``subject_uuid`` names the event, promise, record or form
    it comes from; who is due home (返乡) is named by the grown-up's. ``form`` is the code of the printed form that is out
    and would bring it back, "" when none is (``app.todo.on_paper``). ``asked_uuid``, of a form that has not come back: the
    event, or the record with a follow-up, it was printed for, "" when it is for a cadence, or not known.
    """

    kind: DueKind
    rule: str
    fact: str
    due: date
    as_of: date
    state: State
    activity: str = ""
    child_uuid: str = ""
    child_name: str = ""
    class_words: str = ""
    class_uuid: str = ""
    supporter_uuid: str = ""
    supporter: str = ""
    subject_uuid: str = ""
    form: str = ""
    asked_uuid: str = ""

    @property
    def days_over(self) -> int:
        """Return by how many days it is past due; negative: so many days are left."""
        return (self.as_of - self.due).days

    @property
    def why(self) -> str:
        """Return rule and fact in one line: 每周谈心一次：上次 11月6日，已隔 13 天."""
        return f"{self.rule}：{self.fact}" if self.fact else self.rule


def make_due(*, kind: DueKind, rule: str, fact: str, due: date, as_of: date, **known: str) -> Due:
    """Return an item with its state; ``known`` are the words of ``Due``. ValueError before its time."""
    state = month_state_of(due, as_of) if kind is DueKind.HOMECOMING else state_of(due, as_of)
    if state is None:
        raise ValueError("an item was made before its time")
    return Due(kind, rule, fact, due, as_of, state, **known)


@lru_cache(maxsize=1024)
def state_of(due: date, as_of: date) -> State | None:
    """Return how near a due day is on ``as_of``; None when it is later than next week (weeks end on Sunday)."""
    if due < as_of:
        return State.OVERDUE
    sunday = monday_of(as_of) + timedelta(days=6)
    if due <= sunday:
        return State.THIS_WEEK
    return State.NEXT_WEEK if due <= sunday + timedelta(days=7) else None


def month_state_of(due: date, as_of: date) -> State | None:
    """Return ``state_of``, or that the day is later in this month."""
    later = due > as_of and (due.year, due.month) == (as_of.year, as_of.month)
    return state_of(due, as_of) or (State.THIS_MONTH if later else None)


class Verdict(Struct, frozen=True):
    """When a cadence is due next: the day, and how often it was done in that span already."""

    due: date
    done: int


def next_due(spans: Spans, first: int, times: int, dates: Sequence[str]) -> Verdict | None:
    """Return when a cadence falls due; None when it asks nothing within the spans.

    ``first`` is the place of the first span that is asked, ``dates`` the last ``times`` days on which it was done,
    newest first. What was missed before the last time it was done cannot be made good and is not due any more.
    """
    if times == 0:
        return None
    target, done = first, 0
    if dates and (last := spans.at(dates[0])) >= first:
        begin = spans.firsts[last]
        done = sum(day >= begin for day in dates)
        target, done = (last + 1, 0) if done >= times else (last, done)
    return Verdict(spans.spans[target].last, done) if target < len(spans.spans) else None


def times_asked(spans: Spans, first: int, times: int, until: date) -> int:
    """Return how often it was to be done in the spans that are over by ``until`` (its own day included)."""
    return times * sum(span.last <= until for span in spans.spans[first:])
