"""Where the data go on this computer, and what it remembers of them."""

import json
from pathlib import Path

import pytest

from app.core.errors import EnvironmentFault, UserError
from app.core.paths import settings_file
from app.core.settings import Settings, load_settings, save_settings
from app.storage import data_place
from app.storage.backups import Reason, backups_words, known_place, list_backups, make_backup
from app.storage.check import check
from app.storage.data_place import (
    backup_folder_for,
    choose,
    chosen_folder,
    ledger_path,
    propose,
    propose_here,
)
from app.storage.drives import Drive, DriveKind
from app.storage.place_state import (
    STATE_NAME,
    confirm_restored,
    is_restore_doubted,
    known,
    note_start,
    recall,
    remember_exit,
)
from app.storage.restore import restore
from app.storage.store import Store
from tests.app.storage.ledgers import fill, rename_child


def disk(
    path: Path,
    *,
    kind: DriveKind = DriveKind.FIXED,
    system: bool = False,
    read_only: bool = False,
    free: int = 10**11,
) -> Drive:
    path.mkdir(parents=True, exist_ok=True)
    return Drive(path, path.name, free, 10**12, read_only, kind=kind, system=system)


class Machine:
    def __init__(self, *drives: Drive) -> None:
        self._drives = list(drives)

    def drives(self):
        return self._drives


@pytest.fixture
def own_settings(tmp_path, monkeypatch):
    """Keep what a test chooses out of the other tests."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return settings_file


# ------------------------------------------------------------------------------------------------ proposing


@pytest.fixture
def disks_in_memory(monkeypatch):
    """The disks of these tests may lie under /dev/shm (tests/conftest.py), where nothing of a school's is ever mounted."""
    mounts = tuple(mount for mount in data_place._SYSTEM_MOUNTS if mount != "/dev")
    monkeypatch.setattr(data_place, "_SYSTEM_MOUNTS", mounts)


def windows(tmp_path, *drives):
    documents = tmp_path / "C" / "Users" / "t" / "Documents"
    return propose(drives, windows=True, home=documents.parent, documents=documents, environment={})


def test_windows_with_two_disks_puts_the_data_off_the_system_disk(tmp_path):
    system, second = disk(tmp_path / "C", system=True), disk(tmp_path / "D")
    stick = disk(tmp_path / "E", kind=DriveKind.REMOVABLE)
    found = windows(tmp_path, system, stick, second)
    assert found.data_folder == tmp_path / "D" / "守望数据"
    assert found.backup_folder == tmp_path / "C" / "Users" / "t" / "Documents" / "守望备份"
    assert "还原卡" in found.data_reason


@pytest.mark.usefixtures("disks_in_memory")
def test_windows_with_three_disks_puts_backups_on_the_third(tmp_path):
    found = windows(tmp_path, disk(tmp_path / "C", system=True), disk(tmp_path / "D"), disk(tmp_path / "E"))
    assert (found.data_folder.parent, found.backup_folder.parent) == (tmp_path / "D", tmp_path / "E")


def test_windows_with_one_disk_uses_documents_and_asks_for_the_stick(tmp_path):
    found = windows(tmp_path, disk(tmp_path / "C", system=True), disk(tmp_path / "D", kind=DriveKind.NETWORK))
    assert found.data_folder == tmp_path / "C" / "Users" / "t" / "Documents" / "守望数据"
    assert found.backup_folder == found.data_folder / "备份"
    assert "优盘" in found.backup_reason


@pytest.mark.parametrize("off_the_system_disk", [True, False])
def test_documents_that_a_cloud_or_a_server_holds_are_proposed_for_nothing(tmp_path, off_the_system_disk):
    """Windows with a Microsoft account keeps Documents in OneDrive unasked; a school's domain keeps them on its server."""
    home = tmp_path / "C" / "Users" / "t"
    drives = [disk(tmp_path / "C", system=True), *([disk(tmp_path / "D")] if off_the_system_disk else [])]
    for documents in (home / "OneDrive - 某某小学" / "文档", Path("//server/users/t/Documents")):
        found = propose(drives, windows=True, home=home, documents=documents, environment={})
        assert found.data_folder.parent == (tmp_path / "D" if off_the_system_disk else home)
        assert found.backup_folder == (
            home / "守望备份" if off_the_system_disk else found.data_folder / "备份"
        )


SCARCE = 300 * 1024**2


