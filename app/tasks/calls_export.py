"""亲情电话 of a period into one folder: the workbook, the wall list, the record of use; the duty list only in full."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from app.calls.codes import Outcome
from app.calls.log import log_of_period
from app.calls.log_facts import CallEntry
from app.calls.people import Callee, callees
from app.calls.plan_facts import PlannedCall
from app.calls.plan_queries import planned_calls
from app.calls.seen import seen
from app.calls.slots import slots
from app.core.changes import Changes
from app.core.files import atomic_write, check_target, gone_unless_done, sha256_of
from app.core.messages import refuse
from app.core.progress import Progress, no_progress
from app.core.text import mask_numbers, mask_phone
from app.paper.call_lists import DUTY, WALL
from app.paper.call_record import RECORD
from app.paper.printing import PrintResult
from app.school.codes import HandoverKind, Profile
from app.school.handover import log_handover, one_act, require_reason
from app.school.queries import school_profile
from app.storage.store import Store
from app.tasks.calls_papers import make_duty_list, make_usage_record, make_wall_list
from app.tasks.registers.all import WrittenFile
from app.tasks.registers.making import refuse_span

_WEEKDAYS = "一二三四五六日"
BOOK_WORDS = "亲情电话登记册"


def export_calls(
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
    """Write the calls of a period (both days count) into ``folder``; each file is logged.

    Numbers are masked, those in texts too, unless ``full`` has a reason; only then the duty list is among the files.
    UserError ``register.days``, ``register.no_folder``, ``export.…``, ``file.…``; what was written before a fault stays,
    and is logged.
    """
    refuse_span(since, until)
    if not folder.is_dir():
        raise refuse("register.no_folder", name=folder.name)
    require_reason(store, profile, reason)
    work = _Folder(store, folder, since, until, profile, reason, by, progress)
    jobs: list[Callable[[], WrittenFile]] = [
        work.book,
        partial(work.paper, make_wall_list, WALL, len(work.planned)),
        partial(work.paper, make_usage_record, RECORD, len(work.entries)),
    ]
    if profile is Profile.FULL:
        jobs.append(partial(work.paper, make_duty_list, DUTY, len(work.planned)))
    with one_act():
        return tuple(job() for job in jobs)


class _Folder:
    """What is written into, for which days, and how; the log and the plan are read once."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        since: date,
        until: date,
        profile: Profile,
        reason: str | None,
        by: str | None,
        progress: Progress,
    ) -> None:
        self._store = store
        self._folder = folder
        self._since, self._until = since, until
        self._profile, self._reason, self._by = profile, reason, by
        self._progress = progress
        progress(0, 0, "正在读通话记录")
        self.entries = log_of_period(store, since.isoformat(), until.isoformat())
        self.planned = planned_calls(store, since, until)
        self._people = {entry.child_uuid for entry in self.entries} | {one.child_uuid for one in self.planned}

    def book(self) -> WrittenFile:
        """Write the workbook: log, plan, who was reached, whom to call."""
        from app.workbook.call_book import CallBook, write_call_book

        out = self._file("亲情电话", ".xlsx")
        check_target(out, ".xlsx", sources=(self._store.path,))
        profile = school_profile(self._store)
        known = callees(self._store, self._store.clock.today())
        book = CallBook(
            f"填报单位：{profile.name if profile else ''}　{self._since.isoformat()} 至 {self._until.isoformat()}",
            [_log_row(entry, masked=self._masked) for entry in self.entries],
            _plan_rows(self._store, self.planned, self.entries, masked=self._masked),
            _reached_rows(self._store, min(self._until, self._store.clock.today()), self.entries),
            _contact_rows(self._store, known, self._store.clock.today(), masked=self._masked),
            f"{self._store.clock.now():%Y-%m-%d %H:%M}",
            self._store.commit_no,
        )
        written = write_call_book(book, out, progress=self._progress)
        people = len(self._people | {one.child_uuid for one in known})
        changes = self._logged(out, HandoverKind.EXPORT, BOOK_WORDS, people)
        return WrittenFile(out, BOOK_WORDS, written, changes)

    def paper(self, make: Callable[..., PrintResult], words: str, records: int) -> WrittenFile:
        """Write one paper of the period."""
        out = self._file(words, ".pdf")
        check_target(out, ".pdf", sources=(self._store.path,))
        self._progress(0, 0, f"正在写{words}")
        with atomic_write(out) as file:
            make(self._store, self._since, self._until, file)
        changes = self._logged(out, HandoverKind.PDF, words, len(self._people))
        return WrittenFile(out, words, records, changes)

    @property
    def _masked(self) -> bool:
        return self._profile is Profile.MASKED

    def _file(self, words: str, ending: str) -> Path:
        span = f"{self._since.isoformat()}_{self._until.isoformat()}"
        return self._folder / f"{words}_{span}{ending}"

    def _logged(self, out: Path, kind: HandoverKind, words: str, people: int) -> Changes:
        digest = sha256_of(out)
        with gone_unless_done(out):
            return log_handover(
                self._store,
                kind=kind,
                content=words,
                people=people,
                profile=self._profile,
                reason=self._reason,
                file_name=out.name,
                sha256=digest,
                as_of=self._store.clock.today(),
                by=self._by,
            )


