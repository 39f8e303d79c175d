"""The verified copy: proved or not there (reliability §1.1), under every fault of disk and stick we can make."""

import errno
import os
import signal
import sqlite3
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from app.core.errors import Cancelled, EnvironmentFault
from app.core.files import sha256_of
from app.core.paths import private_folder
from app.core.progress import no_progress
from app.storage.copy import verified_copy, verify_file
from app.storage.manifest import manifest_path, read_manifest
from app.storage.medium import Disk, Place, put_file
from app.storage.store import Store
from app.storage.workroom import clean_private_folder
from tests.app.storage.ledgers import NAMES, fill, names, rename_child


@pytest.fixture
def ledger(store) -> Store:
    fill(store)
    return store


@pytest.fixture
def stick(tmp_path) -> Path:
    folder = tmp_path / "优盘 1"
    folder.mkdir()
    (folder / "守望_20260901_080000.db").write_bytes("去年的一份".encode())
    return folder


@pytest.fixture
def private(tmp_path, monkeypatch) -> Path:
    """Return a private folder that no other test has used; child processes get the same."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    return private_folder()


def older(stick: Path) -> Path:
    return stick / "守望_20260901_080000.db"


def copy(source, stick, clock, **options):
    return verified_copy(source, stick, "守望", clock=clock, place=Place.STICK, **options)


def test_a_copy_is_whole_and_opens_as_a_ledger(ledger, stick, clock):
    result = copy(ledger, stick, clock)

    assert result.path == stick / "守望_20261121_090000.db"
    assert result.from_disk
    assert (result.commit_no, result.counts["child"], result.facts.children) == (1, 4, 4)
    assert result.facts.last_entry == "2026-11-21T09:00:00"
    with Store.open(result.path, clock=clock, read_only=True) as opened:
        assert names(opened) == list(NAMES)
        assert opened.db_uuid == ledger.db_uuid
    # Read by another SQLite, in another program.
    script = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]);"
        "print(c.execute('PRAGMA integrity_check').fetchall(), c.execute('PRAGMA journal_mode').fetchall())"
    )
    found = subprocess.run(
        [sys.executable, "-c", script, str(result.path)], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[('ok',)] [('delete',)]"
    assert verify_file(result.path).state == "ok"


@pytest.mark.parametrize("name", [".", "备份"])
def test_a_folder_is_said_to_be_one_and_no_broken_stick(name, tmp_path, monkeypatch):
    """ "" on the command line is the folder one is in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "备份").mkdir()
    found = verify_file(Path(name))
    assert (found.state, found.ok) == ("folder", False)
    assert "文件夹" in found.message


def test_the_manifest_holds_what_the_copy_is_checked_by_and_no_name(ledger, stick, clock):
    result = copy(ledger, stick, clock)

    manifest = read_manifest(result.path)
    assert manifest is not None
    assert (manifest.files[0].size, manifest.files[0].sha256) == (result.size, result.sha256)
    assert manifest.facts == result.facts
    assert manifest.made_at == "2026-11-21T09:00:00"
    text = manifest_path(result.path).read_text(encoding="utf-8")
    assert not [name for name in NAMES if name in text]
    assert "青石坪" not in text


def test_a_second_copy_in_the_same_second_gets_its_own_name(ledger, stick, clock):
    first = copy(ledger, stick, clock)
    before = first.path.read_bytes()
    second = copy(ledger, stick, clock)

    assert second.path.name == "守望_20261121_090000_2.db"
    assert first.path.read_bytes() == before
    assert older(stick).read_bytes() == "去年的一份".encode()


def test_a_closed_file_is_copied_without_touching_it(ledger, ledger_path, stick, clock):
    ledger.close()
    before = (ledger_path.read_bytes(), ledger_path.stat().st_mtime_ns)

    result = copy(ledger_path, stick, clock)

    assert (ledger_path.read_bytes(), ledger_path.stat().st_mtime_ns) == before
    assert result.counts["child"] == 4


def test_deleted_words_do_not_travel(ledger, stick, clock):
    rename_child(ledger, "很久以前写错的名字")
    with ledger.action("x", kind="test"):
        ledger.db.execute_sql("UPDATE child SET name = '改过来了' WHERE id = 1")
    # The history rightly keeps the old name; without it nothing of it may be left in free pages.
    ledger.db.execute_sql("DELETE FROM change")
    result = copy(ledger, stick, clock)
    assert "很久以前写错的名字".encode() not in result.path.read_bytes()


