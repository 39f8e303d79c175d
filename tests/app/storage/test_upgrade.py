"""Upgrading a ledger: on a copy, proved, swapped in; cut off or refused anywhere, the data open in the old or the new form."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from app.core.errors import Cancelled, EnvironmentFault
from app.core.paths import private_folder
from app.storage import check as check_module
from app.storage import opening
from app.storage.backups import Reason, list_backups
from app.storage.beside import Marker, marker_of, read_marker, write_marker
from app.storage.check import check
from app.storage.copy import verify_file
from app.storage.medium import Disk
from app.storage.migrations.runner import SCHEMA_VERSION, STEPS
from app.storage.store import Store
from app.storage.upgrade import finish_upgrade, upgrade
from app.storage.workroom import clean_private_folder
from tests.sampling import sampled

from .conftest import Child
from .test_check import fingerprint, interrupted
from .test_migrations import KEPT, NEWER, NEXT, _break, _lose_a_child, _orphan, step


@pytest.fixture
def old_ledger(store, clock) -> Path:
    """Return a closed ledger of today's version with 40 children, one with rare characters, one in the bin."""
    with store.action("添加", kind="x", by="周老师") as action:
        keys = action.insert_many(Child, [{"name": f"儿童{n}𬭎", "note": "长" * 1000} for n in range(40)])
    with store.action("移到回收站", kind="x") as action:
        action.soft_delete(Child, keys[4])
    store.close()
    return store.path


def contents(path: Path) -> list:
    connection = dbapi2.connect(str(path))
    try:
        return [
            connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
            for table in ("action", "change")
        ] + [connection.execute("SELECT id, uuid, name, note, deleted_at FROM child ORDER BY id").fetchall()]
    finally:
        connection.close()


def version_of(path: Path) -> int:
    return int.from_bytes(path.read_bytes()[60:64], "big")


def test_a_proved_copy_is_not_upgraded_in_its_place(old_ledger, tmp_path, clock):
    """The backup of before an upgrade is the way back to the version that made it."""
    backup = upgrade(old_ledger, backup_folder=tmp_path / "备份", clock=clock, steps=NEWER).before
    proved = backup.path.read_bytes()
    with pytest.raises(EnvironmentFault) as told:
        upgrade(backup.path, backup_folder=tmp_path / "other", clock=clock, steps=NEWER)
    assert told.value.key == "storage.older_copy"
    assert backup.path.read_bytes() == proved
    assert not list((tmp_path / "备份").glob("*.lock")), "not even a lock is left beside it"


def test_an_upgrade_keeps_everything(old_ledger, tmp_path, clock, monkeypatch):
    before = contents(old_ledger)
    result = upgrade(old_ledger, backup_folder=tmp_path / "备份", clock=clock, steps=NEWER)
    assert (result.from_schema, result.to_schema, result.children, result.records) == (
        SCHEMA_VERSION,
        NEXT + 1,
        40,
        40,
    )
    assert result.words == "升级完成：40 份儿童档案（连同离校的和回收站里的）、40 条记录，与升级前一致。"
    assert version_of(old_ledger) == NEXT + 1
    assert contents(old_ledger) == before
    assert version_of(result.before.path) == SCHEMA_VERSION
    assert contents(result.before.path) == before
    assert sorted(path.name for path in old_ledger.parent.iterdir()) == ["备份", "守望.db", "守望.db.lock"]
    # Once more is harmless.
    for module in (check_module, opening):
        monkeypatch.setattr(module, "SCHEMA_VERSION", NEXT + 1)
    unchanged = fingerprint(old_ledger.parent)
    assert upgrade(old_ledger, backup_folder=tmp_path / "备份", clock=clock, steps=NEWER) is None
    assert fingerprint(old_ledger.parent) == unchanged
    with Store.open(old_ledger, clock=clock) as opened:
        with opened.action("改", kind="x") as action:
            action.update(Child, 1, note="新")
        assert opened.one("SELECT after_json ->> '$.nickname' IS NULL FROM change ORDER BY seq DESC") == (1,)


@pytest.mark.parametrize("bad", [_break, _orphan, _lose_a_child])
def test_an_upgrade_that_fails_leaves_the_old_ledger_in_use(old_ledger, tmp_path, clock, bad):
    before = fingerprint(old_ledger.parent)
    with pytest.raises(EnvironmentFault) as refused:
        upgrade(old_ledger, backup_folder=tmp_path / "备份", clock=clock, steps=(*STEPS, step(NEXT, bad)))
    assert refused.value.key == "storage.upgrade_failed"
    assert fingerprint(old_ledger.parent) == before
    Store.open(old_ledger, clock=clock).close()


