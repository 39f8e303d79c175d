"""The 强制报告 that are owed. By itself: what 今日 waits for brings in no table."""

import json

from msgspec import Struct

from app.diary.incidents_rules import AUTHORITIES
from app.storage.store import Store


class Unreported(Struct, frozen=True):
    """An incident with 强制报告 of which no authority was told, without its child: ``found_at`` is YYYY-MM-DDTHH:MM."""

    uuid: str
    number: str
    found_at: str


def unreported(store: Store) -> tuple[Unreported, ...]:
    """Return the incidents whose 强制报告 is still owed, the oldest first (未成年人保护法 11).

    One that was closed without it is among them: that it is over tells nobody.
    """
    return tuple(
        Unreported(*row)
        for row in store.rows(
            "SELECT i.uuid, i.number, i.found_at FROM incident i JOIN child c ON c.id = i.child_id"
            " WHERE i.must_report = 1 AND i.deleted_at IS NULL AND c.deleted_at IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM incident_report r WHERE r.incident_id = i.id AND r.deleted_at IS NULL"
            " AND r.body IN (SELECT value FROM json_each(?))) ORDER BY i.found_at, i.id",
            (json.dumps(sorted(body.value for body in AUTHORITIES)),),
        )
    )
