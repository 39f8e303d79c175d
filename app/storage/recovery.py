"""What a ledger can be brought back from: each verified backup, and how far the journal carries it (reliability §4)."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlcipher3 import dbapi2

from app.core.clock import Clock
from app.core.errors import EnvironmentFault
from app.core.moments import moment_words
from app.storage.backup_list import Backup
from app.storage.check import check
from app.storage.classification import RESTRICTED_TABLES
from app.storage.journal_lines import (
    ASIDE_STEM,
    JOURNAL_FOLDER,
    JOURNAL_NAME,
    Entry,
    changes_of,
    journal_folder,
    read_entries,
    read_tail,
)
from app.storage.journal_place import set_aside_at
from app.storage.migrations.runner import SCHEMA_VERSION
from app.storage.place_state import recall
from app.storage.replay import Chain, Journals, last_action
from app.storage.second_place import all_backups

_HAVE_NAMES = frozenset({"child", "person", "staff", "supporter"})
# So many are named of one save, and so many of its rows are looked into for them.
_NAMED = 3
_LOOKED_INTO = 500


class Recovery(Struct, frozen=True):
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


class Saved(Struct, frozen=True):
    """One save that stands in a journal: when it was made (local ISO time), by whom, its words, and whom it was about.

    ``names`` are the first few; none for what no list shows (restricted tables).
    """

    uuid: str
    at: str
    who: str | None
    words: str
    names: tuple[str, ...] = ()


class Aside(Struct, frozen=True):
    """Saves that a ledger lacks and that only a journal holds which was set aside ``at`` (local ISO time).

    ``way`` brings them back in the place of what was saved since; None when no backup is there any more on which they
    follow: then they can only be read. ``saves`` in their order.
    """

    journal: Path
    at: str
    saves: tuple[Saved, ...]
    way: Recovery | None


def recoveries(path: Path, backup_folder: Path, *, clock: Clock, branches: bool = False) -> list[Recovery]:
    """Return every way back for the ledger at ``path``, the one that reaches furthest first.

    The file itself may be damaged or gone; it must not be open in this process. Reads the journals and the last line
    of each backup that they follow on; nothing is changed. A journal that cannot be read adds nothing. With
    ``branches`` also what only a journal that was set aside holds, last: whoever asks must hand ``branch`` on.
    """
    today = clock.today()
    known = recall(backup_folder, path)
    journals = _journals_of(backup_folder)
    backups = [
        backup
        for backup in all_backups(path, backup_folder, db_uuid=known.db_uuid if known else None)
        # What a newer version saved is no way back for this one.
        if backup.verified and backup.db_uuid and (backup.schema or 0) <= SCHEMA_VERSION
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


def set_aside_saves(
    path: Path,
    backup_folder: Path,
    *,
    db_uuid: str,
    holds: Callable[[str], bool],
    child_name: Callable[[int], str],
    clock: Clock,
) -> list[Aside]:
    """Return what journals that were set aside hold and the ledger at ``path`` lacks, the latest first.

    The ledger may be open: it is only asked, by ``holds``, whether an action (its uuid) is in it, and by
    ``child_name`` what the child with an id is called. Of what a verified backup holds to the end nothing is said: that
    backup is the way to it. Changes nothing.
    """
    there = sorted(journal_folder(backup_folder, db_uuid).glob(f"{ASIDE_STEM}*.jsonl"), reverse=True)
    lacking = [branch for branch in there if _lacks(branch, path, db_uuid, holds)]
    if not lacking:
        return []
    known = all_backups(path, backup_folder, db_uuid=db_uuid)
    backups = [backup for backup in known if backup.verified and backup.db_uuid == db_uuid]
    ends = {_end_of(backup.path) for backup in backups}
    found = []
    for branch in lacking:
        entries = _entries(branch)
        if entries and entries[-1].uuid not in ends:
            journals = Journals(backup_folder, db_uuid, branch=branch)
            ways = (_along(branch, backup, journals, clock.today()) for backup in backups)
            whom = _Whom(child_name)
            saves = tuple(
                Saved(one.uuid, one.at, one.who, one.words, whom.names(one))
                for one in entries
                if not holds(one.uuid)
            )
            found.append(Aside(branch, set_aside_at(branch), saves, next(filter(None, ways), None)))
    return found


class _Whom:
    """Whom saves were about. Children that a journal itself brings are known by it: another history has the same ids."""

    def __init__(self, child_name: Callable[[int], str]) -> None:
        self._child_name = child_name
        self._children: dict[int, str] = {}

    def names(self, entry: Entry) -> tuple[str, ...]:
        """Return the first few names in a save; none when it touches what no list shows, or cannot be read."""
        found: dict[str, None] = {}
        with suppress(OSError, ValueError, KeyError, TypeError, IndexError):
            for change in islice(changes_of(entry), _LOOKED_INTO):
                if change["table"] in RESTRICTED_TABLES:
                    return ()
                row = change.get("after") or change.get("before") or {}
                name = self._name_in(str(change["table"]), row)
                if name:
                    found[name] = None
        return tuple(found)[:_NAMED]

    def _name_in(self, table: str, row: Mapping[str, Any]) -> str:
        if table in _HAVE_NAMES:
            name = str(row.get("name") or "")
            if table == "child":
                self._children[int(row["id"])] = name
            return name
        child = row.get("child_id")
        return "" if child is None else self._children.get(int(child)) or self._child_name(int(child))


def _lacks(branch: Path, path: Path, db_uuid: str, holds: Callable[[str], bool]) -> bool:
    """Tell by its first and last line whether the last save of a journal is not in the ledger it belongs to."""
    with suppress(OSError, ValueError):
        tail = read_tail(branch)
        if tail is not None and tail.last is not None and tail.header.db_uuid == db_uuid:
            return not tail.header.is_of_another(path) and not holds(tail.action)
    return False


def _entries(branch: Path) -> list[Entry]:
    with suppress(OSError):
        found = read_entries(branch)
        return [] if found is None else found[1]
    return []


def _end_of(copy: Path) -> str:
    """Return the last action of a backup, by its uuid; "" for one that cannot be read."""
    with suppress(dbapi2.DatabaseError, OSError, ValueError, KeyError, TypeError):
        return last_action(copy)[1]
    return ""


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
    usual_way = {entry.uuid for entry in _chain(backup.path, backup.commit_no, usual).entries}
    if chain.entries and chain.entries[-1].uuid in usual_way:
        return None
    return _along(branch, backup, journals, today)


def _along(branch: Path, backup: Backup, journals: Journals, today: date) -> Recovery | None:
    """Return how a backup is carried on by a journal that was set aside; None when it does not follow on it."""
    chain = _chain(backup.path, backup.commit_no, journals)
    if not chain.entries or chain.entries[-1].journal != branch:
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


def _reach(found: Recovery) -> tuple[bool, str, str]:
    """Sort by how far a way reaches; what leads away from what she has gone on with comes last."""
    made_at = "" if found.backup is None else found.backup.made_at.isoformat()
    return found.branch is None, found.until or "", made_at


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
