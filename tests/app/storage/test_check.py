"""Every state a data file can be in, forced; looking changes nothing; opening gives the same answer."""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from app.core.clock import SystemClock
from app.core.errors import EnvironmentFault
from app.core.paths import private_folder
from app.storage import check as check_module
from app.storage.backups import Reason, make_backup
from app.storage.beside import Marker, clear_marker, journal_of, lock_of, marker_of, read_marker, write_marker
from app.storage.check import Known, check
from app.storage.data_place import backup_folder_for
from app.storage.lock import InstanceLock, is_in_use
from app.storage.migrations.runner import SCHEMA_VERSION
from app.storage.opening import verify_open
from app.storage.store import Store
from app.tasks.demo import make_demo

from .conftest import Child, Staff


@pytest.fixture
def ledger(store, clock) -> Path:
    """Return a closed ledger with 300 children, saved in three actions."""
    for part in range(3):
        with store.action(f"第 {part + 1} 批", kind="x") as action:
            action.insert_many(
                Child, [{"name": f"儿童{part * 100 + n}", "note": "记" * 40} for n in range(100)]
            )
        clock.advance(minutes=1)
    store.close()
    return store.path


@pytest.fixture
def known(ledger, clock) -> Known:
    """Return what this computer remembers of the ledger."""
    with Store.open(ledger, clock=clock, read_only=True) as reader:
        return Known(
            ledger, reader.db_uuid, reader.commit_no, "备份还在：最新一份 2026-11-20 16:20，300 名儿童。"
        )


def fingerprint(folder: Path) -> dict[str, tuple]:
    """Return names, contents and times of everything in a folder, and of the folder itself."""
    found = {
        str(path): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
            path.stat().st_mtime_ns,
        )
        for path in folder.rglob("*")
    }
    return {**found, str(folder): ("", folder.stat().st_mtime_ns)}


def state_of(path: Path, place: Known | None = None, **options) -> str:
    """Check, and look that nothing was touched and nothing of it remains."""
    before = fingerprint(path.parent) if path.parent.is_dir() else {}
    result = check(path, place=place, **options)
    assert (fingerprint(path.parent) if path.parent.is_dir() else {}) == before
    assert not list(private_folder().glob("work_*"))
    assert result.message
    assert "SQLITE" not in result.message
    return result.state


def refusal(path: Path, clock, place: Known | None = None, **options) -> str:
    with pytest.raises(EnvironmentFault) as refused:
        Store.open(path, clock=clock, place=place, **options).close()
    # Nothing is held on to: the lock is free again.
    assert not is_in_use(path)
    return refused.value.key