def test_only_a_sound_file_that_nobody_uses_is_upgraded(old_ledger, tmp_path, clock):
    folder = tmp_path / "备份"
    with Store.open(old_ledger, clock=clock), pytest.raises(EnvironmentFault) as refused:
        upgrade(old_ledger, backup_folder=folder, clock=clock, steps=NEWER)
    assert refused.value.key == "storage.in_use"
    old_ledger.write_bytes(old_ledger.read_bytes()[:-1])
    with pytest.raises(EnvironmentFault) as refused:
        upgrade(old_ledger, backup_folder=folder, clock=clock, steps=NEWER)
    assert refused.value.key == "corrupt"
    old_ledger.unlink()
    with pytest.raises(EnvironmentFault) as refused:
        upgrade(old_ledger, backup_folder=folder, clock=clock, steps=NEWER)
    assert refused.value.key == "missing"
    assert not folder.exists()


def test_a_ledger_with_a_hot_journal_is_upgraded(old_ledger, tmp_path, clock):
    before = contents(old_ledger)
    cut = interrupted(old_ledger, tmp_path)
    upgrade(cut, backup_folder=tmp_path / "备份", clock=clock, steps=NEWER)
    assert contents(cut) == before
    assert not cut.with_name(cut.name + "-journal").exists()


# ------------------------------------------------------------------------------------------------- power cuts

# What happens between the first look and the end: each line of these is a moment at which the power may go.
_WHERE = {
    "upgrade.py": {"upgrade", "_migrate", "_swap"},
    "runner.py": {"_run_step"},
    "m0002_proofs.py": {"apply"},
    "m0007_forms_asked.py": {"apply"},
    "beside.py": {"write_marker", "clear_marker"},
}


STRIDE = sampled(3, 1)


def upgraded_until(path: Path, clock, line: int, at_line: Callable[[int], None], *, every: int) -> bool:
    """Upgrade in another process; call ``at_line`` in it before the ``line``-th line of the work and each ``every`` after.

    Tell whether it got through.
    """
    child = os.fork()
    if child == 0:
        seen = 0

        def look(frame, event, _argument):
            nonlocal seen
            name = Path(frame.f_code.co_filename).name
            if frame.f_code.co_name not in _WHERE.get(name, ()):
                return None
            seen += event == "line"
            if event == "line" and seen >= line and (seen - line) % every == 0:
                at_line(seen)
            return look

        sys.settrace(look)
        upgrade(path, backup_folder=path.parent / "备份", clock=clock)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL)
    return status == 0


def upgraded_until_killed(path: Path, clock, line: int) -> bool:
    """Upgrade in a process that is killed before the ``line``-th line of the work; tell whether it got through."""
    return upgraded_until(path, clock, line, lambda _: os.kill(os.getpid(), signal.SIGKILL), every=1)


def pictures_of_an_upgrade(path: Path, clock, into: Path) -> list[Path]:
    """Upgrade, and return the files as they lay before each ``STRIDE``-th line of the work, and at the end.

    That is what a kill at that line leaves. A process of its own copies: were it the one that upgrades, it would give up
    SQLite's locks with the first file it closes.
    """
    into.mkdir()

    def picture(number: int) -> None:
        copying = os.fork()
        if copying == 0:
            sys.settrace(None)
            copy_both(path.parent, private_folder(), into / f"{number:05}")
            os._exit(0)
        assert os.waitpid(copying, 0)[1] == 0

    assert upgraded_until(path, clock, 1, picture, every=STRIDE)
    copy_both(path.parent, private_folder(), into / "end")
    return sorted(into.iterdir())


def copy_both(folder: Path, private: Path, into: Path) -> None:
    """Copy the ledger's folder and the room where half-done work lies."""
    shutil.copytree(folder, into / "folder")
    shutil.copytree(private, into / "private") if private.exists() else (into / "private").mkdir()


