"""After a re-installed system: the ledgers that still lie on this computer's disks are found, and nothing else is."""

import os
from datetime import datetime

import pytest

from app.storage.drives import Drive, DriveKind
from app.storage.found_place import find_ledgers
from app.storage.store import Store


class Machine:
    def __init__(self, *drives):
        self._drives = list(drives)

    def drives(self):
        return self._drives


@pytest.fixture
def disk(tmp_path, monkeypatch):
    """`disk(name)` is a disk of the machine; this user's own folder is empty."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    (tmp_path / "home").mkdir()

    def make(name, kind=DriveKind.FIXED):
        (tmp_path / name).mkdir()
        return Drive(tmp_path / name, name, 10**11, 10**12, read_only=False, kind=kind)

    return make


def ledger_on(place, clock, *, written=None):
    folder = place / "守望数据"
    folder.mkdir(parents=True)
    Store.create(folder / "守望.db", clock=clock).close()
    if written is not None:
        os.utime(folder / "守望.db", (written.timestamp(),) * 2)
    return folder


def test_the_ledgers_of_all_fixed_disks_the_last_written_first(disk, clock, tmp_path):
    d, e = disk("D"), disk("E")
    older = ledger_on(d.path, clock, written=datetime(2026, 3, 1, 8))
    newer = ledger_on(e.path, clock, written=datetime(2026, 11, 20, 16, 20))
    own = ledger_on(tmp_path / "home", clock, written=datetime(2025, 9, 1))
    found = find_ledgers(Machine(d, e))
    assert [one.data_folder for one in found] == [newer, older, own]
    assert found[0].written_at == datetime(2026, 11, 20, 16, 20)


def test_one_in_a_folder_that_she_chose_herself_is_found_too(disk, clock, tmp_path):
    """换个地方… puts the data folder into the folder she names: 学校 on a disk, her desktop."""
    d = disk("D")
    school = ledger_on(d.path / "学校", clock, written=datetime(2026, 11, 20))
    desktop = ledger_on(tmp_path / "home" / "桌面", clock, written=datetime(2026, 11, 19))
    (d.path / "System Volume Information").mkdir(mode=0)
    (d.path / "守望数据").write_bytes(b"a file of that name")
    assert [one.data_folder for one in find_ledgers(Machine(d))] == [school, desktop]


def test_its_backups_lie_beside_it_or_on_another_disk(disk, clock):
    d, e = disk("D"), disk("E")
    folder = ledger_on(d.path, clock)
    assert find_ledgers(Machine(d, e))[0].backup_folder == folder / "备份"
    (e.path / "守望备份").mkdir()
    assert find_ledgers(Machine(d, e))[0].backup_folder == e.path / "守望备份"
    (folder / "备份").mkdir()
    assert find_ledgers(Machine(d, e))[0].backup_folder == folder / "备份"


def test_a_stick_an_empty_file_and_somebody_elses_are_no_ledger(disk, clock):
    d, e, stick = disk("D"), disk("E"), disk("U", DriveKind.REMOVABLE)
    ledger_on(stick.path, clock)
    for drive, content in ((d, b""), (e, b"SQLite format 3\0" + bytes(4096))):
        (drive.path / "守望数据").mkdir()
        (drive.path / "守望数据" / "守望.db").write_bytes(content)
    assert find_ledgers(Machine(d, e, stick)) == []


def test_looking_changes_nothing(disk, clock):
    d = disk("D")
    folder = ledger_on(d.path, clock)
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")}
    find_ledgers(Machine(d))
    assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")} == before
