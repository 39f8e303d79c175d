"""Reading the affection calls of a term for the statistics."""

from collections.abc import Iterable
from datetime import date

from app.school.calendar import monday_of
from app.school.queries import school_calendar
from app.statistics.call_count import CallCount
from app.storage.store import Store


def call_count(store: Store, day: date, ledger: Iterable[str]) -> CallCount:
    """Return the calls of the term that holds ``day``, or the last before it; ``ledger`` are the children by uuid."""
    since = school_calendar(store).term_in_force(day).starts_on
    month, week = day.replace(day=1), max(monday_of(day), since)
    rows = store.rows(
        "SELECT c.uuid, a.happened_on, a.outcome = 'connected', coalesce(a.minutes, 0) FROM affection_call a"
        " JOIN child c ON c.id = a.child_id WHERE a.deleted_at IS NULL AND a.happened_on BETWEEN ? AND ?",
        (min(since, month).isoformat(), day.isoformat()),
    )
    children = list(ledger)
    known = set(children)
    made = [row for row in rows if row[0] in known]
    of_term = [row for row in made if row[1] >= since.isoformat()]
    through = [row for row in of_term if row[2]]
    reached = {row[0] for row in through}
    of_month = {row[0] for row in made if row[2] and row[1] >= month.isoformat()}
    of_week = {row[0] for row in through if row[1] >= week.isoformat()}
    return CallCount(
        since,
        len(of_term),
        len(through),
        sum(row[3] for row in through),
        tuple(uuid for uuid in children if uuid in reached),
        tuple(uuid for uuid in children if uuid not in reached),
        tuple(uuid for uuid in children if uuid in of_month),
        tuple(uuid for uuid in children if uuid in of_week),
    )
