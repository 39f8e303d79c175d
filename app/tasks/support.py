"""关于 and the support file: what a helper on the telephone needs to know, and nobody's name in it.

The support file is a small .zip: one page of facts and the log. Facts are built from figures and from words of the
program's own; nothing that was typed into the ledger or the settings is copied, and a path loses the name of the
computer's user. The log holds no names to begin with (`app.core.log`) and is scrubbed once more on its way out.
"""

from __future__ import annotations

import os
import platform
import re
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from app import __version__
from app.core.build_facts import build_facts
from app.core.clock import Clock
from app.core.errors import ShouwangError
from app.core.files import atomic_write
from app.core.log import scrub
from app.core.messages import fault
from app.core.paths import DATA_FOLDER_NAME, cloud_service, is_network_path, log_folder, settings_file
from app.core.settings import Settings, load_settings
from app.storage.backups import Backup, list_backups, newest_verified
from app.storage.check import check
from app.storage.connection import sqlite_version
from app.storage.data_place import BACKUP_FOLDER_NAME, BACKUPS_BESIDE, backup_folder_for, ledger_path
from app.storage.drives import DriveKind, drive_of
from app.storage.medium import DISK, size_words
from app.storage.migrations.runner import SCHEMA_VERSION
from app.storage.store import Store

Line = tuple[str, str]

FACTS_NAME = "说明.txt"
LOG_MOST = 2 * 1024 * 1024
"""Bytes of one log file that are taken, from its end."""

DATA, BACKUPS, LOG, NOTICES = "数据", "备份", "运行记录", "第三方声明"
_PLACES = frozenset({DATA, BACKUPS, LOG, NOTICES})
"""The lines of 关于 that say where something lies."""
_KNOWN_FOLDERS = frozenset(
    {
        DATA_FOLDER_NAME,
        BACKUP_FOLDER_NAME,
        BACKUPS_BESIDE,
        "演示学校",
        "shouwang",
        "resources",
        "notices",
        "_internal",
    }
    | {
        "~",
        "home",
        "root",
        "Users",
        "Documents",
        "文档",
        "Desktop",
        "桌面",
        "AppData",
        "Local",
        "Logs",
        "Log",
        "log",
    }
    | {".local", "share", "state", "media", "mnt", "opt", "usr", "lib", "tmp", "Program Files", "Programs"}
)
"""Names of folders that are the program's or the system's own; any other may be a child's."""
_LOGS = "shouwang.log*"
_DRIVES = {DriveKind.FIXED: "固定盘", DriveKind.REMOVABLE: "可移动", DriveKind.NETWORK: "网络盘"}
_NOTICES = Path(__file__).resolve().parents[2] / "resources" / "notices"


class SupportFile(Struct, frozen=True):
    """What was written and read back: where, how large, and how many log files are in it."""

    path: Path
    size: int
    logs: int


def place_words(path: Path) -> str:
    """A path as it may be read out: the folder of the computer's user, which is often called by a name, as ``~``."""
    return _nameless(str(path))


def program_facts(toolkit: str = "") -> list[Line]:
    """Versions of the program, of its data and of what it stands on. ``toolkit`` is the window's own, like 「Qt 6.8」."""
    built = build_facts()
    build = "，".join(built[key] for key in ("platform", "built", "commit") if built.get(key))
    stands_on = [f"Python {platform.python_version()}", f"SQLite {sqlite_version()}"]
    return [
        ("版本", f"守望 {__version__}" + (f"（{build}）" if build else "，从源代码运行")),
        ("数据格式", str(SCHEMA_VERSION)),
        ("组件", "，".join([*stands_on, *([toolkit] if toolkit else [])])),
        ("电脑", platform.platform()),
    ]


