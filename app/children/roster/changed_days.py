"""On which day the ledger changed what a class sheet had printed, and the question that follows where the sheet did too."""

import json
from collections.abc import Iterator, Mapping
from datetime import date

from app.children.codes import Relation
from app.children.roster.draft import RowDraft
from app.children.roster.ledger_state import Known, LedgerState
from app.children.roster.since_print import BOTH_CHANGED, SincePrint, question
from app.storage.store import Store

# Target → the facts of the child it is printed from.
_OF_CHILD: Mapping[str, tuple[str, ...]] = {
    "class.name": ("enrolment",),
    "boarding": ("boarding",),
    "health.status": ("health",),
    "residence.address": ("residence",),
    "residence.village": ("residence",),
    "residence.group": ("residence",),
    "care.grade": ("care",),
    "carer.name": ("care",),
    "carer.relation": ("care",),
    "carer.phone": ("care",),
}
_AWAY = ("out", "place", "since")
_PARENTS = {"father": Relation.FATHER.value, "mother": Relation.MOTHER.value}


class ChangedDays:
    """Asks about the cells that both sides have changed; reads the history only when there is such a cell."""

    def __init__(self, store: Store, state: LedgerState) -> None:
        self._store = store
        self._state = state

    def ask(self, draft: RowDraft, since: SincePrint, known: Known, data_date: date) -> None:
        """Mark every cell that sheet and ledger have changed differently: the ledger's value stays until it is answered."""
        said_on = draft.checked[0] if draft.checked else data_date.isoformat()
        for parted in since.asked:
            day = self._changed_on(known, parted.target, since.row.commit_no)
            field = parted.target.removeprefix("child.")
            draft.mark(field, BOTH_CHANGED, question(parted, day, said_on), parted.cell)

    def _changed_on(self, known: Known, target: str, commit_no: int) -> str:
        """Return the last day (ISO) on which something was entered that is printed under the target; "" for none."""
        owner, _, column = target.partition(".")
        columns = frozenset({column}) if owner == "child" else None
        uuids = {known.uuid} if owner == "child" else set(self._rows(known, target))
        days = [
            at[:10]
            for uuid in sorted(uuids - {""})
            for at, before, after in self._changes(uuid, commit_no)
            if columns is None or columns & _differing(before, after)
        ]
        return max(days, default="")

    def _changes(self, uuid: str, commit_no: int) -> Iterator[tuple[str, str | None, str | None]]:
        yield from self._store.rows(
            "SELECT a.at, c.before_json, c.after_json FROM change c JOIN action a ON a.id = c.action_id"
            " WHERE c.row_uuid = ? AND a.commit_no > ? AND a.undone_by_id IS NULL",
            (uuid, commit_no),
        )

    def _rows(self, known: Known, target: str) -> Iterator[str]:
        owner, _, column = target.partition(".")
        for table in _OF_CHILD.get(target, ()):
            yield from self._uuids(table, known.id)
        people: list[int] = []
        if owner in _PARENTS:
            kin = self._state.kin.get(known.id, [])
            people = [person for person, period in kin if period.values["relation"] == _PARENTS[owner]]
        elif owner == "carer":
            care = self._state.of("care", known.id)
            people = [p.values["person_id"] for p in care if p.valid_to is None and p.values["person_id"]]
        for person in people:
            yield from self._uuids("kinship", known.id, person)
            if column == "name" and person in self._state.persons:
                yield self._state.persons[person].uuid
            if column in _AWAY:
                yield from self._uuids("away", person)
            if column == "phone":
                for number in self._state.phones_of.get(person, ()):
                    yield from self._uuids("phone", person, number)

    def _uuids(self, table: str, subject: int, *key: object) -> Iterator[str]:
        for period in self._state.of(table, subject, *key):
            yield period.uuid


def _differing(before_json: str | None, after_json: str | None) -> frozenset[str]:
    before = json.loads(before_json) if before_json else {}
    after = json.loads(after_json) if after_json else {}
    return frozenset(column for column in {*before, *after} if before.get(column) != after.get(column))
