"""The last days on which each child had what a rule asks for.

What was done lately is read day by day along an index that holds all that is asked (``m0006_last_days.py``); for the
children whose last time lies further back the file is asked child by child. Which of both is cheaper is worked out as it
goes, so that a busy term, a summer without records and a duty that nobody fulfils are each read the short way.
"""

import json
from collections.abc import Collection
from datetime import date, timedelta

from app.calls.cadence import ACTIVITIES as CALLS
from app.calls.cadence import counted_sql
from app.storage.columns import columns
from app.storage.store import Store

# Table and column names below are our own codes; the days go in as parameters.
# ruff: noqa: S608

_FEW = 40  # children: asked for one by one without a look along the days
_FIRST_LOOK = 14  # days; each further look is twice as long
_LOOKS = 6
_ENTRIES_PER_CHILD = 12
"""So many entries of the index are read along the days in the time of asking for one child (measured: 10 to 16)."""

LastDays = dict[int, str]
"""Child → its last days, the newest first, joined by commas; children without any are left out."""


def last_days(store: Store, activity: str, number: int, day: date, children: Collection[int]) -> LastDays:
    """Return the last ``number`` days by ``day`` on which each of the children had ``activity`` (one of our codes).

    A day stands as often as something was recorded on it.
    """
    days: LastDays = {}
    missing = set(children)
    if len(missing) > _FEW:
        _along_the_days(store, activity, number, day, missing, days)
    return days | _child_by_child(store, activity, number, day, missing)


def _along_the_days(
    store: Store, activity: str, number: int, day: date, missing: set[int], days: LastDays
) -> None:
    """Fill in ``days`` from ``day`` backwards; take out of ``missing`` the children all of whose days are there."""
    table, counted = _counted(activity)
    sql = (
        f"SELECT k.happened_on, json_group_array(k.child_id) FROM {table} k WHERE {counted}"
        " AND k.happened_on > ? AND k.happened_on <= ? GROUP BY k.happened_on ORDER BY k.happened_on DESC"
    )
    last, length = day, _FIRST_LOOK
    for _ in range(_LOOKS):
        first, entries = last - timedelta(days=length), 0
        for happened_on, listed in store.rows(sql, (first.isoformat(), last.isoformat())):
            of_day = json.loads(listed)
            entries += len(of_day)
            if number == 1:
                found = missing.intersection(of_day)
                days.update(dict.fromkeys(found, happened_on))
                missing -= found
                continue
            for child in filter(missing.__contains__, of_day):
                known = days.get(child)
                days[child] = happened_on if known is None else f"{known},{happened_on}"
                if days[child].count(",") == number - 1:
                    missing.remove(child)
        last, length = first, length * 2
        if entries * 2 > len(missing) * _ENTRIES_PER_CHILD:
            break


def _child_by_child(
    store: Store, activity: str, number: int, day: date, children: Collection[int]
) -> LastDays:
    """Return the last days of each of a few children, however long ago they are."""
    table, counted = _counted(activity)
    newest = (
        f"SELECT k.happened_on AS day FROM {table} k WHERE k.child_id = c.value AND {counted}"
        f" AND k.happened_on <= ?1 ORDER BY k.happened_on DESC LIMIT {number}"
    )
    found = f"({newest})" if number == 1 else f"(SELECT group_concat(day) FROM ({newest}))"
    ids, days = columns(
        store, ("c.value", found), "json_each(?2) c", (day.isoformat(), json.dumps(sorted(children)))
    )
    return {child: last for child, last in zip(ids, days, strict=True) if last is not None}


def _counted(activity: str) -> tuple[str, str]:
    """Return the table that an activity is recorded in, and which rows of it (``k``) count."""
    if activity in CALLS:
        return "affection_call", counted_sql(activity, "k")
    return "care_record", f"k.kind = '{activity}' AND k.deleted_at IS NULL"
