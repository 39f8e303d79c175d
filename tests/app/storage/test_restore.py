"""Restore: whatever is there is kept, and a power cut at any step leaves the old ledger or the new one."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from app.core.clock import FixedClock
from app.core.errors import Cancelled, EnvironmentFault, UserError
from app.core.files import sha256_of
from app.core.paths import settings_file
from app.core.settings import Settings, save_settings
from app.storage import restore as restoring
from app.storage.backups import Reason, list_backups, make_backup
from app.storage.beside import journal_of, lock_of, marker_of, trace_of
from app.storage.check import check
from app.storage.copy import verify_file
from app.storage.restore import restore, resume
from app.storage.stick import copy_to_stick
from app.storage.store import Store
from tests.app.storage.cuts import cut_off_at
from tests.app.storage.ledgers import NAMES, fill, names, rename_child

ROOT = Path(__file__).resolve().parents[3]
NEW_NAME = "改过名的孩子"


@pytest.fixture(autouse=True)
def backup_folder(tmp_path, ledger_path):
    """The backups and the journal lie on another disk, as she has chosen it."""
    folder = tmp_path / "另一个盘" / "守望备份"
    save_settings(settings_file(), Settings(data_folder=ledger_path.parent, backup_folder=folder))
    yield folder
    settings_file().unlink()


@pytest.fixture
def backup(store, backup_folder, clock) -> Path:
    """A backup of yesterday; the ledger has one more change since and is closed."""
    fill(store)
    made = make_backup(store, reason=Reason.BY_HAND, folder=backup_folder)
    clock.advance(days=1)
    rename_child(store, NEW_NAME)
    store.close()
    return made.path


def first_name(path: Path, clock) -> str:
    with Store.open(path, clock=clock) as opened:
        return names(opened)[0]


def beside(path: Path) -> list[str]:
    """What lies beside the ledger, but for what always may: its lock, and where its newest backup was put."""
    always = {lock_of(path).name, trace_of(path).name}
    return sorted(found.name for found in path.parent.iterdir() if found.name not in always)


def test_the_backup_is_in_place_and_the_old_ledger_can_come_back(backup, ledger_path, backup_folder, clock):
    said = []
    result = restore(
        ledger_path,
        backup,
        backup_folder=backup_folder,
        clock=clock,
        progress=lambda done, total, words="": said.append(words),
    )

    assert sha256_of(ledger_path) == sha256_of(backup)
    assert (result.state_before, result.kept, result.after.commit_no) == ("ok", None, 1)
    assert result.before_copy.reason == Reason.BEFORE_RESTORE
    assert result.before_copy.commit_no == 2
    assert result.words[0] == "已恢复：4 名儿童，最近一条 2026-11-21 09:00。"
    assert beside(ledger_path) == ["守望.db"]
    assert ledger_path.stat().st_mode & 0o777 == 0o600
    assert first_name(ledger_path, clock) == NAMES[0]
    assert "正在恢复：换上备份" in said

    clock.advance(hours=1)
    back = restore(ledger_path, result.before_copy.path, backup_folder=backup_folder, clock=clock)
    assert first_name(ledger_path, clock) == NEW_NAME
    assert len(list_backups(backup_folder)) == 3
    assert back.before_copy.commit_no == 1


@pytest.mark.parametrize("damage", ["empty", "half", "page", "foreign"])
def test_a_damaged_ledger_is_laid_aside_as_it_is(damage, backup, ledger_path, backup_folder, clock):
    content = bytearray(ledger_path.read_bytes())
    if damage == "page":
        content[4096 * 3 : 4096 * 4] = bytes(4096)
    content = {"empty": b"", "half": content[: len(content) // 2], "foreign": b"PK" * 800}.get(
        damage, content
    )
    ledger_path.write_bytes(content)
    journal_of(ledger_path).write_bytes(b"a journal nobody can use")

    result = restore(ledger_path, backup, backup_folder=backup_folder, clock=clock)

    kind = "kept" if damage == "foreign" else "damaged"
    assert result.kept.name == f"守望.db.{kind}-20261122_090000"
    assert result.kept.read_bytes() == content
    assert journal_of(result.kept).read_bytes() == b"a journal nobody can use"
    assert not journal_of(ledger_path).exists()
    assert result.before_copy is None
    assert first_name(ledger_path, clock) == NAMES[0]
    assert "没有删" in result.words[1]


def test_two_damaged_ledgers_in_one_second_are_both_kept(backup, ledger_path, backup_folder, clock):
    kept = []
    for content in (b"x" * 700, b"y" * 700):
        ledger_path.write_bytes(content)
        kept.append(restore(ledger_path, backup, backup_folder=backup_folder, clock=clock).kept)
    assert [path.read_bytes()[:1] for path in kept] == [b"x", b"y"]


def test_a_missing_ledger_comes_back_even_without_its_folder(backup, ledger_path, backup_folder, clock):
    for path in list(ledger_path.parent.iterdir()):
        path.unlink()
    ledger_path.parent.rmdir()
    result = restore(ledger_path, backup, backup_folder=backup_folder, clock=clock)
    assert (result.state_before, result.kept, result.before_copy) == ("missing", None, None)
    assert first_name(ledger_path, clock) == NAMES[0]


def test_an_encrypted_stick_copy_can_be_restored(store, ledger_path, backup_folder, clock, tmp_path):
    fill(store)
    stick = tmp_path / "优盘"
    stick.mkdir()
    copy = copy_to_stick(store, stick, audience="town", passphrase="一句别人想不到的话", clock=clock)
    rename_child(store, NEW_NAME)
    store.close()

    with pytest.raises(UserError) as caught:
        restore(ledger_path, copy.path, backup_folder=backup_folder, clock=clock)
    assert caught.value.key == "container.passphrase_needed"
    result = restore(
        ledger_path, copy.path, backup_folder=backup_folder, clock=clock, passphrase="一句别人想不到的话"
    )
    assert first_name(ledger_path, clock) == NAMES[0]
    assert result.words[-1] == "注意：这是报镇的拷贝，没有只留在学校的内容。"


def test_nothing_is_restored_while_the_ledger_is_open(backup, ledger_path, backup_folder, clock):
    with Store.open(ledger_path, clock=clock):
        with pytest.raises(EnvironmentFault) as caught:
            restore(ledger_path, backup, backup_folder=backup_folder, clock=clock)
        assert caught.value.key == "storage.in_use"
    script = (
        "import sys; from pathlib import Path; from app.storage.lock import InstanceLock;"
        "lock = InstanceLock(Path(sys.argv[1])); lock.acquire(); print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(ledger_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    try:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(EnvironmentFault) as caught:
            restore(ledger_path, backup, backup_folder=backup_folder, clock=clock)
        assert caught.value.key == "storage.in_use"
    finally:
        holder.communicate(b"")
    assert first_name(ledger_path, clock) == NEW_NAME


def test_a_bad_backup_is_refused_with_its_reason(backup, ledger_path, backup_folder, clock):
    with backup.open("r+b") as file:
        file.seek(5000)
        file.write(b"\xff\xfe")
    with pytest.raises(UserError) as caught:
        restore(ledger_path, backup, backup_folder=backup_folder, clock=clock)
    assert caught.value.key == "restore.not_sound"
    assert "与校验单不符" in caught.value.what
    with pytest.raises(UserError) as caught:
        restore(ledger_path, backup.with_name("没有.db"), backup_folder=backup_folder, clock=clock)
    assert caught.value.key == "restore.not_sound"
    with pytest.raises(UserError) as caught:
        restore(ledger_path, ledger_path, backup_folder=backup_folder, clock=clock)
    assert caught.value.key == "restore.same_file"
    assert beside(ledger_path) == ["守望.db"]
    assert first_name(ledger_path, clock) == NEW_NAME


def test_a_disk_that_cannot_be_read_is_no_reason_to_restore(
    backup, ledger_path, backup_folder, clock, monkeypatch
):
    unreadable = check(ledger_path.with_name("x")).__class__("io-error", "")
    monkeypatch.setattr(restoring, "check", lambda path: unreadable)
    with pytest.raises(EnvironmentFault) as caught:
        restore(ledger_path, backup, backup_folder=backup_folder, clock=clock)
    assert caught.value.key == "io-error"
    assert "先别恢复" in str(caught.value)
    assert first_name(ledger_path, clock) == NEW_NAME


def steps(backup, ledger_path, backup_folder, clock) -> int:
    """Count the calls of progress in a whole restore, and undo it."""
    calls = []
    result = restore(
        ledger_path,
        backup,
        backup_folder=backup_folder,
        clock=clock,
        progress=lambda *told: calls.append(told),
    )
    restore(ledger_path, result.before_copy.path, backup_folder=backup_folder, clock=clock)
    return len(calls)


def test_stopping_at_any_step_leaves_the_old_ledger(backup, ledger_path, backup_folder, clock):
    total = steps(backup, ledger_path, backup_folder, clock)
    before = ledger_path.read_bytes()
    assert total >= 8
    for stop_at in range(1, total + 1):
        count = 0

        def stop(done, total, words=""):
            nonlocal count
            count += 1
            if count == stop_at:  # noqa: B023
                raise Cancelled

        with pytest.raises(Cancelled):
            restore(ledger_path, backup, backup_folder=backup_folder, clock=clock, progress=stop)
        assert ledger_path.read_bytes() == before, stop_at
        assert beside(ledger_path) == ["守望.db"], stop_at


# ------------------------------------------------------------------------------------------------ power cuts


def cut_at(step: int, ledger_path, backup, backup_folder, *, links: str = "links") -> bool:
    """Restore in another process that is killed at a step; tell whether it came so far."""

    def work(progress):
        if links == "no links":
            os.link = no_links
        clock = FixedClock(datetime(2026, 11, 22, 10))
        restore(ledger_path, backup, backup_folder=backup_folder, clock=clock, progress=progress)

    return cut_off_at(step, work)


def no_links(old, new):
    raise OSError("this disk knows no second names")


@pytest.mark.parametrize("links", ["links", "no links"])
@pytest.mark.parametrize("damaged", [False, True])
def test_a_power_cut_at_any_step_leaves_the_old_or_the_new(
    links, damaged, backup, ledger_path, backup_folder, clock
):
    """Each cut is tried both ways: going on gives the backup, going back gives what was there, byte for byte."""
    if damaged:
        ledger_path.write_bytes(ledger_path.read_bytes()[:9000])
        journal_of(ledger_path).write_bytes(b"its journal")
    old, new = ledger_path.read_bytes(), backup.read_bytes()
    unfinished = 0
    left = 0
    while True:
        left += 1
        if not cut_at(left, ledger_path, backup, backup_folder, links=links):
            break
        if not marker_of(ledger_path).exists():
            assert ledger_path.read_bytes() == old, left
            continue
        unfinished += 1
        assert check(ledger_path).state == "resume"
        with pytest.raises(EnvironmentFault) as caught:
            Store.open(ledger_path, clock=clock)
        assert caught.value.key == "resume"
        with pytest.raises(EnvironmentFault) as caught:
            restore(ledger_path, backup, backup_folder=backup_folder, clock=clock)
        assert caught.value.key == "restore.unfinished"

        forward = unfinished % 2 == 0
        result = resume(ledger_path, forward=forward, clock=clock)
        assert (result is not None) == forward
        assert ledger_path.read_bytes() == (new if forward else old), left
        if not forward:
            assert journal_of(ledger_path).exists() == damaged
        if forward and damaged:
            assert result.kept.read_bytes() == old
            assert journal_of(result.kept).read_bytes() == b"its journal"
        leftovers = [name for name in beside(ledger_path) if not name.startswith("守望.db.damaged-")]
        assert leftovers == (["守望.db", "守望.db-journal"] if damaged and not forward else ["守望.db"]), left
        for path in list(ledger_path.parent.iterdir()):
            path.unlink()
        ledger_path.write_bytes(old)
        if damaged:
            journal_of(ledger_path).write_bytes(b"its journal")
    assert unfinished >= 5
    assert ledger_path.read_bytes() == new


def test_going_on_needs_the_backup_only_until_it_lies_beside(backup, ledger_path, backup_folder, clock):
    old = ledger_path.read_bytes()
    assert cut_at(5, ledger_path, backup, backup_folder)
    hidden = backup.with_name("拔掉了")
    backup.rename(hidden)
    with pytest.raises(EnvironmentFault) as caught:
        resume(ledger_path, forward=True, clock=clock)
    assert caught.value.key == "restore.backup_gone"
    assert check(ledger_path).state == "resume"
    assert resume(ledger_path, forward=False, clock=clock) is None
    assert ledger_path.read_bytes() == old
    with pytest.raises(UserError) as caught:
        resume(ledger_path, forward=False, clock=clock)
    assert caught.value.key == "restore.nothing_to_resume"


def test_once_the_backup_lies_beside_it_may_be_pulled(backup, ledger_path, backup_folder, clock):
    new = backup.read_bytes()
    beside_it = ledger_path.with_name("守望.db.new")
    left = 5
    while not beside_it.exists():
        if marker_of(ledger_path).exists():
            resume(ledger_path, forward=False, clock=clock)
        left += 1
        assert cut_at(left, ledger_path, backup, backup_folder)
    backup.rename(backup.with_name("拔掉了"))
    result = resume(ledger_path, forward=True, clock=clock)
    assert (ledger_path.read_bytes(), result.after.commit_no) == (new, 1)
    assert beside(ledger_path) == ["守望.db"]


@pytest.mark.parametrize("there", [True, False])
def test_a_marker_that_cannot_be_read_loses_nothing(there, backup, ledger_path, clock):
    old = ledger_path.read_bytes()
    marker_of(ledger_path).write_bytes(b"\x00\x00")
    if not there:
        ledger_path.rename(ledger_path.with_name("守望.db.damaged-20261122_090000"))
    with pytest.raises(EnvironmentFault) as caught:
        resume(ledger_path, forward=True, clock=clock)
    assert caught.value.key == "restore.backup_gone"
    resume(ledger_path, forward=False, clock=clock)
    assert ledger_path.read_bytes() == old
    assert not marker_of(ledger_path).exists()


def test_while_the_marker_cannot_go_there_is_a_way_back(
    backup, ledger_path, backup_folder, clock, monkeypatch
):
    def held(path):
        raise PermissionError(13, "held by another program")

    old = ledger_path.read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr(restoring, "clear_marker", held)
        restore(ledger_path, backup, backup_folder=backup_folder, clock=clock)
    assert check(ledger_path).state == "resume"
    assert resume(ledger_path, forward=False, clock=clock) is None
    assert ledger_path.read_bytes() == old
    assert beside(ledger_path) == ["守望.db"]


def test_a_ledger_put_back_by_hand_meanwhile_is_not_thrown_away(backup, ledger_path, backup_folder, clock):
    """It was missing, the restore was cut off before the swap; then she found the file and put it back."""
    old = ledger_path.read_bytes()
    found = ledger_path.with_name("找到了")
    ledger_path.rename(found)
    assert cut_at(5, ledger_path, backup, backup_folder)
    assert check(ledger_path).state == "resume"
    assert not ledger_path.exists()
    found.rename(ledger_path)
    resume(ledger_path, forward=False, clock=clock)
    assert old in [path.read_bytes() for path in ledger_path.parent.iterdir()]


def test_where_nothing_was_the_backup_goes_again_on_the_way_back(backup, ledger_path, backup_folder, clock):
    ledger_path.unlink()
    step = 5
    while not ledger_path.exists():
        if marker_of(ledger_path).exists():
            resume(ledger_path, forward=False, clock=clock)
        step += 1
        assert cut_at(step, ledger_path, backup, backup_folder)
    resume(ledger_path, forward=False, clock=clock)
    assert beside(ledger_path) == []


def test_of_a_ledger_with_brackets_in_its_name_nothing_stays_either(store, ledger_path, tmp_path, clock):
    fill(store)
    made = make_backup(store, reason=Reason.BY_HAND)
    store.close()
    odd = ledger_path.rename(ledger_path.with_name("守望[1].db"))
    restore(odd, made.path, backup_folder=tmp_path / "b", clock=clock)
    assert [name for name in beside(odd) if name.startswith(odd.name)] == [odd.name]


def test_what_was_restored_is_what_was_backed_up(backup, ledger_path, backup_folder, clock):
    restore(ledger_path, backup, backup_folder=backup_folder, clock=clock)
    assert verify_file(ledger_path).state == "ok"