def opens_old_or_new(path: Path, before: list, clock) -> int:
    """Assert what must hold after a cut at any moment; return the version that is there."""
    if marker_of(path).exists():
        assert check(path).state == "resume"
    finish_upgrade(path)
    assert read_marker(path) is None
    assert contents(path) == before
    version = version_of(path)
    assert version in (1, SCHEMA_VERSION)
    assert check(path).state == ("ok" if version == SCHEMA_VERSION else "older-schema")
    made = list_backups(path.parent / "备份")
    if version == SCHEMA_VERSION:
        assert [backup.reason for backup in made] == [Reason.BEFORE_UPGRADE]
        assert version_of(made[0].path) == 1
        assert verify_file(made[0].path).ok
    assert all(not backup.verified or verify_file(backup.path).ok for backup in made)
    return version


@pytest.fixture
def released(tmp_path) -> Path:
    """Return a ledger of version 1 as its release wrote it."""
    path = tmp_path / "数据" / "守望.db"
    path.parent.mkdir()
    shutil.copy(KEPT / "v1.db", path)
    return path


def begin_again(path: Path) -> None:
    shutil.rmtree(path.parent)
    path.parent.mkdir()
    shutil.copy(KEPT / "v1.db", path)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are of Unix")
def test_r05_a_power_cut_at_any_line_of_the_work_leaves_the_old_or_the_new_ledger(
    released, clock, tmp_path, record_property
):
    before = contents(released)
    seen = []
    for picture in pictures_of_an_upgrade(released, clock, tmp_path / "pictures"):
        shutil.rmtree(released.parent)
        shutil.copytree(picture / "folder", released.parent)
        shutil.copytree(picture / "private", private_folder(), dirs_exist_ok=True)
        seen.append(opens_old_or_new(released, before, clock))
        clean_private_folder(private_folder())
    assert seen[0] == 1
    assert seen[-1] == SCHEMA_VERSION
    assert seen == sorted(seen), "from one line on it is the new ledger, and stays so"
    assert len(seen) * STRIDE > 50
    record_property("rounds", len(seen))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are of Unix")
def test_r05_an_upgrade_that_was_cut_off_is_done_at_the_next_try(released, clock):
    before = contents(released)
    for line in sampled((20, 45, 55, 65), (5, 20, 35, 45, 50, 55, 60, 65)):
        begin_again(released)
        upgraded_until_killed(released, clock, line)
        upgrade(released, backup_folder=released.parent / "备份", clock=clock)
        assert version_of(released) == SCHEMA_VERSION
        assert contents(released) == before
        assert read_marker(released) is None
        assert not [path for path in released.parent.iterdir() if "upgraded" in path.name]
        clean_private_folder(private_folder())


def fail_at(patch, number: int) -> None:
    """Let the ``number``-th call that writes fail: the disk is full, or broken."""
    left = [number]

    def failing(real):
        def call(self, *given):
            left[0] -= 1
            if left[0] == 0:
                raise OSError(errno.ENOSPC if number % 2 else errno.EIO, "x")
            return real(self, *given)

        return call

    for name in ("create", "write", "fsync", "rename", "fsync_folder"):
        patch.setattr(Disk, name, failing(getattr(Disk, name)))


def test_a_disk_that_fails_at_any_call_leaves_the_old_ledger_in_use(released, clock, monkeypatch):
    """Full, or broken: at the N-th call that writes, for each N until the upgrade gets through."""
    original, before, keys = released.read_bytes(), contents(released), set()
    number, done = 0, None
    while done is None:
        number += 1
        begin_again(released)
        with monkeypatch.context() as patch:
            fail_at(patch, number)
            try:
                done = upgrade(released, backup_folder=released.parent / "备份", clock=clock)
            except EnvironmentFault as found:
                keys.add(found.key)
        if done is None:
            assert released.read_bytes() == original
            assert opens_old_or_new(released, before, clock) == 1
            assert not list(released.parent.rglob("*.part"))
    assert keys == {"copy.became_full", "copy.io_error"}
    assert number > 12
    assert done.words.startswith(f"升级完成：{done.children} 份儿童档案")
    assert f"{done.records} 条记录" in done.words


def test_an_unfinished_restore_is_settled_before_any_upgrade(released, clock):
    write_marker(released, Marker("restore", "x", "", "2026-11-21T09:00:00"))
    with pytest.raises(EnvironmentFault) as refused:
        upgrade(released, backup_folder=released.parent / "备份", clock=clock)
    assert refused.value.key == "restore.unfinished"
    assert version_of(released) == 1
    finish_upgrade(released)
    assert read_marker(released).work == "restore", "the marker of a restore is not an upgrade's to clear"


