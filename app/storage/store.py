"""The open ledger file: reads, and writes as actions that leave a history."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import peewee

from app.core.clock import Clock
from app.core.errors import EnvironmentFault
from app.core.messages import fault
from app.core.progress import Progress, no_progress
from app.storage.action import Action
from app.storage.base import new_uuid
from app.storage.check import Known
from app.storage.connection import LedgerDatabase, Params
from app.storage.journal import Journal

# After these a connection is not to be trusted any more; after a mere lock or a refusal it is.
_LOSES_CONNECTION = frozenset(
    {
        "storage.full",
        "storage.io_write",
        "storage.io_read",
        "storage.corrupt",
        "storage.cannot_open",
        "storage.changed_elsewhere",
    }
)


class Store:
    """One ledger file, opened; ``app.storage.opening`` does the opening behind ``create`` and ``open``.

    Belongs to the thread that opened it. ``was_clean`` tells whether the last session ended
    with ``close``; ``resources`` are given back by ``close`` (lock, private copy). ``journal`` follows
    every save of a ledger that is open for writing; None when it is only read, and in a second copy
    that lies beside the ledger whose journal it is. ``is_older``: what is read is a private copy of a
    file in an older format, brought to today's.
    """

    def __init__(
        self,
        path: Path,
        db: LedgerDatabase,
        *,
        clock: Clock,
        read_only: bool,
        was_clean: bool,
        resources: ExitStack,
        journal: Journal | None = None,
        is_older: bool = False,
    ) -> None:
        self.path = path
        self.db = db
        self.clock = clock
        self.read_only = read_only
        self.was_clean = was_clean
        self.journal = journal
        self.is_older = is_older
        self._resources = resources
        self._action: Action | None = None

    @classmethod
    def create(cls, path: Path, *, clock: Clock, backup_folder: Path | None = None) -> Self:
        """Make a new, empty ledger at ``path`` and open it; the only way a ledger file comes to be.

        EnvironmentFault ``storage.exists`` when there is a file already, ``storage.network_path``
        when it would not lie on this computer. The caller writes the school into it. The journal
        lies in ``backup_folder``: the one that belongs to the ledger unless another is given.
        """
        from app.storage.opening import create_store

        return create_store(cls, path, clock=clock, backup_folder=backup_folder)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        clock: Clock,
        read_only: bool = False,
        verify: bool = True,
        place: Known | None = None,
        backup_folder: Path | None = None,
        as_it_is: bool = False,
        progress: Progress = no_progress,
        older_too: bool = False,
    ) -> Self:
        """Open an existing ledger, or raise the EnvironmentFault whose ``key`` is the state it is in.

        Writing takes the single-instance lock (``storage.in_use``). Reading takes none and
        works beside an open window; a file left with a hot journal is read as a private copy.
        ``verify=False`` leaves the look through the pages to ``opening.verify_open``, which the
        window runs after it has been painted. A file that lacks saves which its journal (in
        ``backup_folder``, its own unless another is given) holds is refused as ``older-content``, and
        one older than what this computer remembers of its usual ledger (``place``) too. ``as_it_is``
        takes it all the same, when she has said so: the journal is then set aside for a month.
        A file of an older format is refused (``older-schema``). A proved copy is read all the same, and with
        ``older_too`` any that is only read: as a private copy brought to today's format.
        ``progress`` is told how far the look at a copy is that a hot journal or an older format asks for, and nothing else.
        """
        from app.storage.opening import How, open_store

        how = How(read_only, verify, place, backup_folder, as_it_is, progress, older_too)
        return open_store(cls, path, clock=clock, how=how)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ---- reading ---------------------------------------------------------------------------------------------------

    def rows(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        found: list[tuple[Any, ...]] = self.db.execute_sql(sql, params).fetchall()
        return found

    def one(self, sql: str, params: Params = ()) -> tuple[Any, ...] | None:
        """Return the first row of a query, None when it has none."""
        found: tuple[Any, ...] | None = self.db.execute_sql(sql, params).fetchone()
        return found

    def meta(self, key: str) -> str | int | None:
        """Return one fact about the file (see ``tables.Meta``), None when it is not recorded."""
        found = self.one("SELECT value FROM meta WHERE key = ?", (key,))
        return None if found is None else found[0]

    @property
    def commit_no(self) -> int:
        """The number of the last saved action; 0 in a new file. Order comes from it, never from a clock."""
        return int(self.meta("commit_no") or 0)

    @property
    def db_uuid(self) -> str:
        """The name of this ledger: the same in all its copies, different for every school and demo."""
        return str(self.meta("db_uuid"))

    @property
    def journal_fault(self) -> EnvironmentFault | None:
        """What keeps the last saves from being in the journal too (``journal.not_written``); None when nothing does.

        They are in the database, and the journal is completed by the next save that can write it.
        """
        return None if self.journal is None else self.journal.fault

    # ---- writing ---------------------------------------------------------------------------------------------------

    @contextmanager
    def action(
        self, words: str, *, kind: str, by: str | None = None, partial: bool = False
    ) -> Iterator[Action]:
        """Write everything in the block as one transaction, or nothing.

        ``words`` say in Chinese what was done, ``kind`` is a short code (``import``,
        ``child.edit`` …), ``by`` who is entering. An action that wrote nothing leaves no trace.
        ``partial`` (always so for ``import``): undoing it may keep rows that were changed later.
        When the block has ended without an error, the writes are on the disk, and in the journal
        too unless ``journal_fault`` says otherwise. EnvironmentFault ``storage.…`` when the disk
        did not take them; then nothing of it was saved.
        """
        with self._transaction(words, kind, by, partial=partial or kind == "import", keep=True) as action:
            yield action

    @contextmanager
    def rehearsal(self, words: str) -> Iterator[Action]:
        """Like ``action``, but everything is taken back at the end of the block: a dry run is the real run."""
        with self._transaction(words, "rehearsal", None, partial=False, keep=False) as action:
            yield action

    def close(self) -> None:
        """Close the file, marked as cleanly left, and give the lock back; harmless when it is closed."""
        if self._action is not None:
            raise RuntimeError("the store cannot be closed inside an action")
        with self._resources:
            if self.db.is_closed():
                return
            try:
                if not self.read_only:
                    # Everything is saved already; without this mark the next start only looks closer.
                    with suppress(EnvironmentFault):
                        self.db.execute_sql("UPDATE meta SET value = 1 WHERE key = 'clean_exit'")
            finally:
                self.db.close()

    @contextmanager
    def _transaction(
        self, words: str, kind: str, by: str | None, *, partial: bool, keep: bool
    ) -> Iterator[Action]:
        if self.read_only:
            raise fault("storage.read_only")
        if self._action is not None:
            raise RuntimeError("an action is already under way")
        action: Action | None = None
        self.db.writing = True
        try:
            self.db.execute_sql("BEGIN IMMEDIATE")
            action = self._action = self._begin(words, kind, by, partial=partial)
            yield action
            is_saved = keep and self._is_written(action)
            if is_saved:
                self._commit(action)
            else:
                self.db.execute_sql("ROLLBACK")
        except BaseException as error:
            self._give_up(error)
            if isinstance(error, EnvironmentFault) and action is not None and self._is_saved(action):
                self._write_down()
                raise fault("storage.io_unsure", code=error.code) from error
            raise
        finally:
            self._action = None
            self.db.writing = False
        if is_saved:
            self._write_down()

    def _write_down(self) -> None:
        """Let the journal follow; it keeps its own faults, for what is in the database is saved."""
        if self.journal is not None:
            self.journal.append()

    def _begin(self, words: str, kind: str, by: str | None, *, partial: bool) -> Action:
        uuid, at = new_uuid(), self.clock.now().isoformat(timespec="seconds")
        cursor = self.db.execute_sql(
            "INSERT INTO action (uuid, at, who, kind, words, partial) VALUES (?, ?, ?, ?, ?, ?)",
            (uuid, at, by, kind, words, int(partial)),
        )
        self.db.execute_sql("INSERT INTO current_action (one, action_id) VALUES (1, ?)", (cursor.lastrowid,))
        return Action(self.db, id=cursor.lastrowid, uuid=uuid, at=at, words=words)

    def _is_written(self, action: Action) -> bool:
        return (
            bool(action.touched)
            or self.one("SELECT 1 FROM change WHERE action_id = ? LIMIT 1", (action.id,)) is not None
        )

    def _commit(self, action: Action) -> None:
        number = self.commit_no + 1
        self.db.execute_sql("DELETE FROM current_action")
        self.db.execute_sql("UPDATE meta SET value = ? WHERE key = 'commit_no'", (number,))
        self.db.execute_sql(
            "UPDATE action SET commit_no = ?, words = ? WHERE id = ?", (number, action.words, action.id)
        )
        self.db.execute_sql("COMMIT")

    def _give_up(self, error: BaseException) -> None:
        """Take the transaction back; after a fault of the disk also the connection, whose state is not known any more."""
        if not self.db.is_closed() and self.db.driver.in_transaction:
            with suppress(peewee.DatabaseError, EnvironmentFault):
                self.db.execute_sql("ROLLBACK")
        if isinstance(error, EnvironmentFault) and error.key in _LOSES_CONNECTION:
            self.db.reconnect()

    def _is_saved(self, action: Action) -> bool:
        """Tell whether the action is in the file although its commit ended in an error (power of the last fsync)."""
        with suppress(EnvironmentFault):
            return self.one("SELECT 1 FROM action WHERE uuid = ?", (action.uuid,)) is not None
        return False
