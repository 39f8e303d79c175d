"""Bringing what is saved onto another disk: proved, restorable, told; also when this computer has no room for a snapshot."""

from __future__ import annotations

import pytest

from app.core.errors import EnvironmentFault
from app.school.handover import handovers
from app.school.service import init_school
from app.storage.backups import list_backups
from app.storage.drives import Drive, DriveKind
from app.storage.store import Store
from app.tasks.rescue import Rescue, refuges, rescue
from tests.ui.pages.safety.sticks import FakeProbe, stick_at


@pytest.fixture
def store(tmp_path, clock):
    path = tmp_path / "data" / "守望.db"
    path.parent.mkdir()
    with Store.create(path, clock=clock) as opened:
        init_school(opened, name="青石坪镇中心小学")
        yield opened


def test_it_lies_there_like_a_backup_and_is_no_handover(store, tmp_path):
    made = rescue(store, tmp_path / "D" / "守望备份", probe=FakeProbe())
    (backup,) = list_backups(tmp_path / "D" / "守望备份", db_uuid=store.db_uuid)
    assert backup.verified
    assert (backup.path, backup.commit_no) == (made.copy.path, store.commit_no)
    assert "读回核对一致" in made.words[0]
    assert handovers(store) == []


def test_onto_a_stick_is_written_down(store, tmp_path):
    stick = stick_at(tmp_path / "KINGSTON")
    made = rescue(store, stick.path / "守望备份", by="陈素兰", probe=FakeProbe(stick))
    assert made.logged
    (entry,) = handovers(store)
    assert (entry.file_name, entry.who) == (made.copy.path.name, "陈素兰")
    assert "不加密" in entry.content


def test_a_log_that_cannot_be_written_is_told_and_the_copy_counts(store):
    words = Rescue(copy=_copied(store), logged=False).words
    assert "移交记录现在记不上" in words[-1]


def _copied(store):
    return rescue(store, store.path.parent / "elsewhere", probe=FakeProbe()).copy


def test_without_room_for_the_snapshot_here_it_is_made_there(store, tmp_path, monkeypatch):
    nowhere = tmp_path / "full"
    nowhere.write_text("a file where the private folder should be", encoding="utf-8")
    monkeypatch.setattr("app.storage.copy.private_folder", lambda: nowhere)
    target = tmp_path / "D"
    made = rescue(store, target, probe=FakeProbe())
    names = {one.name for one in target.iterdir()}
    assert len(names) == 2, "the copy and its manifest, nothing of the work"
    assert made.copy.path.name in names


def test_what_a_power_cut_left_of_the_work_there_goes_with_the_next_rescue(store, tmp_path):
    target = tmp_path / "D"
    room = target / "work_0123456789abcdef"
    room.mkdir(parents=True)
    (room / "snapshot.db").write_bytes(b"the whole register")
    rescue(store, target, probe=FakeProbe())
    assert not room.exists()


def test_what_does_not_work_there_either_leaves_nothing(store, tmp_path):
    target = tmp_path / "D"
    target.write_text("no folder", encoding="utf-8")
    with pytest.raises(EnvironmentFault) as refused:
        rescue(store, target, probe=FakeProbe())
    assert refused.value.key.startswith("copy.")


def test_refuges_are_the_other_disks_that_can_be_written(store, tmp_path):
    def drive(name, *, free=1, **more):
        return Drive(tmp_path / name, name, free, 16 << 30, **{"read_only": False, **more})

    probe = FakeProbe(
        drive("data", kind=DriveKind.FIXED),
        drive("C", kind=DriveKind.FIXED, system=True),
        drive("D", free=5 << 30, kind=DriveKind.FIXED),
        drive("stick", free=9 << 30),
        drive("locked", read_only=True),
        drive("share", kind=DriveKind.NETWORK),
    )
    found = refuges(store.path, probe)
    assert [(one.label, one.removable) for one in found] == [("stick", True), ("D", False)]
    assert found[1].words == "硬盘 D，还有 5.0 GB"
