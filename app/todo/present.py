"""The roll of a day, the last day of everything the rules ask for, and the spans around it: kept between two reads."""

from collections.abc import Mapping
from datetime import date
from functools import partial

from app.school.queries import school_calendar
from app.storage.store import Store
from app.todo.cadences import cadences
from app.todo.care_due import ChildRules
from app.todo.kept import kept
from app.todo.last_days import LastDays, last_days
from app.todo.roll import Roll, read_roll
from app.todo.spans import SchoolSpans


def present_roll(store: Store, day: date) -> Roll:
    """Return ``read_roll`` of a day."""
    found: Roll = kept(store, ("roll", day), partial(read_roll, store, day), partial(_roll_renewed, store))
    return found


def present_last_days(store: Store, day: date) -> Mapping[str, LastDays]:
    """Return activity → ``last_days`` of the children on the ledger, as many as the rules in force ask for."""
    found: Mapping[str, LastDays] = kept(
        store,
        ("last days", day),
        partial(_last_days, store, day, None),
        partial(_last_days_renewed, store, day),
    )
    return found


def present_spans(store: Store, day: date) -> SchoolSpans:
    """Return the spans of the school's calendar around a day; no child's rows change them."""
    found: SchoolSpans = kept(store, ("spans", day), partial(_spans, store, day), lambda last, _: last)
    return found


def _spans(store: Store, day: date) -> SchoolSpans:
    return SchoolSpans(school_calendar(store), day)


def _roll_renewed(store: Store, known: Roll, touched: frozenset[int]) -> Roll:
    return known.with_anew(read_roll(store, known.day, only=touched)) if touched else known


def _last_days(store: Store, day: date, only: frozenset[int] | None) -> Mapping[str, LastDays]:
    rules = ChildRules.of(cadences(store, day))
    children = present_roll(store, day).children.keys() if only is None else only
    return {
        activity: last_days(store, activity, max(rules.most[activity], 1), day, children)
        for activity in rules.activities
    }


def _last_days_renewed(
    store: Store, day: date, known: Mapping[str, LastDays], touched: frozenset[int]
) -> Mapping[str, LastDays]:
    return (
        {
            activity: {child: days for child, days in known[activity].items() if child not in touched} | anew
            for activity, anew in _last_days(store, day, touched).items()
        }
        if touched
        else known
    )
