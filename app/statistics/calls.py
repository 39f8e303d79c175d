"""Reading the affection calls of a term for the statistics."""

from collections.abc import Iterable
from datetime import date

from app.calls.counting import Tally, tallies, together
from app.school.calendar import monday_of
from app.school.queries import school_calendar
from app.statistics.call_count import CallCount
from app.storage.store import Store


def call_count(store: Store, day: date, ledger: Iterable[str]) -> CallCount:
    """Return the calls of the term that holds ``day``, or the last before it; ``ledger`` are the children by uuid."""
    since = school_calendar(store).term_in_force(day).starts_on
    month, week = day.replace(day=1), max(monday_of(day), since)
    children = list(ledger)
    keys = dict(store.rows("SELECT uuid, id FROM child WHERE deleted_at IS NULL"))
    known = {uuid: keys[uuid] for uuid in children if uuid in keys}
    by_day = tallies(store, min(since, month), day, known.values())

    def made_since(first: date) -> Tally:
        return together(made for on, made in by_day.items() if on >= first.isoformat())

    def named(through: frozenset[int], *, there: bool = True) -> tuple[str, ...]:
        return tuple(uuid for uuid in children if (known.get(uuid) in through) is there)

    of_term = made_since(since)
    return CallCount(
        since,
        of_term.attempts,
        of_term.connected,
        of_term.minutes,
        named(of_term.through),
        named(of_term.through, there=False),
        named(made_since(month).through),
        named(made_since(week).through),
    )
