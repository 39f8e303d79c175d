"""Making registers and sheets: what is asked for, what is read, what is written and logged."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct

from app.children.queries import load_facts
from app.core.changes import Changes
from app.core.files import check_target, gone_unless_done, sha256_of
from app.core.messages import refuse
from app.core.progress import Progress, no_progress
from app.core.text import mask_numbers
from app.diary.codes import Activity
from app.diary.queries import RecordFilters
from app.diary.register import FullRecord, full_records
from app.paper.printing import PrintResult, PrintStamp
from app.school.codes import HandoverKind, Profile
from app.school.handover import log_handover, require_reason
from app.school.queries import all_classes, school_profile
from app.storage.store import Store
from app.tasks.registers.gathered import Gathered
from app.tasks.registers.words import card, guidances_of, how, journal_line, told, when

if TYPE_CHECKING:
    from app.paper.record_data import ChildSheets
    from app.workbook.register_book import Column, Register

KINDS: tuple[Activity, ...] = tuple(Activity)
# What is done every week is a line of the child's journal (form 5.14), not a sheet of its own.
_NOT_ON_CARDS = frozenset(
    {Activity.GROWTH_JOURNAL, Activity.TUTORING, Activity.CONTACT, Activity.GOOD_NEWS, Activity.LETTER}
)


class Wanted(Struct, frozen=True):
    """What is to be in a register: the days (both count), and whom or what it is narrowed to. ``kinds`` empty = all."""

    since: date
    until: date
    kinds: frozenset[Activity] = frozenset()
    class_uuid: str | None = None
    supporter_uuid: str | None = None
    child_uuid: str | None = None

    @property
    def filters(self) -> RecordFilters:
        """Return the same as the lists of the diary ask for it."""
        return RecordFilters(
            child_uuid=self.child_uuid,
            kinds=self.kinds,
            class_uuid=self.class_uuid,
            supporter_uuid=self.supporter_uuid,
            since=self.since.isoformat(),
            until=self.until.isoformat(),
        )

    @property
    def span(self) -> str:
        """Return 2026-09-01 至 2026-11-21."""
        return f"{self.since.isoformat()} 至 {self.until.isoformat()}"


class RegisterMade(Struct, frozen=True):
    """A file that was written: its path, how many records are in it, and the log entry."""

    path: Path
    records: int
    changes: Changes


def refuse_span(since: date, until: date) -> None:
    """UserError ``register.days`` when the last day lies before the first."""
    if until < since:
        raise refuse("register.days")


def export_register(
    store: Store,
    out: Path,
    wanted: Wanted,
    *,
    profile: Profile = Profile.MASKED,
    reason: str | None = None,
    by: str | None = None,
    progress: Progress = no_progress,
) -> RegisterMade:
    """Write the registers (one sheet per kind) as a workbook and log it. Numbers in the texts are masked by default.

    UserError ``register.days``, ``export.reason`` and ``export.reason_not_kept`` for whole numbers, ``file.…``.
    """
    refuse_span(wanted.since, wanted.until)
    require_reason(store, profile, reason)
    from app.workbook.register_book import write_registers

    check_target(out, ".xlsx", sources=(store.path,))
    progress(0, 0, "正在读记录")
    gathered = gather_records(store, wanted, masked=profile is Profile.MASKED)
    write_registers(
        gathered.sheets,
        out,
        subject="关爱记录登记",
        printed_at=f"{store.clock.now():%Y-%m-%d %H:%M}",
        commit_no=store.commit_no,
        progress=progress,
    )
    return _logged(store, out, HandoverKind.EXPORT, "关爱记录登记册", wanted, gathered, profile, reason, by)


def gather_records(store: Store, wanted: Wanted, *, masked: bool) -> Gathered:
    """Return the registers of the records, one per kind that occurs, numbers in their texts masked or whole."""
    records = full_records(store, wanted.filters)
    sheets = _sheets(store, wanted, records, masked=masked)
    return Gathered(sheets, len(records), len({record.line.child_uuid for record in records}))


def print_sheets(
    store: Store,
    out: Path | BinaryIO,
    wanted: Wanted,
    *,
    profile: Profile = Profile.FULL,
    uuids: Sequence[str] | None = None,
    progress: Progress = no_progress,
) -> PrintResult:
    """Write the sheets of every child in ``wanted`` (or of the records ``uuids``), child after child. Nothing is logged.

    UserError ``register.days``, ``register.nothing`` when there is no record to print.
    """
    refuse_span(wanted.since, wanted.until)
    from app.paper.record_sheets import render_sheets

    records = full_records(store, wanted.filters, uuids=uuids)
    if not records:
        raise refuse("register.nothing", span=wanted.span)
    children = _children(store, wanted, records, masked=profile is Profile.MASKED)
    stamp = PrintStamp(
        printed_at=f"{store.clock.now():%Y-%m-%d %H:%M}",
        commit_no=store.commit_no,
        as_of=min(wanted.until, store.clock.today()).isoformat(),
    )
    return render_sheets(children, out, title="关爱记录", stamp=stamp, progress=progress)


def export_sheets(
    store: Store,
    out: Path,
    wanted: Wanted,
    *,
    profile: Profile = Profile.MASKED,
    reason: str | None = None,
    by: str | None = None,
    progress: Progress = no_progress,
) -> tuple[RegisterMade, PrintResult]:
    """Write the sheets as a PDF file and log it; a file masks its numbers like every file that leaves.

    UserError as of `print_sheets`, ``file.…``, ``export.reason`` and ``export.reason_not_kept`` for whole numbers.
    """
    require_reason(store, profile, reason)
    check_target(out, ".pdf", sources=(store.path,))
    made = print_sheets(store, out, wanted, profile=profile, progress=progress)
    records = full_records(store, wanted.filters)
    people = len({record.line.child_uuid for record in records})
    gathered = Gathered((), len(records), people)
    logged = _logged(store, out, HandoverKind.PDF, "关爱记录表", wanted, gathered, profile, reason, by)
    return logged, made


def log_sheets(
    store: Store,
    wanted: Wanted,
    *,
    kind: HandoverKind,
    profile: Profile = Profile.FULL,
    reason: str | None = None,
    out: Path | None = None,
    by: str | None = None,
) -> Changes:
    """Log that the sheets of `print_sheets` left the program: onto paper, or as the file ``out``."""
    records = full_records(store, wanted.filters)
    return log_handover(
        store,
        kind=kind,
        content=f"关爱记录表（{wanted.span}）",
        people=len({record.line.child_uuid for record in records}),
        profile=profile,
        reason=reason,
        file_name=out.name if out else None,
        sha256=sha256_of(out) if out else None,
        as_of=wanted.until,
        by=by,
    )


# ---- inside ---------------------------------------------------------------------------------------------------------


def _sheets(store: Store, wanted: Wanted, records: Sequence[FullRecord], *, masked: bool) -> "list[Register]":
    """Return one register per kind that occurs, in the order of the kinds; an empty one when nothing does."""
    from app.workbook.register_book import Register

    profile = school_profile(store)
    school = profile.name if profile else ""
    kinds = [
        kind
        for kind in KINDS
        if (kind in wanted.kinds if wanted.kinds else any(one.line.kind is kind for one in records))
    ]
    found = []
    for kind in kinds or [Activity.TALK]:
        rows = [one for one in records if one.line.kind is kind]
        line = f"填报单位（盖章）：{school}　　　{wanted.span}{_scope(store, wanted)}　　　共 {len(rows)} 条"
        found.append(
            Register(
                name=f"{kind.label}登记",
                title=f"{school}{kind.label}登记册",
                line=line,
                columns=_columns(kind),
                rows=[_row(kind, place, one, masked=masked) for place, one in enumerate(rows, start=1)],
            )
        )
    return found


def _columns(kind: Activity) -> "tuple[Column, ...]":
    from app.workbook.register_book import PLACE, Column

    with_whom = "监护人" if kind is not Activity.TALK else "在场"
    return (
        PLACE,
        Column("日期", 11, "center"),
        Column("姓名", 10),
        Column("班级", 9, "center"),
        Column("方式", 10),
        Column("四导", 10),
        Column("教师", 9),
        Column(with_whom, 11),
        Column("内容", 56),
        Column("跟进日期", 11, "center"),
        Column("补录", 11, "center"),
    )


def _row(kind: Activity, place: int, record: FullRecord, *, masked: bool) -> tuple[str, ...]:
    line = record.line
    present = mask_numbers(record.present) if masked else record.present
    return (
        str(place),
        when(record),
        line.child_name,
        line.class_name,
        how(record),
        guidances_of(record),
        line.supporter_name,
        present if kind is Activity.TALK else record.carer or present,
        told(record, masked=masked),
        line.follow_up_on or "",
        record.late,
    )


def _children(
    store: Store, wanted: Wanted, records: Sequence[FullRecord], *, masked: bool
) -> "list[ChildSheets]":
    from app.paper.record_data import ChildSheets

    profile = school_profile(store)
    by_child: dict[str, list[FullRecord]] = {}
    for record in records:
        by_child.setdefault(record.line.child_uuid, []).append(record)
    order = {cls.name: cls.sort for cls in all_classes(store, wanted.until)}
    visited = {one.line.child_uuid for one in records if one.line.kind is Activity.HOME_VISIT}
    last_day = min(wanted.until, store.clock.today())
    known = {child.uuid: child for child in load_facts(store, last_day, uuids=visited)} if visited else {}
    found = []
    for uuid, own in by_child.items():
        last = own[-1].line
        cards = sorted(
            (one for one in own if one.line.kind not in _NOT_ON_CARDS),
            key=lambda one: KINDS.index(one.line.kind),
        )
        journal = [one for one in own if one.line.kind in _NOT_ON_CARDS]
        found.append(
            ChildSheets(
                key=uuid,
                name=last.child_name,
                class_name=last.class_name,
                school=profile.name if profile else "",
                span=wanted.span,
                cards=[
                    card(one, _number(cards, place), known.get(uuid), masked=masked)
                    for place, one in enumerate(cards)
                ],
                journal=[journal_line(one, masked=masked) for one in journal],
            )
        )
    return sorted(found, key=lambda one: (order.get(one.class_name, len(order)), one.name, one.key))


def _number(cards: Sequence[FullRecord], place: int) -> str:
    """Return the number of a sheet among those of its kind: 第 3 次."""
    kind = cards[place].line.kind
    return f"第 {sum(one.line.kind is kind for one in cards[: place + 1])} 次"


def _scope(store: Store, wanted: Wanted) -> str:
    words = []
    if wanted.class_uuid is not None:
        words += [cls.name for cls in all_classes(store, wanted.until) if cls.uuid == wanted.class_uuid]
    if wanted.supporter_uuid is not None:
        row = store.one(
            "SELECT coalesce(s.name, f.name) FROM supporter s LEFT JOIN staff f ON f.id = s.staff_id WHERE s.uuid = ?",
            (wanted.supporter_uuid,),
        )
        words += [str(row[0])] if row is not None else []
    return f"（{'，'.join(words)}）" if words else ""


def _logged(
    store: Store,
    out: Path,
    kind: HandoverKind,
    content: str,
    wanted: Wanted,
    gathered: Gathered,
    profile: Profile | None,
    reason: str | None,
    by: str | None,
) -> RegisterMade:
    digest = sha256_of(out)
    with gone_unless_done(out):
        changes = log_handover(
            store,
            kind=kind,
            content=f"{content}（{wanted.span}）",
            people=gathered.people,
            profile=profile,
            reason=reason,
            file_name=out.name,
            sha256=digest,
            as_of=wanted.until,
            by=by,
        )
    return RegisterMade(out, gathered.records, changes)
