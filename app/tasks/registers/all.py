"""Every register of a period at once, into one folder: what an inspection asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.core.changes import Changes
from app.core.messages import refuse
from app.core.progress import Progress, no_progress
from app.diary.queries import RecordFilters, count_records
from app.school.codes import Profile
from app.storage.store import Store
from app.tasks.dropout import export_dropout_book
from app.tasks.registers.making import Wanted, export_register, export_sheets, refuse_span


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """One file of the folder: what it is in words, how many records it holds, and its entry in the log."""

    path: Path
    words: str
    records: int
    changes: Changes


def export_registers(
    store: Store,
    folder: Path,
    *,
    since: date,
    until: date,
    profile: Profile = Profile.MASKED,
    reason: str | None = None,
    by: str | None = None,
    progress: Progress = no_progress,
) -> tuple[WrittenFile, ...]:
    """Write the registers of a period (both days count) into ``folder``; each file is logged.

    The sheets of the children are left out of a period without any record; the dropout ledgers, which are signed for a
    day, go no further than today. UserError ``register.days``, ``register.not_yet``, ``register.no_folder``,
    ``export.…``, ``file.…``; what was written before a fault stays, and is logged.
    """
    today = store.clock.today()
    if since > today:
        raise refuse("register.not_yet", day=since.isoformat())
    refuse_span(since, until)
    if not folder.is_dir():
        raise refuse("register.no_folder", name=folder.name)
    wanted = Wanted(since, until)
    has_records = count_records(store, RecordFilters(since=since.isoformat(), until=until.isoformat()))
    jobs: list[Callable[[], WrittenFile]] = [
        lambda: _register(store, folder, wanted, profile, reason, by, progress),
        lambda: _dropout(store, folder, Wanted(since, min(until, today)), profile, reason, by, progress),
    ]
    if has_records:
        jobs.append(lambda: _sheets(store, folder, wanted, by, progress))
    return tuple(job() for job in jobs)


def _file(folder: Path, words: str, wanted: Wanted, ending: str) -> Path:
    return folder / f"{words}_{wanted.since.isoformat()}_{wanted.until.isoformat()}{ending}"


def _register(
    store: Store,
    folder: Path,
    wanted: Wanted,
    profile: Profile,
    reason: str | None,
    by: str | None,
    progress: Progress,
) -> WrittenFile:
    out = _file(folder, "关爱记录登记册", wanted, ".xlsx")
    made = export_register(store, out, wanted, profile=profile, reason=reason, by=by, progress=progress)
    return WrittenFile(out, "关爱记录登记册", made.records, made.changes)


def _dropout(
    store: Store,
    folder: Path,
    wanted: Wanted,
    profile: Profile,
    reason: str | None,
    by: str | None,
    progress: Progress,
) -> WrittenFile:
    out = _file(folder, "控辍保学台账", wanted, ".xlsx")
    made = export_dropout_book(
        store,
        out,
        since=wanted.since,
        until=wanted.until,
        profile=profile,
        reason=reason,
        by=by,
        progress=progress,
    )
    return WrittenFile(out, "控辍保学台账", made.rows, made.changes)


def _sheets(store: Store, folder: Path, wanted: Wanted, by: str | None, progress: Progress) -> WrittenFile:
    out = _file(folder, "关爱记录表", wanted, ".pdf")
    made, _ = export_sheets(store, out, wanted, by=by, progress=progress)
    return WrittenFile(out, "关爱记录表", made.records, made.changes)