def test_a_file_left_by_a_power_cut_is_copied_as_of_its_last_commit(
    ledger, ledger_path, stick, clock, tmp_path
):
    ledger.close()
    script = (
        "import os, sys; from pathlib import Path; from sqlcipher3 import dbapi2;"
        "c = dbapi2.connect(sys.argv[1], isolation_level=None); c.execute('PRAGMA cache_size = 1');"
        "c.execute('PRAGMA cache_spill = 1'); c.execute('BEGIN IMMEDIATE');"
        'c.execute("DROP TRIGGER history_child_update"); c.execute("UPDATE child SET note = hex(randomblob(90000))");'
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script, str(ledger_path)], check=False)
    journal = ledger_path.with_name("守望.db-journal")
    assert journal.stat().st_size > 0
    before = (ledger_path.read_bytes(), journal.read_bytes())

    result = copy(ledger_path, stick, clock)

    assert (ledger_path.read_bytes(), journal.read_bytes()) == before
    assert result.counts["child"] == 4
    with Store.open(result.path, clock=clock, read_only=True) as opened:
        assert opened.rows("SELECT DISTINCT note FROM child") == [(None,)]


# ------------------------------------------------------------------------------------------------ sources


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (None, "copy.source_missing"),
        (b"", "copy.source_empty"),
        (b"PK\x03\x04" + b"x" * 500, "copy.source_not_ours"),
        ("花名册，不是数据库".encode() * 40, "copy.source_not_ours"),
    ],
)
def test_what_is_no_ledger_is_not_copied(content, key, tmp_path, stick, clock):
    source = tmp_path / "守望.db"
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(EnvironmentFault) as caught:
        copy(source, stick, clock)
    assert caught.value.key == key
    assert source.exists() == (content is not None)
    assert [path.name for path in stick.iterdir()] == [older(stick).name]


def test_a_foreign_database_is_not_copied(tmp_path, stick, clock):
    source = tmp_path / "守望.db"
    with sqlite3.connect(source) as connection:
        connection.execute("CREATE TABLE child (name TEXT)")
    connection.close()
    with pytest.raises(EnvironmentFault) as caught:
        copy(source, stick, clock)
    assert caught.value.key == "copy.source_not_ours"


