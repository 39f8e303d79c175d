"""Reading what is attached: what there is, and the bytes of one."""

from app.diary.codes import AttachmentKind
from app.diary.facts import AttachmentFacts
from app.storage.store import Store


def attachments(
    store: Store, *, child_uuid: str | None = None, record_uuid: str | None = None
) -> tuple[AttachmentFacts, ...]:
    """Return what is attached to a record, or to a child and all its records, the newest first; without the bytes."""
    rows = store.rows(
        "SELECT a.uuid, c.uuid, r.uuid, a.kind, a.title, a.media_type, a.size, a.width, a.height, a.taken_on,"
        " a.entered_at FROM attachment a JOIN child c ON c.id = a.child_id"
        " LEFT JOIN care_record r ON r.id = a.care_record_id"
        " WHERE a.deleted_at IS NULL AND c.deleted_at IS NULL AND r.deleted_at IS NULL"
        " AND (?1 IS NULL OR c.uuid = ?1) AND (?2 IS NULL OR r.uuid = ?2) ORDER BY a.id DESC",
        (child_uuid, record_uuid),
    )
    return tuple(
        AttachmentFacts(
            uuid=row[0],
            child_uuid=row[1],
            record_uuid=row[2],
            kind=AttachmentKind(row[3]),
            title=row[4],
            media_type=row[5],
            size=row[6],
            width=row[7],
            height=row[8],
            taken_on=row[9],
            entered_at=row[10],
        )
        for row in rows
    )


def attachment_bytes(store: Store, uuid: str) -> bytes | None:
    """Return the bytes of a picture or paper; None when there is no such attachment."""
    row = store.one(
        "SELECT content FROM attachment_content WHERE attachment_uuid = ? AND deleted_at IS NULL", (uuid,)
    )
    return None if row is None else bytes(row[0])
