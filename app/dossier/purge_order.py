"""Which rows go when a child's file is destroyed, in the order in which they may be deleted."""

import json
from collections.abc import Iterator, Sequence

from app.children.tables import DATED, OfPerson
from app.diary.tables import Attachment, AttachmentContent, CareRecord
from app.dossier.hanging import OF_CHILD
from app.dossier.merge import images, rows_of
from app.storage.store import Store

RowName = tuple[str, str]  # table, uuid


def rows_of_children(store: Store, ids: list[int], people: Sequence[str]) -> Iterator[RowName]:
    """Yield every row of these children and grown-ups, what refers to a row before the row itself."""
    # What others refer to stands further down: a promise goes before the record in which it was made.
    for model in reversed(OF_CHILD):
        table = model._meta.table_name
        rows = rows_of(store, table, "child_id", ids)
        if model is Attachment:
            yield from contents_of(store, [uuid for _, uuid in rows])
        if model is CareRecord:
            rows = _followers_first(store, rows)
        yield from ((table, uuid) for _, uuid in rows)
    # Whom they helped with learning keeps everything but that pair.
    own = {uuid for _, uuid in rows_of(store, "pairing", "child_id", ids)}
    helped = rows_of(store, "pairing", "buddy_id", ids)
    yield from (("pairing", uuid) for _, uuid in helped if uuid not in own)
    persons = [row["id"] for uuid in people for row in images(store, "person", "uuid = ?", uuid)]
    for model in (model for model in DATED.values() if issubclass(model, OfPerson)):
        table = model._meta.table_name
        yield from ((table, uuid) for _, uuid in rows_of(store, table, "person_id", persons))
    yield from (("person", uuid) for uuid in people)
    yield from (("child", uuid) for _, uuid in rows_of(store, "child", "id", ids))


def contents_of(store: Store, attachments: Sequence[str]) -> Iterator[RowName]:
    """Yield the rows with the bytes of these attachments, also of such as are not on file any more."""
    rows = store.rows(
        "SELECT uuid FROM attachment_content WHERE attachment_uuid IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(list(attachments)),),
    )
    yield from ((AttachmentContent._meta.table_name, uuid) for (uuid,) in rows)


def _followers_first(store: Store, rows: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Put a record before the one it follows up, however they were entered."""
    ids = json.dumps([row_id for row_id, _ in rows])
    follows = dict(
        store.rows(
            "SELECT id, follows_id FROM care_record WHERE id IN (SELECT value FROM json_each(?))", (ids,)
        )
    )

    def depth(row_id: int) -> int:
        seen: list[int] = []
        at: int | None = row_id
        while at is not None and at not in seen:
            seen.append(at)
            at = follows.get(at)
        return len(seen)

    return sorted(rows, key=lambda row: depth(row[0]), reverse=True)