@pytest.mark.usefixtures("disks_in_memory")
def test_a_disk_with_too_little_room_is_passed_over_and_that_is_said(tmp_path):
    drives = [disk(tmp_path / "C", system=True), disk(tmp_path / "D", free=SCARCE), disk(tmp_path / "E")]
    found = windows(tmp_path, *drives, disk(tmp_path / "F", free=SCARCE))
    assert found.data_folder == tmp_path / "E" / "守望数据"
    assert found.data_reason == (
        f"不在系统盘上：重装系统、还原卡都动不到它。{tmp_path / 'D'}只剩 300.0 MB，不够用，没有选。"
    )
    # Nor for the backups: what is left there holds none for long.
    assert found.backup_folder == tmp_path / "C" / "Users" / "t" / "Documents" / "守望备份"


def test_a_disk_is_named_by_its_letter_as_windows_does(monkeypatch):
    monkeypatch.setattr(data_place, "_is_for_users", lambda _drive: True)
    drives = [
        Drive(Path(f"{letter}:\\"), "", free, 10**12, False, kind=DriveKind.FIXED, system=letter == "C")
        for letter, free in (("C", 10**11), ("D", SCARCE), ("E", 10**6))
    ]
    home = Path("C:\\Users\\t")
    found = propose(drives, windows=True, home=home, documents=home, environment={})
    assert found.data_reason == (
        "放在您自己的文件夹里，重装系统前先拷到优盘。D 盘只剩 300.0 MB、E 盘只剩 977 KB，不够用，没有选。"
    )


@pytest.mark.usefixtures("disks_in_memory")
def test_where_the_other_disk_is_full_data_and_backups_stay_with_her_and_the_reason_is_told(tmp_path):
    found = windows(tmp_path, disk(tmp_path / "C", system=True), disk(tmp_path / "D", free=SCARCE))
    assert found.data_folder == tmp_path / "C" / "Users" / "t" / "Documents" / "守望数据"
    assert f"{tmp_path / 'D'}只剩 300.0 MB，不够用，没有选。" in found.data_reason
    assert "没有别的硬盘" not in found.data_reason
    assert found.backup_folder == found.data_folder / "备份"
    assert found.backup_reason == "别的硬盘剩的空间不够，请常拷到优盘。"


@pytest.mark.usefixtures("disks_in_memory")
def test_where_every_disk_is_full_the_emptiest_is_proposed_and_asked_to_be_cleared(tmp_path):
    drives = [disk(tmp_path / "C", system=True, free=10**6), disk(tmp_path / "D", free=10**7)]
    found = windows(tmp_path, *drives, disk(tmp_path / "E", free=SCARCE))
    assert found.data_folder == tmp_path / "E" / "守望数据"
    assert "这个盘只剩 300.0 MB，请先腾出空间。" in found.data_reason
    assert found.backup_folder == found.data_folder / "备份"


def test_documents_on_a_full_disk_give_way_to_the_users_own_folder(tmp_path):
    """Many a Chinese PC has its Documents moved to D:, and D: filled with films."""
    home, documents = tmp_path / "C" / "Users" / "t", tmp_path / "D" / "我的文档"
    drives = [disk(tmp_path / "C", system=True), disk(tmp_path / "D", free=SCARCE)]
    found = propose(drives, windows=True, home=home, documents=documents, environment={})
    assert found.data_folder == home / "守望数据"


@pytest.mark.usefixtures("disks_in_memory")
def test_backups_beside_documents_are_only_another_disk_where_documents_lie_on_one(tmp_path):
    home, documents = tmp_path / "C" / "Users" / "t", tmp_path / "D" / "我的文档"
    drives = [disk(tmp_path / "C", system=True), disk(tmp_path / "D")]
    found = propose(drives, windows=True, home=home, documents=documents, environment={})
    assert found.data_folder == tmp_path / "D" / "守望数据"
    assert found.backup_folder == home / "守望备份"


def test_a_home_on_a_full_disk_is_said_on_linux(tmp_path):
    home = tmp_path / "home"
    found = propose(
        [disk(tmp_path, system=True, free=SCARCE)], windows=False, home=home, documents=home, environment={}
    )
    assert found.data_folder == home / "守望数据"
    assert found.data_reason == "放在您自己的文件夹里。这个盘只剩 300.0 MB，请先腾出空间。"


