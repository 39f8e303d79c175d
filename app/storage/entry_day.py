"""The day on which something counts as written down."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from app.core.moments import read_moment
from app.storage.store import Store

LEAP: Final = timedelta(days=400)
"""A longer pause than any school makes: what lies beyond it was saved under another clock, until it is proved."""
SETTLED: Final = 30
"""Saves on so many different days prove that the clock was right."""


def entry_day(store: Store) -> str:
    """Return today as an ISO day, but never a day before the last save: a clock set back cannot back-date a record.

    A save under a clock that was years ahead does not hold it there: days that lie more than ``LEAP`` from all others
    and from today count only when they are ``SETTLED``, or when the ledger was begun among them and nothing else is.
    """
    today = store.clock.today().isoformat()
    row = store.one("SELECT at FROM action WHERE commit_no IS NOT NULL ORDER BY at DESC LIMIT 1")
    if row is None or str(row[0])[:10] <= today:
        return today
    first = store.one("SELECT at FROM action WHERE commit_no IS NOT NULL ORDER BY commit_no LIMIT 1")
    days = store.rows("SELECT DISTINCT substr(at, 1, 10) FROM action WHERE commit_no IS NOT NULL")
    begun = _day(first[0]) if first is not None else None
    last = last_believed(
        store.clock.today(), (day for (text,) in days if (day := _day(text)) is not None), begun
    )
    return max(today, last.isoformat()) if last is not None else today


def last_believed(today: date, days: Iterable[date], begun: date | None) -> date | None:
    """Return the last of the days on which was saved that can be believed. ``begun`` is the day of the first save."""
    groups = _groups(sorted(days))
    settled = [group for group in groups if len(group) >= SETTLED]
    believed = settled or [group for group in groups if begun in group]
    near = [group for group in groups if group[0] - today <= LEAP]
    return max((group[-1] for group in (*believed, *near)), default=None)


def _groups(days: Sequence[date]) -> list[list[date]]:
    """Part days in order where more than ``LEAP`` lies between them."""
    groups = [[day] for day in days[:1]]
    for before, day in pairwise(days):
        if day - before > LEAP:
            groups.append([])
        groups[-1].append(day)
    return groups


def _day(at: object) -> date | None:
    """Return the day of a moment; None when damage made no day of it."""
    moment = read_moment(str(at))
    return None if moment is None else moment.date()
