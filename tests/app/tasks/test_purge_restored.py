"""A backup from before a permanent deletion brings the files back: that is said before and after, without names."""

import pytest

from app.children.drafts import ChildDraft
from app.children.service import add_child
from app.core.errors import EnvironmentFault, UserError
from app.dossier.service_bin import move_to_bin
from app.school.codes import HandoverKind
from app.school.handover import log_handover
from app.school.service import init_school
from app.storage.backups import Reason, list_backups, make_backup
from app.storage.bringing import read_from
from app.storage.came_back import CameBack, came_back, still_back
from app.storage.check import check
from app.storage.data_place import backup_folder_for
from app.storage.restore import restore
from app.storage.store import Store
from app.tasks.purge import purge_children, purge_preview
from app.tasks.safety import present, safety

NAMES = ("覃龑飞", "向桂香", "单永强")


@pytest.fixture
def path(tmp_path, clock):
    made = tmp_path / "守望.db"
    with Store.create(made, clock=clock) as store:
        init_school(store, name="青石坪镇中心小学")
    return made


def add(store, name):
    draft = ChildDraft(name=name, birth_date="2017-11-05")
    add_child(store, draft=draft)
    return draft.uuid


def destroy(store, *uuids):
    move_to_bin(store, uuids=list(uuids))
    purge_children(store, uuids=list(uuids), reason="家长书面申请，校长批准")


def test_what_was_destroyed_and_comes_back_is_said_before_and_after(path, clock):
    with Store.open(path, clock=clock) as store:
        first, second, third = (add(store, name) for name in NAMES)
        old = make_backup(store, reason=Reason.BY_HAND).path
        clock.advance(days=1)
        destroy(store, first, second)
        newer = make_backup(store, reason=Reason.BY_HAND).path
        clock.advance(days=1)
        destroy(store, third)
        known = {one.path: one for one in list_backups(backup_folder_for(path))}
        assert present(store).destroyed_after(known[old]) == (2, 3)
        assert present(store).destroyed_after(known[newer]) == (1, 1)
    done = restore(path, old, clock=clock)
    assert (done.returned.files, done.returned.entries) == (3, 2)
    told = "".join(done.words)
    assert "永久删除过的 3 名儿童的档案，又随这份备份回来了" in told
    assert "销毁登记少了 2 条" in told
    assert not any(name in told for name in NAMES)


def test_it_stands_on_the_page_until_it_is_destroyed_again(path, clock):
    with Store.open(path, clock=clock) as store:
        first, _ = add(store, NAMES[0]), add(store, NAMES[1])
        old = make_backup(store, reason=Reason.BY_HAND).path
        clock.advance(days=1)
        destroy(store, first)
        assert safety(store, backup_folder_for(path)).returned == ""
    clock.advance(days=1)
    restore(path, old, clock=clock)
    with Store.open(path, clock=clock) as store:
        clock.advance(days=1)
        add(store, NAMES[2])
        told = safety(store, backup_folder_for(path)).returned
        assert told.startswith("永久删除过的 1 名儿童的档案")
        assert NAMES[0] not in told
        (kept,) = (
            one
            for one in list_backups(backup_folder_for(path), db_uuid=store.db_uuid)
            if one.reason is Reason.BEFORE_RESTORE
        )
        content = kept.path.read_bytes()
        kept.path.write_bytes(b"spoilt" * (len(content) // 6 + 1))
        assert still_back(kept.path, store) == CameBack(0, 0)
        kept.path.write_bytes(content)
        destroy(store, first)
        assert safety(store, backup_folder_for(path)).returned == ""


def test_where_nothing_was_destroyed_since_nothing_is_said(path, clock):
    with Store.open(path, clock=clock) as store:
        first, _ = add(store, NAMES[0]), add(store, NAMES[1])
        destroy(store, first)
        clock.advance(days=1)
        after = make_backup(store, reason=Reason.BY_HAND).path
        clock.advance(days=1)
        add(store, NAMES[2])
        (known,) = (one for one in list_backups(backup_folder_for(path)) if one.path == after)
        assert present(store).destroyed_after(known) == (0, 0)
    done = restore(path, after, clock=clock)
    assert (done.returned.files, done.returned.entries) == (0, 0)
    assert not any("永久删除" in line or "销毁" in line for line in done.words)


def test_papers_of_another_child_are_not_said_to_hold_the_one_destroyed(path, clock):
    with Store.open(path, clock=clock) as store:
        going, _ = add(store, NAMES[0]), add(store, NAMES[1])
        for content, people, name in (
            ("一人一档（1 名）", 1, f"{NAMES[1]}.pdf"),
            ("帮扶计划（3 份）", 3, "帮扶计划.pdf"),
            ("一人一档（1 名）", 1, f"{NAMES[0]}.pdf"),
        ):
            log_handover(store, kind=HandoverKind.PDF, content=content, people=people, file_name=name)
        log_handover(store, kind=HandoverKind.STICK, content="整份数据", people=2, file_name="守望.7z")
        move_to_bin(store, uuids=[going])
        stick, named, unknown, *others = purge_preview(store, [going]).copies.left
    assert others == []
    assert "整份数据" in stick
    assert "一人一档" in named
    assert all(line.endswith("：请收回或请对方删除。") for line in (stick, named))
    assert "帮扶计划" in unknown
    assert "里面可能有" in unknown


def test_a_copy_that_gives_no_page_just_after_it_was_proved_is_called_unread_and_not_damaged(path, clock):
    """A stick that was pulled for a moment: SQLite speaks of damage, and by now every byte is given again."""
    with Store.open(path, clock=clock) as store:
        add(store, NAMES[0])
        before = make_backup(store, reason=Reason.BY_HAND).path
    copy = before.with_name("优盘上的.db")
    copy.write_bytes(_without_pages(before.read_bytes()))
    with pytest.raises(UserError) as caught, read_from(copy):
        came_back(before, copy)
    assert caught.value.key == "restore.not_sound"
    assert "读不出来" in str(caught.value)
    assert "损坏" not in str(caught.value)


def test_the_copy_of_before_that_is_not_given_is_not_blamed_on_the_one_to_restore(path, clock):
    with Store.open(path, clock=clock) as store:
        add(store, NAMES[0])
        backup = make_backup(store, reason=Reason.BY_HAND).path
    before = backup.with_name("恢复前.db")
    before.write_bytes(_without_pages(backup.read_bytes()))
    with pytest.raises(EnvironmentFault), read_from(backup):
        came_back(before, backup)


def test_a_row_of_bad_text_does_not_keep_the_ledger_from_being_restored(path, clock):
    with Store.open(path, clock=clock) as store:
        first, _ = add(store, NAMES[0]), add(store, NAMES[1])
        old = make_backup(store, reason=Reason.BY_HAND).path
        clock.advance(days=1)
        destroy(store, first)
        (row,) = store.db.driver.execute("SELECT uuid || entered_at FROM child").fetchone()
    content = path.read_bytes()
    path.write_bytes(content.replace(row.encode(), row.encode()[:-1] + b"\xff"))
    assert check(path).state == "bad-row"
    done = restore(path, old, clock=clock)
    assert (done.returned.files, done.returned.entries) == (1, 1)


def _without_pages(content: bytes) -> bytes:
    """Return a ledger of the same length of which nothing but the header can be read."""
    return content[:100] + bytes(len(content) - 100)
