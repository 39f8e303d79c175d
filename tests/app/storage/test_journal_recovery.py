"""Bringing a ledger back to its last save: which ways there are, and a power cut on the way."""

from __future__ import annotations

import shutil
from datetime import datetime
from functools import partial

import pytest

from app.core.clock import FixedClock
from app.core.errors import EnvironmentFault, UserError
from app.storage import bringing
from app.storage import replay as replaying
from app.storage.backup_list import Reason
from app.storage.backups import make_backup
from app.storage.beside import journal_of, marker_of
from app.storage.check import check
from app.storage.data_place import backup_folder_for
from app.storage.journal_lines import ASIDE_STEM
from app.storage.manifest import manifest_path
from app.storage.migrations.runner import SCHEMA_VERSION
from app.storage.recovery import recoveries, set_aside_saves
from app.storage.restore import restore, resume
from app.storage.second_place import all_backups
from app.storage.stick import copy_to_stick
from app.storage.store import Store

from .cuts import cut_off_at
from .journals import entries, everything, journal_at
from .ledgers import fill, names, rename_child


@pytest.fixture
def worked(store, clock):
    """A ledger with a backup of yesterday noon, one of yesterday evening, and three saves of today; closed."""
    fill(store)
    make_backup(store, reason=Reason.BY_HAND)
    clock.advance(hours=7, minutes=20)
    rename_child(store, "昨天改的")
    make_backup(store, reason=Reason.CLOSE)
    clock.advance(hours=17)
    for number in range(3):
        rename_child(store, f"今天第 {number + 1} 次")
        clock.advance(minutes=6)
    store.close()
    return store


def ways(store: Store, *, branches: bool = False):
    return recoveries(store.path, backup_folder_for(store.path), clock=store.clock, branches=branches)


def test_each_backup_is_told_with_what_the_journal_adds(worked):
    found = ways(worked)
    assert [(one.backup.made_at.hour, one.journal_commits, one.lost) for one in found] == [
        (16, 3, 0),
        (9, 4, 0),
    ]
    assert {one.until for one in found} == {"2026-11-22T09:32:00"}
    assert [one.words for one in found] == [
        "昨天 16:20 的备份，再从日志补回 3 次保存，到今天 09:32",
        "昨天 09:00 的备份，再从日志补回 4 次保存，到今天 09:32",
    ]
    assert [one.source for one in found] == [one.backup.path for one in found]


