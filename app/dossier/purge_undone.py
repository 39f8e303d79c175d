"""What the history alone still holds of a child: rows that were written about it and undone again."""

# Table names below are our own.
# ruff: noqa: S608

import json
from collections.abc import Iterator, Sequence

from app.children.tables import DATED, OfPerson
from app.dossier.merge import HANGING, images
from app.dossier.purge_order import RowName
from app.storage.store import Store

_HANGING = json.dumps(sorted(model._meta.table_name for model in HANGING))
_OF_PERSON = json.dumps(
    sorted(model._meta.table_name for model in DATED.values() if issubclass(model, OfPerson))
)
# Said twice, so that the index of rows is used, which inserts are not in: they are nearly all of a long history.
_DELETED = "op = 'delete' AND op <> 'insert'"
_AMONG = "IN (SELECT value FROM json_each({}))"


def undone_rows(store: Store, ids: Sequence[int], people: Sequence[str]) -> Iterator[RowName]:
    """Yield the rows of these children and grown-ups that an undo took away; grown-ups who only stood in such rows too.

    Only an undo deletes a row, and the image it leaves is of the kind ``delete``. What was undone and done again is on
    file and not told here.
    """
    children = json.dumps(list(ids))
    by_child = "coalesce(json_extract(before_json, '$.{}'), 0) " + _AMONG.format("?1")
    of_children = f"({by_child.format('child_id')} OR {by_child.format('buddy_id')})"
    yield from _gone(store, f"table_name {_AMONG.format('?2')} AND {of_children}", children, _HANGING)
    nobody_left = (
        f"table_name {_AMONG.format('?2')} AND {by_child.format('child_id')}"
        " AND json_extract(before_json, '$.person_id') IS NOT NULL"
        " AND json_extract(before_json, '$.person_id') NOT IN (SELECT id FROM person)"
    )
    named = f"SELECT json_extract(before_json, '$.person_id') FROM change WHERE {_DELETED} AND "
    shared = f"table_name {_AMONG.format('?2')} AND coalesce(json_extract(before_json, '$.child_id'), 0) NOT "
    lone = {key for (key,) in store.rows(named + nobody_left, (children, _HANGING))}
    lone -= {key for (key,) in store.rows(f"{named} {shared} {_AMONG.format('?1')}", (children, _HANGING))}
    with_them = json.dumps(sorted(lone))
    yield from _gone(
        store, f"table_name = 'person' AND json_extract(before_json, '$.id') {_AMONG.format('?1')}", with_them
    )
    going = [row["id"] for uuid in people for row in images(store, "person", "uuid = ?", uuid)]
    whose = json.dumps(sorted({*lone, *going}))
    of_them = f"json_extract(before_json, '$.person_id') {_AMONG.format('?1')}"
    yield from _gone(store, f"table_name {_AMONG.format('?2')} AND {of_them}", whose, _OF_PERSON)


def _gone(store: Store, where: str, *params: str) -> Iterator[RowName]:
    rows = store.rows(
        f"SELECT DISTINCT table_name, row_uuid FROM change WHERE {_DELETED} AND {where} ORDER BY 1, 2",
        params,
    )
    for table, uuid in rows:
        if store.one(f'SELECT 1 FROM "{table}" WHERE uuid = ?', (uuid,)) is None:
            yield table, uuid
