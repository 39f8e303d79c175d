"""What the window does with a ledger file, without any window: opening, facts for the frame, closing.

Every function here runs on the storage thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from app.core.clock import Clock
from app.core.errors import EnvironmentFault, ShouwangError
from app.core.messages import fault
from app.core.progress import Progress, no_progress
from app.school.queries import is_demo, school_calendar, school_profile, staff
from app.storage.check import Known
from app.storage.data_place import backup_folder_for
from app.storage.drafts import DraftBox, box_of
from app.storage.opening import verify_open
from app.storage.place_state import is_restore_doubted, known, note_start, remember_exit
from app.storage.store import Store
from ui.shell.candidates import Candidate
from ui.shell.status import StatusFacts
from ui.wording import moment_words

if TYPE_CHECKING:
    from app.storage.backups import Backup
    from ui.shell.first_run import NewSchool

log = logging.getLogger("shouwang.window")

_SAYS_BACKUPS = frozenset({"missing", "empty", "not-ours", "corrupt", "index-damaged"})

DEMO_PLACE = Path("演示学校") / "演示学校.db"


LARGE = 48 * 1024 * 1024
"""Bytes of a file from which on looking through it takes so long, on an office disk, that the first page would wait."""


class Opened(Struct, frozen=True):
    """An open ledger and what the frame says about it."""

    store: Store
    backups: Path
    school: str
    staff: tuple[str, ...]
    is_demo: bool
    from_stick: bool
    is_copy: bool
    was_clean: bool
    is_restored: bool
    is_large: bool
    warning: str | None
    drafts: DraftBox | None = None


def look_at_backups(folder: Path) -> list[Backup]:
    """The backups in a folder, newest first, of whatever ledger; of a data folder those that lie beside the data."""
    from app.storage.backups import list_backups
    from app.storage.data_place import BACKUPS_BESIDE

    return list_backups(folder) or list_backups(folder / BACKUPS_BESIDE)


def candidates(path: Path, folder: Path, clock: Clock) -> list[Candidate]:
    """What the ledger at ``path`` can be brought back from with what its journal adds, what reaches furthest first."""
    from app.storage.recovery import recoveries

    return [
        Candidate(found.source, found.backup, found.journal_commits, found.until, found.lost, found.branch)
        for found in recoveries(path, folder, clock=clock, branches=True)
    ]


def diagnosed(
    path: Path, folder: Path, error: ShouwangError, clock: Clock
) -> tuple[ShouwangError, list[Candidate]]:
    """Tell closer why a ledger does not open, now that it is closed, and what it can be brought back from.

    What an open file showed as damage may be in its indexes only, which a copy tells.
    """
    if error.key == "corrupt" and error.code == "INTEGRITY":
        from app.storage.backups import known_place
        from app.storage.check import check

        place = known_place(path)
        if check(path, place=place).state == "index-damaged":
            error = fault("index-damaged", code=error.code, backups=place.backups if place else "")
    return error, candidates(path, folder, clock)


def open_ledger(
    path: Path,
    clock: Clock,
    *,
    is_usual: bool,
    read_only: bool = False,
    as_it_is: bool = False,
    progress: Progress = no_progress,
) -> Opened:
    """Open it (from a stick, or a backup, only for looking); EnvironmentFault whose key is the state.

    `is_usual` spares looking whether it lies on a stick; `as_it_is` takes it also when it is older than
    what was left here. `progress` is told only when the last stop left something to be looked at first.
    """
    from_stick = not is_usual and _is_on_stick(path)
    is_copy = not is_usual and _is_proved_copy(path)
    backups = backup_folder_for(path)
    only_look = read_only or from_stick or is_copy
    try:
        opening = partial(
            Store.open,
            path,
            clock=clock,
            read_only=only_look,
            verify=False,
            progress=progress,
            # What is only looked at is not upgraded in its place: it is the way back to the version that made it.
            older_too=only_look and not is_usual,
        )
        store = _opened(path, opening, backups, is_usual=is_usual, as_it_is=as_it_is)
    except EnvironmentFault as error:
        if error.key == "newer-schema" and not only_look and _can_be_read(path, clock):
            error.buttons = (*error.buttons, "只读查看")
        raise
    profile = school_profile(store)
    return Opened(
        store,
        backups=backups,
        school=profile.name if profile else "",
        staff=staff_names(store),
        is_demo=is_demo(store),
        from_stick=from_stick,
        is_copy=is_copy,
        was_clean=store.was_clean,
        is_restored=is_restore_doubted(path, backups, clock=clock),
        is_large=path.stat().st_size > LARGE,
        warning=None if store.read_only else note_start(store, backups),
        drafts=None if store.read_only else box_of(store.db_uuid, backups),
    )


def _opened(
    path: Path, opening: Callable[..., Store], backups: Path, *, is_usual: bool, as_it_is: bool
) -> Store:
    """Open the store. What is remembered comes without the list of backups: only a fault needs their words."""
    left = None if as_it_is else known(backups, path)
    try:
        return opening(place=left, as_it_is=as_it_is)
    except EnvironmentFault as error:
        again = _closer(path, error, left, is_usual=is_usual and not as_it_is)
        if again is None:
            raise
        return opening(place=again)


def _closer(path: Path, error: EnvironmentFault, left: Known | None, *, is_usual: bool) -> Known | None:
    """What is known of this place with its backups, to say the fault with; None when the words stay as they are.

    Where verified backups lie, the usual ledger was ours yesterday: foreign bytes there are damage (reliability §4),
    also when nobody left it in order yet and nothing is remembered.
    """
    from app.storage.backups import backups_words, known_place, list_backups

    if left is not None:
        return known_place(path)
    words = backups_words(list_backups(backup_folder_for(path))) if is_usual else ""
    if not words or error.key not in _SAYS_BACKUPS:
        return None
    return Known(path, db_uuid="", last_commit_no=0, backups=words)


def _can_be_read(path: Path, clock: Clock) -> bool:
    """Whether this version can at least read a file of a newer one (what it says in ``min_reader_version``)."""
    try:
        Store.open(path, clock=clock, read_only=True, verify=False).close()
    except EnvironmentFault:
        return False
    return True


def _is_on_stick(path: Path) -> bool:
    from app.storage.drives import is_on_removable

    return is_on_removable(path)


def _is_proved_copy(path: Path) -> bool:
    """A backup or a stick copy has its manifest beside it: written into, it would not be the proved one any more."""
    from app.storage.manifest import manifest_path

    return manifest_path(path).exists()


def look_through(store: Store) -> None:
    """The check that runs beside the first painted page."""
    verify_open(store)


def before_the_first_save(store: Store, backups: Path) -> StatusFacts:
    """Back up what another version of the program left, and go on with a permanent deletion that a power cut broke off.

    Return what the line at the foot says after that. EnvironmentFault: both are tried again next time.
    """
    from app.storage.backups import backup_for_new_program
    from app.storage.purging import pending_purges

    backup_for_new_program(store, folder=backups)
    if not store.read_only and pending_purges(store.db):
        from app.tasks.purge import finish_purges

        finish_purges(store, backup_folder=backups)
    return status_facts(store, backups)


def status_facts(store: Store, backups: Path) -> StatusFacts:
    """Backup, place and term for the status line."""
    from app.storage.backups import hold_nobody, list_backups, newest_verified
    from app.storage.snapshot import children_on_ledger

    today = store.clock.today()
    found = list_backups(backups, db_uuid=store.db_uuid, now=store.clock.now())
    newest = newest_verified(found)
    calendar = school_calendar(store)
    week = calendar.week_of(today)
    place = str(store.path.parent)
    term = calendar.term_in_force(today).short_words
    words = "" if week is None else week.words
    if newest is None:
        return StatusFacts(place=place, term=term, week=words, is_demo=is_demo(store))
    if hold_nobody(store, found):
        return StatusFacts(place=place, term=term, week=words, not_backed_up=children_on_ledger(store))
    when = moment_words(newest.made_at, today)
    children = "" if newest.children is None else f"，{newest.children} 名儿童"
    return StatusFacts(f"{when}{children}", when, place, term, words, holds_somebody=newest.children != 0)


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
    """Create the demo school, unless it is there already: one of an older version is brought over, with what was tried in it."""
    if path.exists():
        _bring_demo_over(path, clock, progress)
    else:
        from app.tasks.demo import make_demo

        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        make_demo(path, clock=clock, progress=progress)


def _bring_demo_over(path: Path, clock: Clock, progress: Progress) -> None:
    """Unasked, for all in it is invented. Where it does not work, opening it says why, with what can be done."""
    from app.storage.upgrade import upgrade

    try:
        upgrade(path, backup_folder=backup_folder_for(path), clock=clock, progress=progress)
    except EnvironmentFault as error:
        log.warning("the demo school was not brought over: %s", error.key)


def put_away(store: Store, backups: Path, *, keep_backup: bool, progress: Progress = no_progress) -> None:
    """Make the backup of the session's end when something changed, remember how it was left, close the file.

    Without the backup it always closes: a backup folder that cannot be written must not hold her here.
    """
    if keep_backup:
        from app.storage.backups import backup_on_close

        backup_on_close(store, folder=backups, progress=progress)
    if not store.read_only:
        try:
            remember_exit(store, backups)
        except (OSError, EnvironmentFault) as error:
            if keep_backup:
                raise
            log.warning("the place state was not kept: %s", type(error).__name__)
    store.close()
