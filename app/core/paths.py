"""Where things live on this computer (decisions.md §4.1). Nothing here makes a folder unasked."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path, PureWindowsPath

import platformdirs

DATA_FOLDER_NAME = "守望数据"
DATABASE_NAME = "守望.db"
_PROGRAM = "shouwang"
# What is longer may not open on a Windows whose long paths are switched off, as they are at first (MAX_PATH is 260).
LONGEST_PATH = 240
# In bytes, less "-journal": what SQLite takes for a path elsewhere. A sign of Chinese is three of them.
LONGEST_SQLITE_PATH = 500
# What lies deepest in a data folder, a half-written backup with its marks, needs so many more.
_DEEPEST = 80

# Folders whose content another program carries elsewhere while we write: to be warned of again and again.
_CLOUD_FOLDERS = {
    "onedrive": "OneDrive",
    "baidunetdisk": "百度网盘",
    "baidusyncdisk": "百度网盘",
    "百度网盘": "百度网盘",
    "baidunetdiskworkspace": "百度网盘",
    "baidunetdiskdownload": "百度网盘",
    "我的坚果云": "坚果云",
    "坚果云": "坚果云",
    "nutstore": "坚果云",
    "wpsdrive": "WPS 云盘",
    "wps云盘": "WPS 云盘",
    "wps cloud files": "WPS 云盘",
    "dropbox": "Dropbox",
    "icloud": "iCloud",
    "iclouddrive": "iCloud",
    "阿里云盘": "阿里云盘",
    "微云": "微云",
    "dingtalk": "钉钉",
    "天翼云盘": "天翼云盘",
    "360云盘": "360 云盘",
    "360安全云盘": "360 云盘",
    "夸克网盘": "夸克网盘",
    "迅雷云盘": "迅雷云盘",
    "和彩云": "移动云盘",
    "中国移动云盘": "移动云盘",
    "移动云盘": "移动云盘",
    "联想云盘": "联想云盘",
    "google drive": "Google 云端硬盘",
    "googledrive": "Google 云端硬盘",
    "synologydrive": "群晖云盘",
}


def settings_file() -> Path:
    """Return where the settings of this user on this computer are kept."""
    return Path(platformdirs.user_config_dir(_PROGRAM, appauthor=False, roaming=False)) / "settings.json"


def log_folder() -> Path:
    """Return the folder of the log."""
    return Path(platformdirs.user_log_dir(_PROGRAM, appauthor=False))


def private_folder() -> Path:
    """Return the folder for snapshots and half-made files: on the computer's own disk, this user's only, never %TEMP%."""
    return Path(platformdirs.user_data_dir(_PROGRAM, appauthor=False)) / "private"


def program_folder() -> Path | None:
    """Return the folder of the installed or carried program, which an update replaces whole; None in a checkout."""
    return Path(sys.executable).resolve().parent if getattr(sys, "frozen", False) else None


def suggest_data_folder(
    *,
    windows: bool,
    home: Path,
    documents: Path,
    environment: Mapping[str, str],
    fixed_disks: Sequence[Path] = (),
    system_disk: Path | None = None,
) -> Path:
    """Return the folder to offer for the data.

    On Windows 守望数据 on the first fixed disk that is not the system's (a re-installed system
    and a 还原卡 wipe the system disk), else in Documents. Elsewhere 守望数据 in the home
    folder, or in XDG_DATA_HOME when that is set.
    """
    if windows:
        others = [disk for disk in fixed_disks if disk != system_disk]
        return (others[0] if others else documents) / DATA_FOLDER_NAME
    data_home = environment.get("XDG_DATA_HOME", "")
    # The XDG rules say that a relative path is to be ignored.
    return (Path(data_home) if data_home.startswith("/") else home) / DATA_FOLDER_NAME


def make_private(folder: Path) -> None:
    """Make ``folder`` with its parents if it is not there, readable by this user only (Windows: by inheritance)."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if sys.platform != "win32":
        folder.chmod(0o700)


def is_network_path(path: Path) -> bool:
    r"""Tell whether ``path`` is a network share by its spelling (``\\server\share``): locks do not hold there."""
    text = os.fspath(path)
    if text.startswith(("\\\\?\\UNC\\", "//?/UNC/")):
        return True
    return text.startswith(("\\\\", "//")) and not text.startswith(("\\\\?\\", "//?/", "\\\\.\\", "//./"))


def cloud_service(path: Path) -> str | None:
    """Return the name of the cloud service whose folder ``path`` lies in, judged by folder names; None when none."""
    for part in (*path.parts, *PureWindowsPath(path).parts):
        name = part.casefold()
        for folder, service in _CLOUD_FOLDERS.items():
            # OneDrive of a school is called "OneDrive - 某某小学".
            if name == folder or name.startswith(f"{folder} "):
                return service
    return None


def is_too_long(path: Path, *, windows: bool = sys.platform == "win32") -> bool:
    """Tell whether something in a data folder there would have a longer path than can be opened everywhere."""
    if windows:
        return len(os.fspath(path)) + _DEEPEST > LONGEST_PATH
    return len(os.fsencode(path)) + _DEEPEST > LONGEST_SQLITE_PATH
