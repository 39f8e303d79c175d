"""How many rows wait, counted without what reads a roster: for the first glance of the day."""

from collections.abc import Mapping

from msgspec import Struct

from app.storage.store import Store


class WaitingCount(Struct, frozen=True):
    """Rows that wait for a decision: from which files (oldest import first), and how many by ``ParkedCode`` value."""

    files: tuple[str, ...]
    by_code: Mapping[str, int]

    @property
    def total(self) -> int:
        """Return how many rows wait."""
        return sum(self.by_code.values())


def waiting_count(store: Store) -> WaitingCount:
    """Count what ``waiting_rows`` would list."""
    rows = store.rows(
        "SELECT r.file_name, coalesce(json_extract(p.raw_json, '$.asks'), p.code)"
        " FROM parked_row p JOIN import_run r ON r.id = p.import_run_id"
        " WHERE p.resolution IS NULL AND p.deleted_at IS NULL ORDER BY p.id"
    )
    by_code: dict[str, int] = {}
    for _, code in rows:
        by_code[code] = by_code.get(code, 0) + 1
    return WaitingCount(tuple(dict.fromkeys(name for name, _ in rows)), by_code)
