"""What the edge families have in common: days before today, and settling a child whose special facts are told."""

from datetime import date, timedelta

from app.tasks.demo.families import Kid, Times
from app.tasks.demo.usual import make_up


def ago(times: Times, days: int) -> date:
    """Return the day so many days before today."""
    return times.today - timedelta(days=days)


def iso(times: Times, days: int) -> str:
    """Return the day so many days before today as ISO text."""
    return ago(times, days).isoformat()


def settle(kid: Kid, *, days: int = 400, gaps: int = 0) -> Kid:
    """Put the child into its class and onto the ledger, and make up the rest."""
    kid.relate()
    kid.enrol()
    since = max(ago(kid.family.times, days), kid.family.times.entered(kid.ref)) if kid.ref else None
    kid.register(since)
    make_up(kid, gaps=gaps)
    return kid
