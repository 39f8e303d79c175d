"""What 备份 shows: the backups beside the present state, the room a stick needs, and what can be brought back."""

from collections.abc import Sequence
from operator import attrgetter
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from app.school.drills import DrillEntry, drills, term_without_drill
from app.school.handover import HandoverEntry, handovers
from app.storage.backup_trace import is_doubted
from app.storage.backups import Backup, Reason, list_backups, reach_days
from app.storage.came_back import still_back
from app.storage.data_place import (
    BACKUP_FOLDER_NAME,
    Choice,
    choose,
    is_usual_ledger,
    same_place,
    second_folder_for,
)
from app.storage.drives import DriveProbe, PlaceWarning
from app.storage.history import actions
from app.storage.medium import DISK
from app.storage.recovery import Aside, set_aside_saves
from app.storage.second_place import SecondPlace, forget_second, look_at_second
from app.storage.snapshot import children_on_ledger
from app.storage.stick import StickNeeds, stick_needs
from app.storage.stick_names import StickCopy, list_copies
from app.storage.store import Store
from app.tasks.purge import destroyed_files
from app.tasks.recycle_bin import BinEntry, bin_entries
from app.tasks.starting import takes_files

# What the Excel ledger beside the data takes at most, in bytes: measured 740 a child in a small school, 520 in a large.
_BOOK = 64 * 1024
_BOOK_PER_CHILD = 1024


class Present(Struct, frozen=True):
    """The ledger as it is now, in the figures a backup is described by.

    ``destroyed`` are its permanent deletions: the commit number of each and how many children's files went with it.
    """

    children: int
    last_entry: str | None
    commit_no: int
    db_uuid: str
    destroyed: tuple[tuple[int, int], ...] = ()

    def changes_after(self, backup: Backup) -> int | None:
        """Return how many actions were saved after ``backup``; None when that cannot be told."""
        if backup.commit_no is None or backup.db_uuid != self.db_uuid:
            return None
        return max(self.commit_no - backup.commit_no, 0)

    def destroyed_after(self, backup: Backup) -> tuple[int, int]:
        """Return how many permanent deletions ``backup`` does not know, and how many children's files went in them.

        It may hold these files: those that were on file when it was made. Of another ledger's backup nothing is known.
        """
        if backup.commit_no is None or backup.db_uuid != self.db_uuid:
            return 0, 0
        since = [files for commit_no, files in self.destroyed if commit_no > backup.commit_no]
        return len(since), sum(since)


class Safety(Struct, frozen=True):
    """Everything the page shows. ``reach`` in days; ``drill_due`` names the term without a drill, else "".

    ``second`` is the second place of the backups; only the usual ledger ``can_have_second``. ``aside`` are saves that
    the ledger lacks and only a journal holds that was set aside. ``needs_place``: where the usual ledger's backups go now
    takes none (its disk is gone, full or closed) or has lost some, so another folder is to be chosen. ``returned`` says
    what was destroyed and came back by a restore, "" for nothing.
    """

    present: Present
    backups: tuple[Backup, ...]
    reach: int
    handovers: tuple[HandoverEntry, ...]
    bin: tuple[BinEntry, ...]
    drills: tuple[DrillEntry, ...]
    drill_due: str
    second: SecondPlace | None
    can_have_second: bool
    aside: tuple[Aside, ...]
    needs_place: bool = False
    returned: str = ""


class StickLook(Struct, frozen=True):
    """What a copy to a folder will need, and which copies lie there already."""

    needs: StickNeeds
    copies: tuple[StickCopy, ...]


def safety(store: Store, backup_folder: Path) -> Safety:
    """Return the backups and their second place, the drills, the hand-over log and the recycle bin."""
    backups = list_backups(backup_folder, db_uuid=store.db_uuid, now=store.clock.now())
    term = term_without_drill(store)
    return Safety(
        present=present(store),
        backups=tuple(backups),
        reach=reach_days(backups, now=store.clock.now()),
        handovers=tuple(handovers(store)),
        bin=tuple(bin_entries(store)),
        drills=tuple(drills(store)),
        drill_due="" if term is None else term.short_words,
        second=look_at_second(store.path, backup_folder, db_uuid=store.db_uuid, now=store.clock.now()),
        can_have_second=is_usual_ledger(store.path),
        aside=tuple(_set_aside(store, backup_folder)),
        needs_place=is_usual_ledger(store.path) and not _keeps_a_backup(store, backup_folder),
        returned=_returned(store, backups),
    )


def _returned(store: Store, backups: Sequence[Backup]) -> str:
    """Say what is back of the destroyed: each copy of before a restore knows what had been destroyed by then."""
    found = [
        still_back(backup.path, store)
        for backup in backups
        if backup.verified and backup.reason is Reason.BEFORE_RESTORE
    ]
    return max(found, key=attrgetter("files")).standing_words if found else ""


def _keeps_a_backup(store: Store, folder: Path) -> bool:
    if not takes_files(folder) or is_doubted(store.path, folder, today=store.clock.today()):
        return False
    try:
        return not folder.is_dir() or DISK.free(folder) > store.path.stat().st_size
    except OSError:
        return False


def move_backups(ledger: Path, folder: Path, *, probe: DriveProbe | None = None) -> Choice:
    """Let the backups of the usual ledger go into a folder of ours inside ``folder`` from now on.

    Those of before stay where they are. Where the second place is, there is none any more: one disk is no two places.
    UserError ``place.network``, ``place.program``; EnvironmentFault ``place.not_writable``. Nothing is remembered then.
    """
    target = folder if folder.name == BACKUP_FOLDER_NAME else folder / BACKUP_FOLDER_NAME
    second = second_folder_for(ledger)
    choice = choose(ledger.parent, target, probe=probe)
    if second is None or not same_place(second, target):
        return choice
    forget_second()
    what = "这里原来是第二处，现在备份只有这一处；有别的盘，请再设一个第二处。"
    told = PlaceWarning("second.is_first", what, refused=False, what=what)
    return replace(choice, warnings=(*choice.warnings, told))


def _set_aside(store: Store, backup_folder: Path) -> list[Aside]:
    def holds(action: str) -> bool:
        return store.one("SELECT 1 FROM action WHERE uuid = ?", (action,)) is not None

    def child_name(child_id: int) -> str:
        row = store.one("SELECT name FROM child WHERE id = ?", (child_id,))
        return "" if row is None else str(row[0])

    return set_aside_saves(
        store.path,
        backup_folder,
        db_uuid=store.db_uuid,
        holds=holds,
        child_name=child_name,
        clock=store.clock,
    )


def present(store: Store) -> Present:
    """Return what the open ledger holds."""
    last = next(iter(actions(store, limit=1)), None)
    return Present(
        children_on_ledger(store),
        None if last is None else last.at,
        store.commit_no,
        store.db_uuid,
        tuple(destroyed_files(store)),
    )


def look_at_stick(store: Store, folder: Path) -> StickLook:
    """Tell sizes before anything is copied; EnvironmentFault ``stick.…`` when the stick cannot be read."""
    data = stick_needs(store, folder)
    book = _BOOK + _BOOK_PER_CHILD * children_on_ledger(store)
    return StickLook(StickNeeds(data.needed + book, data.free), tuple(list_copies(folder)))
