"""The ledger as an import compares itself with it: every live row read once, by plain SQL."""

import json
from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from app.storage.store import Store

# Table → (whose, key columns, value columns).
TABLES: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "kinship": ("child_id", ("person_id",), ("relation", "label", "lives_together")),
    "care": ("child_id", (), ("person_id", "kind", "grade", "carer_able", "assessed_on", "assessor")),
    "registration": ("child_id", ("kind",), ("end_reason", "end_note")),
    "enrolment": ("child_id", (), ("school_class_id", "end_reason")),
    "schooling": ("child_id", (), ("status",)),
    "boarding": ("child_id", (), ("boards",)),
    "health": ("child_id", (), ("status", "illness")),
    "disability": ("child_id", ("kind",), ("grade", "certificate_no")),
    "household": ("child_id", (), ("registered", "kind", "place", "village_committee")),
    "residence": ("child_id", (), ("address", "village", "village_group")),
    "category_flag": ("child_id", ("category",), ("basis", "evidence_date")),
    "unsupported_ground": ("child_id", ("person_id", "ground"), ()),
    "household_fact": ("child_id", ("kind", "code"), ("basis",)),
    "reported_status": ("child_id", (), ("label", "raw")),
    "life_status": ("person_id", (), ("status",)),
    "capacity": ("person_id", (), ("capable", "reason")),
    "away": ("person_id", (), ("state", "place", "trade", "employer", "expected_return")),
    "phone": ("person_id", ("number",), ("label", "confirmed_on", "result")),
    "marriage": ("person_id", (), ("status",)),
}
PERSON_COLUMNS = (
    "name",
    "sex",
    "birth_date",
    "id_number",
    "education",
    "health",
    "occupation",
    "dialect_only",
    "address",
    "note",
)
CHILD_COLUMNS = (
    "name",
    "former_name",
    "name_note",
    "sex",
    "ethnicity",
    "birth_date",
    "birth_source",
    "birth_note",
    "id_number",
    "student_registry_no",
    "student_no",
    "native_place",
    "birth_place",
    "nationality",
    "political_status",
    "only_child",
    "phone",
    "blood_type",
    "allergies",
    "medical_history",
    "personality",
    "hobbies",
    "study",
    "behaviour",
    "family_contact",
    "special_needs",
    "care_measures",
    "archive_no",
    "note",
)


class Period(Struct):
    """One row of a dated fact. ``id`` is negative while it is only planned."""

    id: int
    uuid: str
    valid_from: str | None
    valid_to: str | None
    values: dict[str, Any]


class Known(Struct):
    """A child or a grown-up with the columns of their row; ``id`` is negative while they are only planned."""

    id: int
    uuid: str
    values: dict[str, Any]
    in_bin: bool = False


class LedgerState(Struct):
    """All children (those in the recycle bin too), grown-ups and dated facts, and what was decided about cells."""

    children: dict[int, Known] = field(default_factory=dict)
    persons: dict[int, Known] = field(default_factory=dict)
    periods: dict[tuple[Any, ...], list[Period]] = field(default_factory=dict)
    kin: dict[int, list[tuple[int, Period]]] = field(default_factory=dict)
    phones_of: dict[int, list[str]] = field(default_factory=dict)
    contacts: dict[int, dict[int, int]] = field(default_factory=dict)
    doubts: dict[int, list[tuple[int, str, str, str | None, str | None]]] = field(default_factory=dict)
    newer: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def of(self, table: str, subject: int, *key: Any) -> list[Period]:
        """Return the periods of one fact, in the order of their start."""
        return self.periods.get((table, subject, *key), [])

    def add(self, table: str, subject: int, key: tuple[Any, ...], period: Period) -> None:
        """Note a further period."""
        self.periods.setdefault((table, subject, *key), []).append(period)
        if table == "kinship":
            self.kin.setdefault(subject, []).append((key[0], period))
        elif table == "phone" and key[0] not in self.phones_of.setdefault(subject, []):
            self.phones_of[subject].append(key[0])


def read_ledger(store: Store, day: str) -> LedgerState:
    """Return the whole ledger; ``day`` is the data date, after which entries by hand count as newer."""
    state = LedgerState()
    names = ", ".join(CHILD_COLUMNS)
    for id, uuid, deleted, *values in store.rows(f"SELECT id, uuid, deleted_at, {names} FROM child"):  # noqa: S608  # our own column names
        state.children[id] = Known(
            id, uuid, dict(zip(CHILD_COLUMNS, values, strict=True)), deleted is not None
        )
    if not state.children:
        return state
    names = ", ".join(PERSON_COLUMNS)
    for id, uuid, *values in store.rows(f"SELECT id, uuid, {names} FROM person WHERE deleted_at IS NULL"):  # noqa: S608
        state.persons[id] = Known(id, uuid, dict(zip(PERSON_COLUMNS, values, strict=True)))
    for table, (subject, keys, columns) in TABLES.items():
        _read_periods(store, state, table, subject, keys, columns)
    for child, person, rank in store.rows(
        "SELECT child_id, person_id, rank FROM contact_order WHERE deleted_at IS NULL AND person_id IS NOT NULL"
    ):
        state.contacts.setdefault(child, {})[person] = rank
    for id, child, *doubt in store.rows(
        "SELECT id, child_id, field, code, raw, resolved_at FROM doubt WHERE deleted_at IS NULL"
    ):
        state.doubts.setdefault(child, []).append((id, *doubt))
    state.newer = _entered_after(store, day)
    return state


def _read_periods(
    store: Store,
    state: LedgerState,
    table: str,
    subject: str,
    keys: tuple[str, ...],
    columns: tuple[str, ...],
) -> None:
    names = ", ".join(("id", "uuid", "valid_from", "valid_to", subject, *keys, *columns))
    sql = f"SELECT {names} FROM {table} WHERE deleted_at IS NULL ORDER BY coalesce(valid_from, '')"  # noqa: S608
    width = 5 + len(keys)
    for row in store.rows(sql):
        period = Period(row[0], row[1], row[2], row[3], dict(zip(columns, row[width:], strict=True)))
        state.add(table, row[4], tuple(row[5:width]), period)


def _entered_after(store: Store, day: str) -> dict[tuple[str, str], frozenset[str]]:
    """Return (table, row uuid) → columns that somebody entered by hand after ``day``."""
    found: dict[tuple[str, str], set[str]] = {}
    rows = store.rows(
        "SELECT c.table_name, c.row_uuid, c.before_json, c.after_json FROM change c JOIN action a ON a.id = c.action_id"
        " WHERE a.kind <> 'import' AND a.undone_by_id IS NULL AND a.at > ? AND c.after_json IS NOT NULL",
        (f"{day}T24",),
    )
    for table, uuid, before_json, after_json in rows:
        after = json.loads(after_json)
        before = json.loads(before_json) if before_json else {}
        changed = {
            column for column, value in after.items() if value is not None and value != before.get(column)
        }
        found.setdefault((table, uuid), set()).update(changed)
    return {row: frozenset(columns) for row, columns in found.items()}
