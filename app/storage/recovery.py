"""What a ledger can be brought back from: each verified backup, and how far the journal carries it (reliability §4)."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlcipher3 import dbapi2

from app.core.clock import Clock
from app.core.errors import EnvironmentFault
from app.core.moments import moment_words
from app.storage.backup_list import Backup
from app.storage.check import check
from app.storage.journal_lines import JOURNAL_FOLDER, JOURNAL_NAME, read_tail
from app.storage.place_state import recall
from app.storage.replay import Chain, Journals, last_action
from app.storage.second_place import all_backups


@dataclass(frozen=True, slots=True)
class Recovery:
    """One way back: ``restore(path, source, with_journal=True)``.

    ``backup`` is None when the ledger's own file, sound but older than its journal, is carried further, and when there
    is no backup yet and ``source`` is a journal that begins with the first save. ``until`` is
    when the last save was made that comes back (local ISO time); ``journal_commits`` of these saves come from the
    journal; ``lost`` more are in the journal but do not fit. ``words`` say all that in one sentence. ``branch`` is to
    be handed to ``restore`` too: a journal that was set aside holds other saves than the present one (she took an
    older file, or a backup without its journal, and has gone on since).
    """

    source: Path
    backup: Backup | None
    journal_commits: int
    until: str | None
    lost: int
    words: str
    branch: Path | None = None


def recoveries(path: Path, backup_folder: Path, *, clock: Clock, branches: bool = False) -> list[Recovery]:
    """Return every way back for the ledger at ``path``, the one that reaches furthest first.

    The file itself may be damaged or gone; it must not be open in this process. Reads the journals and the last line
    of each backup that they follow on; nothing is changed. A journal that cannot be read adds nothing. With
    ``branches`` also what only a journal that was set aside holds: whoever asks must hand ``branch`` on.
    """
    today = clock.today()
    known = recall(backup_folder, path)
    journals = _journals_of(backup_folder)
    backups = [
        backup
        for backup in all_backups(path, backup_folder, db_uuid=known.db_uuid if known else None)
        if backup.verified and backup.db_uuid
    ]
    found = [
        _of_backup(backup, _chain(backup.path, backup.commit_no, journals(str(backup.db_uuid))), today)
        for backup in backups
    ]
    found += _of_branches(backups, backup_folder, journals, today) if branches else []
    present = _of_present(path, backup_folder, journals, today)
    found += [] if present is None else [present]
    found += _from_nothing(path, backup_folder, today) if not found else []
    return sorted(found, key=_reach, reverse=True)


def _of_branches(
    backups: Sequence[Backup], backup_folder: Path, journals: Callable[[str], Journals | None], today: date
) -> list[Recovery]:
    """Return for each journal that was set aside, and whose saves no other way brings, the newest backup it follows on."""
    found = []
    for db_uuid in dict.fromkeys(str(backup.db_uuid) for backup in backups):
        usual = journals(db_uuid)
        for branch in [] if usual is None else usual.aside:
            with suppress(OSError):
                there = Journals(backup_folder, db_uuid, branch=branch)
                own = [backup for backup in backups if backup.db_uuid == db_uuid]
                ways = (_of_branch(branch, backup, there, usual, today) for backup in own)
                found += [way for way in ways if way is not None][:1]
    return found


def _of_branch(
    branch: Path, backup: Backup, journals: Journals, usual: Journals | None, today: date
) -> Recovery | None:
    chain = _chain(backup.path, backup.commit_no, journals)
    if not chain.entries or chain.entries[-1].journal != branch:
        return None
    if chain.entries[-1].uuid in {
        entry.uuid for entry in _chain(backup.path, backup.commit_no, usual).entries
    }:
        return None
    way = _of_backup(backup, chain, today)
    return replace(way, branch=branch, words=f"{way.words}（换下的日志，后来没有用它）")


def _from_nothing(path: Path, backup_folder: Path, today: date) -> list[Recovery]:
    """Return how a ledger of which there is no backup yet is filled from a journal that begins with its first save."""
    found = []
    for journal in sorted((backup_folder / JOURNAL_FOLDER).glob(f"*/{JOURNAL_NAME}")):
        with suppress(OSError, ValueError):
            tail = read_tail(journal)
            if tail is None or tail.header.ledger != path.name or tail.header.base_commit:
                continue
            chain = Journals(backup_folder, tail.header.db_uuid).chain("", 0)
            if chain.entries:
                until = moment_words(datetime.fromisoformat(chain.entries[-1].at), today)
                words = f"还没有备份，从日志补回全部 {len(chain.entries)} 次保存，到{until}{_missing(chain)}"
                found.append(Recovery(journal, None, len(chain.entries), chain.until, chain.lost, words))
    return found


def _reach(found: Recovery) -> tuple[str, str]:
    made_at = "" if found.backup is None else found.backup.made_at.isoformat()
    return found.until or "", made_at


def _journals_of(backup_folder: Path) -> Callable[[str], Journals | None]:
    """Return a function that gives the journals of a ledger by its name, each read once; None when they cannot be."""
    read: dict[str, Journals | None] = {}

    def of(db_uuid: str) -> Journals | None:
        if db_uuid not in read:
            read[db_uuid] = None
            with suppress(OSError):
                read[db_uuid] = Journals(backup_folder, db_uuid)
        return read[db_uuid]

    return of


def _chain(copy: Path, commit_no: int | None, journals: Journals | None) -> Chain:
    if journals is None or not journals.may_follow(commit_no):
        return Chain(())
    # A backup that cannot be read after all gets nothing added here; bringing it back says what is wrong with it.
    with suppress(dbapi2.DatabaseError, OSError, ValueError, KeyError, TypeError):
        _, action, number = last_action(copy)
        return journals.chain(action, number)
    return Chain(())


def _of_backup(backup: Backup, chain: Chain, today: date) -> Recovery:
    words = f"{moment_words(backup.made_at, today)} 的备份，{backup.children} 名儿童"
    if chain.entries:
        words = f"{moment_words(backup.made_at, today)} 的备份，{_added(chain, today)}"
    until = chain.until or backup.last_entry
    return Recovery(backup.path, backup, len(chain.entries), until, chain.lost, words + _missing(chain))


def _of_present(
    path: Path, backup_folder: Path, journals: Callable[[str], Journals | None], today: date
) -> Recovery | None:
    """Return how far the ledger's own file can be carried; None unless it is sound and older than its journal."""
    try:
        found = check(path, backup_folder=backup_folder)
    except EnvironmentFault:
        return None
    if found.state != "older-content":
        return None
    chain = _chain(path, int(str(found.detail["commit_no"])), journals(str(found.detail["db_uuid"])))
    if not chain.entries:
        return None
    words = f"现在这份数据，{_added(chain, today)}{_missing(chain)}"
    return Recovery(path, None, len(chain.entries), chain.until, chain.lost, words)


def _added(chain: Chain, today: date) -> str:
    until = moment_words(datetime.fromisoformat(chain.entries[-1].at), today)
    return f"再从日志补回 {len(chain.entries)} 次保存，到{until}"


def _missing(chain: Chain) -> str:
    # What an older backup lacks stands in the newer ones: that is no word for the list.
    return f"；日志里还有 {chain.lost} 次保存接不上" if chain.lost and chain.entries else ""
