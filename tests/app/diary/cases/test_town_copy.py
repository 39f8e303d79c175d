"""The copy for the town holds no byte of counselling, incidents and pictures, undone ones included (decisions.md §4.3)."""

from app.core.progress import no_progress
from app.diary.codes import IncidentKind, ReportBody
from app.diary.counselling import NoteDraft, save_note, set_up
from app.diary.drafts import PictureDraft
from app.diary.incidents import IncidentDraft, ReportDraft, save_incident
from app.diary.service_attachments import add_attachments
from app.storage.history import undo
from app.storage.pictures import Picture
from app.storage.snapshot import take_snapshot
from app.storage.withheld import without_restricted
from tests.app.diary.cases.conftest import CHILD

DAY = "2026-11-20"


def picture(number):
    content = f"bytes of picture number {number} with its door".encode()
    return PictureDraft(picture=Picture(content, "image/jpeg", 1, 1), title=f"家门口的第{number}张")


def test_no_byte_of_what_stays_at_the_school_goes_along(store, tmp_path):
    add_attachments(store, child_uuid=CHILD, pictures=(picture(1),))
    second = add_attachments(store, child_uuid=CHILD, pictures=(picture(2),))
    undo(store, second.action_uuid, by=None)
    told = ReportDraft(
        reported_at=f"{DAY}T08:10", body=ReportBody.POLICE, reporter="黄某", receipt_no="回执八八八号"
    )
    incident = IncidentDraft(
        child_uuid=CHILD,
        kind=IncidentKind.INJURY,
        found_at=f"{DAY}T08:00",
        course="从楼梯上滚下来摔得很重",
        reports=(told,),
    )
    save_incident(store, draft=incident)
    key = set_up(store, passphrase="很长的一句口令").key
    save_note(
        store, key=key, draft=NoteDraft(child_uuid=CHILD, happened_on=DAY, texts={"course": "夜里怕黑不敢睡"})
    )
    ((sealed,),) = store.rows("SELECT sealed FROM counselling")
    wrapped = [row[0] for row in store.rows("SELECT wrapped FROM counselling_key")]
    telling = (
        *(f"bytes of picture number {number}" for number in (1, 2)),
        "家门口的第",
        "从楼梯上滚下来",
        "回执八八八号",
        "突发事件",
        "心理疏导",
        sealed[:40],
        *wrapped,
    )
    whole = take_snapshot(store, tmp_path, day=DAY, progress=no_progress)
    before = whole.path.read_bytes()
    assert [text for text in telling if text.encode() not in before] == []
    after = without_restricted(whole, day=DAY).path.read_bytes()
    assert [text for text in telling if text.encode() in after] == []
