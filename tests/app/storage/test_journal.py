"""The journal: every save is in it before it is said, and whatever it lacks is filled in from the database."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.core.errors import EnvironmentFault
from app.storage import check as check_module
from app.storage import journal, journal_place
from app.storage.backups import Reason, list_backups, make_backup
from app.storage.data_place import backup_folder_for
from app.storage.history import actions, undo
from app.storage.journal_lines import (
    ASIDE_STEM,
    JOURNAL_NAME,
    PREVIOUS_NAME,
    changes_of,
    read_entries,
    read_tail,
)
from app.storage.purging import pending_purges, purge_rows
from app.storage.store import Store
from tests.sampling import sampled

from .conftest import Child, Staff
from .journals import entries, journal_at
from .ledgers import NAMES, PARKED, fill, rename_child

ROOT = Path(__file__).parents[3]


def save(store: Store, name: str = "甲") -> str:
    """Save one small thing and return the uuid of its action."""
    with store.action(f"添加 {name}", kind="staff.add", by="周老师") as action:
        action.insert(Staff, name=name)
    return action.uuid


def reopened(store: Store, **how) -> Store:
    store.close()
    return Store.open(store.path, clock=store.clock, **how)


# ---------------------------------------------------------------------------------------------------------- a save


def test_a_save_is_a_line_with_its_images_letter_by_letter(store):
    first, second = save(store), save(store, '乙“引号"和\\反斜杠\n换行')
    lines = journal_at(store).read_bytes().splitlines()
    header, *commits = (json.loads(line) for line in lines)
    assert {name: header[name] for name in ("v", "db_uuid", "ledger", "base_commit", "base_action")} == {
        "v": 1,
        "db_uuid": store.db_uuid,
        "ledger": "守望.db",
        "base_commit": 0,
        "base_action": "",
    }
    assert [(line["commit_no"], line["previous"], line["uuid"]) for line in commits] == [
        (1, "", first),
        (2, first, second),
    ]
    assert (commits[1]["who"], commits[1]["kind"], commits[1]["partial"]) == ("周老师", "staff.add", 0)
    (image,) = store.one("SELECT after_json FROM change ORDER BY seq DESC LIMIT 1")
    assert f'"after":{image}'.encode() in lines[2]
    assert store.journal_fault is None


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_what_is_written_down_in_pieces_is_one_line_letter_by_letter(store, monkeypatch, number):
    monkeypatch.setattr(journal, "_BATCH", 2)
    with store.action("添加好几位", kind="x") as action:
        keys = action.insert_many(Staff, [{"name": f"老师“{place}”\n'\\𠮷"} for place in range(number)])
        action.update(Staff, keys[-1], phone="138")
    (line,) = journal_at(store).read_bytes().splitlines()[1:]
    images = ",".join(
        f'{{"op":"{op}","table":"staff","uuid":"{uuid}","before":{before or "null"},"after":{after}}}'
        for op, uuid, before, after in store.rows(
            "SELECT op, row_uuid, before_json, after_json FROM change ORDER BY seq"
        )
    )
    assert f'"changes":[{images}]'.encode() in line
    assert [one["op"] for one in json.loads(line)["changes"]] == ["insert"] * number + ["update"]


def test_an_action_that_wrote_nothing_has_no_line(store):
    with store.action("没动", kind="x"):
        pass
    with store.rehearsal("预演") as action:
        action.insert(Staff, name="甲")
    with pytest.raises(ZeroDivisionError), store.action("出错", kind="x") as action:
        action.insert(Staff, name="甲")
        raise ZeroDivisionError
    assert not journal_at(store).exists()


def test_an_undo_says_what_it_took_back(store):
    first = save(store)
    undone = undo(store, first, by="周老师").changes.action_uuid
    assert [(entry.uuid, entry.undoes) for entry in entries(journal_at(store))] == [
        (first, None),
        (undone, first),
    ]


def test_the_file_a_roster_came_in_goes_along(store):
    fill(store)
    (entry,) = entries(journal_at(store))
    (kept,) = [change for change in changes_of(entry) if change["op"] == "keep"]
    (content, uuid) = store.one("SELECT content, uuid FROM import_file")
    assert (kept["table"], kept["uuid"]) == ("import_file", uuid)
    assert base64.b64decode(kept["blobs"]["content"]) == content
    assert PARKED.encode() in content


def test_only_this_user_reads_it(store):
    save(store)
    journal = journal_at(store)
    assert journal.stat().st_mode & 0o777 == 0o600
    assert [folder.stat().st_mode & 0o777 for folder in (journal.parent, journal.parent.parent)] == [
        0o700,
        0o700,
    ]


# ------------------------------------------------------------------------------------- what cannot be written down


def test_a_journal_that_cannot_be_written_fails_no_save_and_is_completed_later(store, monkeypatch):
    save(store)
    whole = os.fsync

    def full(descriptor):
        if os.path.samestat(os.fstat(descriptor), journal_at(store).stat()):
            raise OSError(28, "No space left on device")
        whole(descriptor)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        second = save(store, "乙")
        assert store.journal_fault.key == "journal.not_written"
        assert store.journal_fault.code == "ENOSPC"
        save(store, "丙")
    assert store.commit_no == 3
    assert [entry.commit_no for entry in entries(journal_at(store))] == [1]
    save(store, "丁")
    assert store.journal_fault is None
    found = entries(journal_at(store))
    assert [entry.commit_no for entry in found] == [1, 2, 3, 4]
    assert found[1].uuid == second


def test_a_backup_folder_that_is_away_fails_no_save(store):
    save(store)
    folder = backup_folder_for(store.path)
    folder.rename(folder.with_name("拔掉了"))
    folder.write_bytes(b"something else is there now")
    save(store, "乙")
    assert store.journal_fault.key == "journal.not_written"
    folder.unlink()
    folder.with_name("拔掉了").rename(folder)
    save(store, "丙")
    assert store.journal_fault is None
    assert [entry.commit_no for entry in entries(journal_at(store))] == [1, 2, 3]


def test_a_fault_at_the_start_keeps_nobody_from_working(store):
    save(store)
    folder = backup_folder_for(store.path)
    folder.rename(folder.with_name("拔掉了"))
    folder.write_bytes(b"")
    with reopened(store) as again:
        assert again.journal_fault.key == "journal.not_written"
        save(again, "乙")
        assert again.commit_no == 2


def test_a_journal_that_somebody_threw_away_is_made_anew(store):
    for name in "甲乙":
        save(store, name)
    shutil.rmtree(journal_at(store).parent)
    save(store, "丙")
    assert [entry.commit_no for entry in entries(journal_at(store))] == [1, 2, 3]


@pytest.mark.parametrize("bug", [ValueError, MemoryError, KeyError, RuntimeError])
def test_a_mistake_of_ours_in_the_journal_makes_no_save_look_failed(store, monkeypatch, caplog, bug):
    save(store)

    def wrong(*_):
        raise bug("secret words")

    with monkeypatch.context() as patched:
        patched.setattr(store.journal, "_write_line", wrong)
        save(store, "乙")
    assert (store.commit_no, store.journal_fault.code) == (2, "JOURNAL")
    assert f"the journal could not follow: {bug.__name__}" in caplog.text
    save(store, "丙")
    assert store.journal_fault is None
    assert [entry.commit_no for entry in entries(journal_at(store))] == [1, 2, 3]


# ------------------------------------------------------------------------------------------- after an unclean stop


@pytest.mark.parametrize("cut", [1, 40, 200])
def test_a_torn_line_is_cut_off_and_written_again(cut, store):
    for name in "甲乙丙":
        save(store, name)
    whole = journal_at(store).read_bytes()
    store.close()
    journal_at(store).write_bytes(whole[:-cut])
    with reopened(store) as again:
        assert journal_at(again).read_bytes() == whole


def test_a_line_with_a_hole_in_it_is_written_again(store):
    """A power cut can leave the end of an unfinished line on the disk and not its middle."""
    for name in "甲乙丙":
        save(store, name)
    whole = journal_at(store).read_bytes()
    store.close()
    holed = bytearray(whole)
    holed[-300:-200] = bytes(100)
    journal_at(store).write_bytes(holed)
    with reopened(store) as again:
        assert journal_at(again).read_bytes() == whole


@pytest.mark.parametrize("lines", [1, 2, 3])
def test_a_database_that_is_ahead_has_its_lines_rebuilt(lines, store):
    for name in "甲乙丙":
        save(store, name)
    whole = journal_at(store).read_bytes()
    store.close()
    journal_at(store).write_bytes(b"".join(whole.splitlines(keepends=True)[:-lines]))
    with reopened(store) as again:
        assert journal_at(again).read_bytes() == whole


def test_a_journal_whose_beginning_is_gone_is_set_aside(store):
    for name in "甲乙丙":
        save(store, name)
    journal = journal_at(store)
    broken = b"\0" * 10 + journal.read_bytes()[10:]
    store.close()
    journal.write_bytes(broken)
    with reopened(store) as again:
        assert [entry.commit_no for entry in entries(journal)] == [1, 2, 3]
        (aside,) = journal.parent.glob(f"{ASIDE_STEM}*")
        assert aside.read_bytes() == broken
        assert again.journal_fault is None


def test_what_was_set_aside_goes_after_a_month(store, clock):
    for name in "甲乙":
        save(store, name)
    store.close()
    journal = journal_at(store)
    journal.write_bytes(b"broken\n")
    reopened(store).close()
    clock.advance(days=29)
    with reopened(store) as again:
        save(again, "丙")
    assert len(list(journal.parent.glob(f"{ASIDE_STEM}*"))) == 1
    clock.advance(days=500)  # a clock that jumps ahead throws nothing away
    reopened(store).close()
    assert len(list(journal.parent.glob(f"{ASIDE_STEM}*"))) == 1
    clock.advance(days=-498)
    reopened(store).close()
    assert list(journal.parent.glob(f"{ASIDE_STEM}*")) == []


def test_one_set_aside_that_cannot_be_removed_holds_nothing_up(store, clock):
    save(store)
    stuck = journal_at(store).with_name(f"{ASIDE_STEM}20260901_080000.jsonl")
    stuck.mkdir()
    store.close()
    journal_at(store).unlink()
    with Store.open(store.path, clock=clock) as again:
        assert again.journal_fault is None
        assert [entry.commit_no for entry in entries(journal_at(again))] == [1]


_SAVES = """
import sys; sys.path.insert(0, {root!r})
from datetime import datetime
from pathlib import Path
from app.core.clock import FixedClock
from app.storage.store import Store
from tests.app.storage.conftest import Staff
with Store.open(Path(sys.argv[1]), clock=FixedClock(datetime(2026, 11, 21, 9))) as store:
    number = store.commit_no
    while True:
        number += 1
        with store.action("添加", kind="x") as action:
            action.insert(Staff, name=str(number))
        print(action.uuid, flush=True)
