"""Keeping pictures and papers with a child or a record: never changed, taken out into the recycle bin only."""

from collections.abc import Sequence
from hashlib import sha256

from app.children.affected import name_of_child
from app.children.identity import tidy_text
from app.core.changes import Changes
from app.core.dates import is_partial_date
from app.core.messages import refuse
from app.diary.affected import diary_changes
from app.diary.checking import needed_key
from app.diary.drafts import PictureDraft
from app.diary.tables import Attachment, AttachmentContent
from app.storage.action import Action
from app.storage.service import service
from app.storage.store import Store


@service
def add_attachments(
    store: Store,
    *,
    child_uuid: str,
    pictures: Sequence[PictureDraft],
    record_uuid: str | None = None,
    by: str | None = None,
) -> Changes:
    """Keep pictures with a child, or with one of its records. UserError ``diary.unknown``, ``attachment.taken``."""
    child_id = needed_key(store, "child", child_uuid, "child.unknown")
    record_id = None
    if record_uuid is not None:
        record_id = needed_key(store, "care_record", record_uuid, "diary.unknown")
        (owner,) = store.rows("SELECT child_id FROM care_record WHERE id = ?", (record_id,))[0]
        if owner != child_id:
            raise refuse("diary.unknown")
    words = f"{name_of_child(store, child_uuid)}：放进 {len(pictures)} 个附件"
    with store.action(words, kind="attachment.add", by=by) as action:
        write_pictures(store, action, child_id=child_id, record_id=record_id, pictures=pictures)
        return diary_changes(action, (child_uuid,))


@service
def remove_attachment(store: Store, *, uuid: str, by: str | None = None) -> Changes:
    """Move a picture to the recycle bin; its bytes stay until it is destroyed for good."""
    row = store.one(
        "SELECT c.uuid FROM attachment a JOIN child c ON c.id = a.child_id WHERE a.uuid = ? AND a.deleted_at IS NULL",
        (uuid,),
    )
    if row is None:
        raise refuse("attachment.unknown")
    with store.action(
        f"{name_of_child(store, row[0])}：删了一个附件", kind="attachment.remove", by=by
    ) as action:
        action.soft_delete(Attachment, uuid)
        return diary_changes(action, (row[0],))


def write_pictures(
    store: Store, action: Action, *, child_id: int, record_id: int | None, pictures: Sequence[PictureDraft]
) -> None:
    """Write pictures inside ``action``; one whose uuid is on file already is left as it is."""
    for one in pictures:
        if store.one("SELECT 1 FROM attachment WHERE uuid = ?", (one.uuid,)) is not None:
            continue
        taken_on = one.taken_on or one.picture.taken_on
        if taken_on is not None and (len(taken_on) != 10 or not is_partial_date(taken_on)):
            raise refuse("attachment.taken", text=taken_on)
        action.insert(
            Attachment,
            uuid=one.uuid,
            child_id=child_id,
            care_record_id=record_id,
            kind=one.kind.value,
            title=tidy_text(one.title),
            media_type=one.picture.media_type,
            size=len(one.picture.content),
            sha256=sha256(one.picture.content).hexdigest(),
            width=one.picture.width,
            height=one.picture.height,
            taken_on=taken_on,
        )
        kept = store.one("SELECT 1 FROM attachment_content WHERE attachment_uuid = ?", (one.uuid,))
        if kept is None:  # an adding that was undone has left its bytes
            action.insert(AttachmentContent, attachment_uuid=one.uuid, content=one.picture.content)
