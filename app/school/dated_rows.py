"""A set of dated rows that belong together (the hours of a line, of a grown-up), changed as one from a day on."""

from collections.abc import Mapping, Sequence
from datetime import date

from app.core.messages import refuse
from app.school.tables import Period
from app.storage.action import Action
from app.storage.store import Store


def replace_set(
    store: Store,
    action: Action,
    model: type[Period],
    *,
    owner: tuple[str, int],
    wanted: Sequence[Mapping[str, object]],
    since: date,
) -> None:
    """Write inside ``action`` that from ``since`` on the rows of ``owner`` (column, key) are these and no others.

    Every one of ``wanted`` has the same columns. What is so already stays as it is; what is not wanted any more ends on
    ``since``, or goes when it began that very day. UserError ``dated.later_known`` when one begins after ``since``.
    """
    column, key = owner
    columns = list(wanted[0]) if wanted else []
    listed = "".join(f", {name}" for name in columns)
    start = since.isoformat()
    rows = store.rows(
        f"SELECT uuid, valid_from, valid_to{listed} FROM {model._meta.table_name}"  # noqa: S608  # our own names
        f" WHERE {column} = ? AND deleted_at IS NULL AND (valid_to IS NULL OR valid_to > ?)",
        (key, start),
    )
    missing = [tuple(values[name] for name in columns) for values in wanted]
    for uuid, began, ends, *values in rows:
        if began is not None and began > start:
            raise refuse("dated.later_known", since=began)
        if ends is None and tuple(values) in missing:
            missing.remove(tuple(values))
        else:
            end_row(action, model, uuid, began, start)
    noted = store.clock.today().isoformat()
    for found in missing:
        stored = dict(zip(columns, found, strict=True))
        action.insert(model, **{column: key}, **stored, valid_from=start, noted_on=noted)


def save_row(
    store: Store,
    action: Action,
    model: type[Period],
    uuid: str,
    values: Mapping[str, object],
    since: date,
) -> None:
    """Write inside ``action`` a row of that uuid that holds from ``since`` on; saved twice it is one.

    A known one that began earlier and says something else ends on ``since``, and another goes on; one that began on
    ``since`` or later is corrected.
    """
    start = since.isoformat()
    listed = ", ".join(values)
    row = store.one(
        f"SELECT valid_from, valid_to, {listed} FROM {model._meta.table_name}"  # noqa: S608  # our own names
        " WHERE uuid = ? AND deleted_at IS NULL",
        (uuid,),
    )
    noted = store.clock.today().isoformat()
    if row is None:
        action.insert(model, uuid=uuid, **values, valid_from=start, noted_on=noted)
        return
    began, ended, *present = row
    if present == list(values.values()) or ended is not None:
        return
    if (began or "") < start:
        action.update(model, uuid, valid_to=start)
        action.insert(model, **values, valid_from=start, noted_on=noted)
    else:
        action.update(model, uuid, **values, valid_from=start)


def end_row(action: Action, model: type[Period], uuid: str, began: str | None, on: str) -> None:
    """Let a row hold no longer from ``on`` on; one that began that very day never held.

    UserError ``fact.end_before_start`` when it begins later.
    """
    if began == on:
        action.soft_delete(model, uuid)
    elif began is not None and began > on:
        raise refuse("fact.end_before_start", since=began, until=on)
    else:
        action.update(model, uuid, valid_to=on)
