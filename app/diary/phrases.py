"""Her own phrases, put into a text by choice and never by themselves (features.md §5.12)."""

from msgspec import Struct

from app.storage.store import Store


class PhraseFacts(Struct, frozen=True):
    """One phrase of a field of a form (``content``, ``plan`` …), in her own order."""

    uuid: str
    field: str
    content: str
    position: int


def phrases(store: Store, field: str | None = None) -> tuple[PhraseFacts, ...]:
    """Return the phrases, of one field if asked, in order."""
    rows = store.rows(
        "SELECT uuid, field, content, position FROM phrase WHERE deleted_at IS NULL AND (?1 IS NULL OR field = ?1)"
        " ORDER BY field, position, id",
        (field,),
    )
    return tuple(PhraseFacts(*row) for row in rows)