@pytest.mark.usefixtures("disks_in_memory")
@pytest.mark.parametrize("xdg", [True, False])
def test_linux_uses_the_home_folder_and_another_disk_for_backups(xdg, tmp_path):
    home = tmp_path / "home" / "老师"
    environment = {"XDG_DATA_HOME": str(home / ".local/share")} if xdg else {}
    drives = [disk(tmp_path, system=True), disk(tmp_path / "data"), disk(tmp_path / "旧盘", read_only=True)]
    found = propose(drives, windows=False, home=home, documents=home, environment=environment)
    assert found.data_folder == (home / ".local/share" if xdg else home) / "守望数据"
    assert found.backup_folder == tmp_path / "data" / "守望备份"


def test_a_home_on_its_own_disk_is_not_another_disk(tmp_path):
    home = tmp_path / "home"
    drives = [disk(tmp_path, system=True), disk(home)]
    found = propose(drives, windows=False, home=home, documents=home, environment={})
    assert found.backup_folder == found.data_folder / "备份"


def test_this_computer_gets_a_proposal():
    found = propose_here()
    assert found.data_folder.name == "守望数据"
    assert found.data_folder != found.backup_folder


# ------------------------------------------------------------------------------------------------ choosing


def test_a_choice_is_made_once_and_remembered(tmp_path, own_settings):
    assert chosen_folder() is None
    data, backups = tmp_path / "我的数据", tmp_path / "另一个盘" / "守望备份"
    choice = choose(data, backups, probe=Machine(disk(tmp_path)))
    assert choice.warnings == ()
    assert (chosen_folder(), ledger_path(data).name) == (data, "守望.db")
    assert load_settings(own_settings()).backup_folder == backups
    assert [path.stat().st_mode & 0o777 for path in (data, backups)] == [0o700, 0o700]
    assert list(data.iterdir()) == []
    assert backup_folder_for(ledger_path(data)) == backups
    assert backup_folder_for(tmp_path / "演示" / "守望.db") == tmp_path / "演示" / "备份"
    assert backup_folder_for(data / "演示.db") == data / "备份"


def test_without_a_second_folder_backups_lie_beside_the_data(tmp_path, own_settings):
    choose(tmp_path / "数据", probe=Machine(disk(tmp_path)))
    assert backup_folder_for(tmp_path / "数据" / "守望.db") == tmp_path / "数据" / "备份"


def test_shares_are_refused_sticks_and_clouds_warned_of(tmp_path, own_settings):
    with pytest.raises(UserError) as caught:
        choose(tmp_path / "x", probe=Machine(disk(tmp_path, kind=DriveKind.NETWORK)))
    assert caught.value.key == "place.network"
    assert not (tmp_path / "x").exists()
    assert chosen_folder() is None
    choice = choose(tmp_path / "OneDrive" / "数据", probe=Machine(disk(tmp_path)))
    assert [warning.key for warning in choice.warnings] == ["place.cloud"]
    choice = choose(tmp_path / "y", probe=Machine(disk(tmp_path, kind=DriveKind.REMOVABLE)))
    assert [warning.key for warning in choice.warnings] == ["place.removable"]


def test_a_folder_that_cannot_be_written_is_not_remembered(tmp_path, own_settings):
    (tmp_path / "文件").write_bytes(b"")
    with pytest.raises(EnvironmentFault) as caught:
        choose(tmp_path / "文件", probe=Machine(disk(tmp_path)))
    assert caught.value.key == "place.not_writable"
    assert chosen_folder() is None


# ------------------------------------------------------------------------------------------------ remembering


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "另一个盘" / "守望备份"


def test_what_was_left_is_known_at_the_next_start(store, folder, clock):
    fill(store)
    assert known_place(store.path, folder) is None
    make_backup(store, reason=Reason.CLOSE, folder=folder)
    remember_exit(store, folder)
    store.close()

    place = known_place(store.path, folder)
    assert (place.database, place.last_commit_no) == (store.path, 1)
    assert place.backups == "核对过的备份有 1 份，最新一份：2026-11-21 09:00，4 名儿童。"
    assert check(store.path, place=place).state == "ok"
    assert known(folder, store.path.with_name("别的.db")) is None
    assert backups_words([]) == ""


def test_yesterdays_file_put_back_and_a_second_copy_are_told(store, folder, clock, tmp_path):
    fill(store)
    yesterday = store.path.with_name("昨天.db")
    store.close()
    yesterday.write_bytes(store.path.read_bytes())
    with Store.open(store.path, clock=clock) as again:
        rename_child(again, "今天改的")
        remember_exit(again, folder)
    place = known_place(store.path, folder)
    assert check(yesterday, place=place).state == "other-path"
    store.path.write_bytes(yesterday.read_bytes())
    found = check(store.path, place=place)
    assert (found.state, "少 1 次保存" in found.message) == ("older-content", True)


