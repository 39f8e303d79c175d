"""Counselling: written, read, changed and taken back with the key only; raw bytes of every place show none of it."""

from __future__ import annotations

import base64
import json
import logging
import shutil
from io import StringIO
from pathlib import Path

import pytest

from app.children.tables import Child
from app.core.errors import UserError
from app.core.paths import private_folder
from app.diary import counselling as c
from app.diary.codes import CounsellingForm, CounsellingOrigin
from app.storage.backups import Reason, make_backup
from app.storage.history import undo
from app.storage.stick import copy_to_stick
from app.storage.store import Store
from tests.app.diary.cases.conftest import CHILD, OTHER, SUPPORTER

PASSPHRASE, NEW = "石榴树下的秘密", "另外一句只有我知道的话"
SECRET = "她说夜里害怕，奶奶睡着以后一个人哭"
LATER = "第二次来，说已经敢关灯睡觉了"
OPEN_WORDS = "放在明处的一句普通备注，用来证明这种找法找得到"


def draft(**changed) -> c.NoteDraft:
    values = {
        "child_uuid": CHILD,
        "happened_on": "2026-11-20",
        "started": "16:10",
        "ended": "16：50",
        "supporter_uuid": SUPPORTER,
        "form": CounsellingForm.SINGLE,
        "origin": CounsellingOrigin.OBSERVED,
        "texts": {"complaint": "睡不好", "course": SECRET},
    }
    return c.NoteDraft(**{**values, **changed})


def refusal(call, *args, **kwargs) -> str:
    with pytest.raises(UserError) as found:
        call(*args, **kwargs)
    return found.value.key


@pytest.fixture
def made(store) -> c.SetUp:
    return c.set_up(store, passphrase=PASSPHRASE)


def test_a_note_is_written_read_changed_and_saved_twice_is_once(store, made, clock):
    note = draft()
    assert c.counselling_state(store) == c.CounsellingState(True, 0)
    changes = c.save_note(store, key=made.key, draft=note, by="陈素兰")
    assert changes.words == "写了心理疏导记录 2026-001"
    assert not c.save_note(store, key=made.key, draft=note)
    (head,) = c.note_heads(store, child_uuid=CHILD)
    assert (head.number, head.child.name, head.child.class_name) == ("2026-001", "覃小禾", "三（2）班")
    assert (head.started, head.ended, head.supporter, head.form) == (
        "16:10",
        "16:50",
        "陈素兰",
        CounsellingForm.SINGLE,
    )
    assert dict(c.open_note(store, key=made.key, uuid=note.uuid).texts) == {
        "complaint": "睡不好",
        "course": SECRET,
    }

    clock.advance(days=12)
    c.save_note(store, key=made.key, draft=draft(uuid=note.uuid, texts={"course": LATER}))
    again = c.open_note(store, key=made.key, uuid=note.uuid)
    assert dict(again.texts) == {"course": LATER}
    assert (again.head.entered_on, again.head.late_days) == ("2026-11-21", 0)

    c.save_note(store, key=made.key, draft=draft(child_uuid=OTHER))
    removed = c.remove_note(store, uuid=note.uuid)
    assert [head.number for head in c.note_heads(store)] == ["2026-002"]
    undo(store, removed.action_uuid, by=None)
    assert dict(c.open_note(store, key=made.key, uuid=note.uuid).texts) == {"course": LATER}


def test_what_cannot_be_is_refused(store, made):
    assert refusal(c.set_up, store, passphrase=PASSPHRASE) == "counsel.set_up_already"
    assert refusal(c.set_up, store, passphrase="太短了", anew=True) == "counsel.passphrase_short"
    save = lambda **changed: refusal(c.save_note, store, key=made.key, draft=draft(**changed))  # noqa: E731
    assert save(texts={"course": "  "}) == "counsel.empty"
    assert refusal(c.set_up, store, passphrase="20170302", anew=True) == "counsel.passphrase_short"
    assert save(happened_on="2026-11-22") == "case.future"
    assert save(happened_on="2026-11") == "diary.day"
    assert save(started="25:00") == "case.clock"
    assert save(started="17:00", ended="16:00") == "case.times"
    assert save(child_uuid="nobody") == "child.unknown"
    assert refusal(c.remove_note, store, uuid="nothing") == "row.unknown"
    made.key.lock()
    assert save() == "counsel.locked"
    assert c.note_heads(store) == ()


