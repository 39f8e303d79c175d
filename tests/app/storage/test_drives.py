"""Which sticks are found, and which folders are poor places for the data, from real-looking machines."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.core.messages import FAULTS
from app.storage.drives import (
    FAT32_LARGEST_FILE,
    GIB,
    Drive,
    DriveKind,
    LinuxProbe,
    WindowsProbe,
    drive_of,
    is_on_removable,
    place_warning,
    removable_drives,
    system_probe,
)


@pytest.fixture
def machine(tmp_path):
    """Return a function that writes a mount table and device folders as Linux shows them."""
    devices = tmp_path / "devices"
    blocks = tmp_path / "class"
    blocks.mkdir()

    def device(name: str, *, removable: str, bus: str = "ata1", partition: str | None = None) -> None:
        disk = devices / bus / "block" / name
        disk.mkdir(parents=True, exist_ok=True)
        (disk / "removable").write_text(f"{removable}\n", encoding="ascii")
        (blocks / name).symlink_to(disk)
        if partition:
            (disk / partition).mkdir()
            (blocks / partition).symlink_to(disk / partition)

    def build(*lines: str) -> LinuxProbe:
        table = tmp_path / "mounts"
        table.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return LinuxProbe(table, blocks)

    build.device = device
    return build


def test_sticks_are_told_from_disks(machine, tmp_path):
    system, data, stick, disk_on_usb, card, cd = (
        tmp_path / name for name in ("系统", "数据", "U PAN", "移动", "卡", "cd")
    )
    for place in (system, data, stick, disk_on_usb, card, cd):
        place.mkdir()
    machine.device("sda", removable="0", partition="sda1")
    machine.device("sdb", removable="1", bus="pci/usb1/1-1", partition="sdb1")
    machine.device("sdc", removable="0", bus="pci/usb2/2-1", partition="sdc1")
    machine.device("mmcblk0", removable="1", partition="mmcblk0p1")
    machine.device("sr0", removable="1")
    escaped = str(stick).replace(" ", "\\040")
    probe = machine(
        "proc /proc proc rw 0 0",
        "tmpfs /run tmpfs rw 0 0",
        f"/dev/sda1 {system} ext4 rw,relatime 0 0",
        f"/dev/sda1 {data} ext4 rw,relatime 0 0",
        f"/dev/sdb1 {escaped} vfat rw,nosuid,uid=1000 0 0",
        f"/dev/sdc1 {disk_on_usb} exfat ro,nosuid 0 0",
        f"/dev/mmcblk0p1 {card} exfat rw 0 0",
        f"/dev/sr0 {cd} iso9660 ro 0 0",
    )

    found = removable_drives(probe)
    assert [(drive.path, drive.label) for drive in found] == [
        (stick, "U PAN"),
        (card, "卡"),
        (disk_on_usb, "移动"),
    ]
    assert [drive.read_only for drive in found] == [False, False, True]
    assert [drive.largest_file for drive in found] == [FAT32_LARGEST_FILE, None, None]
    assert all(0 < drive.free <= drive.total for drive in found)
    fixed = {drive.path for drive in probe.drives() if drive.kind is DriveKind.FIXED}
    assert fixed == {system, data}


def test_what_a_desktop_hung_under_media_is_a_stick(machine, monkeypatch):
    monkeypatch.setattr("psutil.disk_usage", lambda path: SimpleNamespace(free=1, total=2))
    probe = machine(
        "/dev/mapper/luks-1 /run/media/teacher/备份盘 ext4 rw 0 0",
        "/dev/sdz1 /media/teacher/K fuseblk rw 0 0",
    )
    assert [drive.label for drive in removable_drives(probe)] == ["K", "备份盘"]


def test_a_stick_pulled_this_moment_is_not_listed(machine, tmp_path):
    machine.device("sdb", removable="1", partition="sdb1")
    assert removable_drives(machine(f"/dev/sdb1 {tmp_path}/没有了 vfat rw 0 0")) == []


def test_the_probe_of_this_machine_answers():
    drives = system_probe().drives()
    assert all(drive.total >= drive.free >= 0 for drive in drives)
    drive = drive_of(Path(__file__))
    assert drive is None or Path(__file__).resolve().is_relative_to(drive.path)


class Machine:
    def __init__(self, *drives: Drive) -> None:
        self._drives = list(drives)

    def drives(self):
        return self._drives


def drive(path: Path, kind: DriveKind) -> Drive:
    return Drive(path, path.name, 10**9, 10**9, read_only=False, kind=kind)


def test_the_innermost_drive_holds_a_folder(tmp_path):
    stick = tmp_path / "media" / "K"
    (stick / "数据").mkdir(parents=True)
    probe = Machine(drive(tmp_path, DriveKind.FIXED), drive(stick, DriveKind.REMOVABLE))
    assert is_on_removable(stick / "数据" / "守望.db", probe)
    assert not is_on_removable(tmp_path / "别处" / "守望.db", probe)
    assert not is_on_removable(tmp_path / "media" / "K2", probe)


@pytest.mark.parametrize(
    ("folder", "key"),
    [
        ("守望数据", None),
        ("OneDrive - 青石坪小学/守望数据", "place.cloud"),
        ("OneDrive/x", "place.cloud"),
        ("BaiduSyncdisk/守望数据", "place.cloud"),
        ("我的坚果云/守望数据", "place.cloud"),
        ("onedrives", None),
    ],
)
def test_cloud_folders_are_warned_of(folder, key, tmp_path):
    warning = place_warning(tmp_path / folder, Machine(drive(tmp_path, DriveKind.FIXED)))
    assert (warning and warning.key) == key
    if warning:
        assert not warning.refused
        assert "网盘" in warning.words


def test_a_link_into_a_cloud_folder_is_one(tmp_path):
    (tmp_path / "OneDrive").mkdir()
    (tmp_path / "文档").symlink_to(tmp_path / "OneDrive", target_is_directory=True)
    warning = place_warning(tmp_path / "文档" / "守望数据", Machine(drive(tmp_path, DriveKind.FIXED)))
    assert (warning.key, warning.refused) == ("place.cloud", False)


def test_shares_are_refused_and_sticks_warned_of(tmp_path):
    nobody = Machine()
    for share in ("//fileserver/school", "\\\\fileserver\\school\\守望数据"):
        assert place_warning(Path(share), nobody).refused
    mounted = place_warning(tmp_path / "x", Machine(drive(tmp_path, DriveKind.NETWORK)))
    assert (mounted.key, mounted.refused) == ("place.network", True)
    stick = place_warning(tmp_path / "x", Machine(drive(tmp_path, DriveKind.REMOVABLE)))
    assert (stick.key, stick.refused) == ("place.removable", False)
    assert "{" not in stick.words + mounted.words
    assert {"place.network", "place.removable", "place.cloud"} <= set(FAULTS)


def test_a_hard_disk_on_a_cable_is_no_disk_of_the_computer_on_windows_either(monkeypatch):
    def partition(letter, kind, file_system="NTFS"):
        return SimpleNamespace(mountpoint=f"{letter}:\\", opts=f"rw,{kind}", fstype=file_system)

    there = [
        partition("C", "fixed"),
        partition("D", "fixed"),
        partition("E", "fixed", "exFAT"),
        partition("F", "removable", "FAT32"),
        partition("G", "cdrom"),
        partition("H", "remote"),
    ]
    monkeypatch.setattr("psutil.disk_partitions", lambda **_: there)
    monkeypatch.setattr("psutil.disk_usage", lambda _: SimpleNamespace(free=GIB, total=2 * GIB))
    monkeypatch.setattr("app.storage.drives._hangs_on_a_cable", lambda root: root in ("C:\\", "E:\\"))
    monkeypatch.setenv("SYSTEMDRIVE", "C:")
    found = {drive.label[0]: (drive.kind, drive.system) for drive in WindowsProbe().drives()}
    assert found == {
        "C": (DriveKind.FIXED, True),  # a Windows that was started from there
        "D": (DriveKind.FIXED, False),
        "E": (DriveKind.REMOVABLE, False),
        "F": (DriveKind.REMOVABLE, False),
        "H": (DriveKind.NETWORK, False),
    }


def test_the_programs_own_folder_is_refused_an_update_replaces_it(tmp_path, monkeypatch):
    own = tmp_path / "守望"
    own.mkdir()
    fixed = Machine(drive(tmp_path, DriveKind.FIXED))
    assert place_warning(own / "守望数据", fixed) is None
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(own / "shouwang"))
    inside = place_warning(own / "守望数据", fixed)
    assert (inside.key, inside.refused) == ("place.program", True)
    assert place_warning(own, fixed).refused
    assert place_warning(tmp_path / "守望数据", fixed) is None, "beside it is another matter"
