"""Where the ledger and its backups live on this computer: what to propose, what she chose (decisions §4.1)."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

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
from app.core.settings import Settings, load_settings, save_settings
from app.storage.drives import Drive, DriveKind, DriveProbe, PlaceWarning, place_warning, system_probe

BACKUP_FOLDER_NAME = "守望备份"
# Where backups lie when there is no other disk: beside the data.
BACKUPS_BESIDE = "备份"
# Mounts that belong to the system although a user may look into them.
_SYSTEM_MOUNTS = ("/boot", "/efi", "/var", "/usr", "/etc", "/snap", "/nix", "/run", "/dev")


class Proposal(Struct, frozen=True):
    """Where to put the data, with the reason for each half, in Chinese."""

    data_folder: Path
    data_reason: str
    backup_folder: Path
    backup_reason: str


class Choice(Struct, frozen=True):
    """Where the data live from now on, and what speaks against it all the same."""

    data_folder: Path
    backup_folder: Path
    warnings: tuple[PlaceWarning, ...]


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

    Documents that lie in a cloud folder (OneDrive takes them unasked) or on a server are proposed for neither.
    """
    if cloud_service(documents) is not None or is_network_path(documents):
        documents = home
    fixed = [drive for drive in drives if drive.kind == DriveKind.FIXED and not drive.read_only]
    system = next((drive.path for drive in fixed if drive.system), None)
    data = suggest_data_folder(
        windows=windows,
        home=home,
        documents=documents,
        environment=environment,
        fixed_disks=[drive.path for drive in fixed],
        system_disk=system,
    )
    if windows and not data.is_relative_to(documents):
        data_reason = "不在系统盘上：重装系统、还原卡都动不到它。"
    else:
        data_reason = "这台电脑没有别的硬盘，放在您自己的文件夹里。" if windows else "放在您自己的文件夹里。"
    others = [
        drive
        for drive in fixed
        if not drive.system and not _holds(fixed, drive, data) and _is_for_users(drive)
    ]
    if others:
        return Proposal(
            data, data_reason, others[0].path / BACKUP_FOLDER_NAME, "在另一个硬盘上：一个坏了还有一个。"
        )
    if windows and system is not None and not data.is_relative_to(documents):
        return Proposal(data, data_reason, documents / BACKUP_FOLDER_NAME, "在另一个盘上：一个坏了还有一个。")
    return Proposal(data, data_reason, data / BACKUPS_BESIDE, "这台电脑只有一个硬盘，请常拷到优盘。")


def _holds(drives: Sequence[Drive], drive: Drive, folder: Path) -> bool:
    holders = [one for one in drives if folder.is_relative_to(one.path)]
    return drive == max(holders, key=lambda one: len(one.path.parts), default=None)


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
    save_settings(settings_file(), settings.with_values(data_folder=data_folder, backup_folder=backups))
    return Choice(data_folder, backups, tuple(warnings))


def go_on_with(ledger: Path) -> None:
    """Remember that the usual ledger was found again at this path; not under another name or where it should not lie.

    Backups that lay in the old data folder went along with it, unless they are still there.
    EnvironmentFault ``settings.not_kept``.
    """
    folder = ledger.parent
    if ledger != ledger_path(folder) or place_warning(folder) is not None:
        return
    settings = load_settings(settings_file())
    before, backups = settings.data_folder, settings.backup_folder
    if before is not None and backups is not None and backups.is_relative_to(before) and not backups.is_dir():
        backups = folder / backups.relative_to(before)
    save_settings(settings_file(), settings.with_values(data_folder=folder, backup_folder=backups))


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
