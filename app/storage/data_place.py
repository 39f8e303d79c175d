"""Where the ledger and its backups live on this computer: what to propose, what she chose (decisions §4.1)."""

import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import takewhile
from operator import attrgetter, ne
from pathlib import Path, PureWindowsPath

import platformdirs
from msgspec import Struct

from app.core.messages import fault, refuse
from app.core.paths import (
    DATABASE_NAME,
    cloud_service,
    is_network_path,
    make_private,
    settings_file,
    suggest_data_folder,
)
from app.core.settings import Settings, change_settings, load_settings
from app.storage.drives import GIB, Drive, DriveKind, DriveProbe, PlaceWarning, place_warning, system_probe
from app.storage.medium import size_words

BACKUP_FOLDER_NAME = "守望备份"
# Where backups lie when there is no other disk: beside the data.
BACKUPS_BESIDE = "备份"
# In bytes: a ledger of some years with its attachments, the snapshot of a backup, and the backups (a fifth of the disk at most).
ENOUGH = 1 * GIB
# Mounts that belong to the system although a user may look into them.
_SYSTEM_MOUNTS = ("/boot", "/efi", "/var", "/usr", "/etc", "/snap", "/nix", "/run", "/dev")


class Proposal(Struct, frozen=True):
    """Where to put the data, with the reason for each half, in Chinese."""

    data_folder: Path
    data_reason: str
    backup_folder: Path
    backup_reason: str


class Choice(Struct, frozen=True):
    """Where the data live from now on, and what speaks against it all the same; ``before`` is what was chosen till then."""

    data_folder: Path
    backup_folder: Path
    warnings: tuple[PlaceWarning, ...]
    before: tuple[Path | None, Path | None] = (None, None)


def ledger_path(folder: Path) -> Path:
    """Return the ledger file in a data folder."""
    return folder / DATABASE_NAME


def propose_here(probe: DriveProbe | None = None) -> Proposal:
    """Propose for this computer and this user."""
    return propose(
        (probe or system_probe()).drives(),
        windows=sys.platform == "win32",
        home=Path.home(),
        documents=Path(platformdirs.user_documents_dir()),
        environment=os.environ,
    )


def propose(
    drives: Sequence[Drive], *, windows: bool, home: Path, documents: Path, environment: Mapping[str, str]
) -> Proposal:
    """Propose a data folder on the computer's own disk, and a backup folder on another one when there is one.

    Documents that lie in a cloud folder (OneDrive takes them unasked) or on a server are proposed for neither, nor is a
    disk with less than ``ENOUGH`` free while another has it; the reasons name what was passed over.
    """
    fixed = [drive for drive in drives if drive.kind == DriveKind.FIXED and not drive.read_only]
    away = cloud_service(documents) is not None or is_network_path(documents)
    if away or (is_scarce(_holder(fixed, documents)) and not is_scarce(_holder(fixed, home))):
        documents = home
    system = next((drive.path for drive in fixed if drive.system), None)
    # Where all are full, the emptiest.
    fitting = [drive for drive in fixed if not is_scarce(drive)] or sorted(fixed, key=attrgetter("free"))[-1:]
    data = suggest_data_folder(
        windows=windows,
        home=home,
        documents=documents,
        environment=environment,
        fixed_disks=[drive.path for drive in fitting],
        system_disk=system,
    )
    own = not windows or data.is_relative_to(documents)
    reason = _data_reason(fixed, data, windows=windows, own=own)
    holder = _holder(fixed, data)
    others = [drive for drive in fixed if not drive.system and drive != holder and _is_for_users(drive)]
    for drive in others:
        if not is_scarce(drive):
            return Proposal(
                data, reason, drive.path / BACKUP_FOLDER_NAME, "在另一个硬盘上：一个坏了还有一个。"
            )
    for folder in (documents, home) if windows and system is not None and not own else ():
        place = _holder(fixed, folder)
        if place != holder and not is_scarce(place):
            return Proposal(data, reason, folder / BACKUP_FOLDER_NAME, "在另一个盘上：一个坏了还有一个。")
    full = any(is_scarce(drive) and drive != holder and _is_for_users(drive) for drive in fixed)
    alone = "别的硬盘剩的空间不够" if full else "这台电脑只有一个硬盘"
    return Proposal(data, reason, data / BACKUPS_BESIDE, f"{alone}，请常拷到优盘。")


