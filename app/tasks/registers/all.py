"""Every register of a period at once, into one folder: what an inspection asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.core.changes import Changes
from app.core.errors import Cancelled, ShouwangError
from app.core.messages import refuse
from app.core.progress import Progress, no_progress
from app.diary.queries import RecordFilters, count_records
from app.school.codes import Profile
from app.storage.store import Store
from app.tasks.dropout import export_dropout_book
from app.tasks.pairing_roster import export_roster
from app.tasks.registers.making import Wanted, export_register, export_sheets, refuse_span
from app.tasks.registers.meetings import export_meetings


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
    ``export.…``, ``file.…``; what was written before a fault stays, is logged, and is named in the fault.
    """
    today = store.clock.today()
    if since > today:
        raise refuse("register.not_yet", day=since.isoformat())
    refuse_span(since, until)
    if not folder.is_dir():
        raise refuse("register.no_folder", name=folder.name)
    work = _Folder(store, folder, Wanted(since, until), profile, reason, by, progress)
    jobs = [work.roster, work.records, work.meetings, work.dropout]
    if count_records(store, RecordFilters(since=since.isoformat(), until=until.isoformat())):
        jobs.append(work.sheets)
    written: list[WrittenFile] = []
    for job in jobs:
        try:
            written.append(job())
        except ShouwangError as error:
            raise _with_word_of(written, error) from error
    return tuple(written)


def _with_word_of(written: Sequence[WrittenFile], error: ShouwangError) -> ShouwangError:
    """Return the error with what was written before it: those files are whole and stay."""
    if not written:
        return error
    told = "、".join(one.path.name for one in written)
    words = f"前 {len(written)} 个已经写好、记入移交：{told}；别的没有写。"
    if isinstance(error, Cancelled):
        return Cancelled(f"停下了。{words}")
    return type(error)(
        error.key,
        error.what,
        words,
        error.todo,
        code=error.code,
        buttons=error.buttons,
        brief=error.brief,
    )


@dataclass(frozen=True, slots=True)
class _Folder:
    """What is written into, for which days, and how."""

    store: Store
    folder: Path
    wanted: Wanted
    profile: Profile
    reason: str | None
    by: str | None
    progress: Progress

    def roster(self) -> WrittenFile:
        """Write who looks after whom, as of the last day that has come."""
        out = self._file("结对帮扶花名册", ".xlsx")
        made = export_roster(
            self.store,
            out,
            day=self._last,
            profile=self.profile,
            reason=self.reason,
            by=self.by,
            progress=self.progress,
        )
        return WrittenFile(out, "结对帮扶花名册", made.pairs, made.changes)

    def records(self) -> WrittenFile:
        """Write the records by kind."""
        out = self._file("关爱记录登记册", ".xlsx")
        made = export_register(
            self.store,
            out,
            self.wanted,
            profile=self.profile,
            reason=self.reason,
            by=self.by,
            progress=self.progress,
        )
        return WrittenFile(out, "关爱记录登记册", made.records, made.changes)

    def meetings(self) -> WrittenFile:
        """Write the meetings with who came."""
        out = self._file("会议登记册", ".xlsx")
        made = export_meetings(self.store, out, self.wanted, by=self.by, progress=self.progress)
        return WrittenFile(out, "会议登记册", made.records, made.changes)

    def dropout(self) -> WrittenFile:
        """Write the dropout ledgers, which are signed for a day: no further than today."""
        out = self._file("控辍保学台账", ".xlsx", until=self._last)
        made = export_dropout_book(
            self.store,
            out,
            since=self.wanted.since,
            until=self._last,
            profile=self.profile,
            reason=self.reason,
            by=self.by,
            progress=self.progress,
        )
        return WrittenFile(out, "控辍保学台账", made.rows, made.changes)

    def sheets(self) -> WrittenFile:
        """Write every child's sheets."""
        out = self._file("关爱记录表", ".pdf")
        made, _ = export_sheets(self.store, out, self.wanted, by=self.by, progress=self.progress)
        return WrittenFile(out, "关爱记录表", made.records, made.changes)

    @property
    def _last(self) -> date:
        return min(self.wanted.until, self.store.clock.today())

    def _file(self, words: str, ending: str, until: date | None = None) -> Path:
        last = (until or self.wanted.until).isoformat()
        return self.folder / f"{words}_{self.wanted.since.isoformat()}_{last}{ending}"
