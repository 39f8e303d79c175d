"""The roll of a day with the last day of everything the rules ask for, and the spans around it: kept between two reads."""

from datetime import date
from functools import partial

from app.school.queries import school_calendar
from app.storage.store import Store
from app.todo.cadences import cadences
from app.todo.care_due import ChildRules
from app.todo.kept import kept
from app.todo.roll import Roll, read_roll
from app.todo.spans import SchoolSpans


def present_roll(store: Store, day: date) -> Roll:
    """Return ``read_roll`` of a day, ``Child.own`` being the columns of the rules in force (``ChildRules.columns``)."""
    found: Roll = kept(store, ("roll", day), partial(_read, store, day, None), partial(_renewed, store))
    return found


def present_spans(store: Store, day: date) -> SchoolSpans:
    """Return the spans of the school's calendar around a day; no child's rows change them."""
    found: SchoolSpans = kept(store, ("spans", day), partial(_spans, store, day), lambda last, _: last)
    return found


def _spans(store: Store, day: date) -> SchoolSpans:
    return SchoolSpans(school_calendar(store), day)


def _read(store: Store, day: date, only: frozenset[int] | None) -> Roll:
    return read_roll(store, day, columns=ChildRules.of(cadences(store, day)).columns(), only=only)


def _renewed(store: Store, known: Roll, touched: frozenset[int]) -> Roll:
    return known.with_anew(_read(store, known.day, touched)) if touched else known
