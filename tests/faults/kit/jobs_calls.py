"""What the actor does with affection calls: a telephone with hours, the plan of some weeks, the log of a session."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import networkx as nx  # noqa: F401 - loaded once, before the children are forked

from app.calls.codes import LineKind, Outcome
from app.calls.log_drafts import LogDraft
from app.calls.service_lines import LineDraft, OpeningDraft, save_line, set_openings
from app.calls.service_log import save_calls
from app.storage.store import Store
from app.tasks.calls_plan import preview, write
from tests.faults.kit.care import same
from tests.faults.kit.jobs import Ack, clock_at, job, open_as_window

LINE = "活动室座机"
WEEKS = 3


@job
def plan_calls(ack: Ack, ledger: str, now: str) -> None:
    """Put a telephone into use, plan three weeks, and write down a session in which nobody could be reached."""
    clock = clock_at(now)
    store = open_as_window(Path(ledger), clock)
    today = clock.today()
    known = store.one("SELECT uuid FROM call_line WHERE name = ?", (LINE,))
    line = same(LINE) if known is None else known[0]
    if known is None:
        draft = LineDraft(uuid=line, name=LINE, kind=LineKind.ROOM_PHONE)
        ack(save_line(store, draft=draft, since=today).action_uuid)
    if store.one("SELECT 1 FROM call_opening") is None:
        hours = [
            OpeningDraft(weekday=day, starts="12:00", ends="13:00", slot_minutes=10) for day in range(1, 6)
        ]
        ack(set_openings(store, line_uuid=line, openings=hours, since=today).action_uuid)
    plan = preview(store, first=today + timedelta(days=1), last=today + timedelta(weeks=WEEKS))
    if plan.changes_anything:
        ack(write(store, plan=plan).action_uuid)
    drafts = [
        LogDraft(
            uuid=same(f"call {child}"),
            child_uuid=child,
            happened_on=today.isoformat(),
            outcome=Outcome.NO_ANSWER,
        )
        for (child,) in store.rows("SELECT uuid FROM child WHERE deleted_at IS NULL ORDER BY id LIMIT 6")
    ]
    changes = save_calls(store, drafts=drafts)
    if changes:
        ack(changes.action_uuid)
    store.db.close()


@job
def look_at_calls(ack: Ack, ledger: str, now: str) -> dict[str, Any]:
    """Count what stands in the plan and in the log, and what a plan made now would still change."""
    clock = clock_at(now)
    with Store.open(Path(ledger), clock=clock, read_only=True) as store:
        planned = store.rows("SELECT child_id, day, starts FROM planned_call WHERE deleted_at IS NULL")
        logged = store.rows("SELECT child_id FROM affection_call WHERE deleted_at IS NULL")
        found = {
            "planned": len(planned),
            "slots": len({(day, starts) for _, day, starts in planned}),
            "children": len({child for child, _, _ in planned}),
            "logged": len(logged),
            "called": len({child for (child,) in logged}),
        }
        if planned:
            today = clock.today()
            plan = preview(store, first=today + timedelta(days=1), last=today + timedelta(weeks=WEEKS))
            found["changes"] = plan.changes_anything
        return found
