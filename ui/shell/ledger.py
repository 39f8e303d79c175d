"""What the window does with a ledger file, without any window: opening, facts for the frame, closing.

Every function here runs on the storage thread.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.core.clock import Clock
from app.core.progress import Progress, no_progress
from app.core.settings import Settings
from app.school.queries import is_demo, school_calendar, school_profile, staff
from app.storage.backups import Backup, backup_on_close, list_backups, newest_verified
from app.storage.check import Known
from app.storage.drives import fixed_drives, is_on_removable
from app.storage.opening import verify_open
from app.storage.store import Store
from ui.shell.first_run import NewSchool
from ui.shell.status import StatusFacts
from ui.wording import moment_words

BACKUP_FOLDER_NAME = "备份"
DEMO_PLACE = Path("演示学校") / "演示学校.db"


@dataclass(frozen=True, slots=True)
class Opened:
    """An open ledger and what the frame says about it."""

    store: Store
    school: str
    staff: tuple[str, ...]
    is_demo: bool
    from_stick: bool
    was_clean: bool


@dataclass(frozen=True, slots=True)
class Closed:
    """What is remembered of a ledger that was put away."""

    path: Path
    db_uuid: str
    commit_no: int


def backup_folder_of(settings: Settings, database: Path, *, is_usual: bool) -> Path:
    """Where backups lie: of the usual ledger in the chosen folder, else beside the data."""
    chosen = settings.backup_folder if is_usual else None
    return chosen or database.parent / BACKUP_FOLDER_NAME


def other_disk_for_backups(data: Path) -> Path | None:
    """A folder on another disk of a Windows computer, None when there is none: then backups lie beside the data.

    Elsewhere a second mount is as likely a boot partition as a disk of her own.
    """
    if sys.platform != "win32":
        return None
    others = [d for d in fixed_drives() if not data.is_relative_to(d.path) and not d.read_only]
    return others[-1].path / "守望备份" if others else None


def known_of(settings: Settings, database: Path, backups: Sequence[Backup], today: date) -> Known | None:
    """What this computer remembers of its usual ledger; None before the first close."""
    usual = settings.usual
    uuid, number = usual.get("db_uuid"), usual.get("commit_no")
    if not isinstance(uuid, str) or not isinstance(number, int):
        return None
    return Known(database, uuid, number, backups_sentence(backups, today))


def backups_sentence(backups: Sequence[Backup], today: date) -> str:
    """One sentence about the verified backups; empty when there are none, then nothing is claimed."""
    newest = newest_verified(backups)
    if newest is None:
        return ""
    count = sum(1 for backup in backups if backup.verified)
    children = "" if newest.children is None else f"，{newest.children} 名儿童"
    when = moment_words(newest.made_at, today)
    return f"这台电脑上有 {count} 份核对过的备份，最新一份：{when}{children}。"


def look_at_backups(folder: Path, uuid: str | None) -> list[Backup]:
    """The backups of one ledger (of any, without a uuid), newest first."""
    return list_backups(folder, db_uuid=uuid)


def open_ledger(path: Path, clock: Clock, *, read_only: bool = False, known: Known | None = None) -> Opened:
    """Open it (from a stick only for looking); EnvironmentFault whose key is the state."""
    from_stick = is_on_removable(path)
    store = Store.open(path, clock=clock, read_only=read_only or from_stick, verify=False, place=known)
    profile = school_profile(store)
    people = staff(store, clock.today())
    return Opened(
        store,
        school=profile.name if profile else "",
        staff=tuple(one.name for one in people if one.present),
        is_demo=is_demo(store),
        from_stick=from_stick,
        was_clean=store.was_clean,
    )


def look_through(store: Store) -> None:
    """The check that runs beside the first painted page."""
    verify_open(store)


def status_facts(store: Store, backups: Path) -> StatusFacts:
    """Backup, place and term for the status line."""
    today = store.clock.today()
    newest = newest_verified(list_backups(backups, db_uuid=store.db_uuid))
    calendar = school_calendar(store)
    week = calendar.week_of(today)
    place = str(store.path.parent)
    term = calendar.term_in_force(today).short_words
    words = "" if week is None else week.words
    if newest is None:
        return StatusFacts(place=place, term=term, week=words)
    when = moment_words(newest.made_at, today)
    children = "" if newest.children is None else f"，{newest.children} 名儿童"
    return StatusFacts(f"{when}{children}", when, place, term, words)


def staff_names(store: Store) -> tuple[str, ...]:
    """Who can be entering today."""
    return tuple(one.name for one in staff(store, store.clock.today()) if one.present)


def make_school(path: Path, clock: Clock, new: NewSchool) -> None:
    """Create the ledger and found the school in it; the file is closed again."""
    from app.school.service import add_staff, init_school

    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with Store.create(path, clock=clock) as store:
        init_school(store, name=new.name, kind=new.kind, by=new.who or None)
        if new.who:
            add_staff(store, name=new.who, by=new.who)


def make_demo_school(path: Path, clock: Clock, *, progress: Progress = no_progress) -> None:
    """Create the demo school, unless it is there already."""
    from app.tasks.demo import make_demo

    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        make_demo(path, clock=clock, progress=progress)


def put_away(store: Store, backups: Path, *, keep_backup: bool, progress: Progress = no_progress) -> Closed:
    """Make the backup of the session's end when something changed, then close the file."""
    if keep_backup:
        backup_on_close(store, folder=backups, progress=progress)
    closed = Closed(store.path, store.db_uuid, store.commit_no)
    store.close()
    return closed
