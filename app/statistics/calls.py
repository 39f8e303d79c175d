"""Reading the affection calls of a term for the statistics."""

from collections.abc import Iterable
from datetime import date

from app.calls.counting import made_between
from app.school.calendar import monday_of
from app.school.queries import school_calendar
from app.statistics.call_count import CallCount
from app.storage.store import Store


def call_count(store: Store, day: date, ledger: Iterable[str]) -> CallCount:
    """Return the calls of the term that holds ``day``, or the last before it; ``ledger`` are the children by uuid."""
    since = school_calendar(store).term_in_force(day).starts_on
    month, week = day.replace(day=1), max(monday_of(day), since)
    children = list(ledger)
    uuids = dict(store.rows("SELECT id, uuid FROM child"))
    known = set(children)
    made = [
        (uuids[one.child_id], one)
        for one in made_between(store, min(since, month), day)
        if uuids[one.child_id] in known
    ]
    of_term = [(uuid, one) for uuid, one in made if one.day >= since.isoformat()]
    through = [(uuid, one) for uuid, one in of_term if one.through]
    reached = {uuid for uuid, _ in through}
    of_month = {uuid for uuid, one in made if one.through and one.day >= month.isoformat()}
    of_week = {uuid for uuid, one in through if one.day >= week.isoformat()}
    return CallCount(
        since,
        len(of_term),
        len(through),
        sum(one.minutes for _, one in through),
        tuple(uuid for uuid in children if uuid in reached),
        tuple(uuid for uuid in children if uuid not in reached),
        tuple(uuid for uuid in children if uuid in of_month),
        tuple(uuid for uuid in children if uuid in of_week),
    )
