"""体检: looks at a whole ledger on a private copy, and mends the copy where there is evidence for what is right.

The file itself is only read. Of an open ledger the pages are copied through its own connection (a second opener would
drop its locks), of a closed one byte by byte. What is found is told; nothing is put in place here (``repair`` does).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlcipher3 import dbapi2

from app.core.clock import Clock
from app.core.messages import fault
from app.core.paths import private_folder
from app.core.progress import Progress, no_progress
from app.storage.beside import journal_of, wal_of
from app.storage.check import Known, Unusable, check_size, copied_out, look
from app.storage.checkup_file import (
    Fresh,
    fresh_schema,
    is_whole,
    look_at_pages,
    make_anew,
    number_findings,
    objects_of,
    readings,
    schema_findings,
)
from app.storage.checkup_history import HistoryComparer
from app.storage.checkup_rows import (
    bin_findings,
    day_findings,
    left_findings,
    overlap_findings,
    suspects,
    text_findings,
    tolerant,
)
from app.storage.connection import is_open_here, primary_code, set_pragmas, uri_of
from app.storage.findings import BOOKKEEPING, Checkup, Finding, Kind, Severity, TableReading
from app.storage.mending import mend, taken_up
from app.storage.migrations.runner import SCHEMA_VERSION
from app.storage.row_owners import Owner, owners_of
from app.storage.snapshot import Facts, read_facts
from app.storage.store import Store
from app.storage.workroom import workroom

_STEPS = 5


class Examination(Struct, frozen=True):
    """A checkup with the private copy it was made on, mended as far as that goes; ``copy`` is gone after the block.

    ``owners`` tell whose the rows are, by the findings' keys.
    """

    checkup: Checkup
    copy: Path
    owners: Mapping[str, Owner]


def examine(
    source: Store | Path,
    *,
    clock: Clock,
    backups: Sequence[Path] = (),
    place: Known | None = None,
    progress: Progress = no_progress,
) -> Checkup:
    """Check a ledger in full and return what was found; see ``examined``."""
    with examined(source, clock=clock, backups=backups, place=place, progress=progress) as found:
        return found.checkup


@contextmanager
def examined(
    source: Store | Path,
    *,
    clock: Clock,
    backups: Sequence[Path] = (),
    accept: Collection[str] = (),
    by: str | None = None,
    place: Known | None = None,
    progress: Progress = no_progress,
) -> Iterator[Examination]:
    """Check a ledger on a private copy and mend the copy; give both for the block.

    ``source`` is the open store (on its own thread, outside any action) or a file that is not open in this process.
    ``backups`` are proved backups of the same ledger, the newest first: they are asked where row and history
    disagree. ``accept`` holds the keys of the offers to take up, ``by`` who said so. EnvironmentFault whose key is
    the state (missing, empty, not-ours, newer-schema, io-error, locked, resume) when there is nothing to look at.
    """
    with ExitStack() as resources:
        progress(0, _STEPS, "正在把数据拷到一边")
        try:
            copy, found = _private_copy(source, backups, place, resources)
        except Unusable as problem:
            path = source.path if isinstance(source, Store) else source
            raise problem.as_fault(path, place) from problem
        owners: dict[str, Owner] = {}
        if found is None:
            found = _Patient(copy, backups, progress).looked_at(clock, accept, by)
            owners = _owners(copy, found)
        yield Examination(found, copy, owners)


def _private_copy(
    source: Store | Path, backups: Sequence[Path], place: Known | None, resources: ExitStack
) -> tuple[Path, Checkup | None]:
    """Return the copy, and already the answer when the first bytes or the length settle it."""
    if isinstance(source, Store):
        copy = resources.enter_context(workroom(private_folder())) / "ledger.db"
        copy_pages(source, copy)
        return copy, None
    if is_open_here(source):
        raise RuntimeError("a ledger that is open in this process is examined through its store")
    try:
        header = look(source, place)
    except Unusable as found:
        if found.state != "corrupt":
            raise
        return source, _lost(found.code)
    copy = resources.enter_context(copied_out(source))
    try:
        if header.pages is not None and not journal_of(copy).exists() and not wal_of(copy).exists():
            check_size(copy, header.page_size, header.pages)
    except Unusable as found:
        # SQLite reads nothing of a file that is too short: what is missing stands as empty pages on the copy.
        with copy.open("r+b") as file:
            file.truncate(header.page_size * (header.pages or 0))
        return copy, replace(_lost(found.code), readings=_what_can_be_read(copy, header.schema, backups))
    return copy, None


def copy_pages(store: Store, copy: Path) -> None:
    """Copy every page of an open ledger as it is, damage and all, in one go: no write comes between.

    On the store's own thread. ``Unusable`` ``io-error`` when the disk does not give a page.
    """
    target = dbapi2.connect(uri_of(copy, "rwc"), uri=True, isolation_level=None)
    try:
        store.db.driver.backup(target)
    except dbapi2.DatabaseError as error:
        if primary_code(error) == "SQLITE_FULL":
            raise fault("storage.not_copied_out", code="FULL") from error
        raise Unusable("io-error", (primary_code(error) or "READ").removeprefix("SQLITE_")) from error
    finally:
        target.close()


def _lost(code: str | None) -> Checkup:
    return Checkup((Finding(Kind.PAGES, Severity.LOST),), code=code)


class _Patient:
    """The copy under examination."""

    def __init__(self, copy: Path, backups: Sequence[Path], progress: Progress) -> None:
        self._copy = copy
        self._backups = backups
        self._progress = progress

    def looked_at(self, clock: Clock, accept: Collection[str], by: str | None) -> Checkup:
        """Look at everything, mend what can be, look again."""
        schema = SCHEMA_VERSION
        try:
            connection = dbapi2.connect(uri_of(self._copy, "rw"), uri=True, isolation_level=None)
            try:
                set_pragmas(connection)
                connection.text_factory = tolerant
                (schema,) = connection.execute("PRAGMA user_version").fetchone()
                return self._examined(connection, fresh_schema(schema), clock, accept, by)
            finally:
                connection.close()
        except (
            dbapi2.DatabaseError,
            UnicodeDecodeError,
        ) as error:  # the driver cannot say a message with bad bytes
            code = primary_code(error)
            if code in ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_NOMEM"):
                raise fault("storage.not_copied_out", code=code.removeprefix("SQLITE_")) from error
            # Pages that cannot be followed raise in the middle of reading.
            found = _lost((code or "INTEGRITY").removeprefix("SQLITE_"))
            return replace(found, readings=_what_can_be_read(self._copy, schema, self._backups))

    def _examined(
        self, connection: Any, fresh: Fresh, clock: Clock, accept: Collection[str], by: str | None
    ) -> Checkup:
        self._progress(1, _STEPS, "正在看每一页、每个目录")
        pages = look_at_pages(connection)
        if pages.is_lost:
            raise dbapi2.DatabaseError("pages are lost")
        schema = schema_findings(connection, fresh)
        if any(finding.severity is Severity.LOST for finding in schema):
            return Checkup((*pages.findings, *schema), code="SCHEMA")
        day = clock.today().isoformat()
        facts = read_facts(connection, day=day)
        rows = self._rows(connection, fresh, pages.rule_tables)
        findings = [*pages.findings, *schema, *number_findings(connection), *rows]
        work = taken_up(findings, accept)
        if work:
            self._progress(3, _STEPS, "正在副本上修")
            make_anew(connection, fresh, work)
            mend(connection, work, at=clock.now().isoformat(timespec="seconds"), by=by)
        self._progress(4, _STEPS, "正在核对副本")
        left = left_findings(connection, pages.rule_tables)
        known = {(finding.table, finding.row_id) for finding in left}
        # A row that a damaged field leads astray stands there once, with the graver word.
        findings = [f for f in findings if (f.table, f.row_id) not in known or f.severity is Severity.MENDED]
        is_mended = bool(work) and not left
        if is_mended:
            self._prove(connection, fresh, work, facts, day)
        return Checkup((*findings, *left), facts, is_mended=is_mended)

    def _rows(self, connection: Any, fresh: Fresh, rule_tables: Sequence[str]) -> list[Finding]:
        self._progress(2, _STEPS, "正在逐条核对记录")
        tables = fresh.history_tables()
        compared = HistoryComparer(connection, suspects(connection, rule_tables), self._backups)
        against_history = compared.findings(tables)
        told = {(finding.table, finding.row_id, finding.column) for finding in against_history}
        others = [
            *text_findings(connection),
            *overlap_findings(connection, tables),
            *day_findings(connection, tables),
            *bin_findings(connection, tables),
        ]
        return [
            *against_history,
            *(finding for finding in others if (finding.table, finding.row_id, finding.column) not in told),
        ]

    def _prove(self, connection: Any, fresh: Fresh, work: Sequence[Finding], before: Facts, day: str) -> None:
        """Look at the mended copy as at any ledger; ValueError when it is not what was promised (a bug)."""
        if not is_whole(connection):
            raise ValueError("the mended copy is not whole")
        present = objects_of(connection)
        if any(present.get(key) != sql for key, sql in fresh.objects.items()):
            raise ValueError("the mended copy has not the schema of its version")
        after = read_facts(connection, day=day)
        back: dict[str, int] = {}
        for finding in work:
            if finding.kind is Kind.GONE:
                back[finding.table] = back.get(finding.table, 0) + 1
        for table, count in before.counts.items():
            if table not in BOOKKEEPING and after.counts.get(table) != count + back.get(table, 0):
                raise ValueError(f"the mended copy has another number of rows in {table}")
        taken = {finding.key for finding in work if finding.kind is not Kind.HISTORY}
        again = {f.key for f in self._rows(connection, fresh, ()) if f.kind is not Kind.HISTORY}
        if taken & again:
            raise ValueError("the mended copy still has what was mended")


def _owners(copy: Path, checkup: Checkup) -> dict[str, Owner]:
    """Ask the copy as it is now whose the rows are: names are mended by then; of a file with lost pages nobody's."""
    if checkup.facts is None:
        return {}
    connection = dbapi2.connect(uri_of(copy, "ro", immutable=True), uri=True)
    try:
        connection.text_factory = tolerant
        return owners_of(connection, checkup.findings)
    finally:
        connection.close()


def _what_can_be_read(copy: Path, schema: int, backups: Sequence[Path]) -> tuple[TableReading, ...]:
    """Count what can be read per table of the school; nothing when not even the list of tables can be."""
    expected = _counts_of(backups)
    try:
        tables = [table for table in fresh_schema(schema).tables() if table not in BOOKKEEPING]
        connection = dbapi2.connect(uri_of(copy, "ro", immutable=True), uri=True)
        try:
            connection.text_factory = tolerant
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return readings(connection, [name for name in tables if not name.startswith("sqlite_")], expected)
        finally:
            connection.close()
    except (dbapi2.DatabaseError, UnicodeDecodeError):
        return ()


def _counts_of(backups: Sequence[Path]) -> dict[str, int]:
    """Return the rows per table in the newest backup that can be read; {} without one."""
    for backup in backups:
        try:
            connection = dbapi2.connect(uri_of(backup, "ro", immutable=True), uri=True)
            try:
                return dict(read_facts(connection, day=None).counts)
            finally:
                connection.close()
        except (dbapi2.DatabaseError, KeyError, ValueError, TypeError):
            continue
    return {}
