"""Every register of a period at once, into one folder: what an inspection asks for."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypedDict

from msgspec import Struct, field

from app.core.changes import Changes
from app.core.errors import Cancelled, ShouwangError
from app.core.files import free_name, plain_part
from app.core.messages import refuse
from app.core.progress import Progress, no_progress
from app.diary.meetings import MeetingFacts
from app.diary.queries import count_records
from app.school.codes import Profile
from app.school.handover import one_act
from app.storage.store import Store
from app.tasks.dropout_book import export_dropout_book
from app.tasks.narrowing import Narrowing
from app.tasks.pairing_roster import export_roster
from app.tasks.registers.lists import Which, export_list, last_day, narrowed
from app.tasks.registers.making import Wanted, export_register, export_sheets, refuse_span
from app.tasks.registers.meetings import export_meeting_sheets, export_meetings, own_meetings


class WrittenFile(Struct, frozen=True):
    """One file of the folder: what it is in words, how many records it holds, and its entry in the log."""

    path: Path
    words: str
    records: int
    changes: Changes


def export_registers(
    store: Store,
    folder: Path,
    wanted: Wanted,
    *,
    pdf: bool = False,
    profile: Profile = Profile.MASKED,
    reason: str | None = None,
    by: str | None = None,
    progress: Progress = no_progress,
) -> tuple[WrittenFile, ...]:
    """Write the registers of a period (both days count) into ``folder``; each file is logged.

    ``pdf`` writes each as a list to print too. A class narrows all of them, a supporter all but the meetings and the
    figures of the months, which are left out then (``NOT_BY_SUPPORTER``); with one child the figures stay away too, and
    the records of meetings, which list everybody. The sheets of the children are left out of a period without any record;
    roster and dropout ledgers, which are signed for a day, go no further than today.
    UserError ``register.days``, ``register.not_yet``, ``register.no_folder``, ``export.…``, ``file.…``; what was written
    before a fault stays, is logged, and is named in the fault.
    """
    last = last_day(store, wanted)
    refuse_span(wanted.since, wanted.until)
    if not folder.is_dir():
        raise refuse("register.no_folder", name=folder.name)
    only = narrowed(store, wanted, last)
    work = _Folder(store, folder, wanted, last, only, profile, reason, by, progress)
    books = {
        Which.ROSTER: work.roster,
        Which.RECORDS: work.records,
        Which.MEETINGS: work.meetings,
        Which.DROPOUT: work.dropout,
    }
    jobs: list[Callable[[], WrittenFile]] = []
    for which, book in books.items():
        if only.key and not which.by_supporter:
            continue
        jobs.append(book)
        if pdf:
            jobs.append(partial(work.printed, which))
    if pdf and not only.key and any(work.own_meetings):
        jobs.append(work.meeting_sheets)
    if count_records(store, wanted.filters):
        jobs.append(work.sheets)
    written: list[WrittenFile] = []
    with one_act():
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


class _Folder(Struct):
    """What is written into, for which days and whom, and how."""

    store: Store
    folder: Path
    wanted: Wanted
    last: date
    only: Narrowing
    profile: Profile
    reason: str | None
    by: str | None
    progress: Progress
    counts: dict[Which, int] = field(default_factory=dict)
    """How many records, pairs … the workbook of each register held: its list holds the same."""

    def roster(self) -> WrittenFile:
        """Write who looks after whom, as of the last day that has come."""
        out = self._file(Which.ROSTER, ".xlsx")
        made = export_roster(self.store, out, day=self.last, only=self.only, **self._how)
        return self._written(Which.ROSTER, out, made.pairs, made.changes)

    def records(self) -> WrittenFile:
        """Write the records by kind."""
        out = self._file(Which.RECORDS, ".xlsx")
        made = export_register(self.store, out, self.wanted, **self._how)
        return self._written(Which.RECORDS, out, made.records, made.changes)

    def meetings(self) -> WrittenFile:
        """Write the meetings with who came."""
        out = self._file(Which.MEETINGS, ".xlsx")
        made = export_meetings(self.store, out, self.wanted, **self._how)
        return self._written(Which.MEETINGS, out, made.records, made.changes)

    def dropout(self) -> WrittenFile:
        """Write the dropout ledgers, which are signed for a day: no further than today."""
        out = self._file(Which.DROPOUT, ".xlsx")
        made = export_dropout_book(
            self.store, out, since=self.wanted.since, until=self.last, only=self.only, **self._how
        )
        return self._written(Which.DROPOUT, out, made.rows, made.changes)

    def printed(self, which: Which) -> WrittenFile:
        """Write the same as a list to print."""
        out = self._file(which, ".pdf")
        changes = export_list(self.store, out, which, self.wanted, **self._how)
        return WrittenFile(out, which.value, self.counts[which], changes)

    @property
    def own_meetings(self) -> list[MeetingFacts]:
        """Return the meetings whose record may go to whom it is for: of a class its own only."""
        return own_meetings(self.store, self.wanted)

    def meeting_sheets(self) -> WrittenFile:
        """Write the record of every meeting."""
        out = self._path("会议记录", self.wanted.until, ".pdf")
        made = export_meeting_sheets(self.store, out, self.wanted, **self._how)
        return WrittenFile(out, "会议记录", made.records, made.changes)

    def sheets(self) -> WrittenFile:
        """Write every child's sheets."""
        out = self._path("关爱记录表", self.wanted.until, ".pdf")
        made, _ = export_sheets(self.store, out, self.wanted, **self._how)
        return WrittenFile(out, "关爱记录表", made.records, made.changes)

    @property
    def _how(self) -> "_How":
        return {"profile": self.profile, "reason": self.reason, "by": self.by, "progress": self.progress}

    def _written(self, which: Which, out: Path, records: int, changes: Changes) -> WrittenFile:
        self.counts[which] = records
        return WrittenFile(out, which.value, records, changes)

    def _file(self, which: Which, ending: str) -> Path:
        last = self.last if which is Which.DROPOUT else self.wanted.until
        return self._path(which.value, last, ending)

    def _path(self, words: str, last: date, ending: str) -> Path:
        """Return where a file goes: a class has its own beside that of another, and no person's name stands in one."""
        person = bool(self.only.key) or self.only.is_one_child
        whose = [plain_part(self.only.class_name)] if self.only.class_name else []
        whose += ["一人"] if person else []
        name = "_".join([words, *whose, self.wanted.since.isoformat(), last.isoformat()])
        path = self.folder / f"{name}{ending}"
        # Which one of several people a file is of, its name does not tell: none is written over.
        return free_name(path) if person and path.exists() else path


class _How(TypedDict):
    """What every register is told alike."""

    profile: Profile
    reason: str | None
    by: str | None
    progress: Progress
