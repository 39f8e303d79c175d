"""Which disks and sticks are plugged in, and what kind of place a folder is.

The look at the machine sits behind ``DriveProbe``, so that tests (and a port) can put another one in its place.
"""

import os
import sys
from enum import StrEnum
from pathlib import Path, PurePath
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from app.core.messages import FAULTS
from app.core.paths import cloud_service, is_network_path, is_too_long, program_folder

GIB = 1024**3

# The largest file a FAT32 stick can hold (32-bit size field).
FAT32_LARGEST_FILE = 4 * GIB - 1
_FAT_KINDS = frozenset({"vfat", "msdos", "fat", "fat32", "fat16"})
_NETWORK_KINDS = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smbfs",
        "smb3",
        "ncpfs",
        "afs",
        "davfs",
        "fuse.sshfs",
        "fuse.davfs",
        "fuse.rclone",
    }
)
_OPTICAL_KINDS = frozenset({"iso9660", "udf", "cdfs"})
# Where Linux desktops hang in a stick that was plugged in.
_PLUGGED_IN = (PurePath("/media"), PurePath("/run/media"))


class DriveKind(StrEnum):
    """What a mounted file system sits on."""

    FIXED = "fixed"
    REMOVABLE = "removable"
    NETWORK = "network"


class Drive(Struct, frozen=True):
    """One mounted file system. ``free`` and ``total`` are bytes; ``label`` is what the user calls it."""

    path: Path
    label: str
    free: int
    total: int
    read_only: bool
    kind: DriveKind = DriveKind.REMOVABLE
    file_system: str = ""
    system: bool = False

    @property
    def largest_file(self) -> int | None:
        """The largest single file the file system can hold, in bytes; None where that is no matter."""
        return FAT32_LARGEST_FILE if self.file_system.lower() in _FAT_KINDS else None


class DriveProbe(Protocol):
    """Looks at the machine and tells what is mounted now."""

    def drives(self) -> list[Drive]:
        """Return every disk, stick and network drive that can hold files of the user."""
        ...


class LinuxProbe:
    """Reads the kernel's mount table and what sysfs says about the devices."""

    def __init__(
        self, mounts: Path = Path("/proc/mounts"), sys_block: Path = Path("/sys/class/block")
    ) -> None:
        self._mounts = mounts
        self._sys_block = sys_block

    def drives(self) -> list[Drive]:
        """Return the mounted disks and sticks, the last mount of a place winning."""
        found: dict[Path, Drive] = {}
        for line in self._mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
            fields = line.split()
            if len(fields) >= 4:
                device, place, file_system, options = (_unescape(field) for field in fields[:4])
                drive = self._drive(device, Path(place), file_system, options.split(","))
                if drive is not None:
                    found[drive.path] = drive
        return list(found.values())

    def _drive(self, device: str, path: Path, file_system: str, options: list[str]) -> Drive | None:
        network = file_system in _NETWORK_KINDS
        if not network and not device.startswith("/dev/"):
            return None
        if file_system in _OPTICAL_KINDS or path.is_file():
            return None
        plugged = self._is_plugged_in(device) or any(path.is_relative_to(place) for place in _PLUGGED_IN)
        kind = DriveKind.NETWORK if network else DriveKind.REMOVABLE if plugged else DriveKind.FIXED
        drive = Drive(
            path=path,
            label=path.name or "系统盘",
            free=0,
            total=0,
            read_only="ro" in options,
            kind=kind,
            file_system=file_system,
            system=path == Path("/"),
        )
        return _measured(drive)

    def _is_plugged_in(self, device: str) -> bool:
        """Tell whether the device can be pulled: the kernel says removable, or it hangs on USB."""
        entry = self._sys_block / Path(device).name
        if not entry.exists():
            return False
        real = entry.resolve()
        disk = real if (real / "removable").exists() else real.parent
        if any(part.startswith("usb") for part in real.parts):
            return True
        flag = disk / "removable"
        return flag.exists() and flag.read_text(encoding="ascii").strip() == "1"


class WindowsProbe:
    """Asks Windows, through psutil, for drive letters and what they are."""

    def drives(self) -> list[Drive]:
        """Return the drives that are ready; an empty card reader or a CD drive is none."""
        system_letter = os.environ.get("SYSTEMDRIVE", "C:").upper()
        # Imported where drives are asked for: the window starts without it.
        import psutil

        found = []
        for partition in psutil.disk_partitions(all=True):
            options = partition.opts.split(",")
            if "cdrom" in options or not partition.fstype:
                continue
            is_system = partition.mountpoint.upper().startswith(system_letter)
            drive = Drive(
                path=Path(partition.mountpoint),
                label=_windows_label(partition.mountpoint) or partition.mountpoint,
                free=0,
                total=0,
                read_only="ro" in options,
                kind=_windows_kind(options, partition.mountpoint, is_system=is_system),
                file_system=partition.fstype,
                system=is_system,
            )
            measured = _measured(drive)
            if measured is not None:
                found.append(measured)
        return found


