"""The second place of the backups: proved there too, never in the way of the first, found again by its folder only."""

from __future__ import annotations

import errno
import shutil
import sys
from pathlib import Path

import pytest

from app.core.errors import Cancelled, EnvironmentFault, UserError
from app.core.paths import settings_file
from app.core.settings import load_settings
from app.storage import data_place
from app.storage.backups import Reason, backup_if_due, backup_on_close, list_backups, make_backup
from app.storage.copy import verify_file
from app.storage.drives import DriveKind
from app.storage.manifest import manifest_path
from app.storage.medium import Disk
from app.storage.recovery import recoveries
from app.storage.restore import restore
from app.storage.second_place import SecondState, forget_second, look_at_second, name_second
from app.storage.store import Store
from app.storage.thinning import NEWEST_KEPT
from app.tasks.safety import move_backups

from .ledgers import fill, rename_child
from .test_data_place import Machine, disk


@pytest.fixture
def other_disk(tmp_path) -> Path:
    folder = tmp_path / "移动硬盘"
    folder.mkdir()
    return folder


@pytest.fixture
def probe(tmp_path):
    return Machine(disk(tmp_path))


@pytest.fixture
def ledger(tmp_path, clock, monkeypatch, probe):
    """The usual ledger of this computer, with its own settings."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    data = tmp_path / "守望数据"
    data_place.choose(data, tmp_path / "备份", probe=probe)
    with Store.create(data / "守望.db", clock=clock) as store:
        fill(store)
        yield store


@pytest.fixture
def first(tmp_path) -> Path:
    return tmp_path / "备份"


def name(ledger, folder, probe, first):
    return name_second(folder, ledger=ledger.path, backup_folder=first, probe=probe).folder


def look(ledger, first, **more):
    return look_at_second(ledger.path, first, db_uuid=ledger.db_uuid, **more)


def test_every_backup_is_brought_there_and_proved_there(ledger, first, other_disk, probe):
    assert look(ledger, first) is None
    folder = name(ledger, other_disk, probe, first)
    assert folder == other_disk / "守望备份"
    assert look(ledger, first).state is SecondState.CURRENT  # nothing to bring yet
    made = make_backup(ledger, reason=Reason.BY_HAND)

    (there,) = list_backups(folder)
    assert (there.verified, there.children, there.commit_no) == (True, made.children, made.commit_no)
    assert there.path.read_bytes() == made.path.read_bytes()
    assert verify_file(there.path).state == "ok"
    assert there.path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    found = look(ledger, first)
    assert found.is_well
    assert found.words == "第二处最近一份：2026-11-21 09:00，读回核对一致。"


def test_away_is_away_and_nothing_is_made_in_its_stead(ledger, first, other_disk, probe, clock):
    folder = name(ledger, other_disk, probe, first)
    make_backup(ledger, reason=Reason.BY_HAND)
    shutil.move(other_disk, other_disk.with_name("拔走了"))
    clock.advance(hours=1)
    rename_child(ledger, "改了名")
    assert make_backup(ledger, reason=Reason.TIMER).verified
    assert look(ledger, first).state is SecondState.AWAY
    assert "不在" in look(ledger, first).words
    assert not other_disk.exists()

    # Plugged in again: the next look of the timer brings what it missed, though nothing changed since.
    shutil.move(other_disk.with_name("拔走了"), other_disk)
    found = look(ledger, first)
    assert found.state is SecondState.BEHIND
    assert found.words.startswith("第二处还没有最新的备份，那里最近一份是 2026-11-21 09:00")
    assert backup_if_due(ledger) is None
    assert look(ledger, first).is_well
    assert [backup.commit_no for backup in list_backups(folder)] == [2, 1]
    assert backup_on_close(ledger) is None
    assert len(list_backups(folder)) == 2


class Full(Disk):
    """A disk on which the second place, and only that, has no room."""

    def __init__(self, folder: Path, *, midway: bool) -> None:
        self.folder = folder
        self.midway = midway

    def free(self, folder):
        return 1000 if folder == self.folder and not self.midway else super().free(folder)

    def write(self, file, block):
        if self.midway and Path(file.name).parent == self.folder:
            raise OSError(errno.ENOSPC, "full")
        return super().write(file, block)


@pytest.mark.parametrize("midway", [False, True])
def test_a_full_second_place_keeps_nothing_from_being_backed_up(ledger, first, other_disk, probe, midway):
    folder = name(ledger, other_disk, probe, first)
    full = Full(folder, midway=midway)
    made = make_backup(ledger, reason=Reason.BY_HAND, disk=full)
    assert made.verified
    assert list(folder.iterdir()) == []
    found = look(ledger, first, disk=full)
    assert found.state is (SecondState.BEHIND if midway else SecondState.FULL)
    assert midway or found.words.startswith("第二处备份没有做成：空间不足，还差 ")


class Failing(Disk):
    """The N-th call on the second place fails; `ran` tells whether it was reached."""

    def __init__(self, folder: Path, number: int) -> None:
        self.folder, self.left, self.ran = folder, number, False

    def _count(self, path) -> None:
        if Path(path).parent == self.folder or Path(path) == self.folder:
            self.left -= 1
            if self.left == 0:
                self.ran = True
                raise OSError(errno.EIO, "pulled")

    def create(self, path, mode):
        self._count(path)
        return super().create(path, mode)

    def write(self, file, block):
        self._count(file.name)
        return super().write(file, block)

    def fsync(self, file):
        self._count(file.name)
        super().fsync(file)

    def rename(self, old, new):
        self._count(new)
        super().rename(old, new)

    def names(self, folder):
        self._count(folder)
        return super().names(folder)

    def fsync_folder(self, folder):
        self._count(folder)
        super().fsync_folder(folder)


def test_pulled_at_any_call_the_first_backup_stands_and_the_second_claims_nothing(
    ledger, first, other_disk, probe, clock
):
    folder = name(ledger, other_disk, probe, first)
    number = 0
    while True:
        number += 1
        clock.advance(minutes=1)
        failing = Failing(folder, number)
        made = make_backup(ledger, reason=Reason.BY_HAND, disk=failing)
        assert made.verified
        for backup in list_backups(folder):
            assert not backup.verified or verify_file(backup.path).ok
        if not failing.ran:
            break
        assert not look(ledger, first).is_well
    assert number > 10
    assert look(ledger, first).is_well
    assert not [path for path in folder.iterdir() if path.suffix == ".part"]


def test_a_copy_whose_slip_was_never_written_is_brought_again(ledger, first, other_disk, probe):
    folder = name(ledger, other_disk, probe, first)
    made = make_backup(ledger, reason=Reason.BY_HAND)
    manifest_path(folder / made.path.name).unlink()
    assert look(ledger, first).state is SecondState.BEHIND
    backup_if_due(ledger)
    assert look(ledger, first).is_well
    assert [backup.verified for backup in list_backups(folder)] == [True, False]


def test_it_is_thinned_by_the_same_rule_after_the_new_one_is_proved(ledger, first, other_disk, probe, clock):
    folder = name(ledger, other_disk, probe, first)

    class Small(Disk):
        def total(self, folder):
            return 1

    for _ in range(NEWEST_KEPT + 3):
        make_backup(ledger, reason=Reason.BY_HAND, disk=Small())
        clock.advance(hours=1)
    assert len(list_backups(folder)) == len(list_backups(first)) == NEWEST_KEPT
    before = sorted(folder.iterdir())
    clock.advance(days=-18 * 365)
    make_backup(ledger, reason=Reason.BY_HAND, disk=Small())
    assert set(before) < set(folder.iterdir()), "with a clock that looks wrong nothing goes"


def test_stopping_it_leaves_the_backup_made(ledger, first, other_disk, probe):
    folder = name(ledger, other_disk, probe, first)

    def stop(done, total, words=""):
        if "第二处" in words:
            raise Cancelled

    assert make_backup(ledger, reason=Reason.BY_HAND, progress=stop).verified
    assert list(folder.iterdir()) == []


def test_another_ledger_has_no_second_place(ledger, first, other_disk, probe, tmp_path, clock):
    folder = name(ledger, other_disk, probe, first)
    with Store.create(tmp_path / "演示.db", clock=clock) as demo:
        make_backup(demo, reason=Reason.BY_HAND)
        assert look(demo, first) is None
    assert list(folder.iterdir()) == []


def test_taken_away_it_keeps_what_it_has(ledger, first, other_disk, probe, clock):
    folder = name(ledger, other_disk, probe, first)
    make_backup(ledger, reason=Reason.BY_HAND)
    forget_second()
    assert look(ledger, first) is None
    clock.advance(hours=1)
    make_backup(ledger, reason=Reason.BY_HAND)
    assert len(list_backups(folder)) == 1


def test_the_programs_own_folder_takes_no_backups_an_update_replaces_it(
    ledger, first, other_disk, probe, monkeypatch
):
    own = other_disk / "守望"
    own.mkdir()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(own / "shouwang"))
    with pytest.raises(UserError) as refused:
        name(ledger, own, probe, first)
    assert refused.value.key == "second.program"
    assert list(own.iterdir()) == []
    assert look(ledger, first) is None
    assert name(ledger, other_disk, probe, first) == other_disk / "守望备份", "beside it is another matter"


def test_a_long_path_is_not_called_a_drive_that_is_pulled_out(ledger, first, other_disk, probe):
    deep = other_disk.joinpath(*["很深的文件夹" * 3] * 7)
    deep.mkdir(parents=True)
    notes = name_second(deep, ledger=ledger.path, backup_folder=first, probe=probe).notes
    assert "路径太长" in notes[0]
    assert not any("拔得下来" in note for note in notes)


def test_poor_places_are_refused_or_spoken_of(ledger, first, other_disk, tmp_path, probe):
    with pytest.raises(UserError) as refused:
        name(ledger, tmp_path / "OneDrive", probe, first)
    assert refused.value.key == "second.cloud"
    with pytest.raises(UserError) as refused:
        name(ledger, other_disk, Machine(disk(tmp_path, kind=DriveKind.NETWORK)), first)
    assert refused.value.key == "second.network"
    for taken in (first, ledger.path.parent):
        with pytest.raises(UserError) as refused:
            name(ledger, taken, probe, first)
        assert refused.value.key == "second.same_place"
    (tmp_path / "文件").write_bytes(b"x")
    with pytest.raises(EnvironmentFault) as failed:
        name(ledger, tmp_path / "文件", probe, first)
    assert failed.value.key == "place.not_writable"
    assert look(ledger, first) is None
    same = name_second(other_disk, ledger=ledger.path, backup_folder=first, probe=probe)
    assert "同一个硬盘" in same.notes[0]
    assert "没有加密" in same.notes[-1]
    stick = Machine(disk(tmp_path, kind=DriveKind.REMOVABLE))
    assert (
        "拔得下来" in name_second(other_disk, ledger=ledger.path, backup_folder=first, probe=stick).notes[0]
    )
    # Naming it twice does not put one folder into the other.
    assert name(ledger, same.folder, probe, first) == same.folder


def test_the_settings_outlive_the_program(ledger, first, other_disk, probe):
    folder = name(ledger, other_disk, probe, first)
    assert load_settings(settings_file()).second_backup_folder == folder


def test_with_the_first_disk_gone_the_second_place_is_the_way_back(
    ledger, first, other_disk, probe, clock, tmp_path
):
    folder = name(ledger, other_disk, probe, first)
    made = make_backup(ledger, reason=Reason.BY_HAND)
    clock.advance(hours=1)
    rename_child(ledger, "改了名")
    path = ledger.path
    forgotten = tmp_path / "只在第二处"
    make_backup(ledger, reason=Reason.BY_HAND)
    ledger.close()
    offered = [found.backup.path for found in recoveries(path, first, clock=clock) if found.backup]
    assert made.path in offered
    assert {one.parent for one in offered} == {first}, "each backup is offered once"
    shutil.move(first, forgotten)
    path.unlink()
    ways = recoveries(path, first, clock=clock)
    assert [found.backup.path.parent for found in ways] == [folder, folder]
    done = restore(path, ways[0].backup.path, clock=clock, backup_folder=first)
    assert (done.after.children, done.after.commit_no) == (4, 2)


def test_where_the_first_place_moves_to_there_is_no_second_one_any_more(ledger, other_disk, probe, first):
    """The disk of the backups is gone, and she takes the drive of the second place: one drive was told as two."""
    folder = name(ledger, other_disk, probe, first)
    choice = move_backups(ledger.path, other_disk, probe=probe)
    assert choice.backup_folder == folder
    assert any("只有这一处" in warning.what for warning in choice.warnings)
    assert data_place.backup_folder_for(ledger.path) == folder
    assert look_at_second(ledger.path, folder, db_uuid=ledger.db_uuid) is None


def test_a_first_place_that_moves_elsewhere_leaves_the_second_one_alone(
    ledger, other_disk, tmp_path, probe, first
):
    folder = name(ledger, other_disk, probe, first)
    (tmp_path / "E").mkdir()
    assert move_backups(ledger.path, tmp_path / "E", probe=probe).warnings == ()
    assert data_place.second_folder_for(ledger.path) == folder