def test_a_disk_that_is_wiped_at_each_start_is_recognised(store, folder, clock):
    """Each time she says 就用这份: her word is asked for, not taken for granted."""
    fill(store)
    remember_exit(store, folder)
    store.close()
    wiped = store.path.read_bytes()
    warnings = []
    for _ in range(4):
        clock.advance(days=1)
        store.path.write_bytes(wiped)
        with Store.open(store.path, clock=clock, as_it_is=True) as opened:
            warnings.append(note_start(opened, folder))
            rename_child(opened, "又改一次")
            remember_exit(opened, folder)
        with Store.open(store.path, clock=clock) as again:  # a second start on the same day is in order
            assert note_start(again, folder) is None
    # The first day nothing was lost yet, the second it may have been a person.
    assert warnings[:2] == [None, None]
    assert all("还原卡" in warning for warning in warnings[2:])
    assert recall(folder, store.path).set_back == ("2026-11-23", "2026-11-24", "2026-11-25")


def test_set_back_twice_in_a_year_is_no_wiped_disk(store, folder, clock):
    fill(store)
    remember_exit(store, folder)
    store.close()
    old = store.path.read_bytes()
    for _ in range(2):
        clock.advance(days=100)
        with Store.open(store.path, clock=clock) as opened:
            rename_child(opened, f"改 {clock.now()}")
            remember_exit(opened, folder)
        store.path.write_bytes(old)
        with Store.open(store.path, clock=clock, as_it_is=True) as opened:
            assert note_start(opened, folder) is None
            remember_exit(opened, folder)


def test_a_restore_is_no_surprise_and_holds_the_thinning(ledger_path, folder, clock, own_settings):
    save_settings(own_settings(), Settings(data_folder=ledger_path.parent, backup_folder=folder))
    store = Store.create(ledger_path, clock=clock)
    fill(store)
    backup = make_backup(store, reason=Reason.BY_HAND, folder=folder)
    clock.advance(days=3)
    rename_child(store, "改错了")
    remember_exit(store, folder)
    store.close()
    restore(store.path, backup.path, backup_folder=folder, clock=clock)

    assert check(store.path, place=known_place(store.path, folder)).state == "ok"
    assert is_restore_doubted(store.path, folder, clock=clock)
    with Store.open(store.path, clock=clock) as opened:
        assert note_start(opened, folder) is None
        for _ in range(12):
            clock.advance(minutes=30)
            make_backup(opened, reason=Reason.TIMER, folder=folder)
        clock.advance(days=10)
        make_backup(opened, reason=Reason.CLOSE, folder=folder)
        assert len(list_backups(folder)) == 15
        confirm_restored(store.path, folder)
        remember_exit(opened, folder)
        assert not is_restore_doubted(store.path, folder, clock=clock)
        clock.advance(days=1)
        make_backup(opened, reason=Reason.CLOSE, folder=folder)
        kept = list_backups(folder)
    assert len(kept) < 10
    assert Reason.BEFORE_RESTORE in {found.reason for found in kept}


def test_doubt_ends_by_itself(store, folder, clock):
    fill(store)
    backup = make_backup(store, reason=Reason.BY_HAND, folder=folder)
    store.close()
    restore(store.path, backup.path, backup_folder=folder, clock=clock)
    clock.advance(days=29)
    assert is_restore_doubted(store.path, folder, clock=clock)
    clock.advance(days=1)
    assert not is_restore_doubted(store.path, folder, clock=clock)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"ledgers": {"x": {}}}', '{"ledgers": 3}'])
def test_a_memory_that_cannot_be_read_is_a_memory_lost(content, store, folder, clock):
    fill(store)
    folder.mkdir(parents=True)
    (folder / STATE_NAME).write_text(content, encoding="utf-8")
    assert recall(folder, store.path) is None
    assert note_start(store, folder) is None
    remember_exit(store, folder)
    assert recall(folder, store.path).commit_no == 1
    assert list(json.loads((folder / STATE_NAME).read_text(encoding="utf-8"))) == ["ledgers"]


def test_two_ledgers_keep_their_memories_apart(store, folder, clock, tmp_path):
    fill(store)
    remember_exit(store, folder)
    with Store.create(tmp_path / "演示.db", clock=clock) as demo:
        remember_exit(demo, folder)
    assert recall(folder, store.path).commit_no == 1
    assert recall(folder, tmp_path / "演示.db").commit_no == 0
    assert recall(folder, tmp_path / "第三份.db") is None
