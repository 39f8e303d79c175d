"""The registers as lists on paper: what the workbooks hold, laid out across, for the same days and the same people."""

from datetime import date
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from app.core.changes import Changes
from app.core.files import atomic_write, check_target, gone_unless_done, sha256_of
from app.core.messages import refuse
from app.core.progress import Progress, no_progress
from app.diary.register import full_records
from app.paper.printing import PrintResult
from app.school.codes import HandoverKind, Profile
from app.school.handover import log_handover, require_reason
from app.storage.store import Store
from app.tasks.case_papers import school_name, stamp_of
from app.tasks.dropout import Pupils, print_dropout
from app.tasks.narrowing import Narrowing, narrowing
from app.tasks.pairing_roster import children_on, make_roster
from app.tasks.registers.gathered import Gathered
from app.tasks.registers.making import Wanted, gather_records, refuse_span
from app.tasks.registers.meetings import gather_meetings

if TYPE_CHECKING:
    from app.paper.wide_list import WideList
    from app.workbook.register_book import Register

NOT_BY_SUPPORTER = "会议登记册和控辍保学台账里的辍学学生情况统计表不分教师，不出"
"""Said wherever one supporter's registers are asked for: what is nobody's alone stays away."""
_SIGNERS = (("填报单位（盖章）", "单位负责人：", "复核人：", "填表人：", "填报日期："),)


class Which(Enum):
    """Which register; the value is what it is called, on paper, in file names and in the log."""

    RECORDS = "关爱记录登记册"
    MEETINGS = "会议登记册"
    ROSTER = "结对帮扶花名册"
    DROPOUT = "控辍保学台账"

    @property
    def by_supporter(self) -> bool:
        """Tell whether it can be narrowed to one supporter: a meeting is nobody's alone."""
        return self is not Which.MEETINGS


def print_list(
    store: Store,
    which: Which,
    wanted: Wanted,
    out: Path | BinaryIO,
    *,
    profile: Profile = Profile.FULL,
    progress: Progress = no_progress,
) -> PrintResult:
    """Write a register of the days and people of ``wanted`` as a list. Nothing is logged.

    Roster and dropout ledgers stand as of the last day, and no later than today. UserError ``register.days``,
    ``register.not_yet``.
    """
    refuse_span(wanted.since, wanted.until)
    masked = profile is Profile.MASKED
    if which in (Which.RECORDS, Which.MEETINGS):
        gather = gather_records if which is Which.RECORDS else gather_meetings
        progress(0, 0, "正在读记录")
        return _written(store, which, gather(store, wanted, masked=masked), wanted, out, progress)
    until = last_day(store, wanted)
    only = narrowed(store, wanted, until)
    if which is Which.ROSTER:
        return make_roster(store, until, False, out, masked=masked, only=only)
    return print_dropout(store, wanted.since, until, out, masked=masked, only=only, progress=progress)


def log_list(
    store: Store,
    which: Which,
    wanted: Wanted,
    *,
    kind: HandoverKind,
    profile: Profile = Profile.FULL,
    reason: str | None = None,
    out: Path | None = None,
    by: str | None = None,
) -> Changes:
    """Log that the list of `print_list` left the program: onto paper, or as the file ``out``."""
    return log_handover(
        store,
        kind=kind,
        content=f"{which.value}（{wanted.span}）",
        people=_people(store, which, wanted),
        profile=profile,
        reason=reason,
        file_name=out.name if out else None,
        sha256=sha256_of(out) if out else None,
        as_of=min(wanted.until, store.clock.today()),
        by=by,
    )


def export_list(
    store: Store,
    out: Path,
    which: Which,
    wanted: Wanted,
    *,
    profile: Profile = Profile.MASKED,
    reason: str | None = None,
    by: str | None = None,
    progress: Progress = no_progress,
) -> Changes:
    """Write the list as a PDF file, whole or not at all, and log it.

    UserError as of `print_list`, ``export.reason`` for whole numbers without one, ``export.reason_not_kept``, ``file.…``.
    """
    require_reason(store, profile, reason)
    check_target(out, ".pdf", sources=(store.path,))
    with atomic_write(out) as file:
        print_list(store, which, wanted, file, profile=profile, progress=progress)
    with gone_unless_done(out):
        return log_list(
            store, which, wanted, kind=HandoverKind.PDF, profile=profile, reason=reason, out=out, by=by
        )


def last_day(store: Store, wanted: Wanted) -> date:
    """Return the day that roster and dropout ledgers speak of. UserError ``register.not_yet`` before it has come."""
    today = store.clock.today()
    if wanted.since > today:
        raise refuse("register.not_yet", day=wanted.since.isoformat())
    return min(wanted.until, today)


def narrowed(store: Store, wanted: Wanted, day: date) -> Narrowing:
    """Return whom ``wanted`` means on a day."""
    return narrowing(
        store,
        day,
        class_uuid=wanted.class_uuid,
        supporter_uuid=wanted.supporter_uuid,
        child_uuid=wanted.child_uuid,
    )


# ---- inside ---------------------------------------------------------------------------------------------------------


def _written(
    store: Store, which: Which, gathered: Gathered, wanted: Wanted, out: Path | BinaryIO, progress: Progress
) -> PrintResult:
    from app.paper.wide_list import render_wide_lists

    until = min(wanted.until, store.clock.today()).isoformat()
    return render_wide_lists(
        [_as_list(one) for one in gathered.sheets],
        out,
        title=which.value,
        school=school_name(store),
        stamp=stamp_of(store, until),
        progress=progress,
    )


def _as_list(register: "Register") -> "WideList":
    from app.paper.wide_list import DENSE, WideList, shared_out

    # Beside its text each cell of the paper has the same white: a narrow column needs more of the width than in Excel.
    heads = [(column.head, column.width + 3, column.align == "center") for column in register.columns]
    left, _, right = register.line.partition("　　　")
    return WideList(
        title=register.title,
        left=left,
        right=right.strip("　"),
        columns=shared_out(heads),
        rows=register.rows,
        note="" if register.rows else "本期没有记录。",
        signers=_SIGNERS,
        style=DENSE,
    )


def _people(store: Store, which: Which, wanted: Wanted) -> int:
    if which is Which.RECORDS:
        return len({record.line.child_uuid for record in full_records(store, wanted.filters)})
    if which is Which.MEETINGS:
        return gather_meetings(store, wanted, masked=True).people
    day = last_day(store, wanted)
    only = narrowed(store, wanted, day)
    if which is Which.ROSTER:
        return children_on(store, day, only)
    return len(Pupils(store, day, whole=False, only=only).enrolled)
