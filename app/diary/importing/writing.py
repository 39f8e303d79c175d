"""Writing planned records with their promises; whoever brings them in says as what action."""

from collections.abc import Sequence

from app.diary.checking import supporter_id
from app.diary.importing.model import PlannedRecord
from app.diary.tables import CareRecord, Promise
from app.storage.action import Action
from app.storage.entry_day import entry_day
from app.storage.store import Store


def write_records(store: Store, action: Action, rows: Sequence[PlannedRecord]) -> None:
    """Write planned records with their promises inside ``action``; all of them count as written down today."""
    supporters = {row.supporter: supporter_id(store, action, row.supporter) for row in rows}
    entered_on = entry_day(store)
    keys = action.insert_many(
        CareRecord,
        [
            {
                **(row.values or {}),
                "child_id": row.child_id,
                "supporter_id": supporters[row.supporter],
                "entered_on": entered_on,
            }
            for row in rows
        ],
    )
    action.insert_many(
        Promise,
        [
            {
                "child_id": row.child_id,
                "care_record_id": key,
                "supporter_id": supporters[row.supporter],
                "content": row.promise,
                "promised_on": row.happened_on,
                "due_on": row.promise_due,
            }
            for row, key in zip(rows, keys, strict=True)
            if row.promise
        ],
    )