def patch(path: Path, offset: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(content)


def raw(path: Path):
    return dbapi2.connect(str(path), isolation_level=None)


# ------------------------------------------------------------------------------------------------- the sound states


def test_ok(ledger, known, clock):
    assert state_of(ledger) == state_of(ledger, known) == "ok"
    result = check(ledger)
    assert result.message == "数据完好：在册 0 名儿童，最近一次保存 2026-11-21 09:02。"
    assert dict(result.detail) == {
        "schema": SCHEMA_VERSION,
        "db_uuid": known.db_uuid,
        "commit_no": 3,
        "clean_exit": True,
        "last_entry": "2026-11-21T09:02:00",
        "children": 0,
        "bad_rows": 0,
        "journal": {
            "base_commit": 0,
            "last_commit": 3,
            "started_at": "2026-11-21T09:00:00",
            "missing": 0,
        },
    }
    Store.open(ledger, clock=clock, place=known).close()


def test_the_last_save_is_told_though_an_earlier_one_has_a_later_time(ledger):
    """A clock was ahead for a while."""
    with closing(raw(ledger)) as connection:
        connection.execute(
            "UPDATE action SET at = '2030-01-01T08:00:00' WHERE id = (SELECT min(id) FROM action)"
        )
    assert "最近一次保存 2026-11-21 09:02" in check(ledger).message


def test_an_empty_ledger_is_ok(tmp_path, clock):
    Store.create(tmp_path / "x.db", clock=clock).close()
    assert check(tmp_path / "x.db").message == "数据完好：在册 0 名儿童，最近一次保存 还没有。"


def test_a_ledger_open_in_another_process_is_ok(ledger):
    code = (
        "import sys, pathlib; from app.core.clock import SystemClock; from app.storage.store import Store\n"
        "store = Store.open(pathlib.Path(sys.argv[1]), clock=SystemClock()); print('open', flush=True)\n"
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(ledger)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    ) as window:
        assert window.stdout.readline() == b"open\n"
        assert check(ledger).state == "ok"
        assert is_in_use(ledger)
        window.stdin.close()
        assert window.wait() == 0
    assert not is_in_use(ledger)


def test_a_ledger_open_in_this_process_is_not_read_plainly(store):
    with pytest.raises(RuntimeError):
        check(store.path)


def test_bad_row(ledger, clock):
    connection = raw(ledger)
    connection.execute("DROP TRIGGER history_child_update")
    connection.execute("UPDATE child SET note = CAST(x'e794ff' AS TEXT) WHERE id IN (5, 7)")
    connection.close()
    assert state_of(ledger) == "bad-row"
    assert "2 条记录里有乱码" in check(ledger).message
    with Store.open(ledger, clock=clock) as store:
        assert len(store.rows("SELECT name, note FROM child")) == 300


def test_other_path(ledger, known, tmp_path, clock):
    copy = tmp_path / "去年的备份.db"
    shutil.copy(ledger, copy)
    assert state_of(copy) == "ok"
    assert state_of(copy, known) == "other-path"
    assert str(ledger.parent) in check(copy, place=known).message
    # Only a copy of the usual ledger is "another path"; another school's is simply another ledger.
    Store.create(tmp_path / "另一所学校.db", clock=clock).close()
    assert state_of(tmp_path / "另一所学校.db", known) == "ok"
    with Store.open(copy, clock=clock, place=known) as store:
        assert store.commit_no == 3


# ------------------------------------------------------------------------------------------------- not there, not ours


def test_missing(tmp_path, clock):
    for path in (tmp_path / "nobody.db", tmp_path / "no" / "folder" / "x.db"):
        assert state_of(path) == "missing"
        assert refusal(path, clock) == refusal(path, clock, read_only=True) == "missing"
    assert list(tmp_path.iterdir()) == []
    assert "备份" not in check(tmp_path / "nobody.db").message.replace("从备份恢复", "")


def test_what_is_missing_tells_of_the_backups_there_are(ledger, known):
    ledger.unlink()
    assert "最新一份 2026-11-20 16:20" in check(ledger, place=known).message


def test_empty(ledger, clock):
    ledger.write_bytes(b"")
    assert state_of(ledger) == "empty"
    assert refusal(ledger, clock) == refusal(ledger, clock, read_only=True) == "empty"
    assert ledger.read_bytes() == b""


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 zip", b"x", b"\x00" * 5000, b"SQLite format 2\x00" + b"x" * 200]
)
def test_not_ours(ledger, known, clock, content):
    stranger = ledger.with_name("stranger.db")
    stranger.write_bytes(content)
    assert state_of(stranger) == state_of(stranger, known) == "not-ours"
    assert refusal(stranger, clock) == "not-ours"
    # The same bytes where our ledger lay yesterday are damage.
    ledger.write_bytes(content)
    assert state_of(ledger) == "not-ours"
    assert state_of(ledger, known) == "corrupt"
    assert refusal(ledger, clock, known) == "corrupt"


def test_another_programs_database_is_not_ours(tmp_path, clock):
    path = tmp_path / "other.db"
    connection = raw(path)
    connection.execute("CREATE TABLE child (id)")
    connection.close()
    assert state_of(path) == "not-ours"
    assert refusal(path, clock) == "not-ours"