def test_the_passphrase_opens_and_another_says_so(store, made):
    assert refusal(c.unlock, store, "") == "counsel.wrong_passphrase"
    assert refusal(c.unlock, store, "石榴树下的秘蜜") == "counsel.wrong_passphrase"
    assert c.unlock(store, f"  {PASSPHRASE} ").current == made.key.current


def test_changing_the_passphrase_wraps_again_only(store, made):
    note = draft()
    c.save_note(store, key=made.key, draft=note)
    sealed = store.rows("SELECT sealed FROM counselling")
    assert refusal(c.change_passphrase, store, old="不是这一句话", new=NEW) == "counsel.wrong_passphrase"
    assert c.change_passphrase(store, old=PASSPHRASE, new=NEW)
    assert store.rows("SELECT sealed FROM counselling") == sealed
    assert refusal(c.unlock, store, PASSPHRASE) == "counsel.wrong_passphrase"
    assert c.open_note(store, key=c.unlock(store, NEW), uuid=note.uuid).texts["course"] == SECRET


def test_the_slip_opens_when_the_passphrase_is_forgotten_and_an_old_slip_does_not(store, made):
    note = draft()
    c.save_note(store, key=made.key, draft=note)
    c.recover(store, words="、".join(made.slip), passphrase=NEW)
    assert c.open_note(store, key=c.unlock(store, NEW), uuid=note.uuid).texts["course"] == SECRET
    slip = c.renew_slip(store, passphrase=NEW).words
    assert refusal(c.recover, store, words="".join(made.slip), passphrase=NEW) == "counsel.wrong_slip"
    c.recover(store, words="".join(slip), passphrase=PASSPHRASE)
    assert c.unlock(store, PASSPHRASE).current == made.key.current


def test_both_lost_begins_anew_and_the_old_slip_still_opens_the_old_notes(store, made):
    old = draft()
    c.save_note(store, key=made.key, draft=old)
    fresh = c.set_up(store, passphrase=NEW, anew=True)
    new = draft(child_uuid=OTHER)
    c.save_note(store, key=fresh.key, draft=new)
    assert refusal(c.open_note, store, key=fresh.key, uuid=old.uuid) == "counsel.old_key"
    assert refusal(c.save_note, store, key=c.unlock(store, PASSPHRASE), draft=draft()) == "counsel.old_key"
    c.recover(store, words="".join(made.slip), passphrase=NEW)
    both = c.unlock(store, NEW)
    assert [c.open_note(store, key=both, uuid=note.uuid).texts["course"] for note in (old, new)] == [
        SECRET
    ] * 2


def test_keys_are_never_undone_and_a_note_moves_with_its_child(store, made):
    note = draft()
    c.save_note(store, key=made.key, draft=note)
    changed = c.change_passphrase(store, old=PASSPHRASE, new=NEW)
    for action in (made.changes.action_uuid, changed.action_uuid):
        assert refusal(undo, store, action, by=None) == "undo.keys"
    # Merging two files moves the row: the text is bound to the note, not to whom it is about.
    c.save_note(store, key=made.key, draft=draft(uuid=note.uuid, child_uuid=OTHER))
    found = c.open_note(store, key=c.unlock(store, NEW), uuid=note.uuid)
    assert (found.head.child.name, found.texts["course"]) == ("韦大山", SECRET)


def test_a_note_that_was_tampered_with_says_so(store, made):
    note, other = draft(), draft(child_uuid=OTHER)
    for one in (note, other):
        c.save_note(store, key=made.key, draft=one)
    with store.action("换了", kind="test"):
        store.db.execute_sql(
            "UPDATE counselling SET sealed = (SELECT sealed FROM counselling WHERE uuid = ?) WHERE uuid = ?",
            (other.uuid, note.uuid),
        )
    assert refusal(c.open_note, store, key=made.key, uuid=note.uuid) == "counsel.damaged"