def about(path: Path | None, clock: Clock, *, toolkit: str = "", store: Store | None = None) -> list[Line]:
    """Everything 关于 says: versions, where the data lie, the last verified backup, the log, the licences.

    With ``store``, the ledger that is open, a backup of another one in the same folder does not count.
    """
    lines = program_facts(toolkit)
    if path is not None:
        folder = backup_folder_for(path)
        made = list_backups(folder, db_uuid=None if store is None else store.db_uuid, now=clock.now())
        lines += [(DATA, place_words(path.parent)), (BACKUPS, place_words(folder))]
        lines.append(("上次核对成功的备份", _backup_words(newest_verified(made))))
    lines.append((LOG, place_words(log_folder())))
    lines.append(("许可", "守望 MIT；Qt（PySide6）LGPL，字体 OFL，其余各按自己的许可"))
    if _NOTICES.is_dir():
        lines.append((NOTICES, place_words(_NOTICES)))
    return lines


def for_others(facts: Sequence[Line]) -> list[Line]:
    """Return the facts of 关于 as they may be sent on: of a place only what this program and the system call so."""
    return [(label, _own_names_only(value) if label in _PLACES else value) for label, value in facts]


def _own_names_only(place: str) -> str:
    parts = re.split(r"([/\\]+)", place)
    return "".join(part if _is_known(part) else "…" for part in parts)


def _is_known(part: str) -> bool:
    is_drive = re.fullmatch(r"[A-Za-z]:|[/\\]*", part) is not None
    return is_drive or part in _KNOWN_FOLDERS


def _backup_words(backup: Backup | None) -> str:
    if backup is None:
        return "还没有"
    children = "" if backup.children is None else f"，{backup.children} 名儿童"
    return f"{backup.made_at:%Y-%m-%d %H:%M}{children}"


def write_support(
    out: Path,
    *,
    path: Path | None,
    clock: Clock,
    store: Store | None = None,
    trouble: str = "",
    toolkit: str = "",
) -> SupportFile:
    """Write the support file to ``out`` and read it back.

    ``path`` is the ledger it is about, None before there is one; with ``store`` it is the open one, else it is looked
    at from outside. ``trouble`` is the key of the fault on the screen. EnvironmentFault ``file.…`` when ``out`` cannot
    be written, ``support.unreadable`` when what was written does not read back.
    """
    sections = [
        (
            "守望支持文件",
            [("写于", f"{clock.now():%Y-%m-%d %H:%M}"), ("里面没有", "姓名、证件号、电话、校名")],
        ),
        ("程序", program_facts(toolkit)),
        *([("屏幕上的事", [("代码", trouble)])] if trouble else []),
        ("设置", _settings_facts(load_settings(settings_file()))),
        *([] if path is None else _ledger_sections(path, clock, store)),
    ]
    logs = sorted(log_folder().glob(_LOGS)) if log_folder().is_dir() else []
    taken = [(f"log/{log.name}", _log_words(log)) for log in logs]
    with atomic_write(out) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(FACTS_NAME, _nameless(_page(sections)))
        for name, words in taken:
            archive.writestr(name, words)
    return _read_back(out, len(taken))


def _read_back(out: Path, logs: int) -> SupportFile:
    try:
        with zipfile.ZipFile(out) as archive:
            if archive.testzip() is not None or len(archive.namelist()) != logs + 1:
                raise fault("support.unreadable", name=out.name)
    except (OSError, zipfile.BadZipFile) as error:
        raise fault("support.unreadable", name=out.name) from error
    return SupportFile(out, out.stat().st_size, logs)


def _page(sections: Iterable[tuple[str, Sequence[Line]]]) -> str:
    parts = []
    for head, lines in sections:
        parts.append("\r\n".join([f"【{head}】", *(f"{label}：{value}" for label, value in lines), ""]))
    return "\r\n".join(parts)


def _settings_facts(settings: Settings) -> list[Line]:
    """What was chosen on this computer, without who enters and without her own filters."""
    folders = (
        ("数据文件夹", settings.data_folder),
        ("备份文件夹", settings.backup_folder),
        ("第二处备份", settings.second_backup_folder),
    )
    return [
        ("字号", str(settings.font_scale)),
        *((label, "没有选" if folder is None else _place_kind(folder)) for label, folder in folders),
        ("台账显示的列", ",".join(settings.columns) or "平常的"),
        ("存的视图", f"{len(settings.saved_filters)} 个"),
        (
            "窗口",
            ",".join(f"{key}={value}" for key, value in settings.window.items() if isinstance(value, int)),
        ),
    ]