def test_what_is_in_the_kept_file_is_said_in_numbers(released, clock):
    result = upgrade(released, backup_folder=released.parent / "备份", clock=clock)
    assert (result.from_schema, result.to_schema) == (1, SCHEMA_VERSION)
    assert (
        result.words
        == f"升级完成：{result.children} 份儿童档案（连同离校的和回收站里的）、{result.records} 条记录，与升级前一致。"
    )
    with Store.open(released, clock=clock) as store:
        assert store.one("SELECT count(*) FROM child") == (result.children,)
    assert upgrade(released, backup_folder=released.parent / "备份", clock=clock) is None
    assert len(list_backups(released.parent / "备份")) == 1


def test_an_upgrade_is_stopped_wherever_it_tells_how_far_it_is(released, clock):
    """停下: all is done on copies until the last moment."""
    original, told, stopped_at = released.read_bytes(), set(), 0
    done = None
    while done is None:
        stopped_at += 1
        left = [stopped_at]

        def progress(_done, _total, words="", left=left):
            told.add(words)
            left[0] -= 1
            if left[0] == 0:
                raise Cancelled

        try:
            done = upgrade(released, backup_folder=released.parent / "备份", clock=clock, progress=progress)
        except Cancelled:
            assert released.read_bytes() == original
            assert not [
                one for one in released.parent.rglob("*") if "upgraded" in one.name or one.suffix == ".part"
            ]
            assert not list(private_folder().glob("work_*"))
            shutil.rmtree(released.parent / "备份", ignore_errors=True)
    assert stopped_at > 8
    assert told == {
        "先看一遍：数据是好的才升级",
        "正在备份升级前的数据",
        "正在拷出一份，在拷出的上面换",
        "正在换成新格式",
        "正在核对",
        "正在启用升级好的数据",
    }


# ---- only looked at


@pytest.mark.parametrize("release", sorted(path.name for path in KEPT.glob("v*.db"))[: SCHEMA_VERSION - 1])
def test_an_older_ledger_is_looked_at_as_a_private_copy_in_todays_format(tmp_path, clock, release):
    path = tmp_path / "拷来的" / release
    path.parent.mkdir()
    shutil.copy(KEPT / release, path)
    before, bytes_before = contents(path), path.read_bytes()
    with Store.open(path, clock=clock, read_only=True, older_too=True) as looked:
        assert looked.is_older
        assert looked.path == path
        assert looked.one("PRAGMA user_version") == (SCHEMA_VERSION,)
        assert [looked.rows(f"SELECT * FROM {table} ORDER BY 1") for table in ("action", "change")] == before[
            :2
        ]
        with pytest.raises(EnvironmentFault), looked.action("改", kind="x") as action:
            action.insert_many(Child, [{"name": "新"}])
    assert path.read_bytes() == bytes_before
    assert sorted(one.name for one in path.parent.iterdir()) == [release]
    assert not list(private_folder().glob("work_*"))


def test_only_a_proved_copy_of_an_older_format_is_looked_at_unasked(released, tmp_path, clock):
    """A ledger in use is to be upgraded; nothing else will ever bring the backup of before that over."""
    with pytest.raises(EnvironmentFault) as told:
        Store.open(released, clock=clock, read_only=True)
    assert told.value.key == "older-schema"
    before = upgrade(released, backup_folder=tmp_path / "备份", clock=clock).before.path
    with Store.open(before, clock=clock, read_only=True) as looked:
        assert looked.is_older
    with Store.open(released, clock=clock, read_only=True) as today:
        assert not today.is_older


def test_an_older_ledger_that_does_not_come_over_is_called_damaged_and_leaves_nothing(released, clock):
    with released.open("r+b") as file:
        file.seek(8 * 4096)
        file.write(b"\xff" * 3 * 4096)
    damaged = released.read_bytes()
    with pytest.raises(EnvironmentFault) as told:
        Store.open(released, clock=clock, read_only=True, older_too=True)
    assert told.value.key == "corrupt"
    assert released.read_bytes() == damaged
    assert not list(private_folder().glob("work_*"))


def test_without_room_for_the_copy_that_is_said(released, clock, monkeypatch):
    def full(*_args):
        error = dbapi2.OperationalError("database or disk is full")
        error.sqlite_errorname = "SQLITE_FULL"
        raise error

    monkeypatch.setattr("app.storage.upgrade.run_steps", full)
    with pytest.raises(EnvironmentFault) as told:
        Store.open(released, clock=clock, read_only=True, older_too=True)
    assert told.value.key == "storage.full"
    assert not list(private_folder().glob("work_*"))
