"""The log of drills (演习): when bringing back a backup was rehearsed, and what came of it. Never changed or undone."""

from datetime import date

from msgspec import Struct

from app.core.changes import Changes
from app.school.calendar import Term
from app.school.queries import school_calendar
from app.storage.service import service
from app.storage.store import Store

PROVED, FAILED = "proved", "failed"


class DrillEntry(Struct, frozen=True, kw_only=True):
    """One rehearsal. ``backup_made_at`` is local ISO time; None in a number: it did not get that far.

    ``journal_commits`` saves were brought from the journal on top; ``note`` holds what was checked, a line each.
    """

    uuid: str
    happened_on: date
    backup_made_at: str
    children: int | None
    records: int | None
    commit_no: int | None
    journal_commits: int
    proved: bool
    note: str
    who: str | None


@service
def log_drill(
    store: Store,
    *,
    backup_made_at: str,
    proved: bool,
    note: str,
    children: int | None = None,
    records: int | None = None,
    commit_no: int | None = None,
    journal_commits: int = 0,
    by: str | None = None,
) -> Changes:
    """Write down a drill of today."""
    # What is only written with comes when something is: the first page waits.
    from app.school.tables import Drill

    words = "恢复演习：完好" if proved else "恢复演习：没有通过"
    with store.action(words, kind="drill", by=by) as action:
        action.insert(
            Drill,
            happened_on=store.clock.today().isoformat(),
            backup_made_at=backup_made_at,
            children=children,
            records=records,
            commit_no=commit_no,
            journal_commits=journal_commits,
            result=PROVED if proved else FAILED,
            note=note,
            who=by,
        )
        return action.changes({"drill"})


def drills(store: Store, *, limit: int = 200) -> list[DrillEntry]:
    """Return the last drills, newest first."""
    rows = store.rows(
        "SELECT uuid, happened_on, backup_made_at, children, records, commit_no, journal_commits, result, note, who"
        " FROM drill WHERE deleted_at IS NULL ORDER BY id DESC LIMIT ?",
        (limit,),
    )
    return [
        DrillEntry(
            uuid=row[0],
            happened_on=date.fromisoformat(row[1]),
            backup_made_at=row[2],
            children=row[3],
            records=row[4],
            commit_no=row[5],
            journal_commits=row[6],
            proved=row[7] == PROVED,
            note=row[8] or "",
            who=row[9],
        )
        for row in rows
    ]


def term_without_drill(store: Store) -> Term | None:
    """Return the term in force when no drill was passed in it yet (reliability S16: once a term), else None."""
    term = school_calendar(store).term_in_force(store.clock.today())
    passed = store.one(
        "SELECT 1 FROM drill WHERE deleted_at IS NULL AND result = ? AND happened_on >= ?",
        (PROVED, term.starts_on.isoformat()),
    )
    return term if passed is None else None
