"""Version 5: shifts by turns of three weeks and more – how often a time at which a grown-up can be reached comes round.

Frozen once released. ``every_weeks`` counts from the week of ``alternate_on`` and says nothing where that is NULL; until
now every such row meant every second week.
"""

from app.storage.migrations.history_triggers import Cursor, create_history_triggers

VERSION = 5


def apply(cursor: Cursor) -> None:
    """Add the column with its history; every row that was there means what it meant."""
    cursor.execute(
        "ALTER TABLE reachable_time ADD COLUMN every_weeks INTEGER NOT NULL DEFAULT 2"
        " CHECK (every_weeks BETWEEN 2 AND 8)"
    )
    create_history_triggers(cursor, "reachable_time")
