"""The day on which something counts as written down."""

from app.storage.store import Store


def entry_day(store: Store) -> str:
    """Return today as an ISO day, but never a day before the last save: a clock set back cannot back-date a record."""
    row = store.one("SELECT at FROM action WHERE commit_no IS NOT NULL ORDER BY at DESC LIMIT 1")
    today = store.clock.today().isoformat()
    return today if row is None else max(today, str(row[0])[:10])
