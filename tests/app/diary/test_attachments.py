"""Pictures lie inside the ledger: no row without its bytes, nothing lost by undoing, never changed."""

from io import BytesIO

import pytest
from msgspec.structs import replace
from PIL import Image

from app.core.errors import UserError
from app.diary.attachments import attachment_bytes, attachments
from app.diary.codes import AttachmentKind
from app.diary.drafts import PictureDraft, draft_uuid
from app.diary.queries import RecordFilters, record, records
from app.diary.service import remove_record, save_record
from app.diary.service_attachments import add_attachments, remove_attachment
from app.dossier.service_bin import restore_records
from app.storage.backup_list import Reason
from app.storage.backups import make_backup
from app.storage.history import undo
from app.storage.pictures import shrink
from app.storage.restore import restore
from app.storage.store import Store


def refused(key):
    return pytest.raises(UserError, check=lambda error: error.key == key)


@pytest.fixture
def picture(tmp_path):
    """Return a picture whose original has been deleted since."""
    path = tmp_path / "家访.jpg"
    out = BytesIO()
    Image.new("RGB", (400, 300), "green").save(out, "JPEG")
    path.write_bytes(out.getvalue())
    kept = shrink(path)
    path.unlink()
    return PictureDraft(picture=kept, title="门口", taken_on="2026-11-20")


def test_a_picture_is_kept_with_its_record_and_saved_twice_is_one(store, who, write, picture):
    draft = write(attachments=(picture,))
    save_record(store, draft=replace(draft, content="改了"))
    (kept,) = attachments(store, record_uuid=draft.uuid)
    assert attachments(store, child_uuid=who.rain) == (kept,)
    assert (kept.kind, kept.title, kept.taken_on) == (AttachmentKind.PHOTO, "门口", "2026-11-20")
    assert (kept.size, kept.width, kept.height) == (len(picture.picture.content), 400, 300)
    assert attachment_bytes(store, kept.uuid) == picture.picture.content
    assert records(store, RecordFilters())[0].pictures == 1
    assert record(store, draft.uuid).attachments == (kept,)


def test_undoing_and_doing_again_brings_the_same_bytes(store, who, picture):
    added = add_attachments(store, child_uuid=who.rain, pictures=(picture,))
    back = undo(store, added.action_uuid, by=None).changes
    assert attachments(store, child_uuid=who.rain) == ()
    undo(store, back.action_uuid, by=None)
    assert attachment_bytes(store, attachments(store, child_uuid=who.rain)[0].uuid) == picture.picture.content
    assert store.rows("SELECT count(*) FROM attachment_content") == [(1,)]


def test_a_picture_goes_to_the_bin_alone_or_with_its_record(store, write, picture):
    draft = write(attachments=(picture,))
    removed = remove_attachment(store, uuid=picture.uuid)
    assert attachments(store, record_uuid=draft.uuid) == ()
    with refused("attachment.unknown"):
        remove_attachment(store, uuid=picture.uuid)
    undo(store, removed.action_uuid, by=None)
    gone = remove_record(store, uuid=draft.uuid)
    assert attachments(store) == ()
    restore_records(store, action_uuid=gone.action_uuid)
    assert len(attachments(store)) == 1


def test_a_picture_belongs_to_the_child_of_its_record(store, who, write, picture):
    draft = write()
    with refused("diary.unknown"):
        add_attachments(store, child_uuid=who.chen, record_uuid=draft.uuid, pictures=(picture,))
    with refused("attachment.taken"):
        add_attachments(store, child_uuid=who.rain, pictures=(replace(picture, taken_on="昨天"),))
    assert attachments(store) == ()
    assert store.rows("SELECT count(*) FROM attachment_content") == [(0,)]


def test_the_history_holds_no_bytes_of_a_picture(store, who, picture):
    add_attachments(store, child_uuid=who.rain, pictures=(picture,))
    tables = {row[0] for row in store.rows("SELECT DISTINCT table_name FROM change")}
    assert "attachment" in tables
    assert "attachment_content" not in tables


def test_a_backup_and_the_journal_bring_the_bytes_back(store, who, write, picture, clock):
    backup = make_backup(store, reason=Reason.BY_HAND)
    write(attachments=(picture,))
    undone = add_attachments(store, child_uuid=who.chen, pictures=(replace(picture, uuid=draft_uuid()),))
    undo(store, undone.action_uuid, by=None)
    store.close()
    store.path.unlink()
    restore(store.path, backup.path, clock=clock, with_journal=True)
    with Store.open(store.path, clock=clock) as back:
        (kept,) = attachments(back)
        assert attachment_bytes(back, kept.uuid) == picture.picture.content