def _place_kind(folder: Path) -> str:
    """What kind of place it is and how much room its disk has; never what its folders are called."""
    kinds = ["在用户文件夹里"] if folder.is_relative_to(Path.home()) else []
    if is_network_path(folder):
        kinds.append("网络路径")
    if cloud_service(folder):
        kinds.append("网盘文件夹")
    drive = drive_of(folder)
    if drive is not None:
        kinds.append(_DRIVES[drive.kind] + ("，只读" if drive.read_only else ""))
    kinds.append("在" if folder.is_dir() else "找不到")
    with suppress(OSError):
        kinds.append(f"余 {size_words(DISK.free(folder))}，共 {size_words(DISK.total(folder))}")
    return "，".join(kinds)


def _ledger_sections(path: Path, clock: Clock, store: Store | None) -> list[tuple[str, list[Line]]]:
    backups = list_backups(backup_folder_for(path), now=clock.now())
    lines = [(f"{one.made_at:%Y-%m-%d %H:%M}", _one_backup(one)) for one in backups]
    return [
        ("数据文件", _file_facts(path, clock, store)),
        (f"备份 {len(backups)} 份", lines),
    ]


def _one_backup(backup: Backup) -> str:
    proved = "核对过" if backup.verified else "没有核对过"
    figures = (
        f"，儿童 {backup.children}，序号 {backup.commit_no}，格式 {backup.schema}" if backup.verified else ""
    )
    return f"{proved}，{backup.reason_words}，{size_words(backup.size)}{figures}"


def _file_facts(path: Path, clock: Clock, store: Store | None) -> list[Line]:
    lines = [("是平时那份", "是" if _is_usual(path) else "不是"), ("位置", _place_kind(path.parent))]
    with suppress(OSError):
        stat = path.stat()
        lines += [("大小", size_words(stat.st_size)), ("可写", "是" if os.access(path, os.W_OK) else "否")]
    if store is not None:
        return [*lines, ("状态", "开着"), *_counts(store)]
    found = check(path)
    detail = "，".join(f"{key}={value}" for key, value in found.detail.items() if isinstance(value, int))
    lines.append(
        ("状态", "，".join(part for part in (found.state, str(found.detail.get("code", "")), detail) if part))
    )
    if found.state != "ok":
        return lines
    try:
        with Store.open(path, clock=clock, read_only=True) as opened:
            return [*lines, *_counts(opened)]
    except ShouwangError as error:
        return [*lines, ("打不开", error.key)]


def _is_usual(path: Path) -> bool:
    folder = load_settings(settings_file()).data_folder
    return folder is not None and os.path.realpath(ledger_path(folder)) == os.path.realpath(path)


def _counts(store: Store) -> list[Line]:
    """How many rows each table has: the names of tables are the program's own words."""
    names = [
        str(name)
        for (name,) in store.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    ]
    counted = []
    for name in names:
        found = store.one(f'SELECT count(*) FROM "{name}"')  # noqa: S608 - a table's own name
        counted.append(f"{name} {0 if found is None else found[0]}")
    return [
        ("序号", str(store.commit_no)),
        ("只读", "是" if store.read_only else "否"),
        ("各表行数", "，".join(counted)),
    ]


def _log_words(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(max(log.stat().st_size - LOG_MOST, 0))
        return scrub(_nameless(file.read().decode("utf-8", errors="replace")))


def _nameless(text: str) -> str:
    """Take out the folder and the name of the computer's user: on a Chinese PC both are often somebody's name."""
    home = Path.home()
    for spelling in {str(home), home.as_posix(), str(home).replace("\\", "\\\\")}:
        if len(spelling) > 1:
            text = text.replace(spelling, "~")
    if len(home.name) > 1 and home.name not in _NO_NAMES:
        text = re.sub(rf"(?<![\w]){re.escape(home.name)}(?![\w])", "<user>", text)
    return text


_NO_NAMES = frozenset({"root", "home", "user", "admin", "administrator"})
"""Users that are nobody, whose names are words of the program too."""