def _data_reason(fixed: Sequence[Drive], data: Path, *, windows: bool, own: bool) -> str:
    """Why the data lie there: which disk, which ones were passed over for want of room, how little this one has."""
    holder = _holder(fixed, data)
    others = [drive for drive in fixed if windows and not drive.system and drive != holder]
    # Those behind the one that was taken would not have been asked.
    before = others if own else takewhile(partial(ne, holder), fixed)
    passed = "、".join(
        f"{_disk_words(drive)}只剩 {size_words(drive.free)}"
        for drive in before
        if is_scarce(drive) and not drive.system
    )
    if not own:
        words = "不在系统盘上：重装系统、还原卡都动不到它。"
    elif others:
        words = "放在您自己的文件夹里，重装系统前先拷到优盘。"
    else:
        words = "这台电脑没有别的硬盘，放在您自己的文件夹里。" if windows else "放在您自己的文件夹里。"
    return words + (f"{passed}，不够用，没有选。" if passed else "") + scarce_words(holder)


def is_scarce(drive: Drive | None) -> bool:
    """Tell whether a disk has less room than a ledger and its backups need; one that is not known is not."""
    return drive is not None and drive.free < ENOUGH


def scarce_words(drive: Drive | None) -> str:
    """Return what is to be said of a disk with too little room, "" of any other."""
    if drive is None or not is_scarce(drive):
        return ""
    return f"这个盘只剩 {size_words(drive.free)}，请先腾出空间。"


def _disk_words(drive: Drive) -> str:
    letter = PureWindowsPath(drive.path).drive.removesuffix(":")
    return f"{letter} 盘" if letter else str(drive.path)


def _holder(drives: Sequence[Drive], folder: Path) -> Drive | None:
    """Return the disk that a folder lies on, the innermost mount; None when none of these holds it."""
    holders = [drive for drive in drives if folder.is_relative_to(drive.path)]
    return max(holders, key=lambda one: len(one.path.parts), default=None)


def _is_for_users(drive: Drive) -> bool:
    return not str(drive.path).startswith(_SYSTEM_MOUNTS) and os.access(drive.path, os.W_OK)


def choose(
    data_folder: Path, backup_folder: Path | None = None, *, probe: DriveProbe | None = None
) -> Choice:
    """Make the folders, for this user only, and remember them; the once-only choice of the first start.

    UserError ``place.network`` for a share, ``place.program`` inside the program's own folder; EnvironmentFault
    ``place.not_writable`` when nothing can be written there.
    A stick or a cloud folder is taken with a warning. Nothing is remembered when anything is refused.
    """
    backups = backup_folder or data_folder / BACKUPS_BESIDE
    warnings = []
    for folder in (data_folder, backups):
        warning = place_warning(folder, probe)
        if warning is not None and warning.refused:
            raise refuse(warning.key)
        if warning is not None and warning not in warnings:
            warnings.append(warning)
    for folder in (data_folder, backups):
        require_writable(folder)
    settings = load_settings(settings_file())
    change_settings(settings_file(), data_folder=data_folder, backup_folder=backups)
    return Choice(data_folder, backups, tuple(warnings), (settings.data_folder, settings.backup_folder))


def take_back(choice: Choice) -> None:
    """Forget a choice after all, where no ledger came to lie there: the next start would call that one lost.

    EnvironmentFault ``settings.not_kept``.
    """
    if not ledger_path(choice.data_folder).exists():
        data_folder, backup_folder = choice.before
        change_settings(settings_file(), data_folder=data_folder, backup_folder=backup_folder)


def require_writable(folder: Path) -> None:
    """Make ``folder``, for this user only, and write into it; EnvironmentFault ``place.not_writable`` when that fails."""
    trial = folder / ".守望试写"
    try:
        make_private(folder)
        trial.write_bytes(b"x")
        trial.unlink()
    except OSError as error:
        raise fault("place.not_writable", folder=folder.name) from error


def chosen_folder() -> Path | None:
    """Return the data folder she chose on this computer, None before the first start."""
    return load_settings(settings_file()).data_folder


def backup_folder_for(ledger: Path) -> Path:
    """Return where the backups of a ledger belong: the chosen folder for the usual ledger, else beside it.

    A demo school or a copy opened from somewhere never mixes its backups with those of the real ledger.
    """
    settings = load_settings(settings_file())
    if settings.backup_folder is not None and _is_usual(settings, ledger):
        return settings.backup_folder
    return ledger.absolute().parent / BACKUPS_BESIDE


def second_folder_for(ledger: Path) -> Path | None:
    """Return the second place of the backups of the usual ledger; None for any other, or when she named none."""
    settings = load_settings(settings_file())
    return settings.second_backup_folder if _is_usual(settings, ledger) else None


def is_usual_ledger(ledger: Path) -> bool:
    """Tell whether it is the ledger this computer usually works on, and not a demo school or a copy."""
    return _is_usual(load_settings(settings_file()), ledger)


def _is_usual(settings: Settings, ledger: Path) -> bool:
    return settings.data_folder is not None and same_place(ledger_path(settings.data_folder), ledger)


def same_place(one: Path, other: Path) -> bool:
    """Tell whether two spellings mean one file (a link, another case on Windows); neither need exist."""
    return os.path.normcase(os.path.realpath(one)) == os.path.normcase(os.path.realpath(other))
