"""Writing dated facts inside an action: opening a new period, correcting one, ending one.

The rule of all of them (decisions.md §1.3, §1.7): a change on a day closes the period in force on that day and opens a
new one; the same day again is a correction of what was written; an answer that is the same is no change. Nothing is
ever written over a later period, and periods of one fact never overlap.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from app.children.identity import bad_date
from app.children.tables import Fact, Person
from app.core.dates import is_partial_date
from app.core.messages import refuse
from app.school.tables import SchoolClass
from app.storage.action import Action
from app.storage.base import Row
from app.storage.store import Store

_PERIOD_COLUMNS = frozenset({"valid_from", "valid_to", "source", "noted_on"})
_KEPT = frozenset({"id", "uuid", "entered_at", "deleted_at"})
_PARTIAL_DATES = frozenset(
    {"valid_from", "valid_to", "noted_on", "expected_return", "assessed_on", "dated_on", "evidence_date"}
)
_DAYS = frozenset({"confirmed_on"})


class OpenPeriod(Struct, frozen=True):
    """A period of one fact that has no end yet."""

    uuid: str
    valid_from: str | None
    values: Mapping[str, Any]


def stored(store: Store, model: type[Row], values: Mapping[str, object]) -> dict[str, Any]:
    """Return ``values`` by column as the file holds them.

    ``person_uuid``, ``spouse_uuid`` and ``school_class_uuid`` become the row's key; codes their value, yes and no 1
    and 0, blank text NULL. TypeError for a column the table does not have, UserError for a date that is none.
    """
    columns = {field.column_name for field in model._meta.sorted_fields} - _KEPT
    found: dict[str, Any] = {}
    for name, value in values.items():
        column = name.removesuffix("_uuid") + "_id" if name.endswith("_uuid") else name
        if column not in columns:
            raise TypeError(f"{name} is no column of {model._meta.table_name} that can be written")
        if name.endswith("_uuid") and value is not None:
            found[column] = key_of(store, SchoolClass if column == "school_class_id" else Person, str(value))
        else:
            found[column] = _plain(value)
        if found[column] is not None:
            _check_date(column, found[column])
    return found


def open_period(
    store: Store,
    action: Action,
    model: type[Fact],
    *,
    values: Mapping[str, object],
    since: str | None,
    source: str | None = None,
    noted_on: str | None = None,
    end_values: Mapping[str, object] | None = None,
) -> str | None:
    """Write that from ``since`` on the fact is ``values`` and return the row's uuid; None when that is known already.

    ``values`` hold the subject (``child_id`` or ``person_id``) and the columns, as ``stored`` returns them.
    ``since`` None = since before anybody wrote it down. ``end_values`` go to the period that ends thereby (an end
    reason). UserError when ``since`` lies before what is written already.
    """
    if since is not None:
        _check_date("valid_from", since)
    current = open_now(store, model, values)
    if current is not None:
        if all(current.values.get(column) == value for column, value in values.items()):
            return None
        if (current.valid_from or "") == (since or ""):
            action.update(model, current.uuid, **values, **_noted(source, noted_on))
            return current.uuid
        if (current.valid_from or "") > (since or ""):
            raise refuse("fact.later_known", since=current.valid_from)
        action.update(model, current.uuid, valid_to=since, **(end_values or {}))
    else:
        _refuse_before_end(store, model, values, since)
    return action.insert(model, **values, valid_from=since, **_noted(source, noted_on)).uuid


def end_period(action: Action, model: type[Fact], row: OpenPeriod, on: str, **end_values: object) -> None:
    """Let a period end: ``on`` is the first day on which the fact no longer holds. UserError when it begins later."""
    _check_date("valid_to", on)
    if row.valid_from is not None and row.valid_from >= on:
        raise refuse("fact.end_before_start", since=row.valid_from, until=on)
    action.update(model, row.uuid, valid_to=on, **end_values)


def open_now(store: Store, model: type[Fact], values: Mapping[str, object]) -> OpenPeriod | None:
    """Return the open period of the fact that ``values`` name by its key columns; None when there is none."""
    table, columns, keys = _names(model)
    where = " AND ".join(f"{key} IS ?" for key in keys)
    row = store.one(
        f"SELECT uuid, valid_from, {', '.join(columns)} FROM {table}"  # noqa: S608  # our own names
        f" WHERE {where} AND valid_to IS NULL AND deleted_at IS NULL",
        tuple(map(values.get, keys)),  # one that is left out is refused by the table
    )
    return None if row is None else OpenPeriod(row[0], row[1], dict(zip(columns, row[2:], strict=True)))


def key_of(store: Store, model: type[Row], uuid: str) -> int:
    """Return the key inside the file of a live row; UserError when there is none (any more)."""
    table = model._meta.table_name
    row = store.one(f"SELECT id FROM {table} WHERE uuid = ? AND deleted_at IS NULL", (uuid,))  # noqa: S608
    if row is None:
        raise refuse("child.unknown" if table == "child" else "row.unknown")
    return int(row[0])


def subject_column(model: type[Fact]) -> str:
    """Return the column that says whom the fact is about: ``child_id`` or ``person_id``."""
    return model.keys[0]


def _refuse_before_end(
    store: Store, model: type[Fact], values: Mapping[str, object], since: str | None
) -> None:
    table, _, keys = _names(model)
    where = " AND ".join(f"{key} IS ?" for key in keys)
    row = store.one(
        f"SELECT max(valid_to) FROM {table} WHERE {where} AND deleted_at IS NULL",  # noqa: S608
        tuple(map(values.get, keys)),  # one that is left out is refused by the table
    )
    if row is not None and row[0] is not None and row[0] > (since or ""):
        raise refuse("fact.overlaps", until=row[0])


def _names(model: type[Fact]) -> tuple[str, list[str], tuple[str, ...]]:
    """Return a model's table, its own columns, and the columns of which only one period may be open."""
    table = model._meta.table_name
    columns = [field.column_name for field in model._meta.sorted_fields]
    return table, [name for name in columns if name not in _KEPT | _PERIOD_COLUMNS], model.keys


def _noted(source: str | None, noted_on: str | None) -> dict[str, object]:
    return {"source": source, "noted_on": noted_on}


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        return str(value).strip() or None
    return value


def _check_date(column: str, value: object) -> None:
    if column in _DAYS | _PARTIAL_DATES:
        text = str(value)
        if not is_partial_date(text) or (column in _DAYS and len(text) != 10):
            raise bad_date(text)
