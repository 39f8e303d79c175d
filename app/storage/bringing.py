"""Finding and proving what a restore is to put in place: a backup, as it is or carried further by the journal."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from errno import errorcode
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from sqlcipher3 import dbapi2

from app.core.clock import Clock
from app.core.errors import Cancelled, ShouwangError
from app.core.files import sha256_of
from app.core.messages import fault, refuse
from app.core.progress import Progress
from app.storage.beside import journal_of
from app.storage.check import Unusable
from app.storage.connection import is_given_whole, primary_code
from app.storage.container import is_container
from app.storage.copy import INNER_LEDGER, open_container, unreadable_words, verify_file
from app.storage.journal_lines import is_journal, read_tail
from app.storage.medium import Place, faults_of
from app.storage.opening import write_empty_ledger
from app.storage.replay import Journals, Replayed, last_action, replay
from app.storage.snapshot import Facts, inspect_ledger, settled

# What SQLite calls a page that a disk does not give (IOERR_CORRUPTFS comes out as CORRUPT).
_NOT_GIVEN = frozenset({"SQLITE_IOERR", "SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_CANTOPEN"})


class Source(Struct, frozen=True):
    """The proved ledger to put in place. ``journal`` is what the journal added, None when it was not asked."""

    path: Path
    facts: Facts
    sha256: str
    size: int
    journal: Replayed | None = None


@contextmanager
def read_from(backup: Path) -> Iterator[None]:
    """Around work that reads a copy which was sound a moment ago: UserError ``restore.not_sound`` once it is gone.

    Its stick was pulled. Neither the copy is damaged then, nor the passphrase wrong, nor this computer's disk to blame.
    """
    try:
        yield
    except Cancelled:
        raise
    except (ShouwangError, Unusable, OSError, dbapi2.DatabaseError) as error:
        is_unread = (
            error.state == "io-error"
            if isinstance(error, Unusable)
            # Its pages were proved a moment ago: they were not given, even where the stick gives them again by now.
            else isinstance(error, dbapi2.DatabaseError) and primary_code(error) in _NOT_GIVEN
        )
        if is_unread or not is_given_whole(backup):
            raise refuse("restore.not_sound", why=unreadable_words()) from error
        if isinstance(error, Unusable):
            raise refuse("restore.not_sound", why=fault("verify.corrupt")) from error
        raise


class Bringing(Struct, frozen=True):
    """Finds and proves what is to be put in place; works in a private ``room``.

    ``journal_folder`` is the backup folder whose journal is asked, ``branch`` one that was set aside and is meant.
    """

    room: Path
    journal_folder: Path
    branch: Path | None
    passphrase: str | None
    clock: Clock
    progress: Progress

    def sound(self, backup: Path, *, unproved: bool) -> Source:
        """Return the ledger in ``backup``; UserError when it is not sound, or nothing proves it and none said so."""
        found = verify_file(backup, passphrase=self.passphrase, progress=self.progress)
        if not found.ok or journal_of(backup).exists():
            raise refuse("restore.not_sound", why=found.message)
        if found.manifest is None and not unproved:
            raise refuse("restore.unproved")
        ledger = backup
        with read_from(backup), faults_of(Place.COMPUTER):
            if is_container(backup):
                open_container(backup, self.room, passphrase=self.passphrase)
                ledger = self.room / INNER_LEDGER
            return self._source(ledger)

    def nothing(self, journal: Path) -> Source:
        """Return a ledger without any save, for a journal that begins with the first one to fill it."""
        try:
            tail = read_tail(journal)
        except (OSError, ValueError) as error:
            raise fault("restore.no_journal") from error
        if tail is None or tail.header.base_commit:
            raise refuse("restore.not_sound", why="这份日志不是从第一次保存开始的。")
        empty = self.room / "empty.db"
        with faults_of(Place.COMPUTER):
            write_empty_ledger(empty, tail.header.db_uuid, tail.header.started_at)
        return self._source(empty)

    def present(self, path: Path) -> Source:
        """Return a private copy of the ledger as it lies there; the fault of its state when it is not sound."""
        copy = self.room / "present.db"
        try:
            with settled(path) as ledger, faults_of(Place.COMPUTER):
                shutil.copyfile(ledger, copy)
            return self._source(copy)
        except Unusable as found:
            raise found.as_fault(path, None) from found

    def again(self, backup: Path, path: Path, *, with_journal: bool) -> Source:
        """Return what an interrupted restore was about to put in place; she has agreed to it then."""
        if is_journal(backup):
            source = self.nothing(backup)
        elif path.exists() and path.samefile(backup):
            source = self.present(path)
        else:
            source = self.sound(backup, unproved=True)
        return self.carried_further(source) if with_journal else source

    def carried_further(self, source: Source) -> Source:
        """Return a private copy of ``source`` with the saves after it added from its journal, proved again."""
        with read_from(source.path):
            return self._carried_further(source)

    def _carried_further(self, source: Source) -> Source:
        try:
            db_uuid, action, number = last_action(source.path)
            chain = Journals(self.journal_folder, db_uuid, branch=self.branch).chain(action, number)
            if not chain.entries:
                return replace(source, journal=Replayed(0, None, chain.lost, chain.why))
            copy = self.room / "carried.db"
            with faults_of(Place.COMPUTER):
                shutil.copyfile(source.path, copy)
            done = replay(copy, chain, progress=self.progress)
            return replace(self._source(copy), journal=done)
        except OSError as error:
            raise fault("restore.no_journal", code=errorcode.get(error.errno or 0)) from error
        except (Unusable, ValueError) as error:
            raise fault("restore.no_journal", code="REPLAY") from error

    def _source(self, ledger: Path) -> Source:
        day = self.clock.today().isoformat()
        return Source(ledger, inspect_ledger(ledger, day=day), sha256_of(ledger), ledger.stat().st_size)
