"""What the actor does in the care diary: a week of records in one step, a workbook of past records, a picture."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.diary.attachments import attachment_bytes
from app.diary.codes import Activity
from app.diary.drafts import PictureDraft, PromiseDraft, RecordDraft
from app.diary.service_attachments import add_attachments
from app.storage.pictures import shrink
from app.storage.store import Store
from app.tasks.diary import save_records
from app.tasks.import_diary import PAST_RECORDS
from tests.faults.kit.care import ACTS, a_record, same
from tests.faults.kit.jobs import Ack, clock_at, job, open_as_window


@job
def week_grid(ack: Ack, ledger: str, now: str) -> None:
    """Save a talk with every child in one step, a promise with each; then once more, as a double click does."""
    clock = clock_at(now)
    store = open_as_window(Path(ledger), clock)
    day = (clock.today() - timedelta(days=1)).isoformat()
    drafts = [
        RecordDraft(
            uuid=same(f"record {child}"),
            children=(child,),
            kind=Activity.TALK,
            happened_on=day,
            content=f"第 {number} 格",
            promises=(PromiseDraft(content="带一本书", uuid=same(f"promise {child}")),),
        )
        for number, (child,) in enumerate(
            store.rows("SELECT uuid FROM child WHERE deleted_at IS NULL ORDER BY id")
        )
    ]
    for _ in range(2):
        changes = save_records(store, drafts=drafts)
        if changes:
            ack(changes.action_uuid)
    store.db.close()


@job
def past_records(ack: Ack, ledger: str, now: str, workbook: str) -> None:
    """Read a workbook of past records in."""
    clock = clock_at(now)
    store = open_as_window(Path(ledger), clock)
    changes = PAST_RECORDS.bring_in(store, Path(workbook)).changes
    if changes:
        ack(changes.action_uuid)
    store.db.close()


@job
def a_day(ack: Ack, ledger: str, now: str, photo: str) -> None:
    """Do every kind of care work once."""
    store = open_as_window(Path(ledger), clock_at(now))
    (child,) = store.rows("SELECT uuid FROM child ORDER BY id LIMIT 1")[0]
    for act in ACTS:
        act(store, 1, ack)
    a_record(store, child, 1, ack)
    store.close()
    keep_picture(ack, ledger, now, photo)


@job
def keep_picture(ack: Ack, ledger: str, now: str, photo: str) -> dict[str, Any]:
    """Choose a photo for the first child and keep it; the original goes right afterwards."""
    clock = clock_at(now)
    store = open_as_window(Path(ledger), clock)
    (child,) = store.rows("SELECT uuid FROM child ORDER BY id LIMIT 1")[0]
    kept = PictureDraft(picture=shrink(Path(photo)), uuid=same(photo))
    ack(add_attachments(store, child_uuid=child, pictures=(kept,)).action_uuid)
    Path(photo).unlink()
    content = attachment_bytes(store, kept.uuid) or b""
    return {"size": len(content), "begins": content[:3].hex()}


@job
def look_at_diary(ack: Ack, ledger: str, now: str) -> dict[str, Any]:
    """Count what stands in the diary: records, different ones, promises, rows that wait, children."""
    with Store.open(Path(ledger), clock=clock_at(now), read_only=True) as store:
        texts = Counter(store.rows("SELECT child_id, content FROM care_record WHERE deleted_at IS NULL"))
        return {
            "records": texts.total(),
            "different": len(texts),
            "promises": store.rows("SELECT count(*) FROM promise WHERE deleted_at IS NULL")[0][0],
            "waiting": store.rows("SELECT count(*) FROM diary_parked")[0][0],
            "children": store.rows("SELECT count(*) FROM child WHERE deleted_at IS NULL")[0][0],
        }
