"""How many children a data file has on its ledger, as backups, the state of the file and the status line count them."""

from typing import Any

from app.storage.in_force import in_force_sql

# Open registrations as left behind (decisions §1.1) on the day asked for.
_ON_LEDGER = f"""
    SELECT count(DISTINCT r.child_id) FROM registration r WHERE r.kind = 'left_behind' AND {in_force_sql("r")}
"""
# Whoever has nothing written in it has no day either: then whatever is open counts.
_NO_DAY = "9999-12-31"


def counting_day(connection: Any, today: str | None) -> str:
    """Return the ISO day on which the children of an open file are counted: the later of ``today`` and any entry.

    A clock that went back to 2019 must not make a ledger of 118 children look like one of none. The latest entry, not
    the last one: that may have been saved under the wrong clock too.
    """
    (latest,) = connection.execute("SELECT max(at) FROM action").fetchone()
    return max((day for day in (today, str(latest)[:10] if latest else None) if day), default=_NO_DAY)


def children_on(connection: Any, day: str) -> int:
    """Return how many children stand on the ledger of an open file on an ISO day."""
    return int(connection.execute(_ON_LEDGER, (day,)).fetchone()[0])