# ---- raw bytes ------------------------------------------------------------------------------------------------------


def traces_of(text: str) -> list[bytes]:
    """Return how a text may stand in a file: in every encoding we write or Windows uses, as JSON, in base64."""
    found = [text.encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")]
    found.append(json.dumps(text).strip('"').encode())
    for shift in range(3):
        cut = base64.b64encode(b"\0" * shift + text.encode())
        found.append(cut[4 if shift else 0 : -4])
    return found


def holding(folders, texts) -> list[str]:
    """Return the files under the folders whose raw bytes show one of the texts, or a piece of five characters of it."""
    pieces = {text[start : start + 5] for text in texts for start in range(0, len(text) - 4, 5)}
    wanted = [trace for text in (*texts, *pieces) for trace in traces_of(text)]
    return [
        str(path)
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and any(trace in path.read_bytes() for trace in wanted)
    ]


def test_no_byte_anywhere_shows_what_was_said(store, clock, tmp_path, monkeypatch):
    """File, rollback journal while committing, history, daily journal, backups, copies, drafts and logs: none holds it."""
    log = StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger().addHandler(handler)
    monkeypatch.setattr(logging.getLogger(), "level", logging.DEBUG)
    photos, stick = tmp_path / "photos", tmp_path / "stick"
    photos.mkdir(), stick.mkdir()
    commit = Store._commit

    def photographed(self, action):
        """Copy everything as it lies on the disk at the moment before the commit: with a power cut this is left."""
        shutil.copytree(self.path.parent, photos / str(self.commit_no))
        commit(self, action)

    monkeypatch.setattr(Store, "_commit", photographed)
    made = c.set_up(store, passphrase=PASSPHRASE)
    note = draft()
    c.save_note(store, key=made.key, draft=note)
    make_backup(store, reason=Reason.BY_HAND)
    c.save_note(store, key=made.key, draft=draft(uuid=note.uuid, texts={"course": LATER}))
    undo(store, c.remove_note(store, uuid=note.uuid).action_uuid, by=None)
    c.change_passphrase(store, old=PASSPHRASE, new=NEW)
    c.open_note(store, key=c.unlock(store, NEW), uuid=note.uuid)
    with pytest.raises(UserError):
        c.unlock(store, PASSPHRASE)
    make_backup(store, reason=Reason.BY_HAND)
    for audience in ("town", "self"):
        copy_to_stick(store, stick, audience=audience, clock=clock, plain_reason="试验")
        clock.advance(minutes=1)
    with store.action("明处的备注", kind="test") as action:
        action.update(Child, CHILD, note=OPEN_WORDS)
    handler.close()
    logging.getLogger().removeHandler(handler)
    (tmp_path / "log.txt").write_text(log.getvalue(), encoding="utf-8")

    places = [tmp_path, private_folder(), Path.home()]
    said = [SECRET, LATER, PASSPHRASE, NEW, "".join(made.slip), " ".join(made.slip)]
    assert holding(places, said) == []
    assert holding(places, ["睡不好"]) == []
    # The same search does find what is not sealed: in the ledger, in its journal and in what lay there at the commit.
    found = holding(places, [OPEN_WORDS])
    assert {Path(name).name for name in found} >= {"守望.db", "日志.jsonl"}
    assert len(list(photos.rglob("守望.db-journal"))) >= 7
    town = next(path for path in stick.rglob("*报镇*.db"))
    assert b"counselling_key" in town.read_bytes()  # the table is there, and empty
    with Store.open(town, clock=clock, read_only=True) as copy:
        assert copy.one(
            "SELECT (SELECT count(*) FROM counselling), (SELECT count(*) FROM counselling_key)"
        ) == (0, 0)
        assert copy.one("SELECT count(*) FROM action WHERE words LIKE '%心理疏导%'") == (0,)