def _unescape(field: str) -> str:
    """Undo the octal escapes of the mount table (a space is written as 040 after a backslash)."""
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(code, character)
    return field


def _measured(drive: Drive) -> Drive | None:
    """Fill in the sizes; None when the place does not answer (pulled this moment, no rights)."""
    import psutil

    try:
        usage = psutil.disk_usage(str(drive.path))
    except OSError:
        return None
    return replace(drive, free=usage.free, total=usage.total)


def _windows_kind(options: list[str], root: str, *, is_system: bool) -> DriveKind:
    """What psutil's options of a drive letter mean; a hard disk on a cable is none of the computer's own (as on Linux)."""
    if "remote" in options:
        return DriveKind.NETWORK
    if "removable" in options or (not is_system and _hangs_on_a_cable(root)):
        return DriveKind.REMOVABLE
    return DriveKind.FIXED


def _hangs_on_a_cable(root: str) -> bool:
    if sys.platform == "win32":
        from app.storage.windows_files import hangs_on_a_cable

        return hangs_on_a_cable(root)
    return False


def _windows_label(root: str) -> str:
    """The volume label of a drive letter, "" when it has none."""
    if sys.platform == "win32":
        import ctypes

        name = ctypes.create_unicode_buffer(261)
        if ctypes.windll.kernel32.GetVolumeInformationW(root, name, 261, None, None, None, None, 0):
            return name.value
    return ""


def system_probe() -> DriveProbe:
    """Return the probe for the system this program runs on."""
    return WindowsProbe() if sys.platform == "win32" else LinuxProbe()


def removable_drives(probe: DriveProbe | None = None) -> list[Drive]:
    """Return the sticks and cards that are plugged in, by label."""
    drives = (probe or system_probe()).drives()
    return sorted(
        (drive for drive in drives if drive.kind == DriveKind.REMOVABLE),
        key=lambda drive: (drive.label, drive.path),
    )


def drive_of(path: Path, probe: DriveProbe | None = None) -> Drive | None:
    """Return the drive that holds ``path`` (which need not exist yet), or None when nothing known does."""
    place = _settled(path)
    holders = [drive for drive in (probe or system_probe()).drives() if place.is_relative_to(drive.path)]
    return max(holders, key=lambda drive: len(drive.path.parts), default=None)


def is_on_removable(path: Path, probe: DriveProbe | None = None) -> bool:
    """Tell whether ``path`` lies on a stick or card: a copy opened from there is only looked at."""
    drive = drive_of(path, probe)
    return drive is not None and drive.kind == DriveKind.REMOVABLE


def _settled(path: Path) -> Path:
    """Make ``path`` absolute without touching a share that may not answer."""
    return path if is_network_path(path) else path.absolute().resolve()


class PlaceWarning(Struct, frozen=True):
    """Why a folder is a poor place for the data. ``refused``: may not be used at all; else she may go on.

    ``words`` say it where a place is chosen; ``what`` and ``todo`` are their parts without 什么都没有动.
    """

    key: str
    words: str
    refused: bool
    what: str = ""
    todo: str = ""


def place_warning(path: Path, probe: DriveProbe | None = None) -> PlaceWarning | None:
    """Judge a folder as the place of the data file; None when nothing speaks against it.

    The program's own folder is refused (an update replaces it, a portable one is deleted by hand), a share of the
    network too (its locks do not hold); a stick and a cloud folder are warned of: the one
    lies about having written, the other replaces files behind the program's back (reliability §1). A link is judged by
    where it leads as well: 文档 may be one into OneDrive.
    """
    there = _settled(path)
    if is_network_path(path) or is_network_path(there):
        return _place_warning("place.network", refused=True)
    own = program_folder()
    if own is not None and there.is_relative_to(own):
        return _place_warning("place.program", refused=True)
    drive = drive_of(path, probe)
    if drive is not None and drive.kind == DriveKind.NETWORK:
        return _place_warning("place.network", refused=True)
    if drive is not None and drive.kind == DriveKind.REMOVABLE:
        return _place_warning("place.removable", refused=False)
    cloud = cloud_service(path) or cloud_service(there)
    if cloud is not None:
        return _place_warning("place.cloud", refused=False, cloud=cloud)
    if is_too_long(path):
        return _place_warning("place.too_long", refused=False, length=len(str(path)))
    return None


def _place_warning(key: str, *, refused: bool, **values: object) -> PlaceWarning:
    text = FAULTS[key]
    what, todo = text.what.format(**values), text.todo.format(**values)
    return PlaceWarning(key, f"{what}{text.safe}{todo}", refused=refused, what=what, todo=todo)
