"""What was decided about rows of earlier imports, and which of them wait: the very same row is not asked about twice."""

from collections.abc import Mapping

from app.children.roster.model import Decision, Resolution
from app.children.roster.raw_rows import fingerprint_of_packed
from app.storage.store import Store


def settled_rows(store: Store) -> Mapping[str, Decision]:
    """Return fingerprint → what was decided about the very same row in an earlier import."""
    rows = store.rows(
        "SELECT p.raw_json, p.resolution, c.uuid FROM parked_row p LEFT JOIN child c ON c.id = p.child_id"
        " AND c.deleted_at IS NULL WHERE p.resolution IS NOT NULL AND p.deleted_at IS NULL"
        " AND p.code = 'maybe_same_person' ORDER BY p.id"
    )
    return {
        fingerprint_of_packed(raw): Decision(Resolution(resolution), uuid) for raw, resolution, uuid in rows
    }


def waiting_rows(store: Store) -> frozenset[str]:
    """Return the fingerprints of rows that are waiting, or were dropped: they are not kept a second time."""
    rows = store.rows(
        "SELECT raw_json FROM parked_row WHERE deleted_at IS NULL AND (resolution IS NULL OR resolution = 'dropped')"
    )
    return frozenset(fingerprint_of_packed(raw) for (raw,) in rows)
