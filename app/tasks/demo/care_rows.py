"""What is to be written of the demo school's care work, gathered first: records go in before what names them."""

from datetime import date
from typing import Any

from msgspec import Struct

from app.diary.tables import CareRecord
from app.school.calendar import SchoolCalendar
from app.school.queries import school_calendar
from app.storage.action import Action
from app.storage.base import Row
from app.storage.store import Store
from app.tasks.demo.families import Times
from app.tasks.demo.invent import Invent


class CareKid(Struct, frozen=True):
    """A child of the ledger with what its care work needs; ids are keys of the file."""

    id: int
    pronoun: str
    teacher_id: int
    carer_id: int | None
    since: date
    home: str
    carer: str
    relation: str


class CareRows:
    """Rows by table, written together."""

    def __init__(self, store: Store, action: Action, times: Times, invent: Invent) -> None:
        self.action = action
        self.times = times
        self.invent = invent
        self.calendar: SchoolCalendar = school_calendar(store)
        self._rows: dict[type[Row], list[dict[str, Any]]] = {}

    def row(self, model: type[Row], **values: Any) -> dict[str, Any]:
        """Plan a row. A record is named by its uuid until it has a key."""
        row = {"uuid": self.invent.uuid(), **values}
        self._rows.setdefault(model, []).append(row)
        return row

    def write(self) -> None:
        """Write everything. Who made a promise, or closed an event, is named by the key of a record: those go first."""
        records = self._rows.pop(CareRecord, [])
        keys = {
            row["uuid"]: int(key)
            for row, key in zip(records, self.action.insert_many(CareRecord, records), strict=True)
        }
        for model, rows in self._rows.items():
            for row in rows:
                for column in ("care_record", "closed_by", "kept_record"):
                    if isinstance(row.get(column), str):
                        row[column] = keys[row[column]]
            self.action.insert_many(model, rows)