"""


@pytest.mark.slow
def test_everything_told_saved_is_in_the_journal_after_a_kill(store, clock):
    path = store.path
    store.close()
    told: list[str] = []
    for round_ in range(sampled(5, 12)):
        worker = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(_SAVES.format(root=str(ROOT))), str(path)],
            stdout=subprocess.PIPE,
            text=True,
        )
        told += [worker.stdout.readline().strip() for _ in range(3 + round_)]
        worker.send_signal(signal.SIGKILL)
        told += [line.strip() for line in worker.stdout.read().splitlines() if len(line.strip()) == 36]
        worker.wait()
        worker.stdout.close()
        _, found, _ = read_entries(journal_at(store))
        written = [entry.uuid for entry in found]
        assert set(told) <= set(written)
        with Store.open(path, clock=clock) as opened:
            in_database = [row.uuid for row in reversed(actions(opened, limit=10**6))]
            assert [entry.uuid for entry in entries(journal_at(opened))] == in_database
        assert set(written) <= set(in_database)


# ---------------------------------------------------------------------------------------------------- older content


def test_a_ledger_that_was_set_back_is_never_taken_silently(store):
    save(store)
    store.close()
    yesterday = store.path.read_bytes()
    with reopened(store) as again:
        for name in "乙丙":
            save(again, name)
    store.path.write_bytes(yesterday)
    lines = journal_at(store).read_bytes()
    for read_only in (False, True):
        with pytest.raises(EnvironmentFault) as refused:
            Store.open(store.path, clock=store.clock, read_only=read_only)
        assert refused.value.key == "older-content"
        assert "少 2 次保存" in str(refused.value)
    with Store.open(store.path, clock=store.clock, as_it_is=True) as again:
        assert again.commit_no == 1
        (aside,) = journal_at(again).parent.glob(f"{ASIDE_STEM}*")
        assert aside.read_bytes() == lines
        save(again, "丁")
    with reopened(store) as again:
        assert [entry.commit_no for entry in entries(journal_at(again))] == [1, 2]


@pytest.mark.parametrize("after_a_backup", [False, True])
def test_another_history_of_the_same_ledger_is_told_too(after_a_backup, store, tmp_path):
    """The file went to another computer, was worked on there and put over the one here: two saves of here are not in it."""
    save(store)
    store.close()
    other = tmp_path / "另一台电脑" / "守望.db"
    other.parent.mkdir()
    shutil.copy(store.path, other)
    with Store.open(other, clock=store.clock) as there:
        for name in "乙丙丁":
            save(there, name)
    with reopened(store) as here:
        save(here, "戊")
        if after_a_backup:
            make_backup(here, reason=Reason.BY_HAND)
        save(here, "己")
    shutil.copy(other, store.path)
    with pytest.raises(EnvironmentFault) as refused:
        Store.open(store.path, clock=store.clock)
    assert refused.value.key == "older-content"


def test_a_save_made_while_it_is_looked_at_is_none_that_is_missing(store, clock, monkeypatch):
    """The command line checks a private copy beside an open window; the journal is read a moment later."""
    save(store)
    store.close()
    real, looks = check_module.copied_out, []

    @contextmanager
    def overtaken(path, opener=None):
        with real(path, opener) as copy:
            looks.append(copy)
            if len(looks) == 1:
                with Store.open(path, clock=clock) as window:
                    save(window, "乙")
            yield copy

    monkeypatch.setattr(check_module, "copied_out", overtaken)
    found = check_module.check(store.path)
    assert (found.state, found.detail["commit_no"], len(looks)) == ("ok", 2, 2)


def test_a_second_copy_beside_has_no_part_in_the_journal(store, clock):
    save(store)
    store.close()
    copy = store.path.with_name("昨天.db")
    shutil.copy(store.path, copy)
    with reopened(store) as again:
        save(again, "乙")
    lines = journal_at(store).read_bytes()
    with Store.open(copy, clock=clock) as other:
        save(other, "丙")
        assert (other.journal, other.journal_fault) == (None, None)
    assert journal_at(store).read_bytes() == lines


def test_a_ledger_that_was_renamed_keeps_its_journal(store, clock):
    save(store)
    store.close()
    renamed = store.path.rename(store.path.with_name("改了名.db"))
    with Store.open(renamed, clock=clock) as again:
        save(again, "乙")
        assert [entry.commit_no for entry in entries(again.journal.path)] == [1, 2]


# ------------------------------------------------------------------------------------------------------ generations


def test_a_verified_backup_begins_a_new_journal_and_the_old_one_stays(store):
    for name in "甲乙":
        last = save(store, name)
    make_backup(store, reason=Reason.BY_HAND)
    journal = journal_at(store)
    assert [entry.commit_no for entry in entries(journal.with_name(PREVIOUS_NAME))] == [1, 2]
    assert (read_tail(journal).header.base_commit, read_tail(journal).header.base_action) == (2, last)
    save(store, "丙")
    make_backup(store, reason=Reason.BY_HAND)
    make_backup(store, reason=Reason.BY_HAND)  # nothing new: what stands in the previous one stays
    assert [entry.commit_no for entry in entries(journal.with_name(PREVIOUS_NAME))] == [3]
    save(store, "丁")
    assert [entry.commit_no for entry in entries(journal)] == [4]


def test_a_journal_that_cannot_change_its_name_goes_on_and_nothing_is_said_to_be_missing(store):
    """On Windows another program that reads it is enough."""
    save(store)
    held = journal_at(store).with_name(PREVIOUS_NAME)
    (held / "x").mkdir(parents=True)
    make_backup(store, reason=Reason.BY_HAND)
    assert store.journal_fault is None
    save(store, "乙")
    assert store.journal_fault is None
    assert [entry.commit_no for entry in entries(journal_at(store))] == [1, 2]


def test_the_folders_a_journal_is_begun_in_are_on_the_disk_too(store, monkeypatch):
    synced = []
    real = journal_place.fsync_folder
    monkeypatch.setattr(journal_place, "fsync_folder", lambda folder: (synced.append(folder), real(folder)))
    save(store)
    folder = journal_at(store).parent
    assert {folder, folder.parent, folder.parent.parent} <= set(synced)


def test_a_backup_in_another_folder_leaves_the_journal_alone(store, tmp_path):
    save(store)
    make_backup(store, reason=Reason.BY_HAND, folder=tmp_path / "别处")
    assert [entry.commit_no for entry in entries(journal_at(store))] == [1]


def test_a_cut_between_the_two_names_of_a_rotation_loses_nothing(store):
    for name in "甲乙":
        save(store, name)
    make_backup(store, reason=Reason.BY_HAND)
    journal_at(store).unlink()
    with reopened(store) as again:
        assert read_tail(journal_at(again)).header.base_commit == 2
        save(again, "丙")
        assert [entry.commit_no for entry in entries(journal_at(again))] == [3]


def test_a_new_journal_goes_on_from_the_newest_backup_of_this_history(store):
    save(store)
    make_backup(store, reason=Reason.BY_HAND)
    for name in "乙丙":
        save(store, name)
    shutil.rmtree(journal_at(store).parent)
    with reopened(store) as again:
        assert [entry.commit_no for entry in entries(journal_at(again))] == [2, 3]
    (backup,) = list_backups(backup_folder_for(store.path))
    slip = backup.path.with_name(backup.path.name + ".校验单.json")
    content = json.loads(slip.read_bytes())
    content["facts"]["last_entry"] = "2020-01-01T00:00:00"  # a backup of another history of the same ledger
    slip.write_text(json.dumps(content), encoding="utf-8")
    shutil.rmtree(journal_at(store).parent)
    with reopened(store) as again:
        assert [entry.commit_no for entry in entries(journal_at(again))] == [1, 2, 3]


# ----------------------------------------------------------------------------------------------- permanent deletion


def purge_first_child(store: Store) -> str:
    """Take the first child away for good, with a note that names nobody."""
    rows = [
        *(
            ("registration", uuid)
            for (uuid,) in store.rows("SELECT uuid FROM registration WHERE child_id = 1")
        ),
        ("child", store.one("SELECT uuid FROM child WHERE id = 1")[0]),
    ]
    with store.action("永久删除 1 名儿童", kind="purge") as action:
        action.insert(Staff, name="留下的")
        named = [
            uuid for (uuid,) in store.rows("SELECT uuid FROM action WHERE words LIKE ?", (f"%{NAMES[0]}%",))
        ]
        purge_rows(store.db, action, rows=rows, words=dict.fromkeys(named, "（已永久删除）"))
    return action.uuid


def test_a_purge_leaves_no_trace_once_the_journal_is_begun_anew(store):
    fill(store)
    make_backup(store, reason=Reason.BY_HAND)
    with store.action(f"登记 {NAMES[0]}", kind="test"):
        store.db.execute_sql("UPDATE child SET note = '爱画画' WHERE id = 1")
    make_backup(store, reason=Reason.BY_HAND)
    rename_child(store, NAMES[0] + "又名")
    folder = journal_at(store).parent
    (folder / f"{ASIDE_STEM}20261101_080000.jsonl").write_bytes(NAMES[0].encode())
    purged = purge_first_child(store)
    assert pending_purges(store.db) == [purged]
    store.journal.restart()
    assert pending_purges(store.db) == []
    assert [path.name for path in folder.iterdir()] == [JOURNAL_NAME]
    assert NAMES[0].encode() not in journal_at(store).read_bytes()
    assert read_tail(journal_at(store)).action == purged
    store.close()
    assert NAMES[0].encode() not in store.path.read_bytes()


def test_a_journal_never_begins_before_a_purge(store):
    fill(store)
    make_backup(store, reason=Reason.BY_HAND)
    purge_first_child(store)
    save(store)
    shutil.rmtree(journal_at(store).parent)
    with reopened(store) as again:
        assert read_tail(journal_at(again)).header.base_commit == 2
        assert pending_purges(again.db) != []  # the next start still knows that it is not finished


def test_a_journal_that_cannot_be_removed_is_said(store, monkeypatch):
    fill(store)
    purge_first_child(store)

    def held(path, missing_ok=False):
        raise PermissionError(13, "held open")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", held)
        with pytest.raises(EnvironmentFault) as told:
            store.journal.restart()
    assert told.value.key == "journal.not_removed"
    assert pending_purges(store.db) != []
    store.journal.restart()
    assert pending_purges(store.db) == []


def test_rows_of_a_table_with_bytes_take_them_along(store):
    """Attachments will be such a table: outside the images, inside the line."""
    store.db.execute_sql("ALTER TABLE child ADD COLUMN photo BLOB")
    with store.action("添加", kind="x") as action:
        uuid = action.insert(Child, name="单立冬").uuid
        store.db.execute_sql("UPDATE child SET photo = x'ff00d8' WHERE uuid = ?", (uuid,))
    (entry,) = entries(journal_at(store))
    (change,) = changes_of(entry)
    assert change["blobs"] == {"photo": "/wDY"}
