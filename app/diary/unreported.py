"""The 强制报告 that are owed, and the steps of incidents that are overdue. By itself: what 今日 waits for brings in no table."""

import json
from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from app.diary.codes import IncidentKind, ReportBody
from app.diary.incidents_rules import (
    AUTHORITIES,
    IncidentFacts,
    ReportFacts,
    StepLimits,
    StepState,
    steps,
)
from app.school.limits import Limit, limit
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


class Unfinished(Struct, frozen=True):
    """An incident that is not closed, with the names of its overdue steps, without its child."""

    uuid: str
    number: str
    found_at: str
    overdue: tuple[str, ...]


def unfinished(store: Store) -> Iterator[Unfinished]:
    """Yield the incidents not closed of which a step is overdue, the oldest first."""
    now = store.clock.now().isoformat(timespec="minutes")
    for facts in _open(store):
        found = steps(facts, step_limits(store, date.fromisoformat(facts.found_at[:10])), now)
        overdue = tuple(step.name for step in found if step.state is StepState.OVERDUE)
        if overdue:
            yield Unfinished(facts.uuid, facts.number, facts.found_at, overdue)


def step_limits(store: Store, on: date) -> StepLimits:
    """Return the limits of the steps in force on a day."""
    return StepLimits(
        carer=limit(store, Limit.CARER_TOLD_MINUTES, on),
        parents=limit(store, Limit.PARENTS_TOLD_MINUTES, on),
        office=limit(store, Limit.OFFICE_TOLD_MINUTES, on),
    )


def _open(store: Store) -> list[IncidentFacts]:
    """Return the incidents that are not closed with what their steps go by, nothing of whom they are about."""
    reports: dict[int, list[ReportFacts]] = {}
    for key, uuid, at, body in store.rows(
        "SELECT r.incident_id, r.uuid, r.reported_at, r.body FROM incident_report r JOIN incident i ON i.id = r.incident_id"
        " WHERE r.deleted_at IS NULL AND i.closed_on IS NULL"
    ):
        reports.setdefault(key, []).append(ReportFacts(uuid=uuid, reported_at=at, body=ReportBody(body)))
    rows = store.rows(
        "SELECT i.id, i.uuid, i.number, i.kind, i.found_at, i.rescued_at, i.carer_told_at, i.parents_told_at,"
        " i.carer_untold, i.parents_untold, i.must_report FROM incident i JOIN child c ON c.id = i.child_id"
        " WHERE i.closed_on IS NULL AND i.deleted_at IS NULL AND c.deleted_at IS NULL ORDER BY i.found_at, i.id"
    )
    return [
        IncidentFacts(
            uuid=row[1],
            number=row[2],
            child_uuid="",
            child_name="",
            class_name="",
            kind=IncidentKind(row[3]),
            found_at=row[4],
            entered_on="",
            rescued_at=row[5],
            carer_told_at=row[6],
            parents_told_at=row[7],
            carer_untold=row[8],
            parents_untold=row[9],
            must_report=bool(row[10]),
            reports=reports.get(row[0], ()),
        )
        for row in rows
    ]