def _log_row(entry: CallEntry, *, masked: bool) -> tuple[str, ...]:
    def told(text: str | None) -> str:
        return mask_numbers(text) if masked and text else text or ""

    return (
        entry.happened_on,
        entry.started or "",
        entry.child_name,
        entry.class_name,
        told(entry.who),
        entry.relation,
        entry.medium.label,
        entry.line_name,
        "" if entry.minutes is None else str(entry.minutes),
        entry.outcome.label,
        (entry.rescheduled_to or "").replace("T", " "),
        entry.mood.label if entry.mood else "",
        told(entry.said),
        told(entry.promise),
        entry.staff_name,
        told(entry.draft.note),
        entry.late_words,
        "",  # the hand's
    )


def _plan_rows(
    store: Store, planned: tuple[PlannedCall, ...], entries: tuple[CallEntry, ...], *, masked: bool
) -> list[tuple[str, ...]]:
    if not planned:
        return []
    first, last = planned[0].day, planned[-1].day
    duty = {(one.line_uuid, one.day, one.starts): one.duty for one in slots(store, first, last)}
    outcome: dict[str, Outcome] = {}
    for entry in entries:
        uuid = entry.draft.planned_uuid
        if uuid is not None and outcome.get(uuid) is not Outcome.CONNECTED:
            outcome[uuid] = entry.outcome
    numbers = _numbers(store)
    rows: list[tuple[str, ...]] = []
    for one in planned:
        number = numbers.get(one.person_uuid, "")
        rows.append(
            (
                one.day.isoformat(),
                f"周{_WEEKDAYS[one.day.weekday()]}",
                f"{one.starts}–{one.ends}",
                one.line,
                one.child,
                one.class_name,
                one.contact,
                mask_phone(number) if masked and number else number,
                duty.get((one.line_uuid, one.day, one.starts), ""),
                outcome[one.uuid].label if one.uuid in outcome else "",
            )
        )
    return rows


def _numbers(store: Store) -> Mapping[str, str]:
    """Return each grown-up's number to dial first: no one found stopped or wrong before one that is not."""
    return dict(
        store.rows(
            "SELECT p.uuid, f.number FROM phone f JOIN person p ON p.id = f.person_id WHERE f.deleted_at IS NULL"
            " AND f.valid_to IS NULL AND p.deleted_at IS NULL"
            " ORDER BY coalesce(f.result, '') NOT IN ('stopped', 'wrong_number'),"
            " iif(coalesce(f.result, 'reached') = 'reached', coalesce(f.confirmed_on, ''), ''), f.id DESC"
        )
    )


def _contact_rows(store: Store, known: Sequence[Callee], day: date, *, masked: bool) -> list[tuple[str, ...]]:
    """Return a row per grown-up who may be called, as the contact cards say it: in which order, when, on which number."""
    numbers = _numbers(store)

    def told(text: str) -> str:
        return mask_numbers(text) if masked else text

    rows: list[tuple[str, ...]] = []
    for child in known:
        for one in child.contacts:
            number = numbers.get(one.person_uuid, "")
            hours = [window.words for window in one.windows if window.in_force(day)]
            rows.append(
                (
                    child.class_name,
                    child.child,
                    str(one.order),
                    one.who,
                    mask_phone(number) if masked and number else number,
                    one.place,
                    told("；".join((*hours, *filter(None, (one.reachable_note,))))),
                    told(one.language_note),
                    one.why_not or (one.later if one.order > 1 and one.later != one.language_note else ""),
                )
            )
    return rows


def _reached_rows(store: Store, day: date, entries: tuple[CallEntry, ...]) -> list[tuple[str, ...]]:
    """Return a row per child on the ledger: what was tried in the period, and how long it waits by ``day``."""
    of_child: dict[str, list[CallEntry]] = {}
    for entry in entries:
        of_child.setdefault(entry.child_uuid, []).append(entry)
    shown = seen(store, day)
    found = sorted(
        (*shown.waits, *shown.apart), key=lambda one: (one.class_sort, one.child_name, one.child_uuid)
    )
    rows: list[tuple[str, ...]] = []
    for one in found:
        own = of_child.get(one.child_uuid, [])
        through = [entry for entry in own if entry.outcome is Outcome.CONNECTED]
        rows.append(
            (
                one.class_name,
                one.child_name,
                str(len(own)),
                str(len(through)),
                str(sum(entry.minutes or 0 for entry in through)),
                one.last_on or "",
                str(one.days) if one.last_on else "",
                one.words,
            )
        )
    return rows