@pytest.mark.parametrize("lost", ["gone", "half", "empty"])
def test_whatever_became_of_the_file_every_save_comes_back(lost, worked, clock):
    before = everything(worked.path)
    content = worked.path.read_bytes()
    if lost == "gone":
        worked.path.unlink()
    else:
        worked.path.write_bytes(content[: len(content) // 2] if lost == "half" else b"")
    for way in (0, 1):
        best = ways(worked)[way]
        done = restore(worked.path, best.source, clock=clock, with_journal=True)
        assert (done.journal_commits, done.after.commit_no) == (best.journal_commits, 5)
        assert done.words[1] == f"从日志补回了 {best.journal_commits} 次保存，到 2026-11-22 09:32。"
        assert everything(worked.path) == before
        # The journal goes on where it stands: nothing of it was set aside.
        assert list(journal_at(worked).parent.glob(f"{ASIDE_STEM}*")) == []
        with Store.open(worked.path, clock=clock) as again:
            assert again.journal_fault is None
            assert [entry.commit_no for entry in entries(again.journal.path)] == [3, 4, 5]


def test_without_the_journal_the_rest_is_set_aside_and_can_still_be_added(worked, clock):
    best, _ = ways(worked)
    content = journal_at(worked).read_bytes()
    done = restore(worked.path, best.source, clock=clock)
    assert (done.journal, done.journal_commits, done.after.commit_no) == (None, 0, 2)
    (aside,) = journal_at(worked).parent.glob(f"{ASIDE_STEM}*")
    assert aside.read_bytes() == content
    assert check(worked.path).state == "ok"
    with Store.open(worked.path, clock=clock) as again:
        assert names(again)[0] == "昨天改的"
    # She sees the mistake: what was set aside still follows on that backup.
    assert max(one.journal_commits for one in ways(worked)) == 4
    restore(worked.path, best.source, clock=clock, with_journal=True)
    with Store.open(worked.path, clock=clock) as again:
        assert names(again)[0] == "今天第 3 次"


def test_the_older_file_is_brought_up_to_its_own_journal(worked, clock):
    newest = everything(worked.path)
    shutil.copy(ways(worked)[1].source, worked.path)  # yesterday's file put back by hand
    assert check(worked.path).state == "older-content"
    best = ways(worked)[-1]
    assert (best.backup, best.source, best.journal_commits) == (None, worked.path, 4)
    assert best.words == "现在这份数据，再从日志补回 4 次保存，到今天 09:32"
    done = restore(worked.path, worked.path, clock=clock, with_journal=True)
    assert (done.state_before, done.journal_commits, done.kept) == ("older-content", 4, None)
    assert done.before_copy.commit_no == 1
    assert everything(worked.path) == newest
    assert check(worked.path).state == "ok"


def test_what_a_newer_version_saved_is_no_way_back_for_this_one(worked, monkeypatch):
    newest, _older = ways(worked)
    monkeypatch.setattr("app.storage.recovery.SCHEMA_VERSION", SCHEMA_VERSION - 1)
    assert newest.backup.schema == SCHEMA_VERSION
    assert ways(worked) == []


def test_a_ledger_in_order_is_no_way_back_to_itself(worked):
    assert all(one.backup is not None for one in ways(worked))
    with pytest.raises(UserError) as refused:
        restore(worked.path, worked.path, clock=worked.clock)
    assert refused.value.key == "restore.same_file"


def test_what_does_not_fit_is_never_put_on_top_silently(worked, clock):
    lines = journal_at(worked).read_bytes().splitlines(keepends=True)
    lines[2] = lines[2].replace("第 2 次".encode(), "第 9 次".encode())
    journal_at(worked).write_bytes(b"".join(lines))
    content = journal_at(worked).read_bytes()
    worked.path.unlink()
    best, _ = ways(worked)
    assert (best.journal_commits, best.lost) == (1, 2)
    assert best.words.endswith("再从日志补回 1 次保存，到今天 09:20；日志里还有 2 次保存接不上")
    done = restore(worked.path, best.source, clock=clock, with_journal=True)
    assert (done.journal_commits, done.journal.lost) == (1, 2)
    assert "后来的 2 次保存没有补回：日志里有一段读不出。日志原样留着。" in done.words
    (aside,) = journal_at(worked).parent.glob(f"{ASIDE_STEM}*")
    assert aside.read_bytes() == content
    with Store.open(worked.path, clock=clock) as again:
        assert names(again)[0] == "今天第 1 次"


def test_a_journal_that_cannot_be_read_stops_the_restore_before_anything(worked, clock, monkeypatch):
    best, _ = ways(worked)
    before = worked.path.read_bytes()

    def unreadable(*_, **__):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(bringing, "Journals", unreadable)
    with pytest.raises(EnvironmentFault) as told:
        restore(worked.path, best.source, clock=clock, with_journal=True)
    assert (told.value.key, told.value.code) == ("restore.no_journal", "EIO")
    assert worked.path.read_bytes() == before
    assert not marker_of(worked.path).exists()


def test_a_journal_elsewhere_can_be_named(worked, clock, tmp_path):
    """A rehearsal restores into a sandbox, whose own backup folder has no journal."""
    sandbox = tmp_path / "演习" / "守望.db"
    best, _ = ways(worked)
    content = journal_at(worked).read_bytes()
    there = backup_folder_for(worked.path)
    done = restore(sandbox, best.source, clock=clock, journal_folder=there, with_journal=True)
    assert done.journal_commits == 3
    assert everything(sandbox) == everything(worked.path)
    assert journal_at(worked).read_bytes() == content


def test_saves_that_another_history_has_overtaken_are_still_offered(worked, clock):
    """She took yesterday's file by mistake, has gone on with it, and sees later what is missing."""
    newest = everything(worked.path)
    shutil.copy(ways(worked)[0].source, worked.path)
    with Store.open(worked.path, clock=clock, as_it_is=True) as again:
        rename_child(again, "接着改的")
    (aside,) = journal_at(worked).parent.glob(f"{ASIDE_STEM}*")
    assert all(one.branch is None for one in ways(worked))
    branches = [one for one in ways(worked, branches=True) if one.branch is not None]
    assert [(one.branch, one.journal_commits, one.lost) for one in branches] == [(aside, 3, 0)]
    assert branches[0].words == (
        "昨天 16:20 的备份，再从日志补回 3 次保存，到今天 09:32（换下的日志，后来没有用它）"
    )
    done = restore(worked.path, branches[0].source, clock=clock, with_journal=True, branch=aside)
    assert done.journal_commits == 3
    assert everything(worked.path) == newest
    # What she had done meanwhile is now the one set aside, and in the copy made before.
    assert done.before_copy.commit_no == 3
    assert len(list(journal_at(worked).parent.glob(f"{ASIDE_STEM}*"))) == 2
    assert any(one.source == done.before_copy.path for one in ways(worked))


def aside_of(store: Store):
    def holds(action: str) -> bool:
        return store.one("SELECT 1 FROM action WHERE uuid = ?", (action,)) is not None

    def child_name(child_id: int) -> str:
        return str(store.one("SELECT name FROM child WHERE id = ?", (child_id,))[0])

    folder = backup_folder_for(store.path)
    return set_aside_saves(
        store.path, folder, db_uuid=store.db_uuid, holds=holds, child_name=child_name, clock=store.clock
    )


def test_an_open_ledger_is_told_what_only_a_journal_set_aside_holds(worked, clock):
    with Store.open(worked.path, clock=clock) as there:
        assert aside_of(there) == [], "nothing is set aside"
    chosen = next(one for one in ways(worked) if one.journal_commits == 3)
    shutil.copy(chosen.source, worked.path)
    with Store.open(worked.path, clock=clock, as_it_is=True) as again:
        rename_child(again, "接着改的")
        (found,) = aside_of(again)
        assert (found.at, found.way.source, found.way.branch) == (
            clock.now().isoformat(timespec="seconds"),
            chosen.source,
            found.journal,
        )
        assert [one.at[-8:-3] for one in found.saves] == ["09:20", "09:26", "09:32"]
        assert [one.names for one in found.saves] == [(f"今天第 {number} 次",) for number in (1, 2, 3)]
    restore(worked.path, found.way.source, clock=clock, with_journal=True, branch=found.journal)
    with Store.open(worked.path, clock=clock) as back:
        assert aside_of(back) == [], "one is in the ledger again, the other in the backup made before"
        backups = all_backups(back.path, backup_folder_for(back.path))
        before = next(one for one in backups if one.reason is Reason.BEFORE_RESTORE)
        before.path.unlink()
        (other,) = aside_of(back)
        assert [one.names for one in other.saves] == [("接着改的",)]
        for one in backups:
            one.path.unlink(missing_ok=True)
        (other,) = aside_of(back)
        assert other.way is None, "there is nothing left on which it follows"


def test_before_the_first_backup_the_journal_alone_brings_everything_back(store, clock):
    """The first half hour: nothing but the file and its journal, and the file is gone."""
    fill(store)
    for number in range(3):
        rename_child(store, f"第 {number + 1} 次")
    store.close()
    before = everything(store.path)
    store.path.write_bytes(b"")
    (way,) = ways(store)
    assert (way.backup, way.source, way.journal_commits) == (None, journal_at(store), 4)
    assert way.words == "还没有备份，从日志补回全部 4 次保存，到今天 09:00"
    done = restore(store.path, way.source, clock=clock, with_journal=True)
    assert (done.journal_commits, done.after.commit_no) == (4, 4)
    assert everything(store.path) == before
    with Store.open(store.path, clock=clock) as again:
        make_backup(again, reason=Reason.BY_HAND)
        rename_child(again, "第 5 次")
    # With a backup there is no need of it, and a journal that begins later cannot do it.
    assert [one.backup is None for one in ways(store)] == [False]
    with pytest.raises(UserError) as refused:
        restore(store.path, journal_at(store), clock=clock, with_journal=True)
    assert refused.value.key == "restore.not_sound"


def test_a_full_disk_in_the_middle_of_the_journal_is_no_misfit(worked, clock, monkeypatch):
    best, _ = ways(worked)
    with Store.open(worked.path, clock=clock) as again, again.action("很长的一段", kind="x"):
        again.db.execute_sql("UPDATE child SET note = ?", ("长" * 100_000,))
    before = worked.path.read_bytes()
    real = replaying.set_pragmas

    def with_little_room(connection):
        real(connection)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")

    monkeypatch.setattr(replaying, "set_pragmas", with_little_room)
    with pytest.raises(EnvironmentFault) as told:
        restore(worked.path, best.source, clock=clock, with_journal=True)
    assert (told.value.key, told.value.code) == ("copy.became_full", "FULL")
    assert worked.path.read_bytes() == before
    assert not marker_of(worked.path).exists()


# ------------------------------------------------------------------------------------------------ nothing proves it


def test_a_plain_copy_without_a_manifest_needs_her_word(worked, clock, tmp_path):
    plain = tmp_path / "拷来的.db"
    shutil.copy(ways(worked)[0].source, plain)
    before = worked.path.read_bytes()
    with pytest.raises(UserError) as refused:
        restore(worked.path, plain, clock=clock)
    assert refused.value.key == "restore.unproved"
    assert worked.path.read_bytes() == before
    assert restore(worked.path, plain, clock=clock, unproved=True).after.commit_no == 2


def test_a_manifest_that_is_gone_makes_a_backup_unproved(worked, clock):
    source = ways(worked)[0].source
    manifest_path(source).unlink()
    assert [one.source for one in ways(worked)] != [source]
    with pytest.raises(UserError) as refused:
        restore(worked.path, source, clock=clock)
    assert refused.value.key == "restore.unproved"


def test_a_stick_copy_can_be_carried_further_too(worked, clock, tmp_path):
    stick = tmp_path / "优盘"
    stick.mkdir()
    with Store.open(worked.path, clock=clock) as again:
        copy = copy_to_stick(again, stick, audience="self", passphrase="一句别人想不到的话", clock=clock)
        rename_child(again, "拷走以后改的")
    newest = everything(worked.path)
    worked.path.unlink()
    done = restore(worked.path, copy.path, clock=clock, passphrase="一句别人想不到的话", with_journal=True)
    assert done.journal_commits == 1
    assert everything(worked.path) == newest


def test_after_an_unproved_copy_the_journal_reaches_back_to_a_verified_backup(worked, clock, tmp_path):
    """The copy was made between two backups: a journal that began only there would follow on nothing."""
    plain = tmp_path / "拷来的.db"
    with Store.open(worked.path, clock=clock) as again:
        again.db.execute_sql("VACUUM INTO ?", (str(plain),))
        rename_child(again, "拷走以后改的")
    restore(worked.path, plain, clock=clock, unproved=True)
    with Store.open(worked.path, clock=clock) as again:
        rename_child(again, "恢复以后改的")
        assert [entry.commit_no for entry in entries(again.journal.path)] == [3, 4, 5, 6]
    newest = everything(worked.path)
    worked.path.write_bytes(b"")
    best = max(ways(worked), key=lambda one: one.journal_commits)
    restore(worked.path, best.source, clock=clock, with_journal=True)
    assert everything(worked.path) == newest


# ------------------------------------------------------------------------------------------------ power cuts


def restore_all(path, source, clock, progress):
    restore(path, source, clock=clock, with_journal=True, progress=progress)


@pytest.mark.slow
def test_a_power_cut_at_any_step_loses_no_save(worked, clock):
    """Going on gives the ledger with every save, going back what was there; the journal holds all of it throughout."""
    newest = everything(worked.path)
    whole = worked.path.read_bytes()
    damaged = whole[: len(whole) // 2]
    lines = journal_at(worked).read_bytes()
    best, _ = ways(worked)
    unfinished = 0
    left = 0
    while True:
        worked.path.write_bytes(damaged)
        left += 1
        at = FixedClock(datetime(2026, 11, 22, 10))
        cut = cut_off_at(left, partial(restore_all, worked.path, best.source, at))
        assert journal_at(worked).read_bytes() == lines, left
        if not cut:
            break
        if marker_of(worked.path).exists():
            unfinished += 1
            forward = unfinished % 3 != 0
            done = resume(worked.path, forward=forward, clock=clock)
            if forward:
                assert (done.journal_commits, done.after.commit_no) == (3, 5)
                assert "从日志补回了 3 次保存，到 2026-11-22 09:32。" in done.words
                assert everything(worked.path) == newest, left
            else:
                assert worked.path.read_bytes() == damaged
        else:
            assert worked.path.read_bytes() == damaged, left
        assert journal_at(worked).read_bytes() == lines, left
        for path in worked.path.parent.glob("守望.db*"):
            path.unlink()
    assert unfinished >= 5
    assert everything(worked.path) == newest
    assert not journal_of(worked.path).exists()
