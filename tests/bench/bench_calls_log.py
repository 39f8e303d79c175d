"""The log of calls at 5,000 children with a call a week for a school year and more: each read beside plain SQL. Run by hand:

    python -m tests.bench.bench_calls_log [--children 5000] [--only TEXT]

As in ``bench_care``: the floor is one plain statement that fetches what the read rests on, in processor time of the one
thread. The calls are put into a copy of the big school by one statement, four of five through.
"""

import argparse
import os
import tempfile
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from app.core.clock import FixedClock
from app.storage.store import Store
from tests.bench.bench_care import Bench
from tests.bench.results import Result, table
from tests.bench.school import copy_school

DAY = date(2026, 11, 20)
WEEKS = 50
OF_TERM = (
    "SELECT a.child_id, a.happened_on, a.outcome, a.minutes FROM affection_call a"
    " WHERE a.deleted_at IS NULL AND a.happened_on BETWEEN :first AND :last"
)
LAST_OF_EACH = (
    "SELECT c.id, (SELECT a.happened_on FROM affection_call a WHERE a.child_id = c.id AND a.deleted_at IS NULL"
    " AND a.outcome = 'connected' ORDER BY a.happened_on DESC LIMIT 1) FROM child c WHERE c.deleted_at IS NULL"
)
OF_WEEK = (
    "SELECT a.*, c.name FROM affection_call a JOIN child c ON c.id = a.child_id WHERE a.deleted_at IS NULL"
    " AND a.happened_on BETWEEN :first AND :last"
)
PEOPLE = "SELECT c.*, k.*, p.* FROM child c JOIN kinship k ON k.child_id = c.id JOIN person p ON p.id = k.person_id"


def measure(children: int = 5000, only: str = "") -> list[Result]:
    """Return the rows of the log."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["XDG_DATA_HOME"] = str(folder / "home")
        path = folder / "守望.db"
        copy_school(path, children)
        with Store.open(path, clock=FixedClock(datetime(2026, 11, 20, 12)), verify=False) as store:
            made = fill_log(store)
            bench = Bench(store, only)
            _measure(bench, made)
            return bench.found


def fill_log(store: Store, weeks: int = WEEKS) -> int:
    """Write a call a week for every child, the newest last week; return how many there are."""
    monday = DAY - timedelta(days=DAY.weekday())
    days = [(monday - timedelta(weeks=number) + timedelta(days=2)).isoformat() for number in range(1, weeks)]
    with store.action("通话", kind="test"):
        store.db.execute_sql(
            "INSERT INTO affection_call (uuid, entered_at, child_id, happened_on, entered_on, started, minutes,"
            " medium, outcome, person_id) SELECT lower(hex(randomblob(16))), ?1 || 'T12:00:00', c.id, d.value, d.value,"
            " '12:20', 6, 'phone', CASE (c.id + d.key) % 5 WHEN 0 THEN 'no_answer' ELSE 'connected' END,"
            " (SELECT min(k.person_id) FROM kinship k WHERE k.child_id = c.id AND k.deleted_at IS NULL)"
            " FROM json_each(?2) d CROSS JOIN child c WHERE c.deleted_at IS NULL",
            (DAY.isoformat(), "[" + ",".join(f'"{day}"' for day in reversed(days)) + "]"),
        )
    row = store.one("SELECT count(*) FROM affection_call")
    return int(row[0]) if row else 0


def _measure(bench: Bench, made: int) -> None:
    from app.calls.people import callees
    from app.calls.seen import seen
    from app.school.queries import school_calendar
    from app.statistics.calls import call_count
    from ui.pages.calls.loading import ALL, read_day, read_session, read_turn, read_week

    store = bench.store
    term = school_calendar(store).term_in_force(DAY)
    monday = DAY - timedelta(days=DAY.weekday())
    week = {"first": (monday - timedelta(weeks=1)).isoformat(), "last": monday.isoformat()}
    of_term = bench.raw(OF_TERM, first=term.starts_on.isoformat(), last=DAY.isoformat())
    of_week = bench.raw(OF_WEEK, **week)
    uuids = [row[0] for row in store.rows("SELECT uuid FROM child WHERE deleted_at IS NULL")]
    bench.beside(f"what the log of {made} calls shows", lambda: seen(store, DAY), of_term)
    bench.beside("calls in the statistics", lambda: call_count(store, DAY, uuids), of_term)
    bench.beside("who is called, all children", lambda: callees(store, DAY), bench.raw(PEOPLE))
    bench.beside(
        "week of calls (5,000 in it)", lambda: read_week(store, monday - timedelta(weeks=1), DAY), of_week
    )
    bench.beside("list of today", lambda: read_day(store, DAY), bench.raw(LAST_OF_EACH))
    one = uuids[len(uuids) // 2]
    bench.beside("one child's call", partial(read_turn, store, one, DAY), bench.raw(LAST_OF_EACH))
    bench.beside("whole ledger to be written down", lambda: read_session(store, DAY, ALL), bench.raw(PEOPLE))


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_calls_log", description=__doc__)
    parser.add_argument("--children", type=int, default=5000)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    print(table(measure(given.children, given.only)))


if __name__ == "__main__":
    main()