def test_a_ledger_held_by_another_program_is_said_so(ledger, ledger_path, stick, clock, monkeypatch):
    monkeypatch.setattr("app.storage.snapshot.BUSY_SECONDS", 0.1)
    ledger.close()
    script = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('BEGIN EXCLUSIVE'); print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(ledger_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(EnvironmentFault) as caught:
            copy(ledger_path, stick, clock)
    finally:
        holder.communicate(b"")
    assert caught.value.key == "copy.source_locked"
    assert copy(ledger_path, stick, clock).counts["child"] == 4


@pytest.mark.parametrize("damage", ["half", "page", "cut"])
def test_a_broken_ledger_is_not_copied_over_good_copies(damage, ledger, ledger_path, stick, clock):
    ledger.close()
    content = bytearray(ledger_path.read_bytes())
    if damage == "half":
        content = content[: len(content) // 2]
    elif damage == "cut":
        content = content[:-1]
    else:
        content[4096 * 3 : 4096 * 4] = bytes(4096)
    ledger_path.write_bytes(content)
    with pytest.raises(EnvironmentFault) as caught:
        copy(ledger_path, stick, clock)
    assert caught.value.key == "copy.source_corrupt"
    assert [path.name for path in stick.iterdir()] == [older(stick).name]


# ------------------------------------------------------------------------------------------------ faults, injected

CALLS = (
    "free",
    "total",
    "create",
    "write",
    "fsync",
    "drop_cache",
    "blocks",
    "rename",
    "fsync_folder",
    "names",
)


class FaultyDisk(Disk):
    """A disk on which the N-th call fails with an error number; counts the calls either way."""

    def __init__(self, fail_at: int = 0, error: int = errno.EIO, *, once: bool = False) -> None:
        self.calls: list[str] = []
        self.fail_at = fail_at
        self.error = error
        self.once = once

    def __getattribute__(self, name):
        found = super().__getattribute__(name)
        if name not in CALLS:
            return found

        def watched(*arguments):
            self.calls.append(name)
            count = len(self.calls)
            if self.fail_at and (count == self.fail_at if self.once else count >= self.fail_at):
                raise OSError(self.error, os.strerror(self.error))
            return found(*arguments)

        return watched


@pytest.mark.parametrize("once", [True, False])
def test_whichever_call_fails_nothing_of_the_copy_is_left(once, ledger, stick, clock):
    counted = FaultyDisk()
    copy(ledger, stick, clock, disk=counted)
    for path in stick.iterdir():
        if path != older(stick):
            path.unlink()

    for fail_at in range(1, len(counted.calls) + 1):
        with pytest.raises(EnvironmentFault) as caught:
            copy(ledger, stick, clock, disk=FaultyDisk(fail_at, errno.EIO, once=once))
        assert caught.value.key in {"stick.gone", "copy.io_error"}, fail_at
        assert any(words in str(caught.value) for words in ("没有拷成", "没有存成"))
        assert [path.name for path in stick.iterdir()] == [older(stick).name], fail_at
    assert names(ledger) == list(NAMES)


@pytest.mark.parametrize("place", [Place.STICK, Place.BACKUPS])
@pytest.mark.parametrize(
    ("error", "on_stick", "on_disk"),
    [
        (errno.ENOSPC, "copy.became_full", "copy.became_full"),
        (errno.EIO, "stick.gone", "copy.io_error"),
        (errno.ENODEV, "stick.gone", "copy.io_error"),
        (errno.ENOENT, "stick.gone", "copy.no_folder"),
        (errno.EROFS, "stick.write_protected", "copy.not_writable"),
        (errno.EACCES, "copy.not_writable", "copy.not_writable"),
    ],
)
def test_each_error_of_the_medium_has_its_words(error, on_stick, on_disk, place, stick, tmp_path):
    source = tmp_path / "快照"
    source.write_bytes(os.urandom(3_000_000))
    digest = sha256_of(source)
    counted = FaultyDisk()
    put = partial(put_file, source, stick / "守望.7z", sha256=digest, place=place, progress=no_progress)
    assert put(disk=counted)
    (stick / "守望.7z").unlink()
    assert len(counted.calls) > 8

    for fail_at in range(1, len(counted.calls) + 1):
        with pytest.raises(EnvironmentFault) as caught:
            put(disk=FaultyDisk(fail_at, error))
        assert caught.value.key == (on_stick if place == Place.STICK else on_disk), fail_at
        assert caught.value.code == errno.errorcode[error]
        assert [path.name for path in stick.iterdir()] == [older(stick).name], fail_at


def test_the_order_is_write_sync_forget_read_rename_sync_and_the_copy_is_named_after_its_manifest(
    ledger, stick, clock
):
    disk = FaultyDisk()
    copy(ledger, stick, clock, disk=disk)
    steps = [name for name in disk.calls if name not in {"free", "names", "write"}]
    proved, named = ["create", "fsync", "drop_cache", "blocks"], ["rename", "fsync_folder"]
    assert steps == proved + proved + named + named


class FlippingDisk(Disk):
    """A stick that keeps another byte than it was given, once, after ``good`` good blocks."""

    def __init__(self, bit: int) -> None:
        self.bit = bit

    def write(self, file, block):
        spoiled = bytearray(block)
        spoiled[self.bit % len(spoiled)] ^= 1
        return super().write(file, memoryview(spoiled))


@pytest.mark.parametrize("bit", [0, 70, 5000, 40000])
def test_a_stick_that_rots_is_named(bit, ledger, stick, clock):
    with pytest.raises(EnvironmentFault) as caught:
        copy(ledger, stick, clock, disk=FlippingDisk(bit))
    assert caught.value.key == "copy.readback_differs"
    assert "读回的内容和写进去的不一样，这个优盘不可靠，请换一个" in str(caught.value)
    assert [path.name for path in stick.iterdir()] == [older(stick).name]


class ShortDisk(Disk):
    """A stick of false capacity: takes all, keeps nothing beyond its real size."""

    def write(self, file, block):
        if file.tell() >= 65536:
            file.seek(len(block), os.SEEK_CUR)
            return len(block)
        return super().write(file, block[:65536])


def test_a_stick_of_false_capacity_is_named(ledger, stick, clock):
    with pytest.raises(EnvironmentFault) as caught:
        copy(ledger, stick, clock, disk=ShortDisk())
    assert caught.value.key == "copy.readback_differs"
    assert [path.name for path in stick.iterdir()] == [older(stick).name]


def test_writing_in_small_pieces_is_continued(ledger, stick, clock):
    class SlowDisk(Disk):
        def write(self, file, block):
            return super().write(file, block[:7777])

    assert verify_file(copy(ledger, stick, clock, disk=SlowDisk()).path).ok


def test_too_little_room_is_told_before_anything_is_written(ledger, stick, clock):
    class SmallDisk(FaultyDisk):
        def free(self, folder):
            return 600 * 1024 if folder == stick else 10**12

    disk = SmallDisk()
    with pytest.raises(EnvironmentFault) as caught:
        copy(ledger, stick, clock, disk=disk)
    assert caught.value.key == "copy.no_space"
    assert "优盘只剩 600 KB" in caught.value.what
    assert "create" not in disk.calls


def test_too_little_room_for_the_snapshot_is_told(ledger, stick, clock):
    class SmallDisk(Disk):
        def free(self, folder):
            return 10**12 if folder == stick else 5000

    with pytest.raises(EnvironmentFault) as caught:
        copy(ledger, stick, clock, disk=SmallDisk())
    assert (caught.value.key, "电脑硬盘" in caught.value.what) == ("copy.no_space", True)


def test_the_stick_is_pulled_midway(ledger, stick, clock):
    class PulledDisk(Disk):
        def fsync(self, file):
            super().fsync(file)
            for path in stick.iterdir():
                path.unlink()
            stick.rmdir()

    with pytest.raises(EnvironmentFault) as caught:
        copy(ledger, stick, clock, disk=PulledDisk())
    assert caught.value.key == "stick.gone"
    assert "优盘被拔出或坏了，这次没有拷成" in str(caught.value)


def test_stopping_leaves_nothing(ledger, stick, clock):
    said = []

    def stop(done, total, words=""):
        said.append(words)
        if words == "正在从优盘读回核对":
            raise Cancelled

    with pytest.raises(Cancelled):
        copy(ledger, stick, clock, progress=stop)
    assert [path.name for path in stick.iterdir()] == [older(stick).name]
    assert said[:3] == ["正在做快照", "正在核对快照", said[2]]
    assert said[2].startswith("要拷 ")


def test_snapshots_go_away_whatever_happens(ledger, stick, clock, private):
    copy(ledger, stick, clock)
    with pytest.raises(EnvironmentFault):
        copy(ledger, stick, clock, disk=FlippingDisk(1))
    assert list(private.iterdir()) == []


# ------------------------------------------------------------------------------------------------ faults, real

_COPY = """
import os, sys
from datetime import datetime
from pathlib import Path
from app.core.clock import FixedClock
from app.core.errors import EnvironmentFault
from app.storage.copy import verified_copy
from app.storage.medium import Disk, Place, put_file
at, _, number = sys.argv[3].partition(" ")
left = int(number or 1)
class Dying(Disk):
    pass
def die(self, *arguments):
    global left
    left -= 1
    if left:
        return getattr(Disk, at)(self, *arguments)
    os.kill(os.getpid(), 9)
if at:
    setattr(Dying, at, die)
try:
    result = verified_copy(Path(sys.argv[1]), Path(sys.argv[2]), "守望", clock=FixedClock(datetime(2026, 11, 21, 9)),
                           place=Place.STICK, disk=Dying())
    print(result.path.name)
except EnvironmentFault as fault:
    print(fault.key)
"""


def copy_elsewhere(source: Path, stick: Path, *, at: str = "", before: tuple[str, ...] = ()):
    """Make the copy in another process, which dies at the call named ``at`` (``rename 2``: at the second one)."""
    return subprocess.run(
        [*before, sys.executable, "-c", _COPY, str(source), str(stick), at],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).resolve().parents[3],
    )


CUT_AT = ("write", "fsync", "drop_cache", "blocks", "rename", "fsync_folder")


@pytest.mark.parametrize("at", [f"{call} {number}" for call in CUT_AT for number in (1, 2)])
def test_a_power_cut_leaves_no_unproved_file_under_a_final_name(at, ledger, ledger_path, stick, private):
    ledger.close()
    done = copy_elsewhere(ledger_path, stick, at=at)
    assert done.returncode == -signal.SIGKILL
    final = stick / "守望_20261121_090000.db"
    assert final.exists() == (at == "fsync_folder 2")  # by then it was read back, and so was its manifest
    if final.exists():
        assert verify_file(final).manifest is not None
        assert verify_file(final).ok
    assert older(stick).read_bytes() == "去年的一份".encode()
    assert [path for path in private.iterdir() if path.is_dir()]
    assert clean_private_folder(private) == 1
    assert list(private.iterdir()) == []
    kept = {older(stick).name} | ({final.name, manifest_path(final).name} if final.exists() else set())
    assert {path.name for path in stick.iterdir()} == kept
