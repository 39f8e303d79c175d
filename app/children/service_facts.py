"""Writing dated facts: 情况变了, a correction, an end, something from before, a mistake taken out.

``table`` is a name of ``tables.DATED``. ``values`` hold its columns; rows are named by uuid (``person_uuid`` …).
"""

from collections.abc import Mapping

from app.children.affected import changes_of, name_of_child
from app.children.identity import bad_date
from app.children.labels import TABLES
from app.children.periods import OpenPeriod, end_period, key_of, open_now, open_period, stored
from app.children.tables import DATED, Child, Fact, OfPerson, Person
from app.core.changes import Changes
from app.core.dates import is_partial_date
from app.core.messages import refuse
from app.storage.action import Action
from app.storage.service import service
from app.storage.store import Store


@service
def record_fact(
    store: Store,
    *,
    table: str,
    subject_uuid: str,
    values: Mapping[str, object],
    since: str | None,
    source: str | None = None,
    by: str | None = None,
) -> Changes:
    """情况变了: from ``since`` on it is so; what held before ends on that day. The same day is a correction.

    ``subject_uuid`` names the child or the grown-up. An answer that is known already writes nothing. UserError when
    something later is written already (``fact.later_known``, ``fact.overlaps``).
    """
    model = _dated(table)
    subject, subject_id = _subject(store, model, subject_uuid)
    columns = {subject: subject_id, **stored(store, model, values)}
    with store.action(_words(store, model, subject_id, "情况变了"), kind=f"{table}.record", by=by) as action:
        today = store.clock.today().isoformat()
        open_period(store, action, model, values=columns, since=since, source=source, noted_on=today)
        return _changes(store, action, model, subject_id)


@service
def record_past(
    store: Store,
    *,
    table: str,
    subject_uuid: str,
    values: Mapping[str, object],
    since: str | None,
    until: str,
    source: str | None = None,
    by: str | None = None,
) -> Changes:
    """补录以前: from ``since`` until ``until`` it was so. UserError ``storage.overlap`` when it meets another."""
    model = _dated(table)
    subject, subject_id = _subject(store, model, subject_uuid)
    columns = {subject: subject_id, **stored(store, model, values)}
    _check(since, until)
    with store.action(
        _words(store, model, subject_id, "补录以前的情况"), kind=f"{table}.past", by=by
    ) as action:
        noted_on = store.clock.today().isoformat()
        action.insert(model, **columns, valid_from=since, valid_to=until, source=source, noted_on=noted_on)
        return _changes(store, action, model, subject_id)


@service
def correct_fact(
    store: Store, *, table: str, row_uuid: str, values: Mapping[str, object], by: str | None = None
) -> Changes:
    """更正: what was written was wrong. ``values`` may hold ``valid_from``, ``valid_to``, ``source`` too."""
    model = _dated(table)
    row_id, subject_id, valid_from, valid_to = _row(store, model, row_uuid)
    columns = stored(store, model, values)
    _check(columns.get("valid_from", valid_from), columns.get("valid_to", valid_to))
    with store.action(_words(store, model, subject_id, "更正"), kind=f"{table}.correct", by=by) as action:
        action.update(model, row_id, **columns)
        return _changes(store, action, model, subject_id)


@service
def end_fact(
    store: Store,
    *,
    table: str,
    row_uuid: str,
    on: str,
    values: Mapping[str, object] | None = None,
    by: str | None = None,
) -> Changes:
    """Let a fact end: ``on`` is the first day on which it no longer holds, and nothing takes its place."""
    model = _dated(table)
    _, subject_id, valid_from, _ = _row(store, model, row_uuid)
    columns = stored(store, model, values or {})
    with store.action(_words(store, model, subject_id, "到此为止"), kind=f"{table}.end", by=by) as action:
        end_period(action, model, OpenPeriod(row_uuid, valid_from, {}), on, **columns)
        return _changes(store, action, model, subject_id)


@service
def remove_fact(store: Store, *, table: str, row_uuid: str, by: str | None = None) -> Changes:
    """Take out a fact that never was so; it lies in the recycle bin. What ended for its sake holds again."""
    model = _dated(table)
    row_id, subject_id, valid_from, valid_to = _row(store, model, row_uuid)
    with store.action(
        _words(store, model, subject_id, "删去记错的一条"), kind=f"{table}.remove", by=by
    ) as action:
        action.soft_delete(model, row_id)
        if valid_from is not None and valid_to is None:
            _reopen(store, action, model, row_id, valid_from)
        return _changes(store, action, model, subject_id)


def _dated(table: str) -> type[Fact]:
    found = DATED.get(table)
    if found is None:
        raise refuse("service.code", text=table)
    return found


def _reopen(store: Store, action: Action, model: type[Fact], row_id: int, day: str) -> None:
    """Open again the period that ended on the day on which the removed one began."""
    table, listed = model._meta.table_name, ", ".join(model.keys)
    keys = store.one(f"SELECT {listed} FROM {table} WHERE id = ?", (row_id,)) or ()  # noqa: S608  # our own names
    if open_now(store, model, dict(zip(model.keys, keys, strict=True))) is not None:
        return
    same = " AND ".join(f"{key} IS ?" for key in model.keys)
    row = store.one(
        f"SELECT id FROM {table} WHERE {same} AND valid_to = ? AND deleted_at IS NULL",  # noqa: S608
        (*keys, day),
    )
    if row is not None:
        reasons = {name: None for name in ("end_reason", "end_note") if name in model._meta.fields}
        action.update(model, row[0], valid_to=None, **reasons)


def _subject(store: Store, model: type[Fact], uuid: str) -> tuple[str, int]:
    is_person = issubclass(model, OfPerson)
    return model.keys[0], key_of(store, Person if is_person else Child, uuid)


def _row(store: Store, model: type[Fact], uuid: str) -> tuple[int, int, str | None, str | None]:
    table = model._meta.table_name
    row = store.one(
        f"SELECT id, {model.keys[0]}, valid_from, valid_to FROM {table}"  # noqa: S608  # our own names
        " WHERE uuid = ? AND deleted_at IS NULL",
        (uuid,),
    )
    if row is None:
        raise refuse("fact.unknown")
    return row[0], row[1], row[2], row[3]


def _words(store: Store, model: type[Fact], subject_id: int, what: str) -> str:
    if issubclass(model, OfPerson):
        row = store.one("SELECT name FROM person WHERE id = ?", (subject_id,))
        name = (row[0] if row else None) or "家人"
    else:
        row = store.one("SELECT uuid FROM child WHERE id = ?", (subject_id,))
        name = name_of_child(store, row[0]) if row else ""
    return f"{name}：{TABLES[model._meta.table_name]}，{what}"


def _changes(store: Store, action: Action, model: type[Fact], subject_id: int) -> Changes:
    if issubclass(model, OfPerson):
        return changes_of(store, action, people=(subject_id,))
    row = store.one("SELECT uuid FROM child WHERE id = ?", (subject_id,))
    return changes_of(store, action, children=(row[0],) if row else ())


def _check(valid_from: str | None, valid_to: str | None) -> None:
    for text in (valid_from, valid_to):
        if text is not None and not is_partial_date(text):
            raise bad_date(text)
    if valid_from is not None and valid_to is not None and valid_from >= valid_to:
        raise refuse("fact.end_before_start", since=valid_from, until=valid_to)
