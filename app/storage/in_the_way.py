"""What stands now where an undo would put a row back: who wrote it, when, in words."""

import json
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from app.storage.store import Store

# Table and column names below come from the schema, never from a user.


class Obstacle(Struct, frozen=True):
    """The action that wrote last what stands in the way."""

    action_uuid: str
    at: str
    words: str


# A call stands in the way of another at the same time on the same line, or of the same child.
_SAME_TIME: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "planned_call": (("call_line_id", "day"), ("child_id", "day"))
}
_MEANWHILE = " AND cancelled_on IS NULL AND starts < :ends AND :starts < ends"


def standing_in_the_way(store: Store, action_uuid: str) -> Obstacle | None:
    """Return who wrote what now stands where a row of an action was before it; None when nothing does."""
    rows = store.rows(
        "SELECT table_name, before_json FROM change WHERE before_json IS NOT NULL"
        " AND action_id = (SELECT id FROM action WHERE uuid = ?) ORDER BY seq DESC",
        (action_uuid,),
    )
    found = (standing_there(store, table, before) for table, before in rows)
    return next((one for one in found if one is not None), None)


def standing_there(store: Store, table: str, image: str) -> Obstacle | None:
    """Return who wrote the live row that keeps ``image`` (JSON) of a row of ``table`` from coming back."""
    wanted = json.loads(image)
    if wanted.get("deleted_at") is not None:
        return None
    for keys, more in _guards(store, table):
        if not all(key in wanted for key in keys):
            continue
        # No column at all: there may be one live row in the table.
        same = " AND ".join(f'"{key}" IS :{key}' for key in keys) or "1"
        row = store.one(
            "SELECT a.uuid, a.at, a.words FROM change ch JOIN action a ON a.id = ch.action_id"
            " WHERE ch.table_name = :of_table AND a.commit_no IS NOT NULL AND ch.row_uuid IN"
            f' (SELECT uuid FROM "{table}" WHERE {same} AND uuid <> :uuid AND deleted_at IS NULL{more})'
            " ORDER BY ch.seq DESC LIMIT 1",
            {**wanted, "of_table": table},
        )
        if row is not None:
            return Obstacle(str(row[0]), str(row[1]), str(row[2]))
    return None


def _guards(store: Store, table: str) -> Iterator[tuple[Sequence[str], str]]:
    """Yield the columns of which a table allows one live row at a time, and what else must hold of it.

    In an index what is not known equals nothing, in the look for periods it equals itself (``create_period_guard``).
    """
    for keys in _SAME_TIME.get(table, ()):
        yield keys, _MEANWHILE
    for _, name, unique, *_ in store.rows(f'PRAGMA index_list("{table}")'):
        if name == f"period_{table}":
            more = (
                " AND coalesce(valid_from, '') < coalesce(:valid_to, '9999')"
                " AND coalesce(:valid_from, '') < coalesce(valid_to, '9999')"
            )
            yield _columns(store, name), more
        elif unique and table not in _SAME_TIME and name != f"one_open_{table}":
            keys = _columns(store, name)
            if "uuid" not in keys:
                yield keys, "".join(f' AND "{key}" IS NOT NULL' for key in keys)


def _columns(store: Store, index: str) -> tuple[str, ...]:
    return tuple(str(row[2]) for row in store.rows(f'PRAGMA index_info("{index}")') if row[2] is not None)