def test_newer_schema(ledger, clock):
    patch(ledger, 60, struct.pack(">I", SCHEMA_VERSION + 1))
    assert state_of(ledger) == "newer-schema"
    assert refusal(ledger, clock) == "newer-schema"
    assert f"数据格式 {SCHEMA_VERSION + 1}，这里只认得 {SCHEMA_VERSION}" in check(ledger).message
    # It may be looked at as long as the newer program says that readers of today understand it.
    with Store.open(ledger, clock=clock, read_only=True) as reader:
        assert reader.one("SELECT count(*) FROM child") == (300,)
    connection = raw(ledger)
    connection.execute(f"UPDATE meta SET value = {SCHEMA_VERSION + 1} WHERE key = 'min_reader_version'")
    connection.close()
    assert refusal(ledger, clock, read_only=True) == "newer-schema"


def test_older_schema_is_said_only_of_a_sound_file(ledger, clock, monkeypatch):
    from app.storage import opening

    for module in (check_module, opening):
        monkeypatch.setattr(module, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
    assert state_of(ledger) == "older-schema"
    assert refusal(ledger, clock) == refusal(ledger, clock, read_only=True) == "older-schema"
    ledger.write_bytes(ledger.read_bytes()[:-1])
    assert state_of(ledger) == "corrupt"
    assert refusal(ledger, clock) == "corrupt"


# ------------------------------------------------------------------------------------------------- damage


@pytest.mark.parametrize("kept", ["half", "minus a page", "minus a byte", "plus a byte", 100, 50, 20])
def test_a_file_of_the_wrong_length_is_corrupt(ledger, clock, kept):
    content = ledger.read_bytes()
    cut = {
        "half": content[: len(content) // 2],
        "minus a page": content[:-4096],
        "minus a byte": content[:-1],
        "plus a byte": content + b"x",
    }
    ledger.write_bytes(cut[kept] if isinstance(kept, str) else content[:kept])
    assert state_of(ledger) == "corrupt"
    assert refusal(ledger, clock) == refusal(ledger, clock, read_only=True) == "corrupt"


def test_pages_of_garbage_are_corrupt(ledger, clock):
    connection = raw(ledger)
    (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'child'").fetchone()
    connection.close()
    patch(ledger, (page - 1) * 4096, b"\x00" * 4096)
    assert state_of(ledger) == "corrupt"
    assert refusal(ledger, clock) == "corrupt"
    with Store.open(ledger, clock=clock, verify=False) as store, pytest.raises(EnvironmentFault) as damaged:
        verify_open(store)
    assert damaged.value.key == "corrupt"


def test_a_ledger_without_its_account_is_corrupt(ledger, clock):
    connection = raw(ledger)
    connection.execute("DELETE FROM meta WHERE key = 'db_uuid'")
    connection.close()
    assert state_of(ledger) == "corrupt"
    assert refusal(ledger, clock) == "corrupt"
    connection = raw(ledger)
    connection.execute("DROP TABLE meta")
    connection.close()
    assert state_of(ledger) == "corrupt"
    assert refusal(ledger, clock) == "corrupt"


def let_index_miss(path: Path, change: str) -> None:
    """Let an index miss a change of its table, as a fault of the disk would: the index is hidden meanwhile."""
    steps = (
        ["CREATE TABLE hidden AS SELECT * FROM sqlite_master WHERE name = 'change_action'"],
        ["PRAGMA writable_schema = 1", "DELETE FROM sqlite_master WHERE name = 'change_action'"],
        [change],
        ["PRAGMA writable_schema = 1", "INSERT INTO sqlite_master SELECT * FROM hidden"],
        ["DROP TABLE hidden"],
    )
    for statements in steps:
        connection = raw(path)
        for statement in statements:
            connection.execute(statement)
        connection.close()


def test_index_damaged(ledger, clock):
    let_index_miss(
        ledger,
        "INSERT INTO change (action_id, table_name, row_uuid, op, after_json)"
        " SELECT action_id, table_name, row_uuid, op, after_json FROM change WHERE seq = 7",
    )
    assert state_of(ledger) == "index-damaged"
    assert refusal(ledger, clock) == refusal(ledger, clock, read_only=True) == "index-damaged"


def test_a_row_that_only_an_index_still_knows_is_no_damage_of_the_index(ledger, clock):
    let_index_miss(ledger, "DELETE FROM change WHERE seq = 7")
    assert state_of(ledger) == "corrupt"
    assert check(ledger).detail["code"] == "INTEGRITY"
    assert refusal(ledger, clock) == refusal(ledger, clock, read_only=True) == "corrupt"


def test_an_index_that_only_a_thorough_look_finds_damaged(ledger, clock):
    let_index_miss(ledger, "UPDATE change SET action_id = 2 WHERE seq = 7")
    assert state_of(ledger) == "index-damaged"
    # After a clean exit only the quick look is taken; after another one the thorough look finds it.
    Store.open(ledger, clock=clock).close()
    connection = raw(ledger)
    connection.execute("UPDATE meta SET value = 0 WHERE key = 'clean_exit'")
    connection.close()
    assert refusal(ledger, clock) == "index-damaged"
    with Store.open(ledger, clock=clock, verify=False) as store, pytest.raises(EnvironmentFault) as damaged:
        assert not store.was_clean
        verify_open(store)
    assert damaged.value.key == "corrupt"


def test_a_broken_foreign_key_is_corrupt(ledger, clock):
    connection = raw(ledger)
    connection.execute("DROP TRIGGER history_kinship_insert")
    connection.execute(
        "INSERT INTO kinship (uuid, entered_at, child_id, person_id, relation)"
        " VALUES ('u', '2026-11-21T09:00:00', 1, 999, 'mother')"
    )
    connection.execute("UPDATE meta SET value = 0 WHERE key = 'clean_exit'")
    connection.close()
    assert state_of(ledger) == "corrupt"
    assert check(ledger).detail["code"] == "FOREIGN_KEY"
    assert refusal(ledger, clock) == "corrupt"


# ------------------------------------------------------------------------------------------------- disk and rights


def test_io_error_while_reading(ledger, clock, monkeypatch):
    class Broken:
        def __init__(self, path: Path, good_reads: int) -> None:
            self.file, self.good_reads = path.open("rb"), good_reads

        def read(self, size: int = -1) -> bytes:
            self.good_reads -= 1
            if self.good_reads < 0:
                raise OSError(5, "Input/output error")
            return self.file.read(size)

        def __enter__(self):
            return self

        def __exit__(self, *_: object) -> None:
            self.file.close()

    def cannot_open(path: Path):
        raise OSError(5, "Input/output error")

    assert state_of(ledger, opener=cannot_open) == "io-error"
    assert state_of(ledger, opener=lambda path: Broken(path, 0)) == "io-error"

    opened = []

    def breaks_later(path: Path):
        opened.append(path)
        return Broken(path, 1) if len(opened) == 1 else Broken(path, 0)

    assert state_of(ledger, opener=breaks_later) == "io-error"
    assert len(opened) == 2
    result = check(ledger, opener=cannot_open)
    assert "先别恢复" in result.message
    assert result.detail["code"] == "READ"
    monkeypatch.setattr(check_module, "_open_plainly", cannot_open)
    assert refusal(ledger, clock) == "io-error"


def test_no_room_for_the_copy_is_said(ledger, tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setattr(check_module, "private_folder", lambda: tmp_path / "file" / "private")
    with pytest.raises(EnvironmentFault) as refused:
        check(ledger)
    assert refused.value.key == "storage.no_workroom"


def as_nobody(path: Path, home: Path) -> list[str]:
    """Check and open ``path`` in a process without rights; skip where that is not possible."""
    if sys.platform == "win32" or os.geteuid() != 0:
        pytest.skip("only root can become somebody without rights")
    # Everything that is imported late is imported now: somebody without rights may not read Python's own files.
    check(path)
    with Store.open(path, clock=SystemClock(), read_only=True) as reader:
        reader.one("SELECT 1")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setuid(65534)
            os.environ["HOME"] = os.environ["XDG_DATA_HOME"] = str(home)
            os.write(writing, " ".join(_look_as_somebody(path)).encode())
        except BaseException as error:  # noqa: BLE001  # the parent reads it
            os.write(writing, repr(error).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        answers = answer.read().decode().split()
    os.waitpid(child, 0)
    return answers


def _look_as_somebody(path: Path) -> list[str]:
    answers = [check(path).state]
    for read_only in (False, True):
        try:
            with Store.open(path, clock=SystemClock(), read_only=read_only) as opened:
                answers.append(str(opened.one("SELECT count(*) FROM child")[0]))
        except EnvironmentFault as error:
            answers.append(error.key)
    return answers


@pytest.fixture
def open_ledger(ledger, tmp_path):
    """Return a ledger in a folder that everybody may enter, and a home for somebody without rights."""
    home = tmp_path / "home"
    home.mkdir(mode=0o777)
    home.chmod(0o777)
    for folder in (tmp_path, *list(tmp_path.parents)[:3], ledger.parent):
        if folder != Path("/tmp"):
            folder.chmod(folder.stat().st_mode | 0o055)
    ledger.chmod(0o644)
    return ledger, home


def test_read_only(open_ledger):
    ledger, home = open_ledger
    lock_of(ledger).unlink()
    before = fingerprint(ledger.parent)
    assert as_nobody(ledger, home) == ["read-only", "read-only", "300"]
    assert fingerprint(ledger.parent) == before


def test_a_file_that_may_not_be_read(open_ledger):
    ledger, home = open_ledger
    ledger.chmod(0o600)
    assert as_nobody(ledger, home) == ["io-error", "io-error", "io-error"]


def test_a_read_only_disk(ledger, tmp_path, clock):
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root mounts a disk")
    disk = tmp_path / "stick"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", disk], check=False, capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        copy = disk / "拷贝.db"
        shutil.copy(ledger, copy)
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        assert state_of(copy) == "read-only"
        with pytest.raises(EnvironmentFault) as refused:
            Store.open(copy, clock=clock)
        assert refused.value.key == "read-only"
        with Store.open(copy, clock=clock, read_only=True) as reader:
            assert reader.one("SELECT count(*) FROM child") == (300,)
    finally:
        subprocess.run(["umount", disk], check=True)


_LOCKER = """
import sys; from sqlcipher3 import dbapi2
connection = dbapi2.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""


def test_locked(ledger, clock, monkeypatch):
    from app.storage import connection

    monkeypatch.setattr(check_module, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr(connection.LedgerDatabase.__init__, "__kwdefaults__", {"busy_seconds": 0.05})
    other = subprocess.Popen(
        [
            sys.executable,
            "-c",
            _LOCKER,
            str(ledger),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with other:
        assert other.stdout.readline() == b"locked\n"
        assert check(ledger).state == "locked"
        assert refusal(ledger, clock) == refusal(ledger, clock, read_only=True) == "locked"
        other.stdin.close()
        other.wait()
    assert state_of(ledger) == "ok"


# ------------------------------------------------------------------------------------------------- what was before


def test_resume(ledger, clock):
    marker = Marker("restore", "备份.db", "守望.db.damaged", "2026-11-21T09:00:00")
    write_marker(ledger, marker)
    assert read_marker(ledger) == marker
    assert state_of(ledger) == "resume"
    assert refusal(ledger, clock) == refusal(ledger, clock, read_only=True) == "resume"
    ledger.rename(ledger.with_suffix(".damaged"))
    assert state_of(ledger) == "resume"
    assert refusal(ledger, clock) == "resume"
    ledger.with_suffix(".damaged").rename(ledger)
    marker_of(ledger).write_bytes(b"{half")
    assert state_of(ledger) == "resume"
    assert read_marker(ledger) == Marker("restore", "", "", "")
    clear_marker(ledger)
    assert read_marker(ledger) is None
    assert state_of(ledger) == "ok"


def test_older_content(ledger, known, clock):
    yesterday = ledger.read_bytes()
    with Store.open(ledger, clock=clock) as store:
        for number in range(2):
            with store.action("添加", kind="x") as action:
                action.insert(Staff, name=str(number))
        now = Known(ledger, store.db_uuid, store.commit_no, known.backups)
    assert state_of(ledger, now) == "ok"
    ledger.write_bytes(yesterday)
    # The journal knows it on any computer; what this one remembers knows it without a journal.
    assert state_of(ledger) == "older-content"
    assert "少 2 次保存" in check(ledger).message
    assert check(ledger).detail["journal"]["missing"] == 2
    with pytest.raises(EnvironmentFault) as refused:
        Store.open(ledger, clock=clock)
    assert refused.value.key == "older-content"
    shutil.rmtree(backup_folder_for(ledger) / "日志")
    assert state_of(ledger) == "ok"
    assert state_of(ledger, now) == "older-content"
    assert "少 2 次保存" in check(ledger, place=now).message
    assert refusal(ledger, clock, now) == "older-content"
    # 就用这份: opened without asking what is remembered.
    with Store.open(ledger, clock=clock, place=now, as_it_is=True) as store:
        assert store.commit_no == 3
    assert state_of(ledger) == "ok"


def interrupted(ledger: Path, tmp_path: Path, *, spilled: bool = True) -> Path:
    """Return a copy of the ledger and its journal as a power cut in the middle of writing leaves them."""
    folder = tmp_path / "after the power cut"
    folder.mkdir()
    connection = raw(ledger)
    connection.execute("PRAGMA cache_size = 5")
    connection.execute("BEGIN IMMEDIATE")
    for table in ("child", "staff"):
        connection.execute(f"DROP TRIGGER history_{table}_update")
    connection.execute("UPDATE child SET note = note || note || note || note || note")
    shutil.copy(ledger, folder / ledger.name)
    shutil.copy(journal_of(ledger), folder / journal_of(ledger).name)
    connection.execute("ROLLBACK")
    connection.close()
    assert (folder / ledger.name).read_bytes() != ledger.read_bytes()
    return folder / ledger.name


def test_a_hot_journal_is_rolled_back_on_a_copy_to_look(ledger, tmp_path, clock):
    cut = interrupted(ledger, tmp_path)
    assert state_of(cut) == "ok"
    before = fingerprint(cut.parent)
    with Store.open(cut, clock=clock, read_only=True) as reader:
        assert reader.one("SELECT count(*), max(length(note)) FROM child") == (300, 40)
    assert fingerprint(cut.parent) == before
    with Store.open(cut, clock=clock) as store:
        assert store.one("SELECT count(*), max(length(note)) FROM child") == (300, 40)
        assert store.commit_no == 3
    assert not journal_of(cut).exists()


def test_opening_after_a_power_cut_tells_how_far_it_is_and_opening_as_usual_tells_nothing(
    ledger, tmp_path, clock
):
    cut, told = interrupted(ledger, tmp_path), []
    with Store.open(cut, clock=clock, progress=lambda *step: told.append(step)) as store:
        assert store.commit_no
    parts = [done / total for done, total, _ in told if total]
    assert parts == sorted(parts)
    assert [words for _, total, words in told if not total] == ["逐页核对拷出的那一份"], (
        "nobody knows how far it is"
    )
    assert len({words for _, _, words in told}) == 3
    told.clear()
    with Store.open(cut, clock=clock, progress=lambda *step: told.append(step)):
        assert told == []


def test_a_journal_that_is_not_this_files_is_not_rolled_back_into_it(ledger, tmp_path, clock):
    cut = interrupted(ledger, tmp_path)
    other = tmp_path / "other.db"
    with Store.create(other, clock=clock) as store:
        for number in range(40):
            with store.action("添加", kind="x") as action:
                action.insert_many(Staff, [{"name": f"{number}-{n}", "duty": "x" * 300} for n in range(20)])
    shutil.copy(journal_of(cut), journal_of(other))
    before = fingerprint(tmp_path)
    assert check(other).state == "corrupt"
    assert refusal_keeps(other, clock) == "corrupt"
    assert {
        name: value
        for name, value in fingerprint(tmp_path).items()
        if "other.db" in name and "lock" not in name
    } == {name: value for name, value in before.items() if "other.db" in name and "lock" not in name}


def refusal_keeps(path: Path, clock) -> str:
    with pytest.raises(EnvironmentFault) as refused:
        Store.open(path, clock=clock)
    return refused.value.key


def test_a_journal_without_content_is_harmless(ledger, clock):
    journal_of(ledger).write_bytes(b"")
    assert state_of(ledger) == "ok"
    Store.open(ledger, clock=clock).close()


def test_a_foreign_program_that_switched_to_wal(ledger, clock):
    connection = raw(ledger)
    connection.execute("PRAGMA journal_mode = wal")
    connection.execute("DROP TRIGGER history_child_update")
    connection.execute("UPDATE child SET note = 'aus dem WAL' WHERE id = 1")
    shutil.copytree(ledger.parent, ledger.parent.with_name("copy"))
    connection.close()
    copy = ledger.parent.with_name("copy") / ledger.name
    assert copy.with_name(copy.name + "-wal").stat().st_size > 0
    assert check(copy).state == "ok"
    with Store.open(copy, clock=clock) as store:
        assert store.one("PRAGMA journal_mode") == ("delete",)
        assert store.one("SELECT note FROM child WHERE id = 1") == ("aus dem WAL",)


def test_looking_at_a_file_in_wal_mode_makes_nothing_beside_it(ledger, clock):
    connection = raw(ledger)
    assert connection.execute("PRAGMA journal_mode = wal").fetchone() == ("wal",)
    connection.close()
    lock_of(ledger).unlink(missing_ok=True)
    assert state_of(ledger) == "ok"
    before = fingerprint(ledger.parent)
    with Store.open(ledger, clock=clock, read_only=True) as reader:
        assert reader.one("SELECT count(*) FROM child") == (300,)
    assert fingerprint(ledger.parent) == before


@pytest.mark.parametrize("content", [b"", b"a letter to somebody", b"SQLite format 3\0" + bytes(200)])
def test_beside_what_is_not_ours_not_even_a_lock_is_left(tmp_path, clock, content):
    path = tmp_path / "other.db"
    path.write_bytes(content)
    before = fingerprint(tmp_path)
    refusal(path, clock)
    assert fingerprint(tmp_path) == before


def test_the_children_of_the_message_are_those_on_the_ledger(tmp_path, clock):
    """Copies and backups count the same ones (decisions.md §1.1)."""
    path = tmp_path / "demo.db"
    make_demo(path, clock=clock, children=14)
    with Store.open(path, clock=clock) as store:
        assert store.one("SELECT count(*) FROM child")[0] > 14
        assert make_backup(store, reason=Reason.BY_HAND).children == 14
    result = check(path)
    assert (result.state, result.detail["children"]) == ("ok", 14)
    assert "在册 14 名儿童" in result.message


# ------------------------------------------------------------------------------------------------- the lock


def test_the_lock_is_the_processs_not_the_files(ledger):
    lock_of(ledger).write_bytes(b"")
    assert not is_in_use(ledger)
    lock = InstanceLock(ledger)
    lock.acquire()
    assert is_in_use(ledger)
    with pytest.raises(EnvironmentFault) as refused:
        InstanceLock(ledger).acquire()
    assert refused.value.key == "storage.in_use"
    lock.release()
    lock.release()
    assert not is_in_use(ledger)
