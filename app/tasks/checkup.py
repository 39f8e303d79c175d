"""体检, as the window, the start screen and the command line use it: look, list, put the mended copy in place."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from app.core.changes import Changes
from app.core.clock import Clock
from app.core.errors import ShouwangError
from app.core.files import check_target, gone_unless_done, sha256_of
from app.core.progress import Progress, no_progress
from app.paper.printing import PrintResult, PrintStamp
from app.school.codes import HandoverKind, Profile
from app.school.handover import log_handover
from app.school.queries import all_classes, school_profile
from app.storage.backups import known_place, list_backups
from app.storage.check import Known, Unusable
from app.storage.checkup import Examination, copy_pages, examined
from app.storage.data_place import backup_folder_for
from app.storage.findings import Checkup, Finding, Severity
from app.storage.repair import RepairDone
from app.storage.repair import use_repaired as put_in_place
from app.storage.store import Store
from app.tasks.checkup_words import (
    CAPTIONS,
    IF_LOST,
    ON_PAPER,
    compared_words,
    head_words,
    problem_words,
    reading_words,
    todo_words,
    what,
    whose,
)

TITLE = "数据体检清单"


class CheckupLine(Struct, frozen=True):
    """One finding in words. ``key`` names it (to accept an offer); ``compared`` holds both sides; ``child_uuid`` is
    whose file to open, "" for none.
    """

    key: str
    severity: Severity
    whose: str
    what: str
    problem: str
    compared: str
    todo: str
    child_uuid: str

    @property
    def can_accept(self) -> bool:
        """Whether it is mended only when she says so."""
        return self.severity is Severity.OFFERED


class CheckupReport(Struct, frozen=True):
    """A checkup in words. ``at`` is when it was made; ``lines`` the gravest first; ``notes`` what else is to be known."""

    path: Path
    at: datetime
    school: str
    checkup: Checkup
    head: str
    notes: tuple[str, ...]
    lines: tuple[CheckupLine, ...]

    @property
    def can_use_repaired(self) -> bool:
        """Whether there is a mended copy to put in place, without any offer taken up."""
        return self.checkup.is_mended

    @property
    def is_lost(self) -> bool:
        """Whether only a backup helps."""
        return self.checkup.is_lost

    @property
    def is_clean(self) -> bool:
        """Whether nothing at all was found."""
        return not self.lines

    def groups(self) -> list[tuple[str, tuple[CheckupLine, ...]]]:
        """Return the lines under their heads, the gravest first; empty groups are left out."""
        captions = {**CAPTIONS, **(IF_LOST if self.is_lost else {})}
        found = [
            (caption, tuple(line for line in self.lines if line.severity is severity))
            for severity, caption in captions.items()
        ]
        return [(caption, lines) for caption, lines in found if lines]


def checkup(
    source: Store | Path,
    *,
    clock: Clock,
    backup_folder: Path | None = None,
    place: Known | None = None,
    of: Path | None = None,
    progress: Progress = no_progress,
) -> CheckupReport:
    """Examine a ledger in full on a private copy and tell what was found; the file is only read.

    ``source`` is the open store (on its own thread) or a file that is not open in this process. The proved backups in
    ``backup_folder`` (its own unless another is given) are asked where a row and its history disagree.
    ``of`` is the ledger of which ``source`` is a private copy (``copy_aside``). EnvironmentFault whose key is the state
    when there is nothing to examine (missing, empty, io-error, locked …).
    """
    path = of or (source.path if isinstance(source, Store) else source.absolute())
    folder = backup_folder or backup_folder_for(path)
    place = place or known_place(path, folder)
    backups = _backups(folder, place)
    with examined(source, clock=clock, backups=backups, place=place, progress=progress) as found:
        return _report(path, found, clock)


def copy_aside(store: Store, copy: Path) -> Path:
    """Copy an open ledger page by page to ``copy`` in a private room, to be examined while the ledger is used on."""
    try:
        copy_pages(store, copy)
    except Unusable as found:
        raise found.as_fault(store.path, None) from found
    return copy


def use_repaired(
    path: Path,
    report: CheckupReport,
    *,
    clock: Clock,
    backup_folder: Path | None = None,
    accept: Collection[str] = (),
    by: str | None = None,
    progress: Progress = no_progress,
) -> RepairDone:
    """Put the mended copy in place of a ledger that nobody has open; ``accept`` are the keys of the offers taken up.

    See ``app.storage.repair.use_repaired`` for what is refused. On any error the old file is in its place.
    """
    folder = backup_folder or backup_folder_for(path)
    return put_in_place(
        path,
        report.checkup,
        clock=clock,
        backup_folder=folder,
        backups=_backups(folder, known_place(path, folder)),
        accept=accept,
        by=by,
        progress=progress,
    )


def write_checkup_list(report: CheckupReport, out: Path) -> PrintResult:
    """Write the list as an A4 PDF. UserError ``file.…`` when ``out`` is no place for one."""
    from app.paper.checkup_sheet import CheckupSheet, SheetGroup, SheetLine, render_checkup

    check_target(out, ".pdf", sources=(report.path,))
    facts = report.checkup.facts
    groups = tuple(
        SheetGroup(
            caption,
            _asked(report, lines[0].severity),
            tuple(SheetLine(_on_paper(x.whose), x.what, _on_paper(_problem(x))) for x in lines),
        )
        for caption, lines in report.groups()
    )
    sheet = CheckupSheet(
        title=TITLE,
        school=report.school,
        file_name=report.path.name,
        children=None if facts is None else facts.children,
        records=None if facts is None else report.checkup.records,
        head=report.head,
        notes=report.notes,
        groups=groups,
    )
    moment = report.at.strftime("%Y-%m-%d %H:%M")
    stamp = PrintStamp(
        printed_at=moment,
        commit_no=0 if facts is None else facts.commit_no,
        as_of=report.at.date().isoformat(),
    )
    return render_checkup(sheet, out, stamp=stamp)


def log_checkup_list(
    store: Store,
    report: CheckupReport,
    *,
    kind: HandoverKind,
    file_name: str | None = None,
    sha256: str | None = None,
    by: str | None = None,
) -> Changes:
    """Write down that the list, which names children and holds whole numbers, was printed or saved."""
    return log_handover(
        store,
        kind=kind,
        content=TITLE,
        people=len({line.child_uuid for line in report.lines if line.child_uuid}),
        profile=Profile.FULL,
        file_name=file_name,
        sha256=sha256,
        by=by,
    )


def save_checkup_list(store: Store, report: CheckupReport, out: Path, *, by: str | None = None) -> Changes:
    """Write the list as PDF at ``out`` and log it."""
    write_checkup_list(report, out)
    with gone_unless_done(out):
        return log_checkup_list(
            store, report, kind=HandoverKind.PDF, file_name=out.name, sha256=sha256_of(out), by=by
        )


def as_plain(report: CheckupReport) -> dict[str, Any]:
    """Return a report as plain values, for ``--json``."""
    facts = report.checkup.facts
    return {
        "path": str(report.path),
        "clean": report.is_clean,
        "lost": report.is_lost,
        "mended": report.can_use_repaired,
        "message": report.head,
        "code": report.checkup.code,
        "children": None if facts is None else facts.children,
        "records": None if facts is None else report.checkup.records,
        "commit_no": None if facts is None else facts.commit_no,
        "findings": [
            {
                "kind": str(finding.kind),
                "severity": str(finding.severity),
                "table": finding.table,
                "uuid": finding.row_uuid,
                "column": finding.column,
            }
            for finding in report.checkup.findings
        ],
        "readings": [
            {"table": reading.table, "readable": reading.readable, "expected": reading.expected}
            for reading in report.checkup.readings
            if not reading.is_whole
        ],
    }


def _asked(report: CheckupReport, severity: Severity) -> str:
    """Return what the paper asks to be done; of a file that needs a backup nothing else is asked."""
    return "" if report.is_lost and severity is not Severity.LOST else ON_PAPER.get(severity, "")


def _problem(line: CheckupLine) -> str:
    return f"{line.problem}。{line.compared}" if line.compared else line.problem


def _on_paper(words: str) -> str:
    """Return words with the mark for a byte that is no text as our paper shows what it cannot print."""
    return words.replace("\ufffd", "〓")


def _backups(folder: Path, place: Known | None) -> list[Path]:
    """Return the proved backups, the newest first; where this computer knows whose they are, only those."""
    found = list_backups(folder, db_uuid=None if place is None else place.db_uuid)
    return [backup.path for backup in found if backup.verified]


def _report(path: Path, found: Examination, clock: Clock) -> CheckupReport:
    school, classes = _school_of(found, clock)
    order = list(CAPTIONS)
    lines = [_line(finding, found, classes) for finding in found.checkup.findings]
    readings = found.checkup.readings
    notes = [reading_words(reading) for reading in readings if not reading.is_whole]
    if readings and notes:
        notes.append("读得出的不会单独拼成一份数据：少掉的那些会看不出来。请选一份备份恢复。")
    return CheckupReport(
        path=path,
        at=clock.now(),
        school=school,
        checkup=found.checkup,
        head=head_words(found.checkup),
        notes=tuple(notes),
        lines=tuple(sorted(lines, key=lambda line: order.index(line.severity))),
    )


def _line(finding: Finding, found: Examination, classes: dict[int, str]) -> CheckupLine:
    owner = found.owners.get(finding.key)
    return CheckupLine(
        key=finding.key,
        severity=finding.severity,
        whose=whose(finding, owner, classes),
        what=what(finding),
        problem=problem_words(finding),
        compared=compared_words(finding),
        todo=_todo(finding, found.checkup),
        child_uuid=owner.children[0].uuid if owner is not None and owner.children else "",
    )


def _todo(finding: Finding, checkup: Checkup) -> str:
    return "" if checkup.is_lost and finding.severity is not Severity.LOST else todo_words(finding)


def _school_of(found: Examination, clock: Clock) -> tuple[str, dict[int, str]]:
    """Return the school's name and the names of its classes, out of the copy; nothing where that cannot be read."""
    if found.checkup.facts is None:
        return "", {}
    # The names only help to find a paper file: what is damaged there does not stop the checkup.
    with (
        suppress(ShouwangError, ValueError, LookupError, TypeError),
        Store.open(found.copy, clock=clock, read_only=True, verify=False) as store,
    ):
        profile = school_profile(store)
        classes = {cls.id: cls.name for cls in all_classes(store, clock.today())}
        return (profile.name if profile else ""), classes
    return "", {}
